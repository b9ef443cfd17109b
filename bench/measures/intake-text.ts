import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createFecReader } from '#core/intake/fec.ts';
import { createLineSplitter } from '#core/intake/lines.ts';
import { readBankTextFile } from '#server/intake/read-bank-text.ts';
import { readTextFile } from '#server/intake/read-text.ts';
import type { Figure } from '../figure.ts';
import { writeStatement } from './intake-files.ts';
import { interleaved } from './intake-turns.ts';
import type { Bench, Measure } from './measure.ts';

const GOAL_TIMES = 3;
const WRITER = fileURLToPath(new URL('../write-books.ts', import.meta.url));

/** The file decoded as every text is (its encoding proved first, then read), its lines cut and made strings, nothing understood. */
async function bareLines(path: string): Promise<number> {
  let seen = 0;
  const splitter = createLineSplitter((text, from, to) => {
    seen += text.slice(from, to).length;
    return true;
  });
  await readTextFile(path, (text) => splitter.push(text));
  splitter.end();
  return seen;
}

const FLOOR = 'its lines decoded and cut';

async function readStatement(folder: string, format: 'cfonb120' | 'mt940', size: number): Promise<Figure> {
  const path = join(folder, `${format}.txt`);
  await writeStatement(path, format, size);
  const ours = async (): Promise<void> => {
    let lines = 0;
    const summary = await readBankTextFile({ path, format, sink: { line: () => (lines += 1), statement: () => undefined } });
    if (!summary.accepted || lines !== size) throw new Error(`${format}: ${lines} lines of ${size}, ${summary.problems[0]?.message.en ?? ''}`);
  };
  const seconds = await interleaved(ours, () => bareLines(path));
  return { name: `${format} read`, size, unit: 'movements', seconds: seconds.ours, floor: { what: FLOOR, seconds: seconds.floor }, goal: { kind: 'atMost', value: GOAL_TIMES } };
}

async function readLedger(folder: string, size: number): Promise<Figure> {
  const path = join(folder, 'books.txt');
  const { stdout } = await promisify(execFile)(process.execPath, [WRITER, path, String(size)]);
  const ours = async (): Promise<void> => {
    const reader = createFecReader({ line: () => undefined });
    const found = await readTextFile(path, (text) => reader.push(text));
    const summary = reader.end();
    if (!summary.accepted || found.length > 0) throw new Error(`${summary.lines} lines, ${summary.problems[0]?.message.en ?? ''}`);
  };
  const seconds = await interleaved(ours, () => bareLines(path));
  return { name: 'FEC read', size: Number(stdout), unit: 'lines', seconds: seconds.ours, floor: { what: FLOOR, seconds: seconds.floor }, goal: null };
}

async function measure({ size }: Bench): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'acquit-bench-text-'));
  try {
    return [await readStatement(folder, 'cfonb120', size), await readStatement(folder, 'mt940', size), await readLedger(folder, size)];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Statements and ledgers in text, against the reading of their lines. */
export const textMeasure: Measure = { about: 'CFONB 120, MT940 and FEC against their lines', sizeMax: 1_000_000, measure };
