import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseId } from '#core/kernel/id.ts';
import type { Outcome } from './attempts.ts';
import type { Claimed } from './claim-batch.ts';
import { Desk, EXPOSED_LEAST, EXPOSED_MAX } from './desk.ts';
import type { DeskParts } from './desk.ts';

const ACCEPTED: Outcome = { kind: 'accepted', response: '250 ok' };

/** A claim as far as a desk looks at it. */
function claim(number: number): Claimed {
  const actionId = parseId<'action'>(String(number));
  if (actionId === null) throw new Error('bad number');
  return { action: { actionId }, fence: 1, mail: null, pdf: null, sha256: '', headerId: '' } as unknown as Claimed;
}

const claims = (count: number): Claimed[] => Array.from({ length: count }, (_, index) => claim(index + 1));

/** What a desk does with the outside world, with the worst of what it exposed; durable is what a note that came back said. */
class Watch {
  readonly started = new Set<string>();
  readonly ended = new Set<string>();
  readonly handed: string[] = [];
  early = 0;
  exposedMost = 0;

  parts(delays: { note: () => number; carry: () => number }): DeskParts {
    return {
      isFresh: () => true,
      note: async (note) => {
        await sleep(delays.note());
        for (const { action } of note.ended) this.ended.add(action);
        for (const { action } of note.starting) this.started.add(action);
        this.exposedMost = Math.max(this.exposedMost, this.started.size - this.ended.size);
        return new Set([...note.starting, ...note.ended].map(({ action }) => action));
      },
      carry: async ({ action }) => {
        if (!this.started.has(action.actionId)) this.early += 1;
        this.handed.push(action.actionId);
        await sleep(delays.carry());
        return ACCEPTED;
      },
    };
  }
}

type Hands = { handOver(claimed: Claimed): Promise<Outcome | null> };

/** The planted bug: the start is noted beside the hand-off instead of before it. */
class HastyDesk implements Hands {
  readonly #parts: DeskParts;
  constructor(parts: DeskParts) {
    this.#parts = parts;
  }
  async handOver(claimed: Claimed): Promise<Outcome> {
    const attempt = { action: claimed.action.actionId, fence: claimed.fence };
    const [outcome] = await Promise.all([this.#parts.carry(claimed), this.#parts.note({ starting: [attempt], ended: [] })]);
    await this.#parts.note({ starting: [], ended: [{ ...attempt, outcome }] });
    return outcome;
  }
}

const times = fc.record({ count: fc.integer({ min: 1, max: 120 }), note: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1 }), carry: fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1 }) });

const cycle = (values: readonly number[]): (() => number) => {
  let at = 0;
  return () => values[at++ % values.length] ?? 0;
};

/** Whatever the notes and the server take: no byte before its durable start, few exposed, each handed over once. */
const keepsOrder = (open: (parts: DeskParts) => Hands): Promise<fc.RunDetails<[{ count: number; note: number[]; carry: number[] }]>> => fc.check(
  fc.asyncProperty(times, async ({ count, note, carry }) => {
    const watch = new Watch();
    const desk = open(watch.parts({ note: cycle(note), carry: cycle(carry) }));
    const outcomes = await Promise.all(claims(count).map((one) => desk.handOver(one)));
    return outcomes.every((one) => one === ACCEPTED) && watch.early === 0 && watch.exposedMost <= EXPOSED_MAX
      && new Set(watch.handed).size === count && watch.handed.length === count && watch.ended.size === count;
  }), { numRuns: 25, seed: 20_261_122 });

test('the start is durable before the first byte, few are exposed, each leaves once; a desk that hastens is found', async () => {
  expect((await keepsOrder((parts) => new Desk(parts))).failed).toBe(false);
  expect((await keepsOrder((parts) => new HastyDesk(parts))).failed).toBe(true);
});

test('a slow server gets few at a time, however many are claimed; a quick one gets more', async () => {
  const exposed = async (carry: readonly number[]): Promise<number> => {
    const watch = new Watch();
    const desk = new Desk(watch.parts({ note: () => 4, carry: cycle(carry) }));
    await Promise.all(claims(60).map((one) => desk.handOver(one)));
    return watch.exposedMost;
  };
  expect(await exposed([30, 55, 80, 105, 130, 155, 180])).toBeLessThanOrEqual(2 * EXPOSED_LEAST);
  expect(await exposed([0])).toBeGreaterThan(2 * EXPOSED_LEAST);
});

test('two notes are under way at once, and whichever is durable first, no more are exposed than allowed', async () => {
  const watch = new Watch();
  const parts = watch.parts({ note: cycle([9, 1, 4, 12, 2]), carry: cycle([31, 47, 66, 83, 101, 120]) });
  let [under, most] = [0, 0];
  const desk = new Desk({
    ...parts,
    note: async (note) => {
      under += 1;
      most = Math.max(most, under);
      const open = await parts.note(note);
      under -= 1;
      return open;
    },
  });
  await Promise.all(claims(40).map((one) => desk.handOver(one)));
  expect(most).toBe(2);
  expect(watch.exposedMost).toBeLessThanOrEqual(EXPOSED_LEAST);
});

test('an attempt that is no longer ours is not handed over', async () => {
  const watch = new Watch();
  const parts = watch.parts({ note: () => 0, carry: () => 0 });
  const taken = new Set(['2', '3']);
  const desk = new Desk({ ...parts, note: async (note) => new Set([...(await parts.note(note))].filter((action) => !taken.has(action))) });
  expect(await Promise.all(claims(4).map((one) => desk.handOver(one)))).toEqual([ACCEPTED, null, null, ACCEPTED]);
  expect(watch.handed.toSorted()).toEqual(['1', '4']);
});

test('a claim that waited too long is not begun: nothing of it is noted, nothing leaves', async () => {
  const watch = new Watch();
  const old = new Set<string>();
  const parts = watch.parts({ note: () => 0, carry: () => 5 });
  const desk = new Desk({ ...parts, isFresh: ({ action }) => !old.has(action.actionId) });
  const ends = claims(30).map((one) => desk.handOver(one));
  // The first note is under way with the first few; the others grow old behind it.
  for (let number = 1; number <= 30; number += 1) old.add(String(number));
  const outcomes = await Promise.all(ends);
  expect(outcomes.filter((one) => one === null).length).toBeGreaterThan(0);
  expect(watch.started.size).toBe(watch.handed.length);
  expect(outcomes.filter((one) => one !== null)).toHaveLength(watch.handed.length);
});

test('when notes cannot be written nothing more is started, and what had left is still told', async () => {
  const watch = new Watch();
  const parts = watch.parts({ note: () => 0, carry: () => 5 });
  let notes = 0;
  const desk = new Desk({
    ...parts,
    note: async (note) => {
      notes += 1;
      if (notes > 1) throw new Error('the database is away');
      return parts.note(note);
    },
  });
  const ends = await Promise.allSettled(claims(30).map((one) => desk.handOver(one)));
  expect(watch.handed).toHaveLength(1);
  expect(ends.map((end) => end.status)).toEqual(['fulfilled', ...Array<string>(29).fill('rejected')]);
});
