import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addDays, day } from '../kernel/day.ts';
import { money } from '../kernel/money.ts';
import { must } from '../kernel/result.ts';
import { documentCharges } from './document-charges.ts';
import type { ChargedDocument } from './document-charges.ts';
import { imputedDocument } from './imputed-document.ts';
import type { ImputationOrder, ImputedDocument } from './imputed-document.ts';
import type { InterestTerms, Reduction } from './interest.ts';

const DUE = day('2026-01-31');
const terms: InterestTerms = { kind: 'business', until: day('2026-06-30'), from: null, contractualRate: null, stoppedOn: null };
const document = (reductions: readonly Reduction[], cents = 1_000_000n): ChargedDocument<'EUR'> => ({ currency: 'EUR', portions: [{ principal: money(cents, 'EUR'), dueOn: DUE, reductions }], insolvencyOpenedOn: null });
const imputed = (reductions: readonly Reduction[], order: ImputationOrder): ImputedDocument<'EUR'> => must(imputedDocument(document(reductions), terms, order));
const paid = (on: string, amount: bigint): Reduction => ({ on: day(on), amount, kind: 'payment' });

test('principal first: what the ledger says, all charges left', () => {
  const found = imputed([paid('2026-04-30', 500_000n)], 'principalFirst');
  const plain = must(documentCharges(document([paid('2026-04-30', 500_000n)]), terms));
  expect(found.charges).toEqual(plain);
  expect([found.principalDue.minor, found.interestDue, found.indemnityDue.minor]).toEqual([500_000n, plain.interest, 4000n]);
});

test('interest first: the payment meets the interest run until its day, the indemnity, then the principal', () => {
  const run = must(documentCharges(document([]), { ...terms, until: day('2026-04-30') })).interest.minor;
  const found = imputed([paid('2026-04-30', 500_000n)], 'interestFirst');
  expect(found.payments).toEqual([{ on: '2026-04-30', amount: 500_000n, interest: run, indemnity: 4000n, principal: 500_000n - run - 4000n }]);
  expect(found.principalDue.minor).toBe(500_000n + run + 4000n);
  expect(found.charges.segments.map(({ from, principal }) => [from, principal.minor])).toEqual([['2026-02-01', 1_000_000n], ['2026-05-01', 500_000n + run + 4000n]]);
  expect(found.indemnityDue.minor).toBe(0n);
});

test('a payment that does not reach the interest pays interest alone; a credit note lowers the principal', () => {
  const found = imputed([paid('2026-03-31', 1000n), { on: day('2026-04-15'), amount: 200_000n, kind: 'creditNote' }], 'interestFirst');
  expect(found.payments).toEqual([{ on: '2026-03-31', amount: 1000n, interest: 1000n, indemnity: 0n, principal: 0n }]);
  expect(found.principalDue.minor).toBe(800_000n);
});

test('a payment in time pays the principal; a consumer owes no charges', () => {
  expect(imputed([paid('2026-01-31', 1_000_000n)], 'interestFirst')).toMatchObject({ payments: [{ principal: 1_000_000n, interest: 0n, indemnity: 0n }], principalDue: { minor: 0n }, indemnityDue: { minor: 0n } });
  const consumer = must(imputedDocument(document([paid('2026-05-31', 1000n)]), { ...terms, kind: 'consumer' }, 'interestFirst'));
  expect(consumer.payments).toEqual([{ on: '2026-05-31', amount: 1000n, interest: 0n, indemnity: 0n, principal: 1000n }]);
});

test('a payment that came back had paid nothing', () => {
  const found = imputed([paid('2026-04-30', 500_000n), { ...paid('2026-05-15', -500_000n) }], 'interestFirst');
  expect(found.payments.map(({ interest, indemnity, principal }) => interest + indemnity + principal)).toEqual([500_000n, -500_000n]);
  expect([found.principalDue.minor, found.indemnityDue.minor]).toEqual([1_000_000n, 4000n]);
  expect(found.interestDue).toEqual(found.charges.interest);
});

test('one indemnity for a document of two portions', () => {
  const two: ChargedDocument<'EUR'> = { ...document([paid('2026-03-31', 500_000n)], 500_000n), portions: [
    { principal: money(500_000n, 'EUR'), dueOn: DUE, reductions: [paid('2026-03-31', 500_000n)] }, { principal: money(500_000n, 'EUR'), dueOn: day('2026-02-28'), reductions: [paid('2026-03-31', 100_000n)] },
  ] };
  const found = must(imputedDocument(two, terms, 'interestFirst'));
  expect(found.payments.reduce((sum, { indemnity }) => sum + indemnity, 0n) + found.indemnityDue.minor).toBe(4000n);
});

type Impute = (reductions: readonly Reduction[], order: ImputationOrder) => ImputedDocument<'EUR'>;

/** What is paid is shared out to the cent, nothing is paid beyond what was owed then, and the law's order never leaves the creditor less. */
const isFair = (impute: Impute): fc.IProperty<[{ after: number; amount: bigint }[]]> => fc.property(
  fc.array(fc.record({ after: fc.integer({ min: -5, max: 140 }), amount: fc.bigInt({ min: 1n, max: 200_000n }) }), { minLength: 1, maxLength: 5 }), (given) => {
    const reductions = given.map(({ after, amount }): Reduction => ({ on: addDays(DUE, after), amount, kind: 'payment' }));
    const interest = impute(reductions, 'interestFirst');
    const principal = impute(reductions, 'principalFirst');
    const left = (of: ImputedDocument<'EUR'>): bigint => of.principalDue.minor + of.interestDue.minor + of.indemnityDue.minor;
    return interest.payments.every((one) => one.interest >= 0n && one.indemnity >= 0n && one.principal >= 0n && one.interest + one.indemnity + one.principal === one.amount)
      && [interest, principal].every((of) => of.interestDue.minor >= 0n && of.indemnityDue.minor >= 0n && of.principalDue.minor + of.payments.reduce((sum, one) => sum + one.principal, 0n) === 1_000_000n)
      && left(interest) >= left(principal);
  });

test('payments are shared out to the cent, and the order of the law never leaves less to pay', () => {
  expect(fc.check(isFair(imputed), { numRuns: 200, seed: 20_261_122 }).failed).toBe(false);
});

test.each<[string, Impute]>([
  ['the orders taken for one another', (reductions, order) => imputed(reductions, order === 'interestFirst' ? 'principalFirst' : 'interestFirst')],
  ['a cent lost in the sharing', (reductions, order) => {
    const found = imputed(reductions, order);
    return { ...found, payments: found.payments.map((one) => (one.interest > 0n ? { ...one, interest: one.interest - 1n } : one)) };
  }],
  ['interest counted as if nothing had been paid of it', (reductions, order) => {
    const found = imputed(reductions, order);
    return { ...found, interestDue: money(found.interestDue.minor - found.payments.reduce((sum, one) => sum + one.interest, 0n), 'EUR') };
  }],
])('planted: %s is found', (_, impute) => {
  expect(fc.check(isFair(impute), { numRuns: 200, seed: 20_261_122 }).failed).toBe(true);
});
