import { access, constants, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '#core/kernel/clock.ts';
import type { OrganisationId } from '#core/kernel/id.ts';
import type { Problem } from '#core/kernel/problem.ts';
import type { Database } from '#server/plumbing/database.ts';
import { loggableError } from '#server/plumbing/log.ts';
import type { Log } from '#server/plumbing/log.ts';
import { storeOf } from './folder-places.ts';
import type { InboxFolder, ListedOrganisation } from './folder-places.ts';
import { aloneInInbox } from './inbox-lock.ts';
import { codeOf, folderProblem, inboxProblem } from './inbox-problems.ts';
import type { Teller } from './inbox-state.ts';
import { keep } from './keep.ts';
import { countOf, isReportHeader } from './mailed-report.ts';
import type { MailedReport, ReportReader } from './mailed-report.ts';
import { filesOfMessage } from './mail-message.ts';
import { MAIL_LIMITS, isConnectionError, MailFault, MailStopped, MESSAGE_BYTES_MAX, withMailbox } from './mail-session.ts';
import type { MailLimits, MailSession } from './mail-session.ts';
import type { MailboxSettings } from './mailbox-settings.ts';
import { reportText } from './report-text.ts';
import { describeMessage, judgeSender } from './sender.ts';
import { answers, ATTEMPTS_MAX } from './take-file.ts';
import { isApplied, loggableTaken, refusedWhole, takeIn, together, todayOf } from './take-in.ts';
import type { Taken } from './take-in.ts';

/** Messages looked at in one look; more wait for the next one. */
const LOOKED_AT_MAX = 200;
/** Messages of others remembered as not ours; beyond it their headers are read once more. */
const REMEMBERED_MAX = 100_000;
/** Folders of the mailbox for what was taken and what a person must look at. */
const FILED = { done: ['Acquit', 'Traité'], refused: ['Acquit', 'Refusé'] } as const;

/** What reading a mailbox works with. */
export type MailboxParts = {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly teller: Teller;
  readonly inbox: InboxFolder;
  readonly settings: MailboxSettings;
  /** Every organisation of the installation. */
  organisations(): Promise<readonly ListedOrganisation[]>;
  readonly limits?: MailLimits;
  /** Called once files of an organisation are in the books. */
  afterImport?(organisation: OrganisationId): Promise<void>;
  /** Reads delivery reports; without it they are messages of others. */
  readonly reports?: ReportReader;
};

/** Reads a mailbox look by look. */
export type Mailbox = {
  /** Takes what is there. Gives whether all went well, or which problem stopped it; never throws for what the server or a message does. */
  look(stop: AbortSignal): Promise<Problem | null>;
};

/** What is remembered of messages between looks, by number; void when the server numbers them anew. */
type Memory = { uidValidity: bigint | null; readonly notOurs: Set<number>; readonly trouble: Map<number, Trouble> };

/** How many looks a message made fail in all, and how often that was the fault of reading it. */
type Trouble = { readonly looks: number; readonly failures: number };

const newMemory = (): Memory => ({ uidValidity: null, notOurs: new Set(), trouble: new Map() });

/** Begins to read a mailbox. */
export function openMailbox(parts: MailboxParts): Mailbox {
  const memories = { mailbox: newMemory(), reports: newMemory() };
  return {
    look: async (stop) => {
      let found: Problem | null = null;
      try {
        const known = await parts.organisations();
        const organisation = organisationOf(parts.settings, known);
        if (known.length === 0) return null;
        if (organisation === null) {
          found = inboxProblem('mailboxOrganisation', { codes: known.map((one) => one.code).join(', ') });
        } else {
          const to = { organisation, store: storeOf(parts.inbox.root, organisation, known.length === 1) };
          await aloneInInbox(parts.database, { what: 'mailbox', organisation: organisation.id }, async () => {
            found = await lookInto(parts, memories.mailbox, { ...to, stop, reportsOnly: false });
            found = (await lookAtReports(parts, memories.reports, { ...to, stop, reportsOnly: true })) ?? found;
          });
        }
      } catch (error) {
        if (error instanceof MailStopped) return null;
        if (!(error instanceof MailFault)) parts.log.error({ part: 'inbox', where: 'mailbox', error: loggableError(error) }, 'mailbox look failed');
        found = error instanceof MailFault ? error.found : inboxProblem('takingFailed', { code: codeOf(error) });
      }
      await parts.teller.tell('mailbox', found);
      return found;
    },
  };
}

function organisationOf(settings: MailboxSettings, known: readonly ListedOrganisation[]): ListedOrganisation | null {
  const [only] = known;
  if (settings.organisation === null) return known.length === 1 && only !== undefined ? only : null;
  return known.find((one) => one.code === settings.organisation) ?? null;
}

type Look = { readonly organisation: ListedOrganisation; readonly store: string; readonly stop: AbortSignal; readonly reportsOnly: boolean };
type Taking = MailboxParts & Look & { readonly memory: Memory; readonly session: MailSession; readonly applied: Set<OrganisationId> };

/** Looks into the folder of delivery reports, when there is one. That it is missing must not slow down the mailbox. */
async function lookAtReports(parts: MailboxParts, memory: Memory, look: Look): Promise<Problem | null> {
  const { settings } = parts;
  if (settings.reports === null || settings.reports === settings.mailbox || parts.reports === undefined || look.stop.aborted) return null;
  try {
    return await lookInto({ ...parts, settings: { ...settings, mailbox: settings.reports } }, memory, look);
  } catch (error) {
    if (error instanceof MailFault && error.found.code === 'intake.inbox.mailboxMissing') return inboxProblem('mailboxReportsMissing', { folder: settings.reports });
    throw error;
  }
}

async function lookInto(parts: MailboxParts, memory: Memory, look: Look): Promise<Problem | null> {
  const unready = await storeProblem(parts.inbox);
  if (unready !== null) return unready;
  const seen: (Problem | null)[] = [];
  const applied = new Set<OrganisationId>();
  await withMailbox(parts.settings, { limits: parts.limits ?? MAIL_LIMITS, stop: look.stop }, async (session) => {
    if (memory.uidValidity !== session.uidValidity || memory.notOurs.size > REMEMBERED_MAX) {
      memory.notOurs.clear();
      memory.trouble.clear();
      memory.uidValidity = session.uidValidity;
    }
    const trouble = (uid: number): number => memory.trouble.get(uid)?.looks ?? 0;
    const waiting = (await session.unseen()).filter((uid) => !memory.notOurs.has(uid));
    const before = memory.notOurs.size;
    for (const uid of waiting.toSorted((a, b) => trouble(a) - trouble(b) || a - b).slice(0, LOOKED_AT_MAX)) {
      if (look.stop.aborted) return;
      seen.push(await takeMessage({ ...parts, ...look, memory, session, applied }, uid));
    }
    const others = memory.notOurs.size - before;
    if (others > 0) parts.log.info({ part: 'inbox', where: 'mailbox', messages: others }, 'messages left alone');
  });
  for (const organisation of applied) await parts.afterImport?.(organisation);
  return seen.find((one) => one !== null) ?? null;
}

/** Reports must have their place before anything is taken. */
async function storeProblem(inbox: InboxFolder): Promise<Problem | null> {
  try {
    if (inbox.ours) await mkdir(inbox.root, { recursive: true, mode: 0o700 });
    await access(inbox.root, constants.W_OK);
    return null;
  } catch (error) {
    return folderProblem(inbox.root, error);
  }
}

/** Takes one message and files it. Gives what a person must know of the mailbox itself; a message that fails is tried again at a later look. */
async function takeMessage(at: Taking, uid: number): Promise<Problem | null> {
  const { session, memory, log } = at;
  const trouble = memory.trouble.get(uid) ?? { looks: 0, failures: 0 };
  let taken: Taken | MailedReport | null;
  try {
    taken = await readMessage(at, uid, trouble.failures);
  } catch (error) {
    // A server or a database that is away is no fault of the message, but the others go first next time.
    const own = !(error instanceof MailFault || error instanceof MailStopped) && !isConnectionError(error) && (await answers(at.database));
    memory.trouble.set(uid, { looks: trouble.looks + 1, failures: trouble.failures + (own ? 1 : 0) });
    throw error;
  }
  memory.trouble.delete(uid);
  if (taken === null) {
    memory.notOurs.add(uid);
    return null;
  }
  if ('kind' in taken) return fileReport(at, uid, taken);
  log[taken.status === 'done' ? 'info' : 'warn']({ part: 'inbox', where: 'mailbox', organisation: at.organisation.id, ...loggableTaken(taken) }, 'message taken in');
  if (await session.file(uid, FILED[taken.status])) return null;
  memory.notOurs.add(uid);
  return inboxProblem('mailboxKept', {});
}

/** Counts a delivery report and files it like a message that was taken; one that is not ours, or says nothing, is left for a person. */
async function fileReport(at: Taking, uid: number, report: MailedReport): Promise<Problem | null> {
  await at.teller.count('mailbox', countOf(report));
  at.log[report.kind === 'noted' ? 'info' : 'warn']({ part: 'inbox', where: 'mailbox', organisation: at.organisation.id, ...report }, 'delivery report');
  if (report.kind === 'noted' && (await at.session.file(uid, FILED.done))) return null;
  at.memory.notOurs.add(uid);
  return report.kind === 'noted' ? inboxProblem('mailboxKept', {}) : null;
}

async function readReport({ session, organisation }: Taking, reports: ReportReader, of: { uid: number; failures: number }): Promise<MailedReport | null> {
  if (of.failures >= ATTEMPTS_MAX) return { kind: 'left', because: 'failed' };
  const source = await session.source(of.uid, reports.bytesMax);
  return source === null ? null : reports.take(organisation.id, source);
}

/** What became of a message, with its report written; null when it is none of ours, or gone. */
async function readMessage(at: Taking, uid: number, failures: number): Promise<Taken | MailedReport | null> {
  const head = await at.session.header(uid);
  if (head === null) return null;
  // Before anybody's files: a report is no ledger, whoever its From line names.
  if (at.reports !== undefined && isReportHeader(head.header)) return readReport(at, at.reports, { uid, failures });
  if (at.reportsOnly) return null;
  const sender = await judgeSender(head.header, at.settings.senders);
  if (sender.kind === 'other') return null;
  const described = await describeMessage(head.header);
  const name = described.subject === '' ? 'message' : described.subject;
  const refuse = (found: Problem): Taken => refusedWhole(name, found);
  const tooLarge = inboxProblem('messageTooLarge', { limit: MESSAGE_BYTES_MAX / 1024 / 1024 });
  let taken: Taken;
  if (sender.kind === 'refused') taken = refuse(sender.found);
  else if (failures >= ATTEMPTS_MAX) taken = refuse(inboxProblem('gaveUp', { times: failures }));
  else if (head.size > MESSAGE_BYTES_MAX) taken = refuse(tooLarge);
  else {
    const source = await at.session.source(uid);
    if (source === null) return null;
    taken = source.length > MESSAGE_BYTES_MAX ? refuse(tooLarge) : await takeFiles(at, source, refuse);
  }
  const { clock, database, organisation, store } = at;
  const now = clock.now();
  const text = reportText({ name, at: now, from: `${sender.address} · ${described.date}`, taken });
  await keep(store, { path: null, name, text, outcome: taken.status, today: await todayOf(database, clock, organisation.id) });
  return taken;
}

/** Takes in every file of a message. The message keeps them: what is written to disk goes. */
async function takeFiles(at: Taking, source: Buffer, refuse: (found: Problem) => Taken): Promise<Taken> {
  const folder = await mkdtemp(join(tmpdir(), 'acquit-mail-'));
  try {
    const { files, problem } = await filesOfMessage(source, folder);
    if (problem !== null) return refuse(problem);
    const taken: Taken[] = [];
    for (const file of files) {
      const arrived = { organisation: at.organisation.id, fileName: file.name };
      taken.push(file.refused === null ? await takeIn(at.database, at.clock, { ...arrived, path: file.path }) : refusedWhole(file.name, file.refused));
    }
    if (taken.some(isApplied)) at.applied.add(at.organisation.id);
    return together(taken);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
