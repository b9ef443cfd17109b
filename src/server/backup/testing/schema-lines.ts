/** What the schema is made of, to compare: constraints, indexes, triggers and whether they fire, row policies, rights. */
export const SCHEMA = `
  select 'constraint ' || conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) || convalidated as line from pg_constraint where connamespace = 'public'::regnamespace
  union all select 'index ' || indexdef from pg_indexes where schemaname = 'public'
  union all select 'trigger ' || tgenabled::text || ' ' || pg_get_triggerdef(t.oid) from pg_trigger t join pg_class c on c.oid = tgrelid where not tgisinternal and c.relnamespace = 'public'::regnamespace
  union all select 'policy ' || tablename || policyname || qual || with_check from pg_policies where schemaname = 'public'
  union all select 'table ' || relname || relrowsecurity || relforcerowsecurity from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'
  union all select 'right ' || table_name || ' ' || privilege_type from information_schema.role_table_grants where table_schema = 'public' and grantee = 'acquit_app'
  order by 1`;
