import type { Problem } from '#core/kernel/problem.ts';
import { createDelimitedReader, delimitedProblem } from '../delimited.ts';
import type { Delimiter } from '../delimited.ts';
import { MAX_TABLE_COLUMNS } from '../limits.ts';
import { isKnownTitle } from './header-row.ts';
import type { TableRow } from './table-row.ts';

const DELIMITERS: readonly Delimiter[] = [';', '\t', ',', '|'];
/** Characters of the beginning of a file looked at to find its delimiter. */
export const DELIMITER_SAMPLE_CHARS = 65_536;
const SAMPLE_RECORDS = 60;
/** Known titles on one row weigh more than rows of equal width. */
const TITLE_WEIGHT = 20;
/** Columns from which a width proves no more: decimal commas alone make two columns of any list of amounts. */
const WIDTH_ENOUGH = 6;

/**
 * The delimiter under which the beginning of a text makes most sense: known column titles on a row, then rows of the same
 * width. Null when no delimiter makes two columns.
 */
export function detectDelimiter(sample: string): Delimiter | null {
  let best: Delimiter | null = null;
  let bestScore = 0;
  for (const delimiter of DELIMITERS) {
    const score = delimiterScore(sample.slice(0, DELIMITER_SAMPLE_CHARS), delimiter);
    if (score > bestScore) {
      best = delimiter;
      bestScore = score;
    }
  }
  return best;
}

function delimiterScore(sample: string, delimiter: Delimiter): number {
  const widths = new Map<number, number>();
  let titles = 0;
  let records = 0;
  const reader = createDelimitedReader({ delimiter, maxColumns: MAX_TABLE_COLUMNS }, (fields) => {
    records += 1;
    if (fields.length > 1) {
      widths.set(fields.length, (widths.get(fields.length) ?? 0) + 1);
      titles = Math.max(titles, fields.filter(isKnownTitle).length);
    }
    return records < SAMPLE_RECORDS;
  });
  if (reader.push(sample)) reader.end();
  const rows = Math.max(0, ...[...widths].map(([width, count]) => (count * Math.min(width, WIDTH_ENOUGH)) / WIDTH_ENOUGH));
  return rows + (titles > 1 ? titles * TITLE_WEIGHT : 0);
}

/** Reads delimited text in pieces as table rows. */
export type CsvReader = {
  /** False when no more would be read. */
  push(text: string): boolean;
  /** The problem that stopped the reading, null when the text ended well. */
  end(): Problem | null;
};

/** Starts a reader; blank lines are given too, so that line numbers stay those of the file. */
export function createCsvReader(delimiter: Delimiter, row: (row: TableRow) => boolean): CsvReader {
  const reader = createDelimitedReader({ delimiter, maxColumns: MAX_TABLE_COLUMNS }, (fields, line) => row({ line, cells: fields }));
  let started = false;
  return {
    push(text) {
      if (text === '') return true;
      const body = !started && text.startsWith('\ufeff') ? text.slice(1) : text;
      started = true;
      return reader.push(body);
    },
    end() {
      reader.end();
      const fault = reader.fault();
      return fault === null ? null : delimitedProblem(fault, [], MAX_TABLE_COLUMNS);
    },
  };
}
