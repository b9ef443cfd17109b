import { LIFECYCLE_REASONS } from '../intake/einvoice/lifecycle-reasons.ts';
import type { Bilingual } from '../kernel/text.ts';

/** What a dispute is about, in one word: whom it concerns and what to do follow from it. */
export const DISPUTE_FAMILIES = ['commercial', 'delivery', 'price', 'quality', 'paperwork', 'other'] as const;
/** One of them. */
export type DisputeFamily = (typeof DISPUTE_FAMILIES)[number];

const FAMILY_NAMES: { readonly [F in DisputeFamily]: Bilingual } = {
  commercial: { fr: 'Accord commercial', en: 'Commercial agreement' },
  delivery: { fr: 'Livraison', en: 'Delivery' },
  price: { fr: 'Prix', en: 'Price' },
  quality: { fr: 'Qualité', en: 'Quality' },
  paperwork: { fr: 'Facture ou document', en: 'Invoice or document' },
  other: { fr: 'Autre', en: 'Other' },
};

/** The codes a buyer may give with the e-invoice statuses 207 (in dispute) and 210 (refused), by what they are about (law-fr.md REF-05, rule BR-FR-CDV-CL-09). */
const FAMILY_OF_CODE = {
  AUTRE: 'other', COORD_BANC_ERR: 'paperwork', TX_TVA_ERR: 'paperwork', MONTANTTOTAL_ERR: 'price', CALCUL_ERR: 'price', NON_CONFORME: 'paperwork', DOUBLON: 'paperwork',
  DEST_INC: 'paperwork', DEST_ERR: 'paperwork', TRANSAC_INC: 'commercial', EMMET_INC: 'paperwork', CONTRAT_TERM: 'commercial', DOUBLE_FACT: 'paperwork', CMD_ERR: 'paperwork',
  ADR_ERR: 'paperwork', SIRET_ERR: 'paperwork', CODE_ROUTAGE_ERR: 'paperwork', REF_CT_ABSENT: 'paperwork', REF_ERR: 'paperwork', PU_ERR: 'price', REM_ERR: 'price',
  QTE_ERR: 'delivery', ART_ERR: 'delivery', MODPAI_ERR: 'commercial', QUALITE_ERR: 'quality', LIVR_INCOMP: 'delivery', JUSTIF_ABS: 'paperwork',
  RETRAIT_MAN_SERV: 'commercial', ST_CT_NON_DECLAR: 'commercial', SUPPR_COMP_AVOIR: 'paperwork', TRANSF_PMNT_REGIE: 'paperwork', CONTACT_ACHTR: 'commercial',
} as const satisfies Readonly<Record<string, DisputeFamily>>;

/** A code of an e-invoice status. */
type DisputeCode = keyof typeof FAMILY_OF_CODE;

const isCode = (text: string): text is DisputeCode => Object.hasOwn(FAMILY_OF_CODE, text);
const isFamily = (text: string): text is DisputeFamily => DISPUTE_FAMILIES.some((family) => family === text);

/** A reason of the closed list: a family, or the code of an e-invoice status. */
export type DisputeReason = DisputeFamily | DisputeCode;

/** Every reason a dispute can have, the plain ones first. */
export const DISPUTE_REASONS: readonly DisputeReason[] = [...DISPUTE_FAMILIES, ...Object.keys(FAMILY_OF_CODE).filter(isCode)];

/** The reason a text is, or null. */
export const disputeReason = (text: string): DisputeReason | null => (isFamily(text) || isCode(text) ? text : null);

/** The family of a reason; a text outside the list (an e-invoice status without a code) is `other`. */
export function disputeFamily(reason: string | null): DisputeFamily {
  if (reason === null) return 'other';
  if (isFamily(reason)) return reason;
  return isCode(reason) ? FAMILY_OF_CODE[reason] : 'other';
}

/** A reason in words; a text outside the list is said as it is. */
export function disputeReasonName(reason: string): Bilingual {
  if (isFamily(reason)) return FAMILY_NAMES[reason];
  return LIFECYCLE_REASONS[reason] ?? { fr: reason, en: reason };
}

/** A step of an action plan: what is to be done, and in how many days from the opening of the dispute. */
export type DisputeStep = { readonly code: string; readonly text: Bilingual; readonly withinDays: number };

const step = (code: string, withinDays: number, text: Bilingual): DisputeStep => ({ code, withinDays, text });

const ACKNOWLEDGE = step('acknowledge', 1, { fr: 'Accuser réception du litige et dire au client qui le suit', en: 'Acknowledge the dispute and tell the customer who handles it' });
const UNDISPUTED = step('undisputed', 3, { fr: 'Demander le règlement de la part qui n’est pas contestée', en: 'Ask for payment of the part that is not disputed' });
const DECIDE = step('decide', 12, { fr: 'Décider : accepter (avoir), accepter en partie, ou maintenir la facture', en: 'Decide: accept (credit note), accept in part, or uphold the invoice' });
const ANSWER = step('answer', 15, { fr: 'Répondre au client par écrit, avec les pièces', en: 'Answer the customer in writing, with the documents' });

const around = (...own: readonly DisputeStep[]): readonly DisputeStep[] => [ACKNOWLEDGE, UNDISPUTED, ...own, DECIDE, ANSWER];

const STEPS: { readonly [F in DisputeFamily]: readonly DisputeStep[] } = {
  commercial: around(
    step('askSales', 3, { fr: 'Demander au commercial ce qui a été convenu, et par écrit', en: 'Ask the salesperson what was agreed, and in writing' }),
    step('findAgreement', 5, { fr: 'Retrouver le devis signé, le contrat ou la commande', en: 'Find the signed quote, the contract or the order' }),
  ),
  delivery: around(
    step('findDeliveryNote', 3, { fr: 'Retrouver le bon de livraison signé et ses réserves', en: 'Find the signed delivery note and its reservations' }),
    step('askWarehouse', 5, { fr: 'Faire vérifier l’expédition par l’entrepôt ou le transporteur', en: 'Have the warehouse or the carrier check the shipment' }),
  ),
  price: around(
    step('comparePrice', 3, { fr: 'Comparer la facture au devis, au tarif et aux remises convenues', en: 'Compare the invoice with the quote, the price list and the agreed discounts' }),
    step('askSales', 5, { fr: 'Faire confirmer le prix par le commercial', en: 'Have the salesperson confirm the price' }),
  ),
  quality: around(
    step('collectEvidence', 3, { fr: 'Demander au client photos, numéros de lot et date du constat', en: 'Ask the customer for photographs, batch numbers and the day it was seen' }),
    step('askProduction', 7, { fr: 'Faire analyser par la production ou la qualité', en: 'Have production or quality look into it' }),
    step('proposeRemedy', 10, { fr: 'Proposer une reprise, un remplacement ou une remise', en: 'Offer a return, a replacement or a discount' }),
  ),
  paperwork: around(
    step('checkDocument', 3, { fr: 'Vérifier la mention, la référence ou le destinataire contesté', en: 'Check the statement, reference or addressee in question' }),
    step('correctDocument', 5, { fr: 'Corriger : avoir et nouvelle facture, ou document manquant à envoyer', en: 'Correct it: credit note and new invoice, or send the missing document' }),
  ),
  other: around(
    step('understand', 3, { fr: 'Appeler le client pour comprendre ce qui est contesté et le noter ici', en: 'Call the customer to understand what is disputed and note it here' }),
  ),
};

/** The action plan for a reason, in the order in which it is done. */
export const disputeSteps = (reason: string | null): readonly DisputeStep[] => STEPS[disputeFamily(reason)];

/** Days in which a dispute should be settled when nobody sets a deadline: the last step of every plan is done by then. */
export const DISPUTE_DEADLINE_DAYS = 15;
