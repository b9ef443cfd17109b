import { expect, test } from 'vitest';
import { readBankText } from '#core/intake/bank/bank-text-reading.ts';
import { ublOf } from '#server/testing/invoice-files.ts';
import { readInvoiceXml } from '../read-einvoice-xml.ts';

const codes = (problems: readonly { readonly severity: string; readonly code: string }[]): string[] => problems.map(({ severity, code }) => `${severity} ${code.replace('intake.', '')}`);

test('CFONB 120: blanks inside the amount of the currency of origin make it unreadable, they stop nothing', () => {
  const record = (text: string): string => text.padEnd(120);
  const head = (code: string): string => `${code}30004B00100550EUR2 0001234567A`;
  const { summary, lines } = readBankText('cfonb120', [
    record(`${head('01')}  010226${' '.repeat(50)}0000000000000{`), record(`${head('04')}05020226  020226${'VIR SEPA'.padEnd(31)}  0000001  0000000012345F`),
    record(`${head('05')}05020226     MMOUSD200000000 010000`), record(`${head('07')}  030226${' '.repeat(50)}0000000012345F`),
  ].join('\n'));
  expect([summary.accepted, lines[0]?.minor, lines[0]?.original]).toEqual([true, 123_456n, null]);
  expect(summary.problems.length).toBe(1);
});

test('OFX: a transaction outside any statement is not passed over', () => {
  const transaction = '<STMTTRN><TRNTYPE>CREDIT</TRNTYPE><DTPOSTED>20260203</DTPOSTED><TRNAMT>100.00</TRNAMT><FITID>1</FITID></STMTTRN>';
  const card = `<CCSTMTRS><CURDEF>EUR</CURDEF><CCACCTFROM><ACCTID>4970</ACCTID></CCACCTFROM><BANKTRANLIST>${transaction}</BANKTRANLIST><LEDGERBAL><BALAMT>1.00</BALAMT><DTASOF>20260228</DTASOF></LEDGERBAL></CCSTMTRS>`;
  expect(readBankText('ofx', `<OFX>${card}</OFX>`).summary).toMatchObject({ accepted: true, lines: 1 });
  const { summary } = readBankText('ofx', `<OFX><BANKTRANLIST>${transaction}</BANKTRANLIST>${card}</OFX>`);
  expect([summary.accepted, codes(summary.problems)]).toEqual([false, ['error ofxOutsideStatement']]);
});

const INVOICE = { number: 'FA-1', on: '2026-03-02', due: '2026-04-02', cents: 10_000, buyer: 'Client' };

test('UBL: a line whose amount is in another currency refuses the invoice, it is not booked with an error', () => {
  const line = '<cac:InvoiceLine><cbc:ID>1</cbc:ID><cbc:LineExtensionAmount currencyID="USD">100.00</cbc:LineExtensionAmount></cac:InvoiceLine>';
  const read = readInvoiceXml(Buffer.from(ublOf(INVOICE).replace('</Invoice>', `${line}</Invoice>`)));
  expect([read.reading?.invoice, codes(read.problems)]).toEqual([null, expect.arrayContaining(['error einvoiceAmountCurrency'])]);
});

test('UBL: 500,000 spaces inside a name take no more than their reading', () => {
  const started = process.cpuUsage();
  const read = readInvoiceXml(Buffer.from(ublOf({ ...INVOICE, buyer: `Hotel${' '.repeat(500_000)}du\n   Lac` })));
  const { user, system } = process.cpuUsage(started);
  expect(read.reading?.invoice?.buyer.name.startsWith('Hotel ')).toBe(true);
  expect((user + system) / 1_000_000).toBeLessThan(1);
});

test('UBL: the layout of a name is one space', () => {
  expect(readInvoiceXml(Buffer.from(ublOf({ ...INVOICE, buyer: 'Hotel  du\r\n \t Lac' }))).reading?.invoice?.buyer.name).toBe('Hotel  du Lac');
});
