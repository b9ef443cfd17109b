import { expect, test } from 'vitest';
import { dayEvidence, readDay } from './days.ts';

const dmy = (text: string): string => {
  const read = readDay(text, 'dmy');
  return read.ok ? read.value : read.error;
};

test.each([
  ['20250131', '2025-01-31'], ['2025-01-31', '2025-01-31'], ['2025/1/31', '2025-01-31'], ['31/01/2025', '2025-01-31'], ['31.01.2025', '2025-01-31'],
  ['31-1-2025', '2025-01-31'], [' 31/01/2025 ', '2025-01-31'], ['2025-01-31T00:00:00', '2025-01-31'], ['31/01/2025 00:00', '2025-01-31'], ['29/02/2028', '2028-02-29'],
  ['31/02/2026', 'noSuchDay'], ['29/02/2027', 'noSuchDay'], ['20260230', 'noSuchDay'], ['0000-00-00', 'noSuchDay'], ['9999-12-31', 'noSuchDay'],
  ['1900-01-00', 'noSuchDay'], ['2026-13-01', 'noSuchDay'], ['26/1/6', 'malformed'], ['31/01-2025', 'malformed'], ['', 'malformed'], ['=TODAY()', 'malformed'],
])('%j reads as %s', (text, expected) => expect(dmy(text)).toBe(expected));

test('02/03/2026 needs an order', () => {
  expect(readDay('02/03/2026', null)).toEqual({ ok: false, error: 'ambiguous' });
  expect(readDay('02/03/2026', 'dmy')).toEqual({ ok: true, value: '2026-03-02' });
  expect(readDay('02/03/2026', 'mdy')).toEqual({ ok: true, value: '2026-02-03' });
  expect(readDay('03/03/2026', null)).toEqual({ ok: true, value: '2026-03-03' });
});

test.each([['13/03/2026', 'dmy'], ['03/13/2026', 'mdy'], ['02/03/2026', 'ambiguous'], ['03/03/2026', 'fixed'], ['2026-03-13', 'fixed'], ['13/13/2026', 'notDay'], ['x', 'notDay']])(
  '%s proves %s',
  (text, proof) => expect(dayEvidence(text)).toBe(proof),
);
