import type { Currency } from '../kernel/currency.ts';
import { addDays } from '../kernel/day.ts';
import type { Day } from '../kernel/day.ts';
import { money } from '../kernel/money.ts';
import type { Money } from '../kernel/money.ts';
import { compareRates } from '../kernel/rate.ts';
import type { Rate } from '../kernel/rate.ts';
import { divideHalfUp } from '../kernel/rounding.ts';

/** A discount (escompte) offered for paying within some days of the invoice. */
export type EarlyPayment = {
  /** Above 0, at most 100 %. */
  readonly rate: Rate;
  readonly days: number;
  /** `both`: the discount lowers the tax too; `net`: the tax stays whole and is due in full. */
  readonly on: 'both' | 'net';
};

/** What a discount makes of an invoice: pay `cash` by `until` (included) and the invoice is settled; `discount` + `tax` is what was let go. */
export type DiscountedPayment<C extends Currency = Currency> = {
  readonly until: Day;
  readonly cash: Money<C>;
  readonly discount: Money<C>;
  readonly tax: Money<C>;
};

const ZERO: Rate = { numerator: 0n, denominator: 1n };
const WHOLE: Rate = { numerator: 1n, denominator: 1n };

/** The last day on which the discount holds, itself included: invoice date + days. */
export const discountDeadline = (offer: EarlyPayment, issuedOn: Day): Day => addDays(issuedOn, offer.days);

/**
 * Cash due within the deadline for an invoice of `net` and `tax` (minor units of one currency). Discount and tax are each rounded
 * half up; their sum and the cash give the total. Throws on a rate outside ]0 %, 100 %]: offers are checked when entered.
 */
export function discounted<C extends Currency>(offer: EarlyPayment, invoice: { issuedOn: Day; net: Money<C>; tax: Money<NoInfer<C>> }): DiscountedPayment<C> {
  if (compareRates(offer.rate, ZERO) <= 0 || compareRates(offer.rate, WHOLE) > 0) throw new Error('a discount is above 0 % and at most 100 %');
  const { net, tax } = invoice;
  const part = (minor: bigint): bigint => divideHalfUp(minor * offer.rate.numerator, offer.rate.denominator);
  const discount = part(net.minor);
  const taxLess = offer.on === 'both' ? part(tax.minor) : 0n;
  return {
    until: discountDeadline(offer, invoice.issuedOn),
    cash: money(net.minor + tax.minor - discount - taxLess, net.currency),
    discount: money(discount, net.currency),
    tax: money(taxLess, net.currency),
  };
}
