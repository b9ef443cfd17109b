import { expect, test } from 'vitest';
import { addDays, dayNumber } from '../kernel/day.ts';
import { seededRandom } from '../kernel/random.ts';
import { anyDays, anyHistory, anyScenario, HISTORY_FROM, momentOf, noonOf } from './given-history.ts';
import { givenContact, givenId, givenPolicy } from './given.ts';
import { ALWAYS } from './history.ts';
import type { AccountHistory, ActionHistory } from './history.ts';
import { sameUntil } from './quiet-days.ts';
import { changeDays } from './replay-changes.ts';
import { planReplay, replayAccount } from './replay.ts';
import type { AccountReplay, Looking, ReplayPlan } from './replay.ts';
import { ReplayTally } from './replay-tally.ts';
import { STANDARD_SCENARIO } from './ready-scenarios.ts';

const DAYS = 200;
const SEEDS = 400;

const linesOf = ({ actions, had }: AccountReplay): string =>
  [...actions.map(({ on, action, byApproval }) => `${on} ${action.purpose} ${action.step} ${action.channel} ${action.total} ${action.items.map(({ itemId, creditedStep }) => `${itemId}:${creditedStep ?? ''}`).join('+')} ${byApproval ? '!' : ''}`),
    ...had.map(({ from, to }) => `had ${from}-${to}`)].join('\n');

/** Seeds on which days chosen in some way give another replay than looking at each day; with how often they looked. */
function differing(looking: Looking, seeds = SEEDS): { seeds: number[]; looked: number; each: number; actions: number } {
  const found = { seeds: [] as number[], looked: 0, each: 0, actions: 0 };
  for (let seed = 1; seed <= seeds; seed += 1) {
    const random = seededRandom(seed);
    const history = anyHistory(random, DAYS);
    const plan = planReplay({ days: anyDays(random, DAYS), tried: anyScenario(random), population: random.pick(['assigned', 'everybody']) });
    const each = replayAccount(history, plan, { everyDay: true });
    const few = replayAccount(history, plan, looking);
    found.looked += few.looked;
    found.each += each.looked;
    found.actions += each.actions.length;
    if (linesOf(few) !== linesOf(each)) found.seeds.push(seed);
  }
  return found;
}

test('looking at an account only on days on which something can change gives what looking at it each day gives', () => {
  const { seeds, looked, each, actions } = differing({});
  expect(seeds).toEqual([]);
  expect(actions).toBeGreaterThan(SEEDS);
  expect(looked).toBeLessThan(0.6 * each);
});

test.each<[string, Looking]>([
  ['changes of the ledger are overlooked', { changesOf: () => [] }],
  ['an invoice counts from its own day', { changesOf: (history, days) => changeDays({ ...history, items: history.items.map((item) => ({ ...item, known: { ...item.known, from: ALWAYS } })) }, days) }],
  ['holds turn by nobody', { changesOf: (history, days) => changeDays({ ...history, holds: [] }, days) }],
  ['contacts never change', { changesOf: (history, days) => changeDays({ ...history, contacts: [] }, days) }],
  ['what waits for the calendar waits a week', { quietUntil: (policy, account, decided) => Math.max(sameUntil(policy, account, decided), dayNumber(policy.today) + 7) }],
  ['an item is late a day later', { quietUntil: (policy, account, decided) => sameUntil(policy, account, decided) + 1 }],
  ['nothing comes by itself', { quietUntil: () => Number.POSITIVE_INFINITY }],
])('planted: %s', (_name, looking) => {
  expect(differing(looking, 150).seeds).not.toEqual([]);
});

/** One invoice of 1,000.00 due on 2 March, known since January. */
function history(rest: Partial<AccountHistory> & { paid?: { on: number; at: number } } = {}): AccountHistory {
  const { paid, ...more } = rest;
  const dueOn = addDays(HISTORY_FROM, 56);
  const allocation = paid === undefined ? [] : [{ id: 1n, credit: givenId<'item'>(90), by: 'receipt' as const, amount: 100_000n, on: addDays(HISTORY_FROM, paid.on), at: noonOf(paid.at), reverses: null }];
  return {
    customerId: givenId(7), known: { from: ALWAYS, until: null }, inLegalCase: false, scenario: [{ at: ALWAYS, value: null }], segment: [{ at: ALWAYS, value: null }], credits: [], holds: [], contactsMade: [], actions: [], bank: [], leftHoldOuts: [],
    customer: [{ at: ALWAYS, value: { id: givenId(7), code: 'C7', name: 'Client', kind: 'business', language: 'fr', place: { country: 'FR', postalCode: '75011' }, hasPostalAddress: true } }],
    contacts: [{ contactId: givenId(1), known: { from: ALWAYS, until: null }, facts: [{ at: ALWAYS, value: givenContact() }], bounced: [] }],
    items: [{
      itemId: givenId(1), document: 'F-1', kind: 'invoice', currency: 'EUR', amount: 100_000n, issuedOn: addDays(dueOn, -30), firstSeenOn: addDays(dueOn, -30), estimated: false, known: { from: ALWAYS, until: null },
      dueOn: [{ at: ALWAYS, value: dueOn }], scenario: [{ at: ALWAYS, value: null }], allocations: allocation,
    }],
    ...more,
  };
}

function plan(rest: Partial<ReplayPlan> = {}): ReplayPlan {
  const scenarios = new Map([['standard', STANDARD_SCENARIO]]);
  const days = Array.from({ length: DAYS }, (_, place) => ({
    moment: momentOf(place), approveEverything: false, ground: { policy: givenPolicy(momentOf(place).today), scenarios, standardScenario: 'standard', assignment: { version: 0, rules: [] }, holdOuts: [] },
  }));
  return planReplay({ days, tried: STANDARD_SCENARIO, population: 'assigned', ...rest });
}
const sent = (of: AccountHistory, with_: ReplayPlan = plan()): string[] => replayAccount(of, with_).actions.map(({ on, action }) => `${on} step ${action.step} ${action.channel}`);

test('the steps of the scenario tried follow from one another, with their gaps, as if each had been accepted on its day', () => {
  expect(sent(history())).toEqual(['2026-02-27 step 1 email', '2026-03-09 step 2 email', '2026-03-17 step 3 email', '2026-04-01 step 4 email', '2026-04-16 step 5 registeredLetter']);
});

test('a payment of the 5th that the ledger learnt on the 10th stops nothing on the 9th', () => {
  // Place 59 is 5 March, place 64 is 10 March.
  expect(sent(history({ paid: { on: 59, at: 64 } }))).toEqual(['2026-02-27 step 1 email', '2026-03-09 step 2 email']);
  expect(sent(history({ paid: { on: 59, at: 59 } }))).toEqual(['2026-02-27 step 1 email']);
});

const really = (on: number, step: number): ActionHistory => ({
  actionId: givenId(500 + step), run: 1n, proposedOn: addDays(HISTORY_FROM, on), proposedAt: noonOf(on), purpose: 'dunning', channel: 'email', currency: 'EUR', step, scenarioCode: 'standard', scenarioVersion: 1,
  anchorItemId: givenId(1), formalNotice: false, needsApproval: true, approvedOn: addDays(HISTORY_FROM, on), endedAt: null, accepted: { on: addDays(HISTORY_FROM, on), at: noonOf(on) }, unknown: false,
  items: [{ itemId: givenId(1), step, offset: STANDARD_SCENARIO.steps[step - 1]?.offsetDays ?? 0, key: STANDARD_SCENARIO.steps[step - 1]?.key ?? '' }],
});

test('what was really sent before the first day is done; what was sent since is not the scenario’s', () => {
  const late = { ...plan(), days: plan().days.slice(66) };
  expect(sent(history({ actions: [really(53, 1), really(63, 2), really(85, 4)] }), late)).toEqual(['2026-03-17 step 3 email', '2026-04-01 step 4 email', '2026-04-16 step 5 registeredLetter']);
});

test('figures by month and week beside what was done; who was about to pay by themselves', () => {
  const tally = new ReplayTally(plan());
  for (const one of [history({ paid: { on: 66, at: 66 } }), history({ paid: { on: 66, at: 66 }, actions: [really(64, 2)] }), history({ actions: [really(64, 2), really(72, 3)] }), history({ paid: { on: 10, at: 10 } })]) {
    tally.add(one, replayAccount(one, plan()));
  }
  const result = tally.result();
  // Paid on 12 March: the message of 9 March came just before; where a real one went out on 10 March the payment is nobody's own.
  expect(result).toMatchObject({ customers: 3, chased: { replayed: 3, done: 2 }, formalNotices: { replayed: 1, done: 0 }, selfPaying: { customers: 1, messages: 1, days: 5 } });
  expect(result.months.slice(1, 5)).toEqual([
    { month: '2026-02', replayed: { email: 3 }, done: {} }, { month: '2026-03', replayed: { email: 4 }, done: { email: 3 } },
    { month: '2026-04', replayed: { email: 1, registeredLetter: 1 }, done: {} }, { month: '2026-05', replayed: {}, done: {} },
  ]);
  expect(result.weeks.find(({ week }) => week === '2026-03-09')).toEqual({ week: '2026-03-09', replayed: { messages: 3, approvals: 0, letters: 0, tasks: 0 }, done: { messages: 2, approvals: 2, letters: 0, tasks: 0 } });
  expect(result.steps).toEqual([{ step: 1, count: 3 }, { step: 2, count: 3 }, { step: 3, count: 1 }, { step: 4, count: 1 }, { step: 5, count: 1 }]);
});
