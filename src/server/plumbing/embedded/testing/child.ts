import pg from 'pg';
import { openEmbedded } from '../server.ts';
import type { EmbeddedOptions, EmbeddedServer } from '../server.ts';

/** What the tests ask of a process of their own. */
export type Request =
  | { readonly do: 'open'; readonly options: Omit<EmbeddedOptions, 'log'> }
  | { readonly do: 'query'; readonly sql: string }
  | { readonly do: 'write'; readonly table: string }
  | { readonly do: 'close' };

/** What it sends back: one answer for each request, and a number for every committed row of `write`. */
export type Reply =
  | { readonly kind: 'opened'; readonly host: string; readonly owner: boolean; readonly log: readonly string[] }
  | { readonly kind: 'refused'; readonly code: string; readonly fr: string; readonly en: string }
  | { readonly kind: 'rows'; readonly rows: readonly Record<string, unknown>[] }
  | { readonly kind: 'committed'; readonly row: number }
  | { readonly kind: 'closed'; readonly log: readonly string[] }
  | { readonly kind: 'failed'; readonly reason: string };

const log: string[] = [];
let server: EmbeddedServer | null = null;

async function connected<T>(use: (client: pg.Client) => Promise<T>): Promise<T> {
  if (server === null) throw new Error('not open');
  const client = new pg.Client({ host: server.host, port: server.port, user: server.superuser, database: server.database, application_name: 'acquit-test' });
  client.on('error', (error) => log.push(error.message));
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

async function open(options: Omit<EmbeddedOptions, 'log'>): Promise<Reply> {
  const opened = await openEmbedded({ ...options, log: (event) => log.push(event.msg) });
  if (!opened.ok) return { kind: 'refused', code: opened.error.code, ...opened.error.message };
  server = opened.value;
  return { kind: 'opened', host: server.host, owner: server.owner, log };
}

/** Commits one row after another and tells each committed number, until the connection breaks. */
async function write(table: string): Promise<Reply> {
  return connected(async (client) => {
    for (let row = 1; ; row += 1) {
      await client.query(`insert into ${table} values ($1)`, [row]);
      process.send?.({ kind: 'committed', row } satisfies Reply);
    }
  });
}

async function answer(request: Request): Promise<Reply> {
  if (request.do === 'open') return open(request.options);
  if (request.do === 'query') return { kind: 'rows', rows: (await connected((client) => client.query(request.sql))).rows };
  if (request.do === 'write') return write(request.table);
  await server?.close();
  return { kind: 'closed', log };
}

process.on('message', (request: Request) => {
  answer(request).then(
    (reply) => process.send?.(reply),
    (error: unknown) => process.send?.({ kind: 'failed', reason: String(error) } satisfies Reply),
  );
});
