import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { createFecReader } from '#core/intake/fec.ts';
import type { FecLine } from '#core/intake/fec-line.ts';
import { day } from '#core/kernel/day.ts';
import { simulateCompany } from './company.ts';
import type { Company } from './company.ts';
import type { CompanyEvent } from './event.ts';
import { COMPANY_SIREN, fecFileName, toFec } from './fec.ts';
import { momentsOf } from './moments.ts';
import { toCustomerTable, toOpenItemsCsv } from './tables.ts';

const UNTIL = day('2026-11-20');
const company = (seed: number, customers = 60, days = 548): Company => simulateCompany({ seed, customers, days, until: UNTIL });
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const bytesOf = (one: Company): string => sha256([...toFec(one)].join('') + toCustomerTable(one) + toOpenItemsCsv(one));

/** Events whose amounts of a whole lettering do not cancel out. */
function unbalanced(events: Iterable<CompanyEvent>): string[] {
  const signed = new Map<number, bigint>();
  const found: string[] = [];
  for (const event of events) {
    if (event.kind === 'issued') signed.set(event.id, event.document === 'creditNote' ? -event.amount : event.amount);
    if (event.kind === 'received') signed.set(event.id, -event.amount);
    if (event.kind === 'returned') signed.set(event.id, event.amount);
    if (event.kind !== 'lettered') continue;
    const sum = event.members.reduce((total, member) => total + (signed.get(member) ?? 1n), 0n);
    if (event.whole !== (sum === 0n)) found.push(`${event.on} ${event.customer.code} ${event.code} ${sum}`);
  }
  return found;
}

test('the same seed gives the same bytes, another seed others, and a company of one seed starts with the customers of a smaller one', () => {
  expect(bytesOf(company(7))).toBe(bytesOf(company(7)));
  expect(bytesOf(company(7))).not.toBe(bytesOf(company(8)));
  expect(company(7, 100).customers.slice(0, 60)).toEqual(company(7, 60).customers);
});

test('going through a company twice lives the same days again, in order, none after the last', () => {
  const one = company(3, 20, 200);
  const first = [...one];
  expect([...one]).toEqual(first);
  const days = first.map((event) => event.on);
  expect(days).toEqual(days.toSorted());
  expect(days.every((on) => on >= one.from && on <= UNTIL)).toBe(true);
});

test.each([1, 2, 3, 4, 5])('seed %i: every whole lettering sums to zero, every part payment does not', (seed) => {
  expect(unbalanced(company(seed))).toEqual([]);
});

test('a lettering that forgets a member is found', () => {
  const broken = [...company(1)].map((event) => (event.kind === 'lettered' && event.whole ? { ...event, members: event.members.slice(1) } : event));
  expect(unbalanced(broken).length).toBeGreaterThan(100);
});

test('what happens is what happens to companies: credit notes, deposits, rejections, part payments, disputes, promises, insolvencies, foreign money', () => {
  const events = [...company(11, 300)];
  const count = (is: (event: CompanyEvent) => boolean): number => events.filter(is).length;
  expect(count((one) => one.kind === 'issued' && one.document === 'creditNote')).toBeGreaterThan(50);
  expect(count((one) => one.kind === 'issued' && one.document === 'deposit')).toBeGreaterThan(20);
  expect(count((one) => one.kind === 'issued' && one.deposit !== null)).toBeGreaterThan(10);
  expect(count((one) => one.kind === 'returned' && one.why === 'rejected')).toBeGreaterThan(5);
  expect(count((one) => one.kind === 'returned' && one.why === 'refund')).toBeGreaterThan(0);
  expect(count((one) => one.kind === 'lettered' && !one.whole)).toBeGreaterThan(50);
  expect(count((one) => one.kind === 'disputed')).toBeGreaterThan(50);
  expect(count((one) => one.kind === 'promised')).toBeGreaterThan(50);
  expect(count((one) => one.kind === 'insolvent')).toBeGreaterThan(0);
  expect(count((one) => one.kind === 'received' && one.foreign !== null && one.gain !== 0n)).toBeGreaterThan(10);
  const months = new Map<string, number>();
  for (const one of events) if (one.kind === 'issued') months.set(one.on.slice(5, 7), (months.get(one.on.slice(5, 7)) ?? 0) + 1);
  expect(months.get('08') ?? 0).toBeLessThan((months.get('06') ?? 0) * 0.8);
});

test('the payment history looks like measured ones: late share, delays, runs, disputes', () => {
  const moments = momentsOf(company(7, 400), UNTIL);
  process.stderr.write(`${JSON.stringify(moments)}\n`);
  const within = (name: keyof typeof moments, low: number, high: number): void => {
    expect([name, moments[name] >= low && moments[name] <= high, moments[name]]).toEqual([name, true, moments[name]]);
  };
  within('invoices', 6000, 12_000);
  within('lateShare', 0.4, 0.62);
  within('over30Share', 0.04, 0.13);
  within('medianDelay', -2, 4);
  within('meanLateDays', 6, 13);
  within('inRunsShare', 0.25, 0.6);
  within('disputedShare', 0.03, 0.12);
  within('unletteredShare', 0.002, 0.03);
});

test('nobody in it exists: SIREN from 000, e-mails that cannot be registered, and a check digit that holds', () => {
  for (const one of company(5, 500).customers) {
    expect(one.email).toMatch(/^$|^[a-z]+@[a-z0-9-]+\.(example|test)$/);
    expect(one.siren).toMatch(/^$|^000\d{6}$/);
    const sum = [...one.siren].toReversed().reduce((total, digit, index) => total + (index % 2 === 0 ? Number(digit) : [0, 2, 4, 6, 8, 1, 3, 5, 7, 9][Number(digit)] ?? 0), 0);
    expect(sum % 10).toBe(0);
  }
});

function readFec(text: Iterable<string>): { lines: FecLine[]; problems: string[]; unbalancedEntries: number; lettered: boolean } {
  const lines: FecLine[] = [];
  const reader = createFecReader({ line: (line) => lines.push(line) }, { fileName: fecFileName(day('2026-12-31')), siren: COMPANY_SIREN });
  for (const piece of text) reader.push(piece);
  const summary = reader.end();
  return { lines, problems: summary.problems.map((one) => `${one.severity} ${one.code}`), unbalancedEntries: summary.unbalancedEntries, lettered: summary.lettered };
}

test('the FEC is read without a problem, balances, and its lettering is an accountant\'s', () => {
  const read = readFec(toFec(company(7)));
  expect(read.problems).toEqual([]);
  expect(read.unbalancedEntries).toBe(0);
  const codes = read.lines.filter((line) => line.receivable === 'customer').map((line) => line.lettrage);
  expect(codes).toContain('AA');
  expect(codes.filter((code) => code === '').length).toBeGreaterThan(20);
  expect(codes.filter((code) => /^[a-z]+$/.test(code)).length).toBeGreaterThan(5);
  expect(codes.every((code) => /^([A-Z]{2,3}|[a-z]{2,3})?$/.test(code))).toBe(true);
  expect(read.lines.some((line) => line.currency === 'GBP' || line.currency === 'USD')).toBe(true);
});

test('a year\'s FEC opens with what the year before left open: its balances are those of the whole life', () => {
  const one = company(7, 30);
  const balances = (lines: readonly FecLine[]): Map<string, bigint> => {
    const found = new Map<string, bigint>();
    for (const line of lines) if (line.receivable === 'customer') found.set(line.customerCode, (found.get(line.customerCode) ?? 0n) + line.debit - line.credit);
    return new Map([...found].filter(([, amount]) => amount !== 0n).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  };
  const whole = readFec(toFec(one));
  const year = readFec(toFec(one, { from: day('2026-01-01'), until: UNTIL }));
  expect(year.problems).toEqual([]);
  expect(year.lines.filter((line) => line.opening).length).toBeGreaterThan(10);
  expect(balances(year.lines)).toEqual(balances(whole.lines));
});

test('limits are said', () => {
  expect(() => company(1, 0)).toThrow('customers');
  expect(() => company(1, 5, 8000)).toThrow('days');
});
