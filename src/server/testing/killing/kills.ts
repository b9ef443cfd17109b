import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ActionId } from '#core/kernel/id.ts';
import type { Random } from '#core/kernel/random.ts';
import { seededRandom } from '#core/kernel/random.ts';
import { EXPOSED_MAX } from '#server/channels/desk.ts';
import { letterName } from '#server/channels/rescue.ts';
import { audit } from './audit.ts';
import type { Count } from './audit.ts';
import { TODAY } from './company.ts';
import type { Installation } from './installation.ts';
import type { WorkerOrder } from './order.ts';
import { decide, parkedList, standing } from './person.ts';
import { doneAt, nameOf, planOf } from './plans.ts';
import type { Plan } from './plans.ts';
import { handOverRest } from './rest.ts';
import { realisticTimes, Sink } from './sink.ts';
import { Nursery } from './worker-process.ts';
import type { Breed, WorkerProcess } from './worker-process.ts';

/** One kill: what it was meant to hit, whether it did, and what it left. */
type Grave = {
  readonly worker: string; readonly name: string; readonly late: boolean;
  /** Messages the mail server had begun with the worker and not answered. */
  readonly begun: number;
  /** Started and with no end noted: these are parked. Of them, taken by the server, begun, and not begun. */
  readonly exposed: number; readonly taken: number; readonly notBegun: number;
};

/** What a campaign is asked for. */
export type KillOptions = { readonly kills: number; readonly workers: number; readonly seed: number; readonly breed: Breed; readonly tell?: (line: string) => void };

/** What a campaign found. */
export type KillReport = { readonly counts: Count[]; readonly figures: Record<string, number | string>; readonly points: Record<string, number> };

/** A worker that does not come to its point is killed all the same; the kill counts as late. */
const LATE_MS = 3000;
/** What a parked message may take until it is listed, from the burial of its worker. */
const SHOWN_MS_MAX = 60_000;
/** Kills with a message under way, in percent: fewer prove little. */
const UNDER_WAY_PERCENT = 30;
/** Kills that must be made of those asked for; late ones count. */
const MADE_PERCENT = 95;
/** Kills at their point, of all. */
const IN_TIME_PERCENT = 80;
const LOOK_MS = 3;

class Campaign {
  readonly #at: Installation;
  readonly #options: KillOptions;
  readonly #random: Random;
  readonly #sink: Sink;
  readonly #nursery: Nursery;
  readonly #graves: Grave[] = [];
  /** What was started by workers that are buried and is not listed yet, with when they were. */
  readonly #pending = new Map<string, number>();
  readonly #buried = new Set<string>();
  readonly #found = { parked: 0, withoutCause: 0, notShown: 0, notSettled: 0, arrived: 0, shownMs: 0 };
  #port = 0;
  #begun = 0;
  #left = Number.POSITIVE_INFINITY;
  #person: Promise<void> = Promise.resolve();

  constructor(at: Installation, options: KillOptions) {
    this.#at = at;
    this.#options = options;
    this.#random = seededRandom(options.seed);
    this.#sink = new Sink({ thinks: realisticTimes(seededRandom(options.seed + 1)) });
    this.#nursery = new Nursery(options.breed, options.workers);
  }

  async run(): Promise<KillReport> {
    const began = performance.now();
    this.#port = await this.#sink.open();
    try {
      await Promise.all(Array.from({ length: this.#options.workers }, () => this.#slot()));
      const killing = performance.now() - began;
      await this.#drain();
      return await this.#report(killing / 1000, (performance.now() - began) / 1000);
    } finally {
      await this.#nursery.close();
      await this.#sink.close();
    }
  }

  #order(name: string): WorkerOrder {
    const { organisation, dataDir } = this.#at;
    return { login: this.#at.loginOf(name), organisation, today: TODAY, smtp: { host: '127.0.0.1', port: this.#port }, dataDir, journal: this.#at.journal };
  }

  /** One worker after the other, each killed. */
  async #slot(): Promise<void> {
    const { kills, workers, tell } = this.#options;
    while (this.#begun < kills) {
      this.#begun += 1;
      const kill = this.#begun;
      this.#left = (await standing(this.#at)).get('approved') ?? 0;
      // Nothing left to hand over: a kill would prove nothing.
      if (this.#left < workers) return;
      // What is left is shared among the kills to come and the workers beside this one.
      const plan = planOf(this.#random, kill, this.#left / ((kills - kill + 1) * workers));
      const one = await this.#nursery.take((name) => this.#order(name));
      const { late, begun } = await this.#strike(one, plan);
      await this.#bury(one, { name: nameOf(plan), late, begun });
      if (kill % 100 === 0) tell?.(`${kill} kills, ${this.#sink.taken.length} e-mails taken, ${this.#found.parked} parked`);
    }
  }

  /** Lets a worker work until its moment, then kills it in the same turn of the event loop. */
  #strike(one: WorkerProcess, plan: Plan): Promise<{ late: boolean; begun: string[] }> {
    return new Promise((resolve) => {
      let struck = false;
      let seen = 0;
      const strike = (late: boolean): void => {
        if (struck) return;
        struck = true;
        const begun = this.#sink.underWay(one.name);
        one.signal('SIGKILL');
        clearTimeout(tooLate);
        leave();
        resolve({ late, begun });
      };
      const strikeSoon = (): void => void (plan.ms === 0 ? strike(false) : setTimeout(() => strike(false), plan.ms));
      const tooLate = setTimeout(() => strike(true), LATE_MS);
      const leave = this.#sink.listen((point, worker) => {
        if (worker !== one.name || !(plan.kind === 'sink' ? point === plan.point : plan.kind === 'taken' && point === 'answered')) return;
        seen += 1;
        if ('nth' in plan && seen === plan.nth) strikeSoon();
      });
      one.listen((word) => {
        if (word.said === 'point') strikeSoon();
        if (word.said === 'rescued') this.#look();
      });
      const pause = plan.kind === 'child' ? { pause: { point: plan.point, nth: plan.nth, does: doneAt(plan.point) } } : {};
      one.command({ do: 'work', turns: null, ...(plan.max === null ? {} : { max: plan.max }), ...pause });
      if (plan.kind === 'instant') strikeSoon();
    });
  }

  /** Waits until nobody hears of a killed worker any more, and writes down what it left. */
  async #bury(one: WorkerProcess, of: { name: string; late: boolean; begun: string[] }): Promise<void> {
    await one.gone;
    await this.#at.backendsGone(one);
    while (this.#sink.connectionsOf(one.name) > 0) await sleep(LOOK_MS);
    const started = await this.#at.owner<{ action_id: ActionId; recipient: string | null; channel: string; customer: string }>(`
      select s.action_id, a.recipient, a.channel, c.code as customer from send_attempt s join action a using (organisation_id, action_id) join customer c using (organisation_id, customer_id)
      where s.organisation_id = $1 and s.worker = $2 and s.started_at is not null and (s.outcome is null or (s.outcome = 'unknown' and s.response = 'worker lost'))`, [this.#at.organisation, one.worker]);
    // A letter that lies in the print folder was put there: the next worker finds it, and nobody is asked.
    const left = started.filter(({ channel, customer, action_id: actionId }) => channel === 'email' || !existsSync(join(this.#at.dataDir, 'letters', letterName({ customerCode: customer, actionId, test: false }))));
    const taken = left.filter(({ recipient }) => this.#sink.takenFor(recipient ?? '').length > 0).length;
    const notBegun = left.filter(({ recipient }) => recipient !== null && !of.begun.includes(recipient) && this.#sink.takenFor(recipient).length === 0).length;
    this.#graves.push({ worker: one.worker, name: of.name, late: of.late, begun: of.begun.length, exposed: left.length, taken, notBegun });
    for (const { action_id: action } of left) this.#pending.set(action, performance.now());
    this.#buried.add(one.worker);
  }

  /** The person looks at the list of what is parked, one look after the other. */
  #look(): void {
    if (this.#pending.size > 0) this.#person = this.#person.then(() => this.#decideListed());
  }

  async #decideListed(): Promise<void> {
    const listed = await parkedList(this.#at);
    const workers = await this.#at.owner<{ action_id: string; worker: string }>(`
      select s.action_id, s.worker from send_attempt s join action a using (organisation_id, action_id)
      where s.organisation_id = $1 and s.fence = a.fence and s.action_id = any($2::bigint[])`, [this.#at.organisation, listed.map((row) => row.action_id)]);
    const workerOf = new Map(workers.map((row) => [row.action_id, row.worker]));
    // What a worker left that is not buried yet may still arrive: a person would wait, too.
    const ripe = listed.filter((row) => this.#buried.has(workerOf.get(row.action_id) ?? ''));
    for (const row of ripe) {
      const since = this.#pending.get(row.action_id);
      if (since === undefined) this.#found.withoutCause += 1;
      else this.#found.shownMs = Math.max(this.#found.shownMs, performance.now() - since);
      this.#pending.delete(row.action_id);
    }
    const decided = await decide(this.#at, this.#sink, ripe);
    this.#found.parked += decided.length;
    this.#found.arrived += decided.filter((one) => one.arrived).length;
    this.#found.notSettled += decided.filter((one) => !one.settled).length;
    this.#found.notShown += decided.filter((one) => !one.shown).length;
  }

  /** Lets workers that nobody kills hand over the rest. */
  async #drain(): Promise<void> {
    const rest = await Promise.all(Array.from({ length: this.#options.workers }, () => this.#nursery.take((name) => this.#order(name))));
    await handOverRest(this.#at, rest, async () => {
      await this.#person;
      await this.#decideListed();
    });
  }

  async #report(killing: number, seconds: number): Promise<KillReport> {
    const made = this.#graves.length;
    const acknowledged = this.#nursery.made.flatMap((one) => one.acknowledged);
    const exposed = this.#graves.map((grave) => grave.exposed).toSorted((a, b) => a - b);
    const sum = (of: (grave: Grave) => number): number => this.#graves.reduce((total, grave) => total + of(grave), 0);
    const underWay = this.#graves.filter((grave) => grave.begun > 0 || grave.exposed > 0).length;
    const inTime = this.#graves.filter((grave) => !grave.late).length;
    const percent = (part: number): number => Math.round((1000 * part) / Math.max(made, 1)) / 10;
    const f = this.#found;
    const counts: Count[] = [
      ...(await audit(this.#at, this.#sink, acknowledged)),
      { name: 'kills made', found: `${made} of ${this.#options.kills}`, holds: 100 * made >= MADE_PERCENT * this.#options.kills, meter: true },
      { name: 'kills at their point', found: `${percent(inTime)} %`, holds: percent(inTime) >= IN_TIME_PERCENT, meter: true },
      { name: 'kills with a message under way', found: `${percent(underWay)} %`, holds: percent(underWay) >= UNDER_WAY_PERCENT, meter: true },
      { name: 'parked by one kill, at most', found: `${exposed.at(-1) ?? 0}`, holds: (exposed.at(-1) ?? 0) <= EXPOSED_MAX },
      { name: 'parked, as many as were started and not ended', found: `${f.parked} of ${sum((grave) => grave.exposed)}`, holds: f.parked === sum((grave) => grave.exposed) && f.withoutCause === 0 },
      { name: 'parked ones listed late, without their bytes, or not settled by one decision', found: `${this.#pending.size + f.notShown + f.notSettled}; listed after ${(f.shownMs / 1000).toFixed(1)} s at most`, holds: this.#pending.size + f.notShown + f.notSettled === 0 && f.shownMs <= SHOWN_MS_MAX },
    ];
    const points: Record<string, number> = {};
    for (const grave of this.#graves) if (!grave.late) points[grave.name] = (points[grave.name] ?? 0) + 1;
    return {
      counts, points, figures: {
        kills: made, seconds: Math.round(seconds), killingSeconds: Math.round(killing), taken: this.#sink.taken.length, parked: f.parked, parkedAndArrived: f.arrived,
        exposedMean: Math.round((10 * sum((grave) => grave.exposed)) / Math.max(made, 1)) / 10, exposed99: exposed[Math.floor(exposed.length * 0.99)] ?? 0, exposedMost: exposed.at(-1) ?? 0,
        overTen: exposed.filter((count) => count > 10).length, begunAtKill: sum((grave) => grave.begun), startedNotBegun: sum((grave) => grave.notBegun), takenNotNoted: sum((grave) => grave.taken),
        failures: this.#nursery.made.reduce((count, one) => count + one.failures.length, 0),
      },
    };
  }
}

/** Kills workers again and again in the middle of what they do, lets the rest be handed over, and counts. */
export const killWorkers = (at: Installation, options: KillOptions): Promise<KillReport> => new Campaign(at, options).run();

/** Extra copies that arrived when a worker that sends inside its transaction was killed so often: the control. */
export async function killNaive(at: Installation, options: { kills: number; seed: number }): Promise<{ kills: number; duplicates: number }> {
  const random = seededRandom(options.seed);
  const sink = new Sink({ thinks: realisticTimes(seededRandom(options.seed + 1)) });
  const nursery = new Nursery({ kind: 'naive' }, 1);
  const port = await sink.open();
  try {
    for (let kill = 0; kill < options.kills; kill += 1) {
      const one = await nursery.take((name) => ({ login: at.loginOf(name), organisation: at.organisation, today: TODAY, smtp: { host: '127.0.0.1', port }, dataDir: null, journal: at.journal }));
      const nth = random.between(1, 12);
      let seen = 0;
      await new Promise<void>((resolve) => {
        const leave = sink.listen((point) => {
          seen += point === 'dot' ? 1 : 0;
          if (seen < nth) return;
          leave();
          setTimeout(() => {
            one.signal('SIGKILL');
            resolve();
          }, random.between(0, 8));
        });
        one.command({ do: 'work', turns: 1 });
        void one.gone.then(resolve);
      });
      await one.gone;
      await at.backendsGone(one);
    }
  } finally {
    await nursery.close();
    await sink.close();
  }
  return { kills: options.kills, duplicates: sink.taken.length - new Set(sink.taken.map((one) => one.headerId)).size };
}
