import path from 'node:path';
import { finding, reads, textAt } from './source.ts';
import type { Finding, SourceFile } from './source.ts';

/** Which zones a zone may import (rule 6); web reaches the server by HTTP only. */
const ZONES: Readonly<Record<string, readonly string[]>> = {
  core: ['core'],
  sim: ['core', 'sim'],
  server: ['core', 'server'],
  cli: ['core', 'sim', 'server', 'cli'],
  web: ['core', 'web'],
};

/** Slices from upstream to downstream: a slice imports itself and those before it. The first three carry no business, the last ones serve it or prove it. */
const SLICES: readonly string[] = [
  'kernel', 'plumbing', 'audit', 'backup',
  'ledger', 'intake', 'matching', 'charges', 'holds', 'risk', 'dunning', 'letters', 'channels', 'evidence', 'portal', 'legal', 'reports',
  'identity', 'api', 'web', 'testing', 'invariants', 'review', 'simulator',
];

/** Zones whose folders are slices. */
const SLICED: ReadonlySet<string> = new Set(['core', 'server']);

/** Folder of a zone with what tests stand on; only tests and other such folders import it. */
const TESTING = 'testing';

type Import = { readonly specifier: string; readonly line: number };

/** Every module a file names: `import`, `export … from`, `import(…)` in code and in types. */
export function importsOf(file: SourceFile): Import[] {
  return file.code.flatMap((token, index) => {
    if (token.kind !== 'string' || textAt(file, index + 1) === ':') return [];
    const named = (textAt(file, index - 1) === 'from' && ['}', ')'].includes(textAt(file, index - 2))) || isDefaultFrom(file, index);
    const bare = textAt(file, index - 1) === 'import' || reads(file, index - 2, ['import', '(']);
    return named || bare ? [{ specifier: token.text.slice(1, -1), line: token.line }] : [];
  });
}

function isDefaultFrom(file: SourceFile, index: number): boolean {
  if (textAt(file, index - 1) !== 'from') return false;
  for (let at = index - 2; at >= 0 && index - at < 12; at -= 1) if (['import', 'export'].includes(textAt(file, at))) return true;
  return false;
}

/** Path below src of what is imported ("core/kernel/day.ts"), or null for a package. */
function target(file: SourceFile, specifier: string): string | null {
  if (specifier.startsWith('#')) return specifier.slice(1);
  if (!specifier.startsWith('.')) return null;
  const resolved = path.posix.normalize(path.posix.join(path.posix.dirname(file.path), specifier));
  return resolved.startsWith('src/') ? resolved.slice('src/'.length) : null;
}

const about = (rule: string, message: string): { rule: string; message: string } => ({ rule, message });

function checkZone(file: SourceFile, wanted: Import, zone: string): Finding[] {
  const allowed = ZONES[file.zone] ?? [];
  const test = (file.role === 'test' || file.path.split('/').includes(TESTING)) && (zone === 'core' || zone === 'sim' || zone === file.zone);
  if (!allowed.includes(zone) && !test) {
    return [finding(file, wanted.line, about('zone', `${file.zone} may not import ${zone} (${wanted.specifier}); it may import ${allowed.join(', ')}`))];
  }
  const crosses = zone !== file.zone && wanted.specifier.startsWith('.');
  return crosses ? [finding(file, wanted.line, about('zone', `write #${zone}/… instead of ${wanted.specifier}: zones import each other by name`))] : [];
}

function checkSlice(file: SourceFile, wanted: Import, to: { zone: string; slice: string }): Finding[] {
  if (file.role !== 'product' || !SLICED.has(to.zone) || !SLICED.has(file.zone)) return [];
  if (to.slice === TESTING) return [finding(file, wanted.line, about('slice', `only tests import ${wanted.specifier}`))];
  if (file.slice === '') return [];
  if (to.slice === '') return [finding(file, wanted.line, about('slice', `a slice may not import ${wanted.specifier}, which stands above all slices`))];
  const [own, other] = [SLICES.indexOf(file.slice), SLICES.indexOf(to.slice)];
  if (other <= own && other >= 0) return [];
  return [finding(file, wanted.line, about('slice', `${file.slice} may not import ${to.slice} (${wanted.specifier}): hand over by a row or a named event instead`))];
}

/** Rule 6: zones and slices import upstream only, by name between zones, with the ending. */
export function checkImports(file: SourceFile): Finding[] {
  if (file.zone === '') return [];
  const slice = SLICED.has(file.zone) && file.slice !== '' && file.slice !== TESTING && !SLICES.includes(file.slice);
  const unknown = slice ? [finding(file, 1, about('slice', `${file.slice} is no slice; slices are ${SLICES.join(', ')}`))] : [];
  return unknown.concat(importsOf(file).flatMap((wanted) => {
    const below = target(file, wanted.specifier);
    if (below === null) return checkPackage(file, wanted);
    const ending = /\.[a-z0-9]+$/i.test(below) ? [] : [finding(file, wanted.line, about('ending', `write the file's ending in ${wanted.specifier}`))];
    const [zone = '', folder = '', ...rest] = below.split('/');
    const to = { zone, slice: rest.length > 0 ? folder : '' };
    return [...ending, ...checkZone(file, wanted, zone), ...checkSlice(file, wanted, to)];
  }));
}

/** The pure zones use no package at all, and nothing leaves src by a relative path. */
function checkPackage(file: SourceFile, wanted: Import): Finding[] {
  if (wanted.specifier.startsWith('.')) return file.role === 'product' ? [finding(file, wanted.line, about('zone', `${wanted.specifier} is outside src`))] : [];
  if (file.role !== 'product') return [];
  const pure = file.zone === 'core' || file.zone === 'sim';
  if (pure) return [finding(file, wanted.line, about('zone', `${file.zone} is pure and imports no package (${wanted.specifier})`))];
  const node = file.zone === 'web' && wanted.specifier.startsWith('node:');
  return node ? [finding(file, wanted.line, about('zone', `web runs in the browser and cannot import ${wanted.specifier}`))] : [];
}
