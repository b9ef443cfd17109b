import { open } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { createEncodingDetector } from '#core/intake/encoding.ts';
import { recogniseBankText } from '#core/intake/bank/recognise.ts';
import { fecDelimiter } from '#core/intake/fec-header.ts';
import { problem } from '#core/intake/problems.ts';
import { detectDelimiter } from '#core/intake/table/csv.ts';
import { isKnownExport } from '#core/intake/table/table-layout.ts';
import { recogniseXml } from '#core/intake/xml/recognise-xml.ts';
import type { Problem } from '#core/kernel/problem.ts';
import type { Bilingual } from '#core/kernel/text.ts';
import { createChunkDecoder } from './decode.ts';

/** Formats that intake reads; an archive is taken file by file. */
export const INTAKE_FORMATS = [
  'fec', 'csv', 'xlsx', 'camt052', 'camt053', 'camt054', 'cfonb120', 'cfonb240', 'mt940', 'ofx', 'cii', 'ubl', 'facturx', 'cdar', 'zip',
] as const;
/** One of them. */
export type IntakeFormat = (typeof INTAKE_FORMATS)[number];

/** What a file is by its bytes. `warnings` say when its name tells otherwise. */
export type Sniffed =
  | { readonly format: IntakeFormat; readonly reason: Bilingual; readonly warnings: readonly Problem[] }
  | { readonly format: 'unknown'; readonly reason: Bilingual; readonly warnings: readonly Problem[] };

/** Bytes of the head that a decision needs: any header line and many rows. */
export const SNIFF_BYTES = 65_536;

const XML = ['.xml', '.c53', '.c54', '.c52', '.camt', '.txt'];

/** Endings that go with each format; banks and platforms name their files as they like, so the list is wide where that is usual. */
const EXTENSIONS: Readonly<Record<IntakeFormat, readonly string[]>> = {
  fec: ['.txt', '.csv', '.fec'], csv: ['.csv', '.txt', '.tsv'], xlsx: ['.xlsx', '.xlsm'], camt052: XML, camt053: XML, camt054: XML,
  cfonb120: ['.txt', '.cfonb', '.cfo', '.dat', '.rlv', '.120'], cfonb240: ['.txt', '.cfonb', '.cfo', '.dat', '.240'],
  mt940: ['.sta', '.940', '.mt940', '.txt', '.swi', '.mt9'], ofx: ['.ofx', '.qfx', '.txt'], cii: XML, ubl: XML, facturx: ['.pdf'], cdar: XML, zip: ['.zip'],
};

type Signature = { readonly bytes: string; readonly reason: Bilingual };

/** Beginnings of files that people send by mistake, in hexadecimal, and what to do with each. */
const OTHER_SIGNATURES: readonly Signature[] = [
  { bytes: 'd0cf11e0a1b11ae1', reason: { fr: 'classeur .xls ancien ou protégé par mot de passe : enregistrez-le en .xlsx sans mot de passe', en: 'old .xls or password-protected workbook: save it as .xlsx without a password' } },
  { bytes: '89504e47', reason: { fr: 'image PNG : envoyez l\'export de données', en: 'PNG image: send the data export' } },
  { bytes: 'ffd8ff', reason: { fr: 'image JPEG : envoyez l\'export de données', en: 'JPEG image: send the data export' } },
  { bytes: '1f8b', reason: { fr: 'fichier compressé gzip : décompressez-le d\'abord', en: 'gzip file: unpack it first' } },
  { bytes: '377abcaf271c', reason: { fr: 'archive 7z : décompressez-la d\'abord', en: '7z archive: unpack it first' } },
  { bytes: '52617221', reason: { fr: 'archive RAR : décompressez-la d\'abord', en: 'RAR archive: unpack it first' } },
];

/** The format of a file on disk, or the problem that says why it is none of ours. */
export async function sniffFile(path: string, name: string): Promise<IntakeFormat | Problem> {
  const sniffed = await describeFile(path, name);
  return sniffed.format === 'unknown' ? formatProblem(sniffed.reason) : sniffed.format;
}

/** Why a file is of no format that is read. */
export const formatProblem = (reason: Bilingual): Problem => problem('formatUnknown', 0, { reason });

/** Recognises a file on disk by its first bytes, and its last for archives; with the reason and what its name says otherwise. */
export async function describeFile(path: string, name: string): Promise<Sniffed> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const head = Buffer.alloc(Math.min(SNIFF_BYTES, size));
    await file.read(head, 0, head.length, 0);
    const tail = Buffer.alloc(Math.min(SNIFF_BYTES, size));
    await file.read(tail, 0, tail.length, size - tail.length);
    return sniffBytes({ head, tail, whole: size <= SNIFF_BYTES }, name);
  } finally {
    await file.close();
  }
}

/** Beginning and end of a file; `whole` when the head is all of it. */
export type FileEnds = { readonly head: Buffer; readonly tail: Buffer; readonly whole: boolean };

/** Recognises a file by the bytes at its ends; the name only serves to warn when it disagrees. */
export function sniffBytes(ends: FileEnds, name: string): Sniffed {
  const { head, tail } = ends;
  if (head.length === 0) return unknown({ fr: 'fichier vide', en: 'empty file' });
  const other = OTHER_SIGNATURES.find(({ bytes }) => head.subarray(0, bytes.length / 2).toString('hex') === bytes);
  if (other !== undefined) return unknown(other.reason);
  if (ZIP_BEGINNINGS.has(head.subarray(0, 4).toString('hex'))) {
    // The directory at the end of an archive names its entries in clear.
    if (tail.includes('xl/workbook.xml')) return known('xlsx', { fr: 'archive contenant un classeur', en: 'archive that contains a workbook' }, name);
    return known('zip', { fr: 'archive de fichiers', en: 'archive of files' }, name);
  }
  const pdfAt = head.subarray(0, PDF_SEARCH_BYTES).indexOf('%PDF-');
  if (pdfAt >= 0) return sniffPdf({ head, tail, pdfAt }, name);
  const text = textOf(ends);
  if (typeof text !== 'string') return unknown(text.message);
  return sniffText(text, name);
}

function sniffText(text: string, name: string): Sniffed {
  const body = (text.startsWith('\ufeff') ? text.slice(1) : text).trimStart();
  if (body === '') return unknown({ fr: 'fichier sans texte', en: 'file without text' });
  const bank = recogniseBankText(text);
  if (bank !== null) return known(bank, { fr: `relevé bancaire ${bank}`, en: `bank statement ${bank}` }, name);
  if (body.startsWith('<')) return sniffXml(body, name);
  const line = body.split(/[\r\n]/u, 1)[0] ?? '';
  if (fecDelimiter(line) !== null && !isKnownExport(line)) return known('fec', { fr: 'la première ligne porte les champs du FEC', en: 'the first line holds the fields of the FEC' }, name);
  if (detectDelimiter(body) !== null) return known('csv', { fr: 'texte en colonnes séparées', en: 'text in separated columns' }, name);
  return unknown({ fr: 'texte sans colonnes reconnues', en: 'text without recognised columns' });
}

/** A local entry, or the end record of an archive that has none. */
const ZIP_BEGINNINGS: ReadonlySet<string> = new Set(['504b0304', '504b0506']);

/** A header may stand before the first bytes of a PDF (ISO 32000-1, annex H). */
const PDF_SEARCH_BYTES = 1024;

/** A file that is a PDF for one program and a page or an archive for another is made to deceive one of them. */
function sniffPdf(file: { head: Buffer; tail: Buffer; pdfAt: number }, name: string): Sniffed {
  const isPage = file.head.subarray(0, file.pdfAt).includes('<');
  const isArchive = file.tail.includes(Buffer.from('504b0506', 'hex'));
  if (!isPage && !isArchive) return known('facturx', { fr: 'document PDF', en: 'PDF document' }, name);
  return unknown({
    fr: `PDF qui est aussi ${isPage ? 'une page web' : 'une archive'} : un tel fichier est fait pour tromper ; réexportez la facture`,
    en: `PDF that is also ${isPage ? 'a web page' : 'an archive'}: such a file is made to deceive; export the invoice again`,
  });
}

function sniffXml(body: string, name: string): Sniffed {
  const format = recogniseXml(body);
  if (format !== null) return known(format, { fr: `XML dont la racine est celle de « ${format} »`, en: `XML whose root is that of "${format}"` }, name);
  return unknown({
    fr: 'XML ou HTML d\'une autre sorte ; sont lus camt.052/053/054, CII, UBL et les messages de cycle de vie (CDAR)',
    en: 'XML or HTML of another kind; camt.052/053/054, CII, UBL and life-cycle messages (CDAR) are read',
  });
}

/** Text of the head, or the problem of its bytes. A cut inside the last character or line is no fault of the file. */
function textOf({ head, whole }: FileEnds): string | Problem {
  const cut = whole ? head : head.subarray(0, Math.max(head.lastIndexOf(0x0a), head.lastIndexOf(0x0d)) + 1);
  // UTF-16 line ends are two bytes; ending on an even count keeps code units whole.
  const isWide = (head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff);
  const sample = cut.length === 0 || isWide ? head.subarray(0, head.length - (head.length % 2)) : cut;
  const detector = createEncodingDetector();
  detector.push(sample);
  const detected = detector.end();
  return detected.ok ? createChunkDecoder(detected.value.encoding).write(sample) : detected.error;
}

const unknown = (reason: Bilingual): Sniffed => ({ format: 'unknown', reason, warnings: [] });

function known(format: IntakeFormat, reason: Bilingual, name: string): Sniffed {
  const extension = extname(basename(name)).toLowerCase();
  const agrees = extension === '' || EXTENSIONS[format].includes(extension);
  return { format, reason, warnings: agrees ? [] : [problem('nameDisagrees', 0, { extension, format })] };
}
