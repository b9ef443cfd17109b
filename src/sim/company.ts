import { addDays, dayNumber, daysBetween, endOfMonth } from '#core/kernel/day.ts';
import type { Day } from '#core/kernel/day.ts';
import { Diary, workingDay } from './account.ts';
import type { Account } from './account.ts';
import { billJob, nextMonth, seasonOf } from './billing.ts';
import { simulateCustomers } from './customer.ts';
import type { SimCustomer } from './customer.ts';
import { streamOf, waiting } from './draws.ts';
import type { CompanyEvent } from './event.ts';

/** What is simulated: so many customers over so many days, the last of which is `until`. */
export type CompanyOptions = { readonly seed: number; readonly customers: number; readonly days: number; readonly until: Day };

/** A simulated company. Going through it lives its days again from the first: the events are the same each time, and are never all in memory. */
export type Company = Iterable<CompanyEvent> & {
  readonly customers: readonly SimCustomer[];
  readonly from: Day;
  readonly until: Day;
};

/** Most customers simulated; their accounts are the only part of a company that stays in memory. */
export const CUSTOMERS_MAX = 200_000;
/** Longest life: twenty years. */
export const DAYS_MAX = 7305;

/** Days of a mean month, to turn a monthly rate into a waiting time. */
const MONTH_DAYS = 30.4;
/** Streams of behaviour are numbered after those that drew who the customers are. */
const BEHAVIOUR = 1_000_000;
/** A customer that stops paying is still supplied for a while: nobody knows yet. */
const SUPPLIED_AFTER_VANISHING_DAYS = 40;
const INSOLVENT_CHANCE = 0.5;

/** Sets a company up; the same options give the same life on every machine. Throws when a limit is passed. */
export function simulateCompany(options: CompanyOptions): Company {
  const { seed, customers: count, days, until } = options;
  if (!Number.isInteger(count) || count < 1 || count > CUSTOMERS_MAX) throw new Error(`between 1 and ${CUSTOMERS_MAX} customers: ${count}`);
  if (!Number.isInteger(days) || days < 1 || days > DAYS_MAX) throw new Error(`between 1 and ${DAYS_MAX} days: ${days}`);
  const from = addDays(until, 1 - days);
  const customers = simulateCustomers(seed, count);
  return { customers, from, until, [Symbol.iterator]: () => live(customers, { seed, from, until }) };
}

type Life = { readonly seed: number; readonly from: Day; readonly until: Day };

function* live(customers: readonly SimCustomer[], life: Life): Generator<CompanyEvent, undefined> {
  const { from, until } = life;
  const diary = new Diary(until);
  for (const customer of customers) settleIn(diary, openAccount(customer, life), life);
  for (let on = from; on <= until; on = addDays(on, 1)) yield* diary.live(on);
  return undefined;
}

function openAccount(customer: SimCustomer, life: Life): Account {
  const random = streamOf(life.seed, BEHAVIOUR + customer.number);
  const days = daysBetween(life.from, life.until);
  const vanishesOn = customer.temperament === 'vanishing' ? addDays(life.from, random.between(Math.floor(days * 0.4), days)) : null;
  return { customer, random, planned: new Map(), credits: [], vanishesOn, letterings: 0 };
}

/** Enters the customer's first invoice and, when it will vanish, its end. */
function settleIn(diary: Diary, account: Account, life: Life): void {
  const { random, customer, vanishesOn } = account;
  if (vanishesOn !== null && random.chance(INSOLVENT_CHANCE)) {
    diary.enter(workingDay(addDays(vanishesOn, random.between(50, 110))), (on) => diary.write({ kind: 'insolvent', on, customer }));
  }
  if (customer.monthly) diary.enter(lastWorkingDay(life.from), (on) => billMonth(diary, account, on));
  else diary.enter(nextJob(account, life.from), (on) => billNow(diary, account, on));
}

const isSupplied = ({ vanishesOn }: Account, on: Day): boolean => vanishesOn === null || dayNumber(on) < dayNumber(vanishesOn) + SUPPLIED_AFTER_VANISHING_DAYS;

function nextJob(account: Account, from: Day): Day {
  const mean = MONTH_DAYS / (account.customer.invoicesPerMonth * seasonOf(from));
  return workingDay(addDays(from, Math.max(1, Math.round(Math.min(waiting(account.random, mean), DAYS_MAX)))));
}

function billNow(diary: Diary, account: Account, on: Day): void {
  if (!isSupplied(account, on)) return;
  billJob(diary, account, on);
  diary.enter(nextJob(account, on), (day) => billNow(diary, account, day));
}

/** Invoices of a month go out together on its last working day. */
function billMonth(diary: Diary, account: Account, on: Day): void {
  if (!isSupplied(account, on)) return;
  const jobs = Math.floor(account.customer.invoicesPerMonth * seasonOf(on) + account.random.next());
  for (let job = 0; job < jobs; job += 1) billJob(diary, account, on);
  diary.enter(lastWorkingDay(nextMonth(on)), (day) => billMonth(diary, account, day));
}

/** The last working day of a day's month, or the first of the next when the month ends in holidays. */
function lastWorkingDay(on: Day): Day {
  const last = endOfMonth(on);
  for (let back = 0; back < 6; back += 1) {
    const day = addDays(last, -back);
    if (workingDay(day) === day && day >= on) return day;
  }
  return workingDay(last);
}
