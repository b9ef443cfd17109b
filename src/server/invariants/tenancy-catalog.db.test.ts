import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TENANT_TABLES } from '#server/plumbing/tenant.ts';
import { testDatabase } from '#server/testing/database.ts';
import type { TestDatabase } from '#server/testing/database.ts';

/** Tables that stand above organisations, and why: they are read before one is known. */
const DIRECTORY = ['app_user', 'installation', 'installation_freeze', 'membership', 'organisation', 'schema_migration', 'session', 'sign_in_link'];

let db: TestDatabase;
let owner: pg.Client;
beforeAll(async () => {
  db = await testDatabase();
  owner = await db.owner();
});
afterAll(async () => {
  await owner.end();
  await db.drop();
});

const names = async (sql: string, values: readonly unknown[] = []): Promise<string[]> => (await owner.query<{ name: string }>(sql, [...values])).rows.map((row) => row.name);
const TABLES = `select c.oid, c.relname, c.relrowsecurity, c.relforcerowsecurity from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')`;
const TENANT = `${TABLES} and c.relname <> all (array['${DIRECTORY.join("','")}'])`;

/** Each rule gives the names of what breaks it. */
const RULES: Readonly<Record<string, string>> = {
  'a table of a tenant has organisation_id, not null, a bigint': `
    select t.relname as name from (${TENANT}) t where not exists (
      select from pg_attribute a where a.attrelid = t.oid and a.attname = 'organisation_id' and a.attnotnull and a.atttypid = 'bigint'::regtype)`,
  'row level security is on, and forced on the owner': `select t.relname as name from (${TENANT}) t where not (t.relrowsecurity and t.relforcerowsecurity)`,
  'exactly one policy, for every command and role, that reads and writes only the organisation set': `
    select t.relname as name from (${TENANT}) t where (
      select count(*) filter (where p.polcmd = '*' and p.polpermissive and p.polroles = '{0}'
        and pg_get_expr(p.polqual, p.polrelid) ~ '^\\(organisation_id = \\( SELECT current_organisation\\(\\)' and pg_get_expr(p.polwithcheck, p.polrelid) = pg_get_expr(p.polqual, p.polrelid))
        is distinct from 1 or count(*) <> 1
      from pg_policy p where p.polrelid = t.oid)`,
  'organisation_id leads the primary key, every unique index and every other index': `
    select i.indexrelid::regclass::text as name from pg_index i join (${TENANT}) t on t.oid = i.indrelid
    where (select a.attname from pg_attribute a where a.attrelid = i.indrelid and a.attnum = i.indkey[0]) is distinct from 'organisation_id'`,
  'organisation_id leads every foreign key on both sides': `
    select k.conname as name from pg_constraint k join (${TENANT}) t on t.oid = k.conrelid
    where k.contype = 'f' and ((select a.attname from pg_attribute a where a.attrelid = k.conrelid and a.attnum = k.conkey[1]) <> 'organisation_id'
      or (select a.attname from pg_attribute a where a.attrelid = k.confrelid and a.attnum = k.confkey[1]) <> 'organisation_id')`,
  'every table of a tenant has a primary key': `select t.relname as name from (${TENANT}) t where not exists (select from pg_index i where i.indrelid = t.oid and i.indisprimary)`,
  'a view runs with the rights of who asks; there is no materialised view': `
    select c.relname as name from pg_class c where c.relnamespace = 'public'::regnamespace
      and (c.relkind = 'm' or c.relkind = 'v' and not coalesce(c.reloptions @> array['security_invoker=true'], false))`,
  'a function with its owner\'s rights fixes its search path, ends it with pg_temp, and is not everybody\'s': `
    select p.proname as name from pg_proc p where p.pronamespace = 'public'::regnamespace and p.prosecdef
      and (not exists (select from unnest(p.proconfig) c where c ~ '^search_path=.*pg_temp$') or has_function_privilege('public', p.oid, 'execute'))`,
  'the login role and its group own nothing': `
    select c.relname as name from pg_class c join pg_roles r on r.oid = c.relowner where r.rolname in ('acquit_app', $1)
    union all select p.proname from pg_proc p join pg_roles r on r.oid = p.proowner where r.rolname in ('acquit_app', $1)`,
  'the login role and its group are neither superuser nor above row policies, and cannot make roles or databases': `
    select r.rolname as name from pg_roles r where r.rolname in ('acquit_app', $1) and (r.rolsuper or r.rolbypassrls or r.rolcreaterole or r.rolcreatedb or r.rolreplication)`,
  'the login role is a member of its group and of nothing else': `
    select g.rolname as name from pg_auth_members m join pg_roles u on u.oid = m.member join pg_roles g on g.oid = m.roleid where u.rolname = $1 and g.rolname <> 'acquit_app'`,
  'nobody may create in the schema, truncate, or make triggers and references': `
    select t.relname || ' ' || p.privilege as name from (${TABLES}) t, unnest(array['TRUNCATE', 'TRIGGER', 'REFERENCES']) p(privilege) where has_table_privilege($1, t.oid, p.privilege)
    union all select 'create in public' where has_schema_privilege($1, 'public', 'create')`,
  'what is only ever added can be neither changed nor removed by the login role': `
    select t.relname || ' ' || p.privilege as name from (${TABLES}) t, unnest(array['UPDATE', 'DELETE']) p(privilege)
    where t.relname in ('event', 'head_line', 'erased_address', 'hold_comment', 'allocation', 'message', 'decision', 'scenario', 'template', 'action_item', 'import_problem', 'document_file', 'allocation_vat', 'assignment', 'segment_history') and has_table_privilege($1, t.oid, p.privilege)`,
};

async function broken(rule: string): Promise<string[]> {
  const sql = RULES[rule];
  if (sql === undefined) throw new Error(rule);
  return names(sql, sql.includes('$1') ? [db.database.pool.options.user] : []);
}

test('the tables of tenants that the program names are those of the database', async () => {
  expect((await names(`select t.relname as name from (${TENANT}) t order by 1`)).toSorted()).toEqual([...TENANT_TABLES].toSorted());
  expect(await names(`select t.relname as name from (${TABLES}) t where t.relname = any ($1) order by 1`, [DIRECTORY])).toEqual(DIRECTORY);
});

test.each(Object.keys(RULES))('%s', async (rule) => {
  expect(await broken(rule)).toEqual([]);
});

/** Planted bugs: what a hurried migration might do, and the rule that must see it. */
const PLANTED: readonly (readonly [string, string])[] = [
  ['create table forgotten (id bigint primary key)', 'a table of a tenant has organisation_id, not null, a bigint'],
  ['alter table item no force row level security', 'row level security is on, and forced on the owner'],
  ['alter table hold disable row level security', 'row level security is on, and forced on the owner'],
  ['drop policy own_organisation on customer', 'exactly one policy, for every command and role, that reads and writes only the organisation set'],
  ['create policy generous on item using (true)', 'exactly one policy, for every command and role, that reads and writes only the organisation set'],
  ['create unique index across on customer (code)', 'organisation_id leads the primary key, every unique index and every other index'],
  ['alter table contact add column other bigint, add foreign key (other) references organisation', 'organisation_id leads every foreign key on both sides'],
  ['alter table import_mapping drop constraint import_mapping_pkey', 'every table of a tenant has a primary key'],
  ['create view all_items as select * from item', 'a view runs with the rights of who asks; there is no materialised view'],
  ['create materialized view kept_items as select * from item', 'a view runs with the rights of who asks; there is no materialised view'],
  ['create function f() returns bigint language sql security definer as $$ select count(*) from item $$', 'a function with its owner\'s rights fixes its search path, ends it with pg_temp, and is not everybody\'s'],
  ['alter table run owner to acquit_app', 'the login role and its group own nothing'],
  ['alter role acquit_app bypassrls', 'the login role and its group are neither superuser nor above row policies, and cannot make roles or databases'],
  ['grant truncate on event to acquit_app', 'nobody may create in the schema, truncate, or make triggers and references'],
  ['grant create on schema public to acquit_app', 'nobody may create in the schema, truncate, or make triggers and references'],
  ['grant update on allocation to acquit_app', 'what is only ever added can be neither changed nor removed by the login role'],
];

test.each(PLANTED)('planted bug: %s', async (sql, rule) => {
  await owner.query('begin');
  try {
    await owner.query(sql);
    expect((await broken(rule)).length).toBeGreaterThan(0);
  } finally {
    await owner.query('rollback');
  }
});
