import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Clock, Instant } from '#core/kernel/clock.ts';
import type { Problem } from '#core/kernel/problem.ts';
import { loggableError } from '#server/plumbing/log.ts';
import type { Log } from '#server/plumbing/log.ts';
import { codeOf } from './inbox-problems.ts';

/** Name of the state's file in the data folder. */
const STATE_FILE = 'inbox-state.json';

const stateSchema = z.record(z.string(), z.object({ code: z.string().nullable(), message: z.object({ fr: z.string(), en: z.string() }).nullable(), since: z.string() }));

/** How each part ("folder", "folder:CODE", "mailbox") is, as last written: code and message are null when it is well. */
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
export type Teller = { tell(part: string, found: Problem | null): Promise<void> };

/** A teller that starts with nothing said. */
export function createTeller(parts: { dataDir: string; clock: Clock; log: Log }): Teller {
  const told = new Map<string, { code: string | null; message: Problem['message'] | null; since: Instant }>();
  return {
    tell: async (part, found) => {
      const before = told.get(part);
      if (before !== undefined && before.code === (found?.code ?? null)) return;
      told.set(part, { code: found?.code ?? null, message: found?.message ?? null, since: parts.clock.now() });
      if (found !== null) parts.log.warn({ part: 'inbox', where: part, code: found.code }, found.message.en);
      else if (before !== undefined) parts.log.info({ part: 'inbox', where: part }, 'inbox well again');
      try {
        await mkdir(parts.dataDir, { recursive: true, mode: 0o700 });
        const path = join(parts.dataDir, STATE_FILE);
        // Written beside and renamed: a reader sees the whole of the one or the other.
        await writeFile(`${path}.${process.pid}`, JSON.stringify(Object.fromEntries(told), null, 1), { mode: 0o600 });
        await rename(`${path}.${process.pid}`, path);
      } catch (error) {
        parts.log.warn({ part: 'inbox', error: loggableError(error) }, 'inbox state not written');
      }
    },
  };
}
