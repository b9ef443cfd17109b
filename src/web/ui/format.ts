import type { Language } from '#core/kernel/text.ts';

const LOCALES: Readonly<Record<Language, string>> = { fr: 'fr-FR', en: 'en-GB' };

const numbers = new Map<string, Intl.NumberFormat>();

function moneyFormat(language: Language, currency: string): Intl.NumberFormat {
  const key = `${language}/${currency}`;
  let format = numbers.get(key);
  if (format === undefined) {
    format = new Intl.NumberFormat(LOCALES[language], { style: 'currency', currency, currencyDisplay: currency === 'EUR' ? 'symbol' : 'code' });
    numbers.set(key, format);
  }
  return format;
}

/** "1 234,56 €": a decimal text is formatted digit for digit, never through a float. */
export function formatMoney(amount: string, currency: string, language: Language): string {
  return moneyFormat(language, currency).format(amount as `${number}`);
}

/** "12 345". */
export const formatCount = (count: number, language: Language): string => new Intl.NumberFormat(LOCALES[language]).format(count);

const atNoon = (day: string): Date => new Date(`${day}T12:00:00Z`);

/** "3 mars 2026", "1er mars 2026" of a calendar day: French writes the first of a month as an ordinal, which the browser does not. */
export function formatDay(day: string, language: Language, style: 'short' | 'long' | 'numeric' = 'short'): string {
  const options: Intl.DateTimeFormatOptions = style === 'numeric'
    ? { day: '2-digit', month: '2-digit', year: 'numeric' }
    : style === 'long' ? { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' } : { day: 'numeric', month: 'short', year: 'numeric' };
  const text = new Intl.DateTimeFormat(LOCALES[language], { timeZone: 'UTC', ...options }).format(atNoon(day));
  return language === 'fr' && style !== 'numeric' ? text.replace(/(^|\s)1 (?=\p{L})/u, '$11er ') : text;
}

/** "3 mars 2026 à 09:12" of an instant, in the zone of the browser. */
export const formatInstant = (instant: string, language: Language): string =>
  new Intl.DateTimeFormat(LOCALES[language], { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(instant));

/** An IBAN in groups of four, as printed on paper; any other account as it is. */
export const formatAccount = (account: string): string => (/^[A-Z]{2}\d{2}[0-9A-Z]{10,30}$/.test(account) ? account.replaceAll(/(.{4})(?=.)/g, '$1 ') : account);

/** "12 345,67" with the marks of a language, from a decimal text without its currency. */
export const formatDecimal = (amount: string, language: Language): string =>
  new Intl.NumberFormat(LOCALES[language], { minimumFractionDigits: amount.split('.')[1]?.length ?? 0 }).format(amount as `${number}`);
