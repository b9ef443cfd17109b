import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createDelimitedReader } from './delimited.ts';
import type { DelimitedFault, Delimiter } from './delimited.ts';
import { MAX_LINE_CHARS } from './limits.ts';
import { createLineSplitter } from './lines.ts';

type Read = { records: string[][]; lines: number[]; fault: DelimitedFault | null };

function read(text: string, delimiter: Delimiter = ';', chunk = text.length): Read {
  const records: string[][] = [];
  const lines: number[] = [];
  const reader = createDelimitedReader({ delimiter, maxColumns: 50 }, (fields, line) => {
    records.push(fields);
    lines.push(line);
    return true;
  });
  for (let at = 0; at < text.length; at += Math.max(1, chunk)) if (!reader.push(text.slice(at, at + Math.max(1, chunk)))) break;
  reader.end();
  return { records, lines, fault: reader.fault() };
}

test.each<[string, string, string[][]]>([
  ['plain', 'a;b\nc;d\n', [['a', 'b'], ['c', 'd']]],
  ['CR', 'a;b\rc;d', [['a', 'b'], ['c', 'd']]],
  ['mixed ends', 'a\r\nb\rc\nd', [['a'], ['b'], ['c'], ['d']]],
  ['blank lines', 'a\n\nb\n', [['a'], [''], ['b']]],
  ['quotes', '"a;b";"c""d";""\n', [['a;b', 'c"d', '']]],
  ['line end in quotes', '"a\r\nb";c\n', [['a\r\nb', 'c']]],
  ['quote inside an unquoted field', 'a"b;c\n', [['a"b', 'c']]],
  ['space after a closing quote', '"a" ;b\n', [['a', 'b']]],
  ['empty last field', 'a;\n', [['a', '']]],
  ['lone quoted field at the end', '"a"', [['a']]],
])('%s, wherever the text is cut', (_, text, records) => {
  for (const chunk of [text.length, 1, 2, 3]) expect(read(text, ';', chunk)).toMatchObject({ records, fault: null });
});

test('records carry the line they start on', () => {
  expect(read('a\n"b\nc\r\nd"\ne\n').lines).toEqual([1, 2, 5]);
});

test.each<[string, string, DelimitedFault]>([
  ['unclosed quote to the end of the file', 'a\nb;"c\nd\n', { kind: 'quoteUnclosed', line: 2 }],
  ['text after a closing quote', 'a;"b"c\n', { kind: 'quoteMisplaced', line: 1, column: 2 }],
  ['too many columns', `${';'.repeat(1_000_000)}\n`, { kind: 'tooManyColumns', line: 1 }],
  ['a field without end', `a\n${'x'.repeat(40_000)}`, { kind: 'fieldTooLong', line: 2, column: 1 }],
  ['a quoted field without end', `a\n"${'x\n'.repeat(40_000)}`, { kind: 'quoteUnclosed', line: 2 }],
])('%s stops with its line', (_, text, fault) => {
  expect(read(text, ';').fault).toEqual(fault);
  expect(read(text, ';', 1000).fault).toEqual(fault);
});

test('what is written with quotes reads back, wherever it is cut', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', ';', '"', '\n', '\r', 'é', ' '), maxLength: 8 });
  fc.assert(
    fc.property(fc.array(fc.array(cell, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 6 }), fc.integer({ min: 1, max: 9 }), fc.constantFrom('\n', '\r\n', '\r'), (rows, chunk, end) => {
      const text = rows.map((row) => row.map((one) => `"${one.replaceAll('"', '""')}"`).join(';')).join(end) + end;
      expect(read(text, ';', chunk).records).toEqual(rows);
    }),
    { numRuns: 500, seed: 11 },
  );
});

function split(text: string, chunk: number): { lines: string[]; tooLong: boolean } {
  const lines: string[] = [];
  const splitter = createLineSplitter((source, from, to) => lines.push(source.slice(from, to)) > 0);
  for (let at = 0; at < text.length; at += chunk) splitter.push(text.slice(at, at + chunk));
  splitter.end();
  return { lines, tooLong: splitter.tooLong() };
}

test('lines are the same wherever the text is cut and however they end', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.string({ unit: fc.constantFrom('a', 'é', ' '), maxLength: 5 }), fc.constantFrom('\n', '\r\n', '\r')), { maxLength: 12 }), fc.integer({ min: 1, max: 5 }), (pieces, chunk) => {
      // An empty line after a CR that is followed by LF would be one end, not two: keep texts between them.
      const text = pieces.map(([body, end]) => `x${body}${end}`).join('');
      expect(split(text, chunk).lines).toEqual(pieces.map(([body]) => `x${body}`));
    }),
    { numRuns: 500, seed: 3 },
  );
});

test('a line without end is given up at the limit, not gathered', () => {
  const lines: string[] = [];
  const splitter = createLineSplitter((text, from, to) => lines.push(text.slice(from, to)) > 0);
  let pushes = 0;
  while (pushes < 100_000 && splitter.push('x'.repeat(1024))) pushes += 1;
  expect(pushes).toBe(MAX_LINE_CHARS / 1024);
  expect(splitter.tooLong()).toBe(true);
  expect(lines).toEqual([]);
});
