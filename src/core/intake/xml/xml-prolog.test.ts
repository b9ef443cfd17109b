import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { must } from '#core/kernel/result.ts';
import { chooseXmlEncoding } from './xml-encoding.ts';
import { MAX_XML_PROLOG_CHARS } from './xml-limits.ts';
import { XmlProlog } from './xml-prolog.ts';

/** The encoding declared, or the code and line of the problem. */
function prolog(pieces: readonly string[]): string | null {
  const looking = new XmlProlog();
  for (const piece of pieces) if (!looking.push(piece)) break;
  const found = looking.end();
  return found.ok ? found.value.encoding : `${found.error.line} ${found.error.code.replace('intake.', '')}`;
}

const CASES: readonly (readonly [string, string | null])[] = [
  ['<a/>', null],
  ['\ufeff<?xml version="1.0" encoding="UTF-8"?><a>', 'UTF-8'],
  ['<?xml version=\'1.0\' encoding = \'ISO-8859-15\' standalone="yes"?>\r\n<!-- <!DOCTYPE a> -->\r\n<?pi <!DOCTYPE?>\r\n<a>', 'ISO-8859-15'],
  ['<?xml-stylesheet encoding="x"?><a>', null],
  ['<!-- a -->\r\n<!-- b\r\n-->\r\n\r\n<!DOCTYPE a>', '5 xmlDoctype'],
  ['\r\r\n\n<!doctype html>', '4 xmlDoctype'],
  ['<!ENTITY x "y">', '1 xmlDoctype'],
  ['<!-', '1 xmlNoElement'],
  ['<!-x', '1 xmlDoctype'],
  ['<!-- never closed <a>', '1 xmlNoElement'],
  ['<?xml version="1.0"', '1 xmlNoElement'],
  ['\n\n', '3 xmlNoElement'],
  ['{"a": 1}', '1 xmlNotMarkup'],
  ['<!-- x --> texte <a/>', '1 xmlNotMarkup'],
  [`<!--${'x'.repeat(MAX_XML_PROLOG_CHARS)}`, '1 xmlPrologTooLong'],
];

describe('before the first element', () => {
  test.each(CASES)('%#', (text, expected) => {
    expect(prolog([text])).toBe(expected);
  });

  test('pieces cut anywhere give the same answer', () => {
    const short = CASES.filter(([text]) => text.length < 1_000);
    expect(short.map(([text]) => prolog([...text]))).toEqual(short.map(([, expected]) => expected));
    fc.assert(fc.property(fc.constantFrom(...short), fc.array(fc.nat({ max: 100 }), { maxLength: 5 }), ([text, expected], cuts) => {
      const places = [0, ...cuts.map((cut) => Math.min(cut, text.length)).toSorted((a, b) => a - b), text.length];
      expect(prolog(places.slice(1).map((end, index) => text.slice(places[index], end)))).toBe(expected);
    }), { seed: 54 });
  });

  test('a long comment in many pieces stops at the limit', () => {
    const looking = new XmlProlog();
    let given = 0;
    for (let more = looking.push('<!--'); more; given += 50_000) more = looking.push('x'.repeat(50_000));
    expect(given).toBeLessThanOrEqual(MAX_XML_PROLOG_CHARS + 100_000);
    expect(looking.push('--><a>')).toBe(false);
  });
});

describe('encodings', () => {
  test.each([
    [null, 'utf-8', 'utf-8'], ['utf8', 'utf-8', 'utf-8'], ['US-ASCII', 'utf-8', 'utf-8'], ['UTF-16', 'utf-16be', 'utf-16be'], [null, 'utf-16le', 'utf-16le'],
    ['iso-8859-1', 'iso-8859-15', 'windows-1252'], ['ISO-8859-1', 'windows-1252', 'windows-1252'], ['Windows-1252', 'iso-8859-15', 'windows-1252'],
    ['ISO-8859-15', 'iso-8859-15', 'iso-8859-15'], ['ISO-8859-1', 'utf-8', 'utf-8'],
  ] as const)('%s declared, %s found: read as %s', (declared, found, encoding) => {
    expect(must(chooseXmlEncoding(declared, found)).encoding).toBe(encoding);
  });

  test.each([
    [null, 'windows-1252'], ['utf-8', 'iso-8859-15'], ['us-ascii', 'windows-1252'], ['utf-16', 'utf-8'], ['utf-8', 'utf-16le'], ['iso-8859-1', 'utf-16be'], ['iso-8859-15', 'windows-1252'],
  ] as const)('%s declared, %s found: refused', (declared, found) => {
    expect(chooseXmlEncoding(declared, found)).toMatchObject({ ok: false, error: { code: 'intake.xmlEncodingDisagrees' } });
  });

  test.each(['utf-7', 'ucs-4', 'shift_jis', '', '__proto__', 'constructor'])('%s is not read', (declared) => {
    expect(chooseXmlEncoding(declared, 'utf-8')).toMatchObject({ ok: false, error: { code: 'intake.xmlEncodingUnknown', line: 1 } });
  });
});
