import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDays, day } from '#core/kernel/day.ts';
import { readBankText } from './bank-text-reading.ts';
import type { BankReading } from './bank-text-reading.ts';
import { cfonb120Text, mt940Text } from './example-statement.ts';
import type { ExampleStatement } from './example-statement.ts';

const SEED = 20_260_202;

const anyCents = fc.bigInt({ min: -99_999_999_999n, max: 99_999_999_999n });

const anyStatement: fc.Arbitrary<ExampleStatement> = fc.record({
  account: fc.stringMatching(/^[0-9]{10}[1-9]$/u), number: fc.integer({ min: 1, max: 999 }), from: fc.constant(day('2026-01-31')), until: fc.constant(day('2026-12-31')), opening: anyCents,
  movements: fc.array(fc.record({
    on: fc.nat(330).map((days) => addDays(day('2026-01-31'), days)), cents: anyCents, label: fc.stringMatching(/^[A-Z]{1,15}$/u),
    text: fc.stringMatching(/^FACTURE [A-Z0-9]{1,40}$/u), reference: fc.stringMatching(/^R[A-Z0-9]{1,12}$/u),
  }), { minLength: 1, maxLength: 8 }),
});

type Kind = { readonly format: 'cfonb120' | 'mt940'; readonly write: (statement: ExampleStatement) => string; readonly places: (text: string) => number[]; readonly others: (character: string) => string[] };

const but = (characters: string) => (character: string): string[] => [...characters].filter((other) => other !== character);

const KINDS: readonly Kind[] = [
  {
    format: 'cfonb120', write: (statement) => cfonb120Text([statement], '\n'),
    // The amount of every record that has one.
    places: (text) => text.split('\n').flatMap((record, index) => (/^0[147]/u.test(record) ? Array.from({ length: 14 }, (_, at) => index * 121 + 90 + at) : [])),
    others: (character) => (/\d/u.test(character) ? but('0123456789')(character) : but('{ABCDEFGHI}JKLMNOPQR')(character)),
  },
  {
    format: 'mt940', write: (statement) => mt940Text([statement], '\n'),
    places: (text) => [...text.matchAll(/^:6(?:0F|1|2F):.*?(?:EUR|\d[CD])(\d+,\d{2})/gmu)].flatMap((match) => {
      const from = match.index + match[0].length - (match[1] ?? '').length;
      return [...(match[1] ?? '')].flatMap((character, at) => (character === ',' ? [] : [from + at]));
    }),
    others: but('0123456789'),
  },
];

type Reader = (format: Kind['format'], text: string) => BankReading;

const passes = ({ summary, statements }: BankReading): boolean => summary.accepted && statements.every(({ balanced }) => balanced === true);

/** A changed digit in any amount of a balanced statement never passes as balanced. */
const noChangePasses = ({ format, write, places, others }: Kind, read: Reader): ReturnType<typeof fc.property<[ExampleStatement, number, number]>> =>
  fc.property(anyStatement, fc.nat(), fc.nat(), (statement, place, other) => {
    const text = write(statement);
    const all = places(text);
    const at = all[place % all.length] ?? 0;
    const choices = others(text.charAt(at));
    const changed = text.slice(0, at) + (choices[other % choices.length] ?? '') + text.slice(at + 1);
    // "-0" and "+0" are one amount written two ways.
    const isZeroSign = readsAlike(format, text, changed);
    return passes(read(format, text)) && (isZeroSign || !passes(read(format, changed)));
  });

const readsAlike = (format: Kind['format'], text: string, changed: string): boolean => {
  const amounts = (reading: BankReading): string => [...reading.lines.map(({ minor }) => minor), ...reading.statements.flatMap(({ opening, closing }) => [opening?.minor, closing?.minor])].join(' ');
  return amounts(readBankText(format, text)) === amounts(readBankText(format, changed));
};

/** Ways to get the check wrong, each of which the property must see. */
const FAULTS: readonly (readonly [string, (difference: bigint, last: bigint) => boolean])[] = [
  ['leaves the last movement out', (difference, last) => difference === last],
  ['forgives a difference under one euro', (difference) => difference > -100n && difference < 100n],
  ['forgets the sign of the last movement', (difference, last) => difference === 0n || difference === 2n * last || difference === -2n * last],
];

const withFault = (isBalanced: (difference: bigint, last: bigint) => boolean): Reader => (format, text) => {
  const reading = readBankText(format, text);
  const last = reading.lines.at(-1)?.minor ?? 0n;
  return { ...reading, statements: reading.statements.map((one) => ({ ...one, balanced: isBalanced((one.closing?.minor ?? 0n) - (one.opening?.minor ?? 0n) - one.movement, last) })) };
};

describe.each(KINDS)('$format', (kind) => {
  test('a changed digit in any amount never passes as balanced', () => {
    expect(fc.check(noChangePasses(kind, readBankText), { numRuns: 400, seed: SEED })).toMatchObject({ failed: false, numRuns: 400 });
  });

  // In MT940 the side is a letter, which a changed digit does not touch.
  test.each(kind.format === 'mt940' ? FAULTS.slice(0, 2) : FAULTS)('the same property catches a reader that %s', (_, isBalanced) => {
    expect(fc.check(noChangePasses(kind, withFault(isBalanced)), { numRuns: 3000, seed: SEED }).failed).toBe(true);
  });

  test('a generated statement comes back as it was, movement by movement', () => {
    fc.assert(fc.property(anyStatement, (statement) => {
      const { summary, lines, statements } = readBankText(kind.format, kind.write(statement));
      expect(summary).toMatchObject({ accepted: true, statements: 1, lines: statement.movements.length, problems: [] });
      expect(lines.map(({ bookedOn, minor, remittance, bankReference }) => [bookedOn, minor, remittance, bankReference])).toEqual(statement.movements.map(({ on, cents, text, reference }) => [on, cents, text, reference]));
      expect(statements[0]).toMatchObject({ balanced: true, opening: { minor: statement.opening, on: statement.from }, until: statement.until });
      expect(statements[0]?.account.other).toContain(statement.account);
    }), { numRuns: 200, seed: SEED });
  });

  test('whatever is done to a file, it is read or refused with a reason, never a crash', () => {
    fc.assert(fc.property(anyStatement, fc.nat(), fc.string({ unit: 'binary', maxLength: 12 }), (statement, place, noise) => {
      const text = kind.write(statement);
      const at = place % text.length;
      const { summary } = readBankText(kind.format, text.slice(0, at) + noise + text.slice(at + noise.length));
      expect(summary.accepted || summary.problems.some(({ severity }) => severity === 'error')).toBe(true);
    }), { numRuns: 400, seed: SEED });
  });
});

test('any text at all gives an answer in every format', () => {
  const piece = fc.oneof(fc.constantFrom(':20:', ':25:', ':60F:C260101EUR1,', ':61:2601010101C1,NTRFX', ':86:', ':62F:', '-', '\n', '{4:', '<STMTRS>', '<STMTTRN>', '</STMTRS>', '<OFX>', '<CURDEF>EUR', '<ACCTID>1', '<![CDATA[', ']]>', '<!--', '01', '04', '05', '07', '31'), fc.string({ maxLength: 40 }));
  fc.assert(fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
    for (const format of ['cfonb120', 'cfonb240', 'mt940', 'ofx'] as const) {
      const { summary } = readBankText(format, pieces);
      expect(summary.accepted || summary.problems.some(({ severity }) => severity === 'error')).toBe(true);
    }
  }), { numRuns: 500, seed: SEED });
});
