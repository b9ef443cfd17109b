import iconv from 'iconv-lite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mt940Text } from '#core/intake/bank/example-statement.ts';
import { addDays, day } from '#core/kernel/day.ts';
import type { Database } from '#server/plumbing/database.ts';
import { camt053Of, cfonb120Of } from '#server/testing/bank-files.ts';
import type { Movement } from '#server/testing/bank-files.ts';
import { linesOf } from '#server/testing/books.ts';
import { testDatabase } from '#server/testing/database.ts';
import type { TestDatabase } from '#server/testing/database.ts';
import { fecOf, givenOrganisation, importText } from '#server/testing/given.ts';
import type { ShortLine } from '#server/testing/given.ts';
import { ublOf } from '#server/testing/invoice-files.ts';

let db: TestDatabase;
let mutant: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
  mutant = await testDatabase();
  // The planted bug: what makes an entry the same entry takes in where it stands in its file.
  const owner = await mutant.owner();
  await owner.query('create function keys_by_line() returns trigger language plpgsql as $$ begin new.entry_key := new.entry_key || new.source_line || new.import_id; return new; end $$');
  await owner.query('create trigger line_keys before insert on bank_line for each row execute function keys_by_line()');
  await owner.query(`create function keys_by_import() returns trigger language plpgsql as $$ begin new.natural_key := new.natural_key || '|' || new.import_id; return new; end $$`);
  await owner.query('create trigger item_keys before insert on item for each row execute function keys_by_import()');
  await owner.query('create function numbers_by_import() returns trigger language plpgsql as $$ begin new.number := new.number || new.import_id; return new; end $$');
  await owner.query('create trigger document_numbers before insert on document for each row execute function numbers_by_import()');
  await owner.end();
});
afterAll(async () => {
  await db.drop();
  await mutant.drop();
});

/** A file as it is given to be imported. */
type Given = { readonly text: string | Uint8Array; readonly name: string };

/** What the ledger says after these files, one after the other; a refused one is an error, for then the test would prove nothing. */
async function stateAfter(database: Database, files: readonly Given[]): Promise<string[]> {
  const organisation = await givenOrganisation(database);
  for (const file of files) {
    const report = await importText(database, organisation, { ...file, today: '2026-06-30' });
    if (report.status === 'refused') throw new Error(`${file.name}: ${report.problems.map((one) => `${one.code} ${one.message.en}`).join(' ')}`);
  }
  return linesOf(database, organisation);
}

const MOVEMENTS: readonly Movement[] = [
  { on: '2026-03-02', cents: 120_050, name: 'Hotel du Lac', text: 'FACTURE FA-112' }, { on: '2026-03-02', cents: 5_000, name: 'Roux', text: 'FACTURE FA-113' },
  { on: '2026-03-02', cents: 5_000, name: 'Roux', text: 'FACTURE FA-113' }, { on: '2026-03-05', cents: -2_990, name: 'Banque', text: 'FRAIS' },
  { on: '2026-03-09', cents: 70_001, name: 'Garage Mercier', text: 'FACTURE FA-87' }, { on: '2026-03-10', cents: 1, name: 'Roux', text: 'SOLDE' },
];

/** Three statements that follow each other, of two movements and more each. */
const PERIODS = [MOVEMENTS.slice(0, 3), MOVEMENTS.slice(3, 4), MOVEMENTS.slice(4)].map((movements, index, all) => {
  const opening = all.slice(0, index).flat().reduce((sum, { cents }) => sum + cents, 10_000);
  const [from, until] = [['2026-03-02', '2026-03-02'], ['2026-03-03', '2026-03-06'], ['2026-03-07', '2026-03-10']][index] ?? [];
  return { id: `REL-${index}`, sequence: index + 1, from: from ?? '', until: until ?? '', opening, movements };
});
type Period = (typeof PERIODS)[number];

const ofxOf = (periods: readonly Period[]): string => `OFXHEADER:100\r\nDATA:OFXSGML\r\nVERSION:102\r\nENCODING:UTF-8\r\n\r\n<OFX>\r\n<BANKMSGSRSV1>\r\n<STMTTRNRS>\r\n<STMTRS>\r\n<CURDEF>EUR\r\n<BANKACCTFROM>\r\n<BANKID>20041\r\n<BRANCHID>01005\r\n<ACCTID>0500013M026\r\n<ACCTTYPE>CHECKING\r\n<ACCTKEY>06\r\n</BANKACCTFROM>\r\n<BANKTRANLIST>\r\n`
  + periods.flatMap(({ id, movements }) => movements.map(({ on, cents, text }) => `<STMTTRN>\r\n<TRNTYPE>OTHER\r\n<DTPOSTED>${on.replaceAll('-', '')}\r\n<TRNAMT>${(cents / 100).toFixed(2)}\r\n<FITID>${id}${on}${cents}\r\n<NAME>${text}\r\n</STMTTRN>\r\n`)).join('')
  + '</BANKTRANLIST>\r\n</STMTRS>\r\n</STMTTRNRS>\r\n</BANKMSGSRSV1>\r\n</OFX>\r\n';

const csvOf = (periods: readonly Period[]): string => `Date;Libellé;Débit;Crédit\r\n${periods.flatMap(({ movements }) => movements.map(({ on, cents, text }) => {
  const amount = (Math.abs(cents) / 100).toFixed(2).replace('.', ',');
  return `${on.split('-').toReversed().join('/')};${text};${cents < 0 ? `-${amount}` : ''};${cents < 0 ? '' : amount}\r\n`;
})).join('')}31/01/2026;FRAIS;-1,00;\r\n`;

const mt940Of = (periods: readonly Period[]): string => mt940Text(periods.map(({ sequence, from, until, opening, movements }) => ({
  account: '00012345678', number: sequence, from: day(from), until: day(until), opening: BigInt(opening),
  movements: movements.map(({ on, cents, text = '' }) => ({ on: day(on), cents: BigInt(cents), label: 'VIREMENT', text, reference: `R${on.replaceAll('-', '').slice(4)}${Math.abs(cents)}` })),
})), '\r\n');

/** A format: how periods are written, and the same with the movements of each in the opposite order. */
type Kind = { readonly name: string; readonly file: string; readonly write: (periods: readonly Period[]) => string; readonly extra?: (text: string) => string; readonly isTable?: boolean };

const KINDS: readonly Kind[] = [
  { name: 'camt.053', file: 'releve.xml', write: (periods) => camt053Of(...periods), extra: (text) => text.replaceAll('</Ntry>', '<AddtlX xmlns="urn:bank:x">7</AddtlX></Ntry>') },
  { name: 'CFONB 120', file: 'releve.txt', write: (periods) => periods.map(cfonb120Of).join('') },
  { name: 'MT940', file: 'releve.sta', write: mt940Of },
  { name: 'OFX', file: 'releve.ofx', write: ofxOf, extra: (text) => text.replaceAll('<FITID>', '<X.COLOUR>7\r\n<FITID>') },
  { name: 'bank CSV', file: 'releve.csv', write: csvOf, extra: (text) => text.split('\r\n').map((line, index) => (line === '' ? '' : `${line};${index === 0 ? 'Couleur préférée' : 'bleu'}`)).join('\r\n'), isTable: true },
];

const lf = (text: string): string => text.replaceAll('\r\n', '\n');
const crlf = (text: string): string => lf(text).replaceAll('\n', '\r\n');

/** Ways of giving the same files; the state must be that of the whole file alone. */
const RELATIONS: readonly { readonly name: string; readonly files: (kind: Kind) => readonly Given[] | null }[] = [
  { name: 'byte order mark', files: ({ write, file }) => [{ text: `\ufeff${write(PERIODS)}`, name: file }] },
  { name: 'UTF-16 with its mark', files: ({ name, write, file }) => (name === 'camt.053' ? null : [{ text: iconv.encode(write(PERIODS), 'utf16le', { addBOM: true }), name: file }]) },
  { name: 'LF', files: ({ write, file }) => [{ text: lf(write(PERIODS)), name: file }] },
  { name: 'CRLF', files: ({ write, file }) => [{ text: crlf(write(PERIODS)), name: file }] },
  { name: 'S1-068 same bytes twice', files: ({ write, file }) => [{ text: write(PERIODS), name: file }, { text: write(PERIODS), name: file }] },
  { name: 'S1-069 same content under another name', files: ({ write, file }) => [{ text: write(PERIODS), name: file }, { text: write(PERIODS), name: `copie de ${file}` }] },
  { name: 'S1-070 same content with other line ends', files: ({ write, file }) => [{ text: crlf(write(PERIODS)), name: file }, { text: lf(write(PERIODS)), name: file }] },
  { name: 'S1-071 movements in the opposite order', files: ({ write, file }) => [{ text: write(PERIODS.map((one) => ({ ...one, movements: one.movements.toReversed() }))), name: file }] },
  { name: 'S1-072 split in two files that overlap', files: ({ write, file }) => [{ text: write(PERIODS.slice(0, 2)), name: file }, { text: write(PERIODS.slice(1)), name: `suite ${file}` }] },
  { name: 'the older of two overlapping files last', files: ({ write, file }) => [{ text: write(PERIODS.slice(1)), name: file }, { text: write(PERIODS.slice(0, 2)), name: `avant ${file}` }] },
  { name: 'an unknown column or element', files: ({ write, file, extra }) => (extra === undefined ? null : [{ text: extra(write(PERIODS)), name: file }]) },
];

/**
 * The state as the formats can tell it. A statement is kept once for each file that brought it. A table names no account, it is kept under
 * what its titles are; and tables and OFX have no statements of their own, so a file cut in two has two.
 */
function toldBy({ name, isTable }: Kind, state: readonly string[]): string[] {
  const told = [...new Set(state.filter((line) => line.startsWith('statement')))].filter(() => name !== 'OFX' && isTable !== true);
  const others = state.filter((line) => !line.startsWith('statement'));
  return [...others.map((line) => (isTable === true ? line.replace(/^bankLine \["[^"]*"/u, 'bankLine ["') : line)), ...told];
}

describe.each(KINDS)('$name', (kind) => {
  test.each(RELATIONS.filter(({ files }) => files(kind) !== null))('$name: the same state as the file alone', async ({ files }) => {
    const alone = await stateAfter(db.database, [{ text: kind.write(PERIODS), name: kind.file }]);
    expect(alone.filter((line) => line.startsWith('bankLine')).length).toBe(MOVEMENTS.length + (kind.isTable === true ? 1 : 0));
    expect(toldBy(kind, await stateAfter(db.database, files(kind) ?? []))).toEqual(toldBy(kind, alone));
  });

  test('planted bug: keys that take in the line and the file are found', async () => {
    const alone = await stateAfter(mutant.database, [{ text: kind.write(PERIODS), name: kind.file }]);
    const twice = RELATIONS.find(({ name }) => name.startsWith('S1-070'))?.files(kind) ?? [];
    expect(toldBy(kind, await stateAfter(mutant.database, twice)).length).toBeGreaterThan(toldBy(kind, alone).length);
  });
});

const INVOICES = [1, 2, 3].map((index) => ({ number: `FA-${index}`, on: '2026-03-02', due: addDays(day('2026-03-31'), index), cents: 10_000 * index, buyer: `Client ${index % 2}` }));
const invoiceFiles = (wanted: readonly number[], rewrite: (text: string) => string = (text) => text): Given[] => wanted.flatMap((index) => {
  const invoice = INVOICES[index];
  return invoice === undefined ? [] : [{ text: rewrite(ublOf(invoice)), name: `${invoice.number}.xml` }];
});

describe('UBL', () => {
  test.each<[string, readonly Given[]]>([
    ['byte order mark', invoiceFiles([0, 1, 2], (text) => `\ufeff${text}`)], ['CRLF', invoiceFiles([0, 1, 2], crlf)], ['other order', invoiceFiles([2, 0, 1])],
    ['the same bytes again', [...invoiceFiles([0, 1, 2]), ...invoiceFiles([0, 1, 2])]], ['again with other line ends', [...invoiceFiles([0, 1, 2]), ...invoiceFiles([2, 1, 0], (text) => crlf(text.replaceAll('><', '>\n<')))]],
    ['two deliveries that overlap', [...invoiceFiles([0, 1]), ...invoiceFiles([1, 2], (text) => `${text}\n`)]],
    ['under other names', invoiceFiles([0, 1, 2]).map((one, index) => ({ ...one, name: `document ${index}.xml` }))],
    ['an unknown element', invoiceFiles([0, 1, 2], (text) => text.replace('<cbc:ID>', '<cbc:UUID>7</cbc:UUID><cbc:ID>'))],
  ])('%s: the same state as each file once', async (_, files) => {
    const alone = await stateAfter(db.database, invoiceFiles([0, 1, 2]));
    expect(alone.filter((line) => line.startsWith('item')).length).toBe(INVOICES.length);
    expect(await stateAfter(db.database, files)).toEqual(alone);
  });

  test('planted bug: a key that takes in the file is found', async () => {
    const alone = await stateAfter(mutant.database, invoiceFiles([0]));
    const again = await stateAfter(mutant.database, [...invoiceFiles([0]), ...invoiceFiles([0], (text) => `${text}\n`)]);
    expect(again.length).toBeGreaterThan(alone.length);
  });
});

const LEDGER: readonly ShortLine[] = [
  { code: 'C1', piece: 'FA1', on: '2026-01-10', debit: '100,00', letter: 'AA' }, { code: 'C2', piece: 'FA2', on: '2026-01-12', debit: '50,00' },
  { code: 'C1', piece: 'VIR1', on: '2026-02-10', credit: '100,00', letter: 'AA' }, { code: 'C3', piece: 'FA3', on: '2026-02-20', debit: '75,25' },
];
const books = (lines: readonly ShortLine[]): string => fecOf(lines);
const FEC_FILE = '000000000FEC20261231.txt';

describe('FEC', () => {
  const rows = books(LEDGER).split('\r\n').filter((line) => line !== '');
  const shuffled = [rows[0] ?? '', ...rows.slice(1).toReversed(), ''].join('\r\n');
  const older = books(LEDGER.slice(0, 2).map(({ letter: _letter, ...line }) => line));

  test.each<[string, readonly Given[]]>([
    ['S1-068 same bytes twice', [{ text: books(LEDGER), name: FEC_FILE }, { text: books(LEDGER), name: FEC_FILE }]],
    ['S1-069 same content under another name', [{ text: books(LEDGER), name: FEC_FILE }, { text: books(LEDGER), name: `copie ${FEC_FILE}` }]],
    ['S1-070 same content with other line ends', [{ text: books(LEDGER), name: FEC_FILE }, { text: lf(books(LEDGER)), name: FEC_FILE }]],
    ['S1-071 lines shuffled', [{ text: shuffled, name: FEC_FILE }]],
    ['S1-072 split in two files that overlap', [{ text: books(LEDGER.slice(0, 3)), name: FEC_FILE }, { text: books(LEDGER), name: FEC_FILE }]],
    ['S1-073 an older export after a newer one: what was paid stays paid', [{ text: books(LEDGER), name: FEC_FILE }, { text: older, name: FEC_FILE }]],
    ['an unknown column', [{ text: rows.map((line, index) => `${line}\t${index === 0 ? 'Analytique' : 'x'}`).join('\r\n'), name: FEC_FILE }]],
  ])('%s: the same state as the file alone', async (_, files) => {
    const alone = await stateAfter(db.database, [{ text: books(LEDGER), name: FEC_FILE }]);
    expect(alone.filter((line) => line.startsWith('item')).length).toBe(LEDGER.length);
    expect(await stateAfter(db.database, files)).toEqual(alone);
  });

  test('planted bug: keys that take in the file are found', async () => {
    const alone = await stateAfter(mutant.database, [{ text: books(LEDGER), name: FEC_FILE }]);
    expect(await stateAfter(mutant.database, [{ text: books(LEDGER), name: FEC_FILE }, { text: lf(books(LEDGER)), name: FEC_FILE }])).not.toEqual(alone);
  });
});
