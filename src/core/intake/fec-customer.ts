import type { CustomerCodeSource, ReceivableClass } from './fec-line.ts';
import { foldWords } from './fold.ts';

/** Class of a receivable account by its number (PCG): 411, 413, 416 or 4191; null for any other account. */
export function receivableClass(account: string): ReceivableClass | null {
  if (account.startsWith('411')) return 'customer';
  if (account.startsWith('413')) return 'bill';
  if (account.startsWith('416')) return 'doubtful';
  return account.startsWith('4191') ? 'depositReceived' : null;
}

/**
 * The customer embedded in an account number ("411DUPONT", "41100012"), '' for a collective account.
 * Collective is the class followed by zeros, or by one digit of the chart (4111, 411200) and zeros.
 */
export function embeddedCustomer(account: string): string {
  const rest = account.slice(account.startsWith('4191') ? 4 : 3);
  if (/^\d*$/u.test(rest) && rest.replace(/0+$/u, '').length <= 1) return '';
  return account;
}

/** Columns of a line that may name its customer. */
export type CustomerColumns = { readonly account: string; readonly accountLabel: string; readonly auxiliary: string; readonly auxiliaryName: string };

/** Customer code and name of a receivable line: auxiliary account, else embedded in the account number, else auxiliary name. */
export function customerOf(columns: CustomerColumns): { code: string; name: string; from: CustomerCodeSource } {
  const { account, accountLabel, auxiliary, auxiliaryName } = columns;
  if (auxiliary !== '') return { code: auxiliary, name: auxiliaryName, from: 'auxiliary' };
  const embedded = embeddedCustomer(account);
  if (embedded !== '') return { code: embedded, name: auxiliaryName === '' ? accountLabel : auxiliaryName, from: 'account' };
  if (auxiliaryName !== '') return { code: auxiliaryName, name: auxiliaryName, from: 'name' };
  return { code: '', name: '', from: 'none' };
}

/** Journal codes of opening entries in the habit of French accounting software. */
const OPENING_CODES = new Set(['AN', 'RAN', 'ANO', 'ANV', 'ANOUV', 'ANOUVEAU', 'ANOUVEAUX', 'RANOUV']);
/** First words of labels of opening entries. */
const OPENING_LABELS: readonly (readonly string[])[] = [
  ['a', 'nouveau'], ['a', 'nouveaux'], ['anouveau'], ['anouveaux'],
  ['report', 'a', 'nouveau'], ['report', 'a', 'nouveaux'], ['reports', 'a', 'nouveau'], ['reports', 'a', 'nouveaux'],
  ['journal', 'a', 'nouveau'], ['journal', 'a', 'nouveaux'], ['journal', 'd', 'a', 'nouveau'], ['journal', 'd', 'a', 'nouveaux'],
  ['journal', 'des', 'a', 'nouveaux'], ['solde', 'a', 'nouveau'], ['soldes', 'a', 'nouveau'], ['solde', 'anterieur'], ['soldes', 'anterieurs'],
  ['bilan', 'd', 'ouverture'], ['balance', 'd', 'ouverture'], ['ouverture', 'd', 'exercice'], ['opening', 'balance'], ['opening', 'balances'],
];

const beginsAsOpening = (text: string): boolean => {
  const words = foldWords(text);
  return OPENING_LABELS.some((start) => start.every((word, index) => words[index] === word));
};

/** True when a line carries a balance over from the year before: by its journal's code or name, or by its own label. */
export function isOpening(journal: string, journalLabel: string, label: string): boolean {
  const code = journal.toUpperCase().replace(/[^A-Z]/gu, '');
  return OPENING_CODES.has(code) || beginsAsOpening(journalLabel) || beginsAsOpening(label);
}
