import type { ReadyTexts } from './ready-templates.ts';

/** The ready texts in French. Written to be signed by a credit manager and read by someone who may simply have forgotten. */
export const READY_TEXTS_FR: ReadyTexts = {
  preDue: {
    subject: '{{societe.nom}} – prochaine échéance : {{montant.total}}',
    body: `Madame, Monsieur,

Nous vous rappelons que le règlement des pièces suivantes arrive prochainement à échéance.

{{postes.tableau}}

Vous trouverez ci-dessous nos coordonnées bancaires. Merci de rappeler la référence indiquée : elle nous permet d’enregistrer votre règlement dès sa réception.

{{paiement.bloc}}

Si une pièce vous manque ou appelle une remarque de votre part, dites-le-nous dès maintenant : nous aurons le temps de régler la question avant l’échéance.

Nous vous remercions de votre confiance.

Cordialement,`,
  },
  preDueGentle: {
    subject: '{{societe.nom}} – votre échéance à venir',
    body: `Bonjour,

Un simple mot pour vous signaler que les pièces suivantes arrivent bientôt à échéance.

{{postes.tableau}}

Si le règlement est déjà programmé, vous n’avez rien à faire. Dans le cas contraire, voici de quoi le préparer :

{{paiement.bloc}}

Une question, un document manquant ? Répondez à ce message, nous nous en occupons.

Avec nos remerciements,`,
  },
  reminder1: {
    subject: 'Rappel – {{montant.total}} à régler à {{societe.nom}}',
    body: `Madame, Monsieur,

Sauf erreur de notre part, nous n’avons pas encore reçu le règlement des pièces suivantes, aujourd’hui échues.

{{postes.tableau}}

Il s’agit sans doute d’un oubli. Nous vous remercions de bien vouloir procéder au règlement dès que possible.

{{paiement.bloc}}

Si votre règlement est en cours, merci de ne pas tenir compte de ce rappel. Si une difficulté ou un désaccord explique ce retard, faites-le-nous savoir : nous chercherons une solution avec vous.

Nous vous prions d’agréer, Madame, Monsieur, nos salutations distinguées.`,
  },
  reminder1Gentle: {
    subject: 'Petit rappel de {{societe.nom}} – {{postes.pieces}}',
    body: `Bonjour,

En faisant le point sur votre compte, nous constatons que le règlement des pièces suivantes ne nous est pas encore parvenu.

{{postes.tableau}}

Cela arrive à tout le monde : peut-être le paiement est-il déjà parti. Si ce n’est pas le cas, vous trouverez ici tout ce qu’il faut pour le faire.

{{paiement.bloc}}

S’il y a un souci avec une pièce ou une livraison, répondez-nous simplement.

Merci d’avance, et bien à vous,`,
  },
  reminder1Firm: {
    subject: 'Factures échues – {{montant.total}} à régler',
    body: `Madame, Monsieur,

Les pièces suivantes sont échues et restent impayées à ce jour.

{{postes.tableau}}

Nous vous demandons de procéder à leur règlement dès réception du présent message.

{{paiement.bloc}}

Si vous contestez l’une de ces pièces, indiquez-nous sans attendre laquelle et pour quel motif. Les autres restent payables immédiatement.

Nous vous prions d’agréer, Madame, Monsieur, nos salutations distinguées.`,
  },
  reminder2: {
    subject: 'Deuxième rappel – {{montant.total}} échus depuis {{postes.retard}}',
    body: `Madame, Monsieur,

Notre précédent rappel est resté sans suite. À ce jour, les pièces suivantes demeurent impayées ; la plus ancienne était à régler le {{postes.echeance}}.

{{postes.tableau}}

Nous vous demandons de régler cette somme sous huit jours.

{{paiement.bloc}}

Si vous ne pouvez pas régler la totalité immédiatement, ou si une pièce fait l’objet d’un désaccord, contactez-nous : un échange rapide évite bien des complications.

Nous vous prions d’agréer, Madame, Monsieur, nos salutations distinguées.`,
  },
  reminder2Gentle: {
    subject: '{{societe.nom}} – nous restons sans nouvelles de votre règlement',
    body: `Bonjour,

Nous vous avons récemment écrit au sujet des pièces suivantes et, sauf erreur de notre part, leur règlement ne nous est pas encore parvenu.

{{postes.tableau}}

Pourriez-vous nous indiquer à quelle date vous prévoyez de les régler ? Si quelque chose bloque de votre côté, parlons-en.

{{paiement.bloc}}

Nous comptons sur vous et vous remercions de votre retour.

Cordialement,`,
  },
  reminder2Firm: {
    subject: 'Relance – règlement attendu de {{montant.total}}',
    body: `Madame, Monsieur,

Malgré notre rappel, vous n’avez ni réglé les pièces suivantes ni pris contact avec nous. La plus ancienne est échue depuis le {{postes.echeance}}.

{{postes.tableau}}

Nous vous demandons de nous faire parvenir cette somme sous huit jours.

{{paiement.bloc}}

Sans règlement ni réponse de votre part dans ce délai, votre dossier passera à l’étape suivante de notre procédure de recouvrement.

Nous vous prions d’agréer, Madame, Monsieur, nos salutations distinguées.`,
  },
  reminder3: {
    subject: 'Dernière relance avant mise en demeure – {{montant.total}}',
    body: `Madame, Monsieur,

Malgré nos rappels, votre compte présente toujours un impayé de {{montant.total}}, dont une partie est échue depuis {{postes.retard}}.

{{postes.tableau}}

Nous vous demandons de régler cette somme sans délai, ou de nous contacter aujourd’hui même si vous en êtes empêché.

{{paiement.bloc}}

Nous vous rappelons qu’un retard de paiement rend exigibles de plein droit des pénalités de retard et une indemnité forfaitaire de 40 € par facture pour frais de recouvrement. À défaut de règlement, nous vous adresserons une mise en demeure qui en demandera le paiement.

Nous préférerions trouver avec vous une issue amiable et restons à votre disposition à cette fin.

Nous vous prions d’agréer, Madame, Monsieur, nos salutations distinguées.`,
  },
  reminder3Firm: {
    subject: 'Dernier avis avant mise en demeure – {{client.nom}}',
    body: `Madame, Monsieur,

Nos rappels successifs sont restés sans effet. Vous nous devez à ce jour {{montant.total}}, selon le détail suivant.

{{postes.tableau}}

Ceci est notre dernière relance : nous attendons votre règlement intégral par retour.

{{paiement.bloc}}

À défaut, une mise en demeure vous sera adressée. Les pénalités de retard et l’indemnité forfaitaire de 40 € par facture, exigibles de plein droit, s’ajouteront alors à la somme ci-dessus, et nous nous réservons de suspendre nos livraisons.

Nous vous prions d’agréer, Madame, Monsieur, nos salutations distinguées.`,
  },
  reminder3Consumer: {
    subject: 'Dernière relance – {{montant.total}} à régler à {{societe.nom}}',
    body: `Madame, Monsieur,

Malgré nos rappels, le règlement des pièces suivantes ne nous est toujours pas parvenu.

{{postes.tableau}}

Nous vous demandons de régler cette somme dans les meilleurs délais.

{{paiement.bloc}}

Si vous rencontrez une difficulté passagère, ou si vous contestez cette somme, contactez-nous : un paiement en plusieurs fois peut être étudié. Sans nouvelles de votre part, nous serons amenés à vous adresser une mise en demeure.

Nous vous prions d’agréer, Madame, Monsieur, nos salutations distinguées.`,
  },
  formalNotice: {
    subject: 'MISE EN DEMEURE de payer {{montant.general}}',
    body: `Madame, Monsieur,

Malgré nos relances, vous n’avez pas réglé à {{societe.nom}} les pièces suivantes, échues à ce jour.

{{postes.tableau}}

À cette somme s’ajoutent, de plein droit, les pénalités de retard et l’indemnité forfaitaire pour frais de recouvrement, arrêtées au {{date.jour}} :

{{penalites.detail}}

En conséquence, par la présente, nous vous mettons en demeure de nous payer la somme de {{montant.general}} au plus tard le {{date.limite}}.

{{paiement.bloc}}

Les pénalités continuent de courir jusqu’au complet paiement. À défaut de règlement intégral dans ce délai, nous nous réservons de saisir sans autre avis la juridiction compétente pour obtenir le paiement de la somme due, des pénalités et des frais que la loi met à votre charge.

Si vous avez réglé entre-temps, veuillez nous en adresser le justificatif. La présente lettre vaut mise en demeure au sens de l’article 1344 du code civil.

Nous vous prions d’agréer, Madame, Monsieur, nos salutations distinguées.`,
  },
  formalNoticeWithoutCharges: {
    subject: 'MISE EN DEMEURE de payer {{montant.total}}',
    body: `Madame, Monsieur,

Malgré nos relances, vous n’avez pas réglé à {{societe.nom}} les pièces suivantes, échues à ce jour.

{{postes.tableau}}

En conséquence, par la présente, nous vous mettons en demeure de nous payer la somme de {{montant.total}} au plus tard le {{date.limite}}.

{{paiement.bloc}}

La présente demande ne vaut pas renonciation aux pénalités de retard ni à l’indemnité forfaitaire que la loi prévoit. À défaut de règlement intégral dans ce délai, nous nous réservons de les réclamer et de saisir sans autre avis la juridiction compétente.

Si vous avez réglé entre-temps, veuillez nous en adresser le justificatif. La présente lettre vaut mise en demeure au sens de l’article 1344 du code civil.

Nous vous prions d’agréer, Madame, Monsieur, nos salutations distinguées.`,
  },
  formalNoticeConsumer: {
    subject: 'MISE EN DEMEURE de payer {{montant.total}}',
    body: `Madame, Monsieur,

Malgré nos relances, le règlement des pièces suivantes ne nous est pas parvenu.

{{postes.tableau}}

En conséquence, par la présente, nous vous mettons en demeure de nous payer la somme de {{montant.total}} au plus tard le {{date.limite}}.

{{paiement.bloc}}

Aucuns frais ne vous sont réclamés pour cette lettre. À compter de sa réception, la somme due porte intérêt au taux légal, en application de l’article 1231-6 du code civil. À défaut de règlement dans ce délai, nous nous réservons de saisir la juridiction compétente, après la tentative de règlement amiable que la loi peut prévoir.

Si vous rencontrez des difficultés ou si vous contestez cette somme, écrivez-nous avant cette date : nous examinerons votre situation. Si vous avez réglé entre-temps, veuillez ne pas tenir compte de cette demande et nous en adresser le justificatif. La présente lettre vaut mise en demeure au sens de l’article 1344 du code civil.

Nous vous prions d’agréer, Madame, Monsieur, nos salutations distinguées.`,
  },
  thankYou: {
    subject: 'Merci pour votre règlement – {{societe.nom}}',
    body: `Madame, Monsieur,

Nous avons bien reçu votre règlement et vous en remercions. Les pièces suivantes sont désormais soldées.

{{postes.tableau}}

Vous n’avez plus rien à faire pour ces pièces. Nous restons à votre disposition pour toute question et vous remercions de votre confiance.

Bien cordialement,`,
  },
};
