import { expect, test } from 'vitest';
import { readBankText } from './bank-text-reading.ts';

const OWN = '300040055000012345678';

const record = (code: string, of: { sequence: string; amount?: string; day?: string; index?: string; other?: string }): string =>
  `${code}${of.sequence}20${of.day ?? '020226'}${of.index ?? 'E'}    ${of.other ?? OWN}${'CLIENT'.padEnd(24)}${' '.repeat(11)}${OWN}`.padEnd(228) + (of.amount ?? '').padEnd(12);

const GOOD = [record('31', { sequence: '000001' }), record('34', { sequence: '000002', other: '300030055000098765432', amount: '000000012345' }), record('39', { sequence: '000003', amount: '000000012345' })] as const;

const codes = (records: readonly string[]): string[] => readBankText('cfonb240', records.join('\n')).summary.problems.map((found) => `${found.severity} ${found.line} ${found.code.replace('intake.', '')}`);

test('operations are information: never booked, the other side named', () => {
  const { summary, lines, statements } = readBankText('cfonb240', GOOD.join(''));
  expect(summary).toMatchObject({ accepted: true, lines: 0, pending: 1, credit: 0n, problems: [] });
  expect(lines[0]).toMatchObject({ status: 'info', minor: 12_345n, bookedOn: '2026-02-02', counterparty: { name: 'CLIENT', account: '30003 00550 00098765432' }, line: 2 });
  expect(statements[0]).toMatchObject({ opening: null, closing: null, balanced: null, account: { iban: 'FR7630004005500001234567840' } });
});

test.each<[string, readonly string[], readonly string[]]>([
  ['an operation without a header', GOOD.slice(1), ['error 1 cfonb240Outside', 'error 2 cfonb240Outside']],
  ['no total', GOOD.slice(0, 2), ['error 1 cfonb240Unfinished']],
  ['a header while a list is open', [GOOD[0], ...GOOD], ['error 1 cfonb240Unfinished']],
  ['a total that is not the sum', [GOOD[0], GOOD[1], record('39', { sequence: '000003', amount: '000000012346' })], ['warning 3 cfonb240Total']],
  ['an operation missing', [GOOD[0], record('34', { sequence: '000003', amount: '000000012345' }), record('39', { sequence: '000004', amount: '000000012345' })], ['warning 2 cfonb240Sequence']],
  ['an amount that is none', [GOOD[0], record('34', { sequence: '000002', amount: '0000000123,5' }), record('39', { sequence: '000003', amount: '000000000000' })], ['error 2 cfonb240Amount']],
  ['an impossible day', [GOOD[0], record('34', { sequence: '000002', amount: '000000000001', day: '310226' }), record('39', { sequence: '000003', amount: '000000000000' })], ['error 2 cfonbDay']],
  ['francs', [GOOD[0], record('34', { sequence: '000002', amount: '000000000001', index: 'F' }), record('39', { sequence: '000003', amount: '000000000000' })], ['error 2 cfonbCurrency']],
  ['another record', [GOOD[0], record('35', { sequence: '000002' }), GOOD[2]], ['error 2 cfonbRecordUnknown', 'warning 3 cfonb240Sequence', 'warning 3 cfonb240Total']],
  ['a record of 241 characters', [GOOD[0], `${GOOD[1]}X`, GOOD[2]], ['error 2 cfonbRecordLength', 'warning 3 cfonb240Sequence', 'warning 3 cfonb240Total']],
])('%s', (_, records, expected) => {
  expect(codes(records)).toEqual(expected);
});
