import { spawnSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { headLines, writeHead } from '#server/audit/heads.ts';
import { verify } from '#server/audit/verify.ts';
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { approve } from '#server/dunning/actions.ts';
import { openLetterMaker } from '#server/letters/pdf.ts';
import type { LetterMaker } from '#server/letters/pdf.ts';
import { day } from '#core/kernel/day.ts';
import { must } from '#core/kernel/result.ts';
import type { ActionId } from '#core/kernel/id.ts';
import { clockAt } from '#server/testing/given.ts';
import { testDatabase } from '#server/testing/database.ts';
import type { TestDatabase } from '#server/testing/database.ts';
import { FATES, provenCompany } from '#server/testing/proven-company.ts';
import type { Fate, ProvenCompany } from '#server/testing/proven-company.ts';
import { scratchFolder } from '#server/testing/scratch.ts';
import { makePack, singleFile } from './pack.ts';
import type { Pack } from './pack.ts';
import { findAction, readProof } from './proof.ts';
import type { Proven } from './proof.ts';

const VERIFIER = fileURLToPath(new URL('../../../tools/verify-proof.mjs', import.meta.url));
const LINES_MAX = 200;

let db: TestDatabase;
let company: ProvenCompany;
let letters: LetterMaker;
let kept: string[];
beforeAll(async () => {
  db = await testDatabase();
  letters = must(await openLetterMaker());
  company = await provenCompany(db.database);
  kept = await db.database.inTenant(company.organisation, headLines);
}, 120_000);
afterAll(() => db.drop());

const actionOf = (fate: Fate, of = company): ActionId => {
  const id = of.actions.get(fate);
  if (id === undefined) throw new Error(fate);
  return id;
};
async function provenOf(fate: Fate): Promise<Proven> {
  const proven = await db.database.inTenant(company.organisation, (t) => readProof(t, actionOf(fate)), { readOnly: true });
  if (proven === null) throw new Error(fate);
  return proven;
}
async function packOf(fate: Fate, of = company): Promise<Pack> {
  const pack = await db.database.inTenant(of.organisation, (t) => makePack(t, actionOf(fate, of), letters), { readOnly: true });
  if (pack === null) throw new Error(fate);
  return must(pack);
}
/** Writes a pack as a folder and runs the program that is in it, as whoever was given it would. */
async function verified(pack: Pack, given: { heads?: readonly string[] } = {}): Promise<{ status: number | null; said: string }> {
  const folder = await scratchFolder();
  for (const { name, bytes } of pack.files) await writeFile(join(folder, name), bytes);
  const heads = given.heads === undefined ? [] : ['--heads', join(folder, 'kept.jsonl')];
  if (given.heads !== undefined) await writeFile(join(folder, 'kept.jsonl'), given.heads.map((line) => `${line}\n`).join(''));
  const ran = spawnSync(process.execPath, [join(folder, 'verify-proof.mjs'), ...heads], { encoding: 'utf8', cwd: folder, env: {} });
  return { status: ran.status, said: ran.stdout + ran.stderr };
}

const ALL: readonly Fate[] = [...FATES, 'tested'];

test.each(ALL)('G5: the pack of a message verifies offline with the program that is in it: %s', async (fate) => {
  const pack = await packOf(fate);
  expect(await verified(pack, { heads: kept })).toMatchObject({ status: 0 });
  const single = join(await scratchFolder(), 'F.json');
  await writeFile(single, singleFile(await provenOf(fate)));
  expect(spawnSync(process.execPath, [VERIFIER, single], { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
});

test('what became of each message', async () => {
  const states = await Promise.all(ALL.map(async (fate) => {
    const { proof } = await provenOf(fate);
    return [fate, proof.state, proof.stated.reason, proof.events.map(({ body }) => (JSON.parse(body) as { kind: string }).kind.replace('action.', '')).filter((kind) => kind !== 'run.completed').join(' ')].join(' | ');
  }));
  expect(states).toEqual([
    'accepted | sent |  | proposed approved claimed settled',
    'refused | failed | 550 5.7.1 <canari-refused@refused.example> not wanted here | proposed approved claimed settled',
    'lost | unknown | cut after the dot | proposed approved claimed settled',
    'confirmed | sent | confirmedByPerson | proposed approved claimed settled sent',
    'denied | approved | deniedByPerson | proposed approved claimed settled approved',
    'printed | sent |  | proposed approved claimed settled',
    'dropped | cancelled | person | proposed cancelled',
    'disputed | cancelled | disputed | proposed approved ended',
    'delivered | delivered |  | proposed approved claimed settled delivered',
    'bounced | bounced | notDelivered | proposed approved claimed settled bounce.recorded',
    'twice | sent |  | proposed approvedOnce approved claimed settled',
    'task | sent | doneByPerson | proposed task.done',
    'again | sent |  | proposed approved proposed approved claimed settled',
    'waiting | proposed |  | proposed',
    'held | sent |  | proposed approved claimed settled',
    'tested | cancelled | testSent | proposed approved claimed settled',
  ]);
  const claim = (await provenOf('held')).proof.events.map(({ body }) => JSON.parse(body) as { kind: string; facts: Record<string, unknown> }).find(({ kind }) => kind === 'action.claimed');
  expect(claim?.facts['holds']).toEqual([expect.stringMatching(/^\d+ dispute 2026-03-02 {2}\d+$/)]);
});

test('the same question twice gives the same files, the page included', async () => {
  for (const fate of ['accepted', 'printed', 'twice'] as const) {
    const [one, two] = [await packOf(fate), await packOf(fate)];
    expect(two.files.map(({ name, bytes }) => [name, bytes.equals(one.files.find((file) => file.name === name)?.bytes ?? Buffer.alloc(0))])).toEqual(one.files.map(({ name }) => [name, true]));
    expect(singleFile(await provenOf(fate)).equals(singleFile(await provenOf(fate)))).toBe(true);
  }
});

test('D2: the proof of one message says nothing of another customer, nor of what events keep of them', async () => {
  for (const fate of ALL) {
    const pack = await packOf(fate);
    const said = pack.files.filter(({ name }) => name !== 'verify-proof.mjs').map(({ bytes }) => bytes.toString('latin1')).join('\n');
    const single = singleFile(await provenOf(fate)).toString('utf8');
    const own = fate === 'tested' ? pack.proof.stated.customerCode : fate;
    for (const other of FATES) {
      if (other === own) continue;
      for (const canary of [company.mailbox(other), `FA-${other}-1`, `Client ${other}`]) expect([fate, other, said.includes(canary), single.includes(canary)]).toEqual([fate, other, false, false]);
      expect(pack.proof.events.some(({ body }) => body.includes(`"action:${company.actions.get(other) ?? ''}"`))).toBe(false);
    }
  }
});

test('D2, planted bug: a proof that shows the events beside its own, or one event for several actions, names others', async () => {
  const { proof } = await provenOf('accepted');
  const shown = await db.database.inTenant(company.organisation, (t) => t.rows<{ body: string }>(t.sql`
    select e.body from ${t.from('event')} e where e.seq between ${(proof.events[0]?.seq ?? 0) - 1} and ${(proof.events.at(-1)?.seq ?? 0) + 1}`));
  const others = FATES.filter((fate) => fate !== 'accepted').map((fate) => `"action:${company.actions.get(fate) ?? ''}"`);
  expect(others.filter((other) => shown.some(({ body }) => body.includes(other))).length).toBeGreaterThan(0);
  expect(others.filter((other) => proof.events.some(({ body }) => body.includes(other)))).toEqual([]);
});

test('what the page says is what a judge can read: one page each, whatever became of the message', async () => {
  for (const fate of ALL) {
    const page = (await packOf(fate)).files.find(({ name }) => name === 'preuve.pdf')?.bytes ?? Buffer.alloc(0);
    const loading = getDocument({ data: new Uint8Array(page), verbosity: 0 });
    const document = await loading.promise;
    const content = await (await document.getPage(1)).getTextContent();
    const text = content.items.map((item) => ('str' in item ? item.str : '')).join(' ');
    expect([fate, document.numPages]).toEqual([fate, 1]);
    expect(text).toContain(`Client ${(await provenOf(fate)).proof.stated.customerCode}`);
    await loading.destroy();
  }
});

test('a message is found by its number, and by its Message-ID with or without brackets', async () => {
  const { proof } = await provenOf('accepted');
  const header = proof.message?.headerId ?? '';
  const find = (word: string): Promise<ActionId | null> => db.database.inTenant(company.organisation, (t) => findAction(t, word), { readOnly: true });
  expect(await find(header)).toBe(actionOf('accepted'));
  expect(await find(header.slice(1, -1))).toBe(actionOf('accepted'));
  expect(await find(actionOf('accepted'))).toBe(actionOf('accepted'));
  expect(await find('999999')).toBeNull();
  expect(await find('<nobody@nowhere>')).toBeNull();
});

test('what no head covers yet is said, and is a fault once a head that covers it was kept elsewhere', async () => {
  const other = await provenCompany(db.database);
  await writeHead(db.database, { organisation: other.organisation, now: clockAt('2026-03-04').now(), day: null });
  const before = await db.database.inTenant(other.organisation, headLines);
  await db.database.inTenant(other.organisation, (t) => approve(t, 'all', { clock: clockAt('2026-03-04'), actor: 'test' }));
  const take = async (): Promise<Pack> => packOf('waiting', other);
  const early = await take();
  const first = await verified(early, { heads: before });
  expect(first.status).toBe(0);
  expect(first.said).toContain('1 events are covered by no head yet');
  expect(await writeHead(db.database, { organisation: other.organisation, now: clockAt('2026-03-05').now(), day: day('2026-03-05') })).toMatchObject({ status: 'written' });
  const after = await db.database.inTenant(other.organisation, headLines);
  expect(await verified(early, { heads: after })).toMatchObject({ status: 1, said: expect.stringContaining('is older than a head kept elsewhere') as string });
  expect(await verified(await take(), { heads: after })).toMatchObject({ status: 0 });
}, 60_000);

test('the company of all fates verifies as a whole', async () => {
  expect((await db.database.inTenant(company.organisation, (t) => verify(t, kept))).filter(({ ok }) => !ok)).toEqual([]);
});

test('the verifier is short enough to be read, and needs nothing but Node', async () => {
  const text = await readFile(VERIFIER, 'utf8');
  expect(text.split('\n').length - 1).toBeLessThanOrEqual(LINES_MAX);
  expect([...text.matchAll(/from '([^']+)'/g)].map(([, name]) => name)).toEqual(['node:crypto', 'node:fs', 'node:path', 'node:url']);
  expect(text).not.toMatch(/\b(?:fetch|require|eval|import)\(/);
});
