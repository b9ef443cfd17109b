import type { Bilingual } from '#core/kernel/text.ts';

const words = (fr: string, en: string): Bilingual => ({ fr, en });

/**
 * Reasons of a status (MDT-113) by code, the list of rule BR-FR-CDV-CL-09 (XP Z12-012, FNFE-MPE Schematron V1.4.0 of 30 June 2026) in
 * words of ours. They are also the product's taxonomy of disputes.
 */
export const LIFECYCLE_REASONS: Readonly<Record<string, Bilingual>> = {
  // Disputes and refusals by the buyer (206, 207, 208, 210).
  AUTRE: words('Autre motif', 'Other reason'),
  COORD_BANC_ERR: words('Coordonnées bancaires erronées', 'Wrong bank details'),
  TX_TVA_ERR: words('Taux de TVA erroné', 'Wrong VAT rate'),
  MONTANTTOTAL_ERR: words('Montant total erroné', 'Wrong total'),
  CALCUL_ERR: words('Erreur de calcul', 'Miscalculation'),
  NON_CONFORME: words('Mention légale manquante', 'Legal statement missing'),
  DOUBLON: words('Facture en double', 'Duplicate invoice'),
  DEST_INC: words('Destinataire inconnu', 'Unknown addressee'),
  DEST_ERR: words('Destinataire erroné', 'Wrong addressee'),
  TRANSAC_INC: words('Opération inconnue', 'Unknown transaction'),
  EMMET_INC: words('Émetteur inconnu', 'Unknown issuer'),
  CONTRAT_TERM: words('Contrat terminé', 'Contract ended'),
  DOUBLE_FACT: words('Déjà facturé sur une autre facture', 'Already invoiced elsewhere'),
  CMD_ERR: words('Numéro de commande absent ou erroné', 'Order number missing or wrong'),
  ADR_ERR: words('Adresse électronique de facturation erronée', 'Wrong electronic invoicing address'),
  SIRET_ERR: words('SIRET absent ou erroné', 'SIRET missing or wrong'),
  CODE_ROUTAGE_ERR: words('Code de routage absent ou erroné', 'Routing code missing or wrong'),
  REF_CT_ABSENT: words('Référence de contrat manquante', 'Contract reference missing'),
  REF_ERR: words('Référence erronée', 'Wrong reference'),
  PU_ERR: words('Prix unitaire erroné', 'Wrong unit price'),
  REM_ERR: words('Remise erronée', 'Wrong discount'),
  QTE_ERR: words('Quantité facturée erronée', 'Wrong quantity'),
  ART_ERR: words('Article facturé erroné', 'Wrong item'),
  MODPAI_ERR: words('Conditions de paiement erronées', 'Wrong payment terms'),
  QUALITE_ERR: words('Qualité livrée non conforme', 'Quality not as agreed'),
  LIVR_INCOMP: words('Livraison incomplète ou contestée', 'Delivery incomplete or contested'),
  JUSTIF_ABS: words('Pièce justificative absente ou insuffisante', 'Supporting document missing or insufficient'),
  // Refusals of the public sector (210).
  RETRAIT_MAN_SERV: words('Retrait demandé par le service', 'Withdrawn at the department\'s request'),
  ST_CT_NON_DECLAR: words('Sous-traitant non déclaré', 'Subcontractor not declared'),
  SUPPR_COMP_AVOIR: words('Supprimée, compensée par un avoir', 'Removed, set off by a credit note'),
  TRANSF_PMNT_REGIE: words('Paiement transféré en régie', 'Payment moved to a petty-cash office'),
  CONTACT_ACHTR: words('Contacter l\'acheteur', 'Contact the buyer'),
  // Transmission (200, 221).
  NON_TRANSMISE: words('Non transmise : destinataire non raccordé', 'Not transmitted: addressee not connected'),
  ROUTAGE_ERR: words('Erreur de routage', 'Routing error'),
  // Rejections by a platform (213).
  REJ_SEMAN: words('Rejet : contenu non conforme à la norme', 'Rejected: content against the standard'),
  REJ_UNI: words('Rejet : facture déjà reçue', 'Rejected: invoice already received'),
  REJ_COH: words('Rejet : données incohérentes', 'Rejected: inconsistent data'),
  REJ_ADR: words('Rejet : adressage', 'Rejected: addressing'),
  REJ_CONT_B2G: words('Rejet : règles du secteur public', 'Rejected: rules of the public sector'),
  REJ_REF_PJ: words('Rejet : référence de pièce jointe', 'Rejected: attachment reference'),
  REJ_ASS_PJ: words('Rejet : pièce jointe mal associée', 'Rejected: attachment not matched'),
  // Inadmissible flows (501).
  IRR_VIDE_F: words('Irrecevable : fichier vide', 'Inadmissible: empty file'),
  IRR_TYPE_F: words('Irrecevable : type de fichier', 'Inadmissible: file type'),
  IRR_SYNTAX: words('Irrecevable : syntaxe du fichier', 'Inadmissible: file syntax'),
  IRR_TAILLE_PJ: words('Irrecevable : pièce jointe trop grande', 'Inadmissible: attachment too large'),
  IRR_NOM_PJ: words('Irrecevable : nom de pièce jointe', 'Inadmissible: attachment name'),
  IRR_VID_PJ: words('Irrecevable : pièce jointe vide', 'Inadmissible: empty attachment'),
  IRR_EXT_DOC: words('Irrecevable : extension de pièce jointe', 'Inadmissible: attachment extension'),
  IRR_TAILLE_F: words('Irrecevable : fichier trop grand', 'Inadmissible: file too large'),
  IRR_ANTIVIRUS: words('Irrecevable : contrôle antivirus', 'Inadmissible: virus check'),
  IRR_NOM_F: words('Irrecevable : nom de fichier', 'Inadmissible: file name'),
};

/** What the buyer asks for (MDT-121), rule BR-FR-CDV-CL-10. */
export const LIFECYCLE_ACTIONS: Readonly<Record<string, Bilingual>> = {
  NOA: words('Aucune action demandée', 'No action asked'),
  PIN: words('Fournir des informations', 'Provide information'),
  NIN: words('Établir une facture rectificative', 'Issue a corrected invoice'),
  CNF: words('Établir un avoir total', 'Issue a full credit note'),
  CNP: words('Établir un avoir partiel', 'Issue a partial credit note'),
  CNA: words('Rembourser le montant payé', 'Refund the amount paid'),
  OTH: words('Autre action', 'Other action'),
};

const worded = (list: Readonly<Record<string, Bilingual>>, code: string): Bilingual | null => (Object.hasOwn(list, code) ? (list[code] ?? null) : null);

/** A reason in words; null for a code outside the list. */
export const lifecycleReason = (code: string): Bilingual | null => worded(LIFECYCLE_REASONS, code);

/** A requested action in words; null for a code outside the list. */
export const lifecycleAction = (code: string): Bilingual | null => worded(LIFECYCLE_ACTIONS, code);
