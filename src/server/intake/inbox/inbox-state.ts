import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Clock, Instant } from '#core/kernel/clock.ts';
import type { Problem } from '#core/kernel/problem.ts';
import { loggableError } from '#server/plumbing/log.ts';
import type { Log } from '#server/plumbing/log.ts';
import { codeOf } from './inbox-problems.ts';
import type { ReportCount } from './mailed-report.ts';

/** Name of the state's file in the data folder. */
const STATE_FILE = 'inbox-state.json';

const countSchema = z.object({ since: z.string(), noted: z.int(), bounces: z.int(), left: z.int() });
const stateSchema = z.record(z.string(), z.object({
  code: z.string().nullable(), message: z.object({ fr: z.string(), en: z.string() }).nullable(), since: z.string(), reports: countSchema.optional(),
}));

/** How each part ("folder", "folder:CODE", "mailbox") is, as last written: code and message are null when it is well; `reports` are the delivery reports of the mailbox since its worker began. */
export type InboxState = z.infer<typeof stateSchema>;

/** The state a worker of this data folder wrote last; empty when there is none, or none that can be understood. */
export async function readInboxState(dataDir: string): Promise<InboxState> {
  try {
    const parsed = stateSchema.safeParse(JSON.parse(await readFile(join(dataDir, STATE_FILE), 'utf8')));
    return parsed.success ? parsed.data : {};
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || error instanceof SyntaxError) return {};
    throw error;
  }
}

/** Says how a part is: a log line and a line in the state when that changed, nothing when it is as before. */
export type Teller = {
  tell(part: string, found: Problem | null): Promise<void>;
  /** Adds delivery reports to the count of a part. */
  count(part: string, more: ReportCount): Promise<void>;
};

type Told = { readonly code: string | null; readonly message: Problem['message'] | null; readonly since: Instant; readonly reports?: ReportCount & { readonly since: Instant } };

/** A teller that starts with nothing said and nothing counted. */
export function createTeller(parts: { dataDir: string; clock: Clock; log: Log }): Teller {
  const told = new Map<string, Told>();
  const began = parts.clock.now();
  const said = new Set<string>();
  return {
    tell: async (part, found) => {
      const before = told.get(part);
      const first = !said.has(part);
      if (!first && before?.code === (found?.code ?? null)) return;
      said.add(part);
      told.set(part, { ...before, code: found?.code ?? null, message: found?.message ?? null, since: parts.clock.now() });
      if (found !== null) parts.log.warn({ part: 'inbox', where: part, code: found.code }, found.message.en);
      else if (!first) parts.log.info({ part: 'inbox', where: part }, 'inbox well again');
      await write(parts, told);
    },
    count: async (part, more) => {
      const before = told.get(part) ?? { code: null, message: null, since: began };
      const { noted, bounces, left } = before.reports ?? { noted: 0, bounces: 0, left: 0 };
      told.set(part, { ...before, reports: { since: began, noted: noted + more.noted, bounces: bounces + more.bounces, left: left + more.left } });
      await write(parts, told);
    },
  };
}

/** Writes the state beside and renames it: a reader sees the whole of the one or the other. A state that cannot be written stops nothing. */
async function write({ dataDir, log }: { dataDir: string; log: Log }, told: ReadonlyMap<string, Told>): Promise<void> {
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    const path = join(dataDir, STATE_FILE);
    await writeFile(`${path}.${process.pid}`, JSON.stringify(Object.fromEntries(told), null, 1), { mode: 0o600 });
    await rename(`${path}.${process.pid}`, path);
  } catch (error) {
    log.warn({ part: 'inbox', error: loggableError(error) }, 'inbox state not written');
  }
}
