import { addDays } from '../kernel/day.ts';
import type { Day } from '../kernel/day.ts';
import { decimal, decimalMinor, money } from '../kernel/money.ts';
import { currencyDigits } from '../kernel/currency.ts';
import type { Currency } from '../kernel/currency.ts';
import type { DecisionFacts, WaitReason } from './decision.ts';
import type { AccountFacts, HoldFacts, ItemFacts, PolicyFacts } from './facts.ts';
import { holdsOn, lastDayOf } from './holds-in-force.ts';
import type { HoldsOnItem } from './holds-in-force.ts';
import { nextNoticeOffset, nextStep, noticeBeforeDue } from './steps.ts';
import type { Step } from './scenario.ts';

/** An item that nothing of its own keeps from being chased, and the step it would have. */
export type Candidate = {
  readonly item: ItemFacts;
  readonly daysLate: number;
  /** Minor units to ask for: what is open less its disputed part. */
  readonly asked: bigint;
  readonly disputedPart: bigint;
  /** The next step; null when the scenario has nothing more for it. */
  readonly step: Step | null;
  readonly overdue: boolean;
  /** A promise or a plan was broken since its last step. */
  readonly firmer: boolean;
};

/** What keeps an item waiting, with the facts of that reason alone. */
export type Wait = { readonly reason: WaitReason; readonly step: number | null; readonly until: Day | null; readonly facts: DecisionFacts };

/** Where one item stands by itself: it waits, or it is a candidate. */
export type Standing = { readonly candidate: Candidate; readonly wait: null } | { readonly candidate: null; readonly wait: Wait };

const NO_FACTS: DecisionFacts = {};

const waits = (reason: WaitReason, until: Day | null = null, facts: DecisionFacts = NO_FACTS): Standing => ({
  candidate: null,
  wait: { reason, step: null, until, facts },
});

/** The checks that look at one item: `paid` to `paymentPending`, in that order. */
export function standingOf(policy: PolicyFacts, account: AccountFacts, late: { item: ItemFacts; daysLate: number }): Standing {
  const { item, daysLate } = late;
  const { scenario } = account;
  if (item.open <= 0n) return waits('paid');
  const overdue = daysLate > Math.max(0, scenario.graceDays);
  const notice = overdue ? null : noticeBeforeDue(item, scenario, daysLate);
  if (!overdue && notice === null) return notDue(account, item, daysLate);
  const holds = holdsOn(account, item, policy.today);
  const held = heldBy(policy, account, holds) ?? moneyOnItsWay(policy, account, item);
  if (held !== null) return held;
  const candidate: Candidate = {
    item,
    daysLate,
    asked: item.open - holds.disputedPart,
    disputedPart: holds.disputedPart,
    step: overdue ? nextStep(item, scenario) : notice,
    overdue,
    firmer: holds.broken,
  };
  return { candidate, wait: null };
}

function notDue(account: AccountFacts, item: ItemFacts, daysLate: number): Standing {
  const { scenario } = account;
  const notice = nextNoticeOffset(scenario, daysLate);
  const overdueFrom = Math.max(0, scenario.graceDays) + 1;
  return waits('notDue', addDays(item.dueOn, notice ?? overdueFrom), {
    graceDays: scenario.graceDays,
    noticeToCome: notice !== null,
  });
}

function heldBy(policy: PolicyFacts, account: AccountFacts, holds: HoldsOnItem): Standing | null {
  if (holds.insolvency !== null) return waits('insolvent', null, { since: holds.insolvency.from });
  if (account.inLegalCase) return waits('legal');
  if (policy.globalStop) return waits('paused', null, { scope: 'organisation' });
  if (holds.pause !== null) {
    return suspended('paused', holds.pause, { scope: scopeOf(holds.pause) });
  }
  if (holds.dispute !== null) {
    return suspended('disputed', holds.dispute, { scope: scopeOf(holds.dispute), since: holds.dispute.from });
  }
  if (holds.plan !== null) return suspended('planned', holds.plan, dated(holds.plan));
  if (holds.promise !== null) return suspended('promised', holds.promise, dated(holds.promise));
  return null;
}

const scopeOf = (hold: HoldFacts): string => (hold.itemId === null ? 'account' : 'item');

const dated = (hold: HoldFacts): DecisionFacts => ({
  scope: scopeOf(hold),
  graceDays: hold.graceDays,
  ...(hold.until === null ? {} : { promisedFor: hold.until }),
});

function suspended(reason: WaitReason, hold: HoldFacts, facts: DecisionFacts): Standing {
  const last = lastDayOf(hold);
  return waits(reason, last === null ? null : addDays(last, 1), last === null ? facts : { ...facts, lastDay: last });
}

function moneyOnItsWay(policy: PolicyFacts, account: AccountFacts, item: ItemFacts): Standing | null {
  let latest: (typeof account.pendingPayments)[number] | null = null;
  for (const payment of account.pendingPayments) {
    const covers = payment.itemId === null ? payment.currency === item.currency : payment.itemId === item.itemId;
    if (covers && policy.today <= payment.until && (latest === null || payment.until > latest.until)) latest = payment;
  }
  if (latest === null) return null;
  return waits('paymentPending', addDays(latest.until, 1), {
    kind: latest.kind,
    pending: decimal(money(latest.amount, latest.currency)),
    pendingCurrency: latest.currency,
    lastDay: latest.until,
  });
}

/** Facts every decision carries: which item, how much is open, how late. */
export function itemFacts(item: ItemFacts, daysLate: number): { [name: string]: string | number | boolean } {
  return { document: item.document, currency: item.currency, open: minorText(item.open, item.currency), dueOn: item.dueOn, daysLate };
}

/** Minor units as the decimal text of their currency. */
export const minorText = (minor: bigint, currency: Currency): string => decimalMinor(minor, currencyDigits(currency));
