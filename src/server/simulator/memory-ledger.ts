import { createHash } from 'node:crypto';
import { Allowance, domainOf } from '#core/channels/allowance.ts';
import type { SendFacts } from '#core/dunning/send-facts.ts';
import type { Instant } from '#core/kernel/clock.ts';
import type { Day } from '#core/kernel/day.ts';
import { parseRecipient } from '#core/kernel/email-address.ts';
import type { ActionId } from '#core/kernel/id.ts';
import type { Problem } from '#core/kernel/problem.ts';
import { err, ok } from '#core/kernel/result.ts';
import type { Result } from '#core/kernel/result.ts';
import { wordsOf } from '#server/channels/attempts.ts';
import type { Bounce } from '#server/channels/bounces/record-bounce.ts';
import { LEASE_MINUTES } from '#server/channels/claim-batch.ts';
import type { Claimed } from '#server/channels/claim-batch.ts';
import type { LockedAction } from '#server/channels/claim.ts';
import type { Ground } from '#server/channels/ground.ts';
import { messageIdOf } from '#server/channels/mime.ts';
import type { Prepared, Preparing } from '#server/channels/prepare.ts';
import { recipientHash } from '#server/channels/journal/send-facts-store.ts';
import { letterName } from '#server/channels/rescue.ts';
import type { ClaimTransaction, Gate, Queued, RescueTransaction, SendLedger, SettleTransaction } from '#server/channels/send-ledger.ts';
import type { Settled, Settling } from '#server/channels/settle.ts';
import type { ActionRow, AttemptRow, MemoryActions } from './memory-actions.ts';
import { sentItems } from './memory-elsewhere.ts';
import type { MemoryInstallation } from './memory-installation.ts';

const MINUTE_MS = 60_000;
/** Wait after the first refused try; it doubles with each. */
const RETRY_MINUTES = 10;
const MAX_QUEUE = 10_000;
/** Commitments are made where events are: not here. */
const NO_SALT = Buffer.alloc(16);

/** What the ledger in memory asks of the books it belongs to. */
export type LedgerParts = {
  readonly organisation: string;
  readonly actions: MemoryActions;
  now(): number;
  gate(): Omit<Gate, 'allowance'>;
  ground(actions: readonly LockedAction[], at: { today: string; now: Instant }): Ground;
  bury(by: Settling, bounces: readonly Bounce[]): void;
  isAlive(worker: string): boolean;
  readonly process: string;
  readonly installation: MemoryInstallation;
};

/** The send ledger of one tenant in memory: what postgres-ledger.ts does in SQL, done on rows. */
export function memoryLedger(parts: LedgerParts): SendLedger {
  const { actions, installation } = parts;
  const guard = installation.guardOf(parts.process);
  return {
    check: (now) => guard.checkOn(installation.store, now),
    writeJournal: async (note, now) => {
      const written = await guard.writeOn(installation.store, note, now);
      return written.ok ? null : guard.failed(written.error);
    },
    unstart: (attempts) => actions.transaction(async () => {
      for (const { action, fence } of attempts) {
        const row = actions.attempt(action, fence);
        if (row?.outcome === null) actions.setAttempt(row, { startedAt: null, outcome: 'released', response: 'journal not written' });
      }
    }),
    gate: async () => ({ ...parts.gate(), allowance: new Allowance(null, new Map()) }),
    queue: async (channels) => queueOf(parts, channels),
    rescue: (work) => actions.transaction(() => work(rescueIn(parts))),
    claim: (work) => actions.transaction(() => work(claimIn(parts))),
    note: (note, at) => actions.transaction(async () => {
      const open = new Set<string>();
      for (const { action, fence } of note.starting) {
        const row = actions.attempt(action, fence);
        if (row === undefined || row.outcome !== null || row.startedAt !== null) continue;
        actions.setAttempt(row, { startedAt: parts.now() });
        open.add(action);
      }
      for (const { action, fence, outcome } of note.ended) {
        const row = actions.attempt(action, fence);
        if (row === undefined || row.outcome !== null || row.startedAt === null) continue;
        actions.setAttempt(row, { outcome: outcome.kind, response: wordsOf(outcome), sentOn: outcome.kind === 'accepted' ? at.today : null });
        open.add(action);
      }
      return open;
    }),
    settle: (work) => actions.transaction(() => work(settleIn(parts))),
  };
}

function queueOf(parts: LedgerParts, channels: readonly string[]): { queue: Queued[]; waiting: number } {
  const { actions } = parts;
  const queue: Queued[] = [];
  let waiting = 0;
  for (const id of [...actions.working].toSorted((a, b) => Number(a) - Number(b))) {
    const row = actions.rows.get(id);
    if (row === undefined || row.state !== 'approved' || !['email', 'letter', 'registeredLetter'].includes(row.channel)) continue;
    if (!channels.includes(row.channel)) waiting += 1;
    else if (isRipe(actions, row, parts.now()) && queue.length < MAX_QUEUE) queue.push({ action_id: id, printed: row.channel !== 'email' || row.formalNotice, recipient: row.recipient, mailed: row.channel === 'email' });
  }
  return { queue, waiting };
}

function isRipe(actions: MemoryActions, row: ActionRow, now: number): boolean {
  const tries = triesOf(actions, row);
  return tries === 0 || row.stateAt + Math.trunc(RETRY_MINUTES * 2 ** (tries - 1)) * MINUTE_MS <= now;
}

const triesOf = (actions: MemoryActions, row: ActionRow): number => actions.attemptsOf(row).filter(({ startedAt }) => startedAt !== null).length;

const claimIn = (parts: LedgerParts): ClaimTransaction => ({
  isFrozen: async () => parts.installation.frozen,
  readSendFacts: async (claimed, at) => new Map(claimed.map((one) => [one.action.actionId, factsOf(parts, one, at)])),
  lockRates: async () => null,
  holdImportsOff: async () => true,
  lockActions: async (ids) => lockedOf(parts, ids),
  readGround: async (locked, at) => parts.ground(locked, at),
  readAllowance: async () => new Allowance(null, new Map()),
  prepare: async (locked, preparing) => new Map(locked.map((one) => [one.actionId, prepare(parts, one, preparing)])),
  writeRechecked: async (old, by) => {
    for (const { actionId } of old) parts.actions.set(rowOf(parts, actionId), { today: by.today });
  },
  writeEnded: async (ended) => {
    for (const { action, state, reason } of ended) parts.actions.set(rowOf(parts, action), { state, reason, stateAt: parts.now() });
  },
  writeClaimed: async (claimed, { by }) => {
    for (const { action, fence, mail } of claimed) {
      const row = rowOf(parts, action.actionId);
      parts.actions.set(row, { state: 'claimed', reason: null, stateAt: parts.now(), fence: row.fence + 1, worker: by.worker.id, leaseUntil: parts.now() + LEASE_MINUTES * MINUTE_MS, test: row.test || action.test });
      parts.actions.addAttempt({ action: row.id, fence, worker: by.worker.id, claimedAt: parts.now(), domain: mail === null ? null : domainOf(mail.to), startedAt: null, outcome: null, response: null, sentOn: null, journalRef: null, journalSha256: null });
    }
  },
});

function factsOf(parts: LedgerParts, { action, fence, sha256, headerId }: Claimed, { today, now }: { today: Day; now: Instant }): SendFacts {
  const row = rowOf(parts, action.actionId);
  const items = sentItems(row);
  const anchor = row.items.find(({ itemId }) => itemId === row.anchorItemId)?.document ?? '?';
  return {
    organisation: parts.organisation, action: row.id, fence, actionKey: row.key, customer: row.code, channel: row.channel, role: row.role, purpose: 'dunning', scenario: row.scenarioCode,
    scenarioVersion: row.scenarioVersion, step: row.step, stepKey: items.find(({ naturalKey }) => naturalKey === anchor)?.creditedKey ?? null, offsetDays: row.offsetDays, template: row.template, tone: row.tone,
    formalNotice: row.formalNotice, chargesAllowed: row.chargesAllowed, currency: row.currency, total: row.total, anchor, payment: null, items, messageId: headerId, sha256,
    recipientSha256: row.channel === 'email' && row.recipient !== null ? recipientHash(parts.installation.row.installation, row.recipient) : null,
    day: today, at: now, test: row.test,
  };
}

function rowOf({ actions }: LedgerParts, id: ActionId): ActionRow {
  const row = actions.rows.get(id);
  if (row === undefined) throw new Error(`no action ${id}`);
  return row;
}

function lockedOf(parts: LedgerParts, ids: readonly ActionId[]): LockedAction[] {
  const rows = ids.map((id) => rowOf(parts, id)).filter(({ state }) => state === 'approved').toSorted((a, b) => Number(a.id) - Number(b.id));
  return rows.map((row) => ({
    actionId: row.id, actionKey: row.key, channel: row.channel, templateCode: row.template, tone: row.tone, formalNotice: row.formalNotice, chargesAllowed: row.chargesAllowed, currency: row.currency,
    customerId: row.customer, contactId: row.contactId, recipient: row.recipient, fence: row.fence, tries: triesOf(parts.actions, row), total: row.total, customerCode: row.code,
    listed: new Map(row.items.map((item) => [item.itemId as string, item.amount])), test: row.test, approvedOn: row.approvedOn, approvalsNeeded: 1, copy: false, stored: row.fence > 0 && parts.actions.messages.has(row.id),
  }));
}

/** The message of an action: stored, or made now. Its words are few, but name the tenant, the debtor, each item and the total, so that what reaches whom can be told. */
function prepare(parts: LedgerParts, action: LockedAction, preparing: Preparing): Result<Prepared, readonly Problem[]> {
  const { messages } = parts.actions;
  const row = rowOf(parts, action.actionId);
  let stored = messages.get(row.id);
  if (stored === undefined) {
    const items = row.items.map((item) => `${item.document} ${item.amount}`).join('\r\n');
    const headerId = messageIdOf(`sim:${parts.organisation}:${row.id}`, 'sim.example');
    const text = `To: ${row.recipient ?? ''}\r\nMessage-ID: ${headerId}\r\nDate: ${preparing.clock.now()}\r\n\r\n${parts.organisation} ${row.code}\r\n${items}\r\nTotal ${row.total} ${row.currency}\r\n`;
    const bytes = Buffer.from(text);
    const printed = row.channel !== 'email';
    stored = {
      recipient: preparing.testAddress ?? row.recipient ?? '', headerId, bytes, pdf: printed ? bytes : null,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    };
    parts.actions.store(row.id, stored);
  }
  const evidence = { salt: NO_SALT, recipient: stored.recipient, mimeSha256: stored.pdf === null ? stored.sha256 : null, pdfSha256: stored.pdf === null ? null : stored.sha256, template: row.template };
  const base = { pdf: stored.pdf, sha256: stored.sha256, headerId: stored.headerId, evidence };
  if (stored.pdf !== null) return ok({ ...base, mail: null });
  const to = parseRecipient(stored.recipient);
  const from = parseRecipient(preparing.sender.from ?? '');
  if (!to.ok) return err([to.error]);
  return from.ok ? ok({ ...base, mail: { from: from.value, to: to.value, bytes: stored.bytes, sha256: stored.sha256 } }) : err([from.error]);
}

const settleIn = (parts: LedgerParts): SettleTransaction => ({
  writeSettled: async (by, rows) => writeSettled(parts, by, rows),
  endOpen: async (_by, kept) => {
    for (const one of kept) {
      const row = parts.actions.attempt(one.action, one.fence);
      if (row !== undefined && row.outcome === null) parts.actions.setAttempt(row, { outcome: one.kind, response: one.response, sentOn: one.sentOn });
    }
  },
  recordBounces: async (by, bounces) => parts.bury(by, bounces),
});

function writeSettled(parts: LedgerParts, _by: Settling, rows: readonly Settled[]): Set<ActionId> {
  const moved = new Set<ActionId>();
  for (const one of rows) {
    const row = rowOf(parts, one.action);
    if (row.fence !== one.fence || row.state !== 'claimed') continue;
    const tested = row.test && (one.state === 'sent' || one.state === 'unknown');
    const reason = one.state === 'sent' ? (row.test ? 'testSent' : null) : one.state === 'unknown' && row.test ? 'testUnknown' : one.response;
    parts.actions.set(row, { state: tested ? 'cancelled' : one.state, reason, stateAt: parts.now(), worker: null, leaseUntil: 0, sentOn: row.test ? null : (one.sentOn ?? row.sentOn) });
    moved.add(one.action);
  }
  return moved;
}

const rescueIn = (parts: LedgerParts): RescueTransaction => ({
  standingClaims: async () => [...parts.actions.working].map((id) => rowOf(parts, id)).filter(({ state }) => state === 'claimed').toSorted((a, b) => Number(a.id) - Number(b.id)).map((row) => ({
    action_id: row.id, fence: row.fence, worker: row.worker ?? '', channel: row.channel, file: row.channel === 'email' ? null : letterName({ customerCode: row.code, actionId: row.id, test: row.test }), expired: Math.max(row.leaseUntil, startOf(parts, row) + LEASE_MINUTES * MINUTE_MS) < parts.now(),
  })),
  isAlive: async (worker) => parts.isAlive(worker),
  endAttempts: async (by, { orphans, outcome }) => orphans.filter(({ action_id: action, fence }) => {
    const row = parts.actions.attempt(action, fence);
    if (row?.outcome === 'released' && outcome === 'released') return true;
    if (row === undefined || row.outcome !== null || (row.startedAt === null) !== (outcome === 'released')) return false;
    parts.actions.setAttempt(row, { outcome, response: 'worker lost', sentOn: outcome === 'accepted' ? by.today : null });
    return true;
  }),
  release: async (_by, released) => {
    for (const { action_id: action } of released) {
      const row = rowOf(parts, action);
      if (row.state === 'claimed') parts.actions.set(row, { state: 'approved', reason: null, stateAt: parts.now(), worker: null, leaseUntil: 0 });
    }
  },
  park: async (_by, { action_id: action, fence }) => {
    const row = rowOf(parts, action);
    if (row.fence === fence) parts.actions.set(row, { state: row.test ? 'cancelled' : 'unknown', reason: row.test ? 'testUnknown' : 'workerLost', stateAt: parts.now(), worker: null, leaseUntil: 0 });
  },
  readEnded: async (orphans) => orphans.flatMap(({ action_id: action, fence }) => endedOf(parts, rowOf(parts, action), parts.actions.attempt(action, fence))),
  writeSettled: async (by, rows) => writeSettled(parts, by, rows),
});

const startOf = ({ actions }: LedgerParts, row: ActionRow): number => actions.attempt(row.id, row.fence)?.startedAt ?? 0;

function endedOf({ actions }: LedgerParts, row: ActionRow, attempt: AttemptRow | undefined): Awaited<ReturnType<RescueTransaction['readEnded']>>[number][] {
  const message = actions.messages.get(row.id);
  if (attempt === undefined || message === undefined || attempt.outcome === null || attempt.outcome === 'released') return [];
  return [{
    action_id: row.id, fence: attempt.fence, outcome: attempt.outcome, response: attempt.response ?? '', sent_on: attempt.sentOn, tries: triesOf(actions, row), header_id: message.headerId, salt: NO_SALT, test: row.test,
  }];
}
