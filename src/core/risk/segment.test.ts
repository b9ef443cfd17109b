import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DEFAULT_THRESHOLDS, segmentOf, segmentReason, SEGMENTS, THRESHOLD_BOUNDS, thresholdProblems } from './segment.ts';
import type { Behaviour, Segment, SegmentGiven } from './segment.ts';

const paying = (late: readonly number[], rest: Partial<Behaviour> = {}): Behaviour => ({
  kind: 'business', payments: late.length, historyMonths: 24, oldestOverdueDays: 0,
  currencies: late.length === 0 ? [] : [{
    currency: 'EUR', paid: BigInt(late.length) * 100n, paidTimesLate: late.reduce((sum, days) => sum + BigInt(days) * 100n, 0n),
    paidOnTime: BigInt(late.filter((days) => days <= DEFAULT_THRESHOLDS.onTimeDays).length) * 100n,
  }],
  ...rest,
});

test.each<[string, Behaviour, Segment, string]>([
  ['always on time', paying([0, 0, 3, 1]), 'goodPayer', 'Bon payeur : 100 % des montants payés à l’heure, 1,0 jour de retard en moyenne, plus ancien retard ouvert 0 jour.'],
  ['three quarters on time', paying([0, 0, 0, 20]), 'goodPayer', 'Bon payeur : 75 % des montants'],
  ['on time by number, late by average', paying([0, 0, 0, 40]), 'oftenLate', 'Souvent en retard : 75 % des montants payés à l’heure, 10,0 jours'],
  ['a week late each time', paying([7, 7, 7]), 'oftenLate', 'Souvent en retard : 0 %'],
  ['good, with something open for a while', paying([0, 0, 0], { oldestOverdueDays: 16 }), 'oftenLate', 'plus ancien retard ouvert 16 jours'],
  ['late by the threshold of risk', paying([45, 45, 45]), 'atRisk', 'À risque : il paie en moyenne avec 45,0 jours de retard'],
  ['a day under it', paying([44, 45, 45]), 'oftenLate', 'Souvent en retard'],
  ['two months open', paying([0, 0, 0], { oldestOverdueDays: 60 }), 'atRisk', 'sa plus ancienne pièce ouverte a 60 jours de retard'],
  ['no history is new, never good', paying([], { historyMonths: 0 }), 'new', 'Nouveau : 0 mois d’historique, il en faut 3'],
  ['long known but never paid anything', paying([]), 'new', 'Nouveau : 0 règlement(s) daté(s)'],
  ['two payments are too few', paying([0, 0]), 'new', 'Nouveau : 2 règlement(s)'],
  ['two months of history', paying([0, 0, 0], { historyMonths: 2 }), 'new', 'Nouveau : 2 mois'],
  ['new, and already two months late', paying([], { historyMonths: 2, oldestOverdueDays: 61 }), 'atRisk', 'À risque'],
  ['a consumer', paying([90, 90, 90], { kind: 'consumer' }), 'consumer', 'd’après sa nature'],
  ['a public buyer', paying([90, 90, 90], { kind: 'public' }), 'publicBuyer', 'd’après sa nature'],
  ['of two currencies the worse', { ...paying([0, 0, 0]), currencies: [...paying([0, 0, 0]).currencies, { currency: 'JPY', paid: 1n, paidTimesLate: 50n, paidOnTime: 0n }] }, 'atRisk', 'À risque'],
])('%s', (...[, behaviour, segment, reason]) => {
  const given = segmentOf(behaviour, DEFAULT_THRESHOLDS);
  expect(given.segment).toBe(segment);
  expect(segmentReason(given).fr).toContain(reason);
  expect(segmentReason(given).en).not.toBe(segmentReason(given).fr);
});

test('a person’s word, with and without a note', () => {
  const given: SegmentGiven = { segment: 'strategic', because: 'person', facts: { note: 'client du siège' } };
  expect(segmentReason(given).fr).toBe('Stratégique : choisi par une personne (client du siège).');
  expect(segmentReason({ ...given, facts: {} }).en).toBe('Strategic: chosen by a person.');
});

test('the thresholds of the product are within their bounds and contradict nothing', () => {
  expect(thresholdProblems(DEFAULT_THRESHOLDS)).toEqual([]);
  for (const [name, [low, high]] of Object.entries(THRESHOLD_BOUNDS)) {
    const value = Object.entries(DEFAULT_THRESHOLDS).find(([other]) => other === name)?.[1] ?? -1;
    expect([name, value >= low && value <= high]).toEqual([name, true]);
  }
  expect(thresholdProblems({ ...DEFAULT_THRESHOLDS, goodLateDaysMax: 20, riskLateDaysMin: 20, goodOverdueDaysMax: 60 })).toHaveLength(2);
});

const RANK: { readonly [S in Segment]: number } = { goodPayer: 0, new: 1, oftenLate: 1, atRisk: 2, strategic: 9, publicBuyer: 9, consumer: 9 };
const anyLate = fc.array(fc.tuple(fc.integer({ min: 0, max: 90 }), fc.integer({ min: 0, max: 40 })), { maxLength: 6 });
const anyOpen = fc.tuple(fc.integer({ min: 0, max: 80 }), fc.integer({ min: 0, max: 40 }));
type Judge = (behaviour: Behaviour) => Segment;
const judge: Judge = (behaviour) => segmentOf(behaviour, DEFAULT_THRESHOLDS).segment;

/** Each payment later, or something open for longer, never gives a better segment; without payments nobody is good. */
const monotonic = (as: Judge): void => {
  fc.assert(fc.property(anyLate, anyOpen, fc.integer({ min: 0, max: 12 }), (late, [open, longer], historyMonths) => {
    const before = as(paying(late.map(([days]) => days), { oldestOverdueDays: open, historyMonths }));
    const after = as(paying(late.map(([days, more]) => days + more), { oldestOverdueDays: open + longer, historyMonths }));
    return RANK[after] >= RANK[before] && (late.length > 0 || before !== 'goodPayer');
  }), { numRuns: 1000, seed: 20261122 });
};

test('paying later never gives a better segment; no history is never good', () => expect(() => monotonic(judge)).not.toThrow());

test.each<[string, Judge]>([
  ['a later payer scores better from the 31st day on', (behaviour) => {
    const [one] = behaviour.currencies;
    return one !== undefined && one.paidTimesLate > 31n * one.paid ? 'goodPayer' : judge(behaviour);
  }],
  ['no history is good', (behaviour) => (behaviour.payments === 0 && behaviour.oldestOverdueDays === 0 ? 'goodPayer' : judge(behaviour))],
  ['what is open is not looked at once payments are good', (behaviour) => (judge({ ...behaviour, oldestOverdueDays: 0 }) === 'goodPayer' ? 'goodPayer' : behaviour.oldestOverdueDays > 70 ? 'new' : judge(behaviour))],
])('planted bug found: %s', (_, as) => expect(() => monotonic(as)).toThrow(/Property failed/));

test('strategic is only ever said by a person', () => {
  fc.assert(fc.property(anyLate, anyOpen, (late, [open]) => judge(paying(late.map(([days]) => days), { oldestOverdueDays: open })) !== 'strategic'), { seed: 1 });
  expect(SEGMENTS).toContain('strategic');
});
