import type pg from 'pg';
import { day } from '#core/kernel/day.ts';
import type { OrganisationId } from '#core/kernel/id.ts';
import { createOrganisation } from '#server/identity/create-organisation.ts';
import { manualClock } from '#server/plumbing/clock.ts';
import type { Database } from '#server/plumbing/database.ts';

/** The business day of every benchmark: a Monday without holiday. */
export const TODAY = day('2026-11-23');
/** The clock of that morning. */
export const CLOCK = manualClock('2026-11-23T08:00:00.000Z');
/** Customers of a dunning run, however many items: the same work as was measured on other programs. */
export const CUSTOMERS = 2000;

/** An organisation able to send letters and e-mails. */
export function givenCompany(database: Database, code = 'bench'): Promise<OrganisationId> {
  return database.inTransaction((client) => createOrganisation(client, {
    code, name: 'Ateliers Brindelune', entity: {
      legalForm: 'SAS', siren: '000000000', rcsCity: 'Nantes', address: ['12 quai des Brodeuses'], postalCode: '44000', city: 'Nantes',
      email: 'compta@ateliers-brindelune.example', iban: 'FR1420041010050500013M02606', signatory: 'Hélène Lambressac',
    },
  }, { now: CLOCK.now(), actor: 'bench' }));
}

/** What is laid out: open overdue items of some customers, and as many settled with their receipts as wanted. */
export type Layout = { readonly organisation: OrganisationId; readonly items: number; readonly settled: number; readonly customers: number };

/**
 * Open items 7 to 126 days late spread over customers with one address each, one customer in twenty paused, and settled
 * pairs of the last year; written set-based by the owner of the tables, whom no row policy slows.
 */
export async function layOut(owner: pg.Client, { organisation, items, settled, customers }: Layout): Promise<void> {
  const lay = (sql: string, more: readonly (string | number)[] = []): Promise<pg.QueryResult> => owner.query(sql, [organisation, ...more]);
  await lay(`insert into import (organisation_id, source, format, file_name, sha256, byte_size, line_count, covers_from, covers_until, status, summary, applied_at, applied_on, actor)
    values ($1, 'fec:bench', 'fec', 'bench', sha256('bench'), 1, 1, '2025-01-01', $2, 'applied', '{}', now(), $2, 'bench')`, [TODAY]);
  await lay(`insert into customer (organisation_id, code, name, account, address, postal_code, city)
    select $1, 'C' || lpad(n::text, 7, '0'), 'Client ' || n, '411000', array['1 rue des Essais'], '44000', 'Nantes' from generate_series(1, $2::int) n`, [customers]);
  await lay(`insert into contact (organisation_id, customer_id, email) select organisation_id, customer_id, lower(code) || '@client.example' from customer where organisation_id = $1`);
  await lay(`insert into hold (organisation_id, customer_id, kind, from_on, created_at, actor)
    select organisation_id, customer_id, 'pause', $2::date - 10, now(), 'bench' from customer where organisation_id = $1 and customer_id % 20 = 0`, [TODAY]);
  const columns = 'organisation_id, customer_id, side, kind, document, label, issued_on, first_seen_on, due_on, due_source, currency, amount, allocated, natural_key, import_id';
  const first = `(select min(customer_id) from customer where organisation_id = $1)`;
  await lay(`insert into item (${columns})
    select $1, ${first} + n % $3, 'debit', 'invoice', 'FA' || n, 'Facture FA' || n, $4::date - 36 - n % 120, $4::date - 36 - n % 120, $4::date - 6 - n % 120 - 1, 'terms', 'EUR', 10000 + n % 90000, 0,
      'open|' || n, 1 from generate_series(1, $2::int) n`, [items, customers, TODAY]);
  await lay(`insert into item (${columns})
    select $1, ${first} + n % $3, side, kind, piece || n, piece || n, $4::date - 60 - n % 300 + later, $4::date - 60 - n % 300 + later, case side when 'debit' then $4::date - 30 - n % 300 end,
      case side when 'debit' then 'terms' else 'none' end, 'EUR', 10000 + n % 90000, 10000 + n % 90000, side || '|' || n, 1
    from generate_series(1, $2::int) n, (values ('debit', 'invoice', 'FS', 0), ('credit', 'receipt', 'RG', 35)) s(side, kind, piece, later)`, [settled, customers, TODAY]);
  await owner.query('analyze item');
  await lay(`insert into allocation (organisation_id, debit_item_id, credit_item_id, amount, effective_on, projected, origin, import_id, recorded_at, actor)
    select $1, d.item_id, c.item_id, d.amount, c.issued_on, true, 'import', 1, now(), 'bench'
    from item d join item c on c.organisation_id = d.organisation_id and c.natural_key = replace(d.natural_key, 'debit', 'credit')
    where d.organisation_id = $1 and d.natural_key like 'debit|%' and c.voided_at is null`);
  await owner.query('vacuum analyze');
}
