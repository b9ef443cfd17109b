import type { Day } from '#core/kernel/day.ts';
import { addDays } from '#core/kernel/day.ts';
import type { Account, Credit, Diary, Due } from './account.ts';
import { letteringCode, workingDay, workingDayAfter } from './account.ts';
import type { Means } from './customer.ts';
import { moved } from './exchange.ts';

const SERIES: Readonly<Record<Means, string>> = { transfer: 'VIR', directDebit: 'PRL', cheque: 'CHQ', card: 'CB' };
const REJECTED_CHANCE: Readonly<Partial<Record<Means, number>>> = { directDebit: 0.03, cheque: 0.012 };
/** A customer that pays an invoice twice, or rounds up, or lets its bank take a fee. */
const PAID_TWICE_CHANCE = 0.006;
const INEXACT_CHANCE = 0.006;
/** Lettering that waits for a month's end, and lettering that is never done. */
const LETTERED_LATE_CHANCE = 0.05;
const NEVER_LETTERED_CHANCE = 0.006;
/** A bank takes a direct debit back within eight weeks; most rejections come within five working days. */
const REJECTED_AFTER_DAYS = 4;

type Coming = { readonly on: Day; readonly amount: bigint; readonly dues: readonly Due[]; readonly euros: bigint; readonly means?: Means };

/** Writes money that came in; gives its rank. `amount` is what it settles, `euros` what the bank shows. */
export function receive(diary: Diary, account: Account, coming: Coming): number {
  const { customer } = account;
  const means = coming.means ?? customer.means;
  const id = diary.nextId();
  const foreign = coming.dues.reduce((sum, due) => sum + (due.foreign ?? 0n), 0n);
  diary.write({
    kind: 'received', on: coming.on, customer, id, number: diary.nextNumber(SERIES[means], coming.on), amount: coming.amount, means,
    gain: coming.euros - coming.amount, foreign: foreign === 0n ? null : { amount: foreign, currency: customer.currency }, about: coming.dues.map((due) => due.number),
  });
  return id;
}

/** Lines to letter; a part payment is only lettered as such while `still` something is owed. */
type Lettering = { readonly on: Day; readonly members: readonly number[]; readonly whole: boolean; readonly still?: () => boolean };

/** Has the accountant mark lines as belonging together, in the days after; sometimes much later, sometimes never. */
export function letter(diary: Diary, account: Account, of: Lettering): void {
  const { random, customer } = account;
  if (random.chance(NEVER_LETTERED_CHANCE)) return;
  const lag = random.chance(LETTERED_LATE_CHANCE) ? random.between(20, 70) : random.between(0, 4);
  diary.enter(workingDayAfter(of.on, lag, of.on), (today) => {
    if (of.still?.() === false) return;
    const code = letteringCode(account.letterings, of.whole);
    account.letterings += 1;
    diary.write({ kind: 'lettered', on: today, customer, code, whole: of.whole, members: of.members });
  });
}

/** A payment that the bank will take back, with what it had paid of each document. */
export type Doomed = { readonly id: number; readonly amount: bigint; readonly parts: readonly { readonly due: Due; readonly amount: bigint }[]; readonly on: Day };

/** Pays documents whole in one go, less the credits that fit; gives the payment back when it will be rejected. */
export function settleWhole(diary: Diary, account: Account, of: { dues: readonly Due[]; on: Day }): Doomed | null {
  const { dues, on } = of;
  const { random, customer } = account;
  const owed = dues.reduce((sum, due) => sum + due.left, 0n);
  if (owed === 0n) return null;
  const used = takeCredits(account, owed);
  const amount = owed - used.reduce((sum, credit) => sum + credit.left, 0n);
  const euros = customer.currency === 'EUR' ? amount : moved(account, amount);
  const off = customer.means !== 'directDebit' && random.chance(INEXACT_CHANCE) ? inexact(account, amount) : 0n;
  const id = receive(diary, account, { on, amount: amount + off, dues, euros: euros + off });
  const members = [...dues.flatMap((due) => due.members), ...used.map((credit) => credit.id), id];
  const parts = dues.map((due) => ({ due, amount: due.left }));
  for (const due of dues) due.left = 0n;
  if (off === 0n && random.chance(PAID_TWICE_CHANCE)) payAgain(diary, account, { amount, dues, on });
  if (used.length === 0 && off === 0n && isRejected(account)) return { id, amount, parts, on };
  letter(diary, account, { on: customer.means === 'directDebit' ? addDays(on, REJECTED_AFTER_DAYS + 2) : on, members, whole: off === 0n });
  return null;
}

/** Credits that together stay below what is owed, oldest first. */
function takeCredits(account: Account, owed: bigint): Credit[] {
  let left = owed;
  const used = account.credits.filter((credit) => {
    if (credit.left >= left) return false;
    left -= credit.left;
    return true;
  });
  for (const credit of used) account.credits.splice(account.credits.indexOf(credit), 1);
  return used;
}

/** Cents too many (rounded up) or too few (a fee was taken). */
function inexact(account: Account, amount: bigint): bigint {
  if (account.random.chance(0.5)) return 100n - (amount % 100n);
  const fee = BigInt(account.random.between(50, 1500));
  return fee < amount ? -fee : 0n;
}

function payAgain(diary: Diary, account: Account, of: { amount: bigint; dues: readonly Due[]; on: Day }): void {
  const { random, customer } = account;
  if (customer.currency !== 'EUR' || customer.means === 'directDebit') return;
  diary.enter(workingDayAfter(of.on, random.between(2, 15), addDays(of.on, 1)), (today) => {
    const id = receive(diary, account, { on: today, amount: of.amount, dues: of.dues, euros: of.amount });
    const credit: Credit = { id, number: of.dues[0]?.number ?? '', left: of.amount };
    account.credits.push(credit);
    diary.enter(workingDayAfter(today, random.between(25, 60), today), (day) => {
      const at = account.credits.indexOf(credit);
      if (at < 0) return;
      account.credits.splice(at, 1);
      const back = giveBack(diary, account, { on: day, amount: credit.left, why: 'refund', about: credit.number });
      letter(diary, account, { on: day, members: [id, back], whole: true });
    });
  });
}

function giveBack(diary: Diary, account: Account, of: { on: Day; amount: bigint; why: 'rejected' | 'refund'; about: string }): number {
  const id = diary.nextId();
  diary.write({ kind: 'returned', on: of.on, customer: account.customer, id, number: diary.nextNumber(of.why === 'refund' ? 'RBT' : 'REJ', of.on), amount: of.amount, why: of.why, about: of.about });
  return id;
}

const isRejected = (account: Account): boolean => account.random.chance(REJECTED_CHANCE[account.customer.means] ?? 0);

/** Takes a rejected payment back: it is lettered with its rejection, its documents are owed again and paid weeks later. */
export function rejectLater(diary: Diary, account: Account, of: { doomed: Doomed; again: (due: Due, on: Day) => void }): void {
  const { doomed, again } = of;
  const { random } = account;
  diary.enter(workingDay(addDays(doomed.on, REJECTED_AFTER_DAYS)), (today) => {
    const back = giveBack(diary, account, { on: today, amount: doomed.amount, why: 'rejected', about: doomed.parts[0]?.due.number ?? '' });
    letter(diary, account, { on: today, members: [doomed.id, back], whole: true });
    const againOn = workingDayAfter(today, random.between(8, 35), today);
    for (const { due, amount } of doomed.parts) {
      due.left += amount;
      again(due, againOn);
    }
  });
}
