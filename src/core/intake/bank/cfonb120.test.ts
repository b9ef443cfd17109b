import { describe, expect, test } from 'vitest';
import { day } from '#core/kernel/day.ts';
import { readBankText } from './bank-text-reading.ts';
import { frenchIban, readCfonbAmount, readCfonbDay } from './cfonb-fields.ts';
import { cfonb120Text, cfonbAmountText } from './example-statement.ts';
import { lineFacts } from './line-facts.ts';

const ACCOUNT = '30004    00550EUR2 0001234567A';

/** Records of one account; the parts a test speaks of are given, the rest is filling. */
const record = {
  opening: (cents: bigint, on = '310126') => `01${ACCOUNT}  ${on}${' '.repeat(50)}${cfonbAmountText(cents)}`.padEnd(120),
  movement: (cents: bigint, of: { on?: string; value?: string; label?: string; rejection?: string; reference?: string } = {}) =>
    `04${ACCOUNT}05${of.on ?? '020226'}${of.rejection ?? '  '}${of.value ?? '020226'}${(of.label ?? 'VIR RECU').padEnd(31)}  0000000  ${cfonbAmountText(cents)}${of.reference ?? ''}`.padEnd(120),
  detail: (qualifier: string, text: string) => `05${ACCOUNT}05020226     ${qualifier}${text}`.padEnd(120),
  closing: (cents: bigint, on = '020226') => `07${ACCOUNT}  ${on}${' '.repeat(50)}${cfonbAmountText(cents)}`.padEnd(120),
};

const read = (records: readonly string[], end = '\n'): ReturnType<typeof readBankText> => readBankText('cfonb120', records.join(end) + end);
const codes = ({ summary }: ReturnType<typeof readBankText>): string[] => summary.problems.map((found) => `${found.severity} ${found.line} ${found.code.replace('intake.', '')}`);

const GOOD = [record.opening(10_000n), record.movement(2550n), record.detail('LCC', 'FA2026-0001'), record.closing(12_550n)] as const;

/** A record with one stretch replaced. */
const patch = (text: string, at: number, replacement: string): string => text.slice(0, at) + replacement + text.slice(at + replacement.length);

test('the untouched statement is accepted without a word', () => {
  expect(codes(read(GOOD))).toEqual([]);
  expect(read(GOOD).statements[0]).toMatchObject({ balanced: true, movement: 2550n, from: '2026-01-31', until: '2026-02-02' });
});

describe('what refuses the file, with its line', () => {
  test.each<[string, readonly string[], string]>([
    ['a movement without an opening', GOOD.slice(1, 3), 'error 1 cfonbMovementOutside'],
    ['a detail without a movement', [GOOD[0], GOOD[2], GOOD[3]], 'error 2 cfonbDetailOutside'],
    ['a closing without an opening', [GOOD[3]], 'error 1 cfonbClosingOutside'],
    ['an opening while another is open', [GOOD[0], ...GOOD], 'error 2 cfonbStatementOpen'],
    ['no closing', GOOD.slice(0, 3), 'error 1 cfonbClosingMissing'],
    ['S1-084 a record of 119 bytes, one lost before the amount', [GOOD[0], GOOD[1].replace('VIR', 'VR'), GOOD[3]], 'error 2 cfonbAmount'],
    ['a record of 121 bytes', [GOOD[0], GOOD[1].replace('VIR', 'VIIR').replace(/ $/u, 'X'), GOOD[3]], 'error 2 cfonbRecordLength'],
    ['an unknown record code', [GOOD[0], patch(GOOD[1], 0, '06'), GOOD[3]], 'error 2 cfonbRecordUnknown'],
    ['a last digit without its sign', [GOOD[0], patch(GOOD[1], 103, '0'), GOOD[3]], 'error 2 cfonbAmount'],
    ['a letter in the digits', [GOOD[0], patch(GOOD[1], 95, 'O'), GOOD[3]], 'error 2 cfonbAmount'],
    ['a blank amount in the opening', [patch(GOOD[0], 90, ' '.repeat(14)), ...GOOD.slice(1)], 'error 1 cfonbAmount'],
    ['30 February', [GOOD[0], patch(GOOD[1], 34, '300226'), GOOD[3]], 'error 2 cfonbDay'],
    ['no booking date', [GOOD[0], patch(GOOD[1], 34, '      '), GOOD[3]], 'error 2 cfonbDay'],
    ['a letter in the decimals', [GOOD[0], patch(GOOD[1], 19, 'X'), GOOD[3]], 'error 2 cfonbDecimals'],
    ['S1-038 three decimals that are not all zero', [GOOD[0], patch(patch(GOOD[1], 19, '3'), 103, 'A'), GOOD[3]], 'error 2 cfonbDecimals'],
    ['an unknown currency', [patch(GOOD[0], 16, 'FRF'), GOOD[3]], 'error 1 cfonbCurrency'],
    ['S1-082 a movement in another currency', [GOOD[0], patch(GOOD[1], 16, 'USD'), GOOD[3]], 'error 2 cfonbOtherAccount'],
    ['a movement of another account', [GOOD[0], patch(GOOD[1], 21, '99999999999'), GOOD[3]], 'error 2 cfonbOtherAccount'],
    ['a closing of another account', [...GOOD.slice(0, 3), patch(GOOD[3], 21, '99999999999')], 'error 4 cfonbOtherAccount'],
    ['the same statement twice', [...GOOD, ...GOOD], 'error 5 statementTwice'],
  ])('%s', (_, records, expected) => {
    const found = read(records);
    expect(found.summary.accepted).toBe(false);
    expect(codes(found)).toContain(expected);
  });

  test.each(['1.234,56', '1,234.56', '1\u00a0234,56', '1\u202f234,56', '1234.567', '-0,00', '1e5', '0x1F', 'NaN', 'Infinity', '٣٤٫٥', '99999999999999', '(123,45)', '123,45-'])(
    'the amount "%s" is refused, never guessed: S1-034 to S1-047', (written) => {
      expect(read([GOOD[0], patch(GOOD[1], 90, written.padStart(14)), GOOD[3]]).summary).toMatchObject({ accepted: false, lines: 0 });
    });

  test('in one string of records the problem names the record, and reading stops where positions shift', () => {
    const found = readBankText('cfonb120', [GOOD[0], GOOD[1].slice(0, 119), GOOD[2], GOOD[3]].join(''));
    expect(codes(found)).toEqual(['error 1 cfonbRecordUnknown', 'error 1 cfonbClosingMissing']);
    expect(found.summary.problems[0]?.message).toMatchObject({ fr: expect.stringContaining('enregistrement 3') as unknown, en: expect.stringContaining('record 3') as unknown });
  });
});

describe('what only warns', () => {
  test.each<[string, readonly string[], readonly string[]]>([
    ['S1-076 opening and movements do not give the closing', [GOOD[0], GOOD[1], record.closing(12_551n)], ['warning 1 statementUnbalanced']],
    ['S1-081 the sign of an amount flipped', [GOOD[0], record.movement(-2550n), GOOD[3]], ['warning 1 statementUnbalanced']],
    ['S1-077 a page is missing between two days', [...GOOD, record.opening(99n, '030226'), record.closing(99n, '040226')], ['warning 5 statementGap']],
    ['another branch in a movement, said once', [GOOD[0], patch(GOOD[1], 2, '10556'), patch(GOOD[2], 2, '10556'), GOOD[3]], ['warning 2 cfonbOtherBranch']],
    ['an impossible value date', [GOOD[0], patch(GOOD[1], 42, '310226'), GOOD[3]], ['warning 2 cfonbDayIgnored']],
    ['an unreadable original amount', [GOOD[0], GOOD[1], record.detail('MMO', 'XXX2ABC'), GOOD[3]], ['warning 2 cfonbOriginalIgnored']],
    ['more details than are kept', [GOOD[0], GOOD[1], ...Array.from({ length: 250 }, () => GOOD[2]), GOOD[3]], ['warning 203 cfonbDetailsCut']],
  ])('%s', (_, records, expected) => {
    const found = read(records);
    expect(codes(found)).toEqual(expected);
    expect(found.summary.accepted).toBe(true);
  });
});

test('S1-079 genuine twins stay two, with the same facts', () => {
  const { lines, summary } = read([GOOD[0], GOOD[1], GOOD[1], record.closing(15_100n)]);
  expect([summary.accepted, summary.lines]).toEqual([true, 2]);
  expect(lines.map((line) => lineFacts(line))[0]).toBe(lineFacts(lines[1] ?? ({} as never)));
});

test('S1-080 a rejection of an unknown payment is a line with its reason, for a person', () => {
  const { lines, summary } = read([GOOD[0], record.movement(-2550n, { rejection: '10', label: 'REJET' }), record.detail('LIB', 'COMPTE CLOTURE'), record.closing(7450n)]);
  expect(summary.accepted).toBe(true);
  expect(lines[0]).toMatchObject({ minor: -2550n, returned: { code: '10', text: 'COMPTE CLOTURE' }, label: 'REJET COMPTE CLOTURE' });
});

test('the reason in a RET detail is the code when it is one of ISO 20022', () => {
  const { lines } = read([GOOD[0], record.movement(-2550n), record.detail('RET', 'AC04 COMPTE CLOTURE'), record.closing(7450n)]);
  expect(lines[0]?.returned).toEqual({ code: 'AC04', text: 'AC04 COMPTE CLOTURE' });
});

test.each([['LF', '\n'], ['CR', '\r'], ['CRLF', '\r\n'], ['blank lines between', '\n\n\r\n']])('line ends %s give the right line numbers', (_, end) => {
  const found = read([GOOD[0], patch(GOOD[1], 103, '0'), GOOD[3]], end);
  expect(found.summary.problems[0]?.line).toBe(1 + (end === '\n\n\r\n' ? 3 : 1));
});

test('the end-of-file character of old systems is passed over', () => {
  expect(codes(read([...GOOD, '\u001a']))).toEqual([]);
});

test.each<[string, bigint | null]>([
  ['0000000000000{', 0n], ['0000000000000}', 0n], ['0000000001904}', -19_040n], ['0000000002412J', -24_121n], ['0000000166956E', 1_669_565n], ['             A', 1n],
  ['0000000000010é', 100n], ['0000000000010è', -100n], ['9999999999999I', 99_999_999_999_999n], ['00000000000100', null], ['0000000000 10{', null], ['', null], ['000000000001{', null],
])('amount "%s"', (text, expected) => {
  expect(readCfonbAmount(text)).toBe(expected);
});

test.each<[string, string | null]>([['310199', '1999-01-31'], ['010161', '1961-01-01'], ['010160', '2060-01-01'], ['290224', '2024-02-29'], ['290225', null], ['000000', 'blank'], ['      ', 'blank'], ['1A0199', null]])('day "%s"', (text, expected) => {
  expect(readCfonbDay(text)).toBe(expected);
});

test('bank, branch and account make the French IBAN', () => {
  expect(frenchIban('20041', '01005', '0500013M026')).toBe('FR1420041010050500013M02606');
  expect(frenchIban('30004', '00550', '00000000000')).toBeNull();
  expect(frenchIban('3000A', '00550', '00012345678')).toBeNull();
});

test('a thousand large movements keep exact sums beyond 2^53', () => {
  const movements = Array.from({ length: 1000 }, (_, index) => ({ on: day('2026-02-02'), cents: 90_000_000_000_001n, label: `V${index}`, text: 'X', reference: '' }));
  const { summary, statements } = readBankText('cfonb120', cfonb120Text([{ account: '1', number: 1, from: day('2026-02-01'), until: day('2026-02-02'), opening: 0n, movements }], '\n'));
  expect(summary.credit).toBe(90_000_000_000_001_000n);
  expect(statements[0]?.movement).toBe(90_000_000_000_001_000n);
});
