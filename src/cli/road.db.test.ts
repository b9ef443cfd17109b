import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fecOf } from '#server/testing/given.ts';

const PROGRAM = fileURLToPath(new URL('../../bin/acquit', import.meta.url));
/** One command starts and stops its own database; a minute is many times what it needs. */
const COMMAND_MS = 60_000;
const TODAY = '2026-03-02';

type Said = { status: number | null; out: string; err: string };

let folder = '';
let smtpUrl = '';
const received: { to: string[]; text: string }[] = [];
const sink = new SMTPServer({
  authOptional: true, disabledCommands: ['STARTTLS', 'AUTH'],
  onData: (stream, session, done) => {
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('end', () => {
      received.push({ to: session.envelope.rcptTo.map(({ address }) => address), text: Buffer.concat(chunks).toString('latin1') });
      done();
    });
  },
});

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'acquit-road-'));
  await new Promise<void>((resolve) => void sink.listen(0, '127.0.0.1', resolve));
  const address = sink.server.address();
  if (address === null || typeof address === 'string') throw new Error('the sink has no port');
  smtpUrl = `smtp://127.0.0.1:${address.port}`;
});
afterAll(async () => {
  await new Promise<void>((resolve) => sink.close(resolve));
  await rm(folder, { recursive: true, force: true });
});

/** Runs the real program on the test's own data folder, with no setting of the machine but the sink. */
function acquit(...words: string[]): Promise<Said> {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('ACQUIT_') && name !== 'DATABASE_URL');
  const [command = '', ...rest] = words;
  const child = spawn(PROGRAM, [command, '--data', join(folder, 'data'), '--today', TODAY, ...rest], {
    cwd: folder, env: { ...Object.fromEntries(inherited), ACQUIT_SMTP_URL: smtpUrl, ACQUIT_SMTP_FROM: 'relances@duval.example' }, timeout: COMMAND_MS,
  });
  const said = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => void (said.out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => void (said.err += text));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, ...said }));
  });
}

/** Same with --json: stdout must be one document; gives its exit status and the document. */
async function json(...words: string[]): Promise<{ status: number | null; said: Record<string, unknown> }> {
  const { status, out, err } = await acquit(...words, '--json');
  try {
    return { status, said: JSON.parse(out) as Record<string, unknown> };
  } catch {
    throw new Error(`stdout is not one JSON document: ${out.slice(0, 400)} / ${err.slice(0, 400)}`);
  }
}

const NOTHING = { notDue: '0.00', '1-30': '0.00', '31-60': '0.00', '61-90': '0.00', '91-120': '0.00', '121+': '0.00' };

/** Company, ledger and customers as files; gives their paths. */
async function givenFiles(): Promise<{ ledger: string; customers: string; empty: string }> {
  const files = { ledger: join(folder, '732829320FEC20261231.txt'), customers: join(folder, 'clients.csv'), empty: join(folder, 'empty.csv') };
  await writeFile(files.empty, '');
  await writeFile(files.customers, 'Code client;Nom du client;E-mail;Adresse;Code postal;Ville\nC1;Client C1;compta@alpha.example;1 rue A;75001;Paris\n');
  await writeFile(files.ledger, fecOf([
    { code: 'C1', piece: 'FA1', on: '2026-01-05', debit: '120,00' }, { code: 'C1', piece: 'FA2', on: '2026-02-20', debit: '80,00' },
    { code: 'C2', piece: 'FA3', on: '2025-12-10', debit: '300,50' }, { code: 'C2', piece: 'FA4', on: '2026-01-02', debit: '10,00', letter: 'A' },
    { code: 'C2', piece: 'RC4', on: '2026-01-20', credit: '10,00', letter: 'A' },
  ]));
  return files;
}

let ledgerImport = '';

test('import: a dry run and a mistyped name leave nothing; of several files each is applied whole or refused with its reason', { timeout: 9 * COMMAND_MS }, async () => {
  const { ledger, customers, empty } = await givenFiles();
  const sha256 = createHash('sha256').update(await readFile(ledger)).digest('hex');
  expect(await json('company', '--name', 'Ateliers Duval', '--legal-form', 'SAS', '--siren', '732829320', '--rcs-city', 'Nantes', '--capital', '50 000 €', '--address', '3 quai des Essais',
    '--postal-code', '44000', '--city', 'Nantes', '--email', 'compta@duval.example', '--iban', 'FR1420041010050500013M02606', '--signatory', 'Claire Duval')).toMatchObject({ status: 0 });
  expect(await json('import', ledger, '--dry-run')).toMatchObject({ status: 0, said: { files: [{ status: 'applied', import: null }] } });
  expect(await json('import', ledger, join(folder, 'none.csv'))).toMatchObject({ status: 2 });
  expect(await json('import', '/dev/null')).toMatchObject({ status: 2 });
  expect(await json('items')).toEqual({ status: 0, said: { asOf: TODAY, items: [] } });
  const imported = await json('import', ledger, empty, customers);
  expect(imported).toMatchObject({
    status: 1, said: {
      files: [
        {
          file: ledger, format: 'fec', sha256, status: 'applied', lines: 10, created: { customers: 2, debits: 4, credits: 1, allocations: 1, bankLines: 0 },
          changed: expect.any(Object), totals: { debit: '510.50', credit: '10.00', balance: '500.50' }, problems: [],
        },
        { file: empty, status: 'refused', problems: [{ line: 0, severity: 'error', code: 'intake.formatUnknown', message: expect.anything() }] },
        { file: customers, format: 'csv', status: 'applied', lines: 1, created: { debits: 0, credits: 0 } },
      ],
    },
  });
  ledgerImport = (imported.said as { files: { import: string }[] }).files[0]?.import ?? '';
  expect(await json('import', ledger)).toMatchObject({ status: 0, said: { files: [{ status: 'unchanged', sha256, created: { debits: 0 } }] } });
});

test('items, ageing, charges: the keys and figures of the day', { timeout: 3 * COMMAND_MS }, async () => {
  expect(await json('items', '--customer', 'C1')).toMatchObject({
    status: 0, said: {
      asOf: TODAY, items: [
        { customer: 'C1', document: 'FA1', kind: 'invoice', side: 'debit', currency: 'EUR', issuedOn: '2026-01-05', dueOn: '2026-02-04', daysLate: 26, amount: '120.00', open: '120.00', estimated: false, holds: [] },
        { customer: 'C1', document: 'FA2', dueOn: '2026-03-22', daysLate: -20, open: '80.00' },
      ],
    },
  });
  expect(await json('ageing')).toEqual({
    status: 0, said: {
      asOf: TODAY, currency: 'EUR', otherCurrencies: [], buckets: ['notDue', '1-30', '31-60', '61-90', '91-120', '121+'],
      rows: [
        { key: 'C1', name: 'Client C1', amounts: { ...NOTHING, notDue: '80.00', '1-30': '120.00' }, credits: '0.00', balance: '200.00' },
        { key: 'C2', name: 'Client C2', amounts: { ...NOTHING, '31-60': '300.50' }, credits: '0.00', balance: '300.50' },
      ],
      total: { amounts: { ...NOTHING, notDue: '80.00', '1-30': '120.00', '31-60': '300.50' }, credits: '0.00', balance: '500.50' },
    },
  });
  expect(await json('charges', 'FA1')).toMatchObject({
    status: 0, said: { segments: [{ from: '2026-02-05', to: TODAY, days: 26, principal: '120.00' }], indemnity: '40.00', sources: expect.any(Array) },
  });
});

test('run: a decision for every open item, the actions once', { timeout: 3 * COMMAND_MS }, async () => {
  expect(await json('run', '--dry-run')).toMatchObject({ status: 0, said: { run: null, today: TODAY, stopped: null } });
  expect(await json('run')).toMatchObject({
    status: 0, said: {
      run: expect.any(String), today: TODAY, stopped: null,
      decisions: [
        { customer: 'C1', document: 'FA2', do: 'wait', reason: 'notDue', step: null, until: '2026-03-19', action: null },
        { customer: 'C1', document: 'FA1', do: 'act', reason: 'stepDue', step: 2, until: null, action: expect.any(String) },
        { customer: 'C2', document: 'FA3', do: 'wait', reason: 'noContact' },
      ],
      actions: [{ id: expect.any(String), customer: 'C1', channel: 'email', step: 2, scenario: 'standard', documents: ['FA1'], total: '120.00', currency: 'EUR', to: 'compta@alpha.example', state: 'proposed' }],
    },
  });
  expect(await json('run')).toMatchObject({ status: 0, said: { actions: [] } });
});

test('approve, send, show: what the mail server got is what is stored, once', { timeout: 7 * COMMAND_MS }, async () => {
  const listed = await json('actions', '--state', 'proposed');
  expect(listed).toMatchObject({ status: 0, said: { actions: [{ customer: 'C1', state: 'proposed' }] } });
  const id = (listed.said as { actions: { id: string }[] }).actions[0]?.id ?? '';
  expect(await json('approve', '999')).toMatchObject({ status: 1, said: { approved: 0, notProposed: ['999'] } });
  expect(await json('approve', '--all')).toMatchObject({ status: 0, said: { approved: 1 } });
  expect(await json('send')).toEqual({ status: 0, said: { sent: 1, failed: 0, unknown: 0, waiting: 0, tested: 0, cancelled: [], expired: [], stopped: null } });
  expect(await json('send')).toMatchObject({ status: 0, said: { sent: 0 } });
  expect(received.map(({ to }) => to)).toEqual([['compta@alpha.example']]);
  const path = join(folder, 'out', `action-${id}.eml`);
  expect(await json('show', id, '--out', join(folder, 'out'))).toMatchObject({ status: 0, said: { action: id, stored: true, eml: path, files: [{ kind: 'eml', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }] } });
  expect(await readFile(path, 'latin1')).toBe(received[0]?.text);
});

test('explain, verify, undo: why, that all holds, and what stands in the way', { timeout: 4 * COMMAND_MS }, async () => {
  expect(await json('explain', 'FA1', '--lang', 'en')).toMatchObject({
    status: 0, said: { decisions: [{ today: TODAY, do: 'wait', reason: expect.any(String), text: expect.stringContaining('FA1'), facts: expect.any(Object) }] },
  });
  expect(await json('explain', 'C2')).toMatchObject({ status: 0, said: { decisions: [{ document: 'FA3', reason: 'noContact' }] } });
  expect(await json('verify')).toMatchObject({ status: 0, said: { ok: true, checks: expect.arrayContaining([{ name: 'event chain', ok: true, detail: expect.any(String) }]) } });
  expect(await json('undo', ledgerImport)).toMatchObject({ status: 1, said: { status: 'blocked', blocking: [{ code: 'undo.dunned' }] } });
});

test('a wrong word, a name of JavaScript, a missing day: status 2 and one JSON document; errors go to stderr', { timeout: 3 * COMMAND_MS }, async () => {
  for (const words of [['frobnicate'], ['constructor'], ['terms', '30d', '2026-02-31'], ['items', '--colour', 'red'], ['hold', 'add', 'promise', '--document', 'FA1'], ['send', '--max', '0']]) {
    const { status, said } = await json(...words);
    expect([words[0], status, said['status']]).toEqual([words[0], 2, 'usage']);
  }
  expect(await json('terms', 'trente jours', '2026-01-01')).toMatchObject({ status: 1 });
  expect(await json('terms', '45 jours fin de mois', '2024-01-30')).toEqual({ status: 0, said: { due: ['2024-03-31'] } });
  expect(await json('items', '--org', 'nobody')).toMatchObject({ status: 1 });
  const plain = await acquit('frobnicate');
  expect(plain).toMatchObject({ status: 2, out: '' });
  expect(plain.err).toContain('frobnicate');
});

test('a database that cannot be had is status 3', { timeout: COMMAND_MS }, async () => {
  await writeFile(join(folder, 'a-file'), '');
  const { status } = await json('items', '--data', join(folder, 'a-file'));
  expect(status).toBe(3);
});

test('a hold on a document in instalments is on each of them; a disputed part fills the oldest first', { timeout: 2 * COMMAND_MS }, async () => {
  const list = join(folder, 'postes.csv');
  await writeFile(list, [
    'Code client;Nom client;N° facture;Date facture;Échéance;Montant TTC;Reste dû;Devise', 'C9;Gamma;FA90;15/01/2026;14/02/2026;600,00;600,00;EUR',
    'C9;Gamma;FA90;15/01/2026;14/03/2026;600,00;600,00;EUR', 'C8;Delta;FA80;15/01/2026;14/02/2026;1500;1500;JPY', '',
  ].join('\n'));
  expect(await json('import', list, '--org', 'second')).toMatchObject({ status: 0 });
  expect(await json('hold', 'add', 'dispute', '--document', 'FA90', '--amount', '700', '--org', 'second')).toMatchObject({ status: 0, said: { kind: 'dispute', document: 'FA90', amount: '600.00', holds: [{ amount: '600.00' }, { amount: '100.00' }] } });
  expect(await json('hold', 'add', 'promise', '--document', 'FA80', '--amount', '1500', '--by', '2026-03-20', '--org', 'second')).toMatchObject({ status: 0, said: { amount: '1500', until: '2026-03-20' } });
  expect(await json('hold', 'list', '--customer', 'C8', '--org', 'second')).toMatchObject({ status: 0, said: { holds: [{ kind: 'promise', amount: '1500' }] } });
});
