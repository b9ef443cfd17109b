import { describe, expect, test } from 'vitest';
import { readBankText } from './bank-text-reading.ts';
import { decodeEntities } from './ofx-tokens.ts';
import { ofxMinor, readOfxAccount, readOfxDay } from './ofx-values.ts';

const TRANSACTION = '<STMTTRN><TRNTYPE>CREDIT<DTPOSTED>20260202<TRNAMT>12.34<FITID>F1<NAME>DUPONT<MEMO>Facture 12</STMTTRN>';

const statement = (inside: string, of: { currency?: string; account?: string } = {}): string =>
  `<STMTRS><CURDEF>${of.currency ?? 'EUR'}${of.account ?? '<BANKACCTFROM><BANKID>1<ACCTID>42</BANKACCTFROM>'}<BANKTRANLIST>${inside}</BANKTRANLIST><LEDGERBAL><BALAMT>10<DTASOF>20260203</LEDGERBAL></STMTRS>`;

const file = (...inside: string[]): string => `OFXHEADER:100\nDATA:OFXSGML\n\n<OFX>\n${inside.join('\n')}\n</OFX>\n`;
const read = (...inside: string[]): ReturnType<typeof readBankText> => readBankText('ofx', file(...inside));
const codes = ({ summary }: ReturnType<typeof readBankText>): string[] => summary.problems.map((found) => `${found.severity} ${found.line} ${found.code.replace('intake.', '')}`);

test('the untouched statement is accepted without a word', () => {
  const found = read(statement(TRANSACTION));
  expect(codes(found)).toEqual([]);
  expect(found.lines[0]).toMatchObject({ line: 5, bookedOn: '2026-02-02', minor: 1234n, bankReference: 'F1', label: 'DUPONT', remittance: 'Facture 12', counterparty: { name: 'DUPONT' } });
});

describe('what refuses the file, with its line', () => {
  const replaced = (from: string, to: string): string => statement(TRANSACTION.replace(from, to));
  test.each<[string, string, string]>([
    ['a DOCTYPE', '<!DOCTYPE ofx SYSTEM "file:///etc/passwd">', 'error 5 ofxDoctype'],
    ['an entity declaration', '<!ENTITY a "b">', 'error 5 ofxDoctype'],
    ['no date', replaced('<DTPOSTED>20260202', ''), 'error 5 ofxDayMissing'],
    ['an impossible date', replaced('20260202', '20260230'), 'error 5 ofxDay'],
    ['a date of another century', replaced('20260202', '99991231'), 'error 5 ofxDay'],
    ['no amount', replaced('<TRNAMT>12.34', '<TRNAMT>'), 'error 5 ofxAmountMissing'],
    ['S1-038 three decimals in EUR', replaced('12.34', '12.345'), 'error 5 ofxAmount'],
    ['no currency', statement(TRANSACTION, { currency: '' }), 'error 5 ofxCurrencyMissing'],
    ['an unknown currency', statement(TRANSACTION, { currency: 'XXX' }), 'error 5 ofxCurrencyMissing'],
    ['an unknown currency of a transaction', replaced('<FITID>', '<CURRENCY><CURRATE>1<CURSYM>XXX</CURRENCY><FITID>'), 'error 5 ofxCurrencyMissing'],
    ['no account', statement(TRANSACTION, { account: '' }), 'error 5 ofxAccountMissing'],
    ['an unreadable balance', statement(TRANSACTION).replace('<BALAMT>10', '<BALAMT>ten'), 'error 5 ofxAmount'],
    ['too many elements inside one another', '<STATUS>'.repeat(60), 'error 5 ofxElementsTooDeep'],
    ['a text without end', statement(TRANSACTION.replace('Facture', 'X'.repeat(70_000))), 'error 5 ofxTextTooLong'],
    ['a tag without end, in no time', `<${'X'.repeat(2_000_000)}`, 'error 4 ofxTextTooLong'],
    ['a document type hidden behind a comment', '<!-- a --><!doctype html>', 'error 5 ofxDoctype'],
    ['a sign-on answer alone', '<SIGNONMSGSRSV1><SONRS><STATUS><CODE>0<SEVERITY>INFO</STATUS></SONRS></SIGNONMSGSRSV1>', 'error 0 ofxSignonOnly'],
    ['an investment statement alone', '<INVSTMTRS><CURDEF>EUR</INVSTMTRS>', 'error 0 ofxInvestmentOnly'],
    ['nothing', '', 'error 0 bankFileEmpty'],
  ])('%s', (_, inside, expected) => {
    const found = read(inside);
    expect(found.summary.accepted).toBe(false);
    expect(codes(found)).toContain(expected);
  });

  test('a file cut anywhere before its end, whole or nothing', () => {
    const whole = file(statement(TRANSACTION + TRANSACTION)).trimEnd();
    const lengths = Array.from({ length: whole.length }, (_, length) => length).slice(whole.indexOf('<OFX>') + 5);
    expect(lengths.filter((length) => readBankText('ofx', whole.slice(0, length)).summary.accepted)).toEqual([]);
  });

  test.each(['1e5', '0x1F', 'NaN', 'Infinity', '٣٤٫٥', '99999999999999999999.99', '$120', '1.2.3', '--5', '-'])('the amount "%s" is refused: S1-040 to S1-045', (written) => {
    expect(codes(read(statement(TRANSACTION.replace('12.34', written))))).toEqual(['error 5 ofxAmount']);
  });
});

describe('what only warns', () => {
  test.each<[string, string, readonly string[]]>([
    ['no balance', statement(TRANSACTION).replace(/<LEDGERBAL>.*<\/LEDGERBAL>/u, ''), ['warning 5 ofxBalanceMissing']],
    ['S1-081 a debit with a positive amount', statement(TRANSACTION.replace('CREDIT', 'DEBIT')), ['warning 5 ofxSignDoubt']],
    ['a correction', statement(TRANSACTION.replace('<NAME>', '<CORRECTFITID>F0<CORRECTACTION>REPLACE<NAME>')), ['warning 5 ofxCorrection']],
    ['an impossible value date', statement(TRANSACTION.replace('<NAME>', '<DTAVAIL>20261301<NAME>')), ['warning 5 ofxDayIgnored']],
    ['an error answered by the bank', `<STATUS><CODE>2000<SEVERITY>ERROR<MESSAGE>General error</STATUS>${statement(TRANSACTION)}`, ['warning 0 ofxBankError']],
    ['an investment statement beside a bank account', `${statement(TRANSACTION)}<INVSTMTRS>${TRANSACTION}</INVSTMTRS>`, ['warning 5 ofxInvestmentIgnored']],
  ])('%s', (_, inside, expected) => {
    const found = read(inside);
    expect(codes(found)).toEqual(expected);
    expect(found.summary).toMatchObject({ accepted: true });
    expect(found.lines).toHaveLength(1);
  });
});

test('S1-080 a correction is information, never money: the books wait for a person', () => {
  const { lines, summary } = read(statement(TRANSACTION.replace('<NAME>', '<CORRECTFITID>F0<CORRECTACTION>DELETE<NAME>')));
  expect(lines[0]).toMatchObject({ status: 'info', reversal: true });
  expect(summary).toMatchObject({ lines: 0, pending: 1, credit: 0n });
});

test('S1-079 genuine twins stay two, their FITID being the same or not', () => {
  expect(read(statement(TRANSACTION + TRANSACTION)).summary.lines).toBe(2);
});

test('S1-082 a transaction in another currency keeps it and does not enter the sums', () => {
  const { lines, summary } = read(statement(TRANSACTION.replace('<FITID>', '<CURRENCY><CURRATE>0.9<CURSYM>USD</CURRENCY><FITID>')));
  expect(lines[0]).toMatchObject({ currency: 'USD', minor: 1234n });
  expect(summary).toMatchObject({ credit: 0n, currency: 'EUR' });
});

test('end tags left out, other case, attributes and XML give the same line', () => {
  const plain = read(statement(TRANSACTION)).lines[0];
  const xml = TRANSACTION.replaceAll(/<([A-Z]+)>([^<]+)/gu, '<$1>$2</$1>');
  for (const variant of [TRANSACTION.replace('</STMTTRN>', ''), TRANSACTION.toLowerCase().replace('dupont', 'DUPONT').replace('facture', 'Facture').replace('f1', 'F1'), xml, xml.replaceAll('<STMTTRN>', '<STMTTRN kind="a">'), TRANSACTION.replace('<NAME>', '<MEMO2/><NAME>'), TRANSACTION.replace('<STMTTRN>', '<STMTTRN xmlns="http://ofx.net/a">')]) {
    expect({ ...read(statement(variant)).lines[0], raw: '' }).toEqual({ ...plain, raw: '' });
  }
});

test('entities of OFX and numbers are decoded once, all others stay', () => {
  expect(decodeEntities('A &amp;lt; B &lt;C&gt; &nbsp;&#233;&#xE9; &eacute; &#0; &#xD800; &unknown; & x')).toBe('A &lt; B <C>  éé &eacute; &#0; &#xD800; &unknown; & x');
  expect(decodeEntities('&#65;'.repeat(10_000))).toBe('A'.repeat(10_000));
});

test.each<[string, string | null]>([
  ['20260202', '2026-02-02'], ['20260202235959', '2026-02-02'], ['20260202235959.999[-12:X]', '2026-02-02'], ['20260202000000[+14]', '2026-02-02'], ['202602021200', '2026-02-02'],
  ['20260229', null], ['2026022', null], ['2026-02-02', null], ['20261301', null], ['19790101', null], ['', null],
])('the written day of "%s" counts, whatever its time and zone', (text, expected) => {
  expect(readOfxDay(text)).toBe(expected);
});

test.each<[string, bigint | null]>([
  ['-80', -8000n], ['+0000000000100.5', 10_050n], ['-1234,56', -123_456n], ['12.3400', 1234n], ['.5', 50n], ['5.', 500n], ['-0,00', 0n], ['1.234,56', 123_456n], ['1,234.56', 123_456n],
  ['1\u00a0234,56', 123_456n], ['1\u202f234,56', 123_456n], ['(123,45)', -12_345n], ['123,45-', -12_345n], ['1,234', null], ['', null], ['.', null],
])('amount "%s": S1-034 to S1-047', (text, expected) => {
  expect(ofxMinor(text, 'EUR')).toBe(expected);
});

test('a French account is an IBAN when its key agrees, else stays as written', () => {
  const account = (key: string): ReturnType<typeof readOfxAccount> => readOfxAccount(new Map([['BANKID', '20041'], ['BRANCHID', '01005'], ['ACCTID', '0500013M026'], ['ACCTKEY', key]]), 'EUR');
  expect(account('6')).toMatchObject({ iban: 'FR1420041010050500013M02606', other: '20041 01005 0500013M026' });
  expect(account('07')).toMatchObject({ iban: null, other: '20041 01005 0500013M026' });
});
