import { addDays } from '../kernel/day.ts';
import type { Day } from '../kernel/day.ts';
import { decimal, decimalMinor, money } from '../kernel/money.ts';
import { currencyDigits } from '../kernel/currency.ts';
import type { Currency } from '../kernel/currency.ts';
import type { ScenarioChoice } from './assignment.ts';
import type { DecisionFacts, WaitReason } from './decision.ts';
import type { AccountFacts, HoldFacts, ItemFacts, PolicyFacts } from './facts.ts';
import { holdsOn, lastDayHeld } from './holds-in-force.ts';
import type { HoldsOnItem } from './holds-in-force.ts';
import { nextNoticeOffset, nextStep, noticeBeforeDue } from './steps.ts';
import type { Late, PassedOver } from './steps.ts';
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
  /** Steps that were not for it today. */
  readonly passedOver: readonly PassedOver[];
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
export function standingOf(policy: PolicyFacts, account: AccountFacts, late: Late): Standing {
  const { item, daysLate } = late;
  const { scenario } = account;
  if (item.open <= 0n) return waits('paid');
  const overdue = daysLate > Math.max(0, scenario.graceDays);
  const notice = overdue ? null : noticeBeforeDue(account, late);
  if (!overdue && notice === null) return notDue(account, item, daysLate);
  const holds = holdsOn(account, item, policy.today);
  const held = heldBy(policy, account, holds) ?? moneyOnItsWay(policy, account, item);
  if (held !== null) return held;
  const next = overdue ? nextStep(account, late) : { step: notice, passedOver: [] };
  const candidate: Candidate = {
    item,
    daysLate,
    asked: item.open - holds.disputedPart,
    disputedPart: holds.disputedPart,
    step: next.step,
    passedOver: next.passedOver,
    overdue,
    firmer: holds.broken,
  };
  return { candidate, wait: null };
}

/** Minor units of an item that are overdue and asked for; 0 when it is not late, or something keeps it from being chased. */
export function overdueAsked(policy: PolicyFacts, account: AccountFacts, late: Pick<Late, 'item' | 'daysLate'>): bigint {
  return late.daysLate <= Math.max(0, account.scenario.graceDays) ? 0n : askedOf(policy, account, late.item);
}

/** Minor units of an item that may be asked for, late or not: what is open less its disputed part; 0 when something keeps it from being chased. */
export function askedOf(policy: PolicyFacts, account: AccountFacts, item: ItemFacts): bigint {
  if (item.open <= 0n) return 0n;
  const holds = holdsOn(account, item, policy.today);
  return heldBy(policy, account, holds) === null && moneyOnItsWay(policy, account, item) === null ? item.open - holds.disputedPart : 0n;
}

function notDue(account: AccountFacts, item: ItemFacts, daysLate: number): Standing {
  const { scenario } = account;
  const notice = nextNoticeOffset(item, scenario, daysLate);
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
    return suspended('paused', account, { hold: holds.pause, facts: { scope: scopeOf(holds.pause) } });
  }
  if (holds.dispute !== null) {
    const { dispute: hold } = holds;
    const facts = { scope: scopeOf(hold), since: hold.from, ...(hold.creditNoteExpected ? { creditNoteExpected: true } : {}) };
    return suspended('disputed', account, { hold, facts });
  }
  if (holds.plan !== null) return suspended('planned', account, { hold: holds.plan, facts: dated(holds.plan) });
  if (holds.promise !== null) return suspended('promised', account, { hold: holds.promise, facts: dated(holds.promise) });
  return null;
}

const scopeOf = (hold: HoldFacts): string => (hold.itemId === null && hold.items === null ? 'account' : 'item');

const dated = (hold: HoldFacts): DecisionFacts => ({
  scope: scopeOf(hold),
  graceDays: hold.graceDays,
  ...(hold.until === null ? {} : { promisedFor: hold.until }),
});

function suspended(reason: WaitReason, account: AccountFacts, of: { hold: HoldFacts; facts: DecisionFacts }): Standing {
  const { facts } = of;
  const last = lastDayHeld(of.hold, account.customer.place);
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

const NOTHING_CHOSEN: DecisionFacts = {};

/** Which scenario the account has and what chose it. */
export function accountFacts(account: AccountFacts): DecisionFacts {
  if (account.chosen === undefined) return NOTHING_CHOSEN;
  const known = written.get(account);
  if (known !== undefined) return known;
  const facts = choiceFacts(account, account.chosen);
  written.set(account, facts);
  return facts;
}

/** The facts of an account are the same for each of its items, however many there are. */
const written = new WeakMap<AccountFacts, DecisionFacts>();

function choiceFacts({ scenario, segment, arm }: AccountFacts, chosen: ScenarioChoice): DecisionFacts {
  return {
    scenario: scenario.code, scenarioVersion: scenario.version, chosenBy: chosen.by,
    ...(chosen.by === 'rule' ? { rule: chosen.rule, ruleName: chosen.name, rulesVersion: chosen.rulesVersion } : {}),
    ...(segment === undefined || segment === null ? {} : { segment }),
    ...(arm === undefined ? {} : { arm }),
  };
}

/** Minor units as the decimal text of their currency. */
export const minorText = (minor: bigint, currency: Currency): string => decimalMinor(minor, currencyDigits(currency));
