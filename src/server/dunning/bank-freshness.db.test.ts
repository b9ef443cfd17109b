import { afterAll, beforeAll, expect, test } from 'vitest';
import { day } from '#core/kernel/day.ts';
import type { ImportId, OrganisationId } from '#core/kernel/id.ts';
import { undoImport } from '#server/intake/undo-import.ts';
import { camt053Of } from '#server/testing/bank-files.ts';
import { testDatabase } from '#server/testing/database.ts';
import type { TestDatabase } from '#server/testing/database.ts';
import { clockAt, importText } from '#server/testing/given.ts';
import { plantInSql } from '#server/testing/mutant.ts';
import { givenDebtors, setSending } from '#server/testing/outbox.ts';
import { readPolicy } from './policy.ts';
import { runDunning } from './run.ts';
import type { RunResult } from './run.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

const CUSTOMERS = [{ code: 'C1', email: 'compta@alpha.example' }];

/** Imports a statement of one day, on the day after it; gives the import. */
async function statement(organisation: OrganisationId, on: string, of: { importedOn?: string; iban?: string } = {}): Promise<ImportId> {
  const report = await importText(db.database, organisation, {
    today: of.importedOn ?? on, name: `releve-${on}.xml`, newAccount: true,
    text: camt053Of({ id: on, from: on, until: on, opening: 0, movements: [], ...(of.iban === undefined ? {} : { iban: of.iban }) }),
  });
  if (report.importId === null) throw new Error(`not applied: ${JSON.stringify(report.problems)}`);
  return report.importId;
}

const runOnDay = (organisation: OrganisationId, today: string): Promise<RunResult> =>
  runDunning(db.database, { organisation, today: day(today), clock: clockAt(today), actor: 'test', dryRun: true });
const bankOn = async (organisation: OrganisationId, today: string): Promise<unknown> => (await db.database.inTenant(organisation, (t) => readPolicy(t, day(today)))).facts.bank;

const MORNINGS = ['2026-03-02', '2026-03-03', '2026-03-04', '2026-03-05'] as const;

test('transcript: a bank brought in every morning is waited for; one brought in now and then is not', async () => {
  const organisation = await givenDebtors(db.database, CUSTOMERS);
  expect(await bankOn(organisation, '2026-03-02')).toBeNull();
  for (const morning of MORNINGS.slice(0, 3)) await statement(organisation, morning);
  expect(await bankOn(organisation, '2026-03-20')).toBeNull();
  await statement(organisation, MORNINGS[3]);
  expect(await bankOn(organisation, '2026-03-06')).toEqual({ ageDays: 1, limitDays: 3 });
  // Thursday's statement is three working days old on Tuesday, four on Wednesday.
  expect(await runOnDay(organisation, '2026-03-10')).toMatchObject({ stopped: null });
  expect(await runOnDay(organisation, '2026-03-11')).toMatchObject({ stopped: 'bankStale', actions: 0 });
  await statement(organisation, '2026-03-10', { importedOn: '2026-03-11' });
  expect(await runOnDay(organisation, '2026-03-11')).toMatchObject({ stopped: null });
  const monthly = await givenDebtors(db.database, CUSTOMERS);
  for (const on of ['2025-11-28', '2025-12-31', '2026-01-30', '2026-02-27']) await statement(monthly, on);
  expect(await bankOn(monthly, '2026-03-31')).toBeNull();
});

test('the account that is furthest behind decides, until a person leaves it out; the last day of a statement counts, not that of its file', async () => {
  const organisation = await givenDebtors(db.database, CUSTOMERS);
  const other = 'FR7630006000011234567890189';
  for (const morning of MORNINGS) {
    await statement(organisation, morning);
    await statement(organisation, morning, { iban: other });
  }
  await statement(organisation, '2026-03-12');
  expect(await runOnDay(organisation, '2026-03-13')).toMatchObject({ stopped: 'bankStale' });
  // An old statement brought in today is old all the same.
  await statement(organisation, '2026-03-06', { iban: other, importedOn: '2026-03-13' });
  expect(await bankOn(organisation, '2026-03-13')).toEqual({ ageDays: 5, limitDays: 3 });
  await setSending(db.database, organisation, { bankAccountsLeftOut: [other] });
  expect(await bankOn(organisation, '2026-03-13')).toEqual({ ageDays: 1, limitDays: 3 });
  await setSending(db.database, organisation, { bankLimitDays: null });
  expect(await bankOn(organisation, '2026-03-13')).toBeNull();
});

/** A8: what a run says once the last good statement is old, and later ones were refused or undone. */
async function stoppedAfterBadImports(): Promise<RunResult['stopped']> {
  const organisation = await givenDebtors(db.database, CUSTOMERS);
  for (const morning of MORNINGS) await statement(organisation, morning);
  const undone = await statement(organisation, '2026-03-16');
  await undoImport(db.database, { organisation, importId: undone, clock: clockAt('2026-03-16'), actor: 'test' });
  const refused = await importText(db.database, organisation, { today: '2026-03-17', name: 'casse.xml', text: camt053Of({ from: '2026-03-17', until: '2026-03-17', opening: 0, movements: [] }).slice(0, 600) });
  expect(refused.status).toBe('refused');
  return (await runOnDay(organisation, '2026-03-17')).stopped;
}

test('A8: refused and undone statements are not fresh; counted, the run goes on over an old bank', async () => {
  expect(await stoppedAfterBadImports()).toBe('bankStale');
  const bug = plantInSql(db.database, [{ from: `i.status = 'applied' and s.voided_at is null and`, to: '' }]);
  try {
    expect(await stoppedAfterBadImports()).toBeNull();
  } finally {
    bug.remove();
  }
});

/** A8: what a run says of a ledger of three months, when bank statements came in since. */
async function stoppedOnOldLedger(): Promise<RunResult['stopped']> {
  const organisation = await givenDebtors(db.database, CUSTOMERS);
  await statement(organisation, '2026-06-01');
  return (await runOnDay(organisation, '2026-06-02')).stopped;
}

test('A8: a bank statement does not make the ledger fresh; counted as one, it does', async () => {
  expect(await stoppedOnOldLedger()).toBe('ledgerStale');
  const bug = plantInSql(db.database, [{ from: 's.import_id = i.import_id)', to: 's.import_id = i.import_id and false)' }]);
  try {
    expect(await stoppedOnOldLedger()).toBeNull();
  } finally {
    bug.remove();
  }
});
