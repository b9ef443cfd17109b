import { afterAll, beforeAll, expect, test } from 'vitest';
import { day } from '#core/kernel/day.ts';
import type { OrganisationId } from '#core/kernel/id.ts';
import { openLines, verified } from '#server/review/given-ledger.ts';
import { linesOf } from '#server/testing/books.ts';
import { testDatabase } from '#server/testing/database.ts';
import type { TestDatabase } from '#server/testing/database.ts';
import { clockAt, importText } from '#server/testing/given.ts';
import { ublOf } from '#server/testing/invoice-files.ts';
import type { MatchId } from './apply.ts';
import { inTurn } from './in-turn.ts';
import { matchLines } from './match-lines.ts';
import type { Matched } from './match-lines.ts';
import { placeByPerson } from './place.ts';
import { by, firstLine, givenLedger, givenMoney, itemNamed, TODAY, useOn } from './testing/given-money.ts';
import { undoMatch } from './undo-match.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

const pass = (organisation: OrganisationId, auto = true): Promise<Matched[]> => matchLines(db.database, { organisation, today: day(TODAY), clock: clockAt(TODAY), actor: 'test', auto });
const undo = (organisation: OrganisationId, match: MatchId): Promise<void> => inTurn(db.database, organisation, (t) => undoMatch(t, match, { ...by, reason: 'erreur' }));

/** A credit note that names its invoice in its label, beside another invoice. */
const noted = (): Promise<OrganisationId> => givenLedger(db.database, [
  { code: 'C1', piece: 'FA-1001', on: '2026-02-01', debit: '50,00' }, { code: 'C1', piece: 'FA-1002', on: '2026-02-02', debit: '80,00' },
  { code: 'C1', piece: 'AV-0007', on: '2026-02-05', credit: '20,00', journal: 'VT', label: 'Avoir sur FA-1002' }, { code: 'C2', piece: 'RC-1', on: '2026-02-06', credit: '5,00' },
]);

test('a credit note that names its invoice is set against it by itself; one beside which nothing is owed is not even proposed', async () => {
  const organisation = await noted();
  const before = await linesOf(db.database, organisation);
  const [proposed, ...others] = await pass(organisation, false);
  expect(others).toEqual([]);
  expect(proposed).toMatchObject({ incoming: { source: 'credit', id: `credit-${await itemNamed(db.database, organisation, 'AV-0007')}` }, match: null });
  expect(await linesOf(db.database, organisation)).toEqual(before);
  const [made] = await pass(organisation);
  expect(await openLines(db.database, organisation)).toEqual(['C1 debit FA-1001 50.00', 'C1 debit FA-1002 60.00', 'C2 credit RC-1 5.00']);
  await verified(db.database, organisation);
  if (made?.match === null || made?.match === undefined) throw new Error('not placed');
  await undo(organisation, made.match);
  expect(await linesOf(db.database, organisation)).toEqual(before);
});

test('what a person took back does not go by itself again', async () => {
  const organisation = await noted();
  const [made] = await pass(organisation);
  await undo(organisation, made?.match ?? ('0' as MatchId));
  const [again] = await pass(organisation);
  expect([again?.match, again?.offers.automatic, again?.offers.why]).toEqual([null, null, 'undoneBefore']);
  await givenMoney(db.database, organisation, [{ on: '2026-03-02', cents: 50_00, name: 'Client C1', text: 'FA-1001' }]);
  const [line] = await pass(organisation);
  await undo(organisation, line?.match ?? ('0' as MatchId));
  expect((await pass(organisation))[0]).toMatchObject({ match: null, offers: { why: 'undoneBefore' } });
});

test('a credit that a transfer takes in is not proposed a second time in the same pass', async () => {
  const organisation = await noted();
  await givenMoney(db.database, organisation, [{ on: '2026-03-02', cents: 110_00, name: 'Client C1', text: 'FA-1001 FA-1002 AV-0007' }]);
  const found = await pass(organisation);
  expect(found.map(({ incoming }) => incoming.source)).toEqual(['bankLine']);
  expect(found[0]?.offers.offers[0]?.candidate.credits).toHaveLength(1);
  await verified(db.database, organisation);
});

test('a credit note that arrives as an e-invoice is proposed for the invoice it says it corrects', async () => {
  const organisation = await givenLedger(db.database, [{ code: 'C1', piece: 'FA-1001', on: '2026-02-01', debit: '50,00' }]);
  await db.database.inTenant(organisation, (t) => t.run(t.sql`${t.update('customer', 'c')} set siren = '123456782' where ${t.own('c')} and c.code = 'C1'`));
  const report = await importText(db.database, organisation, {
    text: ublOf({ number: 'AV-77', on: '2026-02-20', cents: 50_00, credit: true, buyer: 'Client C1', buyerSiren: '123456782' }).replace('<cac:AccountingSupplierParty>', '<cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>FA-1001</cbc:ID></cac:InvoiceDocumentReference></cac:BillingReference><cac:AccountingSupplierParty>'),
    name: 'avoir.xml', today: day('2026-03-01'),
  });
  expect(report.status).toBe('applied');
  await pass(organisation);
  expect(await openLines(db.database, organisation)).toEqual([]);
  await verified(db.database, organisation);
});

test('money that a person left on an account is proposed when an invoice comes, and does not go by itself', async () => {
  const organisation = await givenLedger(db.database, [{ code: 'C1', piece: 'FA-1001', on: '2026-02-01', debit: '50,00' }]);
  await givenMoney(db.database, organisation, [{ on: '2026-03-02', cents: 50_00, name: 'Client C1', text: 'FA-1001' }]);
  await placeByPerson(db.database, organisation, { key: await firstLine(db.database, organisation), uses: [await useOn(db.database, organisation, { code: 'C1' })], by });
  const [found] = await pass(organisation);
  expect(found).toMatchObject({ match: null, incoming: { source: 'credit' }, offers: { why: 'leftByPerson' } });
  expect(found?.offers.offers[0]?.candidate.parts).toHaveLength(1);
});
