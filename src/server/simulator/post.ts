import type { Random } from '#core/kernel/random.ts';
import type { StoredMail } from '#server/channels/mime.ts';
import type { Carriers } from '#server/channels/send.ts';
import { outcomeOfFailure, outcomeOfSuccess, TOO_LATE } from '#server/channels/smtp-outcome.ts';
import type { SmtpOutcome } from '#server/channels/smtp-outcome.ts';
import type { Meters } from './meters.ts';
import type { LedgerOf } from './oracle.ts';
import type { Processes, SimProcess } from './processes.ts';
import type { SimTime } from './sim-time.ts';
import type { Swarm } from './swarm.ts';

/** What the outside world sees of a hand-off. */
export type Witness = {
  /** The first byte leaves. */
  leaves(ledger: LedgerOf, mail: StoredMail): void;
  /** The mail server took the message: it will arrive. */
  taken(ledger: LedgerOf, mail: StoredMail): void;
  /** The mail server said that there is no such mailbox. */
  noMailbox(ledger: LedgerOf, mail: StoredMail): void;
  /** Whether a letter of this name was printed and still lies there. */
  isPrinted(ledger: LedgerOf, name: string): boolean;
  /** A letter lies in the print folder. */
  printed(ledger: LedgerOf, name: string, pdf: Buffer): void;
};

const MINUTE_MS = 60_000;
const SLOW_MINUTES_MAX = 10;

type Post = { readonly random: Random; readonly time: SimTime; readonly swarm: Swarm; readonly meters: Meters; readonly processes: Processes; readonly witness: Witness };

type Plan = { readonly taken: boolean; readonly outcome: SmtpOutcome };

const failure = (message: string, responseCode?: number, command?: string): Parameters<typeof outcomeOfFailure>[0] => ({
  message, ...(responseCode === undefined ? {} : { responseCode, response: message, code: command === 'DATA' ? 'EMESSAGE' : 'EENVELOPE' }), ...(command === undefined ? {} : { command }),
});

/** What a mail server does with a message, drawn from the seed; what the program makes of it is its own code. */
function planOf({ random, swarm: { rates }, processes }: Post): Plan {
  const hit = (rate: number): boolean => processes.faults && random.chance(rate);
  if (hit(rates.smtpRefused)) {
    return { taken: false, outcome: random.chance(0.5) ? outcomeOfFailure(failure('421 busy', 421), 'session') : outcomeOfFailure(failure('451 4.7.1 greylisted', 451, 'RCPT TO'), 'envelope') };
  }
  if (hit(rates.smtpRejected)) {
    return { taken: false, outcome: random.chance(0.5) ? outcomeOfFailure(failure('550 5.1.1 no such user', 550, 'RCPT TO'), 'envelope') : outcomeOfFailure(failure('554 refused', 554, 'DATA'), 'ended') };
  }
  if (hit(rates.timeoutAfterDot)) return { taken: random.chance(0.5), outcome: outcomeOfFailure(failure('Timeout'), 'ended') };
  if (hit(rates.resetAfterTaken)) return { taken: true, outcome: outcomeOfFailure(failure('read ECONNRESET'), 'ended') };
  if (hit(rates.answeredEarly)) return { taken: random.chance(0.5), outcome: outcomeOfSuccess('250 ok', 'content') };
  return { taken: true, outcome: outcomeOfSuccess('250 2.0.0 ok', 'ended') };
}

/** The mail server and the print folder as a process reaches them for a ledger. */
export function carriersOf(post: Post, process: SimProcess, ledger: LedgerOf): Carriers {
  const { processes, witness, meters, random, swarm } = post;
  const act = <T>(label: string, run: () => Promise<T>, after = 0): Promise<T> => processes.step(process, { label, database: false, after }, run);
  return {
    findLetter: async (name) => (witness.isPrinted(ledger, name) ? `letters/${name}` : null),
    mail: {
      send: async (mail, stillOurs) => {
        const plan = await act('connects', async () => {
          if (!stillOurs('begin')) return null;
          process.inFlight += 1;
          witness.leaves(ledger, mail);
          return planOf(post);
        });
        if (plan === null) {
          meters.note('claim too old at the hand-off');
          return TOO_LATE;
        }
        const slow = processes.faults && random.chance(swarm.rates.slow) ? random.between(1, SLOW_MINUTES_MAX) * MINUTE_MS : 0;
        const ended = await act('ends the message', async () => {
          if (!stillOurs('end')) return false;
          if (plan.outcome.kind === 'refused' && plan.outcome.response.includes('5.1.1')) witness.noMailbox(ledger, mail);
          if (!plan.taken) return true;
          meters.note('taken by the mail server');
          witness.taken(ledger, mail);
          return true;
        }, slow);
        if (!ended) meters.note('claim too old before the last byte');
        return act('reads the answer', async () => {
          process.inFlight -= 1;
          return ended ? plan.outcome : TOO_LATE;
        });
      },
    },
    letter: async ({ name, pdf }, stillOurs) => act('prints', async () => {
      if (processes.faults && random.chance(swarm.rates.folderFull)) throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
      if (!stillOurs('end')) return null;
      meters.note('letters printed');
      witness.printed(ledger, name, pdf);
      return `letters/${name}`;
    }),
  };
}
