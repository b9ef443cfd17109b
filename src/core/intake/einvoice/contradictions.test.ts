import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { altered, codesOf, readInvoiceText } from '../testing/invoice-texts.ts';

const fixture = (name: string): string => readFileSync(join(import.meta.dirname, '../../../../fixtures', name), 'utf8');
const BASIC = fixture('cii/invoice_basicwl.xml');
const LINES = fixture('cii/invoice_en16931.xml');
const CREDIT = fixture('cii/credit_note_en16931.xml');
const UBL = fixture('ubl/invoice.xml');

/** The document with every amount of totals, VAT and lines turned round. */
const negative = (text: string): string => altered(text, /(?<=(?:TotalAmount|PayableAmount|CalculatedAmount|BasisAmount|PrepaidAmount)(?: currencyID="EUR")?>)(?=\d)/g, '-');

/** A changed document, what is contradicted in it, and the figures its sentence must show. */
type Row = { readonly rule: string; readonly text: string; readonly code: string; readonly says: readonly string[] };

const ROWS: readonly Row[] = [
  { rule: 'BT-115 is BT-112 less BT-113 and BT-114', text: altered(BASIC, '<ram:DuePayableAmount>1000.00', '<ram:DuePayableAmount>1000.01'), code: 'einvoiceDueDiffers', says: ['1000.01 EUR', '1000.00 EUR'] },
  { rule: 'a paid amount left out is none', text: altered(BASIC, '<ram:TotalPrepaidAmount>440.00</ram:TotalPrepaidAmount>', ''), code: 'einvoiceDueDiffers', says: ['1000.00 EUR', '1440.00 EUR'] },
  { rule: 'the rounding amount counts', text: altered(LINES, '<ram:RoundingAmount>0.01', '<ram:RoundingAmount>0.02'), code: 'einvoiceDueDiffers', says: ['1000.01 EUR', '1000.02 EUR'] },
  { rule: 'BT-112 is BT-109 and BT-110', text: altered(altered(BASIC, '<ram:GrandTotalAmount>1440.00', '<ram:GrandTotalAmount>1441.00'), '440.00</ram:TotalPrepaidAmount>', '441.00</ram:TotalPrepaidAmount>'), code: 'einvoiceGrossDiffers', says: ['1441.00 EUR', '1440.00 EUR'] },
  { rule: 'BT-110 is the sum of the rates', text: altered(BASIC, '<ram:CalculatedAmount>240.00', '<ram:CalculatedAmount>239.99'), code: 'einvoiceTaxDiffers', says: ['240.00 EUR', '239.99 EUR'] },
  { rule: 'S2-052 the total without VAT is the lines with allowances and charges', text: altered(LINES, '<ram:LineTotalAmount>850.00', '<ram:LineTotalAmount>850.01'), code: 'einvoiceNetDiffers', says: ['970.00 EUR', '970.01 EUR'] },
  { rule: 'S2-052 an allowance is taken off', text: altered(LINES, '<ram:ActualAmount>50.00', '<ram:ActualAmount>49.00'), code: 'einvoiceNetDiffers', says: ['970.00 EUR', '971.00 EUR'] },
  { rule: 'S2-052 a line of UBL counts', text: altered(UBL, '<cbc:LineExtensionAmount currencyID="EUR">50.00', '<cbc:LineExtensionAmount currencyID="EUR">5.00'), code: 'einvoiceNetDiffers', says: ['190.00 EUR', '145.00 EUR'] },
  { rule: 'S2-052 without lines their total counts (BT-106)', text: altered(BASIC, '<ram:LineTotalAmount>1200.00', '<ram:LineTotalAmount>1199.00'), code: 'einvoiceNetDiffers', says: ['1200.00 EUR', '1199.00 EUR'] },
  { rule: 'S2-052 and the total of the allowances (BT-107)', text: altered(BASIC, '<ram:LineTotalAmount>1200.00</ram:LineTotalAmount>', '<ram:LineTotalAmount>1200.00</ram:LineTotalAmount><ram:AllowanceTotalAmount>5.00</ram:AllowanceTotalAmount>'), code: 'einvoiceNetDiffers', says: ['1200.00 EUR', '1195.00 EUR'] },
  { rule: 'a line without amount cannot be checked', text: altered(LINES, '<ram:LineTotalAmount>850.00</ram:LineTotalAmount>', ''), code: 'einvoiceLineWithoutAmount', says: ['1 line(s)'] },
  { rule: 'nothing is due before it is issued', text: altered(BASIC, '20261001', '20260831'), code: 'einvoiceDueBeforeIssue', says: ['2026-08-31', '2026-09-01'] },
  { rule: 'several dates say their parts', text: altered(BASIC, '</ram:SpecifiedTradePaymentTerms>', '</ram:SpecifiedTradePaymentTerms><ram:SpecifiedTradePaymentTerms><ram:DueDateDateTime><udt:DateTimeString format="102">20261101</udt:DateTimeString></ram:DueDateDateTime></ram:SpecifiedTradePaymentTerms>'), code: 'einvoiceDueDatesUnclear', says: ['2 due dates'] },
  { rule: 'the parts are the amount due', text: altered(fixture('cii/invoice_extended_ctc_fr.xml'), '2416.00', '2400.00'), code: 'einvoiceInstalmentsDiffer', says: ['3608.00 EUR', '3624.00 EUR'] },
  { rule: 'S2-051 a credit note is no negative invoice', text: negative(BASIC), code: 'einvoiceNegative', says: ['-1000.00 EUR', 'owed to the customer'] },
  { rule: 'S2-051 a credit note is written positive', text: negative(CREDIT), code: 'einvoiceCreditNegative', says: ['-102.00 EUR'] },
  { rule: 'a pro forma asks nobody to pay', text: altered(BASIC, '>380<', '>325<'), code: 'einvoiceNotClaim', says: ['325'] },
  { rule: 'a test document is none', text: altered(BASIC, '<rsm:ExchangedDocumentContext>', '<rsm:ExchangedDocumentContext><ram:TestIndicator><udt:Indicator>true</udt:Indicator></ram:TestIndicator>'), code: 'einvoiceTest', says: ['test'] },
  { rule: 'one payee', text: altered(BASIC, '<ram:SpecifiedTradeSettlementPaymentMeans>', '<ram:PayeeTradeParty><ram:Name>Factor A</ram:Name></ram:PayeeTradeParty><ram:PayeeTradeParty><ram:Name>Factor B</ram:Name></ram:PayeeTradeParty><ram:SpecifiedTradeSettlementPaymentMeans>'), code: 'einvoiceTwoPayees', says: ['Factor A', 'Factor B'] },
  { rule: 'one amount due', text: altered(BASIC, '<ram:DuePayableAmount>', '<ram:DuePayableAmount>1000.00</ram:DuePayableAmount><ram:DuePayableAmount>9'), code: 'einvoiceTwice', says: ['1000.00', '91000.00', 'BT-115'] },
  { rule: 'one number', text: altered(UBL, '<cbc:ID>F2026-0201</cbc:ID>', '<cbc:ID>F2026-0201</cbc:ID><cbc:ID>F2026-0202</cbc:ID>'), code: 'einvoiceTwice', says: ['F2026-0201', 'F2026-0202', 'BT-1 '] },
];

describe('a contradiction is told with both figures, and the invoice kept for review', () => {
  test.each(ROWS)('$rule', ({ text, code, says }) => {
    const reading = readInvoiceText(text);
    expect(reading.invoice).not.toBeNull();
    expect(reading.contradictions).toEqual([`intake.${code}`]);
    const found = reading.problems.find((each) => each.code === `intake.${code}`);
    expect(found?.severity).toBe('warning');
    expect(found?.line).toBeGreaterThan(1);
    for (const words of says) expect(found?.message.en).toContain(words);
    for (const words of says.filter((one) => one.endsWith('EUR'))) expect(found?.message.fr).toContain(words.replace('.', ','));
  });
});

test('nothing is corrected: the figures stay as written', () => {
  const reading = readInvoiceText(altered(BASIC, '<ram:DuePayableAmount>1000.00', '<ram:DuePayableAmount>1234.56'));
  expect(reading.invoice?.totals).toMatchObject({ gross: 144_000n, prepaid: 44_000n, due: 123_456n });
});

test('two accounts of the seller are only told, each is compared with ours later; with a factor they are held', () => {
  const second = '</ram:SpecifiedTradeSettlementPaymentMeans><ram:SpecifiedTradeSettlementPaymentMeans><ram:TypeCode>58</ram:TypeCode><ram:PayeePartyCreditorFinancialAccount><ram:IBANID>DE89370400440532013000</ram:IBANID></ram:PayeePartyCreditorFinancialAccount></ram:SpecifiedTradeSettlementPaymentMeans>';
  const two = altered(BASIC, '</ram:SpecifiedTradeSettlementPaymentMeans>', second);
  const own = readInvoiceText(two);
  expect(own.contradictions).toEqual([]);
  expect(codesOf(own)).toEqual(['einvoiceSeveralAccounts']);
  expect(own.invoice?.payments.map(({ iban }) => iban)).toEqual(['FR1420041010050500013M02606', 'DE89370400440532013000']);
  const factor = altered(two, '<ram:SpecifiedTradeSettlementPaymentMeans>', '<ram:PayeeTradeParty><ram:Name>Factor A</ram:Name></ram:PayeeTradeParty><ram:SpecifiedTradeSettlementPaymentMeans>');
  expect(readInvoiceText(factor).contradictions).toEqual(['intake.einvoicePayeeAccounts']);
});

test('paid in advance to the last cent: nothing due, nothing doubtful', () => {
  const paid = altered(altered(BASIC, '>440.00</ram:TotalPrepaidAmount>', '>1440.00</ram:TotalPrepaidAmount>'), '<ram:DuePayableAmount>1000.00', '<ram:DuePayableAmount>0.00');
  expect(readInvoiceText(paid)).toMatchObject({ contradictions: [], problems: [], invoice: { totals: { due: 0n } } });
});

test('due on the day it is issued is no contradiction', () => {
  expect(readInvoiceText(altered(BASIC, '20261001', '20260901'))).toMatchObject({ contradictions: [], invoice: { dueDates: [{ on: '2026-09-01' }] } });
});

test('a credit note settled at once is no contradiction either', () => {
  const settled = altered(altered(CREDIT, '<ram:DuePayableAmount>', '<ram:TotalPrepaidAmount>102.00</ram:TotalPrepaidAmount><ram:DuePayableAmount>'), '<ram:DuePayableAmount>102.00', '<ram:DuePayableAmount>0.00');
  expect(readInvoiceText(settled)).toMatchObject({ contradictions: [], invoice: { totals: { prepaid: 10_200n, due: 0n } } });
});

describe('errors refuse the invoice and name the term', () => {
  const REFUSED = [
    { what: 'BT-1', text: altered(BASIC, '<ram:ID>F2026-0101</ram:ID>', ''), code: 'einvoiceMissing', words: 'BT-1 ' },
    { what: 'BT-1 blank', text: altered(BASIC, '<ram:ID>F2026-0101</ram:ID>', '<ram:ID> </ram:ID>'), code: 'einvoiceMissing', words: 'BT-1 ' },
    { what: 'BT-2', text: altered(BASIC, '<udt:DateTimeString format="102">20260901</udt:DateTimeString>', ''), code: 'einvoiceMissing', words: 'BT-2 ' },
    { what: 'BT-3', text: altered(BASIC, '<ram:TypeCode>380</ram:TypeCode>', ''), code: 'einvoiceMissing', words: 'BT-3 ' },
    { what: 'BT-3 unknown', text: altered(BASIC, '>380<', '>999<'), code: 'einvoiceTypeUnknown', words: '999' },
    { what: 'BT-5', text: altered(BASIC, '<ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>', ''), code: 'einvoiceMissing', words: 'BT-5 ' },
    { what: 'BT-44', text: altered(BASIC, '<ram:Name>Hôtel du Phare SAS</ram:Name>', ''), code: 'einvoiceMissing', words: 'BT-44 ' },
    { what: 'BT-115', text: altered(BASIC, '<ram:DuePayableAmount>1000.00</ram:DuePayableAmount>', ''), code: 'einvoiceMissing', words: 'BT-115 ' },
    { what: 'S2-054 BT-1 of 5,000 characters', text: altered(BASIC, '>F2026-0101<', `>${'9'.repeat(5_000)}<`), code: 'einvoiceTooLong', words: 'BT-1 ' },
  ];

  test.each(REFUSED)('$what', ({ text, code, words }) => {
    const reading = readInvoiceText(text);
    expect(reading.invoice).toBeNull();
    const found = reading.problems.find((each) => each.severity === 'error');
    expect(found?.code).toBe(`intake.${code}`);
    expect(found?.line).toBeGreaterThan(0);
    expect(found?.message.en).toContain(words);
    expect(found?.message.fr).toContain(words);
  });

  test('all at once, not one after the other', () => {
    const none = altered(altered(altered(BASIC, '<ram:ID>F2026-0101</ram:ID>', ''), '<ram:Name>Hôtel du Phare SAS</ram:Name>', ''), '20261001', '20261301');
    expect(codesOf(readInvoiceText(none))).toEqual(['einvoiceMissing', 'einvoiceMissing', 'einvoiceDateUnreadable']);
  });

  test('a number of 200 characters is the longest', () => {
    expect(readInvoiceText(altered(BASIC, '>F2026-0101<', `>${'9'.repeat(200)}<`)).invoice?.number).toHaveLength(200);
    expect(readInvoiceText(altered(BASIC, '>F2026-0101<', `>${'9'.repeat(201)}<`)).invoice).toBeNull();
  });

  test('a seller without a name is only told', () => {
    const reading = readInvoiceText(altered(BASIC, '<ram:Name>Atelier Verrier SARL</ram:Name>', ''));
    expect(reading.invoice?.seller.name).toBe('');
    expect(codesOf(reading)).toEqual(['einvoiceSellerMissing']);
  });
});

describe('a reader with one of these bugs would be caught', () => {
  const { invoice } = readInvoiceText(BASIC);

  test('takes the total with VAT for the amount due', () => {
    expect(invoice?.totals.due).not.toBe(invoice?.totals.gross);
    expect(invoice?.totals.due).toBe(100_000n);
  });

  test('ignores what was paid', () => {
    expect(readInvoiceText(altered(BASIC, '>440.00</ram:TotalPrepaidAmount>', '>0.00</ram:TotalPrepaidAmount>')).contradictions).toEqual(['intake.einvoiceDueDiffers']);
  });

  test('takes the currency of the tax for the one of the invoice', () => {
    const taxed = readInvoiceText(altered(BASIC, '<ram:InvoiceCurrencyCode>', '<ram:TaxCurrencyCode>USD</ram:TaxCurrencyCode><ram:InvoiceCurrencyCode>'));
    expect(taxed.invoice?.currency).toBe('EUR');
    expect(readInvoiceText(UBL).invoice?.currency).toBe('EUR');
  });
});

describe('companies', () => {
  test('a SIREN whose key is wrong is left out and told; the one in the VAT number stands in', () => {
    const reading = readInvoiceText(altered(altered(BASIC, '<ram:ID schemeID="0002">000900027', '<ram:ID schemeID="0002">000900028'), '<ram:GlobalID schemeID="0009">00090002700004</ram:GlobalID>', ''));
    expect(reading.invoice?.buyer).toMatchObject({ siren: '000900027', siret: null });
    expect(codesOf(reading)).toEqual(['einvoiceIdentifierWrong']);
    expect(reading.problems[0]?.message.fr).toContain('BT-47');
  });

  test('a SIRET under the scheme of the SIREN is a SIRET', () => {
    const reading = readInvoiceText(altered(BASIC, '<ram:ID schemeID="0002">000900027', '<ram:ID schemeID="0002">00090002700004'));
    expect(reading.invoice?.buyer).toMatchObject({ siren: '000900027', siret: '00090002700004' });
  });

  test('a SIREN other than the one of the VAT number is told: a VAT group has its own', () => {
    const reading = readInvoiceText(altered(BASIC, />FR\d\d000900027</, '>FR44732829320<'));
    expect(reading.invoice?.buyer).toMatchObject({ siren: '000900027', vatNumber: 'FR44732829320' });
    expect(codesOf(reading)).toEqual(['einvoiceIdentifiersDiffer']);
  });

  test('a legal number without a scheme is a SIREN when the party is French, and none when it is not', () => {
    const bare = altered(UBL, '<cbc:CompanyID schemeID="0002">000900027', '<cbc:CompanyID>000900027').replace('<cbc:ID schemeID="0009">00090002700004</cbc:ID>', '').replace(/<cbc:CompanyID>FR\d\d000900027<\/cbc:CompanyID>/, '');
    expect(readInvoiceText(bare).invoice?.buyer.siren).toBe('000900027');
    const abroad = bare.replaceAll('>FR<', '>BE<');
    expect(readInvoiceText(abroad).invoice?.buyer.siren).toBeNull();
  });
});
