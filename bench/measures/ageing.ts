import type pg from 'pg';
import { addDays } from '#core/kernel/day.ts';
import type { Day } from '#core/kernel/day.ts';
import { ageing } from '#server/ledger/store.ts';
import { CUSTOMERS, givenCompany, layOut, TODAY } from '../data.ts';
import { timedTurns } from '../figure.ts';
import type { Figure } from '../figure.ts';
import type { Bench, Measure } from './measure.ts';

const TURNS = 5;
const TODAY_GOAL = 1.5;
const PAST_GOAL = 4;
const PAST_DAYS = 90;
/** The goals are set for a large ledger; below it two round trips of a millisecond each are most of the time. */
const GOAL_SIZE = 1_000_000;

/** The aged balance as one would write it by hand for today. */
const BARE = `
  select customer_id,
    sum(amount - allocated) filter (where side = 'debit' and due_on >= $2::date), sum(amount - allocated) filter (where side = 'debit' and $2::date - due_on between 1 and 30),
    sum(amount - allocated) filter (where side = 'debit' and $2::date - due_on between 31 and 60), sum(amount - allocated) filter (where side = 'debit' and $2::date - due_on between 61 and 90),
    sum(amount - allocated) filter (where side = 'debit' and $2::date - due_on between 91 and 120), sum(amount - allocated) filter (where side = 'debit' and $2::date - due_on > 120),
    sum(amount - allocated) filter (where side = 'credit')
  from item where organisation_id = $1 and currency = 'EUR' and voided_at is null and issued_on <= $2 and allocated < amount group by customer_id`;

async function measure(bench: Bench): Promise<Figure[]> {
  const { database, owner, size } = bench;
  const organisation = await givenCompany(database);
  const settled = Math.round(size / 4);
  await layOut(owner, { organisation, items: size - 2 * settled, settled, customers: CUSTOMERS });
  const bare = (): Promise<pg.QueryResult> => owner.query(BARE, [organisation, TODAY]);
  const aged = (on: Day) => database.inTenant(organisation, (t) => ageing(t, on, { currency: 'EUR' }), { readOnly: true });
  const rows = await aged(TODAY);
  if (rows.length !== CUSTOMERS) throw new Error(`${rows.length} rows`);
  const floor = { what: 'bare SQL sum, today', seconds: await timedTurns(TURNS, bare) };
  const today = await timedTurns(TURNS, () => aged(TODAY));
  const past = await timedTurns(TURNS, () => aged(addDays(TODAY, -PAST_DAYS)));
  return [
    { name: 'aged balance, today', size, unit: 'items', seconds: today, floor, goal: size >= GOAL_SIZE ? { kind: 'atMost', value: TODAY_GOAL } : null },
    { name: `aged balance, ${PAST_DAYS} days ago`, size, unit: 'items', seconds: past, floor, goal: size >= GOAL_SIZE ? { kind: 'atMost', value: PAST_GOAL } : null },
  ];
}

/** The aged balance of all customers against one SQL sum. Half of the items are open, half were settled within the year. */
export const ageingMeasure: Measure = { about: 'aged balance against a SQL sum', sizeMax: 5_000_000, measure };
