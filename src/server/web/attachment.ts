import type { FastifyReply } from 'fastify';

/** Longest name kept: file systems stop at 255 bytes, and a name of 120 characters may take four bytes each. */
const NAME_MAX = 120;

/** Marks that turn the direction of what follows, so that "gpj.exe" reads "exe.jpg", and separators that break a line. */
const HIDDEN = /[\p{Cc}\u061c\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060-\u2069\ufeff]/gu;

/** Names that Windows keeps for devices, whatever their ending. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/** A name without anything that is a path, a device, or not to be seen; empty when nothing is left. */
export function plainName(name: string): string {
  const last = name.normalize('NFC').split(/[\\/]/).at(-1) ?? '';
  const clean = last.replaceAll(HIDDEN, '').trim();
  if (/^\.*$/.test(clean)) return '';
  const short = [...clean].slice(-NAME_MAX).join('');
  return DEVICE.test(short) ? `_${short}` : short;
}

/** A download under a name that fits its kind: "facture.pdf.exe" that is a PDF ends with ".pdf". */
export type Attachment = { readonly bytes: Buffer; readonly type: string; readonly name: string; readonly extension: `.${string}` };

/** The name a download gets: the one people know the file by, ended as its content asks. */
export function downloadName(of: Pick<Attachment, 'name' | 'extension'>): string {
  const plain = plainName(of.name);
  const base = plain === '' ? 'document' : plain;
  return base.toLowerCase().endsWith(of.extension) ? base : `${base}${of.extension}`;
}

/** RFC 6266: a name for old programs in plain letters, the name itself in `filename*` (RFC 8187); always one line. */
export function disposition(name: string): string {
  const plain = name.normalize('NFD').replaceAll(/\p{M}/gu, '').replaceAll(/[^\x20-\x7e]/g, '_').replaceAll(/["\\;%]/g, '_');
  const encoded = encodeURIComponent(name.toWellFormed()).replaceAll(/['()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
}

/** Hands a file over to be saved: no browser runs it, frames it or guesses its type. */
export function sendAttachment(reply: FastifyReply, of: Attachment): FastifyReply {
  return reply
    .header('content-type', of.type)
    .header('content-disposition', disposition(downloadName(of)))
    .header('x-content-type-options', 'nosniff')
    .header('content-security-policy', "default-src 'none'; sandbox")
    .send(of.bytes);
}
