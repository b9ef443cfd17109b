import fc from 'fast-check';
import iconv from 'iconv-lite';
import { expect, test } from 'vitest';
import { createEncodingDetector } from '#core/intake/encoding.ts';
import { EXAMPLE_LEDGER, exampleFec } from '#core/intake/example-ledger.ts';
import type { ExampleDialect } from '#core/intake/example-ledger.ts';
import { createFecReader } from '#core/intake/fec.ts';
import type { FecLine } from '#core/intake/fec-line.ts';
import { meaningOf } from '#core/intake/fec-reading.ts';
import { createChunkDecoder } from './decode.ts';

/** Reads the bytes of a FEC given in chunks and says what they mean. */
type ReadBytes = (chunks: readonly Uint8Array[]) => string;

const encodingOf = (chunks: readonly Uint8Array[]): Parameters<typeof createChunkDecoder>[0] => {
  const detector = createEncodingDetector();
  for (const chunk of chunks) detector.push(chunk);
  const detected = detector.end();
  if (!detected.ok) throw new Error(detected.error.message.en);
  return detected.value.encoding;
};

const readTexts = (texts: readonly string[]): string => {
  const lines: FecLine[] = [];
  const reader = createFecReader({ line: (line) => lines.push(line) });
  for (const text of texts) if (!reader.push(text)) break;
  return meaningOf({ lines, summary: reader.end() });
};

const real: ReadBytes = (chunks) => {
  const decoder = createChunkDecoder(encodingOf(chunks));
  return readTexts([...chunks.map((chunk) => decoder.write(chunk)), decoder.end()]);
};

// Characters that every encoding below can write: both single-byte sets have Œ, é and €.
const LEDGER = EXAMPLE_LEDGER.map((line) => ({ ...line, auxiliaryName: line.auxiliaryName.replace(/[’—]/gu, '\'') }));
const CLEAN = real([Buffer.from(exampleFec({}, LEDGER))]);

type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252' | 'iso-8859-15';
type Variant = { readonly dialect: ExampleDialect; readonly encoding: Encoding; readonly cuts: readonly number[] };

function bytesOf({ dialect, encoding }: Variant): Buffer {
  const marked = encoding.startsWith('utf-16') ? true : encoding === 'utf-8' && dialect.byteOrderMark === true;
  return iconv.encode(exampleFec({ ...dialect, byteOrderMark: marked }, LEDGER), encoding, { addBOM: false });
}

function chunksOf(variant: Variant): Uint8Array[] {
  const bytes = bytesOf(variant);
  const cuts = [...new Set(variant.cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  return [0, ...cuts].map((from, index) => bytes.subarray(from, cuts[index] ?? bytes.length));
}

const variants: fc.Arbitrary<Variant> = fc.record({
  encoding: fc.constantFrom<Encoding>('utf-8', 'utf-16le', 'utf-16be', 'windows-1252', 'iso-8859-15'),
  cuts: fc.array(fc.nat({ max: 100_000 }), { maxLength: 40 }),
  dialect: fc.record({
    separator: fc.constantFrom('\t', '|', ';'),
    lineEnd: fc.constantFrom('\r\n', '\n', '\r'),
    quoted: fc.boolean(),
    byteOrderMark: fc.boolean(),
    lastLineEnd: fc.boolean(),
    reversedColumns: fc.boolean(),
  }),
});

const invariant = (read: ReadBytes): void =>
  fc.assert(fc.property(variants, (variant) => read(chunksOf(variant)) === CLEAN), { numRuns: 400, seed: 20_261_122 });

test('encoding, byte order mark, separator, quotes, line end, column order and chunk boundaries do not matter', () => {
  expect(CLEAN).toContain('"accepted":true');
  expect(() => invariant(real)).not.toThrow();
});

test('one byte at a time', () => {
  for (const encoding of ['utf-8', 'utf-16le', 'windows-1252', 'iso-8859-15'] as const) {
    for (const lineEnd of ['\r\n', '\r']) {
      const bytes = bytesOf({ dialect: { lineEnd }, encoding, cuts: [] });
      expect(real(Array.from(bytes, (byte) => Uint8Array.of(byte)))).toBe(CLEAN);
    }
  }
});

const decoded = (chunks: readonly Uint8Array[]): string[] => {
  const decoder = createChunkDecoder(encodingOf(chunks));
  return [...chunks.map((chunk) => decoder.write(chunk)), decoder.end()];
};

/** Readers with one fault each, of the sort that is easily written; the property must tell every one from the real reader. */
const PLANTED: Readonly<Record<string, ReadBytes>> = {
  'loses the line that a chunk boundary cuts': (chunks) => readTexts(decoded(chunks).map((text, index) => (index === 0 ? text : text.slice(text.search(/[\r\n]/u) + 1)))),
  'takes CR LF cut in two for two lines and stops at the blank one': (chunks) => {
    const texts = decoded(chunks);
    const at = texts.findIndex((text, index) => text.endsWith('\r') && (texts[index + 1] ?? '').startsWith('\n'));
    return readTexts(at < 0 ? texts : texts.slice(0, at + 1));
  },
  'takes Windows-1252 for Latin-1': (chunks) => {
    const encoding = encodingOf(chunks);
    return readTexts(encoding === 'windows-1252' ? [Buffer.concat(chunks).toString('latin1')] : decoded(chunks));
  },
  'takes ISO-8859-15 for Latin-1': (chunks) => {
    const encoding = encodingOf(chunks);
    return readTexts(encoding === 'iso-8859-15' ? [Buffer.concat(chunks).toString('latin1')] : decoded(chunks));
  },
  'decodes each chunk of UTF-8 on its own': (chunks) => {
    const encoding = encodingOf(chunks);
    return readTexts(encoding === 'utf-8' ? chunks.map((chunk) => Buffer.from(chunk).toString('utf8')) : decoded(chunks));
  },
  'knows no line end but LF': (chunks) => readTexts(decoded(chunks).map((text) => text.replaceAll('\r', ' '))),
  'keeps quotes as text': (chunks) => readTexts([decoded(chunks).join('').replaceAll('"', '\'')]),
  'forgets the last line without a line end': (chunks) => {
    const text = decoded(chunks).join('');
    return readTexts([/[\r\n]$/u.test(text) ? text : text.slice(0, Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r')) + 1)]);
  },
};

test.each(Object.keys(PLANTED))('a reader that %s is found out', (name) => {
  const faulty = PLANTED[name];
  if (faulty === undefined) throw new Error(`no such reader: ${name}`);
  expect(() => invariant(faulty)).toThrow(/Property failed/u);
});
