import type { Day } from '#core/kernel/day.ts';
import { sheetNumberText } from '../amounts.ts';
import { trimSpaces } from '../fold.ts';

/** A cell: text as written, or a number (its digits as stored) or a day that a workbook already typed. */
export type Cell = string | { readonly number: string } | { readonly day: Day };

/** One row and the line of the file it starts on (the row number for a workbook), from 1. */
export type TableRow = { readonly line: number; readonly cells: readonly Cell[] };

/** A cell as text: spaces around removed, a workbook number in plain digits, a day as AAAA-MM-JJ. */
export function cellText(cell: Cell | undefined): string {
  if (cell === undefined) return '';
  if (typeof cell === 'string') return trimSpaces(cell);
  return 'day' in cell ? cell.day : (sheetNumberText(cell.number) ?? cell.number);
}

/** True when every cell is empty. */
export const isBlankRow = (row: TableRow): boolean => row.cells.every((cell) => cellText(cell).trim() === '');
