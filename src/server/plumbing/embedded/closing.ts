import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { isPostmaster, readPidFile } from './pidfile.ts';
import type { Place } from './place.ts';
import { connectionsInUse, isLast, knock } from './presence.ts';
import type { Address, Presence } from './presence.ts';
import { textOf } from './problem.ts';

/** The server gets this long to write its last checkpoint; then we say so and leave it to finish. */
const STOP_LIMIT_MS = 30_000;

/** Connections of pools that were just ended take a moment to disappear from the server's list. */
const FAREWELL_LIMIT_MS = 1000;

/** Pause between two looks at a server that is stopping. */
const LOOK_MS = 20;

/** Waits until the condition holds, at most `limitMs`; tells whether it does. */
async function waitFor(condition: () => Promise<boolean>, limitMs: number): Promise<boolean> {
  const limit = AbortSignal.timeout(limitMs);
  while (!(await condition())) {
    if (limit.aborted) return false;
    await sleep(LOOK_MS);
  }
  return true;
}

/** Asks the postmaster for a fast shutdown (SIGINT: sessions end, a checkpoint is written) and waits for its end. */
async function stop(place: Place): Promise<void> {
  const found = await readPidFile(place.cluster);
  if (found === null || !(await isPostmaster(found.pid, place.cluster))) {
    place.log({ level: 'warn', msg: 'the database server runs in another container: it is left running', pid: found?.pid ?? 0 });
    return;
  }
  process.kill(found.pid, 'SIGINT');
  const gone = await waitFor(async () => !(await isPostmaster(found.pid, place.cluster)), STOP_LIMIT_MS);
  if (gone) place.log({ level: 'info', msg: 'database server stopped', pid: found.pid });
  else place.log({ level: 'warn', msg: 'the database server is still stopping', pid: found.pid });
}

async function leave(place: Place, client: pg.Client): Promise<void> {
  const alone = (await isLast(client)) && (await waitFor(async () => (await connectionsInUse(client)) === 0, FAREWELL_LIMIT_MS));
  if (alone) await stop(place);
  else place.log({ level: 'info', msg: 'the database server stays up for its other users' });
}

/** Our connection, or a new one when the server restarted since; null when there is no server any more. */
async function presenceAgain(joined: Joined, lost: boolean): Promise<Presence | null> {
  if (!lost) return joined.presence;
  const answer = await knock(joined.address);
  return answer.kind === 'present' ? answer.presence : null;
}

type Joined = { readonly presence: Presence; readonly address: Address };

/** Builds `close()` for a joined server: it acts once, however often it is called, and never throws. */
export function closingOf(place: Place, joined: Joined): () => Promise<void> {
  let lost = false;
  let closing: Promise<void> | null = null;
  const onLoss = (error: Error): void => {
    if (!lost && closing === null) place.log({ level: 'warn', msg: 'the connection to the database server was lost', reason: error.message });
    lost = true;
  };
  joined.presence.client.on('error', onLoss);
  joined.presence.client.on('end', () => {
    lost = true;
  });
  const close = async (): Promise<void> => {
    try {
      const presence = await presenceAgain(joined, lost);
      if (presence === null) return;
      presence.socket.ref();
      presence.client.on('error', onLoss);
      await leave(place, presence.client);
      await presence.client.end();
    } catch (error) {
      place.log({ level: 'warn', msg: 'the database server could not be left in order', reason: textOf(error) });
    }
  };
  return () => (closing ??= close());
}
