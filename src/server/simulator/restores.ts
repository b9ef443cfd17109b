import { sendsOf } from '#core/channels/journal-lines.ts';
import type { Random } from '#core/kernel/random.ts';
import { reconcileOn } from '#server/channels/journal/reconcile.ts';
import type { Reconciling } from '#server/channels/journal/reconcile.ts';
import type { BooksOf } from './memory-books.ts';
import { emptyFolder } from './memory-installation.ts';
import type { JournalFolder } from './memory-installation.ts';
import type { Meters } from './meters.ts';
import type { Oracle } from './oracle.ts';
import type { Processes, SimProcess } from './processes.ts';
import type { SimTime } from './sim-time.ts';
import { copyOf, siteOf } from './site.ts';
import type { Site, SiteCopy } from './site.ts';
import type { Swarm } from './swarm.ts';
import type { Trace } from './trace.ts';

/**
 * What becomes of a backup: put back in place; put into another database; put back where its journal is not; started beside the original, which goes on.
 */
export type RestoreKind = 'inPlace' | 'otherDatabase' | 'journalLost' | 'beside';

/** When a seed's backup is made and put back, by days of the seed; drawn ahead, so that a copy is made on no other day. */
export type RestorePlan = {
  readonly kind: RestoreKind; readonly copyDay: number; readonly restoreDay: number; readonly reconcileDay: number;
  /** The same backup is put back once more, and reconciled; null: it is not. */
  readonly again: { readonly restoreDay: number; readonly reconcileDay: number } | null;
  /** New documents come with the next file, not before. */
  readonly late: boolean;
  /** The lost journal is found in time, so that nobody has to answer in person. */
  readonly found: boolean;
  /** What ends a copy beside the original: it is thrown away, or takes over from an original that was stopped, or from one that nobody stopped. */
  readonly beside: 'dropped' | 'takesOver' | 'takesOverUnstopped';
};

/** Days from a backup to its restore. */
const BACKUP_DAYS_MAX = 7;
/** Days until a person reconciles. */
const FROZEN_DAYS_MAX = 4;
/** Last minute of a day at which anything happens to a site. */
const DAY_MINUTES = 1400;
type Minutes = readonly [number, number];
const ALL_DAY: Minutes = [0, DAY_MINUTES];
/** When people have approved and workers send: what takes over then takes over from somebody who works. */
const BUSY: Minutes = [520, 720];
/** Days of a seed that a plan may take: two restores, each reconciled. */
const PLAN_DAYS_MAX = BACKUP_DAYS_MAX + 3 * FROZEN_DAYS_MAX + 1;

/** Draws whether and how a seed has its ledger restored. */
export function drawRestore(random: Random, { rates, days }: Swarm): RestorePlan | null {
  if (!random.chance(rates.restored)) return null;
  const kind = random.pick<RestoreKind>(['inPlace', 'inPlace', 'otherDatabase', 'journalLost', 'beside']);
  const copyDay = random.between(3, Math.max(days - PLAN_DAYS_MAX - 2, 3));
  const restoreDay = copyDay + random.between(0, BACKUP_DAYS_MAX);
  const reconcileDay = restoreDay + random.between(0, FROZEN_DAYS_MAX);
  const again = restoreDay + random.between(1, FROZEN_DAYS_MAX) + FROZEN_DAYS_MAX;
  return {
    kind, copyDay, restoreDay, reconcileDay, again: kind !== 'beside' && random.chance(0.3) ? { restoreDay: again, reconcileDay: again + random.between(0, FROZEN_DAYS_MAX) } : null,
    late: random.chance(0.5), found: random.chance(0.5), beside: random.pick(['dropped', 'takesOver', 'takesOverUnstopped']),
  };
}

/** Something that happens to a site at a minute of a day. */
export type SiteJob = { readonly minute: number; readonly what: string; readonly run: () => Promise<void> };

type Parts = {
  readonly plan: RestorePlan | null; readonly random: Random; readonly time: SimTime; readonly oracle: Oracle; readonly meters: Meters; readonly trace: Trace; readonly processes: Processes;
  readonly names: () => string; readonly scope: BooksOf['scope'];
  /** Wakes the processes of a site, and lets them work as far as they come. */
  wake(site: Site): Promise<void>;
};

/** Backups of a seed, what is made of them, and the person who reconciles. */
export class Restores {
  /** The site that the companies work with. */
  site: Site;
  /** A copy that was started beside it. */
  beside: Site | null = null;
  readonly #of: Parts;
  #copy: SiteCopy | null = null;
  #sites = 0;

  constructor(site: Site, of: Parts) {
    this.site = site;
    this.#of = of;
  }

  /** What a day of the seed has of it; days count from 0. */
  jobsOf(at: number): SiteJob[] {
    const { plan, random } = this.#of;
    if (plan === null) return [];
    const jobs: SiteJob[] = [];
    const enter = ({ day, between: [from, until] = ALL_DAY }: { day: number; between?: Minutes }, what: string, run: () => Promise<void>): void => {
      if (day === at) jobs.push({ minute: random.between(from, until), what, run });
    };
    // Of two things on one day the second comes later.
    const around = (first: number, second: number): readonly [Minutes, Minutes] => (first === second ? [[0, 1000], [1001, DAY_MINUTES]] : [ALL_DAY, ALL_DAY]);
    const [early, later] = around(plan.copyDay, plan.restoreDay);
    enter({ day: plan.copyDay, between: early }, 'backup', () => this.#backUp());
    if (plan.kind === 'beside') {
      enter({ day: plan.restoreDay, between: later }, 'copy started', () => this.#startBeside());
      enter({ day: plan.reconcileDay, between: plan.restoreDay < plan.reconcileDay && plan.beside === 'takesOverUnstopped' ? BUSY : around(plan.restoreDay, plan.reconcileDay)[1] }, 'copy ends', () => this.#endBeside(plan));
      enter({ day: plan.reconcileDay + 2 }, 'original dropped', async () => this.#dropBeside());
      return jobs;
    }
    for (const { restoreDay, reconcileDay } of [plan, ...(plan.again === null ? [] : [plan.again])]) {
      const [restored, reconciled] = around(restoreDay, reconcileDay);
      enter({ day: restoreDay, between: restored }, 'restore', () => this.#restore(plan));
      enter({ day: reconcileDay, between: reconciled }, 'reconcile', () => this.#reconcile(this.site, plan));
    }
    return jobs;
  }

  async #backUp(): Promise<void> {
    this.#copy = copyOf(this.site, this.#of.time.ms);
    for (const { tenant } of this.site.ledgers) tenant.books.remember();
  }

  /** A site of the backup; its ledgers know what the backup does. */
  #open(copy: SiteCopy, of: { journal: JournalFolder; database: string }): Site {
    const { time, scope, names, oracle } = this.#of;
    this.#sites += 1;
    const site = siteOf(copy, { ...of, mark: `~${this.#sites}`, names, books: { time, scope } });
    for (const [index, { name }] of site.ledgers.entries()) oracle.inherits(name, copy.books[index]?.name ?? '', copy.at);
    return site;
  }

  /** Ledgers of a site that must not let anything leave, by what really happened since the backup. */
  #shut(site: Site, copy: SiteCopy): void {
    const { oracle, meters } = this.#of;
    const { row, journal } = site.installation;
    const newest = journal.lines.findLast((line) => line.k === 'head');
    const proven = newest === undefined ? row.opened !== null : newest.epoch !== row.epoch || newest.server.database !== row.server.database || newest.place.inode !== journal.place.inode;
    const left = newest !== undefined && site.ledgers.some(({ tenant }) => oracle.leftSince(tenant.code, copy.at));
    if (!proven && !left) return meters.note('restored with nothing lost');
    for (const { name } of site.ledgers) oracle.restored.shut.add(name);
  }

  /** A process starts and looks first, as all of them do. */
  async #start(site: Site): Promise<void> {
    const { processes, meters, trace, time } = this.#of;
    const worker = processes.start();
    site.workers.push(worker);
    const closed = await site.installation.guardOf(worker.id).checkOn(site.installation.store, time.now());
    trace.note(`${worker.id} starts: ${site.installation.row.frozen?.because ?? (closed === null ? 'open' : 'closed')}`);
    if (site.installation.row.frozen !== null) meters.note(`frozen: ${site.installation.row.frozen.because}`);
  }

  #kill(workers: readonly SimProcess[]): void {
    for (const worker of workers) if (worker.alive) this.#of.processes.kill(worker);
  }

  /** The companies go on with this site: what came since the backup is imported and entered again. */
  async #moveTo(site: Site, copy: SiteCopy, late: boolean): Promise<void> {
    const { oracle, time } = this.#of;
    this.site = site;
    for (const { tenant, books } of site.ledgers) {
      oracle.restored.loses(tenant.code, copy.at, time.ms);
      oracle.forgetsDead(tenant, copy.at);
      await tenant.books.moveTo(books, late);
    }
  }

  async #restore({ kind, late }: RestorePlan): Promise<void> {
    const copy = this.#copy;
    if (copy === null) return;
    const { meters } = this.#of;
    const { journal, row } = this.site.installation;
    this.#kill(this.site.workers);
    this.#kept = this.#kept ?? journal;
    const lost = kind === 'journalLost' && copy.row.opened !== null;
    const site = this.#open(copy, { journal: lost ? emptyFolder(`lost ${this.#sites}`) : journal, database: kind === 'otherDatabase' ? `${row.server.database}'` : row.server.database });
    meters.note(`restored: ${kind}`);
    this.#shut(site, copy);
    await this.#moveTo(site, copy, late);
    await this.#start(site);
  }

  /** The journal that stood beside the original. */
  #kept: JournalFolder | null = null;

  async #reconcile(site: Site, { found }: RestorePlan): Promise<void> {
    const { meters, oracle } = this.#of;
    const { installation } = site;
    if (installation.row.frozen?.because === 'journalMissing') {
      if (await this.#thaw(site, 'applied')) oracle.wrong('B8', 'applied with a journal that proves nothing');
      if (!found || this.#kept === null) {
        if (await this.#thaw(site, 'adopted')) this.#answeredFor(site);
        return;
      }
      meters.note('journal found again');
      installation.putJournal(this.#kept);
    }
    const frozen = installation.frozen;
    const done = await this.#thaw(site, 'applied');
    if (!done && (frozen || site.ledgers.some(({ name }) => oracle.restored.shut.has(name)))) oracle.wrong('B8', 'there is something to reconcile, and it was refused');
  }

  /** Reconciles a site; between what it compares and the new epoch it begins, the processes of another one work. */
  async #thaw(site: Site, how: Reconciling['how'], meanwhile: Site | null = null): Promise<boolean> {
    const { meters, oracle, time, trace } = this.#of;
    const { installation, ledgers } = site;
    for (const { name, books } of ledgers) for (const id of await books.parked()) oracle.settles(name, id);
    const journal = installation.journalHere();
    const done = await reconcileOn(installation.store, meanwhile === null ? journal : { ...journal, begin: (head) => this.#of.wake(meanwhile).then(() => journal.begin(head)) }, { how, reason: 'sim', by: { at: time.now(), actor: 'user:1' } });
    trace.note(`reconciled ${how} ${done.ok ? JSON.stringify(done.value) : done.error.en}`);
    if (!done.ok) return false;
    meters.note(`reconciled: ${how}`);
    for (const { sent, parked, waiting, refused } of done.value) {
      for (const [name, count] of Object.entries({ sent, parked, waiting, refused })) if (count > 0) meters.note(`placed by a reconciliation: ${name}`, count);
    }
    for (const { name, tenant } of ledgers) {
      oracle.restored.shut.delete(name);
      if (how === 'applied') continue;
      oracle.restored.approvedSince.set(name, new Set());
      // Automatic steps wait from now on, as the command says, and nobody switches them on again.
      tenant.approveEverything = true;
    }
    return true;
  }

  #answeredFor({ ledgers }: Site): void {
    for (const { tenant } of ledgers) this.#of.oracle.answersFor(tenant);
  }

  async #startBeside(): Promise<void> {
    const copy = this.#copy;
    const { journal, row } = this.site.installation;
    // A copy made before anything was sent cannot be told from the original (docs/operate/journal.md).
    if (copy === null || copy.row.opened === null) return;
    const { meters, random } = this.#of;
    const where = random.pick(['same', 'copied', 'none']);
    const folder = where === 'same' ? journal : where === 'copied' ? { lines: [...journal.lines], place: emptyFolder('copied').place } : emptyFolder('none');
    this.#kept = journal;
    this.beside = this.#open(copy, { journal: folder, database: `${row.server.database}'` });
    meters.note(`restored: beside, journal ${where}`);
    this.#shut(this.beside, copy);
    await this.#start(this.beside);
  }

  async #endBeside({ beside, late }: RestorePlan): Promise<void> {
    const [copy, clone] = [this.#copy, this.beside];
    if (copy === null || clone === null) return;
    if (beside === 'dropped') return this.#dropBeside();
    const { meters, oracle } = this.#of;
    const original = this.site;
    const unstopped = beside === 'takesOverUnstopped';
    if (unstopped && original.workers.some(({ alive, calls }) => alive && calls > 0)) meters.note('took over while a call of the original was under way');
    if (!unstopped) this.#kill(original.workers);
    if (this.#kept !== null && clone.installation.journal !== this.#kept) {
      this.#kill(clone.workers);
      clone.installation.putJournal(this.#kept);
    }
    await this.#moveTo(clone, copy, late);
    if (!(await this.#takeOver(clone, copy, unstopped ? original : null))) oracle.wrong('B8', 'a copy that takes over could not be reconciled');
    const { lines } = clone.installation.journal;
    const begunBefore = Map.groupBy(lines.slice(0, lines.findLastIndex(({ k }) => k === 'head')).flatMap((line) => (line.k === 'start' ? [line.send] : [])), ({ organisation }) => organisation);
    meters.note(unstopped ? 'took over from an original that nobody stopped' : 'took over');
    this.beside = null;
    if (!unstopped) return;
    // Nobody stopped the original: it must find out by itself.
    for (const { name, tenant } of original.ledgers) {
      oracle.restored.shut.add(name);
      oracle.restored.overtaken.set(name, new Set(begunBefore.get(tenant.code)?.map(({ action }) => action)));
    }
    this.beside = original;
  }

  /** Reconciles a copy. What an original that nobody stopped does meanwhile has it refused, and the person tries again. */
  async #takeOver(clone: Site, copy: SiteCopy, original: Site | null): Promise<boolean> {
    const { meters, oracle, time } = this.#of;
    const { journal } = clone.installation;
    const told = (): string => JSON.stringify(sendsOf(journal.lines).map(({ ref, end }) => [ref, end]));
    const before = told();
    const done = await this.#thaw(clone, 'applied', original);
    if (original === null || before === told()) return done;
    meters.note('sent while another took over');
    if (done) oracle.wrong('B8', 'a copy took over without what the original sent meanwhile');
    for (const { tenant } of clone.ledgers) oracle.restored.loses(tenant.code, copy.at, time.ms);
    return done || this.#thaw(clone, 'applied');
  }

  #dropBeside(): void {
    this.#kill(this.beside?.workers ?? []);
    this.beside = null;
  }

  /** The quiet days have one database. */
  async settle(): Promise<void> {
    this.#dropBeside();
    for (const { tenant } of this.site.ledgers) await tenant.books.catchUp();
  }
}
