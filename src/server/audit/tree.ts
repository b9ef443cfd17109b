import { hash } from 'node:crypto';

const EMPTY = hash('sha256', '', 'buffer');
const LEAF = Buffer.from([0]);
const NODE = Buffer.from([1]);

const leafOf = (value: Buffer): Buffer => hash('sha256', Buffer.concat([LEAF, value]), 'buffer');
const nodeOf = (left: Buffer, right: Buffer): Buffer => hash('sha256', Buffer.concat([NODE, left, right]), 'buffer');

/**
 * The root of a hash tree over values that come one after the other (RFC 6962, section 2.1): leaves and nodes are hashed under different first
 * bytes, so that neither passes for the other. It keeps one hash for each power of two.
 */
export class TreeRoot {
  readonly #whole: { readonly size: number; readonly hash: Buffer }[] = [];

  /** Adds the next value. */
  add(value: Buffer): void {
    let now = { size: 1, hash: leafOf(value) };
    for (let left = this.#whole.at(-1); left !== undefined && left.size === now.size; left = this.#whole.at(-1)) {
      this.#whole.pop();
      now = { size: now.size * 2, hash: nodeOf(left.hash, now.hash) };
    }
    this.#whole.push(now);
  }

  /** The root over what was added so far. */
  root(): Buffer {
    const last = this.#whole.at(-1);
    if (last === undefined) return EMPTY;
    return this.#whole.slice(0, -1).reduceRight((right, left) => nodeOf(left.hash, right), last.hash);
  }
}

/** The hashes beside the way from a value up to the root, from below; with them whoever has the value computes the root, and learns nothing of the others. */
export function pathOf(values: readonly Buffer[], index: number): Buffer[] {
  if (!Number.isInteger(index) || index < 0 || index >= values.length) throw new Error(`no value ${index} among ${values.length}`);
  const path: Buffer[] = [];
  let level = values.map(leafOf);
  for (let at = index; level.length > 1; at = Math.floor(at / 2)) {
    const beside = level[at ^ 1];
    if (beside !== undefined) path.push(beside);
    const above: Buffer[] = [];
    for (let left = 0; left < level.length; left += 2) {
      const [one, other] = [level[left], level[left + 1]];
      // The last of an odd number has nobody beside it and goes up as it is.
      if (one !== undefined) above.push(other === undefined ? one : nodeOf(one, other));
    }
    level = above;
  }
  return path;
}
