import { Socket } from 'node:net';
import pg from 'pg';
import { textOf } from './problem.ts';
import { EMBEDDED_SUPERUSER } from './settings.ts';

/** Where a server listens: the folder of its socket, and the number in the socket's name. */
export type Address = { readonly socketDir: string; readonly port: number };

/** Our standing connection; its socket does not keep the process alive unless `ref()` is called. */
export type Presence = { readonly client: pg.Client; readonly socket: Socket };

/** What came back from knocking: a connection counted as a presence, "not now", nothing at all, or a refusal with its sentence. */
export type Answer =
  | { readonly kind: 'present'; readonly presence: Presence }
  | { readonly kind: 'busy' }
  | { readonly kind: 'silent' }
  | { readonly kind: 'rejected'; readonly detail: string };

/** The database every cluster has; presences are counted there. */
export const EMBEDDED_DATABASE = 'postgres';

/** A living server answers a local connection within milliseconds; a second leaves room for a starved machine. */
const ANSWER_LIMIT_MS = 1000;

/** Longest wait for one of our own small statements. */
const STATEMENT_LIMIT_MS = 10_000;

/** Number of the advisory lock that counts presences: "acquit" in ASCII. */
const PRESENCE_LOCK = '107079939123572';

/** SQL states of a server that lives but takes nobody now: starting or stopping (57P03, 57P01), crashed and restarting (57P02), full (53300). */
const BUSY_STATES: ReadonlySet<string> = new Set(['57P01', '57P02', '57P03', '53300']);

function answerTo(error: unknown): Answer {
  if (!(error instanceof pg.DatabaseError)) return { kind: 'silent' };
  return BUSY_STATES.has(error.code ?? '') ? { kind: 'busy' } : { kind: 'rejected', detail: textOf(error) };
}

/**
 * Connects and takes a share of the presence lock, which lasts as long as the connection: whoever can take that lock alone is the last. A server being
 * stopped by its last user makes us wait here and then sends us away as `busy`. The connection does not keep the process alive.
 */
export async function knock(address: Address): Promise<Answer> {
  const socket = new Socket();
  const client = new pg.Client({
    host: address.socketDir,
    port: address.port,
    user: EMBEDDED_SUPERUSER,
    database: EMBEDDED_DATABASE,
    ssl: false,
    stream: () => socket,
    application_name: 'presence of acquit',
    connectionTimeoutMillis: ANSWER_LIMIT_MS,
    query_timeout: STATEMENT_LIMIT_MS,
  });
  const dropped = new Promise<Answer>((resolve) => {
    client.on('error', (error) => resolve(answerTo(error)));
  });
  const arrived = client
    .connect()
    .then(() => client.query(`select pg_advisory_lock_shared(${PRESENCE_LOCK})`))
    .then((): Answer => ({ kind: 'present', presence: { client, socket } }), answerTo);
  const answer = await Promise.race([arrived, dropped]);
  if (answer.kind === 'present') socket.unref();
  else void client.end().catch(() => null);
  return answer;
}

/** Gives up our share and tries to be alone: true when no other process is present, and none can become so until the connection ends. */
export async function isLast(client: pg.Client): Promise<boolean> {
  await client.query(`select pg_advisory_unlock_shared(${PRESENCE_LOCK})`);
  const { rows } = await client.query<{ alone: boolean }>(`select pg_try_advisory_lock(${PRESENCE_LOCK}) as alone`);
  return rows[0]?.alone === true;
}

/** How many connections of the product itself (application names beginning with "acquit") are open. */
export async function connectionsInUse(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ count: number }>(
    `select count(*)::int as count from pg_stat_activity where application_name like 'acquit%' and pid <> pg_backend_pid()`,
  );
  return rows[0]?.count ?? 0;
}
