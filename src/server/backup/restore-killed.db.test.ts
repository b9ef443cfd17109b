import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { must } from '#core/kernel/result.ts';
import { seededRandom } from '#core/kernel/random.ts';
import { scratchFolder } from '#server/testing/scratch.ts';
import { takeBackup } from './take-backup.ts';
import { emptyDatabase, migratedDatabase } from './testing/empty-database.ts';
import type { EmptyDatabase } from './testing/empty-database.ts';
import { BACKUP_CLOCK, livedIn, saidByAll } from './testing/lived-in.ts';

const PROGRAM = fileURLToPath(new URL('../../../bin/acquit', import.meta.url));
/** Kills spread over the whole restore. */
const KILLS = 12;
/** A backend ends its transaction when it next writes to its dead client or waits for it. */
const SETTLE_MS = 10_000;

let source: EmptyDatabase;
let target: EmptyDatabase;
let file = '';
beforeAll(async () => {
  source = await migratedDatabase('superuser');
  target = await emptyDatabase('superuser');
  await livedIn(source.login(), 20);
  file = join(await scratchFolder(), 'all.acquit');
  must(await takeBackup(source.config, { file, passphrase: null, force: false, clock: BACKUP_CLOCK, program: '0.1.0' }));
}, 120_000);
afterAll(async () => {
  await source.drop();
  await target.drop();
});

/** The real command on the server of DATABASE_URL; killed so many milliseconds after its transaction began, or let end. Gives its exit status. */
async function restore(killAfterMs: number | null): Promise<{ status: number | null; killedInside: boolean }> {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('ACQUIT_'));
  const child = spawn(PROGRAM, ['restore', file, '--json'], { stdio: ['ignore', 'ignore', 'inherit'], env: { ...Object.fromEntries(inherited), DATABASE_URL: target.url } });
  const ended = new Promise<number | null>((resolve) => child.once('close', (status) => resolve(status)));
  await Promise.race([inTransaction(true), ended]);
  let killedInside = false;
  if (killAfterMs !== null) {
    await Promise.race([sleep(killAfterMs), ended]);
    killedInside = child.exitCode === null && (await backends()) > 0;
    child.kill('SIGKILL');
    await ended;
  }
  const status = await ended;
  await inTransaction(false);
  return { status, killedInside };
}

async function backends(): Promise<number> {
  const [found] = await target.rows<{ n: string }>(`select count(*)::text as n from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and xact_start is not null and backend_type = 'client backend'`);
  return Number(found?.n);
}

async function inTransaction(wanted: boolean): Promise<void> {
  for (let waited = 0; waited < SETTLE_MS; waited += 5) {
    if (((await backends()) > 0) === wanted) return;
    await sleep(5);
  }
  throw new Error(wanted ? 'the restore never began' : 'the backend of the killed restore is still there');
}

test('killed anywhere it leaves an empty database, never a part; started again it is whole', { timeout: 180_000 }, async () => {
  const random = seededRandom(20_261_122);
  const whole = await saidByAll(source.login());
  const outcomes: { left: 'empty' | 'whole' | 'a part'; inside: boolean }[] = [];
  let tookMs = 1000;
  for (let kill = 0; kill < KILLS; kill += 1) {
    const { killedInside } = await restore(((kill + random.next()) / KILLS) * tookMs);
    const [found] = await target.rows<{ n: string }>(`select count(*)::text as n from pg_class where relnamespace = 'public'::regnamespace`);
    const isEmpty = Number(found?.n) === 0;
    const isWhole = !isEmpty && JSON.stringify(await saidByAll(target.login())) === JSON.stringify(whole);
    outcomes.push({ left: isEmpty ? 'empty' : isWhole ? 'whole' : 'a part', inside: killedInside });
    if (isEmpty) continue;
    // It ended before the kill: the next ones fall into a shorter stretch of a new one.
    await target.drop();
    target = await emptyDatabase('superuser');
    tookMs *= 0.8;
  }
  expect(outcomes.filter((one) => one.left === 'a part' || (one.inside && one.left !== 'empty'))).toEqual([]);
  expect(outcomes.filter((one) => one.inside).length).toBeGreaterThanOrEqual(KILLS / 4);
  expect((await restore(null)).status).toBe(0);
  expect(await saidByAll(target.login())).toEqual(whole);
  expect(await target.rows('select frozen_because from installation')).toEqual([{ frozen_because: 'restored' }]);
});
