/** The HTML of an e-mail as stored, for its preview: the quoted-printable part that our own composer wrote; null when there is none. */
export function storedHtml(mime: Buffer): string | null {
  const text = mime.toString('latin1');
  const head = /\r\nContent-Type: text\/html;[^\r]*(?:\r\n[ \t][^\r]*)*\r\n(?:[A-Za-z-]+: [^\r]*\r\n)*\r\n/i.exec(text);
  if (head === null) return null;
  const start = head.index + head[0].length;
  const end = text.indexOf('\r\n--', start);
  return decodeQuotedPrintable(text.slice(start, end < 0 ? text.length : end));
}

/** Quoted-printable (RFC 2045, 6.7) to UTF-8 text. */
function decodeQuotedPrintable(text: string): string {
  const bytes = text.replaceAll(/=\r\n/g, '').replaceAll(/=([0-9A-Fa-f]{2})/g, (_all, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
