import { afterAll, beforeAll, expect, test } from 'vitest';
import { day } from '#core/kernel/day.ts';
import type { HoldId, OrganisationId } from '#core/kernel/id.ts';
import { verify } from '#server/audit/verify.ts';
import { endHold } from '#server/holds/holds.ts';
import { openLines } from '#server/review/given-ledger.ts';
import { linesOf } from '#server/testing/books.ts';
import { testDatabase } from '#server/testing/database.ts';
import type { TestDatabase } from '#server/testing/database.ts';
import { clockAt, fecOf, givenOrganisation, importText } from '#server/testing/given.ts';
import { cdarOf, ublOf } from '#server/testing/invoice-files.ts';
import type { Invoiced } from '#server/testing/invoice-files.ts';
import type { ImportReport } from '../import-file.ts';
import { decideDocument, listReviews } from '../review.ts';
import { undoImport } from '../undo-import.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

const codes = (report: ImportReport): string[] => report.problems.map((one) => one.code.replace('intake.', ''));
const give = (organisation: OrganisationId, text: string, name = 'facture.xml'): Promise<ImportReport> => importText(db.database, organisation, { text, name });

const holds = (organisation: OrganisationId): Promise<string[]> => db.database.inTenant(organisation, async (t) => {
  const rows = await t.rows<{ text: string }>(t.sql`
    select concat_ws(' ', i.document, h.kind, h.reason, h.amount, h.from_on, case when h.ended_on is not null then 'ended ' || h.ended_reason end) as text
    from ${t.from('hold')} h join ${t.from('item')} i on i.item_id = h.item_id order by h.hold_id`);
  return rows.map((row) => row.text);
});

const verified = async (organisation: OrganisationId): Promise<void> => {
  expect((await db.database.inTenant(organisation, verify)).filter((check) => !check.ok)).toEqual([]);
};

const ROUX: Invoiced = { number: 'FA-100', on: '2026-03-02', due: '2026-04-15', cents: 120_00, buyer: 'Menuiserie Roux', buyerSiren: '732829320', buyerEmail: 'compta@roux.test' };

const items = (organisation: OrganisationId): Promise<string[]> => db.database.inTenant(organisation, async (t) => {
  const rows = await t.rows<{ text: string }>(t.sql`
    select concat_ws(' ', c.code, i.side, i.kind, i.document, i.amount, i.due_on, i.due_source) as text from ${t.from('item')} i join ${t.from('customer')} c on c.customer_id = i.customer_id
    where i.voided_at is null order by i.item_id`);
  return rows.map((row) => row.text);
});

test('an e-invoice makes its customer, its contact, its item with the due day it states, and keeps the file', async () => {
  const organisation = await givenOrganisation(db.database);
  const report = await give(organisation, ublOf(ROUX));
  expect(report).toMatchObject({ status: 'applied', format: 'ubl', lines: 1, created: { customers: 1, debits: 1, credits: 0 }, totals: { debit: '120.00', credit: '0.00', balance: '120.00' }, problems: [] });
  expect(await items(organisation)).toEqual(['732829320 debit invoice FA-100 12000 2026-04-15 file']);
  const kept = await db.database.inTenant(organisation, (t) => t.one<{ text: string; email: string; city: string }>(t.sql`
    select convert_from(f.content, 'UTF8') as text, (select k.email from ${t.from('contact')} k) as email, (select c.city from ${t.from('customer')} c) as city from ${t.from('document_file')} f`));
  expect(kept).toEqual({ text: ublOf(ROUX), email: 'compta@roux.test', city: 'Nantes' });
  expect((await give(organisation, ublOf(ROUX))).status).toBe('unchanged');
  const again = await give(organisation, ublOf(ROUX).replaceAll('\n', '\r\n'));
  expect(again).toMatchObject({ status: 'applied', created: { customers: 0, debits: 0 } });
  expect(codes(again)).toEqual(['einvoiceKnown']);
  expect(await items(organisation)).toHaveLength(1);
  await verified(organisation);
});

test('a credit note is a credit, a prepaid invoice owes the rest, one wholly prepaid owes nothing', async () => {
  const organisation = await givenOrganisation(db.database);
  await give(organisation, ublOf({ ...ROUX, number: 'AV-1', credit: true, cents: 20_00 }));
  await give(organisation, ublOf({ ...ROUX, number: 'FA-101', cents: 70_00, prepaid: 50_00 }));
  await give(organisation, ublOf({ ...ROUX, number: 'FA-102', cents: 0, prepaid: 50_00 }));
  expect(await items(organisation)).toEqual(['732829320 credit creditNote AV-1 2000 none', '732829320 debit invoice FA-101 7000 2026-04-15 file']);
  await verified(organisation);
});

test('a ledger that comes after the e-invoice finds its items and gives the customer its code; undo gives the former code back', async () => {
  const organisation = await givenOrganisation(db.database);
  await give(organisation, ublOf(ROUX));
  await give(organisation, ublOf({ ...ROUX, number: 'AV-1', credit: true, cents: 20_00 }));
  const before = await linesOf(db.database, organisation);
  const ledger = await importText(db.database, organisation, { text: fecOf([
    { code: 'C0042', piece: 'FA-100', on: '2026-03-02', debit: '120,00' }, { code: 'C0042', piece: 'AV-1', on: '2026-03-02', credit: '20,00', label: 'Avoir AV-1' },
    { code: 'C0043', piece: 'FA-200', on: '2026-03-05', debit: '10,00' },
    { code: 'C0043', piece: 'FA-201', on: '2026-03-05', debit: '9,00', letter: 'AA' }, { code: 'C0043', piece: 'RC-1', on: '2026-03-06', credit: '9,00', letter: 'AA' },
  ]) });
  expect(ledger).toMatchObject({ status: 'applied', created: { customers: 1, debits: 2, credits: 1 } });
  expect(await openLines(db.database, organisation)).toEqual(['C0042 debit FA-100 120.00', 'C0042 credit AV-1 20.00', 'C0043 debit FA-200 10.00']);
  await verified(organisation);
  await undoImport(db.database, { organisation, importId: ledger.importId ?? ('' as never), clock: clockAt('2026-06-30'), actor: 'test' });
  expect(await linesOf(db.database, organisation)).toEqual(before);
});

test('an e-invoice that comes after the ledger brings no second debt: the item learns its due day, the customer its SIREN', async () => {
  const organisation = await givenOrganisation(db.database);
  await importText(db.database, organisation, { text: fecOf([{ code: 'C0042', piece: 'FA-100', on: '2026-03-02', debit: '120,00' }]) });
  const report = await give(organisation, ublOf(ROUX));
  expect(report).toMatchObject({ created: { customers: 0, debits: 0 }, changed: { dueDays: 1 } });
  expect(await items(organisation)).toEqual(['C0042 debit invoice FA-100 12000 2026-04-15 file']);
  const other = await give(organisation, ublOf({ ...ROUX, number: 'FA-103', cents: 5_00 }));
  expect(other.created).toMatchObject({ customers: 0, debits: 1 });
  const wrong = await give(organisation, ublOf({ ...ROUX, number: 'FA-104', cents: 9_00 }));
  expect(codes(wrong)).toEqual([]);
  await undoImport(db.database, { organisation, importId: wrong.importId ?? ('' as never), clock: clockAt('2026-06-30'), actor: 'test' });
  expect(await items(organisation)).toHaveLength(2);
});

test('an amount that the ledger has otherwise is reported and the ledger stays', async () => {
  const organisation = await givenOrganisation(db.database);
  await give(organisation, ublOf({ ...ROUX, number: 'FA-1', cents: 1_00 }));
  await importText(db.database, organisation, { text: fecOf([{ code: '732829320', piece: 'FA-100', on: '2026-03-02', debit: '110,00' }]) });
  const report = await give(organisation, ublOf(ROUX));
  expect(codes(report)).toEqual(['einvoiceAmountDiffers']);
  expect(await openLines(db.database, organisation)).toContain('732829320 debit FA-100 110.00');
});

test('S2-052: totals that contradict each other are set aside; accepted they are owed as written, discarded not', async () => {
  const organisation = await givenOrganisation(db.database);
  const report = await give(organisation, ublOf({ ...ROUX, gross: 130_00 }));
  expect(report).toMatchObject({ status: 'applied', created: { customers: 0, debits: 0 }, changed: { review: 1 } });
  await give(organisation, ublOf({ ...ROUX, number: 'FA-105', gross: 1_00 }));
  expect(await items(organisation)).toEqual([]);
  const reviews = await db.database.inTenant(organisation, listReviews);
  expect(reviews.map((one) => (one.kind === 'document' ? [one.number, one.due, one.gross] : []))).toEqual([['FA-100', '12000', '13000'], ['FA-105', '12000', '100']]);
  const by = { now: clockAt('2026-07-01').now(), today: day('2026-07-01'), actor: 'user:1' };
  const decide = (index: number, decision: 'accepted' | 'discarded') => db.database.inTenant(organisation, (t) => decideDocument(t, reviews[index]?.id as never, { decision, by }));
  expect(await decide(0, 'accepted')).toBe(true);
  expect(await decide(1, 'discarded')).toBe(true);
  expect(await decide(1, 'accepted')).toBe(false);
  expect(await items(organisation)).toEqual(['732829320 debit invoice FA-100 12000 2026-04-15 file']);
  expect(await db.database.inTenant(organisation, listReviews)).toEqual([]);
  await verified(organisation);
  await undoImport(db.database, { organisation, importId: report.importId ?? ('' as never), clock: clockAt('2026-07-02'), actor: 'test' });
  expect(await items(organisation)).toEqual([]);
});

test('S1-074, S1-075: one number for another customer or another amount is set aside, and owed twice by nobody', async () => {
  const organisation = await givenOrganisation(db.database);
  await give(organisation, ublOf(ROUX));
  expect(codes(await give(organisation, ublOf({ ...ROUX, buyer: 'Garage Petit', buyerSiren: '404833048' })))).toEqual(['einvoiceNumberTwice']);
  expect(codes(await give(organisation, ublOf({ ...ROUX, cents: 121_00 })))).toEqual(['einvoiceNumberTwice']);
  expect(await items(organisation)).toHaveLength(1);
  expect(await db.database.inTenant(organisation, listReviews)).toHaveLength(2);
});

test('S2-053: an account that is not ours keeps the invoice aside; ours does not', async () => {
  const organisation = await givenOrganisation(db.database);
  expect(codes(await give(organisation, ublOf({ ...ROUX, iban: 'DE89370400440532013000' })))).toEqual(['einvoiceOtherAccount']);
  expect(codes(await give(organisation, ublOf({ ...ROUX, number: 'FA-106', iban: 'FR14 2004 1010 0505 0001 3M02 606' })))).toEqual([]);
  expect(await items(organisation)).toHaveLength(1);
});

test('an invoice of another company and a purchase are refused with who is who', async () => {
  const organisation = await givenOrganisation(db.database, { entity: { legalForm: 'SAS', siren: '443061841', address: [], email: null } });
  const purchase = await give(organisation, ublOf({ ...ROUX, sellerName: 'Fournisseur', sellerSiren: '732829320', buyerSiren: '443061841' }));
  expect([purchase.status, codes(purchase)]).toEqual(['refused', ['einvoicePurchase']]);
  const other = await give(organisation, ublOf({ ...ROUX, sellerName: 'Autre', sellerSiren: '404833048' }));
  expect([other.status, codes(other)]).toEqual(['refused', ['einvoiceOtherIssuer']]);
  expect(await items(organisation)).toEqual([]);
});

test('a disputed invoice is held from the day it is disputed, and an approval ends it', async () => {
  const organisation = await givenOrganisation(db.database);
  await give(organisation, ublOf(ROUX));
  const disputed = await give(organisation, cdarOf({ number: 'FA-100', status: 207, on: '2026-03-20', reason: 'QTE_ERR', note: '8 colis sur 10' }), 'statut.xml');
  expect(disputed).toMatchObject({ status: 'applied', format: 'cdar', changed: { holdsOpened: 1 } });
  expect(await holds(organisation)).toEqual(['FA-100 dispute QTE_ERR 2026-03-20']);
  expect(await give(organisation, cdarOf({ number: 'FA-100', status: 204, on: '2026-03-10' }), 'avant.xml')).toMatchObject({ changed: { holdsOpened: 0, holdsEnded: 0 } });
  expect(await give(organisation, cdarOf({ number: 'FA-100', status: 205, on: '2026-03-25' }), 'apres.xml')).toMatchObject({ changed: { holdsEnded: 1 } });
  expect(await holds(organisation)).toEqual(['FA-100 dispute QTE_ERR 2026-03-20 ended eInvoice205']);
  expect(await give(organisation, cdarOf({ number: 'FA-100', status: 207, on: '2026-03-21', reason: 'PU_ERR' }), 'retard.xml')).toMatchObject({ changed: { holdsOpened: 0 } });
  await verified(organisation);
});

test.each([[208, 'pause'], [210, 'dispute'], [213, 'dispute'], [220, 'dispute']])('status %i holds the invoice by a %s', async (status, kind) => {
  const organisation = await givenOrganisation(db.database);
  await give(organisation, ublOf(ROUX));
  const report = await give(organisation, cdarOf({ number: 'FA-100', status, on: '2026-03-20', reason: status === 208 ? 'JUSTIF_ABS' : 'DOUBLON' }), 'statut.xml');
  expect([status, report.status, codes(report)]).toEqual([status, 'applied', []]);
  expect((await holds(organisation)).map((one) => one.split(' ')[1])).toEqual([kind]);
  await undoImport(db.database, { organisation, importId: report.importId ?? ('' as never), clock: clockAt('2026-06-30'), actor: 'test' });
  expect((await holds(organisation))[0]).toContain('ended importUndone');
});

test('a partly approved invoice keeps what is not approved in dispute', async () => {
  const organisation = await givenOrganisation(db.database);
  await give(organisation, ublOf(ROUX));
  await give(organisation, cdarOf({ number: 'FA-100', status: 206, on: '2026-03-20', reason: 'PU_ERR', approved: 90_00 }), 'statut.xml');
  expect(await holds(organisation)).toEqual(['FA-100 dispute PU_ERR 3000 2026-03-20']);
});

test('a person who ended the hold is not overruled by the same status again, nor by a new import of the ledger', async () => {
  const organisation = await givenOrganisation(db.database);
  await give(organisation, ublOf(ROUX));
  await give(organisation, cdarOf({ number: 'FA-100', status: 207, on: '2026-03-20', reason: 'QTE_ERR' }), 'statut.xml');
  await db.database.inTenant(organisation, async (t) => {
    const hold = await t.one<{ hold_id: HoldId }>(t.sql`select h.hold_id from ${t.from('hold')} h`);
    if (hold !== null) await endHold(t, hold.hold_id, { on: day('2026-03-22'), reason: 'resolved', by: { clock: clockAt('2026-03-22'), actor: 'user:1' } });
  });
  await importText(db.database, organisation, { text: fecOf([{ code: 'C0042', piece: 'FA-100', on: '2026-03-02', debit: '120,00' }]) });
  await give(organisation, ublOf(ROUX).replaceAll('\n', '\r\n'));
  expect(await holds(organisation)).toEqual(['FA-100 dispute QTE_ERR 2026-03-20 ended resolved']);
});

test('a status that comes before its invoice waits for it', async () => {
  const organisation = await givenOrganisation(db.database);
  const early = await give(organisation, cdarOf({ number: 'FA-100', status: 210, on: '2026-03-20', reason: 'DOUBLON' }), 'statut.xml');
  expect(codes(early)).toEqual(['lifecycleUnknownDocument']);
  await importText(db.database, organisation, { text: fecOf([{ code: 'C0042', piece: 'FA-100', on: '2026-03-02', debit: '120,00' }]) });
  expect(await holds(organisation)).toEqual(['FA-100 dispute DOUBLON 2026-03-20']);
});

test('a status of another company is refused', async () => {
  const organisation = await givenOrganisation(db.database, { entity: { legalForm: 'SAS', siren: '443061841', address: [], email: null } });
  const report = await give(organisation, cdarOf({ number: 'FA-100', status: 207, on: '2026-03-20', reason: 'QTE_ERR', issuer: '732829320' }), 'statut.xml');
  expect([report.status, codes(report)]).toEqual(['refused', ['lifecycleOtherIssuer']]);
});
