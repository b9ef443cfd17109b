import { finding, textAt } from './source.ts';
import type { Finding, SourceFile } from './source.ts';

/** Words that name nothing (rule 15). */
const EMPTY_WORDS: ReadonlySet<string> = new Set(['util', 'utils', 'utility', 'utilities', 'helper', 'helpers', 'common', 'commons', 'manager', 'managers', 'service', 'services', 'misc']);

/** The empty word in the name of a file or of one of its folders, or null. */
export function emptyWordIn(path: string): string | null {
  const words = path.split('/').flatMap((part) => part.replace(/\.[^.]*$/, '').split(/[-_.]|(?<=[a-z])(?=[A-Z])/));
  return words.find((word) => EMPTY_WORDS.has(word.toLowerCase())) ?? null;
}

/** Empty words at the end of an exported name ("MailManager"). */
function checkExportedNames(file: SourceFile): Finding[] {
  return file.code.flatMap((token, index) => {
    if (token.kind !== 'word' || !['function', 'class', 'type', 'interface', 'const'].includes(textAt(file, index - 1))) return [];
    const exported = [2, 3, 4].some((back) => textAt(file, index - back) === 'export');
    const last = token.text.split(/(?<=[a-z0-9])(?=[A-Z])/).at(-1) ?? '';
    if (!exported || !EMPTY_WORDS.has(last.toLowerCase())) return [];
    return [finding(file, token.line, { rule: 'name', message: `${token.text}: "${last}" says nothing, name what it does` })];
  });
}

/** Whether every statement of a file hands something on from another file, and there is at least one. */
function isBarrel(file: SourceFile): boolean {
  let statements = 0;
  for (let at = 0; at < file.code.length; at += 1) {
    if (textAt(file, at) !== 'export') return false;
    const list = ['{', '*'].includes(textAt(file, at + 1)) || (textAt(file, at + 1) === 'type' && ['{', '*'].includes(textAt(file, at + 2)));
    const end = file.code.findIndex((token, index) => index > at && token.text === ';');
    if (!list || end === -1 || textAt(file, end - 2) !== 'from') return false;
    statements += 1;
    at = end;
  }
  return statements > 0;
}

/** Rule 15: no empty names, no barrels. */
export function checkNames(file: SourceFile): Finding[] {
  const word = emptyWordIn(file.path);
  const named = word === null ? [] : [finding(file, 1, { rule: 'name', message: `"${word}" says nothing: name the file after what it does` })];
  const stars = file.code.flatMap((token, index) => {
    const whole = token.text === 'export' && (textAt(file, index + 1) === '*' || (textAt(file, index + 1) === 'type' && textAt(file, index + 2) === '*'));
    return whole && file.role !== 'support' ? [finding(file, token.line, { rule: 'barrel', message: 'export *: import from the file that defines it' })] : [];
  });
  const barrel = isBarrel(file) && stars.length === 0 ? [finding(file, 1, { rule: 'barrel', message: 'this file only hands on others: import from the file that defines it' })] : [];
  return [...named, ...checkExportedNames(file), ...stars, ...barrel];
}
