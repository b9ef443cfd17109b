import type { ActionView } from '#core/api/actions.ts';
import type { Segment } from '#core/risk/segment.ts';
import { decimalOf, readAmount } from '../../ui/typed-amount.ts';

/** Which rows of a list are shown; what is null or empty narrows nothing. */
export type Narrowing = {
  readonly text: string; readonly channel: string | null; readonly scenario: string | null; readonly step: string | null; readonly segment: Segment | null;
  /** An amount as typed: of each action in its own currency. */
  readonly atLeast: string;
};

/** Everything is shown. */
export const EVERYTHING: Narrowing = { text: '', channel: null, scenario: null, step: null, segment: null, atLeast: '' };

/** Whether anything narrows the list. */
export const isNarrowed = (by: Narrowing): boolean => by.text.trim() !== '' || by.channel !== null || by.scenario !== null || by.step !== null || by.segment !== null || by.atLeast.trim() !== '';

function isEnough(row: ActionView, typed: string): boolean {
  if (typed.trim() === '') return true;
  const least = readAmount(typed, row.currency);
  const total = readAmount(row.total, row.currency);
  // An amount that cannot be read yet (being typed) hides nothing.
  return least === null || total === null || total >= least;
}

/** The rows that a narrowing leaves. */
export function narrowed(rows: readonly ActionView[], by: Narrowing): ActionView[] {
  const text = by.text.trim().toLocaleLowerCase();
  return rows.filter((row) => (by.channel === null || row.channel === by.channel) && (by.scenario === null || row.scenario === by.scenario) && (by.step === null || String(row.step) === by.step)
    && (by.segment === null || row.segment === by.segment) && isEnough(row, by.atLeast)
    && (text === '' || [row.customerName, row.customer, ...row.documents].some((one) => one.toLocaleLowerCase().includes(text))));
}

/** What a list offers to narrow by: only what its rows have. */
export type Offered = { readonly channels: readonly string[]; readonly scenarios: readonly string[]; readonly steps: readonly string[]; readonly segments: readonly Segment[] };

/** Values of the rows, each once; steps in their order. */
export function offeredBy(rows: readonly ActionView[]): Offered {
  return {
    channels: [...new Set(rows.map(({ channel }) => channel))], scenarios: [...new Set(rows.map(({ scenario }) => scenario))].toSorted(),
    steps: [...new Set(rows.map(({ step }) => step))].toSorted((a, b) => a - b).map(String), segments: [...new Set(rows.flatMap(({ segment }) => (segment === null ? [] : [segment])))].toSorted(),
  };
}

/** What rows ask for in all, by currency, most used first; never added across currencies. */
export function totalsOf(rows: readonly ActionView[]): { readonly currency: string; readonly amount: string }[] {
  return [...Map.groupBy(rows, ({ currency }) => currency)].toSorted(([, a], [, b]) => b.length - a.length)
    .map(([currency, found]) => ({ currency, amount: decimalOf(found.reduce((sum, { total }) => sum + (readAmount(total, currency) ?? 0n), 0n), currency) }));
}

/** Whether a person approves this row with others: a task waits for whoever does it, unless two must agree to it first. */
export const isApprovable = (row: ActionView): boolean => !row.task || row.approvalsNeeded === 2;
