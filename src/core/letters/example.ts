import { day } from '../kernel/day.ts';
import { money } from '../kernel/money.ts';
import type { Creditor, CitedItem, Debtor, MessageFacts } from './message-model.ts';

/** A made-up creditor for previews and tests: no such company, a test IBAN. */
export const EXAMPLE_CREDITOR: Creditor = {
  name: 'Menuiserie des Trois Rivières',
  legalForm: 'SAS',
  capital: '50\u202F000\u00A0€',
  siren: '732829320',
  rcsCity: 'Nantes',
  vatNumber: 'FR44732829320',
  legalMention: null,
  addressLines: ['12 rue des Tanneurs', '44000 Nantes'],
  iban: 'FR1420041010050500013M02606',
  bic: 'PSSTFRPPNTE',
  phone: '02 40 00 00 00',
  email: 'compta@trois-rivieres.example',
  signatory: { name: 'Claire Morvan', role: 'Responsable crédit clients' },
};

/** A made-up debtor for previews and tests. */
export const EXAMPLE_DEBTOR: Debtor = {
  name: 'Hôtel du Cœur de Ville',
  code: 'C00421',
  kind: 'business',
  addressLines: ['Service comptabilité', '3 place de l’Église', '35000 Rennes'],
  contactName: 'Madame Anaïs Lefèvre',
  language: 'fr',
};

/** Made-up overdue items in EUR. */
export const EXAMPLE_ITEMS: readonly CitedItem[] = [
  { document: 'F-2025-1187', kind: 'invoice', issuedOn: day('2025-11-12'), dueOn: day('2025-12-12'), amount: money(1_234_056n, 'EUR'), open: money(1_234_056n, 'EUR') },
  { document: 'F-2025-1203', kind: 'invoice', issuedOn: day('2025-11-28'), dueOn: day('2025-12-28'), amount: money(240_000n, 'EUR'), open: money(90_000n, 'EUR') },
];

/** The facts of a made-up first reminder, to be varied. */
export const EXAMPLE_FACTS: MessageFacts = {
  creditor: EXAMPLE_CREDITOR,
  debtor: EXAMPLE_DEBTOR,
  items: EXAMPLE_ITEMS,
  charges: null,
  today: day('2026-02-15'),
  deadline: null,
  reference: 'RF18539007547034',
  tone: 'standard',
  step: 'reminder1',
};
