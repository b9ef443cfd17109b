import type { Problem } from '#core/kernel/problem.ts';

/** Octets of a line without its CRLF (RFC 5322, 2.1.1). */
export const LINE_OCTETS_MAX = 998;
/** Bytes of one e-mail: what most servers take at least. */
export const MAIL_BYTES_MAX = 20 * 1024 * 1024;

const CR = 0x0d;
const LF = 0x0a;

const refused = (code: string, fr: string, en: string): Problem => ({ line: 0, severity: 'error', code: `channels.${code}`, message: { fr, en } });

/** 0 for the octets a line is made of; looked at for every octet of every message, so by a table. */
const SPECIAL = Uint8Array.from({ length: 256 }, (_, octet) => (octet === 0 || octet === CR || octet === LF || octet > 0x7f ? 1 : 0));

/** The first octet a mail server could read in another way than we wrote it, or null. Lines end by CRLF and nothing else, are
 * 7-bit and not too long: then dot-stuffing is undone exactly and what the server accepts is what is stored (no smuggling). */
function strayOctet(bytes: Uint8Array): number | null {
  const { length } = bytes;
  let lineStart = 0;
  for (let at = 0; at < length; at += 1) {
    while (at < length && SPECIAL[bytes[at] ?? 0] === 0) at += 1;
    if (at - lineStart > LINE_OCTETS_MAX) return lineStart + LINE_OCTETS_MAX;
    if (at === length) return null;
    if (bytes[at] !== CR || bytes[at + 1] !== LF) return at;
    at += 1;
    lineStart = at + 1;
  }
  return null;
}

/** Why stored bytes may not be handed to a mail server; null when they may. */
export function storedBytesProblem(bytes: Uint8Array): Problem | null {
  if (bytes.length === 0 || bytes.length > MAIL_BYTES_MAX) {
    return refused('mailSize', `Le message fait ${bytes.length} octets : il doit en avoir de 1 à ${MAIL_BYTES_MAX}.`, `The message has ${bytes.length} bytes: it must have 1 to ${MAIL_BYTES_MAX}.`);
  }
  const at = strayOctet(bytes);
  if (at === null && bytes.at(-1) === LF) return null;
  return refused(
    'mailBytes',
    `L’octet ${at ?? bytes.length} du message n’est pas transmissible tel quel (fin de ligne isolée, octet nul ou non ASCII, ligne trop longue) : recomposez le message.`,
    `Octet ${at ?? bytes.length} of the message cannot be transmitted as it is (lone line end, null or non-ASCII octet, line too long): compose the message again.`,
  );
}
