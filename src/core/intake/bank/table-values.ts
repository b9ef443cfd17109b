import type { Currency } from '#core/kernel/currency.ts';
import { parseCurrency } from '#core/kernel/currency.ts';
import { trimSpaces } from '../fold.ts';

/** Signs and words people write for a currency. */
const CURRENCY_SIGNS: Readonly<Record<string, Currency>> = { '€': 'EUR', EURO: 'EUR', EUROS: 'EUR', $: 'USD', '£': 'GBP' };

/** The currency that a cell names by code, sign or word; null when unknown. */
export function currencyOf(text: string): Currency | null {
  const upper = trimSpaces(text).toUpperCase();
  return CURRENCY_SIGNS[upper] ?? parseCurrency(upper);
}

const MARKED = /^(?:([A-Z]{3}|[€$£])\s?)?([^A-Z€$£]*?)(?:\s?([A-Z]{3}|[€$£]))?$/u;

/** An amount without the currency beside it and the apostrophe that makes a spreadsheet keep it as text: "'579,68 USD". */
export function bareAmount(text: string): { readonly text: string; readonly currency: Currency | null } {
  const plain = trimSpaces(text.startsWith('\'') ? text.slice(1) : text);
  const [, before, amount = '', after] = MARKED.exec(plain) ?? [];
  const currency = currencyOf(before ?? after ?? '');
  return currency === null ? { text: plain, currency: null } : { text: trimSpaces(amount), currency };
}

const SHORT_DAY = /^(\d{2})([-/.])(\d{2})\2(\d{2})$/u;

/** A day with two digits of the year as one with four ("01/04/26" as "01/04/2026"): no bank exports movements of another century. */
export function longDay(text: string): string {
  const [, a, mark, b, year] = SHORT_DAY.exec(trimSpaces(text)) ?? [];
  return a === undefined || mark === undefined || b === undefined || year === undefined ? text : `${a}${mark}${b}${mark}20${year}`;
}
