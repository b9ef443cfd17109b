import { setTimeout as sleep } from 'node:timers/promises';
import type { Installation } from './installation.ts';
import { standing, wakeWaiting } from './person.ts';
import type { WorkerProcess } from './worker-process.ts';

const TURN_MS = 100;
/** Without progress for so long something is lost; the audit says what. */
const STUCK_MS = 60_000;

/** Whether something is still to be handed over, or to be decided. */
export const isDone = (states: ReadonlyMap<string, number>): boolean => ['approved', 'claimed', 'unknown'].every((state) => (states.get(state) ?? 0) === 0);

/** Lets workers hand over what is left, a person deciding what is parked by `look`; then ends them. */
export async function handOverRest(at: Installation, workers: readonly WorkerProcess[], look: () => Promise<void>): Promise<void> {
  for (const one of workers) one.command({ do: 'work', turns: null });
  let moved = performance.now();
  let before = '';
  for (;;) {
    await sleep(TURN_MS);
    await look();
    await wakeWaiting(at);
    const states = await standing(at);
    if (isDone(states)) break;
    const now = JSON.stringify([...states]);
    if (now !== before) moved = performance.now();
    before = now;
    if (performance.now() - moved > STUCK_MS) break;
  }
  await Promise.all(workers.map((one) => one.end()));
}
