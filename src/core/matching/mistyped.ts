import { compactOf, segmentsOf } from './segments.ts';
import type { ReferenceIndex } from './reference-index.ts';

/** Shorter numbers differ from many others by one character. */
const MISTYPED_CHARS_MIN = 5;

/** The words of a text, joined as references may be, that are no known document's number: what may be a mistyped one. */
export function unknownReferences(index: ReferenceIndex, text: string): string[] {
  const segments = segmentsOf(text);
  const found = new Set<string>();
  for (const [start, first] of segments.entries()) {
    if (!first.startsWord || first.money) continue;
    let compact = '';
    for (const segment of segments.slice(start, start + JOINED_MAX)) {
      if (segment.money) break;
      compact += segment.text;
      if (compact.length > MISTYPED_CHARS_MAX) break;
      if (segment.endsWord && compact.length >= MISTYPED_CHARS_MIN - 1 && /\d/.test(compact) && index.named(compact).compact.length === 0) found.add(compact);
    }
  }
  return [...found];
}

/** Segments joined. */
const JOINED_MAX = 6;
/** Longest number looked at. */
const MISTYPED_CHARS_MAX = 24;

/** The word that is the number but for one character changed, missing, too many, or two neighbours swapped; null when none is. */
export function mistypedAs(number: string, words: readonly string[]): string | null {
  const compact = compactOf(number);
  if (compact.length < MISTYPED_CHARS_MIN || !/\d/.test(compact)) return null;
  return words.find((word) => differByOne(word, compact)) ?? null;
}

/** True when exactly one slip of the hand makes one text of the other. */
export function differByOne(a: string, b: string): boolean {
  if (a === b || Math.abs(a.length - b.length) > 1) return false;
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  const [restA, restB] = [a.slice(start), b.slice(start)];
  if (a.length < b.length) return restA === restB.slice(1);
  if (a.length > b.length) return restA.slice(1) === restB;
  const swapped = restA.length > 1 && restA[0] === restB[1] && restA[1] === restB[0] && restA.slice(2) === restB.slice(2);
  return swapped || restA.slice(1) === restB.slice(1);
}
