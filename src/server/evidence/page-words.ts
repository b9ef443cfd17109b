/** Channels as the page of a proof names them; the page is in French, for a French court. */
export const CHANNELS: Readonly<Record<string, string>> = {
  email: 'e-mail', letter: 'courrier', registeredLetter: 'lettre recommandée', sms: 'SMS', call: 'appel', visit: 'visite', check: 'vérification',
};

/** What the page is called, by how the action stands. */
export const TITLES: Readonly<Record<string, string>> = {
  proposed: 'Message proposé, non envoyé', approved: 'Message approuvé, non envoyé', claimed: 'Message en cours de remise', sent: 'Preuve d’envoi', delivered: 'Preuve d’envoi et de distribution',
  bounced: 'Preuve d’envoi, message revenu', replied: 'Preuve d’envoi, réponse reçue', cancelled: 'Message annulé : jamais envoyé au client', failed: 'Message refusé : jamais remis',
  unknown: 'Remise incertaine', expired: 'Message périmé : jamais envoyé',
};

/** Why an action ended, as a clause. Reasons of the engine are told by the decisions themselves. */
export const REASONS: Readonly<Record<string, string>> = {
  person: 'annulé par une personne', paid: 'réglé entre-temps', held: 'suspendu entre-temps', amountChanged: 'montant changé entre-temps', contactChanged: 'contact changé entre-temps',
  changed: 'situation changée entre-temps', confirmedByPerson: 'arrivée confirmée par une personne', deniedByPerson: 'non arrivé selon une personne', workerLost: 'réponse du serveur perdue',
  testSent: 'essai, remis à l’adresse de test', testUnknown: 'essai dont la réponse s’est perdue', testModeLeft: 'essai, annulé à la sortie du mode test', originalEnded: 'copie d’un message qui n’est pas parti',
  doneByPerson: 'fait par une personne', notDone: 'non fait', notDelivered: 'revenu à l’expéditeur', disputed: 'pièce en litige', promised: 'promesse de paiement', planned: 'échéancier en cours',
  paused: 'relances suspendues', insolvent: 'procédure collective', creditCovers: 'couvert par un crédit', noContact: 'plus aucun contact', channelRefused: 'canal refusé par le contact', legal: 'dossier contentieux',
  contactErased: 'contact effacé à sa demande', erased: 'données personnelles effacées', test: 'essai', superseded: 'remplacé', notDue: 'non échu', stepDone: 'étape déjà faite', belowMinimum: 'sous le minimum', capReached: 'assez de contacts déjà', paymentPending: 'paiement en route',
};

/** What an event tells, as a clause. */
export const HAPPENED: Readonly<Record<string, string>> = {
  'run.completed': 'passage du jour terminé', 'action.proposed': 'proposé', 'action.approvedOnce': 'première approbation', 'action.approved': 'approuvé', 'action.firstApprovalWithdrawn': 'première approbation retirée',
  'action.redated': 'vérifié de nouveau', 'action.claimed': 'message figé, prêt à être remis', 'action.settled': 'remise terminée', 'action.released': 'remise non commencée, à refaire', 'action.unknown': 'réponse perdue pendant la remise',
  'action.ended': 'terminé sans remise', 'action.cancelled': 'annulé', 'action.sent': 'arrivée confirmée', 'action.delivered': 'distribué, selon un avis reçu', 'bounce.recorded': 'retour reçu', 'task.done': 'fait', 'task.notDone': 'non fait',
  'message.erased': 'données personnelles effacées',
};

/** How a hand-off ended. */
export const OUTCOMES: Readonly<Record<string, string>> = { accepted: 'accepté', refused: 'refusé', unknown: 'sans réponse', released: 'non commencé' };
