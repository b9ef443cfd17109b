import { createFecReader } from './fec.ts';
import type { FecOptions } from './fec.ts';
import type { FecLine, FecSummary } from './fec-line.ts';

/** A FEC read at once: its receivable lines in order and its summary. For small texts; files are pushed piece by piece. */
export type FecReading = { readonly lines: readonly FecLine[]; readonly summary: FecSummary };

/** Reads a whole FEC held in a string, in pieces of `chunk` characters. */
export function readFec(text: string, options: FecOptions = {}, chunk = 65_536): FecReading {
  const lines: FecLine[] = [];
  const reader = createFecReader({ line: (line) => lines.push(line) }, options);
  for (let at = 0; at < text.length; at += chunk) if (!reader.push(text.slice(at, at + chunk))) break;
  return { lines, summary: reader.end() };
}

/** What a FEC says whatever its dialect: its lines without their line numbers, and its totals. Two readings of one ledger are equal. */
export function meaningOf({ lines, summary }: FecReading): string {
  const { accepted, entries, totalDebit, totalCredit, firstEntryOn, lastEntryOn, lettered } = summary;
  return JSON.stringify(
    { accepted, count: summary.lines, entries, totalDebit, totalCredit, firstEntryOn, lastEntryOn, lettered, lines: lines.map((line) => ({ ...line, line: 0 })) },
    (_key, value: unknown) => (typeof value === 'bigint' ? `${value}` : value),
  );
}
