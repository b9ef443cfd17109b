import { expect, test } from 'vitest';
import { check } from './check.ts';
import type { Text } from './check.ts';

/** What is found in texts, as `path:line rule`. */
const found = (...texts: Text[]): string[] => check(texts).findings.map(({ path, line, rule }) => `${path}:${line} ${rule}`);

/** Rules broken by one file. */
const rulesOf = (path: string, text: string): string[] => check([{ path, text }]).findings.map((finding) => finding.rule);

const lines = (count: number, line = '  run();'): string => `${line}\n`.repeat(count);

type Case = { rule: string; why: string; path?: string; bad: string; good: string; goodPath?: string };

const imports: Case[] = [
  { rule: 'zone', why: 'core stays alone', bad: `import { x } from '#server/plumbing/x.ts';`, good: `import { x } from '../kernel/x.ts';` },
  { rule: 'zone', why: 'core uses no package', bad: `import { readFile } from 'node:fs';`, good: `import type { Day } from '#core/kernel/day.ts';` },
  { rule: 'zone', why: 'web talks HTTP', path: 'src/web/screens/a.ts', bad: `import { x } from '#server/dunning/x.ts';`, good: `import { useState } from 'react';` },
  { rule: 'zone', why: 'sim knows core only', path: 'src/sim/a.ts', bad: `const x = await import('#server/dunning/run.ts');`, good: `import { x } from '#core/dunning/x.ts';` },
  { rule: 'zone', why: 'zones by name', path: 'src/server/dunning/a.ts', bad: `import { x } from '../../core/kernel/x.ts';`, good: `import { x } from '#core/kernel/x.ts';` },
  { rule: 'zone', why: 'types count too', bad: `type A = import('#server/plumbing/x.ts').A;`, good: `const from = 'node:fs';` },
  { rule: 'slice', why: 'upstream only, in the zone', path: 'src/core/ledger/a.ts', bad: `import { x } from '../dunning/x.ts';`, good: `import { x } from './x.ts';` },
  { rule: 'slice', why: 'upstream only, across zones', path: 'src/server/intake/a.ts', bad: `import { x } from '#core/letters/x.ts';`, good: `import { x } from '#server/ledger/x.ts';` },
  { rule: 'slice', why: 'plumbing is below all', path: 'src/server/plumbing/a.ts', bad: `export type { X } from '#server/audit/x.ts';`, good: `import { x } from './deep/x.ts';` },
  { rule: 'slice', why: 'slices are known', path: 'src/server/extras/a.ts', bad: 'run();', good: 'run();', goodPath: 'src/server/reports/a.ts' },
  { rule: 'slice', why: 'test stands are for tests', path: 'src/server/audit/a.ts', bad: `import { x } from '#server/testing/x.ts';`, good: `import { x } from '#server/testing/x.ts';`, goodPath: 'src/server/audit/a.test.ts' },
  { rule: 'ending', why: 'the file is named in full', bad: `import { x } from './x';`, good: `import { x } from './x.ts';` },
];

const purity: Case[] = [
  { rule: 'clock', why: 'Date.now', bad: 'const now = Date.now();', good: 'const at = new Date(instant);' },
  { rule: 'clock', why: 'new Date()', bad: 'const now = new Date();', good: `const text = 'new Date()';` },
  { rule: 'clock', why: 'Date()', bad: 'const now = Date();', good: 'const is = x instanceof Date;' },
  { rule: 'clock', why: 'performance', bad: 'const at = performance.now();', good: 'const now = clock.now();' },
  { rule: 'clock', why: 'chance', bad: 'const x = Math.random();', good: 'const x = random.next();' },
  { rule: 'clock', why: 'crypto', path: 'src/server/audit/a.ts', bad: `import { randomUUID } from 'node:crypto';`, good: `import { createHash } from 'node:crypto';` },
  { rule: 'clock', why: 'but in its own file', path: 'src/server/plumbing/other.ts', bad: 'const now = Date.now();', good: 'const now = Date.now();', goodPath: 'src/server/plumbing/clock.ts' },
];

const types: Case[] = [
  { rule: 'any', why: 'annotation', bad: 'const a: any = 1;', good: 'const any: number = 1;' },
  { rule: 'any', why: 'argument of a type', bad: 'const a: Map<string, any> = b;', good: 'const a = { one, any, other }; // any' },
  { rule: 'any', why: 'cast', bad: 'run(a as any);', good: 'run(a.any);' },
  { rule: 'non-null', why: 'member', bad: 'const a = b!.c;', good: 'const a = !b && c !== d;' },
  { rule: 'non-null', why: 'index', bad: 'return list[0]!;', good: 'return !list[0];' },
  { rule: 'silenced', why: 'ignored', bad: '// @ts-ignore\nrun();', good: `const a = '@ts-ignore';` },
  { rule: 'cast', why: 'too many casts', bad: 'const a = b as Day;\nconst c = d as unknown as Day;', good: `import { a as b } from './a.ts';\nimport * as d from './d.ts';\nconst c = [1] as const;` },
  { rule: 'cast', why: 'the kernel may', path: 'src/core/dunning/a.ts', bad: 'const a = b as Day;', good: 'const a = b as Day;', goodPath: 'src/core/kernel/a.ts' },
];

const sizes: Case[] = [
  { rule: 'function-size', why: 'declaration', bad: `function a(): { b: string } {\n${lines(59)}}`, good: `function a(): { b: string } {\n${lines(58)}}` },
  { rule: 'function-size', why: 'method', bad: `class A {\n  async b<T>(c: T): Promise<Map<string, T>> {\n${lines(60)}}\n}`, good: `class A {\n  b(): void {\n${lines(30)}}\n  c(): void {\n${lines(30)}}\n}` },
  { rule: 'function-size', why: 'arrow', bad: `const a = async ({ b }: { b: () => void }): Promise<void> => {\n${lines(60)}};`, good: `const a = {\n${lines(70, '  b: 1,')}};` },
  { rule: 'function-size', why: 'arrow of one expression', bad: `const a = (): string[] => [\n${lines(60, "  'b',")}];`, good: `type A = {\n${lines(70, '  readonly b: (c: string) => { d: string };')}};` },
  { rule: 'function-size', why: 'template and expression inside', bad: `function a() {\n const b = \`}\${\`}\`}\`; const c = /[}/]{2}/; // }\n${lines(60)}}`, good: `function a() {\n const b = \`{\${'{'}\`; const c = /[{]/; // {\n}\n${lines(60)}` },
  { rule: 'parameters', why: 'four', bad: 'function a(b: Map<string, number>, c = [1, 2], d: { e: number }, f?: string) {}', good: 'function a(this: X, b: Map<string, number>, c: (d: number, e: number) => void, f = g(1, 2, 3),) {}' },
  { rule: 'parameters', why: 'four of an arrow', bad: 'list.map((a, b, c, d) => { run(); });', good: 'run(a, b, c, d, e);' },
  { rule: 'file-size', why: 'long', bad: lines(401, 'run();'), good: lines(400, 'run();') },
];

const shapes: Case[] = [
  { rule: 'name', why: 'file', path: 'src/core/ledger/date-utils.ts', bad: 'run();', good: 'run();', goodPath: 'src/core/ledger/utilisation.ts' },
  { rule: 'name', why: 'folder', path: 'src/server/plumbing/helpers/a.ts', bad: 'run();', good: 'run();' },
  { rule: 'name', why: 'exported', bad: '/** A. */\nexport class MailManager {}', good: '/** A. */\nexport class Mail {}' },
  { rule: 'name', why: 'other texts', path: 'docs/misc.md', bad: 'Words', good: 'Words', goodPath: 'docs/formats/fec.md' },
  { rule: 'barrel', why: 'star', bad: `export * from './a.ts';`, good: `/** A. */\nexport const a = 1;` },
  { rule: 'barrel', why: 'list', bad: `export { a } from './a.ts';\nexport type { B } from './b.ts';`, good: `export type { B } from './b.ts';\nrun();` },
  { rule: 'doc', why: 'function', bad: 'export function a(): void {}', good: '/** Does. */\nexport function a(): void {}' },
  { rule: 'doc', why: 'a plain comment is none', bad: '// Does.\nexport async function a(): Promise<void> {}', good: 'function a(): void {}' },
  { rule: 'doc', why: 'type', bad: '/** Old. */\n\nexport type A = string;', good: '/** Both. */\nexport type A = string;\nexport type B = string;' },
  { rule: 'doc', why: 'server too, tests not', path: 'src/server/audit/a.ts', bad: 'export const a = 1;', good: 'export const a = 1;', goodPath: 'src/server/audit/a.test.ts' },
];

const leftovers: Case[] = [
  { rule: 'set-aside', why: 'skip', path: 'src/core/ledger/a.test.ts', bad: `it.skip('a', run);`, good: `it('skip', run);` },
  { rule: 'set-aside', why: 'only, in a chain', path: 'src/core/ledger/a.test.ts', bad: `describe.concurrent.only('a', run);`, good: `test.each([1])('a', run);` },
  { rule: 'set-aside', why: 'todo', path: 'e2e/a.ts', bad: `test.todo('a');`, good: `list.test.todo('a');` },
  { rule: 'empty-catch', why: 'block', bad: 'try { run(); } catch { /* never mind */ }', good: 'try { run(); } catch (error) { throw wrap(error); }' },
  { rule: 'empty-catch', why: 'promise', bad: 'run().catch(() => {});', good: 'run().catch(() => null);' },
  { rule: 'unfinished', why: 'later', bad: '// TODO later\nrun();', good: `// todos are rows\nconst a = 'TODO';` },
];

const places: Case[] = [
  { rule: 'machine-path', why: 'in a document', path: 'docs/a.md', bad: `see ${['', 'home', 'ann', 'x'].join('/')}`, good: 'see src/work/x and https://a.example/home/x' },
  { rule: 'registry', why: 'address', path: 'docs/a.md', bad: `from ${['https:', '', 'registry.intra.example', 'npm'].join('/')}`, good: 'from https://registry.npmjs.org/pg' },
  { rule: 'registry', why: 'lock file', path: 'package-lock.json', bad: '"resolved": "http://mirror.example:4873/pg.tgz"', good: '"resolved": "https://registry.npmjs.org/pg.tgz"' },
];

test.each([...imports, ...purity, ...types, ...sizes, ...shapes, ...leftovers, ...places])('$rule: $why', ({ rule, path = 'src/core/dunning/a.ts', bad, good, goodPath }) => {
  expect(rulesOf(path, bad)).toContain(rule);
  const other = goodPath ?? (rule === 'name' ? 'src/core/dunning/a.ts' : path);
  expect(rulesOf(other, good)).toEqual([]);
});

test('a component may be longer, and text in markup is no code', () => {
  const page = (count: number): string => `const Page = () => {\n  return (\n    <p title="d'un">\n${lines(count, "      Don't {list.map((x) => <b key={x}>{x}</b>)} `} é")}    </p>\n  );\n};`;
  expect(rulesOf('src/web/screens/page.tsx', page(140))).toEqual([]);
  expect(rulesOf('src/web/screens/page.tsx', page(150))).toEqual(['function-size']);
});

test('findings name the line, and come sorted by place', () => {
  const bad = 'run();\nconst a: any = Date.now();\n';
  expect(found({ path: 'src/core/risk/b.ts', text: bad }, { path: 'src/core/risk/a.ts', text: `\n${bad}` })).toEqual([
    'src/core/risk/a.ts:3 clock', 'src/core/risk/a.ts:3 any', 'src/core/risk/b.ts:2 clock', 'src/core/risk/b.ts:2 any',
  ]);
});

test('casts of the core are weighed together: two in a thousand lines pass, three do not', () => {
  const filler = { path: 'src/core/risk/filler.ts', text: lines(300, 'run();') };
  const more = [1, 2, 3].map((n) => ({ path: `src/core/risk/filler-${n}.ts`, text: filler.text }));
  const casts = (count: number): Text => ({ path: 'src/core/risk/a.ts', text: lines(count, 'const a = b as Day;') });
  expect(found(filler, ...more, casts(2))).toEqual([]);
  expect(found(filler, ...more, casts(3))).toHaveLength(3);
});
