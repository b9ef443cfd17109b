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
  bankFileEmpty: error(({ format }: { format: string }) => ({
    fr: `aucun relevé ni mouvement ${format} dans ce fichier ; vérifiez qu'il est complet et qu'il s'agit du bon export.`,
    en: `no ${format} statement or movement in this file; check that it is complete and the right export.`,
  })),
};
