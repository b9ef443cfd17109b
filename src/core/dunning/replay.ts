import { addDays, dayNumber } from '../kernel/day.ts';
import type { Day } from '../kernel/day.ts';
import { accountAt, contactsSince } from './account-then.ts';
import { decideAccount } from './decide.ts';
import type { ProposedAction } from './decision.ts';
import { actedAt, credit, entryOf, madeByHand } from './done-so-far.ts';
import type { DoneSoFar } from './done-so-far.ts';
import type { AccountFacts } from './facts.ts';
import { ALWAYS } from './history.ts';
import type { AccountHistory, Ground, Moment } from './history.ts';
import { sameUntil } from './quiet-days.ts';
import { changeDays } from './replay-changes.ts';
import type { ScenarioVersion } from './scenario.ts';

/** One day of a replay: what was known by then, and what held for the organisation. Instants never go back from one day to the next. */
export type ReplayDay = { readonly moment: Moment; readonly ground: Ground; readonly approveEverything: boolean };

/** The days tried, one after the other without gap, and the scenario tried on them. */
export type ReplayPlan = {
  readonly days: readonly ReplayDay[];
  readonly tried: ScenarioVersion;
  /** Those whom the rules and choices of each day gave this scenario, or everybody. */
  readonly population: 'assigned' | 'everybody';
};

/** An action that the scenario tried would have asked for on a day. */
export type ReplayedAction = { readonly on: Day; readonly action: ProposedAction; readonly byApproval: boolean };

/** What a scenario would have done with one account, and on which days (places in the plan, both included) the account had it. */
export type AccountReplay = {
  readonly actions: readonly ReplayedAction[];
  readonly had: readonly { readonly from: number; readonly to: number }[];
  /** On some day a step was due and nobody could be reached for it. */
  readonly unreachable: boolean;
  /** How often the account was looked at: the days between are those on which nothing could change. */
  readonly looked: number;
};

/** How days are chosen to be looked at: each, or those on which a fact changes or the calendar may turn something. */
export type Looking = { readonly everyDay?: boolean; readonly changesOf?: typeof changeDays; readonly quietUntil?: typeof sameUntil };

/** The plan's days with the scenario tried in place of the one that was in force; nobody is in a test. */
export function planReplay(plan: ReplayPlan): ReplayPlan {
  const everybody = plan.population === 'everybody' ? { standardScenario: plan.tried.code, assignment: { version: 0, rules: [] } } : {};
  const grounds = new Map<Ground['scenarios'], ReadonlyMap<string, ScenarioVersion>>();
  const days = plan.days.map((day): ReplayDay => {
    const { scenarios } = day.ground;
    const replaced = grounds.get(scenarios) ?? new Map([...scenarios, [plan.tried.code, plan.tried]]);
    grounds.set(scenarios, replaced);
    return { ...day, ground: { ...day.ground, ...everybody, scenarios: replaced, holdOuts: [] } };
  });
  return { ...plan, days };
}

/**
 * Lives one account's days again under a plan made by `planReplay`: every action is accepted the day it is asked for and the steps go on from
 * there; payments, holds and contacts by hand are those that really happened, as they were learnt. An account is only looked at on days on
 * which its decisions can be others; `everyDay` looks at it on each of them and gives the same.
 */
export function replayAccount(given: AccountHistory, plan: ReplayPlan, { everyDay = false, changesOf = changeDays, quietUntil = sameUntil }: Looking = {}): AccountReplay {
  const { days } = plan;
  const history = plan.population === 'everybody' ? withoutChoices(given) : given;
  const [first] = days;
  if (first === undefined) return { actions: [], had: [], unreachable: false, looked: 0 };
  const done = startOf(history, first);
  const changes = everyDay ? [] : [...changesOf(history, days), ...groundChanges(days)].toSorted((a, b) => a - b);
  const actions: ReplayedAction[] = [];
  const had: { from: number; to: number }[] = [];
  let looked = 0;
  let unreachable = false;
  let nextChange = 0;
  for (let place = 0; place < days.length;) {
    const day = days[place];
    if (day === undefined) break;
    looked += 1;
    const seen = lookAt(history, day, { done, plan, quietUntil });
    actions.push(...seen.actions);
    unreachable ||= seen.unreachable;
    while ((changes[nextChange] ?? Number.POSITIVE_INFINITY) <= place) nextChange += 1;
    const until = place + Math.max(1, seen.sameUntil - dayNumber(day.moment.today));
    const next = everyDay ? place + 1 : Math.min(until, changes[nextChange] ?? days.length, days.length);
    if (seen.has) had.push({ from: place, to: next - 1 });
    place = next;
  }
  return { actions, had: joined(had), unreachable, looked };
}

/** As if nobody had ever chosen a scenario. */
const withoutChoices = (history: AccountHistory): AccountHistory => {
  const none = [{ at: ALWAYS, value: null }];
  return { ...history, scenario: none, items: history.items.map((item) => ({ ...item, scenario: none })) };
};

/** What was really done before the first day; what stood then is let go, so that the scenario tried asks for it itself. */
function startOf(history: AccountHistory, { moment }: ReplayDay): DoneSoFar {
  // The window of the budget may be changed later on: no contact of before is let go.
  const done = actedAt(history, { today: addDays(moment.today, -1), at: moment.at }, addDays(moment.today, -WINDOW_DAYS_MAX));
  for (const entry of done.items.values()) entry.pending = null;
  done.thanksStanding.clear();
  return done;
}

/** The widest window a budget of contacts may have. */
const WINDOW_DAYS_MAX = 366;

const windowOf = ({ policy }: Ground): number => policy.contactCap?.windowDays ?? 0;

/** Places of the days on which rules, versions or settings are others than on the day before: told by references, so a plan keeps what did not change. */
function groundChanges(days: readonly ReplayDay[]): number[] {
  const known = groundChangesOf.get(days);
  if (known !== undefined) return known;
  const found: number[] = [];
  for (const [place, { ground }] of days.entries()) {
    const before = days[place - 1];
    if (before === undefined) continue;
    const [a, b] = [before.ground, ground];
    const same = a.assignment === b.assignment && a.standardScenario === b.standardScenario && a.scenarios === b.scenarios
      && a.policy.globalStop === b.policy.globalStop && a.policy.contactCap === b.policy.contactCap && a.policy.closedDays === b.policy.closedDays;
    if (!same) found.push(place);
  }
  groundChangesOf.set(days, found);
  return found;
}
const groundChangesOf = new WeakMap<readonly ReplayDay[], number[]>();

type Seen = { readonly actions: ReplayedAction[]; readonly has: boolean; readonly unreachable: boolean; readonly sameUntil: number };

function lookAt(history: AccountHistory, day: ReplayDay, { done, plan, quietUntil }: { done: DoneSoFar; plan: ReplayPlan; quietUntil: typeof sameUntil }): Seen {
  const { moment, ground } = day;
  const since = contactsSince(moment.today, windowOf(ground));
  const contacts = [...done.contacts.filter(({ on }) => on >= since), ...madeByHand(history, moment, since)];
  const account = accountAt(history, ground, { moment, done: { ...done, contacts } });
  if (account === null) return { actions: [], has: false, unreachable: false, sameUntil: Number.POSITIVE_INFINITY };
  const decided = decideAccount(ground.policy, account);
  for (const action of decided.actions) carry(history, done, { action, today: moment.today });
  const { code } = plan.tried;
  return {
    actions: decided.actions.filter(({ scenarioCode }) => scenarioCode === code)
      .map((action) => ({ on: moment.today, action, byApproval: action.kind === 'message' && (action.needsApproval || day.approveEverything) })),
    unreachable: hasIt(account, code) && decided.decisions.some(({ reason }) => reason === 'noContact' || reason === 'channelRefused'), has: hasIt(account, code), sameUntil: quietUntil(ground.policy, account, decided),
  };
}

const hasIt = (account: AccountFacts, code: string): boolean => account.scenario.code === code || account.items.some(({ scenario }) => scenario?.code === code);

/** An action is accepted the day it is asked for: its steps are done, its contact counts, its payment is thanked for. */
function carry(history: AccountHistory, done: DoneSoFar, { action, today }: { action: ProposedAction; today: Day }): void {
  if (action.channel !== 'check') done.contacts.push({ channel: action.channel, on: today, currency: action.currency });
  for (const { itemId, creditedStep, creditedKey, creditedOffset } of action.items) {
    if (action.purpose === 'thankYou') {
      done.thanked.add(itemId);
      for (const { credit: payment } of history.items.find((item) => item.itemId === itemId)?.allocations ?? []) done.thanked.add(`payment ${payment}`);
    } else if (creditedStep !== null && creditedKey !== null && creditedOffset !== null) {
      credit(entryOf(done, itemId), { number: creditedStep, offsetDays: creditedOffset, key: creditedKey, doneOn: today, scenarioCode: action.scenarioCode, scenarioVersion: action.scenarioVersion });
    }
  }
}

function joined(spans: readonly { from: number; to: number }[]): { from: number; to: number }[] {
  const found: { from: number; to: number }[] = [];
  for (const span of spans) {
    const last = found.at(-1);
    if (last !== undefined && last.to + 1 === span.from) last.to = span.to;
    else found.push({ ...span });
  }
  return found;
}
