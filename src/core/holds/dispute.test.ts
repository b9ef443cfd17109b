import { expect, test } from 'vitest';
import { day } from '../kernel/day.ts';
import { LIFECYCLE_REASONS } from '../intake/einvoice/lifecycle-reasons.ts';
import { disputeStanding } from './dispute.ts';
import type { DisputeFacts } from './dispute.ts';
import { DISPUTE_DEADLINE_DAYS, DISPUTE_REASONS, disputeFamily, disputeReason, disputeReasonName, disputeSteps } from './dispute-reasons.ts';
import { CLAIM_PERIODS, claimDeadline } from './insolvency.ts';

const DISPUTE: DisputeFacts = { amount: null, outcome: null, outcomeOn: null, item: { amount: 1000n, open: 1000n, credited: 0n, settledOn: null } };
const item = (open: bigint, credited: bigint, settledOn = '2026-03-20'): DisputeFacts['item'] => ({ amount: 1000n, open, credited, settledOn: day(settledOn) });
const decided = (outcome: DisputeFacts['outcome'], on = '2026-03-10'): Partial<DisputeFacts> => ({ outcome, outcomeOn: day(on) });

test.each<[string, Partial<DisputeFacts>, string, string]>([
  ['open', {}, '2026-03-10', 'open'],
  ['a part paid', { item: item(400n, 0n) }, '2026-03-21', 'open'],
  ['all paid', { item: item(0n, 0n) }, '2026-03-21', 'paid 2026-03-20'],
  ['all credited', { item: item(0n, 1000n) }, '2026-03-21', 'credited 2026-03-20'],
  ['the part in dispute credited, the rest open', { amount: 300n, item: item(700n, 300n) }, '2026-03-21', 'credited 2026-03-20'],
  ['less credited than disputed', { amount: 300n, item: item(800n, 200n) }, '2026-03-21', 'open'],
  ['the rest paid, the part not', { amount: 300n, item: item(300n, 0n) }, '2026-03-21', 'open'],
  ['accepted', decided('accepted'), '2026-03-12', 'awaitingCredit 2026-03-10'],
  ['accepted, thirty days gone', decided('accepted'), '2026-04-09', 'awaitingCredit 2026-03-10'],
  ['accepted, thirty-one: a person is asked', decided('accepted'), '2026-04-10', 'creditLate 2026-04-10'],
  ['accepted and credited', { ...decided('accepted'), item: item(0n, 1000n) }, '2026-03-21', 'credited 2026-03-20'],
  ['accepted in part and that part credited', { ...decided('partly'), amount: 200n, item: item(800n, 200n) }, '2026-03-21', 'credited 2026-03-20'],
  ['rejected', decided('rejected'), '2026-03-12', 'rejected 2026-03-10'],
  ['of the whole account: only a person ends it', { item: null }, '2026-09-01', 'open'],
])('%s', (...[, facts, asOf, expected]) => {
  const { state, on } = disputeStanding({ ...DISPUTE, ...facts }, day(asOf));
  expect([state, ...(on === null ? [] : [on])].join(' ')).toBe(expected);
});

test('the closed list: plain families, and every code a buyer may give with 207 or 210, each in words and with a plan', () => {
  expect(DISPUTE_REASONS.slice(0, 6)).toEqual(['commercial', 'delivery', 'price', 'quality', 'paperwork', 'other']);
  for (const code of ['AUTRE', 'COORD_BANC_ERR', 'PU_ERR', 'QTE_ERR', 'LIVR_INCOMP', 'DOUBLE_FACT', 'CONTACT_ACHTR']) expect(DISPUTE_REASONS).toContain(code);
  for (const code of DISPUTE_REASONS) {
    expect([code, disputeReason(code)]).toEqual([code, code]);
    const name = disputeReasonName(code);
    expect([code, name.fr.length > 2, name.en.length > 2]).toEqual([code, true, true]);
    const steps = disputeSteps(code);
    expect(new Set(steps.map((step) => step.code)).size).toBe(steps.length);
    expect(steps.length).toBeGreaterThanOrEqual(5);
    const days = steps.map((step) => step.withinDays);
    expect(days).toEqual(days.toSorted((a, b) => a - b));
    expect(days.at(-1)).toBe(DISPUTE_DEADLINE_DAYS);
    expect(disputeFamily(code) === code || Object.hasOwn(LIFECYCLE_REASONS, code)).toBe(true);
  }
  expect([disputeReason('REJ_SEMAN'), disputeReason('toString'), disputeReason('')]).toEqual([null, null, null]);
  expect([disputeFamily('PU_ERR'), disputeFamily('QTE_ERR'), disputeFamily('eInvoice210'), disputeFamily(null)]).toEqual(['price', 'delivery', 'other', 'other']);
});

const PARIS = { country: 'FR', postalCode: '75011' };
test.each([
  ['two months in metropolitan France', '2026-03-12', PARIS, '2026-05-12'], ['the month may be shorter', '2025-12-31', PARIS, '2026-02-28'],
  ['four from overseas', '2026-03-12', { country: 'FR', postalCode: '97400' }, '2026-07-12'], ['four from abroad', '2026-03-12', { country: 'BE', postalCode: null }, '2026-07-12'],
  ['no day of publication', null, PARIS, 'hold.claimDayUnknown'], ['no postal code', '2026-03-12', { country: 'FR', postalCode: null }, 'hold.claimPlaceUnknown'],
  ['no country', '2026-03-12', { country: '', postalCode: '75011' }, 'hold.claimPlaceUnknown'], ['before the rule that was read', '2019-01-01', PARIS, 'hold.claimRuleUnknown'],
] as const)('the claim is filed: %s', (...[, published, creditor, expected]) => {
  const deadline = claimDeadline({ publishedOn: published === null ? null : day(published), creditor });
  expect(deadline.ok ? deadline.value.on : deadline.error.code).toBe(expected);
});

test('every period of the claim says where it was read, and that no lawyer has', () => {
  expect(CLAIM_PERIODS.map(({ creditor, months }) => [creditor, months])).toEqual([['metropolitan', 2], ['elsewhere', 4]]);
  for (const period of CLAIM_PERIODS) expect(period).toMatchObject({ article: expect.stringContaining('R622-24'), url: expect.stringContaining('legifrance.gouv.fr'), lawyerReviewed: false });
});
