import { lstat, mkdir, readdir, rename, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { OrganisationId } from '#core/kernel/id.ts';
import type { Database } from '#server/plumbing/database.ts';
import { loggableError } from '#server/plumbing/log.ts';
import { newSecret } from '#server/plumbing/random.ts';
import type { Place } from './folder-places.ts';
import { codeOf, folderProblem, inboxProblem } from './inbox-problems.ts';
import { keep, WORKING_FOLDER } from './keep.ts';
import { reportText } from './report-text.ts';
import { isApplied, loggableTaken, refusedWhole, takeIn, todayOf } from './take-in.ts';
import type { Taken } from './take-in.ts';
import type { Seen, WatchParts } from './watch-folder.ts';

/** Times a file may make its reading fail, by stopping the whole process too, before it is put aside: the others must get through. */
export const ATTEMPTS_MAX = 3;
/** How long what failed rests before it is tried again. */
const RETRY_MS = 60_000;

/** What taking works with; `retryAt` says, by store, when what was left half-way may be tried again (milliseconds), `applied` whose books changed. */
export type TakeParts = WatchParts & { readonly retryAt: Map<string, number>; readonly applied: Set<OrganisationId> };

/** A folder of `working/` with one file in it. Its name counts the attempts ("2-k3f9…"), for they must be known after the process died too. */
type Box = { readonly name: string; readonly attempts: number; readonly token: string };

const BOX = /^(\d{1,2})-([\w-]{1,64})$/;

const workingOf = (place: Place): string => join(place.store, WORKING_FOLDER);

async function boxesOf(place: Place): Promise<Box[]> {
  try {
    const entries = await readdir(workingOf(place), { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).flatMap(({ name }) => {
      const [, attempts, token] = BOX.exec(name) ?? [];
      return attempts === undefined || token === undefined ? [] : [{ name, attempts: Number(attempts), token }];
    });
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}

/** Whether something was left half-way. */
export async function hasLeftOvers(place: Place): Promise<boolean> {
  return (await boxesOf(place)).length > 0;
}

/**
 * Takes what a worker left half-way: nobody works on it, for the caller holds the lock. What was applied already says
 * `unchanged` and is only moved. False when the folder or the database does not let us go on.
 */
export async function takeLeftOvers(parts: TakeParts, place: Place, stop: AbortSignal): Promise<boolean> {
  for (const box of await boxesOf(place)) {
    if (stop.aborted) return true;
    if (!(await guarded(parts, place, () => takeBox(parts, place, box)))) return false;
  }
  return true;
}

/** Takes a file that is complete. False when the folder or the database does not let us go on. */
export async function takeReady(parts: TakeParts, place: Place, file: Seen): Promise<boolean> {
  return guarded(parts, place, async () => {
    const box: Box = { name: `0-${newSecret()}`, attempts: 0, token: '' };
    const folder = join(workingOf(place), box.name);
    await mkdir(folder, { recursive: true });
    try {
      // Out of the way of whoever puts the next file of this name there; only one of two movers finds it.
      await rename(file.path, join(folder, file.name));
    } catch (error) {
      await rmdir(folder);
      if (codeOf(error) === 'ENOENT') return;
      throw error;
    }
    await takeBox(parts, place, { ...box, token: box.name.slice(2) });
  });
}

/** Runs one taking; what it throws is told once and rests a while. */
async function guarded(parts: TakeParts, place: Place, work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    parts.retryAt.set(place.store, Date.parse(parts.clock.now()) + RETRY_MS);
    const ofFiles = error instanceof Error && Reflect.get(error, 'syscall') !== undefined && Reflect.get(error, 'path') !== undefined;
    await parts.teller.tell(place.part, ofFiles ? folderProblem(place.store, error) : inboxProblem('takingFailed', { code: codeOf(error) }));
    return false;
  }
}

async function takeBox(parts: TakeParts, place: Place, box: Box): Promise<void> {
  const { organisation } = place;
  const folder = join(workingOf(place), box.name);
  const [name] = await readdir(folder);
  if (name === undefined) {
    await rmdir(folder);
    return;
  }
  if (box.attempts >= ATTEMPTS_MAX) {
    await settle(parts, place, { folder, name, taken: refusedWhole(name, inboxProblem('gaveUp', { times: box.attempts })) });
    return;
  }
  const counted = join(workingOf(place), `${box.attempts + 1}-${box.token}`);
  await rename(folder, counted);
  const path = join(counted, name);
  const before = await lstat(path);
  let taken: Taken;
  try {
    taken = await takeIn(parts.database, parts.clock, { organisation: organisation.id, path, fileName: name });
  } catch (error) {
    parts.log.error({ part: 'inbox', organisation: organisation.id, error: loggableError(error) }, 'file not taken');
    // A database that is away is no fault of the file.
    if (!(await answers(parts.database))) await rename(counted, folder);
    throw error;
  }
  if (isApplied(taken)) parts.applied.add(organisation.id);
  const after = await lstat(path);
  if (after.size !== before.size || after.mtimeMs !== before.mtimeMs) {
    // Its writer was only slow: what is there now is another file than the one read, and is looked at as a new one.
    await putBack(place, counted, name);
    return;
  }
  try {
    await settle(parts, place, { folder: counted, name, taken });
  } catch (error) {
    // Moving failed, not reading: the next try finds the bytes applied already.
    await rename(counted, folder);
    throw error;
  }
}

async function settle(parts: TakeParts, place: Place, done: { folder: string; name: string; taken: Taken }): Promise<void> {
  const { database, clock, log } = parts;
  const { folder, name, taken } = done;
  const organisation = place.organisation.id;
  const text = reportText({ name, at: clock.now(), taken });
  await keep(place.store, { path: join(folder, name), name, text, outcome: taken.status, today: await todayOf(database, clock, organisation) });
  await rmdir(folder);
  log[taken.status === 'done' ? 'info' : 'warn']({ part: 'inbox', where: 'folder', organisation, ...loggableTaken(taken) }, 'file taken in');
}

/** Back to where it was put, unless another one of its name came meanwhile: then it waits in its box for the next try. */
async function putBack(place: Place, folder: string, name: string): Promise<void> {
  const there = join(place.folder, name);
  const taken = await lstat(there).then(() => true, () => false);
  if (taken) return;
  await rename(join(folder, name), there);
  await rmdir(folder);
}

/** Whether the database answers. */
export async function answers(database: Database): Promise<boolean> {
  try {
    await database.pool.query('select 1');
    return true;
  } catch {
    // What is wrong with it was said by the statement that failed first.
    return false;
  }
}
