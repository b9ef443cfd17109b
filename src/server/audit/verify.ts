import { createHash } from 'node:crypto';
import { planInBulk } from '#server/plumbing/tenant.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';

/** One named check and what it found. */
export type Check = { readonly name: string; readonly ok: boolean; readonly detail: string };

/** Events read at a time while the chain is walked; bounds the memory for a chain of millions. */
const CHAIN_PAGE = 5000;

type EventRow = { seq: string; body: string; previous_hash: Buffer; hash: Buffer };

/** Walks the event chain from its first link and says where it first does not hold, if anywhere. */
export async function verifyChain(t: Tenant): Promise<Check> {
  const head = await t.one<{ seq: string; hash: Buffer; first: Buffer }>(t.sql`
    select h.seq, h.hash, sha256(convert_to('acquit:' || o.code, 'UTF8')) as first
    from ${t.from('event_head')} h join organisation o on o.organisation_id = h.organisation_id`);
  if (head === null) return { name: 'event chain', ok: false, detail: 'no head' };
  let expected = 0n;
  let hash = head.first;
  for (;;) {
    const page = await t.rows<EventRow>(t.sql`
      select e.seq, e.body, e.previous_hash, e.hash from ${t.from('event')} e where e.seq > ${expected}::bigint order by e.seq limit ${CHAIN_PAGE}`);
    for (const event of page) {
      expected += 1n;
      const computed = createHash('sha256').update(event.previous_hash).update(event.body).digest();
      const linked = hash.equals(event.previous_hash);
      if (BigInt(event.seq) !== expected || !linked || !computed.equals(event.hash)) {
        return { name: 'event chain', ok: false, detail: `breaks at event ${expected}` };
      }
      hash = event.hash;
    }
    if (page.length < CHAIN_PAGE) break;
  }
  const whole = BigInt(head.seq) === expected && hash.equals(head.hash);
  return { name: 'event chain', ok: whole, detail: whole ? `${expected} events` : `head is at ${head.seq}, chain ends at ${expected}` };
}

/** Recomputes every stored projection and checks the named invariants; silent details when good. */
export async function verify(t: Tenant): Promise<Check[]> {
  await planInBulk(t);
  return [
    await verifyChain(t),
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
    await countCheck(t, 'message bytes match their hashes', t.sql`
      select count(*)::text as bad from ${t.from('message')} m
      where (m.mime is not null and sha256(m.mime) <> m.mime_sha256) or (m.pdf is not null and sha256(m.pdf) <> m.pdf_sha256)`),
    // Bytes can be missing in one case: the database was restored, and the send journal alone knows that they left and what their hash was.
    await countCheck(t, 'sent messages have their bytes, or their hash from the send journal', t.sql`
      select count(*)::text as bad from ${t.from('action')} a left join ${t.from('message')} m on m.action_id = a.action_id
      where (a.channel in ('email', 'letter', 'registeredLetter') and a.state in ('sent', 'delivered', 'bounced', 'replied') and m.action_id is null and not exists (
          select from ${t.from('send_attempt')} s where s.action_id = a.action_id and s.outcome = 'accepted' and s.worker = 'journal' and s.journal_sha256 is not null))
        or exists (select from ${t.from('send_attempt')} s where s.action_id = a.action_id and s.journal_sha256 is not null and (s.worker <> 'journal' or s.journal_sha256 = coalesce(m.mime_sha256, m.pdf_sha256)))`),
    await countCheck(t, 'every run decided each item once and says so', t.sql`
      select count(*)::text as bad from ${t.from('run')} r left join (
        select d.run_id, count(*) as n from ${t.from('decision')} d group by d.run_id
      ) s on s.run_id = r.run_id where r.decision_count <> coalesce(s.n, 0)`),
  ];
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
