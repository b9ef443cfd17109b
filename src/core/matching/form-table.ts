/** How a text stands for what carries it. */
export const FORM = { compact: 0, shape: 1, tail: 2, printed: 3, customer: 4 } as const;

/** One of them. */
export type Form = (typeof FORM)[keyof typeof FORM];

const FORMS: readonly Form[] = Object.values(FORM);

/** Bits that hold a form beside its owner. */
const FORM_BITS = 3;
const FORM_MASK = 7;
const FIRST_ROOM = 1024;
/** One text in five or more that is nowhere still finds its bit set. */
const BITS_PER_TEXT = 4;

/** A text that grows at its end, as two numbers of 32 bits: what is looked up need not be put together to see that nothing is called so. */
export class Rolling {
  a = 0;
  b = 0;

  clear(): void {
    this.a = 0x811c9dc5 | 0;
    this.b = 0x2545f491;
  }

  /** Appends the characters of a text from a place on. */
  append(text: string, from = 0): void {
    let { a, b } = this;
    for (let at = from; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      a = Math.imul(a ^ code, 0x01000193);
      b = Math.imul(b ^ (code + (b >>> 15)), 0x85ebca6b);
    }
    this.a = a;
    this.b = b;
  }

  set(text: string): this {
    this.clear();
    this.append(text);
    return this;
  }
}

/** Ends of the last bits of `a` are alike for texts that end alike: all bits are mixed before some are cut off. */
const spread = (a: number): number => {
  const once = Math.imul(a ^ (a >>> 16), 0x7feb352d);
  return once ^ (once >>> 15);
};

/** An owner and the form in which it carries a text. */
export type Carrying = { readonly form: Form; readonly owner: number };

const NOBODY: readonly Carrying[] = [];

/**
 * Texts that stand for numbered owners, without the texts: hundreds of thousands of them take some bytes each. Two texts may by a rare accident
 * look alike, so whoever asks compares what an owner really carries.
 */
export class FormTable {
  readonly #starts: Int32Array;
  readonly #checks: Int32Array;
  readonly #owners: Int32Array;
  /** A bit for each text, so few bytes that they stay at hand: most of what is asked about is nowhere, and is seen not to be by this alone. */
  readonly #bits: Int32Array;
  readonly #mask: number;
  readonly #asked = new Rolling();

  constructor(of: { starts: Int32Array; checks: Int32Array; owners: Int32Array; bits: Int32Array }) {
    this.#starts = of.starts;
    this.#checks = of.checks;
    this.#owners = of.owners;
    this.#bits = of.bits;
    this.#mask = of.starts.length - 2;
  }

  /** False when no owner carries the text in any form; true when one most likely does. */
  mayHave({ a, b }: Rolling): boolean {
    const mixed = spread(a);
    const bit = mixed & (this.#bits.length * 32 - 1);
    if (((this.#bits[bit >>> 5] ?? 0) & (1 << (bit & 31))) === 0) return false;
    const bucket = mixed & this.#mask;
    const end = this.#starts[bucket + 1] ?? 0;
    for (let at = this.#starts[bucket] ?? 0; at < end; at += 1) if (this.#checks[at] === b) return true;
    return false;
  }

  /** Who most likely carries a text, and in which form, in the order they were added. */
  carrying(text: string): readonly Carrying[] {
    const { a, b } = this.#asked.set(text);
    const bucket = spread(a) & this.#mask;
    const end = this.#starts[bucket + 1] ?? 0;
    let found: Carrying[] | null = null;
    for (let at = this.#starts[bucket] ?? 0; at < end; at += 1) {
      if (this.#checks[at] !== b) continue;
      const owner = this.#owners[at] ?? 0;
      const one: Carrying = { form: FORMS[owner & FORM_MASK] ?? FORM.customer, owner: owner >>> FORM_BITS };
      if (found === null) found = [one];
      else found.push(one);
    }
    return found ?? NOBODY;
  }
}

const SIGNS = 36;

/** 0 to 35 for a digit or a small letter; -1 for anything else. */
function signAt(text: string, at: number): number {
  const code = text.charCodeAt(at);
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  return code >= 0x61 && code <= 0x7a ? code - 0x57 : -1;
}

/** How texts begin, by their first two and three characters: most words of a bank line are seen at once to begin nothing. */
export class Beginnings {
  readonly #two = new Uint8Array(SIGNS ** 2);
  readonly #three = new Uint8Array(SIGNS ** 3);

  add(text: string): void {
    const [first, second, third] = [signAt(text, 0), signAt(text, 1), signAt(text, 2)];
    if (first < 0 || second < 0) return;
    this.#two[first * SIGNS + second] = 1;
    if (third >= 0) this.#three[(first * SIGNS + second) * SIGNS + third] = 1;
  }

  /** Whether some text begins with the first two characters of this one of letters or digits, and with the third when it has one. */
  has(text: string): boolean {
    const two = signAt(text, 0) * SIGNS + signAt(text, 1);
    return text.length === 2 ? this.#two[two] === 1 : this.#three[two * SIGNS + signAt(text, 2)] === 1;
  }
}

/** Gathers texts and their owners, then makes the table at once. */
export class FormTableBuilder {
  #firsts = new Int32Array(FIRST_ROOM);
  #checks = new Int32Array(FIRST_ROOM);
  #owners = new Int32Array(FIRST_ROOM);
  #count = 0;
  readonly #rolling = new Rolling();

  add(form: Form, owner: number, text: string): void {
    if (this.#count === this.#firsts.length) this.#grow();
    const { a, b } = this.#rolling.set(text);
    this.#firsts[this.#count] = spread(a);
    this.#checks[this.#count] = b;
    this.#owners[this.#count] = (owner << FORM_BITS) | form;
    this.#count += 1;
  }

  #grow(): void {
    const larger = (old: Int32Array): Int32Array<ArrayBuffer> => {
      const made = new Int32Array(old.length * 2);
      made.set(old);
      return made;
    };
    this.#firsts = larger(this.#firsts);
    this.#checks = larger(this.#checks);
    this.#owners = larger(this.#owners);
  }

  /** The table: a bucket for each text on average, what fell into one bucket side by side in the order it was added. */
  build(): FormTable {
    const buckets = 2 ** Math.ceil(Math.log2(Math.max(2, this.#count)));
    const starts = new Int32Array(buckets + 1);
    const count = this.#count;
    for (let at = 0; at < count; at += 1) starts[((this.#firsts[at] ?? 0) & (buckets - 1)) + 1] = (starts[((this.#firsts[at] ?? 0) & (buckets - 1)) + 1] ?? 0) + 1;
    for (let bucket = 1; bucket <= buckets; bucket += 1) starts[bucket] = (starts[bucket] ?? 0) + (starts[bucket - 1] ?? 0);
    const next = starts.slice(0, buckets);
    const checks = new Int32Array(count);
    const owners = new Int32Array(count);
    for (let at = 0; at < count; at += 1) {
      const bucket = (this.#firsts[at] ?? 0) & (buckets - 1);
      const place = next[bucket] ?? 0;
      next[bucket] = place + 1;
      checks[place] = this.#checks[at] ?? 0;
      owners[place] = this.#owners[at] ?? 0;
    }
    const bits = new Int32Array(Math.max(1, (buckets * BITS_PER_TEXT) / 32));
    for (let at = 0; at < count; at += 1) {
      const bit = (this.#firsts[at] ?? 0) & (bits.length * 32 - 1);
      bits[bit >>> 5] = (bits[bit >>> 5] ?? 0) | (1 << (bit & 31));
    }
    return new FormTable({ starts, checks, owners, bits });
  }
}
