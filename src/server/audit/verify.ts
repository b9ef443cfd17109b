import { planInBulk } from '#server/plumbing/tenant.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { eventsAfter, readChainHead, readInstallation } from './chain-store.ts';
import { ChainWalk, firstHash, readHeads } from './chain-walk.ts';
import { fileProblem, headLines } from './heads.ts';
import { messageRules } from './verify-messages.ts';

/** One named check and what it found. */
export type Check = { readonly name: string; readonly ok: boolean; readonly detail: string };

/** What is said of a chain and of the heads that were written of it. */
export type ChainChecks = { readonly chain: Check; readonly heads: Check };

/** Walks the event chain from its first link past every head that was written of it, and says where it first does not hold, if anywhere. */
export async function verifyChain(t: Tenant): Promise<Check> {
  return (await verifyChainAndHeads(t)).chain;
}

async function verifyChainAndHeads(t: Tenant): Promise<ChainChecks> {
  const end = await readChainHead(t);
  if (end === null) return { chain: { name: 'event chain', ok: false, detail: 'no head' }, heads: { name: 'heads of the chain', ok: false, detail: 'no chain' } };
  const read = readHeads(await headLines(t), { installation: await readInstallation(t), organisation: end.code });
  const heads = { name: 'heads of the chain', ok: read.problem === null, detail: read.problem ?? `${read.heads.length} heads` };
  const walk = new ChainWalk({ seq: 0n, hash: firstHash(end.code), heads: read.heads });
  let problem: string | null = null;
  for await (const event of eventsAfter(t, 0n)) {
    problem = walk.take(event);
    if (problem !== null) break;
  }
  problem ??= walk.finish(end);
  return { chain: { name: 'event chain', ok: problem === null, detail: problem ?? `${end.seq} events` }, heads };
}

/** Recomputes every stored projection and checks the named invariants; silent details when good. `exported`: the lines of the file of heads, where there is one. */
export async function verify(t: Tenant, exported: readonly string[] | null = null): Promise<Check[]> {
  await planInBulk(t);
  const { chain, heads } = await verifyChainAndHeads(t);
  return [
    chain,
    heads,
    ...(exported === null ? [] : [await verifyExported(t, exported)]),
    await countCheck(t, 'event columns match their bodies', t.sql`
      select count(*)::text as bad from ${t.from('event')} e
      where e.body::jsonb ->> 'kind' <> e.kind or e.body::jsonb ->> 'subject' <> e.subject or e.body::jsonb ->> 'actor' <> e.actor
        or (e.body::jsonb ->> 'at')::timestamptz <> e.at`),
    await countCheck(t, 'stored allocations of items = sum of their allocations', t.sql`
      select count(*)::text as bad from (
        select side.item_id, sum(a.amount) as amount from ${t.from('allocation')} a, lateral (values (a.debit_item_id), (a.credit_item_id)) side(item_id)
        group by side.item_id
      ) s full join ${t.from('item')} i on i.item_id = s.item_id
      where i.item_id is null or i.allocated <> coalesce(s.amount, 0)`),
    await countCheck(t, 'allocations stay within both items, of one customer and currency', t.sql`
      select count(*)::text as bad from ${t.from('allocation')} a
      join ${t.from('item')} d on d.item_id = a.debit_item_id join ${t.from('item')} c on c.item_id = a.credit_item_id
      where d.side <> 'debit' or c.side <> 'credit' or d.currency <> c.currency or d.customer_id <> c.customer_id`),
    await countCheck(t, 'voided items carry no allocation', t.sql`
      select count(*)::text as bad from ${t.from('item')} i where i.voided_at is not null and i.allocated <> 0`),
    await countCheck(t, 'balance = sum of open items, per customer and currency', t.sql`
      select count(*)::text as bad from (
        select i.customer_id, i.currency,
          sum(case i.side when 'debit' then i.amount else -i.amount end) as balance,
          sum(case i.side when 'debit' then i.amount - i.allocated else i.allocated - i.amount end) as open
        from ${t.from('item')} i where i.voided_at is null group by i.customer_id, i.currency
      ) s where s.balance <> s.open`),
    await countCheck(t, 'lines of a statement that balances sum to its movement', t.sql`
      select count(*)::text as bad from ${t.from('bank_statement')} s join (
        select l.bank_statement_id, sum(l.amount) as total, count(*) as lines from ${t.from('bank_line')} l
        where l.status = 'booked' and l.voided_at is null group by l.bank_statement_id
      ) n on n.bank_statement_id = s.bank_statement_id
      where s.review is null and s.voided_at is null and s.opening is not null and s.closing is not null and n.lines = s.line_count and n.total <> s.movement`),
    // A line of several customers has a receipt of each, a return of them a refund of each; the line itself names the first one.
    await countCheck(t, 'receipts = the bank lines they came from', t.sql`
      select count(*)::text as bad from ${t.from('bank_line')} l join ${t.from('item')} i on i.item_id = l.item_id
      left join (
        select split_part(x.natural_key, '|', 1) || '|' || split_part(x.natural_key, '|', 2) as first_key, sum(x.amount) as amount, count(distinct x.currency) as currencies, count(distinct x.side) as sides
        from ${t.from('item')} x where x.voided_at is null and (x.natural_key like 'bank|%' or x.natural_key like 'return|%') group by 1) s on s.first_key = i.natural_key
      where l.voided_at is null and (i.voided_at is not null or coalesce(s.amount, i.amount) <> abs(l.amount) or i.currency <> l.currency or (i.side = 'credit') <> (l.amount > 0)
        or s.currencies > 1 or s.sides > 1)`),
    ...(await verifyActions(t)),
    ...(await verifyBytes(t)),
    await countCheck(t, 'every run decided each item once and says so', t.sql`
      select count(*)::text as bad from ${t.from('run')} r left join (
        select d.run_id, count(*) as n from ${t.from('decision')} d group by d.run_id
      ) s on s.run_id = r.run_id where r.decision_count <> coalesce(s.n, 0)`),
  ];
}

/** The bytes of messages, and what their events committed to. */
async function verifyBytes(t: Tenant): Promise<Check[]> {
  return [
    await countCheck(t, 'message bytes match their hashes', t.sql`
      select count(*)::text as bad from ${t.from('message')} m
      where (m.mime is not null and sha256(m.mime) <> m.mime_sha256) or (m.pdf is not null and sha256(m.pdf) <> m.pdf_sha256)`),
    ...(await verifyMessages(t)),
    // Bytes can be missing in one case: the database was restored, and the send journal alone knows that they left and what their hash was.
    await countCheck(t, 'sent messages have their bytes, or their hash from the send journal', t.sql`
      select count(*)::text as bad from ${t.from('action')} a left join ${t.from('message')} m on m.action_id = a.action_id
      where (a.channel in ('email', 'letter', 'registeredLetter') and a.state in ('sent', 'delivered', 'bounced', 'replied') and m.action_id is null and not exists (
          select from ${t.from('send_attempt')} s where s.action_id = a.action_id and s.outcome = 'accepted' and s.worker = 'journal' and s.journal_sha256 is not null))
        or exists (select from ${t.from('send_attempt')} s where s.action_id = a.action_id and s.journal_sha256 is not null and (s.worker <> 'journal' or s.journal_sha256 = coalesce(m.mime_sha256, m.pdf_sha256)))`),
  ];
}

async function verifyExported(t: Tenant, exported: readonly string[]): Promise<Check> {
  const problem = fileProblem(exported, await headLines(t));
  return { name: 'exported heads', ok: problem === null, detail: problem?.en ?? `${exported.length} lines` };
}

async function verifyMessages(t: Tenant): Promise<Check[]> {
  const checks: Check[] = [];
  for (const { name, query } of messageRules(t)) checks.push(await countCheck(t, name, query));
  return checks;
}

/** What must hold of actions: their amounts, and what became of them. */
async function verifyActions(t: Tenant): Promise<Check[]> {
  return [
    await countCheck(t, 'totals of actions = sum of their items', t.sql`
      select count(*)::text as bad from ${t.from('action')} a left join (
        select x.action_id, sum(x.listed_amount) as total from ${t.from('action_item')} x group by x.action_id
      ) s on s.action_id = a.action_id where a.total <> coalesce(s.total, 0)`),
    await countCheck(t, 'sent messages have an accepted attempt, and only one', t.sql`
      select count(*)::text as bad from ${t.from('action')} a left join (
        select s.action_id, count(*) filter (where s.outcome = 'accepted') as accepted from ${t.from('send_attempt')} s group by s.action_id
      ) n on n.action_id = a.action_id
      where (a.state in ('sent', 'delivered', 'bounced', 'replied') and a.channel not in ('call', 'visit', 'check') and coalesce(n.accepted, 0) <> 1)
        or (a.state in ('proposed', 'approved', 'cancelled', 'failed') and not a.test and coalesce(n.accepted, 0) <> 0)`),
    await countCheck(t, 'nothing made in test mode counts as sent', t.sql`
      select count(*)::text as bad from ${t.from('action')} a
      where a.test and (a.sent_on is not null or a.state in ('sent', 'delivered', 'bounced', 'replied'))`),
    await countCheck(t, 'what needs two persons was approved by two', t.sql`
      select count(*)::text as bad from ${t.from('action')} a
      where a.approvals_needed = 2 and a.state in ('approved', 'claimed', 'sent', 'delivered', 'bounced', 'replied', 'unknown')
        and (a.first_approved_by is null or a.approved_by is null or a.first_approved_by = a.approved_by)`),
  ];
}

async function countCheck(t: Tenant, name: string, query: Parameters<Tenant['rows']>[0]): Promise<Check> {
  const row = await t.one<{ bad: string }>(query);
  const bad = row?.bad ?? '?';
  return { name, ok: bad === '0', detail: bad === '0' ? '' : `${bad} rows do not hold` };
}
