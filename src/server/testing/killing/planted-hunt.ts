import { install } from './installation.ts';
import type { Site } from './installation.ts';
import { killWorkers } from './kills.ts';
import { lieToWorker } from './lying.ts';
import type { KillBug } from './planted-bugs.ts';
import { stopWorkers } from './stops.ts';

/** Enough of each part to find a bug that is there; the sound path is put through many times as much. */
const SIZES = {
  kills: { kills: 44, mails: 400, letters: 20 },
  stops: { stops: 30, mails: 450, letters: 0 },
  lying: { mails: 90, letters: 0 },
} as const;

/** Which counts a bug in the workers' send path broke: none when it was not caught. */
export async function hunt(site: Site, bug: KillBug, seed: number): Promise<string[]> {
  const size = SIZES[bug.part];
  const at = await install(site, size, `planted-${Math.trunc(performance.now())}`);
  const options = { seed, breed: { kind: 'real', bug } } as const;
  try {
    const { counts } = bug.part === 'kills' ? await killWorkers(at, { ...options, kills: SIZES.kills.kills, workers: 1 })
      : bug.part === 'stops' ? await stopWorkers(at, { ...options, stops: SIZES.stops.stops })
        : await lieToWorker(at, { ...options, mails: size.mails });
    return counts.filter((count) => !count.holds && count.meter === undefined).map((count) => `${count.name}: ${count.found}`);
  } finally {
    await at.close();
  }
}
