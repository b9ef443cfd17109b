import { findFunctions } from './functions.ts';
import { FUNCTION_LINES_MAX } from './sizes.ts';
import type { SourceFile } from './source.ts';
import { anyLines, castLines } from './types.ts';

/** What the code of the product looks like, in numbers. */
export type Figures = {
  readonly files: number;
  readonly lines: number;
  readonly functions: number;
  readonly functionMedian: number;
  /** Share of functions longer than a screen, in percent. */
  readonly longPercent: number;
  readonly fileMedian: number;
  readonly anyTypes: number;
  readonly castsPer1000: number;
  /** Lines that hold a comment, in percent of all lines that are not blank. */
  readonly commentPercent: number;
};

/** The middle value; the mean of the two middle ones when there is an even number; 0 of nothing. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

const percent = (part: number, whole: number): number => (whole === 0 ? 0 : (100 * part) / whole);

/** Counts the product's files; tests and what they stand on are left out. */
export function figuresOf(files: readonly SourceFile[]): Figures {
  const product = files.filter((file) => file.role === 'product');
  const lengths = product.flatMap((file) => findFunctions(file).map((each) => each.lines));
  const lines = sum(product.map((file) => file.lines));
  const written = sum(product.map((file) => file.text.split('\n').filter((line) => line.trim() !== '').length));
  const comments = sum(product.flatMap((file) => file.comments.map((comment) => comment.endLine - comment.line + 1)));
  return {
    files: product.length,
    lines,
    functions: lengths.length,
    functionMedian: median(lengths),
    longPercent: percent(lengths.filter((length) => length > FUNCTION_LINES_MAX).length, lengths.length),
    fileMedian: median(product.map((file) => file.lines)),
    anyTypes: sum(product.map((file) => anyLines(file).length)),
    castsPer1000: lines === 0 ? 0 : (1000 * sum(product.map((file) => castLines(file).length))) / lines,
    commentPercent: percent(comments, written),
  };
}

const HEADINGS = ['', 'files', 'lines', 'functions', 'median', '> 60 %', 'file median', 'any', 'as/1000', 'comments %'];

function row(name: string, figures: Figures): string[] {
  const { files, lines, functions, functionMedian, longPercent, fileMedian, anyTypes, castsPer1000, commentPercent } = figures;
  return [name, files, lines, functions, functionMedian, longPercent.toFixed(1), fileMedian, anyTypes, castsPer1000.toFixed(1), commentPercent.toFixed(1)].map(String);
}

/** The figures of each zone and of all, as a table of plain text. */
export function figuresTable(files: readonly SourceFile[]): string {
  const zones = [...new Set(files.filter((file) => file.zone !== '').map((file) => file.zone))].toSorted((a, b) => a.localeCompare(b));
  const rows = [HEADINGS, ...zones.map((zone) => row(zone, figuresOf(files.filter((file) => file.zone === zone)))), row('all', figuresOf(files))];
  const widths = HEADINGS.map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)));
  return rows.map((cells) => cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join('  ').trimEnd()).join('\n');
}
