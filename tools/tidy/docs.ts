import { finding, textAt } from './source.ts';
import type { Finding, SourceFile } from './source.ts';

/** Zones whose exported things say what they are (rule 11). */
const ZONES: ReadonlySet<string> = new Set(['core', 'server']);

const KINDS: ReadonlySet<string> = new Set(['function', 'const', 'let', 'class', 'type', 'interface']);

type Declaration = { readonly name: string; readonly line: number };

/** The exported declarations of a file, in order; re-exports are none. */
function exportedOf(file: SourceFile): Declaration[] {
  return file.code.flatMap((token, index) => {
    if (token.kind !== 'word' || token.text !== 'export') return [];
    let at = index + 1;
    while (['async', 'abstract', 'default', 'declare'].includes(textAt(file, at))) at += 1;
    if (!KINDS.has(textAt(file, at))) return [];
    if (textAt(file, at + 1) === '*') at += 1;
    return file.code[at + 1]?.kind === 'word' ? [{ name: textAt(file, at + 1), line: token.line }] : [];
  });
}

/** Rule 11: what core and server export has a doc comment; a run of one-liners without a blank line, and overloads, share the first one's. */
export function checkDocs(file: SourceFile): Finding[] {
  if (!ZONES.has(file.zone) || file.role !== 'product') return [];
  const ends = new Set(file.comments.filter((comment) => comment.text.startsWith('/**')).map((comment) => comment.endLine));
  const documented = new Set<number>();
  const names = new Set<string>();
  return exportedOf(file).flatMap(({ name, line }) => {
    const shared = documented.has(line - 1) || names.has(name);
    names.add(name);
    if (ends.has(line - 1) || ends.has(line) || shared) {
      documented.add(line);
      return [];
    }
    return [finding(file, line, { rule: 'doc', message: `${name} is exported without a doc comment: say in a sentence or two its shapes, units and errors` })];
  });
}
