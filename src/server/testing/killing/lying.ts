import { seededRandom } from '#core/kernel/random.ts';
import { audit } from './audit.ts';
import type { Count } from './audit.ts';
import { loopbackCertificate } from './certificate.ts';
import { TODAY } from './company.ts';
import type { Installation } from './installation.ts';
import type { WorkerOrder } from './order.ts';
import { decide, parkedList } from './person.ts';
import { handOverRest } from './rest.ts';
import { realisticTimes, Sink } from './sink.ts';
import type { Manner } from './sink.ts';
import { Nursery } from './worker-process.ts';
import type { Breed } from './worker-process.ts';

/** A lie, and whether anybody could know what became of the message: only then may it be parked. */
type Lie = Manner & { readonly knowable: boolean };

/** A yes is read before the reset that follows so much later; sooner, a reset may wipe it out. */
const YES_READ_MS = 100;
const BYTE_MS = 1000;

/** Ways in which mail servers leave a client in the dark, or seem to. */
const LIES: readonly Lie[] = [
  { name: 'takes it, and is silent after the dot', takes: true, knowable: false, script: { dot: () => undefined } },
  { name: 'drops it, and is silent after the dot', takes: false, knowable: false, script: { dot: () => undefined } },
  {
    name: 'says 250, then resets', takes: true, knowable: true, script: {
      dot: (socket) => {
        socket.write('250 taken\r\n');
        setTimeout(() => socket.resetAndDestroy(), YES_READ_MS);
      },
    },
  },
  { name: 'says 421 at RCPT and hangs up', takes: false, knowable: true, script: { rcpt: (socket) => socket.end('421 later\r\n') } },
  { name: 'says 451 at RCPT, later accepts', takes: false, knowable: true, script: { rcpt: '451 greylisted' } },
  { name: 'says 451 after the dot, later accepts', takes: false, knowable: true, script: { dot: '451 later' } },
  { name: 'says 554 after the dot', takes: false, knowable: true, script: { dot: '554 no' } },
  {
    name: 'answers one byte a second', takes: true, knowable: false, script: {
      dot: (socket) => {
        const left = [...'250 taken, at last\r\n'];
        const timer = setInterval(() => {
          const next = left.shift();
          if (next === undefined || socket.destroyed) clearInterval(timer);
          else socket.write(next);
        }, BYTE_MS);
      },
    },
  },
  { name: 'hangs up in the middle of the content', takes: false, knowable: false, script: { content: (socket) => socket.destroy() } },
  { name: 'answers a command that was not given', takes: true, knowable: false, script: { rcpt: '250 ok\r\n250 ok' } },
  { name: 'says 250 before the dot', takes: true, knowable: false, script: { content: '250 taken', dot: () => undefined } },
];

/** The same where the connection is encrypted; a plain reset is not what a TLS peer sees. */
const TLS_LIES: readonly Lie[] = LIES.filter(({ name }) => name.startsWith('hangs up') || name.startsWith('takes it')).map((lie) => ({ ...lie, name: `TLS: ${lie.name}` }));

const honest: Manner = { name: 'honest', script: {}, takes: true };
const SHORT = { connectTimeoutMs: 1000, answerTimeoutMs: 1500, sendTimeoutMs: 3000 } as const;
/** Two messages in three are lied about the first time, one in four of these once more. */
const LIES_FIRST = 2 / 3;
const LIES_AGAIN = 1 / 4;
/** Messages of a session before the server ends it. */
const SESSION_MESSAGES = { least: 1, most: 12 } as const;

/** A run against a server that lies in every way it can, the worker's waits made short by its settings. */
export async function lieToWorker(at: Installation, options: { mails: number; seed: number; breed: Breed }): Promise<{ counts: Count[]; figures: Record<string, number> }> {
  const random = seededRandom(options.seed);
  const began = performance.now();
  let lies = LIES;
  // Each lie in its turn: none is left to chance.
  let told = 0;
  const nextLie = (): Manner => lies[told++ % lies.length] ?? honest;
  const sink = new Sink({
    thinks: realisticTimes(seededRandom(options.seed + 1)), sessionMessages: () => random.between(SESSION_MESSAGES.least, SESSION_MESSAGES.most),
    manner: (_to, tries) => (random.chance(tries === 0 ? LIES_FIRST : tries === 1 ? LIES_AGAIN : 0) ? nextLie() : honest),
  });
  const certificate = loopbackCertificate(new Date());
  const [plain, encrypted] = [await sink.open(), await sink.open(certificate)];
  const knowable = new Map([...LIES, ...TLS_LIES].map((lie) => [lie.name, lie.knowable]));
  const nursery = new Nursery(options.breed, 0);
  const found = { parked: 0, wronglyParked: new Array<string>() };
  const look = async (): Promise<void> => {
    const parked = await parkedList(at);
    found.parked += parked.length;
    // One that was cut off by what the server did to the message before it is nobody's to know either.
    const couldKnow = (to: string): boolean => sink.answered.has(to) && knowable.get(sink.mannerOf.get(to) ?? '') !== false;
    const wrong = parked.filter((row) => row.channel !== 'email' || couldKnow(row.recipient ?? ''));
    found.wronglyParked.push(...wrong.map((row) => `${sink.mannerOf.get(row.recipient ?? '') ?? 'letter'}: ${row.state_reason ?? ''}`));
    await decide(at, sink, parked);
  };
  const order = (name: string, smtp: Partial<WorkerOrder['smtp']> & { port: number }): WorkerOrder =>
    ({ login: at.loginOf(name), organisation: at.organisation, today: TODAY, smtp: { host: '127.0.0.1', ...SHORT, ...smtp }, dataDir: at.dataDir, journal: at.journal });
  try {
    const first = await nursery.take((name) => order(name, { port: plain }));
    first.command({ do: 'work', turns: 1, max: Math.ceil((options.mails * 3) / 4) });
    await first.next('turned', 'failed');
    await first.end();
    await look();
    lies = TLS_LIES;
    const second = await nursery.take((name) => order(name, { port: encrypted, security: 'tls', certificateAuthority: certificate.cert }));
    await handOverRest(at, [second], look);
    const shown = [...sink.manners.keys()].filter((name) => name !== 'honest').length;
    const counts: Count[] = [
      ...(await audit(at, sink, nursery.made.flatMap((one) => one.acknowledged))),
      { name: 'lies told', found: `${shown} of ${LIES.length + TLS_LIES.length}`, holds: shown === LIES.length + TLS_LIES.length, meter: true },
      { name: 'parked where somebody could know', found: [`${found.wronglyParked.length} of ${found.parked}`, ...found.wronglyParked].join('; '), holds: found.wronglyParked.length === 0 && found.parked > 0 },
    ];
    return { counts, figures: { ...Object.fromEntries(sink.manners), parked: found.parked, taken: sink.taken.length, seconds: Math.round((performance.now() - began) / 1000) } };
  } finally {
    await nursery.close();
    await sink.close();
  }
}
