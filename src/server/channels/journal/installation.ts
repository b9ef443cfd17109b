import type { PoolClient } from 'pg';
import type { DatabaseStanding, FreezeReason, KnownSend } from '#core/channels/compare-journal.ts';
import type { JournalledSend, ServerIdentity } from '#core/channels/journal-lines.ts';
import { numbersFrom } from '#core/channels/sort-missing.ts';
import type { Instant } from '#core/kernel/clock.ts';
import type { OrganisationId } from '#core/kernel/id.ts';
import { record } from '#server/audit/record.ts';
import type { Facts } from '#server/audit/record.ts';
import type { Database } from '#server/plumbing/database.ts';
import { Tenant } from '#server/plumbing/tenant.ts';
import type { Doing, Freezing } from './installation-store.ts';

/** What the installation's row says: who this database is, whether it is frozen, how far its journal was known to agree. */
export type Installation = DatabaseStanding & { readonly frozen: { readonly at: Instant; readonly because: FreezeReason } | null; readonly mark: string | null };

type Row = {
  installation_id: string; epoch: string; frozen_at: Instant | null; frozen_because: FreezeReason | null; journal_server: ServerIdentity | null; journal_mark: string | null;
  server: ServerIdentity;
};

/** Asks PostgreSQL; a test may put another answer in its place, as after a fail-over. */
export type Identify = (read: ServerIdentity) => ServerIdentity;

/** Reads the installation's row and which server answers. */
export async function readInstallation(database: Pick<Database, 'pool'>, identify: Identify = (read) => read): Promise<Installation> {
  const found = await database.pool.query<Row>(`
    select i.installation_id, i.epoch, i.frozen_at, i.frozen_because, i.journal_server, i.journal_mark, server_identity() as server from installation i`);
  const [row] = found.rows;
  if (row === undefined) throw new Error('the database has no installation row');
  return {
    installation: row.installation_id, epoch: row.epoch, server: identify(row.server), opened: row.journal_server, mark: row.journal_mark,
    frozen: row.frozen_at === null || row.frozen_because === null ? null : { at: row.frozen_at, because: row.frozen_because },
  };
}

/** Sends of one question to the database; the parameters of ten thousand take some megabytes. */
const ASKED_AT_ONCE = 10_000;

/** What the database says of sends of the journal, whichever organisation they are of. Those it does not know are left out. */
export async function readKnown(database: Pick<Database, 'pool'>, sends: readonly JournalledSend[]): Promise<KnownSend[]> {
  const known: KnownSend[] = [];
  for (let at = 0; at < sends.length; at += ASKED_AT_ONCE) {
    const part = sends.slice(at, at + ASKED_AT_ONCE);
    const found = await database.pool.query<{ ref: string; outcome: KnownSend['outcome'] }>('select k.ref, k.outcome from known_sends($1, $2, $3, $4, $5, $6) as k', [
      part.map(({ ref }) => ref), part.map(({ organisation }) => organisation), part.map(({ action }) => action), part.map(({ fence }) => fence),
      part.map(({ send }) => send?.actionKey ?? null), part.map(({ send }) => send?.sha256 ?? null),
    ]);
    for (const row of found.rows) known.push(row);
  }
  return known;
}

/** Runs work in each organisation, in the order of their numbers, within the caller's transaction. */
export async function inEach(client: PoolClient, work: (t: Tenant, code: string) => Promise<void>): Promise<void> {
  const all = await client.query<{ organisation_id: OrganisationId; code: string }>('select o.organisation_id, o.code from organisation o order by o.organisation_id');
  for (const { organisation_id: organisation, code } of all.rows) {
    await client.query(`select set_config('acquit.organisation_id', $1, true)`, [organisation]);
    await work(new Tenant(client, organisation), code);
  }
}

/** Writes the same kind of event to the chain of each organisation: it happened to all of them. */
export async function recordInEach(client: PoolClient, { at, actor }: Doing, event: { kind: string; facts: (code: string) => Facts }): Promise<void> {
  await inEach(client, (t, code) => record(t, { at, actor, kind: event.kind, subject: 'sending', facts: event.facts(code) }));
}

/** Numbers of actions go on behind this one: what another history of this database sent under them has them for ever. */
export async function skipActionNumbers(client: Pick<PoolClient, 'query'>, upTo: bigint): Promise<void> {
  if (upTo > 0n) await client.query('select skip_action_numbers($1)', [upTo.toString()]);
}

/**
 * Freezes the installation: no claim of any worker goes on after this commits. False when it was frozen already. Each organisation has its event, with the number of its own sends
 * that are not known. Runs go on meanwhile: what they propose does not take the numbers of what left, which Message-IDs and names of letters are made from.
 */
export const writeFreeze = (database: Database, of: Freezing, by: Doing): Promise<boolean> => database.inTransaction((client) => freezeWithin(client, of, by));

/** The same in the caller's transaction. */
export async function freezeWithin(client: PoolClient, { because, unknown, unproven, reason }: Freezing, by: Doing): Promise<boolean> {
  const frozen = await client.query('update installation set frozen_at = $1, frozen_because = $2 where frozen_at is null', [by.at, because]);
  if (frozen.rowCount === 0) return false;
  await client.query('insert into installation_freeze (because, frozen_at, frozen_by, reason) values ($1, $2, $3, $4)', [because, by.at, by.actor, reason]);
  await recordInEach(client, by, { kind: 'sending.frozen', facts: (code) => ({ because, unknown: unknown.filter(({ organisation }) => organisation === code).length }) });
  await skipActionNumbers(client, numbersFrom({ unproven, unknown, at: by.at }));
  return true;
}

/**
 * Freezes a database that was just restored, in the transaction of the restore: whether a journal proves what left since is looked at when somebody reconciles. A freeze that the
 * backup holds is of the time before: it proves nothing of what left after it ended there.
 */
export async function freezeRestored(client: PoolClient, by: Doing): Promise<void> {
  await client.query(`update installation_freeze set ended_at = $1, ended_by = $2, ended_how = 'restored', ended_reason = 'restored' where ended_at is null`, [by.at, by.actor]);
  await client.query('update installation set frozen_at = null, frozen_because = null');
  await freezeWithin(client, { because: 'restored', unknown: [], unproven: true, reason: null }, by);
}

/**
 * Whether nothing may be claimed. The row is held until the claim commits: a freeze waits for the claims under way, and no later one overlooks it.
 */
export async function isFrozen(t: Tenant): Promise<boolean> {
  const row = await t.one<{ frozen: boolean }>(t.sql`select i.frozen_at is not null as frozen from installation i for share`);
  return row?.frozen !== false;
}
