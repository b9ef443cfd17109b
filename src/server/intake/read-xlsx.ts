import { readFile, stat } from 'node:fs/promises';
import { readSheet } from 'read-excel-file/node';
import { MAX_TABLE_COLUMNS, MAX_TABLE_ROWS } from '#core/intake/limits.ts';
import { problem, quoted } from '#core/intake/problems.ts';
import { isBlankRow } from '#core/intake/table/table-row.ts';
import type { Cell, TableRow } from '#core/intake/table/table-row.ts';
import { dayFromNumber } from '#core/kernel/day.ts';
import type { Problem } from '#core/kernel/problem.ts';
import { err, ok } from '#core/kernel/result.ts';
import type { Result } from '#core/kernel/result.ts';
import type { Bilingual } from '#core/kernel/text.ts';
import { MAX_ARCHIVE_BYTES, packArchive, unpackArchive } from './read-xlsx-archive.ts';
import { readWorkbookInThread } from './reading-worker-pool.ts';

/** The rows of the sheet that was read, with what a person should know about it. */
export type SheetRows = { readonly sheet: string; readonly rows: readonly TableRow[]; readonly warnings: readonly Problem[] };

const OLE_SIGNATURE = Buffer.from('d0cf11e0a1b11ae1', 'hex');
const ZIP_SIGNATURE = Buffer.from('504b0304', 'hex');

/** Reads the first visible sheet with data of an .xlsx file in a thread with limits; caps apply before anything is unpacked, no formula is evaluated. */
export async function readXlsxFile(path: string): Promise<Result<SheetRows, Problem>> {
  const { size } = await stat(path);
  if (size > MAX_ARCHIVE_BYTES) return err(problem('fileTooLarge', 0, { bytes: size, limit: MAX_ARCHIVE_BYTES }));
  const read = await readWorkbookInThread(await readFile(path));
  return read.ok ? read.value : read;
}

/** Same on bytes at hand. */
export async function readXlsx(bytes: Buffer): Promise<Result<SheetRows, Problem>> {
  if (bytes.length === 0) return err(problem('fileEmpty', 0, {}));
  if (bytes.subarray(0, 8).equals(OLE_SIGNATURE)) return err(problem('xlsxProtected', 0, {}));
  if (!bytes.subarray(0, 4).equals(ZIP_SIGNATURE)) return err(problem('notXlsx', 0, {}));
  const names = new Set<string>();
  const unpacked = unpackArchive(bytes, (name) => {
    names.add(name);
    return name.endsWith('.xml') || name.endsWith('.rels');
  });
  if (!unpacked.ok) return unpacked;
  const parts = unpacked.value;
  const workbook = parts.get('xl/workbook.xml')?.toString('utf8');
  const relations = parts.get('xl/_rels/workbook.xml.rels')?.toString('utf8');
  if (workbook === undefined || relations === undefined) return err(problem('notXlsx', 0, {}));
  for (const part of parts.values()) if (/<!DOCTYPE|<!ENTITY/u.test(part.toString('latin1', 0, 4096))) return err(problem('archiveUnsafe', 0, { part: '<!DOCTYPE>' }));
  const sheets = visibleSheets(workbook, relations);
  const warnings: Problem[] = [];
  if ([...names].some((name) => name.endsWith('vbaProject.bin') || name.startsWith('xl/externalLinks/'))) warnings.push(problem('macrosIgnored', 0, {}));
  for (const sheet of sheets) {
    const source = parts.get(sheet.path)?.toString('utf8');
    if (source === undefined) return err(problem('notXlsx', 0, {}));
    // Cells that only carry a style often run to the last column; they are no data and would make room for it.
    const xml = source.replace(/<(?:\w+:)?c\s[^<>]*\/>/gu, '');
    const tooBig = extentFault(xml);
    if (tooBig !== null) return err(tooBig);
    const rows = await rowsOf(new Map(parts).set(sheet.path, Buffer.from(xml, 'utf8')), sheet);
    if (!rows.ok) return rows;
    if (rows.value.every(isBlankRow)) continue;
    const formulas = xml.match(/<f[ >]/gu)?.length ?? 0;
    if (formulas > 0) warnings.push(problem('formulasRead', 0, { count: formulas }));
    if (sheets.length > 1 || sheet.all > 1) warnings.push(problem('sheetChosen', 0, { sheet: quoted(sheet.name), others: sheet.all - 1 }));
    return ok({ sheet: sheet.name, rows: rows.value, warnings });
  }
  return err(problem('sheetsEmpty', 0, {}));
}

/** A visible sheet: its position among all (from 1, as the reader counts), how many there are, and its part. */
type SheetPart = { readonly name: string; readonly position: number; readonly all: number; readonly path: string };

const attribute = (tag: string, name: string): string | null => new RegExp(`(?:^|[\\s:])${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`, 'u').exec(tag)?.slice(1).find((value) => value !== undefined) ?? null;

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: '\'' };
const unescapeXml = (text: string): string => text.replace(/&(amp|lt|gt|quot|apos);/gu, (whole, name: string) => ENTITIES[name] ?? whole);

function visibleSheets(workbook: string, relations: string): SheetPart[] {
  const targets = new Map<string, string>();
  for (const [tag] of relations.matchAll(/<(?:\w+:)?Relationship\s[^>]*>/gu)) {
    const id = attribute(tag, 'Id');
    const target = attribute(tag, 'Target');
    if (id !== null && target !== null && attribute(tag, 'TargetMode') !== 'External') targets.set(id, target);
  }
  const tags = [...workbook.matchAll(/<(?:\w+:)?sheet\s[^>]*>/gu)].map(([tag]) => tag).filter((tag) => (attribute(tag, 'name') ?? '') !== '');
  return tags.flatMap((tag, index): SheetPart[] => {
    const state = attribute(tag, 'state') ?? 'visible';
    const target = targets.get(attribute(tag, 'id') ?? '');
    if (state !== 'visible' || target === undefined) return [];
    const path = target.startsWith('/') ? target.slice(1) : `xl/${target}`;
    return [{ name: unescapeXml(attribute(tag, 'name') ?? ''), position: index + 1, all: tags.length, path }];
  });
}

/**
 * Bytes of the longest tag, comment, CDATA section or text. The reader takes a part in chunks that it halves when they take long, and reads an unfinished
 * piece again from its start with each of them: a piece of a megabyte costs minutes.
 */
function longestPiece(part: Buffer): number {
  let longest = 0;
  let start = 0;
  while (start < part.length) {
    const end = part[start] === OPEN ? markEnd(part, start) : endAt(part, '<', start);
    longest = Math.max(longest, end - start);
    start = end;
  }
  return longest;
}

function markEnd(part: Buffer, start: number): number {
  if (part[start + 1] === EXCLAMATION) {
    const opening = part.toString('latin1', start, start + 4);
    if (opening === '<!--') return endAt(part, '-->', start + 4);
    if (opening === '<![C') return endAt(part, ']]>', start);
  }
  let quote = 0;
  for (let at = start + 1; at < part.length; at += 1) {
    const byte = part[at] ?? 0;
    if (quote !== 0) quote = byte === quote ? 0 : quote;
    else if (byte === CLOSE) return at + 1;
    else if (byte === DOUBLE_QUOTE || byte === SINGLE_QUOTE) quote = byte;
  }
  return part.length;
}

function endAt(part: Buffer, mark: string, from: number): number {
  const found = part.indexOf(mark, from, 'latin1');
  return found === -1 ? part.length : found;
}

const OPEN = 0x3c;
const EXCLAMATION = 0x21;
const CLOSE = 0x3e;
const DOUBLE_QUOTE = 0x22;
const SINGLE_QUOTE = 0x27;
/** A cell holds 32,767 characters, which are five times as many bytes when each is written "&amp;". */
const MAX_PIECE_BYTES = 262_144;
const PIECE: Bilingual = { fr: 'octets dans une seule cellule', en: 'bytes in a single cell' };

/** Columns "XFD" as a number from 1. */
function columnNumber(letters: string): number {
  let number = 0;
  for (const letter of letters) number = number * 26 + (letter.charCodeAt(0) - 64);
  return number;
}

/** Rows and cells, with their attributes. */
const PLACED = /<(?:\w+:)?(?:c|row)(\s(?:[^<>"']|"[^"]*"|'[^']*')*)?>/gu;
const PLACE = /\sr\s*=\s*(?:"([^"]*)"|'([^']*)')/u;

/**
 * Refuses a sheet whose rows or cells stand too far out, or say so in a way no program writes: the reader makes room for all cells before
 * them and for the whole rectangle. The dimension tag is not believed.
 */
function extentFault(xml: string): Problem | null {
  let cells = 0;
  let lastRow = 0;
  let lastColumn = 0;
  for (const [, attributes = ''] of xml.matchAll(PLACED)) {
    cells += 1;
    if (cells > MAX_SHEET_CELLS) return problem('archiveTooLarge', 0, { limit: MAX_SHEET_CELLS, what: CELLS });
    const found = PLACE.exec(attributes);
    if (found === null) continue;
    const place = /^([A-Z]{0,4})(\d{1,10})$/iu.exec(found[1] ?? found[2] ?? '');
    if (place === null) return problem('notXlsx', 0, {});
    const row = Number(place[2]);
    lastRow = Math.max(lastRow, row);
    lastColumn = Math.max(lastColumn, columnNumber((place[1] ?? '').toUpperCase()));
    if (lastColumn > MAX_TABLE_COLUMNS) return problem('tooManyColumns', row, { limit: MAX_TABLE_COLUMNS });
    if (lastRow > MAX_TABLE_ROWS) return problem('tooManyLines', row, { limit: MAX_TABLE_ROWS });
  }
  return lastRow * lastColumn > MAX_SHEET_AREA ? problem('archiveTooLarge', 0, { limit: MAX_SHEET_AREA, what: CELLS }) : null;
}

/** Most cells of a sheet: 50 MB of XML hold about this many, and the reader keeps each as a value. */
const MAX_SHEET_CELLS = 2_000_000;
/** Most cells of the rectangle from the first to the last row and column, empty ones included: 80 MB of places. */
const MAX_SHEET_AREA = 10_000_000;
const CELLS: Bilingual = { fr: 'cellules', en: 'cells' };

async function rowsOf(parts: ReadonlyMap<string, Buffer>, sheet: SheetPart): Promise<Result<readonly TableRow[], Problem>> {
  const kept = new Map([...parts].filter(([name]) => name === sheet.path || (name.startsWith('xl/') && !name.startsWith('xl/worksheets/'))));
  for (const part of kept.values()) if (longestPiece(part) > MAX_PIECE_BYTES) return err(problem('archiveTooLarge', 0, { limit: MAX_PIECE_BYTES, what: PIECE }));
  try {
    const data = await readSheet<SheetNumber>(packArchive(kept), sheet.position, { trim: false, parseNumber: (text) => ({ number: text }) });
    return ok(data.map((cells, index) => ({ line: index + 1, cells: cells.map(cellOf) })));
  } catch (cause) {
    if (cause instanceof Error) return err(problem('notXlsx', 0, {}));
    throw cause;
  }
}

type SheetNumber = { readonly number: string };

const MILLISECONDS_PER_DAY = 86_400_000;

/** A value of the reader as a cell. The reader's types say `typeof Date` where it gives a `Date`. */
function cellOf(value: unknown): Cell {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? 'VRAI' : 'FAUX';
  if (value instanceof Date) return dayCell(value);
  if (typeof value === 'object' && 'number' in value && typeof value.number === 'string') return { number: value.number };
  throw new TypeError('a workbook cell is text, number, day or truth value');
}

/** Days outside 1900-9999 (serial number 0 is "1900-01-00") stay text, which no day field accepts. */
function dayCell(value: Date): Cell {
  const number = Math.floor(value.getTime() / MILLISECONDS_PER_DAY);
  if (number < FIRST_SHEET_DAY || number > LAST_SHEET_DAY) return Number.isNaN(number) ? '#DATE' : value.toISOString().slice(0, 10);
  return { day: dayFromNumber(number) };
}

/** 1900-03-01 as days since 1970: before it the two date systems disagree by the leap day 1900 never had. */
const FIRST_SHEET_DAY = -25_508;
/** 9999-12-31. */
const LAST_SHEET_DAY = 2_932_896;
