import { afterAll, beforeAll, expect, test } from 'vitest';
import type { OrganisationId } from '#core/kernel/id.ts';
import { day } from '#core/kernel/day.ts';
import { undoImport } from '#server/intake/undo-import.ts';
import { openLines, verified } from '#server/review/given-ledger.ts';
import { linesOf } from '#server/testing/books.ts';
import { testDatabase } from '#server/testing/database.ts';
import type { TestDatabase } from '#server/testing/database.ts';
import { clockAt, fecOf, importText } from '#server/testing/given.ts';
import type { ShortLine } from '#server/testing/given.ts';
import type { MatchId } from './apply.ts';
import { inTurn } from './in-turn.ts';
import { matchLines } from './match-lines.ts';
import { placeByPerson } from './place.ts';
import { by, customerNamed, firstLine, givenLedger, givenMoney, TODAY, useOn } from './testing/given-money.ts';
import { undoMatch } from './undo-match.ts';
import { writeOff } from './write-off.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

const LEDGER: readonly ShortLine[] = [
  { code: 'C1', piece: 'FA-1001', on: '2026-02-01', debit: '50,00' }, { code: 'C1', piece: 'AV-1002', on: '2026-02-02', credit: '10,00', journal: 'VT' },
  { code: 'C2', piece: 'FA-2001', on: '2026-02-03', debit: '70,00' }, { code: 'C3', piece: 'FA-3001', on: '2026-02-04', debit: '30,00' },
];
const OPEN = ['C1 debit FA-1001 50.00', 'C1 credit AV-1002 10.00', 'C2 debit FA-2001 70.00', 'C3 debit FA-3001 30.00'];

const place = async (organisation: OrganisationId, uses: Parameters<typeof useOn>[2][]): Promise<MatchId> => placeByPerson(db.database, organisation, {
  key: await firstLine(db.database, organisation), uses: await Promise.all(uses.map((one) => useOn(db.database, organisation, one))), by,
});
const undo = (organisation: OrganisationId, match: MatchId): Promise<void> => inTurn(db.database, organisation, (t) => undoMatch(t, match, { ...by, reason: 'erreur' }));

/** 150 of money: 40 for C1 with its credit note, 69 and a rounding of 1 for C2, 30 for C3, and 11 stay with C1. */
async function splitOverThree(): Promise<{ organisation: OrganisationId; match: MatchId; before: string[] }> {
  const organisation = await givenLedger(db.database, LEDGER);
  await givenMoney(db.database, organisation, [{ on: '2026-03-02', cents: 150_00, name: 'Centrale', endToEnd: 'VIR-1' }]);
  const before = await linesOf(db.database, organisation);
  const match = await place(organisation, [
    { code: 'C1', parts: { 'FA-1001': '50.00' }, credits: { 'AV-1002': '10.00' } }, { code: 'C2', parts: { 'FA-2001': '70.00' }, writeOff: ['1.00', 'rounding'] }, { code: 'C3', parts: { 'FA-3001': '30.00' } },
  ]);
  return { organisation, match, before };
}

test('a line split over three customers is a receipt of each, and every balance stays the sum of its items', async () => {
  const { organisation } = await splitOverThree();
  expect(await openLines(db.database, organisation)).toEqual(['C1 credit Centrale 11.00']);
  const receipts = await db.database.inTenant(organisation, (t) => t.rows<{ code: string; amount: string }>(t.sql`
    select c.code, i.amount::text from ${t.from('item')} i join ${t.from('customer')} c on c.customer_id = i.customer_id where i.natural_key like 'bank|%' and i.voided_at is null order by c.code`));
  expect(receipts).toEqual([{ code: 'C1', amount: '5100' }, { code: 'C2', amount: '6900' }, { code: 'C3', amount: '3000' }]);
  await verified(db.database, organisation);
});

test('E6: undoing the split, its write-off and its credit gives the former state exactly', async () => {
  const { organisation, match, before } = await splitOverThree();
  await undo(organisation, match);
  expect(await openLines(db.database, organisation)).toEqual(OPEN);
  expect(await linesOf(db.database, organisation)).toEqual(before);
  await expect(undo(organisation, match)).rejects.toMatchObject({ kind: 'fixed' });
  await verified(db.database, organisation);
});

test('a split that comes back re-opens what each of its receipts paid, what was let go too; undoing that import settles it again', async () => {
  const { organisation, match } = await splitOverThree();
  const settled = await linesOf(db.database, organisation);
  const back = await givenMoney(db.database, organisation, [{ on: '2026-03-09', cents: -150_00, name: 'Centrale', endToEnd: 'VIR-1', returned: 'AC04' }]);
  expect((await openLines(db.database, organisation)).toSorted()).toEqual(['C1 debit FA-1001 40.00', 'C2 debit FA-2001 70.00', 'C3 debit FA-3001 30.00']);
  const refunds = await db.database.inTenant(organisation, (t) => t.rows<{ code: string; amount: string }>(t.sql`
    select c.code, i.amount::text from ${t.from('item')} i join ${t.from('customer')} c on c.customer_id = i.customer_id where i.kind = 'refund' and i.voided_at is null order by c.code`));
  expect(refunds).toEqual([{ code: 'C1', amount: '5100' }, { code: 'C2', amount: '6900' }, { code: 'C3', amount: '3000' }]);
  await verified(db.database, organisation);
  await expect(undo(organisation, match)).rejects.toMatchObject({ kind: 'fixed', said: { fr: expect.stringContaining('reparti') as string } });
  if (back.importId === null) throw new Error('not imported');
  expect((await undoImport(db.database, { organisation, importId: back.importId, clock: clockAt(TODAY), actor: 'test' })).status).toBe('undone');
  expect(await linesOf(db.database, organisation)).toEqual(settled);
  await undo(organisation, match);
  expect(await openLines(db.database, organisation)).toEqual(OPEN);
  await verified(db.database, organisation);
});

test('a group that pays for its members by itself: a receipt of each, undone as one', async () => {
  const organisation = await givenLedger(db.database, LEDGER.slice(2));
  for (const code of ['C2', 'C3']) {
    const customer = await customerNamed(db.database, organisation, code);
    await db.database.inTenant(organisation, (t) => t.run(t.sql`${t.update('customer', 'c')} set payer_group = 'Holding' where ${t.own('c')} and c.customer_id = ${customer}::bigint`));
  }
  await givenMoney(db.database, organisation, [{ on: '2026-03-02', cents: 100_00, name: 'Client C2', text: 'FA-2001 FA-3001' }]);
  const before = await linesOf(db.database, organisation);
  const [one] = await matchLines(db.database, { organisation, today: day(TODAY), clock: clockAt(TODAY), actor: 'test', auto: true });
  expect(one?.offers.offers[0]?.shares.map(({ parts }) => parts.length)).toEqual([1, 1]);
  const match = one?.match ?? await placeByPerson(db.database, organisation, {
    key: await firstLine(db.database, organisation), uses: [await useOn(db.database, organisation, { code: 'C2', parts: { 'FA-2001': '70.00' } }), await useOn(db.database, organisation, { code: 'C3', parts: { 'FA-3001': '30.00' } })], by,
  });
  expect(await openLines(db.database, organisation)).toEqual([]);
  await verified(db.database, organisation);
  await undo(organisation, match);
  expect(await linesOf(db.database, organisation)).toEqual(before);
});

test('a debt is let go of in two pieces without money, each undone by itself', async () => {
  const organisation = await givenLedger(db.database, LEDGER.slice(2));
  const before = await linesOf(db.database, organisation);
  const { parts: [part] } = await useOn(db.database, organisation, { code: 'C2', parts: { 'FA-2001': '0' } });
  const go = (amount: string): Promise<MatchId> => writeOff(db.database, organisation, { asked: { item: part?.item ?? ('0' as never), amount, reason: 'goodwill', note: 'client fidèle' }, by });
  const first = await go('20.00');
  const second = await go('50.00');
  expect(await openLines(db.database, organisation)).toEqual(['C3 debit FA-3001 30.00']);
  await expect(go('0.01')).rejects.toMatchObject({ kind: 'conflict', said: { fr: expect.stringContaining('FA-2001 est déjà soldée') as string, en: expect.stringContaining('FA-2001 is settled already') as string } });
  await undo(organisation, first);
  expect(await openLines(db.database, organisation)).toEqual(['C2 debit FA-2001 20.00', 'C3 debit FA-3001 30.00']);
  await undo(organisation, second);
  expect(await linesOf(db.database, organisation)).toEqual(before);
  await verified(db.database, organisation);
});

test('what a placing left is used by another one: the first cannot be undone before the second', async () => {
  const organisation = await givenLedger(db.database, LEDGER);
  await givenMoney(db.database, organisation, [{ on: '2026-03-02', cents: 60_00, name: 'Client C1' }]);
  const before = await linesOf(db.database, organisation);
  const line = await place(organisation, [{ code: 'C1' }]);
  const receipt = await db.database.inTenant(organisation, (t) => t.one<{ id: string }>(t.sql`select i.item_id as id from ${t.from('item')} i where i.natural_key like 'bank|%'`));
  const credit = await placeByPerson(db.database, organisation, {
    key: { kind: 'credit', item: (receipt?.id ?? '0') as never }, uses: [await useOn(db.database, organisation, { code: 'C1', parts: { 'FA-1001': '50.00' } })], by,
  });
  await expect(undo(organisation, line)).rejects.toMatchObject({ kind: 'fixed', said: { fr: expect.stringContaining('autre lettrage') as string } });
  await undo(organisation, credit);
  await undo(organisation, line);
  expect(await linesOf(db.database, organisation)).toEqual(before);
  await verified(db.database, organisation);
});

test('undoing an import takes back what went by itself and stops before what a person did', async () => {
  const organisation = await givenLedger(db.database, LEDGER);
  const before = await linesOf(db.database, organisation);
  const statement = await givenMoney(db.database, organisation, [{ on: '2026-03-02', cents: 70_00, name: 'Client C2', text: 'FA-2001' }, { on: '2026-03-02', cents: 30_00, name: 'Client C3', text: 'merci' }]);
  await matchLines(db.database, { organisation, today: day(TODAY), clock: clockAt(TODAY), actor: 'test', auto: true });
  expect(await openLines(db.database, organisation)).toEqual([OPEN[0], OPEN[1], OPEN[3]]);
  if (statement.importId === null) throw new Error('not imported');
  const options = { organisation, importId: statement.importId, clock: clockAt(TODAY), actor: 'test' };
  const [, second] = await db.database.inTenant(organisation, (t) => t.rows<{ line: string }>(t.sql`select l.bank_line_id as line from ${t.from('bank_line')} l order by l.bank_line_id`));
  const byHand = await placeByPerson(db.database, organisation, { key: { kind: 'bankLine', line: (second?.line ?? '0') as never }, uses: [await useOn(db.database, organisation, { code: 'C3', parts: { 'FA-3001': '30.00' } })], by });
  expect(await undoImport(db.database, options)).toMatchObject({ status: 'blocked', blocking: [{ code: 'undo.bankLineUsed' }] });
  await undo(organisation, byHand);
  expect((await undoImport(db.database, options)).status).toBe('undone');
  expect(await linesOf(db.database, organisation)).toEqual(before);
  await verified(db.database, organisation);
});

test('undoing the ledger frees the money that paid its invoices', async () => {
  const organisation = await givenLedger(db.database, []);
  await givenMoney(db.database, organisation, [{ on: '2026-03-02', cents: 70_00, name: 'Client C2', text: 'FA-2001' }]);
  const before = await linesOf(db.database, organisation);
  const ledger = await importText(db.database, organisation, { text: fecOf(LEDGER.map((line) => ({ ...line, on: line.on.replace('2026-', '2027-') }))), today: day('2027-03-31') });
  await matchLines(db.database, { organisation, today: day(TODAY), clock: clockAt(TODAY), actor: 'test', auto: true });
  expect((await openLines(db.database, organisation)).filter((line) => line.startsWith('C2'))).toEqual([]);
  if (ledger.importId === null) throw new Error('not imported');
  expect((await undoImport(db.database, { organisation, importId: ledger.importId, clock: clockAt(TODAY), actor: 'test' })).status).toBe('undone');
  expect(await linesOf(db.database, organisation)).toEqual(before);
  await verified(db.database, organisation);
});
