import { afterAll, beforeAll, expect, test } from 'vitest';
import type { OrganisationId } from '#core/kernel/id.ts';
import { buildMatcher } from '#core/matching/matcher.ts';
import { record } from '#server/audit/record.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { testDatabase } from '#server/testing/database.ts';
import type { TestDatabase } from '#server/testing/database.ts';
import { loadFacts } from './facts-store.ts';
import { matcherFor } from './matcher-cache.ts';
import type { ReadyMatcher } from './matcher-cache.ts';
import { placeByPerson, readOffers } from './place.ts';
import { offersFor } from './propose.ts';
import { loadRules } from './settings.ts';
import { by, givenLedger, givenMoney, lineKeys } from './testing/given-money.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

const snapshot = { isolation: 'repeatable read', readOnly: true } as const;
const ready = (organisation: OrganisationId): Promise<ReadyMatcher> => db.database.inTenant(organisation, (t) => matcherFor(db.database, t), snapshot);
const given = () => givenLedger(db.database, [{ code: 'C1', piece: 'FA-1001', on: '2026-02-01', debit: '50,00' }]);

test('the matcher stays while nothing was recorded, and is another one after', async () => {
  const organisation = await given();
  const first = await ready(organisation);
  expect(await ready(organisation)).toBe(first);
  await db.database.inTenant(organisation, (t) => record(t, { at: by.now, actor: by.actor, kind: 'test.changed', subject: 'test', facts: {} }));
  expect(await ready(organisation)).not.toBe(first);
});

test('of many organisations only the last ones are kept', async () => {
  const organisations = [await given(), await given(), await given(), await given()];
  const matchers: ReadyMatcher[] = [];
  for (const organisation of organisations) matchers.push(await ready(organisation));
  const again = await Promise.all(organisations.slice(1).map(ready));
  expect(again.map((one, at) => one === matchers[at + 1])).toEqual([true, true, true]);
  expect(await ready(organisations[0] ?? ('0' as OrganisationId))).not.toBe(matchers[0]);
});

/** More invoices than are built anew for every line. */
const MANY = 20_500;

async function manyInvoices(t: Tenant): Promise<void> {
  await t.run(t.sql`
    ${t.into('item', 'customer_id, side, kind, document, issued_on, first_seen_on, due_on, currency, amount, natural_key')}
    select ${t.org}, c.customer_id, 'debit', 'invoice', 'FX' || lpad(n::text, 6, '0'), '2026-01-01', '2026-01-01', '2026-02-01', 'EUR', 1000 + n, 'many|' || n
    from generate_series(1, ${MANY}::int) n, ${t.from('customer')} c where c.code = 'C1'`);
}

test('in a large ledger one placing after the other, what is proposed is what a matcher built anew proposes', async () => {
  const organisation = await given();
  await db.database.inTenant(organisation, manyInvoices);
  await givenMoney(db.database, organisation, Array.from({ length: 13 }, (_, at) => ({ on: '2026-03-02', cents: 1001 + at, name: 'Payeur', endToEnd: `E${at}`, text: `FX${String(at + 1).padStart(6, '0')}` })));
  let kept = 0;
  let last = await ready(organisation);
  for (const key of await lineKeys(db.database, organisation)) {
    const found = await readOffers(db.database, organisation, key);
    const offer = found?.offers.offers[0];
    if (found === null || offer === undefined) throw new Error('nothing is proposed');
    const fresh = await db.database.inTenant(organisation, async (t) => buildMatcher(await loadFacts(t), await loadRules(t)), snapshot);
    expect(offersFor(fresh, found.waiting, (await ready(organisation)).customerOf).offers[0]?.candidate.parts).toEqual(offer.candidate.parts);
    await placeByPerson(db.database, organisation, {
      key, by, uses: offer.shares.map(({ customer, parts }) => ({ customer, credits: [], writeOff: null, parts: parts.map(({ item, minor }) => ({ item, amount: `${minor / 100n}.${String(minor % 100n).padStart(2, '0')}` })) })),
    });
    const now = await ready(organisation);
    if (now === last) kept += 1;
    last = now;
  }
  // Ten placings are told to the matcher at hand, the eleventh has it built anew with all that they taught.
  expect(kept).toBe(12);
});
