import type { Currency } from '#core/kernel/currency.ts';
import { divideHalfUp } from '#core/kernel/rounding.ts';
import type { Account } from './account.ts';

/** Euro cents for a hundred minor units of a currency, before the rate's own movements. */
const EUR_PER_HUNDRED: Readonly<Partial<Record<Currency, bigint>>> = { GBP: 116n, USD: 91n };
/** Share by which a rate may stand off its mean from one day to another. */
const RATE_SWING = 0.03;
const PARTS = 10_000;

/** The amount as a rate that has moved a little gives it. */
export function moved(account: Account, amount: bigint): bigint {
  const factor = Math.round(PARTS * (1 + (account.random.next() * 2 - 1) * RATE_SWING));
  return divideHalfUp(amount * BigInt(factor), BigInt(PARTS));
}

/** Euro cents of an amount of the customer's currency at a day's rate. */
export function inEuros(account: Account, amount: bigint): bigint {
  const rate = EUR_PER_HUNDRED[account.customer.currency];
  return rate === undefined ? amount : moved(account, divideHalfUp(amount * rate, 100n));
}
