import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import type { PoolClient } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';

/** Text kept before it is handed to the connection; large enough that syscalls do not dominate, small enough to stay out of the heap's way. */
const FLUSH_AT_CHARS = 128 * 1024;
const NEEDS_ESCAPE = /[\\\t\n\r]/;
const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

function field(value: string | null): string {
  if (value === null) return '\\N';
  return NEEDS_ESCAPE.test(value) ? value.replaceAll(/[\\\t\n\r]/g, (char) => ESCAPES[char] ?? char) : value;
}

/** Rows streamed into a temporary table by COPY, on the connection of the transaction that owns it. */
export class CopyWriter {
  readonly #stream: ReturnType<PoolClient['query']> extends never ? never : ReturnType<typeof copyFrom>;
  readonly #done: Promise<void>;
  #buffer = '';
  rowCount = 0;

  /** `target` is a constant of the program: a temporary table with its columns. */
  constructor(connection: PoolClient, target: string) {
    this.#stream = connection.query(copyFrom(`copy ${target} from stdin`));
    this.#done = finished(this.#stream);
    // The rejection is reported by `drain` and `end`; this keeps it from being counted as unhandled before they run.
    this.#done.catch(() => undefined);
  }

  /** Adds a row; call `drain` regularly. */
  row(values: readonly (string | null)[]): void {
    let line = '';
    for (let index = 0; index < values.length; index += 1) {
      line += (index === 0 ? '' : '\t') + field(values[index] ?? null);
    }
    this.#buffer += `${line}\n`;
    this.rowCount += 1;
  }

  /** Hands buffered rows over, waiting when the server is slower than we are. */
  async drain(): Promise<void> {
    if (this.#buffer.length < FLUSH_AT_CHARS) return;
    await this.#flush();
  }

  /** Ends the COPY; throws what the server found wrong. */
  async end(): Promise<void> {
    if (this.#buffer.length > 0) await this.#flush();
    this.#stream.end();
    await this.#done;
  }

  /** Abandons the COPY after a failure elsewhere, so that the connection can roll back. */
  async abort(): Promise<void> {
    this.#stream.destroy(new Error('import abandoned'));
    await this.#done.catch(() => undefined);
  }

  async #flush(): Promise<void> {
    const text = this.#buffer;
    this.#buffer = '';
    if (!this.#stream.write(text)) await Promise.race([once(this.#stream, 'drain'), this.#done]);
  }
}
