import { expect, test } from 'vitest';
import { money } from '../kernel/money.ts';
import { READY_SCENARIOS, STANDARD_SCENARIO } from './ready-scenarios.ts';
import { checkScenario } from './scenario-check.ts';
import type { ScenarioVersion, Step } from './scenario.ts';

const second = (change: Partial<Step>): Partial<ScenarioVersion> => ({
  steps: STANDARD_SCENARIO.steps.map((step) => (step.number === 2 ? { ...step, ...change } : step)),
});

test.each(READY_SCENARIOS.map((scenario) => [scenario.code, scenario] as const))('%s has no problem', (_, scenario) => {
  expect(checkScenario(scenario)).toEqual([]);
});

test('the standard scenario is J-3, J+7, J+15, J+30, formal notice at J+45 with approval', () => {
  expect(STANDARD_SCENARIO.steps.map(({ offsetDays }) => offsetDays)).toEqual([-3, 7, 15, 30, 45]);
  expect(STANDARD_SCENARIO.steps.map(({ formalNotice, approval }) => formalNotice && approval === 'one')).toEqual([false, false, false, false, true]);
});

test.each<[string, Partial<ScenarioVersion>, string]>([
  ['a code with spaces', { code: 'My scenario' }, '0 error code'],
  ['no name', { name: ' ' }, '0 error name'],
  ['version 0', { version: 0 }, '0 error version'],
  ['grace of half a day', { graceDays: 0.5 }, '0 error grace'],
  ['negative minimum', { minimumAmount: money(-1n, 'EUR') }, '0 error minimum'],
  ['two minimums in one currency', { otherMinimumAmounts: [money(1n, 'EUR')] }, '0 error minimumTwice'],
  ['no step', { steps: [] }, '0 error stepCount'],
  ['only notices', { steps: STANDARD_SCENARIO.steps.slice(0, 1) }, '0 warning nothingAfterDue'],
  ['too far', second({ offsetDays: 2000 }), '2 error offset, 3 error order'],
  ['same day as the step before', second({ offsetDays: -3 }), '2 error order'],
  ['negative gap', second({ minimumGapDays: -1 }), '2 error gap'],
  ['nobody to write to', second({ contactRoles: [] }), '2 error noRole'],
  ['fallback to itself', second({ fallbackChannel: 'email' }), '2 error fallback'],
  ['no template', second({ template: '' }), '2 error template'],
  ['wrong number', second({ number: 7 }), '2 error number'],
  ['formal notice by phone', second({ formalNotice: true, kind: 'task', channel: 'call' }), '2 error formalNoticeChannel'],
  ['formal notice by e-mail', second({ formalNotice: true }), '2 warning formalNoticeProof'],
  ['formal notice before due', {
    steps: STANDARD_SCENARIO.steps.map((step) => (step.number === 1 ? { ...step, formalNotice: true, channel: 'registeredLetter' as const } : step)),
  }, '1 error formalNoticeEarly'],
])('%s', (...[, change, expected]) => {
  const found = checkScenario({ ...STANDARD_SCENARIO, ...change });
  expect(found.map(({ line, severity, code }) => `${line} ${severity} ${code.replace('dunning.', '')}`).join(', ')).toBe(expected);
  expect(found.every(({ message }) => message.fr.length > 20 && message.en.length > 20)).toBe(true);
});

test('a word from outside that is no channel, tone or role is named', () => {
  const outside: unknown = { ...STANDARD_SCENARIO, steps: [{ ...STANDARD_SCENARIO.steps[1], number: 1, channel: 'pigeon', tone: 'loud' }] };
  const isScenario = (value: unknown): value is ScenarioVersion => typeof value === 'object';
  if (!isScenario(outside)) throw new Error('not an object');
  expect(checkScenario(outside).map(({ message }) => message.fr)).toEqual([expect.stringContaining('« pigeon »'), expect.stringContaining('« loud »')]);
});
