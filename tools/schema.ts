import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { must } from '#core/kernel/result.ts';
import { openEmbedded } from '#server/plumbing/embedded/server.ts';
import { migrate } from '#server/plumbing/migrate.ts';

const FILE = fileURLToPath(new URL('../db/schema.sql', import.meta.url));

type Line = { line: string };

/** What a reader wants to see of the database after all migrations, from the catalog, in a stable order. */
const PARTS: readonly { title: string; sql: string }[] = [
  {
    title: 'Tables',
    sql: `select format(E'table %s\\n%s', c.relname, string_agg(format('  %s %s%s%s', a.attname, format_type(a.atttypid, a.atttypmod),
        case when a.attnotnull then ' not null' else '' end,
        case when a.attidentity <> '' then ' identity' when d.adbin is not null then ' default ' || pg_get_expr(d.adbin, d.adrelid) else '' end), E'\\n' order by a.attnum)) as line
      from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
      where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace group by c.relname order by c.relname`,
  },
  {
    title: 'Constraints',
    sql: `select format('%s: %s %s', c.conrelid::regclass, c.conname, pg_get_constraintdef(c.oid)) as line from pg_constraint c
      where c.connamespace = 'public'::regnamespace and c.contype <> 'n' order by c.conrelid::regclass::text, c.contype, c.conname`,
  },
  { title: 'Indexes', sql: `select indexdef as line from pg_indexes where schemaname = 'public' order by tablename, indexname` },
  {
    title: 'Row policies',
    sql: `select format('%s: %s %s using %s check %s%s', tablename, policyname, cmd, qual, with_check,
        case when c.relforcerowsecurity then ' (forced)' else ' (NOT FORCED)' end) as line
      from pg_policies p join pg_class c on c.relname = p.tablename and c.relnamespace = 'public'::regnamespace
      where p.schemaname = 'public' order by tablename`,
  },
  {
    title: 'Triggers',
    sql: `select pg_get_triggerdef(t.oid) as line from pg_trigger t join pg_class c on c.oid = t.tgrelid
      where not t.tgisinternal and c.relnamespace = 'public'::regnamespace order by c.relname, t.tgname`,
  },
  { title: 'Functions', sql: `select pg_get_functiondef(p.oid) as line from pg_proc p where p.pronamespace = 'public'::regnamespace order by p.proname` },
  {
    title: 'Rights of the login group',
    sql: `select format('%s: %s', table_name, string_agg(lower(privilege_type), ', ' order by privilege_type)) as line
      from information_schema.role_table_grants where grantee = 'acquit_app' and table_schema = 'public' group by table_name order by table_name`,
  },
];

async function describe(client: pg.Client): Promise<string> {
  const parts: string[] = ['-- Made by `npm run schema` from the migrations; not run by anything.\n'];
  for (const { title, sql } of PARTS) {
    const { rows } = await client.query<Line>(sql);
    parts.push(`\n-- ${title}\n`, ...rows.map((row) => `${row.line}\n`));
  }
  return parts.join('');
}

const folder = await mkdtemp(join(tmpdir(), 'acquit-schema-'));
const server = must(await openEmbedded({ dataDir: folder, fsync: false, log: () => undefined }));
try {
  const client = new pg.Client({ host: server.host, port: server.port, user: server.superuser, database: server.database });
  await client.connect();
  await migrate(client);
  const schema = await describe(client);
  await client.end();
  if (process.argv.includes('--check')) {
    const kept = await readFile(FILE, 'utf8').catch(() => '');
    if (kept !== schema) {
      process.stderr.write('db/schema.sql is not what the migrations make: run `npm run schema` and commit it.\n');
      process.exitCode = 1;
    }
  } else await writeFile(FILE, schema);
} finally {
  await server.close();
  await rm(folder, { recursive: true, force: true });
}
