import type { Day } from '../kernel/day.ts';
import type { ItemId } from '../kernel/id.ts';
import type { ContactMade, PendingAction, StepDone } from './facts.ts';
import type { ActionHistory, AccountHistory, Moment } from './history.ts';
import { knownAt } from './history.ts';
import { doneKey } from './steps.ts';

/** What was done to one item. */
export type DoneToItem = { done: StepDone | null; keys: string[]; furthest: number | null; pending: PendingAction | null; round: number };

/** What was done with an account by a moment: really, or by a scenario that is tried out. */
export type DoneSoFar = {
  readonly items: Map<ItemId, DoneToItem>;
  readonly contacts: ContactMade[];
  /** Items thanked for, and the payments (credit items) they were thanked for with. */
  readonly thanked: Set<string>;
  /** Thanks that are proposed or wait to leave, by item. */
  readonly thanksStanding: Map<ItemId, PendingAction>;
};

/** An item nothing was done to. */
export const NOTHING_DONE: Readonly<DoneToItem> = { done: null, keys: [], furthest: null, pending: null, round: 0 };

/** An item's entry, made when it has none. */
export function entryOf(done: DoneSoFar, item: ItemId): DoneToItem {
  const known = done.items.get(item);
  if (known !== undefined) return known;
  const made = { ...NOTHING_DONE, keys: [] };
  done.items.set(item, made);
  return made;
}

/** How an action stood at a moment; null: it was not proposed yet. */
function stateAt(action: ActionHistory, { today, at, run }: Moment): 'accepted' | 'ended' | 'standing' | null {
  if (action.proposedOn > today || action.proposedAt > at || (run !== undefined && action.run >= run)) return null;
  if (action.accepted !== null && action.accepted.on <= today && action.accepted.at <= at) return 'accepted';
  if (action.endedAt !== null && action.endedAt <= at) return 'ended';
  return 'standing';
}

const standingState = (action: ActionHistory, { today }: Moment): PendingAction['state'] =>
  (action.unknown ? 'unknown' : action.approvedOn !== null && action.approvedOn <= today ? 'approved' : 'proposed');

/** What had really been done with an account by a moment, by actions and by hand; contacts since a day, that day included. */
export function doneAt(history: AccountHistory, moment: Moment, contactsSince: Day): DoneSoFar {
  const done = actedAt(history, moment, contactsSince);
  done.contacts.push(...madeByHand(history, moment, contactsSince));
  return done;
}

/** The same without the contacts that people made by hand. */
export function actedAt(history: AccountHistory, moment: Moment, contactsSince: Day): DoneSoFar {
  const done: DoneSoFar = { items: new Map(), contacts: [], thanked: new Set(), thanksStanding: new Map() };
  for (const action of history.actions) {
    const state = stateAt(action, moment);
    if (state === null) continue;
    if (action.purpose === 'dunning') addDunning(done, action, { state, moment });
    else if (action.purpose === 'thankYou') addThanks(done, action, { history, state, moment });
    if (state === 'accepted' && action.accepted !== null && action.accepted.on >= contactsSince && action.channel !== 'check') {
      done.contacts.push({ channel: action.channel, on: action.accepted.on, currency: action.currency });
    }
  }
  return done;
}

/** Contacts that people had made by hand by a moment. */
export const madeByHand = (history: AccountHistory, { today, at }: Moment, since: Day): ContactMade[] =>
  history.contactsMade.filter(({ on, known }) => on >= since && on <= today && knownAt(known, at)).map(({ channel, on }) => ({ channel, on, currency: null }));

type How = { readonly state: 'accepted' | 'ended' | 'standing'; readonly moment: Moment };

function addDunning(done: DoneSoFar, action: ActionHistory, { state, moment }: How): void {
  for (const item of action.items) {
    const entry = entryOf(done, item.itemId);
    if (state === 'standing') entry.pending = { actionId: action.actionId, state: standingState(action, moment), step: action.step, channel: action.channel, proposedOn: action.proposedOn };
    else if (state === 'ended') entry.round += action.anchorItemId === item.itemId ? 1 : 0;
    else if (item.step !== null && item.offset !== null && action.accepted !== null) {
      credit(entry, { number: item.step, offsetDays: item.offset, doneOn: action.accepted.on, scenarioCode: action.scenarioCode, scenarioVersion: action.scenarioVersion, ...(item.key === null ? {} : { key: item.key }) });
    }
  }
}

/** Notes a step that was accepted; the last one is that of the latest day, of one day the furthest. */
export function credit(entry: DoneToItem, step: StepDone): void {
  entry.furthest = Math.max(entry.furthest ?? step.offsetDays, step.offsetDays);
  if (step.key !== undefined) entry.keys.push(doneKey(step.scenarioCode, step.key));
  const { done } = entry;
  if (done === null || done.doneOn < step.doneOn || (done.doneOn === step.doneOn && done.offsetDays <= step.offsetDays)) entry.done = step;
}

/** A payment is thanked for once, whatever became of the thanks; those that stand are told with their action. */
function addThanks(done: DoneSoFar, action: ActionHistory, { history, state, moment }: How & { readonly history: AccountHistory }): void {
  for (const { itemId } of action.items) {
    done.thanked.add(itemId);
    for (const { credit } of history.items.find((item) => item.itemId === itemId)?.allocations ?? []) done.thanked.add(`payment ${credit}`);
    if (state === 'standing') done.thanksStanding.set(itemId, { actionId: action.actionId, state: standingState(action, moment), step: 0 });
  }
}
