import { foldWords } from '../fold.ts';
import type { ItemKind } from './open-item-row.ts';

/** Words of a kind, first match wins: a credit note on a deposit is a credit note. Codes 380, 381, 386 are UNTDID 1001. */
const KIND_WORDS: readonly (readonly [ItemKind, ReadonlySet<string>])[] = [
  ['creditNote', new Set(['avoir', 'avoirs', 'creditnote', 'creditnotes', 'creditmemo', 'av', 'avc', 'cn', '381', '396', 'noteofcredit', 'notedecredit', 'refund', 'ra'])],
  ['deposit', new Set(['acompte', 'acomptes', 'arrhes', 'deposit', 'deposits', 'downpayment', 'prepayment', 'fac-acompte', '386', 'ac', 'fa-ac'])],
  ['receipt', new Set(['reglement', 'reglements', 'paiement', 'paiements', 'encaissement', 'encaissements', 'virement', 'cheque', 'prelevement', 'versement', 'payment', 'payments', 'receipt', 'receipts', 'remise', 'rglt', 'rgt', 'reg', 'rc', 'bq', 'vir', 'chq', 'prlv', 'tr'])],
  ['opening', new Set(['anouveau', 'anouveaux', 'an', 'ran', 'soldeanterieur', 'soldesanterieurs', 'reportanouveau', 'ouverture', 'opening', 'openingbalance', 'balanceforward'])],
  ['invoice', new Set(['facture', 'factures', 'fact', 'fac', 'fa', 'fc', 'fv', 'ft', 'vt', 'vte', 'vente', 'ventes', 'invoice', 'invoices', 'inv', 'bill', '380', '384', 'debitnote', 'notededebit', '383', '389', 'situation'])],
];

/** Long words of a label that say a kind by themselves; short codes are looked up in a kind column only. */
const LABEL_WORD_CHARS_MIN = 5;

function joined(words: readonly string[]): string[] {
  const pairs = words.flatMap((word, index) => [word + (words[index + 1] ?? ''), word + (words[index + 1] ?? '') + (words[index + 2] ?? '')]);
  return [...words, ...pairs];
}

/** The kind written in a kind column; null when empty, 'other' when it says something unknown. */
export function kindOfCode(text: string): ItemKind | null {
  const words = joined(foldWords(text));
  if (words.length === 0) return null;
  return KIND_WORDS.find(([, known]) => words.some((word) => known.has(word)))?.[0] ?? 'other';
}

/** The kind that a label or document number says in a whole word ("Avoir sur facture 12"); null when it says none. */
export function kindOfLabel(text: string): ItemKind | null {
  const words = joined(foldWords(text)).filter((word) => word.length >= LABEL_WORD_CHARS_MIN && /^\D/u.test(word));
  return KIND_WORDS.find(([, known]) => words.some((word) => known.has(word)))?.[0] ?? null;
}
