import type { DeliveryReport, Reported } from '#core/channels/delivery-report.ts';
import type { ActionId } from '#core/kernel/id.ts';
import { record } from '#server/audit/record.ts';
import { recordOfActions } from '#server/audit/record-each.ts';
import type { By } from '#server/dunning/actions.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { checkBreaker } from '../halts.ts';

/** Something that came back about a message, or about an address a person knows to be dead. */
export type Bounce = {
  /** Null when a person says it of an address. */
  readonly action: ActionId | null;
  readonly address: string;
  readonly kind: 'hard' | 'blocked' | 'soft' | 'complaint';
  /** Enhanced status code, or null. */
  readonly status: string | null;
  readonly diagnostic: string;
  readonly source: 'smtp' | 'report' | 'person';
};

/** Characters of a server's words that are kept. */
const DIAGNOSTIC_MAX = 500;

/** What was noted: bounces not known yet, contacts marked, and whether e-mail of the organisation was stopped because of them. */
export type Noted = { readonly bounces: number; readonly contacts: number; readonly halted: boolean };

/**
 * Notes what came back, each once: a dead address is marked on every contact that bears it, however it is written; the action says
 * that its message did not arrive; and the shares are looked at again.
 */
export async function recordBounces(t: Tenant, by: By, bounces: readonly Bounce[]): Promise<Noted> {
  if (bounces.length === 0) return { bounces: 0, contacts: 0, halted: false };
  const now = by.clock.now();
  const made = await t.rows<{ bounce_id: string; action_id: ActionId | null; kind: Bounce['kind'] }>(t.sql`
    ${t.into('bounce', 'action_id, address, kind, status, diagnostic, source, reported_at, actor')}
    select ${t.org}, n.action_id, lower(n.address), n.kind, n.status, n.diagnostic, n.source, ${now}::timestamptz, ${by.actor}
    from unnest(${bounces.map((one) => one.action)}::bigint[], ${bounces.map((one) => one.address)}::text[], ${bounces.map((one) => one.kind)}::text[],
      ${bounces.map((one) => one.status)}::text[], ${bounces.map((one) => one.diagnostic.slice(0, DIAGNOSTIC_MAX))}::text[], ${bounces.map((one) => one.source)}::text[]
    ) as n(action_id, address, kind, status, diagnostic, source)
    on conflict do nothing returning bounce_id, action_id, kind`);
  if (made.length === 0) return { bounces: 0, contacts: 0, halted: false };
  const dead = bounces.filter((one) => one.kind === 'hard').map((one) => one.address.toLowerCase());
  const contacts = dead.length === 0 ? 0 : await t.run(t.sql`
    ${t.update('contact', 'k')} set bounced_at = ${now}::timestamptz
    where ${t.own('k')} and lower(k.email) = any(${dead}::text[]) and k.bounced_at is null`);
  const lost = made.flatMap((row) => (row.action_id !== null && (row.kind === 'hard' || row.kind === 'blocked') ? [row.action_id] : []));
  await t.run(t.sql`
    ${t.update('action', 'a')} set state = 'bounced', state_reason = 'notDelivered', state_at = ${now}::timestamptz
    where ${t.own('a')} and a.action_id = any(${lost}::bigint[]) and a.state in ('sent', 'delivered')`);
  const event = { at: now, actor: by.actor, kind: 'bounce.recorded' };
  for (const { bounce_id: bounce, action_id: action, kind } of made) {
    if (action === null) await record(t, { ...event, subject: `bounce:${bounce}`, facts: { bounce, kind } });
    else await recordOfActions(t, event, [{ action, facts: { bounce, kind } }]);
  }
  const opened = made.some((row) => row.kind !== 'soft') ? await checkBreaker(t, by) : null;
  return { bounces: made.length, contacts, halted: opened !== null };
}

/** What became of a report: noted, or about no message of this organisation, which it then says nothing of. */
export type ReportTaken = (Noted & { readonly known: true }) | { readonly known: false };

/**
 * Notes what a report says of a message we sent. Only the message's own Message-ID, which nobody can guess, makes it believed; and only
 * of the address the message went to, or of none.
 */
export async function recordReport(t: Tenant, by: By, report: DeliveryReport): Promise<ReportTaken> {
  const message = report.messageId === null ? null : await t.one<{ action_id: ActionId; recipient: string; test: boolean }>(t.sql`
    select m.action_id, m.recipient, a.test from ${t.from('message')} m join ${t.from('action')} a on a.action_id = m.action_id
    where m.header_id = ${report.messageId} and m.mime is not null`);
  if (message === null) return { known: false };
  const address = message.recipient.toLowerCase();
  const about = report.recipients.filter((one) => one.address === address || one.address === '');
  if (about.length === 0) return { known: false };
  // The test address is the company's own: that it failed says nothing of a customer.
  if (message.test) return { known: true, bounces: 0, contacts: 0, halted: false };
  if (about.some((one) => one.kind === 'delivered')) await markDelivered(t, by, message.action_id);
  const bounces = about.flatMap((one) => bounceOf(one, { action: message.action_id, address }));
  return { known: true, ...(await recordBounces(t, by, bounces)) };
}

function bounceOf({ kind, status, diagnostic }: Reported, of: { action: ActionId; address: string }): Bounce[] {
  return kind === 'delivered' ? [] : [{ ...of, kind, status, diagnostic, source: 'report' }];
}

async function markDelivered(t: Tenant, by: By, action: ActionId): Promise<void> {
  const moved = await t.run(t.sql`
    ${t.update('action', 'a')} set state = 'delivered', state_at = ${by.clock.now()}::timestamptz
    where ${t.own('a')} and a.action_id = ${action}::bigint and a.state = 'sent'`);
  if (moved === 1) await recordOfActions(t, { at: by.clock.now(), actor: by.actor, kind: 'action.delivered' }, [{ action, facts: { reason: 'report' } }]);
}

/** Gives an address another chance in a person's name, with the reason; gives how many of its bounces and contacts that freed. */
export async function liftBounces(t: Tenant, of: { address: string; reason: string; by: By }): Promise<number> {
  const { reason, by } = of;
  const address = of.address.toLowerCase();
  const lifted = await t.run(t.sql`
    ${t.update('bounce', 'b')} set lifted_at = ${by.clock.now()}::timestamptz, lifted_by = ${by.actor}, lifted_reason = ${reason}
    where ${t.own('b')} and b.address = ${address} and b.lifted_at is null`);
  const contacts = await t.run(t.sql`
    ${t.update('contact', 'k')} set bounced_at = null where ${t.own('k')} and lower(k.email) = ${address} and k.bounced_at is not null`);
  if (lifted + contacts > 0) {
    await record(t, { at: by.clock.now(), actor: by.actor, kind: 'bounce.lifted', subject: 'bounces', facts: { bounces: lifted, contacts } });
  }
  return lifted + contacts;
}
