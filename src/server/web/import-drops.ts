import type { DropFileState, DropFileView, DropView } from '#core/api/drops.ts';
import type { Fault } from '#core/api/faults.ts';
import type { ImportOutcome, MatchedView } from '#core/api/imports.ts';
import type { ConfirmedMapping } from '#core/intake/table/mapping.ts';
import type { Clock, Instant } from '#core/kernel/clock.ts';
import type { Problem } from '#core/kernel/problem.ts';
import type { Session } from '#server/identity/sessions.ts';
import type { IntakeFormat } from '#server/intake/sniff.ts';
import { newSecret } from '#server/plumbing/random.ts';
import { Refusal, notFound } from './refusal.ts';
import type { Upload, Uploads } from './uploads.ts';

/** A drop nothing arrives in any more is given up after an hour. */
const SILENT_MS = 3_600_000;
/** Results stay a day for the person who comes back to the page. */
const ENDED_MS = 24 * 3_600_000;
/** Drops remembered at once; beyond it the oldest ended ones go. */
const DROPS_MAX = 200;
/** Files of one drop, those inside its archives counted: what the server follows in memory. */
export const DROP_ENTRIES_MAX = 5000;
/** Bytes of one drop on the server's disk (2 GiB), archives unpacked. */
export const DROP_BYTES_MAX = 2 * 1_073_741_824;

/** How a file is to be read. `mapping` null: as remembered or guessed. `check`: look, keep nothing. */
export type Reading = { readonly mapping: ConfirmedMapping | null; readonly check: boolean; readonly newAccount: boolean };

const AS_IT_IS: Reading = { mapping: null, check: false, newAccount: false };

/** A file in its drop. `problems` are all of them, the outcome has the first. */
export type Entry = {
  readonly id: string; readonly parent: string | null; readonly name: string; readonly folder: string; readonly bytes: number; readonly format: IntakeFormat | null;
  upload: Upload | null; reading: Reading; state: DropFileState; progress: { done: number; total: number }; outcome: ImportOutcome | null; problems: readonly Problem[];
  fault: Fault | null; version: number;
};

/** What is known of a file when it arrives. */
export type Arrival = { readonly parent: string | null; readonly name: string; readonly folder: string; readonly bytes: number; readonly format: IntakeFormat | null; readonly upload: Upload | null };

/** Files that one person dropped together. */
export type Drop = {
  readonly id: string; readonly session: Session; readonly terms: string | null; readonly expected: number; readonly startedAt: Instant; readonly files: Entry[];
  state: DropView['state']; version: number; touchedAt: number; bytes: number; working: boolean; dismissed: boolean;
  /** A file was applied since what is certain was last matched. */
  toMatch: boolean;
  matched: MatchedView | null;
};

/**
 * Turn of each format: ledgers name the customers that invoices are for, invoices are what statuses speak of, and bank lines come last,
 * when everything they may pay is there.
 */
function turnOf(format: IntakeFormat | null): number {
  switch (format) {
    case 'cii': case 'ubl': case 'facturx': return 1;
    case 'cdar': return 2;
    case 'camt052': case 'camt053': case 'camt054': case 'cfonb120': case 'cfonb240': case 'mt940': case 'ofx': return 3;
    case 'fec': case 'csv': case 'xlsx': case 'zip': case null: return 0;
  }
}

/** Within a turn the names decide: months are named in their order, and a bank's balances then follow each other. */
function isBefore(one: Entry, other: Entry): boolean {
  const turns = turnOf(one.format) - turnOf(other.format);
  return turns === 0 ? one.name < other.name : turns < 0;
}

const viewOf = (entry: Entry): DropFileView => {
  const { id, parent, name, folder, bytes, format, state, progress, outcome, fault, upload } = entry;
  return { id, parent, name, folder, bytes, format, state, progress, outcome, fault, kept: upload !== null };
};

/** Drops on the go and just ended; they live as long as the server, what they did is in the books. */
export class Drops {
  readonly #drops = new Map<string, Drop>();
  readonly #uploads: Uploads;
  readonly #clock: Clock;
  #closing = false;

  constructor(uploads: Uploads, clock: Clock) {
    this.#uploads = uploads;
    this.#clock = clock;
  }

  /** Opens a drop in place of the person's former one, which must have ended. */
  async open(session: Session, of: { files: number; terms: string | null }): Promise<Drop> {
    await this.#forget();
    const former = this.current(session);
    if (former?.working === true) {
      throw new Refusal(409, 'drop.busy', {
        fr: 'Des fichiers sont encore en cours d’import : attendez la fin, ou annulez ceux qui attendent.', en: 'Files are still being imported: wait until they are done, or cancel those that wait.',
      });
    }
    if (former !== null) await this.dismiss(former);
    if (this.#drops.size >= DROPS_MAX) {
      throw new Refusal(429, 'drop.tooMany', { fr: 'Trop d’imports sont en cours sur ce serveur : réessayez dans quelques minutes.', en: 'Too many imports are under way on this server: try again in a few minutes.' });
    }
    const now = this.#clock.now();
    const drop: Drop = {
      id: newSecret(), session, terms: of.terms, expected: of.files, startedAt: now, files: [], state: 'receiving', version: 1, touchedAt: Date.parse(now), bytes: 0, working: false, dismissed: false, toMatch: false, matched: null,
    };
    this.#drops.set(drop.id, drop);
    return drop;
  }

  /** The drop a person has on the go or just finished, or null. */
  current(session: Session): Drop | null {
    const own = [...this.#drops.values()].filter((drop) => isOf(drop, session) && !drop.dismissed);
    return own.at(-1) ?? null;
  }

  /** A drop of the person; refused when it is gone or somebody else's. */
  find(session: Session, id: string): Drop {
    const drop = this.#drops.get(id);
    if (drop !== undefined && isOf(drop, session) && !drop.dismissed) return drop;
    throw notFound('Cet envoi n’est plus suivi par le serveur : voyez ce qui est importé dans la liste, et déposez le reste de nouveau.', 'The server no longer follows this drop: see in the list what is imported, and drop the rest again.');
  }

  /** A file of a drop. */
  file(drop: Drop, id: string): Entry {
    const entry = drop.files.find((one) => one.id === id);
    if (entry === undefined) throw notFound('Ce fichier n’est pas dans cet envoi.', 'This file is not in this drop.');
    return entry;
  }

  /** Adds a file that arrived; it waits for its turn. */
  add(drop: Drop, arrival: Arrival): Entry {
    const entry: Entry = { ...arrival, id: newSecret(), reading: AS_IT_IS, state: 'waiting', progress: { done: 0, total: arrival.bytes }, outcome: null, problems: [], fault: null, version: 0 };
    if (arrival.upload !== null) this.#uploads.hold(arrival.upload.id);
    drop.bytes += arrival.bytes;
    drop.files.push(entry);
    this.touch(drop, entry);
    return entry;
  }

  /** The file whose turn it is, or null: then the work is over until something is added. */
  next(drop: Drop): Entry | null {
    const waiting = this.#closing ? [] : drop.files.filter((entry) => entry.state === 'waiting');
    const first = waiting.reduce<Entry | null>((before, entry) => (before === null || isBefore(entry, before) ? entry : before), null);
    drop.working = first !== null;
    drop.state = first === null ? 'ended' : 'working';
    this.touch(drop, first);
    return first;
  }

  /** Whether a file of it waits for its turn. */
  waits(drop: Drop): boolean {
    return !this.#closing && drop.files.some(({ state }) => state === 'waiting');
  }

  /** Something of a drop changed: pages that follow it are told when they ask next. */
  touch(drop: Drop, entry: Entry | null): void {
    drop.version += 1;
    drop.touchedAt = Date.parse(this.#clock.now());
    if (entry !== null) entry.version = drop.version;
  }

  /** A file was read: kept for a person to say how else, or gone. */
  async settle(drop: Drop, entry: Entry, keep: boolean): Promise<void> {
    if (entry.upload !== null && keep) this.#uploads.release(entry.upload.id);
    if (entry.upload !== null && !keep) await this.#uploads.drop(entry.upload.id);
    if (!keep) entry.upload = null;
    this.touch(drop, entry);
  }

  /** Has a kept file wait for another reading. */
  again(drop: Drop, entry: Entry, reading: Reading): void {
    const upload = entry.upload === null ? null : this.#uploads.find(drop.session.organisation, entry.upload.id);
    if (upload === null) throw notFound('Ce fichier n’est plus gardé sur le serveur : déposez-le de nouveau.', 'This file is no longer kept on the server: drop it again.');
    if (entry.state === 'reading' || entry.state === 'waiting') return;
    this.#uploads.hold(upload.id);
    Object.assign(entry, { reading, state: 'waiting', fault: null, progress: { done: 0, total: entry.bytes } });
    this.touch(drop, entry);
  }

  /** What has not begun will not. */
  async cancel(drop: Drop): Promise<void> {
    for (const entry of drop.files.filter(({ state }) => state === 'waiting')) {
      entry.state = 'cancelled';
      await this.settle(drop, entry, false);
    }
    if (!drop.working) drop.state = 'ended';
    this.touch(drop, null);
  }

  /** The person has seen it: the page is free for the next files. */
  async dismiss(drop: Drop): Promise<void> {
    await this.cancel(drop);
    drop.dismissed = true;
    for (const entry of drop.files) if (entry.state !== 'reading') await this.settle(drop, entry, false);
    if (!drop.working) this.#drops.delete(drop.id);
  }

  /** What changed since a version; versions only grow, 0 asks for everything. */
  view(drop: Drop, since: number): DropView {
    const { id, state, expected, startedAt, version, matched } = drop;
    return { id, state, expected, startedAt, version, matched, files: drop.files.filter((entry) => entry.version > since).map(viewOf) };
  }

  /** The server stops: the file being read is finished, no other is begun. */
  stop(): void {
    this.#closing = true;
  }

  async #forget(): Promise<void> {
    const now = Date.parse(this.#clock.now());
    for (const drop of this.#drops.values()) {
      const silent = now - drop.touchedAt;
      const old = drop.dismissed || silent > (drop.state === 'receiving' ? SILENT_MS : ENDED_MS) || (drop.state === 'ended' && this.#drops.size >= DROPS_MAX);
      if (old && !drop.working) await this.dismiss(drop);
    }
  }
}

const isOf = (drop: Drop, session: Session): boolean => drop.session.user === session.user && drop.session.organisation === session.organisation;
