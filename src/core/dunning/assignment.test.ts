import { expect, test } from 'vitest';
import { money } from '../kernel/money.ts';
import { checkAssignment, chooseScenario } from './assignment.ts';
import type { AssignmentRule, AssignmentSubject, RuleConditions } from './assignment.ts';

const subject: AssignmentSubject = { segment: 'atRisk', kind: 'business', language: 'fr', country: 'FR', account: '411DUPONT', openTotal: (currency) => (currency === 'EUR' ? 50_000n : 0n) };
const rule = (when: RuleConditions, scenario = 'firm'): AssignmentRule => ({ name: 'Règle', scenario, when });
const choose = (rules: readonly AssignmentRule[], rest: Partial<AssignmentSubject> = {}, chosen: string | null = null) => chooseScenario({ version: 4, rules }, { ...subject, ...rest }, { chosen, standard: 'standard' });

test.each<[string, RuleConditions, boolean]>([
  ['nothing asked', {}, true],
  ['segment', { segments: ['new', 'atRisk'] }, true], ['another segment', { segments: ['new'] }, false],
  ['kind', { kinds: ['business'] }, true], ['another kind', { kinds: ['consumer', 'public'] }, false],
  ['language', { languages: ['en'] }, false], ['country', { countries: ['BE', 'FR'] }, true], ['another country', { countries: ['BE'] }, false],
  ['prefix', { accountPrefixes: ['401', '411D'] }, true], ['another prefix', { accountPrefixes: ['411E'] }, false],
  ['from, at its bound', { openTotals: [{ from: money(50_000n, 'EUR'), below: null }] }, true], ['from, above', { openTotals: [{ from: money(50_001n, 'EUR'), below: null }] }, false],
  ['below, at its bound', { openTotals: [{ from: null, below: money(50_000n, 'EUR') }] }, false], ['in a currency it owes nothing in', { openTotals: [{ from: money(1n, 'USD'), below: null }] }, false],
  ['all together', { segments: ['atRisk'], kinds: ['business'], countries: ['FR'] }, true], ['one of them not', { segments: ['atRisk'], kinds: ['public'] }, false],
])('%s', (...[, when, holds]) => expect(choose([rule(when)]).code).toBe(holds ? 'firm' : 'standard'));

test('a segment that is not known is in no rule on segments', () => expect(choose([rule({ segments: ['atRisk'] })], { segment: null })).toEqual({ code: 'standard', choice: { by: 'default' } }));

test('a person first, then the first rule that holds, the default last; the choice says which', () => {
  const rules = [rule({ segments: ['new'] }, 'gentle'), rule({ kinds: ['business'] }), rule({})];
  expect(choose(rules, {}, 'gentle')).toEqual({ code: 'gentle', choice: { by: 'customer' } });
  expect(choose(rules)).toEqual({ code: 'firm', choice: { by: 'rule', rule: 2, name: 'Règle', rulesVersion: 4 } });
  expect(choose([])).toEqual({ code: 'standard', choice: { by: 'default' } });
});

test.each<[string, AssignmentRule[], string]>([
  ['good', [rule({ segments: ['new'] })], ''],
  ['no name', [{ ...rule({}), name: ' ' }], '1 error ruleName'],
  ['unknown scenario', [rule({}, 'gone')], '1 error ruleScenario'],
  ['an empty criterion', [rule({ segments: [] })], '1 error ruleEmpty'],
  ['no bound', [rule({ openTotals: [{ from: null, below: null }] })], '1 error ruleBounds'],
  ['two currencies', [rule({ openTotals: [{ from: money(1n, 'EUR'), below: money(2n, 'USD') }] })], '1 error ruleBounds'],
  ['bounds crossed', [rule({ openTotals: [{ from: money(2n, 'EUR'), below: money(2n, 'EUR') }] })], '1 error ruleBounds'],
  ['after everybody', [rule({}), rule({ segments: ['new'] })], '2 warning ruleNever'],
  ['too many', Array.from({ length: 51 }, () => rule({ segments: ['new'] })), '0 error rulesMax'],
])('check: %s', (...[, rules, expected]) => {
  const found = checkAssignment(rules, new Set(['firm']));
  expect(found.map(({ line, severity, code }) => `${line} ${severity} ${code.replace('dunning.', '')}`).join(', ')).toBe(expected);
  expect(found.every(({ message }) => message.fr !== message.en)).toBe(true);
});
