import { afterAll, beforeAll, expect, test } from 'vitest';
import { day } from '#core/kernel/day.ts';
import type { OrganisationId } from '#core/kernel/id.ts';
import { settleHolds } from './settle-holds.ts';
import type { SettledHolds } from './settle-holds.ts';
import { brokenOf } from './testing/given-holds.ts';
import { planInBulk } from '#server/plumbing/tenant.ts';
import { testDatabase } from '#server/testing/database.ts';
import type { TestDatabase } from '#server/testing/database.ts';
import { clockAt, givenOrganisation } from '#server/testing/given.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

/** Invoices with a promise each, half of them paid in time. */
async function givenPromises(count: number): Promise<OrganisationId> {
  const organisation = await givenOrganisation(db.database);
  await db.database.inTenant(organisation, async (t) => {
    await planInBulk(t);
    await t.run(t.sql`${t.into('customer', 'code, name')} select ${t.org}, 'C' || n, 'Client ' || n from generate_series(1, ${count / 10}) n`);
    await t.run(t.sql`
      ${t.into('item', 'customer_id, side, kind, document, issued_on, first_seen_on, due_on, currency, amount, allocated, natural_key')}
      select ${t.org}, c.customer_id, s.side, case s.side when 'debit' then 'invoice' else 'receipt' end, s.side || c.code || '-' || n, '2026-01-05', '2026-01-05', '2026-02-04', 'EUR', 10000,
        case when n % 2 = 0 then 10000 else 0 end, s.side || c.code || '-' || n
      from ${t.from('customer')} c, generate_series(1, 10) n, (values ('debit'), ('credit')) s(side) where s.side = 'debit' or n % 2 = 0`);
    await t.run(t.sql`
      ${t.into('hold', 'customer_id, item_id, kind, from_on, until_on, grace_days, created_at, actor')}
      select ${t.org}, i.customer_id, i.item_id, 'promise', '2026-03-02', '2026-03-06', 2, '2026-03-02', 'test' from ${t.from('item')} i where i.side = 'debit'`);
    await t.run(t.sql`${t.into('hold_item', 'hold_id, item_id, open_amount')} select ${t.org}, h.hold_id, h.item_id, 10000 from ${t.from('hold')} h`);
    await t.run(t.sql`
      ${t.into('allocation', 'debit_item_id, credit_item_id, amount, effective_on, projected, origin, recorded_at, actor')}
      select ${t.org}, d.item_id, c.item_id, 10000, '2026-03-05', true, 'person', '2026-03-05', 'test'
      from ${t.from('item')} d join ${t.from('item')} c on c.document = 'credit' || substr(d.document, 6) where d.side = 'debit' and d.allocated > 0`);
  });
  return organisation;
}

const settle = (organisation: OrganisationId, on: string): Promise<SettledHolds> =>
  db.database.inTenant(organisation, (t) => settleHolds(t, { today: day(on), now: clockAt(on).now(), actor: 'system:test' }));

/** Enough for the plans of whole tables; how long more of them take is a figure of `npm run bench -- --only nightly`. */
const MANY = 2000;

test('thousands of promises at once: half kept, half broken, and none the second time', async () => {
  const organisation = await givenPromises(MANY);
  expect((await settle(organisation, '2026-03-12')).changed).toEqual({ kept: MANY / 2, broken: MANY / 2 });
  expect((await settle(organisation, '2026-03-13')).changed).toEqual({});
  expect(await brokenOf(db.database, organisation)).toEqual([]);
});
