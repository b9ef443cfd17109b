/** Words of what imports set aside until a person has looked. */
export const reviews = {
  status: 'E-facture : {{status}} ({{day}})', fileOf: '{{type}} de {{document}}',
  title: 'À vérifier', subtitle: 'Ce que les imports ont mis de côté : rien n’en est relancé ni lettré avant votre décision.', emptyTitle: 'Rien à vérifier', emptyText: 'Les relevés et factures qui se contredisent apparaîtront ici.', toImport: 'Importer des fichiers',
  statement: 'Relevé bancaire', invoice: 'Facture électronique', from: 'Vient de {{file}}', account: 'Compte', period: 'Période', lines: 'Nombre de mouvements', opening: 'Solde initial', movement: 'Total des mouvements', closing: 'Solde annoncé', difference: 'Écart',
  buyer: 'Client', issuedOn: 'Date', dueOn: 'Échéance', gross: 'Total TTC', due: 'À payer', why: 'Pourquoi', noReason: 'Mis de côté par l’import.',
  accept: 'Accepter', discard: 'Écarter', undoImport: 'Annuler cet import', acceptOf: 'Accepter {{name}}', discardOf: 'Écarter {{name}}', undoOf: 'Annuler l’import de {{name}}',
  confirmStatement: 'Accepter ce relevé ?', confirmStatementText: 'Ses mouvements compteront tels qu’ils sont écrits, malgré ce qui est indiqué.', confirmInvoice: 'Accepter cette facture ?', confirmInvoiceText: '{{amount}} seront dus par {{buyer}}, comme la facture l’écrit.',
  confirmDiscard: 'Écarter cette facture ?', confirmDiscardText: 'Elle reste au dossier et rien n’en sera dû. Pour revenir en arrière, annulez son import.', accepted: 'Accepté.', discarded: 'Écarté.',
} as const;
