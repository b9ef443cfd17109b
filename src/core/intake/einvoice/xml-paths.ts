import type { XmlNode } from '../xml/xml-node.ts';

/** All elements down a path of local names, through every element of each name on the way. */
export function nodesAt(node: XmlNode | null, ...path: readonly string[]): readonly XmlNode[] {
  let at: readonly XmlNode[] = node === null ? [] : [node];
  for (const name of path) at = at.flatMap((each) => each.children.filter((child) => child.name === name));
  return at;
}

/** Same, without the elements that hold no text. */
export const filledAt = (node: XmlNode | null, ...path: readonly string[]): readonly XmlNode[] => nodesAt(node, ...path).filter((each) => each.text !== '');

/** The first element with text down a path, or null. */
export const firstFilled = (node: XmlNode | null, ...path: readonly string[]): XmlNode | null => filledAt(node, ...path)[0] ?? null;

/** Its text, or null. */
export const firstText = (node: XmlNode | null, ...path: readonly string[]): string | null => firstFilled(node, ...path)?.text ?? null;

/** `xsd:boolean`; false when there is none. */
export const isTrue = (text: string | null): boolean => text === 'true' || text === '1';
