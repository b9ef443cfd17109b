import type { Day } from '#core/kernel/day.ts';
import { addDays, endOfMonth, partsOf } from '#core/kernel/day.ts';
import { divideHalfUp } from '#core/kernel/rounding.ts';
import { dueDate } from '#core/ledger/terms.ts';
import type { Account, Diary, Due } from './account.ts';
import { workingDayAfter } from './account.ts';
import { logNormal } from './draws.ts';
import { taxOf } from './credit-note.ts';
import type { DocumentKind, Issued } from './event.ts';
import { inEuros } from './exchange.ts';
import { planPayment } from './paying.ts';

/** Business of a month against an average one, January first: August is closed, the year's end is busy. */
export const SEASON: readonly number[] = [0.9, 0.95, 1.1, 1.0, 0.95, 1.15, 0.95, 0.6, 1.05, 1.1, 1.05, 1.2];

/** The season of a day. */
export const seasonOf = (on: Day): number => SEASON[partsOf(on).month - 1] ?? 1;

const AMOUNT_DEVIATION = 0.55;
/** Smallest bill, minor units before tax: 20.00. */
const NET_MIN = 2000;
/** Largest bill, minor units before tax: 250,000.00; beyond it one job would be the whole company. */
const NET_MAX = 25_000_000;
/** Jobs above this, minor units before tax (5,000.00), may be paid for in part beforehand. */
const DEPOSIT_FROM = 500_000n;
const DEPOSIT_CHANCE = 0.15;
const DEPOSIT_PERCENT = 30n;
type Bill = { readonly document: DocumentKind; readonly net: bigint; readonly vat: bigint; readonly deposit: Issued['deposit']; readonly about: string | null };

/** Bills one job: as an invoice, or as a deposit now and an invoice for the rest later. */
export function billJob(diary: Diary, account: Account, on: Day): void {
  const { random, customer } = account;
  const drawn = Math.round(logNormal(random, customer.medianAmount, AMOUNT_DEVIATION));
  const net = BigInt(Math.min(Math.max(drawn, NET_MIN), NET_MAX));
  const wantsDeposit = net >= DEPOSIT_FROM && customer.temperament !== 'foreign' && random.chance(DEPOSIT_CHANCE);
  if (!wantsDeposit) {
    issue(diary, account, { on, bill: { document: 'invoice', net, vat: taxOf(account, net), deposit: null, about: null } });
    return;
  }
  const part = divideHalfUp(net * DEPOSIT_PERCENT, 100n);
  const deposit = { net: part, vat: taxOf(account, part) };
  const about = issue(diary, account, { on, bill: { document: 'deposit', ...deposit, deposit: null, about: null } });
  diary.enter(workingDayAfter(on, random.between(25, 60), on), (day) => {
    issue(diary, account, { on: day, bill: { document: 'invoice', net, vat: taxOf(account, net), deposit, about } });
  });
}

/** Writes the document and plans how it will be paid; gives its number. */
function issue(diary: Diary, account: Account, of: { on: Day; bill: Bill }): string {
  const { on, bill } = of;
  const { customer } = account;
  const taken = bill.deposit === null ? 0n : bill.deposit.net + bill.deposit.vat;
  const asked = bill.net + bill.vat - taken;
  const foreign = customer.currency === 'EUR' ? null : { amount: asked, currency: customer.currency };
  const amount = foreign === null ? asked : inEuros(account, asked);
  const dueOn = dueDate(on, customer.terms);
  const number = diary.nextNumber(bill.document === 'deposit' ? 'AC' : 'FA', on);
  const id = diary.nextId();
  diary.write({
    kind: 'issued', on, customer, id, number, amount, document: bill.document, dueOn, foreign, deposit: bill.deposit, about: bill.about,
    ...(foreign === null ? { net: bill.net, vat: bill.vat } : { net: amount, vat: 0n }),
  });
  const due: Due = { id, number, dueOn, left: amount, members: [id], foreign: foreign?.amount ?? null };
  planPayment(diary, account, { due, issuedOn: on });
  return number;
}

/** The first day of the month after. */
export const nextMonth = (on: Day): Day => addDays(endOfMonth(on), 1);
