/** Words of every page. */
export const frame = {
  skip: 'Aller au contenu', menu: 'Menu principal', openMenu: 'Ouvrir le menu', nav: { overview: 'Vue d’ensemble', customers: 'Clients', matching: 'Lettrage', actions: 'Actions du jour', disputes: 'Litiges', promises: 'Promesses', scenarios: 'Scénarios', imports: 'Import', review: 'À vérifier', settings: 'Réglages' },
  account: 'Mon compte', signOut: 'Se déconnecter', switchTo: 'Changer de société', sample: 'Exemple', sampleBanner: 'Vous êtes dans la société d’exemple : rien de ce que vous faites ici n’est réel.',
  language: 'Langue', french: 'Français', english: 'English',
  retry: 'Réessayer', loading: 'Chargement…', close: 'Fermer', cancel: 'Annuler', save: 'Enregistrer', saved: 'Enregistré', undo: 'Annuler', undone: 'Annulé', edit: 'Modifier', remove: 'Retirer', add: 'Ajouter',
  yes: 'Oui', no: 'Non', optional: 'facultatif', more: 'Afficher la suite', failedTitle: 'Cela n’a pas marché', notFoundTitle: 'Page introuvable', notFoundText: 'Cette adresse ne mène nulle part.', home: 'Revenir à la vue d’ensemble',
  crashTitle: 'Cette page a rencontré une erreur', crashText: 'Rien n’est perdu : ce qui est enregistré l’est. Rechargez la page pour continuer.', reload: 'Recharger la page',
  documentTitle: '{{page}} · Acquit', days_one: '{{count}} jour', days_other: '{{count}} jours',
  testMode: 'Mode test : rien ne part chez les clients, chaque e-mail va à {{address}}.',
  channel: { email: 'E-mail', letter: 'Courrier', registeredLetter: 'Lettre recommandée', sms: 'SMS', call: 'Appel', visit: 'Visite', check: 'Vérification' },
  state: {
    proposed: 'À approuver', approved: 'Dans la boîte d’envoi', claimed: 'Départ en cours', sent: 'Envoyée', delivered: 'Distribuée', bounced: 'Revenue', replied: 'Réponse reçue',
    cancelled: 'Annulée', failed: 'Échec', unknown: 'Envoi incertain', expired: 'Expirée',
  },
  reason: {
    paid: 'Réglée', notDue: 'Non échue', insolvent: 'Procédure collective', legal: 'Contentieux', paused: 'En pause', disputed: 'En litige', planned: 'Échéancier', promised: 'Promesse',
    paymentPending: 'Paiement en route', creditCovers: 'Couverte par un crédit', belowMinimum: 'Sous le minimum', stepDone: 'Déjà relancée', noContact: 'Aucun contact', channelRefused: 'Canal refusé',
    capReached: 'Trop de contacts', closedDay: 'Jour fermé', ledgerStale: 'Grand livre trop ancien', awaitingApproval: 'Action en attente', stepDue: 'À relancer', thankYou: 'Remerciement',
  },
  cancelReason: {
    person: 'annulée par une personne', paid: 'réglée entre-temps', amountChanged: 'montant changé entre-temps', contactChanged: 'contact changé entre-temps', held: 'suspendue entre-temps',
    changed: 'situation changée entre-temps', confirmedByPerson: 'arrivée confirmée par une personne', deniedByPerson: 'non arrivée : à renvoyer', workerLost: 'réponse du serveur d’e-mail perdue',
    sentElsewhere: 'parti autrement, d’après le journal d’envoi', sendJournal: 'connu par le journal d’envoi', testSent: 'essai envoyé à l’adresse de test', testUnknown: 'essai dont la réponse s’est perdue', testModeLeft: 'essai, annulé à la sortie du mode test', originalEnded: 'le message dont c’était la copie n’est plus à envoyer', doneByPerson: 'faite par une personne', notDone: 'non faite', contactErased: 'contact effacé', erased: 'données effacées',
  },
  bucket: { notDue: 'Non échu', '1-30': '1-30 j', '31-60': '31-60 j', '61-90': '61-90 j', '91-120': '91-120 j', '121+': '> 120 j' },
  kind: { invoice: 'Facture', deposit: 'Acompte', debitNote: 'Note de débit', creditNote: 'Avoir', receipt: 'Règlement', refund: 'Remboursement', opening: 'À-nouveau', writeOff: 'Abandon', other: 'Autre' },
} as const;
