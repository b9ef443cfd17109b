import type { Day } from '#core/kernel/day.ts';
import { addDays, clampedDay, dayNumber, later, partsOf } from '#core/kernel/day.ts';
import { divideHalfUp } from '#core/kernel/rounding.ts';
import type { Account, Diary, Due } from './account.ts';
import { workingDay, workingDayAfter } from './account.ts';
import { creditNote } from './credit-note.ts';
import type { Temperament } from './customer.ts';
import { logNormal, normal } from './draws.ts';
import { letter, receive, rejectLater, settleWhole } from './settling.ts';

/** Days around a customer's habit that one payment falls. */
const SPREAD_DAYS: Readonly<Record<Temperament, number>> = {
  early: 2.5, onTime: 0.8, late: 6, payRuns: 1, partPayer: 5, disputer: 4, vanishing: 6, publicBuyer: 5, consumer: 5, foreign: 3,
};
/** Share of invoices contested. */
const DISPUTE_CHANCE: Readonly<Partial<Record<Temperament, number>>> = { disputer: 0.4, publicBuyer: 0.07, consumer: 0.02 };
const DISPUTE_CHANCE_OTHERS = 0.045;
/** Median days a dispute lasts. */
const DISPUTE_DAYS = 42;
/** An invoice lost in a drawer, whoever the customer is. */
const FORGOTTEN_CHANCE = 0.035;
const FORGOTTEN_DAYS = 30;
/** A payment run that leaves the invoice for the next one (no purchase order, nobody to sign). */
const RUN_MISSED_CHANCE = 0.1;
const REASONS = ['delivery', 'price', 'quality', 'paperwork'] as const;
/** A debtor that late often says when it will pay. */
const PROMISE_FROM_DAYS = 18;
const PROMISE_CHANCE = 0.35;
/** An invoice made out wrongly and cancelled whole. */
const CANCELLED_CHANCE = 0.012;

type ToPay = { readonly due: Due; readonly issuedOn: Day };

/** Decides what becomes of a document just issued: contested, cancelled, or paid on a day, in one go or two. */
export function planPayment(diary: Diary, account: Account, toPay: ToPay): void {
  const { random, customer } = account;
  const { due, issuedOn } = toPay;
  if (due.foreign === null && random.chance(CANCELLED_CHANCE)) {
    cancel(diary, account, toPay);
    return;
  }
  if (random.chance(DISPUTE_CHANCE[customer.temperament] ?? DISPUTE_CHANCE_OTHERS)) {
    contest(diary, account, toPay);
    return;
  }
  const on = paymentDay(account, toPay);
  maybePromise(diary, account, { due, on });
  if (customer.means === 'directDebit') plan(diary, account, { due, on: workingDay(later(due.dueOn, issuedOn)) });
  else if (customer.temperament === 'partPayer' && random.chance(0.6)) planInParts(diary, account, { due, on });
  else plan(diary, account, { due, on });
}

function paymentDay(account: Account, { due, issuedOn }: ToPay): Day {
  const { random, customer } = account;
  const usual = normal(random, customer.habitDays, SPREAD_DAYS[customer.temperament]);
  const lost = random.chance(FORGOTTEN_CHANCE) ? logNormal(random, FORGOTTEN_DAYS, 0.6) : 0;
  const ready = addDays(due.dueOn, Math.max(Math.round(usual + lost), -40));
  const first = later(ready, addDays(issuedOn, 1));
  if (customer.runDays.length === 0) return workingDay(first);
  const run = nextRun(first, customer.runDays);
  return workingDay(random.chance(RUN_MISSED_CHANCE) ? nextRun(addDays(run, 1), customer.runDays) : run);
}

/** The first payment run on or after a day. */
function nextRun(from: Day, days: readonly number[]): Day {
  const { year, month } = partsOf(from);
  const found = days.map((day) => clampedDay(year, month, day)).find((day) => day >= from);
  if (found !== undefined) return found;
  return clampedDay(month === 12 ? year + 1 : year, (month % 12) + 1, days[0] ?? 1);
}

/** Everything a customer pays on one day goes in one transfer. */
export function plan(diary: Diary, account: Account, payment: { due: Due; on: Day }): void {
  const { due, on } = payment;
  if (account.vanishesOn !== null && on >= account.vanishesOn) return;
  const number = dayNumber(on);
  const others = account.planned.get(number);
  if (others !== undefined) {
    others.push(due);
    return;
  }
  account.planned.set(number, [due]);
  diary.enter(on, (today) => {
    const dues = account.planned.get(number) ?? [];
    account.planned.delete(number);
    const doomed = settleWhole(diary, account, { dues: dues.filter((one) => one.left > 0n), on: today });
    if (doomed !== null) rejectLater(diary, account, { doomed, again: (one, day) => plan(diary, account, { due: one, on: day }) });
  });
}

/** A part now, the rest weeks later. */
function planInParts(diary: Diary, account: Account, payment: { due: Due; on: Day }): void {
  const { random } = account;
  const { due, on } = payment;
  if (account.vanishesOn !== null && on >= account.vanishesOn) return;
  const percent = BigInt(random.between(3, 7) * 10);
  const restOn = workingDayAfter(on, random.between(18, 50), on);
  diary.enter(on, (today) => {
    const part = divideHalfUp(due.left * percent, 100n);
    const id = receive(diary, account, { on: today, amount: part, dues: [due], euros: part });
    due.left -= part;
    due.members.push(id);
    letter(diary, account, { on: today, members: [...due.members], whole: false, still: () => due.left > 0n });
  });
  plan(diary, account, { due, on: restOn });
}

function contest(diary: Diary, account: Account, { due, issuedOn }: ToPay): void {
  const { random, customer } = account;
  const on = workingDayAfter(issuedOn, random.between(4, 35), issuedOn);
  const until = workingDayAfter(on, logNormal(random, DISPUTE_DAYS, 0.5), addDays(on, 3));
  const reason = random.pick(REASONS);
  const conceded = due.foreign === null && random.chance(0.5);
  const percent = BigInt(random.between(1, 6) * 10);
  diary.enter(on, (today) => diary.write({ kind: 'disputed', on: today, customer, about: due.number, reason, until }));
  if (conceded) diary.enter(until, (today) => creditNote(diary, account, { on: today, due, amount: divideHalfUp(due.left * percent, 100n) }));
  plan(diary, account, { due, on: workingDayAfter(until, random.between(3, 25), later(due.dueOn, until)) });
}

function cancel(diary: Diary, account: Account, { due, issuedOn }: ToPay): void {
  diary.enter(workingDayAfter(issuedOn, account.random.between(2, 20), issuedOn), (today) => {
    creditNote(diary, account, { on: today, due, amount: due.left });
    letter(diary, account, { on: today, members: [...due.members], whole: true });
  });
}

function maybePromise(diary: Diary, account: Account, payment: { due: Due; on: Day }): void {
  const { random, customer } = account;
  const { due, on } = payment;
  if (dayNumber(on) - dayNumber(due.dueOn) < PROMISE_FROM_DAYS || !random.chance(PROMISE_CHANCE)) return;
  const said = workingDayAfter(on, -random.between(6, 14), addDays(due.dueOn, 1));
  const kept = random.chance(0.7);
  const by = kept ? on : workingDayAfter(on, -random.between(2, 5), said);
  diary.enter(said, (today) => diary.write({ kind: 'promised', on: today, customer, about: due.number, by }));
}
