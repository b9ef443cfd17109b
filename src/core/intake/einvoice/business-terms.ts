import type { Bilingual } from '#core/kernel/text.ts';

/** A business term of EN 16931: its number and what people call it. */
export type BusinessTerm = { readonly bt: string; readonly name: Bilingual };

const term = (bt: string, fr: string, en: string): BusinessTerm => ({ bt, name: { fr, en } });

/** The terms that problems speak of, with the numbers of EN 16931-1. */
export const TERMS = {
  number: term('BT-1', 'numéro de facture', 'invoice number'),
  issued: term('BT-2', 'date de facture', 'issue date'),
  typeCode: term('BT-3', 'code de type', 'type code'),
  currency: term('BT-5', 'devise', 'currency'),
  due: term('BT-9', 'date d\'échéance', 'due date'),
  precedingIssued: term('BT-26', 'date de la facture antérieure', 'date of the preceding invoice'),
  sellerName: term('BT-27', 'nom du vendeur', 'seller name'),
  sellerLegalId: term('BT-30', 'identifiant légal du vendeur', 'seller legal identifier'),
  sellerVat: term('BT-31', 'numéro de TVA du vendeur', 'seller VAT number'),
  buyerName: term('BT-44', 'nom de l\'acheteur', 'buyer name'),
  buyerLegalId: term('BT-47', 'identifiant légal de l\'acheteur', 'buyer legal identifier'),
  buyerVat: term('BT-48', 'numéro de TVA de l\'acheteur', 'buyer VAT number'),
  payeeName: term('BT-59', 'nom du bénéficiaire', 'payee name'),
  payeeLegalId: term('BT-61', 'identifiant légal du bénéficiaire', 'payee legal identifier'),
  account: term('BT-84', 'compte à créditer', 'payment account'),
  allowance: term('BT-92', 'remise de pied de facture', 'document allowance'),
  charge: term('BT-99', 'frais de pied de facture', 'document charge'),
  lineTotal: term('BT-106', 'somme des lignes', 'sum of lines'),
  allowanceTotal: term('BT-107', 'somme des remises', 'sum of allowances'),
  chargeTotal: term('BT-108', 'somme des frais', 'sum of charges'),
  net: term('BT-109', 'total HT', 'total without VAT'),
  tax: term('BT-110', 'total de la TVA', 'total VAT'),
  gross: term('BT-112', 'total TTC', 'total with VAT'),
  prepaid: term('BT-113', 'montant déjà payé', 'paid amount'),
  rounding: term('BT-114', 'arrondi', 'rounding amount'),
  dueAmount: term('BT-115', 'net à payer', 'amount due'),
  taxBase: term('BT-116', 'base de TVA', 'VAT base'),
  taxAmount: term('BT-117', 'TVA par taux', 'VAT by rate'),
  lineAmount: term('BT-131', 'montant HT de la ligne', 'line net amount'),
  instalment: term('BT-9', 'part due à cette échéance', 'part due on that day'),
  adjustment: term('EXTENDED', 'ajustement financier', 'financial adjustment'),
} as const satisfies Readonly<Record<string, BusinessTerm>>;

/** A term as a sentence names it: "BT-115 (net à payer)". */
export const termText = ({ bt, name }: BusinessTerm): Bilingual => ({ fr: `${bt} (${name.fr})`, en: `${bt} (${name.en})` });
