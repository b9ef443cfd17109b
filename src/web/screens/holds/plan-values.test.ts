import { expect, test } from 'vitest';
import { day } from '#core/kernel/day.ts';
import { nextRow, planDraft, rowsOf } from './plan-values.ts';
import type { PlanValues } from './plan-values.ts';

const GROUND = { total: 130_000n, currency: 'EUR', today: day('2026-06-30') };
const VALUES: PlanValues = { mode: 'regular', count: 3, every: 'month', days: 10, firstOn: '2026-07-31', rows: [], accepted: false, acceptedBy: '', note: '' };
const byHand = (...rows: readonly (readonly [string, string])[]): PlanValues => ({ ...VALUES, mode: 'byHand', rows: rows.map(([dueOn, amount], id) => ({ id, dueOn, amount })) });

test('a rhythm: to the cent, the last one takes what is left', () => {
  expect(planDraft(VALUES, GROUND)).toEqual({
    instalments: [{ dueOn: '2026-07-31', minor: 43_333n }, { dueOn: '2026-08-31', minor: 43_333n }, { dueOn: '2026-09-30', minor: 43_334n }], sum: 130_000n, fault: null,
  });
  expect(planDraft({ ...VALUES, every: 'days', days: 10, count: 2 }, { ...GROUND, total: 1501n, currency: 'JPY' }).instalments.map(({ dueOn, minor }) => [dueOn, minor])).toEqual([['2026-07-31', 750n], ['2026-08-10', 751n]]);
});

test.each([
  ['no first day', { ...VALUES, firstOn: '' }, /première échéance/], ['a first day in the past', { ...VALUES, firstOn: '2026-06-01' }, /jour à venir/], ['too many', { ...VALUES, count: 61 }, /60/],
  ['no number', { ...VALUES, count: '' }, /60/], ['a cent short', byHand(['2026-07-31', '1299,99']), /1299\.99 et les pièces 1300\.00/], ['not a day', byHand(['', '1300']), /un jour et un montant/],
  ['finer than a cent', byHand(['2026-07-31', '1300,001']), /un jour et un montant/], ['not in order', byHand(['2026-08-31', '650'], ['2026-07-31', '650']), /après celle/], ['none', byHand(), /1 à 60/],
])('%s is refused', (_name, values, expected) => {
  expect(planDraft(values, GROUND).fault?.fr).toMatch(expected);
});

test('the sum is said while it does not fit, and a new row takes what is left', () => {
  const values = byHand(['2026-07-31', '300'], ['2026-08-31', '']);
  expect([planDraft(values, GROUND).sum, nextRow(values.rows, GROUND, 'fr')]).toEqual([30_000n, { id: 2, dueOn: '2026-09-30', amount: '1000,00' }]);
  expect(nextRow(byHand(['2026-07-31', '1400']).rows, GROUND, 'en')).toEqual({ id: 1, dueOn: '2026-08-31', amount: '' });
});

test('a rhythm corrected by hand starts from the same instalments', () => {
  const rows = rowsOf(planDraft(VALUES, GROUND).instalments, 'EUR', 'fr');
  expect(planDraft({ ...VALUES, mode: 'byHand', rows }, GROUND)).toEqual(planDraft(VALUES, GROUND));
});
