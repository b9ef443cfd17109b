import { createServer } from 'node:http';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import iconv from 'iconv-lite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MAX_XML_ATTRIBUTES, MAX_XML_DEPTH, MAX_XML_TOKEN_CHARS, MAX_XML_TREE_BYTES, MAX_XML_TREE_ELEMENTS } from '#core/intake/xml/xml-limits.ts';
import type { XmlSink } from '#core/intake/xml/xml-node.ts';
import { must } from '#core/kernel/result.ts';
import { XmlFeed } from './read-xml-feed.ts';
import { readXmlBytes, readXmlFile, readXmlTree } from './read-xml.ts';

const SECRET = 'mot-de-passe-du-serveur';
let folder = '';
let port = 0;
let asked = 0;
const server = createServer((_request, response) => {
  asked += 1;
  response.end(SECRET);
});
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'acquit-read-xml-'));
  await writeFile(join(folder, 'secret.txt'), SECRET);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  port = address.port;
});
afterAll(async () => {
  await new Promise((resolve) => {
    server.close(resolve);
  });
  await rm(folder, { recursive: true });
});

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const SILENT: XmlSink = { open: () => undefined, text: () => undefined, close: () => undefined };

type Event = { readonly name: string; readonly namespace: string; readonly attributes: readonly (readonly [string, string])[]; readonly line: number };

/** What a reader was told: elements in their order, all text together. */
function recorder(): XmlSink & { readonly events: Event[]; readonly texts: string[] } {
  const events: Event[] = [];
  const texts: string[] = [];
  return {
    events, texts,
    open: ({ name, namespace, attributes, line }) => events.push({ name, namespace, attributes: [...attributes], line }),
    text: (characters) => texts.push(characters),
    close: () => undefined,
  };
}

/** Reads a document from memory and from disk, which must agree. */
async function read(content: string | Uint8Array): Promise<{ code: string; line: number; message: string; names: string; text: string; events: readonly Event[] }> {
  const document = typeof content === 'string' ? bytes(content) : content;
  const seen = recorder();
  const memory = readXmlBytes(document, seen);
  const path = join(folder, 'document.xml');
  await writeFile(path, document);
  expect(await readXmlFile(path, SILENT)).toEqual(memory);
  const fault = memory.ok ? null : memory.error;
  return {
    code: fault?.code ?? 'read', line: fault?.line ?? 0, message: fault?.message.en ?? '',
    names: seen.events.map(({ name }) => name).join(' '), text: seen.texts.join(''), events: seen.events,
  };
}

const laughs = ['<!ENTITY a "ha">', ...'bcdefghij'.split('').map((name, index) => `<!ENTITY ${name} "${`&${'abcdefghij'[index]};`.repeat(10)}">`)].join('');

test.each([
  ['S2-001', () => `<!DOCTYPE a [<!ENTITY x "${'y'.repeat(100)}">]><a>${'&x;'.repeat(1_000)}</a>`],
  ['S2-002', () => `<?xml version="1.0"?><!DOCTYPE a [${laughs}]><a>&j;</a>`],
  ['S2-003', () => `<!DOCTYPE a [<!ENTITY x "${'y'.repeat(100_000)}">]><a>${'&x;'.repeat(10_000)}</a>`],
  ['S2-004', () => `<!DOCTYPE a [<!ENTITY x SYSTEM "file://${folder}/secret.txt">]><a>&x;</a>`],
  ['S2-005', () => `<!DOCTYPE a [<!ENTITY x SYSTEM "http://127.0.0.1:${port}/meta-data">]><a>&x;</a>`],
  ['S2-006', () => `<!DOCTYPE a [<!ENTITY % x SYSTEM "http://127.0.0.1:${port}/x.dtd"> %x;]><a/>`],
  ['S2-007', () => '<!DOCTYPE a [<!ENTITY x "y">]><a b="&x;"/>'],
  ['S2-008', () => '<!DOCTYPE a [<!ENTITY x "y">]><!DOCTYPE a [<!ENTITY x "z">]><a>&x;</a>'],
  ['S2-011', () => `<!-- avant -->\n<!DOCTYPE a SYSTEM "http://127.0.0.1:${port}/a.dtd"><a/>`],
])('%s', async (_id, document) => {
  const started = performance.now();
  const found = await read(document());
  expect(found).toMatchObject({ code: 'intake.xmlDoctype', names: '', text: '' });
  expect(found.line).toBeGreaterThan(0);
  expect(found.message).not.toContain(SECRET);
  expect(asked).toBe(0);
  expect(performance.now() - started).toBeLessThan(1_000);
});

test('also in lower case, after a mark, after an instruction, inside the root', async () => {
  expect((await read('\ufeff<?xml-stylesheet href="x"?>\r\n\r\n<!doctype html><html/>'))).toMatchObject({ code: 'intake.xmlDoctype', line: 3 });
  expect((await read('<a><!DOCTYPE a></a>')).code).toMatch(/xmlMalformed|xmlDoctype/u);
  expect((await read('<a/><!DOCTYPE a>')).code).toMatch(/xmlMalformed|xmlDoctype/u);
});

test('S2-009: a million character references are read, quickly', async () => {
  const started = performance.now();
  const found = await read(`<a>${'&#65;'.repeat(1_000_000)}</a>`);
  expect(found).toMatchObject({ code: 'read', text: 'A'.repeat(1_000_000) });
  expect(performance.now() - started).toBeLessThan(5_000);
  expect((await read(`<a>${'&#65;'.repeat(MAX_XML_TOKEN_CHARS + 1)}</a>`)).code).toBe('intake.xmlTokenTooLong');
});

test('S2-010: UTF-7 is no encoding that is read, nor is any other unknown one', async () => {
  const found = await read('<?xml version="1.0" encoding="UTF-7"?><a>+ADw-script+AD4-</a>');
  expect(found).toMatchObject({ code: 'intake.xmlEncodingUnknown', line: 1, names: '' });
  expect(found.message).toContain('"UTF-7"');
  expect((await read('<?xml version="1.0" encoding="EBCDIC-CP-FR"?><a/>')).code).toBe('intake.xmlEncodingUnknown');
});

test('S2-012: XInclude is an element like any other', async () => {
  const found = await read(`<a xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="file://${folder}/secret.txt" parse="text"/><xi:include href="http://127.0.0.1:${port}/"/></a>`);
  expect(found).toMatchObject({ code: 'read', names: 'a include include', text: '' });
  expect(asked).toBe(0);
});

test('S2-013: 100,000 nested elements stop at the limit', async () => {
  const found = await read('<a>'.repeat(100_000));
  expect(found.code).toBe('intake.xmlTooDeep');
  expect(found.message).toContain(String(MAX_XML_DEPTH));
  expect(found.events).toHaveLength(MAX_XML_DEPTH);
  expect((await read('<a>'.repeat(MAX_XML_DEPTH) + '</a>'.repeat(MAX_XML_DEPTH))).code).toBe('read');
});

test('S2-014: 200,000 attributes stop at the limit', async () => {
  const attributes = (count: number): string => Array.from({ length: count }, (_, index) => `a${index}="1"`).join(' ');
  const started = performance.now();
  const found = await read(`<a ${attributes(200_000)}/>`);
  expect(found).toMatchObject({ code: 'intake.xmlTooManyAttributes', names: '' });
  expect(found.message).toContain(String(MAX_XML_ATTRIBUTES));
  expect(performance.now() - started).toBeLessThan(2_000);
  expect((await read(`<a ${attributes(MAX_XML_ATTRIBUTES)}/>`)).code).toBe('read');
});

test.each([
  ['S2-015: a text', '<a>', 'x'],
  ['S2-016: a comment', '<a><!--', 'x'],
  ['a CDATA section', '<a><![CDATA[', 'x'],
  ['an attribute', '<a b="', 'x'],
  ['a name', '<', 'x'],
  ['an instruction', '<a><?', 'x'],
  ['an endless reference', '<a>&', 'x'],
  ['blanks in a tag', '<a ', ' '],
])('%s of 10 MB is refused as it grows', (_what, start, character) => {
  const feed = new XmlFeed(SILENT);
  expect(feed.write(start)).toBeNull();
  let given = 0;
  while (given < 10_000_000 && feed.write(character.repeat(10_000)) === null) given += 10_000;
  expect(given).toBeGreaterThan(MAX_XML_TOKEN_CHARS - 200_000);
  expect(given).toBeLessThan(MAX_XML_TOKEN_CHARS + 200_000);
  expect(feed.end()).toMatchObject({ code: 'intake.xmlTokenTooLong', line: 1 });
});

test('S2-015, S2-016: the limit is exact for texts, and holds before the root', async () => {
  expect((await read(`<a>${'x'.repeat(MAX_XML_TOKEN_CHARS)}</a>`)).code).toBe('read');
  expect((await read(`<a>${'x'.repeat(MAX_XML_TOKEN_CHARS + 1)}</a>`)).code).toBe('intake.xmlTokenTooLong');
  expect((await read(`<a>${'x'.repeat(600_000)}<![CDATA[${'x'.repeat(600_000)}]]></a>`)).code).toBe('intake.xmlTokenTooLong');
  const found = await read(`<!--${'x'.repeat(10_000_000)}--><!DOCTYPE a><a/>`);
  expect(found).toMatchObject({ code: 'intake.xmlPrologTooLong', names: '' });
  expect((await read(`<a><!--${'x'.repeat(10_000_000)}--></a>`)).code).toBe('intake.xmlTokenTooLong');
});

test('S2-017: "]]>" ends a CDATA section and stands in no text', async () => {
  expect(await read('<a>\n<![CDATA[x]]>y]]></a>')).toMatchObject({ code: 'intake.xmlMalformed', line: 2 });
  expect((await read('<a><![CDATA[x]]]]><![CDATA[>y]]></a>')).text).toBe('x]]>y');
});

test('S2-018: a style sheet is passed over', async () => {
  expect(await read(`<?xml version="1.0"?><?xml-stylesheet type="text/xsl" href="http://127.0.0.1:${port}/a.xsl"?><a/>`)).toMatchObject({ code: 'read', names: 'a' });
  expect(asked).toBe(0);
});

test.each([['S2-019', '__proto__'], ['S2-020', 'constructor'], ['hasOwnProperty', 'hasOwnProperty']])('%s: an element called %s is an ordinary element', (_id, name) => {
  const root = must(readXmlTree(bytes(`<a><${name} polluted="yes"><b>1</b></${name}></a>`)));
  expect(root.children.map((child) => child.name)).toEqual([name]);
  expect(root.children[0]?.attributes.get('polluted')).toBe('yes');
  expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
});

test('S2-021: attributes called toString and __proto__ are ordinary attributes', () => {
  const root = must(readXmlTree(bytes('<a toString="1" __proto__="2"/>')));
  expect([...root.attributes]).toEqual([['toString', '1'], ['__proto__', '2']]);
  expect(must(readXmlTree(bytes('<a/>'))).attributes.get('toString')).toBeUndefined();
});

test('S2-022: prefixes are nicknames; the same prefix may mean two things', async () => {
  const names = async (document: string): Promise<readonly string[]> => (await read(document)).events.map(({ name, namespace }) => `${namespace} ${name}`);
  const plain = await names('<a xmlns="urn:1"><b xmlns="urn:2"/><c/></a>');
  expect(plain).toEqual(['urn:1 a', 'urn:2 b', 'urn:1 c']);
  expect(await names('<x:a xmlns:x="urn:1" xmlns:y="urn:2"><y:b/><x:c/></x:a>')).toEqual(plain);
  expect(await names('<y:a xmlns:y="urn:1"><y:b xmlns:y="urn:2"/><y:c/></y:a>')).toEqual(plain);
});

test('S2-023: without a namespace the namespace is empty', async () => {
  expect((await read('<Document/>')).events[0]?.namespace).toBe('');
});

test('S2-025: a second root is refused', async () => {
  const found = await read('<a/>\n<b/>');
  expect(found).toMatchObject({ code: 'intake.xmlMalformed', line: 2 });
  expect(found.message).toContain('second document');
});

test.each([['inside a tag', '<a>\n<b>1</b>\n<b', 3], ['inside a text', '<a>\n<b>1', 2], ['between elements', '<a>\n<b>1</b>\n', 3], ['inside a comment', '<a><!-- x', 1], ['inside a CDATA section', '<a><![CDATA[x', 1]])('S2-026: cut %s', async (_where, document, line) => {
  const found = await read(document);
  expect(found).toMatchObject({ code: 'intake.xmlMalformed', line });
  expect(found.message).toContain('cut short');
});

test('S2-027: a compressed document is no XML', async () => {
  expect((await read(new Uint8Array(gzipSync('<a/>')))).code).toBe('intake.xmlNotMarkup');
  expect((await read('%PDF-1.7 <a/>')).code).toBe('intake.xmlNotMarkup');
});

test.each([
  ['undeclared prefix', '<a>\n<x:b/></a>', [2, '"x"']],
  ['undeclared prefix of an attribute', '<a x:b="1"/>', [1, '"x"']],
  ['unknown entity', '<a>\n\n&eacute;</a>', [3, 'unknown entity']],
  ['entity named like a property', '<a>&toString;&constructor;</a>', [1, 'unknown entity']],
  ['lone ampersand', '<a><b>Dupont & Fils</b><b>R&amp;D</b></a>', [1, '"&amp;"']],
  ['forbidden reference', '<a>&#0;</a>', [1, 'reference']],
  ['wrong closing tag', '<a>\n<b></a>', [2, 'closing tag']],
  ['closing tag too many', '<a></a></b>', [1, 'closing tag']],
  ['the same attribute twice', '<a b="1" b="2"/>', [1, '"b"']],
  ['the same attribute under two prefixes', '<a xmlns:x="urn:1" xmlns:y="urn:1" x:b="1" y:b="2"/>', [1, '}b"']],
  ['attribute without quotes', '<a b=1/>', [1, 'attribute']],
  ['lone "<"', '<a>1 < 2</a>', [1, '"&lt;"']],
  ['control character', '<a>\u0001</a>', [1, 'control character']],
  ['text after the root', '<a/>x', [1, 'outside']],
  ['declaration not at the beginning', ' <?xml version="1.0"?><a/>', [1, 'beginning']],
  ['reserved prefix', '<a xmlns:xml="urn:1"/>', [1, 'namespace']],
  ['"--" in a comment', '<a><!-- a -- b --></a>', [1, '"--"']],
] as const)('malformed: %s', async (_what, document, [line, words]) => {
  const found = await read(document);
  expect(found).toMatchObject({ code: 'intake.xmlMalformed', line });
  expect(found.message).toContain(words);
});

test('no element at all', async () => {
  expect((await read('')).code).toBe('intake.fileEmpty');
  expect((await read('<?xml version="1.0"?>\n<!-- rien -->')).code).toBe('intake.xmlNoElement');
  expect((await read('<')).code).toBe('intake.xmlNoElement');
});

test('the line of an element is where its tag begins', async () => {
  const found = await read('<a\n b="1">\r\n<c/>\r<d\n/></a>');
  expect(found.events.map(({ name, line }) => [name, line])).toEqual([['a', 1], ['c', 3], ['d', 4]]);
});

const sentence = 'Été — Œuvre 100 €';
const document = (encoding: string | null, text = sentence): string => `<?xml version="1.0"${encoding === null ? '' : ` encoding="${encoding}"`}?><a b="${text}">${text}</a>`;
const encoded = (encoding: string | null, by: string, text?: string): Uint8Array => new Uint8Array(iconv.encode(document(encoding, text), by, { addBOM: by.startsWith('utf-16') }));

test.each([
  ['UTF-8', encoded('UTF-8', 'utf-8'), sentence],
  ['UTF-8 with mark', bytes(`\ufeff${document('utf-8')}`), sentence],
  ['undeclared', encoded(null, 'utf-8'), sentence],
  ['UTF-16 little end', encoded('UTF-16', 'utf-16le'), sentence],
  ['UTF-16 big end, undeclared', encoded(null, 'utf-16be'), sentence],
  ['Windows-1252', encoded('windows-1252', 'windows-1252'), sentence],
  ['ISO-8859-15', encoded('ISO-8859-15', 'iso-8859-15', 'Œuf à 3 €'), 'Œuf à 3 €'],
  ['ISO-8859-1', encoded('ISO-8859-1', 'iso-8859-1', 'Été ¼ ½'), 'Été ¼ ½'],
  ['ISO-8859-1 with bytes 80-9F: read as Windows-1252', encoded('iso-8859-1', 'windows-1252'), sentence],
  ['US-ASCII', encoded('US-ASCII', 'utf-8', 'Ete'), 'Ete'],
])('%s', async (_name, content, text) => {
  expect(await read(content)).toMatchObject({ code: 'read', text, events: [{ attributes: [['b', text]] }] });
});

test.each([
  ['UTF-8 declared, Windows-1252 written', encoded('UTF-8', 'windows-1252')],
  ['nothing declared, ISO-8859-15 written', encoded(null, 'iso-8859-15', 'Été')],
  ['ISO-8859-15 declared, Windows-1252 written', encoded('ISO-8859-15', 'windows-1252')],
  ['UTF-16 declared, UTF-8 written', encoded('UTF-16', 'utf-8')],
  ['UTF-8 declared, UTF-16 written', encoded('UTF-8', 'utf-16le')],
])('refused: %s', async (_name, content) => {
  expect(await read(content)).toMatchObject({ code: 'intake.xmlEncodingDisagrees', names: '' });
});

test('UTF-8 under another name is read as UTF-8, with a warning once accents turn up', () => {
  expect(readXmlBytes(encoded('ISO-8859-1', 'utf-8'), SILENT)).toMatchObject({ ok: true, value: [{ code: 'intake.xmlEncodingMislabelled', severity: 'warning' }] });
  expect(readXmlBytes(encoded('ISO-8859-1', 'utf-8', 'Ete'), SILENT)).toEqual({ ok: true, value: [] });
});

test('bytes that are no text are refused as in any file', async () => {
  expect((await read(new Uint8Array([0x3c, 0x61, 0x3e, 0, 0x3c, 0x2f, 0x61, 0x3e]))).code).toBe('intake.nulByte');
  expect((await read(encoded('UTF-8', 'utf-8').slice(0, -8))).code).toBe('intake.xmlMalformed');
});

test('a tree keeps names, texts, attributes and lines; blanks around a text are no part of it, invisible characters are', () => {
  const root = must(readXmlTree(bytes('<x:a xmlns:x="urn:1" x:c="1" c="2">\n  <b> 1 <i>2</i> 3\u200b\ufeff </b>\n</x:a>')));
  expect(root).toMatchObject({ name: 'a', namespace: 'urn:1', text: '', line: 1, children: [{ name: 'b', text: '1  3\u200b\ufeff', line: 2, children: [{ name: 'i', text: '2' }] }] });
  expect([...root.attributes]).toEqual([['c', '2']]);
});

test('too many bytes or elements are refused with the limit', () => {
  const large = readXmlTree(new Uint8Array(MAX_XML_TREE_BYTES + 1).fill(0x20));
  expect(large.ok ? null : large.error.code).toBe('intake.xmlTooLarge');
  const many = readXmlTree(bytes(`<a>${'<b/>'.repeat(MAX_XML_TREE_ELEMENTS)}</a>`));
  expect(many).toMatchObject({ ok: false, error: { code: 'intake.xmlTooManyElements' } });
  expect(many.ok ? '' : many.error.message.fr).toContain(String(MAX_XML_TREE_ELEMENTS));
});

test('a file embedded in an invoice is passed over, whatever its size', () => {
  const embedded = (name: string): Uint8Array => bytes(`<Invoice><${name} mimeCode="application/pdf">${'QUJD'.repeat(1_000_000)}</${name}><ID>1</ID></Invoice>`);
  const root = must(readXmlTree(embedded('EmbeddedDocumentBinaryObject')));
  expect(root.children.map(({ name, text }) => [name, text])).toEqual([['EmbeddedDocumentBinaryObject', ''], ['ID', '1']]);
  expect(readXmlTree(embedded('Note'))).toMatchObject({ ok: false, error: { code: 'intake.xmlTokenTooLong' } });
});

test('the event loop turns while a file is read, progress is told, and reading stops when nothing more is wanted', async () => {
  const path = join(folder, 'long.xml');
  await writeFile(path, `<a>${'<b c="1">text</b>'.repeat(200_000)}</a>`);
  let turns = 0;
  let running = true;
  const turn = (): void => {
    turns += 1;
    if (running) setImmediate(turn);
  };
  setImmediate(turn);
  const steps: number[] = [];
  expect(await readXmlFile(path, SILENT, { progress: (done, total) => steps.push(done / total) })).toEqual({ ok: true, value: [] });
  running = false;
  expect(turns).toBeGreaterThan(steps.length);
  expect(steps.length).toBeGreaterThan(40);
  expect(steps.at(-1)).toBe(1);
  const seen = recorder();
  await readXmlFile(path, seen, { enough: () => seen.events.length > 10 });
  expect(seen.events.length).toBeLessThan(10_000);
});
