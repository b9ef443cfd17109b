import type { Instant } from '#core/kernel/clock.ts';
import type { Language } from '#core/kernel/text.ts';
import { shownText } from './stored-name.ts';
import type { Taken, TakenFile } from './take-in.ts';

/** Sentences of one file in its report; the rest is counted. Readers keep 20 of one kind, so this is ten kinds. */
const SENTENCES_MAX = 200;

/** What a report says besides the outcome. */
export type ReportFacts = { readonly name: string; readonly at: Instant; readonly from?: string; readonly taken: Taken };

const STATUS = {
  applied: { fr: 'pris', en: 'taken' },
  unchanged: { fr: 'déjà connu, rien ne change', en: 'already known, nothing changes' },
  refused: { fr: 'REFUSÉ, rien n\'en a été pris', en: 'REFUSED, nothing of it was taken' },
} as const;

function fileText(one: TakenFile, language: Language): string {
  const fr = language === 'fr';
  const size = one.format === null ? '' : ` (${one.format}, ${one.lines} ${fr ? 'lignes' : 'lines'})`;
  const shown = one.problems.slice(0, SENTENCES_MAX).map((found) => `  ${found.severity === 'error' ? '-' : '!'} ${found.message[language]}\n`).join('');
  const more = one.problems.length > SENTENCES_MAX ? `  … +${one.problems.length - SENTENCES_MAX}\n` : '';
  return `${shownText(one.file)}${fr ? ' : ' : ': '}${STATUS[one.status][language]}${size}\n${shown}${more}`;
}

function advice(taken: Taken, language: Language): string {
  if (taken.status === 'done') return '';
  return language === 'fr' ? 'Corrigez ce qui suit, puis envoyez ou déposez le fichier à nouveau.\n' : 'Correct what follows, then send the file or put it in again.\n';
}

/** The report laid beside a kept file, French first, then English; line ends that every editor shows as lines. */
export function reportText({ name, at, from, taken }: ReportFacts): string {
  const part = (language: Language): string => advice(taken, language) + taken.files.map((one) => fileText(one, language)).join('');
  const head = [shownText(name), at, ...(from === undefined ? [] : [shownText(from)])].join('\n');
  return `${head}\n\nFrançais\n${part('fr')}\nEnglish\n${part('en')}`.replaceAll('\n', '\r\n');
}
