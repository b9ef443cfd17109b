import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { FileJournal } from '#server/channels/journal/file-journal.ts';
import { SendGuard } from '#server/channels/journal/guard.ts';
import type { Database } from '#server/plumbing/database.ts';
import { createLog } from '#server/plumbing/log.ts';

const guards = new Map<string, SendGuard>();

/** The guard of a database that is measured, the same for all calls on it: a journal in files, made durable as in production, gone with the process. */
export function benchGuard(database: Database): SendGuard {
  const name = String(database.pool.options.database);
  const known = guards.get(name);
  if (known !== undefined) return known;
  const folder = mkdtempSync(join(tmpdir(), 'acquit-bench-journal-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const guard = new SendGuard({ journal: new FileJournal(folder), log: createLog('warn') });
  guards.set(name, guard);
  return guard;
}
