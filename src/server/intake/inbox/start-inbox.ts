import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '#core/kernel/clock.ts';
import type { OrganisationId } from '#core/kernel/id.ts';
import type { Problem } from '#core/kernel/problem.ts';
import type { Database } from '#server/plumbing/database.ts';
import type { Log } from '#server/plumbing/log.ts';
import type { Settings } from '#server/plumbing/settings.ts';
import { inboxFolder } from './folder-places.ts';
import type { ListedOrganisation } from './folder-places.ts';
import { createTeller } from './inbox-state.ts';
import type { ReportReader } from './mailed-report.ts';
import { openMailbox } from './mailbox.ts';
import { checkMailboxSettings } from './mailbox-settings.ts';
import { watchFolder } from './watch-folder.ts';

/** Between two looks into the folder: short enough that a person sees the file go, and two listings cost nothing. */
const FOLDER_MS = 3_000;
/** Between two looks into the mailbox. */
const MAILBOX_MS = 60_000;
/** Longest wait after failures in a row; a wrong password waits that long at once, for servers lock out who insists. */
const MAILBOX_MS_MAX = 30 * 60_000;

/** What taking files in by itself works with. Relative settings are below the data folder. */
export type InboxParts = {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly settings: Settings;
  readonly dataDir: string;
  /** Every organisation of the installation. */
  organisations(): Promise<readonly ListedOrganisation[]>;
  /** Called once files of an organisation are in the books. */
  afterImport?(organisation: OrganisationId): Promise<void>;
  /** Reads the delivery reports that come to the mailbox; without it they are messages of others. */
  readonly reports?: ReportReader;
};

/** The watched folder and the mailbox at work; `stop` ends when what is being imported is done, a connection is cut at once. */
export type Inbox = { stop(): Promise<void> };

/** Starts what the settings name, each in its own loop: a slow mail server holds up neither the folder nor what the worker sends. Wrong mailbox settings are told and leave the rest at work. */
export async function startInbox(parts: InboxParts): Promise<Inbox> {
  const { database, clock, log, settings, dataDir } = parts;
  const stopping = new AbortController();
  const stop = stopping.signal;
  const inbox = inboxFolder(settings, dataDir);
  const teller = createTeller({ dataDir, clock, log });
  const work = { database, clock, log, teller, inbox, organisations: () => parts.organisations(), afterImport: async (organisation: OrganisationId) => parts.afterImport?.(organisation) };
  const loops: Promise<void>[] = [];
  if (inbox.watched) {
    const folder = watchFolder({ ...work, settleMs: settings.ACQUIT_INBOX_SETTLE_SECONDS * 1_000 });
    loops.push(everyTurn(stop, async () => {
      await folder.look(stop);
      return FOLDER_MS;
    }));
  }
  const mailbox = checkMailboxSettings(settings);
  if (!mailbox.ok) {
    for (const found of mailbox.error) log.error({ part: 'inbox', where: 'mailbox', code: found.code }, found.message.en);
    await teller.tell('mailbox', mailbox.error[0] ?? null);
  } else if (mailbox.value !== null) {
    const opened = openMailbox({ ...work, settings: mailbox.value, ...(parts.reports === undefined ? {} : { reports: parts.reports }) });
    let failures = 0;
    loops.push(everyTurn(stop, async () => {
      const found = await opened.look(stop);
      failures = found === null ? 0 : failures + 1;
      return mailboxWait(found, failures);
    }));
  }
  return {
    stop: async () => {
      stopping.abort();
      await Promise.all(loops);
    },
  };
}

/** How long to wait for the next look after so many failures in a row: a minute, doubled each time, half an hour at most. */
export function mailboxWait(found: Problem | null, failures: number): number {
  if (found === null || found.severity === 'warning') return MAILBOX_MS;
  if (found.code === 'intake.inbox.mailboxPassword') return MAILBOX_MS_MAX;
  return Math.min(MAILBOX_MS * 2 ** Math.min(failures - 1, 10), MAILBOX_MS_MAX);
}

/** Does `turn` again and again, waiting as long as it says, until told to stop. */
async function everyTurn(stop: AbortSignal, turn: () => Promise<number>): Promise<void> {
  while (!stop.aborted) {
    const ms = await turn();
    // The wait ends early only because of the stop, which the loop looks at.
    await wait(ms, undefined, { signal: stop }).catch(() => undefined);
  }
}
