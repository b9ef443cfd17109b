import { addDays, endOfMonth, later } from '../kernel/day.ts';
import type { Day } from '../kernel/day.ts';
import type { Problem } from '../kernel/problem.ts';

/** TERM-01: days when nothing was agreed (C. com. L441-10 I). */
export const DEFAULT_TERM_DAYS = 30;
/** TERM-02: days after the invoice date when agreed. */
export const AGREED_TERM_DAYS_MAX = 60;
/** TERM-03: days of "45 days end of month", when the contract says so expressly. */
export const END_OF_MONTH_TERM_DAYS_MAX = 45;
/** TERM-04: days after the invoice date for a periodic (summary) invoice. */
export const PERIODIC_TERM_DAYS_MAX = 45;

/** What the ceilings depend on, beside the two dates. */
export type TermsContext = {
  readonly issuedOn: Day;
  readonly dueOn: Day;
  /** Goods received or service performed; null when not known: the invoice date stands for it. */
  readonly deliveredOn: Day | null;
  readonly agreed: 'none' | 'days' | 'endOfMonth';
  readonly periodic: boolean;
};

/** Last day the law allows between French professionals, and the rule that says so. "45 days end of month" is read both ways; the later is allowed. */
export function latestDueDate(context: TermsContext): { readonly on: Day; readonly rule: 'TERM-01' | 'TERM-02' | 'TERM-03' | 'TERM-04' } {
  const { issuedOn, deliveredOn } = context;
  if (context.agreed === 'none') return { on: addDays(deliveredOn ?? issuedOn, DEFAULT_TERM_DAYS), rule: 'TERM-01' };
  if (context.periodic) return { on: addDays(issuedOn, PERIODIC_TERM_DAYS_MAX), rule: 'TERM-04' };
  if (context.agreed === 'days') return { on: addDays(issuedOn, AGREED_TERM_DAYS_MAX), rule: 'TERM-02' };
  const monthEndLast = endOfMonth(addDays(issuedOn, END_OF_MONTH_TERM_DAYS_MAX));
  const monthEndFirst = addDays(endOfMonth(issuedOn), END_OF_MONTH_TERM_DAYS_MAX);
  return { on: later(later(monthEndLast, monthEndFirst), addDays(issuedOn, AGREED_TERM_DAYS_MAX)), rule: 'TERM-03' };
}

const SENTENCES = {
  'TERM-01': {
    fr: 'sans accord écrit, le délai est de 30 jours après la réception des marchandises ou l’exécution de la prestation',
    en: 'with nothing agreed, the delay is 30 days after receipt of the goods or performance of the service',
  },
  'TERM-02': {
    fr: 'le délai convenu ne peut pas dépasser 60 jours après la date de facture',
    en: 'the delay agreed cannot exceed 60 days after the invoice date',
  },
  'TERM-03': {
    fr: 'le délai convenu ne peut pas dépasser 45 jours fin de mois, ou 60 jours après la date de facture',
    en: 'the delay agreed cannot exceed 45 days end of month, or 60 days after the invoice date',
  },
  'TERM-04': {
    fr: 'pour une facture périodique, le délai ne peut pas dépasser 45 jours après la date de facture',
    en: 'for a periodic invoice, the delay cannot exceed 45 days after the invoice date',
  },
} as const;

/** Warns when a due date is later than the law allows between French professionals; the due date is never changed. Sector rules (TERM-05 to 08) are not applied. */
export function checkCeilings(context: TermsContext): Problem[] {
  const { on, rule } = latestDueDate(context);
  if (context.dueOn <= on) return [];
  const why = SENTENCES[rule];
  return [{
    line: 0,
    severity: 'warning',
    code: 'terms.overCeiling',
    message: {
      fr: `Échéance au ${context.dueOn}, au-delà du ${on} : ${why.fr} (C. com. L441-10). L’échéance n’est pas modifiée ; vérifiez vos conditions, l’amende peut atteindre 2 M€ (L441-16).`,
      en: `Due on ${context.dueOn}, after ${on}: ${why.en} (C. com. L441-10). The due date is not changed; check your terms, the fine can reach €2m (L441-16).`,
    },
  }];
}
