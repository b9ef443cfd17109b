import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { day } from '#core/kernel/day.ts';
import { decimalMinor } from '#core/kernel/money.ts';
import { verify } from '#server/audit/verify.ts';
import { listItems } from '#server/ledger/store.ts';
import { fecOf, givenOrganisation, importText } from '#server/testing/given.ts';
import { testDatabase } from '#server/testing/database.ts';
import type { TestDatabase } from '#server/testing/database.ts';
import type { OrganisationId } from '#core/kernel/id.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

async function openLines(organisation: OrganisationId, asOf = '2026-12-31'): Promise<string[]> {
  const items = await db.database.inTenant(organisation, (t) => listItems(t, day(asOf)));
  return items.map((item) => `${item.customer} ${item.side} ${item.document ?? item.label} ${decimalMinor(BigInt(item.open), 2)}${item.estimated ? ' estimated' : ''}`);
}

async function verified(organisation: OrganisationId): Promise<void> {
  const checks = await db.database.inTenant(organisation, verify);
  expect(checks.filter((check) => !check.ok)).toEqual([]);
}

const LEDGER = [
  { code: 'C1', piece: 'FA1', on: '2026-01-10', debit: '100,00', letter: 'AA' },
  { code: 'C1', piece: 'FA2', on: '2026-02-10', debit: '50,00' },
  { code: 'C1', piece: 'RC1', on: '2026-03-01', credit: '100,00', letter: 'AA' },
  { code: 'C2', piece: 'FA3', on: '2026-02-15', debit: '80,00', letter: 'ab' },
  { code: 'C2', piece: 'RC2', on: '2026-03-15', credit: '30,00', letter: 'ab' },
];

test('a lettered ledger: closed groups are settled, lower case and loose lines stay open, the balance is that of the file', async () => {
  const organisation = await givenOrganisation(db.database);
  const report = await importText(db.database, organisation, { text: fecOf(LEDGER) });
  expect(report).toMatchObject({
    status: 'applied', format: 'fec', lines: 10, created: { customers: 2, debits: 3, credits: 2, allocations: 1 },
    totals: { debit: '230.00', credit: '130.00', balance: '100.00' },
  });
  expect(report.problems.filter((one) => one.severity === 'error')).toEqual([]);
  expect(await openLines(organisation)).toEqual(['C1 debit FA2 50.00', 'C2 debit FA3 80.00', 'C2 credit RC2 30.00']);
  expect(await openLines(organisation, '2026-02-28')).toEqual(['C1 debit FA1 100.00', 'C1 debit FA2 50.00', 'C2 debit FA3 80.00']);
  await verified(organisation);
});

test('the same bytes again, and the same content under another shape, change nothing', async () => {
  const organisation = await givenOrganisation(db.database);
  await importText(db.database, organisation, { text: fecOf(LEDGER) });
  const before = await openLines(organisation);
  expect((await importText(db.database, organisation, { text: fecOf(LEDGER) })).status).toBe('unchanged');
  const reshaped = await importText(db.database, organisation, { text: fecOf(LEDGER).replaceAll('\r\n', '\n').replaceAll('\t', '|') });
  expect(reshaped).toMatchObject({ status: 'applied', created: { customers: 0, debits: 0, credits: 0, allocations: 0 } });
  expect(await openLines(organisation)).toEqual(before);
  await verified(organisation);
});

test('a newer export settles what was paid, drops what was cancelled and reopens what was unlettered; an older one does none of that', async () => {
  const organisation = await givenOrganisation(db.database);
  const older = fecOf(LEDGER);
  await importText(db.database, organisation, { text: older });
  const newer = fecOf([
    { code: 'C1', piece: 'FA1', on: '2026-01-10', debit: '100,00' },
    { code: 'C1', piece: 'FA2', on: '2026-02-10', debit: '50,00', letter: 'AB' },
    { code: 'C1', piece: 'RC1', on: '2026-03-01', credit: '100,00' },
    { code: 'C1', piece: 'RC3', on: '2026-04-02', credit: '50,00', letter: 'AB' },
  ]);
  const report = await importText(db.database, organisation, { text: newer });
  expect(report).toMatchObject({ status: 'applied', created: { customers: 0, debits: 0, credits: 1, allocations: 1 }, changed: { voided: 2 } });
  const after = ['C1 debit FA1 100.00', 'C1 credit RC1 100.00'];
  expect(await openLines(organisation)).toEqual(after);
  await verified(organisation);
  const again = await importText(db.database, organisation, { text: older.replaceAll('\r\n', '\n') });
  expect(again.problems.map((one) => one.code)).toContain('intake.olderFile');
  expect(await openLines(organisation)).toEqual(after);
  await verified(organisation);
});

test('no lettering at all: receipts go to the oldest invoices, the detail is estimated, the balance exact', async () => {
  const organisation = await givenOrganisation(db.database);
  const report = await importText(db.database, organisation, {
    text: fecOf([
      { code: 'C1', piece: 'FA1', on: '2026-01-10', debit: '100,00' },
      { code: 'C1', piece: 'FA2', on: '2026-02-10', debit: '50,00' },
      { code: 'C1', piece: 'RC1', on: '2026-03-01', credit: '120,00' },
      { code: 'C2', piece: 'FA3', on: '2026-02-15', debit: '80,00' },
    ]),
  });
  expect(report.problems.map((one) => one.code)).toContain('intake.fecNotLettered');
  expect(await openLines(organisation)).toEqual(['C1 debit FA2 30.00 estimated', 'C2 debit FA3 80.00']);
  await verified(organisation);
});

test('a group that does not balance stays open and is named with its line', async () => {
  const organisation = await givenOrganisation(db.database);
  const report = await importText(db.database, organisation, {
    text: fecOf([
      { code: 'C1', piece: 'FA1', on: '2026-01-10', debit: '100,00', letter: 'AA' },
      { code: 'C1', piece: 'RC1', on: '2026-03-01', credit: '90,00', letter: 'AA' },
      { code: 'C1', piece: 'FA2', on: '2026-03-01', debit: '10,00' },
    ]),
  });
  expect(report.problems).toContainEqual(expect.objectContaining({ line: 2, code: 'intake.fecLettrageOpen' }));
  expect(await openLines(organisation)).toEqual(['C1 debit FA1 100.00', 'C1 debit FA2 10.00', 'C1 credit RC1 90.00']);
});

test('the year after: detailed opening lines are the items already known, aggregated ones are replaced by them', async () => {
  const organisation = await givenOrganisation(db.database);
  await importText(db.database, organisation, { text: fecOf(LEDGER), name: '000000000FEC20261231.txt' });
  const next = fecOf([
    { code: 'C1', piece: 'FA2', on: '2027-01-01', pieceOn: '2026-02-10', debit: '50,00', journal: 'AN', label: 'AN FA2' },
    { code: 'C2', piece: 'AN', on: '2027-01-01', debit: '50,00', journal: 'AN', label: 'A nouveau' },
    { code: 'C1', piece: 'FA9', on: '2027-01-15', debit: '10,00' },
  ]);
  const report = await importText(db.database, organisation, { text: next, name: '000000000FEC20271231.txt', today: '2027-02-01' });
  expect(report).toMatchObject({ status: 'applied', created: { debits: 1, credits: 0 } });
  expect(await openLines(organisation, '2027-02-01')).toEqual([
    'C1 debit FA2 50.00', 'C1 debit FA9 10.00', 'C2 debit FA3 80.00', 'C2 credit RC2 30.00',
  ]);
  await verified(organisation);
});

test('a refused file leaves nothing behind', async () => {
  const organisation = await givenOrganisation(db.database);
  const broken = fecOf(LEDGER).replace('100,00\t0,00\tAA', '100,0x\t0,00\tAA');
  const report = await importText(db.database, organisation, { text: broken });
  expect(report.status).toBe('refused');
  expect(report.problems[0]).toMatchObject({ line: 2, severity: 'error' });
  expect(await openLines(organisation)).toEqual([]);
});

type Expected = Record<string, { lines: number; balanceByCustomer411: Record<string, string>; openItems411: { client: string; piece: string; signed: string }[] }>;
const SHARED = new URL('../../../../shared/samples/', import.meta.url);

test('the public and synthetic ledgers of the shared samples give exactly what is expected of them', { timeout: 120_000 }, async () => {
  const sets: { file: URL; name: string; expected: Expected[string] }[] = [];
  const fec = new URL('fec/expected.json', SHARED);
  if (existsSync(fec)) {
    for (const [name, expected] of Object.entries(JSON.parse(readFileSync(fec, 'utf8')) as Expected)) sets.push({ file: new URL(`fec/${name}`, SHARED), name, expected });
    const ar = new URL('synthetic_ar/', SHARED);
    sets.push({ file: new URL('FEC.txt', ar), name: 'FEC.txt', expected: JSON.parse(readFileSync(new URL('expected.json', ar), 'utf8')) as Expected[string] });
  }
  for (const { file, name, expected } of sets) {
    const organisation = await givenOrganisation(db.database, { entity: {} });
    const report = await importText(db.database, organisation, { text: readFileSync(file), name: name.replace(/^synth_(\d{9}FEC\d{8}).*$/, '$1.txt') });
    expect([name, report.status, report.lines]).toEqual([name, 'applied', expected.lines]);
    const items = await db.database.inTenant(organisation, (t) => listItems(t, day('2026-12-31')));
    const balances = new Map<string, bigint>();
    const open: string[] = [];
    for (const item of items) {
      const signed = item.side === 'debit' ? BigInt(item.open) : -BigInt(item.open);
      balances.set(item.customer, (balances.get(item.customer) ?? 0n) + signed);
      open.push(`${item.customer} ${item.document ?? ''} ${decimalMinor(signed, 2)}`);
    }
    const wanted = Object.entries(expected.balanceByCustomer411).filter(([, amount]) => amount !== '0.00');
    expect(Object.fromEntries([...balances].filter(([, amount]) => amount !== 0n).map(([code, amount]) => [code, decimalMinor(amount, 2)]))).toEqual(Object.fromEntries(wanted));
    expect(open.toSorted()).toEqual(expected.openItems411.map((item) => `${item.client} ${item.piece} ${item.signed}`).toSorted());
    await verified(organisation);
  }
});
