import { addMonths, day } from '../kernel/day.ts';
import type { Day } from '../kernel/day.ts';
import type { Problem } from '../kernel/problem.ts';
import { err, ok } from '../kernel/result.ts';
import type { Result } from '../kernel/result.ts';
import type { Place } from '../ledger/calendar.ts';
import { holdProblem } from './hold-problems.ts';

/** Months a creditor has to file its claim, with where it was read and from when it holds. */
export type ClaimPeriod = {
  readonly months: number; readonly creditor: 'metropolitan' | 'elsewhere'; readonly article: string; readonly url: string; readonly validFrom: Day; readonly validTo: Day | null;
  readonly checkedOn: Day; readonly lawyerReviewed: false;
};

const SOURCE = {
  article: 'C. com. L622-24, L622-26, R622-24, R641-25', url: 'https://www.legifrance.gouv.fr/codes/texte_lc/LEGITEXT000005634379', validFrom: day('2021-10-01'), validTo: null,
  checkedOn: day('2026-11-21'), lawyerReviewed: false,
} as const;

/**
 * From the publication of the opening judgment in the BODACC. The version read is that of ordinance 2021-1193 and decree 2021-1218, for proceedings
 * opened from 1 October 2021 on (docs/law/insolvency-fr.md); for a publication before that day none is computed.
 */
export const CLAIM_PERIODS: readonly ClaimPeriod[] = [
  { ...SOURCE, months: 2, creditor: 'metropolitan' },
  { ...SOURCE, months: 4, creditor: 'elsewhere' },
];

/** Overseas departments and communities have postal codes that begin so. */
const OVERSEAS = ['97', '98'];

/** The claim to be filed (déclaration de créance): its last day, and the rule that says so. */
export type ClaimDeadline = { readonly on: Day; readonly rule: ClaimPeriod };

/**
 * Last day to file the claim in French proceedings, counted in months from the day of publication. It is not moved past a week-end: earlier
 * is on the safe side. An error when the day, the creditor's place or the rule of that day is not known.
 */
export function claimDeadline(of: { readonly publishedOn: Day | null; readonly creditor: Place }): Result<ClaimDeadline, Problem> {
  const { publishedOn, creditor } = of;
  if (publishedOn === null) return err(holdProblem('claimDayUnknown', {}));
  if (creditor.country === '' || (creditor.country === 'FR' && creditor.postalCode === null)) return err(holdProblem('claimPlaceUnknown', {}));
  const postalCode = creditor.postalCode?.trim() ?? '';
  const metropolitan = creditor.country === 'FR' && !OVERSEAS.some((prefix) => postalCode.startsWith(prefix));
  const rule = CLAIM_PERIODS.find((one) => one.creditor === (metropolitan ? 'metropolitan' : 'elsewhere') && publishedOn >= one.validFrom && (one.validTo === null || publishedOn <= one.validTo));
  if (rule === undefined) return err(holdProblem('claimRuleUnknown', { day: publishedOn }));
  return ok({ on: addMonths(publishedOn, rule.months), rule });
}
