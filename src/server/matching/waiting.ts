import type { Currency } from '#core/kernel/currency.ts';
import { CURRENCY_DIGITS } from '#core/kernel/currency.ts';
import type { Day } from '#core/kernel/day.ts';
import type { CustomerId, ItemId } from '#core/kernel/id.ts';
import { parseDecimal } from '#core/kernel/money.ts';
import type { Incoming } from '#core/matching/matching.ts';
import { IMPORT_UNDONE } from '#server/ledger/gestures.ts';
import type { SqlPiece, Tenant } from '#server/plumbing/tenant.ts';
import { creditIncoming } from './line-keys.ts';
import type { BankLineId } from './line-keys.ts';

/** Why money is only proposed although it might go by itself: a person took such a match back, or left it loose on purpose. */
export type Barred = 'undoneBefore' | 'leftByPerson';

/** Money to be placed, with what lists show of it and what people said of it. */
export type Waiting = {
  readonly incoming: Incoming;
  /** The bank account as people name it; null for a credit. */
  readonly account: string | null;
  /** Whose reminders wait because of it. */
  readonly likely: CustomerId | null;
  /** Customers that a person said this is not of. */
  readonly refused: readonly CustomerId[];
  readonly barred: Barred | null;
};

/** A place in a list ordered by day and number; what comes after it is asked for. */
export type After = { readonly on: Day; readonly id: string };

/** How lists of what waits are narrowed. */
export type WaitingAsked = { readonly limit: number; readonly after?: After | null; readonly search?: string };

const unplaced = (t: Tenant): SqlPiece => t.sql`
  l.item_id is null and l.dismissed_at is null and l.takes_back is null and l.voided_at is null and l.status = 'booked' and l.amount > 0
  and (s.review is null or s.reviewed_at is not null)`;

/** Money that the bank only announces from a day on, which nobody can place: whose it seems to be is asked all the same. */
const announcedSince = (t: Tenant, since: Day): SqlPiece => t.sql`
  l.item_id is null and l.voided_at is null and l.status = 'pending' and l.amount > 0 and l.booked_on >= ${since}::date and (s.review is null or s.reviewed_at is not null)`;

/** Booked money that came in and that nobody placed, of lines `l` and their statements `s`; what a person has to look at first, or said is no customer's, is left out. */
export const lineWaits = (t: Tenant): SqlPiece => t.sql`
  ${unplaced(t)} and not exists (select from ${t.from('bank_line')} b where b.takes_back = l.bank_line_id and b.voided_at is null)`;

/** Loose credits `i` beside which their customer owes something. */
export const creditWaits = (t: Tenant): SqlPiece => t.sql`
  i.side = 'credit' and i.allocated < i.amount and i.voided_at is null
  and exists (select from ${t.from('item')} d where d.customer_id = i.customer_id and d.currency = i.currency and d.side = 'debit' and d.allocated < d.amount and d.voided_at is null)`;

/** A search text as a pattern, its own wildcards meaning themselves, and as an amount in currencies of 0, 2 and 3 digits. */
type Sought = { readonly pattern: string | null; readonly whole: string | null; readonly cents: string | null; readonly mills: string | null };

const CURRENCIES = Object.entries(CURRENCY_DIGITS);
const WITHOUT_DIGITS = CURRENCIES.flatMap(([code, digits]) => (digits === 0 ? [code] : []));
const WITH_THREE_DIGITS = CURRENCIES.flatMap(([code, digits]) => (digits === 3 ? [code] : []));

/** Reads what a person typed into a search field; "1 234,5" is an amount too. */
function readSearch(text: string): Sought {
  const number = text.replaceAll(/[\s\u00A0\u202F€]/g, '').replace(',', '.');
  const minor = (currency: Currency): string | null => parseDecimal(number, currency)?.minor.toString() ?? null;
  return { pattern: text === '' ? null : `%${text.replaceAll(/[\\%_]/g, (found) => `\\${found}`)}%`, whole: minor('JPY'), cents: minor('EUR'), mills: minor('TND') };
}

/** Conditions that a search puts on texts and on one amount with its currency; true when nothing is sought. */
export function searched(t: Tenant, search: string, of: { readonly texts: SqlPiece; readonly amount: SqlPiece; readonly currency: SqlPiece }): SqlPiece {
  const { pattern, whole, cents, mills } = readSearch(search.trim());
  if (pattern === null) return t.sql`true`;
  return t.sql`(concat_ws(' ', ${of.texts}) ilike ${pattern} or ${of.amount} = case
    when ${of.currency} = any(${WITHOUT_DIGITS}::text[]) then ${whole}::bigint when ${of.currency} = any(${WITH_THREE_DIGITS}::text[]) then ${mills}::bigint else ${cents}::bigint end)`;
}

/** Columns of a bank line `l` of account `a` that say who paid and why. */
export const saidByBank = (t: Tenant): SqlPiece => t.sql`
  l.counterparty_name, l.counterparty_iban, l.ultimate_name, l.end_to_end_id, l.creditor_reference, l.mandate_id, coalesce(l.documents, '{}') as documents,
  coalesce(l.remittance, '') as remittance, coalesce(l.label, '') as label`;

/** The same as read. */
export type BankRow = {
  counterparty_name: string | null; counterparty_iban: string | null; ultimate_name: string | null; end_to_end_id: string | null; creditor_reference: string | null;
  mandate_id: string | null; documents: string[]; remittance: string; label: string;
};

/** Who paid and what is written, as matching reads it. */
export function wordsOf(row: BankRow): Pick<Incoming, 'payer' | 'references' | 'text'> {
  return {
    payer: { name: row.counterparty_name, iban: row.counterparty_iban, ultimateName: row.ultimate_name },
    references: { endToEndId: row.end_to_end_id, creditorReference: row.creditor_reference, mandateId: row.mandate_id, documents: row.documents },
    text: [row.remittance, row.label].filter((one) => one !== '').join(' '),
  };
}

/** The name of a bank account `a` that people know it by. */
export const accountName = (t: Tenant): SqlPiece => t.sql`coalesce(nullif(a.name, ''), right(coalesce(a.iban, a.other, a.account_key), 4))`;

type LineRow = BankRow & { id: string; booked_on: Day; amount: string; currency: Currency; account: string; likely: CustomerId | null; refused: CustomerId[]; undone: boolean };

type LinesAsked = WaitingAsked & { readonly line?: BankLineId; readonly returned?: boolean; readonly announcedSince?: Day };

/** Bank lines that wait, oldest first; `line` asks for one. `returned` asks for those that came back too: the ledger may know of both; `announcedSince` for those the bank only announces. */
export async function loadLines(t: Tenant, asked: LinesAsked): Promise<Waiting[]> {
  const after = asked.after ?? null;
  const search = searched(t, asked.search ?? '', {
    texts: t.sql`l.counterparty_name, l.ultimate_name, l.remittance, l.label, l.end_to_end_id, l.creditor_reference, array_to_string(l.documents, ' ')`, amount: t.sql`l.amount`, currency: t.sql`l.currency`,
  });
  const rows = await t.rows<LineRow>(t.sql`
    select l.bank_line_id::text as id, l.booked_on, l.amount::text, l.currency, ${saidByBank(t)}, ${accountName(t)} as account, l.likely_customer_id as likely, l.refused_customers as refused,
      exists (select from ${t.from('match')} m where m.bank_line_id = l.bank_line_id and m.undone_at is not null and m.undone_reason <> ${IMPORT_UNDONE}) as undone
    from ${t.from('bank_line')} l join ${t.from('bank_statement')} s on s.bank_statement_id = l.bank_statement_id join ${t.from('bank_account')} a on a.bank_account_id = l.bank_account_id
    where ${whichLines(t, asked)} and (${asked.line ?? null}::bigint is null or l.bank_line_id = ${asked.line ?? null}::bigint)
      and (${after === null} or (l.booked_on, l.bank_line_id) > (${after?.on ?? null}::date, ${after?.id ?? null}::bigint)) and ${search}
    order by l.booked_on, l.bank_line_id limit ${asked.limit}`);
  return rows.map((row) => ({
    incoming: { id: row.id, source: 'bankLine', item: null, bookedOn: row.booked_on, minor: BigInt(row.amount), currency: row.currency, customer: null, ...wordsOf(row) },
    account: row.account, likely: row.likely, refused: row.refused, barred: row.undone ? 'undoneBefore' : null,
  }));
}

function whichLines(t: Tenant, asked: LinesAsked): SqlPiece {
  if (asked.announcedSince !== undefined) return announcedSince(t, asked.announcedSince);
  return asked.returned === true ? unplaced(t) : lineWaits(t);
}

type CreditRow = BankRow & {
  item: ItemId; customer: CustomerId; issued_on: Day; open: string; currency: Currency; own_label: string | null; preceding: string[]; undone: boolean; left_by_person: boolean;
};

/** Credits that wait on their customers' accounts, oldest first, with what the bank or the credit note said of them; `item` asks for one. */
export async function loadCredits(t: Tenant, asked: WaitingAsked & { readonly item?: ItemId }): Promise<Waiting[]> {
  const after = asked.after ?? null;
  const search = searched(t, asked.search ?? '', {
    texts: t.sql`c.name, c.code, i.document, i.label, l.counterparty_name, l.remittance`, amount: t.sql`i.amount - i.allocated`, currency: t.sql`i.currency`,
  });
  const rows = await t.rows<CreditRow>(t.sql`
    select i.item_id as item, i.customer_id as customer, i.issued_on, (i.amount - i.allocated)::text as open, i.currency, i.label as own_label, ${saidByBank(t)},
      coalesce((select array_agg(distinct p.value ->> 'number') from ${t.from('document')} d, jsonb_array_elements(d.details -> 'preceding') p
        where d.customer_id = i.customer_id and d.number = i.document and d.kind = 'creditNote' and d.voided_at is null and jsonb_typeof(d.details -> 'preceding') = 'array'), '{}') as preceding,
      exists (select from ${t.from('match')} m where m.credit_item_id = i.item_id and m.bank_line_id is null and m.undone_at is not null and m.undone_reason <> ${IMPORT_UNDONE}) as undone,
      exists (select from ${t.from('match')} m where m.credit_item_id = i.item_id and m.undone_at is null and not m.automatic) as left_by_person
    from ${t.from('item')} i join ${t.from('customer')} c on c.customer_id = i.customer_id
    left join lateral (
      select l.* from ${t.from('match')} m join ${t.from('bank_line')} l on l.bank_line_id = m.bank_line_id
      where m.credit_item_id = i.item_id and m.undone_at is null and l.voided_at is null order by m.match_id limit 1
    ) l on true
    where ${creditWaits(t)} and (${asked.item ?? null}::bigint is null or i.item_id = ${asked.item ?? null}::bigint)
      and (${after === null} or (i.issued_on, i.item_id) > (${after?.on ?? null}::date, ${after?.id ?? null}::bigint)) and ${search}
    order by i.issued_on, i.item_id limit ${asked.limit}`);
  return rows.map((row) => ({ ...creditOf(row), account: null, likely: null, refused: [], barred: row.undone ? 'undoneBefore' : row.left_by_person ? 'leftByPerson' : null }));
}

function creditOf(row: CreditRow): Pick<Waiting, 'incoming'> {
  const { references, text, payer } = wordsOf(row);
  return { incoming: {
    id: creditIncoming(row.item), source: 'credit', item: row.item, bookedOn: row.issued_on, minor: BigInt(row.open), currency: row.currency, customer: row.customer, payer,
    references: { ...references, documents: [...references.documents, ...row.preceding] }, text: text === '' ? (row.own_label ?? '') : text,
  } };
}
