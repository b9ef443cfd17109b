import type { Bilingual } from '#core/kernel/text.ts';

const error = <Facts>(say: (facts: Facts) => Bilingual): { severity: 'error'; say: (facts: Facts) => Bilingual } => ({ severity: 'error', say });
const warning = <Facts>(say: (facts: Facts) => Bilingual): { severity: 'warning'; say: (facts: Facts) => Bilingual } => ({ severity: 'warning', say });

type Unbalanced = { readonly statement: string; readonly expected: Bilingual; readonly found: Bilingual };

/** Problems of bank statements, whatever their format. */
export const BANK_PROBLEMS = {
  statementUnbalanced: warning(({ statement, expected, found }: Unbalanced) => ({
    fr: `relevé « ${statement} » : le solde final annoncé est ${found.fr}, l'ancien solde et les mouvements donnent ${expected.fr}. Des lignes manquent ou ont été modifiées : le relevé est gardé de côté, rien n'en est lettré avant qu'une personne l'ait vérifié.`,
    en: `statement "${statement}": its closing balance is ${found.en}, the opening balance and the movements give ${expected.en}. Lines are missing or were altered: the statement is set aside and nothing of it is allocated until a person has checked it.`,
  })),
  statementEmpty: warning(({ statement }: { statement: string }) => ({
    fr: `relevé « ${statement} » : aucun mouvement.`,
    en: `statement "${statement}": no movement.`,
  })),
  bankAccountForeign: error(({ iban, own }: { iban: string; own: string }) => ({
    fr: `relevé du compte ${iban}, qui n'est pas un compte connu de votre société (${own}). Si c'est bien l'un de vos comptes, confirmez-le (« c'est notre compte », ou --new-account) ; sinon c'est le fichier d'un autre.`,
    en: `statement of account ${iban}, which is no known account of your company (${own}). If it is one of yours, say so ("it is our account", or --new-account); otherwise this is somebody else's file.`,
  })),
  statementGap: warning(({ statement, from, until, closing, opening }: { statement: string; from: string; until: string; closing: Bilingual; opening: Bilingual }) => ({
    fr: `relevé « ${statement} » : il s'ouvre à ${opening.fr} (${until}) alors que le précédent se fermait à ${closing.fr} (${from}). Il manque un relevé ou une page entre les deux : demandez-le à la banque.`,
    en: `statement "${statement}": it opens at ${opening.en} (${until}) while the one before closed at ${closing.en} (${from}). A statement or a page is missing in between: ask the bank for it.`,
  })),
  statementNumberTwice: warning(({ statement, other }: { statement: string; other: string }) => ({
    fr: `relevé « ${statement} » : l'import n° ${other} a apporté un relevé de même numéro et de mêmes jours, mais d'un autre contenu. Celui-ci est gardé de côté, rien n'en est lettré avant qu'une personne l'ait vérifié.`,
    en: `statement "${statement}": import no. ${other} brought a statement of the same number and days with other contents. This one is set aside and nothing of it is allocated until a person has checked it.`,
  })),
  returnUnknown: warning(({ on, amount, label }: { on: string; amount: Bilingual; label: string }) => ({
    fr: `${on}, ${amount.fr} (« ${label} ») : paiement revenu (rejet, retour ou annulation) dont le paiement d'origine n'est pas dans les relevés connus ; à rapprocher à la main.`,
    en: `${on}, ${amount.en} ("${label}"): returned payment (rejection, return or reversal) whose original is not in the statements known; match it by hand.`,
  })),
  bankFileEmpty: error(({ format }: { format: string }) => ({
    fr: `aucun relevé ni mouvement ${format} dans ce fichier ; vérifiez qu'il est complet et qu'il s'agit du bon export.`,
    en: `no ${format} statement or movement in this file; check that it is complete and the right export.`,
  })),
};
