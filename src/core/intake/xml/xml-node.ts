/** An element of an XML document as the readers see it: names without their prefix, text without surrounding blanks. */
export type XmlNode = {
  /** Local name; the prefix is only a nickname of the namespace. */
  readonly name: string;
  /** Namespace URI, '' when there is none. */
  readonly namespace: string;
  /** Attributes by local name; namespace declarations are left out. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlNode[];
  /** Own character data, without that of the children. */
  readonly text: string;
  /** Line of the file where the element starts, from 1. */
  readonly line: number;
};

/** Receives the elements of a document as they are read; both names are given as `XmlNode` has them. */
export type XmlSink = {
  open(element: { readonly name: string; readonly namespace: string; readonly attributes: ReadonlyMap<string, string>; readonly line: number }): void;
  text(characters: string): void;
  close(): void;
};

/** The first child of one local name, or null. */
export function child(node: XmlNode | null, name: string): XmlNode | null {
  if (node === null) return null;
  for (const one of node.children) if (one.name === name) return one;
  return null;
}

/** The first element down a path of local names, or null. */
export function find(node: XmlNode | null, ...path: readonly string[]): XmlNode | null {
  let at = node;
  for (const name of path) at = child(at, name);
  return at;
}

/** All children of one local name. */
export const findAll = (node: XmlNode | null, name: string): readonly XmlNode[] => node?.children.filter((one) => one.name === name) ?? [];

/** Text of the first element down a path; null when there is none or it is blank. */
export function textAt(node: XmlNode | null, ...path: readonly string[]): string | null {
  let at = node;
  for (const name of path) {
    if (at === null) return null;
    at = child(at, name);
  }
  return at === null || at.text === '' ? null : at.text;
}
