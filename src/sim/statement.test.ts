import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { day } from '#core/kernel/day.ts';
import { parseIban } from '#core/kernel/iban.ts';
import { streamOf } from './draws.ts';
import { SHARES, SMALL_GAP } from './statement-line.ts';
import type { BookItem, Clarity, Mess, SimulatedLine } from './statement-line.ts';
import { ibanOf, nameAtBank, structuredReference, tellsName } from './statement-names.ts';
import { simulateStatement } from './statement.ts';
import type { Statement } from './statement.ts';
import { endsWith, mistyped, NUMBERINGS, REMITTANCE_MAX, spellEnd, spellWhole } from './statement-text.ts';

const UNTIL = day('2026-11-20');
const LINES = 5000;
const statement = (seed: number, lines = LINES): Statement => simulateStatement({ seed, lines, until: UNTIL });
const linesOf = (one: Statement): SimulatedLine[] => [...one].flatMap((today) => today.lines);
const sum = (parts: readonly { readonly minor: bigint }[]): bigint => parts.reduce((total, part) => total + part.minor, 0n);

/** What is wrong with a line against the book of its day. */
function faults({ line, truth }: SimulatedLine, open: ReadonlyMap<string, BookItem>): string[] {
  const found: string[] = [];
  const moved = sum(truth.parts) - sum(truth.credits) + truth.left - (truth.writeOff?.minor ?? 0n);
  if (moved !== line.minor) found.push(`${line.minor} moved, ${moved} explained`);
  if (truth.mess === 'returned') return line.minor < 0n && truth.parts.every((part) => !open.has(part.item)) ? found : [...found, 'a return of something open'];
  if (line.minor <= 0n) found.push('no money came in');
  for (const part of [...truth.parts, ...truth.credits]) {
    const item = open.get(part.item);
    if (item === undefined || part.minor <= 0n || part.minor > item.left) found.push(`${part.minor} on ${item?.left ?? 'nothing'}`);
    if (item?.currency !== line.currency) found.push('another currency');
  }
  if (truth.credits.some((part) => open.get(part.item)?.dueOn !== null) || truth.parts.some((part) => open.get(part.item)?.dueOn === null)) found.push('a credit paid or a debt taken off');
  return found;
}

describe.each([1, 2, 3])('statement of seed %i', (seed) => {
  test('every line adds up, and pays only what is open that day; no item is in two lines of a day', () => {
    const found: string[] = [];
    for (const today of statement(seed)) {
      const used = today.lines.flatMap(({ truth }) => [...truth.parts, ...truth.credits].map((part) => part.item));
      if (new Set(used).size !== used.length) found.push(`${today.on}: an item twice`);
      for (const one of today.lines) found.push(...faults(one, today.open).map((fault) => `${one.id} ${one.truth.mess}: ${fault}`));
    }
    expect(found).toEqual([]);
  });

  test('money is neither made nor lost: an item loses what lines set on it, and leaves when nothing is left', () => {
    let before = new Map<string, bigint>();
    const found: string[] = [];
    for (const today of statement(seed, 1500)) {
      for (const [key, left] of before) {
        const now = today.open.get(key);
        if (now === undefined ? left !== 0n : now.left !== left) found.push(`${today.on} ${key}: ${left} expected, ${now?.left ?? 0n} open`);
      }
      const debits = [...today.open.values()].filter((item) => item.dueOn !== null && item.currency === 'EUR');
      before = new Map(debits.map((item) => [item.key, item.left]));
      for (const { truth } of today.lines) for (const part of truth.parts) before.set(part.item, (before.get(part.item) ?? 0n) - part.minor);
    }
    expect(found).toEqual([]);
  });

  test('lines are of each kind as often as said, but for the chance of drawing', () => {
    const counts = new Map<Mess, number>();
    const lines = linesOf(statement(seed));
    for (const { truth } of lines) counts.set(truth.mess, (counts.get(truth.mess) ?? 0) + 1);
    expect(lines.length).toBe(LINES);
    for (const [mess, share] of Object.entries(SHARES) as [Mess, number][]) {
      const expected = (LINES * share) / 1000;
      // Five deviations of a draw, and a quarter more because a kind that nobody can pay that day is drawn again.
      const slack = 5 * Math.sqrt(expected) + expected / 4;
      expect([mess, Math.abs((counts.get(mess) ?? 0) - expected) < slack, counts.get(mess)]).toEqual([mess, true, counts.get(mess)]);
    }
  });
});

test('shares are thousandths of all lines', () => {
  expect(Object.values(SHARES).reduce((total, share) => total + share, 0)).toBe(1000);
});

test('a line that pays a cent more, or an item that is not open, is found', () => {
  const [first] = statement(1);
  const one = first?.lines.find(({ truth }) => truth.mess === 'exact');
  if (first === undefined || one === undefined) throw new Error('no plain line');
  expect(faults(one, first.open)).toEqual([]);
  expect(faults({ ...one, line: { ...one.line, minor: one.line.minor + 1n } }, first.open)).toHaveLength(1);
  expect(faults({ ...one, truth: { ...one.truth, parts: one.truth.parts.map((part) => ({ ...part, item: 'none' })) } }, first.open).length).toBeGreaterThan(0);
  expect(faults({ ...one, truth: { ...one.truth, left: 1n } }, first.open)).toHaveLength(1);
});

test('the same seed gives the same lines, taken once or twice; another seed others', () => {
  const one = statement(7, 600);
  const first = linesOf(one);
  expect(linesOf(one)).toEqual(first);
  expect(linesOf(statement(7, 600))).toEqual(first);
  expect(linesOf(statement(8, 600))).not.toEqual(first);
});

/** The letters and digits of a text, and of each run of its words: how a reader finds a number whatever stands between its parts. */
const squeezed = (text: string): string => text.toUpperCase().replaceAll(/[^A-Z0-9]/g, '');

/** Numbers of the truth that can be read whole in a line. */
function readable({ line, truth }: SimulatedLine, open: ReadonlyMap<string, BookItem>): { named: number; of: number } {
  const said = [line.remittance, line.endToEndId ?? '', line.creditorReference ?? '', ...line.documents].map(squeezed).join('|');
  const numbers = [...truth.parts, ...truth.credits].map((part) => squeezed(open.get(part.item)?.number ?? '?'));
  return { named: numbers.filter((number) => said.includes(number)).length, of: numbers.length };
}

test('whole numbers can be read where the answer is said to be in the text, except where ends are enough', () => {
  const found: string[] = [];
  let counted = 0;
  for (const today of statement(5)) {
    for (const one of today.lines) {
      if (one.truth.clarity !== 'text' || one.truth.mess === 'short' || one.truth.mess === 'listed') continue;
      counted += 1;
      const { named, of } = readable(one, today.open);
      if (named !== of) found.push(`${one.id} ${one.truth.mess}: ${named} of ${of} in ${one.line.remittance}`);
    }
  }
  expect(found).toEqual([]);
  expect(counted).toBeGreaterThan(3000);
});

test('there are certain lines, lines to be reasoned about and lines nobody can know, and each mess has the clarity it should', () => {
  const clarity = new Map<Mess, Map<Clarity, number>>();
  for (const seed of [1, 2, 3]) {
    for (const { truth } of linesOf(statement(seed))) {
      const of = clarity.get(truth.mess) ?? new Map<Clarity, number>();
      clarity.set(truth.mess, of.set(truth.clarity, (of.get(truth.clarity) ?? 0) + 1));
    }
  }
  const only = (mess: Mess): Clarity[] => [...(clarity.get(mess)?.keys() ?? [])].toSorted();
  for (const mess of ['exact', 'creditorReference', 'directDebit', 'broken', 'overpaid'] as const) expect([mess, only(mess)]).toEqual([mess, ['text']]);
  for (const mess of ['cheques', 'stranger', 'returned', 'paidTwice'] as const) expect([mess, only(mess)]).toEqual([mess, ['unknowable']]);
  for (const mess of ['mistyped', 'nameOnly', 'noText', 'ownNumber', 'oldReference', 'otherDocument', 'period'] as const) expect([mess, only(mess)]).toEqual([mess, ['reasoned', 'unknowable']]);
  expect(only('sameAmount')).toEqual(['text', 'unknowable']);
  expect(only('creditNote')).toContain('reasoned');
  const total = (of: Clarity): number => [...clarity.values()].reduce((count, one) => count + (one.get(of) ?? 0), 0);
  expect(total('text') / (3 * LINES)).toBeGreaterThan(0.65);
  expect(total('unknowable') / (3 * LINES)).toBeGreaterThan(0.05);
});

test('a fee above what is commonly let go is not said to be knowable', () => {
  const fees = linesOf(statement(4)).map(({ truth }) => truth).filter((truth) => truth.mess === 'fees');
  expect(fees.some((truth) => (truth.writeOff?.minor ?? 0n) > SMALL_GAP)).toBe(true);
  expect(fees.map((truth) => truth.clarity)).toEqual(fees.map((truth) => ((truth.writeOff?.minor ?? 0n) > SMALL_GAP ? 'unknowable' : 'text')));
});

test('accounts of the payers are valid and of no bank, texts fit their fields', () => {
  const one = statement(9);
  const ibans = new Set<string>();
  for (const { line } of linesOf(one)) {
    expect(line.remittance.length).toBeLessThanOrEqual(REMITTANCE_MAX);
    expect((line.counterparty.name ?? '').length).toBeLessThanOrEqual(70);
    if (line.counterparty.iban !== null) ibans.add(line.counterparty.iban);
  }
  expect(ibans.size).toBeGreaterThan(200);
  for (const iban of ibans) expect([iban.slice(4, 9), parseIban(iban).ok]).toEqual(['99999', true]);
  expect(one.earlier.length).toBeGreaterThan(200);
});

test('names and accounts are of one customer each, but for namesakes and public accountants', () => {
  const { customers } = statement(2);
  const names = customers.map((customer) => customer.name);
  expect(new Set(names).size).toBeGreaterThan(names.length * 0.97);
  const shared = customers.filter((customer) => customer.hasSharedAccount);
  expect(shared.length).toBeGreaterThan(5);
  expect(shared.every((customer) => !customer.isToldByName && customer.ibansOnFile.length === 0)).toBe(true);
  expect(customers.filter((customer) => customer.group !== null).length).toBeGreaterThan(10);
  expect(customers.filter((customer) => customer.isToldByName).length).toBeGreaterThan(customers.length / 2);
});

test('a bank writes a name in capitals, without its form, cut; and a cut that loses a word tells nobody', () => {
  const written = Array.from({ length: 60 }, (_, part) => nameAtBank(streamOf(1, part), 'Établissements Sauvegrenier-Malvoisart SASU'));
  expect(written).toContain('ETS SAUVEGRENIER-MALVOISART');
  expect(written.some((name) => name.startsWith('SASU '))).toBe(true);
  expect(written).toContain('ETABLISSEMENTS SAUVEGRENIER');
  expect(tellsName('ETABLISSEMENTS SAUVEGRENIER', 'Établissements Sauvegrenier-Malvoisart SASU')).toBe(false);
  expect(tellsName('ETS SAUVEGRENIER-MALVOISART', 'Établissements Sauvegrenier-Malvoisart SASU')).toBe(true);
});

test('a structured reference is the one of ISO 11649, an account has right check digits', () => {
  expect(structuredReference('539007547034')).toBe('RF18539007547034');
  fc.assert(fc.property(fc.integer({ min: 0, max: 1_000_000 }), (part) => parseIban(ibanOf(streamOf(part, 0))).ok));
});

test('numbers keep their letters and digits in every whole spelling, are found by their end, and a slip of the finger changes them', () => {
  const numberings = fc.constantFrom(...NUMBERINGS.map((numbering) => (count: number) => numbering('invoice', count, UNTIL)));
  fc.assert(fc.property(numberings, fc.integer({ min: 1, max: 99_999 }), fc.integer({ min: 0, max: 9 }), (numbering, count, way) => {
    const number = numbering(count);
    expect(squeezed(spellWhole(number, way))).toBe(squeezed(number));
    expect(endsWith(number, spellEnd(number, way))).toBe(true);
    expect(mistyped(streamOf(count, way), number)).not.toBe(number);
  }));
});

test('few lines, one day, and a single line are statements too', () => {
  for (const lines of [1, 7, 40]) expect(linesOf(statement(3, lines))).toHaveLength(lines);
  const [first, ...rest] = simulateStatement({ seed: 3, lines: 25, until: UNTIL, workingDays: 1 });
  expect([first?.lines.length, rest.length]).toEqual([25, 0]);
});

test('limits are said', () => {
  expect(() => simulateStatement({ seed: 1, lines: 0, until: UNTIL })).toThrow('lines');
  expect(() => simulateStatement({ seed: 1, lines: 1_000_001, until: UNTIL })).toThrow('lines');
  expect(() => simulateStatement({ seed: 1, lines: 10, until: UNTIL, workingDays: 11 })).toThrow('working days');
});
