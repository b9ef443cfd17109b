import { expect, test } from 'vitest';
import { addDays, day } from '../kernel/day.ts';
import { decimal, money, parseDecimal } from '../kernel/money.ts';
import { formatPercent, parsePercent } from '../kernel/rate.ts';
import type { Rate } from '../kernel/rate.ts';
import { must } from '../kernel/result.ts';
import { documentCharges } from './document-charges.ts';
import { halfYearOf } from './half-year.ts';
import { interest } from './interest.ts';
import type { Claim, Interest, InterestTerms, Reduction } from './interest.ts';
import { defaultRate, floorRate, KNOWN_HALF_YEARS, ratesOf } from './law-fr.ts';
import { HALF_YEAR_RATES } from './rates-fr.ts';

const percent = (text: string): Rate => must(parsePercent(text));

function claim(amount: string, dueOn: string, reductions: readonly Reduction[] = []): Claim<'EUR'> {
  const principal = parseDecimal(amount, 'EUR');
  if (principal === null) throw new Error(amount);
  return { principal, dueOn: day(dueOn), reductions };
}

const terms = (until: string, rest: Partial<InterestTerms> = {}): InterestTerms => ({
  kind: 'business', until: day(until), from: null, contractualRate: null, stoppedOn: null, ...rest,
});

const rows = (computed: Interest): string[] =>
  computed.segments.map(({ from, to, days, rate, principal, interest }) =>
    `${from}..${to} ${days} d ${formatPercent(rate)}% of ${decimal(principal)} = ${decimal(interest)}`);

const of = (given: Claim<'EUR'>, asked: InterestTerms): string[] => rows(must(interest(given, asked)));

test('an invoice late across 1 July bears two rates (worked example)', () => {
  const paid = { on: day('2026-08-31'), amount: 1_200_000n, kind: 'payment' } as const;
  const document = { currency: 'EUR', portions: [claim('12000.00', '2026-05-31', [paid])], insolvencyOpenedOn: null } as const;
  const charges = must(documentCharges(document, terms('2026-10-15')));
  expect(charges.segments.map(({ from, to, days, interest }) => [from, to, days, decimal(interest)])).toEqual([
    ['2026-06-01', '2026-06-30', 30, '119.84'],
    ['2026-07-01', '2026-08-31', 62, '252.76'],
  ]);
  expect([charges.interest, charges.indemnity, charges.total].map((amount) => amount && decimal(amount))).toEqual(['372.60', '40.00', '412.60']);
  expect(charges.sources.map(({ name, value, validFrom }) => `${name} ${value} ${validFrom}`)).toEqual([
    'penaltyMargin 10 2019-04-26', 'ecbRate 2.15 2026-01-01', 'ecbRate 2.40 2026-07-01', 'indemnity 40.00 2021-02-27',
  ]);
});

test('10 000 €, 61 days then 62 days (second worked example)', () => {
  expect(of(claim('10000', '2026-04-30'), terms('2026-08-31'))).toEqual([
    '2026-05-01..2026-06-30 61 d 12.15% of 10000.00 = 203.05',
    '2026-07-01..2026-08-31 62 d 12.40% of 10000.00 = 210.63',
  ]);
});

test.each([
  ['100', 15, '10', '0.41'],
  ['1000', 45, '13.25', '16.34'],
  ['5000', 90, '13.25', '163.36'],
  ['1000', 0, '13.25', '0.00'],
])('%s, %d days late at %s%: %s', (...[amount, days, rate, expected]) => {
  const given = claim(amount, '2026-01-01');
  const until = addDays(given.dueOn, days);
  const computed = must(interest(given, terms(until, { contractualRate: percent(rate) })));
  expect(decimal(computed.interest)).toBe(expected);
});

test('the day of a payment still bears the old principal; the day of a credit note does not', () => {
  const due = '2026-01-10';
  const on = day('2026-01-20');
  expect(of(claim('1000', due, [{ on, amount: 40_000n, kind: 'payment' }]), terms('2026-01-31'))).toEqual([
    '2026-01-11..2026-01-20 10 d 12.15% of 1000.00 = 3.33',
    '2026-01-21..2026-01-31 11 d 12.15% of 600.00 = 2.20',
  ]);
  expect(of(claim('1000', due, [{ on, amount: 40_000n, kind: 'creditNote' }]), terms('2026-01-31'))).toEqual([
    '2026-01-11..2026-01-19 9 d 12.15% of 1000.00 = 3.00',
    '2026-01-20..2026-01-31 12 d 12.15% of 600.00 = 2.40',
  ]);
});

test('leap years count 366 days over 365', () => {
  expect(of(claim('36500', '2023-12-31'), terms('2024-06-30'))).toEqual(['2024-01-01..2024-06-30 182 d 14.50% of 36500.00 = 2639.00']);
});

test('a public buyer bears ECB + 8, fixed by the half-year in which interest started', () => {
  expect(of(claim('10000', '2026-06-29'), terms('2026-07-31', { kind: 'public' }))).toEqual(['2026-06-30..2026-07-31 32 d 10.15% of 10000.00 = 88.99']);
  expect(of(claim('10000', '2026-06-30'), terms('2026-07-31', { kind: 'public' }))).toEqual(['2026-07-01..2026-07-31 31 d 10.40% of 10000.00 = 88.33']);
  const later = terms('2026-09-30', { kind: 'public', from: day('2026-09-01') });
  expect(of(claim('10000', '2026-06-29'), later)).toEqual(['2026-09-01..2026-09-30 30 d 10.15% of 10000.00 = 83.42']);
  const warned = must(interest(claim('10000', '2026-06-29'), terms('2026-07-31', { kind: 'public', contractualRate: percent('15') })));
  expect(warned.warnings.map(({ code }) => code)).toEqual(['charges.contractIgnored']);
});

test('a contractual rate is applied as written and warned about below three times the legal rate', () => {
  const low = must(interest(claim('1000', '2026-06-20'), terms('2026-07-20', { contractualRate: percent('8') })));
  expect(rows(low)).toEqual(['2026-06-21..2026-07-20 30 d 8.00% of 1000.00 = 6.58']);
  expect(low.warnings.map(({ message }) => message.fr)).toEqual([expect.stringContaining('8,25 %')]);
  const exact = must(interest(claim('1000', '2026-01-20'), terms('2026-02-20', { contractualRate: percent('7.86') })));
  expect(exact.warnings).toEqual([]);
  const unknown = must(interest(claim('1000', '2027-01-20'), terms('2027-02-20', { contractualRate: percent('12') })));
  expect(unknown.warnings.map(({ code }) => code)).toEqual(['charges.floorNotChecked']);
});

test('an unknown half-year is an error that names it, never a guess', () => {
  const future = interest(claim('1000', '2026-12-20'), terms('2027-01-10'));
  expect(future).toMatchObject({ ok: false, error: { code: 'charges.unknownHalfYear', message: { fr: expect.stringContaining('2027-S1'), en: expect.stringContaining('2027-S1') } } });
  expect(interest(claim('1000', '2013-05-01'), terms('2014-03-01'))).toMatchObject({ ok: false, error: { message: { en: expect.stringContaining('2013-S1') } } });
  const paid = { on: day('2026-12-28'), amount: 100_000n, kind: 'payment' } as const;
  expect(interest(claim('1000', '2026-12-20', [paid]), terms('2027-03-01')).ok).toBe(true);
});

test('consumers bear nothing; insolvency and write-off stop the count the day they happen', () => {
  expect(must(interest(claim('1000', '2026-01-01'), terms('2026-03-01', { kind: 'consumer' }))).segments).toEqual([]);
  expect(of(claim('1000', '2026-01-01'), terms('2026-03-01', { stoppedOn: day('2026-01-11') }))).toEqual(['2026-01-02..2026-01-10 9 d 12.15% of 1000.00 = 3.00']);
});

const portion = (dueOn: string, reductions: readonly Reduction[] = []): Claim<'EUR'> => claim('100', dueOn, reductions);
const onTime: Reduction = { on: day('2026-01-31'), amount: 10_000n, kind: 'payment' };

test.each([
  ['one late portion', [portion('2026-01-31')], {}, null, '40.00'],
  ['two late portions: once', [portion('2026-01-31'), portion('2026-02-28')], {}, null, '40.00'],
  ['paid on the due date', [portion('2026-01-31', [onTime])], {}, null, '0.00'],
  ['paid a day late', [portion('2026-01-30', [onTime])], {}, null, '40.00'],
  ['on the due date', [portion('2026-03-31')], {}, null, '0.00'],
  ['the day after', [portion('2026-03-30')], {}, null, '40.00'],
  ['a consumer', [portion('2026-01-31')], { kind: 'consumer' }, null, '0.00'],
  ['a public buyer', [portion('2026-01-31')], { kind: 'public' }, null, '40.00'],
  ['due once insolvency had opened', [portion('2026-01-31')], {}, day('2026-01-31'), '0.00'],
  ['late before insolvency opened', [portion('2026-01-30')], {}, day('2026-01-31'), '40.00'],
] as const)('indemnity, %s', (...[, portions, rest, insolvencyOpenedOn, expected]) => {
  const charges = must(documentCharges({ currency: 'EUR', portions, insolvencyOpenedOn }, terms('2026-03-31', rest)));
  expect(decimal(charges.indemnity)).toBe(expected);
  expect(charges.total?.minor).toBe(charges.interest.minor + charges.indemnity.minor);
});

test('an invoice in another currency: the indemnity stays in euros and there is no common total', () => {
  const portions = [{ principal: money(10_000n, 'USD'), dueOn: day('2026-01-31'), reductions: [] }];
  const charges = must(documentCharges({ currency: 'USD', portions, insolvencyOpenedOn: null }, terms('2026-03-31')));
  expect([charges.interest.currency, charges.indemnity.currency, charges.total]).toEqual(['USD', 'EUR', null]);
});

test('the table has every half-year once, in order, with plausible rates and its source on each value', () => {
  const halves = HALF_YEAR_RATES.map(([half]) => half);
  expect(halves).toEqual([...new Set(halves)].sort());
  expect(halves).toHaveLength(26);
  expect(KNOWN_HALF_YEARS).toEqual({ first: '2014-S1', last: '2026-S2' });
  expect(halfYearOf(day('2026-06-30'))).toBe('2026-S1');
  expect(halfYearOf(day('2026-07-01'))).toBe('2026-S2');
  for (const half of halves) {
    const rates = must(ratesOf(half));
    for (const value of [rates.ecbRate, rates.legalRate]) {
      expect(value).toMatchObject({ checkedOn: '2026-11-21', lawyerReviewed: false, url: expect.stringMatching(/^https:/) });
    }
  }
  const published = must(ratesOf('2026-S2'));
  expect([formatPercent(defaultRate(published)), formatPercent(floorRate(published))]).toEqual(['12.40', '8.25']);
});
