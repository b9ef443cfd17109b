import { setTimeout as sleep } from 'node:timers/promises';
import { err, ok } from '#core/kernel/result.ts';
import type { Result } from '#core/kernel/result.ts';
import { closingOf } from './closing.ts';
import { hasCluster } from './cluster.ts';
import { currentRealm, takeLock } from './lock.ts';
import type { LockNote } from './lock.ts';
import { isPostmaster, readPidFile } from './pidfile.ts';
import type { PidFile } from './pidfile.ts';
import { findPlace } from './place.ts';
import type { EmbeddedOptions, Place } from './place.ts';
import { POLL_MS, startServer } from './postmaster.ts';
import { EMBEDDED_DATABASE, knock } from './presence.ts';
import type { Address, Answer, Presence } from './presence.ts';
import { problem, textOf } from './problem.ts';
import type { EmbeddedProblem } from './problem.ts';
import { EMBEDDED_SUPERUSER } from './settings.ts';

export type { EmbeddedEvent, EmbeddedLog } from './event.ts';
export type { EmbeddedOptions } from './place.ts';
export type { EmbeddedCode, EmbeddedProblem } from './problem.ts';

/** A running embedded PostgreSQL; connect with `host` (the socket's folder) and application names beginning with "acquit". */
export type EmbeddedServer = {
  readonly host: string;
  readonly port: number;
  readonly superuser: string;
  readonly database: string;
  /** Whether this process started it. */
  readonly owner: boolean;
  /** Leaves the server, and stops it when no other process of the product uses it; end your own pools first. */
  close(): Promise<void>;
};

type Joined = { readonly presence: Presence; readonly address: Address; readonly owner: boolean };

/** How long a server that should answer may stay silent before we say so. */
const SILENCE_LIMIT_MS = 1000;

/** Tells how long the same silent holder has been seen; a change (another pid, another phase) starts anew. */
class Silence {
  #seen = '';
  #limit = AbortSignal.timeout(SILENCE_LIMIT_MS);

  /** True when exactly this has been seen for a second. */
  lasts(seen: string): boolean {
    if (seen !== this.#seen) {
      this.#seen = seen;
      this.#limit = AbortSignal.timeout(SILENCE_LIMIT_MS);
    }
    return this.#limit.aborted;
  }
}

async function tryRunning(found: PidFile | null): Promise<Answer> {
  return found === null || found.socketDir === '' ? { kind: 'silent' } : knock(found);
}

/** The problem of a holder that will not answer, or null while there is reason to wait. */
async function judge(place: Place, seen: { found: PidFile | null; note: LockNote | null }, silence: Silence): Promise<EmbeddedProblem | null> {
  const { found, note } = seen;
  const lasting = silence.lasts(`${found?.text ?? ''}\n${note?.phase ?? ''}`);
  if (found === null || !lasting) return null;
  if (await isPostmaster(found.pid, place.cluster)) return problem('embedded.silent', { where: place.cluster, who: String(found.pid) });
  const elsewhere = note !== null && note.phase === 'running' && note.realm !== (await currentRealm());
  return elsewhere ? problem('embedded.lockedElsewhere', { where: place.cluster, who: note.host }) : null;
}

/** One round: join the running server, or start one, or learn who is in the way. Null: look again. */
async function attempt(place: Place, silence: Silence): Promise<Result<Joined, EmbeddedProblem> | null> {
  const found = (await hasCluster(place)) ? await readPidFile(place.cluster) : null;
  const answer = await tryRunning(found);
  if (answer.kind === 'busy') return null;
  if (answer.kind === 'rejected') return err(problem('embedded.rejected', { where: place.cluster, detail: answer.detail }));
  if (answer.kind === 'present') {
    const address = { socketDir: found?.socketDir ?? '', port: found?.port ?? 0 };
    place.log({ level: 'info', msg: 'database server joined', pid: found?.pid ?? 0, socketDir: address.socketDir });
    return ok({ presence: answer.presence, address, owner: false });
  }
  const lock = await takeLock(place.lockFile);
  const started = lock.kind === 'taken' ? await startServer(place, lock) : null;
  if (started?.kind === 'present') return ok({ presence: started.presence, address: started.address, owner: true });
  if (started?.kind === 'problem') return err(started.problem);
  const refusal = await judge(place, { found, note: lock.kind === 'held' ? lock.note : null }, silence);
  return refusal === null ? null : err(refusal);
}

async function joinOrStart(place: Place): Promise<Result<Joined, EmbeddedProblem>> {
  const silence = new Silence();
  for (;;) {
    const joined = await attempt(place, silence);
    if (joined !== null) return joined;
    if (place.deadline.aborted) return err(problem('embedded.startSlow', { where: place.cluster, detail: place.logFile }));
    await sleep(POLL_MS);
  }
}

/**
 * Opens the PostgreSQL of a data folder: joins the server another process runs, adopts one whose starter died, or creates and starts it. Safe to call
 * from several processes at once. Problems are sentences for the person at the machine.
 */
export async function openEmbedded(options: EmbeddedOptions): Promise<Result<EmbeddedServer, EmbeddedProblem>> {
  try {
    const place = await findPlace(options);
    if (!place.ok) return place;
    const joined = await joinOrStart(place.value);
    if (!joined.ok) return joined;
    const { presence, address, owner } = joined.value;
    return ok({
      host: address.socketDir,
      port: address.port,
      superuser: EMBEDDED_SUPERUSER,
      database: EMBEDDED_DATABASE,
      owner,
      close: closingOf(place.value, { presence, address }),
    });
  } catch (error) {
    return err(problem('embedded.dataFolder', { where: options.dataDir, who: String(process.geteuid?.() ?? ''), detail: textOf(error) }));
  }
}
