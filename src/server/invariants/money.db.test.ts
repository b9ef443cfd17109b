import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CURRENCY_DIGITS } from '#core/kernel/currency.ts';
import type { Currency } from '#core/kernel/currency.ts';
import { addDays } from '#core/kernel/day.ts';
import type { Day } from '#core/kernel/day.ts';
import type { OrganisationId } from '#core/kernel/id.ts';
import { decimalMinor } from '#core/kernel/money.ts';
import { ageing, listItems } from '#server/ledger/store.ts';
import { reverseAllocations } from '#server/ledger/allocate-groups.ts';
import type { Database } from '#server/plumbing/database.ts';
import { testDatabase } from '#server/testing/database.ts';
import type { TestDatabase } from '#server/testing/database.ts';
import { givenOrganisation, importText } from '#server/testing/given.ts';
import { booksOf, CAUGHT, finds, HOLDS, importBooks, linesOf, same, seeds, smallCompany, UNTIL } from '#server/testing/books.ts';

let db: TestDatabase;
let mutant: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
  mutant = await testDatabase();
  const owner = await mutant.owner();
  await owner.query('alter table item drop constraint item_allocated_fits');
  await owner.end();
});
afterAll(async () => {
  await db.drop();
  await mutant.drop();
});

const RUNS = 10;
const CHECK_VIOLATION = '23514';

type Attempt = { readonly debit: number; readonly credit: number; readonly amount: number };
const attempts = fc.array(fc.record({ debit: fc.nat(2), credit: fc.nat(2), amount: fc.integer({ min: 1, max: 700 }) }), { minLength: 4, maxLength: 14 });

/** Three invoices and three receipts of one customer, of 500, 700, 900 and 400, 600, 800 minor units. */
async function givenSixItems(database: Database): Promise<{ organisation: OrganisationId; debits: string[]; credits: string[] }> {
  const organisation = await givenOrganisation(database);
  await importText(database, organisation, {
    name: 'items.csv', text: ['Code client;Nom du client;N° facture;Type de pièce;Date facture;Échéance;Montant TTC;Devise',
      ...['5,00', '7,00', '9,00'].map((amount, index) => `C1;Alpha;FA${index};Facture;15/01/2026;15/02/2026;${amount};EUR`),
      ...['4,00', '6,00', '8,00'].map((amount, index) => `C1;Alpha;RG${index};Règlement;20/02/2026;;${amount};EUR`), ''].join('\n'),
  });
  const items = await database.inTenant(organisation, (t) => listItems(t, UNTIL));
  const of = (side: string): string[] => items.filter((item) => item.side === side).map((item) => item.item_id);
  return { organisation, debits: of('debit'), credits: of('credit') };
}

/** Sets a credit against a debit in a transaction of its own; false when the database refuses it. */
async function allocate(database: Database, organisation: OrganisationId, of: { debit: string; credit: string; amount: number }): Promise<boolean> {
  try {
    await database.inTenant(organisation, (t) => t.run(t.sql`
      ${t.into('allocation', 'debit_item_id, credit_item_id, amount, effective_on, origin, recorded_at, actor')}
      values (${t.org}, ${of.debit}::bigint, ${of.credit}::bigint, ${of.amount}, '2026-03-01', 'person', now(), 'test')`));
    return true;
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code === CHECK_VIOLATION) return false;
    throw error;
  }
}

/** Items whose allocations, summed anew, go beyond their amount or differ from the stored projection. */
const overdrawn = async (database: Database, organisation: OrganisationId): Promise<number> => (await database.inTenant(organisation, (t) => t.rows(t.sql`
  select i.item_id from ${t.from('item')} i left join ${t.from('allocation')} a on i.item_id in (a.debit_item_id, a.credit_item_id)
  group by i.item_id, i.amount, i.allocated having coalesce(sum(a.amount), 0) > i.amount or coalesce(sum(a.amount), 0) <> i.allocated`))).length;

/** E1, E2: whatever is tried, one after the other and all at once, no item is used beyond its amount, and what could fit did. */
const staysWithin = (database: Database): fc.IAsyncPropertyWithHooks<[Attempt[], boolean]> => fc.asyncProperty(attempts, fc.boolean(), async (tried, atOnce) => {
  const { organisation, debits, credits } = await givenSixItems(database);
  const one = ({ debit, credit, amount }: Attempt): Promise<boolean> => allocate(database, organisation, { debit: debits[debit] ?? '', credit: credits[credit] ?? '', amount });
  if (atOnce) await Promise.all(tried.map(one));
  else for (const attempt of tried) await one(attempt);
  return (await overdrawn(database, organisation)) === 0;
});

test('E1, E2: allocations stay within both items', async () => {
  expect(await finds(staysWithin(db.database), RUNS)).toEqual(HOLDS);
});

test('E1, E2, planted bug: without the check on the item, over-allocation is found', async () => {
  expect(await finds(staysWithin(mutant.database), RUNS)).toMatchObject(CAUGHT);
});

/** E7: of many allocations of one amount at once exactly as many win as fit. */
const asManyAsFit = (database: Database): fc.IAsyncPropertyWithHooks<[number]> => fc.asyncProperty(fc.integer({ min: 60, max: 300 }), async (amount) => {
  const { organisation, debits, credits } = await givenSixItems(database);
  const won = await Promise.all(Array.from({ length: 8 }, () => allocate(database, organisation, { debit: debits[2] ?? '', credit: credits[0] ?? '', amount })));
  return won.filter(Boolean).length === Math.min(Math.floor(400 / amount), 8);
});

test('E7: of eight allocations at once exactly those that fit win', async () => {
  expect(await finds(asManyAsFit(db.database), 6)).toEqual(HOLDS);
  expect(await finds(asManyAsFit(mutant.database), 6)).toMatchObject(CAUGHT);
});

/** E6: allocations taken back leave the state before them. */
const takenBackIsBefore = (howMany: number | null): fc.IAsyncPropertyWithHooks<[Attempt[]]> => fc.asyncProperty(attempts, async (tried) => {
  const { organisation, debits, credits } = await givenSixItems(db.database);
  const first = await linesOf(db.database, organisation);
  let won = 0;
  for (const { debit, credit, amount } of tried) if (await allocate(db.database, organisation, { debit: debits[debit] ?? '', credit: credits[credit] ?? '', amount })) won += 1;
  const between = await linesOf(db.database, organisation);
  await db.database.inTenant(organisation, (t) => reverseAllocations(t, t.sql`
    select a.allocation_id from ${t.from('allocation')} a where a.reverses is null order by a.allocation_id limit ${howMany}`, { origin: 'person', importId: null, now: '2026-04-01T08:00:00Z', actor: 'test' }));
  return (won === 0 || !same(first, between)) && same(first, await linesOf(db.database, organisation));
});

test('E6: allocations taken back leave the state before them; one forgotten is found', async () => {
  expect(await finds(takenBackIsBefore(null), RUNS)).toEqual(HOLDS);
  expect(await finds(takenBackIsBefore(1), RUNS)).toMatchObject(CAUGHT);
});

type Balance = (organisation: OrganisationId, on: Day) => Promise<bigint>;
const agedBalance: Balance = (organisation, on) => db.database.inTenant(organisation, async (t) =>
  (await ageing(t, on, { currency: 'EUR' })).reduce((sum, row) => sum + row.balance, 0n));
const openSum: Balance = (organisation, on) => db.database.inTenant(organisation, async (t) =>
  (await listItems(t, on)).reduce((sum, item) => sum + (item.side === 'debit' ? BigInt(item.open) : -BigInt(item.open)), 0n));

/** E3: from any day to the next the balance moves by that day's debits less its credits, and equals the open items. */
const conserves = (balance: Balance): fc.IAsyncPropertyWithHooks<[number, number]> => fc.asyncProperty(seeds, fc.integer({ min: 1, max: 140 }), async (seed, back) => {
  const organisation = await givenOrganisation(db.database);
  await importBooks(db.database, organisation, booksOf(smallCompany(seed)));
  const moves = new Map((await db.database.inTenant(organisation, (t) => t.rows<{ issued_on: Day; net: string }>(t.sql`
    select i.issued_on, sum(case i.side when 'debit' then i.amount else -i.amount end)::text as net from ${t.from('item')} i where i.voided_at is null group by i.issued_on`)))
    .map((row) => [row.issued_on, BigInt(row.net)]));
  let on = addDays(UNTIL, -back);
  let opening = [...moves].filter(([moved]) => moved <= on).reduce((sum, [, net]) => sum + net, 0n);
  for (let count = 0; count < 10 && on <= UNTIL; count += 1) {
    if ((await balance(organisation, on)) !== opening) return false;
    on = addDays(on, 1);
    opening += moves.get(on) ?? 0n;
  }
  return true;
});

test('E3: opening + invoices − credits − receipts = closing = open items, on any day', async () => {
  expect(await finds(conserves(agedBalance), RUNS)).toEqual(HOLDS);
  expect(await finds(conserves(openSum), RUNS)).toEqual(HOLDS);
});

test('E3, planted bug: a past day that reads today\'s allocations is found', async () => {
  const todays: Balance = (organisation, on) => db.database.inTenant(organisation, async (t) => {
    const row = await t.one<{ balance: string }>(t.sql`
      select coalesce(sum(case i.side when 'debit' then i.amount - i.allocated else i.allocated - i.amount end), 0)::text as balance
      from ${t.from('item')} i where i.issued_on <= ${on}::date and i.voided_at is null`);
    return BigInt(row?.balance ?? '0');
  });
  expect(await finds(conserves(todays), 20)).toMatchObject(CAUGHT);
});

type ToText = (minor: bigint, currency: Currency) => string;
const exact: ToText = (minor, currency) => decimalMinor(minor, CURRENCY_DIGITS[currency]).replace('.', ',');

/** E4: what a file says in decimals is in the ledger to the minor unit, in every currency's own digits. */
const toTheMinorUnit = (toText: ToText): fc.IAsyncPropertyWithHooks<[{ currency: 'EUR' | 'JPY' | 'TND'; minor: bigint }[]]> => fc.asyncProperty(
  fc.array(fc.record({ currency: fc.constantFrom('EUR', 'JPY', 'TND'), minor: fc.bigInt({ min: 1n, max: 999_999_999_999_999n }) }), { minLength: 3, maxLength: 8 }), async (amounts) => {
    const organisation = await givenOrganisation(db.database);
    const report = await importText(db.database, organisation, {
      name: 'items.csv', text: ['Code client;Nom du client;N° facture;Date facture;Échéance;Montant TTC;Devise',
        // One cell that can only be a decimal comma settles how the others are meant.
        'C0;Zéro;FA-;15/01/2026;15/02/2026;1,50;EUR', ...amounts.map(({ currency, minor }, index) => `C1;Alpha;FA${index};15/01/2026;15/02/2026;${toText(minor, currency)};${currency}`), ''].join('\n'),
    });
    if (report.status !== 'applied') throw new Error(report.problems.map((one) => one.message.en).join(' '));
    const items = await db.database.inTenant(organisation, (t) => listItems(t, UNTIL));
    return amounts.every(({ minor, currency }, index) => items.some((item) => item.document === `FA${index}` && BigInt(item.amount) === minor && item.currency === currency));
  });

test('E4: amounts are whole minor units of their currency; a float on the way is found', async () => {
  expect(await finds(toTheMinorUnit(exact), RUNS)).toEqual(HOLDS);
  const throughFloat: ToText = (minor, currency) => exact(BigInt(Math.fround(Number(minor))), currency);
  expect(await finds(toTheMinorUnit(throughFloat), RUNS)).toMatchObject(CAUGHT);
});

/** E4: columns of the database that are not exact. */
async function inexactColumns(of: TestDatabase): Promise<string[]> {
  const owner = await of.owner();
  const found = await owner.query<{ name: string }>(`
    select c.relname || '.' || a.attname as name from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_type y on y.oid = a.atttypid
    where c.relkind in ('r', 'v', 'm', 'p') and c.relnamespace = 'public'::regnamespace and a.attnum > 0 and not a.attisdropped
      and y.typname in ('float4', 'float8', 'money', '_float4', '_float8') order by 1`);
  await owner.end();
  return found.rows.map((row) => row.name);
}

test('E4: no column of the database is a float; one added is found', async () => {
  expect(await inexactColumns(db)).toEqual([]);
  const owner = await mutant.owner();
  await owner.query('alter table item add column rate double precision');
  await owner.end();
  expect(await inexactColumns(mutant)).toEqual(['item.rate']);
});
