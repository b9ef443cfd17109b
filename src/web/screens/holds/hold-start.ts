import type { CustomerDetail } from '#core/api/customers.ts';
import { disputeSteps } from '#core/holds/dispute-reasons.ts';
import { addDays, parseDay } from '#core/kernel/day.ts';
import type { Day } from '#core/kernel/day.ts';
import { nextWorkingDay } from '#core/ledger/calendar.ts';
import type { Place } from '#core/ledger/calendar.ts';
import { readAmount } from '../../ui/typed-amount.ts';

/** A document of a customer that something is open of; `open` in minor units. */
export type OpenDocument = { readonly id: string; readonly name: string; readonly currency: string; readonly open: bigint; readonly dueOn: string | null; readonly late: boolean };

/** What is open of a customer, oldest due day first. */
export function openDocuments(of: Pick<CustomerDetail, 'items'>): OpenDocument[] {
  return of.items.flatMap((item): OpenDocument[] => {
    const open = item.side === 'debit' ? readAmount(item.open, item.currency) : null;
    return open === null || open <= 0n ? [] : [{ id: item.id, name: item.document ?? item.label ?? item.id, currency: item.currency, open, dueOn: item.dueOn, late: (item.daysLate ?? 0) > 0 }];
  });
}

/** Currencies something is open in, those with overdue documents first: a promise or a plan is of one. */
export function currenciesOf(documents: readonly OpenDocument[]): string[] {
  const late = documents.filter((document) => document.late);
  return [...new Set([...late, ...documents].map(({ currency }) => currency))];
}

/** What is chosen at first: the document one came from, else all that is overdue, else all that is open. */
export function firstChoice(documents: readonly OpenDocument[], currency: string, from: string | null): ReadonlySet<string> {
  const here = documents.filter((document) => document.currency === currency);
  const one = here.filter(({ id }) => id === from);
  const late = here.filter((document) => document.late);
  return new Set((one.length > 0 ? one : late.length > 0 ? late : here).map(({ id }) => id));
}

/** Sum of what is open of the chosen documents, in minor units. */
export const sumOf = (documents: readonly OpenDocument[], chosen: ReadonlySet<string>): bigint =>
  documents.reduce((sum, { id, open }) => (chosen.has(id) ? sum + open : sum), 0n);

const WEEK = 7;

/** The day offered for a promise, a first instalment or the end of a pause: a week after the next working day, and a working day itself. */
export const inAWeek = (today: Day, place: Place): Day => nextWorkingDay(addDays(nextWorkingDay(addDays(today, 1), place), WEEK), place);

/** The deadline that the action plan of a reason asks for: the day of its last step. */
export const deadlineOf = (reason: string, from: Day): Day => addDays(from, Math.max(...disputeSteps(reason).map(({ withinDays }) => withinDays)));

/** The business day of the session, as a day. */
export function dayOfSession(today: string): Day {
  const day = parseDay(today);
  if (day === null) throw new Error(`the session has no day: ${today}`);
  return day;
}
