import { expect, test } from 'vitest';
import type { HoldSummary } from '#core/api/holds.ts';
import { grouped } from './grouping.ts';

const row = (id: string, ageDays: number, { ownerName = null, ownerEmail = null }: { ownerName?: string | null; ownerEmail?: string | null } = {}): HoldSummary => ({
  id, kind: 'dispute', state: 'open', stateText: { fr: '', en: '' }, stateOn: null, customerId: '1', customer: 'C1', customerName: 'Alpha', itemId: '1', document: 'FA1', itemCount: null, reason: 'price',
  reasonText: null, currency: 'EUR', amount: null, received: null, from: '2026-06-01', until: null, graceDays: 0, ageDays, note: null, actor: 'x', endedOn: null, endedReason: null, promise: null,
  dispute: { ownerName, ownerEmail, deadline: null, late: false, outcome: null, outcomeOn: null, disputed: '1.00' }, plan: null, insolvency: null,
});
const ROWS = [row('1', 0, { ownerName: 'Zoé' }), row('2', 7), row('3', 8, { ownerName: 'Ada' }), row('4', 61, { ownerEmail: 'sam@duval.example' }), row('5', 60, { ownerName: 'Ada' }), row('6', 16)];

test.each([
  ['none', [['', '123456']]], ['owner', [['', '26'], ['Ada', '35'], ['sam@duval.example', '4'], ['Zoé', '1']]], ['age', [['61+', '4'], ['31-60', '5'], ['16-30', '6'], ['8-15', '3'], ['0-7', '12']]],
] as const)('by %s', (by, expected) => {
  expect(grouped(ROWS, by).map(({ key, rows }) => [key, rows.map(({ id }) => id).join('')])).toEqual(expected);
});

test('nothing makes no group', () => {
  expect(grouped([], 'none')).toEqual([]);
});
