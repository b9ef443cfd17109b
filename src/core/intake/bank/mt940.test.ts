import { describe, expect, test } from 'vitest';
import { day } from '#core/kernel/day.ts';
import { readBankText } from './bank-text-reading.ts';
import { readDetails } from './mt940-information.ts';
import { nearestDay, readSwiftAccount, readSwiftBalance, readSwiftMovement, swiftMinor } from './mt940-fields.ts';
import { MAX_FIELD_LENGTH } from './mt940-lines.ts';

type Parts = { readonly number?: string; readonly opening?: string; readonly movements?: readonly string[]; readonly closing?: string; readonly account?: string };

const statement = ({ number = '7/1', opening = ':60F:C260201EUR100,00', movements = [':61:2602020202C50,00NTRFNONREF//B1', ':86:Facture 12'], closing = ':62F:C260202EUR150,00', account = '30004/123' }: Parts = {}): string[] =>
  [':20:REF', `:25:${account}`, `:28C:${number}`, opening, ...movements, closing, '-'];

const read = (lines: readonly string[]): ReturnType<typeof readBankText> => readBankText('mt940', `${lines.join('\n')}\n`);
const codes = ({ summary }: ReturnType<typeof readBankText>): string[] => summary.problems.map((found) => `${found.severity} ${found.line} ${found.code.replace('intake.', '')}`);

test('the untouched statement is accepted without a word', () => {
  expect(codes(read(statement()))).toEqual([]);
});

describe('what refuses the file, with its line', () => {
  test.each<[string, readonly string[], string]>([
    ['no opening balance', statement({ opening: ':21:X', movements: [] }), 'error 1 mt940OpeningMissing'],
    ['a movement before any opening', [':20:R', ':25:1', ':61:260202C1,NTRFX'], 'error 3 mt940MovementOutside'],
    ['a movement behind the closing', [...statement().slice(0, -1), ':61:260202C1,NTRFX'], 'error 8 mt940MovementOutside'],
    ['no closing balance', statement().slice(0, 6), 'error 1 mt940ClosingMissing'],
    ['the next statement before the closing', [...statement().slice(0, 6), ...statement({ number: '8/1' })], 'error 1 mt940ClosingMissing'],
    ['two opening balances', [...statement().slice(0, 4), ...statement().slice(3)], 'error 5 mt940OpeningTwice'],
    ['two closing balances', [...statement().slice(0, -1), ':62F:C260202EUR150,00'], 'error 8 mt940ClosingOutside'],
    ['no account', statement().filter((line) => !line.startsWith(':25:')), 'error 1 mt940AccountMissing'],
    ['an opening that is none', statement({ opening: ':60F:X260201EUR100,00' }), 'error 4 mt940Balance'],
    ['an unknown currency', statement({ opening: ':60F:C260201XXX100,00' }), 'error 4 mt940Balance'],
    ['S1-082 a closing in another currency', statement({ closing: ':62F:C260202USD150,00' }), 'error 7 mt940OtherCurrency'],
    ['30 April', statement({ movements: [':61:260431C50,00NTRFX'] }), 'error 5 mt940Day'],
    ['month 13', statement({ movements: [':61:261301C50,00NTRFX'] }), 'error 5 mt940Day'],
    ['S1-038 three decimals in EUR', statement({ movements: [':61:260202C50,001NTRFX'] }), 'error 5 mt940Amount'],
    ['the same statement twice', [...statement(), ...statement()], 'error 9 statementTwice'],
  ])('%s', (_, lines, expected) => {
    const found = read(lines);
    expect(found.summary.accepted).toBe(false);
    expect(codes(found)).toContain(expected);
  });

  test.each(['1.234,56', '1,234.56', '1\u00a0234,56', '1\u202f234,56', '1234.567', '-0,00', '1e5', '0x1F', 'NaN', 'Infinity', '٣٤٫٥', '99999999999999999999,99', '(123,45)', '123,45-', '', ','])(
    'the amount "%s" is refused, never guessed: S1-034 to S1-047', (written) => {
      const found = read(statement({ movements: [`:61:2602020202C${written}NTRFNONREF`] }));
      expect(found.summary).toMatchObject({ accepted: false, lines: 0 });
      expect(found.summary.problems[0]?.line).toBe(5);
    });
});

describe('what only warns', () => {
  const second = { opening: ':60F:C260202EUR150,00', movements: [':61:260203D1,NCHGX'], closing: ':62F:C260203EUR149,00' };
  test.each<[string, readonly string[], readonly string[]]>([
    ['S1-076 opening and movements do not give the closing', statement({ closing: ':62F:C260202EUR150,01' }), ['warning 1 statementUnbalanced']],
    ['S1-081 a side flipped', statement({ movements: [':61:2602020202D50,00NTRFNONREF'] }), ['warning 1 statementUnbalanced']],
    ['S1-077 a number left out and the balance does not carry on', [...statement(), ...statement({ ...second, number: '9/1', opening: ':60F:C260202EUR151,00', closing: ':62F:C260203EUR150,00' })], ['warning 9 mt940NumberGap', 'warning 9 statementGap']],
    ['a number left out while the balance carries on', [...statement(), ...statement({ ...second, number: '9/1' })], []],
    ['S1-078 a number taken twice', [...statement(), ...statement(second)], ['warning 9 mt940NumberTwice']],
    ['the next number', [...statement(), ...statement({ ...second, number: '8/1' })], []],
    ['a page missing', [...statement({ closing: ':62M:C260202EUR150,00' }), ...statement({ ...second, number: '7/3', opening: ':60M:C260202EUR160,00', closing: ':62F:C260203EUR159,00' })], ['warning 12 mt940PageMissing', 'warning 1 statementUnbalanced']],
    ['an impossible entry date', statement({ movements: [':61:2602020231C50,00NTRFX'] }), ['warning 5 mt940DayIgnored']],
    ['an impossible balance date', statement({ opening: ':60F:C260231EUR100,00' }), ['warning 4 mt940BalanceDayIgnored']],
  ])('%s', (_, lines, expected) => {
    const found = read(lines);
    expect(codes(found)).toEqual(expected);
    expect(found.summary.accepted).toBe(true);
  });
});

describe('dates that movements share with the one before', () => {
  test('are the same days, whatever else differs', () => {
    const { summary, lines } = read(statement({ movements: [':61:2602020203C20,00NTRFA', ':61:2602020203D10,00NTRFB//X', ':61:2602030203C10,00NTRFC', ':61:2602020203C30,00NTRFD'], closing: ':62F:C260203EUR150,00' }));
    expect(summary.problems).toEqual([]);
    expect(lines.map(({ valueOn, bookedOn, minor }) => [valueOn, bookedOn, minor])).toEqual([['2026-02-02', '2026-02-03', 2000n], ['2026-02-02', '2026-02-03', -1000n], ['2026-02-03', '2026-02-03', 1000n], ['2026-02-02', '2026-02-03', 3000n]]);
  });

  test.each<[string, string, readonly string[]]>([
    ['an impossible entry date', '2602020231', ['warning 5 mt940DayIgnored', 'warning 6 mt940DayIgnored']],
    ['a day of a month of 30 days', '2602300228', ['warning 5 mt940DayOfFebruary', 'warning 6 mt940DayOfFebruary']],
  ])('%s is reported each time', (_, dates, expected) => {
    const found = read(statement({ movements: [`:61:${dates}C20,00NTRFA`, `:61:${dates}C30,00NTRFB`] }));
    expect(codes(found)).toEqual(expected);
    expect(found.lines).toHaveLength(2);
  });
});

test('German subfields nobody reads end the one before; written again they are text of it', () => {
  expect(readDetails([['166?20SVWZ+FACTURE?71X?32CLIENT?71Y?33 NANTES']])).toMatchObject({ remittance: 'FACTURE', name: 'CLIENT?71Y NANTES' });
});

test('S1-083 an information field of 65,000 characters is cut with a warning, whether in one line or in a thousand', () => {
  for (const lines of [[`:86:${'X'.repeat(65_000)}`], [':86:', ...Array.from({ length: 1000 }, () => 'X'.repeat(65))]]) {
    const found = read(statement({ movements: [':61:2602020202C50,00NTRFNONREF', ...lines] }));
    expect(codes(found)).toEqual(['warning 6 mt940DetailsCut']);
    expect(found.lines[0]?.remittance).toHaveLength(MAX_FIELD_LENGTH);
    expect(found.lines[0]?.raw.length).toBeLessThanOrEqual(4000);
  }
});

test('a line of more than 65,536 characters refuses the file', () => {
  expect(codes(read(statement({ movements: [`:86:${'X'.repeat(70_000)}`] })))).toContain('error 5 lineTooLong');
});

test('S1-079 genuine twins stay two; S1-080 a reversal of an unknown entry is a line marked so, its sign right', () => {
  const twin = [':61:2602020202C25,00NTRFNONREF', ':86:Même libellé'];
  expect(read(statement({ movements: [...twin, ...twin] })).summary).toMatchObject({ accepted: true, lines: 2, problems: [] });
  const { lines } = read(statement({ movements: [':61:260202RC10,NMSCX', ':61:260202RD60,NMSCX'] }));
  expect(lines.map(({ minor, reversal }) => [minor, reversal])).toEqual([[-1000n, true], [6000n, true]]);
});

test('expected entries are pending and do not move the balance', () => {
  const found = read(statement({ movements: [':61:260202C50,NTRFX', ':61:260202EC10,NTRFX', ':61:260202ED5,NTRFX'] }));
  expect([codes(found), found.summary.lines, found.summary.pending]).toEqual([[], 1, 2]);
});

test('pages of one statement are one statement, a page of another account is not', () => {
  const first = statement({ closing: ':62M:C260202EUR150,00' });
  const next = { opening: ':60M:C260202EUR150,00', movements: [], closing: ':62F:C260202EUR150,00' };
  expect(read([...first, ...statement({ ...next, number: '7/2' })]).statements.map(({ lines, balanced, closing }) => [lines, balanced, closing?.minor])).toEqual([[1, true, 15_000n]]);
  expect(read([...first, ...statement({ ...next, number: '7/2', account: '30004/999' })]).statements).toHaveLength(2);
});

test.each<[string, string, string]>([
  ['the year before', '0101', '2025-01-01'], ['the year after', '1231', '2024-12-31'],
])('an entry date around the new year is of %s', (_, entry, expected) => {
  expect(nearestDay(entry, day(entry === '0101' ? '2024-12-31' : '2025-01-01'))).toBe(expected);
});

test.each<[string, bigint | null]>([['380115,12', 38_011_512n], ['380115,1', 38_011_510n], ['380115,', 38_011_500n], ['500', 50_000n], ['00,12', 12n], ['000000004433,52', 443_352n], ['1,2300', 123n], [',5', null], ['', null], ['12345678901234567,', null]])('amount "%s"', (text, expected) => {
  expect(swiftMinor(text, 'EUR')).toBe(expected);
});

test('fields taken apart', () => {
  expect(readSwiftBalance('D260131JPY1500,')).toMatchObject({ minor: -1500n, on: '2026-01-31', currency: 'JPY' });
  expect(readSwiftBalance('D260131JPY1500,5')).toBeNull();
  expect(readSwiftMovement('110701CN50,00NZ10NONREF')).toMatchObject({ side: 'C', amount: '50,00', kind: 'NZ10', ownerReference: 'NONREF', entryText: '' });
  expect(readSwiftMovement('1409010902DR000000000001,62NTRF0000549855700010//025498557/000001')).toMatchObject({ side: 'D', bankReference: '025498557/000001', ownerReference: '0000549855700010' });
  expect(readSwiftMovement('2602020202RDN1,5FMSC')).toMatchObject({ side: 'RD', amount: '1,5', kind: 'FMSC' });
  expect(readSwiftAccount('BILLLULLXXX/LU28 0019 4006 4475 0000', 'EUR')).toMatchObject({ iban: 'LU280019400644750000', other: null, bic: 'BILLLULLXXX' });
  expect(readSwiftAccount('51210600/9223382012EUR', 'EUR')).toMatchObject({ iban: null, other: '51210600/9223382012' });
  expect(readSwiftAccount('NL00INGB0574908765EUR', 'EUR')).toMatchObject({ iban: null, other: 'NL00INGB0574908765' });
});

describe('information fields', () => {
  test.each<[string, readonly string[], Record<string, unknown>]>([
    ['empty', [''], { remittance: '', name: null }],
    ['another separator', ['166~00VIREMENT~20EREF+A1~21SVWZ+Loyer~32DUPONT'], { code: '166', endToEndId: 'A1', remittance: 'Loyer', name: 'DUPONT', label: 'VIREMENT' }],
    ['identifiers strung together', ['166?20EREF+A1 MREF+M2 SVWZ+Loyer juin?21suite'], { endToEndId: 'A1', mandateId: 'M2', remittance: 'Loyer juin suite' }],
    ['an identifier word inside a word is text', ['166?20SVWZ+Numero XEREF+12'], { endToEndId: null, remittance: 'Numero XEREF+12' }],
    ['a question mark inside a text', ['166?20SVWZ+Pourquoi? Non?32X'], { remittance: 'Pourquoi? Non', name: 'X' }],
    ['words of mBank in another text', ['FACTURE 12; OD: paiement'], { remittance: 'FACTURE 12; OD: paiement', name: null }],
    ['mBank without a title', ['911 PRZELEW; Z RACH.: PL61109010140000071219812874; OD: ALFA'], { name: 'ALFA', iban: 'PL61109010140000071219812874', remittance: '911 PRZELEW; Z RACH.: PL61109010140000071219812874; OD: ALFA' }],
    ['a sum at the head of a free text', ['100,00 EUR facture 12'], { remittance: '100,00 EUR facture 12', code: null }],
    ['a returned debit of an unlisted reason', ['108?20SVWZ+Rueck?34933'], { returned: { code: '933', text: 'Rueck' } }],
    ['a returned debit without a reason', ['109?20SVWZ+Rueck?34000'], { returned: { code: null, text: 'Rueck' } }],
    ['no end-to-end reference', ['166?20EREF+NOTPROVIDED'], { endToEndId: null }],
    ['ABN AMRO slash codes', ['/TRTP/SEPA OVERBOEKING/IBAN/NL91ABNA0417164300/BIC/ABNANL2A/NAME/J JANSEN/REMI/Factuur 2026/12 /EREF/E1'], { label: 'SEPA OVERBOEKING', iban: 'NL91ABNA0417164300', bic: 'ABNANL2A', name: 'J JANSEN', remittance: 'Factuur 2026/12', endToEndId: 'E1' }],
    ['a returned slash code with words', ['/RTRN/AC04/Account closed//EREF/E1'], { returned: { code: 'AC04', text: 'Account closed' } }],
    ['a path is no slash code', ['/var/factures/2026'], { remittance: '/var/factures/2026', name: null }],
    ['a wrapped word', [`${'A'.repeat(60)} FAC`, 'next'], { remittance: `${'A'.repeat(60)} FAC next` }],
    ['a word cut at the width', ['Lorem ipsum dolor sit amet consectetur adipiscing elit sed FA2026', '-0001'], { remittance: 'Lorem ipsum dolor sit amet consectetur adipiscing elit sed FA2026-0001' }],
  ])('%s', (_, lines, expected) => {
    expect(readDetails([lines])).toMatchObject(expected);
  });
});

test('a dash inside an information field is text, a time cut behind a colon too', () => {
  const { lines } = read(statement({ movements: [':61:2602020202C50,00NTRFNONREF', ':86:Mandat MND', '-', '2026 le 02/02 T13', ':20:05 fin'] }));
  expect(lines[0]?.remittance).toBe('Mandat MND - 2026 le 02/02 T13:20:05 fin');
});

test('the message may begin behind the envelope on its line', () => {
  const text = statement().join('\n').replace(':20:', '{1:F01AAAABBCCXXXX0000000000}{2:O940AAAABBCCXXXXN}{4::20:').replace(/-$/u, '-}{5:{CHK:123}}');
  expect(readBankText('mt940', text).summary).toMatchObject({ accepted: true, lines: 1, problems: [] });
});
