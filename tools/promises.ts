/** A test that a document names: its file, the beginning of its title, and that as a pattern for the titles of its cases. */
export type NamedTest = { readonly file: string; readonly title: string; readonly pattern: string };

const SECTION = /^## ([A-Z]\d+(?:, [A-Z]\d+)*)\. .+$/gmu;
const NAMED = /`((?:src|tools|bench)\/[^`]+\.test\.ts)`: `([^`]+)`/gu;

/** A title as a pattern: what is filled in for each case of a table may be anything. */
export const patternOf = (title: string): string => title.split(/%[si]|\$\w+/u).map((part) => part.replaceAll(/[.*+?^${}()|[\]\\/]/gu, String.raw`\$&`)).join('.*');

/** The tests that each promise of docs/promises.md names, by its code; a section of two codes is found under both. */
export function provenBy(page: string): Map<string, NamedTest[]> {
  const found = new Map<string, NamedTest[]>();
  const heads = [...page.matchAll(SECTION)];
  for (const [index, head] of heads.entries()) {
    const section = page.slice(head.index, heads[index + 1]?.index);
    const tests = [...section.matchAll(NAMED)].map(([, file = '', title = '']) => ({ file, title, pattern: patternOf(title) }));
    for (const code of head[1]?.split(', ') ?? []) found.set(code, tests);
  }
  return found;
}
