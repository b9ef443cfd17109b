import { dayNumber, daysBetween } from '../kernel/day.ts';
import type { Currency } from '../kernel/currency.ts';
import { cannotGo } from './obstacles.ts';
import type { Progress } from './batch.ts';
import type { Decision, ListedItem, ProposedAction } from './decision.ts';
import type { AccountFacts, ItemFacts } from './facts.ts';
import { holdsOn } from './holds-in-force.ts';
import { recipientOf } from './recipient.ts';
import type { Recipient } from './recipient.ts';
import { isTask } from './scenario.ts';
import type { ThankYou } from './scenario.ts';
import { accountFacts, itemFacts, minorText } from './standing.ts';
import type { Wait } from './standing.ts';

/** Days after a payment in which thanks still sound sincere. */
export const THANKS_DAYS = 7;

/** Thanks for what money has settled: one message a currency, an action of its own, never beside something that stands against it. */
export function decideThanks(progress: Progress, settled: readonly ItemFacts[]): void {
  const { account, policy } = progress;
  const { thankYou } = account.scenario;
  if (thankYou === undefined || thankYou === null) return;
  const wanted = settled.filter((item) => {
    const since = item.settled === undefined ? -1 : daysBetween(item.settled.on, policy.today);
    return since >= 0 && since <= THANKS_DAYS && (!thankYou.onlyWhenReminded || item.lastStepDone !== null);
  });
  for (const [currency, items] of Map.groupBy(wanted, (item) => item.currency)) thank(progress, { thankYou, currency, items });
}

type Thanks = { readonly thankYou: ThankYou; readonly currency: Currency; readonly items: readonly ItemFacts[] };

function thank(progress: Progress, thanks: Thanks): void {
  const { account, policy } = progress;
  const { thankYou, currency, items } = thanks;
  const recipient = recipientOf(account, thankYou);
  const wait = standsAgainst(progress, items) ?? (recipient.found ? cannotGo(progress, {
    step: null, channel: recipient.channel, currency, pending: items.find(({ pendingAction }) => pendingAction !== null)?.pendingAction ?? null,
  }) : nobody(recipient));
  const action = wait === null && recipient.found ? proposal(account, { ...thanks, recipient }) : null;
  if (action !== null) progress.actions.push(action);
  for (const item of items) {
    const daysLate = dayNumber(policy.today) - dayNumber(item.dueOn);
    const facts = { ...itemFacts(item, daysLate), ...accountFacts(account), thankYou: true, settledOn: item.settled?.on ?? policy.today, channel: thankYou.channel };
    progress.decisions.push(action === null || wait !== null ? decision(progress, item, { reason: wait?.reason ?? 'paid', step: null, until: wait?.until ?? null, actionKey: null, facts: { ...facts, ...wait?.facts } })
      : decision(progress, item, { reason: 'thankYou', step: null, until: null, actionKey: action.key, facts: { ...facts, channel: action.channel, total: minorText(action.total, currency), listedItems: items.length } }));
  }
}

const decision = (progress: Progress, item: ItemFacts, rest: Pick<Decision, 'reason' | 'step' | 'until' | 'actionKey' | 'facts'>): Decision => ({
  customerId: progress.account.customer.id, itemId: item.itemId, document: item.document, do: rest.actionKey === null ? 'wait' : 'act', ...rest,
});

const nobody = (recipient: Extract<Recipient, { found: false }>): Wait => ({
  reason: recipient.reason, step: null, until: null, facts: { channel: recipient.channel, bounced: recipient.bounced },
});

/** Nobody is thanked for one invoice while another is late, in dispute or before a court, or while all is stopped. */
function standsAgainst({ policy, account }: Progress, items: readonly ItemFacts[]): Wait | null {
  const wait = (reason: Wait['reason'], facts: Wait['facts'] = {}): Wait => ({ reason, step: null, until: null, facts });
  if (account.inLegalCase) return wait('legal');
  if (policy.globalStop) return wait('paused', { scope: 'organisation' });
  for (const item of [...account.items, ...items]) {
    const holds = holdsOn(account, item, policy.today);
    if (holds.insolvency !== null) return wait('insolvent', { since: holds.insolvency.from });
    if (holds.pause !== null && holds.pause.itemId === null) return wait('paused', { scope: 'account' });
    if (item.settled === undefined && item.open > 0n && (holds.dispute !== null || holds.disputedPart > 0n)) return wait('paid', { thanksNot: 'dispute' });
  }
  const openDispute = account.holds.find(({ kind, from }) => kind === 'dispute' && from <= policy.today);
  if (openDispute !== undefined) return wait('paid', { thanksNot: 'dispute' });
  const overdue = account.items.some((item) => item.settled === undefined && item.open > 0n && item.dueOn < policy.today);
  return overdue ? wait('paid', { thanksNot: 'overdue' }) : null;
}

type Making = Thanks & { readonly recipient: Extract<Recipient, { found: true }> };

/** The key names the newest payment: a payment is thanked for once, however often it is decided on. */
function proposal(account: AccountFacts, making: Making): ProposedAction | null {
  const { thankYou, currency, items, recipient } = making;
  const newest = items.reduce<ItemFacts | null>((last, item) => (last === null || isNewer(item, last) ? item : last), null);
  if (newest?.settled === undefined) return null;
  const { customer, scenario } = account;
  const listed = items.map((item): ListedItem => ({
    itemId: item.itemId, document: item.document, amount: item.amount, dueOn: item.dueOn, daysLate: Math.max(0, daysBetween(item.dueOn, item.settled?.on ?? item.dueOn)),
    creditedStep: null, creditedKey: null, creditedOffset: null,
  }));
  return {
    key: [customer.id, currency, 'thanks', newest.settled.payment, recipient.channel].join('/'),
    customerId: customer.id, scenarioCode: scenario.code, scenarioVersion: scenario.version, purpose: 'thankYou', copyOf: null, kind: isTask(recipient.channel) ? 'task' : 'message',
    channel: recipient.channel, contactId: recipient.contactId, role: recipient.role, step: 0, offsetDays: 0, template: thankYou.template, tone: 'friendly', firmer: false,
    anchorItemId: newest.itemId, items: listed, currency, total: items.reduce((sum, { amount }) => sum + amount, 0n), unallocatedCredits: 0n, needsApproval: false, approval: 'none',
    formalNotice: false, chargesAllowed: false,
  };
}

function isNewer(item: ItemFacts, than: ItemFacts): boolean {
  if (item.settled === undefined || than.settled === undefined) return false;
  if (item.settled.on !== than.settled.on) return item.settled.on > than.settled.on;
  return BigInt(item.settled.payment) > BigInt(than.settled.payment);
}
