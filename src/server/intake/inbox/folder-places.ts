import { mkdir, readdir } from 'node:fs/promises';
import { isAbsolute, join, resolve } from 'node:path';
import type { Dirent } from 'node:fs';
import type { OrganisationId } from '#core/kernel/id.ts';
import type { Settings } from '#server/plumbing/settings.ts';
import { codeOf } from './inbox-problems.ts';
import { DONE_FOLDER, REFUSED_FOLDER, WORKING_FOLDER } from './keep.ts';

/** Folder of what the mailbox brings, and of relative settings, below the data folder. */
const STANDARD_FOLDER = 'inbox';

/** Where files are put and kept. `watched`: people put files in; else only the mailbox keeps its reports there. `ours`: below the data folder, so created when missing. */
export type InboxFolder = { readonly root: string; readonly watched: boolean; readonly ours: boolean };

/** The folder of the settings. One named from the root may be a share that is not mounted just now: it is never created. */
export function inboxFolder(settings: Settings, dataDir: string): InboxFolder {
  const named = settings.ACQUIT_INBOX_DIR;
  return { root: resolve(dataDir, named ?? STANDARD_FOLDER), watched: named !== undefined, ours: named === undefined || !isAbsolute(named) };
}

/** An organisation as the directory lists it. */
export type ListedOrganisation = { readonly id: OrganisationId; readonly code: string };

/** Folder in which the files of an organisation are kept: the root when it is alone, else its own. */
export const storeOf = (root: string, organisation: ListedOrganisation, alone: boolean): string => (alone ? root : join(root, organisation.code));

/** A folder whose files go to an organisation, and where they are kept. */
export type Place = { readonly organisation: ListedOrganisation; readonly folder: string; readonly store: string; readonly part: string };

const RESERVED: ReadonlySet<string> = new Set([DONE_FOLDER, REFUSED_FOLDER, WORKING_FOLDER]);

/** Endings and beginnings of names that programs use while they write: partial downloads, locks of office programs. */
const TEMPORARY = /^(?:\.|~\$|~)|\.(?:part|partial|tmp|temp|crdownload|download|filepart|swp|lock|!ut)$|~$|^(?:thumbs\.db|desktop\.ini)$/i;

/** Whether a name is that of a file still being written, or of one that systems leave about. */
export const isTemporary = (name: string): boolean => TEMPORARY.test(name);

/**
 * The folders to look into. With several organisations each has a sub-folder of its code, created when missing, and what lies
 * in the root itself is `unsaid`: it could be anybody's. Throws what the file system throws.
 */
export async function placesOf(inbox: InboxFolder, organisations: readonly ListedOrganisation[]): Promise<{ places: Place[]; unsaid: string[] }> {
  if (inbox.ours) await mkdir(inbox.root, { recursive: true, mode: 0o700 });
  const entries = await readdir(inbox.root, { withFileTypes: true });
  const [only] = organisations;
  if (only !== undefined && organisations.length === 1) {
    const at = { organisation: only, store: inbox.root };
    const own = entries.some((entry) => entry.isDirectory() && entry.name === only.code && !RESERVED.has(entry.name));
    const unsaid = entries.filter((entry) => entry.isDirectory() && !(own && entry.name === only.code)).filter(isForeign).map((entry) => entry.name);
    return { unsaid, places: [{ ...at, folder: inbox.root, part: 'folder' }, ...(own ? [{ ...at, folder: join(inbox.root, only.code), part: `folder:${only.code}` }] : [])] };
  }
  const places = organisations.filter(({ code }) => !RESERVED.has(code)).map((organisation): Place => {
    const folder = join(inbox.root, organisation.code);
    return { organisation, folder, store: folder, part: `folder:${organisation.code}` };
  });
  for (const place of places) await createOnce(place.folder);
  const known = new Set(places.map((place) => place.organisation.code));
  const unsaid = organisations.length === 0 ? [] : entries.filter((entry) => isForeign(entry) && !(entry.isDirectory() && known.has(entry.name)));
  return { places, unsaid: unsaid.map((entry) => entry.name) };
}

const isForeign = (entry: Dirent): boolean => !RESERVED.has(entry.name) && !isTemporary(entry.name);

async function createOnce(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  }
}
