import { expect, test } from 'vitest';
import type { MatchingSettings } from '#core/api/matching.ts';
import { isRate, isTolerance, settingsOf, valuesOf } from './matching-values.ts';

const SETTINGS: MatchingSettings = {
  afterImport: true, automaticFrom: 90, tolerance: { percent: '0.5', capUnits: 5 }, partPayments: 'automatic', writeOffs: 'propose', rememberedPayers: 3, imputation: 'principalFirst', oldestFirst: true,
  earlyPayment: { rate: '2', days: 10, on: 'net' },
  lines: [
    { name: 'Loyers', amountFrom: '1234.50', amountTo: null, currency: 'EUR', words: ['loyer*'], without: ['charges'], outcome: { kind: 'customer', customer: '7' } },
    { name: 'Interne', amountFrom: null, amountTo: null, currency: null, words: ['virement interne'], without: [], outcome: { kind: 'ignore' } },
  ],
};

test('settings come back from their form as they were, in both languages', () => {
  for (const language of ['fr', 'en'] as const) expect(settingsOf(valuesOf(SETTINGS, language))).toEqual(SETTINGS);
  const bare: MatchingSettings = { ...SETTINGS, rememberedPayers: null, earlyPayment: null, lines: [] };
  expect(settingsOf(valuesOf(bare, 'fr'))).toEqual(bare);
});

test('amounts are typed the French way, blanks around words are dropped', () => {
  const values = valuesOf(SETTINGS, 'fr');
  const [rule] = values.lines;
  expect(rule?.amountFrom).toBe('1234,50');
  if (rule === undefined) throw new Error('the rule is there');
  expect(settingsOf({ ...values, percent: '0,25', lines: [{ ...rule, amountFrom: '1 500', words: [' a ', ' '] }] })).toMatchObject({ tolerance: { percent: '0.25' }, lines: [{ amountFrom: '1500', words: ['a'] }] });
});

test.each([['0', true], ['0,5', true], ['5', true], ['5,01', false], ['-1', false], ['un', false], ['', false]] as const)('tolerance "%s": %s', (text, good) => {
  expect(isTolerance(text)).toBe(good);
});

test.each([['2', true], ['0,5', true], ['0', false], ['', false], ['x', false]] as const)('rate "%s": %s', (text, good) => {
  expect(isRate(text)).toBe(good);
});
