import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import type { ClientBase } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';

/** COPY text streamed into a table, waiting when the server is slower than the file. */
export class CopyInto {
  readonly #stream: ReturnType<typeof copyFrom>;
  readonly #done: Promise<void>;

  constructor(client: ClientBase, statement: string) {
    this.#stream = client.query(copyFrom(statement));
    this.#done = finished(this.#stream);
    // The rejection is reported by `write` and `end`; this keeps it from being counted as unhandled before they run.
    this.#done.catch(() => undefined);
  }

  async write(bytes: Buffer): Promise<void> {
    if (!this.#stream.write(bytes)) await Promise.race([once(this.#stream, 'drain'), this.#done]);
  }

  /** Ends the COPY; throws what the server found wrong. */
  async end(): Promise<void> {
    this.#stream.end();
    await this.#done;
  }

  /** Abandons the COPY after a failure elsewhere, so that the connection can roll back. */
  async abandon(): Promise<void> {
    this.#stream.destroy(new Error('restore abandoned'));
    await this.#done.catch(() => undefined);
  }
}
