import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SaxesParser } from 'saxes';
import { readChunks } from '#server/intake/decode.ts';
import { importFile } from '#server/intake/import-file.ts';
import { readCamtFile } from '#server/intake/read-camt.ts';
import { CLOCK, givenCompany, TODAY } from '../data.ts';
import { timed } from '../figure.ts';
import type { Figure } from '../figure.ts';
import { insertFloor } from '../insert-floor.ts';
import { writeStatement } from './intake-files.ts';
import { interleaved } from './intake-turns.ts';
import type { Bench, Measure } from './measure.ts';

const READ_GOAL_TIMES = 3;
const READ_RSS_GOAL_MIB = 300;

/** A pass of the parser alone over the same bytes in the same pieces: names with their namespaces, texts looked at, nothing kept. */
async function bareParser(path: string): Promise<number> {
  const parser = new SaxesParser({ xmlns: true });
  let seen = 0;
  parser.on('opentag', () => {
    seen += 1;
  });
  parser.on('text', (text) => {
    seen += text.length;
  });
  const decoder = new TextDecoder('utf-8', { fatal: true });
  for await (const chunk of readChunks(path)) parser.write(decoder.decode(chunk, { stream: true }));
  parser.close();
  return seen;
}

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'acquit-bench-camt-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const readMeasured = ({ size }: Bench): Promise<Figure[]> => inFolder(async (folder) => {
  const path = join(folder, 'statement.xml');
  await writeStatement(path, 'camt053', size);
  let lines = 0;
  const ours = async (): Promise<void> => {
    lines = 0;
    const summary = await readCamtFile(path, { line: () => (lines += 1), statement: () => undefined });
    if (!summary.accepted || lines !== size || summary.problems.length > 0) throw new Error(`${lines} lines of ${size}`);
  };
  const seconds = await interleaved(ours, () => bareParser(path));
  return [{
    name: 'camt.053 read', size, unit: 'entries', seconds: seconds.ours, floor: { what: 'bare saxes over the same bytes', seconds: seconds.floor },
    goal: { kind: 'atMost', value: READ_GOAL_TIMES }, rssGoalMiB: READ_RSS_GOAL_MIB,
  }];
});

const applyMeasured = ({ database, owner, size }: Bench): Promise<Figure[]> => inFolder(async (folder) => {
  const path = join(folder, 'statement.xml');
  await writeStatement(path, 'camt053', size);
  const organisation = await givenCompany(database);
  const order = { organisation, path, fileName: 'statement.xml', today: TODAY, clock: CLOCK, actor: 'bench' };
  const seconds = await timed(async () => {
    const report = await importFile(database, order);
    if (report.status !== 'applied' || report.created.bankLines !== size) throw new Error(`${report.status}, ${report.created.bankLines} lines`);
  });
  const floor = { what: 'insert … select of the rows it made', seconds: await insertFloor(owner, ['bank_line']) };
  const again = await timed(() => importFile(database, order));
  return [
    { name: 'camt.053 applied', size, unit: 'entries', seconds, floor, goal: null },
    { name: 'camt.053 applied, same file again', size, unit: 'entries', seconds: again, floor, goal: null },
  ];
});

/** A statement read, against the parser alone. */
export const camtMeasure: Measure = { about: 'camt.053 against bare saxes', sizeMax: 1_000_000, measure: readMeasured };

/** A statement taken into the database. */
export const camtApplyMeasure: Measure = { about: 'camt.053 applied against insert … select', sizeMax: 1_000_000, measure: applyMeasured };
