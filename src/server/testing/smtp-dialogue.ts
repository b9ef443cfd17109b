import type { Socket } from 'node:net';

/** Points of the dialogue at which a server of ours can do what it likes. `content` comes at the first bytes of a message, `dot` when its end was read. */
export type DialoguePoint = 'greeting' | 'ehlo' | 'mail' | 'rcpt' | 'data' | 'content' | 'dot';

/** What the client said at a point: the command line, and at the dot the message, its leading dots taken off again. */
export type Heard = { readonly line: string; readonly content: Buffer };

/** What the server does at a point: a reply, or anything else done to the socket. */
export type Act = string | ((socket: Socket, heard: Heard) => void);

/** A server that behaves, except where told. */
export type Script = Partial<Record<DialoguePoint, Act>>;

/** What a server says that behaves. */
export const GOOD = { greeting: '220 hi', ehlo: '250 hi', mail: '250 ok', rcpt: '250 ok', data: '354 go', dot: '250 taken' } as const;

const END = '\r\n.\r\n';
const POINTS: Readonly<Record<string, keyof typeof GOOD>> = { EHLO: 'ehlo', MAIL: 'mail', RCPT: 'rcpt', DATA: 'data' };

/** Does one thing to a socket. */
export function act(socket: Socket, what: Act, heard: Heard = { line: '', content: Buffer.alloc(0) }): void {
  if (typeof what === 'string') socket.write(`${what}\r\n`);
  else what(socket, heard);
}

/** What a dialogue has reached: text not read yet, and whether content is coming in. */
type Dialogue = { text: string; inContent: boolean; begun: boolean };

function nextLine(dialogue: Dialogue): string | null {
  const end = dialogue.inContent ? -1 : dialogue.text.indexOf('\r\n');
  if (end < 0) return null;
  const line = dialogue.text.slice(0, end);
  dialogue.text = dialogue.text.slice(end + 2);
  return line;
}

/** The message as it was before the client doubled the dots that begin a line (RFC 5321, 4.5.2). */
const unstuffed = (text: string): Buffer => Buffer.from(text.replaceAll(/(^|\r\n)\./g, '$1'), 'latin1');

/** Reads commands line by line, then content up to the final dot; each character of the text is an octet. */
export function converse(socket: Socket, script: Script): void {
  const dialogue: Dialogue = { text: '', inContent: false, begun: false };
  const does = (point: keyof typeof GOOD, heard?: Heard): void => act(socket, script[point] ?? GOOD[point], heard);
  const onLine = (line: string): void => {
    const verb = line.slice(0, 4).toUpperCase();
    const point = POINTS[verb];
    // A script that answers DATA itself says so by what it writes: only the plain reply, or an act, opens the content.
    dialogue.inContent = point === 'data' && (script.data === undefined || typeof script.data === 'function' || script.data === GOOD.data);
    if (dialogue.inContent) dialogue.begun = false;
    if (point !== undefined) does(point, { line, content: Buffer.alloc(0) });
    else if (verb === 'AUTH') socket.write('535 wrong password\r\n');
    else if (verb === 'QUIT') socket.end('221 bye\r\n');
    else socket.write('250 ok\r\n');
  };
  const read = (): void => {
    for (let line = nextLine(dialogue); line !== null; line = nextLine(dialogue)) onLine(line);
  };
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) => {
    dialogue.text += chunk.toString('latin1');
    read();
    if (!dialogue.inContent) return;
    if (!dialogue.begun && dialogue.text !== '') {
      dialogue.begun = true;
      if (script.content !== undefined) act(socket, script.content);
    }
    const end = dialogue.text.indexOf(END);
    if (end < 0) return;
    const content = unstuffed(dialogue.text.slice(0, end + 2));
    Object.assign(dialogue, { inContent: false, text: dialogue.text.slice(end + END.length) });
    does('dot', { line: '', content });
    read();
  });
  does('greeting');
}
