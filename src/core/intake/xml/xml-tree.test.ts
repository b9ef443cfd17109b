import { expect, test } from 'vitest';
import { MAX_XML_TREE_CHARS, MAX_XML_TREE_ELEMENTS } from './xml-limits.ts';
import { child, find, findAll, textAt } from './xml-node.ts';
import type { XmlNode } from './xml-node.ts';
import { trimXml, XmlTreeBuilder } from './xml-tree.ts';

const NONE: ReadonlyMap<string, string> = new Map();

/** Plays "a(b:text c())" to a builder: names open, brackets close, what follows a colon is text. */
function play(builder: XmlTreeBuilder, script: string): void {
  for (const [, name, text, closing] of script.matchAll(/(\w+)\(|:(\w+)|(\))/gu)) {
    if (name !== undefined) builder.open({ name, namespace: '', attributes: NONE, line: 1 });
    else if (text !== undefined) builder.text(text);
    else if (closing !== undefined) builder.close();
  }
}

const shape = (node: XmlNode): string => `${node.name}${node.text === '' ? '' : `:${node.text}`}${node.children.length === 0 ? '' : `(${node.children.map((one) => shape(one)).join(' ')})`}`;

test('only what is asked for is kept, element by element', () => {
  const given: string[] = [];
  const builder = new XmlTreeBuilder((name) => name === 'entry', (node, depth) => given.push(`${depth} ${shape(node)}`));
  play(builder, 'root(:x head(:no) entry(:a b(:1) b(:2)) entry(c()) foot(entry()))');
  expect(given).toEqual(['2 entry:a(b:1 b:2)', '2 entry(c)', '3 entry']);
});

test('an element wanted inside a tree is handed over first and is not kept in it', () => {
  const given: string[] = [];
  const builder = new XmlTreeBuilder((name) => name === 'entry' || name === 'part', (node) => given.push(shape(node)));
  play(builder, 'root(entry(a(:1) list(part(:x) part(part(:y) z())) b(:2)))');
  expect(given).toEqual(['part:x', 'part:y', 'part(z)', 'entry(a:1 list b:2)']);
});

test('a tree that grows too large stops growing and says so; the next one begins anew, and parts are counted apart', () => {
  const given: [string, number, boolean][] = [];
  const builder: XmlTreeBuilder = new XmlTreeBuilder((name) => name === 'entry' || name === 'part', (node) => given.push([node.name, node.children.length, builder.tooLarge]));
  builder.open({ name: 'entry', namespace: '', attributes: NONE, line: 1 });
  for (let count = 0; count < 3; count += 1) {
    builder.open({ name: 'part', namespace: '', attributes: NONE, line: 1 });
    for (let inner = 0; inner < MAX_XML_TREE_ELEMENTS / 2; inner += 1) play(builder, 'x()');
    builder.close();
  }
  builder.close();
  builder.open({ name: 'entry', namespace: '', attributes: NONE, line: 1 });
  for (let inner = 0; inner < MAX_XML_TREE_ELEMENTS + 10; inner += 1) play(builder, 'x()');
  builder.close();
  play(builder, 'entry(x())');
  const half = MAX_XML_TREE_ELEMENTS / 2;
  expect(given).toEqual([['part', half, false], ['part', half, false], ['part', half, false], ['entry', 0, false], ['entry', MAX_XML_TREE_ELEMENTS, true], ['entry', 1, false]]);
});

test('characters of texts and attributes count too', () => {
  const given: boolean[] = [];
  const builder: XmlTreeBuilder = new XmlTreeBuilder((_name, depth) => depth === 1, () => given.push(builder.tooLarge));
  const long = 'x'.repeat(MAX_XML_TREE_CHARS / 2);
  builder.open({ name: 'a', namespace: '', attributes: new Map([['b', long]]), line: 1 });
  builder.text(long);
  expect([builder.characters, builder.tooLarge]).toEqual([MAX_XML_TREE_CHARS, false]);
  builder.text('x');
  builder.close();
  expect(given).toEqual([true]);
});

test('finding one\'s way in a tree', () => {
  const nodes: XmlNode[] = [];
  play(new XmlTreeBuilder((_name, depth) => depth === 1, (node) => nodes.push(node)), 'a(b(:1) b(c(:2)) d())');
  const [root = null] = nodes;
  expect(textAt(root, 'b')).toBe('1');
  expect([textAt(root, 'd'), textAt(root, 'x'), textAt(root, 'x', 'y'), textAt(null), textAt(root)]).toEqual([null, null, null, null, null]);
  expect(findAll(root, 'b').map((node) => node.children.length)).toEqual([0, 1]);
  expect(find(root, 'b', 'c')).toBeNull();
  expect(child(findAll(root, 'b')[1] ?? null, 'c')?.text).toBe('2');
});

test.each([[' \t\r\n1 2\n', '1 2'], ['\u00a01\u00a0', '\u00a01\u00a0'], ['\ufeff1\u200b', '\ufeff1\u200b'], [' ', ''], ['', ''], ['1', '1']])('blanks around %j', (text, trimmed) => {
  expect(trimXml(text)).toBe(trimmed);
});
