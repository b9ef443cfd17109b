import { KEYWORDS, textAt } from './source.ts';
import type { SourceFile } from './source.ts';

/** A function with a body, or an arrow function given a name: where it stands, how long it is, what it takes. */
export type FoundFunction = { readonly name: string; readonly line: number; readonly lines: number; readonly parameters: number };

/** After these a brace in a type opens an object type, not a body. */
const TYPE_CONTINUES: ReadonlySet<string> = new Set([':', '|', '&', '=>', '<', ',', '?', 'is', 'keyof', 'readonly', 'extends']);

/** Tokens that end a type annotation without a body following. */
const TYPE_STOPS: ReadonlySet<string> = new Set([';', ',', '=', ')', ']', '}']);

/** From the token after the parameters, the index of `{` or `=>` where the body begins; null for a call, a declaration, a type. */
function bodyAfter(file: SourceFile, from: number, wanted: '{' | '=>'): number | null {
  if (textAt(file, from) === wanted) return from;
  if (textAt(file, from) !== ':') return null;
  let angles = 0;
  for (let at = from + 1; at < file.code.length; at += 1) {
    const text = textAt(file, at);
    const previous = textAt(file, at - 1);
    const inType = TYPE_CONTINUES.has(previous) || angles > 0;
    if (text === '<') angles += 1;
    else if (text === '>') angles -= 1;
    else if (text === wanted && !(text === '{' && inType)) return at;
    else if (text === '{' || text === '(' || text === '[') at = file.pairs.get(at) ?? file.code.length;
    else if (TYPE_STOPS.has(text) && angles <= 0) return null;
  }
  return null;
}

/** Number of parameters between two parentheses; `this` is none. */
function countParameters(file: SourceFile, open: number, close: number): number {
  let count = 0;
  let pending = false;
  let angles = 0;
  for (let at = open + 1; at < close; at += 1) {
    const text = textAt(file, at);
    if (text === '<') angles += 1;
    else if (text === '>') angles -= 1;
    if (text === ',' && angles <= 0) {
      pending = false;
    } else if (!pending) {
      pending = true;
      if (!(text === 'this' && textAt(file, at + 1) === ':')) count += 1;
    }
    if (['(', '[', '{', '${'].includes(text)) at = file.pairs.get(at) ?? close;
  }
  return count;
}

/** The last token of an expression that begins at an index. */
function endOfExpression(file: SourceFile, from: number): number {
  for (let at = from; at < file.code.length; at += 1) {
    const text = textAt(file, at);
    if (['(', '[', '{', '${'].includes(text)) at = file.pairs.get(at) ?? file.code.length;
    else if ([';', ',', ')', ']', '}'].includes(text)) return at - 1;
  }
  return file.code.length - 1;
}

/** Where a `type` or `interface` declaration ends, when one begins at this index: arrows and methods in there have no body. */
function endOfTypeDeclaration(file: SourceFile, at: number): number | null {
  const word = textAt(file, at);
  const named = file.code[at + 1]?.kind === 'word' && file.code[at]?.kind === 'word';
  if (!named || (word !== 'type' && word !== 'interface')) return null;
  for (let next = at + 2; next < file.code.length; next += 1) {
    const text = textAt(file, next);
    if (text === ';') return next;
    if (['(', '[', '{'].includes(text)) {
      const close = file.pairs.get(next) ?? file.code.length;
      if (word === 'interface' && text === '{') return close;
      next = close;
    }
  }
  return file.code.length;
}

/** Index of the token the function begins with, and its name: looks back from its opening parenthesis. */
function headOf(file: SourceFile, open: number): { start: number; name: string; declared: boolean } {
  let at = open - 1;
  if (textAt(file, at) === '>') {
    for (let angles = 0; at > 0; at -= 1) {
      if (textAt(file, at) === '>') angles += 1;
      else if (textAt(file, at) === '<' && (angles -= 1) === 0) break;
    }
    at -= 1;
  }
  if (textAt(file, at) === 'async') at -= 1;
  const token = file.code[at];
  if (textAt(file, at) === 'function' || (textAt(file, at) === '*' && textAt(file, at - 1) === 'function')) return { start: at, name: '', declared: true };
  if (token?.kind === 'word' && !KEYWORDS.has(token.text)) {
    return { start: at, name: token.text, declared: true };
  }
  const assigned = textAt(file, at) === '=' || textAt(file, at) === ':';
  return { start: assigned ? at - 1 : open, name: assigned && file.code[at - 1]?.kind === 'word' ? textAt(file, at - 1) : '', declared: false };
}

/** Name of a `const name: Type = (…) =>` as well: the word after the const of this statement. */
function arrowName(file: SourceFile, start: number, name: string): { name: string; named: boolean } {
  for (let at = start; at >= 0 && start - at < 40; at -= 1) {
    const text = textAt(file, at);
    if (text === ')') at = file.pairs.get(at) ?? at;
    else if (text === 'const' || text === 'let') return { name: textAt(file, at + 1), named: true };
    else if ([';', '{', '}', '(', ','].includes(text)) break;
  }
  return { name, named: false };
}

function functionAt(file: SourceFile, open: number): FoundFunction | null {
  const close = file.pairs.get(open);
  const annotates = textAt(file, open - 1) === ':' && ['const', 'let'].includes(textAt(file, open - 3));
  if (close === undefined || annotates) return null;
  const { start, name, declared } = headOf(file, open);
  const found = (end: number, as: string): FoundFunction => {
    const line = file.code[start]?.line ?? 1;
    const last = file.code[end]?.endLine ?? line;
    return { name: as, line, lines: last - line + 1, parameters: countParameters(file, open, close) };
  };
  const block = declared ? bodyAfter(file, close + 1, '{') : null;
  if (block !== null) return found(file.pairs.get(block) ?? block, name);
  const arrow = bodyAfter(file, close + 1, '=>');
  if (arrow === null) return null;
  const body = arrow + 1;
  const { name: given, named } = arrowName(file, start, name);
  if (textAt(file, body) === '{') return found(file.pairs.get(body) ?? body, given);
  return named ? found(endOfExpression(file, body), given) : null;
}

/** Every function of a file: declarations, methods, arrows with a block, and named arrows; inline one-expression arrows do not count. */
export function findFunctions(file: SourceFile): FoundFunction[] {
  const found: FoundFunction[] = [];
  for (let at = 0; at < file.code.length; at += 1) {
    const skip = endOfTypeDeclaration(file, at);
    if (skip !== null) at = skip;
    else if (textAt(file, at) === '(') {
      const one = functionAt(file, at);
      if (one !== null) found.push(one);
    }
  }
  return found;
}
