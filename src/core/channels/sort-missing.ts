import type { EndToWrite, SendToPlace } from '../dunning/place-sends.ts';
import type { Instant } from '../kernel/clock.ts';
import { UNPROVEN } from './compare-journal.ts';
import type { FreezeReason, MissingSend } from './compare-journal.ts';

/** What a reconciliation does with the sends of one organisation. */
export type MissingSorted = {
  readonly ends: readonly EndToWrite[];
  readonly place: readonly SendToPlace[];
  /** They reached nobody and are only counted. */
  readonly refused: number;
  readonly tests: number;
};

/** Sorts what the database does not know: `begun` are those it began itself, of which only the end is unknown to it. Of the others those that reached somebody, or may have, are placed. */
export function sortMissing(missing: readonly MissingSend[], begun: readonly MissingSend[]): MissingSorted {
  const known = new Set(begun.map(({ ref }) => ref));
  const real = missing.filter(({ send }) => send?.test !== true);
  return {
    ends: begun.flatMap(({ action, fence, end, send }) => (end === null ? [] : [{ action, fence, outcome: end, day: send?.day ?? null }])),
    place: real.flatMap(({ ref, end, send }) => (send === null || end === 'refused' || known.has(ref) ? [] : [{ ref, outcome: end === 'accepted' ? 'accepted' as const : 'unknown' as const, send }])),
    refused: real.filter(({ end }) => end === 'refused').length, tests: missing.length - real.length,
  };
}

/** The highest number of an action among sends: those of this database go on behind it. */
export const highestNumber = (sends: readonly { readonly action: string }[]): bigint => sends.reduce((most, { action }) => (BigInt(action) > most ? BigInt(action) : most), 0n);

const SECOND_MS = 1000;

/**
 * The number behind which actions go on once an installation is frozen. Runs go on meanwhile, and what they propose must not take a number that something left under in another
 * history of the database: Message-IDs and names of letters are made from it. Where no journal here proves what left, nobody knows those numbers: the seconds since 1970 lie ahead of
 * any that were counted up, and ahead of those of an earlier freeze. `highest` is that of the actions here, at `at`.
 */
export function numbersFrom(of: { readonly because: FreezeReason; readonly unknown: readonly { readonly action: string }[]; readonly highest: bigint; readonly at: Instant }): bigint {
  const known = highestNumber(of.unknown);
  if (!UNPROVEN.has(of.because)) return known;
  return [known, of.highest, BigInt(Math.floor(Date.parse(of.at) / SECOND_MS))].reduce((most, one) => (one > most ? one : most));
}
