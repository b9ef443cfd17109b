import { dayNumber } from '../kernel/day.ts';
import type { AccountDecisions, Reason } from './decision.ts';
import type { AccountFacts, ItemFacts, PolicyFacts } from './facts.ts';
import { lastDayHeld } from './holds-in-force.ts';
import type { ScenarioVersion } from './scenario.ts';
import { doneKey, dueOffset, readyDayNumber } from './steps.ts';

/** Waits that end by the calendar, the freshness of sources or the budget of contacts: they are asked again each day. */
const DAILY: ReadonlySet<Reason> = new Set(['capReached', 'closedDay', 'ledgerStale', 'awaitingApproval', 'stepDue', 'thankYou']);

/**
 * The number of the first later day (as `dayNumber` counts) on which the decisions of an account may be others while its facts and the policy
 * stay as they are: tomorrow when something was done or waits for the calendar, else the first day on which an item gets late, a step's day
 * comes, a condition begins or ends to hold, a hold begins or is over. Infinity when nothing is to come.
 */
export function sameUntil(policy: PolicyFacts, account: AccountFacts, decided: AccountDecisions): number {
  const today = dayNumber(policy.today);
  if (decided.actions.length > 0 || decided.decisions.some(({ reason }) => DAILY.has(reason))) return today + 1;
  let next = Number.POSITIVE_INFINITY;
  const consider = (day: number): void => {
    if (day > today && day < next) next = day;
  };
  for (const item of account.items) {
    // Thanks are sincere for a few days only, and wait for what is late.
    if (item.settled !== undefined) return today + 1;
    considerItem(item, item.scenario ?? account.scenario, consider);
  }
  for (const hold of account.holds) {
    const last = lastDayHeld(hold, account.customer.place);
    consider(dayNumber(hold.from));
    if (last !== null) consider(dayNumber(last) + 1);
  }
  return next;
}

function considerItem(item: ItemFacts, scenario: ScenarioVersion, consider: (day: number) => void): void {
  const due = dayNumber(item.dueOn);
  consider(due);
  consider(due + 1);
  consider(due + Math.max(0, scenario.graceDays) + 1);
  for (const step of scenario.steps) {
    // A notice opens on its day and closes on the due date; any other step goes when it is ready, unless it was done.
    const offset = dueOffset(item, scenario, step);
    if (offset <= 0) consider(due + offset);
    if (item.doneKeys?.includes(doneKey(scenario.code, step.key)) === true) continue;
    consider(readyDayNumber(item, step));
    const { ageFrom, ageTo } = step.conditions ?? {};
    if (ageFrom !== undefined) consider(due + ageFrom);
    if (ageTo !== undefined) consider(due + ageTo + 1);
  }
}
