/** Words of the welcome and sign-in pages. */
export const entry = {
  signInTitle: 'Se connecter', email: 'Adresse e-mail', password: 'Mot de passe', signIn: 'Se connecter', linkTitle: 'Votre lien de connexion',
  linkText: 'Ce lien ouvre votre session une seule fois, sur ce navigateur.', linkOpen: 'Ouvrir ma session', noPassword: 'Pas encore de mot de passe ? Le serveur imprime un lien de connexion à chaque démarrage tant qu’aucun mot de passe n’est choisi.',
  pitch: 'Vos factures payées, sans abîmer la relation client.',
  welcomeTitle: 'Bienvenue dans Acquit', welcomeText: 'Par quoi voulez-vous commencer ?',
  sampleTitle: 'Essayer avec une société d’exemple', sampleText: 'Une entreprise simulée, ses clients, ses factures et ses retards : tout s’essaie, rien ne part vraiment à personne.', sampleStart: 'Essayer avec l’exemple',
  sampleWorking: 'Préparation de la société d’exemple…', sampleUnavailable: 'Cette installation ne contient pas de société d’exemple.',
  ownTitle: 'Importer mon grand livre', ownText: 'Le fichier des écritures comptables (FEC), ou la liste de vos factures en CSV ou Excel. Rien n’est envoyé avant que vous ne l’ayez approuvé.', ownName: 'Nom de votre société', ownStart: 'Importer mon grand livre',
  ownNameNeeded: 'Donnez le nom de votre société : il signe vos relances.',
} as const;
