import { hash } from 'node:crypto';
import { lineHash, NO_LINE, parseHead } from './head-line.ts';
import type { HeadLine } from './head-line.ts';
import { TreeRoot } from './tree.ts';

/** An event as its row holds it. */
export type ChainEvent = { readonly seq: bigint; readonly body: string; readonly previous: Buffer; readonly hash: Buffer };

/** The hash before the first event of an organisation. */
export const firstHash = (code: string): Buffer => hash('sha256', `acquit:${code}`, 'buffer');

/** Where a walk is to begin and the heads it is to pass. */
export type WalkFrom = { readonly seq: bigint; readonly hash: Buffer; readonly heads: readonly HeadLine[] };

/** Walks events one by one and says where they first do not hold together, or not with the heads that were written of them. */
export class ChainWalk {
  #seq: bigint;
  #hash: Buffer;
  readonly #heads: readonly HeadLine[];
  #next = 0;
  #tree = new TreeRoot();

  constructor({ seq, hash: start, heads }: WalkFrom) {
    this.#seq = seq;
    this.#hash = start;
    this.#heads = heads;
  }

  /** The last event walked over. */
  get end(): { readonly seq: bigint; readonly hash: Buffer } {
    return { seq: this.#seq, hash: this.#hash };
  }

  /** The root over the events since it was asked for last, or since a head was passed. */
  cutRoot(): string {
    const root = this.#tree.root().toString('hex');
    this.#tree = new TreeRoot();
    return root;
  }

  /** Takes the next event; gives what does not hold, or null. */
  take(event: ChainEvent): string | null {
    this.#seq += 1n;
    const linked = event.seq === this.#seq && event.previous.equals(this.#hash);
    const computed = hash('sha256', Buffer.concat([event.previous, Buffer.from(event.body, 'utf8')]), 'buffer');
    if (!linked || !computed.equals(event.hash)) return `breaks at event ${this.#seq}`;
    this.#hash = event.hash;
    this.#tree.add(event.hash);
    const head = this.#heads[this.#next];
    if (head === undefined || BigInt(head.seq) !== this.#seq) return null;
    this.#next += 1;
    const said = head.hash === event.hash.toString('hex') && head.root === this.cutRoot();
    return said ? null : `event ${this.#seq} is not the one that the head of ${head.day} names (line ${this.#next})`;
  }

  /** After the last event: that the chain ends where its head says, and that no written head was left over. */
  finish(head: { readonly seq: bigint; readonly hash: Buffer }): string | null {
    const missed = this.#heads[this.#next];
    if (missed !== undefined) return `the chain ends at event ${this.#seq}, the head of ${missed.day} is at ${missed.seq} (line ${this.#next + 1})`;
    return head.seq === this.#seq && head.hash.equals(this.#hash) ? null : `head is at ${head.seq}, chain ends at ${this.#seq}`;
  }
}

/** Lines of heads as read, up to the first that does not hold with those before it; `problem` says which that is. */
export type ReadHeads = { readonly heads: readonly HeadLine[]; readonly problem: string | null };

/** Reads lines of heads: each names the one before, and covers the events after it. */
export function readHeads(lines: readonly string[], of: { installation: string; organisation: string }): ReadHeads {
  const heads: HeadLine[] = [];
  let previous = NO_LINE;
  for (const [index, line] of lines.entries()) {
    const head = parseHead(line);
    const before = heads.at(-1);
    const bad = (what: string): ReadHeads => ({ heads, problem: `line ${index + 1}: ${what}` });
    if (head === null) return bad('is no head');
    if (head.previous !== previous) return bad(index === 0 ? 'is not the first one' : 'does not name the line before');
    if (head.organisation !== of.organisation) return bad(`is of ${head.organisation}`);
    if (head.installation !== of.installation) return bad('is of another installation');
    if (head.from !== (before?.seq ?? 0) + 1 || head.seq < head.from || head.events !== head.seq) return bad('does not go on where the line before ended');
    if (before !== undefined && head.at < before.at) return bad('is older than the line before');
    heads.push(head);
    previous = lineHash(line);
  }
  return { heads, problem: null };
}
