import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { must } from '#core/kernel/result.ts';
import { openEmbedded } from '#server/plumbing/embedded/server.ts';
import { migrate } from '#server/plumbing/migrate.ts';
import { ensureLogin } from '#server/plumbing/open-database.ts';
import { startDebianServer } from '../tools/debian-server.ts';

/** Where the benchmarks run: a server, and the login role that owns nothing. Plain JSON, so that each figure's process can be told. */
export type Place = { readonly owner: pg.ClientConfig; readonly login: pg.PoolConfig; readonly embedded: boolean };

/** An open place and how to leave it. */
export type OpenPlace = { readonly place: Place; close(): Promise<void> };

const TEMPLATE = 'acquit_bench_template';
const LOGIN = 'acquit_bench_login';
/** Trust of the local socket needs no password; a server of DATABASE_URL does. */
const LOGIN_PASSWORD = 'only-for-benchmarks';

/** Ten workers hold up to eight connections each. */
const SERVER_CONNECTIONS = 200;

/** Opens the server of DATABASE_URL (a superuser's address), or an embedded one of its own with fsync on, removed afterwards. */
export async function openPlace(): Promise<OpenPlace> {
  return placeOn(givenServer() ?? (await embedded()));
}

/** Opens the server of DATABASE_URL, or a Debian PostgreSQL of its own with fsync on, removed afterwards; null when there is neither. */
export async function openServerPlace(): Promise<OpenPlace | null> {
  const given = givenServer();
  if (given !== null) return placeOn(given);
  const debian = startDebianServer([`max_connections=${SERVER_CONNECTIONS}`]);
  return debian === null ? null : placeOn({ ...ofUrl(debian.url), embedded: false, stop: async () => debian.stop() });
}

function givenServer(): Server | null {
  const url = process.env['DATABASE_URL'];
  return url === undefined || url === '' ? null : { ...ofUrl(url), stop: async () => undefined, embedded: false };
}

async function placeOn(server: Server): Promise<OpenPlace> {
  const maintenance = new pg.Client({ ...server.config, database: 'postgres' });
  await maintenance.connect();
  await maintenance.query(`drop database if exists ${TEMPLATE} with (force)`);
  await maintenance.query(`create database ${TEMPLATE}`);
  const owner = new pg.Client({ ...server.config, database: TEMPLATE });
  await owner.connect();
  await migrate(owner);
  const password = server.embedded ? {} : { password: LOGIN_PASSWORD };
  await ensureLogin(owner, { user: LOGIN, ...password });
  await owner.end();
  await maintenance.end();
  return {
    place: { owner: server.config, login: { ...server.config, user: LOGIN, ...password }, embedded: server.embedded },
    close: async () => {
      await inMaintenance(server.config, `drop database if exists ${TEMPLATE} with (force)`);
      await server.stop();
    },
  };
}

type Server = { config: pg.ClientConfig; embedded: boolean; stop(): Promise<void> };

async function embedded(): Promise<Server> {
  const folder = await mkdtemp(join(tmpdir(), 'acquit-bench-'));
  const server = must(await openEmbedded({ dataDir: folder, log: () => undefined }));
  return {
    config: { host: server.host, port: server.port, user: server.superuser },
    embedded: true,
    stop: async () => {
      await server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function ofUrl(url: string): Pick<Server, 'config'> {
  const { host, port, user, password } = new pg.Client({ connectionString: url });
  return { config: { host, port, ...(user === undefined ? {} : { user }), ...(typeof password === 'string' ? { password } : {}) } };
}

async function inMaintenance(config: pg.ClientConfig, sql: string): Promise<void> {
  const client = new pg.Client({ ...config, database: 'postgres' });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/** A fresh migrated database of a place for one figure; gives its name. */
export async function createFresh(place: Place): Promise<string> {
  const name = `acquit_bench_${process.pid}_${Date.now().toString(36)}`;
  await inMaintenance(place.owner, `create database ${name} template ${TEMPLATE}`);
  return name;
}

/** Removes a figure's database. */
export const dropFresh = (place: Place, name: string): Promise<void> => inMaintenance(place.owner, `drop database if exists ${name} with (force)`);
