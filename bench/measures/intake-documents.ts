import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importPath } from '#server/intake/import-many.ts';
import { readInvoiceXml } from '#server/intake/read-einvoice-xml.ts';
import { CLOCK, givenCompany, TODAY } from '../data.ts';
import { timed, timedTurns } from '../figure.ts';
import type { Figure } from '../figure.ts';
import { invoiceTexts } from './intake-files.ts';
import type { Bench, Measure } from './measure.ts';

/** 10,000 documents a minute. */
const GOAL_PER_SECOND = 10_000 / 60;
const TURNS = 3;

const perMinute = (count: number, seconds: number): string => `${Math.round((count / seconds) * 60)} a minute`;

async function readAll(syntax: 'ubl' | 'cii', size: number): Promise<Figure> {
  const documents = (await invoiceTexts(syntax, size)).map(({ text }) => Buffer.from(text));
  const seconds = await timedTurns(TURNS, async () => {
    for (const bytes of documents) if (readInvoiceXml(bytes).reading?.invoice === null) throw new Error('an invoice was refused');
  });
  return { name: `${syntax} read`, size, unit: 'documents', seconds, floor: null, goal: { kind: 'atLeast', value: GOAL_PER_SECOND }, note: perMinute(size, seconds) };
}

/** A folder of documents through everything: file, reading, one transaction each, item and evidence. */
async function importAll(bench: Bench, syntax: 'ubl' | 'cii', root: string): Promise<Figure> {
  const folder = join(root, syntax);
  await mkdir(folder);
  for (const { name, text } of await invoiceTexts(syntax, bench.size)) await writeFile(join(folder, name), text);
  const organisation = await givenCompany(bench.database, `bench-${syntax}`);
  const order = { organisation, path: folder, fileName: syntax, today: TODAY, clock: CLOCK, actor: 'bench' };
  let applied = 0;
  const seconds = await timed(async () => {
    for await (const report of importPath(bench.database, order)) {
      if (report.status === 'applied') applied += 1;
      else throw new Error(`${report.file}: ${report.problems[0]?.message.en ?? report.status}`);
    }
  });
  if (applied !== bench.size) throw new Error(`${applied} of ${bench.size} ${syntax} documents applied`);
  return { name: `${syntax} folder imported`, size: bench.size, unit: 'documents', seconds, floor: null, goal: { kind: 'atLeast', value: GOAL_PER_SECOND }, note: perMinute(bench.size, seconds) };
}

async function measure(bench: Bench): Promise<Figure[]> {
  const root = await mkdtemp(join(tmpdir(), 'acquit-bench-documents-'));
  try {
    return [await readAll('ubl', bench.size), await readAll('cii', bench.size), await importAll(bench, 'ubl', root), await importAll(bench, 'cii', root)];
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

/** Electronic invoices, read and taken in one by one. */
export const documentsMeasure: Measure = { about: 'UBL and CII documents a minute', sizeMax: 5_000, measure };
