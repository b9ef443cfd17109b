import type { EInvoice } from '#core/intake/einvoice/einvoice.ts';
import type { Instant } from '#core/kernel/clock.ts';
import type { Currency } from '#core/kernel/currency.ts';
import type { Day } from '#core/kernel/day.ts';
import type { Id, ImportId } from '#core/kernel/id.ts';
import { record } from '#server/audit/record.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import type { Applying } from './derive-items.ts';
import type { DocumentId } from './einvoice/apply-einvoice.ts';
import { bookDocument } from './einvoice/book-document.ts';
import { findBuyer } from './einvoice/buyer.ts';
import { lockImports } from './import-lock.ts';

/** A stored statement. */
export type StatementId = Id<'bankStatement'>;

/** Something that an import kept apart until a person says what to do with it; amounts are minor units as texts. */
export type Review =
  | {
    readonly kind: 'statement'; readonly id: StatementId; readonly importId: ImportId; readonly fileName: string; readonly codes: readonly string[]; readonly account: string;
    readonly name: string | null; readonly from: Day | null; readonly until: Day | null; readonly currency: Currency; readonly opening: string | null; readonly closing: string | null;
    readonly movement: string; readonly lines: number;
  }
  | {
    readonly kind: 'document'; readonly id: DocumentId; readonly importId: ImportId; readonly fileName: string; readonly codes: readonly string[]; readonly number: string;
    readonly issuedOn: Day; readonly dueOn: Day | null; readonly currency: Currency; readonly due: string; readonly gross: string | null; readonly buyer: string;
  };

/** Most shown at once; a person works through them one by one. */
const REVIEWS_MAX = 500;

/** What waits for a person, oldest first. */
export async function listReviews(t: Tenant): Promise<Review[]> {
  const statements = await t.rows<Omit<Extract<Review, { kind: 'statement' }>, 'kind'>>(t.sql`
    select s.bank_statement_id as id, s.import_id as "importId", p.file_name as "fileName", array[s.review] as codes, a.account_key as account,
      coalesce(s.sequence, s.identification) as name, s.from_on as "from", s.until_on as until, s.currency, s.opening::text, s.closing::text, s.movement::text, s.line_count as lines
    from ${t.from('bank_statement')} s join ${t.from('bank_account')} a on a.bank_account_id = s.bank_account_id join ${t.from('import')} p on p.import_id = s.import_id
    where s.review is not null and s.reviewed_at is null and s.voided_at is null order by s.bank_statement_id limit ${REVIEWS_MAX}`);
  const documents = await t.rows<Omit<Extract<Review, { kind: 'document' }>, 'kind'>>(t.sql`
    select d.document_id as id, d.import_id as "importId", p.file_name as "fileName", d.review as codes, d.number, d.issued_on as "issuedOn", d.due_on as "dueOn", d.currency,
      d.due::text, d.gross::text, d.buyer_name as buyer
    from ${t.from('document')} d join ${t.from('import')} p on p.import_id = d.import_id
    where d.review <> '{}' and d.decision is null and d.voided_at is null order by d.document_id limit ${REVIEWS_MAX}`);
  return [...statements.map((one) => ({ ...one, kind: 'statement' as const })), ...documents.map((one) => ({ ...one, kind: 'document' as const }))];
}

/** Who decides, and when. */
export type Reviewer = { readonly now: Instant; readonly today: Day; readonly actor: string };

/** A person looked at a statement that does not balance or bears a number twice: its lines count from now on. False when none waits. */
export async function acceptStatement(t: Tenant, id: StatementId, by: Reviewer): Promise<boolean> {
  const done = await t.one<{ import_id: string; review: string }>(t.sql`
    ${t.update('bank_statement', 's')} set reviewed_at = ${by.now}::timestamptz, reviewed_by = ${by.actor}
    where ${t.own('s')} and s.bank_statement_id = ${id}::bigint and s.review is not null and s.reviewed_at is null and s.voided_at is null returning s.import_id, s.review`);
  if (done === null) return false;
  await record(t, { at: by.now, actor: by.actor, kind: 'statement.accepted', subject: `import:${done.import_id}`, facts: { statement: id, review: done.review } });
  return true;
}

type Held = {
  import_id: ImportId; number: string; kind: EInvoice['kind']; issued_on: Day; currency: Currency; due: string; gross: string | null; review: string[];
  details: { dueDates: { on: Day; minor: string | null }[]; proposedDueOn: Day | null; buyer: EInvoice['buyer'] };
};

/**
 * A person decides about an invoice kept apart: accepted, what it asks for is owed as written; discarded, it stays on file and nothing is
 * owed of it. False when none waits. Undoing its import takes either back.
 */
export async function decideDocument(t: Tenant, id: DocumentId, of: { decision: 'accepted' | 'discarded'; by: Reviewer }): Promise<boolean> {
  await lockImports(t, 'single');
  const held = await t.one<Held>(t.sql`
    select d.import_id, d.number, d.kind, d.issued_on, d.currency, d.due::text, d.gross::text, d.review, d.details from ${t.from('document')} d
    where d.document_id = ${id}::bigint and d.review <> '{}' and d.decision is null and d.voided_at is null for update`);
  if (held === null) return false;
  const { decision, by } = of;
  const customerId = decision === 'accepted' ? await book(t, held, by) : null;
  await t.run(t.sql`
    ${t.update('document', 'd')} set decision = ${decision}, reviewed_at = ${by.now}::timestamptz, reviewed_by = ${by.actor}, customer_id = ${customerId}::bigint
    where ${t.own('d')} and d.document_id = ${id}::bigint`);
  await record(t, { at: by.now, actor: by.actor, kind: `document.${decision}`, subject: `import:${held.import_id}`, facts: { document: id, number: held.number, review: held.review } });
  return true;
}

async function book(t: Tenant, held: Held, by: Reviewer): Promise<string> {
  const { details } = held;
  const due = BigInt(held.due);
  const gross = held.gross === null ? null : BigInt(held.gross);
  const applying: Applying = {
    importId: held.import_id, source: `einvoice:${held.number}`.slice(0, 200), today: by.today, now: by.now, actor: by.actor, terms: null, coversFrom: held.issued_on, coversUntil: held.issued_on, lines: 1, older: false,
  };
  const { number, kind, currency } = held;
  const buyer = await findBuyer(t, applying, { number, kind, currency, totals: { due, gross }, buyer: details.buyer });
  // Money that we owe on an invoice is a credit of the customer, whatever the document is called.
  const owedByUs = due < 0n;
  await bookDocument(t, applying, {
    document: {
      number, currency, issuedOn: held.issued_on, kind: owedByUs ? (kind === 'creditNote' ? 'invoice' : 'creditNote') : kind, due: owedByUs ? -due : due, gross,
      dueDates: owedByUs ? [] : details.dueDates.map((one) => ({ on: one.on, minor: one.minor === null ? null : BigInt(one.minor) })), proposedDueOn: details.proposedDueOn,
    },
    customerId: buyer.customerId, code: buyer.code,
  });
  return buyer.customerId;
}
