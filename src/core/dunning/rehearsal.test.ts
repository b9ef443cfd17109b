import { expect, test } from 'vitest';
import { day } from '../kernel/day.ts';
import { givenAccount, givenContact, givenId, givenItem, givenPolicy } from './given.ts';
import { nextDays } from './next-days.ts';
import { STANDARD_SCENARIO } from './ready-scenarios.ts';
import { rehearseSteps } from './rehearsal.ts';
import type { RehearsedStep } from './rehearsal.ts';
import type { AccountFacts } from './facts.ts';

const TODAY = day('2026-06-30');
const item = (number: number, dueOn: string, rest: Partial<AccountFacts['items'][number]> = {}) =>
  givenItem({ itemId: givenId(number), document: `F-${number}`, issuedOn: day('2026-01-01'), firstSeenOn: day('2026-01-01'), dueOn: day(dueOn), ...rest });
const said = ({ step, today, planned, channel, reachable, items }: RehearsedStep): string => `${step.number} ${today}${planned ? ' planned' : ''} ${reachable ? channel : `nobody by ${channel}`} ${items.map(({ document }) => document).join('+')}`;
const rehearsed = (account: AccountFacts): string[] => rehearseSteps(account, nextDays(givenPolicy(TODAY), account, 30), TODAY).map(said);

test('a step that comes up is told as planned; the others on the day they would come up, with what would then be late', () => {
  expect(rehearsed(givenAccount({ items: [item(1, '2026-06-20'), item(2, '2026-07-10')] }))).toEqual([
    '1 2026-07-08 planned email F-2', '2 2026-06-30 planned email F-1', '3 2026-07-07 planned email F-1', '4 2026-07-20 planned email F-1+F-2', '5 2026-08-04 registeredLetter F-1+F-2',
  ]);
});

test('nobody to write to is told beside the step, which is still rehearsed', () => {
  const alone = givenAccount({ items: [item(1, '2026-06-20')], contacts: [], customer: { ...givenAccount().customer, hasPostalAddress: false } });
  expect(rehearsed(alone).every((line) => line.includes('nobody by'))).toBe(true);
  expect(rehearsed({ ...alone, contacts: [givenContact({ email: null })] })[4]).toContain('registeredLetter');
});

test('currencies are not mixed, and an item under another scenario is not rehearsed', () => {
  const other = { ...STANDARD_SCENARIO, code: 'other' };
  const account = givenAccount({ items: [item(1, '2026-03-01', { currency: 'USD' }), item(2, '2026-06-20'), item(3, '2026-06-21'), item(4, '2026-06-20', { scenario: other })] });
  const lines = rehearseSteps(account, [], TODAY).map(said);
  expect(lines[4]).toBe('5 2026-08-04 registeredLetter F-2+F-3');
  expect(rehearseSteps(givenAccount({ items: [item(4, '2026-06-20', { scenario: other })] }), [], TODAY)).toEqual([]);
});

test('one action a document: one document is cited', () => {
  const account = givenAccount({ scenario: { ...STANDARD_SCENARIO, scope: 'item' }, items: [item(1, '2026-06-20'), item(2, '2026-06-20')] });
  expect(rehearseSteps(account, [], TODAY).map(({ items }) => items.length)).toEqual([1, 1, 1, 1, 1]);
});
