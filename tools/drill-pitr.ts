import { spawn, spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { SMTPServer } from 'smtp-server';

// Point-in-time recovery, done for real (docs/operate/backup.md): a Debian PostgreSQL with a log archive, a base backup, work, more work after the
// moment to come back to, the loss of the whole server, the recovery. Everything lies in one folder that is removed at the end.

const DEBIAN = '/usr/lib/postgresql';
const PROGRAM = fileURLToPath(new URL('../bin/acquit', import.meta.url));
const PORT = 5434;
/** Between the moment to come back to and what comes after it: recovery stops at whole transactions, and two must not share an instant. */
const APART_MS = 1500;
/** Far longer than the log of the drill takes to be archived or replayed. */
const PATIENCE_MS = 120_000;
const TODAY = '2026-11-20';
/** Whom a company that really sends writes to: one before the moment to come back to, the others after it. */
const CUSTOMERS = ['C1', 'C2', 'C3'] as const;

const [version] = existsSync(DEBIAN) ? readdirSync(DEBIAN).toSorted((a, b) => Number(b) - Number(a)) : [];
if (version === undefined) {
  process.stderr.write('Aucun serveur PostgreSQL de Debian ici : apt-get install postgresql, puis relancez.\nNo Debian PostgreSQL server here: apt-get install postgresql, then start again.\n');
  process.exit(1);
}
const bin = join(DEBIAN, version, 'bin');
const folder = mkdtempSync(join(tmpdir(), 'acquit-pitr-'));
const [data, archive, base] = [join(folder, 'data'), join(folder, 'archive'), join(folder, 'base')];
const root = process.getuid?.() === 0;
const idOf = (flag: string): number => Number(spawnSync('id', [flag, 'postgres']).stdout.toString().trim());

/** Runs a program of the server as its own user; gives the seconds it took. */
function asServer(program: string, ...words: string[]): number {
  const [file, before] = root ? ['runuser', ['-u', 'postgres', '--', join(bin, program)]] : [join(bin, program), []];
  const began = performance.now();
  const done = spawnSync(file, [...before, ...words], { stdio: ['ignore', 'ignore', 'inherit'], cwd: folder });
  if (done.status !== 0) throw new Error(`${program} failed`);
  return (performance.now() - began) / 1000;
}

/** The mail server of the drill: counts what arrives. */
const received: string[] = [];
const sink = new SMTPServer({
  authOptional: true, disabledCommands: ['STARTTLS', 'AUTH'],
  onData: (stream, session, done) => {
    stream.resume().on('end', () => {
      received.push(session.envelope.rcptTo[0]?.address ?? '');
      done();
    });
  },
});

type Said = { readonly status: number | null; readonly said: unknown };

/** Runs a command of the product on this server as its plain owner. */
async function ask(...words: string[]): Promise<Said> {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('ACQUIT_') && name !== 'DATABASE_URL');
  const address = sink.server.address();
  const smtp = address === null || typeof address === 'string' ? 0 : address.port;
  const env = {
    ...Object.fromEntries(inherited), ACQUIT_LOG_LEVEL: 'fatal', DATABASE_URL: `postgres://acquit@localhost:${PORT}/acquit?host=${encodeURIComponent(folder)}`,
    ACQUIT_SMTP_URL: `smtp://127.0.0.1:${smtp}`, ACQUIT_SMTP_FROM: 'relances@duval.example',
  };
  const [command = '', ...rest] = words;
  const child = spawn(PROGRAM, [command, '--data', join(folder, 'acquit'), '--today', TODAY, '--json', ...rest], { stdio: ['ignore', 'pipe', 'inherit'], cwd: folder, env });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const said = await json(child.stdout);
  return { status: await ended, said };
}

/** The same; throws when it is refused. */
async function acquit(...words: string[]): Promise<unknown> {
  const { status, said } = await ask(...words);
  if (status !== 0) throw new Error(`acquit ${words.join(' ')}: ${JSON.stringify(said)}`);
  return said;
}

const field = (said: unknown, name: string): unknown => (typeof said === 'object' && said !== null ? Reflect.get(said, name) : undefined);
const lengthOf = (list: unknown): number => (Array.isArray(list) ? list.length : -1);

async function rows<Row extends pg.QueryResultRow>(sql: string, database = 'acquit'): Promise<Row[]> {
  const client = new pg.Client({ host: folder, port: PORT, user: 'postgres', database });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Asks until the answer is the one wanted; gives the seconds it took. */
async function until(sql: string, what: string): Promise<number> {
  const began = performance.now();
  while (performance.now() - began < PATIENCE_MS) {
    const [found] = await rows<{ ok: boolean }>(sql, 'postgres');
    if (found?.ok === true) return (performance.now() - began) / 1000;
    await sleep(50);
  }
  throw new Error(`${what}: still not after ${PATIENCE_MS / 1000} s`);
}

const settings = `
listen_addresses = ''
unix_socket_directories = '${folder}'
port = ${PORT}
wal_level = replica
archive_mode = on
archive_command = 'test ! -f ${archive}/%f && cp %p ${archive}/%f.part && mv ${archive}/%f.part ${archive}/%f'
archive_timeout = 300
`;
const start = (): number => asServer('pg_ctl', '-D', data, '-w', '-t', String(PATIENCE_MS / 1000), '-l', join(folder, 'log'), 'start');
/** What an organisation is known by: its code and where its event chain stands. */
const HEADS = `select string_agg(o.code || ':' || h.seq || ':' || encode(h.hash, 'hex'), ' ' order by o.code) as said from organisation o join event_head h using (organisation_id)`;
const heads = async (): Promise<string> => (await rows<{ said: string }>(HEADS))[0]?.said ?? '';

function expectThat(holds: boolean, what: string): void {
  process.stdout.write(`${holds ? 'ok ' : 'NO '} ${what}\n`);
  if (!holds) throw new Error(what);
}

/** A ledger of one overdue invoice for each customer. */
function ledger(): string {
  const head = 'JournalCode|JournalLib|EcritureNum|EcritureDate|CompteNum|CompteLib|CompAuxNum|CompAuxLib|PieceRef|PieceDate|EcritureLib|Debit|Credit|EcritureLet|DateLet|ValidDate|Montantdevise|Idevise';
  const lines = CUSTOMERS.flatMap((code, index) => {
    const [entry, document] = [`VT|Ventes|${index + 1}|20260905`, `FA-${code}|20260905|Facture FA-${code}`];
    return [`${entry}|411000|Clients|${code}|Client ${code}|${document}|120,00|0,00|||20260905||`, `${entry}|707000|Ventes|||${document}|0,00|120,00|||20260905||`];
  });
  return [head, ...lines, ''].join('\r\n');
}

async function layOut(): Promise<number> {
  for (const each of [archive, base]) {
    mkdirSync(each, { mode: 0o700 });
    if (root) chownSync(each, idOf('-u'), idOf('-g'));
  }
  asServer('initdb', '-D', data, '-A', 'trust', '-U', 'postgres', '-E', 'UTF8', '--locale=C', '-k');
  writeFileSync(join(data, 'postgresql.auto.conf'), settings);
  start();
  await rows('create role acquit login createrole', 'postgres');
  await rows('create database acquit owner acquit', 'postgres');
  await acquit('demo', '--org', 'avant');
  writeFileSync(join(folder, '732829320FEC20261231.txt'), ledger());
  writeFileSync(join(folder, 'clients.csv'), `Code client;Nom du client;E-mail\n${CUSTOMERS.map((code) => `${code};Client ${code};compta@${code.toLowerCase()}.example\n`).join('')}`);
  for (const file of ['732829320FEC20261231.txt', 'clients.csv']) await acquit('import', join(folder, file), '--org', 'duval');
  return asServer('pg_basebackup', '-h', folder, '-p', String(PORT), '-U', 'postgres', '-D', base, '-c', 'fast', '-X', 'stream');
}

async function drill(): Promise<void> {
  const baseSeconds = await layOut();
  for (const org of ['avant', 'duval']) {
    await acquit('run', '--org', org);
    await acquit('approve', '--all', '--org', org);
  }
  await acquit('send', '--max', '1', '--org', 'duval');
  expectThat(received.length === 1, 'one reminder left before the moment to come back to');
  const before = await heads();
  await sleep(APART_MS);
  const [at] = await rows<{ moment: string }>('select clock_timestamp()::text as moment');
  await sleep(APART_MS);
  await acquit('demo', '--org', 'apres', '--seed', '9');
  await acquit('hold', 'add', 'pause', '--customer', 'C00001', '--until', '2026-12-15', '--reason', 'other', '--org', 'avant');
  await acquit('send', '--org', 'duval');
  expectThat(received.length === CUSTOMERS.length, 'the other ones left after it');
  const after = await heads();
  expectThat(after !== before && after.includes('apres:'), 'work went on after the moment to come back to');
  const [segment] = await rows<{ name: string }>('select pg_walfile_name(pg_switch_wal()) as name', 'postgres');
  const archiveSeconds = await until(`select coalesce(last_archived_wal >= '${segment?.name ?? ''}', false) as ok from pg_stat_archiver`, 'archiving');
  asServer('pg_ctl', '-D', data, '-m', 'immediate', 'stop');
  rmSync(data, { recursive: true });
  process.stdout.write('the server and its disk are gone; left are the base backup and the archive\n');

  const began = performance.now();
  asServer('pg_verifybackup', '-n', base);
  spawnSync('cp', ['-a', base, data]);
  writeFileSync(join(data, 'postgresql.auto.conf'), `${settings}restore_command = 'cp ${archive}/%f %p'\nrecovery_target_time = '${at?.moment ?? ''}'\nrecovery_target_action = 'promote'\n`);
  writeFileSync(join(data, 'recovery.signal'), '');
  if (root) for (const each of ['postgresql.auto.conf', 'recovery.signal']) chownSync(join(data, each), idOf('-u'), idOf('-g'));
  start();
  await until('select not pg_is_in_recovery() as ok', 'recovery');
  const recoverySeconds = (performance.now() - began) / 1000;
  const recovered = await heads();
  expectThat(recovered === before, 'what was there before the moment is there, to the last event');
  expectThat(!recovered.includes('apres:'), 'what came after it is not');
  const frozen = await ask('send', '--org', 'duval');
  expectThat(frozen.status === 1 && field(frozen.said, 'stopped') === 'frozen', 'nothing leaves: the program saw by itself that the server went back');
  const listed = await ask('reconcile');
  expectThat(field(listed.said, 'because') === 'failedOver' && lengthOf(field(listed.said, 'missing')) === CUSTOMERS.length - 1, 'the send journal names what left after the moment');
  await acquit('reconcile', '--apply', '--reason', 'drill');
  for (const words of [['run'], ['approve', '--all'], ['send']]) await ask(...words, '--org', 'duval');
  expectThat(received.toSorted().join() === CUSTOMERS.map((code) => `compta@${code.toLowerCase()}.example`).join(), 'reconciled, run, approved and sent again: each customer has one reminder');
  for (const org of ['avant', 'duval']) await acquit('verify', '--org', org);
  expectThat(true, 'acquit verify: every stored figure and the event chain hold');
  process.stdout.write(`
PostgreSQL ${version}
base backup                      ${baseSeconds.toFixed(1)} s
last work until it was archived  ${archiveSeconds.toFixed(1)} s after the log was switched (at the latest every 300 s: archive_timeout)
recovery to the moment           ${recoverySeconds.toFixed(1)} s, of a sample company; it grows with the base backup and the log since
`);
}

await new Promise<void>((resolve) => void sink.listen(0, '127.0.0.1', resolve));
try {
  if (root) chownSync(folder, idOf('-u'), idOf('-g'));
  await drill();
} finally {
  await new Promise<void>((resolve) => sink.close(resolve));
  if (existsSync(join(data, 'postmaster.pid'))) asServer('pg_ctl', '-D', data, '-w', '-m', 'immediate', 'stop');
  rmSync(folder, { recursive: true, force: true });
}
