import type { Currency } from '../kernel/currency.ts';
import { dayFromNumber, dayNumber } from '../kernel/day.ts';
import type { Day } from '../kernel/day.ts';
import { addCopies } from './copies.ts';
import type { Decision, DecisionFacts, ListedItem, ProposedAction } from './decision.ts';
import type { AccountFacts, ItemFacts, PendingAction, PolicyFacts } from './facts.ts';
import { cannotGo } from './obstacles.ts';
import { recipientOf } from './recipient.ts';
import type { Recipient } from './recipient.ts';
import { isTask } from './scenario.ts';
import type { Step } from './scenario.ts';
import { accountFacts, itemFacts, minorText } from './standing.ts';
import type { Candidate, Wait } from './standing.ts';
import { dueOffset, readyDayNumber } from './steps.ts';

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
  const { currency, pending } = batch;
  const wait = recipient.found ? cannotGo(progress, { step: leader.step.number, channel: recipient.channel, currency, pending }) : unreachable(leader.step, recipient);
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

function act(progress: Progress, batch: Batch, of: { leader: Leader; recipient: Reached }): void {
  const { account, policy } = progress;
  const items = listed(account, batch.candidates, dayNumber(policy.today));
  const action = proposal(account, batch, { ...of, items });
  progress.actions.push(action);
  addCopies(progress, of.leader.step, action);
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
    ...anchorFacts(of.leader.step),
  };
  for (const candidate of batch.candidates) {
    const { item, asked } = candidate;
    progress.decisions.push({
      customerId: account.customer.id,
      itemId: item.itemId,
      document: item.document,
      do: 'act',
      reason: 'stepDue',
      step: action.step,
      until: null,
      actionKey: action.key,
      facts: Object.assign(candidateFacts(account, candidate), { asked: minorText(asked, currency) }, facts),
    });
  }
}

function unreachable(step: Step, recipient: Extract<Recipient, { found: false }>): Wait {
  const { reason, channel, bounced } = recipient;
  return { reason, step: step.number, until: null, facts: { channel, roles: step.contactRoles.join(' '), bounced } };
}

/** What a step counts its days from, when it is not the due date. */
const anchorFacts = ({ anchor }: Step): DecisionFacts => (anchor === 'dueDate' ? {} : { anchor });

/** Facts every decision on a candidate carries; "2 overdueTotal, 3 segment" are the steps passed over, and the condition of each that did not hold. */
function candidateFacts(account: AccountFacts, { item, daysLate, passedOver }: Candidate): ReturnType<typeof itemFacts> {
  const facts = itemFacts(item, daysLate);
  if (account.chosen !== undefined) Object.assign(facts, accountFacts(account));
  if (passedOver.length > 0) facts['passedOver'] = passedOver.map(({ step, because }) => `${step} ${because}`).join(', ');
  return facts;
}

function listed({ scenario }: AccountFacts, candidates: readonly Candidate[], today: number): ListedItem[] {
  const items = candidates.map(({ item, daysLate, asked, step }): ListedItem => {
    const credited = step !== null && readyDayNumber(item, step) <= today ? step : null;
    return {
      itemId: item.itemId,
      document: item.document,
      amount: asked,
      dueOn: item.dueOn,
      daysLate,
      creditedStep: credited === null ? null : credited.number,
      creditedKey: credited === null ? null : credited.key,
      creditedOffset: credited === null ? null : dueOffset(item, scenario, credited),
    };
  });
  return items.sort((a, b) => (a.dueOn !== b.dueOn ? (a.dueOn < b.dueOn ? -1 : 1) : Number(BigInt(a.itemId) - BigInt(b.itemId))));
}

type Making = { readonly leader: Leader; readonly recipient: Reached; readonly items: readonly ListedItem[] };

function proposal(account: AccountFacts, batch: Batch, making: Making): ProposedAction {
  const { customer, scenario } = account;
  const { leader, recipient, items } = making;
  const { step } = leader;
  const approval = step.approval === 'none' && batch.candidates.some(({ item }) => item.estimated) ? 'one' : step.approval;
  return {
    key: actionKey(account, batch.currency, making),
    customerId: customer.id,
    scenarioCode: scenario.code,
    scenarioVersion: scenario.version,
    purpose: 'dunning',
    copyOf: null,
    kind: isTask(recipient.channel) ? 'task' : 'message',
    channel: recipient.channel,
    contactId: recipient.contactId,
    role: recipient.role,
    step: step.number,
    offsetDays: dueOffset(leader.item, scenario, step),
    template: step.template,
    tone: step.tone,
    firmer: batch.candidates.some(({ firmer }) => firmer),
    anchorItemId: leader.item.itemId,
    items,
    currency: batch.currency,
    total: batch.total,
    unallocatedCredits: batch.credits,
    needsApproval: approval !== 'none',
    approval,
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
  const { item, asked, disputedPart } = candidate;
  const facts = Object.assign(candidateFacts(progress.account, candidate), wait.facts);
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
