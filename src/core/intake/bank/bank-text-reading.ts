import type { BankLine, BankReader, BankSink, BankStatement, BankSummary } from './bank-line.ts';
import { createCfonb120Reader } from './cfonb120.ts';
import { createCfonb240Reader } from './cfonb240.ts';
import { createMt940Reader } from './mt940.ts';
import { createOfxReader } from './ofx.ts';
import type { BankTextFormat } from './recognise.ts';

const READERS: Readonly<Record<BankTextFormat, (sink: BankSink) => BankReader>> = {
  cfonb120: createCfonb120Reader, cfonb240: createCfonb240Reader, mt940: createMt940Reader, ofx: createOfxReader,
};

/** Starts the reading of a bank file in plain text of a known format. */
export const createBankTextReader = (format: BankTextFormat, sink: BankSink): BankReader => READERS[format](sink);

/** All that a bank file says. */
export type BankReading = { readonly summary: BankSummary; readonly lines: readonly BankLine[]; readonly statements: readonly BankStatement[] };

/** Reads a whole bank file given as one text or in pieces. */
export function readBankText(format: BankTextFormat, text: string | readonly string[]): BankReading {
  const lines: BankLine[] = [];
  const statements: BankStatement[] = [];
  const reader = createBankTextReader(format, { line: (line) => lines.push(line), statement: (statement) => statements.push(statement) });
  for (const piece of typeof text === 'string' ? [text] : text) if (!reader.push(piece)) break;
  return { summary: reader.end(), lines, statements };
}
