import { CREDIT_NOTE_DAYS } from '../holds/dispute.ts';
import { lastDayOf } from '../holds/grace.ts';
import { addDays, dayNumber } from '../kernel/day.ts';
import type { Day } from '../kernel/day.ts';
import type { Place } from '../ledger/calendar.ts';
import { ANNOUNCED_DAYS } from '../matching/money-announced.ts';
import type { AccountHistory, AllocationHistory, At, Dated, HoldHistory, Span } from './history.ts';
import { ALWAYS, valueAt } from './history.ts';
import type { ReplayDay } from './replay.ts';

/** Collects the days, by their place in the replay, on which a fact of an account is another than on the day before. */
class Changes {
  readonly #days: readonly ReplayDay[];
  readonly #first: number;
  readonly #found = new Set<number>();

  constructor(days: readonly ReplayDay[]) {
    this.#days = days;
    this.#first = dayNumber(days[0]?.moment.today ?? ('1970-01-01' as Day));
  }

  /** Something learnt at an instant that counts from a day on. */
  add(at: At, from: Day | null): void {
    const place = Math.max(this.#learnt(at), from === null ? 0 : dayNumber(from) - this.#first);
    if (place < this.#days.length) this.#found.add(Math.max(0, place));
  }

  /** A day by itself. */
  day(number: number): void {
    const place = number - this.#first;
    if (place >= 0 && place < this.#days.length) this.#found.add(place);
  }

  span({ from, until }: Span, on: Day | null = null): void {
    this.add(from, on);
    if (until !== null) this.add(until, null);
  }

  dated(values: readonly Dated<unknown>[]): void {
    for (const { at } of values) if (at !== ALWAYS) this.add(at, null);
  }

  inOrder(): number[] {
    return [...this.#found].toSorted((a, b) => a - b);
  }

  /** The first day whose moment is not before an instant. */
  #learnt(at: At): number {
    let low = 0;
    let high = this.#days.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#days[middle]?.moment.at ?? 0) < at) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** The places of the days, in order, on which facts of an account change. What changes by the calendar alone is `sameUntil`'s to say. */
export function changeDays(history: AccountHistory, days: readonly ReplayDay[]): number[] {
  const changes = new Changes(days);
  changes.span(history.known);
  for (const values of [history.customer, history.scenario, history.segment]) changes.dated(values);
  for (const item of history.items) {
    changes.span(item.known, item.issuedOn);
    changes.dated(item.dueOn);
    changes.dated(item.scenario);
    addAllocations(changes, item.allocations);
  }
  for (const credit of history.credits) {
    changes.span(credit.known, credit.issuedOn);
    addAllocations(changes, credit.allocations);
  }
  for (const one of history.bank) {
    changes.span(one.known, one.announced ? addDays(one.bookedOn, -ANNOUNCED_DAYS) : one.bookedOn);
    if (one.announced) changes.day(dayNumber(one.bookedOn) + ANNOUNCED_DAYS + 1);
  }
  for (const one of history.contactsMade) changes.span(one.known, one.on);
  for (const contact of history.contacts) {
    changes.span(contact.known);
    changes.dated(contact.facts);
    for (const span of contact.bounced) changes.span(span);
  }
  const { place } = valueAt(history.customer, Number.POSITIVE_INFINITY);
  for (const hold of history.holds) addHold(changes, hold, place);
  return changes.inOrder();
}

function addAllocations(changes: Changes, allocations: readonly AllocationHistory[]): void {
  for (const one of allocations) changes.add(one.at, one.on);
}

/** A promise, a plan or a dispute also turns by itself, on days that its own dates say. */
function addHold(changes: Changes, hold: HoldHistory, place: Place): void {
  changes.add(hold.madeAt, hold.from);
  changes.dated(hold.amount);
  changes.dated(hold.outcome);
  for (const { at, value } of hold.ended) if (at !== ALWAYS) changes.add(at, value);
  for (const { value } of hold.ended) if (value !== null) changes.day(dayNumber(value));
  if (hold.accepted !== null) changes.add(hold.accepted.at, hold.accepted.value);
  for (const { value } of hold.outcome) if (value !== null) changes.day(dayNumber(value.on) + CREDIT_NOTE_DAYS + 1);
  for (const dueOn of [hold.until, ...hold.instalments.map((one) => one.dueOn)]) {
    if (dueOn === null) continue;
    changes.day(dayNumber(dueOn) + 1);
    changes.day(dayNumber(lastDayOf(dueOn, hold.graceDays, place)) + 1);
  }
}
