import { afterAll, beforeAll, expect, test } from 'vitest';
import { verify } from '#server/audit/verify.ts';
import type { CustomerId, ItemId, OrganisationId } from '#core/kernel/id.ts';
import { day } from '#core/kernel/day.ts';
import { applyUses } from '#server/matching/apply.ts';
import { loadLines } from '#server/matching/waiting.ts';
import { camt053Of, cfonb120Of } from '#server/testing/bank-files.ts';
import type { Statement } from '#server/testing/bank-files.ts';
import { testDatabase } from '#server/testing/database.ts';
import type { TestDatabase } from '#server/testing/database.ts';
import { clockAt, fecOf, givenOrganisation, importText } from '#server/testing/given.ts';
import { linesOf } from '#server/testing/books.ts';
import { openLines } from '#server/review/given-ledger.ts';
import { acceptStatement, listReviews } from '../review.ts';
import { undoImport } from '../undo-import.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

type Line = { on: string; amount: string; status: string; name: string | null; reference: string | null };

const bankLines = (organisation: OrganisationId): Promise<string[]> => db.database.inTenant(organisation, async (t) => {
  const rows = await t.rows<Line>(t.sql`
    select l.booked_on as on, l.amount::text, l.status, l.counterparty_name as name, l.end_to_end_id as reference from ${t.from('bank_line')} l
    where l.voided_at is null order by l.booked_on, l.bank_line_id`);
  return rows.map((row) => [row.on, row.amount, row.status, row.name, row.reference].filter((one) => one !== null).join(' '));
});

const verified = async (organisation: OrganisationId): Promise<void> => {
  const checks = await db.database.inTenant(organisation, verify);
  expect(checks.filter((check) => !check.ok)).toEqual([]);
};

const codes = (report: { problems: readonly { code: string }[] }): string[] => report.problems.map((one) => one.code.replace('intake.', ''));

const MARCH: Statement = {
  id: 'REL-3', sequence: 3, from: '2026-03-02', until: '2026-03-06', opening: 100_00,
  movements: [
    { on: '2026-03-02', cents: 50_00, name: 'Menuiserie Roux', endToEnd: 'FA1', text: 'FA1' },
    { on: '2026-03-03', cents: 20_00, name: 'Garage Petit', text: 'acompte' },
    { on: '2026-03-03', cents: 20_00, name: 'Garage Petit', text: 'acompte' },
    { on: '2026-03-06', cents: -12_50, name: 'Banque', text: 'frais' },
  ],
};

test('a statement comes in once: its lines, both of two genuine twins, and nothing again from the same, a shuffled or an overlapping file', async () => {
  const organisation = await givenOrganisation(db.database);
  const first = await importText(db.database, organisation, { text: camt053Of(MARCH), name: 'mars.xml' });
  expect(first).toMatchObject({ status: 'applied', format: 'camt053', lines: 4, created: { bankLines: 4, debits: 0, credits: 0 }, totals: { credit: '90.00', debit: '12.50', balance: '177.50' } });
  expect(first.problems).toEqual([]);
  const known = ['2026-03-02 5000 booked Menuiserie Roux FA1', '2026-03-03 2000 booked Garage Petit', '2026-03-03 2000 booked Garage Petit', '2026-03-06 -1250 booked Banque'];
  expect(await bankLines(organisation)).toEqual(known);
  expect((await importText(db.database, organisation, { text: camt053Of(MARCH) })).status).toBe('unchanged');
  const shuffled = await importText(db.database, organisation, { text: camt053Of({ ...MARCH, movements: MARCH.movements.toReversed() }) });
  expect(shuffled).toMatchObject({ status: 'applied', created: { bankLines: 0 }, changed: { known: 4 } });
  const overlap: Statement = {
    id: 'REL-4', sequence: 4, from: '2026-03-03', until: '2026-03-09', opening: 150_00, movements: [...MARCH.movements.slice(1), { on: '2026-03-09', cents: 7_00, name: 'Nouveau' }],
  };
  expect(await importText(db.database, organisation, { text: camt053Of(overlap) })).toMatchObject({ status: 'applied', created: { bankLines: 1 }, changed: { known: 3 } });
  expect(await bankLines(organisation)).toEqual([...known, '2026-03-09 700 booked Nouveau']);
  await verified(organisation);
});

test('the same days in another format are the same money; a third twin is not', async () => {
  const organisation = await givenOrganisation(db.database);
  await importText(db.database, organisation, { text: cfonb120Of(MARCH), name: 'mars.txt' });
  expect(await importText(db.database, organisation, { text: camt053Of(MARCH), name: 'mars.xml' })).toMatchObject({ status: 'applied', created: { bankLines: 0 }, changed: { known: 4 } });
  const third: Statement = { ...MARCH, id: 'REL-3b', sequence: 9, movements: [...MARCH.movements, { on: '2026-03-03', cents: 20_00, name: 'Garage Petit', text: 'acompte' }] };
  expect(await importText(db.database, organisation, { text: camt053Of(third) })).toMatchObject({ created: { bankLines: 1 }, changed: { known: 4 } });
  expect(await bankLines(organisation)).toHaveLength(5);
});

test('a batch known as one total gives way to its transactions, and undo brings the total back', async () => {
  const organisation = await givenOrganisation(db.database);
  const total: Statement = { from: '2026-04-01', until: '2026-04-01', opening: 0, movements: [{ on: '2026-04-01', cents: 30_00, text: 'remise prlv' }] };
  await importText(db.database, organisation, { text: cfonb120Of(total), name: 'avril.txt' });
  const before = await db.database.inTenant(organisation, (t) => t.rows(t.sql`select l.amount::text from ${t.from('bank_line')} l where l.voided_at is null`));
  const split = camt053Of({ ...total, movements: [{ on: '2026-04-01', cents: 30_00, parts: [{ cents: 10_00, endToEnd: 'A', name: 'Un' }, { cents: 20_00, endToEnd: 'B', name: 'Deux' }] }] });
  const report = await importText(db.database, organisation, { text: split, name: 'avril.xml' });
  expect(report).toMatchObject({ created: { bankLines: 2 }, changed: { superseded: 1 } });
  expect(await bankLines(organisation)).toEqual(['2026-04-01 1000 booked Un A', '2026-04-01 2000 booked Deux B']);
  await verified(organisation);
  expect(report.importId).not.toBeNull();
  await undoImport(db.database, { organisation, importId: report.importId ?? ('' as never), clock: clockAt('2026-04-02'), actor: 'test' });
  expect(await db.database.inTenant(organisation, (t) => t.rows(t.sql`select l.amount::text from ${t.from('bank_line')} l where l.voided_at is null`))).toEqual(before);
});

test('S2-048: a pending entry is shown, can become no receipt, and gives way to the booked one', async () => {
  const organisation = await givenOrganisation(db.database);
  await importText(db.database, organisation, { text: fecOf([{ code: 'C1', piece: 'FA1', on: '2026-02-01', debit: '50,00' }]) });
  await importText(db.database, organisation, { text: camt053Of({ from: '2026-03-02', until: '2026-03-02', opening: 0, movements: [{ on: '2026-03-02', cents: 50_00, name: 'Roux', endToEnd: 'FA1', pending: true }] }) });
  expect(await bankLines(organisation)).toEqual(['2026-03-02 5000 pending Roux FA1']);
  expect(await receive(organisation, 'FA1', { FA1: 50_00n })).toBeNull();
  await importText(db.database, organisation, { text: camt053Of({ id: 'R2', from: '2026-03-02', until: '2026-03-03', opening: 0, movements: [{ on: '2026-03-03', cents: 50_00, name: 'Roux', endToEnd: 'FA1' }] }) });
  expect(await bankLines(organisation)).toEqual(['2026-03-03 5000 booked Roux FA1']);
  expect(await receive(organisation, 'FA1', { FA1: 50_00n })).not.toBeNull();
  expect(await openLines(db.database, organisation)).toEqual([]);
});

/** Makes the line with an end-to-end id the receipt of C1, against these documents; null when it cannot be placed. */
async function receive(organisation: OrganisationId, endToEnd: string, parts: Record<string, bigint>): Promise<string | null> {
  return db.database.inTenant(organisation, async (t) => {
    const incoming = (await loadLines(t, { limit: 1000 })).find((one) => one.incoming.references.endToEndId === endToEnd)?.incoming;
    if (incoming === undefined) return null;
    const customer = await t.one<{ id: CustomerId }>(t.sql`select c.customer_id as id from ${t.from('customer')} c`);
    const items = await t.rows<{ item: ItemId; document: string }>(t.sql`select i.item_id as item, i.document from ${t.from('item')} i where i.side = 'debit' and i.voided_at is null`);
    const paid = items.flatMap(({ item, document }) => (parts[document] === undefined ? [] : [{ item, minor: parts[document] }]));
    if (customer === null) throw new Error('no customer');
    const use = { incoming, shares: [{ customer: customer.id, parts: paid, credits: [], writeOff: null }], confidence: null, evidence: [], automatic: false };
    const { made } = await applyUses(t, [use], { now: clockAt('2026-03-10').now(), today: day('2026-03-10'), actor: 'test' });
    return made.get(incoming.id) ?? null;
  });
}

test('a returned payment re-opens what it paid from the day of the return, at the first due day; undo settles it again', async () => {
  const organisation = await givenOrganisation(db.database);
  await importText(db.database, organisation, { text: fecOf([{ code: 'C1', piece: 'FA1', on: '2026-01-10', debit: '30,00' }, { code: 'C1', piece: 'FA2', on: '2026-01-20', debit: '20,00' }]) });
  await importText(db.database, organisation, { text: camt053Of({ from: '2026-02-20', until: '2026-02-20', opening: 0, movements: [{ on: '2026-02-20', cents: 50_00, name: 'Roux', endToEnd: 'PRLV-7' }] }) });
  expect(await receive(organisation, 'PRLV-7', { FA1: 30_00n, FA2: 20_00n })).not.toBeNull();
  expect(await openLines(db.database, organisation)).toEqual([]);
  const settled = await linesOf(db.database, organisation);
  const back = await importText(db.database, organisation, {
    text: camt053Of({ id: 'R2', from: '2026-03-02', until: '2026-03-02', opening: 50_00, movements: [{ on: '2026-03-02', cents: -50_00, name: 'Roux', endToEnd: 'PRLV-7', returned: 'AM04' }] }),
  });
  expect(back).toMatchObject({ status: 'applied', changed: { takenBack: 1 }, created: { debits: 1 } });
  expect(await openLines(db.database, organisation)).toEqual(['C1 debit FA1 30.00', 'C1 debit FA2 20.00']);
  expect(await openLines(db.database, organisation, '2026-03-01')).toEqual([]);
  const due = await db.database.inTenant(organisation, (t) => t.rows<{ document: string; due_on: string }>(t.sql`select i.document, i.due_on from ${t.from('item')} i where i.document is not null order by i.document`));
  expect(due).toEqual([{ document: 'FA1', due_on: '2026-02-09' }, { document: 'FA2', due_on: '2026-02-19' }]);
  await verified(organisation);
  await undoImport(db.database, { organisation, importId: back.importId ?? ('' as never), clock: clockAt('2026-03-03'), actor: 'test' });
  expect(await linesOf(db.database, organisation)).toEqual(settled);
  await verified(organisation);
});

test('S1-080: a return of which nothing is known is named and changes no debt', async () => {
  const organisation = await givenOrganisation(db.database);
  const report = await importText(db.database, organisation, { text: camt053Of({ from: '2026-03-02', until: '2026-03-02', opening: 50_00, movements: [{ on: '2026-03-02', cents: -50_00, endToEnd: 'X', returned: 'MD06' }] }) });
  expect(codes(report)).toEqual(['returnUnknown']);
  expect(report.created).toMatchObject({ bankLines: 1, debits: 0, allocations: 0 });
});

test('S1-076, S1-081: a statement that does not balance is set aside; nothing of it can be allocated before a person accepts it', async () => {
  const organisation = await givenOrganisation(db.database);
  await importText(db.database, organisation, { text: fecOf([{ code: 'C1', piece: 'FA1', on: '2026-02-01', debit: '50,00' }]) });
  const report = await importText(db.database, organisation, { text: camt053Of({ from: '2026-03-02', until: '2026-03-02', opening: 0, closing: -50_00, movements: [{ on: '2026-03-02', cents: 50_00, endToEnd: 'FA1' }] }) });
  expect(codes(report)).toEqual(['statementUnbalanced']);
  expect(await receive(organisation, 'FA1', { FA1: 50_00n })).toBeNull();
  const [review] = await db.database.inTenant(organisation, listReviews);
  expect(review).toMatchObject({ kind: 'statement', codes: ['unbalanced'], opening: '0', closing: '-5000', movement: '5000' });
  const accepted = await db.database.inTenant(organisation, (t) => acceptStatement(t, review?.id as never, { now: clockAt('2026-03-05').now(), today: '2026-03-05' as never, actor: 'user:1' }));
  expect(accepted).toBe(true);
  expect(await receive(organisation, 'FA1', { FA1: 50_00n })).not.toBeNull();
  await verified(organisation);
});

test('S1-077, S1-078: a missing page is named, and a number given twice to different contents is set aside', async () => {
  const organisation = await givenOrganisation(db.database);
  await importText(db.database, organisation, { text: camt053Of(MARCH) });
  const gap = await importText(db.database, organisation, { text: camt053Of({ id: 'REL-5', sequence: 5, from: '2026-03-16', until: '2026-03-16', opening: 400_00, movements: [{ on: '2026-03-16', cents: 1_00 }] }) });
  expect(codes(gap)).toEqual(['statementGap']);
  const twice = await importText(db.database, organisation, { text: camt053Of({ ...MARCH, movements: [{ on: '2026-03-05', cents: 99_00, name: 'Autre' }] }) });
  expect(codes(twice)).toEqual(['statementNumberTwice']);
  expect((await db.database.inTenant(organisation, listReviews)).map((one) => one.codes)).toEqual([['sameNumber']]);
});

test('S2-049: the statement of an account that is not ours is refused, until a person says it is', async () => {
  const organisation = await givenOrganisation(db.database);
  const other = camt053Of({ ...MARCH, iban: 'FR7630006000011234567890189' });
  const refused = await importText(db.database, organisation, { text: other });
  expect(refused).toMatchObject({ status: 'refused', lines: 4 });
  expect(codes(refused)).toEqual(['bankAccountForeign']);
  expect(await bankLines(organisation)).toEqual([]);
  expect(await importText(db.database, organisation, { text: other, newAccount: true })).toMatchObject({ status: 'applied', created: { bankLines: 4 } });
  expect(await importText(db.database, organisation, { text: camt053Of({ ...MARCH, id: 'B', iban: 'FR7630006000011234567890189', sequence: 8, from: '2026-03-09', until: '2026-03-09', opening: 177_50, movements: [] }) })).toMatchObject({ status: 'applied' });
});

test('S2-050: the same message name with other contents is set aside', async () => {
  const organisation = await givenOrganisation(db.database);
  const without = { id: MARCH.id ?? '', from: MARCH.from, until: MARCH.until, opening: MARCH.opening, movements: MARCH.movements };
  await importText(db.database, organisation, { text: camt053Of(without) });
  const other = await importText(db.database, organisation, { text: camt053Of({ ...without, movements: [...without.movements, { on: '2026-03-05', cents: 5_00, name: 'En plus' }] }) });
  expect(codes(other)).toEqual(['statementNumberTwice']);
});
