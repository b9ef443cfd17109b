import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addDays, day, daysBetween } from '../kernel/day.ts';
import type { Day } from '../kernel/day.ts';
import { decideAccount } from './decide.ts';
import { givenAccount, givenItem, timeline } from './given.ts';
import type { Decide } from './given.ts';

const FROM = day('2026-02-20');
const HORIZON_DAYS = 230;

/** Steps sent for one invoice, whatever the nights missed; each line is a step. */
function stepsSent(decide: Decide, missed: (today: Day) => boolean): string[] {
  const account = givenAccount({ items: [givenItem()] });
  return timeline(account, { from: FROM, to: addDays(FROM, HORIZON_DAYS), missed, decide }).map((line) => line.slice(11, 17));
}

const anyNights = fc
  .array(fc.record({ start: fc.integer({ min: 13, max: 110 }), length: fc.integer({ min: 1, max: 25 }) }), { maxLength: 4 })
  .map((outages) => outages.flatMap(({ start, length }) => Array.from({ length }, (_, index) => start + index)));

/** The notice before the due date (nights before it are all run) and the four steps after go out once, in order, whatever later nights are missed. */
const check = (decide: Decide): void => {
  fc.assert(
    fc.property(anyNights, (nights) => {
      const missed = new Set(nights);
      return stepsSent(decide, (today) => missed.has(daysBetween(FROM, today))).join() === 'step 1,step 2,step 3,step 4,step 5';
    }),
    { numRuns: 60, seed: 20261122 },
  );
};

test('B7 nights missed lose no step and double none', () => {
  expect(() => check(decideAccount)).not.toThrow();
});

const byEquality: Decide = (policy, account) => {
  const decided = decideAccount(policy, account);
  const exact = decided.actions.filter(({ step, items, anchorItemId }) => {
    const offset = account.scenario.steps.find(({ number }) => number === step)?.offsetDays;
    return step === 1 || items.some(({ itemId, daysLate }) => itemId === anchorItemId && daysLate === offset);
  });
  return { ...decided, actions: exact };
};

test('planted bug found: days compared by equality', () => expect(() => check(byEquality)).toThrow(/Property failed/));

test('planted bug found: a step skipped when its night was missed', () => {
  const skipping: Decide = (policy, account) => {
    const items = account.items.map((item) => {
      const late = daysBetween(item.dueOn, policy.today);
      const passed = account.scenario.steps.findLast(({ offsetDays }) => offsetDays > 0 && offsetDays < late - 6);
      if (passed === undefined || passed.number <= (item.lastStepDone?.number ?? 0)) return item;
      const doneOn = item.lastStepDone?.doneOn ?? item.dueOn;
      return { ...item, lastStepDone: { number: passed.number, offsetDays: passed.offsetDays, doneOn, scenarioCode: 'standard', scenarioVersion: 1 } };
    });
    return decideAccount(policy, { ...account, items });
  };
  expect(() => check(skipping)).toThrow(/Property failed/);
});
