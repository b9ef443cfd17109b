import type { Bilingual } from '#core/kernel/text.ts';

const error = <Facts>(say: (facts: Facts) => Bilingual): { severity: 'error'; say: (facts: Facts) => Bilingual } => ({ severity: 'error', say });
const warning = <Facts>(say: (facts: Facts) => Bilingual): { severity: 'warning'; say: (facts: Facts) => Bilingual } => ({ severity: 'warning', say });

type Cell = { readonly column: string; readonly text: string };
type Totals = { readonly debit: Bilingual; readonly credit: Bilingual };

/** Problems of a FEC: header, amounts, days, entries, control totals. */
export const FEC_PROBLEMS = {
  fecHeaderMissing: error(() => ({
    fr: 'la première ligne ne porte pas les noms des champs du FEC (JournalCode, JournalLib…) séparés par tabulation ou « | ». Réexportez avec l\'en-tête.',
    en: 'the first line does not hold the FEC field names (JournalCode, JournalLib…) separated by tabs or "|". Export it again with its header.',
  })),
  fecColumnMissing: error(({ column }: { column: string }) => ({
    fr: `la colonne « ${column} » manque dans l'en-tête ; réexportez le FEC complet (18 champs de l'article A47 A-1).`,
    en: `column "${column}" is missing from the header; export the complete FEC (18 fields of article A47 A-1).`,
  })),
  fecColumnAbsent: warning(({ column }: { column: string }) => ({
    fr: `la colonne « ${column} » prévue par l'article A47 A-1 est absente ; elle n'est pas nécessaire ici.`,
    en: `column "${column}" required by article A47 A-1 is absent; it is not needed here.`,
  })),
  fecColumnTwice: error(({ column }: { column: string }) => ({
    fr: `deux colonnes de l'en-tête désignent « ${column} » ; gardez-en une seule.`,
    en: `two columns of the header stand for "${column}"; keep only one.`,
  })),
  fecHeaderRepeated: warning(() => ({
    fr: 'l\'en-tête est répété ici ; la ligne est ignorée (fichiers mis bout à bout ?).',
    en: 'the header is repeated here; the line is ignored (files put end to end?).',
  })),
  fecFieldCount: error(({ found, expected }: { found: number; expected: number }) => ({
    fr: `${found} champ(s) au lieu de ${expected} ; un séparateur ou une fin de ligne se trouve dans un libellé, retirez-le.`,
    en: `${found} field(s) instead of ${expected}; a separator or a line end is inside a label, remove it.`,
  })),
  fecNoLines: error(() => ({
    fr: 'Le FEC ne contient aucune écriture après l\'en-tête ; réexportez-le sur le bon exercice.',
    en: 'The FEC contains no entry after its header; export it again for the right financial year.',
  })),
  fecAmountUnreadable: error(({ column, text }: Cell) => ({
    fr: `${column} « ${text} » n'est pas un montant ; attendu par exemple 1234,56.`,
    en: `${column} "${text}" is not an amount; expected for example 1234,56.`,
  })),
  fecAmountAmbiguous: error(({ column, text }: Cell) => ({
    fr: `${column} « ${text} » peut se lire de deux façons (milliers ou décimales) ; réexportez avec deux décimales et sans séparateur de milliers.`,
    en: `${column} "${text}" can be read in two ways (thousands or decimals); export again with two decimals and no thousands separator.`,
  })),
  fecAmountDecimals: error(({ column, text }: Cell) => ({
    fr: `${column} « ${text} » a plus de deux décimales ; un montant en euros s'arrête au centime.`,
    en: `${column} "${text}" has more than two decimals; an amount in euros stops at the cent.`,
  })),
  fecAmountOutOfRange: error(({ column, text }: Cell) => ({
    fr: `${column} « ${text} » dépasse la limite de dix mille milliards d'euros ; vérifiez l'écriture.`,
    en: `${column} "${text}" exceeds the limit of ten thousand billion euros; check the entry.`,
  })),
  fecBothSides: error(({ debit, credit }: Totals) => ({
    fr: `débit ${debit.fr} et crédit ${credit.fr} sur la même ligne ; une ligne est au débit ou au crédit, corrigez l'écriture.`,
    en: `debit ${debit.en} and credit ${credit.en} on the same line; a line is a debit or a credit, correct the entry.`,
  })),
  fecSideUnreadable: error(({ column, text }: Cell) => ({
    fr: `${column} « ${text} » n'est pas un sens ; attendu D ou C, +1 ou -1.`,
    en: `${column} "${text}" is not a side; expected D or C, +1 or -1.`,
  })),
  fecNegativeAmount: warning(({ column, text }: Cell) => ({
    fr: `${column} négatif « ${text} » ; il est lu comme le même montant de l'autre côté.`,
    en: `negative ${column} "${text}"; it is read as the same amount on the other side.`,
  })),
  fecDayUnreadable: error(({ column, text }: Cell) => ({
    fr: `${column} « ${text} » n'est pas une date du calendrier entre 1980 et 2099 ; attendu AAAAMMJJ.`,
    en: `${column} "${text}" is not a calendar day between 1980 and 2099; expected YYYYMMDD.`,
  })),
  fecDayIgnored: warning(({ column, text }: Cell) => ({
    fr: `${column} « ${text} » n'est pas une date ; elle est ignorée.`,
    en: `${column} "${text}" is not a day; it is ignored.`,
  })),
  fecDayOrderUnproven: error(({ count }: { count: number }) => ({
    fr: `${count} date(s) sont écrites avec des barres et aucune n'a de jour supérieur à 12 : jour et mois ne se distinguent pas. Réexportez au format AAAAMMJJ.`,
    en: `${count} day(s) are written with slashes and none is above 12: day and month cannot be told apart. Export again as YYYYMMDD.`,
  })),
  fecTotalsDiffer: error(({ debit, credit, difference }: Totals & { readonly difference: Bilingual }) => ({
    fr: `Total débit ${debit.fr}, total crédit ${credit.fr} : écart de ${difference.fr}. Le fichier est refusé en entier ; réexportez-le complet.`,
    en: `Total debit ${debit.en}, total credit ${credit.en}: they differ by ${difference.en}. The whole file is refused; export it completely again.`,
  })),
  fecEntryUnbalanced: warning(({ journal, entry, difference }: { journal: string; entry: string; difference: Bilingual }) => ({
    fr: `l'écriture ${entry} du journal ${journal} n'est pas équilibrée (écart ${difference.fr}) ; vérifiez-la en comptabilité.`,
    en: `entry ${entry} of journal ${journal} does not balance (difference ${difference.en}); check it in the books.`,
  })),
  fecEntriesScattered: warning(({ limit }: { limit: number }) => ({
    fr: `les lignes des écritures sont dispersées (plus de ${limit} écritures ouvertes à la fois) ; l'équilibre par écriture n'est pas contrôlé, celui du fichier l'est.`,
    en: `the lines of entries are scattered (more than ${limit} entries open at once); balance per entry is not checked, that of the file is.`,
  })),
  fecEntryTwoDays: warning(({ journal, entry }: { journal: string; entry: string }) => ({
    fr: `l'écriture ${entry} du journal ${journal} porte deux dates ; vérifiez la numérotation des écritures.`,
    en: `entry ${entry} of journal ${journal} bears two dates; check the numbering of entries.`,
  })),
  fecCustomerMissing: warning(({ account }: { account: string }) => ({
    fr: `compte ${account} sans compte auxiliaire ni nom de client ; la ligne compte dans le solde mais n'est à personne.`,
    en: `account ${account} without auxiliary account or customer name; the line counts in the balance but belongs to nobody.`,
  })),
  fecCurrencyIgnored: warning(({ text }: { text: string }) => ({
    fr: `montant en devise « ${text} » illisible ; seul le montant en euros est lu.`,
    en: `foreign currency amount "${text}" is not readable; only the euro amount is read.`,
  })),
  fecDayAfterClosing: warning(({ day, closing }: { day: string; closing: string }) => ({
    fr: `écriture du ${day}, après la clôture ${closing} annoncée par le nom du fichier ; vérifiez que c'est le bon fichier.`,
    en: `entry of ${day}, after the closing day ${closing} given by the file name; check that it is the right file.`,
  })),
  fecOtherSiren: error(({ found, expected }: { found: string; expected: string }) => ({
    fr: `Le nom du fichier porte le SIREN ${found} et la société est ${expected} : ce FEC est celui d'une autre société. Choisissez le bon fichier ou la bonne société.`,
    en: `The file name bears SIREN ${found} and the entity is ${expected}: this FEC belongs to another company. Choose the right file or the right entity.`,
  })),
};
