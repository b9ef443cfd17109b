import { foldWords } from '../fold.ts';

/** Words that a label has when a payment to us came back: money goes out again. */
const CAME_BACK = new Set(['rejet', 'rejete', 'rejetee', 'impaye', 'impayee', 'impayes', 'rejected', 'returned', 'unpaid', 'bounced', 'chargeback']);
/** Beginnings of what is returned: a direct debit or a cheque we cashed, or a transfer we sent. */
const COLLECTED = /^(?:prlv|prelevement|prelevements|sdd|cheque|chq|chèque|lcr|effet)/u;
const SENT = /^(?:vir|virement|virements|transfer|sct)/u;
const RETURN = new Set(['retour', 'return', 'retourne']);
/** What a bank takes for handling a return is no return. */
const FEE = new Set(['frais', 'commission', 'commissions', 'comm', 'com', 'fee', 'fees', 'cotisation', 'cotisations']);

/**
 * True when a label says that a payment came back and the sign agrees: a rejected debit or cheque takes money from the account, a
 * transfer of ours that comes back brings it.
 */
export function saysReturned(text: string, minor: bigint): boolean {
  const words = foldWords(text);
  if (words.some((word) => FEE.has(word))) return false;
  const rejected = words.some((word) => CAME_BACK.has(word));
  const turned = words.some((word) => RETURN.has(word));
  if (!rejected && !turned) return false;
  const collected = words.some((word) => COLLECTED.test(word));
  if (words.some((word) => SENT.test(word)) && !collected) return minor > 0n;
  return minor < 0n && (rejected || collected);
}
