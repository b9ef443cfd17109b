import type { Day } from '#core/kernel/day.ts';
import type { Bilingual } from '#core/kernel/text.ts';
import type { BusinessTerm } from './business-terms.ts';
import { termText } from './business-terms.ts';
import { CDAR_PROBLEMS } from './cdar-problems.ts';
import { EMBEDDED_PROBLEMS } from './embedded-problems.ts';

const error = <Facts>(say: (facts: Facts) => Bilingual): { severity: 'error'; say: (facts: Facts) => Bilingual } => ({ severity: 'error', say });
const warning = <Facts>(say: (facts: Facts) => Bilingual): { severity: 'warning'; say: (facts: Facts) => Bilingual } => ({ severity: 'warning', say });

type OfTerm = { readonly term: BusinessTerm };
type Written = OfTerm & { readonly text: string };
/** Two figures that should be one, already written with their currency. */
type Figures = { readonly expected: Bilingual; readonly found: Bilingual };

const HELD: Bilingual = {
  fr: 'La facture est gardée de côté : rien n\'est réclamé avant qu\'une personne l\'ait vérifiée.',
  en: 'The invoice is set aside: nothing is claimed before a person has checked it.',
};

/** A contradiction: the document is given, and kept for review. */
const held = <Facts>(say: (facts: Facts) => Bilingual): { severity: 'warning'; say: (facts: Facts) => Bilingual } =>
  warning((facts: Facts) => {
    const said = say(facts);
    return { fr: `${said.fr} ${HELD.fr}`, en: `${said.en} ${HELD.en}` };
  });

/** Problems of e-invoices: what makes one unreadable, what it contradicts itself in, and what is doubtful. */
export const EINVOICE_PROBLEMS = {
  ...CDAR_PROBLEMS,
  ...EMBEDDED_PROBLEMS,
  einvoiceUnknownRoot: error(({ root }: { root: string }) => ({
    fr: `ce XML (« ${root} ») n'est ni une facture CII ou UBL, ni un message de cycle de vie CDAR ; demandez la facture électronique à son émetteur ou envoyez un autre format.`,
    en: `this XML ("${root}") is neither a CII or UBL invoice nor a CDAR life-cycle message; ask the issuer for the electronic invoice or send another format.`,
  })),
  einvoiceMissing: error(({ term }: OfTerm) => ({
    fr: `${termText(term).fr} manque ; demandez une facture complète à son émetteur.`,
    en: `${termText(term).en} is missing; ask the issuer for a complete invoice.`,
  })),
  einvoiceTwice: held(({ term, first, second }: OfTerm & { first: string; second: string }) => ({
    fr: `${termText(term).fr} est donné deux fois : « ${first} » puis « ${second} ».`,
    en: `${termText(term).en} is given twice: "${first}" then "${second}".`,
  })),
  einvoiceTooLong: error(({ term, limit }: OfTerm & { limit: number }) => ({
    fr: `${termText(term).fr} dépasse ${limit} caractères ; ce n'est pas une valeur normale, vérifiez le fichier.`,
    en: `${termText(term).en} is longer than ${limit} characters; this is no normal value, check the file.`,
  })),
  einvoiceTooMany: error(({ what, limit }: { what: Bilingual; limit: number }) => ({
    fr: `plus de ${limit} ${what.fr} ; ce n'est pas une facture normale, vérifiez le fichier.`,
    en: `more than ${limit} ${what.en}; this is no normal invoice, check the file.`,
  })),
  einvoiceTextCut: warning(({ limit, text }: { limit: number; text: string }) => ({
    fr: `le texte « ${text} » dépasse ${limit} caractères ; seul son début est gardé, le fichier d'origine reste entier.`,
    en: `the text "${text}" is longer than ${limit} characters; only its beginning is kept, the original file stays whole.`,
  })),
  einvoiceTypeUnknown: error(({ term, text }: Written) => ({
    fr: `${termText(term).fr} « ${text} » n'existe pas dans la liste UNTDID 1001 de la norme EN 16931 ; demandez à l'émetteur de corriger le code.`,
    en: `${termText(term).en} "${text}" is not in the UNTDID 1001 list of EN 16931; ask the issuer to correct the code.`,
  })),
  einvoiceDateUnreadable: error(({ term, text }: Written) => ({
    fr: `${termText(term).fr} « ${text} » n'est pas une date lisible ; attendu AAAAMMJJ (format 102) en CII ou AAAA-MM-JJ en UBL, entre 1980 et 2099.`,
    en: `${termText(term).en} "${text}" is not a readable date; expected YYYYMMDD (format 102) in CII or YYYY-MM-DD in UBL, between 1980 and 2099.`,
  })),
  einvoiceAmountUnreadable: error(({ term, text }: Written) => ({
    fr: `${termText(term).fr} « ${text} » n'est pas un montant ; attendu par exemple 1234.56, sans séparateur de milliers.`,
    en: `${termText(term).en} "${text}" is not an amount; expected for example 1234.56, without thousands separator.`,
  })),
  einvoiceAmountDecimals: error(({ term, text, currency }: Written & { currency: string }) => ({
    fr: `${termText(term).fr} « ${text} » a plus de décimales que la devise ${currency} ; demandez une facture au montant exact.`,
    en: `${termText(term).en} "${text}" has more decimals than currency ${currency}; ask for an invoice with the exact amount.`,
  })),
  einvoiceAmountOutOfRange: error(({ term, text }: Written) => ({
    fr: `${termText(term).fr} « ${text} » dépasse la limite de dix mille milliards ; vérifiez la facture.`,
    en: `${termText(term).en} "${text}" exceeds the limit of ten thousand billion; check the invoice.`,
  })),
  einvoiceCurrencyUnknown: error(({ text }: { text: string }) => ({
    fr: `BT-5 (devise) « ${text} » n'est pas un code ISO 4217 en circulation ; demandez à l'émetteur de corriger la devise.`,
    en: `BT-5 (currency) "${text}" is not a circulating ISO 4217 code; ask the issuer to correct the currency.`,
  })),
  einvoiceAmountCurrency: error(({ term, text, currency }: Written & { currency: string }) => ({
    fr: `${termText(term).fr} est en ${text} alors que la facture (BT-5) est en ${currency} ; demandez une facture dans une seule devise.`,
    en: `${termText(term).en} is in ${text} while the invoice (BT-5) is in ${currency}; ask for an invoice in one currency.`,
  })),
  einvoiceSellerMissing: warning(() => ({
    fr: 'BT-27 (nom du vendeur) manque ; la facture est lue sans lui.',
    en: 'BT-27 (seller name) is missing; the invoice is read without it.',
  })),
  einvoiceIdentifierWrong: warning(({ term, text }: Written) => ({
    fr: `${termText(term).fr} « ${text} » n'a pas une clé juste ; il n'est pas gardé. Corrigez-le dans le logiciel qui émet les factures.`,
    en: `${termText(term).en} "${text}" has wrong check digits; it is not kept. Correct it in the software that issues the invoices.`,
  })),
  einvoiceIdentifiersDiffer: warning(({ term, first, second }: OfTerm & { first: string; second: string }) => ({
    fr: `${termText(term).fr} : le SIREN ${first} diffère de celui du numéro de TVA (${second}), ce qu'un groupe de TVA explique. Le premier est gardé.`,
    en: `${termText(term).en}: SIREN ${first} differs from the one in the VAT number (${second}), which a VAT group explains. The first is kept.`,
  })),
  einvoiceIbanWrong: warning(({ text }: { text: string }) => ({
    fr: `BT-84 (compte à créditer) « ${text} » n'est pas un IBAN juste ; il est gardé comme simple texte. Vérifiez les coordonnées bancaires imprimées sur vos factures.`,
    en: `BT-84 (payment account) "${text}" is not a valid IBAN; it is kept as mere text. Check the bank details your invoices print.`,
  })),
  einvoiceDueMissing: warning(() => ({
    fr: 'ni BT-9 (date d\'échéance) ni BT-20 (conditions de paiement) : l\'échéance se calculera avec les conditions du client (la norme les exige, BR-CO-25).',
    en: 'neither BT-9 (due date) nor BT-20 (payment terms): the due date will follow the customer\'s terms (the standard requires them, BR-CO-25).',
  })),
  einvoiceTermsProposed: warning(({ text, terms, day }: { text: string; terms: string; day: Day }) => ({
    fr: `BT-9 (date d'échéance) manque ; les conditions « ${text} » (${terms}) proposent le ${day}. Confirmez cette échéance.`,
    en: `BT-9 (due date) is missing; the terms "${text}" (${terms}) propose ${day}. Confirm this due date.`,
  })),
  einvoiceTermsUnread: warning(({ text }: { text: string }) => ({
    fr: `BT-9 (date d'échéance) manque et les conditions « ${text} » ne donnent pas un délai sûr ; saisissez l'échéance ou les conditions du client.`,
    en: `BT-9 (due date) is missing and the terms "${text}" give no certain delay; enter the due date or the customer's terms.`,
  })),
  einvoiceSeveralAccounts: warning(({ count }: { count: number }) => ({
    fr: `${count} comptes bancaires différents sont donnés (BT-84) ; chacun doit être l'un des vôtres.`,
    en: `${count} different bank accounts are given (BT-84); each must be one of yours.`,
  })),
  einvoiceNotClaim: held(({ text }: { text: string }) => ({
    fr: `BT-3 (code de type) ${text} n'est pas une demande de paiement (pro forma, douane, relevé).`,
    en: `BT-3 (type code) ${text} is not a request to pay (pro forma, customs, data sheet).`,
  })),
  einvoiceTypeAndRoot: held(({ text }: { text: string }) => ({
    fr: `le type ${text} (BT-3) et l'élément racine du fichier UBL se contredisent : l'un dit facture, l'autre avoir.`,
    en: `type ${text} (BT-3) and the root element of the UBL file contradict each other: one says invoice, the other credit note.`,
  })),
  einvoiceTest: held(() => ({
    fr: 'le document se déclare document de test (TestIndicator).',
    en: 'the document says it is a test (TestIndicator).',
  })),
  einvoiceDueDiffers: held(({ expected, found }: Figures) => ({
    fr: `BT-115 (net à payer) vaut ${found.fr} alors que BT-112 − BT-113 + BT-114 donne ${expected.fr}.`,
    en: `BT-115 (amount due) is ${found.en} while BT-112 − BT-113 + BT-114 gives ${expected.en}.`,
  })),
  einvoiceGrossDiffers: held(({ expected, found }: Figures) => ({
    fr: `BT-112 (total TTC) vaut ${found.fr} alors que BT-109 + BT-110 donne ${expected.fr}.`,
    en: `BT-112 (total with VAT) is ${found.en} while BT-109 + BT-110 gives ${expected.en}.`,
  })),
  einvoiceTaxDiffers: held(({ expected, found }: Figures) => ({
    fr: `BT-110 (total de la TVA) vaut ${found.fr} alors que la somme des taux (BT-117) donne ${expected.fr}.`,
    en: `BT-110 (total VAT) is ${found.en} while the sum by rate (BT-117) gives ${expected.en}.`,
  })),
  einvoiceNetDiffers: held(({ expected, found }: Figures) => ({
    fr: `BT-109 (total HT) vaut ${found.fr} alors que les lignes, remises et frais donnent ${expected.fr}.`,
    en: `BT-109 (total without VAT) is ${found.en} while lines, allowances and charges give ${expected.en}.`,
  })),
  einvoiceLineWithoutAmount: held(({ count }: { count: number }) => ({
    fr: `${count} ligne(s) sans montant (BT-131) : le total HT ne peut pas être vérifié.`,
    en: `${count} line(s) without amount (BT-131): the total without VAT cannot be checked.`,
  })),
  einvoiceDueBeforeIssue: held(({ due, issued }: { due: Day; issued: Day }) => ({
    fr: `l'échéance (BT-9) ${due} précède la date de facture (BT-2) ${issued}.`,
    en: `the due date (BT-9) ${due} is before the issue date (BT-2) ${issued}.`,
  })),
  einvoiceDueDatesUnclear: held(({ count }: { count: number }) => ({
    fr: `${count} échéances (BT-9) sans que chacune dise combien est dû.`,
    en: `${count} due dates (BT-9) that do not each say how much is due.`,
  })),
  einvoiceInstalmentsDiffer: held(({ expected, found }: Figures) => ({
    fr: `les échéances totalisent ${found.fr} alors que le net à payer (BT-115) est ${expected.fr}.`,
    en: `the due dates sum to ${found.en} while the amount due (BT-115) is ${expected.en}.`,
  })),
  einvoiceCreditNegative: held(({ amount }: { amount: Bilingual }) => ({
    fr: `avoir au montant négatif (${amount.fr}) : un avoir s'écrit en positif, on ne sait pas s'il crédite ou débite.`,
    en: `credit note of a negative amount (${amount.en}): a credit note is written positive, whether it credits or debits is unclear.`,
  })),
  einvoiceNegative: held(({ amount }: { amount: Bilingual }) => ({
    fr: `facture au montant négatif (${amount.fr}) : c'est de l'argent dû au client, pas par lui.`,
    en: `invoice of a negative amount (${amount.en}): this is money owed to the customer, not by them.`,
  })),
  einvoiceTwoPayees: held(({ first, second }: { first: string; second: string }) => ({
    fr: `deux bénéficiaires (BG-10) : « ${first} » et « ${second} ».`,
    en: `two payees (BG-10): "${first}" and "${second}".`,
  })),
  einvoicePayeeAccounts: held(({ payee, count }: { payee: string; count: number }) => ({
    fr: `le paiement revient à « ${payee} » (BG-10) mais ${count} comptes différents sont donnés (BT-84).`,
    en: `payment belongs to "${payee}" (BG-10) but ${count} different accounts are given (BT-84).`,
  })),
};
