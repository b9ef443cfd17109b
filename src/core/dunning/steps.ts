import type { Currency } from '../kernel/currency.ts';
import { dayNumber } from '../kernel/day.ts';
import type { AccountFacts, ItemFacts } from './facts.ts';
import { unmetCondition } from './conditions.ts';
import type { Unmet } from './conditions.ts';
import type { ScenarioVersion, Step } from './scenario.ts';

/** Two levels never go out on one day: whatever a step says, a day separates it from the one before. */
const GAP_DAYS_MIN = 1;

/** An item of an account on a day, with what conditions are compared with. */
export type Late = {
  readonly item: ItemFacts;
  readonly daysLate: number;
  /** Minor units overdue and asked for in a currency; added up when a condition asks. */
  readonly overdueTotal: (currency: Currency) => bigint;
};

/** A step that was not for this item today, and why. */
export type PassedOver = { readonly step: number; readonly because: Unmet | 'remindersFirst' };

/** The next step of an item, null when there is none, and the steps passed over on the way to it. */
export type Next = { readonly step: Step | null; readonly passedOver: readonly PassedOver[] };

const NOTHING_PASSED: readonly PassedOver[] = [];

/**
 * Days after the due date that a step stands for, for one item: what orders the steps of different versions and scenarios. A step counted
 * from the one before it is taken to follow it at once; its true day depends on when that one was done.
 */
export function dueOffset(item: ItemFacts, scenario: ScenarioVersion, step: Step): number {
  if (step.anchor === 'dueDate') return step.offsetDays;
  if (step.anchor === 'issueDate') return step.offsetDays - (dayNumber(item.dueOn) - dayNumber(item.issuedOn));
  const before = scenario.steps.findLast(({ number }) => number < step.number);
  return Math.max(0, before === undefined ? 0 : dueOffset(item, scenario, before)) + step.offsetDays;
}

/** A notice goes out before the item is late; the others once it is. */
const isNotice = (step: Step, offset: number): boolean => offset <= 0 && step.anchor !== 'previousStep';

/** The step after what was done to an item, among those that come once it is late. */
export function nextStep(account: AccountFacts, late: Late): Next {
  const { item } = late;
  const { scenario } = account;
  const furthest = furthestDone(item, scenario);
  const fromKey = item.lastStepDone === null ? entryNumber(item, scenario) : 0;
  const ageAtEntry = item.lastStepDone === null && scenario.entry === 'byAge' ? dayNumber(item.firstSeenOn) - dayNumber(item.dueOn) : null;
  let chosen: Step | null = null;
  let passedOver: PassedOver[] | null = null;
  for (const step of scenario.steps) {
    const offset = dueOffset(item, scenario, step);
    if (step.number < fromKey || isNotice(step, offset) || isDone(step, offset, furthest)) continue;
    // By age: the last step that was asked for on the day of first sight, but never a formal notice, which would cite reminders that never went out.
    if (chosen !== null && ageAtEntry !== null && (offset > ageAtEntry || step.formalNotice)) break;
    const unmet = unmetCondition(account, late, step) ?? (step.formalNotice && remindersMissing(item, scenario, step) ? 'remindersFirst' : null);
    if (unmet !== null) (passedOver ??= []).push({ step: step.number, because: unmet });
    else {
      chosen = step;
      if (ageAtEntry === null) break;
    }
  }
  return { step: chosen, passedOver: passedOver ?? NOTHING_PASSED };
}

/** An item late when first seen starts at the step the scenario names; the others begin at the beginning. */
function entryNumber(item: ItemFacts, { entry, steps }: ScenarioVersion): number {
  if (typeof entry === 'string' || item.firstSeenOn <= item.dueOn) return 0;
  return steps.find(({ key }) => key === entry.step)?.number ?? 0;
}

/** A formal notice cites the reminders before it: it does not go when every one of them was passed over. */
function remindersMissing(item: ItemFacts, scenario: ScenarioVersion, formal: Step): boolean {
  if (item.lastStepDone !== null && item.lastStepDone.offsetDays > 0) return false;
  return scenario.steps.some((step) => step.number < formal.number && !step.formalNotice && !isNotice(step, dueOffset(item, scenario, step)));
}

/** What is furthest of what was done to an item: a place in this scenario, or, when that is not known, days after the due date. */
type Furthest = { readonly number: number; readonly offsetDays: number };

/**
 * Steps done under this scenario are found by their keys, wherever they stand now. One that this version no longer has, or that another
 * scenario had, is compared by its day: a step that stands at the same age or before it is not sent again.
 */
function furthestDone(item: ItemFacts, scenario: ScenarioVersion): Furthest | null {
  const done = item.lastStepDone;
  if (done === null) return null;
  let number = 0;
  let lastIsKnown = false;
  if (item.doneKeys !== undefined) {
    for (const step of scenario.steps) {
      if (!item.doneKeys.includes(doneKey(scenario.code, step.key))) continue;
      number = step.number;
      if (done.scenarioCode === scenario.code && done.key === step.key) lastIsKnown = true;
    }
  }
  if (lastIsKnown) return { number, offsetDays: Number.NEGATIVE_INFINITY };
  if (done.scenarioCode === scenario.code && done.key === undefined) number = Math.max(number, done.number);
  return { number, offsetDays: Math.max(done.offsetDays, item.furthestOffset ?? done.offsetDays) };
}

/** How a done step is named across scenarios. */
export const doneKey = (scenarioCode: string, key: string): string => `${scenarioCode}/${key}`;

const isDone = (step: Step, offset: number, furthest: Furthest | null): boolean =>
  furthest !== null && (step.number <= furthest.number || offset <= furthest.offsetDays);

/**
 * The notice to send before an item is late, when its window is open: from its day until the eve of the due date (a notice of offset 0 goes
 * on the due date itself). Notices whose time has passed are not made up for.
 */
export function noticeBeforeDue(account: AccountFacts, late: Late): Step | null {
  const { item, daysLate } = late;
  const { scenario } = account;
  let open: Step | null = null;
  let opened = 0;
  for (const step of scenario.steps) {
    const offset = dueOffset(item, scenario, step);
    if (!isNotice(step, offset) || daysLate < offset || unmetCondition(account, late, step) !== null) continue;
    open = step;
    opened = offset;
  }
  if (open === null || isDone(open, opened, furthestDone(item, scenario))) return null;
  return daysLate < 0 || (daysLate === 0 && opened === 0) ? open : null;
}

/** Days late at which the next notice before the due date opens; null when none is to come. */
export function nextNoticeOffset(item: ItemFacts, scenario: ScenarioVersion, daysLate: number): number | null {
  let next: number | null = null;
  for (const step of scenario.steps) {
    const offset = dueOffset(item, scenario, step);
    if (isNotice(step, offset) && offset > daysLate && (next === null || offset < next)) next = offset;
  }
  return next;
}

/** The number of the first day (as `dayNumber` counts) on which a step may be done for an item: its day reached, its gap kept. */
export function readyDayNumber(item: ItemFacts, step: Step): number {
  const last = item.lastStepDone === null ? null : dayNumber(item.lastStepDone.doneOn);
  const ready = anchorDayNumber(item, step, last) + step.offsetDays;
  return last === null ? ready : Math.max(ready, last + Math.max(GAP_DAYS_MIN, step.minimumGapDays));
}

function anchorDayNumber(item: ItemFacts, step: Step, last: number | null): number {
  switch (step.anchor) {
    case 'dueDate': return dayNumber(item.dueOn);
    case 'issueDate': return dayNumber(item.issuedOn);
    case 'previousStep': return Math.max(dayNumber(item.dueOn), last ?? 0);
  }
}
