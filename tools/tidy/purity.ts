import { finding, reads, textAt } from './source.ts';
import type { Finding, SourceFile } from './source.ts';

/** The two files that may ask the machine for the time and for randomness (rule 4). */
const SOURCES: ReadonlySet<string> = new Set(['src/server/plumbing/clock.ts', 'src/server/plumbing/random.ts']);

/** Zones the rule speaks to. */
const ZONES: ReadonlySet<string> = new Set(['core', 'sim', 'server']);

/** Ways to read a clock or to draw at random, as they stand in code. */
const CALLS: readonly (readonly string[])[] = [
  ['Date', '.', 'now'], ['new', 'Date', '(', ')'], ['new', 'Date', ';'], ['Temporal', '.', 'Now'], ['performance', '.', 'now'],
  ['performance', '.', 'timeOrigin'], ['process', '.', 'hrtime'], ['process', '.', 'uptime'], ['Math', '.', 'random'],
];

/** Functions of node:crypto and of the browser's crypto that draw at random, called bare or through an object. */
const DRAWS: ReadonlySet<string> = new Set(['randomUUID', 'randomUUIDv7', 'randomBytes', 'randomInt', 'randomFill', 'randomFillSync', 'getRandomValues', 'webcrypto']);

/** Rule 4: no clock and no randomness outside the two files that own them. */
export function checkPurity(file: SourceFile): Finding[] {
  if (!ZONES.has(file.zone) || file.role !== 'product' || SOURCES.has(file.path)) return [];
  return file.code.flatMap((token, index) => {
    if (token.kind !== 'word') return [];
    const call = CALLS.find((texts) => reads(file, index, texts));
    const bareDate = token.text === 'Date' && textAt(file, index + 1) === '(' && !['new', '.'].includes(textAt(file, index - 1));
    if (call === undefined && !bareDate && !DRAWS.has(token.text)) return [];
    const written = call?.join('').replace('new', 'new ') ?? token.text;
    const message = `${written} asks the machine: take the time from Clock and randomness from Random, as arguments`;
    return [finding(file, token.line, { rule: 'clock', message })];
  });
}
