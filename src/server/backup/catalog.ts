import type { ClientBase } from 'pg';
import type { Manifest } from './archive-format.ts';

/**
 * Tables that no backup holds: who is signed in, and links that sign somebody in. A copy that lies somewhere must open no door, and everybody signs in anew
 * after a restore, which may have taken back a change of password or of rights.
 */
export const LEFT_OUT: readonly string[] = ['session', 'sign_in_link'];

/** A table with the statements that read and write its rows as COPY text, made by the server from its own catalog. */
export type TableShape = {
  readonly name: string;
  /** Its rows belong to organisations and are read one organisation at a time, as its row policy wants. */
  readonly perOrganisation: boolean;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** Rows in the order of the primary key, texts by code point: the same rows give the same bytes on every server. */
  readonly copyOut: string;
  readonly copyIn: string;
};

/** Every table of the schema but those left out. Generated columns are computed again, not copied. */
export async function readTables(client: ClientBase): Promise<TableShape[]> {
  const found = await client.query<TableShape>(`
    with cols as (
      select a.attrelid as oid, string_agg(quote_ident(a.attname), ', ' order by a.attnum) as list,
        json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod)) order by a.attnum) as columns
      from pg_attribute a where a.attnum > 0 and not a.attisdropped and a.attgenerated = '' group by a.attrelid
    ), keys as (
      select i.indrelid as oid, string_agg(quote_ident(a.attname) || case when a.attcollation <> 0 then ' collate "C"' else '' end, ', ' order by k.place) as list
      from pg_index i, unnest(i.indkey::int2[]) with ordinality as k(attnum, place), pg_attribute a
      where i.indisprimary and a.attrelid = i.indrelid and a.attnum = k.attnum group by i.indrelid
    )
    select c.relname as name, c.relrowsecurity as "perOrganisation", cols.columns,
      format('copy (select %s from public.%I%s order by %s) to stdout', cols.list, c.relname,
        case when c.relrowsecurity then ' where organisation_id = (select public.current_organisation())' else '' end, keys.list) as "copyOut",
      format('copy public.%I (%s) from stdin', c.relname, cols.list) as "copyIn"
    from pg_class c join cols on cols.oid = c.oid left join keys on keys.oid = c.oid
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relname <> all ($1::text[]) order by c.relname collate "C"`, [LEFT_OUT]);
  const keyless = found.rows.find((one) => (one.copyOut as string | null) === null);
  if (keyless !== undefined) throw new Error(`table ${keyless.name} has no primary key`);
  return found.rows;
}

/** Where the numbers of identity columns stand. Sequences are no part of a snapshot: read after it they are never behind its rows. */
export async function readSequences(client: ClientBase): Promise<Manifest['sequences']> {
  const owned = await client.query<{ table: string; column: string; statement: string }>(`
    select c.relname as table, a.attname as column, format('select last_value::text as last, is_called as called from public.%I', s.relname) as statement
    from pg_class s join pg_depend d on d.objid = s.oid and d.classid = 'pg_class'::regclass and d.deptype = 'i'
    join pg_class c on c.oid = d.refobjid join pg_attribute a on a.attrelid = c.oid and a.attnum = d.refobjsubid
    where s.relkind = 'S' and c.relnamespace = 'public'::regnamespace order by c.relname collate "C", a.attname`);
  const sequences: Manifest['sequences'] = [];
  for (const { table, column, statement } of owned.rows) {
    const [at] = (await client.query<{ last: string; called: boolean }>(statement)).rows;
    if (at !== undefined) sequences.push({ table, column, ...at });
  }
  return sequences;
}

/** Values are written the same way whatever the server's and the role's settings; nothing ends the work for lasting. */
export async function fixSettings(client: ClientBase): Promise<void> {
  await client.query(`
    select set_config('DateStyle', 'ISO, YMD', true), set_config('TimeZone', 'UTC', true), set_config('IntervalStyle', 'postgres', true), set_config('bytea_output', 'hex', true),
      set_config('extra_float_digits', '1', true), set_config('client_encoding', 'UTF8', true), set_config('search_path', 'public', true), set_config('jit', 'off', true),
      set_config('statement_timeout', '0', true), set_config('lock_timeout', '0', true), set_config('idle_in_transaction_session_timeout', '0', true)`);
  // Known to PostgreSQL from 17 on.
  await client.query(`select set_config(name, '0', true) from pg_settings where name = 'transaction_timeout'`);
}

/** Whose rows tables kept by organisation give from now on. */
export async function lookAt(client: ClientBase, organisation: string): Promise<void> {
  await client.query(`select set_config('acquit.organisation_id', $1, true)`, [organisation]);
}
