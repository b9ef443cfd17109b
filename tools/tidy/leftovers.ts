import { finding, reads, textAt } from './source.ts';
import type { Finding, SourceFile } from './source.ts';

/** Words of unfinished work in comments. */
const UNFINISHED = /\b(?:TODO|FIXME|XXX|HACK)\b/;

const TEST_WORDS: ReadonlySet<string> = new Set(['it', 'test', 'describe', 'suite']);
const SET_ASIDE: ReadonlySet<string> = new Set(['skip', 'only', 'todo', 'skipIf', 'runIf', 'fails']);
const SET_ASIDE_WORDS: ReadonlySet<string> = new Set(['xit', 'xtest', 'xdescribe', 'fit', 'fdescribe']);

/** A test that is set aside, by a member anywhere in the chain (`it.concurrent.skip`). */
function setAside(file: SourceFile, index: number): string | null {
  const word = textAt(file, index);
  if (textAt(file, index - 1) === '.' || file.code[index]?.kind !== 'word') return null;
  if (SET_ASIDE_WORDS.has(word) && textAt(file, index + 1) === '(') return word;
  if (!TEST_WORDS.has(word)) return null;
  for (let at = index + 1; textAt(file, at) === '.'; at += 2) if (SET_ASIDE.has(textAt(file, at + 1))) return `${word}.${textAt(file, at + 1)}`;
  return null;
}

/** Whether a `catch` at an index swallows what it caught: no statement inside. */
function swallows(file: SourceFile, index: number): boolean {
  if (textAt(file, index) !== 'catch') return false;
  if (textAt(file, index - 1) === '.') return swallowsInPromise(file, index + 1);
  const block = textAt(file, index + 1) === '(' ? (file.pairs.get(index + 1) ?? index) + 1 : index + 1;
  return reads(file, block, ['{', '}']);
}

/** `.catch(() => {})`: nothing is done with the failure; a value that stands for it (`() => null`) is a decision. */
function swallowsInPromise(file: SourceFile, open: number): boolean {
  if (textAt(file, open) !== '(' || textAt(file, open + 1) !== '(') return false;
  const after = (file.pairs.get(open + 1) ?? open) + 1;
  return reads(file, after, ['=>', '{', '}', ')']);
}

/** No test set aside, no failure swallowed, no unfinished work left behind. */
export function checkLeftovers(file: SourceFile): Finding[] {
  const inCode = file.code.flatMap((token, index) => {
    const aside = file.role === 'test' || file.path.startsWith('e2e/') ? setAside(file, index) : null;
    if (aside !== null) return [finding(file, token.line, { rule: 'set-aside', message: `${aside}: every test runs, or goes` })];
    if (token.kind === 'word' && swallows(file, index)) return [finding(file, token.line, { rule: 'empty-catch', message: 'an empty catch hides failures: handle it or let it pass' })];
    return [];
  });
  const unfinished = file.comments.filter((comment) => UNFINISHED.test(comment.text));
  return [...inCode, ...unfinished.map((comment) => finding(file, comment.line, { rule: 'unfinished', message: 'finish it, or write down the decision not to' }))];
}
