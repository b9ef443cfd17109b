import type { EInvoice } from '#core/intake/einvoice/einvoice.ts';
import { amountText, problem } from '#core/intake/problems.ts';
import type { Day } from '#core/kernel/day.ts';
import type { CustomerId } from '#core/kernel/id.ts';
import type { Problem } from '#core/kernel/problem.ts';
import { dueDayOf } from '#server/ledger/due-dates.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import type { Applying } from '../derive-items.ts';

/** What of a document is owed: all that booking needs, from a file just read or from the books. */
export type Bookable = {
  readonly number: string;
  readonly kind: EInvoice['kind'];
  readonly issuedOn: Day;
  readonly currency: string;
  readonly due: bigint;
  readonly gross: bigint | null;
  /** Due days with what falls due then; null: all of it. Empty: the customer's terms say. */
  readonly dueDates: EInvoice['dueDates'];
  /** A day read in the terms text, not certain. */
  readonly proposedDueOn: Day | null;
};

/** Items made or brought up to date. */
export type Booked = { readonly debits: number; readonly credits: number; readonly dueDays: number; readonly problems: readonly Problem[] };

type Existing = { item_id: string; amount: string; due_on: Day | null; due_source: string };

/**
 * Makes the items of a document that the ledger does not have yet. Where a ledger or list brought it before, that item stays and only
 * learns its due day; a different amount there is reported and left.
 */
export async function bookDocument(t: Tenant, applying: Applying, of: { document: Bookable; customerId: CustomerId; code: string }): Promise<Booked> {
  const { document, customerId } = of;
  const side = document.kind === 'creditNote' ? 'credit' : 'debit';
  const existing = await t.rows<Existing>(t.sql`
    select i.item_id, i.amount::text, i.due_on, i.due_source from ${t.from('item')} i
    where i.customer_id = ${customerId}::bigint and i.document = ${document.number} and i.side = ${side} and i.kind <> 'refund' and i.voided_at is null`);
  if (existing.length > 0) return bringUpToDate(t, applying, { document, existing });
  if (document.due === 0n) return { debits: 0, credits: 0, dueDays: 0, problems: [] };
  return createItems(t, applying, { ...of, side });
}

async function bringUpToDate(t: Tenant, applying: Applying, of: { document: Bookable; existing: readonly Existing[] }): Promise<Booked> {
  const { document, existing } = of;
  const total = existing.reduce((sum, item) => sum + BigInt(item.amount), 0n);
  const differs = total !== document.due && total !== document.gross;
  const problems = differs ? [problem('einvoiceAmountDiffers', 0, { document: document.number, file: amountText(document.due), ledger: amountText(total) })] : [];
  const [item] = existing;
  const [due] = document.dueDates;
  const learns = existing.length === 1 && item?.due_source === 'terms' && document.dueDates.length === 1 && due !== undefined && due.on !== item.due_on;
  if (!learns) return { debits: 0, credits: 0, dueDays: 0, problems };
  await t.run(t.sql`
    ${t.into('import_change', 'import_id, relation, row_id, before')}
    values (${t.org}, ${applying.importId}::bigint, 'item', ${item.item_id}::bigint, ${JSON.stringify({ due_on: item.due_on, due_source: item.due_source })}::jsonb)`);
  const dueDays = await t.run(t.sql`
    ${t.update('item', 'i')} set due_on = ${due.on}::date, due_source = 'file' where ${t.own('i')} and i.item_id = ${item.item_id}::bigint`);
  return { debits: 0, credits: 0, dueDays, problems };
}

async function createItems(t: Tenant, applying: Applying, of: { document: Bookable; customerId: CustomerId; code: string; side: 'debit' | 'credit' }): Promise<Booked> {
  const { document, customerId, code, side } = of;
  const parts = await partsOf(t, document, { customerId, side });
  const amounts = parts.map((part) => String(part.minor));
  // The same key that the line of a ledger gets: whichever comes second finds the first.
  const keys = parts.map((part, index) => `${code}|${side}|${part.minor}|${document.number}|${parts.slice(0, index).filter((one) => one.minor === part.minor).length + 1}`);
  const made = await t.run(t.sql`
    ${t.into('item', 'customer_id, side, kind, document, label, issued_on, first_seen_on, due_on, due_source, currency, amount, natural_key, import_id, source_line')}
    select ${t.org}, ${customerId}::bigint, ${side}, ${document.kind}, ${document.number}, null, ${document.issuedOn}::date, ${applying.today}::date, n.due_on, n.source, ${document.currency},
      n.amount, n.key, ${applying.importId}::bigint, 0
    from unnest(${parts.map((part) => part.dueOn)}::date[], ${parts.map((part) => part.source)}::text[], ${amounts}::bigint[], ${keys}::text[]) as n(due_on, source, amount, key)
    where not exists (select from ${t.from('item')} i where i.natural_key = n.key and i.voided_at is null)`);
  return { debits: side === 'debit' ? made : 0, credits: side === 'credit' ? made : 0, dueDays: 0, problems: [] };
}

type Part = { readonly minor: bigint; readonly dueOn: Day | null; readonly source: 'file' | 'terms' | 'none' };

/** One item per due day when the days say how much falls due; their sum is the amount due, else there is one item at the first day. */
async function partsOf(t: Tenant, document: Bookable, of: { customerId: CustomerId; side: 'debit' | 'credit' }): Promise<Part[]> {
  if (of.side === 'credit') return [{ minor: document.due, dueOn: null, source: 'none' }];
  const [first] = document.dueDates;
  if (first === undefined) {
    const dueOn = document.proposedDueOn ?? (await dueDayOf(t, of.customerId, document.issuedOn));
    return [{ minor: document.due, dueOn, source: 'terms' }];
  }
  const parts = document.dueDates.flatMap(({ on, minor }): Part[] => (minor === null || minor <= 0n ? [] : [{ minor, dueOn: on, source: 'file' }]));
  const sum = parts.reduce((all, part) => all + part.minor, 0n);
  if (parts.length === document.dueDates.length && sum === document.due) return parts;
  const earliest = document.dueDates.reduce((day, one) => (one.on < day ? one.on : day), first.on);
  return [{ minor: document.due, dueOn: earliest, source: 'file' }];
}
