import type { Day } from '#core/kernel/day.ts';
import { divideHalfUp } from '#core/kernel/rounding.ts';
import type { Account, Diary, Due } from './account.ts';

/** Value added tax of services in France (CGI art. 278), per cent; sales abroad bear none here. */
const VAT_PERCENT = 20n;

const isTaxed = (account: Account): boolean => account.customer.temperament !== 'foreign';

/** Tax on a net amount of a customer's bill. */
export const taxOf = (account: Account, net: bigint): bigint => (isTaxed(account) ? divideHalfUp(net * VAT_PERCENT, 100n) : 0n);

/** Takes back a part of what a document still asks, tax included; the credit note is lettered with the document once that is settled. */
export function creditNote(diary: Diary, account: Account, of: { on: Day; due: Due; amount: bigint }): void {
  const { on, due, amount } = of;
  if (amount === 0n) return;
  const { customer } = account;
  const id = diary.nextId();
  const net = isTaxed(account) ? divideHalfUp(amount * 100n, 100n + VAT_PERCENT) : amount;
  const number = diary.nextNumber('AV', on);
  diary.write({ kind: 'issued', on, customer, id, number, amount, document: 'creditNote', dueOn: null, net, vat: amount - net, foreign: null, deposit: null, about: due.number });
  due.left -= amount;
  due.members.push(id);
}
