import type { Clock, Instant } from '#core/kernel/clock.ts';
import { addDays } from '#core/kernel/day.ts';
import type { Day } from '#core/kernel/day.ts';
import type { OrganisationId } from '#core/kernel/id.ts';
import { endsByItself } from '#core/holds/hold-state.ts';
import type { HoldState } from '#core/holds/hold-state.ts';
import type { NewEvent } from '#server/audit/record.ts';
import type { Database } from '#server/plumbing/database.ts';
import { planInBulk } from '#server/plumbing/tenant.ts';
import type { SqlPiece, Tenant } from '#server/plumbing/tenant.ts';
import { carryChoices } from './carry-choices.ts';
import { carryHolds } from './carry-holds.ts';
import { recordEach } from '#server/audit/record-each.ts';
import { loadStandings, selfEnded } from './standings.ts';
import type { HoldStanding } from './standings.ts';

/** For which day, when and in whose name holds are settled. */
export type SettlingHolds = { readonly today: Day; readonly now: Instant; readonly actor: string };

/** How many holds changed, by the state they came to, and how many took over a document's new item. */
export type SettledHolds = { readonly changed: Readonly<Partial<Record<HoldState, number>>>; readonly reopened: number; readonly carried: number };

/** Two settlings of one organisation wait for each other: each change is noted once. */
const SETTLE_LOCK = 4_180_008;

/** Days in which what ended a hold may still be taken back: a direct debit can be contested for thirteen months. */
const REVIEWED_DAYS = 400;

/** Holds from which on their statements are planned for whole tables. */
const BULK_HOLDS = 500;

/**
 * Notes what became of holds by itself: promises kept, partly kept or broken, plans late, defaulted or completed, disputes paid or credited,
 * pauses that are over; each change with its event. A hold that ended so goes on again when what ended it was taken back. Idempotent: the
 * same ledger on the same day changes nothing. Dunning does not rest on it, it derives the same states itself.
 */
export async function settleHolds(t: Tenant, settling: SettlingHolds): Promise<SettledHolds> {
  await carryChoices(t, settling);
  const many = await t.one<{ count: number }>(t.sql`select count(*)::int as count from (select from ${t.from('hold')} h limit ${BULK_HOLDS + 1}) few`);
  if (many === null || many.count === 0) return { changed: {}, reopened: 0, carried: 0 };
  await t.run(t.sql`select pg_advisory_xact_lock(${SETTLE_LOCK}, hashtext(${t.organisation}))`);
  if (many.count > BULK_HOLDS) await planInBulk(t);
  const carried = await carryHolds(t, settling);
  const changes = (await loadStandings(t, toLookAt(t, settling.today), settling.today)).filter((standing) => standing.now !== standing.hold.state);
  const noted = await note(t, changes, settling);
  await recordEach(t, noted.map((standing) => changed(standing, settling)));
  const counts: Partial<Record<HoldState, number>> = {};
  for (const { now } of noted) counts[now] = (counts[now] ?? 0) + 1;
  return { changed: counts, reopened: noted.filter(({ hold, now }) => hold.endedOn !== null && !endsByItself(now)).length, carried };
}

/** Holds that go on, and those that ended by themselves lately; nothing that was noted for a later day. */
const toLookAt = (t: Tenant, today: Day): SqlPiece => t.sql`(h.from_on <= ${today}::date and (h.state_on is null or h.state_on <= ${today}::date)
  and (h.ended_on is null or (${selfEnded(t)} and h.ended_on > ${addDays(today, -REVIEWED_DAYS)}::date)))`;

async function note(t: Tenant, changes: readonly HoldStanding[], settling: SettlingHolds): Promise<HoldStanding[]> {
  if (changes.length === 0) return [];
  const ends = changes.map(({ now }) => endsByItself(now));
  const rows = await t.rows<{ hold_id: string }>(t.sql`
    ${t.update('hold', 'h')} set state = n.state, state_on = ${settling.today}::date, ended_on = n.ended_on, ended_reason = n.ended_reason
    from unnest(${changes.map(({ hold }) => hold.holdId)}::bigint[], ${changes.map(({ hold }) => hold.state)}::text[], ${changes.map(({ now }) => now)}::text[],
      ${changes.map(({ on }, index) => (ends[index] === true ? (on ?? settling.today) : null))}::date[], ${changes.map(({ now }, index) => (ends[index] === true ? now : null))}::text[])
      as n(hold_id, was, state, ended_on, ended_reason)
    where ${t.own('h')} and h.hold_id = n.hold_id and h.state = n.was returning h.hold_id`);
  const done = new Set(rows.map((row) => row.hold_id));
  return changes.filter(({ hold }) => done.has(hold.holdId));
}

function changed(standing: HoldStanding, settling: SettlingHolds): NewEvent {
  const { hold, now, on, received, wanted, plan } = standing;
  return {
    at: settling.now, actor: settling.actor, kind: `hold.${now === 'open' || (hold.endedOn !== null && !endsByItself(now)) ? 'reopened' : now}`, subject: `customer:${hold.customerId}`,
    facts: {
      hold: hold.holdId, kind: hold.kind, item: hold.itemId, was: hold.state, state: now, on: on ?? settling.today, until: hold.until, wanted: wanted === null ? null : String(wanted),
      received: received === null ? null : String(received), currency: hold.currency, ...(plan === null ? {} : { nextDue: plan.next?.dueOn ?? null }),
    },
  };
}

/** Whose holds are settled, for which day and in whose name. */
export type SettlingOf = { readonly organisation: OrganisationId; readonly clock: Clock; readonly today: Day; readonly actor: string };

/** Settles the holds of an organisation in a transaction of its own, before each run. */
export function settleHoldsOf(database: Database, of: SettlingOf): Promise<SettledHolds> {
  return database.inTenant(of.organisation, (t) => settleHolds(t, { today: of.today, now: of.clock.now(), actor: of.actor }));
}

/** The same after imports and matching. Never throws: what came in stays in, the run settles again, and the caller tells of the failure. */
export async function settleAfterImport(database: Database, of: SettlingOf): Promise<{ readonly failed: unknown } | { readonly failed: null; readonly settled: SettledHolds }> {
  try {
    return { failed: null, settled: await settleHoldsOf(database, of) };
  } catch (error) {
    return { failed: error };
  }
}
