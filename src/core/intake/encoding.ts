import type { Problem } from '#core/kernel/problem.ts';
import { err, ok } from '#core/kernel/result.ts';
import type { Result } from '#core/kernel/result.ts';
import { problem } from './problems.ts';

/** The character encodings read. */
export type TextEncoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252' | 'iso-8859-15';

/** How to turn the bytes of a file into text; `bomBytes` are at its head and are not text. */
export type DetectedEncoding = {
  readonly encoding: TextEncoding;
  readonly bomBytes: 0 | 2 | 3;
  readonly bytes: number;
  /** Whether there may be control characters beside tabs and line ends; false is certain. */
  readonly controls: boolean;
  readonly warnings: readonly Problem[];
};

/** Looks at all the bytes of a file, chunk by chunk, and then says its encoding or why it is refused. */
export type EncodingDetector = {
  push(chunk: Uint8Array): void;
  end(): Result<DetectedEncoding, Problem>;
};

/** Bytes that Windows-1252 leaves undefined. */
const UNDEFINED_1252 = new Set([0x81, 0x8d, 0x8f, 0x90, 0x9d]);

type Mark = { readonly offset: number; readonly line: number };

/** Starts a detector: byte order marks first, then strict UTF-8, else Windows-1252 when a byte is in 0x80-0x9F, else ISO-8859-15. */
export function createEncodingDetector(): EncodingDetector {
  const head: number[] = [];
  let scan: Scan | null = null;
  const start = (): Scan => {
    const found = chooseScan(head);
    found.push(Uint8Array.from(head));
    return found;
  };
  return {
    push(chunk) {
      if (scan !== null) return scan.push(chunk);
      let taken = 0;
      while (head.length < 3 && taken < chunk.length) {
        head.push(chunk[taken] ?? 0);
        taken += 1;
      }
      if (head.length < 3) return undefined;
      scan = start();
      return scan.push(chunk.subarray(taken));
    },
    end() {
      return (scan ?? start()).end();
    },
  };
}

type Scan = { push(chunk: Uint8Array): void; end(): Result<DetectedEncoding, Problem> };

function chooseScan(head: readonly number[]): Scan {
  if (head[0] === 0xff && head[1] === 0xfe) return new Utf16Scan('utf-16le');
  if (head[0] === 0xfe && head[1] === 0xff) return new Utf16Scan('utf-16be');
  return new ByteScan(head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf);
}

/** Reads code units of UTF-16 after its mark: no NUL, no half pair, no odd byte. */
class Utf16Scan implements Scan {
  readonly #encoding: 'utf-16le' | 'utf-16be';
  #offset = 0;
  #line = 1;
  #pendingByte = -1;
  #highAt: Mark | null = null;
  #fault: Problem | null = null;

  constructor(encoding: 'utf-16le' | 'utf-16be') {
    this.#encoding = encoding;
  }

  push(chunk: Uint8Array): void {
    for (const byte of chunk) {
      if (this.#pendingByte < 0) this.#pendingByte = byte;
      else {
        const [low, high] = this.#encoding === 'utf-16le' ? [this.#pendingByte, byte] : [byte, this.#pendingByte];
        this.#pendingByte = -1;
        this.#unit(high * 256 + low, this.#offset - 1);
      }
      this.#offset += 1;
    }
  }

  #unit(unit: number, offset: number): void {
    if (this.#fault !== null) return;
    const isLow = unit >= 0xdc00 && unit <= 0xdfff;
    if (isLow !== (this.#highAt !== null)) {
      this.#fault = problem('encodingForbidden', this.#line, { offset: this.#highAt?.offset ?? offset });
      return;
    }
    this.#highAt = unit >= 0xd800 && unit <= 0xdbff ? { offset, line: this.#line } : null;
    if (unit === 0) this.#fault = problem('nulByte', this.#line, { offset });
    if (unit === 0x0a) this.#line += 1;
  }

  end(): Result<DetectedEncoding, Problem> {
    if (this.#fault !== null) return err(this.#fault);
    if (this.#pendingByte >= 0 || this.#highAt !== null) {
      return err(problem('encodingTruncated', this.#line, { offset: this.#highAt?.offset ?? this.#offset - 1 }));
    }
    if (this.#offset <= 2) return err(problem('fileEmpty', 0, {}));
    return ok({ encoding: this.#encoding, bomBytes: 2, bytes: this.#offset, controls: true, warnings: [] });
  }
}

/** Reads bytes as strict UTF-8 and notes at the same time what a single-byte reading would need to know. */
class ByteScan implements Scan {
  readonly #bom: boolean;
  #offset = 0;
  #line = 1;
  #lastWasCr = false;
  /** Bytes of the sequence being read, its wanted length. */
  #sequence: number[] = [];
  #wanted = 0;
  #sequenceAt: Mark = { offset: 0, line: 1 };
  #nul: Mark | null = null;
  #invalid: Mark | null = null;
  #invalidLength = 0;
  #forbidden: Mark | null = null;
  #c1: Mark | null = null;
  #undefined1252: Mark | null = null;
  #proof: Mark | null = null;
  #replacement: Mark | null = null;
  #controls = false;
  /** Last byte C0: followed by 80 or AF it is an overlong NUL or slash, the two forms that hide something. */
  #overlongLeadAt: Mark | null = null;

  constructor(bom: boolean) {
    this.#bom = bom;
  }

  push(chunk: Uint8Array): void {
    const start = this.#offset;
    for (let index = 0; index < chunk.length; index += 1) {
      const byte = chunk[index] ?? 0;
      if (byte >= 0x80 || this.#wanted > 0) {
        this.#offset = start + index;
        this.#high(byte);
      }
      if (byte < 0x20 || byte === 0x7f) {
        if (byte === 0x0a && !this.#lastWasCr) this.#line += 1;
        else if (byte === 0x0d) this.#line += 1;
        else if (byte === 0) this.#nul ??= { offset: start + index, line: this.#line };
        else if (byte !== 0x09 && byte !== 0x0a) this.#controls = true;
      }
      this.#lastWasCr = byte === 0x0d;
    }
    this.#offset = start + chunk.length;
  }

  #high(byte: number): void {
    const here: Mark = { offset: this.#offset, line: this.#line };
    if (byte >= 0x80 && byte <= 0x9f) {
      this.#c1 ??= here;
      if (UNDEFINED_1252.has(byte)) this.#undefined1252 ??= here;
    }
    if ((byte === 0x80 || byte === 0xaf) && this.#overlongLeadAt?.offset === this.#offset - 1) this.#forbidden ??= this.#overlongLeadAt;
    if (this.#wanted > 0) {
      if (continues(this.#sequence, byte)) {
        this.#sequence.push(byte);
        if (this.#sequence.length === this.#wanted) this.#complete();
        return;
      }
      this.#break(byte);
    }
    if (byte < 0x80) return;
    this.#wanted = sequenceLength(byte);
    this.#sequenceAt = here;
    this.#sequence = [byte];
    if (this.#wanted === 0) this.#break(-1);
  }

  #complete(): void {
    const [first = 0, second = 0, third = 0] = this.#sequence;
    // Sequences that French text in a single-byte encoding never contains: "Ã©", "Å“", "â€™".
    if (first === 0xc3 || (first === 0xc5 && (second === 0x92 || second === 0x93)) || (first === 0xe2 && second === 0x80) || this.#wanted === 4) {
      this.#proof ??= this.#sequenceAt;
    }
    if (first === 0xef && second === 0xbf && third === 0xbd) this.#replacement ??= this.#sequenceAt;
    this.#wanted = 0;
    this.#sequence = [];
  }

  /** The sequence is no UTF-8; `next` is the byte that broke it, or -1 when its first byte cannot begin one. */
  #break(next: number): void {
    this.#invalid ??= this.#sequenceAt;
    const [first = 0] = this.#sequence;
    const halfPair = first === 0xed && this.#sequence.length === 1 && next >= 0xa0 && next <= 0xbf;
    if (halfPair) this.#forbidden ??= this.#sequenceAt;
    if (first === 0xc0) this.#overlongLeadAt = this.#sequenceAt;
    this.#wanted = 0;
    this.#sequence = [];
  }

  end(): Result<DetectedEncoding, Problem> {
    if (this.#offset <= (this.#bom ? 3 : 0)) return err(problem('fileEmpty', 0, {}));
    if (this.#nul !== null) return err(problem('nulByte', this.#nul.line, { offset: this.#nul.offset }));
    this.#invalidLength = this.#wanted > 0 ? this.#sequence.length : 0;
    if (this.#invalid === null && this.#wanted === 0) return ok(this.#found('utf-8'));
    return this.#singleByte();
  }

  #singleByte(): Result<DetectedEncoding, Problem> {
    if (this.#forbidden !== null) return err(problem('encodingForbidden', this.#forbidden.line, { offset: this.#forbidden.offset }));
    const utf8 = this.#bom || this.#proof !== null;
    if (this.#invalid === null && (utf8 || this.#invalidLength > 1)) {
      return err(problem('encodingTruncated', this.#sequenceAt.line, { offset: this.#sequenceAt.offset }));
    }
    const invalid = this.#invalid ?? this.#sequenceAt;
    if (utf8) return err(problem('encodingMixed', invalid.line, { offset: invalid.offset }));
    if (this.#c1 === null) return ok(this.#found('iso-8859-15'));
    const undefinedByte = this.#undefined1252;
    if (undefinedByte !== null) return err(problem('encodingUnknownByte', undefinedByte.line, { offset: undefinedByte.offset }));
    return ok(this.#found('windows-1252'));
  }

  #found(encoding: TextEncoding): DetectedEncoding {
    const lost = encoding === 'utf-8' ? this.#replacement : null;
    const warnings = lost === null ? [] : [problem('replacementCharacter', lost.line, { offset: lost.offset })];
    return { encoding, bomBytes: this.#bom ? 3 : 0, bytes: this.#offset, controls: this.#controls, warnings };
  }
}

/** Bytes of the UTF-8 sequence that a byte begins; 0 when none may (continuation bytes, overlong C0 and C1, above F4). */
function sequenceLength(first: number): number {
  if (first >= 0xc2 && first <= 0xdf) return 2;
  if (first >= 0xe0 && first <= 0xef) return 3;
  return first >= 0xf0 && first <= 0xf4 ? 4 : 0;
}

/** Unicode 16, table 3-7: the second byte is restricted after E0 (overlong), ED (surrogates), F0 (overlong) and F4 (above U+10FFFF). */
function continues(sequence: readonly number[], byte: number): boolean {
  if (sequence.length === 1) {
    const first = sequence[0];
    if (first === 0xe0) return byte >= 0xa0 && byte <= 0xbf;
    if (first === 0xed) return byte >= 0x80 && byte <= 0x9f;
    if (first === 0xf0) return byte >= 0x90 && byte <= 0xbf;
    if (first === 0xf4) return byte >= 0x80 && byte <= 0x8f;
  }
  return byte >= 0x80 && byte <= 0xbf;
}
