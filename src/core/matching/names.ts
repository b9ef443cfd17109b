import { plain } from './segments.ts';

/** Legal forms and titles: they tell no company from another. Those under 3 letters (SA, AG, BV, SE, AB…) fall with all short words. */
const LEGAL_FORMS: ReadonlySet<string> = new Set([
  'sas', 'sasu', 'sarl', 'eurl', 'sci', 'scp', 'snc', 'scs', 'sca', 'gie', 'geie', 'selarl', 'selas', 'selafa', 'scop', 'scic', 'scea', 'earl', 'gaec', 'eirl', 'scm', 'sep',
  'spl', 'epic', 'gmbh', 'ohg', 'mbh', 'ltd', 'limited', 'llc', 'llp', 'inc', 'plc', 'corp', 'spa', 'srl', 'sprl', 'bvba', 'asbl', 'vzw', 'sociedad', 'limitada', 'sau', 'slu', 'lda',
  'aps', 'oyj', 'societe', 'ste', 'soc', 'company', 'compagnie', 'cie', 'ets', 'etablissement', 'etablissements', 'monsieur', 'madame', 'mademoiselle', 'mme', 'mlle', 'mrs',
  'the', 'and', 'und', 'des', 'les',
]);

/** Shorter words of a name are left aside. */
const WORDS = /[a-z0-9]{3,}/g;
/** Words of a name or text that are read. */
const WORDS_MAX = 60;
/** Banks cut names at 24 to 35 characters: from this length on, the last word may be a beginning. */
const CUT_NAME_CHARS = 20;
/** A lone word is the beginning of a longer name only when it is this long. */
const LONE_WORD_CHARS_MIN = 6;
/** A word that many names share tells too little to look through all of them. */
const SHARED_WORD_MAX = 500;

/** The telling words of a name, without accents and case, each once, sorted. */
export function nameWords(name: string): readonly string[] {
  if (name === latest.name) return latest.words;
  const words: string[] = [];
  let read = 0;
  for (const [word] of plain(name).matchAll(WORDS)) {
    if (LEGAL_FORMS.has(word)) continue;
    read += 1;
    if (read > WORDS_MAX) break;
    if (!words.includes(word)) words.push(word);
  }
  latest = { name, words: words.sort() };
  return latest.words;
}

/** One payer's name is asked for several times in a row: as a key of what is remembered, then to find who bears it. */
let latest: { readonly name: string; readonly words: readonly string[] } = { name: '', words: [] };

/** A name as a key: its telling words whatever their order; '' when it has none. */
export const nameKey = (name: string): string => remembered(keys, name, () => nameWords(name).join(' '));

/** Payers come back: what their names fold into is kept for so many of them, then thrown away together. */
const NAMES_KEPT_MAX = 40_000;

const keys = new Map<string, string>();

/** The answer for a name, found once as long as it is kept. */
function remembered<T>(kept: Map<string, T>, name: string, find: () => T): T {
  const known = kept.get(name);
  if (known !== undefined) return known;
  const found = find();
  if (kept.size >= NAMES_KEPT_MAX) kept.clear();
  kept.set(name, found);
  return found;
}

/** What is looked for: the index says which one name fits best. */
export type NameIndex<T> = {
  /** The one bearer whose name is that of a payer: all words of either stand in the other. Null when nobody or several fit equally well. */
  bearerOf(payerName: string): T | null;
  /** The one bearer whose whole name stands in a text; null when nobody or several fit equally well. */
  bearerIn(text: string): T | null;
};

type Bearer<T> = { readonly value: T; readonly words: readonly string[] };

/** Indexes names. Bearers with the same words are never told apart: they give null. */
export function indexNames<T>(named: readonly { readonly value: T; readonly name: string }[]): NameIndex<T> {
  const bearers = named.map(({ value, name }): Bearer<T> => ({ value, words: nameWords(name) })).filter(({ words }) => words.length > 0);
  const byWord = new Map<string, Bearer<T>[]>();
  for (const bearer of bearers) for (const word of bearer.words) pushTo(byWord, word, bearer);
  const byRarest = new Map<string, Bearer<T>[]>();
  for (const bearer of bearers) pushTo(byRarest, rarest(bearer.words, byWord), bearer);
  const inside = (words: ReadonlySet<string>): Bearer<T>[] => [...words].flatMap((word) => (byRarest.get(word) ?? []).filter((bearer) => bearer.words.every((one) => words.has(one))));
  const bearerOf = (payerName: string): T | null => {
    const words = nameWords(payerName);
    const found = inside(new Set(words));
    if (found.length > 0) return best(found);
    const more = longer(words, byWord, payerName.length >= CUT_NAME_CHARS ? lastWord(payerName) : null);
    return more.length === 1 ? best(more) : null;
  };
  const kept = new Map<string, T | null>();
  return {
    bearerOf: (payerName) => remembered(kept, payerName, () => bearerOf(payerName)),
    bearerIn: (text) => best(inside(new Set(nameWords(text)))),
  };
}

function pushTo<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

function rarest<T>(words: readonly string[], byWord: ReadonlyMap<string, readonly Bearer<T>[]>): string {
  let found = '';
  let count = Infinity;
  for (const word of words) {
    const here = byWord.get(word)?.length ?? 0;
    if (here < count) [found, count] = [word, here];
  }
  return found;
}

const lastWord = (name: string): string => plain(name).split(/[^a-z0-9]+/).findLast((word) => word !== '') ?? '';

/** Bearers whose name has all these words and more; the last one may be cut. */
function longer<T>(words: readonly string[], byWord: ReadonlyMap<string, readonly Bearer<T>[]>, cut: string | null): Bearer<T>[] {
  const whole = cut !== null && words.length > 1 ? words.filter((word) => word !== cut) : words;
  if (words.length === 1 && (words[0] ?? '').length < LONE_WORD_CHARS_MIN) return [];
  const key = rarest(whole, byWord);
  const bearers = key === '' ? [] : (byWord.get(key) ?? []);
  if (bearers.length > SHARED_WORD_MAX) return [];
  return bearers.filter((bearer) => words.every((word) => bearer.words.includes(word) || (word === cut && bearer.words.some((one) => one.startsWith(word)))));
}

/** The bearer with most words; null when two have as many. Two postings of one bearer count once. */
function best<T>(found: readonly Bearer<T>[]): T | null {
  let top: Bearer<T> | null = null;
  let tied = false;
  for (const bearer of found) {
    if (top === null || bearer.words.length > top.words.length) [top, tied] = [bearer, false];
    else if (bearer !== top && bearer.words.length === top.words.length) tied = true;
  }
  return top === null || tied ? null : top.value;
}
