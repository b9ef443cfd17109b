import { expect, test } from 'vitest';
import type { CustomerRef, PartView, ProposalView } from '#core/api/matching.ts';
import { firstChoice, settlingOf, signatureOf, usesOf } from './proposals.ts';

const MARTIN: CustomerRef = { id: '1', code: 'MARTIN', name: 'Client MARTIN' };
const DUBOIS: CustomerRef = { id: '2', code: 'DUBOIS', name: 'Client DUBOIS' };

const part = (item: string, amount: string, given: Partial<PartView> = {}): PartView => ({ item, customer: MARTIN, document: item, label: null, kind: 'invoice', issuedOn: '2026-05-01', dueOn: null, open: amount, amount, ...given });
const proposal = (given: Partial<ProposalView>): ProposalView => ({ customer: MARTIN, parts: [], credits: [], writeOff: null, left: '0.00', confidence: 80, evidence: [], ...given });

test('the first proposal stands chosen, unless another is as good', () => {
  expect(firstChoice([])).toBe(-1);
  expect(firstChoice([proposal({ confidence: 70 })])).toBe(0);
  expect(firstChoice([proposal({ confidence: 70 }), proposal({ confidence: 60 })])).toBe(0);
  expect(firstChoice([proposal({ confidence: 70 }), proposal({ confidence: 70 })])).toBe(-1);
});

test('a proposal is the same when the same money goes to the same items', () => {
  expect(signatureOf(proposal({ parts: [part('a', '5.00')], confidence: 10 }))).toBe(signatureOf(proposal({ parts: [part('a', '5.00')], confidence: 90 })));
  expect(signatureOf(proposal({ parts: [part('a', '5.00')] }))).not.toBe(signatureOf(proposal({ parts: [part('a', '4.00')] })));
});

test('only whose money it is: one use without parts', () => {
  expect(usesOf(proposal({ left: '80.00' }), 'EUR')).toEqual([{ customer: MARTIN, parts: [], credits: [], writeOff: null }]);
});

test('a group: one use for each customer, the payer first while it keeps something', () => {
  const others = [part('b', '30.00', { customer: DUBOIS })];
  expect(usesOf(proposal({ parts: others, left: '0.00' }), 'EUR').map((use) => use.customer.id)).toEqual(['2']);
  expect(usesOf(proposal({ parts: others, left: '5.00' }), 'EUR').map((use) => use.customer.id)).toEqual(['1', '2']);
  const shared = usesOf(proposal({ parts: [part('a', '10.00'), ...others], writeOff: { amount: '2.00', reason: 'discount' } }), 'EUR');
  expect(shared.map((use) => use.writeOff?.amount ?? null)).toEqual(['2.00', null]);
  expect(usesOf(proposal({ parts: [part('b', '1.00', { customer: DUBOIS })], left: '1.00', writeOff: { amount: '0.50', reason: 'rounding' } }), 'EUR').map((use) => use.writeOff?.amount ?? null)).toEqual([null, '0.50']);
});

test('what is missing to settle a proposal, and when nothing is', () => {
  const short = proposal({ parts: [part('a', '990.00', { open: '1000.00' })] });
  expect(settlingOf(short, 'EUR')).toEqual({ amount: '10.00', uses: [{ customer: MARTIN, parts: [part('a', '1000.00', { open: '1000.00' })], credits: [], writeOff: null }] });
  expect(settlingOf(proposal({ parts: [part('a', '1000.00')], writeOff: { amount: '4.00', reason: 'bankFees' } }), 'EUR')?.amount).toBe('4.00');
  expect(settlingOf(proposal({ parts: [part('a', '1000.00')] }), 'EUR')).toBeNull();
  expect(settlingOf(proposal({ left: '10.00' }), 'EUR')).toBeNull();
  expect(settlingOf(proposal({ parts: [part('a', '5.00', { open: '9.00' }), part('b', '5.00', { customer: DUBOIS })] }), 'EUR')).toBeNull();
});
