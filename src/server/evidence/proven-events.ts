import type { ActionId } from '#core/kernel/id.ts';
import { parseHead } from '#server/audit/head-line.ts';
import type { HeadLine } from '#server/audit/head-line.ts';
import { pathOf } from '#server/audit/tree.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';

/**
 * An event with its way to the head that covers it. Its hash is sha256(previous ‖ body); `head` is the place of that head in `heads`, null while none
 * covers it; `path` leads from its hash to the head's root.
 */
export type ProvenEvent = { readonly seq: number; readonly body: string; readonly previous: string; readonly hash: string; readonly head: number | null; readonly path: readonly string[] };

/** Events and the lines of the heads that cover them. */
export type ProvenEvents = { readonly events: readonly ProvenEvent[]; readonly heads: readonly string[] };

type EventRow = { seq: string; body: string; previous_hash: Buffer; hash: Buffer; line: string | null };

/**
 * Every event of an action and of the run that proposed it. Of other events only hashes are given. Events that tell of several actions at once,
 * as they did before each had its own, are left out: they would speak of other customers.
 */
export async function readProvenEvents(t: Tenant, of: { action: ActionId; run: string }): Promise<ProvenEvents> {
  const rows = await t.rows<EventRow>(t.sql`
    select e.seq, e.body, e.previous_hash, e.hash, (select h.line from ${t.from('head_line')} h where h.seq >= e.seq order by h.seq limit 1) as line
    from ${t.from('event')} e where e.subject = any(${[`action:${of.action}`, `run:${of.run}`]}::text[]) order by e.seq`);
  const heads = [...new Set(rows.flatMap(({ line }) => (line === null ? [] : [line])))];
  const leaves = new Map<string, Buffer[]>();
  for (const line of heads) leaves.set(line, await leavesOf(t, headOf(line)));
  const events = rows.map(({ seq, body, previous_hash: previous, hash, line }): ProvenEvent => ({
    seq: Number(seq), body, previous: previous.toString('hex'), hash: hash.toString('hex'), head: line === null ? null : heads.indexOf(line),
    path: line === null ? [] : pathOf(leaves.get(line) ?? [], Number(seq) - headOf(line).from).map((one) => one.toString('hex')),
  }));
  return { events, heads };
}

function headOf(line: string): HeadLine {
  const head = parseHead(line);
  if (head === null) throw new Error('a line of the database is no head: acquit verify');
  return head;
}

async function leavesOf(t: Tenant, { from, seq }: HeadLine): Promise<Buffer[]> {
  const rows = await t.rows<{ hash: Buffer }>(t.sql`select e.hash from ${t.from('event')} e where e.seq between ${from} and ${seq} order by e.seq`);
  return rows.map((row) => row.hash);
}
