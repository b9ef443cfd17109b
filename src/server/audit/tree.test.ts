import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { pathOf, TreeRoot } from './tree.ts';

const sha = (...parts: readonly (Buffer | number)[]): Buffer => createHash('sha256').update(Buffer.concat(parts.map((part) => (typeof part === 'number' ? Buffer.from([part]) : part)))).digest();

/** The tree as RFC 6962 defines it, by recursion: the largest power of two goes left. */
function slowRoot(values: readonly Buffer[]): Buffer {
  const [only] = values;
  if (only === undefined) return sha();
  if (values.length === 1) return sha(0, only);
  let left = 1;
  while (left * 2 < values.length) left *= 2;
  return sha(1, slowRoot(values.slice(0, left)), slowRoot(values.slice(left)));
}

/** The root that a value and its path give, or null when the path is too short or too long. */
function climb(value: Buffer, of: { index: number; size: number; path: readonly Buffer[] }): Buffer | null {
  let now = sha(0, value);
  let used = 0;
  for (let [at, size] = [of.index, of.size]; size > 1; at = Math.floor(at / 2), size = Math.ceil(size / 2)) {
    if (at % 2 === 0 && at + 1 === size) continue;
    const beside = of.path[used];
    if (beside === undefined) return null;
    used += 1;
    now = at % 2 === 0 ? sha(1, now, beside) : sha(1, beside, now);
  }
  return used === of.path.length ? now : null;
}

const values = Array.from({ length: 40 }, (_, index) => sha(Buffer.from(String(index))));

test('the root is that of RFC 6962 for every number of values', () => {
  const tree = new TreeRoot();
  for (let size = 0; size <= values.length; size += 1) {
    expect(tree.root().equals(slowRoot(values.slice(0, size)))).toBe(true);
    const next = values[size];
    if (next !== undefined) tree.add(next);
  }
});

test('the path of every value in a tree of every size leads to its root, and that of no other value or place does', () => {
  for (let size = 1; size <= values.length; size += 1) {
    const part = values.slice(0, size);
    const root = slowRoot(part);
    for (const [index, value] of part.entries()) {
      const path = pathOf(part, index);
      expect(climb(value, { index, size, path })?.equals(root)).toBe(true);
      expect(climb(sha(value), { index, size, path })?.equals(root) ?? false).toBe(false);
      const elsewhere = part.map((_, other) => other).filter((other) => other !== index && climb(value, { index: other, size, path })?.equals(root) === true);
      expect(elsewhere).toEqual([]);
    }
  }
  expect(() => pathOf(values, 40)).toThrow('no value');
});
