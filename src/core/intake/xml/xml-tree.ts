import { MAX_XML_TREE_CHARS, MAX_XML_TREE_ELEMENTS } from './xml-limits.ts';
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
  /** The trees being built, the innermost last, with what the tree around had counted when they began. */
  readonly #roots: { readonly depth: number; readonly elements: number; readonly characters: number }[] = [];
  #depth = 0;
  #elements = 0;
  #characters = 0;

  /**
   * `wanted` says at which elements a tree begins (depth 1 is the root); `done` receives each once it is closed. An element wanted
   * inside a tree is handed over by itself, before that tree, and is not kept in it.
   */
  constructor(wanted: (name: string, depth: number) => boolean, done: (node: XmlNode, depth: number) => void) {
    this.#wanted = wanted;
    this.#done = done;
  }

  /** True once the open tree went over `MAX_XML_TREE_ELEMENTS` or `MAX_XML_TREE_CHARS`; what came after is not in it. */
  get tooLarge(): boolean {
    return this.#elements > MAX_XML_TREE_ELEMENTS || this.#characters > MAX_XML_TREE_CHARS;
  }

  /** Characters of the open tree so far, attributes included, without those of trees handed over from inside it. */
  get characters(): number {
    return this.#characters;
  }

  open(element: Parameters<XmlSink['open']>[0]): void {
    this.#depth += 1;
    const { name, namespace, attributes, line } = element;
    const parent = this.#open.at(-1);
    const begins = this.#wanted(name, this.#depth);
    if (parent === undefined && !begins) return;
    const node: Growing = { name, namespace, attributes, children: [], text: '', line };
    if (begins) this.#begin();
    else if (!this.tooLarge) parent?.children.push(node);
    this.#elements += 1;
    if (attributes.size > 0) for (const value of attributes.values()) this.#characters += value.length;
    this.#open.push(node);
  }

  text(characters: string): void {
    const node = this.#open.at(-1);
    if (node === undefined || this.tooLarge) return;
    // Blanks before the first word, as between the children of an element, are no part of its text.
    if (node.text === '' && trimXml(characters) === '') return;
    this.#characters += characters.length;
    node.text += characters;
  }

  close(): void {
    const node = this.#open.pop();
    if (node !== undefined) {
      node.text = trimXml(node.text);
      const root = this.#roots.at(-1);
      if (root?.depth === this.#depth) {
        this.#done(node, this.#depth);
        this.#roots.pop();
        this.#elements = root.elements;
        this.#characters = root.characters;
      }
    }
    this.#depth -= 1;
  }

  #begin(): void {
    this.#roots.push({ depth: this.#depth, elements: this.#elements, characters: this.#characters });
    this.#elements = 0;
    this.#characters = 0;
  }
}

const isBlank = (code: number): boolean => code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;

/** Takes off the four blanks of XML and nothing else: an invisible character at the end of a number is part of what the file says. */
export function trimXml(text: string): string {
  let from = 0;
  let to = text.length;
  while (from < to && isBlank(text.charCodeAt(from))) from += 1;
  while (to > from && isBlank(text.charCodeAt(to - 1))) to -= 1;
  return from === 0 && to === text.length ? text : text.slice(from, to);
}
