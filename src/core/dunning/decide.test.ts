import { expect, test } from 'vitest';
import { day } from '../kernel/day.ts';
import { money } from '../kernel/money.ts';
import { decideAccount } from './decide.ts';
import { WAIT_REASONS } from './decision.ts';
import type { AccountFacts, PolicyFacts } from './facts.ts';
import { decisionOf, givenAccount, givenContact, givenHold, givenId, givenItem, givenPolicy, givenStep, givenStepDone, WITHOUT_FALLBACK } from './given.ts';
import { STANDARD_SCENARIO } from './ready-scenarios.ts';
import type { ScenarioVersion } from './scenario.ts';

const [notice, first, second] = [givenStep(1), givenStep(2), givenStep(3)];
const pending = { actionId: givenId<'action'>(9), state: 'proposed', step: 2 } as const;
const scenario = (rest: Partial<ScenarioVersion>): ScenarioVersion => ({ ...STANDARD_SCENARIO, ...rest });

type Case = { today?: string; policy?: Partial<PolicyFacts>; account?: Partial<AccountFacts> };
const decide = ({ today = '2026-03-09', policy, account }: Case): ReturnType<typeof decideAccount> =>
  decideAccount(givenPolicy(today, policy), givenAccount(account));
const reason = (given: Case): string => {
  const { do: what, reason, until } = decisionOf(decide(given));
  return [what, reason, ...(until === null ? [] : [until])].join(' ');
};

test.each<[string, Case, string]>([
  ['paid', { account: { items: [givenItem({ open: 0n })] } }, 'wait paid'],
  ['before the notice', { today: '2026-02-26' }, 'wait notDue 2026-02-27'],
  ['the notice, three days before', { today: '2026-02-27' }, 'act stepDue'],
  ['the notice done', { today: '2026-02-27', account: { items: [givenItem({ lastStepDone: givenStepDone(notice, '2026-02-27') })] } }, 'wait notDue 2026-03-03'],
  ['on the due date itself, no notice and no reminder', { today: '2026-03-02' }, 'wait notDue 2026-03-03'],
  ['late, first step to come', { today: '2026-03-03' }, 'wait stepDone 2026-03-09'],
  ['seven days late', {}, 'act stepDue'],
  ['in grace', { account: { scenario: scenario({ graceDays: 10 }) } }, 'wait notDue 2026-03-13'],
  ['grace over the day after', { today: '2026-03-13', account: { scenario: scenario({ graceDays: 10 }) } }, 'act stepDue'],
  ['insolvent', { account: { holds: [givenHold('insolvency')] } }, 'wait insolvent'],
  ['insolvency seen on another item freezes the account', { account: { holds: [givenHold('insolvency', { itemId: givenId(99) })] } }, 'wait insolvent'],
  ['legal case', { account: { inLegalCase: true } }, 'wait legal'],
  ['all dunning stopped', { policy: { globalStop: true } }, 'wait paused'],
  ['paused until a day, included', { account: { holds: [givenHold('pause', { until: day('2026-03-09') })] } }, 'wait paused 2026-03-10'],
  ['pause over', { account: { holds: [givenHold('pause', { until: day('2026-03-08') })] } }, 'act stepDue'],
  ['pause not begun', { account: { holds: [givenHold('pause', { from: day('2026-03-10') })] } }, 'act stepDue'],
  ['pause of another item', { account: { holds: [givenHold('pause', { itemId: givenId(2) })] } }, 'act stepDue'],
  ['disputed', { account: { holds: [givenHold('dispute', { itemId: givenId(1) })] } }, 'wait disputed'],
  ['disputed in two parts that make it whole', {
    account: { holds: [givenHold('dispute', { itemId: givenId(1), amount: 60_000n }), givenHold('dispute', { itemId: givenId(1), amount: 40_000n })] },
  }, 'wait disputed'],
  ['disputed in part', { account: { holds: [givenHold('dispute', { itemId: givenId(1), amount: 60_000n })] } }, 'act stepDue'],
  ['plan', { account: { holds: [givenHold('plan', { until: day('2026-03-31'), graceDays: 5 })] } }, 'wait planned 2026-04-09'],
  ['promise, on its day', { account: { holds: [givenHold('promise', { until: day('2026-03-09') })] } }, 'wait promised 2026-03-10'],
  ['promise, last day of grace', { account: { holds: [givenHold('promise', { until: day('2026-03-04'), graceDays: 3 })] } }, 'wait promised 2026-03-10'],
  ['grace in working days, over Easter', { today: '2026-04-07', account: { holds: [givenHold('promise', { until: day('2026-04-03'), graceDays: 2 })] } }, 'wait promised 2026-04-09'],
  ['plan of this item among others', { account: { holds: [givenHold('plan', { items: new Set([givenId(4), givenId(1)]) })] } }, 'wait planned'],
  ['plan of other items', { account: { holds: [givenHold('plan', { items: new Set([givenId(4)]) })] } }, 'act stepDue'],
  ['dispute accepted, credit note expected', { account: { holds: [givenHold('dispute', { itemId: givenId(1), creditNoteExpected: true })] } }, 'wait disputed'],
  ['promise broken', { account: { holds: [givenHold('promise', { until: day('2026-03-03'), graceDays: 3 })] } }, 'act stepDue'],
  ['of two promises the later counts', {
    account: { holds: [givenHold('promise', { until: day('2026-03-12') }), givenHold('promise', { until: day('2026-03-05') })] },
  }, 'wait promised 2026-03-13'],
  ['payment on its way', {
    account: { pendingPayments: [{ kind: 'portal', itemId: null, currency: 'EUR', amount: 100_000n, until: day('2026-03-10') }] },
  }, 'wait paymentPending 2026-03-11'],
  ['payment window over', {
    account: { pendingPayments: [{ kind: 'portal', itemId: null, currency: 'EUR', amount: 100_000n, until: day('2026-03-08') }] },
  }, 'act stepDue'],
  ['credits cover', { account: { credits: [{ currency: 'EUR', amount: 99_999n }, { currency: 'EUR', amount: 1n }] } }, 'wait creditCovers'],
  ['credits miss a cent', { account: { credits: [{ currency: 'EUR', amount: 99_999n }] } }, 'act stepDue'],
  ['credits in another currency', { account: { credits: [{ currency: 'USD', amount: 100_000n }] } }, 'act stepDue'],
  ['a cent below the minimum', { account: { scenario: scenario({ minimumAmount: money(100_001n, 'EUR') }) } }, 'wait belowMinimum'],
  ['the minimum exactly', { account: { scenario: scenario({ minimumAmount: money(100_000n, 'EUR') }) } }, 'act stepDue'],
  ['the minimum of another currency', { account: { scenario: scenario({ minimumAmount: money(100_001n, 'GBP') }) } }, 'act stepDue'],
  ['one minimum a currency', {
    account: { scenario: scenario({ minimumAmount: money(0n, 'GBP'), otherMinimumAmounts: [money(100_001n, 'EUR')] }) },
  }, 'wait belowMinimum'],
  ['next step to come', { account: { items: [givenItem({ lastStepDone: givenStepDone(first, '2026-03-09') })] } }, 'wait stepDone 2026-03-17'],
  ['the gap since a late step counts', {
    today: '2026-03-17', account: { items: [givenItem({ lastStepDone: givenStepDone(first, '2026-03-16') })] },
  }, 'wait stepDone 2026-03-23'],
  ['scenario finished', {
    today: '2026-12-01', account: { items: [givenItem({ lastStepDone: { ...givenStepDone(first, '2026-04-20'), number: 5, offsetDays: 45 } })] },
  }, 'wait stepDone'],
  ['nobody to write to', { account: { scenario: WITHOUT_FALLBACK, contacts: [] } }, 'wait noContact'],
  ['nobody with the role', { account: { scenario: WITHOUT_FALLBACK, contacts: [givenContact({ roles: ['legal'] })] } }, 'wait noContact'],
  ['no address', { account: { scenario: WITHOUT_FALLBACK, contacts: [givenContact({ email: null })] } }, 'wait noContact'],
  ['refused', { account: { scenario: WITHOUT_FALLBACK, contacts: [givenContact({ refusedChannels: ['email'] })] } }, 'wait channelRefused'],
  ['bounced', { account: { scenario: WITHOUT_FALLBACK, contacts: [givenContact({ bouncedChannels: ['email'] })] } }, 'wait channelRefused'],
  ['refused, with a fallback', { account: { contacts: [givenContact({ refusedChannels: ['email'] })] } }, 'act stepDue'],
  ['refused everywhere', { account: { contacts: [givenContact({ refusedChannels: ['email', 'letter'] })] } }, 'wait channelRefused'],
  ['cap reached', {
    policy: { contactCap: { contacts: 2, windowDays: 7 } },
    account: { recentContacts: [{ channel: 'call', on: day('2026-03-06'), currency: null }, { channel: 'call', on: day('2026-03-04'), currency: null }] },
  }, 'wait capReached 2026-03-11'],
  ['contacts out of the window', {
    policy: { contactCap: { contacts: 1, windowDays: 7 } },
    account: { recentContacts: [{ channel: 'call', on: day('2026-03-02'), currency: null }] },
  }, 'act stepDue'],
  ['a message already went today', { account: { recentContacts: [{ channel: 'letter', on: day('2026-03-09'), currency: 'EUR' }] } }, 'wait capReached 2026-03-10'],
  ['Saturday', { today: '2026-03-14' }, 'wait closedDay 2026-03-16'],
  ['holiday of the customer’s place', { today: '2026-04-06' }, 'wait closedDay 2026-04-07'],
  ['closed by the company, before a week-end', { today: '2026-03-13', policy: { closedDays: [day('2026-03-13')] } }, 'wait closedDay 2026-03-16'],
  ['ledger too old', { policy: { ledger: { ageDays: 2, limitDays: 1 } } }, 'wait ledgerStale'],
  ['ledger never imported', { policy: { ledger: { ageDays: null, limitDays: 1 } } }, 'wait ledgerStale'],
  ['bank too old', { policy: { bank: { ageDays: 4, limitDays: 3 } } }, 'wait ledgerStale'],
  ['no bank followed', { policy: { bank: null } }, 'act stepDue'],
  ['an action already stands', { account: { items: [givenItem({ pendingAction: pending })] } }, 'wait awaitingApproval'],
  ['an action whose answer was lost', { account: { items: [givenItem({ pendingAction: { ...pending, state: 'unknown' } })] } }, 'wait awaitingApproval'],
])('%s', (...[, given, expected]) => expect(reason(given)).toBe(expected));

/** One change that brings each reason about, in the order of the checks. */
const causes: { readonly [name in (typeof WAIT_REASONS)[number]]?: Case } = {
  insolvent: { account: { holds: [givenHold('insolvency')] } },
  legal: { account: { inLegalCase: true } },
  paused: { account: { holds: [givenHold('pause')] } },
  disputed: { account: { holds: [givenHold('dispute')] } },
  planned: { account: { holds: [givenHold('plan')] } },
  promised: { account: { holds: [givenHold('promise', { until: day('2027-01-01') })] } },
  paymentPending: { account: { pendingPayments: [{ kind: 'bank', itemId: null, currency: 'EUR', amount: 1n, until: day('2027-01-01') }] } },
  creditCovers: { account: { credits: [{ currency: 'EUR', amount: 500_000n }] } },
  belowMinimum: { account: { scenario: scenario({ minimumAmount: money(200_000n, 'EUR') }) } },
  stepDone: { account: { items: [givenItem({ lastStepDone: givenStepDone(second, '2026-03-13') })] } },
  noContact: { account: { contacts: [], customer: { ...givenAccount().customer, hasPostalAddress: false } } },
  capReached: { policy: { contactCap: { contacts: 0, windowDays: 7 } } },
  closedDay: { today: '2026-03-14' },
  ledgerStale: { policy: { ledger: { ageDays: 9, limitDays: 1 } } },
  awaitingApproval: { account: { items: [givenItem({ pendingAction: pending })] } },
};

function both(a: Case, b: Case): Case {
  const holds = [...(a.account?.holds ?? []), ...(b.account?.holds ?? [])];
  const items = [{ ...givenItem(), ...b.account?.items?.[0], ...a.account?.items?.[0] }];
  const lastStepDone = a.account?.items?.[0]?.lastStepDone ?? b.account?.items?.[0]?.lastStepDone ?? null;
  const pendingAction = a.account?.items?.[0]?.pendingAction ?? b.account?.items?.[0]?.pendingAction ?? null;
  return {
    today: a.today ?? b.today ?? '2026-03-13',
    policy: { ...a.policy, ...b.policy },
    account: { ...b.account, ...a.account, holds, items: items.map((item) => ({ ...item, lastStepDone, pendingAction })) },
  };
}

test('of any two reasons that apply, the first in the order of the checks wins', () => {
  const names = WAIT_REASONS.filter((name) => causes[name] !== undefined);
  expect(names).toHaveLength(15);
  for (const [place, name] of names.entries()) {
    for (const after of names.slice(place)) {
      const decision = decisionOf(decide(both(causes[name] ?? {}, causes[after] ?? {})));
      expect(`${name} with ${after}: ${decision.reason}`).toBe(`${name} with ${after}: ${name}`);
    }
  }
});

test('paid and not due come before every hold', () => {
  const holds = [givenHold('insolvency'), givenHold('pause')];
  expect(reason({ account: { holds, items: [givenItem({ open: 0n })] } })).toBe('wait paid');
  expect(reason({ today: '2026-02-20', account: { holds } })).toBe('wait notDue 2026-02-27');
});

test('a stale ledger stops every action of the run', () => {
  const items = [givenItem(), givenItem({ number: 2, currency: 'USD' })];
  expect(decide({ policy: { ledger: { ageDays: 9, limitDays: 1 } }, account: { items } }).actions).toEqual([]);
});

test('facts are JSON, and decisions say which item they are for', () => {
  const decided = decide({ account: { holds: [givenHold('promise', { until: day('2026-03-20'), graceDays: 2 })] } });
  expect(JSON.parse(JSON.stringify(decided.decisions))).toEqual([{
    customerId: '7', itemId: '1', document: 'F-1', do: 'wait', reason: 'promised', step: null, until: '2026-03-25', actionKey: null,
    facts: {
      document: 'F-1', currency: 'EUR', open: '1000.00', dueOn: '2026-03-02', daysLate: 7,
      scope: 'account', graceDays: 2, promisedFor: '2026-03-20', lastDay: '2026-03-24',
    },
  }]);
});
