import { expect, test } from 'vitest';
import { day } from '../kernel/day.ts';
import { buildMatcher } from './matcher.ts';
import type { MatchingFacts, MatchingRules, OpenDebit } from './matching.ts';
import { BOOKED_ON, IBAN_OF_ONE, cents, credit, customer, customerId, debit, facts, incoming, itemId, lineRule, proposed, rules, told, tolerance } from './testing/given.ts';

const known = { customer: customerId(1) };
const fromOne = { payer: { iban: IBAN_OF_ONE } };

/** The first candidate, and what is done by itself. */
function first(given: Partial<MatchingFacts>, line: ReturnType<typeof incoming>, some: Partial<MatchingRules> = {}): { best: string; automatic: string; why: string | null } {
  const proposal = proposed(given, line, some);
  return { best: told(proposal.candidates[0]), automatic: told(proposal.automatic), why: proposal.why };
}

test('I1 a label with the invoice number matches that invoice only', () => {
  const debits = [debit(1, '100'), debit(2, '200'), debit(3, '100')];
  expect(first({ debits }, incoming('100', 'VIR HADDOCK FA2026-0001'))).toEqual({ best: '1:100.00', automatic: '1:100.00', why: null });
});

test.each([
  ['the label alone', '1111', {}, '1:100.00'],
  ['and the reference', '1111', { endToEndId: '2222 3333' }, '2:100.00'],
  ['and the note', '1111 4444 5555 6666', { endToEndId: '2222 3333' }, '3:100.00'],
])('I6 most references found wins: %s', (...[, text, references, expected]) => {
  const debits = [debit(1, '100', { references: ['1111'] }), debit(2, '100', { references: ['2222', '3333'] }), debit(3, '100', { references: ['4444', '5555', '6666'] })];
  expect(told(proposed({ debits }, incoming('100', text, { references })).candidates[0])).toBe(expected);
});

test('I7 the whole payment reference finds the invoice of an unknown payer; without it nothing is certain', () => {
  const debits = [debit(1, '100', { references: ['RF18 5390 0754 7034'] })];
  expect(first({ debits }, incoming('100', 'rf18539007547034'))).toEqual({ best: '1:100.00', automatic: '1:100.00', why: null });
  expect(first({ debits }, incoming('55', 'rf1853900754')).best).toBe('');
});

test('I12 1010 on 1000 goes by itself with a reference and is only suggested without', () => {
  const debits = [debit(1, '1000', { references: ['123456'] })];
  expect(first({ debits }, incoming('1010', 'payment 123456')).automatic).toBe('1:1000.00 left 10.00');
  expect(first({ debits }, incoming('1010', 'payment', fromOne))).toEqual({ best: '1:1000.00 left 10.00', automatic: '', why: 'noTextEvidence' });
});

test('a number of digits alone, of an unknown payer and far from the amount, is not done by itself', () => {
  const debits = [debit(1, '1000', { document: '750012' })];
  expect(first({ debits }, incoming('4000', 'PARIS 750012'))).toEqual({ best: '1:1000.00 left 3000.00', automatic: '', why: 'belowThreshold' });
  expect(first({ debits }, incoming('4000', 'PARIS 750012', fromOne)).automatic).toBe('1:1000.00 left 3000.00');
  expect(first({ debits }, incoming('1000', 'PARIS 750012')).automatic).toBe('1:1000.00');
});

test('a payment short by a fee above the percentage is left to a person', () => {
  expect(first({ debits: [debit(1, '100')] }, incoming('97', 'FA2026-0001', fromOne))).toEqual({ best: '1:97.00', automatic: '', why: 'writeOffRule' });
});

test('a number of another customer than the one recognised by name pays nothing by itself unless the amount is exact', () => {
  const given = { debits: [debit(1, '100', { customer: customerId(2) })], customers: [customer(1, 'Haddock'), customer(2, 'Tournesol')] };
  const by = { payer: { name: 'Haddock' } };
  expect([first(given, incoming('40', 'FA2026-0001', by)).why, first(given, incoming('140', 'FA2026-0001', by)).why, first(given, incoming('100', 'FA2026-0001', by)).automatic]).toEqual(['payerDiffers', 'payerDiffers', '1:100.00']);
});

test('numbers given by their ends beside a whole one: all of them when they make the amount, nothing by itself when they do not', () => {
  const debits = [debit(1050, '100'), debit(1051, '50'), debit(1099, '25')];
  expect(first({ debits }, incoming('175', 'FA2026-1050 + 1051 + 1099', fromOne)).automatic).toBe('1050:100.00 1051:50.00 1099:25.00');
  expect(first({ debits }, incoming('170', 'FA2026-1050 + 1051 + 1099', fromOne)).automatic).toBe('');
  expect(first({ debits }, incoming('125', 'FA2026-1050 LOT 1051 - 1099', fromOne))).toEqual({ best: '1050:100.00 1099:25.00', automatic: '', why: 'someOfNamed' });
});

test('a named invoice less a credit note that is not named goes before a part payment of it', () => {
  const given = { debits: [debit(1, '100')], credits: [credit(2, '30')] };
  expect(first(given, incoming('70', 'FA2026-0001', fromOne)).automatic).toBe('1:100.00 -2:30.00');
});

test.each(['FA2025-0051', 'dossier 26/0051', 'LOT-0051', '17.0051'])('"%s" is no part of FA2026-0051', (text) => {
  expect(first({ debits: [debit(51, '100'), debit(52, '30')] }, incoming('100', text, fromOne)).automatic).toBe('');
  expect(proposed({ debits: [debit(51, '100')] }, incoming('100', text)).candidates[0]?.evidence.map(({ code }) => code)).toEqual(['amountAlone']);
});

test('I16 105 on 100 with the number in the label: the invoice, 5 left, nothing written off', () => {
  expect(first({ debits: [debit(1, '100')] }, incoming('105', 'FA2026-0001'), { tolerance: tolerance(10n, '100') })).toEqual({ best: '1:100.00 left 5.00', automatic: '1:100.00 left 5.00', why: null });
});

test('I14 95 on 100 with a reference: written off by itself only when the setting says so', () => {
  const debits = [debit(1, '100')];
  const line = incoming('95', 'FA2026-0001');
  expect(first({ debits }, line, { tolerance: tolerance(10n, '100'), writeOffs: 'automatic' }).automatic).toBe('1:100.00 writeOff 5.00 bankFees');
  expect(first({ debits }, line, { tolerance: tolerance(10n, '100') })).toEqual({ best: '1:100.00 writeOff 5.00 bankFees', automatic: '', why: 'writeOffRule' });
});

test('I15 40 on 100 with a reference: a part payment by itself only when the setting says so', () => {
  const debits = [debit(1, '100')];
  expect(first({ debits }, incoming('40', 'FA2026-0001', fromOne)).automatic).toBe('1:40.00');
  expect(first({ debits }, incoming('40', 'FA2026-0001', fromOne), { partPayments: 'propose' })).toEqual({ best: '1:40.00', automatic: '', why: 'partPaymentRule' });
  expect(first({ debits }, incoming('40', 'FA2026-0001'))).toEqual({ best: '1:40.00', automatic: '', why: 'amountNotExplained' });
});

test('I19 two debts that share a memo and a third one: 1000 with the memo is the two', () => {
  const debits = [debit(1, '500', { references: ['a1b2c3'] }), debit(2, '500', { references: ['a1b2c3'] }), debit(3, '500')];
  expect(first({ debits }, incoming('1000', 'memo a1b2c3'))).toEqual({ best: '1:500.00 2:500.00', automatic: '1:500.00 2:500.00', why: null });
});

test('I24 500 with a reference on an invoice of 50 leaves 450, which then goes to a later invoice with the reference', () => {
  const reference = { references: ['test ref'] };
  expect(first({ debits: [debit(1, '50', reference)] }, incoming('500', 'test ref', fromOne)).automatic).toBe('1:50.00 left 450.00');
  const left = incoming('450', 'test ref', { source: 'credit', item: itemId(9), customer: customerId(1) });
  expect(first({ debits: [debit(2, '500', reference)], credits: [credit(9, '450')] }, left).automatic).toBe('2:450.00');
});

test('I28 180 named for invoices of 100 and 150: 100 on the first, 80 on the second', () => {
  const debits = [debit(1, '100'), debit(2, '150', { dueOn: day('2026-06-01') })];
  expect(first({ debits }, incoming('180', 'FA2026-0001 FA2026-0002')).best).toBe('1:100.00 2:80.00');
});

test('two named invoices and a named credit note', () => {
  const given = { debits: [debit(1, '100'), debit(2, '50')], credits: [credit(3, '30')] };
  expect(first(given, incoming('120', 'FA2026-0001, FA2026-0002 - AV2026-0003')).automatic).toBe('1:100.00 2:50.00 -3:30.00');
  expect(first(given, incoming('120', 'FA2026-0001, FA2026-0002')).best).toBe('1:100.00 2:50.00 -3:30.00');
});

test('some of the named documents make the amount: proposed, never done by itself', () => {
  const debits = [debit(1, '100'), debit(2, '70'), debit(3, '31')];
  expect(first({ debits }, incoming('131', 'FA2026-0001 FA2026-0002 FA2026-0003'))).toEqual({ best: '1:100.00 3:31.00', automatic: '', why: 'someOfNamed' });
});

test('documents of two customers in one text are never done by themselves together', () => {
  const given = { debits: [debit(1, '100'), debit(2, '70', { customer: customerId(2) })], customers: [customer(1, 'Haddock'), customer(2, 'Tournesol')] };
  expect(first(given, incoming('170', 'FA2026-0001 FA2026-0002'))).toEqual({ best: '1:100.00 2:70.00', automatic: '', why: 'severalCustomers' });
});

test('a payer known as another customer stops what its text names, unless both are of one group', () => {
  const debits = [debit(1, '100', { customer: customerId(2) })];
  const line = incoming('100', 'FA2026-0001', fromOne);
  const apart = [customer(1, 'Haddock', { ibans: [IBAN_OF_ONE] }), customer(2, 'Tournesol')];
  expect(first({ debits, customers: apart }, line)).toEqual({ best: '1:100.00', automatic: '', why: 'payerDiffers' });
  expect(first({ debits, customers: apart.map((one) => ({ ...one, group: 'g' })) }, line).automatic).toBe('1:100.00');
});

test('a customer that is known for certain is never paid for another one by a number', () => {
  const given = { debits: [debit(1, '100', { customer: customerId(2) })], customers: [customer(1, 'Haddock'), customer(2, 'Tournesol')] };
  expect(first(given, incoming('100', 'FA2026-0001', known)).automatic).toBe('');
});

test.each([
  ['FA2026-0051', 'fa2026-0051'], ['FA2026-0051', 'FA 2026 0051'], ['FA2026-0051', 'Règlement FA2026/51'], ['FA2026-0051', 'FA20260051'], ['FA2026-0051', 'FACT.FA2026-0051 merci'],
  ['Été-2026-77123', 'ETE 2026 77123'], ['00771234', 'facture 771234'], ['771234', 'FACT771234'], ['FA2026-0051', 'VIR/FA2026-0051/EUR 100,00'],
])('document %s is named by "%s"', (document, text) => {
  expect(told(proposed({ debits: [debit(1, '100', { document })] }, incoming('100', text)).automatic)).toBe('1:100.00');
});

test.each([
  ['FA2026-0051', 'XFA2026-0051'], ['FA2026-0051', 'FA2026-00512'], ['2026', 'LOYER 2026'], ['1200', 'VIR 1200,00'], ['1200', 'virement 1200.00 EUR'], ['0123', 'TEL 01 23 45 67'], ['51', 'facture 51'],
])('document %s is not named by "%s"', (document, text) => {
  expect(proposed({ debits: [debit(1, '99.99', { document })] }, incoming('55', text)).candidates).toEqual([]);
});

test('a part of the number counts with the exact amount or the payer beside it, and is done by itself with both', () => {
  const debits = [debit(51, '100'), debit(52, '75')];
  expect(first({ debits }, incoming('100', 'facture 0051', fromOne)).automatic).toBe('51:100.00');
  const alike = [...debits, debit(53, '100', { document: 'FB2026-0051' })];
  expect(first({ debits: alike }, incoming('100', 'facture 0051', fromOne))).toEqual({ best: '51:100.00', automatic: '', why: 'equalCandidates' });
  expect(first({ debits }, incoming('100', 'facture 0051'))).toEqual({ best: '51:100.00', automatic: '', why: 'belowThreshold' });
  expect(first({ debits }, incoming('40', 'facture 0051', fromOne))).toEqual({ best: '51:40.00', automatic: '', why: 'amountNotExplained' });
  expect(first({ debits }, incoming('40', 'facture 0051')).best).toBe('');
  expect(first({ debits }, incoming('175', 'FA2026-0051 et 0052')).automatic).toBe('51:100.00 52:75.00');
});

test('a number with one wrong character is proposed first when payer and amount fit, never done by itself', () => {
  const debits = [debit(51, '100'), debit(77, '100', { document: 'FB9999-1234', dueOn: day('2026-01-31') })];
  for (const text of ['FA2026-0O51', 'FA026-0051', 'FA2026-0501', 'FA2026-00517', 'FA2062-0051']) {
    expect({ text, ...first({ debits }, incoming('100', text, fromOne)) }).toMatchObject({ best: '51:100.00', automatic: '' });
  }
  expect(first({ debits }, incoming('100', 'FA2026-0O51', fromOne)).why).toBe('mistyped');
});

test('I26 an invoice in two terms takes 120, 20 and 99 with a write-off', () => {
  const terms = [debit(1, '120', { document: 'FA2026-0001' }), debit(2, '120', { document: 'FA2026-0001', dueOn: day('2026-06-30') })];
  const matcher = buildMatcher(facts({ debits: terms }), rules({ writeOffs: 'automatic' }));
  const seen = ['120', '20', '99'].map((amount) => {
    const { automatic } = matcher.propose(incoming(amount, 'FA2026-0001', fromOne));
    if (automatic !== null) matcher.take(automatic);
    return told(automatic);
  });
  expect(seen).toEqual(['1:120.00', '2:20.00', '2:100.00 writeOff 1.00 bankFees']);
  expect(matcher.propose(incoming('1', 'FA2026-0001')).candidates).toEqual([]);
});

test('I36 what is over goes to the invoice due on the bank date first, and to nothing when none fits', () => {
  const debits = [debit(1, '62500'), debit(2, '25750', { dueOn: day('2026-08-17') }), debit(3, '25750', { dueOn: BOOKED_ON }), debit(4, '999')];
  const { candidates, automatic, why } = proposed({ debits }, incoming('88250', 'FA2026-0001', fromOne));
  expect([told(candidates[0]), told(candidates[1]), automatic, why]).toEqual(['1:62500.00 3:25750.00', '1:62500.00 2:25750.00', null, 'notNamed']);
  expect(first({ debits: [debit(1, '62500'), debit(2, '25000')] }, incoming('88250', 'FA2026-0001')).best).toBe('1:62500.00 left 25750.00');
});

test('I2 600 of a known payer with a label that says nothing: 100 + 200 + 300, not by itself', () => {
  const debits = [debit(1, '100'), debit(2, '200'), debit(3, '300')];
  expect(first({ debits }, incoming('600', 'xxxxx', fromOne))).toEqual({ best: '1:100.00 2:200.00 3:300.00', automatic: '', why: 'noTextEvidence' });
});

test.each([
  ['I9', 0n, '990', '1:990.00'], ['I9', 0n, '1000', '1:1000.00'], ['I9', 0n, '1010', '1:1000.00 left 10.00'],
  ['I10 0.5 %', 5n, '990', '1:990.00'], ['I10 0.5 %', 5n, '1010', '1:1000.00 left 10.00'],
  ['I11 1 %', 10n, '990', '1:1000.00 writeOff 10.00 bankFees'], ['I11 1 %', 10n, '1010', '1:1000.00 left 10.00'],
  ['I13', 10n, '1000.50', '1:1000.00 left 0.50'],
])('%s per mille %s: %s on 1000 is %s', (...[, perMille, amount, expected]) => {
  expect(first({ debits: [debit(1, '1000')] }, incoming(amount, '', fromOne), { tolerance: tolerance(perMille, '100', 1000n) })).toEqual({ best: expected, automatic: '', why: 'noTextEvidence' });
});

test('I35 the tolerance is capped in money: 995 on 1000 is bank fees, 994.99 and 99 500 on 100 000 are part payments', () => {
  const best = (owed: string, paid: string): string => first({ debits: [debit(1, owed)] }, incoming(paid, '', fromOne)).best;
  expect(best('1000', '995')).toBe('1:1000.00 writeOff 5.00 bankFees');
  expect(best('1000', '994.99')).toBe('1:994.99');
  expect(best('100000', '99500')).toBe('1:99500.00');
  expect(best('1000', '999.99')).toBe('1:1000.00 writeOff 0.01 rounding');
});

test('I25 50.10 on 50 leaves 0.10; it is never written off upward', () => {
  expect(first({ debits: [debit(1, '50')] }, incoming('50.10', 'FA2026-0001')).automatic).toBe('1:50.00 left 0.10');
});

test('I13 1000 received on an invoice of 990: 10 stays loose', () => expect(first({ debits: [debit(1, '990')] }, incoming('1000', 'FA2026-0001')).automatic).toBe('1:990.00 left 10.00'));

test('I21 50 on an invoice of 100 leaves it open for 50', () => expect(first({ debits: [debit(1, '100')] }, incoming('50', '', known)).best).toBe('1:50.00'));

test('I22 what a person chose by hand is taken as chosen: 70 and 30 of two invoices of 100', () => {
  const matcher = buildMatcher(facts({ debits: [debit(1, '100'), debit(2, '100')] }), rules());
  matcher.take({ parts: [{ item: itemId(1), minor: cents('70') }, { item: itemId(2), minor: cents('30') }], credits: [] });
  expect(told(matcher.propose(incoming('30', 'FA2026-0001')).automatic)).toBe('1:30.00');
  expect(told(matcher.propose(incoming('70', 'FA2026-0002')).automatic)).toBe('2:70.00');
});

test('I23 of two equal items the oldest is used and the other one stays open', () => {
  const debits = [debit(1, '50', { dueOn: day('2026-05-20') }), debit(2, '50', { dueOn: day('2026-05-01') })];
  const { candidates, automatic } = proposed({ debits }, incoming('50', '', fromOne));
  expect([told(candidates[0]), told(candidates[1]), automatic]).toEqual(['2:50.00', '1:50.00', null]);
});

test('I27 110 on 100 settles it and keeps 10 as a credit', () => expect(first({ debits: [debit(1, '100')] }, incoming('110', 'FA2026-0001')).automatic).toBe('1:100.00 left 10.00'));

test('I30 150 over two invoices of 100 in order: 100 and 50', () => {
  const debits = [debit(1, '100'), debit(2, '100', { dueOn: day('2026-06-10') })];
  expect(first({ debits }, incoming('150', '', known)).best).toBe('1:100.00 2:50.00');
  expect(first({ debits }, incoming('150', '', known), { oldestFirst: false }).best).toBe('left 150.00');
});

test('I31 100 received on 50 and 20: 70 set against them, 30 left', () => {
  expect(first({ debits: [debit(1, '50'), debit(2, '20')] }, incoming('100', '', known)).best).toBe('1:50.00 2:20.00 left 30.00');
});

test('I32 200 received with 350 open and credits of 100 and 50: all settled', () => {
  const given = { debits: [debit(1, '350')], credits: [credit(2, '100'), credit(3, '50')] };
  expect(first(given, incoming('200', '', known)).best).toBe('1:350.00 -2:100.00 -3:50.00');
});

test.each([['50.00', '49.99'], ['100.00', '99.99'], ['1000.00', '999.99'], ['90000000000.00', '89999999999.99']])('I33 a cent is a cent at every size: %s and %s', (owed, paid) => {
  const none = { tolerance: tolerance(0n, '0') };
  const debits = [debit(1, owed)];
  expect(first({ debits }, incoming(owed, 'FA2026-0001'), none).automatic).toBe(`1:${owed}`);
  expect(first({ debits }, incoming(paid, 'FA2026-0001', fromOne), none).automatic).toBe(`1:${paid}`);
});

test('I34 an exact amount, even with the name, stays a suggestion', () => {
  const debits = [debit(1, '100')];
  expect(proposed({ debits }, incoming('100')).candidates[0]).toMatchObject({ confidence: 40 });
  expect(first({ debits }, incoming('100'), { automaticFrom: 1 })).toEqual({ best: '1:100.00', automatic: '', why: 'noTextEvidence' });
  expect(first({ debits }, incoming('100', '', { payer: { name: 'HADDOCK MARINE' } }), { automaticFrom: 1 })).toEqual({ best: '1:100.00', automatic: '', why: 'noTextEvidence' });
});

test('I37 what is partly paid is a candidate for its remainder, what is paid for nothing', () => {
  const given = { debits: [debit(1, '1000', { open: cents('400') }), debit(2, '400', { open: 0n })] };
  expect(first(given, incoming('400', '', known)).best).toBe('1:400.00');
  expect(first(given, incoming('400', 'FA2026-0002')).automatic).toBe('');
});

test('C2 an early-payment discount counts until its last day, that day included', () => {
  const debits = [debit(1, '1000', { discount: { payable: cents('900'), until: BOOKED_ON } })];
  expect(first({ debits }, incoming('900', 'FA2026-0001')).automatic).toBe('1:1000.00 writeOff 100.00 discount');
  expect(first({ debits }, incoming('900', 'FA2026-0001', { ...fromOne, bookedOn: day('2026-06-18') })).automatic).toBe('1:900.00');
  expect(first({ debits }, incoming('900', '', fromOne)).best).toBe('1:1000.00 writeOff 100.00 discount');
});

test('two discounts of which only one is still valid', () => {
  const debits = [debit(1, '1000', { discount: { payable: cents('900'), until: day('2026-06-01') } }), debit(2, '500', { discount: { payable: cents('490'), until: BOOKED_ON } })];
  expect(first({ debits }, incoming('1490', 'FA2026-0001 FA2026-0002')).automatic).toBe('1:1000.00 2:500.00 writeOff 10.00 discount');
});

const HUNDRED_AND_SIX: readonly OpenDebit[] = [debit(1, '100'), debit(2, '600')];
const limited = (when: Parameters<typeof lineRule>[2]): Partial<MatchingRules> => ({ lines: [lineRule('only', { kind: 'match' }, when), lineRule('rest', { kind: 'ignore' })] });

test.each([
  ['up to 150', { amountTo: cents('150') }, ['1:100.00', '']], ['from 200', { amountFrom: cents('200') }, ['', '2:600.00']], ['200 to 800', { amountFrom: cents('200'), amountTo: cents('800') }, ['', '2:600.00']],
])('I3 a rule limited to amounts %s', (_name, when, expected) => {
  expect([incoming('100', '', known), incoming('600', '', known)].map((line) => first({ debits: HUNDRED_AND_SIX }, line, limited(when)).best)).toEqual(expected);
});

test.each([
  ['contains', { words: ['loyer juin'] }, ['1:100.00', '']], ['does not contain', { without: ['Loyer'] }, ['', '1:100.00']], ['beginning', { words: ['loy*'] }, ['1:100.00', '1:100.00']],
])('I4 a rule whose text %s', (_name, when, expected) => {
  const lines = [incoming('100', 'VIR LOYER-JUIN', known), incoming('100', 'loyauté', known)];
  expect(lines.map((line) => first({ debits: HUNDRED_AND_SIX }, line, limited(when)).best)).toEqual(expected);
});

test('I5 money that went out is no money received', () => expect(first({ debits: HUNDRED_AND_SIX }, { ...incoming('100', 'FA2026-0001'), minor: -cents('100') })).toEqual({ best: '', automatic: '', why: 'notReceived' }));

test('I17 the first rule that fits decides, even a weaker one', () => {
  const lines = [lineRule('ask', { kind: 'propose' }), lineRule('do', { kind: 'match' }, { words: ['FA2026'] })];
  expect(first({ debits: HUNDRED_AND_SIX }, incoming('100', 'FA2026-0001'), { lines })).toEqual({ best: '1:100.00', automatic: '', why: 'rulePropose' });
  expect(first({ debits: HUNDRED_AND_SIX }, incoming('100', 'FA2026-0001'), { lines: lines.toReversed() }).automatic).toBe('1:100.00');
});

test('I18 a beginning names the customer, and a second word asked for must be there too', () => {
  const one = { lines: [lineRule('toto', { kind: 'customer', customer: customerId(1) }, { words: ['toto*'] })] };
  const two = { lines: [lineRule('toto', { kind: 'customer', customer: customerId(1) }, { words: ['toto*', 'note 7'] })] };
  expect(first({ debits: HUNDRED_AND_SIX }, incoming('90', 'toto42'), one).best).toBe('1:90.00');
  expect(first({ debits: HUNDRED_AND_SIX }, incoming('90', 'toto42'), two).best).toBe('');
  expect(first({ debits: HUNDRED_AND_SIX }, incoming('90', 'toto42 NOTE 7'), two).best).toBe('1:90.00');
});

test('I29 a label "Party: <code>" tells the customer', () => {
  expect(proposed({ debits: [] }, incoming('50', 'Party: C0001')).candidates[0]).toMatchObject({ customer: '1', parts: [], left: cents('50') });
});
