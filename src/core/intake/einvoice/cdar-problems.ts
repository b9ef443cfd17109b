import type { Bilingual } from '#core/kernel/text.ts';

const error = <Facts>(say: (facts: Facts) => Bilingual): { severity: 'error'; say: (facts: Facts) => Bilingual } => ({ severity: 'error', say });
const warning = <Facts>(say: (facts: Facts) => Bilingual): { severity: 'warning'; say: (facts: Facts) => Bilingual } => ({ severity: 'warning', say });

type Named = { readonly mdt: string; readonly name: Bilingual };
type OfDocument = { readonly number: string; readonly status: string };

/** Problems of life-cycle messages, with the MDT numbers of XP Z12-012. */
export const CDAR_PROBLEMS = {
  cdarMissing: error(({ mdt, name }: Named) => ({
    fr: `${mdt} (${name.fr}) manque ; demandez un message complet à votre plateforme.`,
    en: `${mdt} (${name.en}) is missing; ask your platform for a complete message.`,
  })),
  cdarValueUnreadable: error(({ mdt, name, text }: Named & { text: string }) => ({
    fr: `${mdt} (${name.fr}) « ${text} » n'est pas lisible ; demandez un message corrigé à votre plateforme.`,
    en: `${mdt} (${name.en}) "${text}" is not readable; ask your platform for a corrected message.`,
  })),
  cdarNotInvoice: error(({ text }: { text: string }) => ({
    fr: `ce message (MDT-3 « ${text} ») ne parle pas de factures (annuaire ou e-reporting) ; il n'y a rien à importer.`,
    en: `this message (MDT-3 "${text}") is not about invoices (directory or e-reporting); there is nothing to import.`,
  })),
  cdarTest: error(() => ({
    fr: 'le message se déclare message de test (TestIndicator) : il n\'a aucun effet. Envoyez le message réel.',
    en: 'the message says it is a test (TestIndicator): it has no effect. Send the real message.',
  })),
  cdarTooMany: error(({ what, limit }: { what: Bilingual; limit: number }) => ({
    fr: `plus de ${limit} ${what.fr} ; ce n'est pas un message normal, vérifiez le fichier.`,
    en: `more than ${limit} ${what.en}; this is no normal message, check the file.`,
  })),
  cdarStatusUnknown: warning(({ number, status }: OfDocument) => ({
    fr: `facture « ${number} » : le statut ${status} (MDT-105) n'est pas dans la liste ; il est gardé sans effet sur la relance. Demandez son sens à votre plateforme.`,
    en: `invoice "${number}": status ${status} (MDT-105) is not in the list; it is kept without effect on reminders. Ask your platform what it means.`,
  })),
  cdarReasonMissing: warning(({ number, status }: OfDocument) => ({
    fr: `facture « ${number} » : le statut ${status} est donné sans motif (MDT-113) ; demandez-le à l'acheteur.`,
    en: `invoice "${number}": status ${status} is given without a reason (MDT-113); ask the buyer for it.`,
  })),
  cdarReasonUnknown: warning(({ number, text }: { number: string; text: string }) => ({
    fr: `facture « ${number} » : le motif « ${text} » (MDT-113) n'est pas dans la liste ; il est gardé tel quel.`,
    en: `invoice "${number}": reason "${text}" (MDT-113) is not in the list; it is kept as written.`,
  })),
  cdarPaymentMissing: warning(({ number }: { number: string }) => ({
    fr: `facture « ${number} » : statut Encaissée (212) sans montant encaissé par taux de TVA (MEN, MDT-215 et MDT-224).`,
    en: `invoice "${number}": status Cashed (212) without the amount cashed by VAT rate (MEN, MDT-215 and MDT-224).`,
  })),
  cdarStatusesDiffer: warning(({ number, first, second }: { number: string; first: string; second: string }) => ({
    fr: `facture « ${number} » : le statut ${first} (MDT-105) et celui de son détail, ${second} (MDT-115), diffèrent ; le premier compte.`,
    en: `invoice "${number}": status ${first} (MDT-105) and the one of its detail, ${second} (MDT-115), differ; the first counts.`,
  })),
};
