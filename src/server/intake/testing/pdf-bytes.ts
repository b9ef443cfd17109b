import { deflateSync } from 'node:zlib';

/** Bytes of one object: a dictionary or array, or a stream with its dictionary. */
export type PdfObject = string | { readonly dictionary: string; readonly stream: Buffer };

/** A stream packed with Flate. */
export const packed = (dictionary: string, content: Buffer | string): PdfObject => ({ dictionary: `${dictionary} /Filter /FlateDecode`, stream: deflateSync(content) });

function body(entry: PdfObject): Buffer<ArrayBuffer> {
  if (typeof entry === 'string') return Buffer.from(entry, 'latin1');
  return Buffer.concat([Buffer.from(`<< ${entry.dictionary} /Length ${entry.stream.length} >>\nstream\n`, 'latin1'), entry.stream, Buffer.from('\nendstream', 'latin1')]);
}

/** A PDF of these objects, numbered from 1 (the first is the catalogue), with its cross-reference table; `trailer` is added to the trailer. */
export function pdfOf(objects: readonly PdfObject[], trailer = ''): Buffer {
  const parts = [Buffer.from('%PDF-1.7\n%\u00e2\u00e3\u00cf\u00d3\n', 'latin1')];
  const offsets: number[] = [];
  let at = parts[0]?.length ?? 0;
  const push = (part: Buffer<ArrayBuffer>): void => {
    parts.push(part);
    at += part.length;
  };
  objects.forEach((entry, index) => {
    offsets.push(at);
    push(Buffer.concat([Buffer.from(`${index + 1} 0 obj\n`, 'latin1'), body(entry), Buffer.from('\nendobj\n', 'latin1')]));
  });
  const table = offsets.map((offset) => `${offset.toString().padStart(10, '0')} 00000 n \n`).join('');
  push(Buffer.from(`xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R ${trailer} >>\nstartxref\n${at}\n%%EOF\n`, 'latin1'));
  return Buffer.concat(parts);
}

/** A file embedded in a PDF. */
export type Embedded = { readonly name: string; readonly content: Buffer | string; readonly key?: string };

/** What else a PDF with embedded files holds. */
export type Extras = {
  /** Entries of the catalogue ("/OpenAction 9 0 R"). */
  readonly catalogue?: string;
  /** Objects after the own ones, the first of them numbered `firstExtra(files.length)`. */
  readonly objects?: readonly PdfObject[];
  readonly trailer?: string;
};

/** Number of the first extra object beside so many files: catalogue, pages, page, then two objects a file. */
export const firstExtra = (files: number): number => 4 + 2 * files;

const literal = (text: string): string => `(${text.replaceAll(/[\\()]/g, (character) => `\\${character}`)})`;

/** A PDF of one empty page with these files in its name tree. */
export function pdfWith(files: readonly Embedded[], extras: Extras = {}): Buffer {
  const own = files.flatMap(({ name, content }, index): PdfObject[] => [
    `<< /Type /Filespec /F ${literal(name)} /UF ${literal(name)} /AFRelationship /Data /EF << /F ${5 + 2 * index} 0 R >> >>`,
    packed('/Type /EmbeddedFile /Subtype /text#2Fxml', content),
  ]);
  const names = files.map(({ name, key }, index) => `${literal(key ?? name)} ${4 + 2 * index} 0 R`).join(' ');
  const catalogue = `<< /Type /Catalog /Pages 2 0 R ${files.length === 0 ? '' : `/Names << /EmbeddedFiles << /Names [${names}] >> >>`} ${extras.catalogue ?? ''} >>`;
  const pages = ['<< /Type /Pages /Kids [3 0 R] /Count 1 >>', '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>'];
  return pdfOf([catalogue, ...pages, ...own, ...(extras.objects ?? [])], extras.trailer ?? '');
}
