import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { altered, codesOf, invoiceOf, readInvoiceText } from '../testing/invoice-texts.ts';

const fixture = (name: string): string => readFileSync(join(import.meta.dirname, '../../../../fixtures', name), 'utf8');

describe('a French Factur-X BASIC WL invoice', () => {
  const invoice = invoiceOf(fixture('cii/invoice_basicwl.xml'));

  test('gives what getting it paid needs', () => {
    expect(invoice).toMatchObject({
      syntax: 'cii', profile: 'urn:factur-x.eu:1p0:basicwl', number: 'F2026-0101', typeCode: '380', kind: 'invoice', issuedOn: '2026-09-01', currency: 'EUR',
      dueDates: [{ on: '2026-10-01', minor: null }], termsText: '30 jours net', payee: null, lines: 0,
      totals: { net: 120_000n, tax: 24_000n, gross: 144_000n, prepaid: 44_000n, rounding: null, due: 100_000n },
      taxes: [{ category: 'S', rate: '20.00', base: 120_000n, tax: 24_000n }],
      payments: [{ meansCode: '58', iban: 'FR1420041010050500013M02606', account: null, bic: null, reference: 'F2026-0101 C00042', mandateId: null, creditorId: null }],
      references: { buyer: null, order: 'CMD-2026-118', contract: null, project: null, preceding: [] },
    });
    expect(invoice.notes.map(({ code }) => code)).toEqual(['PMT', 'PMD', 'AAB']);
  });

  test('the buyer has numbers whose check digits are right, and a contact', () => {
    expect(invoice.buyer).toEqual({
      name: 'Hôtel du Phare SAS', siren: '000900027', siret: '00090002700004', vatNumber: expect.stringMatching(/^FR\d{2}000900027$/),
      electronicAddress: { scheme: '0225', id: '000900027' }, addressLines: ['3 quai du Port'], postalCode: '56000', city: 'Vannes', country: 'FR',
      contactName: 'Comptabilité fournisseurs', email: 'compta@hotel-du-phare.example', phone: '+33 1 99 00 12 34',
    });
  });

  test('nothing is wrong or doubtful', () => {
    expect(readInvoiceText(fixture('cii/invoice_basicwl.xml'))).toMatchObject({ contradictions: [], proposedDueOn: null, problems: [] });
  });
});

test('MINIMUM has no due date and no paid amount: the amount due stands as it is', () => {
  const reading = readInvoiceText(fixture('cii/invoice_minimum.xml'));
  expect(reading.invoice?.totals).toMatchObject({ gross: 60_000n, prepaid: null, due: 45_000n });
  expect(reading.contradictions).toEqual([]);
  expect(codesOf(reading)).toEqual(['einvoiceDueMissing']);
});

describe('an EN 16931 invoice with lines, allowances, a charge and a rounding amount', () => {
  const reading = readInvoiceText(fixture('cii/invoice_en16931.xml'));

  test('fits together and keeps its references', () => {
    expect(reading.contradictions).toEqual([]);
    expect(reading.invoice).toMatchObject({
      lines: 2, totals: { net: 97_000n, gross: 116_400n, prepaid: 16_400n, rounding: 1n, due: 100_001n },
      references: { buyer: 'SERVICE-TECHNIQUE', order: 'CMD-2026-118', contract: 'MARCHE-7', project: 'RENOV-26' },
    });
  });

  test('its terms propose a due date that a person confirms; they are not one', () => {
    expect(reading.invoice?.dueDates).toEqual([]);
    expect(reading.proposedDueOn).toBe('2026-10-31');
    expect(codesOf(reading)).toEqual(['einvoiceTermsProposed']);
    expect(reading.problems[0]?.message.en).toContain('45 jours fin de mois');
  });
});

test('a credit note names the invoice it credits', () => {
  const invoice = invoiceOf(fixture('cii/credit_note_en16931.xml'));
  expect(invoice).toMatchObject({ kind: 'creditNote', typeCode: '381', dueDates: [], totals: { due: 10_200n } });
  expect(invoice.references.preceding).toEqual([{ number: 'F2026-0103', issuedOn: '2026-09-03' }]);
});

describe('the extended profile', () => {
  const text = fixture('cii/invoice_extended_ctc_fr.xml');

  test('has several due dates with their parts, a factor, group lines and freight', () => {
    const reading = readInvoiceText(text);
    expect(reading.contradictions).toEqual([]);
    expect(reading.invoice).toMatchObject({
      typeCode: '393', kind: 'invoice', lines: 3,
      dueDates: [{ on: '2026-10-04', minor: 120_800n }, { on: '2026-11-03', minor: 241_600n }],
      payee: { name: 'Affacturage de l’Ouest SA', siren: '000900035' },
    });
  });

  test('allows one cent for each line, allowance and charge, no other profile does (BR-FXEXT-CO-13)', () => {
    const off = altered(text, '<ram:LineTotalAmount>1999.995', '<ram:LineTotalAmount>2000.03');
    expect(readInvoiceText(off).contradictions).toEqual([]);
    expect(readInvoiceText(altered(text, '<ram:LineTotalAmount>1999.995', '<ram:LineTotalAmount>2000.04')).contradictions).toEqual(['intake.einvoiceNetDiffers']);
    expect(readInvoiceText(altered(off, /urn:cen.eu:en16931:2017#conformant[^<]*/, 'urn:cen.eu:en16931:2017')).contradictions).toEqual(['intake.einvoiceNetDiffers']);
  });

  test('amounts collected for others add to the amount due (BR-FXEXT-CO-16)', () => {
    const fee = '<ram:SpecifiedFinancialAdjustment><ram:ActualAmount>7.00</ram:ActualAmount></ram:SpecifiedFinancialAdjustment>';
    const due = altered(altered(text, '<ram:DuePayableAmount>3624.00', '<ram:DuePayableAmount>3631.00'), '2416.00', '2423.00');
    expect(readInvoiceText(due).contradictions).toEqual(['intake.einvoiceDueDiffers']);
    expect(readInvoiceText(altered(due, '</ram:SpecifiedTradeSettlementHeaderMonetarySummation>', `</ram:SpecifiedTradeSettlementHeaderMonetarySummation>${fee}`)).contradictions).toEqual([]);
  });

  test('a date that ends a discount is not the due date', () => {
    const discount = '<ram:SpecifiedTradePaymentTerms><ram:DueDateDateTime><udt:DateTimeString format="102">20260914</udt:DateTimeString></ram:DueDateDateTime><ram:ApplicableTradePaymentDiscountTerms/></ram:SpecifiedTradePaymentTerms>';
    const invoice = invoiceOf(altered(fixture('cii/invoice_basicwl.xml'), '<ram:SpecifiedTradePaymentTerms>', `${discount}<ram:SpecifiedTradePaymentTerms>`));
    expect(invoice.dueDates).toEqual([{ on: '2026-10-01', minor: null }]);
  });
});

test('a direct debit keeps its mandate and creditor identifier', () => {
  const text = altered(
    altered(fixture('cii/invoice_basicwl.xml'), '<ram:PaymentReference>', '<ram:CreditorReferenceID>FR12ZZZ123456</ram:CreditorReferenceID><ram:PaymentReference>'),
    '</ram:SpecifiedTradePaymentTerms>', '<ram:DirectDebitMandateID>RUM-42</ram:DirectDebitMandateID></ram:SpecifiedTradePaymentTerms>',
  );
  expect(invoiceOf(text).payments[0]).toMatchObject({ mandateId: 'RUM-42', creditorId: 'FR12ZZZ123456' });
});

test('a payment reference without means of payment is kept', () => {
  const text = fixture('cii/invoice_basicwl.xml').replace(/ {6}<ram:SpecifiedTradeSettlementPaymentMeans>.*?<\/ram:SpecifiedTradeSettlementPaymentMeans>\n/s, '');
  expect(invoiceOf(text).payments).toEqual([{ meansCode: null, iban: null, account: null, bic: null, reference: 'F2026-0101 C00042', mandateId: null, creditorId: null }]);
});

test('the VAT in the seller\'s accounting currency (BT-111) is not the VAT total (BT-110)', () => {
  const bt111 = '<ram:TaxTotalAmount currencyID="USD">280.00</ram:TaxTotalAmount>';
  const reading = readInvoiceText(altered(fixture('cii/invoice_basicwl.xml'), '<ram:TaxTotalAmount', `${bt111}<ram:TaxTotalAmount`));
  expect(reading).toMatchObject({ contradictions: [], invoice: { currency: 'EUR', totals: { tax: 24_000n } } });
});

test('the corpus invoice of a factor', () => {
  const invoice = invoiceOf(fixture('cii/corpus_EN16931_AbweichenderZahlungsempf.cii.xml'));
  expect(invoice).toMatchObject({ number: '471102', payee: { name: 'Factoring GmbH', siren: null }, totals: { due: 52_987n }, lines: 2 });
  // The sample's IBAN is made up: it is kept as the text it is.
  expect(invoice.payments).toEqual([{ meansCode: '58', iban: null, account: 'DE12123456781234567890', bic: null, reference: null, mandateId: null, creditorId: null }]);
});

test('a correction of a negative amount is money owed to the customer: held', () => {
  const reading = readInvoiceText(fixture('cii/mustang_testout-ZF2PushCorrection.xml'));
  expect(reading).toMatchObject({ contradictions: ['intake.einvoiceNegative'], invoice: { typeCode: '384', kind: 'invoice', totals: { due: -357n } } });
});
