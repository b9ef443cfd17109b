import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Delimiter } from '../delimited.ts';
import { applyMapping } from './apply-mapping.ts';
import { createCsvReader, detectDelimiter } from './csv.ts';
import { guessMapping } from './guess-mapping.ts';
import type { TableRow } from './table-row.ts';

const TITLES = ['Code client', 'Client', 'N° facture', 'Date facture', 'Échéance', 'Montant TTC', 'Libellé'];
type Item = { readonly code: string; readonly name: string; readonly document: string; readonly cents: number; readonly issued: readonly [number, number]; readonly label: string };

const items: fc.Arbitrary<Item[]> = fc.uniqueArray(
  fc.record({
    code: fc.constantFrom('C1', 'C2', '00123'),
    name: fc.constantFrom('Dupont; Frères', 'Martin, SA', 'L"Été', 'Ligne\nDouble'),
    document: fc.nat({ max: 999_999 }).map((number) => `FA-${number}`),
    cents: fc.integer({ min: 1, max: 99_999_999 }),
    issued: fc.tuple(fc.integer({ min: 1, max: 28 }), fc.integer({ min: 1, max: 12 })),
    label: fc.constantFrom('', '=1+1', 'Chantier | Nord', '-2+3'),
  }),
  { selector: (item) => item.document, minLength: 1, maxLength: 8 },
);

type Style = { readonly delimiter: Delimiter; readonly end: string; readonly comma: boolean; readonly mark: boolean; readonly grouped: boolean; readonly order: 'dmy' | 'mdy' | 'ymd'; readonly blank: boolean; readonly chunk: number };
const styles: fc.Arbitrary<Style> = fc.record({
  delimiter: fc.constantFrom<Delimiter>(';', ',', '\t', '|'), end: fc.constantFrom('\n', '\r\n', '\r'), comma: fc.boolean(), mark: fc.boolean(), grouped: fc.boolean(),
  order: fc.constantFrom('dmy', 'mdy', 'ymd'), blank: fc.boolean(), chunk: fc.integer({ min: 1, max: 50 }),
});

/** A row that proves the order of dates, the decimal mark and the thousands separator. */
const PROOF: Item = { code: 'Z', name: 'Preuve', document: 'FA-PROOF', cents: 123_456, issued: [28, 2], label: '' };

function write(list: readonly Item[], style: Style): string {
  const amount = (cents: number): string => {
    const whole = Math.floor(cents / 100).toString();
    const shown = style.grouped ? whole.replace(/\B(?=(\d{3})+$)/gu, style.comma ? '.' : ',') : whole;
    return `${shown}${style.comma ? ',' : '.'}${(cents % 100).toString().padStart(2, '0')}`;
  };
  const two = (value: number): string => value.toString().padStart(2, '0');
  const day = ([dayOfMonth, month]: readonly [number, number]): string =>
    style.order === 'ymd' ? `2026-${two(month)}-${two(dayOfMonth)}` : style.order === 'dmy' ? `${two(dayOfMonth)}/${two(month)}/2026` : `${two(month)}/${two(dayOfMonth)}/2026`;
  const rows = [TITLES, ...[...list, PROOF].map((item) => [item.code, item.name, item.document, day(item.issued), '', amount(item.cents), item.label])];
  const cell = (text: string): string => (/["\n;,|\t]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const lines = rows.map((row) => row.map(cell).join(style.delimiter));
  return (style.mark ? '\ufeff' : '') + lines.join(style.blank ? style.end + style.end : style.end) + style.end;
}

type Read = (text: string, chunk: number) => string;

const meaning = (rows: readonly TableRow[]): string => {
  const result = applyMapping({ mapping: guessMapping(rows).mapping, currency: 'EUR' }, rows);
  const shown = result.items.map((item) => [item.customerCode, item.customerName, item.document, item.issuedOn, `${item.amount}`, item.label]);
  return JSON.stringify([result.summary.accepted, shown]);
};

function rowsOf(text: string, chunk: number): TableRow[] {
  const delimiter = detectDelimiter(text);
  const rows: TableRow[] = [];
  if (delimiter === null) return rows;
  const reader = createCsvReader(delimiter, (row) => rows.push(row) > 0);
  for (let at = 0; at < text.length; at += chunk) reader.push(text.slice(at, at + chunk));
  reader.end();
  return rows;
}

const invariant = (read: Read): void =>
  fc.assert(
    fc.property(items, styles, (list, style) => {
      const expected = [...list, PROOF].map((item) => {
        const [dayOfMonth, month] = item.issued;
        const issuedOn = `2026-${month.toString().padStart(2, '0')}-${dayOfMonth.toString().padStart(2, '0')}`;
        return [item.code, item.name, item.document, issuedOn, `${item.cents}`, item.label];
      });
      return read(write(list, style), style.chunk) === JSON.stringify([true, expected]);
    }),
    { numRuns: 400, seed: 20_261_122 },
  );

test('delimiter, line end, mark, number style, date order, blank lines and chunk boundaries do not matter', () => {
  expect(() => invariant((text, chunk) => meaning(rowsOf(text, chunk)))).not.toThrow();
});

/** Readers with one fault each; the property must tell every one from the real reader. */
const PLANTED: Readonly<Record<string, Read>> = {
  'starts a new cell at each chunk': (text, chunk) => meaning(rowsOf(text.length > chunk * 3 ? text.slice(0, chunk * 3) + text.slice(chunk * 3 + 1) : text, chunk)),
  'splits on the delimiter inside quotes': (text) => {
    const delimiter = detectDelimiter(text) ?? ';';
    return meaning(text.replace('\ufeff', '').split(/\r\n|\n|\r/u).map((line, index) => ({ line: index + 1, cells: line.split(delimiter) })));
  },
  'takes every date for day first': (text, chunk) => {
    const rows = rowsOf(text, chunk);
    const { items, summary } = applyMapping({ mapping: { ...guessMapping(rows).mapping, dayOrder: 'dmy' }, currency: 'EUR' }, rows);
    return JSON.stringify([summary.accepted, items.map((item) => [item.customerCode, item.customerName, item.document, item.issuedOn, `${item.amount}`, item.label])]);
  },
  'keeps the byte order mark in the first title': (text, chunk) => meaning(rowsOf(text, chunk).map((row, index) => (index === 0 && text.startsWith('\ufeff') ? { ...row, cells: ['\ufeffX', ...row.cells.slice(1)] } : row))),
  'takes only a comma for the decimal mark': (text, chunk) => {
    const rows = rowsOf(text, chunk);
    const { items, summary } = applyMapping({ mapping: { ...guessMapping(rows).mapping, decimalStyle: 'comma' }, currency: 'EUR' }, rows);
    return JSON.stringify([summary.accepted, items.map((item) => [item.customerCode, item.customerName, item.document, item.issuedOn, `${item.amount}`, item.label])]);
  },
};

test.each(Object.keys(PLANTED))('a reader that %s is found out', (name) => {
  const faulty = PLANTED[name];
  if (faulty === undefined) throw new Error(`no such reader: ${name}`);
  expect(() => invariant(faulty)).toThrow(/Property failed/u);
});
