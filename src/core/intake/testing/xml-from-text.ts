import { SaxesParser } from 'saxes';
import type { XmlNode } from '../xml/xml-node.ts';
import { XmlTreeBuilder } from '../xml/xml-tree.ts';

/** The tree of a well-formed text, for tests; throws on anything else. */
export function xmlFromText(text: string): XmlNode {
  const found: XmlNode[] = [];
  const builder = new XmlTreeBuilder(
    (_, depth) => depth === 1,
    (node) => found.push(node),
  );
  const parser = new SaxesParser({ xmlns: true });
  let line = 1;
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentagstart', () => (line = parser.line));
  parser.on('opentag', ({ local, uri, attributes }) => {
    const own = Object.values(attributes).filter((each) => each.prefix !== 'xmlns' && each.name !== 'xmlns');
    builder.open({ name: local, namespace: uri, attributes: new Map(own.map((each) => [each.local, each.value])), line });
  });
  parser.on('text', (characters) => builder.text(characters));
  parser.on('cdata', (characters) => builder.text(characters));
  parser.on('closetag', () => builder.close());
  parser.write(text).close();
  const [root] = found;
  if (root === undefined) throw new Error('no element');
  return root;
}
