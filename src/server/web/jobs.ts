import type { JobView } from '#core/api/jobs.ts';
import type { Clock } from '#core/kernel/clock.ts';
import type { OrganisationId } from '#core/kernel/id.ts';
import type { Log } from '#server/plumbing/log.ts';
import { loggableError } from '#server/plumbing/log.ts';
import { newSecret } from '#server/plumbing/random.ts';
import { Refusal } from './refusal.ts';

/** Finished jobs stay this long for the page that polls them. */
const KEPT_MS = 3_600_000;
/** Jobs remembered at once; beyond it the oldest finished ones go. */
const JOBS_MAX = 500;
/** Jobs of one organisation running at once: imports and runs queue on database locks, more would only hold connections. */
const RUNNING_MAX = 4;

type Job = { view: JobView<unknown>; readonly organisation: OrganisationId; readonly stopping: AbortController; finishedAt: number | null };

/** What a job says of its advance. */
export type Advance = (done: number, total: number) => void;

/** Work that a request starts and later requests look at; it lives in this process, its effects in the database. */
export class Jobs {
  readonly #jobs = new Map<string, Job>();
  readonly #running = new Set<Promise<void>>();
  readonly #log: Log;
  readonly #clock: Clock;

  constructor(log: Log, clock: Clock) {
    this.#log = log;
    this.#clock = clock;
  }

  /** Starts work and gives its id at once. */
  start<Result>(of: { organisation: OrganisationId; kind: string }, work: (advance: Advance, signal: AbortSignal) => Promise<Result>): string {
    this.#forget();
    const running = [...this.#jobs.values()].filter((job) => job.organisation === of.organisation && job.finishedAt === null).length;
    if (running >= RUNNING_MAX) {
      throw new Refusal(429, 'jobs.tooMany', { fr: 'Plusieurs traitements sont déjà en cours : attendez que l’un d’eux se termine.', en: 'Several jobs are already under way: wait until one of them ends.' });
    }
    const id = newSecret();
    const job: Job = { organisation: of.organisation, stopping: new AbortController(), finishedAt: null, view: { id, kind: of.kind, status: 'running', progress: { done: 0, total: 0 }, result: null, fault: null } };
    this.#jobs.set(id, job);
    const promise = this.#run(job, work).finally(() => this.#running.delete(promise));
    this.#running.add(promise);
    return id;
  }

  /** A job of an organisation as it stands, or null. */
  read(organisation: OrganisationId, id: string): JobView<unknown> | null {
    const job = this.#jobs.get(id);
    return job === undefined || job.organisation !== organisation ? null : job.view;
  }

  /** The job of a kind that runs for an organisation, or null. */
  running(organisation: OrganisationId, kind: string): JobView<unknown> | null {
    for (const job of this.#jobs.values()) if (job.organisation === organisation && job.view.kind === kind && job.finishedAt === null) return job.view;
    return null;
  }

  /** Tells a job that runs to stop; it does as soon as it looks. False when there is none such. */
  cancel(organisation: OrganisationId, id: string): boolean {
    const job = this.#jobs.get(id);
    if (job === undefined || job.organisation !== organisation || job.finishedAt !== null) return false;
    job.stopping.abort();
    return true;
  }

  /** Waits until nothing runs. */
  async settle(): Promise<void> {
    await Promise.all(this.#running);
  }

  async #run<Result>(job: Job, work: (advance: Advance, signal: AbortSignal) => Promise<Result>): Promise<void> {
    try {
      const result = await work((done, total) => {
        job.view = { ...job.view, progress: { done, total } };
      }, job.stopping.signal);
      job.view = { ...job.view, status: 'done', result };
    } catch (error) {
      if (job.stopping.signal.aborted) {
        job.view = { ...job.view, status: 'cancelled' };
        job.finishedAt = Date.parse(this.#clock.now());
        return;
      }
      const fault = error instanceof Refusal ? { code: error.code, message: error.text } : this.#unexpected(job, error);
      job.view = { ...job.view, status: 'failed', fault };
    }
    job.finishedAt = Date.parse(this.#clock.now());
  }

  #unexpected(job: Job, error: unknown): { code: string; message: { fr: string; en: string } } {
    this.#log.error({ part: 'web', job: job.view.kind, error: loggableError(error) }, 'job failed');
    return {
      code: 'server.failed',
      message: {
        fr: 'Le traitement a échoué pour une raison interne et rien n’en a été gardé. Réessayez ; si cela persiste, voyez le journal du serveur.',
        en: 'The job failed for an internal reason and nothing of it was kept. Try again; if it persists, look at the server’s log.',
      },
    };
  }

  #forget(): void {
    const now = Date.parse(this.#clock.now());
    for (const [id, job] of this.#jobs) {
      const old = job.finishedAt !== null && (now - job.finishedAt > KEPT_MS || this.#jobs.size > JOBS_MAX);
      if (old) this.#jobs.delete(id);
    }
  }
}
