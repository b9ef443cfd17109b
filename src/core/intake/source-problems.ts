import type { Bilingual } from '#core/kernel/text.ts';

const error = <Facts>(say: (facts: Facts) => Bilingual): { severity: 'error'; say: (facts: Facts) => Bilingual } => ({ severity: 'error', say });
const warning = <Facts>(say: (facts: Facts) => Bilingual): { severity: 'warning'; say: (facts: Facts) => Bilingual } => ({ severity: 'warning', say });

type AtByte = { readonly offset: number };

/** Problems of the file itself: bytes, encoding, packing, lines and fields, whatever it contains. */
export const SOURCE_PROBLEMS = {
  moreErrors: error(({ count }: { count: number }) => ({
    fr: `et ${count} autre(s) erreur(s) de ces mêmes sortes ; corrigez la cause dans le logiciel d'origine puis réexportez.`,
    en: `and ${count} more error(s) of these same kinds; correct the cause in the source software, then export again.`,
  })),
  moreWarnings: warning(({ count }: { count: number }) => ({
    fr: `et ${count} autre(s) avertissement(s) de ces mêmes sortes.`,
    en: `and ${count} more warning(s) of these same kinds.`,
  })),
  fileEmpty: error(() => ({
    fr: 'Le fichier est vide ; vérifiez que l\'export est terminé puis envoyez-le à nouveau.',
    en: 'The file is empty; check that the export has finished, then send it again.',
  })),
  fileTooLarge: error(({ bytes, limit }: { bytes: number; limit: number }) => ({
    fr: `Le fichier fait ${bytes} octets, la limite est ${limit} ; découpez l'export (par exemple un exercice par fichier).`,
    en: `The file is ${bytes} bytes long, the limit is ${limit}; split the export (for example one financial year per file).`,
  })),
  nulByte: error(({ offset }: AtByte) => ({
    fr: `octet nul à la position ${offset} : ce n'est pas un fichier texte lisible (ou il est en UTF-16 sans marque). Réexportez-le en UTF-8.`,
    en: `NUL byte at offset ${offset}: this is not a readable text file (or it is UTF-16 without a mark). Export it again as UTF-8.`,
  })),
  encodingMixed: error(({ offset }: AtByte) => ({
    fr: `l'octet à la position ${offset} n'est pas de l'UTF-8 alors que le reste du fichier l'est : deux encodages sont mélangés. Réexportez tout le fichier en UTF-8.`,
    en: `the byte at offset ${offset} is not UTF-8 while the rest of the file is: two encodings are mixed. Export the whole file again as UTF-8.`,
  })),
  encodingTruncated: error(({ offset }: AtByte) => ({
    fr: `le fichier s'arrête au milieu d'un caractère (position ${offset}) : l'envoi ou l'export a été coupé. Recommencez-le.`,
    en: `the file stops in the middle of a character (offset ${offset}): the transfer or the export was cut. Do it again.`,
  })),
  encodingForbidden: error(({ offset }: AtByte) => ({
    fr: `séquence d'octets interdite à la position ${offset} (UTF-8 trop long ou demi-caractère). Réexportez le fichier en UTF-8.`,
    en: `forbidden byte sequence at offset ${offset} (overlong UTF-8 or half a character). Export the file again as UTF-8.`,
  })),
  encodingUnknownByte: error(({ offset }: AtByte) => ({
    fr: `l'octet à la position ${offset} n'existe ni en UTF-8, ni en Windows-1252, ni en ISO-8859-15. Réexportez le fichier en UTF-8.`,
    en: `the byte at offset ${offset} exists neither in UTF-8 nor in Windows-1252 nor in ISO-8859-15. Export the file again as UTF-8.`,
  })),
  replacementCharacter: warning(({ offset }: AtByte) => ({
    fr: `le fichier contient déjà le caractère de remplacement « \uFFFD » (position ${offset}) : des lettres ont été perdues avant l'envoi. Réexportez-le depuis le logiciel d'origine.`,
    en: `the file already contains the replacement character "\uFFFD" (offset ${offset}): letters were lost before it was sent. Export it again from the source software.`,
  })),
  lineTooLong: error(({ limit }: { limit: number }) => ({
    fr: `plus de ${limit} caractères sans fin de ligne ; ce n'est pas un fichier de lignes, vérifiez le format de l'export.`,
    en: `more than ${limit} characters without a line end; this is not a file of lines, check the format of the export.`,
  })),
  tooManyColumns: error(({ limit }: { limit: number }) => ({
    fr: `plus de ${limit} colonnes ; n'exportez que les colonnes utiles.`,
    en: `more than ${limit} columns; export the useful columns only.`,
  })),
  tooManyLines: error(({ limit }: { limit: number }) => ({
    fr: `plus de ${limit} lignes ; découpez l'export en plusieurs fichiers.`,
    en: `more than ${limit} lines; split the export into several files.`,
  })),
  fieldTooLong: error(({ column, limit }: { column: string; limit: number }) => ({
    fr: `le champ « ${column} » dépasse ${limit} caractères ; vérifiez qu'il ne manque pas un guillemet ou une fin de ligne.`,
    en: `field "${column}" is longer than ${limit} characters; check that no quote or line end is missing.`,
  })),
  quoteUnclosed: error(() => ({
    fr: 'un guillemet ouvert ici n\'est jamais refermé ; corrigez la cellule ou réexportez le fichier.',
    en: 'a quote opened here is never closed; correct the cell or export the file again.',
  })),
  quoteMisplaced: error(({ column }: { column: number }) => ({
    fr: `colonne ${column} : du texte suit un guillemet fermant ; un guillemet dans une cellule s'écrit deux fois ("").`,
    en: `column ${column}: text follows a closing quote; a quote inside a cell is written twice ("").`,
  })),
  notXlsx: error(() => ({
    fr: 'Ce fichier n\'est pas un classeur Excel .xlsx lisible ; ouvrez-le dans un tableur et enregistrez-le au format « Classeur Excel (.xlsx) ».',
    en: 'This file is not a readable .xlsx workbook; open it in a spreadsheet program and save it as "Excel workbook (.xlsx)".',
  })),
  xlsxProtected: error(() => ({
    fr: 'Ce classeur est protégé par mot de passe ou au vieux format .xls ; enregistrez-le en .xlsx sans mot de passe.',
    en: 'This workbook is password-protected or in the old .xls format; save it as .xlsx without a password.',
  })),
  archiveBroken: error(() => ({
    fr: 'Cette archive .zip ne peut pas être lue : l\'envoi a peut-être été coupé, ou elle est d\'une sorte rare (zip64, autre compression). Refaites-la ou envoyez les fichiers eux-mêmes.',
    en: 'This .zip archive cannot be read: the transfer may have been cut, or it is of a rare kind (zip64, another compression). Make it again or send the files themselves.',
  })),
  archiveEncrypted: error(() => ({
    fr: 'Cette archive .zip est protégée par mot de passe ; envoyez-la sans mot de passe.',
    en: 'This .zip archive is protected by a password; send it without one.',
  })),
  archiveEmpty: error(() => ({
    fr: 'Cette archive .zip ne contient aucun fichier.',
    en: 'This .zip archive contains no file.',
  })),
  archiveNested: error(() => ({
    fr: 'une archive dans une archive n\'est pas ouverte ; décompressez la première.',
    en: 'an archive inside an archive is not opened; unpack the first one.',
  })),
  formatHasNoFile: error(({ format }: { format: string }) => ({
    fr: `ce fichier n'est pas du format « ${format} » demandé.`,
    en: `this file is not of the format "${format}" asked for.`,
  })),
  archiveUnsafe: error(({ part }: { part: string }) => ({
    fr: `Ce classeur ou cette archive contient une entrée qu'aucun logiciel honnête n'écrit (« ${part} ») ; enregistrez-le à nouveau.`,
    en: `This workbook or archive contains an entry that no honest program writes ("${part}"); save it again.`,
  })),
  archiveTooLarge: error(({ what, limit }: { what: Bilingual; limit: number }) => ({
    fr: `Ce classeur ou cette archive dépasse la limite de ${limit} ${what.fr} ; découpez-la, ou n'y gardez que ce qui est à importer.`,
    en: `This workbook or archive exceeds the limit of ${limit} ${what.en}; split it, or keep only what is to be imported.`,
  })),
  sheetChosen: warning(({ sheet, others }: { sheet: string; others: number }) => ({
    fr: `Le classeur a plusieurs feuilles : « ${sheet} » est lue, ${others} autre(s) ne le sont pas. Déplacez le bon tableau en première feuille si besoin.`,
    en: `The workbook has several sheets: "${sheet}" is read, ${others} other(s) are not. Move the right table to the first sheet if needed.`,
  })),
  sheetsEmpty: error(() => ({
    fr: 'Aucune feuille visible du classeur ne contient de données ; affichez la feuille à importer.',
    en: 'No visible sheet of the workbook contains data; unhide the sheet to import.',
  })),
  macrosIgnored: warning(() => ({
    fr: 'Le classeur contient des macros ou des liens externes ; ils ne sont ni lus ni exécutés.',
    en: 'The workbook contains macros or external links; they are neither read nor run.',
  })),
  formulasRead: warning(({ count }: { count: number }) => ({
    fr: `Le classeur contient ${count} formule(s) : la dernière valeur enregistrée est lue, rien n'est recalculé. Vérifiez les totaux.`,
    en: `The workbook contains ${count} formula(s): the last saved value is read, nothing is recalculated. Check the totals.`,
  })),
  formatUnknown: error(({ reason }: { reason: Bilingual }) => ({
    fr: `Format non reconnu (${reason.fr}). Sont lus : grands livres (FEC, CSV, .xlsx), relevés bancaires (camt, CFONB, MT940, OFX, CSV), factures électroniques (Factur-X, CII, UBL) et leurs statuts (CDAR), archives .zip de ceux-ci.`,
    en: `Format not recognised (${reason.en}). Read are: ledgers (FEC, CSV, .xlsx), bank statements (camt, CFONB, MT940, OFX, CSV), e-invoices (Factur-X, CII, UBL) and their statuses (CDAR), .zip archives of these.`,
  })),
  nameDisagrees: warning(({ extension, format }: { extension: string; format: string }) => ({
    fr: `Le nom du fichier annonce « ${extension} » mais son contenu est « ${format} » ; c'est le contenu qui est lu.`,
    en: `The file name says "${extension}" but its content is "${format}"; the content is what is read.`,
  })),
};
