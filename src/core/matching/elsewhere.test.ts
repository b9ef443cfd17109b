import { expect, test } from 'vitest';
import { IBAN_OF_ONE, credit, customer, customerId, debit, incoming, proposed, told } from './testing/given.ts';

const payer = { payer: { iban: IBAN_OF_ONE } };

test('a part payment that is exactly another document, one character away: the other is proposed first, nothing goes by itself', () => {
  const debits = [debit(41, '172.00'), debit(43, '81.00')];
  const proposal = proposed({ debits }, incoming('81.00', 'FA2026-0041', payer));
  expect([proposal.why, told(proposal.candidates[0]), told(proposal.candidates[1])]).toEqual(['mistyped', '43:81.00', '41:81.00']);
  expect(proposal.candidates[0]?.evidence.map(({ code }) => code)).toContain('documentMistyped');
});

test('an excess that is exactly another document of the payer waits too', () => {
  const debits = [debit(41, '31.00'), debit(77, '104.00')];
  const proposal = proposed({ debits }, incoming('104.00', 'FA2026-0041', payer));
  expect([proposal.automatic, proposal.candidates.map(told).includes('77:104.00'), proposal.candidates.map(told).includes('41:31.00 left 73.00')]).toEqual([null, true, true]);
});

test('somebody else\'s document one character away, to the cent, is shown; one with quite another number is not', () => {
  const customers = [customer(1, 'Haddock Marine', { ibans: [IBAN_OF_ONE] }), customer(2, 'Tournesol Optique')];
  const of = (item: number): string[] => proposed({ customers, debits: [debit(41, '144.00'), debit(item, '486.00', { customer: customerId(2) })] }, incoming('486.00', 'FA2026-0041')).candidates.map(told);
  expect(of(47)[0]).toBe('47:486.00');
  expect(of(95)).not.toContain('95:486.00');
});

test('nothing else of that amount: a part and an excess go as before', () => {
  const debits = [debit(41, '172.00'), debit(43, '80.99')];
  expect(told(proposed({ debits }, incoming('81.00', 'FA2026-0041', payer)).automatic)).toBe('41:81.00');
  expect(told(proposed({ debits }, incoming('200.00', 'FA2026-0041', payer)).automatic)).toBe('41:172.00 left 28.00');
});

test('a credit nobody names that is as little as a fee is not taken in by itself; a larger one is', () => {
  const debits = [debit(41, '338.93')];
  const little = proposed({ debits, credits: [credit(50, '0.93')] }, incoming('338.00', 'FA2026-0041', payer));
  expect([little.why, told(little.candidates[0])]).toEqual(['writeOffRule', '41:338.93 -50:0.93']);
  expect(told(proposed({ debits, credits: [credit(50, '38.93')] }, incoming('300.00', 'FA2026-0041', payer)).automatic)).toBe('41:338.93 -50:38.93');
});
