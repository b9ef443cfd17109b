import type { Instant } from '#core/kernel/clock.ts';
import type { Day } from '#core/kernel/day.ts';
import type { ActionId, OrganisationId } from '#core/kernel/id.ts';
import type { Database } from '#server/plumbing/database.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import type { SmtpOutcome } from './smtp-outcome.ts';

/** What a channel said of one hand-off. */
export type Outcome = SmtpOutcome | { readonly kind: 'accepted'; readonly response: string };

/** One try of one action: the row of the send ledger that decides whether it may leave, and what is known of it. */
export type Attempt = { readonly action: ActionId; readonly fence: number };

/** An attempt about to be made, with the domain it counts for in the rates; null for what is printed. */
export type OpenAttempt = Attempt & { readonly domain: string | null };

/** Characters of a server's answer that are kept. */
const RESPONSE_MAX = 500;

/** The words of an outcome, as they are kept. */
export const wordsOf = (outcome: Outcome): string => (outcome.kind === 'unknown' ? outcome.detail : outcome.response).slice(0, RESPONSE_MAX);

/** Opens the attempts of claimed actions, not started: whatever happens before they are noted as such, nothing of theirs has left. */
export async function openAttempts(t: Tenant, attempts: readonly OpenAttempt[], by: { worker: string; now: Instant }): Promise<void> {
  await t.run(t.sql`
    ${t.into('send_attempt', 'action_id, fence, worker, claimed_at, started_at, domain')}
    select ${t.org}, n.action_id, n.fence, ${by.worker}, ${by.now}::timestamptz, null, n.domain
    from unnest(${attempts.map(({ action }) => action)}::bigint[], ${attempts.map(({ fence }) => fence)}::int[],
      ${attempts.map(({ domain }) => domain)}::text[]) as n(action_id, fence, domain)`);
}

/** What one note makes durable: attempts about to start, and those that ended since the note before. */
export type Note = { readonly starting: readonly Attempt[]; readonly ended: readonly (Attempt & { readonly outcome: Outcome })[] };

/** Whose notes, with which time and business day. */
export type Noting = { readonly organisation: OrganisationId; readonly now: Instant; readonly today: Day };

/**
 * Writes a note in a transaction of its own and one round trip; gives the actions whose attempt was still open. One that is not
 * among them was released or parked meanwhile, by a worker that thought us gone: it must not be started. The row is what both
 * sides write, so they cannot both win. The database's function binds the transaction to the organisation, as `inTenant` does
 * in four round trips more.
 */
export async function noteAttempts(database: Database, note: Note, of: Noting): Promise<Set<string>> {
  const rows = [...note.starting.map((one) => ({ ...one, outcome: null })), ...note.ended];
  const open = await database.pool.query<{ action_id: string }>({ name: 'note_attempts', text: 'select n.action_id from note_attempts($1, $2, $3, $4, $5, $6, $7) as n(action_id)', values: [
    of.organisation, rows.map(({ action }) => action), rows.map(({ fence }) => fence), rows.map(({ outcome }) => outcome?.kind ?? null),
    rows.map(({ outcome }) => (outcome === null ? null : wordsOf(outcome))), of.now, of.today,
  ] });
  return new Set(open.rows.map((row) => row.action_id));
}

/** Takes back that attempts started, of which nothing left: they are released, so that a line of theirs that the journal may hold all the same is known. Their actions are found by the rescue. */
export async function unstart(t: Tenant, attempts: readonly Attempt[], at: Instant): Promise<void> {
  await t.run(t.sql`
    ${t.update('send_attempt', 's')} set started_at = null, outcome = 'released', response = 'journal not written', finished_at = ${at}::timestamptz
    from unnest(${attempts.map(({ action }) => action)}::bigint[], ${attempts.map(({ fence }) => fence)}::int[]) as n(action_id, fence)
    where ${t.own('s')} and s.action_id = n.action_id and s.fence = n.fence and s.outcome is null`);
}
