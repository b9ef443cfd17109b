import type { KnownSend, MissingSend } from '#core/channels/compare-journal.ts';
import type { JournalledSend } from '#core/channels/journal-lines.ts';
import { placedOn, placedState, standsAfterEnd } from '#core/dunning/place-sends.ts';
import type { EndToWrite, Here, Keyed, PlacingPlan, StandingAction } from '#core/dunning/place-sends.ts';
import type { SendFacts } from '#core/dunning/send-facts.ts';
import { daysBetween } from '#core/kernel/day.ts';
import type { ActionId, CustomerId, ItemId } from '#core/kernel/id.ts';
import type { ThawLedger } from '#server/channels/journal/installation-store.ts';
import { recipientHash } from '#server/channels/journal/send-facts-store.ts';
import { placeWaiting } from '#server/dunning/placing.ts';
import type { EndsWritten } from '#server/dunning/sent-elsewhere.ts';
import type { Placed, PlacingStore } from '#server/dunning/placing.ts';
import { backToProposed, dropProposals } from '#server/dunning/stale-proposals.ts';
import type { ProposalStore, StandingProposal } from '#server/dunning/stale-proposals.ts';
import type { MemoryAccounts } from './memory-accounts.ts';
import type { ActionRow, AttemptRow, MemoryActions } from './memory-actions.ts';

/** The ledger of one company in memory as the journal is compared with it, and written into it. */
export type Elsewhere = { readonly installation: string; readonly accounts: MemoryAccounts; readonly actions: MemoryActions; readonly now: () => number;
  /** From now on every proposal waits for a person. */
  readonly approveEverything: () => void };

const RESPONSE = 'send journal';

/** What `known_sends` says of sends of this company. */
export function knownIn({ actions }: Elsewhere, sends: readonly JournalledSend[]): KnownSend[] {
  return sends.flatMap((one): KnownSend[] => {
    const attempt = attemptHere(actions, one);
    if (attempt !== null && attempt.journalRef === null) return [{ ref: one.ref, outcome: attempt.outcome }];
    const placed = actions.tables.journalled.get(one.ref);
    if (placed !== undefined) return [{ ref: one.ref, outcome: placed.outcome }];
    const noted = actions.tables.elsewhere.get(one.ref);
    return noted === undefined ? [] : [{ ref: one.ref, outcome: noted.outcome }];
  });
}

/** The attempt that a send is, if this ledger made it: the same intent and the same bytes, not only the same number. */
function attemptHere(actions: MemoryActions, { action, fence, send }: JournalledSend): AttemptRow | null {
  const attempt = actions.attempt(action as ActionId, fence);
  if (attempt === undefined || (attempt.startedAt === null && attempt.outcome !== 'released')) return null;
  const same = send === null || (actions.rows.get(attempt.action)?.key === send.actionKey && actions.messages.get(attempt.action)?.sha256 === send.sha256);
  return same ? attempt : null;
}

/** What a reconciliation does to this company. */
export function thawLedgerOf(of: Elsewhere): ThawLedger {
  const { actions } = of;
  return {
    begunHere: async (missing: readonly MissingSend[]) => missing.filter((one) => one.end !== null && attemptHere(actions, one) !== null),
    writeEnds: async (ends) => writeEnds(of, ends),
    place: async (sends) => {
      for (const send of sends) actions.noteElsewhere({ ...send, row: send.ref, action: null, placed: false });
      return placeElsewhere(of);
    },
    dropProposals: (by) => dropProposals(proposalsIn(of), by),
    backToProposed: (by) => backToProposed(proposalsIn(of), by),
    switchWebhooksOff: async () => 0,
    record: async () => undefined,
  };
}

function writeEnds({ actions, now }: Elsewhere, ends: readonly EndToWrite[]): EndsWritten {
  let moved = 0;
  const sent: ActionId[] = [];
  for (const end of ends) {
    const { fence, outcome } = end;
    const attempt = actions.attempt(end.action as ActionId, fence);
    const row = actions.rows.get(end.action as ActionId);
    if (attempt === undefined || row === undefined) continue;
    if (attempt.outcome === null || attempt.outcome === 'released') {
      actions.setAttempt(attempt, { outcome, response: RESPONSE, startedAt: attempt.startedAt ?? attempt.claimedAt, sentOn: outcome === 'accepted' ? (end.day ?? row.today) : null });
    }
    if (row.fence !== fence || !['claimed', 'approved', 'unknown'].includes(row.state)) continue;
    const stands = standsAfterEnd(end, row);
    actions.set(row, { ...stands, stateAt: now(), worker: null, leaseUntil: 0 });
    moved += 1;
    if (stands.state === 'sent') sent.push(end.action as ActionId);
  }
  return { moved, sent };
}

/** Places what was noted, as far as its customer and items are here by now. */
export const placeElsewhere = (of: Elsewhere): Promise<Placed> => placeWaiting(placingIn(of));

const proposalsIn = ({ actions, now, approveEverything }: Elsewhere): ProposalStore => ({
  standing: async () => [...actions.proposed, ...actions.working].flatMap((id): StandingProposal[] => {
    const row = rowOf(actions, id);
    const { state, fence } = row;
    if (state === 'claimed') return isUnbegun(actions.attempt(id, fence)) ? [{ action: id, state, purpose: 'dunning', fence }] : [];
    return state === 'proposed' || state === 'approved' ? [{ action: id, state, purpose: 'dunning', fence: null }] : [];
  }),
  release: async (claims) => claims.flatMap(({ action, fence }) => {
    const attempt = actions.attempt(action, fence);
    if (attempt === undefined || !isUnbegun(attempt)) return [];
    actions.setAttempt(attempt, { outcome: 'released', response: 'reconciled' });
    return [action];
  }),
  cancel: async (ids) => {
    for (const id of ids) actions.set(rowOf(actions, id), { state: 'cancelled', reason: 'changed', stateAt: now(), worker: null, leaseUntil: 0 });
    return ids.length;
  },
  propose: async (ids) => {
    for (const id of ids) actions.set(rowOf(actions, id), { state: 'proposed', reason: null, stateAt: now(), worker: null, leaseUntil: 0 });
  },
  approveEverything: async () => approveEverything(),
});

const isUnbegun = (attempt: AttemptRow | undefined): boolean => attempt !== undefined && attempt.outcome === null && attempt.startedAt === null;

function rowOf(actions: MemoryActions, id: ActionId): ActionRow {
  const row = actions.rows.get(id);
  if (row === undefined) throw new Error(`no action ${id}`);
  return row;
}

const placingIn = (of: Elsewhere): PlacingStore => ({
  waiting: async () => [...of.actions.tables.elsewhere.values()].filter(({ placed }) => !placed),
  here: async (sends) => hereOf(of, sends),
  standing: async (keys) => standing(of.actions, keys),
  cancel: async (ids) => {
    for (const id of ids) cancelOvertaken(of, rowOf(of.actions, id));
  },
  take: async (taken) => {
    for (const one of taken) take(of, one);
  },
  make: async (made) => made.map((one) => make(of, one)),
  addItems: async (added) => {
    for (const { action, items } of added) addItems(of, rowOf(of.actions, action), items);
  },
  note: async (noted) => {
    for (const { row, action, whole } of noted) {
      const sent = of.actions.tables.elsewhere.get(row);
      if (sent !== undefined) of.actions.setElsewhere(sent, { action, placed: whole });
    }
  },
});

function hereOf({ accounts }: Elsewhere, sends: readonly SendFacts[]): Here {
  const customers = new Map<string, CustomerId>();
  const items = new Map<string, ItemId>();
  for (const send of sends) {
    const account = accounts.byCode.get(send.customer);
    if (account !== undefined) customers.set(send.customer, account.history.customerId);
    for (const key of [send.anchor, ...send.items.map(({ naturalKey }) => naturalKey)]) {
      const item = accounts.itemOf(key);
      if (item !== null) items.set(key, item.itemId);
    }
  }
  return { customers, items };
}

function standing(actions: MemoryActions, keys: readonly string[]): Map<string, StandingAction> {
  return new Map(keys.flatMap((key) => {
    const row = actions.liveOf(key);
    return row === null ? [] : [[key, {
      action: row.id, state: row.state, test: row.test, fence: row.fence, sha256: actions.messages.get(row.id)?.sha256 ?? null, items: new Map(row.items.map((item) => [item.itemId, item])),
    }] as const];
  }));
}

function endOpenAttempts(actions: MemoryActions, row: ActionRow): void {
  for (const attempt of actions.attemptsOf(row)) if (attempt.outcome === null) actions.setAttempt(attempt, { outcome: attempt.startedAt === null ? 'released' : 'unknown', response: RESPONSE });
}

function cancelOvertaken({ actions, now }: Elsewhere, row: ActionRow): void {
  endOpenAttempts(actions, row);
  actions.set(row, { state: 'cancelled', reason: 'sentElsewhere', stateAt: now(), worker: null, leaseUntil: 0 });
}

function take({ actions, now }: Elsewhere, one: PlacingPlan['taken'][number]): void {
  const row = rowOf(actions, one.there.action);
  endOpenAttempts(actions, row);
  actions.set(row, {
    state: placedState(one), reason: 'sendJournal', stateAt: now(), worker: null, leaseUntil: 0, fence: row.fence + 1, sentOn: placedOn(one), approvedOn: row.approvedOn ?? one.send.day,
  });
  writeAttempt(actions, one, { row, here: one.there.sha256 === one.send.sha256 });
}

function make({ installation, accounts, actions, now }: Elsewhere, one: Keyed): ActionId {
  const { send } = one;
  const account = accounts.byId.get(one.customer);
  const contact = account?.contact.facts.at(-1)?.value;
  const known = contact !== undefined && contact.email !== null && recipientHash(installation, contact.email) === send.recipientSha256 ? contact : null;
  const row = actions.add({
    key: one.key, customer: one.customer, code: send.customer, contactId: known?.contactId ?? null, channel: send.channel, recipient: known?.email ?? null, scenarioCode: send.scenario, scenarioVersion: send.scenarioVersion,
    step: send.step, offsetDays: send.offsetDays, role: 'accountsPayable', anchorItemId: one.anchor ?? one.items[0]?.itemId ?? '', template: send.template, tone: send.tone, currency: send.currency, total: 0n,
    formalNotice: send.formalNotice, chargesAllowed: send.chargesAllowed, items: [], today: send.day, state: placedState(one), reason: 'sendJournal', stateAt: now(), fence: 1, worker: null, leaseUntil: 0,
    sentOn: placedOn(one), approvedOn: send.day, test: false,
  });
  if (row === null) throw new Error('duplicate key value violates unique constraint "action_one_live_intent"');
  writeAttempt(actions, one, { row, here: false });
  return row.id;
}

function writeAttempt(actions: MemoryActions, one: Keyed, { row, here }: { row: ActionRow; here: boolean }): void {
  const at = Date.parse(one.send.at);
  actions.addAttempt({
    action: row.id, fence: row.fence, worker: 'journal', claimedAt: at, domain: null, startedAt: at, outcome: one.outcome, response: RESPONSE, sentOn: placedOn(one), journalRef: one.ref,
    journalSha256: here ? null : one.send.sha256,
  });
}

function addItems({ accounts, actions }: Elsewhere, row: ActionRow, items: Keyed['items']): void {
  actions.addItems(row, items.map(({ itemId, naturalKey, amount, dueOn, creditedStep, creditedKey, creditedOffset }) => (
    { itemId, document: accounts.documents.get(itemId) ?? naturalKey, amount, dueOn, daysLate: daysBetween(dueOn, row.today), creditedStep, creditedKey, creditedOffset })));
}

/** The items of an action as its line in the journal names them. */
export const sentItems = (row: ActionRow): SendFacts['items'] => row.items.map((item) => ({
  naturalKey: item.document, amount: item.amount, dueOn: item.dueOn, creditedStep: item.creditedStep, creditedKey: item.creditedKey, creditedOffset: item.creditedOffset,
}));
