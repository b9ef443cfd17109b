import { sendRead, sendWritten } from '../dunning/send-facts.ts';
import type { SendFacts, WrittenSend } from '../dunning/send-facts.ts';
import type { Instant } from '../kernel/clock.ts';

/** The server and the database that a journal belongs to; a part that could not be read is "unknown" and compared with nothing. */
export type ServerIdentity = { readonly system: string; readonly timeline: string; readonly database: string };

/** Where a file of the journal stands: what changes when it is copied. Device numbers change with a restart of the machine too. */
export type JournalPlace = { readonly machine: string | null; readonly boot: string | null; readonly device: string; readonly inode: string };

/** First line of a file: whose journal it is, and where it was made. */
export type JournalHead = {
  readonly k: 'head'; readonly v: 1; readonly epoch: string; readonly installation: string; readonly server: ServerIdentity; readonly place: JournalPlace; readonly at: Instant;
};
/** A message is about to leave: durable before its first byte. */
export type JournalStart = { readonly k: 'start'; readonly epoch: string; readonly send: SendFacts };
/** What the channel said of it. */
export type JournalEnd = {
  readonly k: 'end'; readonly epoch: string; readonly organisation: string; readonly action: string; readonly fence: number; readonly outcome: JournalOutcome; readonly at: Instant;
};
/** Everything up to these positions was known to the database, which holds the mark too: a database restored from before it does not. */
export type JournalMark = { readonly k: 'mark'; readonly epoch: string; readonly mark: string; readonly upTo: Readonly<Record<string, number>>; readonly at: Instant };

/** How a hand-off ended. */
export type JournalOutcome = 'accepted' | 'refused' | 'unknown';
/** One line of the journal. */
export type JournalLine = JournalHead | JournalStart | JournalEnd | JournalMark;

const POLYNOMIAL = 0xed_b8_83_20;
/** Every octet of every line goes through it, both ways: a table of machine integers. */
const CRC_TABLE = Int32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = (value & 1) === 1 ? (value >>> 1) ^ POLYNOMIAL : value >>> 1;
  return value;
});

/** CRC-32 of a text of ASCII characters, as eight hexadecimal digits. */
function checksum(ascii: string): string {
  let value = -1;
  for (let at = 0; at < ascii.length; at += 1) value = (CRC_TABLE[(value ^ ascii.charCodeAt(at)) & 0xff] ?? 0) ^ (value >>> 8);
  return (~value >>> 0).toString(16).padStart(8, '0');
}

const escaped = (text: string): string => text.replaceAll(/[^ -~]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** A line as it is written: one JSON object in ASCII that begins with the CRC-32 of the rest of it; no line break. Amounts are texts of minor units. */
export function encodeLine(line: JournalLine): string {
  const body = escaped(JSON.stringify(line.k === 'start' ? { ...line, send: sendWritten(line.send) } : line));
  return `{"sum":"${checksum(body)}",${body.slice(1)}`;
}

type WrittenLine = JournalHead | (Omit<JournalStart, 'send'> & { readonly send: WrittenSend }) | JournalEnd | JournalMark;

const WRITTEN = /^\{"sum":"([0-9a-f]{8})",(.*\})$/;

/** Reads a line as it was written; null when it is torn or was changed. */
export function decodeLine(text: string): JournalLine | null {
  const found = WRITTEN.exec(text);
  if (found === null || checksum(`{${found[2] ?? ''}`) !== found[1]) return null;
  const read = JSON.parse(`{${found[2] ?? ''}`) as WrittenLine;
  return read.k === 'start' ? { ...read, send: sendRead(read.send) } : read;
}

/** A send as the journal tells it: its start, unless that stands before what was read, and its end as far as it is there. */
export type JournalledSend = {
  readonly ref: string; readonly epoch: string; readonly organisation: string; readonly action: string; readonly fence: number;
  readonly send: SendFacts | null; readonly end: JournalOutcome | null;
};

/** What names one try of one message for ever, through every restore. */
export const refOf = (of: { epoch: string; organisation: string; action: string; fence: number }): string => `${of.epoch}/${of.organisation}/${of.action}/${of.fence}`;

/** Puts starts and ends together, in the order of the starts. */
export function sendsOf(lines: readonly JournalLine[]): JournalledSend[] {
  const found = new Map<string, JournalledSend>();
  for (const line of lines) {
    if (line.k !== 'start' && line.k !== 'end') continue;
    const { epoch } = line;
    const { organisation, action, fence } = line.k === 'start' ? line.send : line;
    const ref = refOf({ epoch, organisation, action, fence });
    const before = found.get(ref) ?? { ref, epoch, organisation, action, fence, send: null, end: null };
    found.set(ref, line.k === 'start' ? { ...before, send: line.send } : { ...before, end: line.outcome });
  }
  return [...found.values()];
}
