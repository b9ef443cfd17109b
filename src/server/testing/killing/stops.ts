import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom } from '#core/kernel/random.ts';
import type { Random } from '#core/kernel/random.ts';
import { PRESENCE_LOCK } from '#server/channels/worker-presence.ts';
import { audit } from './audit.ts';
import type { Count } from './audit.ts';
import { TODAY } from './company.ts';
import type { Installation } from './installation.ts';
import type { ChildPoint } from './order.ts';
import { decide, parkedList, standing } from './person.ts';
import { handOverRest } from './rest.ts';
import { realisticTimes, Sink } from './sink.ts';
import { Nursery } from './worker-process.ts';
import type { Breed, WorkerProcess } from './worker-process.ts';

/** Where the worker is stopped: before the note of its start, before the first byte, before the dot, before the answer, before the note of its end, before it settles. */
const STOP_POINTS: readonly (ChildPoint | 'dot')[] = ['afterClaim', 'afterStart', 'content', 'dot', 'afterAnswer', 'beforeSettle'];
/** Messages of one call of the worker that is stopped, and of the one that takes over. */
const STOPPED_MAX = 6;
const OTHER_MAX = 8;
/** Messages left below which a stop proves nothing. */
const LEAST_LEFT = STOPPED_MAX + OTHER_MAX;
/** How far the stopped worker's clock has gone on when it wakes: longer than a lease. */
const AWAY_MS = 25 * 60_000;
/** Takeovers by a cut connection; the others are by the lease. */
const PRESENCE_SHARE = 0.3;
const QUIET_MS = 10_000;
const LOOK_MS = 3;
const REACHED_PERCENT = 80;

/** What a run is asked for. */
export type StopOptions = { readonly stops: number; readonly seed: number; readonly breed: Breed; readonly tell?: (line: string) => void };

/** A worker with the file that says how far its clock is ahead. */
type Sleeper = { readonly worker: WorkerProcess; readonly clockFile: string };

type Stops = { made: number; reached: number; claimsTaken: number; parked: number; unparked: number; underClock: number; presenceCut: number };

/** Stops a worker at a point of its call; false when the call ended before it came there. */
async function stopAt(sink: Sink, { worker }: Sleeper, of: { point: ChildPoint | 'dot'; nth: number }): Promise<boolean> {
  const { point, nth } = of;
  if (point !== 'dot') {
    worker.command({ do: 'work', turns: 1, max: STOPPED_MAX, pause: { point, nth, does: 'stop' } });
    if ((await worker.next('point', 'turned', 'failed')).said !== 'point') return false;
    await worker.stopped();
    return true;
  }
  let seen = 0;
  const reached = new Promise<true>((resolve) => {
    const leave = sink.listen((at, name) => {
      if (at !== 'dot' || name !== worker.name) return;
      seen += 1;
      if (seen !== nth) return;
      leave();
      worker.signal('SIGSTOP');
      resolve(true);
    });
  });
  worker.command({ do: 'work', turns: 1, max: STOPPED_MAX });
  if ((await Promise.race([reached, worker.next('turned', 'failed')])) !== true) return false;
  await worker.stopped();
  return true;
}

/** Makes the other worker take over: by the lease, moved into the past by the owner, or by cutting the connection that shows that the stopped one lives. */
async function abandon(at: Installation, { worker }: Sleeper, wanted: 'lease' | 'presence'): Promise<'lease' | 'presence'> {
  if (wanted === 'presence') {
    // One that has only just woken from such a cut has not joined the others again: its lease is moved then.
    const cut = await at.owner('select pg_terminate_backend(pid) from pg_locks where locktype = $1 and classid = $2 and objid = $3::bigint and granted', ['advisory', PRESENCE_LOCK, worker.worker]);
    if (cut.length === 1) return 'presence';
  }
  await at.owner("update action set lease_until = now() - interval '1 minute' where organisation_id = $1 and state = 'claimed' and worker = $2", [at.organisation, worker.worker]);
  await at.owner("update send_attempt set started_at = now() - interval '1 hour' where organisation_id = $1 and worker = $2 and outcome is null and started_at is not null", [at.organisation, worker.worker]);
  return 'lease';
}

async function quiet(sink: Sink, name: string): Promise<void> {
  for (let waited = 0; sink.underWay(name).length > 0 && waited < QUIET_MS; waited += LOOK_MS) await sleep(LOOK_MS);
}

/** One stop: one worker sleeps in the middle of its work, the other takes over, the first wakes and goes on. */
async function stopOnce(at: Installation, of: { sink: Sink; random: Random; stops: Stops; sleeper: Sleeper; other: Sleeper }): Promise<void> {
  const { sink, random, stops, sleeper, other } = of;
  const point = STOP_POINTS[stops.made % STOP_POINTS.length] ?? 'dot';
  const atOnce = point === 'afterClaim' || point === 'beforeSettle';
  stops.made += 1;
  if (!(await stopAt(sink, sleeper, { point, nth: atOnce ? 1 : random.between(1, STOPPED_MAX - 1) }))) return;
  stops.reached += 1;
  const claims = await at.owner('select action_id from action where organisation_id = $1 and state = $2 and worker = $3', [at.organisation, 'claimed', sleeper.worker.worker]);
  if ((await abandon(at, sleeper, random.chance(PRESENCE_SHARE) ? 'presence' : 'lease')) === 'presence') stops.presenceCut += 1;
  other.worker.command({ do: 'work', turns: 1, max: OTHER_MAX });
  await other.worker.next('turned', 'failed');
  stops.claimsTaken += claims.length;
  const parked = (await parkedList(at)).map((row) => row.action_id);
  const late = random.chance(0.5);
  if (late) {
    stops.underClock += 1;
    await writeFile(sleeper.clockFile, String(AWAY_MS));
  }
  sleeper.worker.signal('SIGCONT');
  await sleeper.worker.next('turned', 'failed');
  await writeFile(sleeper.clockFile, '0');
  await quiet(sink, sleeper.worker.name);
  const listed = await parkedList(at);
  const still = new Set(listed.map((row) => row.action_id));
  stops.unparked += parked.filter((action) => !still.has(action)).length;
  stops.parked += listed.length;
  await decide(at, sink, listed);
}

/** Two workers, one of them stopped for longer than its lease, again and again: the other takes over, and the one that wakes finds that it did. */
export async function stopWorkers(at: Installation, options: StopOptions): Promise<{ counts: Count[]; figures: Record<string, number> }> {
  const random = seededRandom(options.seed);
  const sink = new Sink({ thinks: realisticTimes(seededRandom(options.seed + 1)) });
  const port = await sink.open();
  const folder = await mkdtemp(join(tmpdir(), 'acquit-clocks-'));
  const nursery = new Nursery(options.breed, 0);
  const began = performance.now();
  const stops: Stops = { made: 0, reached: 0, claimsTaken: 0, parked: 0, unparked: 0, underClock: 0, presenceCut: 0 };
  const sleeper = async (): Promise<Sleeper> => {
    const clockOf = (name: string): string => join(folder, name);
    const worker = await nursery.take((name) => {
      const { organisation, dataDir } = at;
      return { login: at.loginOf(name), organisation, today: TODAY, smtp: { host: '127.0.0.1', port }, dataDir, journal: at.journal, clockFile: clockOf(name) };
    });
    await writeFile(clockOf(worker.name), '0');
    return { worker, clockFile: clockOf(worker.name) };
  };
  try {
    const two = [await sleeper(), await sleeper()] as const;
    while (stops.made < options.stops && ((await standing(at)).get('approved') ?? 0) >= LEAST_LEFT) {
      const [first, second] = stops.made % 2 === 0 ? two : ([two[1], two[0]] as const);
      await stopOnce(at, { sink, random, stops, sleeper: first, other: second });
      if (stops.made % 100 === 0) options.tell?.(`${stops.made} stops, ${sink.taken.length} e-mails taken`);
    }
    await handOverRest(at, two.map(({ worker }) => worker), async () => void (await decide(at, sink, await parkedList(at))));
    const counts: Count[] = [
      ...(await audit(at, sink, two.flatMap(({ worker }) => worker.acknowledged))),
      { name: 'stops made', found: `${stops.made} of ${options.stops}`, holds: stops.made >= options.stops, meter: true },
      { name: 'stops at their point', found: `${stops.reached}`, holds: 100 * stops.reached >= REACHED_PERCENT * stops.made, meter: true },
      { name: 'claims of the stopped one taken over', found: `${stops.claimsTaken}`, holds: stops.claimsTaken > stops.reached, meter: true },
      { name: 'takeovers by a cut connection', found: `${stops.presenceCut}`, holds: stops.presenceCut > 0, meter: true },
      { name: 'parked ones that a worker moved without a person', found: `${stops.unparked}`, holds: stops.unparked === 0 },
    ];
    const failures = two.reduce((count, { worker }) => count + worker.failures.length, 0);
    return { counts, figures: { ...stops, taken: sink.taken.length, failures, seconds: Math.round((performance.now() - began) / 1000) } };
  } finally {
    for (const one of nursery.made) one.signal('SIGCONT');
    await nursery.close();
    await sink.close();
    await rm(folder, { recursive: true, force: true });
  }
}
