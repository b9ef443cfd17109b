import { stat } from 'node:fs/promises';
import type { Delimiter } from '#core/intake/delimited.ts';
import type { DetectedEncoding } from '#core/intake/encoding.ts';
import { problem } from '#core/intake/problems.ts';
import { createTableReader } from '#core/intake/table/apply-mapping.ts';
import type { OpenItemSink, TableOptions, TableSummary } from '#core/intake/table/apply-mapping.ts';
import { createCsvReader, DELIMITER_SAMPLE_CHARS, detectDelimiter } from '#core/intake/table/csv.ts';
import { createTableSurvey } from '#core/intake/table/guess-mapping.ts';
import type { TableGuess } from '#core/intake/table/guess-mapping.ts';
import type { TableRow } from '#core/intake/table/table-row.ts';
import type { Problem } from '#core/kernel/problem.ts';
import { err, ok } from '#core/kernel/result.ts';
import type { Result } from '#core/kernel/result.ts';
import { createChunkDecoder, detectFileEncoding, readChunks } from './decode.ts';

/** Bytes read so far and in all. */
export type Progress = (bytes: number, total: number) => void;

/** Takes the next piece of text with what its bytes proved, may wait, and returns false when no more is wanted. */
export type TextHandler = (text: string, proved: DetectedEncoding) => boolean | Promise<boolean>;

/**
 * Gives the text of a file piece by piece in the encoding its bytes prove. Returns what is wrong or doubtful in the bytes; after an
 * error nothing was given.
 */
export async function readTextFile(path: string, handle: TextHandler, progress?: Progress): Promise<readonly Problem[]> {
  const detected = await detectFileEncoding(path);
  if (!detected.ok) return [detected.error];
  const { size } = await stat(path);
  const decoder = createChunkDecoder(detected.value.encoding);
  let read = 0;
  for await (const chunk of readChunks(path)) {
    read += chunk.length;
    const text = decoder.write(chunk);
    if (text !== '' && !(await handle(text, detected.value))) return detected.value.warnings;
    progress?.(read, size);
  }
  const last = decoder.end();
  if (last !== '') await handle(last, detected.value);
  return detected.value.warnings;
}

/** How a CSV file is separated and what its columns seem to be. */
export type CsvGuess = TableGuess & { readonly delimiter: Delimiter };

/** Reads a whole CSV file once to find its delimiter and mapping. The error is why it cannot be read as a table at all. */
export async function surveyCsvFile(path: string): Promise<Result<CsvGuess, readonly Problem[]>> {
  const delimiter = await fileDelimiter(path);
  if (!delimiter.ok) return delimiter;
  const survey = createTableSurvey();
  const found = await readCsvRows({ path, delimiter: delimiter.value }, (row) => {
    survey.push(row);
    return true;
  });
  if (hasError(found)) return err(found);
  const guess = survey.end();
  return ok({ ...guess, uncertain: [...found, ...guess.uncertain], delimiter: delimiter.value });
}

const hasError = (problems: readonly Problem[]): boolean => problems.some((found) => found.severity === 'error');

async function fileDelimiter(path: string): Promise<Result<Delimiter, readonly Problem[]>> {
  let head = '';
  const problems = await readTextFile(path, (text) => {
    head += text;
    return head.length < DELIMITER_SAMPLE_CHARS;
  });
  if (hasError(problems)) return err(problems);
  const delimiter = detectDelimiter(head.startsWith('\ufeff') ? head.slice(1) : head);
  return delimiter === null ? err([problem('tableHeaderMissing', 0, {})]) : ok(delimiter);
}

/** Gives the rows of a CSV file one by one until `row` returns false; returns what is wrong in its bytes or quoting. */
export async function readCsvRows(file: CsvFile, row: (row: TableRow) => boolean): Promise<readonly Problem[]> {
  const reader = createCsvReader(file.delimiter, row);
  const problems = await readTextFile(file.path, (text) => reader.push(text), file.progress);
  const fault = reader.end();
  return fault === null ? problems : [...problems, fault];
}

/** A CSV file with the delimiter it is read with. */
export type CsvFile = { readonly path: string; readonly delimiter: Delimiter; readonly progress?: Progress };

/** Reads a CSV file with a mapping; items go to the sink as they come and count only when the summary accepts. */
export async function readCsvFile(file: CsvFile, options: TableOptions, sink: OpenItemSink): Promise<TableSummary> {
  const reader = createTableReader(options, sink);
  const found = await readCsvRows(file, (row) => reader.push(row));
  const summary = reader.end();
  return { ...summary, accepted: summary.accepted && !hasError(found), problems: [...found, ...summary.problems] };
}
