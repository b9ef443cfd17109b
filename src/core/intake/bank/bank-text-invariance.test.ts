import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { BankReading } from './bank-text-reading.ts';
import { readBankText } from './bank-text-reading.ts';
import { createControlFilter } from './control-characters.ts';
import { recogniseBankText } from './recognise.ts';
import type { BankTextFormat } from './recognise.ts';
import { ProblemList } from '../problem-list.ts';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
const folder = (format: string): string => join(ROOT, 'fixtures', format);
const FORMATS: readonly BankTextFormat[] = ['cfonb120', 'cfonb240', 'mt940', 'ofx'];
const isText = (name: string): boolean => /\.(?:txt|sta|swi|ofx|csv|fec)$/u.test(name);
const fixtures = FORMATS.flatMap((format) => readdirSync(folder(format)).filter(isText).map((name): [BankTextFormat, string, string] => [format, name, readFileSync(join(folder(format), name), 'latin1')]));

/** What a file means: everything but where it stands in the file and how it was laid out. */
function meaning({ summary, lines, statements }: BankReading): unknown {
  return {
    ...summary, problems: summary.problems.map(({ code, line }) => [code, line]),
    lines: lines.map((line) => ({ ...line, raw: '' })), said: statements,
  };
}

const unix = (text: string): string => text.replaceAll(/\r\n|\r/gu, '\n');

describe.each(fixtures)('%s %s', (format, _, text) => {
  const plain = unix(text);
  const expected = meaning(readBankText(format, plain));
  test.each<[string, string]>([
    ['CRLF', plain.replaceAll('\n', '\r\n')], ['CR', plain.replaceAll('\n', '\r')], ['a byte order mark', `\ufeff${plain}`], ['no line end at the end', plain.replace(/\n+$/u, '')],
    ['a line end more', `${plain}\n`],
  ])('%s changes nothing', (_, variant) => {
    expect(meaning(readBankText(format, variant))).toEqual(expected);
  });

  test('cut into pieces anywhere, it is the same file', () => {
    expect(meaning(readBankText(format, plain.split('')))).toEqual(expected);
    const crlf = plain.replaceAll('\n', '\r\n');
    fc.assert(fc.property(fc.array(fc.nat(crlf.length), { maxLength: 8 }), (cuts) => {
      const at = [0, ...cuts.toSorted((a, b) => a - b), crlf.length];
      expect(meaning(readBankText(format, at.slice(1).map((end, index) => crlf.slice(at[index], end))))).toEqual(expected);
    }), { numRuns: 20, seed: 20_260_202 });
  });

  test('trailing spaces dropped from its lines change nothing', () => {
    expect(meaning(readBankText(format, plain.replaceAll(/ +$/gmu, '')))).toEqual(expected);
  });
});

describe.each(fixtures.filter(([format]) => format.startsWith('cfonb')))('%s %s', (format, _, text) => {
  test('as one string of records, it says the same', () => {
    const width = format === 'cfonb120' ? 120 : 240;
    const records = unix(text).split('\n').filter((line) => line.trim() !== '').map((line) => line.padEnd(width)).join('');
    const withoutPlace = (reading: BankReading): unknown => ({
      summary: { ...reading.summary, problems: reading.summary.problems.map(({ code }) => code) },
      lines: reading.lines.map((line) => ({ ...line, line: 0, raw: '' })), statements: reading.statements.map((statement) => ({ ...statement, line: 0 })),
    });
    expect(withoutPlace(readBankText(format, records))).toEqual(withoutPlace(readBankText(format, unix(text))));
  });
});

describe('recognition by the first characters', () => {
  const NOT_WHOLE = /^(?:betterplace_(?:amount|currency|empty)|cmxl_)/u;
  test.each(fixtures.filter(([, name]) => !NOT_WHOLE.test(name)))('%s %s is recognised, cut or whole', (format, _, text) => {
    expect([recogniseBankText(text), recogniseBankText(text.slice(0, 4000)), recogniseBankText(`\ufeff${text}`)]).toEqual([format, format, format]);
  });

  test('fragments of one tag are not taken for a file', () => {
    expect(fixtures.filter(([, name]) => NOT_WHOLE.test(name)).map(([, , text]) => recogniseBankText(text))).toEqual(Array.from({ length: 8 }, () => null));
  });

  const tables = ['fec', 'csv'].flatMap((name) => [folder(name), join(ROOT, '../shared/samples', name), join(ROOT, '../shared/samples/bank_csv')]).filter((path) => existsSync(path))
    .flatMap((path) => readdirSync(path).filter(isText).map((name) => join(path, name)));
  test.each(tables)('%s is no bank text', (path) => {
    expect(recogniseBankText(readFileSync(path, 'latin1'))).toBeNull();
  });

  test.each([
    '', ' ', '<html><body>OFX</body></html>', '<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"/>', 'Date;Libellé;Montant\n02/02/2026;:20: x;1,00',
    '01;02;03;04', '0130004    00550EUR2 00012345678', '05;Libellé;Montant', 'OFX,Date,Amount\n1,2,3', ':20: heures\n', '31/01/2026;VIR;12,00', '34000002 20021220E',
  ])('"%s" is none', (text) => {
    expect(recogniseBankText(text)).toBeNull();
  });
});

test('control characters become spaces, with their line and place, wherever the pieces are cut', () => {
  const text = 'AB\u0001C\r\nD\u001fE\n\u0002F\rG\u007f\tH';
  for (const pieces of [[text], text.split(''), [text.slice(0, 5), text.slice(5)]]) {
    const problems = new ProblemList();
    const filter = createControlFilter(problems);
    expect(pieces.map(filter).join('')).toBe('AB C\r\nD E\n F\rG \tH');
    expect(problems.list().map(({ line, message }) => [line, /U\+\w+ at character (\d+) \(position (\d+)/u.exec(message.en)?.slice(1)])).toEqual([[1, ['3', '2']], [2, ['2', '7']], [3, ['1', '10']], [4, ['2', '14']]]);
  }
});
