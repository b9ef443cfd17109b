import { fecOf } from '#server/testing/given.ts';

/** The little ledger of the journeys, as of 30 June 2026: one late customer, one long late, one settled, one that owes nothing yet, one with a credit. */
export const LEDGER = fecOf([
  { code: 'MARTIN', piece: 'FA-101', on: '2026-05-10', debit: '1234,56' },
  { code: 'MARTIN', piece: 'FA-102', on: '2026-06-20', debit: '800,00' },
  { code: 'LEFEVRE', piece: 'FA-103', on: '2026-02-02', debit: '5400,00' },
  { code: 'DUBOIS', piece: 'FA-104', on: '2026-04-01', debit: '300,00', letter: 'AA' },
  { code: 'DUBOIS', piece: 'VIR-9', on: '2026-05-04', credit: '300,00', letter: 'AA' },
  { code: 'MOREAU', piece: 'FA-105', on: '2026-05-15', debit: '990,00' },
  { code: 'MOREAU', piece: 'AV-7', on: '2026-05-28', credit: '150,00' },
]);

/** Its figures, as the first screen must show them (due days are 30 days after the invoice). */
export const LEDGER_FIGURES = { outstanding: '8 424,56 €', overdue: '7 624,56 €', credits: '150,00 €', balance: '8 274,56 €' } as const;

/** A list of invoices from a billing program: a second currency, e-mails, titles of its own. */
export const INVOICES_CSV = [
  'Client;Numéro de facture;Date facture;Échéance;Montant TTC;Devise;E-mail',
  'Boulangerie Petit;F2026-01;02/04/2026;02/05/2026;450,00;EUR;compta@petit.test',
  'Harper Ltd;F2026-02;05/04/2026;05/05/2026;1200,00;GBP;ap@harper.test',
  'Garage Roux;F2026-03;20/05/2026;19/06/2026;310,50;EUR;',
  '',
].join('\r\n');

/** A file nobody can take: its header is right, its amounts are not. */
export const BROKEN_LEDGER = LEDGER.replace('5400,00', 'cinq mille');
