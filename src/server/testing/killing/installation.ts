import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { PoolConfig } from 'pg';
import type { OrganisationId } from '#core/kernel/id.ts';
import { Database } from '#server/plumbing/database.ts';
import { givenApproved } from './company.ts';
import type { Size } from './company.ts';
import { WorkerProcess } from './worker-process.ts';

/** A database of the harness: how workers log in, and how its owner does. */
export type Site = { readonly login: PoolConfig; readonly owner: pg.ClientConfig };

/** A company on a database with its print folder: what one run of the harness is about. */
export type Installation = {
  readonly site: Site;
  readonly database: Database;
  readonly organisation: OrganisationId;
  readonly dataDir: string;
  /** Folder of the send journal: the same for all companies of a database, as it is theirs together. */
  readonly journal: string;
  /** The owner's statements, for what nobody in the product may do: see what is stored, move a time. Connects again when the server was away. */
  owner<Row extends pg.QueryResultRow>(sql: string, values?: readonly unknown[]): Promise<Row[]>;
  /** Waits until the database has seen a process go. */
  backendsGone(worker: WorkerProcess): Promise<void>;
  loginOf(worker: string): PoolConfig;
  close(): Promise<void>;
};

const GONE_MS = 30_000;
const LOOK_MS = 3;

const journals = new Map<string, { readonly folder: string; users: number }>();

async function journalOf({ login }: Site): Promise<{ folder: string; leave(forget: () => Promise<unknown>): Promise<void> }> {
  const key = `${String(login.host)}:${String(login.port)}/${String(login.database)}`;
  const known = journals.get(key) ?? { folder: await mkdtemp(join(tmpdir(), 'acquit-kills-journal-')), users: 0 };
  journals.set(key, known);
  known.users += 1;
  return {
    folder: known.folder, leave: async (forget) => {
      known.users -= 1;
      if (known.users > 0) return;
      // Without it the database would be frozen for whoever comes next: it had a journal.
      await forget();
      journals.delete(key);
      await rm(known.folder, { recursive: true, force: true });
    },
  };
}

const wait = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));

/** Makes a company on a database that is migrated. */
export async function install(site: Site, size: Size, code = 'kills'): Promise<Installation> {
  const database = new Database({ ...site.login, application_name: 'acquit-harness' });
  const dataDir = await mkdtemp(join(tmpdir(), 'acquit-kills-'));
  const journal = await journalOf(site);
  const organisation = await givenApproved(database, size, code);
  let client: pg.Client | null = null;
  const connected = async (): Promise<pg.Client> => {
    if (client !== null) return client;
    const fresh = new pg.Client({ ...site.owner, application_name: 'acquit-harness-owner' });
    fresh.on('error', () => {
      if (client === fresh) client = null;
    });
    await fresh.connect();
    client = fresh;
    return fresh;
  };
  const owner = async <Row extends pg.QueryResultRow>(sql: string, values: readonly unknown[] = []): Promise<Row[]> => (await (await connected()).query<Row>(sql, [...values])).rows;
  await owner('analyze');
  return {
    site, database, organisation, dataDir, journal: journal.folder, owner,
    loginOf: (worker) => ({ ...site.login, application_name: `acquit-${organisation}-${worker}` }),
    backendsGone: async (worker) => {
      for (let waited = 0; waited < GONE_MS; waited += LOOK_MS) {
        const left = await owner('select pid from pg_stat_activity where datname = current_database() and application_name = $1', [`acquit-${organisation}-${worker.name}`]);
        if (left.length === 0) return;
        await wait(LOOK_MS);
      }
      throw new Error(`a connection of ${worker.name} outlives it`);
    },
    close: async () => {
      await journal.leave(() => owner('update installation set journal_server = null, journal_mark = null'));
      await client?.end();
      await database.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
