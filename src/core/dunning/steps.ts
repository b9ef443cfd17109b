import { dayNumber } from '../kernel/day.ts';
import type { ItemFacts } from './facts.ts';
import type { ScenarioVersion, Step } from './scenario.ts';

/** Two levels never go out on one day: whatever a step says, a day separates it from the one before. */
const GAP_DAYS_MIN = 1;

/** The step after what was done to an item, among those sent once it is late; null when the scenario has nothing more for it. */
export function nextStep(item: ItemFacts, scenario: ScenarioVersion): Step | null {
  if (item.lastStepDone === null) return entryStep(item, scenario);
  for (const step of scenario.steps) {
    if (step.offsetDays > 0 && !alreadyDone(item, scenario, step)) return step;
  }
  return null;
}

/**
 * Numbers rise within a scenario, offsets rise across its versions and from one scenario to another: a step inserted by a new version is not
 * a reason to send again one that stands at the same age.
 */
function alreadyDone(item: ItemFacts, scenario: ScenarioVersion, step: Step): boolean {
  const done = item.lastStepDone;
  if (done === null) return false;
  if (step.offsetDays <= done.offsetDays) return true;
  return done.scenarioCode === scenario.code && step.number <= done.number;
}

/**
 * Where an item starts. By age: the last step its age asked for on the day it was first seen here, but never a formal notice, which would
 * cite reminders that never went out. The age is that of the first sight, so that a missed night or a promise does not skip a level.
 */
function entryStep(item: ItemFacts, scenario: ScenarioVersion): Step | null {
  const daysLateAtEntry = scenario.entry === 'byAge' ? dayNumber(item.firstSeenOn) - dayNumber(item.dueOn) : 0;
  let chosen: Step | null = null;
  for (const step of scenario.steps) {
    if (step.offsetDays <= 0) continue;
    if (chosen !== null && (step.offsetDays > daysLateAtEntry || step.formalNotice)) break;
    chosen = step;
  }
  return chosen;
}

/**
 * The notice to send before an item is late, when its window is open: from its day until the eve of the due date (a notice of offset 0 goes
 * on the due date itself). Notices whose time has passed are not made up for.
 */
export function noticeBeforeDue(item: ItemFacts, scenario: ScenarioVersion, daysLate: number): Step | null {
  let open: Step | null = null;
  for (const step of scenario.steps) {
    if (step.offsetDays > 0 || daysLate < step.offsetDays) break;
    open = step;
  }
  if (open === null || alreadyDone(item, scenario, open)) return null;
  return daysLate < 0 || open.offsetDays === 0 ? open : null;
}

/** Days late at which the next notice before the due date opens; null when none is to come. */
export function nextNoticeOffset(scenario: ScenarioVersion, daysLate: number): number | null {
  for (const step of scenario.steps) {
    if (step.offsetDays > 0) return null;
    if (step.offsetDays > daysLate) return step.offsetDays;
  }
  return null;
}

/** The number of the first day (as `dayNumber` counts) on which a step may be done for an item: its age reached, its gap kept. */
export function readyDayNumber(item: ItemFacts, step: Step): number {
  const byAge = dayNumber(item.dueOn) + step.offsetDays;
  if (item.lastStepDone === null) return byAge;
  return Math.max(byAge, dayNumber(item.lastStepDone.doneOn) + Math.max(GAP_DAYS_MIN, step.minimumGapDays));
}
