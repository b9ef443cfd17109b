import { access, constants, lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '#core/kernel/clock.ts';
import type { OrganisationId } from '#core/kernel/id.ts';
import type { Database } from '#server/plumbing/database.ts';
import type { Log } from '#server/plumbing/log.ts';
import { isTemporary, placesOf } from './folder-places.ts';
import type { InboxFolder, ListedOrganisation, Place } from './folder-places.ts';
import { aloneInInbox } from './inbox-lock.ts';
import { codeOf, folderProblem, inboxProblem } from './inbox-problems.ts';
import type { Teller } from './inbox-state.ts';
import { hasLeftOvers, takeLeftOvers, takeReady } from './take-file.ts';
import type { TakeParts } from './take-file.ts';

/** Files of one folder looked at in one look; the others come when these are gone. A year of daily exports is far below. */
const LOOKED_AT_MAX = 2_000;
/** Files taken in one look, so that other organisations get their turn and a stop is soon heard. */
const TAKEN_MAX = 100;

/** What watching works with. */
export type WatchParts = {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly teller: Teller;
  readonly inbox: InboxFolder;
  /** Every organisation of the installation. */
  organisations(): Promise<readonly ListedOrganisation[]>;
  /** Called once files of an organisation are in the books. */
  afterImport?(organisation: OrganisationId): Promise<void>;
  /** Two looks at a file this far apart must find the same size and time before it is taken. */
  readonly settleMs: number;
};

/** A file as a look found it, and since when it is like that. */
export type Seen = { readonly path: string; readonly name: string; readonly size: number; readonly mtimeMs: number; readonly since: number };

/** Watches a folder by looking at it: network folders do not report changes, and a file must be seen twice anyway. */
export type FolderWatch = {
  /** Takes what is complete. Never throws for what files, folders or the database do; `stop` ends it between two files. */
  look(stop: AbortSignal): Promise<void>;
};

/** Begins to watch; what was seen is remembered from look to look. */
export function watchFolder(parts: WatchParts): FolderWatch {
  const seen = new Map<string, ReadonlyMap<string, Seen>>();
  const take: TakeParts = { ...parts, retryAt: new Map(), applied: new Set() };
  return {
    look: async (stop) => {
      try {
        const organisations = await parts.organisations();
        const { places, unsaid } = await foundPlaces(parts, organisations);
        const codes = organisations.map((one) => one.code).join(', ');
        if (!places.some((place) => place.part === 'folder')) {
          await parts.teller.tell('folder', unsaid.length === 0 ? null : inboxProblem('organisationUnsaid', { count: unsaid.length, codes }));
        }
        for (const place of places) {
          if (stop.aborted) return;
          const files = await lookInto(take, place, { before: seen.get(place.folder) ?? new Map(), unsaid: place.part === 'folder' ? unsaid.length : 0, stop });
          seen.set(place.folder, files);
        }
      } catch (error) {
        await parts.teller.tell('folder', error instanceof PlacesFailed ? folderProblem(parts.inbox.root, error.cause) : inboxProblem('takingFailed', { code: codeOf(error) }));
      }
    },
  };
}

class PlacesFailed extends Error {}

async function foundPlaces(parts: WatchParts, organisations: readonly ListedOrganisation[]): ReturnType<typeof placesOf> {
  try {
    return await placesOf(parts.inbox, organisations);
  } catch (error) {
    throw new PlacesFailed('the folder cannot be read', { cause: error });
  }
}

type Look = { before: ReadonlyMap<string, Seen>; unsaid: number; stop: AbortSignal };

/** One look into one place; gives what it saw. */
async function lookInto(parts: TakeParts, place: Place, { before, unsaid, stop }: Look): Promise<ReadonlyMap<string, Seen>> {
  const now = Date.parse(parts.clock.now());
  let found: Found;
  let waiting: boolean;
  try {
    found = await filesIn(place.folder, before, now);
    waiting = await hasLeftOvers(place);
  } catch (error) {
    await parts.teller.tell(place.part, folderProblem(place.folder, error));
    return before;
  }
  // What failed a moment ago fails still: it rests, and nothing new is said meanwhile.
  if (now < (parts.retryAt.get(place.store) ?? 0)) return found.files;
  const ready = [...found.files.values()].filter((one) => now - one.since >= parts.settleMs);
  const order = ready.toSorted((a, b) => a.mtimeMs - b.mtimeMs || (a.name < b.name ? -1 : 1)).slice(0, TAKEN_MAX);
  let well = true;
  if (order.length > 0 || waiting) {
    const alone = await aloneInInbox(parts.database, { what: 'folder', organisation: place.organisation.id }, async () => {
      well = await takeLeftOvers(parts, place, stop);
      for (const one of order) {
        if (stop.aborted || !well) return;
        well = await takeReady(parts, place, one);
      }
    });
    if (!alone) return found.files;
    if (parts.applied.delete(place.organisation.id)) await parts.afterImport?.(place.organisation.id);
  }
  if (well) {
    parts.retryAt.delete(place.store);
    await parts.teller.tell(place.part, problemOf(found, unsaid, place));
  }
  return found.files;
}

function problemOf(found: Found, unsaid: number, place: Place): Parameters<Teller['tell']>[1] {
  if (found.unreadable > 0) return inboxProblem('fileUnreadable', { count: found.unreadable });
  return unsaid > 0 ? inboxProblem('organisationUnsaid', { count: unsaid, codes: place.organisation.code }) : null;
}

type Found = { readonly files: Map<string, Seen>; readonly unreadable: number };

/** The files of a folder that could be taken, each with the moment since which it is unchanged. Links are not followed: they can lead anywhere. */
async function filesIn(folder: string, before: ReadonlyMap<string, Seen>, now: number): Promise<Found> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isFile() && !isTemporary(entry.name)).map((entry) => entry.name).toSorted();
  const files = new Map<string, Seen>();
  let unreadable = 0;
  for (const name of names.slice(0, LOOKED_AT_MAX)) {
    const path = join(folder, name);
    try {
      const { size, mtimeMs } = await lstat(path);
      await access(path, constants.R_OK);
      const earlier = before.get(name);
      const same = earlier !== undefined && earlier.size === size && earlier.mtimeMs === mtimeMs;
      files.set(name, { path, name, size, mtimeMs, since: same ? earlier.since : now });
    } catch (error) {
      // A name of a foreign encoding reads as "no such file" for ever; without its mark, the file was just taken away.
      if (codeOf(error) !== 'ENOENT' || name.includes('\uFFFD')) unreadable += 1;
    }
  }
  return { files, unreadable };
}
