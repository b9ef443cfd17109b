import fc from 'fast-check';
import { expect, test } from 'vitest';
import { figuresOf, figuresTable, median } from './figures.ts';
import { findFunctions } from './functions.ts';
import { readSource } from './source.ts';
import { tokenize } from './tokens.ts';

const texts = (code: string, jsx = false): string[] => tokenize(code, { jsx }).map((token) => `${token.kind} ${token.text}`);

test.each([
  { code: 'a / b / c', tokens: ['word a', 'punctuation /', 'word b', 'punctuation /', 'word c'] },
  { code: 'return /a\\/[/]b/g;', tokens: ['word return', 'regex /a\\/[/]b/g', 'punctuation ;'] },
  { code: 'x = (1) / 2', tokens: ['word x', 'punctuation =', 'punctuation (', 'number 1', 'punctuation )', 'punctuation /', 'number 2'] },
  { code: '`a${b}c${`d`}`', tokens: ['template `a', 'punctuation ${', 'word b', 'punctuation }', 'template c', 'punctuation ${', 'template `d`', 'punctuation }', 'template `'] },
  { code: "'it\\'s' // 'x'", tokens: ["string 'it\\'s'", "comment // 'x'"] },
  { code: 'a?.b ?? 1_000n', tokens: ['word a', 'punctuation ?.', 'word b', 'punctuation ??', 'number 1_000n'] },
  { code: 'été /* x\n */ = >>', tokens: ['word été', 'comment /* x\n */', 'punctuation =', 'punctuation >', 'punctuation >'] },
])('cuts $code', ({ code, tokens }) => expect(texts(code)).toEqual(tokens));

test('reads markup: text with quotes is text, code in braces is code, a comparison is none', () => {
  expect(texts(`f(<a b='c'>it's {d}</a>)`, true)).toEqual([
    'word f', 'punctuation (', 'punctuation <', 'word a', 'word b', 'punctuation =', "string 'c'", 'punctuation >', "jsx-text it's ",
    'punctuation {', 'word d', 'punctuation }', 'punctuation <', 'punctuation /', 'word a', 'punctuation >', 'punctuation )',
  ]);
  expect(texts('a < b > c', true)).toHaveLength(5);
  expect(texts('const f = <T,>(x: T) => x;', true)).toContain('word T');
});

test('whatever the text, it ends, loses nothing but spaces and counts lines rightly', () => {
  const piece = fc.constantFrom('`', '${', '}', '{', "'", '"', '/', '*', '\\', '\n', ' ', 'a', '<', '>', '(', ')', '1', '=', 'return ', '<b>', '</b>', 'é', '//', '/*', '*/');
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), fc.boolean(), (pieces, jsx) => {
      const text = pieces.join('');
      const tokens = tokenize(text, { jsx });
      const bare = (value: string): string => value.replace(/\s+/g, '');
      expect(bare(tokens.map((token) => token.text).join(''))).toBe(bare(text));
      for (const token of tokens) expect(token.endLine).toBeLessThanOrEqual(text.split('\n').length);
      expect(() => findFunctions(readSource(jsx ? 'src/web/a.tsx' : 'src/core/a/a.ts', text))).not.toThrow();
    }),
    { numRuns: 2000, seed: 20_261_122 },
  );
});

test('finds functions by name, with their lines and parameters', () => {
  const code = `export async function* one<T>(a: T, { b, c }: X): AsyncGenerator<T> {
  if (a) { run(a, b, c, 1); }
}
class Two {
  #private(x = f(1, 2)): x is string { return true; }
  get size(): number { return 1; }
}
export const three = (a: number): number =>
  a + 1;
const four: (a: string, b: string) => void = async (a, b) => { run(); };
switch (x) { case f(y): { run(); } default: { run(); } }
interface Five { six(a: string): { b: string }; }
const seven = { eight(a: string) { run(); }, nine: () => { run(); } };
list.map((each) => each + 1);
`;
  const found = findFunctions(readSource('src/core/a/a.ts', code));
  expect(found.map(({ name, line, lines, parameters }) => [name, line, lines, parameters])).toEqual([
    ['one', 1, 3, 2], ['#private', 5, 1, 1], ['size', 6, 1, 0], ['three', 8, 2, 1], ['four', 10, 1, 2], ['eight', 13, 1, 1], ['nine', 13, 1, 0],
  ]);
});

test('counts the figures of the product, not of its tests', () => {
  const product = readSource('src/core/risk/a.ts', '/** Says. */\nexport function a(): any {\n  return b as Day;\n}\n');
  const other = readSource('src/core/risk/b.test.ts', 'const a: any = 1;\n'.repeat(50));
  expect(figuresOf([product, other])).toEqual({
    files: 1, lines: 4, functions: 1, functionMedian: 3, longPercent: 0, fileMedian: 4, anyTypes: 1, castsPer1000: 250, commentPercent: 25,
  });
  expect(figuresTable([product, other]).split('\n')).toHaveLength(3);
  expect([median([]), median([3, 1, 2]), median([4, 1, 2, 3])]).toEqual([0, 2, 2.5]);
});
