import type { XmlNode, XmlSink } from './xml-node.ts';

type Growing = { -readonly [K in keyof XmlNode]: XmlNode[K] extends readonly XmlNode[] ? Growing[] : XmlNode[K] };

/**
 * Builds one element with all it contains from a reader's events, then hands it over. What lies outside the elements asked for is
 * not kept, so a long file is read element by element.
 */
export class XmlTreeBuilder implements XmlSink {
  readonly #wanted: (name: string, depth: number) => boolean;
  readonly #done: (node: XmlNode, depth: number) => void;
  readonly #open: Growing[] = [];
  #depth = 0;

  /** `wanted` says at which elements a tree begins (depth 1 is the root); `done` receives each once it is closed. */
  constructor(wanted: (name: string, depth: number) => boolean, done: (node: XmlNode, depth: number) => void) {
    this.#wanted = wanted;
    this.#done = done;
  }

  open(element: Parameters<XmlSink['open']>[0]): void {
    this.#depth += 1;
    const parent = this.#open.at(-1);
    if (parent === undefined && !this.#wanted(element.name, this.#depth)) return;
    const node: Growing = { ...element, children: [], text: '' };
    parent?.children.push(node);
    this.#open.push(node);
  }

  text(characters: string): void {
    const node = this.#open.at(-1);
    if (node !== undefined) node.text += characters;
  }

  close(): void {
    const node = this.#open.pop();
    if (node !== undefined) {
      node.text = node.text.trim();
      if (this.#open.length === 0) this.#done(node, this.#depth);
    }
    this.#depth -= 1;
  }
}
