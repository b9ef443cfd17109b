import type { Currency } from '../kernel/currency.ts';
import { addDays, dayFromNumber, dayNumber, weekday } from '../kernel/day.ts';
import type { Day } from '../kernel/day.ts';
import { isWorkingDay } from '../ledger/calendar.ts';
import type { Decision, DecisionFacts, ListedItem, ProposedAction, WaitReason } from './decision.ts';
import type { AccountFacts, Freshness, ItemFacts, PendingAction, PolicyFacts } from './facts.ts';
import { pressureOf } from './pressure.ts';
import { recipientOf } from './recipient.ts';
import type { Recipient } from './recipient.ts';
import type { Step } from './scenario.ts';
import { itemFacts, minorText } from './standing.ts';
import type { Candidate, Wait } from './standing.ts';
import { readyDayNumber } from './steps.ts';

/** What goes out together, or waits together: all overdue items of a currency, its notices, or one item. */
export type Batch = {
  readonly currency: Currency;
  /** At least one. */
  readonly candidates: readonly Candidate[];
  /** Minor units: the sum of what the candidates ask. */
  readonly total: bigint;
  /** Minor units of credits not allocated. */
  readonly credits: bigint;
  readonly pending: PendingAction | null;
};

/** The account's decisions and actions so far in this evaluation. */
export type Progress = {
  readonly policy: PolicyFacts;
  readonly account: AccountFacts;
  readonly decisions: Decision[];
  readonly actions: ProposedAction[];
};

/** The item whose step the batch has. */
type Leader = { readonly item: ItemFacts; readonly step: Step };

type Reached = Extract<Recipient, { found: true }>;

/** The checks that look at the message as a whole, `stepDone` to `awaitingApproval`, then the action. Adds to `progress`. */
export function decideBatch(progress: Progress, batch: Batch): void {
  const leader = leaderOf(batch.candidates);
  if (leader === null) {
    for (const candidate of batch.candidates) progress.decisions.push(waiting(progress, candidate, finished(candidate)));
    return;
  }
  const readyOn = readyDayNumber(leader.item, leader.step);
  if (readyOn > dayNumber(progress.policy.today)) {
    const until = dayFromNumber(readyOn);
    for (const candidate of batch.candidates) progress.decisions.push(waiting(progress, candidate, notYet(candidate, leader, until)));
    return;
  }
  const recipient = recipientOf(progress.account, leader.step);
  const wait = recipient.found ? cannotGo(progress, batch, { step: leader.step, recipient }) : unreachable(leader.step, recipient);
  if (wait !== null) for (const candidate of batch.candidates) progress.decisions.push(waiting(progress, candidate, wait));
  else if (recipient.found) act(progress, batch, { leader, recipient });
}

/** The most advanced item; of several at one step the oldest. Null when the scenario has nothing more for any of them. */
function leaderOf(candidates: readonly Candidate[]): Leader | null {
  let leader: Leader | null = null;
  for (const { item, step } of candidates) {
    if (step !== null && (leader === null || leads({ item, step }, leader))) leader = { item, step };
  }
  return leader;
}

function leads(candidate: Leader, leader: Leader): boolean {
  const ahead = candidate.step.number - leader.step.number;
  if (ahead !== 0) return ahead > 0;
  if (candidate.item.dueOn !== leader.item.dueOn) return candidate.item.dueOn < leader.item.dueOn;
  return BigInt(candidate.item.itemId) < BigInt(leader.item.itemId);
}

function finished(candidate: Candidate): Wait {
  return { reason: 'stepDone', step: null, until: null, facts: { ...lastStep(candidate), scenarioFinished: true } };
}

function notYet(candidate: Candidate, leader: Leader, until: Day): Wait {
  const facts = { ...lastStep(candidate), nextStep: leader.step.number, nextStepOn: until, nextStepOf: leader.item.document };
  return { reason: 'stepDone', step: leader.step.number, until, facts };
}

function lastStep(candidate: Candidate): DecisionFacts {
  const done = candidate.item.lastStepDone;
  return done === null ? {} : { lastStep: done.number, lastStepOn: done.doneOn };
}

function cannotGo(progress: Progress, batch: Batch, attempt: { step: Step; recipient: Reached }): Wait | null {
  const { step, recipient } = attempt;
  const wait = (reason: WaitReason, until: Day | null, facts: DecisionFacts): Wait => ({ reason, step: step.number, until, facts });
  const { policy } = progress;
  return (
    dayTaken(progress, batch, { reached: recipient, wait }) ??
    overCap(progress, batch, wait) ??
    closed(progress, wait) ??
    stale('ledger', policy.ledger, wait) ??
    stale('bank', policy.bank, wait) ??
    waitingForAPerson(batch, wait)
  );
}

type MakeWait = (reason: WaitReason, until: Day | null, facts: DecisionFacts) => Wait;

function unreachable(step: Step, recipient: Extract<Recipient, { found: false }>): Wait {
  const { reason, channel, bounced } = recipient;
  return { reason, step: step.number, until: null, facts: { channel, roles: step.contactRoles.join(' '), bounced } };
}

/** One action for an account, channel, currency and day; two levels never on one day, whatever the channel. */
function dayTaken(progress: Progress, batch: Batch, how: { reached: Reached; wait: MakeWait }): Wait | null {
  const { policy, account, actions } = progress;
  if (account.scenario.scope === 'item') return null;
  const sent = account.recentContacts.some(({ on, currency }) => on === policy.today && currency === batch.currency);
  const planned = actions.some(({ currency, channel }) => currency === batch.currency && channel === how.reached.channel);
  return sent || planned ? how.wait('capReached', addDays(policy.today, 1), { sameDay: true, channel: how.reached.channel }) : null;
}

function overCap(progress: Progress, batch: Batch, wait: MakeWait): Wait | null {
  const { policy, account, actions } = progress;
  const cap = policy.contactCap;
  if (cap === null) return null;
  const pending = new Set<string>();
  for (const { pendingAction } of account.items) {
    if (pendingAction !== null && pendingAction.actionId !== batch.pending?.actionId) pending.add(pendingAction.actionId);
  }
  const pressure = pressureOf(policy, account.recentContacts, pending.size + actions.length);
  if (pressure.allowed) return null;
  return wait('capReached', pressure.until, {
    sameDay: false, contacts: pressure.contacts, contactsMax: cap.contacts, windowDays: cap.windowDays,
  });
}

const FIRST_WEEKEND_DAY = 6;

function closed(progress: Progress, wait: MakeWait): Wait | null {
  const { policy, account } = progress;
  if (isOpen(policy, account, policy.today)) return null;
  let next = addDays(policy.today, 1);
  while (!isOpen(policy, account, next)) next = addDays(next, 1);
  const byOrganisation = policy.closedDays.includes(policy.today);
  const because = byOrganisation ? 'organisation' : weekday(policy.today) >= FIRST_WEEKEND_DAY ? 'weekend' : 'publicHoliday';
  return wait('closedDay', next, { because });
}

const isOpen = (policy: PolicyFacts, account: AccountFacts, day: Day): boolean =>
  isWorkingDay(day, account.customer.place) && !policy.closedDays.includes(day);

function stale(source: 'ledger' | 'bank', age: Freshness | null, wait: MakeWait): Wait | null {
  if (age === null || (age.ageDays !== null && age.ageDays <= age.limitDays)) return null;
  const facts = age.ageDays === null ? { source, limitDays: age.limitDays } : { source, limitDays: age.limitDays, ageDays: age.ageDays };
  return wait('ledgerStale', null, facts);
}

function waitingForAPerson(batch: Batch, wait: MakeWait): Wait | null {
  const { pending } = batch;
  if (pending === null) return null;
  return wait('awaitingApproval', null, { actionId: pending.actionId, state: pending.state, pendingStep: pending.step });
}

function act(progress: Progress, batch: Batch, of: { leader: Leader; recipient: Reached }): void {
  const { account, policy } = progress;
  const items = listed(batch.candidates, dayNumber(policy.today));
  const action = proposal(account, batch, { ...of, items });
  progress.actions.push(action);
  const { currency } = batch;
  const facts = {
    channel: action.channel,
    offsetDays: of.leader.step.offsetDays,
    listedItems: items.length,
    total: minorText(batch.total, currency),
    formalNotice: action.formalNotice,
    firmer: action.firmer,
    needsApproval: action.needsApproval,
    stepOf: of.leader.item.document,
  };
  for (const candidate of batch.candidates) {
    const { item, daysLate, asked } = candidate;
    progress.decisions.push({
      customerId: account.customer.id,
      itemId: item.itemId,
      document: item.document,
      do: 'act',
      reason: 'stepDue',
      step: action.step,
      until: null,
      actionKey: action.key,
      facts: Object.assign(itemFacts(item, daysLate), { asked: minorText(asked, currency) }, facts),
    });
  }
}

function listed(candidates: readonly Candidate[], today: number): ListedItem[] {
  const items = candidates.map(({ item, daysLate, asked, step }): ListedItem => ({
    itemId: item.itemId,
    document: item.document,
    amount: asked,
    dueOn: item.dueOn,
    daysLate,
    creditedStep: step !== null && readyDayNumber(item, step) <= today ? step.number : null,
  }));
  return items.sort((a, b) => (a.dueOn !== b.dueOn ? (a.dueOn < b.dueOn ? -1 : 1) : Number(BigInt(a.itemId) - BigInt(b.itemId))));
}

type Making = { readonly leader: Leader; readonly recipient: Reached; readonly items: readonly ListedItem[] };

function proposal(account: AccountFacts, batch: Batch, making: Making): ProposedAction {
  const { customer, scenario } = account;
  const { leader, recipient, items } = making;
  const { step } = leader;
  return {
    key: actionKey(account, batch.currency, making),
    customerId: customer.id,
    scenarioCode: scenario.code,
    scenarioVersion: scenario.version,
    channel: recipient.channel,
    contactId: recipient.contactId,
    role: recipient.role,
    step: step.number,
    template: step.template,
    tone: step.tone,
    firmer: batch.candidates.some(({ firmer }) => firmer),
    anchorItemId: leader.item.itemId,
    items,
    currency: batch.currency,
    total: batch.total,
    unallocatedCredits: batch.credits,
    needsApproval: step.needsApproval || batch.candidates.some(({ item }) => item.estimated),
    formalNotice: step.formalNotice,
    chargesAllowed: customer.kind !== 'consumer',
  };
}

/** The key says what is done, never when: the same facts on another day, or a second evaluation, give the same text. */
function actionKey(account: AccountFacts, currency: Currency, making: Making): string {
  const { customer, scenario } = account;
  const { leader, recipient } = making;
  const cycle = `${leader.item.itemId}.${leader.item.round}`;
  const parts = [customer.id, currency, scenario.code, leader.step.number, recipient.channel, cycle, recipient.role ?? 'postal'];
  return (scenario.scope === 'item' ? [...parts, leader.item.itemId] : parts).join('/');
}

function waiting(progress: Progress, candidate: Candidate, wait: Wait): Decision {
  const { item, daysLate, asked, disputedPart } = candidate;
  const facts = Object.assign(itemFacts(item, daysLate), wait.facts);
  if (disputedPart > 0n) Object.assign(facts, { asked: minorText(asked, item.currency) });
  return {
    customerId: progress.account.customer.id,
    itemId: item.itemId,
    document: item.document,
    do: 'wait',
    reason: wait.reason,
    step: wait.step,
    until: wait.until,
    actionKey: null,
    facts,
  };
}
