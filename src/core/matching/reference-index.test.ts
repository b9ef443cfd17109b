import fc from 'fast-check';
import { expect, test } from 'vitest';
import { indexAccounts } from './accounts.ts';
import { indexReferences } from './reference-index.ts';
import type { ReferenceIndex } from './reference-index.ts';
import { compactOf, isCompactOf, segmentsOf, shapeOf } from './segments.ts';
import { ONE_CUSTOMER, debit, facts } from './testing/given.ts';

const indexOf = (numbers: readonly string[], references: readonly string[] = []): ReferenceIndex => {
  const given = facts({ debits: numbers.map((document, at) => debit(at + 1, '10', { document, references })) });
  return indexReferences(indexAccounts(given), ONE_CUSTOMER);
};
const numbersOf = (documents: readonly { readonly number: string }[]): string[] => documents.map(({ number }) => number);

test.each([
  ['FA2025-0051', 'fa20250051', 'compact'], ['FA2025-0051', 'fa2025.51', 'shape'], ['FA2025-0051', '0051', 'tail'], ['FA2025-0051', 'fa0051', 'tail'],
  ['FA2025-0051', '2025.51', 'tail'], ['FA2025-0051', '20250051', 'tail'], ['FA26-000123', '000123', 'tail'], ['26/1894', '1894', 'tail'], ['Fé-12345', '12345', 'tail'],
] as const)('%s is called %s as its %s and as nothing else', (number, text, form) => {
  const named = indexOf([number, 'ZZ-777777']).named(text);
  expect(Object.entries(named).flatMap(([key, documents]) => documents.map((document) => [key, document.number]))).toEqual([[form, number]]);
});

test.each(['0052', '51', '2025', 'a20250051', 'fa2025005', 'fa202500511'])('FA2025-0051 is not called %s', (text) => {
  expect(Object.values(indexOf(['FA2025-0051']).named(text)).flat()).toEqual([]);
});

test('a part that more than two hundred documents share names none of them', () => {
  const numbers = Array.from({ length: 201 }, (_, at) => `A${String(at + 100)}-0051`);
  expect(indexOf(numbers.slice(1)).named('0051').tail).toHaveLength(200);
  expect(indexOf(numbers).named('0051').tail).toEqual([]);
});

test('what our letters print names every document that carries it, once', () => {
  const index = indexOf(['FA2025-0051', 'FA2025-0052'], ['Marché 26-M01', 'MARCHE26M01']);
  expect(numbersOf(index.named('marche26m01').printed)).toEqual(['FA2025-0051', 'FA2025-0052']);
});

test('whole numbers and shapes are found as by reading through all of them', () => {
  const anyNumber = fc.stringMatching(/^[A-Cé]{0,2}[-/ ]?[0-2]{1,4}[-/]?[0-2]{0,3}$/);
  fc.assert(fc.property(fc.array(anyNumber, { minLength: 1, maxLength: 8 }), anyNumber, (some, asked) => {
    const numbers = [...new Map(some.map((number) => [compactOf(number), number])).values()].filter((number) => compactOf(number).length >= 4 && /\d/.test(number));
    const index = indexOf(numbers);
    const compact = compactOf(asked);
    const shape = shapeOf(segmentsOf(asked));
    const sorted = (list: readonly string[]): string[] => [...list].sort();
    expect(sorted(numbersOf(index.named(compact).compact))).toEqual(sorted(numbers.filter((number) => compactOf(number) === compact)));
    const shaped = numbers.filter((number) => shapeOf(segmentsOf(number)) === shape && shape.length >= 4 && compactOf(number) !== shape);
    expect(sorted(numbersOf(index.named(shape).shape))).toEqual(sorted(shaped));
  }), { seed: 20_261_122, numRuns: 500 });
});

test('whether a text is written so is seen without writing it', () => {
  fc.assert(fc.property(fc.stringMatching(/^[a-cA-CéœŒ0-2 ./²-]{0,8}$/), fc.stringMatching(/^[abceo0-2]{0,8}$/), (text, other) => {
    expect(isCompactOf(text, compactOf(text))).toBe(true);
    expect(isCompactOf(text, other)).toBe(compactOf(text) === other);
  }), { seed: 20_261_122, numRuns: 2000 });
});
