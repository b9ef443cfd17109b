import type { Random } from '#core/kernel/random.ts';
import { mutateBytes, textOfBytes, writeBytes } from './mutate-bytes.ts';
import { mutateText } from './mutate-text.ts';
import type { Outcome } from './outcome.ts';
import type { Shape } from './text-shape.ts';

/** A file made to be read, what was done to it, and whether its records can still be counted. */
export type FuzzCase = { readonly bytes: Buffer; readonly names: readonly string[]; readonly counted: boolean };

/** A statement that balances, and the same with one amount or sign changed: the second must never balance. */
export type AmountPair = { readonly before: Buffer; readonly after: Buffer };

/** A reader under test with what it is fed. */
export type Subject = {
  readonly name: string;
  /** Draws a case; the same random gives the same one. */
  readonly draw: (random: Random) => FuzzCase;
  readonly read: (bytes: Buffer) => Outcome | Promise<Outcome>;
  /** For formats with balances. */
  readonly pair?: (random: Random) => AmountPair;
};

/** Draws cases from the text of seeds. */
export function drawText(seeds: readonly Buffer[], shape: Shape): Subject['draw'] {
  const texts = seeds.map(textOfBytes);
  return (random) => {
    const { text, encoding } = random.pick(texts);
    const mutated = mutateText(text, { shape, random, other: () => random.pick(texts).text });
    const { bytes, name } = writeBytes(mutated.text, encoding, random);
    return { bytes, names: name === null ? mutated.names : [...mutated.names, name], counted: mutated.counted && name === null };
  };
}

/** Draws cases from the bytes of seeds. */
export function drawBytes(seeds: readonly Buffer[]): Subject['draw'] {
  return (random) => ({ ...mutateBytes(random.pick(seeds), random), counted: false });
}
