import type { PoolClient } from 'pg';
import type { MissingSend } from '#core/channels/compare-journal.ts';
import type { ServerIdentity } from '#core/channels/journal-lines.ts';
import { record } from '#server/audit/record.ts';
import { switchAllOff } from '#server/channels/webhooks/switch-off.ts';
import { placeSends, writeJournalEnds } from '#server/dunning/sent-elsewhere.ts';
import { backToProposed, dropProposals, proposalsOf } from '#server/dunning/stale-proposals.ts';
import type { Database } from '#server/plumbing/database.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { inEach, readInstallation, readKnown, skipActionNumbers, writeFreeze } from './installation.ts';
import type { Identify } from './installation.ts';
import type { InstallationStore, ThawLedger, ThawTransaction } from './installation-store.ts';

/** First key of the advisory lock under which a journal is begun. */
const BEGIN_LOCK = 4_180_013;

/** The installation in its database; a test may have another server answer than the one that does. */
export function postgresInstallation(database: Database, identify: Identify): InstallationStore {
  return {
    read: () => readInstallation(database, identify),
    known: (sends) => readKnown(database, sends),
    freeze: (of, by) => writeFreeze(database, of, by),
    noteOpened: (server) => noteOpened(database.pool, server),
    newName: () => newName(database.pool),
    noteMark: async (mark, epoch) => {
      await database.pool.query('update installation set journal_mark = $1 where frozen_at is null and epoch = $2', [mark, epoch]);
    },
    beginning: (work) => database.inTransaction(async (client) => {
      await client.query('select pg_advisory_xact_lock($1, 0)', [BEGIN_LOCK]);
      return work((server) => noteOpened(client, server));
    }),
    organisations: async () => {
      const codes = await database.pool.query<{ code: string }>('select o.code from organisation o');
      return new Set(codes.rows.map(({ code }) => code));
    },
    thaw: (work) => database.inTransaction((client) => work(thawIn(client))),
  };
}

type Queried = Pick<PoolClient, 'query'>;

async function noteOpened(client: Queried | Database['pool'], server: ServerIdentity): Promise<void> {
  await client.query('update installation set journal_server = $1 where journal_server is null', [JSON.stringify(server)]);
}

async function newName(client: Queried | Database['pool']): Promise<string> {
  const found = await client.query<{ name: string }>('select gen_random_uuid() as name');
  const [row] = found.rows;
  if (row === undefined) throw new Error('no name');
  return row.name;
}

const thawIn = (client: PoolClient): ThawTransaction => ({
  frozenEpoch: async () => {
    const row = await client.query<{ epoch: string }>('select i.epoch from installation i where i.frozen_at is not null for update');
    return row.rows[0]?.epoch ?? null;
  },
  skipActionNumbers: (upTo) => skipActionNumbers(client, upTo),
  each: (work) => inEach(client, (t, code) => work(ledgerOf(t), code)),
  newName: () => newName(client),
  end: async ({ epoch, mark, server, how, reason, by: { at, actor } }) => {
    await client.query('update installation set epoch = $1, frozen_at = null, frozen_because = null, journal_server = $2, journal_mark = $3', [epoch, JSON.stringify(server), mark]);
    await client.query('update installation_freeze set ended_at = $1, ended_by = $2, ended_how = $3, ended_reason = $4 where ended_at is null', [at, actor, how, reason]);
  },
});

const ledgerOf = (t: Tenant): ThawLedger => ({
  begunHere: (missing) => begunHere(t, missing),
  writeEnds: (ends, by) => writeJournalEnds(t, ends, by),
  place: (sends, by) => placeSends(t, sends, by),
  dropProposals: (by) => dropProposals(proposalsOf(t), by),
  backToProposed: (by) => backToProposed(proposalsOf(t), by),
  switchWebhooksOff: ({ now, actor }) => switchAllOff(t, { because: 'restored', at: now, actor }),
  record: async (event) => {
    await record(t, { ...event, subject: 'sending' });
  },
});

async function begunHere(t: Tenant, missing: readonly MissingSend[]): Promise<MissingSend[]> {
  const ended = missing.filter(({ end }) => end !== null);
  if (ended.length === 0) return [];
  const rows = await t.rows<{ ref: string }>(t.sql`
    select n.ref from unnest(${ended.map(({ ref }) => ref)}::text[], ${ended.map(({ action }) => action)}::bigint[], ${ended.map(({ fence }) => fence)}::int[],
      ${ended.map(({ send }) => send?.actionKey ?? null)}::text[], ${ended.map(({ send }) => send?.sha256 ?? null)}::text[]) as n(ref, action_id, fence, action_key, sha256)
    join ${t.from('send_attempt')} s on s.action_id = n.action_id and s.fence = n.fence and (s.started_at is not null or s.outcome = 'released')
    join ${t.from('action')} a on a.action_id = s.action_id left join ${t.from('message')} m on m.action_id = s.action_id
    where n.action_key is null or a.action_key = n.action_key and (m.erased_at is not null or encode(coalesce(m.mime_sha256, m.pdf_sha256), 'hex') = n.sha256)`);
  const found = new Set(rows.map(({ ref }) => ref));
  return ended.filter(({ ref }) => found.has(ref));
}
