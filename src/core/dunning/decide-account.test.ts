import { expect, test } from 'vitest';
import { day } from '../kernel/day.ts';
import { money } from '../kernel/money.ts';
import { decideAccount } from './decide.ts';
import type { AccountFacts, ItemFacts } from './facts.ts';
import { decisionOf, givenAccount, givenContact, givenHold, givenId, givenItem, givenPolicy, givenStep, givenStepDone } from './given.ts';
import { STANDARD_SCENARIO } from './ready-scenarios.ts';
import type { ScenarioVersion } from './scenario.ts';

const [notice, first, second, third] = [givenStep(1), givenStep(2), givenStep(3), givenStep(4)];
const item = (number: number, dueOn: string, rest: Partial<ItemFacts> = {}): ItemFacts => givenItem({ number, dueOn: day(dueOn), ...rest });
const decide = (today: string, rest: Partial<AccountFacts>): ReturnType<typeof decideAccount> => decideAccount(givenPolicy(today), givenAccount(rest));
const byItem: ScenarioVersion = { ...STANDARD_SCENARIO, scope: 'item' };

test('one action for the account: the step of the most advanced item, all that is overdue listed, the total its sum', () => {
  const items = [
    item(1, '2026-02-13', { lastStepDone: givenStepDone(second, '2026-02-27') }),
    item(2, '2026-03-06', { open: 25_050n }),
    item(3, '2026-03-13', { open: 10n }),
    item(4, '2026-05-01'),
  ];
  const { actions, decisions } = decide('2026-03-16', { items });
  expect(actions).toHaveLength(1);
  expect(actions[0]).toMatchObject({
    key: '7/EUR/standard/4/email/1.0/accountsPayable', step: 4, anchorItemId: '1', total: 125_060n, firmer: false, needsApproval: false, chargesAllowed: true,
  });
  expect(actions[0]?.items.map(({ document, amount, daysLate, creditedStep }) => [document, amount, daysLate, creditedStep])).toEqual([
    ['F-1', 100_000n, 31, 4], ['F-2', 25_050n, 10, 2], ['F-3', 10n, 3, null],
  ]);
  expect(decisions.map(({ document, do: what, reason }) => `${document} ${what} ${reason}`).sort()).toEqual([
    'F-1 act stepDue', 'F-2 act stepDue', 'F-3 act stepDue', 'F-4 wait notDue',
  ]);
});

test('an item that reaches its first step waits for the account’s next one: notices never go backwards', () => {
  const items = [item(1, '2026-02-13', { lastStepDone: givenStepDone(third, '2026-03-16') }), item(2, '2026-03-09')];
  const decided = decide('2026-03-16', { items });
  expect(decided.actions).toEqual([]);
  expect(decisionOf(decided, 2)).toMatchObject({ reason: 'stepDone', step: 5, until: '2026-03-30', facts: { nextStepOf: 'F-1' } });
});

test('once the most advanced has finished the scenario the others go on, and it stays listed', () => {
  const done = { ...givenStepDone(third, '2026-01-20'), number: 5, offsetDays: 45 };
  const { actions } = decide('2026-03-16', { items: [item(1, '2025-12-01', { lastStepDone: done }), item(2, '2026-03-09')] });
  expect(actions.map(({ step, anchorItemId, total }) => [step, anchorItemId, total])).toEqual([[2, '2', 200_000n]]);
});

test('what is disputed or held is neither listed nor summed; of an item disputed in part the rest is', () => {
  const items = [item(1, '2026-03-02'), item(2, '2026-03-02'), item(3, '2026-03-02')];
  const holds = [givenHold('dispute', { itemId: givenId(1) }), givenHold('dispute', { itemId: givenId(2), amount: 70_000n })];
  const decided = decide('2026-03-09', { items, holds });
  expect(decided.actions[0]?.items.map(({ document, amount }) => [document, amount])).toEqual([['F-2', 30_000n], ['F-3', 100_000n]]);
  expect(decided.actions[0]?.total).toBe(130_000n);
  expect(decisionOf(decided, 1).reason).toBe('disputed');
  expect(decisionOf(decided, 2).facts).toMatchObject({ open: '1000.00', asked: '300.00' });
});

test('a disputed part larger than what is left open holds the item', () => {
  const holds = [givenHold('dispute', { itemId: givenId(1), amount: 70_000n })];
  expect(decisionOf(decide('2026-03-09', { items: [item(1, '2026-03-02', { open: 60_000n, amount: 100_000n })], holds })).reason).toBe('disputed');
});

test('currencies are apart: one action each, credits and minimums of each', () => {
  const items = [item(1, '2026-03-02', { open: 14_900n }), item(2, '2026-03-02', { open: 12_000n, currency: 'USD' })];
  const scenario = { ...STANDARD_SCENARIO, minimumAmount: money(15_000n, 'EUR'), otherMinimumAmounts: [money(10_000n, 'USD')] };
  const decided = decide('2026-03-09', { items, scenario });
  expect(decided.actions.map(({ currency, total }) => [currency, total])).toEqual([['USD', 12_000n]]);
  expect(decisionOf(decided, 1).reason).toBe('belowMinimum');
  expect(decide('2026-03-09', { items }).actions.map(({ key }) => key)).toEqual([
    '7/EUR/standard/2/email/1.0/accountsPayable', '7/USD/standard/2/email/2.0/accountsPayable',
  ]);
});

test('the cap counts what this evaluation already proposed', () => {
  const items = [item(1, '2026-03-02'), item(2, '2026-03-02', { currency: 'USD' })];
  const decided = decideAccount(givenPolicy('2026-03-09', { contactCap: { contacts: 1, windowDays: 7 } }), givenAccount({ items }));
  expect(decided.actions).toHaveLength(1);
  expect(decisionOf(decided, 2)).toMatchObject({ reason: 'capReached', until: null });
});

test('scope item: one action for each item, each at its own step', () => {
  const items = [item(1, '2026-02-13', { lastStepDone: givenStepDone(second, '2026-02-27') }), item(2, '2026-03-09')];
  const { actions } = decide('2026-03-16', { items, scenario: byItem });
  expect(actions.map(({ key, total }) => [key, total])).toEqual([
    ['7/EUR/standard/4/email/1.0/accountsPayable/1', 100_000n],
    ['7/EUR/standard/2/email/2.0/accountsPayable/2', 100_000n],
  ]);
});

test('notices before the due date are grouped, and give way the day something late is chased', () => {
  const soon = [item(1, '2026-03-12'), item(2, '2026-03-11')];
  const { actions } = decide('2026-03-10', { items: soon });
  expect(actions.map(({ step, items }) => [step, items.map(({ document, daysLate }) => [document, daysLate])])).toEqual([[1, [['F-2', -1], ['F-1', -2]]]]);
  const decided = decide('2026-03-09', { items: [item(1, '2026-03-12'), item(3, '2026-03-02')] });
  expect(decided.actions.map(({ step }) => step)).toEqual([2]);
  expect(decisionOf(decided, 1)).toMatchObject({ reason: 'capReached', until: '2026-03-10', facts: { sameDay: true } });
});

test('a notice is never sent twice, nor once the item is due', () => {
  const done = givenStepDone(notice, '2026-02-27');
  expect(decide('2026-02-28', { items: [item(1, '2026-03-02', { lastStepDone: done })] }).actions).toEqual([]);
  expect(decide('2026-03-02', { items: [item(1, '2026-03-02')] }).actions).toEqual([]);
});

test('an action that stands keeps the whole account from another one, even an item seen since', () => {
  const pendingAction = { actionId: givenId<'action'>(9), state: 'approved', step: 2 } as const;
  const decided = decide('2026-03-09', { items: [item(1, '2026-03-02', { pendingAction }), item(2, '2026-03-02')] });
  expect(decided.actions).toEqual([]);
  expect(decided.decisions.map(({ reason }) => reason)).toEqual(['awaitingApproval', 'awaitingApproval']);
});

test('a new attempt after one that ended without being accepted has another key', () => {
  const key = (round: number): string | undefined => decide('2026-03-09', { items: [item(1, '2026-03-02', { round })] }).actions[0]?.key;
  expect([key(0), key(1)]).toEqual(['7/EUR/standard/2/email/1.0/accountsPayable', '7/EUR/standard/2/email/1.1/accountsPayable']);
});

test('first seen at 90 days late: the first step, or the step of its age short of a formal notice', () => {
  const old = item(1, '2025-12-09', { firstSeenOn: day('2026-03-09') });
  const step = (entry: 'first' | 'byAge', today: string, given: ItemFacts): number | null => decisionOf(decide(today, { items: [given], scenario: { ...STANDARD_SCENARIO, entry } })).step;
  expect(step('first', '2026-03-09', old)).toBe(2);
  expect(step('byAge', '2026-03-09', old)).toBe(4);
  const promisedLong = item(1, '2026-02-02', { firstSeenOn: day('2026-01-05') });
  expect(step('byAge', '2026-03-09', promisedLong)).toBe(2);
});

test('a new version goes on after what was done, and sends nothing of the same age again', () => {
  const [one, ...rest] = STANDARD_SCENARIO.steps;
  const inserted = [one, { ...first, offsetDays: 3 }, ...rest.map((step) => ({ ...step, number: step.number + 1 }))].filter((step) => step !== undefined);
  const scenario = { ...STANDARD_SCENARIO, version: 2, steps: inserted.map((step, index) => ({ ...step, number: index + 1 })) };
  const nextOf = (done: ItemFacts['lastStepDone']): number | null => decisionOf(decide('2026-03-20', { items: [item(1, '2026-03-02', { lastStepDone: done })], scenario })).step;
  expect(nextOf(givenStepDone(first, '2026-03-09'))).toBe(4);
  expect(nextOf(givenStepDone(second, '2026-03-17'))).toBe(5);
  expect(nextOf({ ...givenStepDone(second, '2026-03-17'), scenarioCode: 'firm' })).toBe(5);
});

test('a broken promise: the step after the last one done, flagged firmer, once', () => {
  const holds = [givenHold('promise', { until: day('2026-03-13') })];
  const doneBefore = item(1, '2026-02-27', { lastStepDone: givenStepDone(first, '2026-03-06') });
  expect(decide('2026-03-16', { items: [doneBefore], holds }).actions[0]).toMatchObject({ step: 3, firmer: true });
  const doneSince = item(1, '2026-02-13', { lastStepDone: givenStepDone(second, '2026-03-16') });
  expect(decide('2026-03-31', { items: [doneSince], holds }).actions[0]).toMatchObject({ step: 4, firmer: false });
});

test('a consumer gets neither interest nor indemnity; an estimated item asks for a person', () => {
  const account = givenAccount();
  const consumer = decide('2026-03-09', { customer: { ...account.customer, kind: 'consumer' } });
  expect(consumer.actions[0]?.chargesAllowed).toBe(false);
  expect(decide('2026-03-09', { items: [item(1, '2026-03-02', { estimated: true })] }).actions[0]?.needsApproval).toBe(true);
});

test('the recipient: roles in order, then the fallback channel, then the customer’s own address for letters', () => {
  const of = (rest: Partial<AccountFacts>): (string | null | undefined)[] => {
    const action = decide('2026-03-09', rest).actions[0];
    return [action?.channel, action?.contactId, action?.role];
  };
  const manager = givenContact({ contactId: givenId(2), roles: ['management'] });
  const buyer = givenContact({ contactId: givenId(3), roles: ['buyer'] });
  expect(of({ contacts: [buyer, manager] })).toEqual(['email', '2', 'management']);
  expect(of({ contacts: [givenContact({ bouncedChannels: ['email'] }), buyer] })).toEqual(['email', '3', 'buyer']);
  expect(of({ contacts: [givenContact({ email: null })] })).toEqual(['letter', '1', 'accountsPayable']);
  expect(of({ contacts: [] })).toEqual(['letter', null, null]);
});

test('unallocated credits are told, not deducted', () => {
  const credits = [{ currency: 'EUR', amount: 30_000n } as const];
  expect(decide('2026-03-09', { credits }).actions[0]).toMatchObject({ total: 100_000n, unallocatedCredits: 30_000n });
});

test('run again the same day, nothing new: what an earlier run proposed takes the day as what this one does', () => {
  const [late, soon] = [item(1, '2026-03-09'), item(2, '2026-03-18')];
  const first = decide('2026-03-16', { items: [late, soon] });
  expect(first.actions.map(({ anchorItemId }) => anchorItemId)).toEqual(['1']);
  expect(decisionOf(first, 2)).toMatchObject({ reason: 'capReached', until: '2026-03-17' });
  const standing = (proposedOn: string, channel: 'email' | 'letter' = 'email'): ItemFacts =>
    ({ ...late, pendingAction: { actionId: givenId(9), state: 'proposed', step: 2, channel, proposedOn: day(proposedOn) } });
  expect(decide('2026-03-16', { items: [standing('2026-03-16'), soon] }).actions).toEqual([]);
  // What stands since another day, or goes another way, is not this day's.
  expect(decide('2026-03-16', { items: [standing('2026-03-13'), soon] }).actions).toHaveLength(1);
  expect(decide('2026-03-16', { items: [standing('2026-03-16', 'letter'), soon] }).actions).toHaveLength(1);
});
