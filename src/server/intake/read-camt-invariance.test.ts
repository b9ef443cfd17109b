import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createCamtReader } from '#core/intake/bank/camt.ts';
import { camtBalance, camtDocument, camtEntry, camtTransaction, keepingSink } from '#core/intake/bank/camt-example.ts';
import type { BankLine, BankSummary } from '#core/intake/bank/bank-line.ts';
import { decimalMinor } from '#core/kernel/money.ts';
import { createChunkDecoder } from './decode.ts';
import { XmlFeed } from './read-xml-feed.ts';
import { readCamtBytes } from './read-camt.ts';

const root = fileURLToPath(new URL('../../../fixtures/camt/', import.meta.url));
const documents = readdirSync(root).filter((name) => name.endsWith('.xml')).map((name) => {
  const bytes = readFileSync(`${root}${name}`);
  return { name, text: createChunkDecoder(name.includes('iso88591') ? 'windows-1252' : 'utf-8').write(bytes).replace('ISO-8859-1', 'UTF-8') };
});

type Reading = { readonly lines: readonly Omit<BankLine, 'line'>[]; readonly summary: Omit<BankSummary, 'problems'>; readonly codes: readonly string[] };

/** What must not change: everything but the places in the file. */
function reading(lines: readonly BankLine[], summary: BankSummary): Reading {
  const { problems, ...rest } = summary;
  return { lines: lines.map(({ line: _line, ...facts }) => facts), summary: rest, codes: problems.map(({ code }) => code) };
}

function read(text: string): Reading {
  const sink = keepingSink();
  const { format: _format, ...summary } = readCamtBytes(new TextEncoder().encode(text), sink);
  return reading(sink.lines, summary);
}

/** The same text given to the parser in pieces. */
function readInPieces(text: string, cuts: readonly number[]): Reading {
  const sink = keepingSink();
  const reader = createCamtReader(sink);
  const feed = new XmlFeed(reader);
  const places = [0, ...cuts.map((cut) => cut % (text.length + 1)).toSorted((a, b) => a - b), text.length];
  for (const [index, from] of places.entries()) feed.write(text.slice(from, places[index + 1] ?? text.length));
  return reading(sink.lines, reader.end(feed.end()));
}

const unix = (text: string): string => text.replaceAll('\r\n', '\n');
const BETWEEN = />\s+</gu;

/** The document with its message under another prefix, or none. */
function otherPrefixes(text: string): readonly string[] {
  if (text.includes('xmlns:ns2')) return [text.replaceAll('ns2', 'camt'), text.replaceAll('ns2:', '').replace('xmlns:ns2', 'xmlns')];
  return [text.replaceAll(/<(\/?)([A-Za-z])(?!\w*:)/gu, '<$1p:$2').replaceAll(' xmlns="', ' xmlns:p="')];
}

describe.each(documents)('$name', ({ text }) => {
  const expected = read(text);

  test.each([
    ['a mark', `\ufeff${text}`],
    ['LF', unix(text)],
    ['CRLF', unix(text).replaceAll('\n', '\r\n')],
    ['CR', unix(text).replaceAll('\n', '\r')],
    ['one line', text.replaceAll(BETWEEN, '><')],
    ['one element a line', text.replaceAll(BETWEEN, '><').replaceAll('><', '>\n\t  <')],
    ['comments everywhere', text.replaceAll(BETWEEN, '><').replaceAll('><', '><!-- <Ntry> --><')],
    ['CDATA', text.replaceAll(/<((?:\w+:)?(?:Nm|Ustrd|Cd))>([^<&]+)</gu, '<$1><![CDATA[$2]]><')],
    ['character references', text.replaceAll('2025', '&#50;&#x30;25')],
  ])('%s changes nothing', (_what, changed) => {
    expect(read(changed)).toEqual(expected);
  });

  test.each(otherPrefixes(text))('a prefix changes nothing', (changed) => {
    expect(changed).not.toBe(text);
    expect(read(changed)).toEqual(expected);
  });

  test('pieces cut anywhere change nothing', () => {
    expect(readInPieces(text, Array.from({ length: text.length }, (_, index) => index))).toEqual(expected);
    fc.assert(fc.property(fc.array(fc.nat(), { maxLength: 20 }), (cuts) => {
      expect(readInPieces(text, cuts)).toEqual(expected);
    }), { numRuns: 30, seed: 52 });
  });
});

type Entry = {
  readonly cents: number;
  readonly comesIn: boolean;
  readonly reversal: boolean;
  readonly status: 'BOOK' | 'PDNG';
  /** Cents of the transactions listed, in the direction of the entry or against it; null is one without amount. */
  readonly details: readonly ({ readonly cents: number; readonly against: boolean } | null)[];
};

const AMOUNT = fc.integer({ min: 1, max: 99_999_999 });
const ENTRY: fc.Arbitrary<Entry> = fc.oneof(
  fc.record({
    cents: AMOUNT, comesIn: fc.boolean(), reversal: fc.boolean(), status: fc.constantFrom('BOOK', 'BOOK', 'PDNG'),
    details: fc.array(fc.option(fc.record({ cents: AMOUNT, against: fc.boolean() }), { freq: 8 }), { maxLength: 4 }),
  }),
  // Batches whose details sum up.
  fc.record({ comesIn: fc.boolean(), parts: fc.array(AMOUNT, { minLength: 2, maxLength: 5 }) }).map(({ comesIn, parts }): Entry => ({
    cents: parts.reduce((a, b) => a + b, 0), comesIn, reversal: false, status: 'BOOK', details: parts.map((cents) => ({ cents, against: false })),
  })),
);

const text = (cents: number): string => decimalMinor(BigInt(cents), 2);
const signed = ({ cents, comesIn }: Entry): bigint => BigInt(comesIn ? cents : -cents);

function write(entries: readonly Entry[]): string {
  const movement = entries.filter(({ status }) => status === 'BOOK').reduce((sum, entry) => sum + signed(entry), 0n);
  return camtDocument(camtBalance('OPBD', '0.00') + camtBalance('CLBD', decimalMinor(movement, 2)) + entries.map((entry, index) => camtEntry({
    amount: text(entry.cents), direction: entry.comesIn ? 'CRDT' : 'DBIT', reversal: String(entry.reversal), status: entry.status, more: `<AcctSvcrRef>${index}</AcctSvcrRef>`,
    details: entry.details.map((one) => (one === null ? camtTransaction(null) : camtTransaction(text(one.cents), `<CdtDbtInd>${entry.comesIn === one.against ? 'DBIT' : 'CRDT'}</CdtDbtInd>`))).join(''),
  })).join(''));
}

/** What the details of an entry give; null when one has no amount. */
function detailed({ details }: Entry): number | null {
  return details.reduce<number | null>((sum, one) => (sum === null || one === null ? null : sum + (one.against ? -one.cents : one.cents)), 0);
}

/** The rule: every entry's lines sum up to it exactly, split or not, and only booked money moves the balance. */
function obeysTheRule(entries: readonly Entry[], readEntries: (entries: readonly Entry[]) => Reading['lines']): boolean {
  const lines = readEntries(entries);
  return entries.every((entry, index) => {
    const own = lines.filter(({ bankReference }) => bankReference === String(index));
    const total = own.reduce((sum, { minor }) => sum + minor, 0n);
    const splits = entry.details.length > 1 && detailed(entry) === entry.cents;
    return total === signed(entry) && own.length === (splits ? entry.details.length : 1)
      && own.every(({ status, reversal }) => status === (entry.status === 'BOOK' ? 'booked' : 'pending') && reversal === entry.reversal);
  });
}

const ENTRIES = fc.array(ENTRY, { minLength: 1, maxLength: 12 });
const RUNS = { numRuns: 200, seed: 53 };
const readLines = (entries: readonly Entry[]): Reading['lines'] => read(write(entries)).lines;

describe('money', () => {
  test('every entry keeps its amount, and the statement balances', () => {
    fc.assert(fc.property(ENTRIES, (entries) => {
      expect(obeysTheRule(entries, readLines)).toBe(true);
      const { summary, codes } = read(write(entries));
      const booked = entries.filter(({ status }) => status === 'BOOK').map((entry) => signed(entry));
      expect(summary).toMatchObject({ accepted: true, pending: entries.length - booked.length });
      expect(summary.credit - summary.debit).toBe(booked.reduce((a, b) => a + b, 0n));
      expect(codes).not.toContain('intake.statementUnbalanced');
    }), RUNS);
  });

  /** Readers with a fault planted in what they are given, or in what they give. */
  const FAULTY: readonly (readonly [string, (entries: readonly Entry[]) => Reading['lines']])[] = [
    ['ignores CdtDbtInd', (entries) => read(write(entries).replaceAll('DBIT', 'CRDT')).lines],
    ['turns reversals round', (entries) => readLines(entries).map((line) => (line.reversal ? { ...line, minor: -line.minor } : line))],
    ['trusts the details rather than the entry', (entries) => readLines(entries.map((entry) => ({ ...entry, cents: entry.details.length > 0 ? Math.abs(detailed(entry) ?? entry.cents) : entry.cents })))],
    ['reads pending entries as booked', (entries) => read(write(entries).replaceAll('PDNG', 'BOOK')).lines],
    ['never splits', (entries) => readLines(entries.map((entry) => ({ ...entry, details: [] })))],
    ['loses cents', (entries) => readLines(entries).map((line) => ({ ...line, minor: line.minor - (line.minor % 100n) }))],
    ['drops the last line', (entries) => readLines(entries).slice(0, -1)],
  ];

  test.each(FAULTY)('a reader that %s is found out', (_fault, faulty) => {
    const found = fc.check(fc.property(ENTRIES, (entries) => obeysTheRule(entries, faulty)), RUNS);
    expect(found.failed).toBe(true);
  });
});
