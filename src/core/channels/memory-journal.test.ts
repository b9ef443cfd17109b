import { expect, test } from 'vitest';
import type { Instant } from '../kernel/clock.ts';
import { must } from '../kernel/result.ts';
import { aSend } from './given-journal.ts';
import { memoryJournal } from './memory-journal.ts';

const at = '2026-03-02T08:00:00.000Z' as Instant;
const head = { epoch: 'e', installation: 'i', server: { system: 's', timeline: '1', database: '1' }, at };

test('what stands before a mark is not read again, whoever made the mark', async () => {
  const one = memoryJournal();
  await one.begin(head);
  await one.write({ starts: [{ k: 'start', epoch: 'e', send: aSend() }], ends: [] });
  await one.mark({ mark: 'm', tail: must(await one.tail({ mark: null, news: false })), head });
  const other = memoryJournal(one.lines);
  for (let time = 0; time < 3; time += 1) {
    const tail = must(await other.tail({ mark: 'm', news: true }));
    expect(tail.sends).toEqual([]);
    other.settle(tail);
  }
});
