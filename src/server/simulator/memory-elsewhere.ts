import type { KnownSend, MissingSend } from '#core/channels/compare-journal.ts';
import type { JournalledSend } from '#core/channels/journal-lines.ts';
import { placedOn, placedState, placingsOf, planPlacing, withKeys } from '#core/dunning/place-sends.ts';
import type { EndToWrite, Here, Keyed, SendToPlace, StandingAction } from '#core/dunning/place-sends.ts';
import type { SendFacts } from '#core/dunning/send-facts.ts';
import { daysBetween } from '#core/kernel/day.ts';
import type { ActionId } from '#core/kernel/id.ts';
import type { ThawLedger } from '#server/channels/journal/installation-store.ts';
import { recipientHash } from '#server/channels/journal/send-facts-store.ts';
import type { Placed } from '#server/dunning/sent-elsewhere.ts';
import type { MemoryAccounts } from './memory-accounts.ts';
import type { ActionRow, AttemptRow, ElsewhereRow, MemoryActions } from './memory-actions.ts';

/** The ledger of one company in memory as the journal is compared with it, and written into it. */
export type Elsewhere = { readonly installation: string; readonly accounts: MemoryAccounts; readonly actions: MemoryActions; readonly now: () => number };

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
      for (const send of sends) if (!actions.tables.elsewhere.has(send.ref)) actions.tables.elsewhere.set(send.ref, { ...send, row: send.ref, action: null, placed: false });
      return placeWaiting(of);
    },
    dropProposals: async () => dropProposals(of),
    backToProposed: async () => backToProposed(of),
    record: async () => undefined,
  };
}

function writeEnds({ actions, now }: Elsewhere, ends: readonly EndToWrite[]): number {
  let moved = 0;
  for (const { action, fence, outcome, day } of ends) {
    const attempt = actions.attempt(action as ActionId, fence);
    const row = actions.rows.get(action as ActionId);
    if (attempt === undefined || row === undefined) continue;
    if (attempt.outcome === null || attempt.outcome === 'released') {
      actions.setAttempt(attempt, { outcome, response: RESPONSE, startedAt: attempt.startedAt ?? attempt.claimedAt, sentOn: outcome === 'accepted' ? (day ?? row.today) : null });
    }
    if (row.fence !== fence || !['claimed', 'approved', 'unknown'].includes(row.state)) continue;
    const state = outcome === 'accepted' ? 'sent' : outcome === 'refused' ? 'approved' : 'unknown';
    actions.set(row, { state, reason: outcome === 'refused' ? null : 'sendJournal', stateAt: now(), worker: null, leaseUntil: 0, sentOn: outcome === 'accepted' ? (day ?? row.today) : null });
    moved += 1;
  }
  return moved;
}

function dropProposals({ actions, now }: Elsewhere): number {
  const standing = [...actions.rows.values()].filter(({ state }) => state === 'proposed' || state === 'approved');
  for (const row of standing) actions.set(row, { state: 'cancelled', reason: 'changed', stateAt: now(), worker: null, leaseUntil: 0 });
  return standing.length;
}

function backToProposed({ actions, now }: Elsewhere): number {
  let back = 0;
  for (const id of Array.from(actions.working)) {
    const row = actions.rows.get(id);
    if (row === undefined) continue;
    const open = actions.attempt(id, row.fence);
    const unstarted = open !== undefined && open.outcome === null && open.startedAt === null;
    if (row.state === 'claimed' && !unstarted) continue;
    if (unstarted) actions.setAttempt(open, { outcome: 'released', response: 'database adopted' });
    actions.set(row, { state: 'proposed', reason: null, stateAt: now(), worker: null, leaseUntil: 0 });
    back += 1;
  }
  return back;
}

/** Places what was noted, as far as its customer and items are here by now. */
export function placeWaiting(of: Elsewhere): Placed {
  const waiting = [...of.actions.tables.elsewhere.values()].filter(({ placed }) => !placed);
  if (waiting.length === 0) return { sent: [], parked: [], waiting: 0 };
  const placings = placingsOf(waiting, hereOf(of, waiting));
  const fresh = withKeys(placings.filter(({ action }) => action === null));
  const { taken, made, overtaken } = planPlacing(fresh, standing(of.actions, fresh.map(({ key }) => key)));
  for (const id of overtaken) cancelOvertaken(of, id);
  const done = [...taken.map((one) => ({ ...one, row: take(of, one, one.there) })), ...made.map((one) => ({ ...one, row: make(of, one) }))];
  for (const one of done) note(of.actions, one, one.row);
  for (const one of placings) {
    const row = one.action === null ? undefined : of.actions.rows.get(one.action);
    if (row === undefined) continue;
    addItems(of, row, one.items);
    note(of.actions, one, row);
  }
  const ids = (outcome: SendToPlace['outcome']): ActionId[] => done.flatMap((one) => (one.outcome === outcome ? [one.row.id] : []));
  return { sent: ids('accepted'), parked: ids('unknown'), waiting: waiting.length - placings.filter(({ whole }) => whole).length };
}

function note(actions: MemoryActions, { ref, whole }: { ref: string; whole: boolean }, { id }: ActionRow): void {
  const noted = actions.tables.elsewhere.get(ref);
  if (noted !== undefined) Object.assign(noted, { action: id, placed: whole });
}

function hereOf({ accounts }: Elsewhere, waiting: readonly ElsewhereRow[]): Here {
  const customers = new Map(waiting.flatMap(({ send }) => {
    const account = accounts.byCode.get(send.customer);
    return account === undefined ? [] : [[send.customer, account.history.customerId] as const];
  }));
  const items = new Map(waiting.flatMap(({ send }) => [send.anchor, ...send.items.map(({ naturalKey }) => naturalKey)]).flatMap((key) => {
    const item = accounts.itemOf(key);
    return item === null ? [] : [[key, item.itemId] as const];
  }));
  return { customers, items };
}

type Standing = StandingAction & { readonly row: ActionRow };

function standing(actions: MemoryActions, keys: readonly string[]): Map<string, Standing> {
  return new Map(keys.flatMap((key) => {
    const row = actions.liveOf(key);
    return row === null ? [] : [[key, {
      row, action: row.id, state: row.state, test: row.test, fence: row.fence, sha256: actions.messages.get(row.id)?.sha256 ?? null, items: new Map(row.items.map((item) => [item.itemId, item])),
    }] as const];
  }));
}

function endOpenAttempts(actions: MemoryActions, row: ActionRow): void {
  for (const attempt of actions.attemptsOf(row)) if (attempt.outcome === null) actions.setAttempt(attempt, { outcome: attempt.startedAt === null ? 'released' : 'unknown', response: RESPONSE });
}

function cancelOvertaken({ actions, now }: Elsewhere, id: ActionId): void {
  const row = actions.rows.get(id);
  if (row === undefined) return;
  endOpenAttempts(actions, row);
  actions.set(row, { state: 'cancelled', reason: 'sentElsewhere', stateAt: now(), worker: null, leaseUntil: 0 });
}

function take({ actions, now }: Elsewhere, one: Keyed, { row, sha256 }: Standing): ActionRow {
  endOpenAttempts(actions, row);
  actions.set(row, {
    state: placedState(one), reason: 'sendJournal', stateAt: now(), worker: null, leaseUntil: 0, fence: row.fence + 1, sentOn: placedOn(one), approvedOn: row.approvedOn ?? one.send.day,
  });
  writeAttempt(actions, one, { row, here: sha256 === one.send.sha256 });
  return row;
}

function make({ installation, accounts, actions, now }: Elsewhere, one: Keyed): ActionRow {
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
  addItems({ accounts, actions }, row, one.items);
  return row;
}

function writeAttempt(actions: MemoryActions, one: Keyed, { row, here }: { row: ActionRow; here: boolean }): void {
  const at = Date.parse(one.send.at);
  actions.addAttempt({
    action: row.id, fence: row.fence, worker: 'journal', claimedAt: at, domain: null, startedAt: at, outcome: one.outcome, response: RESPONSE, sentOn: placedOn(one), journalRef: one.ref,
    journalSha256: here ? null : one.send.sha256,
  });
}

function addItems({ accounts, actions }: Pick<Elsewhere, 'accounts' | 'actions'>, row: ActionRow, items: Keyed['items']): void {
  for (const { itemId, naturalKey, amount, dueOn, creditedStep, creditedKey, creditedOffset } of items) {
    if (row.items.some((item) => item.itemId === itemId)) continue;
    row.items.push({ itemId, document: accounts.documents.get(itemId) ?? naturalKey, amount, dueOn, daysLate: daysBetween(dueOn, row.today), creditedStep, creditedKey, creditedOffset });
  }
  actions.set(row, { total: row.items.reduce((sum, { amount }) => sum + amount, 0n) });
}

/** The items of an action as its line in the journal names them. */
export const sentItems = (row: ActionRow): SendFacts['items'] => row.items.map((item) => ({
  naturalKey: item.document, amount: item.amount, dueOn: item.dueOn, creditedStep: item.creditedStep, creditedKey: item.creditedKey, creditedOffset: item.creditedOffset,
}));
