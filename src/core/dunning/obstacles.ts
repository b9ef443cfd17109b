import type { Currency } from '../kernel/currency.ts';
import { addDays } from '../kernel/day.ts';
import type { Day } from '../kernel/day.ts';
import type { Progress } from './batch.ts';
import { closedBecause } from './contact-hours.ts';
import type { DecisionFacts, ProposedAction, WaitReason } from './decision.ts';
import type { Freshness, PendingAction } from './facts.ts';
import { pressureOf } from './pressure.ts';
import type { Channel } from './scenario.ts';
import type { Wait } from './standing.ts';

/** A message or a task that could go out now: its step (null for thanks), how, and the action that already stands for it. */
export type Attempt = { readonly step: number | null; readonly channel: Channel; readonly currency: Currency; readonly pending: PendingAction | null };

/** What keeps a message from going out today, `capReached` to `awaitingApproval`; null when nothing does. A check is not noticed by the customer: no cap is for it. */
export function cannotGo(progress: Progress, attempt: Attempt): Wait | null {
  const { policy } = progress;
  const wait: MakeWait = (reason, until, facts) => ({ reason, step: attempt.step, until, facts });
  const noticed = attempt.channel !== 'check';
  return (
    (noticed ? (dayTaken(progress, attempt, wait) ?? overCap(progress, attempt, wait)) : null) ??
    closed(progress, wait) ??
    stale('ledger', policy.ledger, wait) ??
    stale('bank', policy.bank, wait) ??
    waitingForAPerson(attempt, wait)
  );
}

type MakeWait = (reason: WaitReason, until: Day | null, facts: DecisionFacts) => Wait;

/** One action for an account, channel, currency and day; two levels never on one day, whatever the channel. */
function dayTaken(progress: Progress, { currency, channel, pending }: Attempt, wait: MakeWait): Wait | null {
  const { policy, account, actions } = progress;
  if (account.scenario.scope === 'item') return null;
  const sent = account.recentContacts.some((made) => made.on === policy.today && made.currency === currency);
  const planned = actions.some((action) => action.currency === currency && action.channel === channel);
  // What an earlier run of the day proposed takes the day as what this one does: run again, nothing new is proposed.
  const standing = account.items.some(({ currency: of, pendingAction: other }) =>
    of === currency && other !== null && other.proposedOn === policy.today && other.channel === channel && other.actionId !== pending?.actionId);
  return sent || planned || standing ? wait('capReached', addDays(policy.today, 1), { sameDay: true, channel }) : null;
}

/** How many contacts with the customer are proposed or wait to be made; a check is none. */
export function plannedContacts({ account, actions }: Progress, except: PendingAction | null): number {
  const pending = new Set<string>();
  for (const { pendingAction } of account.items) {
    if (pendingAction !== null && pendingAction.actionId !== except?.actionId) pending.add(pendingAction.actionId);
  }
  return pending.size + actions.filter(isNoticed).length;
}

const isNoticed = ({ channel }: ProposedAction): boolean => channel !== 'check';

function overCap(progress: Progress, { pending }: Attempt, wait: MakeWait): Wait | null {
  const { policy, account } = progress;
  const cap = policy.contactCap;
  if (cap === null) return null;
  const pressure = pressureOf(policy, account.recentContacts, plannedContacts(progress, pending));
  if (pressure.allowed) return null;
  return wait('capReached', pressure.until, {
    sameDay: false, contacts: pressure.contacts, contactsMax: cap.contacts, windowDays: cap.windowDays,
  });
}

function closed({ policy, account }: Progress, wait: MakeWait): Wait | null {
  const { place } = account.customer;
  const because = closedBecause(policy.closedDays, place, policy.today);
  if (because === null) return null;
  let next = addDays(policy.today, 1);
  while (closedBecause(policy.closedDays, place, next) !== null) next = addDays(next, 1);
  return wait('closedDay', next, { because });
}

function stale(source: 'ledger' | 'bank', age: Freshness | null, wait: MakeWait): Wait | null {
  if (age === null || (age.ageDays !== null && age.ageDays <= age.limitDays)) return null;
  const facts = age.ageDays === null ? { source, limitDays: age.limitDays } : { source, limitDays: age.limitDays, ageDays: age.ageDays };
  return wait('ledgerStale', null, facts);
}

function waitingForAPerson({ pending }: Attempt, wait: MakeWait): Wait | null {
  if (pending === null) return null;
  return wait('awaitingApproval', null, { actionId: pending.actionId, state: pending.state, pendingStep: pending.step });
}
