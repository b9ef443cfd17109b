import { readFileSync, writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock, Instant } from '#core/kernel/clock.ts';
import { parseDay } from '#core/kernel/day.ts';
import type { Day } from '#core/kernel/day.ts';
import { parseId } from '#core/kernel/id.ts';
import { must } from '#core/kernel/result.ts';
import { postgresLedger } from '#server/channels/postgres-ledger.ts';
import { sendThrough } from '#server/channels/send.ts';
import type { SendOptions } from '#server/channels/send.ts';
import { FileJournal } from '#server/channels/journal/file-journal.ts';
import { SendGuard } from '#server/channels/journal/guard.ts';
import { createSmtpChannel } from '#server/channels/smtp.ts';
import { joinWorkers } from '#server/channels/worker-presence.ts';
import { openCarriers } from '#server/instance.ts';
import { openLetterMaker } from '#server/letters/pdf.ts';
import { clockOn } from '#server/plumbing/clock.ts';
import { Database } from '#server/plumbing/database.ts';
import { createLog } from '#server/plumbing/log.ts';
import { readSettings } from '#server/plumbing/settings.ts';
import { injectFaults } from './faults.ts';
import { Hook, hookedCarriers, hookedLedger, hookedLetters, hookSockets } from './hooks.ts';
import { naiveTurn } from './naive.ts';
import type { WorkerCommand, WorkerOrder, WorkerWord } from './order.ts';

// A worker in a process of its own, to be killed, stopped and lied to: what `acquit worker` sends with, put together the same way, with hooks around it.

const TELL_FD = 3;
/** The journal would see most planted bugs at the next start, and stop everything: what is asked here is whether the rest sees them. */
const PLANTED = process.env['PLANTED_BUG'] !== undefined;
/** Between two turns that found nothing; the product waits ten seconds, which would only make the harness slow. */
const IDLE_MS = 50;
/** After a turn that failed: the database may be away. */
const FAILED_MS = 250;

const say = (word: WorkerWord): void => void writeSync(TELL_FD, `${JSON.stringify(word)}\n`);
const hook = new Hook(say);

function clockOf(order: WorkerOrder, today: Day): Clock {
  const { clockFile } = order;
  const clock = clockOn(today);
  if (clockFile === undefined) return clock;
  return { ...clock, now: () => new Date(Date.parse(clock.now()) + Number(readFileSync(clockFile, 'utf8'))).toISOString() as Instant };
}

type Working = { turn(max: number | undefined): Promise<number>; close(): Promise<void> };

async function begin(order: WorkerOrder, naive: boolean): Promise<Working> {
  const organisation = parseId<'organisation'>(order.organisation);
  const today = parseDay(order.today);
  if (organisation === null || today === null) throw new Error('bad order');
  const database = new Database(order.login);
  const channel = must(createSmtpChannel(order.smtp));
  const folder = order.dataDir === null ? null : must(openCarriers(must(readSettings({})), order.dataDir)).carriers;
  const guard = new SendGuard({ journal: new FileJournal(order.journal), log: createLog('silent') });
  const worker = await joinWorkers(database);
  if (order.faults !== undefined) injectFaults(database, order.faults);
  hookSockets(hook, order.smtp.port);
  const options: SendOptions = {
    organisation, today, clock: clockOf(order, today), actor: 'system:worker', worker, letters: hookedLetters(must(await letters), hook),
    carriers: hookedCarriers({ letter: null, ...folder, mail: channel }, hook), sender: { from: 'relances@duval.example', instance: 'kills' }, guard,
  };
  const real = postgresLedger(database, organisation, { worker, guard });
  const ledger = hookedLedger(PLANTED ? { ...real, check: async () => null, writeJournal: async () => null } : real, hook, say);
  say({ said: 'ready', worker: worker.id });
  return {
    turn: async (max) => {
      if (naive) return naiveTurn(database, { ...options, channel });
      const done = await sendThrough(ledger, { ...options, ...(max === undefined ? {} : { max }) });
      return done.sent + done.failed + done.unknown + done.cancelled.length + done.expired.length;
    },
    close: async () => {
      await channel.close();
      await worker.leave();
      await database.close();
    },
  };
}

const wordOf = (error: unknown): WorkerWord => {
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : null;
  return { said: 'failed', code: typeof code === 'string' ? code : '', message: error instanceof Error ? error.message : String(error) };
};

const state = { ending: false };

async function work(working: Working, command: Extract<WorkerCommand, { do: 'work' }>): Promise<void> {
  hook.arm(command.pause ?? null);
  for (let turn = 0; !state.ending && (command.turns === null || turn < command.turns); turn += 1) {
    try {
      const handled = await working.turn(command.max);
      say({ said: 'turned', handled });
      if (handled === 0 && command.turns === null) await sleep(IDLE_MS);
    } catch (error) {
      say(wordOf(error));
      if (command.turns === null) await sleep(FAILED_MS);
    }
  }
}

const letters = openLetterMaker();
await letters;
say({ said: 'loaded' });
let working: Working | null = null;
let under: Promise<void> = Promise.resolve();
for await (const line of createInterface({ input: process.stdin })) {
  if (working === null) {
    working = await begin(JSON.parse(line) as WorkerOrder, process.argv[2] === 'naive');
    continue;
  }
  const command = JSON.parse(line) as WorkerCommand;
  if (command.do === 'end') break;
  under = work(working, command);
}
state.ending = true;
await under;
await working?.close();
// The pipe of commands would keep the process up.
process.stdin.destroy();
