import { record } from '#server/audit/record.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import type { Claimed } from './claim-batch.ts';
import type { SendOptions } from './send.ts';
import type { SmtpOutcome } from './smtp-outcome.ts';

/** What a channel said of one hand-off. */
export type Outcome = SmtpOutcome | { readonly kind: 'accepted'; readonly response: string };

/** A hand-off and what became of it. */
export type HandedOver = { readonly claimed: Claimed; readonly outcome: Outcome };

/** How an action stands after its hand-off, as results count it; `waiting` will be tried again. */
export type Written = 'sent' | 'failed' | 'unknown' | 'waiting';

/** Tries refused for a passing reason before the action fails. */
const TRIES_MAX = 6;
/** Characters of a server's answer that are kept. */
const RESPONSE_MAX = 500;

type Row = { id: string; fence: number; kind: Outcome['kind']; state: 'sent' | 'failed' | 'unknown' | 'approved'; response: string };

function rowOf({ claimed, outcome }: HandedOver): Row {
  const response = (outcome.kind === 'unknown' ? outcome.detail : outcome.response).slice(0, RESPONSE_MAX);
  return { id: claimed.action.actionId, fence: claimed.fence, kind: outcome.kind, state: nextState(outcome, claimed.fence), response };
}

function nextState(outcome: Outcome, tries: number): Row['state'] {
  switch (outcome.kind) {
    case 'accepted': return 'sent';
    case 'unknown': return 'unknown';
    case 'refused': return outcome.permanent || tries >= TRIES_MAX ? 'failed' : 'approved';
  }
}

/** Writes the outcomes of claims that are still ours (fence); one that was parked meanwhile stays parked for a person. */
export async function settleBatch(t: Tenant, options: SendOptions, handed: readonly HandedOver[]): Promise<Written[]> {
  const now = options.clock.now();
  const rows = handed.map(rowOf);
  const mine = await t.rows<{ action_id: string }>(t.sql`
    ${t.update('action', 'a')} set state = n.state, state_reason = case when n.state = 'sent' then null else n.response end, state_at = ${now}::timestamptz,
      worker = null, lease_until = null, sent_on = case when n.state = 'sent' then ${options.today}::date else a.sent_on end
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as n(id bigint, fence int, state text, response text)
    where ${t.own('a')} and a.action_id = n.id and a.fence = n.fence and a.state = 'claimed'
    returning a.action_id`);
  const ours = new Set(mine.map((row) => row.action_id));
  const kept = rows.filter((row) => ours.has(row.id));
  await t.run(t.sql`
    ${t.update('send_attempt', 's')} set outcome = n.kind, response = n.response, finished_at = ${now}::timestamptz
    from jsonb_to_recordset(${JSON.stringify(kept)}::jsonb) as n(id bigint, fence int, kind text, response text)
    where ${t.own('s')} and s.action_id = n.id and s.fence = n.fence and s.outcome is null`);
  for (const one of handed) if (ours.has(one.claimed.action.actionId) && isBadAddress(one)) await markBounced(t, one.claimed, now);
  if (kept.length > 0) {
    await record(t, {
      at: now, actor: options.actor, kind: 'action.settled', subject: kept.length === 1 ? `action:${kept[0]?.id ?? ''}` : 'actions',
      facts: {
        actions: kept.map((row) => row.id), fences: kept.map((row) => String(row.fence)), outcomes: kept.map((row) => row.kind), states: kept.map((row) => row.state),
        responses: kept.map((row) => row.response), headerIds: handed.filter(({ claimed }) => ours.has(claimed.action.actionId)).map(({ claimed }) => claimed.headerId),
      },
    });
  }
  return rows.map((row) => (!ours.has(row.id) ? 'unknown' : row.state === 'approved' ? 'waiting' : row.state));
}

/** Enhanced codes (RFC 3463) by which a server says that this address does not exist, moved or is closed; the plain 550 says too little. */
const BAD_ADDRESS = /(?:^|\s)5\.(?:1\.(?:[1-46]|10)|2\.1)(?!\d)/;

function isBadAddress({ claimed, outcome }: HandedOver): boolean {
  return claimed.action.channel === 'email' && outcome.kind === 'refused' && outcome.permanent && BAD_ADDRESS.test(outcome.response);
}

/** Writes that a contact's address is dead, so that the next run does not choose it again every day. */
async function markBounced(t: Tenant, { action }: Claimed, now: string): Promise<void> {
  await t.run(t.sql`
    ${t.update('contact', 'k')} set bounced_at = ${now}::timestamptz
    where ${t.own('k')} and k.contact_id = ${action.contactId}::bigint and k.email = ${action.recipient} and k.bounced_at is null`);
}
