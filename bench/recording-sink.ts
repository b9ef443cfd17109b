import { SMTPServer } from 'smtp-server';

/** What a recording mail server is told. */
export type SinkOrder = {
  /** From a message's last byte to the answer, as relays take to scan and to store. */
  readonly answerMs: number;
  /** Messages it answers at once, over all connections; the others wait their turn. */
  readonly atOnce: number;
  /** Nobody is greeted before so many are connected: programs that are still starting are not part of what is measured. */
  readonly greetAfter: number;
};

/** What it says: its port first, then, each time it is asked `count` or `all`, what it took. Seconds are from the first greeting to the last answer. */
export type SinkSays = { readonly port: number } | { readonly count: number; readonly seconds: number } | { readonly all: readonly string[] };

/** Enough of a message for its header. */
const HEADER_BYTES = 8192;

const messageIdOf = (head: string): string => /^message-id:\s*(<[^>]+>)/im.exec(head)?.[1] ?? 'none';

/** A mail server that answers as slowly as told and remembers the Message-ID and the recipient of each message. */
class Sink {
  readonly #order: SinkOrder;
  readonly #waiting: (() => void)[] = [];
  #answering = 0;
  #toGreet: (() => void)[] | null = [];
  #openedAt = 0;
  #lastAt = 0;
  readonly taken: string[] = [];

  constructor(order: SinkOrder) {
    this.#order = order;
  }

  get seconds(): number {
    return Math.max(this.#lastAt - this.#openedAt, 0) / 1000;
  }

  connect(greet: () => void): void {
    if (this.#toGreet === null) return greet();
    this.#toGreet.push(greet);
    if (this.#toGreet.length < this.#order.greetAfter) return;
    const all = this.#toGreet;
    this.#toGreet = null;
    this.#openedAt = performance.now();
    for (const each of all) each();
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
  onConnect: (_session, done) => sink.connect(() => done()),
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
process.on('message', (asked) => tell(asked === 'all' ? { all: sink.taken } : { count: sink.taken.length, seconds: sink.seconds }));
process.on('disconnect', () => process.exit(0));
server.listen(0, '127.0.0.1', () => {
  const address = server.server.address();
  if (address !== null && typeof address !== 'string') tell({ port: address.port });
});
