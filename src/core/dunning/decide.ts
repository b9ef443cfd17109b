import type { Currency } from '../kernel/currency.ts';
import { dayNumber } from '../kernel/day.ts';
import type { AccountDecisions, Decision, ProposedAction } from './decision.ts';
import { decideBatch } from './batch.ts';
import type { Batch, Progress } from './batch.ts';
import { decideCopies } from './copies.ts';
import type { AccountFacts, ItemFacts, PendingAction, PolicyFacts } from './facts.ts';
import type { ScenarioVersion } from './scenario.ts';
import { accountFacts, itemFacts, minorText, overdueAsked, standingOf } from './standing.ts';
import type { Candidate, Wait } from './standing.ts';
import { decideThanks } from './thanks.ts';

/** What one currency of an account holds under one scenario once each item was looked at. */
type Group = {
  readonly currency: Currency;
  /** The account as that scenario sees it. */
  readonly account: AccountFacts;
  readonly overdue: Candidate[];
  readonly notices: Candidate[];
  overdueTotal: bigint;
  noticeTotal: bigint;
  overduePending: PendingAction | null;
  noticePending: PendingAction | null;
};

/**
 * Decides for one account: exactly one decision for each open debit item, and the actions they ask for. Pure: the same facts give the same
 * decisions and the same action keys. Amounts are minor units; an item whose `open` is not positive is `paid`. Rules: docs/law and the glossary.
 */
export function decideAccount(policy: PolicyFacts, account: AccountFacts): AccountDecisions {
  const decisions: Decision[] = [];
  const actions: ProposedAction[] = [];
  const groups: Group[] = [];
  const settled: ItemFacts[] = [];
  const today = dayNumber(policy.today);
  const views: Views = { account, own: null };
  const overdueTotal = totalsOf(policy, views);
  for (const item of account.items) {
    if (item.settled !== undefined) {
      settled.push(item);
      continue;
    }
    const daysLate = today - dayNumber(item.dueOn);
    const view = viewOf(views, item);
    const group = groupOf(groups, item.currency, view);
    if (item.pendingAction !== null) {
      if (daysLate > 0) group.overduePending ??= item.pendingAction;
      else group.noticePending ??= item.pendingAction;
    }
    const { candidate, wait } = standingOf(policy, view, { item, daysLate, overdueTotal });
    if (candidate === null) decisions.push(waiting(view, { item, daysLate }, wait));
    else join(group, candidate);
  }
  for (const group of groups) decideGroup({ policy, account: group.account, decisions, actions }, group, groups);
  const progress: Progress = { policy, account, decisions, actions };
  if (account.copies !== undefined) decideCopies(progress, account.copies);
  if (settled.length > 0) decideThanks(progress, settled);
  return { decisions, actions };
}

/** The account as the scenario of each item sees it; nearly always there is one. */
type Views = { readonly account: AccountFacts; own: Map<ScenarioVersion, AccountFacts> | null };

function viewOf(views: Views, { scenario }: ItemFacts): AccountFacts {
  const { account } = views;
  if (scenario === undefined || scenario === account.scenario) return account;
  views.own ??= new Map();
  const known = views.own.get(scenario);
  if (known !== undefined) return known;
  const { arm: _tested, holdOut: _test, ...rest } = account;
  const made: AccountFacts = { ...rest, scenario, chosen: { by: 'item' } };
  views.own.set(scenario, made);
  return made;
}

/** The overdue total of a currency, added up the first time a condition asks for one. */
function totalsOf(policy: PolicyFacts, views: Views): (currency: Currency) => bigint {
  let totals: Map<Currency, bigint> | null = null;
  return (currency) => (totals ??= addUp(policy, views)).get(currency) ?? 0n;
}

function addUp(policy: PolicyFacts, views: Views): Map<Currency, bigint> {
  const totals = new Map<Currency, bigint>();
  for (const item of views.account.items) {
    const asked = overdueAsked(policy, viewOf(views, item), { item, daysLate: dayNumber(policy.today) - dayNumber(item.dueOn) });
    totals.set(item.currency, (totals.get(item.currency) ?? 0n) + asked);
  }
  return totals;
}

function groupOf(groups: Group[], currency: Currency, account: AccountFacts): Group {
  for (const group of groups) if (group.currency === currency && group.account === account) return group;
  const made: Group = {
    currency, account, overdue: [], notices: [], overdueTotal: 0n, noticeTotal: 0n, overduePending: null, noticePending: null,
  };
  groups.push(made);
  return made;
}

function join(group: Group, candidate: Candidate): void {
  if (candidate.overdue) {
    group.overdue.push(candidate);
    group.overdueTotal += candidate.asked;
  } else {
    group.notices.push(candidate);
    group.noticeTotal += candidate.asked;
  }
}

/** What is late goes before notices of what is not: a day's one action on a channel is for the former. */
function decideGroup(progress: Progress, group: Group, groups: readonly Group[]): void {
  const { account } = progress;
  let overdueTotal = 0n;
  let total = 0n;
  for (const other of groups) {
    if (other.currency !== group.currency) continue;
    overdueTotal += other.overdueTotal;
    total += other.overdueTotal + other.noticeTotal;
  }
  const credits = creditsIn(account, group.currency);
  decidePart(progress, { group, credits, candidates: group.overdue, total: overdueTotal, pending: group.overduePending });
  decidePart(progress, { group, credits, candidates: group.notices, total, pending: group.noticePending });
}

/** The overdue items of a currency, or its notices, with the total that credits and the minimum are compared with. */
type Part = {
  readonly group: Group;
  readonly credits: bigint;
  readonly candidates: readonly Candidate[];
  readonly total: bigint;
  readonly pending: PendingAction | null;
};

function decidePart(progress: Progress, part: Part): void {
  const { account, decisions } = progress;
  const { candidates, credits, group } = part;
  if (candidates.length === 0) return;
  const wait = notWorthIt(account.scenario, part);
  if (wait !== null) {
    for (const candidate of candidates) decisions.push(waiting(account, candidate, wait));
    return;
  }
  const batch = (of: readonly Candidate[], pending: PendingAction | null): Batch => ({
    currency: group.currency, candidates: of, total: sumOf(of), credits, pending,
  });
  if (account.scenario.scope === 'account') decideBatch(progress, batch(candidates, part.pending));
  else for (const candidate of candidates) decideBatch(progress, batch([candidate], candidate.item.pendingAction));
}

function notWorthIt(scenario: ScenarioVersion, part: Part): Wait | null {
  const { credits, total, group } = part;
  const { currency } = group;
  if (credits >= total) {
    const facts = { credits: minorText(credits, currency), overdueTotal: minorText(total, currency) };
    return { reason: 'creditCovers', step: null, until: null, facts };
  }
  const minimum = minimumIn(scenario, currency);
  if (total >= minimum) return null;
  const facts = { minimum: minorText(minimum, currency), overdueTotal: minorText(total, currency) };
  return { reason: 'belowMinimum', step: null, until: null, facts };
}

function minimumIn(scenario: ScenarioVersion, currency: Currency): bigint {
  if (scenario.minimumAmount.currency === currency) return scenario.minimumAmount.minor;
  return scenario.otherMinimumAmounts?.find((amount) => amount.currency === currency)?.minor ?? 0n;
}

function creditsIn(account: AccountFacts, currency: Currency): bigint {
  let sum = 0n;
  for (const credit of account.credits) if (credit.currency === currency) sum += credit.amount;
  return sum;
}

function sumOf(candidates: readonly Candidate[]): bigint {
  let sum = 0n;
  for (const candidate of candidates) sum += candidate.asked;
  return sum;
}

function waiting(account: AccountFacts, late: Pick<Candidate, 'item' | 'daysLate'>, wait: Wait): Decision {
  const { item, daysLate } = late;
  return {
    customerId: account.customer.id,
    itemId: item.itemId,
    document: item.document,
    do: 'wait',
    reason: wait.reason,
    step: wait.step,
    until: wait.until,
    actionKey: null,
    facts: Object.assign(itemFacts(item, daysLate), accountFacts(account), wait.facts),
  };
}
