import { addDays, day } from '../kernel/day.ts';
import type { Day } from '../kernel/day.ts';
import { parseId } from '../kernel/id.ts';
import type { Id } from '../kernel/id.ts';
import { decimal, money } from '../kernel/money.ts';
import { decideAccount } from './decide.ts';
import { afterSending } from './next-days.ts';
import type { AccountDecisions, Decision, ProposedAction } from './decision.ts';
import type { AccountFacts, ContactFacts, HoldFacts, ItemFacts, PolicyFacts } from './facts.ts';
import { STANDARD_SCENARIO } from './ready-scenarios.ts';
import type { ScenarioVersion, Step } from './scenario.ts';

/** Builds an id for a test or an example; throws when it is not a positive whole number. */
export function givenId<Kind extends string>(value: number): Id<Kind> {
  const id = parseId<Kind>(value.toString());
  if (id === null) throw new Error(`not an id: ${value}`);
  return id;
}

/** An invoice F-1 of 1 000.00 EUR due on Monday 2 March 2026, with what differs. */
export function givenItem(rest: Partial<ItemFacts> & { readonly number?: number } = {}): ItemFacts {
  const { number = 1, ...facts } = rest;
  const dueOn = facts.dueOn ?? day('2026-03-02');
  const amount = facts.amount ?? facts.open ?? 100_000n;
  return {
    itemId: givenId(number),
    document: `F-${number}`,
    kind: 'invoice',
    currency: 'EUR',
    amount,
    open: amount,
    issuedOn: addDays(dueOn, -30),
    dueOn,
    firstSeenOn: addDays(dueOn, -30),
    estimated: false,
    lastStepDone: null,
    pendingAction: null,
    round: 0,
    ...facts,
  };
}

/** A hold on the whole account from 1 January 2026 until somebody ends it, with what differs. */
export function givenHold(kind: HoldFacts['kind'], rest: Partial<HoldFacts> = {}): HoldFacts {
  return {
    holdId: givenId(1), kind, itemId: null, items: null, amount: null, from: day('2026-01-01'), until: null, graceDays: 0, creditNoteExpected: false, ...rest,
  };
}

/** Someone of accounts payable who can be reached in every way, with what differs. */
export function givenContact(rest: Partial<ContactFacts> = {}): ContactFacts {
  return {
    contactId: givenId(1),
    roles: ['accountsPayable'],
    email: 'compta@client.example',
    phone: '+33100000000',
    hasPostalAddress: true,
    refusedChannels: [],
    bouncedChannels: [],
    ...rest,
  };
}

/** A professional in Paris on the standard scenario, with one item and one contact, with what differs. */
export function givenAccount(rest: Partial<AccountFacts> = {}): AccountFacts {
  return {
    customer: {
      id: givenId(7), code: 'C7', name: 'Client', kind: 'business', language: 'fr', place: { country: 'FR', postalCode: '75011' }, hasPostalAddress: true,
    },
    scenario: STANDARD_SCENARIO,
    items: [givenItem()],
    credits: [],
    pendingPayments: [],
    holds: [],
    contacts: [givenContact()],
    inLegalCase: false,
    recentContacts: [],
    ...rest,
  };
}

/** Fresh imports, no cap, nothing stopped, with what differs. */
export function givenPolicy(today: string, rest: Partial<PolicyFacts> = {}): PolicyFacts {
  return {
    today: day(today),
    ledger: { ageDays: 0, limitDays: 1 },
    bank: { ageDays: 0, limitDays: 3 },
    closedDays: [],
    contactCap: null,
    globalStop: false,
    ...rest,
  };
}

/** A step of the standard scenario: 1 is the notice, 2 the first reminder, 5 the formal notice. */
export function givenStep(number: number): Step {
  const step = STANDARD_SCENARIO.steps.find((candidate) => candidate.number === number);
  if (step === undefined) throw new Error(`no step ${number}`);
  return step;
}

/** The standard scenario when nothing replaces a channel that cannot be used. */
export const WITHOUT_FALLBACK: ScenarioVersion = {
  ...STANDARD_SCENARIO,
  steps: STANDARD_SCENARIO.steps.map((step) => Object.assign({ ...step }, { fallbackChannel: step.channel })),
};

/** What a step done on a day leaves on an item. */
export function givenStepDone(step: Step, doneOn: string, version = 1): NonNullable<ItemFacts['lastStepDone']> {
  return { number: step.number, offsetDays: step.offsetDays, doneOn: day(doneOn), scenarioCode: 'standard', scenarioVersion: version };
}

/** A function that decides like `decideAccount`: the real one, or one with a planted bug. */
export type Decide = (policy: PolicyFacts, account: AccountFacts) => AccountDecisions;

/** How the days go by: what happens to the account on some mornings, and the nights nothing was run. */
export type Days = {
  readonly from: string;
  readonly to: string;
  readonly policy?: Partial<PolicyFacts>;
  readonly morning?: (account: AccountFacts, today: Day) => AccountFacts;
  readonly missed?: (today: Day) => boolean;
  readonly decide?: Decide;
};

/** Lets days pass, every action being accepted at once: a line a message, "2026-03-09 step 2 email F-1 1000.00". */
export function timeline(account: AccountFacts, days: Days): string[] {
  const lines: string[] = [];
  let current = account;
  for (let today = day(days.from); today <= day(days.to); today = addDays(today, 1)) {
    current = days.morning?.(current, today) ?? current;
    if (days.missed?.(today) === true) continue;
    const { actions } = (days.decide ?? decideAccount)(givenPolicy(today, days.policy), current);
    for (const action of actions) lines.push(line(action, today));
    current = afterSending(current, actions, today);
  }
  return lines;
}

const line = (action: ProposedAction, today: Day): string => {
  const documents = action.items.map(({ document, creditedStep }) => (creditedStep === null ? `(${document})` : document)).join('+');
  const total = decimal(money(action.total, action.currency));
  return `${today} step ${action.step} ${action.channel} ${documents} ${total}${action.firmer ? ' firmer' : ''}`;
};

/** The decision for an item by its number, or an error when it has none or several. */
export function decisionOf(decided: AccountDecisions, number = 1): Decision {
  const [decision, ...more] = decided.decisions.filter(({ itemId }) => itemId === number.toString());
  if (decision === undefined || more.length > 0) throw new Error(`item ${number} has ${more.length + (decision === undefined ? 0 : 1)} decisions`);
  return decision;
}
