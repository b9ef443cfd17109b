import type { Tenant } from '#server/plumbing/tenant.ts';
import type { ChainEvent } from './chain-walk.ts';

/** Events read at a time while the chain is walked; bounds the memory for a chain of millions. */
const CHAIN_PAGE = 5000;

/** Where an organisation's chain says that it ends. */
export type ChainHead = { readonly code: string; readonly seq: bigint; readonly hash: Buffer };

/** The head of the organisation's chain; null when somebody took it away. */
export async function readChainHead(t: Tenant): Promise<ChainHead | null> {
  const head = await t.one<{ code: string; seq: string; hash: Buffer }>(t.sql`
    select o.code, h.seq, h.hash from ${t.from('event_head')} h join organisation o on o.organisation_id = h.organisation_id`);
  return head === null ? null : { code: head.code, seq: BigInt(head.seq), hash: head.hash };
}

/** The installation that heads name. */
export async function readInstallation(t: Tenant): Promise<string> {
  const row = await t.one<{ id: string }>(t.sql`select i.installation_id::text as id from installation i`);
  if (row === null) throw new Error('the database has no installation row');
  return row.id;
}

type EventRow = { seq: string; body: string; previous_hash: Buffer; hash: Buffer };

/** The events after one, in their order. */
export async function* eventsAfter(t: Tenant, seq: bigint): AsyncGenerator<ChainEvent> {
  for (let after = seq; ;) {
    const page = await t.rows<EventRow>(t.sql`
      select e.seq, e.body, e.previous_hash, e.hash from ${t.from('event')} e where e.seq > ${after}::bigint order by e.seq limit ${CHAIN_PAGE}`);
    for (const row of page) yield { seq: BigInt(row.seq), body: row.body, previous: row.previous_hash, hash: row.hash };
    const last = page.at(-1);
    if (last === undefined || page.length < CHAIN_PAGE) return;
    after = BigInt(last.seq);
  }
}
