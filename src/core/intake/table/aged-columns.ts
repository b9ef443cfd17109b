import { foldWords } from '../fold.ts';

/** Words around the numbers of a title of an aged balance that do not change it. */
const NOISE = new Set(['jours', 'jour', 'j', 'days', 'day', 'd', 'de', 'a', 'to', 'et', 'entre', 'and', 'from', 'echu', 'echus', 'retard', 'en', 'past', 'due', 'overdue', 'depuis']);
/** Words that make one number the beginning of the last, open column. */
const BEYOND = new Set(['plus', 'over', 'older', 'above', 'sup', 'superieur', 'more', 'than', 'dela']);
/** Whole titles of the first and the last columns. */
const WHOLE = new Set(['nonechu', 'nonechus', 'aechoir', 'current', 'courant', 'notdue', 'notyetdue', 'atdate', 'aladate', 'older', 'plusancien', 'plusanciens', 'anterieur', 'anterieurs']);
/** Days of delay that an aged balance distinguishes; beyond, a number is something else (a year, an account). */
const DAYS_MAX = 999;

function isBucket(title: string): boolean {
  const words = foldWords(title);
  if (WHOLE.has(words.join(''))) return true;
  const rest = words.filter((word) => !NOISE.has(word));
  const beyond = rest.some((word) => BEYOND.has(word)) || /[>+<]/u.test(title);
  const numbers = rest.filter((word) => !BEYOND.has(word)).map((word) => (/^\d{1,3}j?$/u.test(word) ? Number.parseInt(word, 10) : Number.NaN));
  if (numbers.length === 0 || numbers.some((number) => Number.isNaN(number) || number > DAYS_MAX)) return false;
  const [first = 0, second] = numbers;
  return second === undefined ? beyond : numbers.length === 2 && first < second;
}

/** Columns under which an aged balance sorts what is open ("Non échu", "1-30", "31 à 60 jours", "> 90"); none unless there are at least two. */
export function bucketColumns(headers: readonly string[]): readonly number[] {
  const found = headers.flatMap((header, column) => (isBucket(header) ? [column] : []));
  return found.length < 2 ? [] : found;
}
