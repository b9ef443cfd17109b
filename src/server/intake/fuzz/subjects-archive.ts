import { deflateRawSync } from 'node:zlib';
import type { Random } from '#core/kernel/random.ts';
import type { Problem } from '#core/kernel/problem.ts';
import { isMember } from '../import-many.ts';
import { readXlsx } from '../read-xlsx.ts';
import { MAX_ARCHIVE_ENTRIES, MAX_UNPACKED_BYTES, packArchive, unpackArchive } from '../read-xlsx-archive.ts';
import { mutateBytes, textOfBytes } from './mutate-bytes.ts';
import { mutateText } from './mutate-text.ts';
import type { Outcome } from './outcome.ts';
import { seedFiles } from './seeds.ts';
import { drawBytes } from './subject.ts';
import type { FuzzCase, Subject } from './subject.ts';
import { tableOutcome } from './subjects-table.ts';
import { xmlShape } from './text-shape.ts';

const refusal = (found: Problem): Outcome => ({ accepted: false, problems: [found], sums: [], balanced: [], given: 0, recognised: null, breaches: [] });

/** A name that would leave the folder it is unpacked in. */
const CLIMBING = /^\/|^[a-z]:|\\|(?:^|\/)\.\.(?:\/|$)|\0/iu;

/** How an archive is unpacked, so that a faulty one can stand in its place. */
export type Unpacker = typeof unpackArchive;

function archiveOutcome(unpack: Unpacker, bytes: Buffer): Outcome {
  const unpacked = unpack(bytes, isMember);
  if (!unpacked.ok) return refusal(unpacked.error);
  const parts = [...unpacked.value];
  const size = parts.reduce((sum, [, content]) => sum + content.length, 0);
  const breaches = parts.filter(([name]) => CLIMBING.test(name)).map(([name]) => `unsafe name ${JSON.stringify(name)}`);
  if (size > MAX_UNPACKED_BYTES || parts.length > MAX_ARCHIVE_ENTRIES) breaches.push(`${size} bytes in ${parts.length} entries`);
  return { accepted: true, problems: [], sums: [], balanced: [], given: parts.length, recognised: null, breaches };
}

const xml = (body: string): Buffer => Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>${body}`);
const MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"';
const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

/** A workbook of rows of cells, small and with every kind of cell: shared and inline text, number, day. */
function workbook(rows: readonly string[]): Map<string, Buffer> {
  const data = rows.map((cells, index) => `<row r="${index + 1}">${cells}</row>`).join('');
  return new Map([
    ['[Content_Types].xml', xml('<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>')],
    ['xl/workbook.xml', xml(`<workbook ${MAIN}><sheets><sheet name="Postes" sheetId="1" r:id="rId1"/></sheets></workbook>`)],
    ['xl/_rels/workbook.xml.rels', xml(`<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="${RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/>`
      + `<Relationship Id="rId2" Type="${RELATIONS}/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="rId3" Type="${RELATIONS}/styles" Target="styles.xml"/></Relationships>`)],
    ['xl/styles.xml', xml(`<styleSheet ${MAIN}><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>`)],
    ['xl/sharedStrings.xml', xml(`<sst ${MAIN}><si><t>Client</t></si><si><t>Dupont &amp; Fils</t></si></sst>`)],
    ['xl/worksheets/sheet1.xml', xml(`<worksheet ${MAIN}><sheetData>${data}</sheetData></worksheet>`)],
  ]);
}

const text = (at: string, value: string): string => `<c r="${at}" t="inlineStr"><is><t>${value}</t></is></c>`;

const WORKBOOK = workbook([
  `<c r="A1" t="s"><v>0</v></c>${text('B1', 'N° facture')}${text('C1', 'Échéance')}${text('D1', 'Montant TTC')}`,
  `<c r="A2" t="s"><v>1</v></c>${text('B2', 'FA-1')}<c r="C2" s="1"><v>46053</v></c><c r="D2"><v>1234.56</v></c>`,
  `${text('A3', 'Lac SA')}${text('B3', '0012')}<c r="C3" s="1"><v>46054</v></c><c r="D3"><f>1+1</f><v>2</v></c>`,
]);

/** An archive with its parts compressed, as programs write them. */
function deflated(parts: ReadonlyMap<string, Buffer>): Buffer {
  const packed = packArchive(new Map([...parts].map(([name, content]) => [name, deflateRawSync(content)])));
  // `packArchive` only stores; what it wrote about the packed bytes is set right for each entry.
  let local = 0;
  let central = packed.readUInt32LE(packed.length - 6);
  for (const [name, content] of parts) {
    const plain = packArchive(new Map([[name, content]]));
    const nameBytes = Buffer.byteLength(name);
    const packedBytes = packed.readUInt32LE(local + 18);
    plain.copy(packed, local + 14, 14, 18);
    plain.copy(packed, central + 16, 14, 18);
    packed.writeUInt16LE(8, local + 8);
    packed.writeUInt16LE(8, central + 10);
    packed.writeUInt32LE(content.length, local + 22);
    packed.writeUInt32LE(content.length, central + 24);
    local += 30 + nameBytes + packedBytes;
    central += 46 + nameBytes;
  }
  return packed;
}

/** Draws a workbook with one part changed as text, or changed as bytes. */
function drawWorkbook(seeds: readonly Buffer[]): (random: Random) => FuzzCase {
  const drawn = drawBytes(seeds);
  return (random) => {
    if (random.chance(0.3)) return drawn(random);
    const names = [...WORKBOOK.keys()].filter((name) => name.startsWith('xl/'));
    const name = random.pick(names);
    const part = textOfBytes(WORKBOOK.get(name) ?? Buffer.alloc(0));
    const other = (): string => textOfBytes(WORKBOOK.get(random.pick(names)) ?? Buffer.alloc(0)).text;
    const mutated = mutateText(part.text, { shape: xmlShape, random, other });
    const parts = new Map(WORKBOOK).set(name, Buffer.from(mutated.text));
    if (random.chance(0.1)) parts.delete(random.pick([...parts.keys()]));
    return { bytes: packArchive(parts), names: mutated.names, counted: false };
  };
}

/** Zip archives of files, and workbooks. */
export function archiveSubjects(unpack: Unpacker = unpackArchive): readonly Subject[] {
  const members = new Map(seedFiles({ fixtures: ['ubl', 'cdar'], ends: /\.xml$/u, bytesMax: 3_000 }).slice(0, 4).map((content, index) => [`factures/${index}.xml`, content]));
  const zips = [packArchive(members), deflated(members), deflated(WORKBOOK), packArchive(new Map())];
  return [
    { name: 'zip', draw: (random) => ({ ...mutateBytes(random.pick(zips), random), counted: false }), read: (bytes) => archiveOutcome(unpack, bytes) },
    { name: 'xlsx', draw: drawWorkbook([packArchive(WORKBOOK), deflated(WORKBOOK)]), read: async (bytes) => {
      const sheet = await readXlsx(bytes);
      return sheet.ok ? tableOutcome({ rows: sheet.value.rows, problems: sheet.value.warnings }) : refusal(sheet.error);
    } },
  ];
}
