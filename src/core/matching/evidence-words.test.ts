import { expect, test } from 'vitest';
import { evidenceWords, whyWords } from './evidence-words.ts';
import type { NotAutomatic } from './matching.ts';
import { IBAN_OF_ONE, cents, credit, debit, incoming, proposed } from './testing/given.ts';

const said = (given: Parameters<typeof proposed>[0], line: Parameters<typeof proposed>[1]): { fr: string[]; en: string[] } => {
  const words = (proposed(given, line).candidates[0]?.evidence ?? []).map(evidenceWords);
  return { fr: words.map(({ fr }) => fr), en: words.map(({ en }) => en) };
};

test('a named document, its amount and what is over', () => {
  expect(said({ debits: [debit(1, '100')] }, incoming('105', 'FA2026-0001'))).toEqual({
    fr: ['Le libellé cite FA2026-0001.', '5,00 EUR de trop : cela reste un crédit du client.'],
    en: ['The text names FA2026-0001.', '5.00 EUR too much: it stays a credit of the customer.'],
  });
});

test('everything open less a credit, by a payer known by its IBAN', () => {
  expect(said({ debits: [debit(1, '100'), debit(2, '50')], credits: [credit(3, '30')] }, incoming('120', '', { payer: { iban: IBAN_OF_ONE } })).fr).toEqual([
    'L\'IBAN du payeur (…0189) est celui de ce client.', 'Tout ce que le client doit (2 postes), moins 1 crédit.',
  ]);
});

test('no sentence has a hole, whatever the candidate', () => {
  const given = {
    debits: [debit(1, '100', { discount: { payable: cents('98'), until: incoming('1').bookedOn } }), debit(2, '50', { document: null }), debit(3, '50'), debit(4, '80', { currency: 'USD' })], credits: [credit(5, '30')],
  };
  const lines = ['98', '100', '50', '49.50', '170', '200', '230', '20', '80'].flatMap((amount) => ['', 'FA2026-0001', 'facture 0003', 'FA2026-0004', 'haddock marine', 'FA2026-0O01', 'RF33C0001'].flatMap((text) => [incoming(amount, text), incoming(amount, text, { payer: { iban: IBAN_OF_ONE } })]));
  const codes = new Set<string>();
  for (const line of lines) {
    const { candidates, notices } = proposed(given, line);
    for (const evidence of [...candidates.flatMap((one) => one.evidence), ...notices]) {
      codes.add(evidence.code);
      for (const text of Object.values(evidenceWords(evidence))) expect(text).not.toMatch(/undefined|NaN|null| {2}|« »|""|\( |, \.| \.$/);
    }
  }
  expect(codes.size).toBeGreaterThan(15);
});

test.each<NotAutomatic>([
  'notReceived', 'ignoredByRule', 'noCandidate', 'otherCurrency', 'rulePropose', 'equalCandidates', 'noTextEvidence', 'mistyped', 'payerDiffers', 'severalCustomers', 'someOfNamed', 'notNamed',
  'amountNotExplained', 'partPaymentRule', 'writeOffRule', 'belowThreshold',
])('%s is said in two languages', (why) => {
  const { fr, en } = whyWords(why);
  expect([fr.endsWith('.'), en.endsWith('.'), fr === en]).toEqual([true, true, false]);
});
