import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { altered, codesOf, invoiceOf, readInvoiceText } from '../testing/invoice-texts.ts';

const fixture = (name: string): string => readFileSync(join(import.meta.dirname, '../../../../fixtures', name), 'utf8');
const INVOICE = fixture('ubl/invoice.xml');
const CREDIT = fixture('ubl/credit_note.xml');

test('a French UBL invoice gives what getting it paid needs, and nothing is doubtful', () => {
  const reading = readInvoiceText(INVOICE);
  expect(reading).toMatchObject({ contradictions: [], problems: [], proposedDueOn: null });
  expect(reading.invoice).toMatchObject({
    syntax: 'ubl', profile: 'urn:cen.eu:en16931:2017', number: 'F2026-0201', typeCode: '380', kind: 'invoice', issuedOn: '2026-09-05', currency: 'EUR', lines: 2,
    // The time zone says where it is that day and moves nothing.
    dueDates: [{ on: '2026-10-05', minor: null }], termsText: '30 jours net',
    totals: { net: 19_000n, tax: 3_800n, gross: 22_800n, prepaid: 2_800n, rounding: null, due: 20_000n },
    taxes: [{ category: 'S', rate: '20.00', base: 19_000n, tax: 3_800n }],
    seller: { name: 'Atelier Verrier SARL', siren: '000900019' },
    buyer: { name: 'Hôtel du Phare SAS', siren: '000900027', electronicAddress: { scheme: '0225', id: '000900027' }, city: 'Vannes', country: 'FR', email: 'compta@hotel-du-phare.example' },
    payments: [{ meansCode: '58', iban: 'FR1420041010050500013M02606', account: null, bic: 'PSSTFRPPLYO', reference: 'F2026-0201 C00042' }],
    references: { buyer: 'SERVICE-TECHNIQUE', order: 'CMD-2026-118', contract: 'MARCHE-7', project: 'RENOV-26', preceding: [] },
  });
});

test('the subject code opens the note between two "#"; a note without one is whole', () => {
  expect(invoiceOf(INVOICE).notes).toEqual([
    { code: 'PMT', text: 'Indemnité forfaitaire pour frais de recouvrement : 40 €.' },
    { code: 'PMD', text: 'Pénalités de retard : trois fois le taux d’intérêt légal.' },
    { code: 'AAB', text: 'Pas d’escompte pour paiement anticipé.' },
    { code: null, text: 'Merci de votre confiance.' },
  ]);
  expect(invoiceOf(altered(INVOICE, 'Merci de votre confiance.', '#SKONTO#TAGE=14#PROZENT=2.25#')).notes.at(-1)).toEqual({ code: null, text: '#SKONTO#TAGE=14#PROZENT=2.25#' });
});

test('German discount lines of the terms stay text', () => {
  const reading = readInvoiceText(altered(INVOICE, '30 jours net', '#SKONTO#TAGE=14#PROZENT=2.25#\n#SKONTO#TAGE=28#PROZENT=1.00#'));
  expect(reading.invoice?.termsText).toBe('#SKONTO#TAGE=14#PROZENT=2.25#\n#SKONTO#TAGE=28#PROZENT=1.00#');
  expect(reading.invoice?.dueDates).toHaveLength(1);
});

describe('a credit note', () => {
  test('has its due date under the means of payment, and its project as a document of type 50', () => {
    const reading = readInvoiceText(CREDIT);
    expect(reading).toMatchObject({ contradictions: [], problems: [] });
    expect(reading.invoice).toMatchObject({
      kind: 'creditNote', number: 'A2026-0008', issuedOn: '2026-09-20', dueDates: [{ on: '2026-10-20', minor: null }], totals: { due: 6_000n }, lines: 1,
      references: { project: 'RENOV-26', preceding: [{ number: 'F2026-0201', issuedOn: '2026-09-05' }] },
    });
  });

  test('may leave its type code out: the root says what it is', () => {
    expect(invoiceOf(altered(CREDIT, '<cbc:CreditNoteTypeCode>381</cbc:CreditNoteTypeCode>', ''))).toMatchObject({ typeCode: '381', kind: 'creditNote' });
  });

  test('of the type of an invoice contradicts itself, and an invoice of the type of a credit note does', () => {
    expect(readInvoiceText(altered(CREDIT, '>381<', '>380<')).contradictions).toEqual(['intake.einvoiceTypeAndRoot']);
    expect(readInvoiceText(altered(INVOICE, '>380<', '>381<')).contradictions).toEqual(['intake.einvoiceTypeAndRoot']);
  });
});

test('an invoice without a type code is refused: nothing else says what it is', () => {
  expect(codesOf(readInvoiceText(altered(INVOICE, '<cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>', '')))).toEqual(['einvoiceMissing']);
});

test('the trading name stands in for the registered one', () => {
  expect(invoiceOf(altered(INVOICE, '<cbc:RegistrationName>Hôtel du Phare SAS</cbc:RegistrationName>', '')).buyer.name).toBe('Hôtel du Phare SAS (enseigne)');
});

test('instalments with their parts come before the one date of the root', () => {
  const parts = '<cac:PaymentTerms><cbc:Amount currencyID="EUR">50.00</cbc:Amount><cbc:InstallmentDueDate>2026-09-30</cbc:InstallmentDueDate></cac:PaymentTerms><cac:PaymentTerms><cbc:Amount currencyID="EUR">150.00</cbc:Amount><cbc:InstallmentDueDate>2026-10-31</cbc:InstallmentDueDate></cac:PaymentTerms>';
  expect(readInvoiceText(altered(INVOICE, '<cac:AllowanceCharge>', `${parts}<cac:AllowanceCharge>`))).toMatchObject({
    contradictions: [], invoice: { dueDates: [{ on: '2026-09-30', minor: 5_000n }, { on: '2026-10-31', minor: 15_000n }] },
  });
});

test('a direct debit: the creditor identifier stands among the seller\'s identifiers and is none of a company', () => {
  const invoice = invoiceOf(fixture('ubl/corpus_EN16931_SEPA_Prenotification.ubl.xml'));
  expect(invoice.payments).toHaveLength(1);
  expect(invoice.payments[0]).toMatchObject({ meansCode: '59', mandateId: 'REF A-123', creditorId: 'DE98ZZZ09999999999' });
});

test('an account that is no IBAN is kept as it is, without a warning', () => {
  const reading = readInvoiceText(altered(INVOICE, 'FR14 2004 1010 0505 0001 3M02 606', '00-12-34 55667788'));
  expect(reading).toMatchObject({ problems: [], invoice: { payments: [{ iban: null, account: '00-12-34 55667788' }] } });
});

test('partial invoice of the corpus: what was paid before is not due again', () => {
  expect(invoiceOf(fixture('ubl/corpus_EN16931_1_Teilrechnung.ubl.xml')).totals).toMatchObject({ gross: 19_765n, prepaid: 5_000n, due: 14_765n });
});

test('corrected invoice of the corpus: negative, held', () => {
  const reading = readInvoiceText(fixture('ubl/corpus_EN16931_Rechnungskorrektur.ubl.xml'));
  expect(reading.contradictions).toEqual(['intake.einvoiceNegative']);
  expect(reading.invoice).toMatchObject({ typeCode: '384', totals: { due: -879n } });
});
