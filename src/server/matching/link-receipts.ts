import type { Evidence } from '#core/matching/evidence.ts';
import { compactOf } from '#core/matching/segments.ts';
import type { CustomerId, ItemId } from '#core/kernel/id.ts';
import { record } from '#server/audit/record.ts';
import { IMPORT_UNDONE } from '#server/ledger/gestures.ts';
import { takeBackLinked } from '#server/ledger/receipts.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import type { By, MatchId } from './apply.ts';

/** Days between a receipt in the bank and in the ledger: value dates, and the bookkeeper's week. */
const BOOKED_APART_DAYS_MAX = 7;
/** Days within which an amount that only one line and one receipt bear is the same money. */
const SAME_MONEY_DAYS_MAX = 3;
/** Characters below which a document number inside a text proves nothing. */
const NUMBER_CHARS_MIN = 4;

/** A bank line that the ledger had booked already, and the documents its receipt pays. */
export type Linked = { readonly line: string; readonly match: MatchId; readonly receipt: ItemId; readonly customer: CustomerId; readonly evidence: readonly Evidence[] };

type Pair = {
  line: string; receipt: ItemId; customer: CustomerId; name: string; label: string | null; apart: number; booked_on: string; text: string; payer: string; documents: string[]; amount: string; currency: string;
};

/**
 * Links bank lines with receipts that a ledger brought: the same amount a few days apart, and either a document that receipt pays is named
 * by the line, or its customer is, or no other line and no other receipt bear that amount. The money is then known twice and counted once.
 * A pair that a person took apart stays apart.
 */
export async function linkLedgerReceipts(t: Tenant, by: By): Promise<Linked[]> {
  const pairs = await t.rows<Pair>(t.sql`
    select l.bank_line_id::text as line, i.item_id as receipt, i.customer_id as customer, c.name, i.label, abs(i.issued_on - l.booked_on) as apart, l.booked_on, i.amount::text, i.currency,
      concat_ws(' ', l.remittance, l.label, l.end_to_end_id, array_to_string(l.documents, ' ')) as text, concat_ws(' ', l.counterparty_name, l.ultimate_name, l.remittance) as payer,
      coalesce((select array_agg(distinct d.document) from ${t.from('allocation')} a join ${t.from('item')} d on d.item_id = a.debit_item_id
        where a.credit_item_id = i.item_id and d.document is not null), '{}') as documents
    from ${t.from('bank_line')} l join ${t.from('bank_statement')} s on s.bank_statement_id = l.bank_statement_id
    join ${t.from('item')} i on i.amount = l.amount and i.currency = l.currency and i.issued_on between l.booked_on - ${BOOKED_APART_DAYS_MAX}::int and l.booked_on + ${BOOKED_APART_DAYS_MAX}::int
    join ${t.from('customer')} c on c.customer_id = i.customer_id
    where l.item_id is null and l.dismissed_at is null and l.takes_back is null and l.voided_at is null and l.status = 'booked' and l.amount > 0
      and (s.review is null or s.reviewed_at is not null)
      and i.side = 'credit' and i.kind = 'receipt' and i.import_id is not null and i.voided_at is null
      and not exists (select from ${t.from('bank_line')} o where o.item_id = i.item_id and o.voided_at is null)
      and not exists (select from ${t.from('match')} m where m.bank_line_id = l.bank_line_id and m.credit_item_id = i.item_id and m.undone_at is not null and m.undone_reason <> ${IMPORT_UNDONE})
    order by l.booked_on, l.bank_line_id, apart, i.item_id`);
  const chosen = choose(pairs);
  if (chosen.length === 0) return [];
  return write(t, chosen, by);
}

type Chosen = { readonly pair: Pair; readonly evidence: readonly Evidence[] };

/** The surest pairs first; a line and a receipt are used once, and where two are as sure none is. */
function choose(pairs: readonly Pair[]): Chosen[] {
  const chosen: Chosen[] = [];
  const used = new Set<string>();
  for (const proves of [namesDocument, namesCustomer, isAlone(pairs)]) {
    const proved = pairs.flatMap((pair) => {
      if (used.has(pair.line) || used.has(`item ${pair.receipt}`)) return [];
      const evidence = proves(pair);
      return evidence === null ? [] : [{ pair, evidence }];
    });
    for (const one of proved) {
      const rivals = proved.filter(({ pair }) => pair !== one.pair && (pair.line === one.pair.line || pair.receipt === one.pair.receipt) && pair.apart <= one.pair.apart);
      if (rivals.length > 0) continue;
      used.add(one.pair.line).add(`item ${one.pair.receipt}`);
      chosen.push(one);
    }
  }
  return chosen;
}

const booked = (pair: Pair): Evidence => ({ code: 'ledgerReceipt', facts: { label: pair.label ?? '', days: pair.apart } });

function namesDocument(pair: Pair): Evidence[] | null {
  const text = compactOf(pair.text);
  const named = pair.documents.filter((document) => compactOf(document).length >= NUMBER_CHARS_MIN && text.includes(compactOf(document)));
  return named.length === 0 ? null : [...named.map((document): Evidence => ({ code: 'documentInText', facts: { document } })), booked(pair)];
}

function namesCustomer(pair: Pair): Evidence[] | null {
  const name = compactOf(pair.name);
  return name.length >= NUMBER_CHARS_MIN && compactOf(pair.payer).includes(name) ? [{ code: 'payerName', facts: { name: pair.name } }, booked(pair)] : null;
}

/** Only where the amount has one line and one receipt in the whole stretch of days. */
function isAlone(pairs: readonly Pair[]): (pair: Pair) => Evidence[] | null {
  const lines = Map.groupBy(pairs, ({ line }) => line);
  const receipts = Map.groupBy(pairs, ({ receipt }) => receipt);
  return (pair) => (pair.apart <= SAME_MONEY_DAYS_MAX && lines.get(pair.line)?.length === 1 && receipts.get(pair.receipt)?.length === 1 ? [booked(pair)] : null);
}

async function write(t: Tenant, chosen: readonly Chosen[], by: By): Promise<Linked[]> {
  await t.run(t.sql`
    ${t.update('bank_line', 'l')} set item_id = n.item, likely_customer_id = null
    from unnest(${chosen.map(({ pair }) => pair.line)}::bigint[], ${chosen.map(({ pair }) => pair.receipt)}::bigint[]) as n(line, item) where ${t.own('l')} and l.bank_line_id = n.line`);
  const rows = await t.rows<{ match: MatchId; line: string }>(t.sql`
    ${t.into('match', 'bank_line_id, credit_item_id, customer_id, automatic, confidence, evidence, made_at, actor')}
    select ${t.org}, n.line, n.item, n.customer, true, null, n.evidence::jsonb, ${by.now}::timestamptz, ${by.actor}
    from unnest(${chosen.map(({ pair }) => pair.line)}::bigint[], ${chosen.map(({ pair }) => pair.receipt)}::bigint[], ${chosen.map(({ pair }) => pair.customer)}::bigint[],
      ${chosen.map(({ evidence }) => JSON.stringify(evidence))}::text[]) as n(line, item, customer, evidence) order by n.line
    returning match_id as match, bank_line_id::text as line`);
  const matches = new Map(rows.map((row) => [row.line, row.match]));
  await takeBackLinked(t, { lines: chosen.map(({ pair }) => pair.line), now: by.now, actor: by.actor });
  await record(t, {
    at: by.now, actor: by.actor, kind: 'match.linked', subject: 'matches',
    facts: { matches: rows.map((row) => row.match), money: chosen.map(({ pair }) => `line:${pair.line}`), receipts: chosen.map(({ pair }) => pair.receipt) },
  });
  return chosen.flatMap(({ pair, evidence }) => {
    const match = matches.get(pair.line);
    return match === undefined ? [] : [{ line: pair.line, match, receipt: pair.receipt, customer: pair.customer, evidence }];
  });
}
