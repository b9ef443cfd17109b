import { dayNumber } from '../kernel/day.ts';
import type { Progress } from './batch.ts';
import type { ListedItem, ProposedAction } from './decision.ts';
import type { ItemFacts, StandingCopy } from './facts.ts';
import { closedBecause } from './contact-hours.ts';
import { plannedContacts } from './obstacles.ts';
import { pressureOf } from './pressure.ts';
import { canReach, copyRecipients } from './recipient.ts';
import type { Step } from './scenario.ts';
import { askedOf } from './standing.ts';

/** Adds the copies of a message just proposed: each is a contact of its own, and the ones the cap has no room for are left out. Tasks have none. */
export function addCopies(progress: Progress, step: Step, main: ProposedAction): void {
  if (step.copyRoles === undefined || main.kind === 'task') return;
  const { account, policy, actions } = progress;
  for (const { contactId, role } of copyRecipients(account, step, main)) {
    if (!pressureOf(policy, account.recentContacts, plannedContacts(progress, null)).allowed) return;
    actions.push({ ...main, key: `${main.key}/copy/${contactId}`, purpose: 'copy', copyOf: main.key, contactId, role, items: main.items.map(uncredited) });
  }
}

/** A copy does no step: its message does. */
const uncredited = (item: ListedItem): ListedItem => ({ ...item, creditedStep: null, creditedKey: null, creditedOffset: null });

/**
 * Proposes again the copies that stand and may leave now, so that the hand-off can compare: every item still asks for the same, nothing holds
 * it, the contact can be reached, the day is open and the cap has room. One that may not is not proposed.
 */
export function decideCopies(progress: Progress, copies: readonly StandingCopy[]): void {
  for (const copy of copies) {
    const action = again(progress, copy);
    if (action !== null) progress.actions.push(action);
  }
}

function again(progress: Progress, copy: StandingCopy): ProposedAction | null {
  const { account, policy } = progress;
  const { scenario, customer } = account;
  const step = scenario.steps.find(({ number }) => number === copy.step);
  const contact = account.contacts.find(({ contactId }) => contactId === copy.contactId);
  if (step === undefined || contact === undefined || !canReach(contact, copy.channel)) return null;
  const fresh = [policy.ledger, policy.bank].every((age) => age === null || (age.ageDays !== null && age.ageDays <= age.limitDays));
  if (!fresh || closedBecause(policy.closedDays, customer.place, policy.today) !== null) return null;
  if (!pressureOf(policy, account.recentContacts, 0).allowed) return null;
  const items: ListedItem[] = [];
  for (const { itemId, amount } of copy.items) {
    const item = account.items.find((candidate) => candidate.itemId === itemId);
    if (item === undefined || askedOf(policy, account, item) !== amount) return null;
    items.push({ itemId, document: item.document, amount, dueOn: item.dueOn, daysLate: lateness(progress, item), creditedStep: null, creditedKey: null, creditedOffset: null });
  }
  const [first] = items;
  const main = account.items.find(({ itemId }) => itemId === first?.itemId);
  if (first === undefined || main === undefined) return null;
  const total = items.reduce((sum, { amount }) => sum + amount, 0n);
  const credits = account.credits.reduce((sum, { currency, amount }) => (currency === main.currency ? sum + amount : sum), 0n);
  if (credits >= total) return null;
  return {
    key: copy.key, customerId: customer.id, scenarioCode: scenario.code, scenarioVersion: scenario.version, purpose: 'copy', copyOf: null, kind: 'message', channel: copy.channel,
    contactId: copy.contactId, role: copy.role, step: step.number, offsetDays: step.offsetDays, template: step.template, tone: step.tone, firmer: false, anchorItemId: first.itemId, items,
    currency: main.currency, total, unallocatedCredits: credits, needsApproval: step.approval !== 'none', approval: step.approval,
    formalNotice: step.formalNotice, chargesAllowed: customer.kind !== 'consumer',
  };
}

const lateness = ({ policy }: Progress, item: ItemFacts): number => dayNumber(policy.today) - dayNumber(item.dueOn);
