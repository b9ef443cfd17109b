import type { Currency } from '../kernel/currency.ts';
import { addDays } from '../kernel/day.ts';
import type { Day } from '../kernel/day.ts';
import { chooseScenario } from './assignment.ts';
import type { DoneSoFar } from './done-so-far.ts';
import { NOTHING_DONE } from './done-so-far.ts';
import type { AccountFacts, ContactFacts, CreditFacts, ItemFacts, PendingPayment } from './facts.ts';
import { knownAt, settledBy, valueAt } from './history.ts';
import { isOnItsWay } from '../matching/money-announced.ts';
import type { AccountHistory, AllocationHistory, Ground, ItemHistory, Moment } from './history.ts';
import { underTest } from './hold-out.ts';
import { holdsAt } from './holds-then.ts';
import type { ScenarioVersion } from './scenario.ts';
import { THANKS_DAYS } from './thanks.ts';

/**
 * A customer account as it was known at a moment, with what was done to it by then: the facts a run of that moment decided on. Null when it
 * owed nothing that could be chased and nothing was to be thanked for. Pure: explanations of past days and replays ask the same question.
 */
export function accountAt(history: AccountHistory, ground: Ground, of: { moment: Moment; done: DoneSoFar }): AccountFacts | null {
  const { moment, done } = of;
  if (!knownAt(history.known, moment.at)) return null;
  const items: ItemFacts[] = [];
  const settled: ItemFacts[] = [];
  const thanks = thanksSomebody(ground);
  for (const item of history.items) {
    if (item.issuedOn > moment.today || !knownAt(item.known, moment.at)) continue;
    const open = item.amount - settledBy(item.allocations, moment);
    if (open > 0n) items.push(openItem(item, { open, of, ground }));
    else if (thanks && open === 0n) addSettled(settled, item, of);
  }
  if (items.length === 0 && settled.length === 0) return null;
  items.sort((a, b) => (a.dueOn === b.dueOn ? Number(BigInt(a.itemId) - BigInt(b.itemId)) : a.dueOn < b.dueOn ? -1 : 1));
  const customer = valueAt(history.customer, moment.at);
  return {
    customer, ...scenarioAt(history, ground, { moment, items }), segment: valueAt(history.segment, moment.at), items: [...items, ...settled], credits: creditsAt(history, moment),
    pendingPayments: pendingAt(history, moment), holds: holdsAt(history, moment, customer.place), contacts: contactsAt(history, moment), inLegalCase: history.inLegalCase,
    recentContacts: done.contacts,
  };
}

const thanksSomebody = ({ scenarios }: Ground): boolean => {
  for (const { thankYou } of scenarios.values()) if (thankYou !== undefined && thankYou !== null) return true;
  return false;
};

type Then = { readonly moment: Moment; readonly done: DoneSoFar };

function openItem(item: ItemHistory, then: { open: bigint; of: Then; ground: Ground }): ItemFacts {
  const { of, ground } = then;
  const done = of.done.items.get(item.itemId) ?? NOTHING_DONE;
  const chosen = valueAt(item.scenario, of.moment.at);
  return {
    itemId: item.itemId, document: item.document, kind: item.kind, currency: item.currency, amount: item.amount, open: then.open, issuedOn: item.issuedOn, dueOn: valueAt(item.dueOn, of.moment.at),
    firstSeenOn: item.firstSeenOn, estimated: item.estimated, lastStepDone: done.done, pendingAction: done.pending, round: done.round,
    ...(done.done === null ? {} : { doneKeys: done.keys, furthestOffset: done.furthest ?? done.done.offsetDays }),
    ...(chosen === null ? {} : { scenario: versionOf(ground, chosen) }),
  };
}

/** Adds an item that a receipt settled within the days in which one thanks, unless it or its payment was thanked for. */
function addSettled(settled: ItemFacts[], item: ItemHistory, { moment, done }: Then): void {
  const since = addDays(moment.today, -THANKS_DAYS);
  let last: AllocationHistory | null = null;
  for (const one of item.allocations) {
    if (one.by !== 'receipt' || one.reverses !== null || one.at > moment.at || one.on > moment.today || one.on < since || isReversed(item, one, moment)) continue;
    if (last === null || one.on > last.on || (one.on === last.on && one.id > last.id)) last = one;
  }
  if (last === null) return;
  const standing = done.thanksStanding.get(item.itemId) ?? null;
  if (standing === null && (done.thanked.has(item.itemId) || done.thanked.has(`payment ${last.credit}`))) return;
  settled.push({
    itemId: item.itemId, document: item.document, kind: 'other', currency: item.currency, amount: item.amount, open: 0n, issuedOn: item.issuedOn, dueOn: valueAt(item.dueOn, moment.at),
    firstSeenOn: item.firstSeenOn, estimated: item.estimated, lastStepDone: done.items.get(item.itemId)?.done ?? null, pendingAction: standing, round: 0, settled: { payment: last.credit, on: last.on },
  });
}

const isReversed = (item: ItemHistory, allocation: AllocationHistory, { at }: Moment): boolean => item.allocations.some(({ reverses, at: when }) => reverses === allocation.id && when <= at);

/** The scenario of the account at a moment and what chose it, by the rules, the segment, the version and the tests of then. */
function scenarioAt(history: AccountHistory, ground: Ground, { moment, items }: { moment: Moment; items: readonly ItemFacts[] }): Pick<AccountFacts, 'scenario' | 'chosen' | 'arm' | 'holdOut'> {
  const customer = valueAt(history.customer, moment.at);
  const openTotal = (currency: Currency): bigint => items.reduce((sum, item) => (item.currency === currency ? sum + item.open : sum), 0n);
  const subject = { segment: valueAt(history.segment, moment.at), kind: customer.kind, language: customer.language, country: customer.place.country, account: customer.code, openTotal };
  const { code, choice } = chooseScenario(ground.assignment, subject, { chosen: valueAt(history.scenario, moment.at), standard: ground.standardScenario });
  const tested = underTest(ground.holdOuts, versionOf(ground, code), {
    customer: history.customerId, chosenByPerson: choice.by === 'customer', left: (test) => history.leftHoldOuts.some(({ holdOut, at }) => holdOut === test && at <= moment.at),
  });
  return { scenario: tested.scenario, chosen: choice, ...(tested.arm === null || tested.holdOut === null ? {} : { arm: tested.arm, holdOut: tested.holdOut }) };
}

function versionOf({ scenarios }: Ground, code: string): ScenarioVersion {
  const found = scenarios.get(code);
  if (found === undefined) throw new Error(`unknown scenario ${code}`);
  return found;
}

function creditsAt(history: AccountHistory, moment: Moment): CreditFacts[] {
  const found: CreditFacts[] = [];
  for (const credit of history.credits) {
    if (credit.issuedOn > moment.today || !knownAt(credit.known, moment.at)) continue;
    const amount = credit.amount - settledBy(credit.allocations, moment);
    if (amount > 0n) found.push({ currency: credit.currency, amount });
  }
  return found;
}

/** Money in the bank that nobody had placed: asked again at every run, so until that day. One sum a currency. */
function pendingAt(history: AccountHistory, { today, at }: Moment): PendingPayment[] {
  const sums = new Map<Currency, bigint>();
  for (const line of history.bank) if (isOnItsWay(line, today) && knownAt(line.known, at)) sums.set(line.currency, (sums.get(line.currency) ?? 0n) + line.amount);
  return [...sums].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([currency, amount]) => ({ kind: 'bank', itemId: null, currency, amount, until: today }));
}

function contactsAt(history: AccountHistory, { at }: Moment): ContactFacts[] {
  return history.contacts.filter(({ known }) => knownAt(known, at)).map(({ facts, bounced }) => {
    const contact = valueAt(facts, at);
    return { ...contact, bouncedChannels: bounced.some((span) => knownAt(span, at)) ? ['email' as const] : [] };
  });
}

/** The first day of contacts that the budget of a policy looks at. */
export const contactsSince = (today: Day, windowDays: number): Day => addDays(today, -Math.max(windowDays, 1));
