import fc from 'fast-check';
import { expect, test } from 'vitest';
import { numberedName, shownText, storedName } from './stored-name.ts';

test.each([
  ['S3-057', '../../x', '___.._x'],
  ['S3-058', 'a\r\nSet-Cookie: x=1', 'aSet-Cookie_ x=1'],
  ['S3-059', 'a".pdf', 'a_.pdf'],
  ['S3-060', 'a;b.pdf', 'a;b.pdf'],
  ['S3-061', 'con.pdf', '_con.pdf'],
  ['S3-061 in capitals, without an ending', 'LPT1', '_LPT1'],
  ['S3-062', 'a'.repeat(300), 'a'.repeat(180)],
  ['S3-062 with an ending', `${'é'.repeat(300)}.xlsx`, `${'é'.repeat(87)}.xlsx`],
  ['S3-063', 'facture 😀.pdf', 'facture 😀.pdf'],
  ['S3-064', 'facture\u202Egpj.exe', 'facturegpj.exe'],
  ['S3-065', '', 'sans-nom'],
  ['S3-066', '...', 'sans-nom'],
  ['a Windows path', 'C:\\temp\\x.txt', 'C__temp_x.txt'],
  ['an alternate stream', 'x.txt:evil', 'x.txt_evil'],
  ['dots and blanks at the end', 'x.txt. . ', 'x.txt'],
  ['a hidden name', '.htaccess', '_htaccess'],
  ['an ordinary name stays', 'Grand livre 2026 (février).xlsx', 'Grand livre 2026 (février).xlsx'],
  ['half a character', 'a\uD800b', 'ab'],
])('%s: a name is one segment that any system can keep', (_id, given, kept) => {
  expect(storedName(given)).toBe(kept);
});

test('whatever the name: one segment, no control or direction character, no device, short enough with its number and report, and stable', () => {
  fc.assert(fc.property(fc.oneof(fc.string({ unit: 'binary', maxLength: 400 }), fc.constantFrom('aux.', 'nul .txt', '..', './', 'COM¹')), (given) => {
    const name = storedName(given);
    expect(name).not.toMatch(/[/\\:*?"<>|\p{Cc}\p{Cf}\p{Cs}]|^\.|[. ]$/u);
    expect(name).not.toMatch(/^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i);
    expect(Buffer.byteLength(`${numberedName(name, 10_000)}.txt`)).toBeLessThan(256);
    expect(name).not.toBe('');
    expect(storedName(name)).toBe(name);
  }));
});

test.each([['mars.xml', 1, 'mars.xml'], ['mars.xml', 2, 'mars (2).xml'], ['mars', 3, 'mars (3)']])('%s as number %i', (name, number, numbered) => {
  expect(numberedName(name, number)).toBe(numbered);
});

test('a report shows a name on one line', () => {
  expect(shownText('a\r\nb\u202Ec')).toBe('a··b·c');
});
