import type { Bilingual } from '#core/kernel/text.ts';

/**
 * Disk a restore needs, for each byte of rows as text: 2.6 for the tables with their indexes, measured on a ledger of a million items, as much for the log
 * of the transaction that writes them, and a little more.
 */
const DISK_BYTES_PER_ROW_BYTE = 6;
const MIB = 1024 * 1024;

/** The system's code of what went wrong ("ENOENT"), or "". */
export const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '');

/** What stopped a backup or a restore from outside, the disk or a person, in a sentence; null for anything else. */
export function diskProblem(error: unknown, file: string): Bilingual | null {
  if (error instanceof Error && error.name === 'AbortError') return { fr: 'Interrompu : rien n\'a été gardé.', en: 'Interrupted: nothing was kept.' };
  const code = codeOf(error);
  if (code === 'ENOSPC' || code === 'EDQUOT') return { fr: `Plus de place pour ${file} : libérez de l'espace ou écrivez ailleurs.`, en: `No space left for ${file}: free some or write elsewhere.` };
  if (code === 'ENOENT' || code === 'ENOTDIR') return { fr: `${file} n'existe pas : vérifiez le nom et le dossier.`, en: `${file} is not there: check the name and the folder.` };
  if (['EACCES', 'EPERM', 'EROFS'].includes(code)) return { fr: `Accès refusé à ${file} : vérifiez les droits du dossier et du fichier.`, en: `No access to ${file}: check the rights of the folder and the file.` };
  if (code === 'EISDIR') return { fr: `${file} est un dossier : donnez un nom de fichier.`, en: `${file} is a folder: give a file name.` };
  if (code === 'EIO') return { fr: `Le disque rend une erreur pour ${file} : ne vous fiez plus à ce support.`, en: `The disk gives an error for ${file}: do not trust it any more.` };
  return null;
}

/** Whether rows of so many bytes fit into a folder whose disk has so much free; the sentence when they do not. */
export function spaceProblem(folder: string, of: { freeBytes: number; rowBytes: number }): Bilingual | null {
  const needed = of.rowBytes * DISK_BYTES_PER_ROW_BYTE;
  if (of.freeBytes >= needed) return null;
  const [freeMib, neededMib] = [Math.floor(of.freeBytes / MIB), Math.ceil(needed / MIB)];
  return {
    fr: `Pas assez de place dans ${folder} : ${freeMib} Mio libres, il en faut environ ${neededMib}. Libérez de l'espace ou choisissez un autre dossier (--data).`,
    en: `Not enough space in ${folder}: ${freeMib} MiB free, about ${neededMib} needed. Free some or choose another folder (--data).`,
  };
}
