import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { Fault } from '#core/api/faults.ts';
import { problem } from '#core/intake/problems.ts';
import type { Problem } from '#core/kernel/problem.ts';
import { archiveProblem, isMember } from '#server/intake/import-many.ts';
import { MAX_ARCHIVE_BYTES, unpackArchive } from '#server/intake/read-xlsx-archive.ts';
import { describeFile } from '#server/intake/sniff.ts';
import { loggableError } from '#server/plumbing/log.ts';
import type { WebContext } from './context.ts';
import { DROP_BYTES_MAX, DROP_ENTRIES_MAX } from './import-drops.ts';
import type { Drop, Drops, Entry } from './import-drops.ts';
import { fileNameOf, folderOf } from './import-names.ts';
import { matchImported, refusedOutcome, takeIn } from './import-work.ts';
import { Refusal } from './refusal.ts';
import type { Upload } from './uploads.ts';

/** The drops, and what they need to be worked. */
export type Queue = { readonly web: WebContext; readonly drops: Drops };

/** Takes a file that arrived into its drop; an archive brings its files in its stead. */
export async function arrive(queue: Queue, drop: Drop, of: { upload: Upload; folder: string; bytes: number }): Promise<Entry> {
  const { web, drops } = queue;
  const { upload, folder, bytes } = of;
  if (drop.bytes + bytes > DROP_BYTES_MAX || drop.files.length >= DROP_ENTRIES_MAX) {
    await web.uploads.drop(upload.id);
    throw new Refusal(413, 'drop.tooLarge', {
      fr: 'Cet envoi dépasse 2 Go ou 5 000 fichiers : importez d’abord ceux qui sont arrivés, puis déposez le reste.', en: 'This drop is over 2 GB or 5,000 files: import those that arrived first, then drop the rest.',
    });
  }
  const sniffed = await describeFile(upload.path, upload.fileName);
  const format = sniffed.format === 'unknown' ? null : sniffed.format;
  const entry = drops.add(drop, { parent: null, name: upload.fileName, folder, bytes, format, upload });
  if (format !== 'zip') return entry;
  // Its files wait, it does not.
  entry.state = 'reading';
  try {
    await unpack(queue, drop, entry);
  } catch (error) {
    entry.fault = failed(web, error);
    entry.state = 'failed';
    await drops.settle(drop, entry, false);
  }
  return entry;
}

/** Every file of an archive waits for its own turn, so that the order holds across archives too. */
async function unpack(queue: Queue, drop: Drop, archive: Entry): Promise<void> {
  const { web, drops } = queue;
  const refuse = async (found: Problem): Promise<void> => {
    archive.problems = [found];
    archive.outcome = refusedOutcome({ fileName: archive.name, format: 'zip' }, archive.problems);
    archive.state = 'done';
    await drops.settle(drop, archive, false);
  };
  if (archive.upload === null) return;
  if (archive.bytes > MAX_ARCHIVE_BYTES) return refuse(problem('archiveTooLarge', 0, { limit: MAX_ARCHIVE_BYTES, what: { fr: 'octets', en: 'bytes' } }));
  const unpacked = unpackArchive(await readFile(archive.upload.path), isMember);
  if (!unpacked.ok) return refuse(archiveProblem(unpacked.error));
  if (unpacked.value.size === 0) return refuse(problem('archiveEmpty', 0, {}));
  const room = DROP_ENTRIES_MAX - drop.files.length;
  if (unpacked.value.size > room) return refuse(problem('archiveTooLarge', 0, { limit: room, what: { fr: 'fichiers', en: 'files' } }));
  for (const [path, content] of [...unpacked.value].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const fileName = fileNameOf(path);
    const upload = await web.uploads.receive({ organisation: drop.session.organisation, fileName }, Readable.from([content]), () => false);
    if (upload === null) throw new Error('a member of an archive was cut');
    const sniffed = await describeFile(upload.path, fileName);
    drops.add(drop, { parent: archive.id, name: fileName, folder: folderOf(path), bytes: content.length, format: sniffed.format === 'unknown' ? null : sniffed.format, upload });
  }
  archive.state = 'done';
  await drops.settle(drop, archive, false);
}

/** Begins the work of a drop, unless it is on already. Refused when the organisation has too many jobs under way. */
export function begin(queue: Queue, drop: Drop): void {
  if (drop.working) return;
  const { state } = drop;
  if (queue.drops.next(drop) === null) return;
  try {
    queue.web.jobs.start({ organisation: drop.session.organisation, kind: 'import' }, async () => {
      await work(queue, drop);
      return null;
    });
  } catch (error) {
    // Nothing has begun: it can be asked for again.
    drop.working = false;
    drop.state = state;
    throw error;
  }
}

async function work(queue: Queue, drop: Drop): Promise<void> {
  for (let entry = queue.drops.next(drop); entry !== null; entry = queue.drops.next(drop)) {
    await readOne(queue, drop, entry);
    // Once all that was dropped together is in: a statement may come before the invoices it pays.
    if (drop.toMatch && !queue.drops.waits(drop)) await matchDrop(queue, drop);
  }
}

/** Matches what is certain by what the drop brought; its files stand whatever comes of it. */
async function matchDrop({ web, drops }: Queue, drop: Drop): Promise<void> {
  drop.toMatch = false;
  drop.matched = await matchImported(web, drop.session);
  drops.touch(drop, null);
}

/** One file's failure is its own: the others go on. */
async function readOne(queue: Queue, drop: Drop, entry: Entry): Promise<void> {
  const { web, drops } = queue;
  const { upload } = entry;
  if (upload === null) throw new Error('a file waits without its bytes');
  entry.state = 'reading';
  drops.touch(drop, entry);
  try {
    const advance = (done: number, total: number): void => {
      entry.progress = { done, total };
      drops.touch(drop, entry);
    };
    const { outcome, problems } = await takeIn(web, drop.session, { upload, format: entry.format, terms: drop.terms, reading: entry.reading, advance });
    if (outcome.stage === 'applied') drop.toMatch = true;
    Object.assign(entry, { outcome, problems, state: 'done', progress: { done: entry.bytes, total: entry.bytes } });
    // Columns can be read another way, an account can be said to be ours; everything else is finished with its file.
    await drops.settle(drop, entry, outcome.stage === 'toConfirm' || (outcome.stage === 'refused' && (outcome.understood !== null || outcome.foreignAccount)));
  } catch (error) {
    entry.fault = error instanceof Refusal ? { code: error.code, message: error.text } : failed(web, error);
    entry.state = 'failed';
    await drops.settle(drop, entry, true);
  }
}

function failed(web: WebContext, error: unknown): Fault {
  web.log.error({ part: 'web', job: 'import', error: loggableError(error) }, 'import failed');
  return {
    code: 'server.failed',
    message: {
      fr: 'La lecture a échoué pour une raison interne et rien de ce fichier n’a été gardé. Réessayez ; si cela persiste, voyez le journal du serveur.',
      en: 'Reading failed for an internal reason and nothing of this file was kept. Try again; if it persists, look at the server’s log.',
    },
  };
}
