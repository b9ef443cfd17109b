import { expect, test } from 'vitest';
import { addDays } from '../kernel/day.ts';
import { creditorReference, formatCreditorReference } from '../kernel/creditor-reference.ts';
import { must } from '../kernel/result.ts';
import { buildMatcher } from './matcher.ts';
import type { Incoming, PayerMemory } from './matching.ts';
import { NO_MEMORY, accepted, corrected, payerKeys, refused, withChanges } from './memory.ts';
import { BOOKED_ON, IBAN_OF_ONE, cents, customer, customerId, debit, facts, incoming, proposed, rules, told } from './testing/given.ts';

const OTHER_IBAN = 'DE89370400440532013000';

/** The customer and the evidence codes of the first candidate. */
function payerOf(given: Parameters<typeof proposed>[0], line: Incoming): string {
  const [best] = proposed(given, line).candidates;
  return best === undefined ? 'nobody' : `${best.customer} ${best.evidence.map(({ code }) => code).join(' ')}`;
}

const named = (...names: string[]): Parameters<typeof proposed>[0] => ({ customers: names.map((name, at) => customer(at + 1, name)), debits: [] });

test.each([
  ['I8 order and separators', 'Archibald Haddock', '1234//HADDOCK-Archibald', '1 nameInText customerOnly'],
  ['I8 a plus in a name', 'A+B Chauffage', 'vir a+b chauffage', '1 nameInText customerOnly'],
  ['L7 inside a long text', 'Boulangerie Tournesol', 'VIREMENT RECU DE BOULANGERIE TOURNESOL REF 12 DU 3 JUIN', '1 nameInText customerOnly'],
  ['L10 legal forms and short words aside', 'Kontorsbolaget AB', 'Betalning Kontorsbolaget', '1 nameInText customerOnly'],
  ['L10 S.A.R.L. and accents', 'SARL Électricité Générale', 'ELECTRICITE GENERALE S.A.R.L.', '1 nameInText customerOnly'],
  ['L10 nothing is left of a name of short words', 'AB SA', 'VIR AB SA', 'nobody'],
  ['a part of the name is not the name', 'Boulangerie Tournesol', 'vir boulangerie martin', 'nobody'],
])('%s', (...[, known, text, expected]) => expect(payerOf(named(known), incoming('10', text))).toBe(expected));

test.each([
  ['L6 token order', ['Jackson Ella W.', 'Jackson Peter'], 'Ella Jackson', '1'], ['legal form elsewhere', ['Dupont', 'Martin'], 'SAS DUPONT', '1'],
  ['L8 two that fit equally', ['Adithya Medical Stores', 'Adithya General Stores'], 'Adithya Stores', 'nobody'], ['the longer one that fits whole', ['Dupont', 'Dupont Martin'], 'DUPONT MARTIN', '2'],
  ['L8 the same name twice', ['Dupont', 'Dupont SARL'], 'Dupont', 'nobody'], ['cut by the bank', ['Établissements Maçonnerie Générale Tournesol'], 'MACONNERIE GENERALE TOURNE', '1'],
  ['a name that two longer ones begin with', ['Dupont Martin', 'Dupont Frères Maçonnerie'], 'DUPONT', 'nobody'],
])('%s', (...[, names, payer, expected]) => expect(payerOf(named(...names), incoming('10', '', { payer: { name: payer } })).split(' ')[0]).toBe(expected));

test('the party behind the payer comes before the payer', () => {
  expect(payerOf(named('Dupont', 'Martin'), incoming('10', '', { payer: { name: 'Dupont', ultimateName: 'Martin' } }))).toBe('2 payerName customerOnly');
});

const customers = [customer(1, 'Haddock', { ibans: [IBAN_OF_ONE] }), customer(2, 'Tournesol')];
const debits = [debit(1, '100'), debit(2, '100', { customer: customerId(2) })];
const line = incoming('100', '', { payer: { iban: OTHER_IBAN, name: 'Tournesol' } });
const learnt = (times: number, customers: readonly number[], memory: PayerMemory = NO_MEMORY): PayerMemory =>
  customers.reduce((before, number) => Array.from({ length: times }).reduce<PayerMemory>((known) => withChanges(known, accepted(known, payerKeys(line).slice(0, 1), customerId(number))), before), memory);

test('L5 an IBAN of a customer finds it before any name', () => {
  expect(payerOf({ customers, debits }, incoming('100', 'TOURNESOL', { payer: { iban: IBAN_OF_ONE, name: 'Tournesol' } }))).toBe('1 iban amountOfOne');
});

test('a remembered IBAN comes before names, and of two customers it is certain for none', () => {
  expect(payerOf({ customers, debits, memory: learnt(3, [1]) }, line)).toBe('1 rememberedIban amountOfOne');
  const shared = proposed({ customers, debits, memory: learnt(3, [1, 2]) }, line);
  expect(shared.candidates.slice(0, 2).map(({ customer: whose, evidence }) => [whose, evidence[0]?.code])).toEqual([['2', 'payerName'], ['1', 'sharedIban']]);
  expect(shared.automatic).toBe(null);
});

test('a payer seen often that pays exactly one item goes by itself only when the rules say so', () => {
  const given = facts({ customers, debits, memory: learnt(6, [1]) });
  expect(buildMatcher(given, rules()).propose(line).why).toBe('noTextEvidence');
  expect(told(buildMatcher(given, rules({ rememberedPayers: { times: 6 } })).propose(line).automatic)).toBe('1:100.00');
  expect(buildMatcher(given, rules({ rememberedPayers: { times: 7 } })).propose(line).automatic).toBe(null);
});

test('a refused name is not thought of until it fades, and accepting forgets the refusal', () => {
  const unknown = incoming('100', '', { payer: { name: 'Tournesol' } });
  const keys = payerKeys(unknown);
  let memory = NO_MEMORY;
  const seen: number[] = [];
  const confidence = (on: Incoming['bookedOn']): number => proposed({ customers, debits, memory }, { ...unknown, bookedOn: on }).candidates.find(({ customer: whose }) => whose === '2')?.confidence ?? 0;
  seen.push(confidence(BOOKED_ON));
  for (const days of [0, 0]) {
    memory = withChanges(memory, refused(memory, keys, { customer: customerId(2), on: addDays(BOOKED_ON, days) }));
    seen.push(confidence(BOOKED_ON));
  }
  seen.push(confidence(addDays(BOOKED_ON, 180)), confidence(addDays(BOOKED_ON, 360)), confidence(addDays(BOOKED_ON, 1800)));
  memory = withChanges(memory, accepted(memory, keys, customerId(2)));
  seen.push(confidence(BOOKED_ON));
  expect(seen).toEqual([70, 46, 30, 46, 58, 70, 76]);
});

test('a correction weakens the first pair and strengthens the second', () => {
  const before = learnt(4, [1]);
  const after = withChanges(before, corrected(before, payerKeys(line), { from: customerId(1), to: customerId(2), on: BOOKED_ON }));
  expect(after.ibans.get(OTHER_IBAN)).toEqual([{ customer: '1', times: 2 }, { customer: '2', times: 1 }]);
  expect(before.ibans.get(OTHER_IBAN)).toEqual([{ customer: '1', times: 4 }]);
  expect(payerOf({ customers, debits, memory: withChanges(after, corrected(after, payerKeys(line), { from: customerId(1), to: customerId(2), on: BOOKED_ON })) }, line)).toMatch(/^2 /);
});

test('a mandate is remembered like a name', () => {
  const collected = incoming('100', '', { references: { mandateId: 'RUM-0007' } });
  const memory = withChanges(NO_MEMORY, accepted(NO_MEMORY, payerKeys(collected), customerId(2)));
  expect(payerOf({ customers, debits, memory }, collected)).toBe('2 rememberedLabel amountOfOne');
});

test('customers of one group pay for one another', () => {
  const group = customers.map((one) => ({ ...one, group: 'g' }));
  const given = { customers: group, debits: [debit(1, '70'), debit(2, '30', { customer: customerId(2) })] };
  expect(told(proposed(given, incoming('100', '', { payer: { iban: IBAN_OF_ONE } })).candidates[0])).toBe('1:70.00 2:30.00');
  expect(told(proposed({ ...given, customers }, incoming('100', '', { payer: { iban: IBAN_OF_ONE } })).candidates[0])).toBe('1:70.00 left 30.00');
});

const reference = must(creditorReference('C0001'));

test.each([
  ['L1 in groups of four', formatCreditorReference(reference)], ['L2 lower case, no spaces', reference.toLowerCase()], ['inside a text', `VIR HADDOCK ${formatCreditorReference(reference)} MERCI`],
])('our customer reference %s names the account: exactly what is due or one item goes by itself', (_name, text) => {
  const debits = [debit(1, '100'), debit(2, '70.10')];
  const best = (amount: string): string => told(proposed({ debits }, incoming(amount, text)).automatic);
  expect([best('100'), best('170.10'), best('50')]).toEqual(['1:100.00', '1:100.00 2:70.10', '']);
});

test('two items of the amount under one customer reference are not told apart', () => {
  const { automatic, candidates } = proposed({ debits: [debit(1, '100'), debit(2, '100')] }, incoming('100', '', { references: { creditorReference: reference } }));
  expect([automatic, candidates.slice(0, 2).map(told)]).toEqual([null, ['1:100.00', '2:100.00']]);
});

test('L1 a structured reference made of a document number names it; L3 with wrong check digits it does not', () => {
  const rf = must(creditorReference('539007547034'));
  const debits = [debit(1, '100', { document: '5390-0754-7034' }), debit(2, '100')];
  const line = (creditor: string): Incoming => incoming('100', '', { references: { creditorReference: creditor } });
  expect(rf).toBe('RF18539007547034');
  expect(told(proposed({ debits }, line('RF18 5390 0754 7034')).automatic)).toBe('1:100.00');
  expect(proposed({ debits }, line('RF99539007547034')).automatic).toBe(null);
});

test('L4 leading zeros of a number change nothing', () => {
  expect(told(proposed({ debits: [debit(1, '100', { document: '000771234' })] }, incoming('100', 'ref 00771234')).automatic)).toBe('1:100.00');
});

test.each([['endToEndId', { endToEndId: 'FA2026-0001' }], ['documentListed', { documents: ['FA2026-0001'] }]])('%s equal to the number names the document', (code, references) => {
  const { automatic } = proposed({ debits: [debit(1, '100')] }, incoming('100', '', { references }));
  expect([told(automatic), automatic?.evidence[0]?.code]).toEqual(['1:100.00', code]);
});

test('a Belgian reference that our letter printed is read in its groups', () => {
  expect(told(proposed({ debits: [debit(1, '100', { references: ['123456789002'] })] }, incoming('100', '+++123/4567/89002+++')).automatic)).toBe('1:100.00');
});

test('L13 a longer identifier that contains a number is not that number', () => {
  expect(proposed({ debits: [debit(1, '99', { document: '123456' })] }, incoming('50', '', { references: { endToEndId: '99123456001' } })).candidates).toEqual([]);
});

test('L9 a number of two digits inside a text is never evidence', () => {
  const debits = [debit(1, '100', { document: '31' }), debit(2, '50', { document: '0031' })];
  expect(proposed({ debits }, incoming('77', 'VIR DU 31 MAI, FACTURE 31')).candidates).toEqual([]);
  expect(proposed({ debits }, incoming('100', 'FACTURE 31')).automatic).toBe(null);
});

test('a SIREN or a customer code tells the payer, by itself it pays nothing', () => {
  const customers = [customer(1, 'Haddock', { siren: '732829320' })];
  expect(payerOf({ customers, debits: [debit(1, '100')] }, incoming('100', 'SIRET 73282932000074'))).toBe('1 sirenInText amountOfOne');
  const { automatic, why } = proposed({ customers, debits: [debit(1, '100')] }, incoming('100', 'client C0001'), { automaticFrom: 1 });
  expect([automatic, why]).toEqual([null, 'noTextEvidence']);
});

test('L11 the same figure in another currency is excluded and reported', () => {
  const given = { debits: [debit(1, '1000', { currency: 'SEK' })] };
  const { candidates, automatic, why, notices } = proposed(given, incoming('1000', 'FA2026-0001'));
  expect({ candidates, automatic, why, notices }).toEqual({ candidates: [], automatic: null, why: 'otherCurrency', notices: [{ code: 'otherCurrency', facts: { document: 'FA2026-0001', amount: '1000.00', currency: 'SEK' } }] });
  expect(proposed(given, incoming('1000', '', { payer: { iban: IBAN_OF_ONE } }))).toMatchObject({ candidates: [{ parts: [], left: cents('1000') }], notices: [{ code: 'otherCurrency' }] });
});

test('L12 what was taken is not proposed a second time: one line imported twice pays once', () => {
  const matcher = buildMatcher(facts({ debits: [debit(1, '100')] }), rules());
  const line = incoming('100', 'FA2026-0001');
  const { automatic } = matcher.propose(line);
  if (automatic === null) throw new Error('named and exact');
  matcher.take(automatic);
  expect(matcher.propose(line).candidates).toEqual([]);
  expect(() => matcher.take(automatic)).toThrow('more than what is open');
});
