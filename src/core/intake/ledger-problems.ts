import type { Bilingual } from '#core/kernel/text.ts';

const warning = <Facts>(say: (facts: Facts) => Bilingual): { severity: 'warning'; say: (facts: Facts) => Bilingual } => ({ severity: 'warning', say });
const error = <Facts>(say: (facts: Facts) => Bilingual): { severity: 'error'; say: (facts: Facts) => Bilingual } => ({ severity: 'error', say });

type TwoAmounts = { readonly customer: string; readonly file: Bilingual; readonly ledger: Bilingual };

/** Problems found when a file that reads well meets the ledger as it is. */
export const LEDGER_PROBLEMS = {
  alreadyApplied: error(() => ({
    fr: 'Ce fichier est déjà dans le grand livre ; annulez d\'abord cet import pour l\'appliquer autrement.',
    en: 'This file is already in the ledger; undo that import first to apply it differently.',
  })),
  olderFile: warning(() => ({
    fr: 'Ce fichier est plus ancien que ce que le grand livre connaît : seules ses écritures soldées ont été ajoutées, rien n\'a été rouvert.',
    en: 'This file is older than what the ledger knows: only its settled entries were added, nothing was reopened.',
  })),
  fecPart: warning(() => ({
    fr: 'Ce fichier est plus court qu\'un export déjà appliqué de la même période et ne connaît rien de plus récent : il est lu comme une partie, ce qu\'il ne montre pas est gardé. Importez l\'export complet si des pièces ont été supprimées.',
    en: 'This file is shorter than an export of the same period applied before and knows nothing later: it is read as a part, what it does not show is kept. Import the complete export if documents were removed.',
  })),
  fecNoCustomerLine: error(() => ({
    fr: 'Aucune ligne de compte client (411…) dans ce fichier : exportez le grand livre complet, ou au moins les comptes clients.',
    en: 'No line on a customer account (411…) in this file: export the whole ledger, or at least the customer accounts.',
  })),
  fecLettrageOpen: warning(({ customer, code, net }: { customer: string; code: string; net: Bilingual }) => ({
    fr: `le lettrage ${code} du client ${customer} ne s'équilibre pas (écart ${net.fr} €) : ses lignes restent ouvertes. Vérifiez le lettrage en comptabilité.`,
    en: `lettering ${code} of customer ${customer} does not balance (difference ${net.en} EUR): its lines stay open. Check the lettering in the accounts.`,
  })),
  fecOpeningDiffers: warning(({ customer, file, ledger }: TwoAmounts) => ({
    fr: `L'à-nouveau du client ${customer} est de ${file.fr} € alors que l'exercice précédent finit à ${ledger.fr} € : l'écart est entré comme un poste estimé.`,
    en: `The opening balance of customer ${customer} is ${file.en} EUR while the year before ends at ${ledger.en} EUR: the difference was entered as an estimated item.`,
  })),
  fecItemKept: warning(({ document }: { document: string }) => ({
    fr: `La pièce ${document} n'est plus dans cet export, mais une personne ou un message s'appuie dessus : elle est gardée. Annulez-la à la main si elle est fausse.`,
    en: `Document ${document} is no longer in this export, but a person or a message relies on it: it was kept. Cancel it by hand if it is wrong.`,
  })),
  fecNotLettered: warning(() => ({
    fr: 'Ce fichier ne contient aucun lettrage : les règlements sont imputés sur les factures les plus anciennes et le détail est marqué « estimé ». Les soldes sont exacts.',
    en: 'This file has no lettering at all: receipts are set against the oldest invoices and the detail is marked "estimated". Balances are exact.',
  })),
  fecBalanceDiffers: warning(({ customer, file, ledger }: TwoAmounts) => ({
    fr: `Le solde du client ${customer} est de ${ledger.fr} € ici et de ${file.fr} € dans le fichier : une autre source ou un autre exercice contient des écritures que ce fichier n'a pas.`,
    en: `The balance of customer ${customer} is ${ledger.en} EUR here and ${file.en} EUR in the file: another source or financial year has entries that this file lacks.`,
  })),
  fecOtherAccounts: warning(({ count }: { count: number }) => ({
    fr: `${count} ligne(s) sur d'autres comptes de créances (413 effets, 416 douteux, 4191 acomptes reçus) ne sont pas relancées : seuls les comptes 411 entrent dans le grand livre clients.`,
    en: `${count} line(s) on other receivable accounts (413 bills, 416 doubtful, 4191 deposits received) are not chased: only 411 accounts enter the customer ledger.`,
  })),
  duplicateKnown: warning(({ document, customer }: { document: string; customer: string }) => ({
    fr: `la pièce ${document} du client ${customer} est déjà connue avec un autre montant : vérifiez laquelle est juste.`,
    en: `document ${document} of customer ${customer} is already known with another amount: check which one is right.`,
  })),
  tableOpenHigher: warning(({ document, file, ledger }: { document: string; file: Bilingual; ledger: Bilingual }) => ({
    fr: `le fichier laisse ${file.fr} à payer sur ${document}, le grand livre ${ledger.fr} : rien n'a été rouvert. Corrigez le règlement s'il est faux.`,
    en: `the file leaves ${file.en} to pay on ${document}, the ledger ${ledger.en}: nothing was reopened. Correct the receipt if it is wrong.`,
  })),
  partyUnnamed: error(() => ({
    fr: 'ni code ni nom de client sur cette ligne ; complétez-la ou supprimez-la.',
    en: 'neither code nor name of a customer on this line; complete it or remove it.',
  })),
  partyEmail: warning(({ text, customer }: { text: string; customer: string }) => ({
    fr: `l'adresse e-mail « ${text} » du client ${customer} n'est pas utilisable (une seule adresse, sans espace ni accent) : elle n'a pas été reprise.`,
    en: `the e-mail address "${text}" of customer ${customer} cannot be used (one address, no space, no accent): it was left out.`,
  })),
  partyTerms: warning(({ text, customer }: { text: string; customer: string }) => ({
    fr: `les conditions de paiement « ${text} » du client ${customer} ne sont pas comprises : écrivez par exemple « 45 jours fin de mois ».`,
    en: `the payment terms "${text}" of customer ${customer} are not understood: write for example "45 days end of month".`,
  })),
};
