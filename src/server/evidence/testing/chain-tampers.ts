import { hash } from 'node:crypto';
import type { Random } from '#core/kernel/random.ts';
import { ChainWalk, firstHash, readHeads } from '#server/audit/chain-walk.ts';
import type { ChainEvent } from '#server/audit/chain-walk.ts';
import { formatHead, lineHash, parseHead } from '#server/audit/head-line.ts';
import type { HeadLine } from '#server/audit/head-line.ts';
import { fileProblem } from '#server/audit/heads.ts';
import { TreeRoot } from '#server/audit/tree.ts';

/** An organisation's chain as its rows hold it, with the heads in its database and the copy of them that is kept elsewhere. */
export type Chain = {
  readonly code: string;
  readonly installation: string;
  readonly events: readonly ChainEvent[];
  readonly end: { readonly seq: bigint; readonly hash: Buffer };
  readonly lines: readonly string[];
  readonly kept: readonly string[];
};

/** A part of the verification that a planted bug leaves out; `lines`: that heads follow each other, where nobody kept a copy of them. */
export type Left = '' | 'links' | 'end' | 'lines' | 'heads' | 'kept';

/** What `acquit verify` says of a chain, from rows held in memory: every place where it does not hold. */
export function verifyRows(chain: Chain, without: Left = ''): string[] {
  const read = readHeads(chain.lines, { installation: chain.installation, organisation: chain.code });
  const walk = new ChainWalk({ seq: 0n, hash: firstHash(chain.code), heads: without === 'heads' ? [] : read.heads });
  let problem: string | null = null;
  for (const event of chain.events) {
    problem = without === 'links' ? walk.take({ ...event, seq: walk.end.seq + 1n, previous: walk.end.hash, hash: hash('sha256', Buffer.concat([walk.end.hash, Buffer.from(event.body)]), 'buffer') }) : walk.take(event);
    if (problem !== null) break;
  }
  problem ??= walk.finish(without === 'end' ? walk.end : chain.end);
  const file = without === 'kept' || without === 'lines' ? null : (fileProblem(chain.kept, chain.lines)?.en ?? null);
  return [problem, without === 'lines' ? null : read.problem, file].filter((one) => one !== null);
}

/** A change of a chain, and the numbers of the events or lines of which one must be named as the place; null where it changed nothing. */
export type Tampered = { readonly chain: Chain; readonly places: readonly number[] };
/** How somebody who owns the tables may change them. */
export type ChainTamper = (chain: Chain, random: Random) => Tampered | null;

const hashOf = (previous: Buffer, body: string): Buffer => hash('sha256', Buffer.concat([previous, Buffer.from(body, 'utf8')]), 'buffer');

/** The chain made anew from an event on: numbers, links, hashes and the end, so that it holds by itself. */
function relinked(chain: Chain, events: readonly ChainEvent[]): Chain {
  let previous = firstHash(chain.code);
  const made = events.map(({ body }, index): ChainEvent => {
    const event = { seq: BigInt(index + 1), body, previous, hash: hashOf(previous, body) };
    previous = event.hash;
    return event;
  });
  return { ...chain, events: made, end: { seq: BigInt(made.length), hash: previous } };
}

/** The heads in the database made anew for a chain that was: as many as it still reaches. */
function reheaded(chain: Chain): Chain {
  const lines: string[] = [];
  for (const head of readHeads(chain.lines, { installation: chain.installation, organisation: chain.code }).heads) {
    const last = chain.events[head.seq - 1];
    if (last === undefined) break;
    const tree = new TreeRoot();
    for (const event of chain.events.slice(head.from - 1, head.seq)) tree.add(event.hash);
    const before = lines.at(-1);
    lines.push(formatHead({ ...head, hash: last.hash.toString('hex'), root: tree.root().toString('hex'), previous: before === undefined ? head.previous : lineHash(before) }));
  }
  return { ...chain, lines };
}

const changed = (text: string, random: Random): string => {
  const at = random.between(0, text.length - 1);
  const other = String.fromCodePoint(random.between(32, 126));
  return `${text.slice(0, at)}${other}${text.slice(at + 1)}`;
};
const flipped = (bytes: Buffer, random: Random): Buffer => {
  const copy = Buffer.from(bytes);
  const at = random.between(0, copy.length - 1);
  copy[at] = ((copy[at] ?? 0) + random.between(1, 255)) % 256;
  return copy;
};
const withEvent = (chain: Chain, index: number, change: Partial<ChainEvent>): Chain => ({ ...chain, events: chain.events.map((event, at) => (at === index ? { ...event, ...change } : event)) });
const place = (chain: Chain, random: Random): number => random.between(0, chain.events.length - 1);

/** A body with one of its facts, its instant, its actor or its kind changed; null when it has none of that kind. */
function otherFact(body: string, random: Random): string | null {
  const ways = [/"at":"\d{4}-\d\d-(\d\d)T/, /"total":"(\d+)"/, /"outcome":"(\w+)"/, /"actor":"([^"]+)"/, /"state":"(\w+)"/, /"reason":"(\w+)"/, /"items":\["(\d+ \d+)/, /"action":"(\d+)"/, /"recipient":"([0-9a-f]+)"/];
  const way = random.pick(ways);
  const found = way.exec(body);
  const [whole, value = ''] = found ?? [];
  if (found === null || whole === undefined) return null;
  const other = /^\d+$/.test(value) ? String(BigInt(value) + 1n).padStart(value.length, '0') : value === 'accepted' ? 'refused' : value === 'sent' ? 'failed' : `${value}x`;
  return body.replace(whole, whole.replace(value, other));
}

/** Heads whose line covers an event of these numbers. */
const covering = (chain: Chain, seq: number): number => chain.lines.findIndex((line) => (parseHead(line)?.seq ?? 0) >= seq) + 1;
const covered = (chain: Chain): number => parseHead(chain.lines.at(-1) ?? '')?.seq ?? 0;

/** Rewritten from an event that a head covers, everything made anew after it: only the heads know. */
function rewritten(chain: Chain, random: Random, events: (index: number) => readonly ChainEvent[] | null): Tampered | null {
  const index = random.between(0, covered(chain) - 1);
  const made = events(index);
  if (made === null) return null;
  const again = relinked(chain, made);
  const line = covering(chain, index + 1);
  return { chain: random.chance(0.5) ? again : reheaded(again), places: [line] };
}

/** Every way, by name. */
export const CHAIN_TAMPERS: Readonly<Record<string, ChainTamper>> = {
  'a byte of an event': (chain, random) => {
    const index = place(chain, random);
    const event = chain.events[index];
    const body = changed(event?.body ?? '', random);
    return event === undefined || body === event.body ? null : { chain: withEvent(chain, index, { body }), places: [index + 1] };
  },
  'a byte of an event, its hash made anew': (chain, random) => {
    const index = place(chain, random);
    const event = chain.events[index];
    const body = changed(event?.body ?? '', random);
    if (event === undefined || body === event.body) return null;
    return { chain: withEvent(chain, index, { body, hash: hashOf(event.previous, body) }), places: [index + 1, index + 2] };
  },
  'a fact, an amount, an instant, an outcome, everything after it made anew': (chain, random) => rewritten(chain, random, (index) => {
    const body = otherFact(chain.events[index]?.body ?? '', random);
    return body === null ? null : chain.events.map((event, at) => (at === index ? { ...event, body } : event));
  }),
  'a link or a hash': (chain, random) => {
    const index = place(chain, random);
    const event = chain.events[index];
    if (event === undefined) return null;
    return { chain: withEvent(chain, index, random.chance(0.5) ? { hash: flipped(event.hash, random) } : { previous: flipped(event.previous, random) }), places: [index + 1] };
  },
  'an event deleted': (chain, random) => {
    const index = place(chain, random);
    return { chain: { ...chain, events: chain.events.toSpliced(index, 1) }, places: [index, index + 1] };
  },
  'an event deleted, everything after it made anew': (chain, random) => rewritten(chain, random, (index) => chain.events.toSpliced(index, 1)),
  'an event inserted': (chain, random) => {
    const index = place(chain, random);
    const other = chain.events[place(chain, random)];
    return other === undefined ? null : { chain: { ...chain, events: chain.events.toSpliced(index, 0, { ...other, seq: BigInt(index + 1) }) }, places: [index + 1, index + 2] };
  },
  'an event inserted, everything after it made anew': (chain, random) => rewritten(chain, random, (index) => {
    const other = chain.events[place(chain, random)];
    return other === undefined ? null : chain.events.toSpliced(index, 0, other);
  }),
  'two events swapped': (chain, random) => {
    const [a, b] = [place(chain, random), place(chain, random)];
    const [one, other] = [chain.events[a], chain.events[b]];
    if (one === undefined || other === undefined || a === b) return null;
    const events = chain.events.map((event, at) => (at === a ? { ...other, seq: event.seq } : at === b ? { ...one, seq: event.seq } : event));
    return { chain: { ...chain, events }, places: [Math.min(a, b) + 1] };
  },
  'two events swapped, everything made anew': (chain, random) => rewritten(chain, random, (index) => {
    const other = random.between(0, covered(chain) - 1);
    const [one, two] = [chain.events[index], chain.events[other]];
    // Nothing says that it happened before or after the line that it does not reach: the earlier of the two is the place.
    if (one === undefined || two === undefined || other <= index || one.body === two.body) return null;
    return chain.events.map((event, at) => (at === index ? two : at === other ? one : event));
  }),
  'cut off, anywhere': (chain, random) => {
    const length = random.between(0, chain.events.length - 1);
    return { chain: { ...chain, events: chain.events.slice(0, length) }, places: [length, covering(chain, length + 1)] };
  },
  'cut off before a head, the end moved along': (chain, random) => {
    const length = random.between(0, covered(chain) - 1);
    const cut = relinked(chain, chain.events.slice(0, length));
    const line = covering(chain, length + 1);
    return { chain: random.chance(0.5) ? cut : reheaded(cut), places: [line] };
  },
  'the end alone': (chain, random) => ({
    chain: { ...chain, end: random.chance(0.5) ? { ...chain.end, seq: chain.end.seq + BigInt(random.between(1, 9)) } : { ...chain.end, hash: flipped(chain.end.hash, random) } }, places: [chain.events.length],
  }),
  'a head in the database': (chain, random) => {
    const index = random.between(0, chain.lines.length - 1);
    const line = changed(chain.lines[index] ?? '', random);
    return line === chain.lines[index] ? null : { chain: { ...chain, lines: chain.lines.map((one, at) => (at === index ? line : one)) }, places: [index + 1] };
  },
  'a head dated otherwise, the heads after it made anew': (chain, random) => {
    const index = random.between(0, chain.lines.length - 1);
    const redated = (head: HeadLine): HeadLine => (random.chance(0.5) ? { ...head, at: head.at.replace('T0', 'T1') as HeadLine['at'] } : { ...head, day: head.day.replace(/\d$/, (digit) => String((Number(digit) + 1) % 10)) as HeadLine['day'] });
    const lines: string[] = [];
    for (const [at, line] of chain.lines.entries()) {
      const head = parseHead(line);
      const before = lines.at(-1);
      if (head === null) return null;
      lines.push(formatHead({ ...(at === index ? redated(head) : head), ...(before === undefined ? {} : { previous: lineHash(before) }) }));
    }
    return lines[index] === chain.lines[index] ? null : { chain: { ...chain, lines }, places: [index + 1] };
  },
  'a head of the copy': (chain, random) => {
    const index = random.between(0, chain.kept.length - 1);
    const line = changed(chain.kept[index] ?? '', random);
    return line === chain.kept[index] ? null : { chain: { ...chain, kept: chain.kept.map((one, at) => (at === index ? line : one)) }, places: [index + 1] };
  },
};

/** The events of another organisation put in the place of this one's, whole or one of them. */
export const replayOf = (other: Chain): Readonly<Record<string, ChainTamper>> => ({
  'everything replaced by another organisation’s chain': (chain) => ({ chain: { ...chain, events: other.events, end: other.end }, places: [1] }),
  'everything replaced, made anew under this name': (chain) => {
    const again = relinked(chain, other.events);
    return { chain: again, places: [1] };
  },
  'an event of another organisation': (chain, random) => {
    const index = place(chain, random);
    const event = other.events[index];
    return event === undefined || event.body === chain.events[index]?.body ? null : { chain: withEvent(chain, index, event), places: [index + 1] };
  },
});

/** What nobody can find without a head of later: what no head covers yet, rewritten whole by who owns the tables. */
export function afterTheLastHead(chain: Chain, random: Random): Chain | null {
  const index = random.between(covered(chain), chain.events.length - 1);
  const body = otherFact(chain.events[index]?.body ?? '', random);
  return body === null ? null : relinked(chain, chain.events.map((event, at) => (at === index ? { ...event, body } : event)));
}
