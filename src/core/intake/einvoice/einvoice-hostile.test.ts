import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { altered, codesOf, readInvoiceText } from '../testing/invoice-texts.ts';

const fixture = (name: string): string => readFileSync(join(import.meta.dirname, '../../../../fixtures', name), 'utf8');
const CII = fixture('cii/invoice_basicwl.xml');
const UBL = fixture('ubl/invoice.xml');

const due = (text: string): string => altered(CII, '<ram:DuePayableAmount>1000.00', `<ram:DuePayableAmount>${text}`);
const numbered = (text: string): string => altered(CII, '>F2026-0101<', `>${text}<`);

describe('values are exact or refused', () => {
  test.each([['S2-028', '0012'], ['S2-029', '1e5'], ['S2-030', '0x1F']])('%s a number written "%s" stays that text', (_, written) => {
    expect(readInvoiceText(numbered(written)).invoice?.number).toBe(written);
    expect(readInvoiceText(altered(UBL, '>F2026-0201<', `>${written}<`)).invoice?.number).toBe(written);
  });

  test('S2-031 an amount of 0.10 is ten cents', () => {
    expect(readInvoiceText(due('0.10')).invoice?.totals.due).toBe(10n);
  });

  test('S2-032 an amount of 1234567890123456.78 is beyond any invoice and refused by its limit', () => {
    const reading = readInvoiceText(due('1234567890123456.78'));
    expect(codesOf(reading)).toEqual(['einvoiceAmountOutOfRange']);
    expect(readInvoiceText(due('9999999999999.99')).invoice?.totals.due).toBe(999_999_999_999_999n);
  });

  test('S2-033 an amount of -1 is kept with its sign and held', () => {
    const reading = readInvoiceText(due('-1'));
    expect(reading.invoice?.totals.due).toBe(-100n);
    expect(reading.contradictions).toContain('intake.einvoiceNegative');
  });

  test('S2-034 an amount with five decimals is refused, unless they are zeros', () => {
    expect(codesOf(readInvoiceText(due('1000.00001')))).toEqual(['einvoiceAmountDecimals']);
    expect(readInvoiceText(due('1000.00000')).invoice?.totals.due).toBe(100_000n);
  });

  test('S2-035 currency XXX is refused, as BT-5 and as the currency of an amount', () => {
    expect(codesOf(readInvoiceText(altered(CII, '<ram:InvoiceCurrencyCode>EUR', '<ram:InvoiceCurrencyCode>XXX')))).toEqual(['einvoiceCurrencyUnknown']);
    const reading = readInvoiceText(altered(UBL, '<cbc:PayableAmount currencyID="EUR">', '<cbc:PayableAmount currencyID="XXX">'));
    expect(reading.invoice).toBeNull();
    expect(codesOf(reading)).toEqual(['einvoiceAmountCurrency']);
  });

  test('S2-036 an amount without a currency is in that of the invoice', () => {
    expect(readInvoiceText(altered(UBL, '<cbc:PayableAmount currencyID="EUR">', '<cbc:PayableAmount>'))).toMatchObject({ problems: [], invoice: { totals: { due: 20_000n } } });
  });

});

describe('days, booleans and accounts are read strictly', () => {
  test('S2-037 a date with +14:00 is the day as written, with +14:30 or +2 none', () => {
    expect(readInvoiceText(altered(UBL, '2026-10-05+02:00', '2026-10-05+14:00')).invoice?.dueDates[0]?.on).toBe('2026-10-05');
    for (const zone of ['+14:30', '+2', '+15:00', ' +02:00']) expect(codesOf(readInvoiceText(altered(UBL, '2026-10-05+02:00', `2026-10-05${zone}`)))).toEqual(['einvoiceDateUnreadable']);
  });

  test('S2-038 an hour of 24:00:00 is none', () => {
    expect(codesOf(readInvoiceText(altered(UBL, '2026-10-05+02:00', '2026-10-05T24:00:00')))).toEqual(['einvoiceDateUnreadable']);
    expect(codesOf(readInvoiceText(altered(CII, 'format="102">20261001<', 'format="204">20261001240000<')))).toEqual(['einvoiceDateUnreadable']);
    expect(readInvoiceText(altered(CII, 'format="102">20261001<', 'format="204">20261001235959<')).invoice?.dueDates[0]?.on).toBe('2026-10-01');
  });

  test('S2-039 a boolean "1" is true', () => {
    const charge = altered(UBL, '<cbc:ChargeIndicator>false', '<cbc:ChargeIndicator>1');
    expect(readInvoiceText(charge).contradictions).toEqual(['intake.einvoiceNetDiffers']);
    expect(readInvoiceText(altered(UBL, '<cbc:ChargeIndicator>false', '<cbc:ChargeIndicator>0')).contradictions).toEqual([]);
  });

  test('S2-040 S2-053 an IBAN with spaces is kept without, ready to be compared with ours', () => {
    expect(readInvoiceText(altered(CII, 'FR1420041010050500013M02606', 'FR14 2004 1010 0505 0001 3M02 606')).invoice?.payments[0]?.iban).toBe('FR1420041010050500013M02606');
  });

  test('S2-041 an IBAN with wrong check digits is no IBAN, kept as text and told', () => {
    const reading = readInvoiceText(altered(CII, 'FR1420041010050500013M02606', 'FR1520041010050500013M02606'));
    expect(reading.invoice?.payments[0]).toMatchObject({ iban: null, account: 'FR1520041010050500013M02606' });
    expect(codesOf(reading)).toEqual(['einvoiceIbanWrong']);
  });

  test('S2-042 a payment reference of 35 emoji is kept whole', () => {
    const reference = '💶'.repeat(35);
    expect(readInvoiceText(altered(CII, '>F2026-0101 C00042<', `>${reference}<`)).invoice?.payments[0]?.reference).toBe(reference);
  });

});

describe('numbers and dates have one form', () => {
  test.each(['1,234.56', '1 234', '1e3', '0x10', 'NaN', 'Infinity', '--1', '.', '٣٤', '1.2.3', '1'.repeat(41)])('"%s" is no amount', (text) => {
    expect(codesOf(readInvoiceText(due(text)))).toEqual(['einvoiceAmountUnreadable']);
  });

  test.each([['+1000.00', 100_000n], ['.5', 50n], ['1000.', 100_000n], ['0001000', 100_000n], ['-0', 0n]])('"%s" is one (xsd:decimal)', (text, minor) => {
    expect(readInvoiceText(due(text)).invoice?.totals.due).toBe(minor);
  });

  test.each(['20260230', '2026-09-01', '20261301', '00000000', '19000101', '99991231', '260901', '202609'])('"%s" is no date of CII', (text) => {
    expect(codesOf(readInvoiceText(altered(CII, '>20260901<', `>${text}<`)))).toEqual(['einvoiceDateUnreadable']);
  });

  test.each(['610', '616', '999', 'constructor'])('a date of format %s is no day', (format) => {
    expect(codesOf(readInvoiceText(altered(CII, 'format="102">20260901', `format="${format}">20260901`)))).toEqual(['einvoiceDateUnreadable']);
  });

  test('currencies have their own digits: no cents of yen, millimes of dinar', () => {
    const total = (currency: string, amount: string): string =>
      altered(altered(fixture('cii/invoice_minimum.xml'), '<ram:InvoiceCurrencyCode>EUR', `<ram:InvoiceCurrencyCode>${currency}`).replaceAll('currencyID="EUR"', `currencyID="${currency}"`), '>450.00<', ` a="">${amount}<`);
    expect(readInvoiceText(total('JPY', '450.00')).invoice?.totals.due).toBe(450n);
    expect(codesOf(readInvoiceText(total('JPY', '450.50')))).toEqual(['einvoiceAmountDecimals']);
    expect(readInvoiceText(total('TND', '450.125')).invoice?.totals.due).toBe(450_125n);
  });
});

describe('texts are kept as texts', () => {
  const named = (text: string): string | undefined => readInvoiceText(altered(CII, '>Hôtel du Phare SAS<', `>${text}<`)).invoice?.buyer.name;

  test('S2-058 a script in a name', () => {
    expect(named('&lt;script&gt;alert(1)&lt;/script&gt;')).toBe('<script>alert(1)</script>');
  });

  test('S2-059 ]]> in a name', () => {
    expect(named('A ]]&gt; B')).toBe('A ]]> B');
  });

  test.each([['S2-060', '{{7*7}}'], ['S2-061', '${7*7}'], ['S2-062', '${jndi:ldap://x}']])('%s %s in a name', (_, text) => {
    expect(named(text)).toBe(text);
  });

  test('S2-063 a right-to-left override in a name is kept, and shown as a dot where a sentence quotes it', () => {
    expect(named('Hotel\u202ELAHC')).toBe('Hotel\u202ELAHC');
    const quotes = readInvoiceText(altered(CII, '>380<', '>3\u202E80<')).problems[0]?.message.en;
    expect(quotes).toContain('"3·80"');
  });

  test('S2-064 a zero-width joiner in an IBAN makes it none', () => {
    const reading = readInvoiceText(altered(CII, 'FR1420041010', 'FR14\u200D20041010'));
    expect(reading.invoice?.payments[0]?.iban).toBeNull();
    expect(codesOf(reading)).toEqual(['einvoiceIbanWrong']);
  });

  test('S2-065 a formula in the remittance text', () => {
    expect(readInvoiceText(altered(CII, '>F2026-0101 C00042<', '>=1+1<')).invoice?.payments[0]?.reference).toBe('=1+1');
  });

  test.each(['__proto__', 'constructor', 'toString'])('a scheme, code or country called %s is a word like any other', (word) => {
    const reading = readInvoiceText(altered(altered(CII, '<ram:SubjectCode>PMT', `<ram:SubjectCode>${word}`), 'schemeID="0225"', `schemeID="${word}"`));
    expect(reading.invoice?.notes[0]?.code).toBe(word);
    expect(reading.invoice?.seller.electronicAddress?.scheme).toBe(word);
    expect(codesOf(readInvoiceText(altered(CII, '>380<', `>${word}<`)))).toEqual(['einvoiceTypeUnknown']);
    expect(codesOf(readInvoiceText(altered(CII, '<ram:InvoiceCurrencyCode>EUR', `<ram:InvoiceCurrencyCode>${word}`)))).toEqual(['einvoiceCurrencyUnknown']);
  });

  test('a name on several lines is one line', () => {
    expect(named('Hôtel\n      du Phare')).toBe('Hôtel du Phare');
  });

  test('a name or note beyond its limit is cut, said so, and never through a character', () => {
    const reading = readInvoiceText(altered(CII, '>Hôtel du Phare SAS<', `>${'x'.repeat(499)}💶${'x'.repeat(10)}<`));
    expect(reading.invoice?.buyer.name).toBe('x'.repeat(499));
    expect(codesOf(reading)).toEqual(['einvoiceTextCut']);
  });
});

describe('lists have ends', () => {
  const many = (count: number, element: string): string => element.repeat(count);

  test.each([
    ['notes', altered(CII, '</rsm:ExchangedDocument>', `${many(101, '<ram:IncludedNote><ram:Content>x</ram:Content></ram:IncludedNote>')}</rsm:ExchangedDocument>`)],
    ['VAT rates', altered(CII, '<ram:SpecifiedTradePaymentTerms>', `${many(201, '<ram:ApplicableTradeTax><ram:CalculatedAmount>0</ram:CalculatedAmount></ram:ApplicableTradeTax>')}<ram:SpecifiedTradePaymentTerms>`)],
    ['due dates', altered(CII, '<ram:SpecifiedTradePaymentTerms>', `${many(121, '<ram:SpecifiedTradePaymentTerms><ram:DueDateDateTime><udt:DateTimeString format="102">20261001</udt:DateTimeString></ram:DueDateDateTime></ram:SpecifiedTradePaymentTerms>')}<ram:SpecifiedTradePaymentTerms>`)],
    ['means of payment', altered(CII, '<ram:SpecifiedTradeSettlementPaymentMeans>', `${many(51, '<ram:SpecifiedTradeSettlementPaymentMeans/>')}<ram:SpecifiedTradeSettlementPaymentMeans>`)],
    ['preceding invoices', altered(CII, '</ram:ApplicableHeaderTradeSettlement>', `${many(5_001, '<ram:InvoiceReferencedDocument><ram:IssuerAssignedID>F</ram:IssuerAssignedID></ram:InvoiceReferencedDocument>')}</ram:ApplicableHeaderTradeSettlement>`)],
  ])('too many %s', (what, text) => {
    const reading = readInvoiceText(text);
    expect(reading.invoice).toBeNull();
    expect(reading.problems.find(({ code }) => code === 'intake.einvoiceTooMany')?.message.en).toContain(what);
  });
});
