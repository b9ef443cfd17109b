/** A stretch of a text, the end not included. */
export type Stretch = { readonly from: number; readonly to: number };

/** Where the records and fields of a text of a format stand; found anew after every change, so it works on damaged text too. */
export type Shape = (text: string) => { readonly records: readonly Stretch[]; readonly fields: readonly Stretch[] };

const LINE = /[^\r\n]*(?:\r\n|\r|\n|$)/gu;

/** The lines of a text with their ends. */
function lines(text: string): Stretch[] {
  return stretches(text, LINE);
}

/** Every non-empty match of a global pattern. */
function stretches(text: string, pattern: RegExp): Stretch[] {
  const found: Stretch[] = [];
  for (const match of text.matchAll(pattern)) if (match[0] !== '') found.push({ from: match.index, to: match.index + match[0].length });
  return found;
}

/** Files of separated columns: lines and cells. */
export const separatedShape: Shape = (text) => ({ records: lines(text), fields: stretches(text, /[^;\t|,\r\n]+/gu) });

/** Columns where the parts of a record begin, and its width. */
export type Columns = { readonly width: number; readonly starts: readonly number[] };

/** Parts of a CFONB 120 record: code, bank, branch, currency, account, days, label, amount, reference. */
export const CFONB120_COLUMNS: Columns = { width: 120, starts: [0, 2, 7, 11, 16, 19, 20, 21, 32, 34, 40, 42, 48, 79, 81, 88, 90, 104] };
/** Parts of a CFONB 240 record. */
export const CFONB240_COLUMNS: Columns = { width: 240, starts: [0, 2, 8, 10, 16, 17, 21, 26, 31, 42, 66, 97, 128, 152, 164, 180, 210, 228] };

/** Files of records of fixed width, with or without line ends. */
export const fixedShape = ({ width, starts }: Columns): Shape => (text) => {
  const records = lines(text).flatMap(({ from, to }) => {
    const parts: Stretch[] = [];
    for (let at = from; at < to; at += width) parts.push({ from: at, to: Math.min(to, at + width) });
    // The line end belongs to the record before it.
    const last = parts.at(-1);
    const before = parts.at(-2);
    if (last === undefined || before === undefined || last.to - last.from > 2) return parts;
    return [...parts.slice(0, -2), { from: before.from, to: last.to }];
  });
  const fields = records.flatMap(({ from, to }) => starts.flatMap((start, index) => {
    const field = { from: from + start, to: Math.min(to, from + (starts[index + 1] ?? width)) };
    return field.from < field.to ? [field] : [];
  }));
  return { records, fields };
};

/** MT940: a tag with its lines, and the pieces inside. */
export const taggedShape: Shape = (text) => ({
  records: stretches(text, /(?:^|(?<=\n)):[0-9A-Z]{2,3}:[^\r\n]*(?:\r?\n(?!:|-)[^\r\n]*)*(?:\r?\n)?|(?:^|(?<=\n))[^:\r\n][^\r\n]*\r?\n?/gu),
  fields: stretches(text, /\?\d\d[^?\r\n]*|\/[A-Z]{3,4}\/[^/\r\n]*|\d+,\d*|:\d\d[A-Z]?:|[A-Z]+|\d+|\/\/[^\r\n]*/gu),
});

/** OFX: transactions and elements with their value, and the values. */
export const ofxShape: Shape = (text) => ({
  records: [...stretches(text, /<STMTTRN>[\s\S]*?<\/STMTTRN>\s*/gu), ...stretches(text, /<\/?[A-Z0-9.]+>[^<\r\n]*(?:\r?\n)?/gu)],
  fields: [...stretches(text, /(?<=>)[^<>\r\n]+/gu), ...stretches(text, /(?<=^[A-Z]+:)[^\r\n]+/gmu)],
});

const TAG = /<(\/?)([A-Za-z_][\w.:-]*)((?:[^<>"']|"[^"]*"|'[^']*')*?)(\/?)>/gu;

/** XML: every element, and the texts of those without children, with the values of attributes. */
export const xmlShape: Shape = (text) => {
  const records: Stretch[] = [];
  const fields: Stretch[] = stretches(text, /(?<==")[^"<>]+(?=")/gu);
  const open: { name: string; from: number; inside: number; leaf: boolean }[] = [];
  for (const match of text.matchAll(TAG)) {
    const [whole, slash = '', name = '', , empty = ''] = match;
    const to = match.index + whole.length;
    const parent = open.at(-1);
    if (slash === '') {
      if (parent !== undefined) parent.leaf = false;
      if (empty === '') open.push({ name, from: match.index, inside: to, leaf: true });
      else records.push({ from: match.index, to });
      continue;
    }
    if (parent?.name !== name) continue;
    open.pop();
    records.push({ from: parent.from, to });
    if (parent.leaf && match.index > parent.inside) fields.push({ from: parent.inside, to: match.index });
  }
  return { records, fields };
};
