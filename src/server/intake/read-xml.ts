import { problem } from '#core/intake/problems.ts';
import { createEncodingDetector } from '#core/intake/encoding.ts';
import type { DetectedEncoding } from '#core/intake/encoding.ts';
import { chooseXmlEncoding, unknownEncoding } from '#core/intake/xml/xml-encoding.ts';
import type { XmlEncoding } from '#core/intake/xml/xml-encoding.ts';
import { MAX_XML_TREE_BYTES, MAX_XML_TREE_ELEMENTS } from '#core/intake/xml/xml-limits.ts';
import type { XmlNode, XmlSink } from '#core/intake/xml/xml-node.ts';
import { XmlProlog } from '#core/intake/xml/xml-prolog.ts';
import { XmlTreeBuilder } from '#core/intake/xml/xml-tree.ts';
import type { Problem } from '#core/kernel/problem.ts';
import { err, ok } from '#core/kernel/result.ts';
import type { Result } from '#core/kernel/result.ts';
import { createChunkDecoder, detectFileEncoding, READ_CHUNK_BYTES, readChunks } from './decode.ts';
import type { ChunkDecoder } from './decode.ts';
import { XmlFeed } from './read-xml-feed.ts';
import type { XmlAllowance } from './read-xml-feed.ts';
import type { Progress } from './read-text.ts';

/** Elements that hold another file as base64 (UBL, CII): their text is passed over, it may be longer than any other. */
const EMBEDDED_FILES: ReadonlySet<string> = new Set(['EmbeddedDocumentBinaryObject', 'AttachmentBinaryObject', 'BinaryObject']);

/** How a file is read as XML. */
export type XmlFileReading = XmlAllowance & {
  readonly progress?: Progress;
  /** True once nothing more is wanted: the rest of the file is left unread. */
  readonly enough?: () => boolean;
  /** Awaited between pieces: what takes the elements may be slower than the file. */
  readonly drain?: () => Promise<void>;
};

/**
 * Gives the elements of a file to a sink as they are read, in the encoding that its bytes prove and its declaration does not contradict.
 * The first error ends the reading, with its line; warnings come with success. The file is read twice: bytes first, then text.
 */
export async function readXmlFile(path: string, sink: XmlSink, reading: XmlFileReading = {}): Promise<Result<readonly Problem[], Problem>> {
  const prolog = new XmlPrologBytes();
  for await (const chunk of readChunks(path)) if (!prolog.push(chunk)) break;
  const declared = prolog.end();
  if (!declared.ok) return declared;
  const detected = await detectFileEncoding(path);
  if (!detected.ok) return detected;
  const encoding = chooseXmlEncoding(declared.value, detected.value.encoding);
  if (!encoding.ok) return encoding;
  const text = new XmlText(encoding.value, detected.value, new XmlFeed(sink, reading));
  let skip: number = detected.value.bomBytes;
  let done = 0;
  for await (const chunk of readChunks(path)) {
    const fault = text.write(chunk.subarray(skip));
    if (fault !== null) return err(fault);
    skip = 0;
    done += chunk.length;
    reading.progress?.(done, detected.value.bytes);
    await reading.drain?.();
    if (reading.enough?.() === true) return ok(text.warnings());
  }
  return text.end();
}

/** The same for bytes in memory, at one go. */
export function readXmlBytes(bytes: Uint8Array, sink: XmlSink, allowance: XmlAllowance = {}): Result<readonly Problem[], Problem> {
  const prolog = new XmlPrologBytes();
  for (let at = 0; at < bytes.length; at += READ_CHUNK_BYTES) if (!prolog.push(bytes.subarray(at, at + READ_CHUNK_BYTES))) break;
  const declared = prolog.end();
  if (!declared.ok) return declared;
  const detector = createEncodingDetector();
  detector.push(bytes);
  const detected = detector.end();
  if (!detected.ok) return detected;
  const encoding = chooseXmlEncoding(declared.value, detected.value.encoding);
  if (!encoding.ok) return encoding;
  const text = new XmlText(encoding.value, detected.value, new XmlFeed(sink, allowance));
  for (let at: number = detected.value.bomBytes; at < bytes.length; at += READ_CHUNK_BYTES) {
    const fault = text.write(bytes.subarray(at, at + READ_CHUNK_BYTES));
    if (fault !== null) return err(fault);
  }
  return text.end();
}

/** Reads a small document (`MAX_XML_TREE_BYTES`, `MAX_XML_TREE_ELEMENTS`) as a tree; files embedded in it are left out. */
export function readXmlTree(bytes: Uint8Array): Result<XmlNode, Problem> {
  if (bytes.length > MAX_XML_TREE_BYTES) return err(problem('xmlTooLarge', 0, { bytes: bytes.length, limit: MAX_XML_TREE_BYTES }));
  let root: XmlNode | null = null;
  const builder = new XmlTreeBuilder((_name, depth) => depth === 1, (node) => {
    root = node;
  });
  const read = readXmlBytes(bytes, builder, { elements: MAX_XML_TREE_ELEMENTS, unreadTexts: EMBEDDED_FILES });
  if (!read.ok) return read;
  return root === null ? err(problem('xmlNoElement', 0, {})) : ok(root);
}

/** Looks for the first element in raw bytes: all markup is ASCII, so any single-byte reading shows it, and UTF-16 has a mark. */
class XmlPrologBytes {
  readonly #prolog = new XmlProlog();
  #decoder: InstanceType<typeof TextDecoder> | null = null;

  push(chunk: Uint8Array): boolean {
    if (chunk.length === 0) return true;
    if (this.#decoder !== null) return this.#prolog.push(this.#decoder.decode(chunk, { stream: true }));
    const [first = 0, second = 0, third = 0] = chunk;
    if (first === 0xff && second === 0xfe) this.#decoder = new TextDecoder('utf-16le');
    else if (first === 0xfe && second === 0xff) this.#decoder = new TextDecoder('utf-16be');
    else this.#decoder = new TextDecoder('latin1');
    const marked = first === 0xef && second === 0xbb && third === 0xbf;
    return this.#prolog.push(this.#decoder.decode(marked ? chunk.subarray(3) : chunk, { stream: true }));
  }

  /** The declared encoding, one that is read; null when none is declared. */
  end(): Result<string | null, Problem> {
    if (this.#decoder === null) return err(problem('fileEmpty', 0, {}));
    const declared = this.#prolog.end();
    if (!declared.ok) return declared;
    const unknown = unknownEncoding(declared.value.encoding);
    return unknown === null ? ok(declared.value.encoding) : err(unknown);
  }
}

const BEYOND_ASCII = /[^\0-\u007f]/u;

/** A document whose encoding is settled, ready to take its bytes after the mark. */
class XmlText {
  readonly #decoder: ChunkDecoder;
  readonly #feed: XmlFeed;
  readonly #warnings: Problem[];
  /** Said when the first character beyond ASCII comes; null when there is no doubt or it was said. */
  #doubt: Problem | null;

  constructor({ encoding, doubt }: XmlEncoding, detected: DetectedEncoding, feed: XmlFeed) {
    this.#decoder = createChunkDecoder(encoding);
    this.#feed = feed;
    this.#doubt = doubt;
    this.#warnings = [...detected.warnings];
  }

  write(chunk: Uint8Array): Problem | null {
    return this.#write(this.#decoder.write(chunk));
  }

  end(): Result<readonly Problem[], Problem> {
    const fault = this.#write(this.#decoder.end()) ?? this.#feed.end();
    return fault === null ? ok(this.warnings()) : err(fault);
  }

  warnings(): readonly Problem[] {
    return this.#warnings;
  }

  #write(text: string): Problem | null {
    if (this.#doubt !== null && BEYOND_ASCII.test(text)) {
      this.#warnings.push(this.#doubt);
      this.#doubt = null;
    }
    return this.#feed.write(text);
  }
}
