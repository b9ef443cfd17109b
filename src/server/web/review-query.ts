import type { DocumentReview, ReviewView, StatementReview } from '#core/api/reviews.ts';
import type { Currency } from '#core/kernel/currency.ts';
import { decimal, money } from '#core/kernel/money.ts';
import type { Bilingual } from '#core/kernel/text.ts';
import { listReviews } from '#server/intake/review.ts';
import type { Review } from '#server/intake/review.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { filesOf } from './document-files.ts';

type Statement = Extract<Review, { kind: 'statement' }>;
type Held = Extract<Review, { kind: 'document' }>;

/** Problems that say why a statement is set aside, by its own code. */
const STATEMENT_CODES: Readonly<Record<string, string>> = { unbalanced: 'intake.statementUnbalanced', sameNumber: 'intake.statementNumberTwice' };

/** What waits for a person, each with the sentences its import said it with. */
export async function readReviews(t: Tenant): Promise<ReviewView[]> {
  const reviews = await listReviews(t);
  const sentences = await sentencesOf(t, reviews);
  const files = await filesOf(t, reviews.filter((one) => one.kind === 'document').map((one) => one.id));
  return reviews.map((one) => (one.kind === 'statement' ? statementOf(one, sentences.get(one) ?? []) : { ...documentOf(one, sentences.get(one) ?? []), files: files.get(one.id) ?? [] }));
}

/** How many wait. */
export async function countReviews(t: Tenant): Promise<number> {
  const row = await t.one<{ waiting: number }>(t.sql`
    select ((select count(*) from ${t.from('bank_statement')} s where s.review is not null and s.reviewed_at is null and s.voided_at is null)
      + (select count(*) from ${t.from('document')} d where d.review <> '{}' and d.decision is null and d.voided_at is null))::int as waiting`);
  return row?.waiting ?? 0;
}

type SentenceRow = { import_id: string; code: string; line: string; fr: string; en: string };

async function sentencesOf(t: Tenant, reviews: readonly Review[]): Promise<Map<Review, Bilingual[]>> {
  const imports = [...new Set(reviews.map((one) => one.importId))];
  const rows = await t.rows<SentenceRow>(t.sql`
    select p.import_id::text, p.code, p.line::text, p.message_fr as fr, p.message_en as en from ${t.from('import_problem')} p
    where p.import_id = any(${imports}::bigint[]) order by p.import_id, p.ordinal`);
  const lines = await t.rows<{ id: string; line: string }>(t.sql`
    select s.bank_statement_id::text as id, s.source_line::text as line from ${t.from('bank_statement')} s
    where s.bank_statement_id = any(${reviews.filter((one) => one.kind === 'statement').map((one) => one.id)}::bigint[])`);
  const lineOf = new Map(lines.map((row) => [row.id, row.line]));
  const byImport = Map.groupBy(rows, (row) => row.import_id);
  return new Map(reviews.map((one) => {
    const codes = new Set(one.kind === 'statement' ? one.codes.map((code) => STATEMENT_CODES[code] ?? code) : one.codes);
    // A file of many statements says of each at its own line why it is set aside.
    const own = (byImport.get(one.importId) ?? []).filter((row) => codes.has(row.code) && (one.kind === 'document' || row.line === lineOf.get(one.id)));
    return [one, own.map(({ fr, en }) => ({ fr, en }))];
  }));
}

const textOf = (minor: string, currency: Currency): string => decimal(money(BigInt(minor), currency));
const maybeText = (minor: string | null, currency: Currency): string | null => (minor === null ? null : textOf(minor, currency));

function statementOf(one: Statement, reasons: readonly Bilingual[]): StatementReview {
  const { kind, id, importId, fileName, account, name, from, until, currency, opening, closing, movement, lines } = one;
  const difference = opening === null || closing === null ? null : String(BigInt(closing) - BigInt(opening) - BigInt(movement));
  return {
    kind, id, importId, fileName, reasons, account, name, from, until, currency, lines, opening: maybeText(opening, currency), closing: maybeText(closing, currency), movement: textOf(movement, currency),
    difference: maybeText(difference, currency),
  };
}

function documentOf(one: Held, reasons: readonly Bilingual[]): Omit<DocumentReview, 'files'> {
  const { kind, id, importId, fileName, number, issuedOn, dueOn, currency, due, gross, buyer } = one;
  return { kind, id, importId, fileName, reasons, number, buyer, issuedOn, dueOn, currency, due: textOf(due, currency), gross: maybeText(gross, currency) };
}
