import type { Bilingual } from '#core/kernel/text.ts';

const error = <Facts>(say: (facts: Facts) => Bilingual): { severity: 'error'; say: (facts: Facts) => Bilingual } => ({ severity: 'error', say });
const warning = <Facts>(say: (facts: Facts) => Bilingual): { severity: 'warning'; say: (facts: Facts) => Bilingual } => ({ severity: 'warning', say });

/** Where in a file without line ends: the number of the record; null when the line says it. */
type InRecord = { readonly record: number | null };

/** Puts the number of the record in front of a sentence when the line number does not lead to it. */
const at = ({ record }: InRecord, { fr, en }: Bilingual): Bilingual =>
  record === null ? { fr, en } : { fr: `enregistrement ${record} : ${fr}`, en: `record ${record}: ${en}` };

/** Problems of CFONB files: records of fixed width, their order, amounts and days. */
export const CFONB_PROBLEMS = {
  cfonbRecordLength: error((facts: InRecord & { readonly length: number; readonly expected: number }) =>
    at(facts, {
      fr: `${facts.length} caractères au lieu de ${facts.expected} : les positions sont décalées. Demandez le fichier d'origine à la banque (transfert en binaire, sans ouverture dans un éditeur).`,
      en: `${facts.length} characters instead of ${facts.expected}: positions are shifted. Get the original file from the bank (binary transfer, not opened in an editor).`,
    })),
  cfonbRecordUnknown: error((facts: InRecord & { readonly code: string; readonly expected: string }) =>
    at(facts, {
      fr: `code enregistrement « ${facts.code} » inconnu (attendu : ${facts.expected}) ; le fichier est décalé ou n'est pas de ce format. Demandez-le à nouveau à la banque.`,
      en: `unknown record code "${facts.code}" (expected: ${facts.expected}); the file is shifted or of another format. Ask the bank for it again.`,
    })),
  cfonbMovementOutside: error((facts: InRecord) =>
    at(facts, {
      fr: 'mouvement (04) sans ancien solde (01) avant lui : le début du relevé manque. Demandez le fichier complet.',
      en: 'movement (04) without an opening balance (01) before it: the beginning of the statement is missing. Get the complete file.',
    })),
  cfonbDetailOutside: error((facts: InRecord) =>
    at(facts, {
      fr: 'complément (05) sans mouvement (04) avant lui : un mouvement manque. Demandez le fichier complet.',
      en: 'detail (05) without a movement (04) before it: a movement is missing. Get the complete file.',
    })),
  cfonbClosingOutside: error((facts: InRecord) =>
    at(facts, {
      fr: 'nouveau solde (07) sans ancien solde (01) avant lui : le début du relevé manque. Demandez le fichier complet.',
      en: 'closing balance (07) without an opening balance (01) before it: the beginning of the statement is missing. Get the complete file.',
    })),
  cfonbStatementOpen: error((facts: InRecord & { readonly opened: number }) =>
    at(facts, {
      fr: `un relevé commence alors que celui de la ligne ${facts.opened} n'a pas de nouveau solde (07) : sa fin manque. Demandez le fichier complet.`,
      en: `a statement begins while that of line ${facts.opened} has no closing balance (07): its end is missing. Get the complete file.`,
    })),
  cfonbClosingMissing: error((facts: InRecord) =>
    at(facts, {
      fr: 'ce relevé n\'a pas de nouveau solde (07) : le fichier est coupé. Demandez-le à nouveau, rien n\'en est repris.',
      en: 'this statement has no closing balance (07): the file is cut. Ask for it again, nothing of it is taken.',
    })),
  cfonbAmount: error((facts: InRecord & { readonly text: string }) =>
    at(facts, {
      fr: `montant « ${facts.text} » illisible (attendu : 13 chiffres puis un caractère { A à I, } J à R qui porte le dernier chiffre et le signe).`,
      en: `unreadable amount "${facts.text}" (expected: 13 digits, then one character { A to I, } J to R that holds the last digit and the sign).`,
    })),
  cfonbDecimals: error((facts: InRecord & { readonly text: string; readonly currency: string }) =>
    at(facts, {
      fr: `nombre de décimales « ${facts.text} » impossible pour un montant en ${facts.currency} ; le montant ne peut pas être lu sans risque.`,
      en: `number of decimals "${facts.text}" impossible for an amount in ${facts.currency}; the amount cannot be read safely.`,
    })),
  cfonbCurrency: error((facts: InRecord & { readonly text: string }) =>
    at(facts, {
      fr: `devise « ${facts.text} » inconnue ; attendu un code ISO (EUR) ou rien.`,
      en: `unknown currency "${facts.text}"; expected an ISO code (EUR) or nothing.`,
    })),
  cfonbDay: error((facts: InRecord & { readonly text: string }) =>
    at(facts, {
      fr: `date d'opération « ${facts.text} » impossible ; attendu JJMMAA.`,
      en: `impossible booking date "${facts.text}"; expected DDMMYY.`,
    })),
  cfonbDayIgnored: warning((facts: InRecord & { readonly text: string; readonly what: Bilingual }) =>
    at(facts, {
      fr: `${facts.what.fr} « ${facts.text} » impossible ; elle est laissée vide.`,
      en: `${facts.what.en} "${facts.text}" impossible; it is left empty.`,
    })),
  cfonbOtherAccount: error((facts: InRecord & { readonly found: string; readonly expected: string }) =>
    at(facts, {
      fr: `compte ${facts.found} dans le relevé du compte ${facts.expected} ; les relevés sont mélangés ou l'enregistrement est décalé.`,
      en: `account ${facts.found} inside the statement of account ${facts.expected}; statements are mixed or the record is shifted.`,
    })),
  cfonbOtherBranch: warning((facts: InRecord & { readonly found: string; readonly expected: string }) =>
    at(facts, {
      fr: `banque ou guichet ${facts.found} au lieu de ${facts.expected}, même numéro de compte : l'enregistrement est lu dans ce relevé.`,
      en: `bank or branch ${facts.found} instead of ${facts.expected}, same account number: the record is read as part of this statement.`,
    })),
  cfonbDetailsCut: warning((facts: InRecord & { readonly limit: number }) =>
    at(facts, {
      fr: `plus de ${facts.limit} compléments (05) pour ce mouvement ; les suivants ne sont pas lus.`,
      en: `more than ${facts.limit} details (05) for this movement; the following ones are not read.`,
    })),
  cfonbOriginalIgnored: warning((facts: InRecord & { readonly text: string }) =>
    at(facts, {
      fr: `montant d'origine « ${facts.text} » illisible ; seul le montant du compte est lu.`,
      en: `unreadable original amount "${facts.text}"; only the amount in the account's currency is read.`,
    })),
  cfonb240Outside: error((facts: InRecord & { readonly code: string }) =>
    at(facts, {
      fr: `enregistrement ${facts.code} sans en-tête (31) avant lui : le début de la liste manque. Demandez le fichier complet.`,
      en: `record ${facts.code} without a header (31) before it: the beginning of the list is missing. Get the complete file.`,
    })),
  cfonb240Unfinished: error((facts: InRecord) =>
    at(facts, {
      fr: 'cette liste n\'a pas d\'enregistrement total (39) : le fichier est coupé. Demandez-le à nouveau.',
      en: 'this list has no total record (39): the file is cut. Ask for it again.',
    })),
  cfonb240Amount: error((facts: InRecord & { readonly text: string }) =>
    at(facts, {
      fr: `montant « ${facts.text} » illisible ; attendu 12 chiffres, en centimes.`,
      en: `unreadable amount "${facts.text}"; expected 12 digits, in cents.`,
    })),
  cfonb240Total: warning((facts: InRecord & { readonly expected: Bilingual; readonly found: Bilingual }) =>
    at(facts, {
      fr: `le total annoncé est ${facts.found.fr}, les opérations font ${facts.expected.fr} : des opérations manquent ou ont été modifiées.`,
      en: `the total given is ${facts.found.en}, the operations add up to ${facts.expected.en}: operations are missing or were altered.`,
    })),
  cfonb240Sequence: warning((facts: InRecord & { readonly expected: number; readonly found: string }) =>
    at(facts, {
      fr: `numéro de séquence « ${facts.found} » au lieu de ${facts.expected} : un enregistrement manque ou est en double.`,
      en: `sequence number "${facts.found}" instead of ${facts.expected}: a record is missing or there twice.`,
    })),
};
