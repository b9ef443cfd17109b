import { addDays, dayNumber, weekday } from '../kernel/day.ts';
import type { Day } from '../kernel/day.ts';
import type { ItemId } from '../kernel/id.ts';
import { isWorkingDay } from '../ledger/calendar.ts';
import type { Place } from '../ledger/calendar.ts';
import { valueAt } from './history.ts';
import type { AccountHistory, ActionHistory } from './history.ts';
import type { AccountReplay, ReplayedAction, ReplayPlan } from './replay.ts';
import { CHANNELS, isTask } from './scenario.ts';
import type { Channel } from './scenario.ts';

/** Working days within which a customer that pays after a message, without anything else having reached it, was about to pay by itself. */
export const SELF_PAYING_DAYS = 5;

/** Contacts and tasks by channel; a channel without any is left out. */
export type ByChannel = Readonly<Partial<Record<Channel, number>>>;

/** What one week asks of people. */
export type Workload = { readonly messages: number; readonly approvals: number; readonly letters: number; readonly tasks: number };

/** What would have been done, beside what was. */
export type Beside<Value> = { readonly replayed: Value; readonly done: Value };

/** What a replay found: figures alone, JSON-safe. */
export type ReplayResult = {
  readonly from: Day;
  readonly until: Day;
  readonly months: readonly ({ readonly month: string } & Beside<ByChannel>)[];
  /** By the Monday it begins with. */
  readonly weeks: readonly ({ readonly week: Day } & Beside<Workload>)[];
  /** Customers that owed something while the scenario was theirs. */
  readonly customers: number;
  readonly chased: Beside<number>;
  /** Customers for whom a step was due and nobody could be reached. */
  readonly unreachable: number;
  readonly formalNotices: Beside<number>;
  readonly thanks: Beside<number>;
  /** Messages to customers who paid what they were asked for within `SELF_PAYING_DAYS` working days, nothing having really reached them from that day to their payment. */
  readonly selfPaying: { readonly customers: number; readonly messages: number; readonly days: number };
  /** What would have been asked for by each step, in their order. */
  readonly steps: readonly { readonly step: number; readonly count: number }[];
};

type Counts = { [C in Channel]?: number };
type Week = { messages: number; approvals: number; letters: number; tasks: number };
const noWeek = (): Week => ({ messages: 0, approvals: 0, letters: 0, tasks: 0 });

/** One thing done, real or replayed, as it is counted. */
type Counted = { readonly on: Day; readonly channel: Channel; readonly byApproval: boolean };

/** Adds accounts up one after the other; what it holds does not grow with their number. */
export class ReplayTally {
  readonly #plan: ReplayPlan;
  readonly #months = new Map<string, { replayed: Counts; done: Counts }>();
  readonly #weeks = new Map<Day, { replayed: Week; done: Week }>();
  readonly #steps = new Map<number, number>();
  #customers = 0;
  #unreachable = 0;
  readonly #chased = { replayed: 0, done: 0 };
  readonly #formal = { replayed: 0, done: 0 };
  readonly #thanks = { replayed: 0, done: 0 };
  readonly #self = { customers: 0, messages: 0 };

  constructor(plan: ReplayPlan) {
    this.#plan = plan;
    for (const { moment } of plan.days) {
      this.#month(moment.today);
      this.#week(moment.today);
    }
  }

  /** Counts what a replay would have done with an account, and what was really done while the account had the scenario. */
  add(history: AccountHistory, replay: AccountReplay): void {
    if (replay.had.length === 0) return;
    this.#customers += 1;
    if (replay.unreachable) this.#unreachable += 1;
    for (const one of replay.actions) this.#replayed(one);
    if (replay.actions.some(({ action }) => action.purpose === 'dunning')) this.#chased.replayed += 1;
    const done = history.actions.filter((action) => this.#isTheirs(action, replay));
    for (const action of done) this.#done(action);
    if (done.some(({ purpose }) => purpose === 'dunning')) this.#chased.done += 1;
    const messages = replay.actions.filter((one) => isSelfPaid(history, one)).length;
    this.#self.messages += messages;
    if (messages > 0) this.#self.customers += 1;
  }

  /** Everything added so far. */
  result(): ReplayResult {
    const [first, last] = [this.#plan.days[0]?.moment.today, this.#plan.days.at(-1)?.moment.today];
    if (first === undefined || last === undefined) throw new Error('a replay of no day');
    return {
      from: first, until: last, months: [...this.#months].map(([month, beside]) => ({ month, ...beside })), weeks: [...this.#weeks].map(([week, beside]) => ({ week, ...beside })),
      customers: this.#customers, chased: { ...this.#chased }, unreachable: this.#unreachable, formalNotices: { ...this.#formal }, thanks: { ...this.#thanks }, selfPaying: { ...this.#self, days: SELF_PAYING_DAYS },
      steps: [...this.#steps].toSorted(([a], [b]) => a - b).map(([step, count]) => ({ step, count })),
    };
  }

  #replayed({ on, action, byApproval }: ReplayedAction): void {
    if (action.purpose === 'thankYou') this.#thanks.replayed += 1;
    if (action.purpose === 'dunning') {
      this.#steps.set(action.step, (this.#steps.get(action.step) ?? 0) + 1);
      if (action.formalNotice) this.#formal.replayed += 1;
    }
    count({ on, channel: action.channel, byApproval }, { months: this.#month(on).replayed, week: this.#week(on).replayed });
  }

  #done(action: ActionHistory): void {
    const on = action.accepted?.on ?? action.proposedOn;
    if (action.purpose === 'thankYou') this.#thanks.done += 1;
    if (action.purpose === 'dunning' && action.formalNotice) this.#formal.done += 1;
    count({ on, channel: action.channel, byApproval: action.needsApproval && !isTask(action.channel) }, { months: this.#month(on).done, week: this.#week(on).done });
  }

  /** What was accepted by its channel within the days, while the account had the scenario. */
  #isTheirs({ accepted }: ActionHistory, { had }: AccountReplay): boolean {
    const [first] = this.#plan.days;
    if (accepted === null || first === undefined) return false;
    const place = dayNumber(accepted.on) - dayNumber(first.moment.today);
    return place >= 0 && place < this.#plan.days.length && had.some(({ from, to }) => from <= place && place <= to);
  }

  #month(on: Day): { replayed: Counts; done: Counts } {
    const key = on.slice(0, 7);
    const made = this.#months.get(key) ?? { replayed: {}, done: {} };
    this.#months.set(key, made);
    return made;
  }

  #week(on: Day): { replayed: Week; done: Week } {
    const monday = addDays(on, 1 - weekday(on));
    const made = this.#weeks.get(monday) ?? { replayed: noWeek(), done: noWeek() };
    this.#weeks.set(monday, made);
    return made;
  }
}

function count({ channel, byApproval }: Counted, { months, week }: { months: Counts; week: Week }): void {
  months[channel] = (months[channel] ?? 0) + 1;
  if (isTask(channel)) week.tasks += 1;
  else week.messages += 1;
  if (channel === 'letter' || channel === 'registeredLetter') week.letters += 1;
  if (byApproval) week.approvals += 1;
}

/** Channels that a result may name, in the order they are shown. */
export const REPLAY_CHANNELS = CHANNELS;

/** Whether what a message asked for was paid soon after, and nothing had really reached the customer from the day of the message to the payment. */
function isSelfPaid(history: AccountHistory, { on, action }: ReplayedAction): boolean {
  if (action.purpose !== 'dunning' || action.channel === 'check') return false;
  const { place } = valueAt(history.customer, Number.POSITIVE_INFINITY);
  const last = afterWorkingDays(on, SELF_PAYING_DAYS, place);
  const listed = new Set<ItemId>(action.items.map(({ itemId }) => itemId));
  let paidOn: Day | null = null;
  for (const item of history.items) {
    if (!listed.has(item.itemId)) continue;
    for (const one of item.allocations) {
      if (one.by !== 'receipt' || one.reverses !== null || item.allocations.some(({ reverses }) => reverses === one.id)) continue;
      const day = history.credits.find(({ itemId }) => itemId === one.credit)?.issuedOn ?? one.on;
      if (day >= on && day <= last && (paidOn === null || day < paidOn)) paidOn = day;
    }
  }
  if (paidOn === null) return false;
  const until = paidOn;
  const reached = (day: Day): boolean => day >= on && day <= until;
  return !history.actions.some(({ accepted, channel }) => accepted !== null && channel !== 'check' && reached(accepted.on)) && !history.contactsMade.some((made) => made.known.until === null && reached(made.on));
}

function afterWorkingDays(on: Day, count: number, place: Place): Day {
  let day = on;
  for (let left = count; left > 0;) {
    day = addDays(day, 1);
    if (isWorkingDay(day, place)) left -= 1;
  }
  return day;
}
