import type { Bilingual } from '#core/kernel/text.ts';

const error = <Facts>(say: (facts: Facts) => Bilingual): { severity: 'error'; say: (facts: Facts) => Bilingual } => ({ severity: 'error', say });
const warning = <Facts>(say: (facts: Facts) => Bilingual): { severity: 'warning'; say: (facts: Facts) => Bilingual } => ({ severity: 'warning', say });

/** Problems that bank files in plain text share. */
export const BANK_TEXT_PROBLEMS = {
  bankControlCharacter: warning(({ column, code, offset }: { column: number; code: string; offset: number }) => ({
    fr: `caractère de commande ${code} au caractère ${column} (position ${offset} du texte) ; il est lu comme un espace. Vérifiez le libellé si c'est au milieu d'un mot.`,
    en: `control character ${code} at character ${column} (position ${offset} of the text); it is read as a space. Check the label if it is inside a word.`,
  })),
  statementsTooMany: error(({ limit }: { limit: number }) => ({
    fr: `plus de ${limit} relevés dans un fichier ; découpez l'export par compte ou par période.`,
    en: `more than ${limit} statements in one file; split the export by account or by period.`,
  })),
  statementTwice: error(({ statement, first }: { statement: string; first: number }) => ({
    fr: `relevé « ${statement} » : le même relevé est déjà à la ligne ${first} (mêmes jours, mêmes soldes, mêmes mouvements). Ses lignes compteraient double : retirez-en un.`,
    en: `statement "${statement}": the same statement already stands at line ${first} (same days, balances and movements). Its lines would count twice: remove one of them.`,
  })),
};
