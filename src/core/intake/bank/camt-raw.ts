import { MAX_RAW_CHARS } from '../limits.ts';
import type { XmlNode } from '../xml/xml-node.ts';

const LINE_ENDS = /[\r\n]+/gu;

/** The values under an element as `Path=value` lines, paths relative to it after a prefix; a little over `MAX_RAW_CHARS` at most. */
export function rawValues(node: XmlNode, prefix: string): string {
  const pieces: string[] = [];
  let length = 0;
  const add = (path: string, value: string): void => {
    pieces.push(path, '=', value.length > MAX_RAW_CHARS ? value.slice(0, MAX_RAW_CHARS) : value, '\n');
    length += path.length + value.length;
  };
  const walk = (parent: XmlNode, path: string): void => {
    for (const one of parent.children) {
      if (length > MAX_RAW_CHARS) return;
      const at = path + one.name;
      if (one.text !== '') add(at, one.text.includes('\n') ? one.text.replaceAll(LINE_ENDS, ' ') : one.text);
      if (one.attributes.size > 0) for (const [name, value] of one.attributes) add(`${at}@${name}`, value);
      if (one.children.length > 0) walk(one, `${at}/`);
    }
  };
  walk(node, prefix);
  return pieces.join('');
}

/** Puts raw values together, without the last line end, cut at `MAX_RAW_CHARS` but not inside a character. */
export function joinRaw(first: string, second: string): string {
  const whole = first + second;
  let length = Math.min(whole.length, MAX_RAW_CHARS);
  const last = whole.charCodeAt(length - 1);
  if (last === LINE_FEED || (last >= HIGH_SURROGATES && last < LOW_SURROGATES)) length -= 1;
  return whole.slice(0, length);
}

const LINE_FEED = 0x0a;
/** First code units of a pair, and the second ones that follow them. */
const HIGH_SURROGATES = 0xd800;
const LOW_SURROGATES = 0xdc00;
