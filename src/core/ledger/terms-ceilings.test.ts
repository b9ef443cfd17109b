import { expect, test } from 'vitest';
import { day } from '../kernel/day.ts';
import { checkCeilings, latestDueDate } from './terms-ceilings.ts';
import type { TermsContext } from './terms-ceilings.ts';

const context = (rest: Partial<TermsContext>): TermsContext => ({
  issuedOn: day('2026-01-15'), dueOn: day('2026-01-15'), deliveredOn: null, agreed: 'days', periodic: false, ...rest,
});

test.each([
  ['nothing agreed: 30 days after delivery', context({ agreed: 'none', deliveredOn: day('2026-01-10') }), '2026-02-09', 'TERM-01'],
  ['delivery not known: after the invoice', context({ agreed: 'none' }), '2026-02-14', 'TERM-01'],
  ['agreed: 60 days', context({}), '2026-03-16', 'TERM-02'],
  ['45 days end of month: the later reading', context({ agreed: 'endOfMonth' }), '2026-03-31', 'TERM-03'],
  ['end of month + 45 days may be the later', context({ agreed: 'endOfMonth', issuedOn: day('2024-06-01') }), '2024-08-14', 'TERM-03'],
  ['periodic: 45 days', context({ periodic: true }), '2026-03-01', 'TERM-04'],
] as const)('%s', (...[, given, on, rule]) => {
  expect(latestDueDate(given)).toEqual({ on, rule });
  expect(checkCeilings({ ...given, dueOn: day(on) })).toEqual([]);
});

test('a day too late is warned about, with the date and the article, and nothing is changed', () => {
  const [warning, ...more] = checkCeilings(context({ dueOn: day('2026-03-17') }));
  expect(more).toEqual([]);
  expect(warning).toMatchObject({ severity: 'warning', code: 'terms.overCeiling' });
  expect(warning?.message.fr).toContain('60 jours');
  expect(warning?.message.en).toContain('L441-10');
});
