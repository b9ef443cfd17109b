import { addDays, day } from '#core/kernel/day.ts';
import type { Day } from '#core/kernel/day.ts';
import { seededRandom } from '#core/kernel/random.ts';
import type { Random } from '#core/kernel/random.ts';
import type { OrganisationId } from '#core/kernel/id.ts';
import type { LetterMaker } from '#server/letters/pdf.ts';
import { sendThrough } from '#server/channels/send.ts';
import type { SendLedger } from '#server/channels/send-ledger.ts';
import { recheck } from '#server/channels/recheck.ts';
import type { Books } from './books.ts';
import { MemoryBooks, scenariosOf } from './memory-books.ts';
import type { BooksOf } from './memory-books.ts';
import { emptyFolder, foundedRow, MemoryInstallation } from './memory-installation.ts';
import { Meters } from './meters.ts';
import { Oracle } from './oracle.ts';
import type { LedgerOf, TrueTenant, Violation } from './oracle.ts';
import { peopleAtWork } from './people.ts';
import { carriersOf } from './post.ts';
import { Processes } from './processes.ts';
import type { SimProcess } from './processes.ts';
import { drawRestore, Restores } from './restores.ts';
import { SimTime } from './sim-time.ts';
import { isSeen } from './site.ts';
import type { Site } from './site.ts';
import { drawSwarm } from './swarm.ts';
import type { Swarm } from './swarm.ts';
import { Told } from './told.ts';
import { Trace } from './trace.ts';
import { World } from './world.ts';

/** How one seed went: what was broken, what was lived through, and a hash of everything that happened. */
export type SeedResult = { readonly seed: number; readonly violations: readonly Violation[]; readonly meters: Meters; readonly trace: Trace; readonly days: number; readonly state: string[] };

/** What may be chosen for a seed beside its number. */
export type SeedOptions = { readonly keepTrace?: boolean; readonly swarm?: Partial<Swarm>; readonly openBooks?: (of: BooksOf) => Promise<Books>; readonly everyViolation?: boolean; readonly letters?: LetterMaker };

const ZONE = 'Europe/Paris';
const FIRST_DAY = day('2026-01-05');
/** Working days without faults at the end of a seed, in which everything must come to an end. */
const QUIET_DAYS = 8;
const MINUTE_MS = 60_000;

const NO_LETTERS: LetterMaker = new Proxy({} as LetterMaker, { get: () => () => { throw new Error('no page is drawn in memory'); } });

/** Plays one seed: the life of some companies with every fault its swarm draws, then some quiet days in which everything must end well. */
export async function playSeed(seed: number, options: SeedOptions = {}): Promise<SeedResult> {
  const play = new Play(seed, options);
  await play.live();
  return play.result();
}

class Play {
  readonly #seed: number;
  readonly #options: SeedOptions;
  readonly #swarm: Swarm;
  readonly #random: Random;
  readonly #time: SimTime;
  readonly #meters = new Meters();
  readonly #trace: Trace;
  readonly #oracle: Oracle;
  readonly #processes: Processes;
  readonly #worlds: World[] = [];
  readonly #restores: Restores;
  #today: Day;
  #days = 0;
  #jumped = false;

  constructor(seed: number, options: SeedOptions) {
    this.#seed = seed;
    this.#options = options;
    this.#swarm = { ...drawSwarm(seededRandom(seed)), ...options.swarm };
    this.#random = seededRandom(seed ^ 0x5eed);
    this.#today = addDays(FIRST_DAY, this.#swarm.firstDay);
    this.#time = new SimTime(`${this.#today}T03:00:00.000Z`);
    this.#trace = new Trace(options.keepTrace === true);
    this.#oracle = new Oracle(this.#time);
    this.#processes = new Processes({ random: this.#random, time: this.#time, swarm: this.#swarm, meters: this.#meters, trace: this.#trace });
    let named = 0;
    const names = (): string => `name ${named += 1}`;
    const random = seededRandom(seed ^ 0x0b8);
    this.#restores = new Restores({ installation: new MemoryInstallation(foundedRow(`sim ${seed}`), { journal: emptyFolder('sim'), names }), ledgers: [], workers: [] }, {
      plan: drawRestore(random, this.#swarm), random, time: this.#time, oracle: this.#oracle, meters: this.#meters, trace: this.#trace, processes: this.#processes, names, scope: this.#swarm.scope, wake: (site) => this.#wake(site),
    });
  }

  get #site(): Site {
    return this.#restores.site;
  }

  async live(): Promise<void> {
    await this.#found();
    for (let at = 0; at < this.#swarm.days && !this.#broken; at += 1) await this.#aDay();
    this.#processes.faults = false;
    await this.#restores.settle();
    for (let at = 0; at < QUIET_DAYS && !this.#broken; at += 1) await this.#aDay();
    if (!this.#broken) await this.#allEnded();
  }

  get #broken(): boolean {
    return this.#oracle.violations.length > 0 && this.#options.everyViolation !== true;
  }

  result(): SeedResult {
    return { seed: this.#seed, violations: this.#oracle.violations, meters: this.#meters, trace: this.#trace, days: this.#days, state: this.#state };
  }

  #state: string[] = [];

  async #found(): Promise<void> {
    const site = this.#site;
    for (let at = 0; at < this.#swarm.tenants; at += 1) {
      const code = `T${at + 1}x`;
      const of: BooksOf = {
        organisation: code, time: this.#time, scope: this.#swarm.scope, installation: site.installation, isAlive: (worker) => isSeen(site, worker, this.#time.ms),
      };
      const books = this.#options.openBooks === undefined ? new MemoryBooks(of) : await this.#options.openBooks(of);
      const told = new Told(books);
      const tenant: TrueTenant = { code, debtors: new Map(), books: told, scenarios: scenariosOf(this.#swarm.scope), globalStop: false, cap: this.#swarm.cap, closedDays: [], importedOn: null, approveEverything: this.#swarm.approveEverything };
      const world = new World(tenant, { random: seededRandom((this.#seed * 31 + at) ^ 0x0a11), swarm: this.#swarm, meters: this.#meters });
      await told.setSettings({ globalStop: false, contactCap: tenant.cap, closedDays: [], approveEverything: tenant.approveEverything });
      await world.populate();
      this.#worlds.push(world);
      site.ledgers.push({ name: code, tenant, books });
    }
    site.workers = Array.from({ length: this.#swarm.processes }, () => this.#processes.start());
  }

  /** The ledger that a company works with today. */
  #ledgerOf(tenant: TrueTenant): LedgerOf {
    const found = this.#site.ledgers.find((one) => one.tenant === tenant);
    if (found === undefined) throw new Error(`no ledger of ${tenant.code}`);
    return found;
  }

  /** One day of all companies: what happens in the world, the run, the people, the workers, in the order of their minutes. */
  async #aDay(): Promise<void> {
    const random = this.#random;
    const quiet = !this.#processes.faults;
    this.#days += 1;
    this.#trace.note(`day ${this.#today}`);
    const jobs: { minute: number; what: string; run: () => Promise<void> }[] = [];
    const outage = !quiet && random.chance(this.#swarm.rates.outage);
    if (outage) this.#meters.note('outages');
    if (!quiet) jobs.push(...this.#restores.jobsOf(this.#days - 1), ...this.#besideJobs());
    for (const world of this.#worlds) {
      if (!quiet) for (const { minute, what, happen } of world.dayOf(this.#today)) jobs.push({ minute, what: `${world.tenant.code} ${what}`, run: happen });
      if (quiet || !this.#importsRest(world.tenant)) jobs.push({ minute: 300, what: 'import', run: () => this.#import(world.tenant) });
      if (quiet && world.tenant.globalStop) jobs.push({ minute: 301, what: 'go on', run: () => this.#goOn(world.tenant) });
      if (outage) continue;
      jobs.push({ minute: 370, what: 'run', run: () => this.#run(this.#ledgerOf(world.tenant)) });
      const people = (): Promise<void> => peopleAtWork(this.#ledgerOf(world.tenant), { random, oracle: this.#oracle, meters: this.#meters, everything: quiet });
      const send = (): Promise<void> => this.#send(this.#ledgerOf(world.tenant), this.#site);
      jobs.push({ minute: random.between(500, 700), what: 'people', run: people });
      if (random.chance(0.5)) jobs.push({ minute: random.between(780, 1100), what: 'people', run: people });
      for (const minute of [random.between(540, 720), random.between(780, 1150), ...(quiet ? [620, 1000, 1330, 60] : random.chance(0.2) ? [random.between(0, 1439)] : [])]) {
        jobs.push({ minute, what: 'send', run: send });
        // Somebody sits before the list while workers work, and when they come back minutes later.
        if (random.chance(0.2)) jobs.push({ minute, what: 'people', run: people }, { minute: minute + random.between(1, 8), what: 'send', run: send }, { minute: minute + random.between(1, 10), what: 'people', run: people });
      }
    }
    jobs.sort((a, b) => a.minute - b.minute);
    const race = async (): Promise<void> => {
      const next = jobs[0];
      if (next === undefined || next.what === 'send' || quiet || !random.chance(this.#swarm.rates.race)) return;
      jobs.shift();
      this.#meters.note('changed while workers worked');
      this.#trace.note(`meanwhile ${next.what}`);
      await next.run();
    };
    for (let job = jobs.shift(); job !== undefined && !this.#broken; job = jobs.shift()) {
      await this.#reach(job.minute, race);
      this.#trace.note(job.what);
      await job.run();
      await this.#processes.pump(race);
      for (const ledger of this.#site.ledgers) await this.#oracle.watchParked(ledger);
    }
    await this.#night(race);
  }

  /** A copy that was started beside the original does what any does: its runs go on, its workers are woken. */
  #besideJobs(): { minute: number; what: string; run: () => Promise<void> }[] {
    const beside = this.#restores.beside;
    const random = this.#random;
    return (beside?.ledgers ?? []).flatMap((ledger) => {
      const still = async (run: () => Promise<void>): Promise<void> => (this.#restores.beside === beside ? run() : undefined);
      return [{ minute: 371, what: 'run beside', run: () => still(() => this.#run(ledger)) }, ...(beside === null ? [] : [{ minute: random.between(540, 1150), what: 'send beside', run: () => still(() => this.#send(ledger, beside)) }])];
    });
  }

  /** Lets the time come to a minute of today; stopped processes go on when their time has come. */
  async #reach(minute: number, race: () => Promise<void>): Promise<void> {
    const at = Date.parse(`${this.#today}T00:00:00.000Z`) + (minute - 60) * MINUTE_MS;
    for (;;) {
      const resumes = this.#processes.resumesAt;
      if (resumes === null || resumes > at) break;
      this.#time.ms = Math.max(this.#time.ms, resumes);
      await this.#processes.pump(race);
      if (this.#processes.resumesAt === resumes) break;
    }
    this.#time.ms = Math.max(this.#time.ms, at);
  }

  async #night(race: () => Promise<void>): Promise<void> {
    await this.#reach(1410, race);
    const random = this.#random;
    this.#oracle.emptyFolder();
    for (const ledger of this.#site.ledgers) await this.#reports(ledger);
    const before = new Date(this.#time.ms).getTimezoneOffset();
    this.#today = addDays(this.#today, 1);
    this.#jumped = this.#processes.faults && random.chance(this.#swarm.rates.clockJump);
    if (this.#jumped) {
      this.#today = addDays(this.#today, random.between(-3, 3));
      this.#meters.note('clock moved');
      const midnight = Date.parse(`${this.#today}T00:00:00.000Z`);
      this.#processes.moved(midnight - this.#time.ms);
      this.#time.ms = midnight;
    }
    if (before === 0 && ['2026-03-29', '2026-10-25', '2027-03-28', '2027-10-31'].includes(this.#today)) this.#meters.note('changes of clocks');
  }

  /** Delivery reports that come back at night: the mailbox of something that was taken is dead. */
  async #reports(ledger: LedgerOf): Promise<void> {
    if (!this.#processes.faults || !this.#random.chance(this.#swarm.rates.bounced)) return;
    const last = this.#oracle.lastMailed(ledger.name);
    const [one] = last === null ? [] : await ledger.books.actionsOf([last.action]);
    if (one === undefined || last === null || one.state !== 'sent') return;
    const debtor = ledger.tenant.debtors.get(one.customer);
    if (debtor !== undefined) this.#oracle.dead(debtor, last.to);
    await ledger.books.bounce(one.id);
    this.#meters.note('mailbox dead');
  }

  readonly #restUntil = new Map<string, Day>();

  /** Whether the books of a company come in today: now and then they do not, and sometimes for weeks. */
  #importsRest(tenant: TrueTenant): boolean {
    const random = this.#random;
    if (random.chance(0.008)) this.#restUntil.set(tenant.code, addDays(this.#today, random.between(3, 25)));
    return this.#today < (this.#restUntil.get(tenant.code) ?? this.#today) || random.chance(0.05);
  }

  async #import(tenant: TrueTenant): Promise<void> {
    tenant.importedOn = this.#today;
    await tenant.books.catchUp();
    await tenant.books.imported(this.#today);
  }

  async #goOn(tenant: TrueTenant): Promise<void> {
    tenant.globalStop = false;
    await tenant.books.setSettings({ globalStop: false, contactCap: tenant.cap, closedDays: tenant.closedDays, approveEverything: tenant.approveEverything });
  }

  async #run({ name, books }: LedgerOf): Promise<void> {
    const made = await books.plan(this.#today, this.#jumped);
    this.#meters.note('proposed', made);
    this.#trace.note(`proposed ${made}`);
    if (!this.#random.chance(0.1)) return;
    const again = await books.plan(this.#today, true);
    this.#meters.note('run again the same day');
    if (again > 0) this.#oracle.wrong('B7', `${name}: the same day's run proposes ${again} more`);
  }

  /** Wakes the workers of a site, and lets them go on as far as they come. */
  async #wake(site: Site): Promise<void> {
    for (const ledger of site.ledgers) await this.#send(ledger, site);
    await this.#processes.pump(async () => undefined);
  }

  async #send(ledger: LedgerOf, site: Site): Promise<void> {
    if (!(await ledger.books.hasWork())) return;
    const together = this.#processes.faults && this.#random.chance(this.#swarm.rates.wokenTwice);
    const able = this.#able(site);
    for (const worker of together ? able : able.slice(0, 1)) void this.#sendBy(worker, ledger);
    if (together && able.length > 1) this.#meters.note('two workers at once');
    const [again] = able;
    if (!together || again === undefined || this.#random.chance(0.5)) return;
    // Two persons press the same button.
    void this.#sendBy(again, ledger);
    this.#meters.note('two calls of one worker');
  }

  /** Workers of a site that can be given work; dead ones are replaced by new processes. */
  #able(site: Site): SimProcess[] {
    site.workers = Array.from({ length: this.#swarm.processes }, (_, at) => (site.workers[at]?.alive === true ? site.workers[at] : this.#processes.start()));
    const free = site.workers.filter(({ stoppedUntil }) => stoppedUntil <= this.#time.ms);
    const first = free.length === 0 ? 0 : this.#random.between(0, free.length - 1);
    return [...free.slice(first), ...free.slice(0, first)];
  }

  async #sendBy(worker: SimProcess, ledger: LedgerOf): Promise<void> {
    const { tenant } = ledger;
    worker.calls += 1;
    try {
      const result = await sendThrough(this.#watched(worker, ledger), {
        organisation: tenant.code as OrganisationId, today: this.#time.today(ZONE), clock: this.#time, actor: 'system:worker', worker: worker.presence,
        carriers: carriersOf({ random: this.#random, time: this.#time, swarm: this.#swarm, meters: this.#meters, processes: this.#processes, witness: this.#oracle }, worker, ledger),
        sender: { from: 'relances@sim.example', instance: 'sim' }, letters: this.#options.letters ?? NO_LETTERS,
      });
      if (result.stopped === 'frozen') this.#meters.note('turns of a frozen installation');
      this.#trace.note(`${worker.id} sent ${result.sent} failed ${result.failed} unknown ${result.unknown} waiting ${result.waiting} cancelled ${result.cancelled.length}`);
    } catch (error) {
      // What a worker does with a failed turn: it logs it, and the next turn comes.
      this.#trace.note(`${worker.id} failed: ${error instanceof Error ? error.message : ''}`);
      this.#meters.note('turn failed');
      if (error instanceof Error && !['could not serialize access', 'connection lost'].includes(error.message)) this.#oracle.wrong('program', error.stack ?? error.message);
    } finally {
      worker.calls -= 1;
    }
  }

  /** The ledger of a tenant as a process uses it: each transaction a step of the process, each claim looked at by the oracle. */
  #watched(worker: SimProcess, of: LedgerOf): SendLedger {
    const ledger = of.books.ledger(worker.id);
    const step = <T>(label: string, run: () => Promise<T>): Promise<T> => this.#processes.step(worker, { label: `${of.name} ${label}`, database: true }, run);
    return {
      check: (now) => step('check', () => ledger.check(now)),
      writeJournal: (note, now) => step('journal', () => ledger.writeJournal(note, now)),
      unstart: (attempts, at) => step('unstart', () => ledger.unstart(attempts, at)),
      gate: (now) => step('gate', () => ledger.gate(now)),
      queue: (channels) => step('queue', () => ledger.queue(channels)),
      note: (note, at) => step('note', () => ledger.note(note, at)),
      settle: (work) => step('settle', () => ledger.settle(work)),
      rescue: (work) => step('rescue', async () => {
        let [released, parked] = [0, 0];
        const result = await ledger.rescue((tx) => work({
          ...tx, endAttempts: async (by, ending) => {
            const ended = await tx.endAttempts(by, ending);
            if (ending.outcome === 'released') released += ended.length;
            else parked += ended.length;
            return ended;
          },
        }));
        this.#meters.note('released', released);
        this.#meters.note('parked', parked);
        return result;
      }),
      claim: (work) => step('claim', async () => {
        let claimed: Parameters<Parameters<Parameters<SendLedger['claim']>[0]>[0]['writeClaimed']>[0] = [];
        const result = await ledger.claim((tx) => work({
          ...tx,
          readGround: async (actions, at) => {
            const ground = await tx.readGround(actions, at);
            for (const action of actions) {
              const verdict = recheck(ground, action);
              if (verdict.go !== 'now') this.#meters.note(`${verdict.go === 'later' ? 'waits' : 'cancelled'} at the claim: ${verdict.reason}`);
            }
            return ground;
          },
          writeClaimed: async (list, given) => {
            claimed = list;
            await tx.writeClaimed(list, given);
          },
        }));
        this.#meters.note('claimed', claimed.length);
        this.#meters.note('second try of the same bytes', claimed.filter(({ action }) => action.stored).length);
        await this.#oracle.claimed(of, claimed);
        return result;
      }),
    };
  }

  /** Everything that was due has come to an end, with its reason. */
  async #allEnded(): Promise<void> {
    for (const ledger of this.#site.ledgers) {
      await this.#oracle.ended(ledger, this.#today);
      await this.#oracle.end(ledger);
      this.#state.push(...(await ledger.books.stateLines()).map((line) => `${ledger.name} ${line}`));
    }
    this.#trace.note(this.#state.join('\n'));
  }
}
