import { expect, test } from 'vitest';
import { parseTerms, printTerms } from '#core/ledger/terms.ts';
import { must } from '#core/kernel/result.ts';
import { english, french, typeset } from '../language/texts.ts';
import { formatDay, formatDecimal, formatMoney } from './format.ts';
import { termsInWords } from './terms.ts';

const plain = (text: string): string => text.replaceAll(/[\u00a0\u202f]/g, ' ');

test.each([
  { amount: ['1234.56', 'EUR'], language: 'fr', text: '1 234,56 €' },
  { amount: ['1234.56', 'EUR'], language: 'en', text: '€1,234.56' },
  { amount: ['-0.05', 'EUR'], language: 'fr', text: '-0,05 €' },
  { amount: ['1500', 'JPY'], language: 'fr', text: '1 500 JPY' },
  { amount: ['1.234', 'TND'], language: 'fr', text: '1,234 TND' },
  // A float would have lost the last cents of this one.
  { amount: ['90071992547409934.07', 'EUR'], language: 'fr', text: '90 071 992 547 409 934,07 €' },
] as const)('$amount in $language reads $text', ({ amount: [amount, currency], language, text }) => {
  expect(plain(formatMoney(amount, currency, language))).toBe(text);
});

test('days and decimals are those of the language', () => {
  expect(formatDay('2026-06-01', 'fr', 'long')).toBe('lundi 1er juin 2026');
  expect(formatDay('2026-06-01', 'en', 'numeric')).toBe('01/06/2026');
  expect(plain(formatDecimal('12345.60', 'fr'))).toBe('12 345,60');
});

test.each(['30d', '0d', '45d,eom', 'eom,45d', '45d, eom', 'eom,next 10', '2m'])('terms %s in words mean the same', (terms) => {
  for (const language of ['fr', 'en'] as const) expect(printTerms(must(parseTerms(termsInWords(terms, language))))).toBe(printTerms(must(parseTerms(terms))));
});

type Tree = { readonly [key: string]: string | readonly string[] | Tree };

/** Every text with its path; lists are joined. */
function leaves(tree: Tree, path = ''): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]): [string, string][] => {
    const at = `${path}.${key}`;
    if (typeof value === 'string') return [[at, value]];
    return Array.isArray(value) ? [[at, value.join(' ')]] : leaves(value as Tree, at);
  });
}

test('both languages have the same texts with the same blanks to fill', () => {
  const blanks = (text: string): string[] => (text.match(/\{\{\w+\}\}/g) ?? []).toSorted();
  const [fr, en] = [new Map(leaves(french)), new Map(leaves(english))];
  expect([...en.keys()]).toEqual([...fr.keys()]);
  for (const [path, text] of fr) expect([path, blanks(en.get(path) ?? '')]).toEqual([path, blanks(text)]);
});

test('no French line breaks before a colon or after an opening quote', () => {
  for (const [, text] of leaves(typeset(french))) expect(text).not.toMatch(/ [:;?!»]|« /);
});
