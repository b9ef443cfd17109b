import { memoryJournal } from '#core/channels/memory-journal.ts';
import { SendGuard } from '#server/channels/journal/guard.ts';
import type { Database } from '#server/plumbing/database.ts';
import type { TestDatabase } from './database.ts';
import { createLog } from '#server/plumbing/log.ts';

const guards = new Map<string, SendGuard>();

/** The guard of a test database, the same for all calls on it: a journal in memory. */
export function testGuard(database: Database): SendGuard {
  const name = String(database.pool.options.database);
  const guard = guards.get(name) ?? new SendGuard({ journal: memoryJournal(), log: createLog('silent') });
  guards.set(name, guard);
  return guard;
}

/** Takes the journal away and makes the database forget that it had one: what a bug planted in the database does is then not seen by the comparison. */
export async function forgetJournal(test: TestDatabase): Promise<void> {
  guards.delete(test.name);
  const owner = await test.owner();
  await owner.query('update installation set journal_server = null, journal_mark = null');
  await owner.end();
}
