import type { Day } from '../kernel/day.ts';
import { day } from '../kernel/day.ts';
import { money } from '../kernel/money.ts';
import type { Problem } from '../kernel/problem.ts';
import { addRates, parsePercent, timesRate } from '../kernel/rate.ts';
import type { Rate } from '../kernel/rate.ts';
import { err, must, ok } from '../kernel/result.ts';
import type { Result } from '../kernel/result.ts';
import { firstDayOf, lastDayOf } from './half-year.ts';
import type { HalfYear } from './half-year.ts';
import { HALF_YEAR_RATES, RATES_CHECKED_ON } from './rates-fr.ts';
import type { RateConfidence } from './rates-fr.ts';

/** A value the law gives, with where it was read and between which days it holds. */
export type LegalValue = {
  readonly name: 'ecbRate' | 'legalRate' | 'penaltyMargin' | 'publicMargin' | 'rateFloor' | 'indemnity';
  /** Decimal text in `unit`. */
  readonly value: string;
  readonly unit: 'percent' | 'points' | 'times' | 'EUR';
  readonly article: string;
  readonly url: string;
  readonly validFrom: Day;
  /** Last day it holds; null while nothing ends it. */
  readonly validTo: Day | null;
  readonly checkedOn: Day;
  readonly confidence: RateConfidence;
  readonly lawyerReviewed: false;
};

const L441_10 = 'https://www.legifrance.gouv.fr/codes/article_lc/LEGIARTI000038414392';
const D441_5 = 'https://www.legifrance.gouv.fr/codes/article_lc/LEGIARTI000043197457';
const PUBLIC_PROCUREMENT_CODE = 'https://www.legifrance.gouv.fr/codes/texte_lc/LEGITEXT000037701019';
const ECB_SERIES = 'https://data.ecb.europa.eu/data/datasets/FM/FM.B.U2.EUR.4F.KR.MRR_FR.LEV';

/** Where the legal rates were read, by the last half-year each source was read for. */
const LEGAL_RATE_SOURCES: readonly (readonly [HalfYear, string])[] = [
  ['2020-S2', 'https://www.aeccompta.com'],
  ['2021-S2', 'https://www.dandrel-avocats.fr'],
  ['2023-S2', 'https://www.notaires2normandie.com'],
];
const LEGAL_RATE_LATEST = 'https://www.legifiscal.fr/actualites-fiscales/4371';
const legalRateUrl = (half: HalfYear): string => LEGAL_RATE_SOURCES.find(([last]) => half <= last)?.[1] ?? LEGAL_RATE_LATEST;


const checked = { checkedOn: RATES_CHECKED_ON, lawyerReviewed: false } as const;
/** L441-10 changes version on 1 January 2027 (a cross-reference moves, ordinance 2026-671): its citation ends the day before. */
const penaltyArticle = { ...checked, url: L441_10, validFrom: day('2019-04-26'), validTo: day('2026-12-31'), confidence: 'high' } as const;
const publicArticle = { ...checked, url: PUBLIC_PROCUREMENT_CODE, validFrom: day('2019-04-01'), validTo: null, confidence: 'high' } as const;

/** Points added to the ECB rate between professionals when the contract says nothing. */
export const PENALTY_MARGIN: LegalValue = { ...penaltyArticle, name: 'penaltyMargin', value: '10', unit: 'points', article: 'C. com. L441-10 II' };
/** Points added to the ECB rate for public buyers. */
export const PUBLIC_MARGIN: LegalValue = { ...publicArticle, name: 'publicMargin', value: '8', unit: 'points', article: 'CCP R2192-31' };
/** A contractual rate must be at least this many times the legal rate. */
export const RATE_FLOOR: LegalValue = { ...penaltyArticle, name: 'rateFloor', value: '3', unit: 'times', article: 'C. com. L441-10 II, L441-16 c' };
/** Fixed indemnity for recovery costs, professionals. */
export const INDEMNITY: LegalValue = {
  ...checked, name: 'indemnity', value: '40.00', unit: 'EUR', article: 'C. com. L441-10 II, D441-5', url: D441_5,
  validFrom: day('2021-02-27'), validTo: null, confidence: 'high',
};
/** Fixed indemnity for recovery costs, public buyers. */
export const PUBLIC_INDEMNITY: LegalValue = { ...publicArticle, name: 'indemnity', value: '40.00', unit: 'EUR', article: 'CCP D2192-35' };

/** 40 €, once for each document paid late. */
export const INDEMNITY_AMOUNT = money(4000n, 'EUR');

/** The rates of one half-year. */
export type HalfYearRates = {
  readonly halfYear: HalfYear;
  readonly ecbRate: LegalValue;
  /** "Autres cas": the creditor is a professional, whoever the debtor is (CMF L313-2). */
  readonly legalRate: LegalValue;
};

const BY_HALF_YEAR: ReadonlyMap<string, HalfYearRates> = new Map(
  HALF_YEAR_RATES.map(([halfYear, ecbRate, legalRate, , confidence]) => {
    const period = { ...checked, validFrom: firstDayOf(halfYear), validTo: lastDayOf(halfYear), unit: 'percent', confidence } as const;
    const rates: HalfYearRates = {
      halfYear,
      ecbRate: { ...period, name: 'ecbRate', value: ecbRate, article: 'C. com. L441-10 II (taux BCE du 1er jour du semestre)', url: ECB_SERIES },
      legalRate: { ...period, name: 'legalRate', value: legalRate, article: 'CMF L313-2, D313-1-A (arrêté du semestre)', url: legalRateUrl(halfYear) },
    };
    return [halfYear, rates];
  }),
);

/** First and last half-year of the table. */
export const KNOWN_HALF_YEARS: { readonly first: string; readonly last: string } = {
  first: HALF_YEAR_RATES[0]?.[0] ?? '',
  last: HALF_YEAR_RATES.at(-1)?.[0] ?? '',
};

/** The rates of a half-year; an error that names it when the table does not have it: a rate is never guessed. */
export function ratesOf(half: HalfYear): Result<HalfYearRates, Problem> {
  const found = BY_HALF_YEAR.get(half);
  if (found !== undefined) return ok(found);
  const { first, last } = KNOWN_HALF_YEARS;
  return err({
    line: 0,
    severity: 'error',
    code: 'charges.unknownHalfYear',
    message: {
      fr: `Le taux du semestre ${half} n’est pas connu (table de ${first} à ${last}) : aucune pénalité n’est calculée. Mettez la table des taux à jour, ou arrêtez le calcul avant ce semestre.`,
      en: `The rate of half-year ${half} is not known (the table goes from ${first} to ${last}): no interest is computed. Update the table of rates, or end the computation before that half-year.`,
    },
  });
}

const percent = (text: string): Rate => must(parsePercent(text));

/** Default rate between professionals in a half-year: ECB + 10 points. */
export const defaultRate = (rates: HalfYearRates): Rate => addRates(percent(rates.ecbRate.value), percent(PENALTY_MARGIN.value));

/** Rate for a public buyer whose interest starts in a half-year: ECB + 8 points. */
export const publicRate = (rates: HalfYearRates): Rate => addRates(percent(rates.ecbRate.value), percent(PUBLIC_MARGIN.value));

/** Lowest rate a contract may set in a half-year: 3 times the legal rate. */
export const floorRate = (rates: HalfYearRates): Rate => timesRate(percent(rates.legalRate.value), BigInt(RATE_FLOOR.value));
