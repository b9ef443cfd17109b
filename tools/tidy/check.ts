import { checkDocs } from './docs.ts';
import { checkImports } from './imports.ts';
import { checkLeftovers } from './leftovers.ts';
import { checkNames, emptyWordIn } from './names.ts';
import { checkPlaces } from './places.ts';
import { checkPurity } from './purity.ts';
import { checkSizes } from './sizes.ts';
import { readSource } from './source.ts';
import type { Finding, Rule, SourceFile } from './source.ts';
import { checkCasts, checkTypes } from './types.ts';

/** Rules that look at one TypeScript file; a new rule is a function added here and a pair of snippets in the test. */
const RULES: readonly Rule[] = [checkImports, checkPurity, checkTypes, checkSizes, checkNames, checkDocs, checkLeftovers];

/** A text of the repository. */
export type Text = { readonly path: string; readonly text: string };

/** Folders of TypeScript we write; fixtures hold other people's files as they are. */
const CODE = /^(?:src|tools|bench|e2e)\/.*\.tsx?$|^[^/]+\.config\.ts$/;

/** Applies every rule to every text; the findings come sorted by place, with the sources for the figures. */
export function check(texts: readonly Text[]): { findings: Finding[]; sources: SourceFile[] } {
  const sources = texts.filter(({ path }) => CODE.test(path) && !path.endsWith('.d.ts')).map(({ path, text }) => readSource(path, text));
  const named = texts.flatMap(({ path }): Finding[] => {
    const word = CODE.test(path) ? null : emptyWordIn(path);
    return word === null ? [] : [{ path, line: 1, rule: 'name', message: `"${word}" says nothing: name the file after what it holds` }];
  });
  const findings = [
    ...sources.flatMap((source) => RULES.flatMap((rule) => rule(source))),
    ...checkCasts(sources),
    ...texts.flatMap(({ path, text }) => checkPlaces(path, text)),
    ...named,
  ];
  return { findings: findings.toSorted((a, b) => a.path.localeCompare(b.path) || a.line - b.line), sources };
}
