import type { Problem } from '#core/kernel/problem.ts';
import type { Bilingual } from '#core/kernel/text.ts';

type Case<Facts> = { readonly severity: Problem['severity']; readonly say: (facts: Facts) => Bilingual };

const error = <Facts>(say: (facts: Facts) => Bilingual): Case<Facts> => ({ severity: 'error', say });
const warning = <Facts>(say: (facts: Facts) => Bilingual): Case<Facts> => ({ severity: 'warning', say });

type Coded = { readonly code: string };

/** What can go wrong with the watched folder, the mailbox, and what they bring. */
const INBOX_PROBLEMS = {
  folderMissing: error(({ folder }: { folder: string }) => ({
    fr: `Le dossier surveillé n'existe pas : ${folder}. Créez-le ou reconnectez le partage ; il est regardé à nouveau tout seul.`,
    en: `The watched folder does not exist: ${folder}. Create it or reconnect the share; it is looked at again by itself.`,
  })),
  folderFailed: error(({ folder, code }: Coded & { folder: string }) => ({
    fr: `Le dossier surveillé ne se laisse pas lire ou écrire (${code}) : ${folder}. Vérifiez les droits, la place sur le disque et le partage ; rien n'est perdu, il est essayé à nouveau tout seul.`,
    en: `The watched folder cannot be read or written (${code}): ${folder}. Check the rights, the space on the disk and the share; nothing is lost, it is tried again by itself.`,
  })),
  organisationUnsaid: warning(({ count, codes }: { count: number; codes: string }) => ({
    fr: `${count} fichier(s) ou dossier(s) sont posés là où rien ne dit à quelle organisation ils vont : rangez-les dans le sous-dossier de la leur (${codes}).`,
    en: `${count} file(s) or folder(s) lie where nothing says which organisation they are for: put them into the sub-folder of theirs (${codes}).`,
  })),
  fileUnreadable: warning(({ count }: { count: number }) => ({
    fr: `${count} fichier(s) du dossier surveillé ne peuvent pas être ouverts (droits, ou nom dans un vieil encodage) : corrigez leurs droits ou leur nom.`,
    en: `${count} file(s) of the watched folder cannot be opened (rights, or a name in an old encoding): correct their rights or their name.`,
  })),
  gaveUp: error(({ times }: { times: number }) => ({
    fr: `Ce fichier a fait échouer sa lecture ${times} fois (programme arrêté, ou erreur imprévue que le journal montre). Rien n'en a été pris à moitié. Déposez-le à nouveau, ou importez-le à la main dans le navigateur pour voir pourquoi.`,
    en: `Reading this file failed ${times} times (the program was stopped, or an unforeseen error that the log shows). Nothing of it was taken by halves. Put it in again, or import it by hand in the browser to see why.`,
  })),
  confirmByHand: error(() => ({
    fr: 'Une personne doit confirmer comment ce fichier se lit : importez-le une fois à la main dans le navigateur (page Imports). La réponse est retenue ; les fichiers suivants de la même source seront pris tout seuls.',
    en: 'A person must confirm how this file is to be read: import it once by hand in the browser (Imports page). The answer is remembered; the next files of the same source will be taken by themselves.',
  })),
  mailboxSetting: error(({ setting, fr, en }: { setting: string; fr: string; en: string }) => ({ fr: `${setting} : ${fr}`, en: `${setting}: ${en}` })),
  mailboxOrganisation: error(({ codes }: { codes: string }) => ({
    fr: `La boîte aux lettres n'est pas lue : ACQUIT_IMAP_ORGANISATION doit nommer l'organisation des fichiers reçus (${codes}).`,
    en: `The mailbox is not read: ACQUIT_IMAP_ORGANISATION must name the organisation of the files received (${codes}).`,
  })),
  mailboxPassword: error(() => ({
    fr: 'Le serveur de la boîte aux lettres refuse l\'utilisateur ou le mot de passe : corrigez ACQUIT_IMAP_URL et ACQUIT_IMAP_PASSWORD (certains fournisseurs demandent un mot de passe d\'application), puis relancez.',
    en: 'The mailbox server refuses the user or the password: correct ACQUIT_IMAP_URL and ACQUIT_IMAP_PASSWORD (some providers ask for an application password), then restart.',
  })),
  mailboxTls: error(({ code }: Coded) => ({
    fr: `La connexion chiffrée avec le serveur de la boîte aux lettres échoue (${code}) : vérifiez le nom du serveur, le port (993 pour imaps) et son certificat. Rien n'est envoyé en clair.`,
    en: `The encrypted connection to the mailbox server fails (${code}): check the name of the server, the port (993 for imaps) and its certificate. Nothing is sent in clear.`,
  })),
  mailboxUnreachable: error(({ code }: Coded) => ({
    fr: `Le serveur de la boîte aux lettres n'est pas joignable (${code}) : vérifiez ACQUIT_IMAP_URL et le réseau ; il est essayé à nouveau tout seul.`,
    en: `The mailbox server cannot be reached (${code}): check ACQUIT_IMAP_URL and the network; it is tried again by itself.`,
  })),
  mailboxSlow: error(() => ({
    fr: 'Le serveur de la boîte aux lettres répond trop lentement ; la connexion est coupée et il est essayé à nouveau tout seul.',
    en: 'The mailbox server answers too slowly; the connection is cut and it is tried again by itself.',
  })),
  mailboxMissing: error(({ mailbox }: { mailbox: string }) => ({
    fr: `La boîte « ${mailbox} » n'existe pas sur le serveur : corrigez la fin de ACQUIT_IMAP_URL (INBOX le plus souvent).`,
    en: `There is no mailbox "${mailbox}" on the server: correct the end of ACQUIT_IMAP_URL (INBOX most often).`,
  })),
  mailboxReportsMissing: warning(({ folder }: { folder: string }) => ({
    fr: `Le dossier « ${folder} » des avis de non-remise n'existe pas sur le serveur : créez-le ou corrigez ACQUIT_IMAP_REPORTS. La boîte elle-même est lue.`,
    en: `There is no folder "${folder}" for delivery reports on the server: make it or correct ACQUIT_IMAP_REPORTS. The mailbox itself is read.`,
  })),
  mailboxKept: warning(() => ({
    fr: 'Le serveur ne laisse ni ranger ni marquer les messages pris : donnez à l\'utilisateur le droit d\'écrire dans la boîte. D\'ici là ils y restent, et rien n\'est pris deux fois.',
    en: 'The server lets the messages taken be neither moved nor marked: give the user the right to write to the mailbox. Until then they stay there, and nothing is taken twice.',
  })),
  takingFailed: error(({ code }: Coded) => ({
    fr: `Ce qui est arrivé n'a pas pu être pris pour l'instant (${code} : base de données, disque ou erreur imprévue, voir le journal) ; rien n'est perdu, il est essayé à nouveau tout seul.`,
    en: `What arrived could not be taken for now (${code}: database, disk or an unforeseen error, see the log); nothing is lost, it is tried again by itself.`,
  })),
  messageTooLarge: error(({ limit }: { limit: number }) => ({
    fr: `Le message dépasse ${limit} Mo : envoyez le fichier en archive .zip, ou importez-le dans le navigateur.`,
    en: `The message is larger than ${limit} MB: send the file as a .zip archive, or import it in the browser.`,
  })),
  messageTooManyFiles: error(({ limit }: { limit: number }) => ({
    fr: `Le message porte plus de ${limit} pièces jointes : réunissez-les dans une archive .zip. Rien n'en a été pris.`,
    en: `The message has more than ${limit} attachments: put them together into a .zip archive. Nothing of it was taken.`,
  })),
  messageWithoutFile: error(() => ({
    fr: 'Le message ne porte aucun fichier à lire (les images et les signatures ne comptent pas) : joignez le fichier.',
    en: 'The message carries no file to read (images and signatures do not count): attach the file.',
  })),
  messageBroken: error(() => ({
    fr: 'Le message est abîmé et ne se laisse pas lire : envoyez-le à nouveau, ou importez le fichier dans le navigateur.',
    en: 'The message is damaged and cannot be read: send it again, or import the file in the browser.',
  })),
  messageInside: error(() => ({
    fr: 'Un message joint en pièce n\'est pas ouvert : joignez le fichier lui-même.',
    en: 'A message attached to a message is not opened: attach the file itself.',
  })),
  senderForged: error(({ check }: { check: string }) => ({
    fr: `Le serveur qui a reçu ce message dit que son expéditeur n'est pas prouvé (${check}) : il peut être usurpé. Rien n'en a été pris ; demandez à l'expéditeur, puis importez le fichier à la main s'il est bien de lui.`,
    en: `The server that received this message says that its sender is not proven (${check}): it may be forged. Nothing of it was taken; ask the sender, then import the file by hand if it is theirs.`,
  })),
  senderUnclear: error(() => ({
    fr: 'Le message nomme plusieurs expéditeurs : on ne sait pas de qui il vient. Rien n\'en a été pris.',
    en: 'The message names several senders: it cannot be known whom it is from. Nothing of it was taken.',
  })),
} as const;

type Cases = typeof INBOX_PROBLEMS;
type AllFacts = { readonly [C in keyof Cases]: Parameters<Cases[C]['say']>[0] };
type FactsOf<C extends keyof Cases> = AllFacts[C];

const CASES: { readonly [C in keyof Cases]: Case<FactsOf<C>> } = INBOX_PROBLEMS;

/** Builds a problem of the watched folder or the mailbox (code `intake.inbox.…`) with its sentence in both languages. */
export function inboxProblem<C extends keyof Cases>(name: C, facts: FactsOf<C>): Problem {
  const entry = CASES[name];
  return { line: 0, severity: entry.severity, code: `intake.inbox.${name}`, message: entry.say(facts) };
}

/** The code of a failed system call, or the class of the error: what may be shown and logged of it. */
export function codeOf(failure: unknown): string {
  const code: unknown = failure instanceof Error ? Reflect.get(failure, 'code') : undefined;
  return typeof code === 'string' ? code : failure instanceof Error ? failure.name : typeof failure;
}

/** The sentence for a folder that failed a system call. */
export function folderProblem(folder: string, failure: unknown): Problem {
  const code = codeOf(failure);
  return code === 'ENOENT' || code === 'ENOTDIR' ? inboxProblem('folderMissing', { folder }) : inboxProblem('folderFailed', { folder, code });
}
