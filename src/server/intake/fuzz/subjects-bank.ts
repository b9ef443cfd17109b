import type { BankReading } from '#core/intake/bank/bank-text-reading.ts';
import { createBankTextReader } from '#core/intake/bank/bank-text-reading.ts';
import type { BankLine, BankStatement } from '#core/intake/bank/bank-line.ts';
import { createControlFilter } from '#core/intake/bank/control-characters.ts';
import type { BankTextFormat } from '#core/intake/bank/recognise.ts';
import { ProblemList } from '#core/intake/problem-list.ts';
import type { Problem } from '#core/kernel/problem.ts';
import { CFONB120_AMOUNTS, drawPair, MT940_AMOUNTS } from './balanced-statements.ts';
import type { AmountPlaces } from './balanced-statements.ts';
import { bankOutcome } from './bank-outcome.ts';
import type { Outcome } from './outcome.ts';
import { decoded, linesLike } from './read-decoded.ts';
import { seedFiles } from './seeds.ts';
import type { SeedPlaces } from './seeds.ts';
import { drawText } from './subject.ts';
import type { Subject } from './subject.ts';
import { CFONB120_COLUMNS, CFONB240_COLUMNS, fixedShape, ofxShape, taggedShape } from './text-shape.ts';
import type { Shape } from './text-shape.ts';

/** A bank format in text: its seeds, its shape, and the line that begins a movement. */
type BankText = { readonly format: BankTextFormat; readonly seeds: SeedPlaces; readonly shape: Shape; readonly movement: RegExp; readonly amounts?: AmountPlaces };

const TEXTS: readonly BankText[] = [
  { format: 'cfonb120', seeds: { fixtures: ['cfonb120'], samples: ['cfonb120'], ends: /\.txt$/u }, shape: fixedShape(CFONB120_COLUMNS), movement: /^04/u, amounts: CFONB120_AMOUNTS },
  { format: 'cfonb240', seeds: { fixtures: ['cfonb240'], samples: ['cfonb240'], ends: /\.txt$/u }, shape: fixedShape(CFONB240_COLUMNS), movement: /^34/u },
  { format: 'mt940', seeds: { fixtures: ['mt940'], samples: ['mt940'], ends: /\.(?:sta|swi|txt|940)$/u }, shape: taggedShape, movement: /^:61:/u, amounts: MT940_AMOUNTS },
  { format: 'ofx', seeds: { fixtures: ['ofx'], samples: ['ofx'], ends: /\.(?:ofx|qfx)$/u }, shape: ofxShape, movement: /^\s*<STMTTRN>/u },
];

/** Reads a bank text as `readBankTextFile` does, without a file. */
export function readBankBytes(format: BankTextFormat, bytes: Buffer): BankReading & { readonly before: readonly Problem[]; readonly pieces: readonly string[] } {
  const { pieces, problems, refused } = decoded(bytes);
  const lines: BankLine[] = [];
  const statements: BankStatement[] = [];
  const reader = createBankTextReader(format, { line: (line) => lines.push(line), statement: (statement) => statements.push(statement) });
  const controls = new ProblemList();
  const filter = createControlFilter(controls);
  for (const piece of pieces) if (!reader.push(filter(piece))) break;
  const summary = reader.end();
  // As for a file: after an error in the bytes nothing was read, and that it is empty says nothing.
  return { summary: refused ? { ...summary, accepted: false, problems: [] } : summary, lines, statements, before: [...problems, ...controls.list()], pieces };
}

/** How a format is read, so that a faulty reader can stand in its place. */
export type BankBytesReader = typeof readBankBytes;

/** The subjects of bank files in text. */
export function bankSubjects(read: BankBytesReader = readBankBytes): readonly Subject[] {
  return TEXTS.map(({ format, seeds, shape, movement, amounts }): Subject => ({
    name: format,
    draw: drawText(seedFiles(seeds), shape),
    read: (bytes): Outcome => {
      const reading = read(format, bytes);
      return bankOutcome(reading, { before: reading.before, recognised: linesLike(reading.pieces, movement) });
    },
    ...(amounts === undefined ? {} : { pair: drawPair(amounts) }),
  }));
}
