import fc from 'fast-check';
import iconv from 'iconv-lite';
import { expect, test } from 'vitest';
import { createEncodingDetector } from './encoding.ts';
import type { DetectedEncoding } from './encoding.ts';
import type { Problem } from '#core/kernel/problem.ts';
import type { Result } from '#core/kernel/result.ts';

function detect(bytes: Uint8Array, chunk = bytes.length): Result<DetectedEncoding, Problem> {
  const detector = createEncodingDetector();
  for (let at = 0; at < bytes.length; at += Math.max(1, chunk)) detector.push(bytes.subarray(at, at + Math.max(1, chunk)));
  return detector.end();
}

const TEXT = 'Nom;Société\r\nŒuvre d\'été;100\r\n';
const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');
const ascii = (text: string): string => Buffer.from(text, 'latin1').toString('hex');

test.each<[string, Uint8Array, string]>([
  ['UTF-8', Buffer.from(TEXT), 'utf-8'],
  ['UTF-8 with BOM', Buffer.from(`\ufeff${TEXT}`), 'utf-8'],
  ['ASCII', Buffer.from('Nom;Code\n'), 'utf-8'],
  ['four-byte characters', Buffer.from('a😀b\n'), 'utf-8'],
  ['UTF-16LE', Buffer.from(`\ufeff${TEXT}`, 'utf16le'), 'utf-16le'],
  ['UTF-16BE', Buffer.from(`\ufeff${TEXT}`, 'utf16le').swap16(), 'utf-16be'],
  ['Windows-1252', iconv.encode(`${TEXT}prix 3 €\n`, 'windows-1252'), 'windows-1252'],
  ['ISO-8859-15', iconv.encode(`${TEXT}prix 3 €\n`, 'iso-8859-15'), 'iso-8859-15'],
  ['French capital before a no-break space', iconv.encode('SOCIÉTÉ\u00a0: 3\n', 'iso-8859-15'), 'iso-8859-15'],
  ['accented last byte', iconv.encode('Nom\nété', 'iso-8859-15'), 'iso-8859-15'],
])('%s is recognised', (_, bytes, encoding) => {
  const found = detect(bytes);
  expect(found).toMatchObject({ ok: true, value: { encoding, bytes: bytes.length, warnings: [] } });
});

test.each<[string, Uint8Array, string, number, number]>([
  ['cut in the middle of a 4-byte character', hex(`${ascii('a\nb')} f09f98`), 'encodingTruncated', 2, 3],
  ['cut after an accent elsewhere', Buffer.concat([Buffer.from('été\n'), hex('c3')]), 'encodingTruncated', 2, 6],
  ['overlong slash', hex(`${ascii('a\n')} c0af 0a`), 'encodingForbidden', 2, 2],
  ['overlong NUL', hex(`c080 ${ascii('a\n')}`), 'encodingForbidden', 1, 0],
  ['lone surrogate U+D800', hex(`${ascii('abc')} eda080`), 'encodingForbidden', 1, 3],
  ['two encodings in one file', Buffer.concat([Buffer.from('Société\n'), iconv.encode('Société\n', 'windows-1252')]), 'encodingMixed', 2, 14],
  ['BOM then Latin', Buffer.concat([hex('efbbbf'), iconv.encode('Société\n', 'iso-8859-15')]), 'encodingMixed', 1, 7],
  ['NUL bytes', hex(`${ascii('a\r\nb\rc')} 00 ${ascii('d')}`), 'nulByte', 3, 6],
  ['UTF-16 without a mark', Buffer.from('Nom', 'utf16le'), 'nulByte', 1, 1],
  ['undefined Windows-1252 byte', hex(`${ascii('caf')} e9 0a 80 81 20`), 'encodingUnknownByte', 2, 6],
  ['half a pair in UTF-16', hex('fffe 6100 00d8 6200'), 'encodingForbidden', 1, 4],
  ['odd byte in UTF-16', hex('fffe 6100 62'), 'encodingTruncated', 1, 4],
  ['U+0000 in UTF-16', hex('fffe 6100 0000'), 'nulByte', 1, 4],
  ['empty', hex(''), 'fileEmpty', 0, -1],
  ['only a mark', hex('efbbbf'), 'fileEmpty', 0, -1],
])('%s is refused with line and offset', (...[, bytes, code, line, offset]) => {
  for (const chunk of [bytes.length, 1, 2, 3]) {
    const found = detect(bytes, chunk);
    const en: unknown = expect.stringContaining(offset < 0 ? '' : `offset ${offset}`);
    expect(found).toMatchObject({ ok: false, error: { code: `intake.${code}`, line, severity: 'error', message: { en } } });
  }
});

test('characters already lost before are reported, not silently kept', () => {
  const found = detect(Buffer.from('Nom\nSoci\ufffdt\ufffd\n'));
  expect(found).toMatchObject({ ok: true, value: { encoding: 'utf-8', warnings: [{ code: 'intake.replacementCharacter', line: 2, severity: 'warning' }] } });
});

test('any text is recognised as UTF-8 wherever the bytes are cut, and the strict reading agrees with the platform', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 40 }), fc.integer({ min: 1, max: 7 }), (bytes, chunk) => {
      const found = detect(bytes, chunk);
      let strict = true;
      try {
        new TextDecoder('utf-8', { fatal: true }).decode(bytes);
      } catch {
        strict = false;
      }
      const mark = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
      const said = found.ok && found.value.encoding === 'utf-8';
      const refusable = bytes.includes(0) || bytes.length <= 3;
      expect(mark || said === strict || (strict && refusable && !found.ok)).toBe(true);
      expect(found).toEqual(detect(bytes));
    }),
    { numRuns: 2_000, seed: 7 },
  );
});
