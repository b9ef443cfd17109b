import { spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { must } from '#core/kernel/result.ts';
import { openEmbedded } from '#server/plumbing/embedded/server.ts';
import type { EmbeddedServer } from '#server/plumbing/embedded/server.ts';
import { familyOf, killAll, postmasterOf } from '#server/plumbing/embedded/testing/harness.ts';
import { migrate } from '#server/plumbing/migrate.ts';
import { ensureLogin } from '#server/plumbing/open-database.ts';
import type { Site } from './installation.ts';

/** A database server of the harness's own, which it may mistreat. */
export type SiteServer = {
  readonly name: string;
  readonly site: Site;
  /** Ends every process of the server at once, as a power cut would, with whatever else is given. */
  crash(others?: readonly number[]): Promise<void>;
  /** Starts it again; gives the seconds until it answers. */
  start(): Promise<number>;
  close(): Promise<void>;
};

/** Which server. */
export type SiteKind = 'embedded' | 'server';

const DATABASE = 'acquit_kills';
const LOGIN = 'acquit_kills_login';
const DEBIAN = '/usr/lib/postgresql';
/** Only names the socket's file: nothing listens on the network. */
const PORT = 5433;
const PATIENCE_MS = 60_000;

/** Makes the database of a server that answers, migrated, with a login that owns nothing. */
async function prepare(maintenance: pg.ClientConfig): Promise<Site> {
  const first = new pg.Client({ ...maintenance, database: 'postgres' });
  await first.connect();
  await first.query(`create database ${DATABASE}`);
  await first.end();
  const owner = { ...maintenance, database: DATABASE };
  const client = new pg.Client(owner);
  await client.connect();
  await migrate(client);
  await ensureLogin(client, { user: LOGIN });
  await client.end();
  return { owner, login: { host: maintenance.host ?? '', port: maintenance.port ?? PORT, database: DATABASE, user: LOGIN } };
}

async function gone(pids: readonly number[]): Promise<void> {
  const until = performance.now() + PATIENCE_MS;
  while (pids.some((pid) => existsSync(`/proc/${pid}/exe`)) && performance.now() < until) await sleep(5);
}

/** The embedded server of the product, in a folder given or of its own. */
export async function embeddedSite(given?: string): Promise<SiteServer> {
  const folder = given ?? (await mkdtemp(join(tmpdir(), 'acquit-kills-db-')));
  const open = async (): Promise<EmbeddedServer> => must(await openEmbedded({ dataDir: folder, log: () => undefined }));
  let server = await open();
  const site = await prepare({ host: server.host, port: server.port, user: server.superuser });
  return {
    name: 'embedded PostgreSQL', site,
    crash: async (others = []) => {
      const pid = await postmasterOf(folder);
      const family = pid === null ? [] : await familyOf(pid);
      killAll([...family, ...others]);
      await gone(family);
    },
    start: async () => {
      const began = performance.now();
      server = await open();
      return (performance.now() - began) / 1000;
    },
    close: async () => {
      await server.close();
      const pid = await postmasterOf(folder);
      if (pid !== null) {
        const family = await familyOf(pid);
        killAll(family);
        await gone(family);
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const idOf = (flag: string): number => Number(spawnSync('id', [flag, 'postgres']).stdout.toString().trim());

/** A cluster of Debian's PostgreSQL, made for this run. */
export async function serverSite(): Promise<SiteServer> {
  const [version] = existsSync(DEBIAN) ? readdirSync(DEBIAN).toSorted((a, b) => Number(b) - Number(a)) : [];
  if (version === undefined) throw new Error('no Debian PostgreSQL here: apt-get install postgresql');
  const folder = await mkdtemp(join(tmpdir(), 'acquit-kills-db-'));
  const root = process.getuid?.() === 0;
  if (root) chownSync(folder, idOf('-u'), idOf('-g'));
  const data = join(folder, 'data');
  mkdirSync(data, { mode: 0o700 });
  if (root) chownSync(data, idOf('-u'), idOf('-g'));
  const run = (name: string, ...words: string[]): number => {
    const program = join(DEBIAN, version, 'bin', name);
    const [file, args] = root ? ['runuser', ['-u', 'postgres', '--', program, ...words]] : [program, words];
    const began = performance.now();
    const done = spawnSync(file, args, { stdio: ['ignore', 'ignore', 'inherit'], cwd: folder });
    if (done.status !== 0) throw new Error(`${name} failed`);
    return (performance.now() - began) / 1000;
  };
  const start = (): number => run('pg_ctl', '-D', data, '-w', '-l', join(folder, 'log'), '-o', `-k ${folder} -p ${PORT} -c listen_addresses=''`, 'start');
  run('initdb', '-D', data, '-A', 'trust', '-U', 'postgres', '-E', 'UTF8', '--locale=C');
  start();
  const site = await prepare({ host: folder, port: PORT, user: 'postgres' });
  const stop = (): void => {
    if (existsSync(join(data, 'postmaster.pid'))) run('pg_ctl', '-D', data, '-w', '-m', 'immediate', 'stop');
  };
  return {
    name: `Debian PostgreSQL ${version}`, site,
    crash: async (others = []) => {
      killAll(others);
      stop();
    },
    start: async () => start(),
    close: async () => {
      stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A server of a kind. */
export const openSite = (kind: SiteKind): Promise<SiteServer> => (kind === 'server' ? serverSite() : embeddedSite());
