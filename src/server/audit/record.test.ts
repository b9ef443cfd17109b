import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson } from './record.ts';
import type { Facts } from './record.ts';

const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string(), fc.constantFrom('', '"', '\\', '\u2028', '\u007f', '\ud800', 'é', '10', '9', '__proto_'));
const leaf = fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null), fc.array(text));
const facts: fc.Arbitrary<Facts> = fc.dictionary(text, fc.oneof(leaf, fc.dictionary(text, leaf)));

/** The same by the engine's own writer: whatever order it gives keys that look like numbers, members are put in order one by one. */
function slowly(value: Facts[string]): string {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return JSON.stringify(value);
  const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([key, one]: [string, Facts[string]]) => `${JSON.stringify(key)}:${slowly(one)}`);
  return `{${members.join(',')}}`;
}

/** The planted bug: a text is taken for plain without a look at what JSON escapes. */
const rashly = (value: Facts[string]): string => (typeof value === 'string' ? `"${value}"` : slowly(value));

const differs = (written: (value: Facts[string]) => string): boolean =>
  fc.check(fc.property(fc.oneof(facts, leaf), (given) => written(given) === slowly(given)), { numRuns: 500, seed: 20_261_122 }).failed;

test('canonical JSON is JSON, its keys sorted, whatever texts it holds; one that escapes nothing is found', () => {
  expect(differs(canonicalJson)).toBe(false);
  expect(differs(rashly)).toBe(true);
});
