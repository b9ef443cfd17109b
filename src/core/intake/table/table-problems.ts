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
  tableAgedTotalsOnly: error(() => ({
    fr: 'Cette balance âgée ne donne que des totaux par client, sans numéro de pièce ni échéance : rien ne dirait quelle facture réclamer. Exportez l\'échéancier, ou la balance âgée détaillée par pièce.',
    en: 'This aged balance only gives totals per customer, without document numbers or due dates: nothing would say which invoice to claim. Export the list of due dates, or the aged balance in detail by document.',
  })),
  tableAgedDueUnknown: warning(() => ({
    fr: 'Cette balance âgée n\'a pas de date d\'échéance : elle est calculée d\'après vos conditions de paiement, les tranches de retard ne sont pas reprises. L\'échéancier donne les vraies dates.',
    en: 'This aged balance has no due dates: they are computed from your payment terms, the ageing columns are not used for them. The list of due dates has the real ones.',
  })),
  tableAgedSumDiffers: warning(({ first, second }: Sums) => ({
    fr: `les tranches font ${first}, la colonne du solde ${second} ; le solde est retenu, vérifiez la ligne.`,
    en: `the ageing columns add up to ${first}, the balance column says ${second}; the balance is used, check the row.`,
  })),
  tableCustomersAbove: warning(() => ({
    fr: 'Aucune colonne ne nomme le client : les lignes qui n\'ont qu\'un texte sont prises pour le client des lignes qui suivent ; confirmez ou choisissez la colonne.',
    en: 'No column names the customer: rows that only have a text are taken as the customer of the rows below; confirm or choose the column.',
  })),
  tableTotalDiffers: warning(({ column, found, expected }: { column: string; found: Bilingual; expected: Bilingual }) => ({
    fr: `« ${column} » : le total écrit est ${found.fr}, les lignes lues font ${expected.fr}. Des lignes manquent ou sont en trop : vérifiez l'export.`,
    en: `"${column}": the total written is ${found.en}, the rows read add up to ${expected.en}. Rows are missing or too many: check the export.`,
  })),
  tableOpeningLeftOut: warning(({ text }: { text: string }) => ({
    fr: `« ${text} » est un report sans détail : il n'est pas repris. Pour les pièces qu'il contient, exportez depuis une date plus ancienne.`,
    en: `"${text}" is a balance brought forward without detail: it is left out. For the documents in it, export from an earlier date.`,
  })),
  tableRowLeftOut: warning(({ text }: { text: string }) => ({
    fr: `état « ${text} » : ce n'est pas une créance, la ligne est laissée de côté.`,
    en: `status "${text}": this is no receivable, the row is left out.`,
  })),
  tableLetteringOpen: warning(({ customer, code, net }: { customer: string; code: string; net: Bilingual }) => ({
    fr: `client ${customer}, lettrage « ${code} » : les lignes ne se soldent pas (écart ${net.fr}) ; elles restent ouvertes.`,
    en: `customer ${customer}, lettering "${code}": the rows do not balance (difference ${net.en}); they stay open.`,
  })),
  bankTableBalanceBreak: warning(({ expected, found }: { expected: Bilingual; found: Bilingual }) => ({
    fr: `le solde écrit est ${found.fr}, le précédent et les mouvements donnent ${expected.fr} : une ligne manque ou a été modifiée juste avant.`,
    en: `the balance written is ${found.en}, the one before and the movements give ${expected.en}: a row is missing or was altered just before.`,
  })),
  bankTableDebitSigns: error(({ column, other }: { column: string; other: number }) => ({
    fr: `« ${column} » : la colonne des débits a des montants avec et sans signe moins (autre écriture ligne ${other}) ; rien ne dit lesquels sont des entrées. Corrigez le signe, ou exportez une seule colonne de montants signés.`,
    en: `"${column}": the debit column has amounts with and without a minus sign (written otherwise at line ${other}); nothing says which of them came in. Correct the sign, or export one column of signed amounts.`,
  })),
  bankTableDayMissing: error(() => ({
    fr: 'le mouvement n\'a pas de date ; complétez la ligne ou retirez-la.',
    en: 'the movement has no date; complete the row or remove it.',
  })),
  bankTableAmountMissing: error(() => ({
    fr: 'le mouvement n\'a pas de montant ; complétez la ligne ou retirez-la.',
    en: 'the movement has no amount; complete the row or remove it.',
  })),
  bankTableRowLeftOut: warning(({ text }: { text: string }) => ({
    fr: `opération « ${text} » : elle n'a pas été exécutée, la ligne est laissée de côté.`,
    en: `operation "${text}": it was not carried out, the row is left out.`,
  })),
  bankTableAccountUnknown: warning(({ account }: { account: string }) => ({
    fr: `Le fichier ne dit pas de quel compte il s'agit ; ses lignes sont rangées sous « ${account} ». Si vous avez plusieurs comptes, ajoutez une colonne « Compte ».`,
    en: `The file does not say which account it is about; its lines are kept under "${account}". If you have several accounts, add an "Account" column.`,
  })),
};
