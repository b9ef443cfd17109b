import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

/** A message of a test mailbox. */
export type TestMessage = { readonly uid: number; readonly source: Buffer; readonly flags: Set<string> };

/** What the server does wrong, or does not know; may be changed while it runs. */
export type ImapFaults = {
  /** Answers one byte at a time, this far apart. */
  trickleMs?: number;
  /** Hangs up when a command line matches, before answering. */
  hangUpOn?: RegExp;
  /** Hangs up after so many bytes of the answer to a command that matches. */
  cutAfter?: { readonly command: RegExp; readonly bytes: number };
  /** Answers NO to commands that match. */
  refuse?: RegExp;
  /** Capabilities left out of MOVE and UIDPLUS. */
  without?: readonly string[];
  /** Size it claims for every message. */
  claimedSize?: number;
};

/** A small IMAP4rev1 server on the loopback address with one account. */
export type ImapServer = {
  readonly port: number;
  readonly faults: ImapFaults;
  /** Commands received, passwords left out. */
  readonly commands: string[];
  /** Puts a message into the INBOX, or another folder that is made when missing, unread. */
  deliver(source: string | Buffer, folder?: string): TestMessage;
  /** Messages of a mailbox by its readable name; none when there is no such mailbox. */
  messagesIn(mailbox: string): readonly TestMessage[];
  /** The server forgets its numbers, as one restored from a copy does. */
  renumber(): void;
  stop(): Promise<void>;
};

type Account = { readonly user: string; readonly password: string };
type State = { readonly boxes: Map<string, TestMessage[]>; uidNext: number; uidValidity: number };
type World = { readonly account: Account; readonly state: State; readonly faults: ImapFaults; readonly commands: string[] };
type Session = { signedIn: boolean; selected: TestMessage[] };

/** Starts a server on a free port. */
export async function startImapServer(account: Account): Promise<ImapServer> {
  const state: State = { boxes: new Map([['INBOX', []]]), uidNext: 1, uidValidity: 1 };
  const world: World = { account, state, faults: {}, commands: [] };
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // The client hangs up whenever it likes.
    socket.on('error', () => undefined);
    serve(socket, world);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    port, faults: world.faults, commands: world.commands,
    deliver: (source, folder = 'INBOX') => {
      const message: TestMessage = { uid: state.uidNext, source: Buffer.from(source), flags: new Set() };
      state.uidNext += 1;
      const box = state.boxes.get(folder) ?? [];
      box.push(message);
      state.boxes.set(folder, box);
      return message;
    },
    messagesIn: (mailbox) => state.boxes.get(mailbox) ?? [],
    renumber: () => {
      state.uidValidity += 1;
    },
    stop: () => new Promise((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    }),
  };
}

/** Reads command lines with their literals, one at a time. */
function serve(socket: Socket, world: World): void {
  const session: Session = { signedIn: false, selected: [] };
  let pending = Buffer.alloc(0);
  let line = '';
  let literal = 0;
  let last: Promise<void> = send(socket, Buffer.from('* OK ready\r\n'), world.faults);
  const answer = (command: string): void => {
    last = last.then(() => respond(socket, { world, session }, command));
  };
  socket.on('data', (chunk: Buffer) => {
    pending = Buffer.concat([pending, chunk]);
    for (;;) {
      if (literal > 0) {
        if (pending.length < literal) return;
        line += quotedText(pending.subarray(0, literal).toString('utf8'));
        pending = pending.subarray(literal);
        literal = 0;
      }
      const end = pending.indexOf('\r\n');
      if (end < 0) return;
      const text = pending.subarray(0, end).toString('utf8');
      pending = pending.subarray(end + 2);
      const announced = /\{(\d+)\+?\}$/.exec(text);
      line += announced === null ? text : text.slice(0, announced.index);
      if (announced === null) {
        answer(line);
        line = '';
      } else {
        literal = Number(announced[1]);
        if (!text.endsWith('+}')) last = last.then(() => send(socket, Buffer.from('+ go on\r\n'), world.faults));
      }
    }
  });
}

const quotedText = (text: string): string => `"${text.replace(/[\\"]/g, (sign) => `\\${sign}`)}"`;

async function send(socket: Socket, bytes: Buffer, faults: ImapFaults): Promise<void> {
  if (faults.trickleMs === undefined) {
    socket.write(bytes);
    return;
  }
  for (const byte of bytes) {
    if (socket.destroyed) return;
    socket.write(Buffer.of(byte));
    await new Promise((resolve) => setTimeout(resolve, faults.trickleMs));
  }
}

async function respond(socket: Socket, { world, session }: { world: World; session: Session }, line: string): Promise<void> {
  const [, tag = '*', command = ''] = /^(\S+) (.*)$/s.exec(line) ?? [];
  const { faults } = world;
  world.commands.push(command.startsWith('LOGIN') ? 'LOGIN' : command);
  if (faults.hangUpOn?.test(command) === true) {
    socket.destroy();
    return;
  }
  const answered = faults.refuse?.test(command) === true ? { lines: [], status: 'NO refused' } : answer(world, session, command);
  const bytes = Buffer.concat([...answered.lines.map((one) => (typeof one === 'string' ? Buffer.from(`${one}\r\n`) : one)), Buffer.from(`${tag} ${answered.status}\r\n`)]);
  if (faults.cutAfter?.command.test(command) === true) {
    socket.write(bytes.subarray(0, faults.cutAfter.bytes), () => socket.destroy());
    return;
  }
  await send(socket, bytes, faults);
  if (command.startsWith('LOGOUT')) socket.end();
}

type Answer = { readonly lines: readonly (string | Buffer)[]; readonly status: string };
const ok = (...lines: (string | Buffer)[]): Answer => ({ lines, status: 'OK done' });
const no = (why: string): Answer => ({ lines: [], status: `NO ${why}` });

const words = (text: string): string[] => [...text.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g)].map(([, quoted, plain]) => quoted?.replace(/\\(.)/g, '$1') ?? plain ?? '');

function answer(world: World, session: Session, command: string): Answer {
  const [first = '', ...rest] = words(command);
  const name = first.toUpperCase();
  const capabilities = ['IMAP4rev1', ...['MOVE', 'UIDPLUS'].filter((one) => world.faults.without?.includes(one) !== true)].join(' ');
  if (name === 'CAPABILITY') return ok(`* CAPABILITY ${capabilities}`);
  if (name === 'NOOP') return ok();
  if (name === 'LOGOUT') return ok('* BYE bye');
  if (name === 'LOGIN') {
    session.signedIn = rest[0] === world.account.user && rest[1] === world.account.password;
    return session.signedIn ? { lines: [], status: `OK [CAPABILITY ${capabilities}] welcome` } : no('[AUTHENTICATIONFAILED] wrong user or password');
  }
  return session.signedIn ? signedIn(world, session, { name, rest, command }) : no('sign in first');
}

/** Modified UTF-7 of a mailbox name (RFC 3501, 5.1.3) as text. */
const readableName = (encoded: string): string =>
  encoded.replace(/&([^-]*)-/g, (_, base: string) => (base === '' ? '&' : Buffer.from(base.replaceAll(',', '/'), 'base64').swap16().toString('utf16le')));

function signedIn(world: World, session: Session, { name, rest, command }: { name: string; rest: readonly string[]; command: string }): Answer {
  const { boxes, uidValidity, uidNext } = world.state;
  const mailbox = readableName(rest[0] ?? '');
  switch (name) {
    case 'LIST':
    case 'LSUB':
      return rest[1] === '' ? ok(`* ${name} (\\Noselect) "/" ""`) : ok(...[...boxes.keys()].filter((one) => rest[1] === '*' || readableName(rest[1] ?? '') === one).map((one) => `* ${name} () "/" ${quotedText(one)}`));
    case 'CREATE':
      if (boxes.has(mailbox)) return no('[ALREADYEXISTS] there already');
      boxes.set(mailbox, []);
      return ok();
    case 'SUBSCRIBE':
      return ok();
    case 'SELECT': {
      const selected = boxes.get(mailbox);
      if (selected === undefined) return no('[NONEXISTENT] no such mailbox');
      session.selected = selected;
      return { lines: [`* ${selected.length} EXISTS`, '* FLAGS (\\Seen \\Flagged \\Deleted)', `* OK [UIDVALIDITY ${uidValidity}] valid`, `* OK [UIDNEXT ${uidNext}] next`], status: 'OK [READ-WRITE] selected' };
    }
    case 'UID':
      return byUid(world, session, command.replace(/^UID /i, ''));
    default:
      return { lines: [], status: 'BAD what?' };
  }
}

function byUid(world: World, session: Session, command: string): Answer {
  const [name = '', set = ''] = words(command);
  const { selected } = session;
  const chosen = selected.filter((one) => set.split(',').includes(String(one.uid)));
  switch (name.toUpperCase()) {
    case 'SEARCH':
      return ok(`* SEARCH ${selected.filter((one) => !one.flags.has('\\Seen') && !one.flags.has('\\Deleted')).map((one) => one.uid).join(' ')}`.trimEnd());
    case 'FETCH':
      return ok(...chosen.map((one) => fetched(world, selected.indexOf(one) + 1, { message: one, query: command })));
    case 'STORE':
      for (const one of chosen) for (const [flag] of command.matchAll(/\\\w+/g)) one.flags.add(flag);
      return ok();
    case 'EXPUNGE':
      return ok(...remove(selected, chosen.filter((one) => one.flags.has('\\Deleted'))));
    case 'COPY':
    case 'MOVE': {
      const target = world.state.boxes.get(readableName(words(command)[2] ?? ''));
      if (target === undefined) return no('[TRYCREATE] no such mailbox');
      target.push(...chosen);
      return name.toUpperCase() === 'COPY' ? ok() : ok(...remove(selected, chosen));
    }
    default:
      return { lines: [], status: 'BAD what?' };
  }
}

function remove(selected: TestMessage[], gone: readonly TestMessage[]): string[] {
  return gone.map((one) => {
    const at = selected.indexOf(one);
    selected.splice(at, 1);
    return `* ${at + 1} EXPUNGE`;
  });
}

function fetched(world: World, seq: number, { message, query }: { message: TestMessage; query: string }): Buffer {
  const parts = [`* ${seq} FETCH (UID ${message.uid} FLAGS (${[...message.flags].join(' ')})`];
  if (/RFC822\.SIZE/i.test(query)) parts.push(`RFC822.SIZE ${world.faults.claimedSize ?? message.source.length}`);
  const bytes: Buffer[] = [];
  const fields = /BODY\.PEEK\[HEADER\.FIELDS \(([^)]*)\)\]/i.exec(query);
  const whole = /BODY\.PEEK\[\](?:<(\d+)\.(\d+)>)?/i.exec(query);
  if (fields !== null) {
    const header = headerFields(message.source, words(fields[1] ?? ''));
    parts.push(`BODY[HEADER.FIELDS (${fields[1] ?? ''})] {${header.length}}\r\n`);
    bytes.push(header);
  } else if (whole !== null) {
    const [start, length] = [Number(whole[1] ?? 0), Number(whole[2] ?? message.source.length)];
    const body = message.source.subarray(start, start + length);
    parts.push(`BODY[]${whole[1] === undefined ? '' : `<${start}>`} {${body.length}}\r\n`);
    bytes.push(body);
  }
  return Buffer.concat([Buffer.from(parts.join(' ')), ...bytes, Buffer.from(')\r\n')]);
}

function headerFields(source: Buffer, names: readonly string[]): Buffer {
  const end = source.indexOf('\r\n\r\n');
  const fields = source.subarray(0, end < 0 ? source.length : end).toString('latin1').split(/\r\n(?![ \t])/);
  const wanted = names.map((one) => one.toLowerCase());
  return Buffer.from(`${fields.filter((one) => wanted.includes(one.slice(0, one.indexOf(':')).trim().toLowerCase())).join('\r\n')}\r\n\r\n`, 'latin1');
}
