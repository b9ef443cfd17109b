import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CustomerRef, OpenLineView, PartView } from '#core/api/matching.ts';
import { decimalOf, readAmount } from '../../ui/typed-amount.ts';
import { addCustomer, checkSplit, emptySplit, missingOf, placeOf, placingOfSplit, refreshed, removeCustomer, restOf, setWriteOff, settle, splitOf, tick, typeAmount } from './split.ts';
import type { Split } from './split.ts';

const MARTIN: CustomerRef = { id: '1', code: 'MARTIN', name: 'Client MARTIN' };
const DUBOIS: CustomerRef = { id: '2', code: 'DUBOIS', name: 'Client DUBOIS' };

const part = (item: string, open: string, customer = MARTIN): PartView => ({ item, customer, document: `FA-${item}`, label: null, kind: 'invoice', issuedOn: '2026-05-01', dueOn: '2026-05-31', open, amount: open });

const line = (amount: string, given: Partial<OpenLineView> = {}): OpenLineView => ({
  key: 'line-7', kind: 'bankLine', bookedOn: '2026-06-01', amount, currency: 'EUR', account: null, payer: 'MARTIN SARL', payerIban: null, text: '', references: [], customer: null, holdsBack: null, proposals: [],
  complete: true, why: null, notices: [], ...given,
});

const at = (of: PartView, side: 'parts' | 'credits' = 'parts') => ({ customer: of.customer.id, side, of });
const start = (amount: string): Split => addCustomer(emptySplit(line(amount)), MARTIN);

test('ticking takes what is left, first document after document, and nothing once nothing is left', () => {
  let split = start('100.00');
  split = tick(split, at(part('11', '70.00')), 'fr');
  split = tick(split, at(part('12', '70.00')), 'fr');
  expect(split.uses[0]?.parts.map((row) => row.text)).toEqual(['70,00', '30,00']);
  expect(restOf(split)).toBe(0n);
  expect(tick(split, at(part('13', '5.00')), 'fr')).toBe(split);
  expect(tick(split, at(part('11', '70.00')), 'fr').uses[0]?.parts.map((row) => row.of.item)).toEqual(['12']);
});

test('a credit is taken in whole and makes room', () => {
  const split = tick(tick(start('200.00'), at(part('90', '50.00'), 'credits'), 'fr'), at(part('11', '350.00')), 'fr');
  expect(split.uses[0]?.parts[0]?.text).toBe('250,00');
  expect(checkSplit(split)).toEqual({ rest: 0n, faults: new Map() });
});

test('each wrong amount is named where it stands', () => {
  let split = start('100.00');
  for (const [item, open, text] of [['1', '10.00', 'abc'], ['2', '10.00', '0'], ['3', '10.00', '10,01'], ['4', '90.00', '90,00']] as const) split = typeAmount(split, at(part(item, open)), text);
  expect([...checkSplit(split).faults]).toEqual([[placeOf.row('parts', '1'), 'notAmount'], [placeOf.row('parts', '2'), 'zero'], [placeOf.row('parts', '3'), 'overOpen'], [placeOf.whole, 'over']]);
});

test('a write-off lowers what is to be paid in money, never below nothing', () => {
  const split = setWriteOff(tick(start('990.00'), at(part('1', '1000.00')), 'fr'), '1', { text: '10', reason: 'bankFees', note: '' });
  expect(checkSplit(split).rest).toBe(1000n);
  expect(checkSplit(setWriteOff(split, '1', { text: '1000', reason: 'lost', note: '' })).faults.get(placeOf.writeOff('1'))).toBe('overParts');
  const both = tick(split, at(part('90', '985.00'), 'credits'), 'fr');
  expect(checkSplit(both).faults.get(placeOf.use('1'))).toBe('creditsOver');
});

test('settling raises what is ticked to what is open and lets exactly the gap go', () => {
  const split = tick(start('990.00'), at(part('1', '1000.00')), 'fr');
  expect(missingOf(split, '1')).toBe(1000n);
  const settled = settle(split, '1', 'fr');
  expect(settled.uses[0]?.parts[0]?.text).toBe('1000,00');
  expect(settled.uses[0]?.writeOff?.text).toBe('10,00');
  expect(checkSplit(settled)).toEqual({ rest: 0n, faults: new Map() });
  // Money that is left is used before anything is let go.
  expect(settle(typeAmount(split, at(part('1', '980.00')), '900'), '1', 'fr').uses[0]?.writeOff).toBeNull();
});

test('several customers on one line; one that takes nothing is named; without any the line cannot be placed', () => {
  const split = addCustomer(tick(start('100.00'), at(part('1', '60.00')), 'fr'), DUBOIS);
  expect(checkSplit(split).faults.get(placeOf.use('2'))).toBe('empty');
  const shared = tick(split, at(part('5', '80.00', DUBOIS)), 'fr');
  expect(placingOfSplit('line-7', shared)).toEqual({
    line: 'line-7',
    uses: [
      { customer: '1', parts: [{ item: '1', amount: '60.00' }], credits: [], writeOff: null },
      { customer: '2', parts: [{ item: '5', amount: '40.00' }], credits: [], writeOff: null },
    ],
  });
  expect(addCustomer(shared, DUBOIS)).toBe(shared);
  expect(checkSplit(removeCustomer(removeCustomer(shared, '1'), '2')).faults.get(placeOf.whole)).toBe('none');
});

test('a loose credit has its own customer from the start', () => {
  expect(emptySplit(line('5.00', { kind: 'credit', customer: DUBOIS })).uses.map((use) => use.customer.id)).toEqual(['2']);
});

test('what is open now replaces what was open then; an item that is gone is open for nothing', () => {
  const split = tick(tick(start('100.00'), at(part('1', '60.00')), 'fr'), at(part('2', '40.00')), 'fr');
  const fresh = refreshed(split, { customer: MARTIN, debits: [part('1', '20.00')], credits: [], truncated: false });
  expect([...checkSplit(fresh).faults]).toEqual([[placeOf.row('parts', '1'), 'overOpen'], [placeOf.row('parts', '2'), 'overOpen']]);
  expect(checkSplit(refreshed(split, { customer: MARTIN, debits: [part('1', '60.00')], credits: [], truncated: true })).faults.size).toBe(0);
});

test('a proposal opened by hand sends back what it was', () => {
  const proposal = { customer: MARTIN, parts: [{ ...part('1', '100.00'), amount: '95.50' }, { ...part('5', '10.00', DUBOIS), amount: '4.50' }], credits: [], writeOff: null, left: '0.00', confidence: 80, evidence: [] };
  expect(placingOfSplit('line-7', splitOf(line('100.00'), proposal, 'fr')).uses).toEqual([
    { customer: '1', parts: [{ item: '1', amount: '95.50' }], credits: [], writeOff: null }, { customer: '2', parts: [{ item: '5', amount: '4.50' }], credits: [], writeOff: null },
  ]);
});

test('whatever is ticked in whatever order: never more than the line, never more than what is open, equal to the last unit', () => {
  const minor = fc.bigInt({ min: 1n, max: 9_000_000_000_000_000n });
  fc.assert(fc.property(minor, fc.array(minor, { maxLength: 12 }), fc.constantFrom('EUR', 'JPY', 'TND'), (amount, opens, currency) => {
    let split = addCustomer(emptySplit({ ...line(decimalOf(amount, currency)), currency }), MARTIN);
    opens.forEach((open, index) => { split = tick(split, at(part(String(index), decimalOf(open, currency))), 'fr'); });
    const total = opens.reduce((sum, open) => sum + open, 0n);
    const { rest, faults } = checkSplit(split);
    expect(faults.size).toBe(0);
    expect(rest).toBe(amount > total ? amount - total : 0n);
    const sent = (placingOfSplit('line-7', split).uses[0]?.parts ?? []).reduce((sum, row) => sum + (readAmount(row.amount, currency) ?? 0n), 0n);
    expect(sent).toBe(amount < total ? amount : total);
  }), { seed: 7, numRuns: 200 });
});
