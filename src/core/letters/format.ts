import { partsOf } from '../kernel/day.ts';
import type { Day } from '../kernel/day.ts';
import { decimal } from '../kernel/money.ts';
import type { Money } from '../kernel/money.ts';
import { formatPercent } from '../kernel/rate.ts';
import type { Rate } from '../kernel/rate.ts';
import type { Language } from '../kernel/text.ts';

/** No-break space: before a unit. */
export const NBSP = '\u00A0';
/** Narrow no-break space: between French thousands. */
export const NNBSP = '\u202F';

const MONTHS: Readonly<Record<Language, readonly string[]>> = {
  fr: ['janvier', 'février', 'mars', 'avril', 'mai', 'juin', 'juillet', 'août', 'septembre', 'octobre', 'novembre', 'décembre'],
  en: ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'],
};

const grouped = (whole: string, separator: string): string => whole.replaceAll(/\B(?=(?:\d{3})+$)/g, separator);

/** An amount as people write it: "1 234,56 €" in French (narrow and plain no-break spaces), "€1,234.56" in English.
 * Other currencies carry their ISO code ("1 234,56 USD", "USD 1,234.56"), which no reader can take for another one. */
export function formatMoney(amount: Money, language: Language): string {
  const [whole = '0', fraction] = decimal(amount).replace('-', '').split('.');
  const sign = amount.minor < 0n ? '-' : '';
  const euro = amount.currency === 'EUR';
  if (language === 'fr') {
    const number = grouped(whole, NNBSP) + (fraction === undefined ? '' : `,${fraction}`);
    return `${sign}${number}${NBSP}${euro ? '€' : amount.currency}`;
  }
  const number = grouped(whole, ',') + (fraction === undefined ? '' : `.${fraction}`);
  return euro ? `${sign}€${number}` : `${sign}${amount.currency}${NBSP}${number}`;
}

/** A day in words: "15 février 2026", "1er mars 2026", "15 February 2026". */
export function formatDay(value: Day, language: Language): string {
  const { year, month, day } = partsOf(value);
  const first = language === 'fr' && day === 1 ? '1er' : day.toString();
  return `${first}${NBSP}${MONTHS[language][month - 1] ?? ''}${NBSP}${year}`;
}

/** A day for a table: "15/02/2026" in French; "15 Feb 2026" in English, where 02/03 would be read in two ways. */
export function formatDayShort(value: Day, language: Language): string {
  const { year, month, day } = partsOf(value);
  const twoDigits = day.toString().padStart(2, '0');
  if (language === 'fr') return `${twoDigits}/${month.toString().padStart(2, '0')}/${year}`;
  return `${twoDigits}${NBSP}${(MONTHS.en[month - 1] ?? '').slice(0, 3)}${NBSP}${year}`;
}

/** A rate in percent: "12,15 %" or "12.15%". */
export function formatRate(rate: Rate, language: Language): string {
  const percent = formatPercent(rate);
  return language === 'fr' ? `${percent.replace('.', ',')}${NBSP}%` : `${percent}%`;
}

/** A SIREN in groups of three, as the registers print it; any other text as it is. */
export const formatSiren = (siren: string): string => (/^\d{9}$/.test(siren) ? siren.replaceAll(/\B(?=(?:\d{3})+$)/g, NNBSP) : siren);

/** A number of days: "1 jour", "12 jours", "1 day", "12 days". */
export function formatDays(count: number, language: Language): string {
  const unit = language === 'fr' ? (count > 1 ? 'jours' : 'jour') : count === 1 ? 'day' : 'days';
  return `${count}${NBSP}${unit}`;
}
