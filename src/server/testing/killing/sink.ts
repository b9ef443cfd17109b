import { createHash } from 'node:crypto';
import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { Random } from '#core/kernel/random.ts';
import { act, converse, GOOD } from '../smtp-dialogue.ts';
import type { Act, DialoguePoint, Heard, Script } from '../smtp-dialogue.ts';
import type { SinkPoint } from './order.ts';

/** A message of which the server read the final dot and which it keeps. */
export type Taken = { readonly headerId: string; readonly to: string; readonly sha256: string; readonly worker: string };

/** How the server treats one message: its acts replace the usual ones; `takes` says whether it keeps what it read. */
export type Manner = { readonly name: string; readonly script: Script; readonly takes: boolean };

/** A message that a session is about, from MAIL to the answer to its dot. */
type Message = { to: string; manner: Manner; answered: boolean };

/** A connection: whose it is, its message, and how many more it takes. A client that believes an early answer is at its next message before the last one ended. */
type Session = { worker: string; message: Message; left: number };

/** Hears what the server sees: a point, and which worker is there. */
export type SinkListener = (point: SinkPoint, worker: string) => void;

/** A certificate and its key, PEM. */
export type Certificate = { readonly key: string; readonly cert: string };

type SinkOptions = {
  /** How long the server thinks before it answers a point, in milliseconds. */
  readonly thinks: (point: DialoguePoint) => number;
  /** How it treats the so-manieth message to a recipient, and how its connections are greeted. */
  readonly manner?: (to: string, tries: number) => Manner;
  /** Messages after which a session is ended, by 421 at the next MAIL. */
  readonly sessionMessages?: () => number;
};

const HONEST: Manner = { name: 'honest', script: {}, takes: true };
const MESSAGE_ID = /^Message-ID:\s*(<[^>]+>)/im;
const ADDRESS = /<([^>]*)>/;
const SINK_POINT: Partial<Record<DialoguePoint, SinkPoint>> = { ehlo: 'ehlo', mail: 'mail', rcpt: 'rcpt', data: 'data', dot: 'dot' };

/** Times of a mail server as they are met: most answers within some milliseconds, one in twenty much later. */
export const realisticTimes = (random: Random) => (point: DialoguePoint): number => {
  if (point === 'content') return 0;
  if (point !== 'dot') return random.between(0, 2);
  return random.chance(0.05) ? random.between(40, 150) : random.between(2, 20);
};

/**
 * A mail server that writes down what it takes, in a process that outlives the workers: what it says is the truth that the ledger is held against.
 * Workers tell it who they are by the name they greet with.
 */
export class Sink {
  readonly taken: Taken[] = [];
  /** Times each recipient was spoken of. */
  readonly spokenOf = new Map<string, number>();
  /** How often each manner was shown. */
  readonly manners = new Map<string, number>();
  /** The last manner shown of each recipient. */
  readonly mannerOf = new Map<string, string>();
  /** Recipients whose last message was answered as its manner is; the others were cut off before. */
  readonly answered = new Set<string>();
  readonly #options: SinkOptions;
  readonly #servers: Server[] = [];
  readonly #sockets = new Map<Socket, Session>();
  readonly #byRecipient = new Map<string, Taken[]>();
  readonly #listeners = new Set<SinkListener>();

  constructor(options: SinkOptions) {
    this.#options = options;
  }

  /** Opens a port on the loopback address, with TLS from the first byte when there is a certificate. */
  async open(certificate?: Certificate): Promise<number> {
    const greet = (socket: Socket): void => this.#greet(socket);
    const server = certificate === undefined ? createServer(greet) : createTlsServer({ ...certificate }, greet).on('tlsClientError', (_error, socket) => socket.destroy());
    this.#servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('the mail server has no port');
    return address.port;
  }

  async close(): Promise<void> {
    const closed = this.#servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve())));
    for (const socket of this.#sockets.keys()) socket.destroy();
    await Promise.all(closed);
  }

  /** Tells every point it sees, at the moment it sees it, until what it gives is called. */
  listen(listener: SinkListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Messages of a worker that were begun and are not answered: their recipients, empty where none was named yet. */
  underWay(worker: string): string[] {
    return [...this.#sockets.values()].filter((session) => session.worker === worker && !session.message.answered).map(({ message }) => message.to);
  }

  /** Connections of a worker that the server still reads from. */
  connectionsOf(worker: string): number {
    return [...this.#sockets.values()].filter((session) => session.worker === worker).length;
  }

  /** What it took for a recipient. */
  takenFor(to: string): readonly Taken[] {
    return this.#byRecipient.get(to) ?? [];
  }

  #greet(socket: Socket): void {
    const session: Session = { worker: '', message: { to: '', manner: HONEST, answered: true }, left: this.#options.sessionMessages?.() ?? Number.POSITIVE_INFINITY };
    this.#sockets.set(socket, session);
    socket.setNoDelay(true);
    socket.once('close', () => this.#sockets.delete(socket));
    const script: Script = {};
    for (const point of ['greeting', 'ehlo', 'mail', 'rcpt', 'data', 'content', 'dot'] as const) script[point] = this.#at(point, session);
    converse(socket, script);
  }

  #at(point: DialoguePoint, session: Session): Act {
    return (socket, heard) => {
      if (point === 'ehlo') session.worker = heard.line.split(' ')[1]?.split('.')[0] ?? '';
      if (point === 'mail') session.message = { to: '', manner: HONEST, answered: false };
      const { message } = session;
      if (point === 'rcpt') this.#speakOf(ADDRESS.exec(heard.line)?.[1] ?? '', message);
      if (point === 'dot') this.#take(heard.content, message, session.worker);
      const seen = SINK_POINT[point];
      if (seen !== undefined) this.#tell(seen, session.worker);
      const wait = this.#options.thinks(point);
      if (wait <= 0) this.#answer(socket, { point, heard, session, message });
      else setTimeout(() => this.#answer(socket, { point, heard, session, message }), wait);
    };
  }

  #answer(socket: Socket, { point, heard, session, message }: { point: DialoguePoint; heard: Heard; session: Session; message: Message }): void {
    if (socket.destroyed) return;
    if (point === 'mail' && session.left <= 0) {
      message.answered = true;
      socket.end('421 enough for one session\r\n');
      return;
    }
    if (point === 'mail') session.left -= 1;
    const own = message.manner.script[point];
    if (own !== undefined) act(socket, own, heard);
    else if (point !== 'content') act(socket, GOOD[point], heard);
    if (point !== 'dot') return;
    message.answered = true;
    this.answered.add(message.to);
    this.#tell('answered', session.worker);
  }

  #tell(point: SinkPoint, worker: string): void {
    for (const listener of this.#listeners) listener(point, worker);
  }

  #speakOf(to: string, message: Message): void {
    const tries = this.spokenOf.get(to) ?? 0;
    this.spokenOf.set(to, tries + 1);
    Object.assign(message, { to, manner: this.#options.manner?.(to, tries) ?? HONEST });
    this.answered.delete(to);
    this.mannerOf.set(to, message.manner.name);
    this.manners.set(message.manner.name, (this.manners.get(message.manner.name) ?? 0) + 1);
  }

  #take(content: Buffer, { to, manner }: Message, worker: string): void {
    if (!manner.takes) return;
    const head = content.subarray(0, content.indexOf('\r\n\r\n')).toString('latin1').replaceAll(/\r\n[ \t]+/g, ' ');
    const one: Taken = { headerId: MESSAGE_ID.exec(head)?.[1] ?? '', to, sha256: createHash('sha256').update(content).digest('hex'), worker };
    this.taken.push(one);
    const before = this.#byRecipient.get(to);
    if (before === undefined) this.#byRecipient.set(to, [one]);
    else before.push(one);
  }
}
