import { mayContactAt } from '#core/dunning/contact-hours.ts';
import { decideAccount } from '#core/dunning/decide.ts';
import type { ProposedAction } from '#core/dunning/decision.ts';
import type { AccountFacts } from '#core/dunning/facts.ts';
import { localTime } from '#core/dunning/local-time.ts';
import { pressureOf } from '#core/dunning/pressure.ts';
import { CHANNELS } from '#core/dunning/scenario.ts';
import { daysBetween } from '#core/kernel/day.ts';
import type { LockedAction } from './claim.ts';
import type { Ground } from './ground.ts';

/** Whether an action may leave now. `later` keeps it approved for another time; `cancel` and `expire` end it with their reason. */
export type Verdict = { readonly go: 'now' } | { readonly go: 'later' | 'cancel' | 'expire'; readonly reason: string };

const NOW: Verdict = { go: 'now' };

/** Reasons that pass by themselves; everything else means that what was approved is no longer what should be said. */
const PASSING: ReadonlySet<string> = new Set(['closedDay', 'capReached', 'ledgerStale', 'paymentPending']);

/** Of these, the ones an old approval does not outlive: the run proposes the step anew when it can be done again. */
const NOT_OUTLIVED: ReadonlySet<string> = new Set(['capReached', 'paymentPending']);

/**
 * Asks everything again under lock. What the organisation stopped, test mode, the second person and the hours hold it back; then
 * the engine must propose the same action with the same items and amounts, to the same address, as if this one did not stand; then
 * the customer must have room for one more contact. An approval older than the setting's days ends instead of waiting on or being
 * overtaken: the next run proposes the step that is due then.
 */
export function recheck(ground: Ground, action: LockedAction): Verdict {
  const held = heldBack(ground, action);
  if (held !== null) return held;
  const wanted = stillWanted(ground, action);
  const verdict = wanted.go === 'now' ? (crowded(ground, action) ?? wanted) : wanted;
  if (!isOld(ground, action) || verdict.go === 'now') return verdict;
  if (verdict.go === 'cancel' || NOT_OUTLIVED.has(verdict.reason)) return { go: 'expire', reason: verdict.reason };
  return verdict;
}

/** Whether the approval is so old that it is looked at again. */
export const isOld = ({ policy }: Ground, { approvedOn }: LockedAction): boolean =>
  approvedOn !== null && daysBetween(approvedOn, policy.facts.today) > policy.sending.approvalDays;

const later = (reason: string): Verdict => ({ go: 'later', reason });

function heldBack(ground: Ground, action: LockedAction): Verdict | null {
  const { settings, sending } = ground.policy;
  if (settings.globalStop) return later('globalStop');
  if (sending.testAddress === null && action.test) return { go: 'cancel', reason: 'testModeLeft' };
  if (sending.testAddress !== null && !action.test && action.stored) return later('testMode');
  if (ground.halted && action.channel === 'email') return later('breakerOpen');
  if (sending.fourEyes && action.formalNotice && action.approvalsNeeded < 2) return later('secondApproval');
  return quiet(ground, action);
}

/**
 * Whether it is no hour to reach the customer where it is. The engine judges by the organisation's day: where that day has not begun, a
 * promise may still run and nothing leaves, on no channel. Letters are read when they are opened, so hours are not theirs; a test reaches nobody.
 */
function quiet({ policy, accounts, at }: Ground, action: LockedAction): Verdict | null {
  const customer = accounts.get(action.customerId)?.customer;
  if (at === null || customer === undefined || policy.sending.testAddress !== null) return null;
  const there = localTime(customer.place, at).day;
  if (there < policy.facts.today) return later('dayToCome');
  if (action.channel === 'letter' || action.channel === 'registeredLetter') return null;
  const contactable = mayContactAt(policy.facts, { ...customer.place, kind: customer.kind }, at);
  if (contactable.may) return null;
  // A day that is closed is the engine's to say, with what else has become of the action; a day that is another one there it knows nothing of.
  return contactable.because === 'hours' ? later('quietHours') : there === policy.facts.today ? null : later('closedDay');
}

function stillWanted(ground: Ground, action: LockedAction): Verdict {
  const account = accountWithout(ground, action);
  if (account === null) return { go: 'cancel', reason: 'paid' };
  // The budget is weighed apart: of other approved actions of the customer only those that left count against this one.
  const { decisions, actions } = decideAccount({ ...ground.policy.facts, contactCap: null }, account);
  const again = actions.find(({ key }) => key === action.actionKey);
  if (again !== undefined) return sameAs(action, again, account);
  const listed = decisions.filter(({ itemId }) => action.listed.has(itemId));
  const gone = listed.length < action.listed.size;
  const waits = listed.filter((decision) => decision.do === 'wait');
  const reason = gone ? 'paid' : (waits[0]?.reason ?? 'changed');
  if (!gone && waits.length === listed.length && waits.every((one) => PASSING.has(one.reason))) return { go: 'later', reason };
  return { go: 'cancel', reason };
}

function sameAs(action: LockedAction, again: ProposedAction, account: AccountFacts): Verdict {
  for (const [itemId, amount] of action.listed) {
    const now = again.items.find((item) => item.itemId === itemId);
    if (now === undefined) return { go: 'cancel', reason: account.items.some((item) => item.itemId === itemId) ? 'held' : 'paid' };
    if (now.amount !== amount) return { go: 'cancel', reason: 'amountChanged' };
  }
  const contact = account.contacts.find(({ contactId }) => contactId === again.contactId);
  if (again.contactId !== action.contactId) return { go: 'cancel', reason: 'contactChanged' };
  if (action.channel === 'email' && (contact?.email ?? null) !== action.recipient) return { go: 'cancel', reason: 'contactChanged' };
  return NOW;
}

/**
 * Whether the customer was contacted enough: the budget of any window, whoever made the contacts, and, of what an earlier day left
 * over (an outage, a rate), one contact a day. A copy goes with its message.
 */
function crowded({ policy, contacts }: Ground, action: LockedAction): Verdict | null {
  const made = contacts.get(action.customerId) ?? [];
  if (!pressureOf(policy.facts, made, 0).allowed) return later('capReached');
  if (action.copy) return null;
  const today = made.filter(({ on }) => on === policy.facts.today);
  if (today.some(({ leftOver }) => leftOver)) return later('oneContactADay');
  return today.length > 0 && isLeftOver(policy.facts.today, action) ? later('oneContactADay') : null;
}

const isLeftOver = (today: string, { approvedOn }: LockedAction): boolean => approvedOn !== null && approvedOn < today;

/** Counts an action that is about to leave among its customer's contacts of today. */
export function noteLeaving({ policy, contacts }: Ground, action: LockedAction): void {
  const { today } = policy.facts;
  const made = contacts.get(action.customerId) ?? [];
  const channel = CHANNELS.find((known) => known === action.channel) ?? 'letter';
  contacts.set(action.customerId, [...made, { channel, on: today, currency: action.currency, leftOver: isLeftOver(today, action) }]);
}

/** The account as the engine would see it had this action not been proposed, with every contact made up to now. */
function accountWithout({ accounts, contacts }: Ground, action: LockedAction): AccountFacts | null {
  const account = accounts.get(action.customerId);
  if (account === undefined) return null;
  return {
    ...account, recentContacts: contacts.get(action.customerId) ?? [],
    items: account.items.map((item) => (item.pendingAction?.actionId === action.actionId ? { ...item, pendingAction: null } : item)),
  };
}
