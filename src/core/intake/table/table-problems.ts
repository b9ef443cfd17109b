import type { Bilingual } from '#core/kernel/text.ts';

const error = <Facts>(say: (facts: Facts) => Bilingual): { severity: 'error'; say: (facts: Facts) => Bilingual } => ({ severity: 'error', say });
const warning = <Facts>(say: (facts: Facts) => Bilingual): { severity: 'warning'; say: (facts: Facts) => Bilingual } => ({ severity: 'warning', say });

type Cell = { readonly column: string; readonly text: string };
type Sums = { readonly first: string; readonly second: string };

/** Problems of a table of open items (CSV or workbook). */
export const TABLE_PROBLEMS = {
  tableHeaderMissing: error(() => ({
    fr: 'Aucune ligne d\'en-tête reconnue ; indiquez les colonnes vous-même, ou ajoutez une ligne de titres (Client, N° facture, Échéance, Montant TTC…).',
    en: 'No header row was recognised; map the columns yourself, or add a row of titles (Customer, Invoice number, Due date, Amount…).',
  })),
  tableFieldMissing: error(({ field }: { field: Bilingual }) => ({
    fr: `Aucune colonne n'est reconnue comme « ${field.fr} » ; choisissez-la dans la correspondance des colonnes.`,
    en: `No column is recognised as "${field.en}"; choose it in the column mapping.`,
  })),
  tableFieldUncertain: warning(({ field, header, reason }: { field: Bilingual; header: string; reason: Bilingual }) => ({
    fr: `La colonne « ${header} » est prise pour « ${field.fr} » (${reason.fr}) ; confirmez ou corrigez.`,
    en: `Column "${header}" is taken as "${field.en}" (${reason.en}); confirm or correct.`,
  })),
  tableColumnUnbelieved: warning(({ field, header }: { field: Bilingual; header: string }) => ({
    fr: `La colonne « ${header} » devrait être « ${field.fr} » mais ses valeurs n'y ressemblent pas ; elle n'est pas lue. Corrigez la correspondance si besoin.`,
    en: `Column "${header}" should be "${field.en}" but its values do not look like it; it is not read. Correct the mapping if needed.`,
  })),
  tableDecimalUnproven: error(({ text }: { text: string }) => ({
    fr: `« ${text} » peut se lire avec ou sans décimales et rien dans le fichier ne le prouve ; indiquez si la décimale est une virgule ou un point.`,
    en: `"${text}" can be read with or without decimals and nothing in the file proves which; say whether the decimal mark is a comma or a point.`,
  })),
  tableDecimalMixed: error(({ first, second }: Sums) => ({
    fr: `« ${first} » et « ${second} » n'utilisent pas la même décimale ; réexportez avec un seul format de nombre.`,
    en: `"${first}" and "${second}" do not use the same decimal mark; export again with one number format.`,
  })),
  tableDayOrderUnproven: error(({ text }: { text: string }) => ({
    fr: `« ${text} » peut être jour/mois ou mois/jour et aucune date du fichier ne le prouve ; indiquez l'ordre des dates.`,
    en: `"${text}" may be day/month or month/day and no day of the file proves which; say the order of dates.`,
  })),
  tableDayOrderMixed: error(({ first, second }: Sums) => ({
    fr: `« ${first} » et « ${second} » ne suivent pas le même ordre jour/mois ; réexportez avec un seul format de date.`,
    en: `"${first}" and "${second}" do not follow the same day/month order; export again with one date format.`,
  })),
  tableAmountUnreadable: error(({ column, text }: Cell) => ({
    fr: `« ${column} » : « ${text} » n'est pas un montant ; corrigez la cellule.`,
    en: `"${column}": "${text}" is not an amount; correct the cell.`,
  })),
  tableAmountDecimals: error(({ column, text }: Cell) => ({
    fr: `« ${column} » : « ${text} » a plus de décimales que la devise n'en a ; arrondissez à la source.`,
    en: `"${column}": "${text}" has more decimals than its currency; round it at the source.`,
  })),
  tableAmountOutOfRange: error(({ column, text }: Cell) => ({
    fr: `« ${column} » : « ${text} » dépasse la limite acceptée ; vérifiez la cellule.`,
    en: `"${column}": "${text}" exceeds the accepted limit; check the cell.`,
  })),
  tableAmountMissing: error(() => ({
    fr: 'la ligne n\'a ni montant, ni reste dû, ni débit ou crédit ; complétez-la ou retirez-la.',
    en: 'the row has no amount, open amount, debit or credit; complete it or remove it.',
  })),
  tableBothSides: error(() => ({
    fr: 'débit et crédit sont tous deux remplis ; une ligne est au débit ou au crédit.',
    en: 'both debit and credit are filled; a row is a debit or a credit.',
  })),
  tableSignsDiffer: error(({ first, second }: Sums) => ({
    fr: `le montant ${first} et le reste dû ${second} n'ont pas le même signe ; corrigez la ligne.`,
    en: `amount ${first} and open amount ${second} do not have the same sign; correct the row.`,
  })),
  tableOpenAboveAmount: warning(({ first, second }: Sums) => ({
    fr: `le reste dû ${second} dépasse le montant ${first} ; vérifiez la ligne.`,
    en: `open amount ${second} is above the amount ${first}; check the row.`,
  })),
  tableZeroAmount: warning(() => ({
    fr: 'montant nul ; la ligne est ignorée.',
    en: 'zero amount; the row is ignored.',
  })),
  tableCustomerMissing: error(() => ({
    fr: 'ni code ni nom de client ; complétez la ligne ou retirez-la.',
    en: 'neither customer code nor name; complete the row or remove it.',
  })),
  tableDayUnreadable: error(({ column, text }: Cell) => ({
    fr: `« ${column} » : « ${text} » n'est pas une date du calendrier entre 1980 et 2099 ; écrivez JJ/MM/AAAA ou AAAA-MM-JJ.`,
    en: `"${column}": "${text}" is not a calendar day between 1980 and 2099; write DD/MM/YYYY or YYYY-MM-DD.`,
  })),
  tableDueBeforeIssue: warning(({ first, second }: Sums) => ({
    fr: `échéance ${second} avant la date de pièce ${first} ; vérifiez les deux dates.`,
    en: `due day ${second} is before the document day ${first}; check both.`,
  })),
  tableDocumentTwice: error(({ document, earlier }: { document: string; earlier: number }) => ({
    fr: `la pièce « ${document} » du même client avec la même échéance est déjà à la ligne ${earlier} ; retirez le doublon.`,
    en: `document "${document}" of the same customer with the same due day is already at line ${earlier}; remove the double.`,
  })),
  tableDocumentTwoCustomers: warning(({ document, earlier }: { document: string; earlier: number }) => ({
    fr: `la pièce « ${document} » est à un autre client à la ligne ${earlier} ; vérifiez le numéro.`,
    en: `document "${document}" belongs to another customer at line ${earlier}; check the number.`,
  })),
  tableCurrencyUnknown: error(({ text }: { text: string }) => ({
    fr: `devise « ${text} » inconnue ; écrivez un code de trois lettres (EUR, USD…).`,
    en: `unknown currency "${text}"; write a three-letter code (EUR, USD…).`,
  })),
  tableTotalSkipped: warning(({ text }: { text: string }) => ({
    fr: `ligne de total « ${text} » ignorée.`,
    en: `total row "${text}" ignored.`,
  })),
  tableHeaderRepeated: warning(() => ({
    fr: 'l\'en-tête est répété ici ; la ligne est ignorée.',
    en: 'the header is repeated here; the row is ignored.',
  })),
  tableExtraCells: error(({ found, expected }: { found: number; expected: number }) => ({
    fr: `${found} cellules pour ${expected} colonnes ; un séparateur se trouve dans une cellule sans guillemets.`,
    en: `${found} cells for ${expected} columns; a separator is inside a cell without quotes.`,
  })),
  tableNoRows: error(() => ({
    fr: 'Le tableau ne contient aucune ligne de données sous l\'en-tête ; vérifiez l\'export.',
    en: 'The table contains no data row under its header; check the export.',
  })),
  tableNothingMapped: error(() => ({
    fr: 'Aucune colonne n\'est reliée à un champ ; choisissez au moins le client et le montant.',
    en: 'No column is mapped to a field; choose at least the customer and the amount.',
  })),
  tableColumnOutOfRange: error(({ field, column }: { field: Bilingual; column: number }) => ({
    fr: `« ${field.fr} » est relié à la colonne ${column}, que le fichier n'a pas ; corrigez la correspondance.`,
    en: `"${field.en}" is mapped to column ${column}, which the file does not have; correct the mapping.`,
  })),
};
