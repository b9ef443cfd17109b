/** What a file is: its media type and the ending its name gets when it is saved. */
export type FileKind = { readonly type: string; readonly extension: `.${string}` };

const PDF: FileKind = { type: 'application/pdf', extension: '.pdf' };
const TEXT: FileKind = { type: 'text/plain; charset=utf-8', extension: '.txt' };
const DOCX: FileKind = { type: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document', extension: '.docx' };
const XLSX: FileKind = { type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', extension: '.xlsx' };

type Signature = { readonly kind: FileKind; readonly at: number; readonly bytes: readonly number[] };

const SIGNATURES: readonly Signature[] = [
  { kind: PDF, at: 0, bytes: [0x25, 0x50, 0x44, 0x46, 0x2d] },
  { kind: { type: 'image/png', extension: '.png' }, at: 0, bytes: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] },
  { kind: { type: 'image/jpeg', extension: '.jpg' }, at: 0, bytes: [0xff, 0xd8, 0xff] },
  { kind: { type: 'image/gif', extension: '.gif' }, at: 0, bytes: [0x47, 0x49, 0x46, 0x38] },
  { kind: { type: 'image/webp', extension: '.webp' }, at: 8, bytes: [0x57, 0x45, 0x42, 0x50] },
  { kind: { type: 'image/tiff', extension: '.tif' }, at: 0, bytes: [0x49, 0x49, 0x2a, 0x00] },
  { kind: { type: 'image/tiff', extension: '.tif' }, at: 0, bytes: [0x4d, 0x4d, 0x00, 0x2a] },
];
const ZIP = [0x50, 0x4b, 0x03, 0x04];

/** Where the list of an archive's files stands: at its end, and this much of it is enough to find the main document. */
const ARCHIVE_END_BYTES = 256 * 1024;

const startsAt = (bytes: Uint8Array, at: number, wanted: readonly number[]): boolean => wanted.every((byte, index) => bytes[at + index] === byte);

/** The kind that the bytes themselves show, whatever the file is called; null when it is none that is accepted. */
export function fileKind(bytes: Uint8Array): FileKind | null {
  const found = SIGNATURES.find(({ at, bytes: wanted }) => startsAt(bytes, at, wanted));
  if (found !== undefined) return found.kind;
  if (startsAt(bytes, 0, ZIP)) return officeKind(bytes);
  return isPlainText(bytes) ? TEXT : null;
}

/** Word and Excel documents are archives that hold a file of a known name. */
function officeKind(bytes: Uint8Array): FileKind | null {
  const end = Buffer.from(bytes.subarray(Math.max(0, bytes.length - ARCHIVE_END_BYTES))).toString('latin1');
  if (end.includes('word/document.xml')) return DOCX;
  return end.includes('xl/workbook.xml') ? XLSX : null;
}

/** Text in UTF-8 without control characters, and not the source of a page that a browser would run. */
function isPlainText(bytes: Uint8Array): boolean {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    // eslint-disable-next-line no-control-regex -- control characters are what this looks for
    return !/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/u.test(text) && !/^\s*<[!?a-z]/iu.test(text);
  } catch {
    return false;
  }
}
