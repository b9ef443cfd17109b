import { SMTPServer } from 'smtp-server';

/** What a recording mail server is told. */
export type SinkOrder = {
  /** From a message's last byte to the answer, as relays take to scan and to store. */
  readonly answerMs: number;
  /** Messages it answers at once, over all connections; the others wait their turn. */
  readonly atOnce: number;
  /** It counts from the moment when so many are connected at once: programs that are still starting are not part of what is measured. */
  readonly connections: number;
};

/** What it says: its port first, then, each time it is asked `count` or `all`, what it took. `counted` and seconds are from when all were connected to the last answer. */
export type SinkSays = { readonly port: number } | { readonly count: number; readonly counted: number; readonly seconds: number } | { readonly all: readonly string[] };

/** Enough of a message for its header. */
const HEADER_BYTES = 8192;

const messageIdOf = (head: string): string => /^message-id:\s*(<[^>]+>)/im.exec(head)?.[1] ?? 'none';

/** A mail server that answers as slowly as told and remembers the Message-ID and the recipient of each message. */
class Sink {
  readonly #order: SinkOrder;
  readonly #waiting: (() => void)[] = [];
  #answering = 0;
  #connected = 0;
  #before: { readonly taken: number; readonly at: number } | null = null;
  #lastAt = 0;
  readonly taken: string[] = [];

  constructor(order: SinkOrder) {
    this.#order = order;
  }

  get said(): SinkSays {
    const before = this.#before ?? { taken: this.taken.length, at: this.#lastAt };
    return { count: this.taken.length, counted: this.taken.length - before.taken, seconds: (this.#lastAt - before.at) / 1000 };
  }

  connect(): void {
    this.#connected += 1;
    if (this.#connected >= this.#order.connections) this.#before ??= { taken: this.taken.length, at: performance.now() };
  }

  disconnect(): void {
    this.#connected -= 1;
  }

  async take(id: string, answer: () => void): Promise<void> {
    if (this.#answering >= this.#order.atOnce) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#answering += 1;
    await new Promise((resolve) => setTimeout(resolve, this.#order.answerMs));
    this.taken.push(id);
    this.#lastAt = performance.now();
    const next = this.#waiting.shift();
    if (next === undefined) this.#answering -= 1;
    else next();
    answer();
  }
}

const tell = (said: SinkSays): void => void process.send?.(said);

const sink = new Sink(JSON.parse(process.argv[2] ?? '{}') as SinkOrder);
const server = new SMTPServer({
  disabledCommands: ['AUTH', 'STARTTLS'], disableReverseLookup: true,
  onConnect: (_session, done) => {
    sink.connect();
    done();
  },
  onClose: () => sink.disconnect(),
  onData: (stream, session, done) => {
    let head = '';
    stream.on('data', (chunk: Buffer) => {
      if (head.length < HEADER_BYTES) head += chunk.toString('latin1');
    });
    stream.on('end', () => void sink.take(`${messageIdOf(head)} ${session.envelope.rcptTo.map(({ address }) => address).join(' ')}`, done));
  },
});
// Programs that end hang up as they like.
server.on('error', () => undefined);
process.on('message', (asked) => tell(asked === 'all' ? { all: sink.taken } : sink.said));
process.on('disconnect', () => process.exit(0));
server.listen(0, '127.0.0.1', () => {
  const address = server.server.address();
  if (address !== null && typeof address !== 'string') tell({ port: address.port });
});
