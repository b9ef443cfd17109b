import type { Late } from './steps.ts';
import type { AccountFacts } from './facts.ts';
import type { Step, TotalBounds } from './scenario.ts';

/** The condition of a step that does not hold. */
export type Unmet = 'overdueTotal' | 'age' | 'segment' | 'language';

/** The first condition of a step that does not hold for an item today; null when the step is for it. */
export function unmetCondition(account: AccountFacts, late: Late, step: Step): Unmet | null {
  const { conditions } = step;
  if (conditions === undefined) return null;
  const { overdueTotals, ageFrom, ageTo, segmentsIn, segmentsOut, languages } = conditions;
  if (overdueTotals !== undefined && !overdueTotals.every((bounds) => within(bounds, late))) return 'overdueTotal';
  if ((ageFrom !== undefined && late.daysLate < ageFrom) || (ageTo !== undefined && late.daysLate > ageTo)) return 'age';
  const segment = account.segment ?? null;
  if (segmentsIn !== undefined && (segment === null || !segmentsIn.includes(segment))) return 'segment';
  if (segmentsOut !== undefined && segment !== null && segmentsOut.includes(segment)) return 'segment';
  return languages !== undefined && !languages.includes(account.customer.language) ? 'language' : null;
}

function within({ from, below }: TotalBounds, { item, overdueTotal }: Late): boolean {
  const { currency } = item;
  if (from?.currency === currency && overdueTotal(currency) < from.minor) return false;
  return below?.currency !== currency || overdueTotal(currency) < below.minor;
}
