import type { Currency } from '../kernel/currency.ts';
import { addDays, daysBetween, earlier, later } from '../kernel/day.ts';
import type { Day } from '../kernel/day.ts';
import { money } from '../kernel/money.ts';
import type { Money } from '../kernel/money.ts';
import type { Problem } from '../kernel/problem.ts';
import type { Rate } from '../kernel/rate.ts';
import { ok } from '../kernel/result.ts';
import type { Result } from '../kernel/result.ts';
import { divideHalfUp } from '../kernel/rounding.ts';
import type { LegalValue } from './law-fr.ts';
import { ratePeriods } from './rate-periods.ts';
import type { RatePeriod } from './rate-periods.ts';

/** Who owes: between professionals, a consumer, a public buyer. */
export type DebtorKind = 'business' | 'consumer' | 'public';

/** Something that lowers the principal. The day of a payment still bears interest on the old principal; that of a credit note does not. */
export type Reduction = { readonly on: Day; readonly amount: bigint; readonly kind: 'payment' | 'creditNote' };

/** One amount due on one day, and what has lowered it since. */
export type Claim<C extends Currency = Currency> = {
  /** All taxes included. */
  readonly principal: Money<C>;
  /** The day shown on the invoice; interest starts the day after, without any reminder. */
  readonly dueOn: Day;
  readonly reductions: readonly Reduction[];
};

/** Between which days interest is asked for, on whom, and at which contractual rate (null: the rate of the law). */
export type InterestTerms = {
  readonly kind: DebtorKind;
  /** Last day counted, included. */
  readonly until: Day;
  /** First day asked for, when a part was claimed before; null for all of it. */
  readonly from: Day | null;
  readonly contractualRate: Rate | null;
  /** From this day on, included, nothing runs any more: opening of insolvency proceedings, write-off. */
  readonly stoppedOn: Day | null;
};

/** Days of one principal at one rate. `from` and `to` are both counted. */
export type InterestSegment<C extends Currency = Currency> = {
  readonly from: Day;
  readonly to: Day;
  readonly days: number;
  readonly rate: Rate;
  readonly principal: Money<C>;
  readonly interest: Money<C>;
};

/** Simple interest, segment by segment, the values of the law it rests on, and what is doubtful. */
export type Interest<C extends Currency = Currency> = {
  readonly segments: readonly InterestSegment<C>[];
  readonly interest: Money<C>;
  readonly sources: readonly LegalValue[];
  readonly warnings: readonly Problem[];
};

/** Exact days over 365, leap years too: no text imposes a base; this one is the usual and is printed. */
export const DAYS_IN_YEAR = 365n;

/**
 * Late-payment interest (law-fr PEN-01 to PEN-08, PUB-02): from the day after the due date to `until`, simple, on the principal of each day,
 * rounded half up once a segment. Consumers bear none. Error when the rate of a half-year is not known.
 */
export function interest<C extends Currency>(claim: Claim<C>, terms: InterestTerms): Result<Interest<C>, Problem> {
  const { currency } = claim.principal;
  const none: Interest<C> = { segments: [], interest: money(0n, currency), sources: [], warnings: [] };
  const starts = addDays(claim.dueOn, 1);
  const from = terms.from === null ? starts : later(starts, terms.from);
  const to = terms.stoppedOn === null ? terms.until : earlier(terms.until, addDays(terms.stoppedOn, -1));
  if (terms.kind === 'consumer' || to < from) return ok(none);
  const principals = principalPeriods(claim, { from, to });
  const last = principals.at(-1);
  if (last === undefined) return ok(none);
  const rates = ratePeriods({ kind: terms.kind, starts, from, to: last.to, contractualRate: terms.contractualRate });
  if (!rates.ok) return rates;
  const segments = cross(claim.principal.currency, { principals, rates: rates.value.periods });
  const total = segments.reduce((sum, segment) => sum + segment.interest.minor, 0n);
  return ok({ segments, interest: money(total, currency), sources: rates.value.sources, warnings: rates.value.warnings });
}

type PrincipalPeriod = { readonly from: Day; readonly to: Day; readonly minor: bigint };

/** Cuts the days into runs of one principal; days on which nothing is owed are left out, as is a principal that never was positive. */
function principalPeriods(claim: Claim, between: { from: Day; to: Day }): PrincipalPeriod[] {
  const changes = claim.reductions
    .map(({ on, amount, kind }) => ({ on: kind === 'payment' ? addDays(on, 1) : on, amount }))
    .toSorted((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : 0));
  const periods: PrincipalPeriod[] = [];
  let { minor } = claim.principal;
  let { from } = between;
  for (const change of changes) {
    if (change.on > between.to) break;
    if (change.on > from) {
      if (minor > 0n) periods.push({ from, to: addDays(change.on, -1), minor });
      from = change.on;
    }
    minor -= change.amount;
  }
  if (minor > 0n) periods.push({ from, to: between.to, minor });
  return periods;
}

function cross<C extends Currency>(
  currency: C,
  of: { principals: readonly PrincipalPeriod[]; rates: readonly RatePeriod[] },
): InterestSegment<C>[] {
  const segments: InterestSegment<C>[] = [];
  for (const principal of of.principals) {
    for (const { from: rateFrom, to: rateTo, rate } of of.rates) {
      const from = later(principal.from, rateFrom);
      const to = earlier(principal.to, rateTo);
      if (from > to) continue;
      const days = daysBetween(from, to) + 1;
      const minor = divideHalfUp(principal.minor * rate.numerator * BigInt(days), rate.denominator * DAYS_IN_YEAR);
      segments.push({ from, to, days, rate, principal: money(principal.minor, currency), interest: money(minor, currency) });
    }
  }
  return segments;
}
