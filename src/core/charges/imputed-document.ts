import type { Currency } from '../kernel/currency.ts';
import { later } from '../kernel/day.ts';
import type { Day } from '../kernel/day.ts';
import { money } from '../kernel/money.ts';
import type { Money } from '../kernel/money.ts';
import type { Problem } from '../kernel/problem.ts';
import { ok } from '../kernel/result.ts';
import type { Result } from '../kernel/result.ts';
import { documentCharges, indemnityOf } from './document-charges.ts';
import type { ChargedDocument, DocumentCharges } from './document-charges.ts';
import { interest } from './interest.ts';
import type { Claim, InterestTerms, Reduction } from './interest.ts';

/** What a payment meets first inside a debt: what the contract or the ledger says, or what the law says where they are silent (C. civ. 1343-1). */
export type ImputationOrder = 'principalFirst' | 'interestFirst';

/** One payment of a document and what it paid; the three sum to `amount`. All are below 0 for a payment that came back. */
export type ImputedPayment = { readonly on: Day; readonly amount: bigint; readonly interest: bigint; readonly indemnity: bigint; readonly principal: bigint };

/** A document with its payments imputed in an order: the charges accrued under it, and what is left to pay of each. */
export type ImputedDocument<C extends Currency = Currency> = {
  readonly order: ImputationOrder;
  readonly charges: DocumentCharges<C>;
  readonly payments: readonly ImputedPayment[];
  readonly principalDue: Money<C>;
  readonly interestDue: Money<C>;
  /** In euros, as the law sets it; a payment in another currency never meets it. */
  readonly indemnityDue: Money<'EUR'>;
};

type Paid = { interest: bigint; indemnity: bigint; principal: bigint };

/**
 * Imputes what was paid of each portion on interest, indemnity and principal (law-fr IMP-02, IMP-04). Interest first: a payment meets the interest run
 * until its day, then the indemnity, and only then lowers the principal on which interest goes on. Credit notes lower the principal in both orders.
 */
export function imputedDocument<C extends Currency>(document: ChargedDocument<C>, terms: InterestTerms, order: ImputationOrder): Result<ImputedDocument<C>, Problem> {
  const payments: ImputedPayment[] = [];
  const paid: Paid = { interest: 0n, indemnity: 0n, principal: 0n };
  const portions: Claim<C>[] = [];
  for (const [place, portion] of document.portions.entries()) {
    const reductions: Reduction[] = [];
    let portionInterest = 0n;
    const standing: ImputedPayment[] = [];
    for (const reduction of portion.reductions.toSorted((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : 0))) {
      if (reduction.kind === 'creditNote' || order === 'principalFirst') {
        reductions.push(reduction);
        paid.principal += reduction.amount;
        if (reduction.kind === 'payment') payments.push({ on: reduction.on, amount: reduction.amount, interest: 0n, indemnity: 0n, principal: reduction.amount });
        continue;
      }
      if (reduction.amount < 0n) {
        const back = takenBack(reduction, standing);
        portionInterest += back.interest;
        for (const kind of ['interest', 'indemnity', 'principal'] as const) paid[kind] += back[kind];
        payments.push(back);
        reductions.push({ ...reduction, amount: back.principal });
        continue;
      }
      const accrued = interest({ ...portion, reductions }, { ...terms, until: reduction.on, stoppedOn: stopOf(document, terms) });
      if (!accrued.ok) return accrued;
      // Only what portions before and this one already show is known to be late on that day.
      const known: ChargedDocument<C> = { ...document, portions: [...document.portions.slice(0, place), { ...portion, reductions }] };
      const indemnity = document.currency === 'EUR' ? indemnityOf(known, { kind: terms.kind, until: reduction.on }).minor - paid.indemnity : 0n;
      const share = shareOut(reduction.amount, { interest: accrued.value.interest.minor - portionInterest, indemnity });
      portionInterest += share.interest;
      for (const kind of ['interest', 'indemnity', 'principal'] as const) paid[kind] += share[kind];
      const payment = { on: reduction.on, amount: reduction.amount, ...share };
      payments.push(payment);
      standing.push(payment);
      if (share.principal > 0n) reductions.push({ ...reduction, amount: share.principal });
    }
    portions.push({ ...portion, reductions });
  }
  const computed = documentCharges({ ...document, portions }, terms);
  if (!computed.ok) return computed;
  const owed = document.portions.reduce((sum, { principal }) => sum + principal.minor, 0n);
  return ok({
    order, charges: computed.value, payments: payments.toSorted((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : 0)), principalDue: money(owed - paid.principal, document.currency),
    interestDue: money(computed.value.interest.minor - paid.interest, document.currency), indemnityDue: money(computed.value.indemnity.minor - paid.indemnity, 'EUR'),
  });
}

/** What a payment had paid is owed again: the latest one of that amount; what is none of them had paid principal. */
function takenBack({ on, amount }: Reduction, standing: ImputedPayment[]): ImputedPayment {
  const place = standing.findLastIndex((one) => one.amount === -amount);
  const [back] = place < 0 ? [] : standing.splice(place, 1);
  if (back === undefined) return { on, amount, interest: 0n, indemnity: 0n, principal: amount };
  return { on, amount, interest: -back.interest, indemnity: -back.indemnity, principal: -back.principal };
}

function stopOf(document: ChargedDocument, terms: InterestTerms): Day | null {
  const days = [terms.stoppedOn, document.insolvencyOpenedOn].filter((one) => one !== null);
  return days.length === 0 ? null : days.reduce((first, one) => (later(first, one) === first ? one : first));
}

function shareOut(amount: bigint, due: { interest: bigint; indemnity: bigint }): Paid {
  const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b);
  const paid = smaller(amount, due.interest);
  const indemnity = smaller(amount - paid, due.indemnity);
  return { interest: paid, indemnity, principal: amount - paid - indemnity };
}
