import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { day } from '#core/kernel/day.ts';
import { parseIban } from '#core/kernel/iban.ts';
import { verify } from '#server/audit/verify.ts';
import { runDunning } from '#server/dunning/run.ts';
import { listHolds } from '#server/holds/holds.ts';
import { importProblems, listImports } from '#server/intake/import-store.ts';
import { listItems } from '#server/ledger/store.ts';
import { clockAt, fecOf, givenOrganisation, importText } from '#server/testing/given.ts';
import { testDatabase } from '#server/testing/database.ts';
import type { TestDatabase } from '#server/testing/database.ts';
import { simulateCompany } from '#sim/company.ts';
import { createSample, fillSample, SAMPLE_CUSTOMERS, SAMPLE_DAYS } from './sample.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

const TODAY = '2026-11-20';
const options = { clock: clockAt(TODAY), today: day(TODAY), actor: 'test' };
const folders = async (): Promise<string[]> => (await readdir(tmpdir())).filter((name) => name.startsWith('acquit-sample-'));

test('a sample company came by the real road, verifies, shows every kind of hold, and can be dunned', async () => {
  const before = await folders();
  const organisation = await createSample(db.database, { ...options, code: 'sample-one' });
  expect(await folders()).toEqual(before);
  await db.database.inTenant(organisation, async (t) => {
    expect((await verify(t)).filter((check) => !check.ok)).toEqual([]);
    const imports = await listImports(t);
    expect(imports.map((one) => one.format)).toEqual(['fec', 'fec', 'csv']);
    for (const one of imports) expect((await importProblems(t, one.import_id)).map((problem) => problem.code)).toEqual(one.format === 'fec' ? ['intake.fecOtherAccounts'] : []);
    const items = await listItems(t, options.today, { all: true });
    expect(new Set(items.map((item) => item.customer)).size).toBeGreaterThan(SAMPLE_CUSTOMERS * 0.8);
    expect(new Set(items.map((item) => item.kind))).toEqual(new Set(['invoice', 'deposit', 'creditNote', 'receipt', 'refund']));
    const kinds = new Set((await listHolds(t)).map((hold) => hold.kind));
    expect(['dispute', 'promise', 'pause'].filter((kind) => !kinds.has(kind as 'pause'))).toEqual([]);
    const profile = await t.one<{ sample: boolean; iban: string; email: string }>(t.sql`select p.sample, e.iban, e.email from ${t.from('profile')} p, ${t.from('entity')} e`);
    expect(profile?.sample).toBe(true);
    expect(parseIban(profile?.iban ?? '').ok).toBe(true);
  });
  const run = await runDunning(db.database, { ...options, organisation, dryRun: true });
  expect(run.stopped).toBeNull();
  expect(run.actions).toBeGreaterThan(5);
});

test('what is open in the ledger is what the company\'s own books leave open', async () => {
  const organisation = await createSample(db.database, { ...options, code: 'sample-two', seed: 12 });
  const company = simulateCompany({ seed: 12, customers: SAMPLE_CUSTOMERS, days: SAMPLE_DAYS, until: options.today });
  const open = new Map<string, bigint>();
  const numbers = new Map<number, string>();
  for (const event of company) {
    if (event.kind === 'issued' || event.kind === 'received' || event.kind === 'returned') {
      const credit = event.kind === 'received' || (event.kind === 'issued' && event.document === 'creditNote');
      numbers.set(event.id, event.number);
      open.set(event.number, credit ? -event.amount : event.amount);
    }
    if (event.kind === 'lettered' && event.whole) for (const member of event.members) open.delete(numbers.get(member) ?? '');
  }
  const items = await db.database.inTenant(organisation, (t) => listItems(t, options.today));
  const found = new Map(items.map((item) => [item.document ?? '', item.side === 'debit' ? BigInt(item.open) : -BigInt(item.open)]));
  expect(found).toEqual(open);
});

test('an organisation that has customers is not filled', async () => {
  const organisation = await givenOrganisation(db.database);
  await importText(db.database, organisation, { text: fecOf([{ code: 'C1', piece: 'FA1', on: '2026-01-10', debit: '100,00' }]) });
  const refused = await fillSample(db.database, organisation, options);
  expect(refused).toMatchObject({ ok: false, error: { code: 'sample.notEmpty' } });
});
