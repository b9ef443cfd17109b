import { afterAll, beforeAll, expect, test } from 'vitest';
import { day } from '#core/kernel/day.ts';
import type { OrganisationId } from '#core/kernel/id.ts';
import { verify } from '#server/audit/verify.ts';
import { undoImport } from '#server/intake/undo-import.ts';
import { openLines } from '#server/review/given-ledger.ts';
import { linesOf } from '#server/testing/books.ts';
import { testDatabase } from '#server/testing/database.ts';
import type { TestDatabase } from '#server/testing/database.ts';
import { clockAt, fecOf, givenOrganisation, importText } from '#server/testing/given.ts';
import type { ShortLine } from '#server/testing/given.ts';
import { placeCertain } from './automatic.ts';
import { listPlaced, OVERRULED } from './placed-store.ts';
import { readStanding } from './summary.ts';
import { givenMoney, TODAY } from './testing/given-money.ts';
import { undoMatch } from './undo-match.ts';
import type { MatchId } from './apply.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

const LETTERED: readonly ShortLine[] = [{ code: 'C9', piece: 'FA-0900', on: '2026-01-03', debit: '9,00', letter: 'AA' }, { code: 'C9', piece: 'RC-0900', on: '2026-01-09', credit: '9,00', letter: 'AA' }];
const LATER: readonly ShortLine[] = [{ code: 'C9', piece: 'FA-0999', on: '2026-03-30', debit: '9,00' }];
const FIRST: ShortLine = { code: 'C1', piece: 'FA-1001', on: '2026-02-01', debit: '100,00' };
const SECOND: ShortLine = { code: 'C1', piece: 'FA-1002', on: '2026-02-02', debit: '100,00' };
const RECEIPT: ShortLine = { code: 'C1', piece: 'RC-1', on: '2026-03-02', credit: '100,00', label: 'Reglement FA-1001' };

const ledger = (organisation: OrganisationId, ...lines: readonly ShortLine[]) => importText(db.database, organisation, { text: fecOf([...lines, ...LETTERED]) });
const placed = (organisation: OrganisationId) => placeCertain(db.database, { organisation, today: day(TODAY), clock: clockAt(TODAY), actor: 'system:matching' });
const measure = async (organisation: OrganisationId): Promise<number[]> => {
  const { automatic } = await db.database.inTenant(organisation, readStanding, { readOnly: true });
  return [automatic.applied, automatic.undone];
};

async function takenBack(organisation: OrganisationId, report: Awaited<ReturnType<typeof ledger>>, before: readonly string[]): Promise<void> {
  if (report.importId === null) throw new Error('nothing was imported');
  expect((await undoImport(db.database, { organisation, importId: report.importId, clock: clockAt(TODAY), actor: 'test' })).status).toBe('undone');
  expect(await linesOf(db.database, organisation)).toEqual(before);
  expect((await db.database.inTenant(organisation, verify)).filter((check) => !check.ok)).toEqual([]);
}

test('the accountant letters a receipt otherwise than it went by itself: the ledger prevails, the measure counts it, undoing that import gives the match back', async () => {
  const organisation = await givenOrganisation(db.database);
  await ledger(organisation, FIRST, SECOND, RECEIPT);
  expect(await placed(organisation)).toMatchObject({ applied: 1 });
  expect(await openLines(db.database, organisation)).toEqual(['C1 debit FA-1002 100.00']);
  const before = await linesOf(db.database, organisation);
  const report = await ledger(organisation, FIRST, { ...SECOND, letter: 'BB' }, { ...RECEIPT, letter: 'BB' }, ...LATER);
  expect(await openLines(db.database, organisation)).toEqual(['C1 debit FA-1001 100.00', 'C9 debit FA-0999 9.00']);
  expect(await measure(organisation)).toEqual([1, 1]);
  const [shown] = await db.database.inTenant(organisation, (t) => listPlaced(t, { before: null, limit: 1, search: '' }));
  expect(shown?.row).toMatchObject({ undone_reason: OVERRULED, settled: [{ document: 'FA-1001', amount: '10000' }] });
  await takenBack(organisation, report, before);
  expect(await measure(organisation)).toEqual([1, 0]);
});

test('the accountant letters as it went by itself: nothing moves', async () => {
  const organisation = await givenOrganisation(db.database);
  await ledger(organisation, FIRST, SECOND, RECEIPT);
  await placed(organisation);
  await ledger(organisation, { ...FIRST, letter: 'BB' }, SECOND, { ...RECEIPT, letter: 'BB' }, ...LATER);
  expect(await openLines(db.database, organisation)).toEqual(['C1 debit FA-1002 100.00', 'C9 debit FA-0999 9.00']);
  expect(await measure(organisation)).toEqual([1, 0]);
});

test('an invoice that a transfer paid by itself is lettered with a cheque: the transfer is loose again', async () => {
  const organisation = await givenOrganisation(db.database);
  await ledger(organisation, FIRST, SECOND);
  await givenMoney(db.database, organisation, [{ on: '2026-03-02', cents: 100_00, name: 'Client C1', text: 'FA-1001' }]);
  expect(await placed(organisation)).toMatchObject({ applied: 1 });
  const before = await linesOf(db.database, organisation);
  const report = await ledger(organisation, { ...FIRST, letter: 'BB' }, SECOND, { code: 'C1', piece: 'CHQ-1', on: '2026-02-10', credit: '100,00', letter: 'BB' }, ...LATER);
  expect((await openLines(db.database, organisation)).toSorted()).toEqual(['C1 credit Client C1 FA-1001 100.00', 'C1 debit FA-1002 100.00', 'C9 debit FA-0999 9.00']);
  const [shown] = await db.database.inTenant(organisation, (t) => listPlaced(t, { before: null, limit: 1, search: '' }));
  expect(shown).toMatchObject({ fixed: null, row: { undone_at: null, settled: [], loose: '10000' } });
  await takenBack(organisation, report, before);
});

test('a receipt that a transfer was linked with is booked anew: the transfer is free, and links with the new one', async () => {
  const organisation = await givenOrganisation(db.database);
  await ledger(organisation, FIRST, SECOND, RECEIPT);
  await givenMoney(db.database, organisation, [{ on: '2026-03-02', cents: 100_00, name: 'Client C1', text: 'FA-1001' }]);
  expect(await placed(organisation)).toMatchObject({ linked: 1 });
  const before = await linesOf(db.database, organisation);
  const report = await ledger(organisation, { ...FIRST, letter: 'BB' }, SECOND, { ...RECEIPT, piece: 'RC-1B', on: '2026-03-03', letter: 'BB' }, ...LATER);
  expect(await openLines(db.database, organisation)).toEqual(['C1 debit FA-1002 100.00', 'C9 debit FA-0999 9.00']);
  expect(await placed(organisation)).toMatchObject({ linked: 1, left: 0 });
  const [link] = await db.database.inTenant(organisation, (t) => t.rows<{ match: MatchId }>(t.sql`select m.match_id as match from ${t.from('match')} m where m.bank_line_id is not null order by m.match_id desc`));
  if (link === undefined) throw new Error('no link');
  await db.database.inTenant(organisation, (t) => undoMatch(t, link.match, { now: clockAt(TODAY).now(), today: day(TODAY), actor: 'user:1', reason: 'test' }));
  await takenBack(organisation, report, before);
});

const REJECTED: ShortLine = { code: 'C1', piece: 'RJ-1', on: '2026-03-05', debit: '100,00', label: 'REJET PRLV FA-1001', journal: 'BQ' };
const debit = { on: '2026-03-02', cents: 100_00, name: 'Client C1', text: 'FA-1001', endToEnd: 'E2E-1001' };
const back = { on: '2026-03-05', cents: -100_00, name: 'Client C1', text: 'REJET', endToEnd: 'E2E-1001', returned: 'AM04' };
const balances = async (organisation: OrganisationId): Promise<unknown> => db.database.inTenant(organisation, (t) => t.rows(t.sql`
  select c.code, sum(case i.side when 'debit' then i.amount else -i.amount end)::text as balance from ${t.from('item')} i join ${t.from('customer')} c on c.customer_id = i.customer_id
  where i.voided_at is null and c.code = 'C1' group by c.code`));

const twice = [{ ...FIRST, letter: 'BB' }, { ...RECEIPT, letter: 'BB' }, SECOND, REJECTED];

test.each<[string, (organisation: OrganisationId) => Promise<readonly string[]>]>([
  ['the ledger first', async (organisation) => {
    const report = await ledger(organisation, ...twice);
    await givenMoney(db.database, organisation, [debit]);
    await placed(organisation);
    await givenMoney(db.database, organisation, [back]);
    return report.problems.map(({ code }) => code);
  }],
  ['the bank first', async (organisation) => {
    await ledger(organisation, FIRST, SECOND);
    await givenMoney(db.database, organisation, [debit]);
    await placed(organisation);
    await givenMoney(db.database, organisation, [back]);
    return (await ledger(organisation, ...twice, ...LATER)).problems.map(({ code }) => code);
  }],
])('a rejected payment that bank and ledger both tell of is owed once: %s', async (_, come) => {
  const organisation = await givenOrganisation(db.database);
  expect(await come(organisation)).not.toContain('intake.fecBalanceDiffers');
  // Two invoices, one of them paid and owed again by its rejection.
  expect(await balances(organisation)).toEqual([{ code: 'C1', balance: '20000' }]);
  expect((await db.database.inTenant(organisation, verify)).filter((check) => !check.ok)).toEqual([]);
});

async function unlinkedAgain(organisation: OrganisationId, { importId }: Awaited<ReturnType<typeof ledger>>): Promise<void> {
  if (importId === null) throw new Error('nothing was imported');
  expect((await undoImport(db.database, { organisation, importId, clock: clockAt(TODAY), actor: 'test' })).status).toBe('undone');
  expect((await db.database.inTenant(organisation, verify)).filter((check) => !check.ok)).toEqual([]);
}

test('a payment that came back before the ledger booked either is owed again once the ledger says whose receipt it was', async () => {
  const organisation = await givenOrganisation(db.database);
  await givenMoney(db.database, organisation, [debit]);
  const report = await givenMoney(db.database, organisation, [back]);
  await ledger(organisation, { ...FIRST, letter: 'BB' }, { ...RECEIPT, letter: 'BB' }, SECOND);
  expect(await openLines(db.database, organisation)).toEqual(['C1 debit FA-1002 100.00']);
  expect(await placed(organisation)).toMatchObject({ linked: 1 });
  expect((await openLines(db.database, organisation)).toSorted()).toEqual(['C1 debit FA-1001 100.00', 'C1 debit FA-1002 100.00']);
  expect((await db.database.inTenant(organisation, verify)).filter((check) => !check.ok)).toEqual([]);
  await unlinkedAgain(organisation, report);
  expect(await openLines(db.database, organisation)).toEqual(['C1 debit FA-1002 100.00']);
});

test('an old rejection of the same amount does not stand in for the one that came now', async () => {
  const organisation = await givenOrganisation(db.database);
  const old: ShortLine[] = [{ ...REJECTED, piece: 'RJ-0', on: '2026-01-20', letter: 'CC' }, { code: 'C1', piece: 'RC-0', on: '2026-01-25', credit: '100,00', letter: 'CC' }];
  await ledger(organisation, ...twice, ...old);
  await givenMoney(db.database, organisation, [debit]);
  await placed(organisation);
  await givenMoney(db.database, organisation, [back]);
  expect(await balances(organisation)).toEqual([{ code: 'C1', balance: '20000' }]);
});
