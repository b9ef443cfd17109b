import { domainOf } from '#core/channels/allowance.ts';
import type { Allowance } from '#core/channels/allowance.ts';
import type { Clock } from '#core/kernel/clock.ts';
import type { Day } from '#core/kernel/day.ts';
import type { ActionId, OrganisationId } from '#core/kernel/id.ts';
import type { Bilingual } from '#core/kernel/text.ts';
import { readSending } from '#server/dunning/sending-settings.ts';
import type { LetterMaker } from '#server/letters/pdf.ts';
import type { Database } from '#server/plumbing/database.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { noteAttempts } from './attempts.ts';
import type { Outcome } from './attempts.ts';
import { claimBatch } from './claim-batch.ts';
import type { Claimed, EndedAction } from './claim-batch.ts';
import { Desk } from './desk.ts';
import { openHalt } from './halts.ts';
import type { SendGuard } from './journal/guard.ts';
import { JournalledNotes } from './journal/journalled-notes.ts';
import { Pace } from './pace.ts';
import type { Sender } from './prepare.ts';
import { readAllowance } from './rates.ts';
import { rescueOrphans } from './rescue.ts';
import { settleBatch, writtenAs } from './settle.ts';
import type { HandedOver } from './settle.ts';
import type { SmtpOutcome } from './smtp-outcome.ts';
import type { StoredMail } from './mime.ts';
import type { WorkerPresence } from './worker-presence.ts';

/** Where messages are handed over. A channel that is null keeps its messages approved, in the outbox. */
export type Carriers = {
  readonly mail: { send(mail: StoredMail): Promise<SmtpOutcome> } | null;
  /** Puts a letter where the office prints from; the text names the place. Throws when it could not be written whole. */
  readonly letter: ((letter: { name: string; pdf: Buffer }) => Promise<string>) | null;
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
/** Wait after the first refused try; it doubles with each. */
const RETRY_MINUTES = 10;

/**
 * Hands approved actions over, each at most once, and returns when there is none left to try now. A worker makes one call per
 * organisation at a time: what an earlier call of its own left behind counts as abandoned.
 */
export async function sendApproved(database: Database, given: SendOptions): Promise<SendResult> {
  const closed = await given.guard.check(database, given.clock.now());
  const { options, gate } = await throughGate(database, given);
  const { organisation } = options;
  const result: SendResult = { sent: 0, failed: 0, unknown: 0, waiting: 0, tested: 0, cancelled: [], expired: [], stopped: closed?.stopped ?? gate.stopped, said: closed?.said ?? null };
  // Not even what a lost worker left is settled: the journal may know how it ended.
  if (closed !== null) return { ...result, waiting: await database.inTenant(organisation, countApproved, { readOnly: true }) };
  const rescued = await database.inTenant(organisation, (t) => rescueOrphans(t, options));
  result.unknown += rescued.parked;
  for (const end of rescued.settled) result[writtenAs(end)] += 1;
  const { queue, waiting } = await database.inTenant(organisation, (t) => nextActions(t, options.carriers), { readOnly: true });
  result.waiting += waiting;
  const journal = new JournalledNotes({
    guard: options.guard, database, organisation, clock: options.clock,
    note: (note) => noteAttempts(database, note, { organisation, now: options.clock.now(), today: options.today }),
  });
  const desk = new Desk({
    note: (note) => journal.note(note),
    carry: (claimed) => carrySafely(options, claimed),
  });
  const work: Work = { options, result, desk, journal, testAddress: gate.testAddress, allowance: gate.allowance };
  const pace = new Pace(options.clock);
  let at = 0;
  let left = options.max ?? SEND_MAX;
  const lane = async (): Promise<void> => {
    while (at < queue.length && left > 0 && journal.closed === null) {
      const chunk = chunkOf(work, queue, { from: at, size: Math.min(pace.size, left) });
      at += chunk.looked;
      result.waiting += chunk.looked - chunk.ids.length;
      if (chunk.ids.length === 0) continue;
      left -= chunk.ids.length;
      const handed = await pace.measure(chunk.ids.length, () => handOver(database, work, chunk.ids));
      // What waits or is cancelled takes no place: those that wait for another day must not keep the others from leaving. Read only
      // now: the other lanes took places while this one waited.
      left += chunk.ids.length - handed;
    }
  };
  const lanes = await Promise.allSettled(Array.from({ length: LANES }, lane));
  // One that fails must not tear the channel away from the others: they write down what became of theirs first.
  await journal.flush();
  for (const ended of lanes) if (ended.status === 'rejected') throw ended.reason;
  if (journal.closed === null) return result;
  // What was claimed and may not leave goes back to approved.
  await database.inTenant(organisation, (t) => rescueOrphans(t, options));
  return { ...result, ...journal.closed };
}

async function countApproved(t: Tenant): Promise<number> {
  return (await t.one<{ count: number }>(t.sql`select count(*)::int as count from ${t.from('action')} a where a.state = 'approved' and a.channel in ('email', 'letter', 'registeredLetter')`))?.count ?? 0;
}

/** What is known before anything is claimed; each claim looks again. */
type Gate = { readonly stopped: SendResult['stopped']; readonly testAddress: string | null; readonly allowance: Allowance };

/**
 * Closes channels that nothing may leave by. Of a sample company nothing ever leaves: its customers are made up, their addresses
 * may not be. A person stopped everything, or the breaker all e-mail.
 */
async function throughGate(database: Database, options: SendOptions): Promise<{ options: SendOptions; gate: Gate }> {
  return database.inTenant(options.organisation, async (t) => {
    const profile = await t.one<{ sample: boolean; stop: boolean }>(t.sql`
      select p.sample, coalesce((p.dunning ->> 'globalStop')::boolean, false) as stop from ${t.from('profile')} p`);
    const { rates, testAddress } = await readSending(t);
    const allowance = await readAllowance(t, rates, options.clock.now());
    const stopped = profile?.stop === true ? 'globalStop' : (await openHalt(t)) === null ? null : 'breakerOpen';
    const gate: Gate = { stopped, testAddress, allowance };
    if (profile?.sample === true || stopped === 'globalStop') return { options: { ...options, carriers: { mail: null, letter: null } }, gate };
    return { options: stopped === null ? options : { ...options, carriers: { ...options.carriers, mail: null } }, gate };
  }, { readOnly: true });
}

type Queued = { readonly action_id: ActionId; readonly printed: boolean; readonly recipient: string | null; readonly mailed: boolean };
type Queue = { queue: Queued[]; waiting: number };

/** Approved actions whose channel there is, and how many wait for one that there is not. A try refused for now makes its action wait; a claim that came to nothing does not. */
async function nextActions(t: Tenant, carriers: Carriers): Promise<Queue> {
  const channels = [...(carriers.mail === null ? [] : ['email']), ...(carriers.letter === null ? [] : ['letter', 'registeredLetter'])];
  const queue = await t.rows<Queued>(t.sql`
    select a.action_id, a.channel <> 'email' or a.formal_notice as printed, a.recipient, a.channel = 'email' as mailed from ${t.from('action')} a
    where a.state = 'approved' and a.channel = any(${channels}::text[])
      and (a.fence = 0 or coalesce((
        select a.state_at + make_interval(mins => (${RETRY_MINUTES} * 2 ^ (count(*) - 1))::int) <= now()
        from ${t.from('send_attempt')} s where s.action_id = a.action_id and s.started_at is not null having count(*) > 0), true))
    order by a.action_id limit ${SEND_MAX}`);
  const closed = await t.one<{ count: number }>(t.sql`
    select count(*)::int as count from ${t.from('action')} a
    where a.state = 'approved' and a.channel in ('email', 'letter', 'registeredLetter') and not a.channel = any(${channels}::text[])`);
  return { queue, waiting: closed?.count ?? 0 };
}

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

type Work = { readonly options: SendOptions; readonly result: SendResult; readonly desk: Desk; readonly journal: JournalledNotes; readonly testAddress: string | null; allowance: Allowance };

/** Claims a chunk, hands it over, writes down what became of it. Gives how many were handed over, however that ended. */
async function handOver(database: Database, work: Work, ids: readonly ActionId[]): Promise<number> {
  const { options, result, desk, journal } = work;
  const { claimed, waiting, failed, cancelled, expired, ...seen } = await database.inTenant(options.organisation, (t) => claimBatch(t, options, ids), { keepPlans: true });
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
  const written = await database.inTenant(options.organisation, (t) => settleBatch(t, options, handed), { keepPlans: true });
  for (const state of written) result[state] += 1;
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  return handed.length;
}

/** A channel that throws may have handed the message over before it did: nobody knows, so a person decides. */
async function carrySafely(options: SendOptions, claimed: Claimed): Promise<Outcome> {
  try {
    return await carry(options, claimed);
  } catch (error) {
    return { kind: 'unknown', detail: `channel failed: ${error instanceof Error ? error.name : 'error'}` };
  }
}

async function carry(options: SendOptions, claimed: Claimed): Promise<Outcome> {
  const { mail, pdf, action } = claimed;
  if (mail !== null && options.carriers.mail !== null) return options.carriers.mail.send(mail);
  if (pdf !== null && options.carriers.letter !== null) {
    const name = `${action.test ? 'TEST-' : ''}${action.customerCode.replaceAll(/[^A-Za-z0-9_-]/g, '_')}-${action.actionId}.pdf`;
    try {
      return { kind: 'accepted', response: await options.carriers.letter({ name, pdf }) };
    } catch (error) {
      const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : null;
      return { kind: 'refused', permanent: false, stage: 'session', response: `print folder: ${typeof code === 'string' ? code : 'cannot be written'}` };
    }
  }
  return { kind: 'refused', permanent: true, stage: 'check', response: 'nothing to hand over' };
}
