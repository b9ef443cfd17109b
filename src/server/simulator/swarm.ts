import type { Random } from '#core/kernel/random.ts';

/** What may go wrong in a seed, each with the highest rate that is drawn for it: per hand-off, per step of a process, or per day. */
export const FAULTS = {
  /** Hand-offs refused for now: at the connection, or by a 4xx on the envelope. */
  smtpRefused: 0.2,
  /** Hand-offs refused for good; half of them because the mailbox does not exist. */
  smtpRejected: 0.05,
  /** No answer after the final dot; half of these messages were taken. */
  timeoutAfterDot: 0.1,
  /** Taken, and the connection was cut before the answer was read. */
  resetAfterTaken: 0.05,
  /** A 2xx that came before the final dot. */
  answeredEarly: 0.01,
  /** Hand-offs that take minutes. */
  slow: 0.05,
  /** A process dies at a step of its own: before it, or right after it was done. */
  crash: 0.02,
  /** A process is stopped for up to five hours and goes on as if nothing had been. */
  stopped: 0.01,
  /** The connection by which a process shows that it lives is cut: for up to half an hour the others take it for dead, and it works on. */
  unseen: 0.01,
  /** A statement fails and its transaction with it. */
  databaseFailure: 0.1,
  /** The connection is lost after the commit: done, and the program does not know. */
  lostCommit: 0.02,
  /** Two processes are woken for the same work at the same moment, or one of them twice. */
  wokenTwice: 0.3,
  /** A day on which no process runs at all. */
  outage: 0.05,
  /** The clock is moved by up to three days, per day. */
  clockJump: 0.001,
  /** The print folder cannot be written. */
  folderFull: 0.1,
  /** A delivery report comes back and says that the mailbox is dead. */
  bounced: 0.05,
  /** A fact changes while processes work, instead of between. */
  race: 0.2,
  /** A backup up to a week old is put back, or started beside the original, once in the seed. */
  restored: 1,
} as const;
/** One of them. */
export type Fault = keyof typeof FAULTS;

/** How a seed is played: its size, the rate of each fault, the habits of the company. */
export type Swarm = {
  readonly tenants: number;
  readonly debtors: number;
  readonly days: number;
  readonly firstDay: number;
  readonly processes: number;
  readonly rates: Readonly<Record<Fault, number>>;
  readonly approveEverything: boolean;
  readonly scope: 'standard' | 'firm' | 'gentle' | 'byItem';
  readonly cap: { readonly contacts: number; readonly windowDays: number } | null;
  /** Invoices of one debtor in a month. */
  readonly invoicesAMonth: number;
};

const NAMES = Object.keys(FAULTS) as Fault[];

/**
 * Draws how a seed is played. Some have every fault, some one only, some none: with all of them always on, the rare ones hide behind the common.
 */
export function drawSwarm(random: Random): Swarm {
  const kind = random.next();
  const only = random.pick(NAMES);
  const rates = Object.fromEntries(NAMES.map((name) => {
    const on = kind < 0.05 ? false : kind < 0.2 ? name === only : random.chance(0.6);
    return [name, on ? FAULTS[name] * (kind < 0.2 ? 1 : random.next()) : 0];
  })) as Record<Fault, number>;
  return {
    tenants: random.pick([1, 2, 2, 3]), debtors: random.between(3, 14), days: random.between(50, 200), firstDay: random.between(0, 360), processes: random.pick([1, 2, 2, 3]), rates,
    approveEverything: random.chance(0.5), scope: random.pick(['standard', 'standard', 'firm', 'gentle', 'byItem', 'byItem']),
    cap: random.pick([null, { contacts: 3, windowDays: 7 }, { contacts: 1, windowDays: 4 }]), invoicesAMonth: random.pick([0.5, 1, 2]),
  };
}
