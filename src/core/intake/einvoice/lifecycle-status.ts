import type { Bilingual } from '#core/kernel/text.ts';

/**
 * What a status does to chasing the document. `holdDispute`, `holdPause` and `refused` stop it (a refused document must be corrected
 * first); `resumes`, `accepted` and `cashed` let it go on; `partlyAccepted` accepts the approved part only, the rest stays open to
 * question; `paymentSent` is the payer's word that money is on its way.
 */
export type LifecycleEffect = 'none' | 'holdDispute' | 'holdPause' | 'refused' | 'resumes' | 'accepted' | 'partlyAccepted' | 'paymentSent' | 'cashed';

/** A status of the French life cycle: its name and its effect. */
export type LifecycleStatus = { readonly name: Bilingual; readonly effect: LifecycleEffect };

const status = (fr: string, en: string, effect: LifecycleEffect = 'none'): LifecycleStatus => ({ name: { fr, en }, effect });

/** Status of a flow between platforms and the public portal, of which only the number is published with the format. */
const technical = (code: string): LifecycleStatus => status(`Statut technique ${code}`, `Technical status ${code}`);

/**
 * Statuses of an invoice (MDT-105) by code: the list of rule BR-FR-CDV-CL-06 (XP Z12-012, FNFE-MPE Schematron V1.4.0 of 30 June 2026).
 * Effects are ours: see docs/formats/cdar.md.
 */
export const LIFECYCLE_STATUSES: Readonly<Record<string, LifecycleStatus>> = {
  200: status('Déposée', 'Submitted'),
  201: status('Émise', 'Issued by the platform'),
  202: status('Reçue', 'Received by the platform'),
  203: status('Mise à disposition', 'Made available'),
  204: status('Prise en charge', 'In hand'),
  205: status('Approuvée', 'Approved', 'accepted'),
  206: status('Approuvée partiellement', 'Partially approved', 'partlyAccepted'),
  207: status('En litige', 'In dispute', 'holdDispute'),
  208: status('Suspendue', 'Suspended', 'holdPause'),
  209: status('Complétée', 'Completed', 'resumes'),
  210: status('Refusée', 'Refused', 'refused'),
  211: status('Paiement transmis', 'Payment sent', 'paymentSent'),
  212: status('Encaissée', 'Cashed', 'cashed'),
  213: status('Rejetée', 'Rejected', 'refused'),
  214: status('Visée', 'Endorsed'),
  220: status('Annulée', 'Cancelled', 'refused'),
  // The invoice did not reach its addressee: chasing it before it does would be wrong.
  221: status('Erreur de routage', 'Routing error', 'holdPause'),
  224: status('Demande de paiement direct', 'Direct payment request'),
  225: status('Affacturée', 'Factored'),
  226: status('Affacturée confidentiel', 'Factored, undisclosed'),
  227: status('Changement de compte à payer', 'Change of the account to pay'),
  228: status('Non affacturée', 'Not factored'),
  250: technical('250'), 251: technical('251'), 300: technical('300'), 301: technical('301'), 400: technical('400'), 401: technical('401'),
  500: status('Recevable', 'Admissible'),
  501: status('Irrecevable', 'Inadmissible', 'refused'),
  601: technical('601'),
};

/** Name and effect of a status; null for a code outside the list, whose effect nobody may guess. */
export const lifecycleStatus = (code: string): LifecycleStatus | null => (Object.hasOwn(LIFECYCLE_STATUSES, code) ? (LIFECYCLE_STATUSES[code] ?? null) : null);

/** Statuses that must give a reason (BR-FR-CDV-15). */
export const STATUSES_WITH_REASON: ReadonlySet<string> = new Set(['206', '207', '208', '210', '213', '501']);

/** "Encaissée", which must say what was cashed (BR-FR-CDV-14). */
export const CASHED_STATUS = '212';
