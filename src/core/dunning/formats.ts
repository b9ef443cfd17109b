import type { Language } from '../kernel/text.ts';

const MONTHS: { readonly [L in Language]: readonly string[] } = {
  fr: ['janvier', 'février', 'mars', 'avril', 'mai', 'juin', 'juillet', 'août', 'septembre', 'octobre', 'novembre', 'décembre'],
  en: ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'],
};

/** "1er novembre 2026" or "1 November 2026" from "YYYY-MM-DD". Written here rather than by the host's locale data, so that texts never vary. */
export function dayInWords(day: string, language: Language): string {
  const dayOfMonth = Number(day.slice(8, 10));
  const month = MONTHS[language][Number(day.slice(5, 7)) - 1] ?? '';
  return `${language === 'fr' && dayOfMonth === 1 ? '1er' : dayOfMonth} ${month} ${day.slice(0, 4)}`;
}

const NARROW_SPACE = '\u202f';
const NO_BREAK_SPACE = '\u00a0';

/** "1 234,50 €" or "€1,234.50" from a decimal text; other currencies by their code. */
export function amountInWords(decimal: string, currency: string, language: Language): string {
  const [whole = '', fraction] = decimal.split('.');
  const grouped = whole.replace(/\B(?=(?:\d{3})+$)/g, language === 'fr' ? NARROW_SPACE : ',');
  const number = fraction === undefined ? grouped : `${grouped}${language === 'fr' ? ',' : '.'}${fraction}`;
  if (language === 'fr') return `${number}${NO_BREAK_SPACE}${currency === 'EUR' ? '€' : currency}`;
  return currency === 'EUR' ? `€${number}` : `${currency}${NO_BREAK_SPACE}${number}`;
}
