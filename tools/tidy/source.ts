import { tokenize } from './tokens.ts';
import type { Token } from './tokens.ts';

/** What a file is, by where it stands: which rules speak to it depends on this. */
export type Role = 'product' | 'test' | 'support';

/** A TypeScript file, read once for all rules. */
export type SourceFile = {
  /** Path from the root, with slashes. */
  readonly path: string;
  /** `core`, `sim`, `server`, `web`, `cli`; empty outside src. */
  readonly zone: string;
  /** Folder below the zone; empty for a file of the zone itself. */
  readonly slice: string;
  readonly role: Role;
  readonly jsx: boolean;
  readonly text: string;
  readonly lines: number;
  /** Without comments. */
  readonly code: readonly Token[];
  readonly comments: readonly Token[];
  /** Index in `code` of the bracket that matches the one at this index, both ways. */
  readonly pairs: ReadonlyMap<number, number>;
};

/** Something against a rule of STYLE.md: where and, in a sentence, what to do. */
export type Finding = { readonly path: string; readonly line: number; readonly rule: string; readonly message: string };

/** A rule that looks at one file. */
export type Rule = (file: SourceFile) => Finding[];

/** Folders of src that hold no product code but what tests and simulations stand on. */
const SUPPORT_FOLDER = 'testing';

function roleOf(path: string): Role {
  if (/\.test\.tsx?$/.test(path)) return 'test';
  const parts = path.split('/');
  return parts[0] === 'src' && !parts.includes(SUPPORT_FOLDER) ? 'product' : 'support';
}

const CLOSING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}', '${': '}' };

function matchBrackets(code: readonly Token[]): Map<number, number> {
  const pairs = new Map<number, number>();
  const open: number[] = [];
  code.forEach((token, index) => {
    if (token.kind !== 'punctuation') return;
    if (Object.hasOwn(CLOSING, token.text)) open.push(index);
    if (token.text !== ')' && token.text !== ']' && token.text !== '}') return;
    const start = open.at(-1);
    if (start === undefined || CLOSING[code[start]?.text ?? ''] !== token.text) return;
    open.pop();
    pairs.set(start, index).set(index, start);
  });
  return pairs;
}

/** Reads a file for the rules. */
export function readSource(path: string, text: string): SourceFile {
  const jsx = path.endsWith('x');
  const tokens = tokenize(text, { jsx });
  const code = tokens.filter((token) => token.kind !== 'comment');
  const [root = '', zone = '', slice = '', ...rest] = path.split('/');
  const inZone = root === 'src' && slice !== '';
  return {
    path,
    zone: inZone ? zone : '',
    slice: inZone && rest.length > 0 ? slice : '',
    role: roleOf(path),
    jsx,
    text,
    lines: text === '' ? 0 : text.replace(/\n$/, '').split('\n').length,
    code,
    comments: tokens.filter((token) => token.kind === 'comment'),
    pairs: matchBrackets(code),
  };
}

/** Builds a finding about a line of a file. */
export const finding = (file: { readonly path: string }, line: number, about: { rule: string; message: string }): Finding => ({ path: file.path, line, ...about });

/** The text of the code token at an index, empty beyond the ends; strings keep their quotes. */
export const textAt = (file: SourceFile, index: number): string => file.code[index]?.text ?? '';

/** Whether the code tokens from an index on have these texts. */
export const reads = (file: SourceFile, index: number, texts: readonly string[]): boolean => texts.every((text, offset) => textAt(file, index + offset) === text);

/** Words that are no name: what follows one is never a call or an index of it. */
export const KEYWORDS: ReadonlySet<string> = new Set([
  'if', 'for', 'while', 'switch', 'catch', 'with', 'return', 'typeof', 'await', 'yield', 'case', 'in', 'of', 'new', 'delete', 'void', 'throw', 'do', 'else',
  'function', 'instanceof', 'import', 'export', 'default', 'extends', 'keyof', 'const', 'let', 'var', 'as', 'satisfies', 'is',
]);

/** Whether the token at an index ends a value: a name, a literal, a closing bracket. */
export function isValueEnd(file: SourceFile, index: number): boolean {
  const token = file.code[index];
  if (token === undefined) return false;
  if (token.kind === 'word') return !KEYWORDS.has(token.text);
  return token.kind === 'punctuation' ? [')', ']', '}'].includes(token.text) : true;
}
