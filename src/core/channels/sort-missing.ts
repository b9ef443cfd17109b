import type { EndToWrite, SendToPlace } from '../dunning/place-sends.ts';
import type { Instant } from '../kernel/clock.ts';
import type { MissingSend } from './compare-journal.ts';

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

/** Numbers that lie free between two freezes, for each millisecond between them: a database writes some ten actions in one, and each has to be handed over before its number is taken. */
const NUMBERS_A_MILLISECOND = 1000n;

/**
 * The number behind which actions go on from a freeze on. Runs go on meanwhile, and what they propose must not take a number that something left under in another history of the
 * database: Message-IDs and names of letters are made from it. Where no journal here proves what left (`unproven`), nobody knows those numbers, nor how many there were since an earlier
 * such freeze, which the backup may not know of either: the microseconds since 1970 lie ahead of any that were counted up, and as far ahead of those of the earlier freeze as no
 * database counts in the time between. Only a clock that was set back between the two takes that away.
 */
export function numbersFrom(of: { readonly unproven: boolean; readonly unknown: readonly { readonly action: string }[]; readonly at: Instant }): bigint {
  const known = of.unknown.reduce((most, { action }) => (BigInt(action) > most ? BigInt(action) : most), 0n);
  const unheard = of.unproven ? BigInt(Date.parse(of.at)) * NUMBERS_A_MILLISECOND : 0n;
  return known > unheard ? known : unheard;
}
