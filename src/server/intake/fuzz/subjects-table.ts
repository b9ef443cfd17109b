import type { BankReading } from '#core/intake/bank/bank-text-reading.ts';
import type { BankLine, BankStatement } from '#core/intake/bank/bank-line.ts';
import { createBankTableReader } from '#core/intake/bank/table-reader.ts';
import { EXAMPLE_LEDGER, exampleFec } from '#core/intake/example-ledger.ts';
import { createFecReader } from '#core/intake/fec.ts';
import type { FecLine, FecSummary } from '#core/intake/fec-line.ts';
import { applyMapping } from '#core/intake/table/apply-mapping.ts';
import { createCsvReader, DELIMITER_SAMPLE_CHARS, detectDelimiter } from '#core/intake/table/csv.ts';
import { guessMapping } from '#core/intake/table/guess-mapping.ts';
import { isBankMapping } from '#core/intake/table/mapping.ts';
import type { TableMapping } from '#core/intake/table/mapping.ts';
import { cellText, isBlankRow } from '#core/intake/table/table-row.ts';
import type { TableRow } from '#core/intake/table/table-row.ts';
import { problem } from '#core/intake/problems.ts';
import type { Problem } from '#core/kernel/problem.ts';
import { bankOutcome } from './bank-outcome.ts';
import type { GivenSum, Outcome } from './outcome.ts';
import { decoded, linesLike } from './read-decoded.ts';
import type { Decoded } from './read-decoded.ts';
import { seedFiles } from './seeds.ts';
import { drawText } from './subject.ts';
import type { Subject } from './subject.ts';
import { separatedShape } from './text-shape.ts';

/** A FEC as read: its receivable lines and its summary. */
export type FecRead = { readonly lines: readonly FecLine[]; readonly summary: FecSummary };

/** Reads the text of a FEC piece by piece. */
export function readFecPieces(pieces: readonly string[]): FecRead {
  const lines: FecLine[] = [];
  const reader = createFecReader({ line: (line) => lines.push(line) });
  for (const piece of pieces) if (!reader.push(piece)) break;
  return { lines, summary: reader.end() };
}

function fecOutcome({ pieces, problems: before, refused }: Decoded, { lines, summary }: FecRead): Outcome {
  const side = (name: 'debit' | 'credit'): bigint => lines.reduce((sum, line) => sum + line[name], 0n);
  const breaches: string[] = [];
  if (summary.accepted && lines.some(({ debit, credit }) => debit < 0n || credit < 0n || (debit > 0n && credit > 0n))) breaches.push('a line with a negative side or with both');
  // Totals are those written; a negative amount counts there as written, and in its line on the other side.
  const asWritten = !summary.problems.some(({ code }) => code === 'intake.fecNegativeAmount');
  if (summary.accepted && asWritten && (side('debit') > summary.totalDebit || side('credit') > summary.totalCredit)) breaches.push('more money in the lines given than in the whole file');
  const sums: GivenSum[] = [
    { what: 'debit and credit', said: summary.totalDebit, given: summary.totalCredit },
    { what: 'receivable lines', said: BigInt(summary.receivableLines), given: BigInt(lines.length) },
  ];
  const quoted = pieces.some((piece) => piece.includes('"'));
  return {
    accepted: summary.accepted && !refused, problems: refused ? before : [...before, ...summary.problems], sums, balanced: [], given: summary.lines,
    // The titles are no record; a line of blanks is none either.
    recognised: quoted ? null : linesLike(pieces, /[^\s;|,]/u) - 1, breaches,
  };
}

/** The rows of a table, or why it has none. */
export type TableRead = { readonly rows: readonly TableRow[]; readonly problems: readonly Problem[] };

/** Reads the text of a CSV file into rows with the delimiter that its beginning proves. */
export function readRows({ pieces, problems, refused }: Decoded): TableRead {
  const text = pieces.join('');
  const delimiter = refused ? null : detectDelimiter((text.startsWith('\ufeff') ? text.slice(1) : text).slice(0, DELIMITER_SAMPLE_CHARS));
  if (delimiter === null) return { rows: [], problems: refused ? problems : [...problems, problem('tableHeaderMissing', 0, {})] };
  const rows: TableRow[] = [];
  const reader = createCsvReader(delimiter, (row) => rows.push(row) > 0);
  for (const piece of pieces) if (!reader.push(piece)) break;
  const fault = reader.end();
  return { rows, problems: fault === null ? problems : [...problems, fault] };
}

const hasError = (problems: readonly Problem[]): boolean => problems.some(({ severity }) => severity === 'error');

/** Reads rows as a bank statement. */
export function readBankRows(rows: readonly TableRow[], of: { readonly mapping: TableMapping; readonly source: string }): BankReading {
  const lines: BankLine[] = [];
  const statements: BankStatement[] = [];
  const reader = createBankTableReader(of, { line: (line) => lines.push(line), statement: (statement) => statements.push(statement) });
  for (const row of rows) if (!reader.push(row)) break;
  return { summary: reader.end(), lines, statements };
}

const DAY = /^\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}$|^\d{4}-\d\d-\d\d$/u;

/** A table read by its own guess, whichever of the two kinds it is, as it is judged. */
export function tableOutcome({ rows, problems }: TableRead): Outcome {
  if (hasError(problems)) return { accepted: false, problems, sums: [], balanced: [], given: 0, recognised: null, breaches: [] };
  const guess = guessMapping(rows);
  const { mapping } = guess;
  const data = rows.filter((row) => row.line > mapping.headerLine && !isBlankRow(row));
  // What a guess asks of a person is shown to somebody too.
  const breaches = guess.uncertain.filter(({ message }) => message.fr === '' || message.en === '').map(({ code }) => `${code}: nothing is asked`);
  if (isBankMapping(mapping)) {
    // Rows without a day are balances and remarks; the last one may be a balance with its day.
    const dated = data.filter((row) => DAY.test(cellText(row.cells[mapping.columns.bookedOn ?? -1]))).length;
    const outcome = bankOutcome(readBankRows(rows, { mapping, source: guess.profile?.key ?? guess.sourceKey }), { before: problems, recognised: mapping.lastRowBalance === true ? dated - 1 : dated });
    return { ...outcome, breaches: [...outcome.breaches, ...breaches] };
  }
  const { items, summary } = applyMapping({ mapping, currency: 'EUR' }, rows);
  const sums: GivenSum[] = summary.totals.flatMap(({ currency, debit, credit, open }) => {
    const own = items.filter((item) => item.currency === currency);
    const side = (name: 'debit' | 'credit'): bigint => own.reduce((sum, item) => (item.side === name ? sum + item.amount : sum), 0n);
    const due = own.reduce((sum, item) => sum + (item.side === 'debit' ? 1n : -1n) * (item.openAmount ?? item.amount), 0n);
    return [{ what: `${currency} debit`, said: debit, given: side('debit') }, { what: `${currency} credit`, said: credit, given: side('credit') }, { what: `${currency} open`, said: open, given: due }];
  });
  sums.push({ what: 'items', said: BigInt(summary.items), given: BigInt(items.length) });
  const grouped = mapping.groups !== undefined || mapping.buckets !== undefined;
  return { accepted: summary.accepted, problems: [...problems, ...summary.problems], sums, balanced: [], given: items.length, recognised: grouped ? null : data.length, breaches };
}

/** How a FEC is read, so that a faulty reader can stand in its place. */
export type FecPiecesReader = typeof readFecPieces;

/** The FEC, tables of open items, and bank statements of columns. */
export function tableSubjects(readFec: FecPiecesReader = readFecPieces): readonly Subject[] {
  const fecSeeds = [...seedFiles({ fixtures: ['fec'], samples: ['fec'], ends: /\.txt$/u }), ...FEC_DIALECTS.map((dialect) => Buffer.from(exampleFec(dialect, EXAMPLE_LEDGER)))];
  const readTable = (bytes: Buffer): Outcome => tableOutcome(readRows(decoded(bytes)));
  return [
    { name: 'fec', draw: drawText(fecSeeds, separatedShape), read: (bytes) => {
      const text = decoded(bytes);
      return fecOutcome(text, readFec(text.pieces));
    } },
    { name: 'items-csv', draw: drawText(seedFiles({ fixtures: ['csv', 'accounting'], ends: /\.csv$/u }), separatedShape), read: readTable },
    { name: 'bank-csv', draw: drawText(seedFiles({ fixtures: ['bank-csv'], samples: ['bank_csv'], ends: /\.csv$/u }), separatedShape), read: readTable },
  ];
}

/** Ways in which editors write the example ledger. */
const FEC_DIALECTS: readonly Parameters<typeof exampleFec>[0][] = [{}, { separator: '|', lineEnd: '\n' }, { separator: ';', quoted: true }, { side: ['D', 'C'] }, { lineEnd: '\r', byteOrderMark: true, lastLineEnd: false }];
