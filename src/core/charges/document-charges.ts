import type { Currency } from '../kernel/currency.ts';
import type { Day } from '../kernel/day.ts';
import { money, plus } from '../kernel/money.ts';
import type { Money } from '../kernel/money.ts';
import type { Problem } from '../kernel/problem.ts';
import { ok } from '../kernel/result.ts';
import type { Result } from '../kernel/result.ts';
import { interest } from './interest.ts';
import type { Claim, InterestSegment, InterestTerms } from './interest.ts';
import { INDEMNITY, INDEMNITY_AMOUNT, PUBLIC_INDEMNITY } from './law-fr.ts';
import type { LegalValue } from './law-fr.ts';

/** A document as charges see it: its due portions, and from when payment was forbidden by insolvency proceedings (null: never). */
export type ChargedDocument<C extends Currency = Currency> = {
  readonly currency: C;
  readonly portions: readonly Claim<C>[];
  readonly insolvencyOpenedOn: Day | null;
};

/** What may be claimed beside the principal. The law sets the indemnity in euros whatever the currency of the invoice. */
export type DocumentCharges<C extends Currency = Currency> = {
  readonly segments: readonly InterestSegment<C>[];
  readonly interest: Money<C>;
  readonly indemnity: Money<'EUR'>;
  /** Interest and indemnity together; null when they are in two currencies. */
  readonly total: Money<C> | null;
  readonly sources: readonly LegalValue[];
  readonly warnings: readonly Problem[];
};

/** Charges of a document as of `terms.until`: interest of each portion, and one indemnity however many portions are late. */
export function documentCharges<C extends Currency>(document: ChargedDocument<C>, terms: InterestTerms): Result<DocumentCharges<C>, Problem> {
  const { currency, insolvencyOpenedOn } = document;
  const stoppedOn = firstOf(terms.stoppedOn, insolvencyOpenedOn);
  const segments: InterestSegment<C>[] = [];
  const sources = new Set<LegalValue>();
  const warnings = new Map<string, Problem>();
  let sum = money(0n, currency);
  for (const portion of document.portions) {
    const computed = interest(portion, { ...terms, stoppedOn });
    if (!computed.ok) return computed;
    segments.push(...computed.value.segments);
    sum = plus(sum, computed.value.interest);
    for (const source of computed.value.sources) sources.add(source);
    for (const warning of computed.value.warnings) warnings.set(warning.message.en, warning);
  }
  const indemnity = indemnityOf(document, terms);
  if (indemnity.minor > 0n) sources.add(terms.kind === 'public' ? PUBLIC_INDEMNITY : INDEMNITY);
  const total = currency === 'EUR' ? money(sum.minor + indemnity.minor, currency) : indemnity.minor === 0n ? sum : null;
  return ok({ segments, interest: sum, indemnity, total, sources: [...sources], warnings: [...warnings.values()] });
}

const firstOf = (a: Day | null, b: Day | null): Day | null => (a === null ? b : b === null || a < b ? a : b);

/**
 * 40 € once for a document of which something was still owed after its due date (a payment on that day is on time), from professionals and public buyers only. Not for a portion
 * that fell due once insolvency proceedings forbade paying it (L441-10 II, last sentence).
 */
export function indemnityOf(document: ChargedDocument, terms: Pick<InterestTerms, 'kind' | 'until'>): Money<'EUR'> {
  const { insolvencyOpenedOn, portions } = document;
  const late = portions.some(
    ({ principal, dueOn, reductions }) =>
      terms.until > dueOn &&
      (insolvencyOpenedOn === null || dueOn < insolvencyOpenedOn) &&
      reductions.reduce((left, { on, amount }) => (on <= dueOn ? left - amount : left), principal.minor) > 0n,
  );
  return late && terms.kind !== 'consumer' ? INDEMNITY_AMOUNT : money(0n, 'EUR');
}
