import { currencyDigits } from '../kernel/currency.ts';
import type { Currency } from '../kernel/currency.ts';
import type { MatchingRules } from './matching.ts';

/** Whole currency units that may be missing and written off: a transfer fee shared with the payer is seldom above. */
const CAP_UNITS = 5n;

/** The cap of the standard rules: 5.00 EUR, 5 JPY, 5.000 TND. */
export const standardCap = (currency: Currency): bigint => CAP_UNITS * 10n ** BigInt(currencyDigits(currency));

/** The settings an organisation starts with: what is named and adds up goes by itself, everything else is proposed. */
export const STANDARD_RULES: MatchingRules = {
  tolerance: { percent: { numerator: 1n, denominator: 100n }, capMinor: standardCap },
  automaticFrom: 90,
  partPayments: 'automatic',
  writeOffs: 'propose',
  rememberedPayers: null,
  imputation: 'principalFirst',
  oldestFirst: true,
  lines: [],
};
