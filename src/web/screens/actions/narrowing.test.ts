import { expect, test } from 'vitest';
import type { ActionView } from '#core/api/actions.ts';
import { EVERYTHING, isApprovable, isNarrowed, narrowed, offeredBy, totalsOf } from './narrowing.ts';

const row = (id: string, given: Partial<ActionView> = {}): ActionView => ({
  id, customerId: '1', customer: 'C1', customerName: 'Alpha', channel: 'email', recipient: null, step: 2, scenario: 'standard', offsetDays: 7, tone: 'firm', total: '100.00', currency: 'EUR', documents: ['FA-1'], state: 'proposed',
  stateReason: null, stateAt: '', today: '2026-06-30', formalNotice: false, firmer: false, sentOn: null, test: false, approvalsNeeded: 1, approvedOnceBy: null, approvedOnceByMe: false, purpose: 'dunning', task: false,
  segment: 'goodPayer', taskNote: null, ...given,
});
const ROWS = [
  row('1'), row('2', { channel: 'letter', step: 10, total: '1000.00', segment: 'atRisk' }), row('3', { scenario: 'cautious', currency: 'JPY', total: '1500', segment: null }),
  row('4', { channel: 'call', task: true, customerName: 'Bêta', documents: ['FA-9', 'AV-7'], total: '99.99' }),
];

test.each([
  [{}, '1234'], [{ channel: 'letter' }, '2'], [{ scenario: 'cautious' }, '3'], [{ step: '2' }, '134'], [{ segment: 'goodPayer' }, '14'], [{ atLeast: '100' }, '123'], [{ atLeast: '1 500' }, '3'], [{ atLeast: 'cent' }, '1234'],
  [{ text: ' bêta' }, '4'], [{ text: 'av-7' }, '4'], [{ channel: 'email', atLeast: '1200' }, '3'],
] as const)('%j leaves %s', (by, expected) => {
  expect(narrowed(ROWS, { ...EVERYTHING, ...by }).map(({ id }) => id).join('')).toBe(expected);
  expect(isNarrowed({ ...EVERYTHING, ...by })).toBe(Object.keys(by).length > 0);
});

test('what is offered is what is there; sums stay within their currency', () => {
  expect(offeredBy(ROWS)).toEqual({ channels: ['email', 'letter', 'call'], scenarios: ['cautious', 'standard'], steps: ['2', '10'], segments: ['atRisk', 'goodPayer'] });
  expect(totalsOf(ROWS)).toEqual([{ currency: 'EUR', amount: '1199.99' }, { currency: 'JPY', amount: '1500' }]);
});

test('a task is approved only where two persons must agree to it', () => {
  expect([row('1'), row('2', { task: true }), row('3', { task: true, approvalsNeeded: 2 })].map(isApprovable)).toEqual([true, false, true]);
});
