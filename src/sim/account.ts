import type { Day } from '#core/kernel/day.ts';
import { addDays, dayFromNumber, dayNumber, later } from '#core/kernel/day.ts';
import type { Random } from '#core/kernel/random.ts';
import { isWorkingDay } from '#core/ledger/calendar.ts';
import type { SimCustomer } from './customer.ts';
import type { CompanyEvent } from './event.ts';

const FRANCE = { country: 'FR', postalCode: null } as const;

/** What a customer still owes on one document, and the lines that will be lettered together once it is settled. */
export type Due = {
  readonly id: number;
  readonly number: string;
  readonly dueOn: Day;
  left: bigint;
  readonly members: number[];
  /** The same in the customer's currency when that is not the euro; such documents are only ever paid whole. */
  readonly foreign: bigint | null;
};

/** Money of the customer that pays nothing yet: a credit note or an overpayment. */
export type Credit = { readonly id: number; readonly number: string; left: bigint };

/** A customer as the simulation carries it along. */
export type Account = {
  readonly customer: SimCustomer;
  readonly random: Random;
  /** What it will pay, by the number of the day it pays. */
  readonly planned: Map<number, Due[]>;
  readonly credits: Credit[];
  /** Day from which nothing is paid any more; null when it never vanishes. */
  readonly vanishesOn: Day | null;
  letterings: number;
};

/** Something to do on a day. */
export type Task = (on: Day) => void;

/** The company's diary: tasks by day, done in the order they were entered; and its books, where events are written. */
export class Diary {
  readonly #tasks = new Map<number, Task[]>();
  readonly #last: number;
  #events: CompanyEvent[] = [];
  #movements = 0;
  readonly #numbers = new Map<string, number>();

  constructor(last: Day) {
    this.#last = dayNumber(last);
  }

  /** Enters a task; beyond the last day of the simulation it never happens. */
  enter(on: Day, task: Task): void {
    const number = dayNumber(on);
    if (number > this.#last) return;
    const tasks = this.#tasks.get(number);
    if (tasks === undefined) this.#tasks.set(number, [task]);
    else tasks.push(task);
  }

  /** Does what is entered for a day and gives what happened. A task may enter others, for this day too. */
  live(on: Day): CompanyEvent[] {
    const number = dayNumber(on);
    const tasks = this.#tasks.get(number) ?? [];
    for (const task of tasks) task(on);
    this.#tasks.delete(number);
    const events = this.#events;
    this.#events = [];
    return events;
  }

  write(event: CompanyEvent): void {
    this.#events.push(event);
  }

  /** The rank of the next movement of an account. */
  nextId(): number {
    this.#movements += 1;
    return this.#movements;
  }

  /** The next number of a series in the year of a day: "FA26-000001". */
  nextNumber(series: string, on: Day): string {
    const key = `${series}${on.slice(2, 4)}`;
    const count = (this.#numbers.get(key) ?? 0) + 1;
    this.#numbers.set(key, count);
    return `${key}-${String(count).padStart(6, '0')}`;
  }
}

/** Days already looked up; as many as a simulation has days. */
const worked = new Map<Day, boolean>();

function isWorked(day: Day): boolean {
  const known = worked.get(day);
  if (known !== undefined) return known;
  const found = isWorkingDay(day, FRANCE);
  worked.set(day, found);
  return found;
}

/** The day itself, or the next on which banks and offices in France work. */
export function workingDay(on: Day): Day {
  let day = on;
  while (!isWorked(day)) day = addDays(day, 1);
  return day;
}

/** The day so many days after another, moved to a working day, never before a third. */
export const workingDayAfter = (from: Day, days: number, notBefore: Day): Day =>
  workingDay(later(dayFromNumber(dayNumber(from) + Math.round(days)), notBefore));

/** Code of a lettering: AA, AB … ZZ, AAA …; a part payment's is in lower case, as accounting software writes it. */
export function letteringCode(count: number, whole: boolean): string {
  // Bijective base 26 from AA on: single letters are not used.
  let rest = count + 26;
  let code = '';
  do {
    code = String.fromCodePoint(65 + (rest % 26)) + code;
    rest = Math.floor(rest / 26) - 1;
  } while (rest >= 0);
  return whole ? code : code.toLowerCase();
}
