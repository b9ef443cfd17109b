import type { Bilingual } from '#core/kernel/text.ts';

const error = <Facts>(say: (facts: Facts) => Bilingual): { severity: 'error'; say: (facts: Facts) => Bilingual } => ({ severity: 'error', say });
const warning = <Facts>(say: (facts: Facts) => Bilingual): { severity: 'warning'; say: (facts: Facts) => Bilingual } => ({ severity: 'warning', say });

type Written = { readonly element: string; readonly text: string };
type Amounts = { readonly entry: Bilingual; readonly details: Bilingual };

/** Problems of camt.052, .053 and .054 files. */
export const CAMT_PROBLEMS = {
  camtNotStatement: error(({ root }: { root: string }) => ({
    fr: `la racine est « ${root} » : ce n'est ni un relevé camt.053, ni un rapport camt.052, ni un avis camt.054. Choisissez le bon fichier.`,
    en: `the root is "${root}": this is neither a camt.053 statement, nor a camt.052 report, nor a camt.054 notification. Choose the right file.`,
  })),
  camtNamespace: error(({ element, namespace }: { element: string; namespace: string }) => ({
    fr: `« ${element} » appartient à l'espace de noms « ${namespace} », qui n'est pas celui de ce message camt ; le fichier n'est pas ce qu'il dit être.`,
    en: `"${element}" belongs to namespace "${namespace}", which is not that of this camt message; the file is not what it says.`,
  })),
  camtMessagesMixed: error(({ first, other }: { first: string; other: string }) => ({
    fr: `le fichier contient à la fois ${first} et ${other}, qui répètent souvent les mêmes mouvements ; importez-les séparément.`,
    en: `the file contains both ${first} and ${other}, which often repeat the same movements; import them separately.`,
  })),
  camtNoStatement: error(({ element, wanted }: { element: string; wanted: string }) => ({
    fr: `« ${element} » ne contient aucun « ${wanted} » : le message est vide. Vérifiez que l'export est complet.`,
    en: `"${element}" contains no "${wanted}": the message is empty. Check that the export is complete.`,
  })),
  camtAccountMissing: error(({ element }: { element: string }) => ({
    fr: `« ${element} » ne dit pas son compte (Acct/Id) avant ses mouvements ; sans lui on ne sait de qui est l'argent. Demandez un export complet à la banque.`,
    en: `"${element}" does not name its account (Acct/Id) before its entries; without it nobody knows whose money this is. Ask the bank for a complete export.`,
  })),
  camtTooManyStatements: error(({ limit }: { limit: number }) => ({
    fr: `plus de ${limit} relevés dans un fichier ; découpez l'export.`,
    en: `more than ${limit} statements in one file; split the export.`,
  })),
  camtEntryTooLarge: error(({ element, limit }: { element: string; limit: number }) => ({
    fr: `« ${element} » dépasse ${limit} caractères de valeurs ; aucun mouvement réel n'est si long, le fichier est refusé.`,
    en: `"${element}" holds more than ${limit} characters of values; no real entry is that long, the file is refused.`,
  })),
  camtBatchTooLarge: error(({ limit }: { limit: number }) => ({
    fr: `un mouvement groupé détaille plus de ${limit} opérations ; demandez à la banque des remises plus petites.`,
    en: `a batched entry lists more than ${limit} transactions; ask the bank for smaller batches.`,
  })),
  camtAmountRefused: error(({ element, text, reason }: Written & { readonly reason: Bilingual }) => ({
    fr: `${element} « ${text} » : ${reason.fr}. Demandez un export corrigé à la banque.`,
    en: `${element} "${text}": ${reason.en}. Ask the bank for a corrected export.`,
  })),
  camtCurrencyUnknown: error(({ text }: { text: string }) => ({
    fr: `Acct/Ccy « ${text} » n'est pas une monnaie connue (ISO 4217) ; demandez un export corrigé à la banque.`,
    en: `Acct/Ccy "${text}" is no known currency (ISO 4217); ask the bank for a corrected export.`,
  })),
  camtDirectionMissing: error(({ text }: { text: string }) => ({
    fr: `CdtDbtInd « ${text} » ne dit pas si l'argent entre (CRDT) ou sort (DBIT) ; rien n'est deviné, demandez un export corrigé à la banque.`,
    en: `CdtDbtInd "${text}" does not say whether the money comes in (CRDT) or goes out (DBIT); nothing is guessed, ask the bank for a corrected export.`,
  })),
  camtDayUnreadable: error(({ element, text }: Written) => ({
    fr: `${element} « ${text} » n'est pas un jour du calendrier entre 1980 et 2099 ; attendu AAAA-MM-JJ. Demandez un export corrigé à la banque.`,
    en: `${element} "${text}" is not a calendar day between 1980 and 2099; expected YYYY-MM-DD. Ask the bank for a corrected export.`,
  })),
  camtDayMissing: error(() => ({
    fr: 'ce mouvement n\'a ni date d\'opération, ni date de valeur, et le relevé n\'en a pas non plus ; demandez un export complet à la banque.',
    en: 'this entry has neither booking nor value day, and the statement has none either; ask the bank for a complete export.',
  })),
  camtDayIgnored: warning(({ element, text }: Written) => ({
    fr: `${element} « ${text} » n'est pas un jour ; il est ignoré.`,
    en: `${element} "${text}" is not a day; it is ignored.`,
  })),
  camtDayTaken: warning(({ day }: { day: string }) => ({
    fr: `mouvement comptabilisé sans date d'opération ; le ${day} (date de valeur ou du relevé) en tient lieu.`,
    en: `booked entry without booking day; ${day} (value day, or day of the statement) stands for it.`,
  })),
  camtStatusMissing: warning(({ taken }: { taken: Bilingual }) => ({
    fr: `mouvement sans statut (Sts) ; il est pris comme ${taken.fr}.`,
    en: `entry without status (Sts); it is taken as ${taken.en}.`,
  })),
  camtStatusUnknown: warning(({ text }: { text: string }) => ({
    fr: `statut « ${text} » inconnu ; le mouvement est montré mais n'est jamais lettré.`,
    en: `unknown status "${text}"; the entry is shown and never allocated.`,
  })),
  camtDetailsDiffer: warning(({ entry, details }: Amounts) => ({
    fr: `le mouvement est de ${entry.fr} et son détail donne ${details.fr} ; il reste une seule ligne de ${entry.fr}, à rapprocher à la main si besoin.`,
    en: `the entry is ${entry.en} and its details give ${details.en}; it stays one line of ${entry.en}, to be matched by hand if need be.`,
  })),
  camtDetailsOtherCurrency: warning(({ currency }: { currency: string }) => ({
    fr: `le détail de ce mouvement groupé n'a pas de montants en ${currency} ; il reste une seule ligne.`,
    en: `the details of this batched entry have no amounts in ${currency}; it stays one line.`,
  })),
  camtDetailAmountIgnored: warning(({ element, text, reason }: Written & { readonly reason: Bilingual }) => ({
    fr: `${element} « ${text} » dans le détail d'un mouvement : ${reason.fr} ; ce montant est ignoré, celui du mouvement compte.`,
    en: `${element} "${text}" in the details of an entry: ${reason.en}; this amount is ignored, that of the entry counts.`,
  })),
  camtCurrencyDiffers: warning(({ currency, account }: { currency: string; account: string }) => ({
    fr: `mouvement en ${currency} sur un compte en ${account} ; il est gardé dans sa monnaie et ne compte pas dans le contrôle du solde.`,
    en: `entry in ${currency} on an account in ${account}; it is kept in its currency and does not count in the balance check.`,
  })),
  camtBalanceOtherCurrency: warning(({ type, account }: { type: string; account: string }) => ({
    fr: `aucun solde ${type} en ${account}, la monnaie du compte : le solde de ce relevé n'est pas contrôlé.`,
    en: `no ${type} balance in ${account}, the currency of the account: the balance of this statement is not checked.`,
  })),
  camtNamespaceMissing: warning(() => ({
    fr: 'le document n\'a pas d\'espace de noms ; il est lu comme un message camt d\'après ses éléments.',
    en: 'the document has no namespace; it is read as a camt message from its elements.',
  })),
  camtVersionUnknown: warning(({ version, known }: { version: string; known: string }) => ({
    fr: `version ${version} du message, plus récente que celles connues (jusqu'à ${known}) ; vérifiez les lignes lues.`,
    en: `version ${version} of the message, newer than those known (up to ${known}); check the lines read.`,
  })),
};
