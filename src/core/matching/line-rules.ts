import type { Incoming, LineRule } from './matching.ts';
import { plain } from './segments.ts';

/** Words of a line asked for by rules. */
const WORDS_MAX = 400;

const wordsOf = (text: string): string[] => plain(text).split(/[^a-z0-9]+/).filter((word) => word !== '').slice(0, WORDS_MAX);

/** The rule that decides about a line: the first whose filter fits, whatever comes after. Null when none does. */
export function ruleFor(rules: readonly LineRule[], incoming: Incoming): LineRule | null {
  if (rules.length === 0) return null;
  const { payer, references, text } = incoming;
  const words = wordsOf([text, payer.name, payer.ultimateName, references.endToEndId, references.creditorReference, references.mandateId, ...references.documents].join(' '));
  return rules.find(({ when }) => {
    if (when.currency !== null && when.currency !== incoming.currency) return false;
    if ((when.amountFrom !== null && incoming.minor < when.amountFrom) || (when.amountTo !== null && incoming.minor > when.amountTo)) return false;
    return when.words.every((asked) => stands(words, asked)) && !when.without.some((asked) => stands(words, asked));
  }) ?? null;
}

/** Whether words stand one after the other in a line; the last may end in "*" and is then a beginning. */
function stands(words: readonly string[], asked: string): boolean {
  const open = asked.trimEnd().endsWith('*');
  const sought = wordsOf(asked);
  if (sought.length === 0) return false;
  return words.some((_, at) => sought.every((word, index) => {
    const here = words[at + index];
    return here !== undefined && (open && index === sought.length - 1 ? here.startsWith(word) : here === word);
  }));
}
