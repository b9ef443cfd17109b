import type { JournalFailure } from '#core/channels/send-journal.ts';

const WHY: Readonly<Record<string, { readonly fr: string; readonly en: string }>> = {
  ENOSPC: { fr: 'le disque est plein : faites de la place', en: 'the disk is full: make room' },
  EDQUOT: { fr: 'le quota de disque est atteint : faites de la place', en: 'the disk quota is reached: make room' },
  EACCES: { fr: 'les droits manquent : donnez le dossier à l’utilisateur qui fait tourner Acquit', en: 'rights are missing: give the folder to the user that runs Acquit' },
  EPERM: { fr: 'les droits manquent : donnez le dossier à l’utilisateur qui fait tourner Acquit', en: 'rights are missing: give the folder to the user that runs Acquit' },
  EROFS: { fr: 'le disque est en lecture seule : remontez-le en écriture, ou choisissez un autre dossier (ACQUIT_JOURNAL_DIR)', en: 'the disk is read-only: mount it for writing, or choose another folder (ACQUIT_JOURNAL_DIR)' },
  ENOTDIR: { fr: 'un fichier porte le nom du dossier : choisissez un autre dossier (ACQUIT_JOURNAL_DIR)', en: 'a file bears the name of the folder: choose another folder (ACQUIT_JOURNAL_DIR)' },
  EIO: { fr: 'le disque répond par une erreur : il est peut-être en train de lâcher', en: 'the disk answers with an error: it may be failing' },
};

/** The system's word for what happened to a file. */
export function codeOf(error: unknown): string {
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : null;
  return typeof code === 'string' ? code : 'unknown';
}

function why(error: unknown): { fr: string; en: string } {
  const code = codeOf(error);
  const known = WHY[code];
  return known ?? { fr: `le système répond ${code}`, en: `the system answers ${code}` };
}

/** Says that nothing leaves because the journal cannot be written. */
export function cannotWrite(where: string, error: unknown): JournalFailure {
  const { fr, en } = why(error);
  return {
    code: 'journal.unwritable',
    message: { fr: `Rien ne part : le journal d’envoi ne peut pas être écrit dans ${where} ; ${fr}.`, en: `Nothing leaves: the send journal cannot be written in ${where}; ${en}.` },
  };
}

/** Says that nothing leaves because the journal cannot be read. */
export function cannotRead(where: string, error: unknown): JournalFailure {
  const { fr, en } = why(error);
  return {
    code: 'journal.unreadable',
    message: { fr: `Rien ne part : le journal d’envoi ne peut pas être lu dans ${where} ; ${fr}.`, en: `Nothing leaves: the send journal cannot be read in ${where}; ${en}.` },
  };
}

/** Says that another database goes on where this one was. */
export function overtaken(where: string): JournalFailure {
  return {
    code: 'journal.overtaken',
    message: {
      fr: `Rien ne part : une autre base a repris le journal d’envoi de ${where}, ou quelqu’un vient de rapprocher celle-ci. Si c’est une autre, arrêtez ce programme-ci ; ce qui était en route est chez elle, parmi les envois incertains.`,
      en: `Nothing leaves: another database took over the send journal in ${where}, or somebody has just reconciled this one. If it is another one, stop this program; what was under way is there, among the uncertain messages.`,
    },
  };
}

/** Says that the journal went away under a running program. */
export function gone(where: string): JournalFailure {
  return {
    code: 'journal.gone',
    message: {
      fr: `Rien ne part : le journal d’envoi n’est plus dans ${where}. Remettez ce dossier en place tel qu’il était.`,
      en: `Nothing leaves: the send journal is no longer in ${where}. Put that folder back as it was.`,
    },
  };
}
