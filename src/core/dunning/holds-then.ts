import { dayFromNumber } from '../kernel/day.ts';
import type { Day } from '../kernel/day.ts';
import type { ItemId } from '../kernel/id.ts';
import type { Place } from '../ledger/calendar.ts';
import { never } from '../kernel/result.ts';
import { disputeStanding } from '../holds/dispute.ts';
import { lastDayOf } from '../holds/grace.ts';
import type { HoldState } from '../holds/hold-state.ts';
import { planStanding } from '../holds/plan.ts';
import { promiseStanding } from '../holds/promise.ts';
import type { Received } from '../holds/received.ts';
import type { HoldFacts } from './facts.ts';
import { knownAt, settledBy, valueAt } from './history.ts';
import type { AccountHistory, AllocationHistory, HoldHistory, Moment } from './history.ts';

const DAY_MS = 86_400_000;

/** The states that bear on dunning: in force, or a commitment that was not held. */
const BEARING: ReadonlySet<HoldState> = new Set(['open', 'partly', 'broken', 'current', 'late', 'defaulted', 'awaitingCredit', 'creditLate']);

/** The holds that bore on an account at a moment: what people had entered by then, and what the money known by then had made of it. */
export function holdsAt(history: AccountHistory, moment: Moment, place: Place): HoldFacts[] {
  const found: HoldFacts[] = [];
  for (const hold of history.holds) {
    if (hold.madeAt > moment.at || hold.from > moment.today) continue;
    const ended = valueAt(hold.ended, moment.at);
    if (ended !== null && ended <= moment.today) continue;
    const standing = standingAt(history, hold, { moment, place });
    if (!BEARING.has(standing.state)) continue;
    found.push({
      holdId: hold.holdId, kind: hold.kind, itemId: hold.itemId, items: hold.covered === null ? null : new Set(hold.covered.map(({ item }) => item)), amount: valueAt(hold.amount, moment.at),
      from: hold.from, until: standing.until, graceDays: hold.graceDays, creditNoteExpected: standing.state === 'awaitingCredit' || standing.state === 'creditLate',
    });
  }
  return found;
}

type Standing = { readonly state: HoldState; readonly until: Day | null };
type Then = { readonly moment: Moment; readonly place: Place };

function standingAt(history: AccountHistory, hold: HoldHistory, then: Then): Standing {
  const { today } = then.moment;
  switch (hold.kind) {
    case 'promise': return promiseAt(history, hold, then);
    case 'plan': return planAt(history, hold, then);
    case 'dispute': return { state: disputeAt(history, hold, then.moment), until: hold.until };
    case 'pause': return { state: hold.until !== null && today > hold.until ? 'over' : 'open', until: hold.until };
    case 'insolvency': return { state: 'open', until: hold.until };
    default: return never(hold.kind);
  }
}

function promiseAt(history: AccountHistory, hold: HoldHistory, { moment, place }: Then): Standing {
  if (hold.until === null) throw new Error(`promise ${hold.holdId} has no day`);
  const covered = hold.covered?.filter(({ carriedFrom }) => carriedFrom === null) ?? null;
  const amount = valueAt(hold.amount, moment.at) ?? covered?.reduce((sum, { open }) => sum + open, 0n) ?? null;
  const { state } = promiseStanding({ amount, until: hold.until, graceDays: hold.graceDays, place }, receivedFor(history, hold, moment), moment.today);
  return { state, until: hold.until };
}

function planAt(history: AccountHistory, hold: HoldHistory, { moment, place }: Then): Standing {
  if (hold.instalments.length === 0) {
    const last = hold.until === null ? null : lastDayOf(hold.until, hold.graceDays, place);
    return { state: last !== null && moment.today > last ? 'defaulted' : 'open', until: hold.until };
  }
  const acceptedOn = hold.accepted !== null && hold.accepted.at <= moment.at ? hold.accepted.value : null;
  const plan = planStanding({ instalments: hold.instalments, graceDays: hold.graceDays, place, acceptedOn }, receivedFor(history, hold, moment), moment.today);
  return { state: plan.state, until: (plan.instalments.find(({ state }) => state === 'missed') ?? plan.next)?.dueOn ?? hold.until };
}

function disputeAt(history: AccountHistory, hold: HoldHistory, moment: Moment): HoldState {
  const decided = valueAt(hold.outcome, moment.at);
  const item = hold.itemId === null ? undefined : history.items.find(({ itemId }) => itemId === hold.itemId);
  const dispute = { amount: valueAt(hold.amount, moment.at), outcome: decided?.outcome ?? null, outcomeOn: decided?.on ?? null };
  if (item === undefined) return disputeStanding({ ...dispute, item: null }, moment.today).state;
  const gone = item.known.until !== null && item.known.until <= moment.at;
  let credited = 0n;
  let settledOn: Day | null = null;
  for (const one of countingAt(item.allocations, moment)) {
    if (one.by === 'creditNote' && one.on >= hold.from) credited += one.amount;
    if (settledOn === null || one.on > settledOn) settledOn = one.on;
  }
  const facts = gone ? { amount: item.amount, open: 0n, credited: item.amount, settledOn } : { amount: item.amount, open: item.amount - settledBy(item.allocations, moment), credited, settledOn };
  return disputeStanding({ ...dispute, item: facts }, moment.today).state;
}

const countingAt = (allocations: readonly AllocationHistory[], { today, at }: Moment): AllocationHistory[] => allocations.filter((one) => one.at <= at && one.on <= today);

/** What had come in for a promise or a plan: on its items what was allocated beyond what was when it was made, on an account whatever was from its first day on. */
function receivedFor(history: AccountHistory, hold: HoldHistory, moment: Moment): Received[] {
  const covered = hold.covered;
  if (covered !== null) return covered.flatMap((one) => receivedOn(history, hold, { one, covered, moment }));
  if (hold.kind !== 'promise' || hold.itemId !== null) return [];
  return history.items.filter(({ currency }) => hold.currency === null || currency === hold.currency)
    .flatMap(({ allocations }) => countingAt(allocations, moment).filter(({ on }) => on >= hold.from).map(({ on, amount }) => ({ on, minor: amount })));
}

type Covered = NonNullable<HoldHistory['covered']>;

function receivedOn(history: AccountHistory, hold: HoldHistory, of: { one: Covered[number]; covered: Covered; moment: Moment }): Received[] {
  const { one, covered, moment } = of;
  const item = history.items.find(({ itemId }) => itemId === one.item);
  if (item === undefined) return [];
  if (!knownAt(item.known, moment.at) && item.known.until !== null) {
    return isReplaced(covered, one.item) ? [] : [{ on: laterOf(dayFromNumber(Math.floor(item.known.until / DAY_MS)), hold.from), minor: one.open }];
  }
  const before = item.amount - one.open;
  const moves = countingAt(item.allocations, moment).map(({ on, amount }): Received => ({ on: laterOf(on, hold.from), minor: amount }));
  return before === 0n ? moves : [...moves, { on: hold.from, minor: -before }];
}

const isReplaced = (covered: Covered, item: ItemId): boolean => covered.some(({ carriedFrom }) => carriedFrom === item);
const laterOf = (a: Day, b: Day): Day => (a > b ? a : b);
