import type { Currency } from '#core/kernel/currency.ts';
import { IMPORT_UNDONE } from '#server/ledger/gestures.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { creditWaits, lineWaits } from './waiting.ts';

/** Where the lettrage stands; sums are minor units as texts. */
export type Standing = {
  readonly lines: number;
  readonly credits: number;
  readonly sums: readonly { readonly currency: Currency; readonly minor: string }[];
  readonly placed: number;
  readonly dismissed: number;
  readonly automatic: { readonly applied: number; readonly undone: number; readonly since: string | null };
  readonly noBank: boolean;
};

/**
 * Counts what waits, was placed and was set aside, and measures what went by itself: of all that was ever placed by evidence, what a person
 * took back or a ledger lettered otherwise. Money that the ledger had booked itself is no guess and is not counted; what fell with its import is no mistake and neither is.
 */
export async function readStanding(t: Tenant): Promise<Standing> {
  const waiting = await t.rows<{ currency: Currency; lines: number; credits: number; minor: string }>(t.sql`
    select w.currency, (count(*) filter (where w.line))::int as lines, (count(*) filter (where not w.line))::int as credits, sum(w.amount)::text as minor from (
      select l.currency, l.amount, true as line from ${t.from('bank_line')} l join ${t.from('bank_statement')} s on s.bank_statement_id = l.bank_statement_id where ${lineWaits(t)}
      union all
      select i.currency, i.amount - i.allocated, false from ${t.from('item')} i where ${creditWaits(t)}
    ) w group by w.currency order by sum(w.amount) desc, w.currency`);
  const made = await t.one<{ placed: number; applied: number; undone: number; since: string | null; dismissed: number; no_bank: boolean }>(t.sql`
    select m.*, (select count(*)::int from ${t.from('bank_line')} l where l.dismissed_at is not null and l.voided_at is null) as dismissed,
      not exists (select from ${t.from('bank_statement')} s where s.voided_at is null) as no_bank
    from (
      select (count(*) filter (where m.undone_at is null))::int as placed, (count(*) filter (where m.by_itself))::int as applied,
        (count(*) filter (where m.by_itself and (m.undone_at is not null or m.overruled_by is not null)))::int as undone, min(m.made_at) filter (where m.by_itself) as since
      from (
        select m.undone_at, m.overruled_by, m.made_at, m.automatic and m.confidence is not null and m.undone_reason is distinct from ${IMPORT_UNDONE} as by_itself
        from ${t.from('match')} m where m.gesture_id is null
      ) m
    ) m`);
  return {
    lines: waiting.reduce((sum, row) => sum + row.lines, 0), credits: waiting.reduce((sum, row) => sum + row.credits, 0), sums: waiting.map(({ currency, minor }) => ({ currency, minor })),
    placed: made?.placed ?? 0, dismissed: made?.dismissed ?? 0, noBank: made?.no_bank ?? true,
    automatic: { applied: made?.applied ?? 0, undone: made?.undone ?? 0, since: made?.since ?? null },
  };
}

/** How many bank lines still wait for a person. */
export async function countLines(t: Tenant): Promise<number> {
  const row = await t.one<{ lines: number }>(t.sql`
    select count(*)::int as lines from ${t.from('bank_line')} l join ${t.from('bank_statement')} s on s.bank_statement_id = l.bank_statement_id where ${lineWaits(t)}`);
  return row?.lines ?? 0;
}
