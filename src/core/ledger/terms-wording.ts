import { err, ok } from '../kernel/result.ts';
import type { Result } from '../kernel/result.ts';
import type { TermStep } from './terms.ts';

/** What was read so far, to know what a bare number means. */
type Reading = { readonly steps: TermStep[]; immediate: boolean; joined: boolean };

/** A way to say something: its pattern at the place reached, and what it adds. */
type Wording = { readonly pattern: RegExp; readonly read: (reading: Reading, count: number) => boolean };

const DAYS_IN_WEEK = 7;

const add = (reading: Reading, ...steps: TermStep[]): boolean => {
  reading.steps.push(...steps);
  reading.joined = false;
  return true;
};

/** "le 10": of the month after a month end or when it says so ("du mois suivant"), otherwise the next 10 to come. */
const onDay = (reading: Reading, day: number): boolean =>
  endsOnMonthEnd(reading) ? add(reading, { kind: 'nextMonthDay', day }) : add(reading, { kind: 'onDay', days: [day] });

const endsOnMonthEnd = ({ steps }: Reading): boolean => steps.at(-1)?.kind === 'monthEnd';

/**
 * A number without a unit is days ("net 30", "EOM + 30", "45 FDM"), except right after a month end where it is a day of the next month
 * ("30 FDM 10"). Anywhere else it is not understood.
 */
const bare = (reading: Reading, count: number): boolean => {
  if (endsOnMonthEnd(reading) && !reading.joined) return add(reading, { kind: 'nextMonthDay', day: count });
  return reading.steps.length === 0 || reading.joined ? add(reading, { kind: 'addDays', days: count }) : false;
};

const immediate = (reading: Reading): boolean => {
  reading.immediate = true;
  return true;
};

/** Longer wordings before the shorter ones they begin with. Texts are in lower case, without accents. */
const WORDINGS: readonly Wording[] = [
  { pattern: /(?:fin (?:de |du )?mois|end of) (?:suivant|next month|following month)\b/y, read: (reading) => add(reading, { kind: 'addMonths', months: 1 }, { kind: 'monthEnd' }) },
  { pattern: /(?:fin (?:de |du )?mois|f\.?d\.?m\b\.?|end of (?:the )?month|month end|e\.?o\.?m\b\.?)/y, read: (reading) => add(reading, { kind: 'monthEnd' }) },
  { pattern: /(?:le|au|on the|the|on) (\d{1,3})(?:er|e|st|nd|rd|th)? (?:du mois suivant|of (?:the )?(?:next|following) month)\b/y, read: (reading, day) => add(reading, { kind: 'nextMonthDay', day }) },
  { pattern: /(?:le|au|on the|the|on) (\d{1,3})(?:er|e|st|nd|rd|th)?(?: (?:du mois|of (?:the )?month))?(?![\w%])/y, read: onDay },
  { pattern: /(\d{1,4}) ?(?:jours?|jrs?|j|days?|d)\b\.?/y, read: (reading, days) => add(reading, { kind: 'addDays', days }) },
  { pattern: /(\d{1,3}) ?(?:semaines?|sem|weeks?|w)\b\.?/y, read: (reading, weeks) => add(reading, { kind: 'addDays', days: weeks * DAYS_IN_WEEK }) },
  { pattern: /(\d{1,3}) ?(?:mois|months?|m)\b/y, read: (reading, months) => add(reading, { kind: 'addMonths', months }) },
  { pattern: /(?:comptant|(?:a |des )?reception(?: de (?:la )?facture)?|immediate?(?:ment|ly)?|cash|(?:due )?(?:up)?on receipt|due now)\b/y, read: immediate },
  { pattern: /(?:\+|puis\b|then\b|plus\b)/y, read: (reading) => (reading.joined = true) },
  { pattern: /(\d{1,3})(?![\w.%])/y, read: bare },
];

/** Words that say nothing more: the delay always runs from the invoice date. */
const FILLERS =
  /\b(?:par|virement|prelevement|cheque|traite|lcr|bor|calendaires?|calendar|bank transfer|direct debit|paiement|reglement|payable|payment|echeance|delai|terms?|nets?|due|a compter de|a partir de|from|after|apres|sous|dans les|within|(?:la |the )?date (?:de |d'|d )?(?:emission (?:de (?:la )?)?)?(?:facture|facturation)|date d'emission|date df|df|(?:the )?(?:date of )?invoice(?: date)?|a|au comptant(?= ))\b/g;

/** A sign before a number: terms never count backwards. Between two words or numbers a hyphen is only a hyphen. */
const NEGATIVE = /(?:^|\s)[-–—−]\d/;

/** Reads a usual French or English wording of payment terms; the error is the part that is not understood. */
export function parseWording(text: string): Result<TermStep[], string> {
  if (NEGATIVE.test(text)) return err(text);
  const plain = simplify(text);
  const reading: Reading = { steps: [], immediate: false, joined: false };
  let at = 0;
  while (at < plain.length) {
    const end = readOne(plain, at, reading);
    if (end === null) return err(plain.slice(at));
    at = end;
    while (plain[at] === ' ') at += 1;
  }
  const contradictory = reading.immediate && reading.steps.length > 0;
  const empty = !reading.immediate && reading.steps.length === 0;
  return contradictory || empty || reading.joined ? err(text) : ok(reading.steps);
}

function readOne(plain: string, at: number, reading: Reading): number | null {
  for (const { pattern, read } of WORDINGS) {
    pattern.lastIndex = at;
    const match = pattern.exec(plain);
    if (match !== null && read(reading, Number(match[1] ?? 0))) return at + match[0].length;
  }
  return null;
}

function simplify(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[’`]/g, "'")
    .replace(/[,;:()]/g, ' ')
    .replace(/[–—-]/g, ' ')
    .replace(/\s+/g, ' ')
    .replace(FILLERS, ' ')
    .replace(/\+/g, ' + ')
    .replace(/\s+/g, ' ')
    .trim();
}
