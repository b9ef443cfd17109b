import { addDays, earlier } from '../kernel/day.ts';
import type { Day } from '../kernel/day.ts';
import type { Problem } from '../kernel/problem.ts';
import { compareRates, formatPercent } from '../kernel/rate.ts';
import type { Rate } from '../kernel/rate.ts';
import { never, ok } from '../kernel/result.ts';
import type { Result } from '../kernel/result.ts';
import { halfYearOf, lastDayOf } from './half-year.ts';
import { defaultRate, floorRate, PENALTY_MARGIN, PUBLIC_MARGIN, publicRate, RATE_FLOOR, ratesOf } from './law-fr.ts';
import type { LegalValue } from './law-fr.ts';

/** Days, both counted, that bear one rate. */
export type RatePeriod = { readonly from: Day; readonly to: Day; readonly rate: Rate };

/** The rates of a stretch of days, what they rest on, and what is doubtful. */
export type Rates = { readonly periods: readonly RatePeriod[]; readonly sources: readonly LegalValue[]; readonly warnings: readonly Problem[] };

/** Which rates are asked for: `starts` is the day after the due date, `from` to `to` the days counted. */
export type RatesAsked = {
  readonly kind: 'business' | 'public';
  readonly starts: Day;
  readonly from: Day;
  readonly to: Day;
  readonly contractualRate: Rate | null;
};

/** Rate of each day asked for; error when a half-year that is needed is not in the table. */
export function ratePeriods(asked: RatesAsked): Result<Rates, Problem> {
  switch (asked.kind) {
    case 'public':
      return publicPeriods(asked);
    case 'business':
      return asked.contractualRate === null ? defaultPeriods(asked) : contractualPeriods(asked, asked.contractualRate);
    default:
      return never(asked.kind);
  }
}

/** L441-10 II: each half-year has its own rate, an invoice late across 1 July bears two. */
function defaultPeriods(asked: RatesAsked): Result<Rates, Problem> {
  const periods: RatePeriod[] = [];
  const sources: LegalValue[] = [PENALTY_MARGIN];
  for (let { from } = asked; from <= asked.to; ) {
    const half = halfYearOf(from);
    const rates = ratesOf(half);
    if (!rates.ok) return rates;
    const to = earlier(asked.to, lastDayOf(half));
    periods.push({ from, to, rate: defaultRate(rates.value) });
    sources.push(rates.value.ecbRate);
    from = addDays(to, 1);
  }
  return ok({ periods, sources, warnings: [] });
}

/** R2192-31, R2192-32: one rate for the whole delay, that of the half-year in which interest started. */
function publicPeriods(asked: RatesAsked): Result<Rates, Problem> {
  const rates = ratesOf(halfYearOf(asked.starts));
  if (!rates.ok) return rates;
  const periods = [{ from: asked.from, to: asked.to, rate: publicRate(rates.value) }];
  const warnings = asked.contractualRate === null ? [] : [contractIgnored()];
  return ok({ periods, sources: [PUBLIC_MARGIN, rates.value.ecbRate], warnings });
}

/** The contract's rate holds as written; below three times the legal rate of a half-year it is warned about, never raised. */
function contractualPeriods(asked: RatesAsked, rate: Rate): Result<Rates, Problem> {
  const sources: LegalValue[] = [RATE_FLOOR];
  const warnings: Problem[] = [];
  for (let { from } = asked; from <= asked.to; from = addDays(lastDayOf(halfYearOf(from)), 1)) {
    const half = halfYearOf(from);
    const rates = ratesOf(half);
    if (!rates.ok) {
      warnings.push(floorNotChecked(half));
      continue;
    }
    sources.push(rates.value.legalRate);
    const floor = floorRate(rates.value);
    if (compareRates(rate, floor) < 0) warnings.push(belowFloor(half, rate, floor));
  }
  return ok({ periods: [{ from: asked.from, to: asked.to, rate }], sources, warnings });
}

const doubt = (code: string, message: Problem['message']): Problem => ({ line: 0, severity: 'warning', code: `charges.${code}`, message });

function belowFloor(half: string, rate: Rate, floor: Rate): Problem {
  return doubt('belowFloor', {
    fr: `Le taux contractuel de ${french(rate)} % est sous le minimum légal du semestre ${half}, ${french(floor)} % (3 fois l’intérêt légal, C. com. L441-10 II). Il est appliqué tel quel ; corrigez vos conditions générales.`,
    en: `The contractual rate of ${formatPercent(rate)}% is below the legal minimum of half-year ${half}, ${formatPercent(floor)}% (3 times the legal rate, C. com. L441-10 II). It is applied as written; correct your terms of sale.`,
  });
}

function floorNotChecked(half: string): Problem {
  return doubt('floorNotChecked', {
    fr: `Le taux d’intérêt légal du semestre ${half} n’est pas connu : le minimum légal du taux contractuel n’a pas été vérifié. Mettez la table des taux à jour.`,
    en: `The legal interest rate of half-year ${half} is not known: the legal minimum of the contractual rate was not checked. Update the table of rates.`,
  });
}

function contractIgnored(): Problem {
  return doubt('contractIgnored', {
    fr: 'Le taux contractuel n’est pas appliqué : pour un acheteur public, le taux est fixé par le code de la commande publique (R2192-31).',
    en: 'The contractual rate is not applied: for a public buyer the rate is set by the French public procurement code (R2192-31).',
  });
}

const french = (rate: Rate): string => formatPercent(rate).replace('.', ',');
