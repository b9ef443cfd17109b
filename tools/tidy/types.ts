import { KEYWORDS, finding, isValueEnd, textAt } from './source.ts';
import type { Finding, SourceFile } from './source.ts';

/** Casts the core may hold outside its kernel, for 1,000 lines: row readers and branded ids live elsewhere. */
export const CASTS_PER_1000_MAX = 2;

const BEFORE_TYPE: ReadonlySet<string> = new Set([':', '<', '|', '&', '=', 'as', '=>', 'satisfies', 'extends', 'keyof', 'is']);

/** Whether the word `any` at an index is the type, not a name. */
function isAnyType(file: SourceFile, index: number): boolean {
  if (textAt(file, index) !== 'any') return false;
  const next = textAt(file, index + 1);
  if (textAt(file, index - 1) === ',') return next === '>' || next === '[';
  return BEFORE_TYPE.has(textAt(file, index - 1)) && ![':', '(', '.'].includes(next);
}

/** Whether the `!` at an index is written after a value: "this is not null, believe me". */
function isNonNull(file: SourceFile, index: number): boolean {
  if (textAt(file, index) !== '!' || !isValueEnd(file, index - 1)) return false;
  const next = file.code[index + 1];
  return next === undefined || next.kind === 'punctuation' || KEYWORDS.has(next.text);
}

/** Lines of the casts (`x as T`) of a file; `as const`, renamed imports and `* as` are none. */
export function castLines(file: SourceFile): number[] {
  return file.code.flatMap((token, index) => {
    if (token.kind !== 'word' || token.text !== 'as' || !isValueEnd(file, index - 1)) return [];
    const next = textAt(file, index + 1);
    if (next === 'const' || file.code[index + 1] === undefined || [':', ',', ')', '=', '.', ';'].includes(next)) return [];
    return inModuleList(file, index) ? [] : [token.line];
  });
}

/** Whether a token stands between the braces of an import or export list. */
function inModuleList(file: SourceFile, index: number): boolean {
  for (let at = index - 1; at >= 0; at -= 1) {
    const text = textAt(file, at);
    if (text === '{') return ['import', 'export', 'type', ','].includes(textAt(file, at - 1)) && textAt(file, (file.pairs.get(at) ?? at) + 1) !== '=';
    if (!(file.code[at]?.kind === 'word' || text === ',')) return false;
  }
  return false;
}

/** Lines of the `any` types of a file. */
export const anyLines = (file: SourceFile): number[] => file.code.flatMap((token, index) => (token.kind === 'word' && isAnyType(file, index) ? [token.line] : []));

/** Rule 7: no `any`, no silenced checker, no `!`. */
export function checkTypes(file: SourceFile): Finding[] {
  const any = anyLines(file).map((line) => finding(file, line, { rule: 'any', message: 'any: parse at the door and give it its type' }));
  const sure = file.code.flatMap((token, index) =>
    token.kind === 'punctuation' && isNonNull(file, index) ? [finding(file, token.line, { rule: 'non-null', message: 'x!: handle the missing case, or throw with its reason' })] : [],
  );
  const silenced = file.comments.filter((comment) => /@ts-(?:ignore|nocheck)\b/.test(comment.text) || (file.role !== 'test' && comment.text.includes('@ts-expect-error')));
  return [...any, ...sure, ...silenced.map((comment) => finding(file, comment.line, { rule: 'silenced', message: 'the type checker is silenced: say what the type is' }))];
}

/** Rule 7 over the whole core: at most two casts for 1,000 lines outside the kernel; every one is listed when there are more. */
export function checkCasts(files: readonly SourceFile[]): Finding[] {
  const core = files.filter((file) => file.zone === 'core' && file.role === 'product' && file.slice !== 'kernel');
  const lines = core.reduce((sum, file) => sum + file.lines, 0);
  const casts = core.flatMap((file) => castLines(file).map((line) => ({ file, line })));
  if (casts.length * 1000 <= CASTS_PER_1000_MAX * lines) return [];
  const figure = `${casts.length} casts in ${lines} lines of core, at most ${CASTS_PER_1000_MAX} in 1,000`;
  return casts.map(({ file, line }) => finding(file, line, { rule: 'cast', message: `x as T: ${figure}; parse or build the value instead` }));
}
