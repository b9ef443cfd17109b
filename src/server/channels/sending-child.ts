import { text } from 'node:stream/consumers';
import type { PoolConfig } from 'pg';
import { parseDay } from '#core/kernel/day.ts';
import { parseId } from '#core/kernel/id.ts';
import type { OrganisationId } from '#core/kernel/id.ts';
import { must } from '#core/kernel/result.ts';
import { createLog } from '#server/plumbing/log.ts';
import { openLetterMaker } from '#server/letters/pdf.ts';
import { clockOn } from '#server/plumbing/clock.ts';
import { Database } from '#server/plumbing/database.ts';
import { FileJournal } from './journal/file-journal.ts';
import { SendGuard } from './journal/guard.ts';
import { sendApproved } from './send.ts';
import { createSmtpChannel } from './smtp.ts';
import { joinWorkers } from './worker-presence.ts';

/** What a sending process that will be killed is told. */
export type SendingOrder = { readonly login: PoolConfig; readonly organisation: string; readonly today: string; readonly smtpPort: number;
  /** Folder of the send journal. */
  readonly journal: string;
};

/** Says one word to the parent; it has left this process when the promise ends. */
const say = (word: string): Promise<void> => new Promise((resolve) => void process.stdout.write(`${word}\n`, () => resolve()));

async function sendAll(order: SendingOrder): Promise<void> {
  const organisation: OrganisationId | null = parseId<'organisation'>(order.organisation);
  const today = parseDay(order.today);
  if (organisation === null || today === null) throw new Error('bad order');
  const database = new Database(order.login);
  const channel = must(createSmtpChannel({ host: '127.0.0.1', port: order.smtpPort }));
  const letters = must(await openLetterMaker());
  const worker = await joinWorkers(database);
  const guard = new SendGuard({ journal: new FileJournal(order.journal), log: createLog('silent') });
  await say('start');
  await sendApproved(database, {
    organisation, today, clock: clockOn(today), actor: 'test', worker, letters, guard, carriers: { mail: channel, letter: null }, sender: { from: 'relances@duval.example', instance: 'test' },
  });
  await say('done');
  await channel.close();
  await worker.leave();
  await database.close();
}

if (process.argv[2] === 'send') await sendAll(JSON.parse(await text(process.stdin)) as SendingOrder);
