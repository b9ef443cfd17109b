import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addDays, day, dayFromNumber, dayNumber } from '../kernel/day.ts';
import type { Day } from '../kernel/day.ts';
import { money } from '../kernel/money.ts';
import { must } from '../kernel/result.ts';
import { interest } from './interest.ts';
import type { Claim, Reduction } from './interest.ts';
import { HALF_YEAR_RATES } from './rates-fr.ts';

/** Interest in cents of a claim between professionals, up to a day. */
type Count = (claim: Claim<'EUR'>, until: Day) => bigint;

const product: Count = (claim, until) =>
  must(interest(claim, { kind: 'business', until, from: null, contractualRate: null, stoppedOn: null })).interest.minor;

/** How the naive count below may be wrong. */
type Fault = { base?: bigint; firstDay?: number; shiftHalf?: number; perDay?: boolean; forgetsPayments?: boolean; compound?: boolean };

/** Hundredths of a percent (ECB + 10) by half-year, read straight from the published figures. */
const RATES = HALF_YEAR_RATES.map(([, ecb]) => BigInt(ecb.replace('.', '')) + 1000n);
const rateOn = (on: Day, shift = 0): bigint =>
  RATES[Math.max(0, (Number(on.slice(0, 4)) - 2014) * 2 + (Number(on.slice(5, 7)) > 6 ? 1 : 0) + shift)] ?? 0n;

function owedOn(claim: Claim, on: Day): bigint {
  const gone = claim.reductions.filter((reduction) => (reduction.kind === 'payment' ? reduction.on < on : reduction.on <= on));
  const left = gone.reduce((sum, { amount }) => sum - amount, claim.principal.minor);
  return left > 0n ? left : 0n;
}

const SCALE = 10_000n;
const halfUp = (numerator: bigint, denominator: bigint): bigint => (2n * numerator + denominator) / (2n * denominator);

/** Day by day: exact sum over `SCALE` × 365, and how many roundings a count by segments may do. */
function naive(claim: Claim, until: Day, fault: Fault = {}): { exact: bigint; rounded: bigint; segments: bigint } {
  let exact = 0n;
  let rounded = 0n;
  let segments = 0n;
  let before = '';
  let inSegment = 0n;
  const denominator = SCALE * (fault.base ?? 365n);
  for (let on = addDays(claim.dueOn, fault.firstDay ?? 1); on <= until; on = addDays(on, 1)) {
    const owed = (fault.forgetsPayments === true ? claim.principal.minor : owedOn(claim, on)) + (fault.compound === true ? rounded : 0n);
    const bears = owed * rateOn(on, fault.shiftHalf);
    const segment = `${owedOn(claim, on)} ${rateOn(on)} ${on.slice(0, 4)}${on.slice(5, 7) > '06'}`;
    if (segment !== before || fault.perDay === true) {
      rounded += halfUp(inSegment, denominator);
      inSegment = 0n;
      segments += owed > 0n && segment !== before ? 1n : 0n;
      before = segment;
    }
    exact += bears;
    inSegment += bears;
  }
  return { exact, rounded: rounded + halfUp(inSegment, denominator), segments };
}

const faulty = (fault: Fault): Count => (claim, until) => naive(claim, until, fault).rounded;

const anyDay = fc.integer({ min: dayNumber(day('2021-12-01')), max: dayNumber(day('2026-06-30')) }).map(dayFromNumber);
const anyReduction = fc.record({ after: fc.integer({ min: -10, max: 250 }), amount: fc.bigInt({ min: 1n, max: 300_000n }), kind: fc.constantFrom('payment' as const, 'creditNote' as const) });
const anyClaim = fc
  .tuple(fc.bigInt({ min: 1n, max: 5_000_000n }), anyDay, fc.array(anyReduction, { maxLength: 3 }))
  .map(([minor, dueOn, reductions]): Claim<'EUR'> => ({
    principal: money(minor, 'EUR'),
    dueOn,
    reductions: reductions.map(({ after, amount, kind }): Reduction => ({ on: addDays(dueOn, after), amount, kind })),
  }));
const anyDelay = fc.integer({ min: -5, max: 180 });

/** E9: what must hold of any count of interest. */
function holds(count: Count, claim: Claim<'EUR'>, delay: number): boolean {
  const until = addDays(claim.dueOn, delay);
  const cents = count(claim, until);
  if (cents < 0n || (delay <= 0 && cents !== 0n)) return false;
  if (count(claim, addDays(until, 1)) < cents) return false;
  const { exact, segments } = naive(claim, until);
  const error = cents * SCALE * 365n - exact;
  if ((error < 0n ? -error : error) * 2n > segments * SCALE * 365n) return false;
  const triple = { ...claim, principal: money(claim.principal.minor * 3n, 'EUR'), reductions: claim.reductions.map((r) => ({ ...r, amount: r.amount * 3n })) };
  const apart = count(triple, until) - 3n * cents;
  if ((apart < 0n ? -apart : apart) > 2n * segments) return false;
  const settled = { ...claim, reductions: [...claim.reductions, { on: until, amount: claim.principal.minor, kind: 'payment' as const }] };
  return count(settled, addDays(until, 40)) === cents;
}

const check = (count: Count): void => {
  fc.assert(fc.property(anyClaim, anyDelay, (claim, delay) => holds(count, claim, delay)), { numRuns: 200, seed: 20261122 });
};

test('interest is never negative, 0 until the day after the due date, rises with days, is linear, is the day-by-day sum, and stops at payment', () => {
  expect(() => check(product)).not.toThrow();
});

test('the naive count without a fault holds too: the property does not merely accept everything or nothing', () => {
  expect(() => check(faulty({}))).not.toThrow();
});

test.each<[string, Fault]>([
  ['a year of 360 days', { base: 360n }],
  ['a year of 366 days', { base: 366n }],
  ['interest on the due date', { firstDay: 0 }],
  ['interest from two days after', { firstDay: 2 }],
  ['the rate of the half-year before', { shiftHalf: -1 }],
  ['rounding every day', { perDay: true }],
  ['payments forgotten', { forgetsPayments: true }],
  ['interest on interest', { compound: true }],
])('planted bug found: %s', (_, fault) => expect(() => check(faulty(fault))).toThrow(/Property failed/));

test('counting in two parts that meet at a half-year gives the same cents as counting once', () => {
  fc.assert(
    fc.property(anyClaim, fc.integer({ min: 1, max: 180 }), (claim, delay) => {
      const until = addDays(claim.dueOn, delay);
      const boundary = day(until.slice(5) >= '07-01' ? `${until.slice(0, 4)}-06-30` : `${Number(until.slice(0, 4)) - 1}-12-31`);
      const part = (from: Day | null, to: Day): bigint =>
        must(interest(claim, { kind: 'business', until: to, from, contractualRate: null, stoppedOn: null })).interest.minor;
      expect(part(null, boundary) + part(addDays(boundary, 1), until)).toBe(part(null, until));
    }),
    { numRuns: 200, seed: 20261122 },
  );
});
