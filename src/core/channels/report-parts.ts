/** Characters of a report that are looked at: what reports say stands before the message they bring back. */
export const REPORT_LENGTH_MAX = 512 * 1024;

/** Parts of one report, nested ones included: a human text, the status, the message or its header. */
const PARTS_MAX = 20;

/** Header fields of one part. */
const FIELDS_MAX = 500;

/** Fields of a header by lower-case name, unfolded, in their order. */
export type Fields = ReadonlyMap<string, readonly string[]>;

/** One part of a message: its type, its own header, its text as it stands. */
export type Part = { readonly type: string; readonly fields: Fields; readonly body: string };

/** The first value of a field, or ''. */
export const first = (fields: Fields, name: string): string => fields.get(name)?.[0] ?? '';

/** A block of header lines as fields; a line that is none is left out. */
export function readFields(text: string): Fields {
  const fields = new Map<string, string[]>();
  const lines = text.replaceAll(/\n[ \t]+/g, ' ').split('\n');
  for (const line of lines.slice(0, FIELDS_MAX)) {
    const colon = line.indexOf(':');
    if (colon < 1) continue;
    const name = line.slice(0, colon).trim().toLowerCase();
    const value = line.slice(colon + 1).trim();
    const values = fields.get(name);
    if (values === undefined) fields.set(name, [value]);
    else values.push(value);
  }
  return fields;
}

/** Splits a header from what follows its empty line. */
export function headAndBody(text: string): { head: string; body: string } {
  const end = text.indexOf('\n\n');
  return end === -1 ? { head: text, body: '' } : { head: text.slice(0, end), body: text.slice(end + 2) };
}

const BOUNDARY = /boundary\s*=\s*(?:"([^"]{1,200})"|([^\s;"]{1,200}))/i;

/** The parts of a message, outermost first, multiparts opened; beyond the limit the rest is left. */
export function readParts(message: string): { fields: Fields; parts: Part[] } {
  const text = message.slice(0, REPORT_LENGTH_MAX).replaceAll(/\r\n?/g, '\n');
  const { head, body } = headAndBody(text);
  const fields = readFields(head);
  const parts: Part[] = [];
  const waiting: Part[] = [{ type: typeOf(fields), fields, body }];
  for (let part = waiting.shift(); part !== undefined && parts.length < PARTS_MAX; part = waiting.shift()) {
    parts.push(part);
    const boundary = BOUNDARY.exec(first(part.fields, 'content-type'));
    if (!part.type.startsWith('multipart/') || boundary === null) continue;
    const pieces = part.body.split(`\n--${boundary[1] ?? boundary[2] ?? ''}`);
    // The text before the first boundary and what follows the closing one are no parts.
    const opened = part.body.startsWith(`--${boundary[1] ?? boundary[2] ?? ''}`) ? pieces : pieces.slice(1);
    for (const piece of opened) {
      if (piece.startsWith('--') && !piece.startsWith(`--${boundary[1] ?? boundary[2] ?? ''}`)) break;
      const inner = headAndBody(piece.slice(piece.indexOf('\n') + 1));
      const own = piece.slice(piece.indexOf('\n') + 1).startsWith('\n') ? { head: '', body: inner.body } : inner;
      const read = readFields(own.head);
      waiting.push({ type: typeOf(read), fields: read, body: own.body });
    }
  }
  return { fields, parts };
}

const typeOf = (fields: Fields): string => (first(fields, 'content-type').split(';')[0] ?? '').trim().toLowerCase();
