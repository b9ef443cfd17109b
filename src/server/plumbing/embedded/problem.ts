import type { Bilingual } from '#core/kernel/text.ts';

/** Why the embedded PostgreSQL cannot be used: a stable code and what the person at the machine can do about it. */
export type EmbeddedProblem = { readonly code: EmbeddedCode; readonly message: Bilingual };

/** Every reason, one code each. */
export type EmbeddedCode = keyof typeof SENTENCES;

type Facts = { readonly where: string; readonly who?: string; readonly detail?: string };

const SENTENCES = {
  'embedded.platform': (facts: Facts): Bilingual => ({
    fr: `La base intégrée n'existe pas pour ce système (${facts.where}) : indiquez un serveur PostgreSQL dans DATABASE_URL.`,
    en: `There is no embedded database for this system (${facts.where}): point DATABASE_URL to a PostgreSQL server.`,
  }),
  'embedded.binaries': (facts: Facts): Bilingual => ({
    fr: `Les programmes PostgreSQL manquent ou sont incomplets (${facts.where}) : réinstallez les dépendances avec leurs paquets optionnels, sous un compte qui peut écrire là. ${facts.detail ?? ''}`.trim(),
    en: `The PostgreSQL programs are missing or incomplete (${facts.where}): install the dependencies again with their optional packages, as a user who can write there. ${facts.detail ?? ''}`.trim(),
  }),
  'embedded.dataFolder': (facts: Facts): Bilingual => ({
    fr: `Le dossier de données ${facts.where} ne peut pas être créé ou écrit par ${facts.who ?? ''} : donnez-lui ce droit ou choisissez un autre dossier. ${facts.detail ?? ''}`.trim(),
    en: `The data folder ${facts.where} cannot be created or written by ${facts.who ?? ''}: grant that right or choose another folder. ${facts.detail ?? ''}`.trim(),
  }),
  'embedded.owner': (facts: Facts): Bilingual => ({
    fr: `La base ${facts.where} appartient à un autre utilisateur (${facts.detail ?? ''}), or Acquit tourne sous ${facts.who ?? ''} : lancez Acquit sous cet utilisateur, ou rendez le dossier au vôtre (chown -R).`,
    en: `The database ${facts.where} belongs to another user (${facts.detail ?? ''}), and Acquit runs as ${facts.who ?? ''}: run Acquit as that user, or hand the folder to yours (chown -R).`,
  }),
  'embedded.noAccount': (facts: Facts): Bilingual => ({
    fr: `PostgreSQL refuse de tourner sous root et aucun compte ordinaire ne convient pour ${facts.where} : créez un utilisateur (useradd --system postgres) ou lancez Acquit sous un utilisateur ordinaire.`,
    en: `PostgreSQL refuses to run as root and no ordinary account fits ${facts.where}: create a user (useradd --system postgres) or run Acquit as an ordinary user.`,
  }),
  'embedded.noPasswdEntry': (facts: Facts): Bilingual => ({
    fr: `L'utilisateur ${facts.who ?? ''} n'a pas d'entrée dans /etc/passwd, et PostgreSQL en exige une pour créer la base ${facts.where} : ajoutez-la ou lancez Acquit sous un utilisateur déclaré.`,
    en: `User ${facts.who ?? ''} has no entry in /etc/passwd, and PostgreSQL needs one to create the database ${facts.where}: add it or run Acquit as a declared user.`,
  }),
  'embedded.unreachableFolder': (facts: Facts): Bilingual => ({
    fr: `PostgreSQL tournera sous ${facts.who ?? ''}, qui ne peut pas entrer dans ${facts.where}, et le programme setpriv (paquet util-linux) manque ou n'a pas les droits nécessaires : installez setpriv, ouvrez le dossier (chmod o+x), ou placez l'installation et les données ailleurs.`,
    en: `PostgreSQL will run as ${facts.who ?? ''}, who cannot enter ${facts.where}, and the setpriv program (package util-linux) is missing or lacks the rights it needs: install setpriv, open the folder (chmod o+x), or put the installation and the data elsewhere.`,
  }),
  'embedded.socketFolder': (facts: Facts): Bilingual => ({
    fr: `Le dossier ${facts.where}, prévu pour la connexion locale à la base, n'est pas un dossier privé de ${facts.who ?? ''} : supprimez-le, ou choisissez un autre dossier temporaire (TMPDIR) ou un chemin de données plus court.`,
    en: `The folder ${facts.where}, meant for the local connection to the database, is not a private folder of ${facts.who ?? ''}: remove it, or choose another temporary folder (TMPDIR) or a shorter data path.`,
  }),
  'embedded.version': (facts: Facts): Bilingual => ({
    fr: `La base ${facts.where} a été créée par PostgreSQL ${facts.detail ?? ''} ; cette version d'Acquit contient PostgreSQL ${facts.who ?? ''} : sauvegardez avec l'ancienne version d'Acquit, puis restaurez avec celle-ci.`,
    en: `The database ${facts.where} was made by PostgreSQL ${facts.detail ?? ''}; this Acquit carries PostgreSQL ${facts.who ?? ''}: back up with the former Acquit, then restore with this one.`,
  }),
  'embedded.creation': (facts: Facts): Bilingual => ({
    fr: `La base ${facts.where} n'a pas pu être créée : ${facts.detail ?? ''}. Vérifiez la place libre et les droits du dossier, puis relancez.`,
    en: `The database ${facts.where} could not be created: ${facts.detail ?? ''}. Check the free space and the rights of the folder, then start again.`,
  }),
  'embedded.startFailed': (facts: Facts): Bilingual => ({
    fr: `PostgreSQL s'est arrêté en démarrant : ${facts.detail ?? ''}. Le journal complet est ${facts.where}.`,
    en: `PostgreSQL stopped while starting: ${facts.detail ?? ''}. The whole log is ${facts.where}.`,
  }),
  'embedded.startSlow': (facts: Facts): Bilingual => ({
    fr: `La base ${facts.where} n'est pas encore prête (création, reprise après coupure ou arrêt en cours) : attendez un peu et relancez ; le journal est ${facts.detail ?? ''}.`,
    en: `The database ${facts.where} is not ready yet (being created, recovering after a cut, or stopping): wait a little and start again; the log is ${facts.detail ?? ''}.`,
  }),
  'embedded.lockedElsewhere': (facts: Facts): Bilingual => ({
    fr: `La base ${facts.where} est déjà ouverte par une autre machine ou un autre conteneur (${facts.who ?? ''}) : arrêtez Acquit là-bas avant de l'ouvrir ici.`,
    en: `The database ${facts.where} is already open on another machine or in another container (${facts.who ?? ''}): stop Acquit there before opening it here.`,
  }),
  'embedded.silent': (facts: Facts): Bilingual => ({
    fr: `Un PostgreSQL (processus ${facts.who ?? ''}) tient la base ${facts.where} mais ne répond pas : attendez qu'il réponde, ou arrêtez-le (kill -INT ${facts.who ?? ''}) puis relancez.`,
    en: `A PostgreSQL (process ${facts.who ?? ''}) holds the database ${facts.where} but does not answer: wait until it does, or stop it (kill -INT ${facts.who ?? ''}) and start again.`,
  }),
  'embedded.rejected': (facts: Facts): Bilingual => ({
    fr: `PostgreSQL tourne sur ${facts.where} mais refuse la connexion d'Acquit : ${facts.detail ?? ''}. Rétablissez l'accès local dans pg_hba.conf, puis relancez.`,
    en: `PostgreSQL runs on ${facts.where} but refuses Acquit's connection: ${facts.detail ?? ''}. Restore the local access in pg_hba.conf, then start again.`,
  }),
} as const;

/** Builds a problem: `where` is the folder, file or system it is about, `who` a user, host or process. */
export function problem(code: EmbeddedCode, facts: Facts): EmbeddedProblem {
  return { code, message: SENTENCES[code](facts) };
}

/** The system code of a failed call ("EACCES"), or "" when it has none. */
export function systemCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** The text of whatever was thrown. */
export function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
