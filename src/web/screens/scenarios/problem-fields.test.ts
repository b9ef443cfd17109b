import { expect, test } from 'vitest';
import { money } from '#core/kernel/money.ts';
import { givenStep } from '#core/dunning/given.ts';
import { STANDARD_SCENARIO } from '#core/dunning/ready-scenarios.ts';
import { checkScenario } from '#core/dunning/scenario-check.ts';
import type { ScenarioVersion } from '#core/dunning/scenario.ts';
import { errorsIn, headProblems, stepProblems } from './problem-fields.ts';

const rest = STANDARD_SCENARIO.steps.slice(2);
const wrong: ScenarioVersion = {
  ...STANDARD_SCENARIO, name: '', graceDays: -1, minimumAmount: money(-1n, 'EUR'), entry: { step: 'nowhere' }, thankYou: { template: '', channel: 'call', contactRoles: [], onlyWhenReminded: false },
  steps: [
    { ...givenStep(1), formalNotice: true, contactRoles: [] },
    { ...givenStep(2), offsetDays: -4, minimumGapDays: 999, fallbackChannel: 'email', template: '', conditions: { ageFrom: 9, ageTo: 2 } }, ...rest,
  ],
};

test('every problem is beside a field: nothing the check says falls under the table', () => {
  const problems = checkScenario(wrong);
  expect([...headProblems(problems).keys()].toSorted()).toEqual(['entry', 'graceDays', 'minimumAmount', 'name', 'thankYou']);
  expect([...stepProblems(problems, 1).keys()].toSorted()).toEqual(['contactRoles', 'formalNotice', 'offsetDays']);
  expect([...stepProblems(problems, 2).keys()].toSorted()).toEqual(['conditions', 'fallbackChannel', 'minimumGapDays', 'offsetDays', 'template']);
  expect(errorsIn(problems)).toBe(problems.length - 1);
});

test('a problem nobody knows a field for is still shown', () => {
  const unknown = { line: 1, severity: 'error', code: 'dunning.brandNew', message: { fr: 'Nouveau.', en: 'New.' } } as const;
  expect([...stepProblems([unknown], 1).keys()]).toEqual(['whole']);
});
