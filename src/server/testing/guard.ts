import { memoryJournal } from '#core/channels/memory-journal.ts';
import { SendGuard } from '#server/channels/journal/guard.ts';
import type { Database } from '#server/plumbing/database.ts';
import { createLog } from '#server/plumbing/log.ts';

const guards = new Map<string, SendGuard>();

/** The guard of a test database, the same for all calls on it: a journal in memory. */
export function testGuard(database: Database): SendGuard {
  const name = String(database.pool.options.database);
  const guard = guards.get(name) ?? new SendGuard({ journal: memoryJournal(), log: createLog('silent') });
  guards.set(name, guard);
  return guard;
}
