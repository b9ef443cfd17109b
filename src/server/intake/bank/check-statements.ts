import { problem, quoted } from '#core/intake/problems.ts';
import type { Currency } from '#core/kernel/currency.ts';
import { currencyDigits } from '#core/kernel/currency.ts';
import type { Day } from '#core/kernel/day.ts';
import type { ImportId } from '#core/kernel/id.ts';
import { decimalMinor } from '#core/kernel/money.ts';
import type { Problem } from '#core/kernel/problem.ts';
import type { Bilingual } from '#core/kernel/text.ts';
import type { SqlPiece, Tenant } from '#server/plumbing/tenant.ts';

type Neighbour = { line: string; name: string | null; currency: Currency; opening: string; from_on: Day; former_closing: string; former_until: Day };

/** What only shows beside the statements of earlier files: a page missing between two, or one number given to two different statements. */
export async function checkStatements(t: Tenant, importId: ImportId): Promise<Problem[]> {
  const gaps = await t.rows<Neighbour>(t.sql`
    select n.source_line::text as line, coalesce(n.sequence, n.identification) as name, n.currency, n.opening::text, n.from_on, n.former_closing::text, n.former_until
    from (
      select s.*, lag(s.closing) over account as former_closing, lag(s.until_on) over account as former_until, lag(s.import_id) over account as former_import
      from ${t.from('bank_statement')} s where s.voided_at is null and s.until_on is not null and s.from_on is not null
        and s.bank_account_id in (select o.bank_account_id from ${t.from('bank_statement')} o where o.import_id = ${importId}::bigint)
      window account as (partition by s.bank_account_id, s.currency order by s.until_on, s.from_on, s.bank_statement_id)
    ) n where n.import_id = ${importId}::bigint and n.former_import <> n.import_id and ${brought(t, t.sql`n`)} and n.opening <> n.former_closing and n.from_on >= n.former_until order by n.bank_statement_id limit 50`);
  const twice = await t.rows<{ line: string; name: string; other: string }>(t.sql`
    ${t.update('bank_statement', 's')} set review = coalesce(s.review, 'sameNumber') from ${t.from('bank_statement')} o
    where ${t.own('s')} and s.import_id = ${importId}::bigint and o.bank_account_id = s.bank_account_id and o.bank_statement_id < s.bank_statement_id and o.voided_at is null
      and (o.sequence = s.sequence or o.identification = s.identification) and o.until_on = s.until_on and o.from_on = s.from_on
      and (o.movement <> s.movement or o.line_count <> s.line_count or o.closing <> s.closing)
      and o.currency = s.currency and ${brought(t, t.sql`s`)}
      and (select p.format from ${t.from('import')} p where p.import_id = o.import_id) = (select p.format from ${t.from('import')} p where p.import_id = s.import_id)
    returning s.source_line::text as line, coalesce(s.sequence, s.identification) as name, o.import_id::text as other`);
  return [
    ...gaps.map((gap) => problem('statementGap', Number(gap.line), {
      statement: quoted(gap.name ?? gap.from_on), from: gap.former_until, until: gap.from_on, closing: amount(gap.former_closing, gap.currency), opening: amount(gap.opening, gap.currency),
    })),
    ...twice.map((row) => problem('statementNumberTwice', Number(row.line), { statement: quoted(row.name), other: row.other })),
  ];
}

/** A statement that brought at least one line the books did not have: of the others there is nothing to say. */
const brought = (t: Tenant, statement: SqlPiece): SqlPiece => t.sql`exists (select from ${t.from('bank_line')} l where l.bank_statement_id = ${statement}.bank_statement_id)`;

function amount(minor: string, currency: Currency): Bilingual {
  const text = `${decimalMinor(BigInt(minor), currencyDigits(currency))} ${currency}`;
  return { fr: text.replace('.', ','), en: text };
}
