import { addDays } from '#core/kernel/day.ts';
import { settleHolds } from '#server/holds/settle-holds.ts';
import { recomputeSegments } from '#server/risk/segments.ts';
import { CLOCK, givenCompany, TODAY } from '../data.ts';
import { timed } from '../figure.ts';
import type { Figure } from '../figure.ts';
import { insertFloor } from '../insert-floor.ts';
import type { Bench, Measure } from './measure.ts';

const ITEMS_OF_A_CUSTOMER = 10;
const PROMISED_DAYS_AGO = 10;
const DUE_DAYS_AGO = 6;

/** Invoices of ten a customer with a promise each, half of them paid the day before it was due. */
async function layOutPromises({ owner, size }: Bench, organisation: string): Promise<void> {
  const lay = (sql: string, more: readonly (string | number)[] = []): Promise<unknown> => owner.query(sql, [organisation, ...more]);
  const [promised, due] = [addDays(TODAY, -PROMISED_DAYS_AGO), addDays(TODAY, -DUE_DAYS_AGO)];
  await owner.query('alter table item disable trigger user; alter table allocation disable trigger user');
  await lay(`insert into customer (organisation_id, code, name) select $1, 'C' || n, 'Client ' || n from generate_series(1, $2::int) n`, [Math.ceil(size / ITEMS_OF_A_CUSTOMER)]);
  await lay(`insert into item (organisation_id, customer_id, side, kind, document, issued_on, first_seen_on, due_on, currency, amount, allocated, natural_key)
    select $1, c.customer_id, s.side, case s.side when 'debit' then 'invoice' else 'receipt' end, s.side || c.code || '-' || n, $2::date - 60, $2::date - 60, $2::date - 30, 'EUR', 10000,
      case when n % 2 = 0 then 10000 else 0 end, s.side || c.code || '-' || n
    from customer c, generate_series(1, 10) n, (values ('debit'), ('credit')) s(side) where c.organisation_id = $1 and (s.side = 'debit' or n % 2 = 0)`, [TODAY]);
  await lay(`insert into hold (organisation_id, customer_id, item_id, kind, from_on, until_on, grace_days, created_at, actor)
    select $1, customer_id, item_id, 'promise', $2::date, $3::date, 2, $2::date, 'bench' from item where organisation_id = $1 and side = 'debit'`, [promised, due]);
  await lay(`insert into hold_item (organisation_id, hold_id, item_id, open_amount) select $1, hold_id, item_id, 10000 from hold where organisation_id = $1`);
  await lay(`insert into allocation (organisation_id, debit_item_id, credit_item_id, amount, effective_on, projected, origin, recorded_at, actor)
    select $1, d.item_id, c.item_id, 10000, $2::date - 1, true, 'person', now(), 'bench'
    from item d join item c on c.organisation_id = $1 and c.document = 'credit' || substr(d.document, 6) where d.organisation_id = $1 and d.side = 'debit' and d.allocated > 0`, [due]);
  await owner.query('alter table item enable trigger user; alter table allocation enable trigger user');
  await owner.query('vacuum analyze');
}

async function measure(bench: Bench): Promise<Figure[]> {
  const { database, owner, size } = bench;
  const organisation = await givenCompany(database);
  await layOutPromises(bench, organisation);
  const by = { today: TODAY, now: CLOCK.now(), actor: 'bench' };
  const settling = await timed(async () => {
    const { changed } = await database.inTenant(organisation, (t) => settleHolds(t, by));
    if ((changed.kept ?? 0) + (changed.broken ?? 0) !== size) throw new Error(`${JSON.stringify(changed)} of ${size}`);
  });
  const settled = { what: 'insert … select of their holds and events', seconds: await insertFloor(owner, ['hold', 'event']) };
  const customers = Math.ceil(size / ITEMS_OF_A_CUSTOMER);
  const profiling = await timed(async () => {
    const done = await recomputeSegments(database, { organisation, today: TODAY, clock: CLOCK, actor: 'bench' });
    if (done.customers !== customers) throw new Error(`${done.customers} of ${customers} customers`);
  });
  const profiled = { what: 'insert … select of the customers and their history', seconds: await insertFloor(owner, ['customer', 'segment_history']) };
  return [
    { name: 'promises settled by the ledger', size, unit: 'holds', seconds: settling, floor: settled, goal: null },
    { name: 'payer profiles recomputed', size: customers, unit: 'customers', seconds: profiling, floor: profiled, goal: null },
  ];
}

/** What every night does to holds and profiles. */
export const nightlyMeasure: Measure = { about: 'holds settled and profiles recomputed, as every night', sizeMax: 1_000_000, measure };
