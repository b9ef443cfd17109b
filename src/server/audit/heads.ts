import { constants } from 'node:fs';
import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Instant } from '#core/kernel/clock.ts';
import type { Day } from '#core/kernel/day.ts';
import type { OrganisationId } from '#core/kernel/id.ts';
import type { Bilingual } from '#core/kernel/text.ts';
import type { Database } from '#server/plumbing/database.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { ChainWalk, firstHash, readHeads } from './chain-walk.ts';
import { formatHead, headDue, lineHash, linesOf, NO_LINE } from './head-line.ts';
import type { HeadLine } from './head-line.ts';
import { eventsAfter, readChainHead, readInstallation } from './chain-store.ts';
import type { ChainHead } from './chain-store.ts';

/** Two processes that write the head of one organisation at once would both name the same line before. */
const HEADS_LOCK = 4_180_014;

/** What became of a head: written, not due, nothing new since the last one, or the chain does not hold, and where. */
export type HeadWritten = { readonly status: 'written' | 'notDue' | 'unchanged'; readonly head: HeadLine | null } | { readonly status: 'broken'; readonly problem: string };

/** The lines written of an organisation's chain, oldest first. */
export async function headLines(t: Tenant): Promise<string[]> {
  return (await t.rows<{ line: string }>(t.sql`select h.line from ${t.from('head_line')} h order by h.seq`)).map((row) => row.line);
}

/** Whose head, at what instant; `day` null: that of `headDue`, if any. */
export type HeadOrder = { readonly organisation: OrganisationId; readonly now: Instant; readonly day: Day | null };

/** Events that one line covers: the way from an event to its line needs the hashes of all of them at once. */
const HEAD_EVENTS_MAX = 100_000;

/**
 * Writes where the chain stands, after walking the events that no line covers yet: a head over a chain that does not hold would vouch for it.
 */
export async function writeHead(database: Database, order: HeadOrder): Promise<HeadWritten> {
  return database.inTenant(order.organisation, async (t) => {
    await t.run(t.sql`select pg_advisory_xact_lock(${HEADS_LOCK}, hashtext(${order.organisation}))`);
    const chain = await readChainHead(t);
    if (chain === null) return { status: 'broken', problem: 'no head' };
    const installation = await readInstallation(t);
    const lines = await headLines(t);
    const read = readHeads(lines, { installation, organisation: chain.code });
    if (read.problem !== null) return { status: 'broken', problem: read.problem };
    const line = lines.at(-1) ?? null;
    const last = read.heads.at(-1) ?? null;
    if (BigInt(last?.seq ?? 0) === chain.seq) return { status: 'unchanged', head: last };
    const day = order.day ?? await dueDay(t, last, order.now);
    if (day === null) return { status: 'notDue', head: last };
    // The clock may have been set back; the lines are in their order all the same.
    const at = last !== null && last.at > order.now ? last.at : order.now;
    const made = await walkOn(t, { last, line, chain, of: { installation, organisation: chain.code, day, at } });
    if (typeof made === 'string') return { status: 'broken', problem: made };
    await t.run(t.sql`
      ${t.into('head_line', 'seq, line')} select ${t.org}, n.seq, n.line from unnest(${made.map(({ seq }) => String(seq))}::bigint[], ${made.map(formatHead)}::text[]) as n(seq, line)`);
    return { status: 'written', head: made.at(-1) ?? null };
  });
}

type WalkOn = { readonly last: HeadLine | null; readonly line: string | null; readonly chain: ChainHead; readonly of: Pick<HeadLine, 'installation' | 'organisation' | 'day' | 'at'> };

/** The lines over the events after the last one, in parts that a proof can be made from; or what does not hold. */
async function walkOn(t: Tenant, { last, line, chain, of }: WalkOn): Promise<HeadLine[] | string> {
  const walk = new ChainWalk({ seq: BigInt(last?.seq ?? 0), hash: last === null ? firstHash(chain.code) : Buffer.from(last.hash, 'hex'), heads: [] });
  const made: HeadLine[] = [];
  let previous = line === null ? NO_LINE : lineHash(line);
  let from = (last?.seq ?? 0) + 1;
  for await (const event of eventsAfter(t, walk.end.seq)) {
    // Others go on writing: what came after the end that was read is covered by the next line.
    if (event.seq > chain.seq) break;
    const problem = walk.take(event);
    if (problem !== null) return problem;
    const seq = Number(event.seq);
    if (event.seq !== chain.seq && seq - from + 1 < HEAD_EVENTS_MAX) continue;
    const head = { ...of, seq, hash: event.hash.toString('hex'), events: seq, from, root: walk.cutRoot(), previous };
    made.push(head);
    previous = lineHash(formatHead(head));
    from = seq + 1;
  }
  return walk.finish(chain) ?? made;
}

async function dueDay(t: Tenant, last: HeadLine | null, now: Instant): Promise<Day | null> {
  const first = await t.one<{ at: Instant; zone: string }>(t.sql`
    select e.at, p.time_zone as zone from ${t.from('event')} e, ${t.from('profile')} p where e.seq = ${(last?.seq ?? 0) + 1}`);
  return first === null ? null : headDue(last, { uncovered: first.at, now, zone: first.zone });
}

/** The file of an organisation's heads in a data folder. */
export const headFile = (dataDir: string, organisation: string): string => join(dataDir, 'heads', `${organisation}.jsonl`);

/** The lines of a file of heads; null when there is no such file. */
export async function readHeadFile(path: string): Promise<string[] | null> {
  try {
    return linesOf(await readFile(path, 'utf8'));
  } catch (error) {
    if (error instanceof Error && Reflect.get(error, 'code') === 'ENOENT') return null;
    throw error;
  }
}

/** Where a file of heads first says something else than the lines of the database; null when it is their beginning, or all of them. */
export function fileProblem(file: readonly string[], lines: readonly string[]): Bilingual | null {
  const at = file.findIndex((line, index) => line !== lines[index]);
  if (at === -1) return null;
  if (at >= lines.length) return { fr: `la ligne ${at + 1} du fichier est plus récente que tout ce que contient la base`, en: `line ${at + 1} of the file is of a later day than anything in the database` };
  return { fr: `la ligne ${at + 1} du fichier n’est pas celle de la base`, en: `line ${at + 1} of the file is not that of the database` };
}

/**
 * Appends to a file what it lacks of these lines, on the disk before this returns. Never touches what is there: a file that does not agree with the
 * database is evidence. Gives what does not agree, or null.
 */
export async function appendHeads(path: string, lines: readonly string[]): Promise<Bilingual | null> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const file = await open(path, constants.O_RDWR | constants.O_APPEND | constants.O_CREAT, 0o600);
  try {
    const there = await file.readFile('utf8');
    // The last line may have been cut off in the middle, by a power cut: the rest of it is what is missing.
    const whole = lines.map((line) => `${line}\n`).join('');
    if (!whole.startsWith(there)) return fileProblem(linesOf(there), lines) ?? { fr: 'la fin du fichier n’est pas celle d’une ligne', en: 'the file does not end as a line does' };
    if (whole.length > there.length) {
      await file.appendFile(whole.slice(there.length), 'utf8');
      await file.sync();
    }
  } finally {
    await file.close();
  }
  return null;
}
