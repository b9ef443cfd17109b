import { domainOf } from '#core/channels/allowance.ts';
import type { Allowance } from '#core/channels/allowance.ts';
import { BEGIN_MINUTES, END_MINUTES } from '#core/dunning/hand-off-times.ts';
import type { Clock } from '#core/kernel/clock.ts';
import type { Day } from '#core/kernel/day.ts';
import type { ActionId, OrganisationId } from '#core/kernel/id.ts';
import type { Bilingual } from '#core/kernel/text.ts';
import type { LetterMaker } from '#server/letters/pdf.ts';
import type { Database } from '#server/plumbing/database.ts';
import type { Outcome } from './attempts.ts';
import { claimBatch } from './claim-batch.ts';
import type { Claimed, EndedAction } from './claim-batch.ts';
import { Desk } from './desk.ts';
import type { SendGuard } from './journal/guard.ts';
import { JournalledNotes } from './journal/journalled-notes.ts';
import { inTurn } from './one-call.ts';
import { Pace } from './pace.ts';
import { postgresLedger } from './postgres-ledger.ts';
import type { Sender } from './prepare.ts';
import { letterName, rescueOrphans } from './rescue.ts';
import type { Gate, Queued, SendLedger } from './send-ledger.ts';
import { settleBatch, writtenAs } from './settle.ts';
import type { HandedOver } from './settle.ts';
import { TOO_LATE } from './smtp-outcome.ts';
import type { SmtpOutcome, StillOurs } from './smtp-outcome.ts';
import type { StoredMail } from './mime.ts';
import type { WorkerPresence } from './worker-presence.ts';

/** Where messages are handed over. A channel that is null keeps its messages approved, in the outbox. */
export type Carriers = {
  readonly mail: { send(mail: StoredMail, stillOurs: StillOurs): Promise<SmtpOutcome> } | null;
  /** Puts a letter where the office prints from; the text names the place. Null when it may not go there any more. Throws when it could not be written whole. */
  readonly letter: ((letter: { name: string; pdf: Buffer }, stillOurs: StillOurs) => Promise<string | null>) | null;
  /**
   * Where the letter of this name lies, whole; null: nobody knows, for it may have been taken away and posted. A print folder can be asked what it took
   * ("askable"); a mail server cannot ("blind"), so what it may have taken waits for a person.
   */
  readonly findLetter?: (name: string) => Promise<string | null>;
};

/** Whose approved actions are handed over, through what, and how many at most. */
export type SendOptions = {
  readonly organisation: OrganisationId;
  readonly today: Day;
  readonly clock: Clock;
  readonly actor: string;
  readonly worker: WorkerPresence;
  readonly carriers: Carriers;
  readonly sender: Sender;
  readonly letters: LetterMaker;
  /** What stands outside the database for what left. */
  readonly guard: SendGuard;
  readonly max?: number;
  /** Once aborted nothing more is claimed; what is claimed still leaves. */
  readonly stopping?: AbortSignal;
};

/**
 * What became of the approved actions; `waiting` ones stay approved (no channel, closed day, cap, rate, a try that is too recent),
 * `tested` ones went to the test address, `stopped` says what keeps everything, or every e-mail, back; `said` says it in a sentence where the reason is of the moment.
 */
export type SendResult = {
  sent: number;
  failed: number;
  unknown: number;
  waiting: number;
  tested: number;
  cancelled: EndedAction[];
  expired: EndedAction[];
  stopped: 'globalStop' | 'breakerOpen' | 'frozen' | 'journal' | null;
  said: Bilingual | null;
};

/** Chunks under way: one is handed over while the next is claimed and the one before written down. */
const LANES = 3;
/** Messages with pages in one chunk: each is drawn in some 20 ms while its customer is locked. */
const PRINTED_MAX = 20;
/** Actions one call takes when no number is given; the worker calls again. */
const SEND_MAX = 10_000;

/**
 * Hands approved actions over, each at most once, and returns when there is none left to try now. What an earlier call of the same
 * worker left behind counts as abandoned.
 */
export const sendApproved = (database: Database, options: SendOptions): Promise<SendResult> =>
  sendThrough(postgresLedger(database, options.organisation, options), options);

/** A call without what stands outside the database: that is the ledger's. */
export type Sending = Omit<SendOptions, 'guard'>;

/** The same on any ledger. A second call of a worker for the same organisation waits for the first. */
export const sendThrough = (ledger: SendLedger, given: Sending): Promise<SendResult> =>
  inTurn(given.worker, given.organisation, () => oneCall(ledger, given));

async function oneCall(ledger: SendLedger, given: Sending): Promise<SendResult> {
  const closed = await ledger.check(given.clock.now());
  const gate = await ledger.gate(given.clock.now());
  const options = throughGate(gate, given);
  const result: SendResult = { sent: 0, failed: 0, unknown: 0, waiting: 0, tested: 0, cancelled: [], expired: [], stopped: closed?.stopped ?? gate.stopped, said: closed?.said ?? null };
  // Not even what a lost worker left is settled: the journal may know how it ended.
  if (closed !== null) return { ...result, waiting: (await ledger.queue([])).waiting };
  const rescue = async (): Promise<void> => {
    const rescued = await ledger.rescue((tx) => rescueOrphans(tx, { ...options, findLetter: options.carriers.findLetter ?? null }));
    result.unknown += rescued.parked;
    for (const end of rescued.settled) result[writtenAs(end)] += 1;
  };
  await rescue();
  const { queue, waiting } = await ledger.queue(channelsOf(options.carriers));
  result.waiting += waiting;
  const journal = new JournalledNotes(ledger, () => ({ now: options.clock.now(), today: options.clock.today(gate.timeZone) }));
  const desk = deskOf(journal, options);
  const work: Work = { options, result, desk, journal, timeZone: gate.timeZone, testAddress: gate.testAddress, allowance: gate.allowance };
  const pace = new Pace(options.clock);
  let at = 0;
  let left = options.max ?? SEND_MAX;
  const lane = async (): Promise<void> => {
    while (at < queue.length && left > 0 && journal.closed === null && options.stopping?.aborted !== true) {
      const chunk = chunkOf(work, queue, { from: at, size: Math.min(pace.size, left) });
      at += chunk.looked;
      result.waiting += chunk.looked - chunk.ids.length;
      if (chunk.ids.length === 0) continue;
      left -= chunk.ids.length;
      const handed = await pace.measure(chunk.ids.length, () => handOver(ledger, work, chunk.ids));
      // What waits or is cancelled takes no place: those that wait for another day must not keep the others from leaving. Read only
      // now: the other lanes took places while this one waited.
      left += chunk.ids.length - handed;
    }
  };
  const lanes = await Promise.allSettled(Array.from({ length: LANES }, lane));
  // One that fails must not tear the channel away from the others: they write down what became of theirs first.
  await journal.flush();
  for (const ended of lanes) if (ended.status === 'rejected') throw ended.reason;
  if (journal.closed === null && options.stopping?.aborted !== true) return result;
  // What was claimed and may not leave goes back to approved.
  await rescue();
  return { ...result, ...journal.closed };
}

const MINUTE_MS = 60_000;

function deskOf(journal: JournalledNotes, options: Sending): Desk {
  const within = ({ at }: Claimed, minutes: number): boolean => Date.parse(options.clock.now()) - Date.parse(at) <= minutes * MINUTE_MS;
  return new Desk({
    // Of a worker that stops nothing more begins: what it claimed is released, what has begun ends.
    isFresh: (claimed) => options.stopping?.aborted !== true && within(claimed, BEGIN_MINUTES),
    note: (note) => journal.note(note),
    carry: (claimed) => carrySafely(options, claimed, (stage) => within(claimed, stage === 'begin' ? BEGIN_MINUTES : END_MINUTES)),
  });
}

/**
 * Closes channels that nothing may leave by. Of a sample company nothing ever leaves: its customers are made up, their addresses
 * may not be. A person stopped everything, or the breaker all e-mail.
 */
function throughGate({ sample, stopped }: Gate, options: Sending): Sending {
  if (sample || stopped === 'globalStop') return { ...options, carriers: { mail: null, letter: null } };
  return stopped === null ? options : { ...options, carriers: { ...options.carriers, mail: null } };
}

const channelsOf = (carriers: Carriers): string[] => [...(carriers.mail === null ? [] : ['email']), ...(carriers.letter === null ? [] : ['letter', 'registeredLetter'])];

type Chunk = { readonly ids: ActionId[]; readonly looked: number };

/**
 * The next so many actions of the queue, fewer when there are pages to draw among them; without the e-mails for which the rates had
 * no room when they were last counted: those wait without being locked.
 */
function chunkOf({ allowance, testAddress }: Work, queue: readonly Queued[], { from, size }: { from: number; size: number }): Chunk {
  const ids: ActionId[] = [];
  let printed = 0;
  let looked = 0;
  for (let at = from; at < queue.length && ids.length < size; at += 1) {
    const one = queue[at];
    if (one === undefined) break;
    if (one.printed) printed += 1;
    if (printed > PRINTED_MAX) break;
    looked += 1;
    if (!one.mailed || !allowance.spentFor(domainOf(testAddress ?? one.recipient ?? ''))) ids.push(one.action_id);
  }
  return { ids, looked };
}

type Work = { readonly options: Sending; readonly result: SendResult; readonly desk: Desk; readonly journal: JournalledNotes; readonly timeZone: string; readonly testAddress: string | null; allowance: Allowance };

/** Claims a chunk, hands it over, writes down what became of it. Gives how many were handed over, however that ended. */
async function handOver(ledger: SendLedger, work: Work, ids: readonly ActionId[]): Promise<number> {
  const { options, result, desk, journal } = work;
  const { claimed, waiting, failed, cancelled, expired, ...seen } = await ledger.claim((tx) => claimBatch(tx, options, ids));
  result.waiting += waiting;
  result.failed += failed;
  result.cancelled.push(...cancelled);
  result.expired.push(...expired);
  if (seen.allowance !== null) work.allowance = seen.allowance;
  if (seen.stopped || seen.halted) result.stopped = seen.stopped ? 'globalStop' : 'breakerOpen';
  if (seen.frozen) result.stopped = 'frozen';
  journal.expect(seen.journal);
  if (claimed.length === 0) return 0;
  const ends = await Promise.allSettled(claimed.map((one) => desk.handOver(one)));
  const handed: HandedOver[] = [];
  for (const [index, one] of claimed.entries()) {
    const end = ends[index];
    if (end?.status === 'fulfilled' && end.value !== null) handed.push({ claimed: one, outcome: end.value });
    else if (end?.status === 'fulfilled') result.waiting += 1;
  }
  const written = await ledger.settle((tx) => settleBatch(tx, { ...options, today: options.clock.today(work.timeZone) }, handed));
  for (const state of written) result[state] += 1;
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  return handed.length;
}

/** A channel that throws may have handed the message over before it did: nobody knows, so a person decides. */
async function carrySafely(options: Sending, claimed: Claimed, stillOurs: StillOurs): Promise<Outcome> {
  try {
    return await carry(options, claimed, stillOurs);
  } catch (error) {
    return { kind: 'unknown', detail: `channel failed: ${error instanceof Error ? error.name : 'error'}` };
  }
}

async function carry(options: Sending, claimed: Claimed, stillOurs: StillOurs): Promise<Outcome> {
  const { mail, pdf, action } = claimed;
  if (mail !== null && options.carriers.mail !== null) return options.carriers.mail.send(mail, stillOurs);
  if (!stillOurs('begin')) return TOO_LATE;
  if (pdf !== null && options.carriers.letter !== null) {
    const name = letterName(action);
    try {
      const place = await options.carriers.letter({ name, pdf }, stillOurs);
      return place === null ? TOO_LATE : { kind: 'accepted', response: place };
    } catch (error) {
      const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : null;
      return { kind: 'refused', permanent: false, stage: 'session', response: `print folder: ${typeof code === 'string' ? code : 'cannot be written'}` };
    }
  }
  return { kind: 'refused', permanent: true, stage: 'check', response: 'nothing to hand over' };
}
