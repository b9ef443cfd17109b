import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Allowance, domainOf, SLOTS_PER_HOUR } from './allowance.ts';
import type { Handed, Rates } from './allowance.ts';

const RATES: Rates = { perHour: 120, perDay: 500, perDomainHour: 36, perDomainDay: 60 };
const taken = (allowance: Allowance, domains: readonly string[]): number => domains.filter((domain) => allowance.take(domain)).length;
const times = (domain: string, count: number): string[] => Array.from({ length: count }, () => domain);

test.each<[string, { before: Record<string, Handed>; asked: string[]; given: number }]>([
  ['a quiet hour gives one part of an hour at a time', { before: {}, asked: times('a.example', 4).concat(times('b.example', 40), times('c.example', 40)), given: 9 }],
  ['a domain has its own part', { before: {}, asked: times('a.example', 40), given: 3 }],
  ['what left in the last five minutes counts', { before: { 'a.example': { slot: 2, hour: 2, day: 2 } }, asked: times('a.example', 40), given: 1 }],
  ['the hour is full', { before: { 'x.example': { slot: 0, hour: 120, day: 120 } }, asked: times('a.example', 40), given: 0 }],
  ['the day is full', { before: { 'x.example': { slot: 0, hour: 0, day: 500 } }, asked: times('a.example', 40), given: 0 }],
  ['the day of a domain is full, others go on', { before: { 'a.example': { slot: 0, hour: 0, day: 60 } }, asked: times('a.example', 5).concat(times('b.example', 2)), given: 2 }],
])('%s', (_name, { before, asked, given }) => {
  expect(taken(new Allowance(RATES, new Map(Object.entries(before))), asked)).toBe(given);
});

test('without rates everything goes', () => {
  expect(taken(new Allowance(null, new Map([['a.example', { slot: 9e6, hour: 9e6, day: 9e6 }]])), times('a.example', 1000))).toBe(1000);
});

test('whatever is asked in whatever order, no part of an hour, hour or day goes over', () => {
  const handed = fc.record({ slot: fc.nat(12), hour: fc.nat(140), day: fc.nat(520) });
  const domain = fc.constantFrom('a.example', 'b.example', 'c.example');
  expect(fc.check(fc.property(fc.dictionary(domain, handed), fc.array(domain, { maxLength: 200 }), (before, asked) => {
    const allowance = new Allowance(RATES, new Map(Object.entries(before)));
    const gone = asked.filter((one) => allowance.take(one));
    const all = Object.values(before);
    const sum = (pick: (one: Handed) => number): number => all.reduce((total, one) => total + pick(one), 0);
    const within = (count: number, used: number, max: number): boolean => count === 0 || used + count <= max;
    return within(gone.length, sum((one) => one.slot), RATES.perHour / SLOTS_PER_HOUR) && within(gone.length, sum((one) => one.hour), RATES.perHour)
      && within(gone.length, sum((one) => one.day), RATES.perDay);
  }))).toMatchObject({ failed: false });
});

test('domains are compared in lower case', () => {
  expect(domainOf('Compta@ALPHA.Example')).toBe('alpha.example');
});
