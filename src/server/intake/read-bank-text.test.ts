import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import iconv from 'iconv-lite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { BankLine, BankStatement, BankSummary } from '#core/intake/bank/bank-line.ts';
import { cfonb120Text, mt940Text } from '#core/intake/bank/example-statement.ts';
import type { ExampleStatement } from '#core/intake/bank/example-statement.ts';
import type { BankTextFormat } from '#core/intake/bank/recognise.ts';
import { day } from '#core/kernel/day.ts';
import { decimalMinor } from '#core/kernel/money.ts';
import { currencyDigits } from '#core/kernel/currency.ts';
import { readBankTextFile } from './read-bank-text.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const SHARED = join(ROOT, '../shared/samples');
const FORMATS: readonly BankTextFormat[] = ['cfonb120', 'cfonb240', 'mt940', 'ofx'];

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'acquit-bank-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

type Read = { readonly summary: BankSummary; readonly lines: readonly BankLine[]; readonly statements: readonly BankStatement[] };

async function readFileAs(format: BankTextFormat, path: string): Promise<Read> {
  const lines: BankLine[] = [];
  const statements: BankStatement[] = [];
  const summary = await readBankTextFile({ path, format, sink: { line: (line) => lines.push(line), statement: (statement) => statements.push(statement) } });
  return { summary, lines, statements };
}

async function readBytes(format: BankTextFormat, bytes: Uint8Array): Promise<Read> {
  const path = join(folder, 'file.txt');
  await writeFile(path, bytes);
  return readFileAs(format, path);
}

/** Everything a file says, one fact of the bank a line, empty values left out. */
function transcript({ summary, lines, statements }: Read): string {
  const amount = (minor: bigint, currency: BankLine['currency']): string => `${decimalMinor(minor, currencyDigits(currency))} ${currency}`;
  const values = (named: Readonly<Record<string, unknown>>): string =>
    Object.entries(named).filter(([, value]) => value !== null && value !== undefined && value !== '' && value !== false).map(([name, value]) => ` ${name}=${JSON.stringify(value)}`).join('');
  return [
    `${summary.accepted ? 'accepted' : 'refused'}: ${summary.statements} statements, ${summary.lines} booked, ${summary.pending} other`,
    ...summary.problems.map((found) => `${found.severity} ${found.line} ${found.code.replace('intake.', '')}`),
    ...statements.map(({ account, opening, closing, ...of }) =>
      `statement ${of.ordinal} @${of.line}${values({ iban: account.iban, other: account.other, bic: account.bic, name: of.identification, number: of.sequence, from: of.from, until: of.until })}`
      + ` ${opening === null ? '?' : amount(opening.minor, account.currency)} -> ${closing === null ? '?' : amount(closing.minor, account.currency)} balanced=${of.balanced}`),
    ...lines.map(({ counterparty, returned, original, ...of }) =>
      `${of.statement} @${of.line} ${of.status} ${of.bookedOn} ${amount(of.minor, of.currency)}`
      + values({
        value: of.valueOn === of.bookedOn ? null : of.valueOn, was: original === null ? null : amount(original.minor, original.currency), name: counterparty.name, iban: counterparty.iban,
        account: counterparty.account, bic: counterparty.bic, ultimate: counterparty.ultimateName, e2e: of.endToEndId, mandate: of.mandateId, ref: of.bankReference,
        creditor: of.creditorReference, label: of.label, text: of.remittance, code: of.transactionCode, returned: returned === null ? null : (returned.code ?? '?'), because: returned?.text, reversal: of.reversal,
      })),
  ].join('\n');
}

const fixtures = FORMATS.flatMap((format) => readdirSync(join(ROOT, 'fixtures', format)).filter((name) => /\.(?:txt|sta|swi|ofx)$/u.test(name)).map((name): [BankTextFormat, string] => [format, name]));

test.each(fixtures)('%s fixture %s says what its transcript says, to the last field', async (format, name) => {
  const read = await readFileAs(format, join(ROOT, 'fixtures', format, name));
  const expected = await readFile(join(ROOT, 'fixtures', format, 'transcripts', `${name}.transcript`), 'utf8');
  expect(`${transcript(read)}\n`).toBe(expected);
});

/** File, accepted or not, statements, booked lines, credit, debit, problems as `line code`. */
type Outcome = readonly [file: string, outcome: readonly [accepted: boolean, statements: number, lines: number, credit: bigint, debit: bigint], problems: readonly string[]];

const SAMPLES: readonly Outcome[] = [
  ['mt940/oca_test-ing.940', [true, 1, 8, 3658n, 13_446n], []],
  ['mt940/oca_test-rabo.swi', [true, 4, 2, 40_000n, 3461n], []],
  ['mt940/wolph_ASNB_mt940.txt', [true, 31, 8, 282_890n, 277_196n], []],
  ['mt940/wolph_ASNB_mt940_with_spaces_for_entry_date.txt', [true, 31, 8, 282_890n, 277_196n], []],
  ['mt940/wolph_mBank_with_newline_in_tnr.sta', [true, 1, 2, 8900n, 0n], ['1 bankControlCharacter', '21 bankControlCharacter', '2 statementUnbalanced']],
  ['mt940/wolph_sberbank_171011_01234945.sta', [true, 1, 3, 0n, 943_700n], ['17 replacementCharacter']],
  ['mt940/wolph_self-provided_account_identification.sta', [false, 0, 0, 0n, 0n], ['1 mt940OpeningMissing', '4 mt940OpeningMissing']],
  ['mt940/wolph_self-provided_empty_non_swift.sta', [false, 0, 0, 0n, 0n], ['0 bankFileEmpty']],
  ['mt940/wolph_self-provided_invalid_statement.sta', [false, 0, 0, 0n, 0n], ['0 bankFileEmpty']],
  ['mt940/wolph_self-provided_long_statement_number.sta', [true, 1, 0, 0n, 0n], []],
  ['mt940/wolph_self-provided_malformed_details.sta', [true, 1, 1, 0n, 23_315n], ['1 statementUnbalanced']],
  ['mt940/wolph_self-provided_multiline.sta', [false, 1, 1, 0n, 500n], ['38 mt940MovementOutside']],
  ['mt940/wolph_self-provided_sparkassen.sta', [false, 0, 0, 0n, 0n], ['1 mt940MovementOutside']],
  ['mt940/wolph_self-provided_transaction_details_wrapped.sta', [true, 1, 1, 0n, 600n], ['6 mt940DayOfFebruary']],
  ['mt940/wolph_self-provided_whitespace.sta', [true, 1, 1, 0n, 23_315n], ['1 statementUnbalanced']],
  ['ofx/oca_test_ofx.ofx', [true, 2, 4, 0n, 36_000n], []],
  ['ofx/oca_test_ofx_wrong.ofx', [false, 2, 3, 0n, 27_000n], ['21 ofxCurrencyMissing', '21 ofxAccountMissing', '42 ofxDayMissing', '42 ofxAmountMissing']],
];

/** The samples, and nothing where they are not: the fixtures prove the same behaviour everywhere. */
const besides = existsSync(join(SHARED, 'mt940')) ? ['samples beside the checkout'] : [];

describe.each(besides)('%s', () => {
  test.each(SAMPLES)('%s', async (file, outcome, problems) => {
    const { summary } = await readFileAs(file.startsWith('ofx') ? 'ofx' : 'mt940', join(SHARED, file));
    expect([summary.accepted, summary.statements, summary.lines, summary.credit, summary.debit]).toEqual(outcome);
    expect(summary.problems.map((found) => `${found.line} ${found.code.replace('intake.', '')}`)).toEqual(problems);
  });

  test('every sample is either in the table above or a fixture', () => {
    const known = new Set([...SAMPLES.map(([file]) => file), ...fixtures.map(([format, name]) => `${format}/${name}`)]);
    const sampleName = (format: string, file: string): string => `${format}/${file.replace(/^silarhi_HEAD_(?:cfonb\.240-)?/u, 'silarhi_').replace(/^wolph_(?=jejik|cmxl|betterplace)/u, '')}`;
    const files = FORMATS.flatMap((format) => readdirSync(join(SHARED, format)).filter((file) => file !== 'SOURCES.md').map((file) => [`${format}/${file}`, sampleName(format, file)] as const));
    expect(files.filter(([file, name]) => !known.has(file) && !known.has(name))).toEqual([]);
    expect(files.length).toBeGreaterThan(50);
  });

  test('the CFONB statement of the synthetic ledger balances and brings every match of its list', async () => {
    const { summary, lines, statements } = await readFileAs('cfonb120', join(SHARED, 'synthetic_ar/releve_cfonb120.txt'));
    const Expected = z.object({ openingBalance: z.string(), closingBalance: z.string(), bankMatches: z.array(z.object({ amount: z.union([z.string(), z.number()]).optional() }).loose()) });
    const expected = Expected.parse(JSON.parse(await readFile(join(SHARED, 'synthetic_ar/expected.json'), 'utf8')));
    expect(summary).toMatchObject({ accepted: true, statements: 1, lines: expected.bankMatches.length, problems: [] });
    expect(statements[0]).toMatchObject({ balanced: true, account: { iban: 'FR7630004005500001234567840', other: '30004 00550 00012345678' } });
    expect(decimalMinor(statements[0]?.opening?.minor ?? 0n, 2)).toBe(expected.openingBalance);
    expect(decimalMinor(statements[0]?.closing?.minor ?? 0n, 2)).toBe(expected.closingBalance);
    expect(lines.reduce((sum, line) => sum + line.minor, 0n)).toBe(summary.credit - summary.debit);
    expect(decimalMinor(1_000_000n + summary.credit - summary.debit, 2)).toBe(expected.closingBalance);
  });
});

const STATEMENT: ExampleStatement = {
  account: '00012345678', number: 7, from: day('2026-01-31'), until: day('2026-02-03'), opening: 100_000n,
  movements: [
    { on: day('2026-02-02'), cents: 123_456n, label: 'VIR SOCIETE', text: 'Hôtel de l’Étoile — 100 €', reference: 'R1' },
    { on: day('2026-02-03'), cents: -5n, label: 'FRAIS', text: 'Frais', reference: 'R2' },
  ],
};
const TEXTS: readonly [BankTextFormat, string][] = [['cfonb120', cfonb120Text([STATEMENT], '\r\n')], ['mt940', mt940Text([STATEMENT], '\r\n')]];
const utf16be = (text: string): Buffer => Buffer.concat([Buffer.from([0xfe, 0xff]), iconv.encode(text, 'utf-16be')]);

describe.each(TEXTS)('%s in every encoding', (format, text) => {
  const plain = text.replaceAll('’', '\'').replaceAll('—', '-');
  test.each<[string, Uint8Array, string]>([
    ['S1-010 UTF-8 with BOM', Buffer.from(`\ufeff${text}`), 'Hôtel de l’Étoile — 100 €'],
    ['S1-011 UTF-16LE', Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]), 'Hôtel de l’Étoile — 100 €'],
    ['S1-012 UTF-16BE', utf16be(text), 'Hôtel de l’Étoile — 100 €'],
    ['S1-013 Windows-1252', iconv.encode(text, 'windows-1252'), 'Hôtel de l’Étoile — 100 €'],
    ['S1-014 ISO-8859-15', iconv.encode(plain, 'iso-8859-15'), 'Hôtel de l\'Étoile - 100 €'],
  ])('%s: same lines, same text', async (_, bytes, expected) => {
    const { summary, lines, statements } = await readBytes(format, bytes);
    expect(summary).toMatchObject({ accepted: true, lines: 2, credit: 123_456n, debit: 5n, problems: [] });
    expect([lines[0]?.remittance, statements[0]?.balanced]).toEqual([expected, true]);
  });

  test.each<[string, Uint8Array, string]>([
    ['S1-015 UTF-8 cut in the middle of a character', Buffer.concat([Buffer.from(text), Buffer.from([0xf0, 0x9f, 0x92])]), 'encodingTruncated'],
    ['S1-016 overlong UTF-8', Buffer.concat([Buffer.from(text), Buffer.from([0xc0, 0xaf])]), 'encodingForbidden'],
    ['S1-017 mixed encodings', Buffer.concat([Buffer.from(text), iconv.encode('Café\r\n', 'windows-1252')]), 'encodingMixed'],
    ['S1-018 NUL bytes', Buffer.from(text.replace('FRAIS', 'FR\0IS')), 'nulByte'],
    ['S1-019 lone surrogate', Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le'), Buffer.from([0x00, 0xd8])]), 'encodingTruncated'],
    ['an empty file', Buffer.alloc(0), 'fileEmpty'],
  ])('%s: refused with the place, nothing read', async (_, bytes, code) => {
    const { summary, lines } = await readBytes(format, bytes);
    expect(summary).toMatchObject({ accepted: false, lines: 0 });
    expect(summary.problems.map((found) => found.code)).toEqual([`intake.${code}`]);
    expect(lines).toEqual([]);
  });

  test('a control character inside a label is read as a space, with its line and place', async () => {
    const { summary, lines } = await readBytes(format, Buffer.from(text.replace('Frais', 'Fr\u0007ais')));
    expect(summary.accepted).toBe(true);
    expect(lines[1]?.remittance).toBe('Fr ais');
    expect(summary.problems.map((found) => found.code)).toEqual(['intake.bankControlCharacter']);
    expect(summary.problems[0]?.message.fr).toMatch(/^Ligne \d+ : caractère de commande U\+0007 au caractère \d+/u);
  });
});

test('progress ends at the size of the file and a slow sink is awaited', async () => {
  const path = join(folder, 'progress.txt');
  const bytes = Buffer.from(cfonb120Text(Array.from({ length: 300 }, () => ({ ...STATEMENT, movements: [] })), '\n'));
  await writeFile(path, bytes);
  let drains = 0;
  const seen: number[] = [];
  const sink = { line: () => undefined, statement: () => undefined, drain: async () => { drains += await Promise.resolve(1); } };
  const summary = await readBankTextFile({ path, format: 'cfonb120', sink, progress: (read) => seen.push(read) });
  expect(summary).toMatchObject({ accepted: true, statements: 300 });
  expect([drains, seen.at(-1)]).toEqual([2, bytes.length]);
});
