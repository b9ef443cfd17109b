import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Readable } from 'node:stream';
import type { Clock } from '#core/kernel/clock.ts';
import type { OrganisationId } from '#core/kernel/id.ts';
import { newSecret } from '#server/plumbing/random.ts';

/** A file that was sent and not applied yet is kept this long for its columns to be settled. */
const KEPT_MS = 3_600_000;
/** Files kept at once that nothing waits for, of all organisations together: as many as one drop brings. */
const UPLOADS_MAX = 500;

/** A file on the server's disk, under a name of ours; `fileName` is what the person calls it and is never a path. */
export type Upload = { readonly id: string; readonly organisation: OrganisationId; readonly path: string; readonly fileName: string; readonly at: number };

/** Files between their arrival and their import, in a folder of their own that goes with the server. */
export class Uploads {
  readonly #kept = new Map<string, Upload>();
  readonly #held = new Set<string>();
  readonly #clock: Clock;
  #folder: Promise<string> | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Streams a file to disk; `cut` tells afterwards whether the sender's limit cut it short, in which case it is thrown away and null given. */
  async receive(of: { organisation: OrganisationId; fileName: string }, source: Readable, cut: () => boolean): Promise<Upload | null> {
    await this.#forget();
    this.#folder ??= mkdtemp(join(tmpdir(), 'acquit-upload-'));
    const id = newSecret();
    const path = join(await this.#folder, id);
    try {
      await pipeline(source, createWriteStream(path, { flags: 'wx', mode: 0o600 }));
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    }
    if (cut()) {
      await rm(path, { force: true });
      return null;
    }
    const upload: Upload = { id, organisation: of.organisation, path, fileName: of.fileName, at: Date.parse(this.#clock.now()) };
    this.#kept.set(id, upload);
    return upload;
  }

  /** A kept file of an organisation, or null. */
  find(organisation: OrganisationId, id: string): Upload | null {
    const upload = this.#kept.get(id);
    return upload === undefined || upload.organisation !== organisation ? null : upload;
  }

  /** Keeps a file that is about to be read, however long its turn takes. */
  hold(id: string): void {
    this.#held.add(id);
  }

  /** A held file was read: it stays as long as any other from now on. */
  release(id: string): void {
    this.#held.delete(id);
    const upload = this.#kept.get(id);
    if (upload !== undefined) this.#kept.set(id, { ...upload, at: Date.parse(this.#clock.now()) });
  }

  /** Throws a file away. */
  async drop(id: string): Promise<void> {
    const upload = this.#kept.get(id);
    this.#kept.delete(id);
    this.#held.delete(id);
    if (upload !== undefined) await rm(upload.path, { force: true });
  }

  /** Throws everything away. */
  async close(): Promise<void> {
    this.#kept.clear();
    this.#held.clear();
    if (this.#folder !== null) await rm(await this.#folder, { recursive: true, force: true });
  }

  async #forget(): Promise<void> {
    const now = Date.parse(this.#clock.now());
    const oldest = [...this.#kept.values()].filter(({ id }) => !this.#held.has(id)).toSorted((a, b) => a.at - b.at);
    const surplus = oldest.length - UPLOADS_MAX + 1;
    for (const [index, upload] of oldest.entries()) if (index < surplus || now - upload.at > KEPT_MS) await this.drop(upload.id);
  }
}
