import { createHmac } from 'node:crypto';
import pg from 'pg';
import { err, ok } from '#core/kernel/result.ts';
import type { Result } from '#core/kernel/result.ts';
import type { Bilingual } from '#core/kernel/text.ts';
import { Database } from './database.ts';
import { openEmbedded } from './embedded/server.ts';
import type { Log } from './log.ts';
import { loggableError } from './log.ts';
import { migrate } from './migrate.ts';
import type { Settings } from './settings.ts';

/** Group role that holds the grants (see db/migrations); the login role is a member of it and owns nothing. */
const GROUP_ROLE = 'acquit_app';
const EMBEDDED_LOGIN = 'acquit_login';

/** An open database and how to let go of it (an embedded server stops with its last user). */
export type OpenDatabase = { readonly database: Database; readonly embedded: boolean; close(): Promise<void> };

/** Why the database cannot be had, in a sentence for the person who starts the program. */
export type DatabaseProblem = { readonly code: string; readonly message: Bilingual };

/** The connection of the role that owns the tables, on a server that answers; nothing was migrated. */
export type OpenOwner = { readonly config: pg.ClientConfig; readonly embedded: boolean; close(): Promise<void> };

/** Opens the server of a data folder or of DATABASE_URL as the owner and leaves the database as it is: for backups, which are made before an upgrade, and restores. */
export async function openOwner(settings: Settings, dataDir: string, log: Log): Promise<Result<OpenOwner, DatabaseProblem>> {
  const owner = settings.DATABASE_URL === undefined ? await embeddedOwner(dataDir, log) : ok(serverOwner(settings, settings.DATABASE_URL));
  if (!owner.ok) return owner;
  const { config, embedded } = owner.value;
  const reached = await attempt(config, log, async (client) => void (await client.query('select 1')));
  if (reached.ok) return ok({ config, embedded, close: () => owner.value.close() });
  await owner.value.close();
  return reached;
}

type Owner = { readonly config: pg.ClientConfig; readonly login: pg.PoolConfig; readonly embedded: boolean; close(): Promise<void> };

/** Opens the embedded database of a data folder, or the server of DATABASE_URL; migrates it and connects as the login role. */
export async function openDatabase(settings: Settings, dataDir: string, log: Log): Promise<Result<OpenDatabase, DatabaseProblem>> {
  const owner = settings.DATABASE_URL === undefined ? await embeddedOwner(dataDir, log) : ok(serverOwner(settings, settings.DATABASE_URL));
  if (!owner.ok) return owner;
  const { config, login, embedded } = owner.value;
  const prepared = await prepare(config, { login, manageLogin: settings.ACQUIT_DATABASE_APP_URL === undefined }, log);
  if (!prepared.ok) {
    await owner.value.close();
    return prepared;
  }
  const database = new Database(login);
  return ok({
    database,
    embedded,
    close: async () => {
      await database.close();
      await owner.value.close();
    },
  });
}

async function embeddedOwner(dataDir: string, log: Log): Promise<Result<Owner, DatabaseProblem>> {
  const opened = await openEmbedded({
    dataDir,
    log: ({ level, msg, ...facts }) => log[level]({ part: 'postgres', ...facts }, msg),
  });
  if (!opened.ok) return opened;
  const server = opened.value;
  const at = { host: server.host, port: server.port };
  return ok({
    config: { ...at, user: server.superuser, database: 'acquit', application_name: 'acquit-owner' },
    login: { ...at, user: EMBEDDED_LOGIN, database: 'acquit' },
    embedded: true,
    close: () => server.close(),
  });
}

function serverOwner(settings: Settings, url: string): Owner {
  const appUrl = settings.ACQUIT_DATABASE_APP_URL;
  const login = appUrl === undefined ? derivedLogin(url) : { connectionString: appUrl };
  return { config: { connectionString: url, application_name: 'acquit-owner' }, login, embedded: false, close: async () => undefined };
}

/** The login made from the owner's address: its own role for the database, its password derived so that every process finds it. */
function derivedLogin(url: string): pg.PoolConfig {
  const owner = new pg.Client({ connectionString: url });
  const database = owner.database ?? 'acquit';
  const secret = typeof owner.password === 'string' ? owner.password : '';
  return {
    host: owner.host, port: owner.port, database, ssl: owner.ssl,
    user: `acquit_login_${database}`.slice(0, 63),
    password: createHmac('sha256', `acquit login role:${secret}`).update(database).digest('hex'),
  };
}

type LoginPlan = { login: pg.PoolConfig; manageLogin: boolean };

async function prepare(config: pg.ClientConfig, { login, manageLogin }: LoginPlan, log: Log): Promise<Result<null, DatabaseProblem>> {
  return attempt(config, log, async (owner) => {
    const applied = await migrate(owner);
    if (applied.length > 0) log.info({ part: 'database', applied }, 'migrated');
    if (manageLogin) await ensureLogin(owner, login);
  });
}

/** Does something as the owner; what goes wrong is a sentence about the database that cannot be had. */
async function attempt(config: pg.ClientConfig, log: Log, work: (owner: pg.Client) => Promise<void>): Promise<Result<null, DatabaseProblem>> {
  try {
    await createIfMissing(config);
    const owner = new pg.Client(config);
    await owner.connect();
    try {
      await work(owner);
    } finally {
      await owner.end();
    }
    return ok(null);
  } catch (error) {
    log.error({ part: 'database', error: loggableError(error) }, 'database cannot be had');
    const detail = error instanceof Error ? error.message : String(error);
    return err({
      code: 'database.unavailable',
      message: {
        fr: `La base de données n'est pas accessible : ${detail}. Vérifiez DATABASE_URL, le serveur et les droits du rôle.`,
        en: `The database cannot be had: ${detail}. Check DATABASE_URL, the server and the rights of the role.`,
      },
    });
  }
}

/** The embedded server is born with only its maintenance database; a server's database is made by its administrator. */
async function createIfMissing(config: pg.ClientConfig): Promise<void> {
  if (config.database === undefined) return;
  const maintenance = new pg.Client({ ...config, database: 'postgres' });
  await maintenance.connect();
  try {
    const found = await maintenance.query('select from pg_database where datname = $1', [config.database]);
    if (found.rowCount === 0) await maintenance.query(`create database ${maintenance.escapeIdentifier(config.database)}`);
  } catch (error) {
    // Two processes may create it at the same instant; the loser's error says that it is there.
    if (!(error instanceof pg.DatabaseError && (error.code === '42P04' || error.code === '23505'))) throw error;
  } finally {
    await maintenance.end();
  }
}

/** Creates or refreshes the login role. Role statements take no parameters, hence the driver's own quoting. */
export async function ensureLogin(owner: pg.Client, login: pg.PoolConfig): Promise<void> {
  const user = login.user ?? EMBEDDED_LOGIN;
  const name = owner.escapeIdentifier(user);
  await owner.query('select pg_advisory_lock(4180002)');
  try {
    const found = await owner.query('select from pg_roles where rolname = $1', [user]);
    const password = typeof login.password === 'string' ? ` password ${owner.escapeLiteral(login.password)}` : '';
    if (found.rowCount === 0) await owner.query(`create role ${name} login${password} in role ${GROUP_ROLE}`);
    else if (password !== '') await owner.query(`alter role ${name}${password}`);
  } finally {
    await owner.query('select pg_advisory_unlock(4180002)');
  }
}
