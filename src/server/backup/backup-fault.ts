import type { Bilingual } from '#core/kernel/text.ts';

type Facts = { readonly at: number; readonly what: string };

/** Every reason why a backup file is refused, in a sentence that says where in the file and what to do. */
const SENTENCES = {
  'backup.notABackup': ({ what }: Facts): Bilingual => ({
    fr: `Ce n'est pas une sauvegarde d'Acquit${what} : indiquez un fichier écrit par « acquit backup ».`,
    en: `This is not an Acquit backup${what}: name a file written by "acquit backup".`,
  }),
  'backup.newerFormat': ({ what }: Facts): Bilingual => ({
    fr: `Cette sauvegarde a été faite par une version plus récente d'Acquit (${what}) : mettez le programme à jour, puis restaurez.`,
    en: `This backup was made by a newer Acquit (${what}): upgrade the program, then restore.`,
  }),
  'backup.truncated': ({ at, what }: Facts): Bilingual => ({
    fr: `La sauvegarde est coupée : le fichier finit à l'octet ${at}, là où ${what} devrait suivre. Reprenez une copie entière.`,
    en: `The backup is cut short: the file ends at byte ${at}, where ${what} should follow. Take a whole copy again.`,
  }),
  'backup.damaged': ({ at, what }: Facts): Bilingual => ({
    fr: `La sauvegarde est abîmée à l'octet ${at} (${what}). Rien n'en est repris : utilisez une autre copie ou une sauvegarde plus ancienne.`,
    en: `The backup is damaged at byte ${at} (${what}). Nothing of it is used: take another copy or an older backup.`,
  }),
  'backup.inconsistent': ({ at, what }: Facts): Bilingual => ({
    fr: `La sauvegarde ne correspond pas à ce qu'elle annonce, à l'octet ${at} : ${what}. Rien n'en est repris.`,
    en: `The backup is not what it says it is, at byte ${at}: ${what}. Nothing of it is used.`,
  }),
  'backup.tooMany': ({ what }: Facts): Bilingual => ({
    fr: `Une sauvegarde ne peut pas décrire autant d'organisations (${what} octets de sommaire) : répartissez-les sur plusieurs bases.`,
    en: `One backup cannot describe so many organisations (${what} bytes of index): spread them over several databases.`,
  }),
  'backup.passphraseNeeded': (): Bilingual => ({
    fr: 'Cette sauvegarde est chiffrée : donnez sa phrase secrète par --passphrase-file FICHIER ou ACQUIT_BACKUP_PASSPHRASE.',
    en: 'This backup is encrypted: give its passphrase by --passphrase-file FILE or ACQUIT_BACKUP_PASSPHRASE.',
  }),
  'backup.passphraseWrong': (): Bilingual => ({
    fr: 'La phrase secrète n\'est pas celle de cette sauvegarde.',
    en: 'The passphrase is not that of this backup.',
  }),
} as const;

/** One of the reasons. */
export type BackupFaultCode = keyof typeof SENTENCES;

/** A backup file that is refused; thrown while it is read and caught where the reading began. `at` is the byte of the file. */
export class BackupFault extends Error {
  readonly code: BackupFaultCode;
  readonly at: number;
  readonly said: Bilingual;
  constructor(code: BackupFaultCode, at = 0, what = '') {
    const said = SENTENCES[code]({ at, what });
    super(said.en);
    this.code = code;
    this.at = at;
    this.said = said;
  }
}
