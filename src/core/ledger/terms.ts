import { addDays, addMonths, clampedDay, endOfMonth, partsOf } from '../kernel/day.ts';
import type { Day } from '../kernel/day.ts';
import type { Problem } from '../kernel/problem.ts';
import { err, never, ok } from '../kernel/result.ts';
import type { Result } from '../kernel/result.ts';
import { parseWording } from './terms-wording.ts';

/** One step from an invoice date to a due date; the terms of an invoice are a list of them, applied in order. */
export type TermStep =
  | { readonly kind: 'addDays'; readonly days: number }
  /** Clamped: 31 January and a month is the last day of February. */
  | { readonly kind: 'addMonths'; readonly months: number }
  | { readonly kind: 'monthEnd' }
  /** Day of the next month, clamped to its last. */
  | { readonly kind: 'nextMonthDay'; readonly day: number }
  /** The first of these days of the month on or after, each clamped. In rising order, at least one. */
  | { readonly kind: 'onDay'; readonly days: readonly number[] };

/** Steps in the order they are applied; none is due on the invoice date. */
export type Terms = readonly TermStep[];

/** Contract practice never needs more. */
export const TERM_STEPS_MAX = 8;
/** Two years; the law stops far before, and a longer one is a mistyped year. */
export const TERM_DAYS_MAX = 730;
/** The same two years. */
export const TERM_MONTHS_MAX = 24;
/** Longest text read as terms; anything longer is a paragraph of a contract. */
export const TERMS_LENGTH_MAX = 200;

const DAY_OF_MONTH_MAX = 31;
const DAYS_IN_WEEK = 7;

/** Due date of an invoice date. Throws outside the years 1900-9999. */
export function dueDate(issuedOn: Day, terms: Terms): Day {
  return terms.reduce(applyStep, issuedOn);
}

function applyStep(from: Day, step: TermStep): Day {
  switch (step.kind) {
    case 'addDays':
      return addDays(from, step.days);
    case 'addMonths':
      return addMonths(from, step.months);
    case 'monthEnd':
      return endOfMonth(from);
    case 'nextMonthDay':
      return dayOfMonth(addMonths(dayOfMonth(from, 1), 1), step.day);
    case 'onDay':
      return firstOnOrAfter(from, step.days);
    default:
      return never(step);
  }
}

function dayOfMonth(month: Day, day: number): Day {
  const parts = partsOf(month);
  return clampedDay(parts.year, parts.month, day);
}

function firstOnOrAfter(from: Day, days: readonly number[]): Day {
  for (const day of days) {
    const candidate = dayOfMonth(from, day);
    if (candidate >= from) return candidate;
  }
  return dayOfMonth(addMonths(dayOfMonth(from, 1), 1), days[0] ?? 1);
}

/**
 * Reads terms: steps separated by commas (`30d`, `2w`, `2m`, `eom`, `next 10`, `on 10`, `on 5,10`), or a French or English wording
 * ("45 jours fin de mois", "EOM + 30"). Errors: `terms.tooLong`, `terms.notUnderstood`, `terms.outOfRange`, `terms.tooManySteps`.
 */
export function parseTerms(text: string): Result<Terms, Problem> {
  const wanted = text.trim();
  if (wanted.length > TERMS_LENGTH_MAX) return err(tooLong(wanted.length));
  const steps = parseSteps(wanted);
  const parsed = steps === null ? parseWording(wanted) : { ok: true as const, value: steps };
  if (!parsed.ok) return err(notUnderstood(wanted, parsed.error));
  if (parsed.value.length > TERM_STEPS_MAX) return err(tooManySteps(parsed.value.length));
  const wrong = parsed.value.find((step) => !inRange(step));
  return wrong === undefined ? ok(withoutDayZero(parsed.value)) : err(outOfRange(printTerms([wrong])));
}

const STEP_TEXT = /^(?:(\d{1,4}) ?([dwm])|(eom)|next (\d{1,3})|on (\d{1,3}(?:[ -]\d{1,3})*)|(\d{1,3}))$/;

/** The step language; null when the text is not in it. */
function parseSteps(text: string): TermStep[] | null {
  const steps: TermStep[] = [];
  for (const piece of text.toLowerCase().split(',')) {
    const match = STEP_TEXT.exec(piece.trim().replace(/\s+/g, ' '));
    if (match === null) return null;
    const step = stepOf(match, steps.at(-1));
    if (step === null) return null;
    if (match[6] !== undefined) steps.pop();
    steps.push(step);
  }
  return steps;
}

function stepOf(match: RegExpExecArray, before: TermStep | undefined): TermStep | null {
  const [, count, unit, eom, next, on, more] = match;
  if (eom !== undefined) return { kind: 'monthEnd' };
  if (next !== undefined) return { kind: 'nextMonthDay', day: Number(next) };
  if (on !== undefined) return { kind: 'onDay', days: rising(on.split(/[ -]/).map(Number)) };
  if (more !== undefined) return before?.kind === 'onDay' ? { kind: 'onDay', days: rising([...before.days, Number(more)]) } : null;
  if (unit === 'm') return { kind: 'addMonths', months: Number(count) };
  return { kind: 'addDays', days: Number(count) * (unit === 'w' ? DAYS_IN_WEEK : 1) };
}

const rising = (days: readonly number[]): number[] => [...new Set(days)].sort((a, b) => a - b);

/** Days of the month on which a customer pays ("5,10", "5-10", "10 5"), in rising order; null when one is no day of a month. */
export function parsePaymentDays(text: string): readonly number[] | null {
  const pieces = text.trim().split(/\s*[,;/-]\s*|\s+/);
  if (pieces.some((piece) => !/^\d{1,2}$/.test(piece))) return null;
  const days = rising(pieces.map(Number));
  return days.every(isDayOfMonth) ? days : null;
}

const isDayOfMonth = (day: number): boolean => day >= 1 && day <= DAY_OF_MONTH_MAX;

function inRange(step: TermStep): boolean {
  switch (step.kind) {
    case 'addDays':
      return step.days <= TERM_DAYS_MAX;
    case 'addMonths':
      return step.months <= TERM_MONTHS_MAX;
    case 'monthEnd':
      return true;
    case 'nextMonthDay':
      return step.day <= DAY_OF_MONTH_MAX;
    case 'onDay':
      return step.days.every(isDayOfMonth);
    default:
      return never(step);
  }
}

/** "End of month, the 0" is how some programs write plain end of month. */
const withoutDayZero = (steps: Terms): Terms => steps.filter((step) => step.kind !== 'nextMonthDay' || step.day > 0);

/** Terms in the step language; `parseTerms` reads them back to the same steps. Terms of no step print as `0d`. */
export function printTerms(terms: Terms): string {
  return terms.length === 0 ? '0d' : terms.map(printStep).join(',');
}

function printStep(step: TermStep): string {
  switch (step.kind) {
    case 'addDays':
      return `${step.days}d`;
    case 'addMonths':
      return `${step.months}m`;
    case 'monthEnd':
      return 'eom';
    case 'nextMonthDay':
      return `next ${step.day}`;
    case 'onDay':
      return `on ${step.days.join(' ')}`;
    default:
      return never(step);
  }
}

const problem = (name: string, message: Problem['message']): Problem => ({ line: 0, severity: 'error', code: `terms.${name}`, message });

function notUnderstood(text: string, rest: string): Problem {
  return problem('notUnderstood', {
    fr: `Conditions de paiement « ${text} » : « ${rest} » n’est pas compris. Écrivez par exemple « 30 jours », « 45 jours fin de mois », « fin de mois + 45 jours », « 30 jours fin de mois le 10 » ou « 30d,eom,next 10 ».`,
    en: `Payment terms "${text}": "${rest}" is not understood. Write for instance "30 days", "45 days end of month", "end of month + 45 days", "30 days end of month the 10th" or "30d,eom,next 10".`,
  });
}

function outOfRange(step: string): Problem {
  return problem('outOfRange', {
    fr: `Conditions de paiement : « ${step} » est hors limites (au plus ${TERM_DAYS_MAX} jours ou ${TERM_MONTHS_MAX} mois ; un jour du mois va de 1 à ${DAY_OF_MONTH_MAX}). Corrigez ce nombre.`,
    en: `Payment terms: "${step}" is out of range (at most ${TERM_DAYS_MAX} days or ${TERM_MONTHS_MAX} months; a day of the month goes from 1 to ${DAY_OF_MONTH_MAX}). Correct this number.`,
  });
}

function tooManySteps(count: number): Problem {
  return problem('tooManySteps', {
    fr: `Conditions de paiement : ${count} étapes, ${TERM_STEPS_MAX} au plus. Simplifiez-les.`,
    en: `Payment terms: ${count} steps, at most ${TERM_STEPS_MAX}. Simplify them.`,
  });
}

function tooLong(length: number): Problem {
  return problem('tooLong', {
    fr: `Conditions de paiement : ${length} caractères, ${TERMS_LENGTH_MAX} au plus. N’écrivez que le délai.`,
    en: `Payment terms: ${length} characters, at most ${TERMS_LENGTH_MAX}. Write only the delay.`,
  });
}
