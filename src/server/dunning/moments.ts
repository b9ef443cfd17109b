import type { At, Moment } from '#core/dunning/history.ts';
import type { Day } from '#core/kernel/day.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { ms } from './history-rows.ts';
import { RECONCILED } from './place-sends.ts';

/**
 * The moments at which days are looked back at: that of the last run of a day when there was one, else the end of the day, so that what was
 * imported on it is known. Where the business day was set by hand (`--today`) the machine's instants are no help: the last import or run
 * of a day or before it then says how far knowledge went.
 */
export async function readMoments(t: Tenant, of: { from: Day; until: Day }): Promise<Map<Day, Moment>> {
  const profile = await t.one<{ time_zone: string }>(t.sql`select p.time_zone from ${t.from('profile')} p`);
  const zone = profile?.time_zone ?? 'Europe/Paris';
  const runs = await t.rows<{ today: Day; run: string; at: At }>(t.sql`
    select distinct on (r.today) r.today, r.run_id::text as run, ${ms(t, t.sql`r.started_at`)} as at from ${t.from('run')} r
    where r.today <= ${of.until}::date and r.stopped is distinct from ${RECONCILED} order by r.today, r.run_id desc`);
  const imports = await t.rows<{ today: Day; at: At }>(t.sql`
    select i.applied_on as today, ${ms(t, t.sql`max(i.applied_at)`)} as at from ${t.from('import')} i where i.applied_on <= ${of.until}::date group by i.applied_on`);
  const ends = await t.rows<{ today: Day; at: At }>(t.sql`
    select d.day::date as today, ${ms(t, t.sql`(d.day::date + 1)::timestamp at time zone ${zone}`)} - 1 as at from generate_series(${of.from}::date, ${of.until}::date, interval '1 day') d(day)`);
  const known = [...runs, ...imports].toSorted((a, b) => (a.today < b.today ? -1 : a.today > b.today ? 1 : 0));
  const lastRun = new Map(runs.map((run) => [run.today, run]));
  const moments = new Map<Day, Moment>();
  let latest = Number.NEGATIVE_INFINITY;
  let next = 0;
  for (const end of ends) {
    for (let one = known[next]; one !== undefined && one.today <= end.today; one = known[next]) {
      latest = Math.max(latest, one.at);
      next += 1;
    }
    const run = lastRun.get(end.today);
    moments.set(end.today, run === undefined ? { today: end.today, at: Math.max(end.at, latest) } : { today: end.today, at: run.at, run: BigInt(run.run) });
  }
  return moments;
}

/** The moment of one day. */
export async function readMoment(t: Tenant, day: Day): Promise<Moment> {
  const moment = (await readMoments(t, { from: day, until: day })).get(day);
  if (moment === undefined) throw new Error(`no moment of ${day}`);
  return moment;
}

/** The day before which nothing of the ledger was known here: that of its first import; null when there was none. */
export async function knownSince(t: Tenant): Promise<Day | null> {
  const row = await t.one<{ on: Day | null }>(t.sql`select min(i.applied_on) as on from ${t.from('import')} i where i.status = 'applied' and i.covers_until is not null`);
  return row?.on ?? null;
}

/** The first day the ledger tells of: that of its oldest document; null when it is empty. */
export async function datedSince(t: Tenant): Promise<Day | null> {
  const row = await t.one<{ on: Day | null }>(t.sql`select min(i.issued_on) as on from ${t.from('item')} i where i.voided_at is null and i.side = 'debit'`);
  return row?.on ?? null;
}
