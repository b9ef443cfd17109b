import type { Clock, Instant } from '#core/kernel/clock.ts';
import type { OrganisationId } from '#core/kernel/id.ts';
import { appendHeads, headFile, headLines, writeHead } from '#server/audit/heads.ts';
import { mailedReports } from '#server/channels/bounces/mailed-reports.ts';
import { startWebhooks } from '#server/channels/webhooks/loop.ts';
import { webhookClient } from '#server/channels/webhooks/post.ts';
import { readPrivateHosts } from '#server/channels/webhooks/target.ts';
import { joinWorkers } from '#server/channels/worker-presence.ts';
import type { WorkerPresence } from '#server/channels/worker-presence.ts';
import type { SendGuard } from '#server/channels/journal/guard.ts';
import { sendApproved } from '#server/channels/send.ts';
import type { Carriers, SendResult } from '#server/channels/send.ts';
import { readPolicy } from '#server/dunning/policy.ts';
import { RECONCILED } from '#server/dunning/place-sends.ts';
import { runDunning } from '#server/dunning/run.ts';
import { eraseDue } from '#server/evidence/erase-messages.ts';
import { listOrganisations } from '#server/identity/organisations.ts';
import { segmentsOfTheDay } from '#server/risk/segments.ts';
import { startInbox } from '#server/intake/inbox/start-inbox.ts';
import { INBOX_ACTOR, todayOf } from '#server/intake/inbox/take-in.ts';
import { settleAfterImport } from '#server/holds/settle-holds.ts';
import { matchAfterImport } from '#server/matching/automatic.ts';
import type { LetterMaker } from '#server/letters/pdf.ts';
import { minuteOfDay } from '#server/plumbing/clock.ts';
import type { Database } from '#server/plumbing/database.ts';
import { loggableError } from '#server/plumbing/log.ts';
import type { Log } from '#server/plumbing/log.ts';
import type { Settings } from '#server/plumbing/settings.ts';
import { senderOf } from './instance.ts';

/** What a worker works with. */
export type WorkerParts = {
  readonly database: Database;
  readonly settings: Settings;
  readonly clock: Clock;
  readonly log: Log;
  readonly carriers: Carriers;
  readonly letters: LetterMaker;
  readonly guard: SendGuard;
  /** Below it are the folders that settings name; without it no folder is watched and no mailbox read. */
  readonly dataDir?: string;
};

/** A worker that runs until it is told to stop; `wake` makes it look at once instead of at its next turn. */
export type Worker = { wake(): void; stop(): Promise<void> };

/** A worker that turns, with what it said last of each organisation whose sending is stopped: it is logged once, not every ten seconds. */
type Turning = WorkerParts & { readonly stopping: AbortSignal; readonly told: Map<OrganisationId, SendResult['stopped']>; readonly heads: Map<OrganisationId, HeadsTold> };

/** When the heads of an organisation were looked at last, and what was said of them. */
type HeadsTold = { readonly at: Instant; readonly problem: string | null };

/** How long approved actions may wait for a worker that nobody woke. */
const TURN_MS = 10_000;
/** Minute of the business day from which the day's run may start: people come in to a list that is ready, sources are in. */
const RUN_FROM_MINUTE = 6 * 60;
/** Between two looks at whether a day's head is due: it is due once a day, and asking reads every head there is. */
const HEADS_LOOK_MS = 10 * 60_000;

/**
 * Turns for ever: for each organisation the day's run, once, from six o'clock of its own time (a missed night is caught up
 * at the next turn), then what is approved. Nothing here decides what is sent: the send ledger does, and any number of
 * workers may turn beside each other.
 */
export async function startWorker(given: WorkerParts): Promise<Worker> {
  const stopping = new AbortController();
  const parts: Turning = { ...given, stopping: stopping.signal, told: new Map(), heads: new Map() };
  const presence = await joinWorkers(parts.database);
  // Woken in the middle of a turn: the next one follows at once, for what came too late for this one.
  const state = { woken: false };
  let wakeUp: () => void = () => undefined;
  const organisations = (): ReturnType<typeof listOrganisations> => listOrganisations(parts.database);
  const inbox = parts.dataDir === undefined ? null : await startInbox({ ...parts, dataDir: parts.dataDir, organisations, afterImport: (organisation) => matchImported(parts, organisation), reports: mailedReports(parts.database, parts.clock) });
  const webhooks = startWebhooks({ ...parts, organisations, post: webhookClient({ hosts: readPrivateHosts(parts.settings.ACQUIT_WEBHOOK_PRIVATE_HOSTS) }) }, presence);
  const loop = (async () => {
    while (!stopping.signal.aborted) {
      state.woken = false;
      await turn(parts, presence);
      if (parts.stopping.aborted) break;
      if (state.woken) continue;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, TURN_MS);
        wakeUp = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  })();
  return {
    wake: () => {
      state.woken = true;
      wakeUp();
      webhooks.wake();
    },
    stop: async () => {
      stopping.abort();
      wakeUp();
      await Promise.all([loop, inbox?.stop(), webhooks.stop()]);
      await presence.leave();
    },
  };
}

/** Matches what is certain by what came in through the folder or the mailbox, then settles the holds it bears on; a failure is logged, and what came in stays in. */
async function matchImported({ database, clock, log }: WorkerParts, organisation: OrganisationId): Promise<void> {
  const by = { organisation, clock, today: await todayOf(database, clock, organisation), actor: INBOX_ACTOR };
  const after = await matchAfterImport(database, by);
  if (after.status === 'failed') log.error({ part: 'inbox', organisation, error: loggableError(after.error) }, 'matching after an import failed');
  if (after.status === 'done') log.info({ part: 'inbox', organisation, ...after.count }, 'matched after an import');
  const holds = await settleAfterImport(database, by);
  if (holds.failed !== null) log.error({ part: 'inbox', organisation, error: loggableError(holds.failed) }, 'settling holds after an import failed');
}

async function turn(parts: Turning, presence: WorkerPresence): Promise<void> {
  let organisations: Awaited<ReturnType<typeof listOrganisations>> = [];
  try {
    organisations = await listOrganisations(parts.database);
  } catch (error) {
    // The database is away for a moment; the next turn looks again.
    parts.log.error({ part: 'worker', error: loggableError(error) }, 'turn failed');
  }
  for (const { id, code } of organisations) {
    if (parts.stopping.aborted) return;
    try {
      await dayOf(parts, presence, id);
      await headOf(parts, { id, code });
    } catch (error) {
      parts.log.error({ part: 'worker', organisation: id, error: loggableError(error) }, 'turn failed');
    }
  }
}

async function dayOf(parts: Turning, presence: WorkerPresence, organisation: OrganisationId): Promise<void> {
  const { database, clock, settings } = parts;
  const by = { organisation, clock, actor: 'system:worker' };
  const { today, due, zone } = await database.inTenant(organisation, async (t) => {
    const profile = await t.one<{ time_zone: string; automatic: boolean }>(t.sql`
      select p.time_zone, coalesce((p.dunning ->> 'automatic')::boolean, false) as automatic from ${t.from('profile')} p`);
    const zone = profile?.time_zone ?? 'Europe/Paris';
    const day = clock.today(zone);
    const done = await t.one(t.sql`select 1 as found from ${t.from('run')} r where r.today = ${day}::date and r.stopped is distinct from ${RECONCILED} limit 1`);
    const ripe = profile?.automatic === true && done === null && minuteOfDay(zone, clock.now()) >= RUN_FROM_MINUTE;
    return { today: day, zone, due: ripe && (await readPolicy(t, day)).facts.ledger.ageDays !== null };
  }, { readOnly: true });
  if (minuteOfDay(zone, clock.now()) >= RUN_FROM_MINUTE) {
    const changed = await segmentsOfTheDay(database, { ...by, today });
    if (changed !== null) parts.log.info({ part: 'worker', organisation, today, ...changed }, 'segments');
  }
  if (due) {
    const run = await runDunning(database, { ...by, today });
    parts.log.info({ part: 'worker', organisation, today, decisions: run.decisions, actions: run.actions, stopped: run.stopped }, 'run');
  }
  const sent = await sendApproved(database, {
    ...by, today, worker: presence, carriers: parts.carriers, letters: parts.letters, guard: parts.guard, stopping: parts.stopping, sender: await senderOf(database, settings),
  });
  if (sent.stopped !== parts.told.get(organisation)) {
    // Of a journal that fails or disagrees the guard has spoken, once for all organisations.
    if (sent.stopped !== null && sent.stopped !== 'frozen' && sent.stopped !== 'journal') parts.log.warn({ part: 'worker', organisation, stopped: sent.stopped }, 'sending is stopped');
    else if (sent.stopped === null && parts.told.has(organisation)) parts.log.info({ part: 'worker', organisation }, 'sending goes on');
    parts.told.set(organisation, sent.stopped);
  }
  if (sent.sent + sent.failed + sent.unknown + sent.tested + sent.cancelled.length + sent.expired.length > 0) {
    parts.log.info({ part: 'worker', organisation, sent: sent.sent, failed: sent.failed, unknown: sent.unknown, tested: sent.tested, cancelled: sent.cancelled.length, expired: sent.expired.length }, 'handed over');
  }
}

/** Writes where the organisation's chain stands, in the evening of each business day, and adds it to the file of the data folder; erases what was kept long enough. */
async function headOf(parts: Turning, { id, code }: { id: OrganisationId; code: string }): Promise<void> {
  const { database, clock, log, dataDir } = parts;
  const now = clock.now();
  const told = parts.heads.get(id);
  if (told !== undefined && Date.parse(now) - Date.parse(told.at) < HEADS_LOOK_MS) return;
  const written = await writeHead(database, { organisation: id, now, day: null });
  let problem = written.status === 'broken' ? written.problem : null;
  if (problem === null && dataDir !== undefined) problem = (await appendHeads(headFile(dataDir, code), await database.inTenant(id, headLines, { readOnly: true })))?.en ?? null;
  parts.heads.set(id, { at: now, problem });
  const erased = await database.inTenant(id, async (t) => eraseDue(t, { today: await todayOf(database, clock, id), by: { clock, actor: 'system:worker' } }));
  if (erased > 0) log.info({ part: 'worker', organisation: id, erased }, 'messages erased: their time is over');
  if (written.status === 'written') log.info({ part: 'worker', organisation: id, day: written.head?.day, events: written.head?.events, hash: written.head?.hash }, 'head of the event chain');
  if (problem !== null && problem !== told?.problem) log.error({ part: 'worker', organisation: id, problem }, 'the event chain does not hold, or its exported heads are others: acquit verify');
}
