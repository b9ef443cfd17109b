import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { day } from '#core/kernel/day.ts';
import type { CustomerId, ItemId, OrganisationId } from '#core/kernel/id.ts';
import { verify } from '#server/audit/verify.ts';
import { runDunning } from '#server/dunning/run.ts';
import type { DecisionLine } from '#server/dunning/run.ts';
import { importFile } from '#server/intake/import-file.ts';
import { openLines } from '#server/review/given-ledger.ts';
import { camt053Of } from '#server/testing/bank-files.ts';
import type { Movement } from '#server/testing/bank-files.ts';
import { linesOf } from '#server/testing/books.ts';
import { testDatabase } from '#server/testing/database.ts';
import type { TestDatabase } from '#server/testing/database.ts';
import { clockAt, fecOf, givenOrganisation, importText } from '#server/testing/given.ts';
import type { ShortLine } from '#server/testing/given.ts';
import { applyUses } from './apply.ts';
import type { MatchId } from './apply.ts';
import { matchLines } from './match-lines.ts';
import type { Matched } from './match-lines.ts';
import { undoMatch } from './undo-match.ts';
import { loadLines } from './waiting.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

const TODAY = '2026-03-31';
const by = { now: clockAt(TODAY).now(), today: day(TODAY), actor: 'user:1' };

const LEDGER: readonly ShortLine[] = [
  { code: 'C1', piece: 'FA-1001', on: '2026-02-01', debit: '50,00' }, { code: 'C1', piece: 'FA-1002', on: '2026-02-02', debit: '70,00' },
  { code: 'C2', piece: 'FA-1003', on: '2026-02-03', debit: '70,00' },
  { code: 'C9', piece: 'FA-0900', on: '2026-01-03', debit: '9,00', letter: 'AA' }, { code: 'C9', piece: 'RC-0900', on: '2026-01-09', credit: '9,00', letter: 'AA' },
];

const ledger = (organisation: OrganisationId, lines: readonly ShortLine[] = LEDGER) => importText(db.database, organisation, { text: fecOf(lines) });
const bank = (organisation: OrganisationId, ...movements: Movement[]) =>
  importText(db.database, organisation, { text: camt053Of({ from: '2026-03-02', until: '2026-03-02', opening: 0, movements }), name: 'releve.xml' });
const match = (organisation: OrganisationId, auto = true): Promise<Matched[]> =>
  matchLines(db.database, { organisation, today: day(TODAY), clock: clockAt(TODAY), actor: 'test', auto });

async function verified(organisation: OrganisationId): Promise<void> {
  expect((await db.database.inTenant(organisation, verify)).filter((check) => !check.ok)).toEqual([]);
}

test('a whole reference is applied by itself, an amount alone is not', async () => {
  const organisation = await givenOrganisation(db.database);
  await ledger(organisation);
  await bank(organisation, { on: '2026-03-02', cents: 50_00, name: 'Inconnu', text: 'Facture FA-1001' }, { on: '2026-03-02', cents: 70_00, name: 'Inconnu', text: 'merci' });
  const [named, alone] = await match(organisation);
  expect([named?.match !== null, alone?.match]).toEqual([true, null]);
  expect(await openLines(db.database, organisation)).toEqual(['C1 debit FA-1002 70.00', 'C2 debit FA-1003 70.00']);
  expect(await match(organisation)).toHaveLength(1);
  await verified(organisation);
});

test('E6: taking a match back gives the former state exactly', async () => {
  const organisation = await givenOrganisation(db.database);
  await ledger(organisation);
  await bank(organisation, { on: '2026-03-02', cents: 120_00, name: 'Client C1', text: 'FA-1001 FA-1002' });
  const before = await linesOf(db.database, organisation);
  const [made] = await match(organisation);
  expect(await openLines(db.database, organisation)).toEqual(['C2 debit FA-1003 70.00']);
  const id = made?.match ?? ('0' as MatchId);
  await db.database.inTenant(organisation, (t) => undoMatch(t, id, { ...by, reason: 'wrong' }));
  expect(await linesOf(db.database, organisation)).toEqual(before);
  await expect(db.database.inTenant(organisation, (t) => undoMatch(t, id, { ...by, reason: 'wrong' }))).rejects.toMatchObject({ kind: 'fixed' });
  await verified(organisation);
});

test('E7: of several who set the same debt against different money at once, exactly what fits wins', async () => {
  const organisation = await givenOrganisation(db.database);
  await ledger(organisation);
  await bank(organisation, ...Array.from({ length: 6 }, (_, index) => ({ on: '2026-03-02', cents: 50_00, name: `Payeur ${index}` })));
  const lines = await db.database.inTenant(organisation, (t) => loadLines(t, { limit: 10 }));
  const debt = await db.database.inTenant(organisation, (t) => t.one<{ item: ItemId; customer: CustomerId }>(t.sql`
    select i.item_id as item, i.customer_id as customer from ${t.from('item')} i where i.document = 'FA-1001'`));
  if (debt === null) throw new Error('no debt');
  const results = await Promise.allSettled(lines.map(({ incoming }) => db.database.inTenant(organisation, (t) => applyUses(t, [{
    incoming, shares: [{ customer: debt.customer, parts: [{ item: debt.item, minor: 50_00n }], credits: [], writeOff: null }], confidence: null, evidence: [], automatic: false,
  }], by))));
  expect(results.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
  expect(await openLines(db.database, organisation)).toEqual(['C1 debit FA-1002 70.00', 'C2 debit FA-1003 70.00']);
  await verified(organisation);
});

test('two people who place the same bank line at once: one of them does', async () => {
  const organisation = await givenOrganisation(db.database);
  await ledger(organisation);
  await bank(organisation, { on: '2026-03-02', cents: 50_00, name: 'Payeur' });
  const [waiting] = await db.database.inTenant(organisation, (t) => loadLines(t, { limit: 1 }));
  const customer = await db.database.inTenant(organisation, (t) => t.one<{ id: CustomerId }>(t.sql`select c.customer_id as id from ${t.from('customer')} c where c.code = 'C2'`));
  if (waiting === undefined || customer === null) throw new Error('nothing to place');
  const use = { incoming: waiting.incoming, shares: [{ customer: customer.id, parts: [], credits: [], writeOff: null }], confidence: null, evidence: [], automatic: false };
  const results = await Promise.all([1, 2, 3].map(() => db.database.inTenant(organisation, (t) => applyUses(t, [use], by))));
  expect(results.map((one) => one.made.size).reduce((sum, one) => sum + one, 0)).toBe(1);
  expect(await openLines(db.database, organisation)).toContain('C2 credit Payeur 50.00');
});

test('money that the ledger had booked is counted once, whether the bank or the ledger comes first', async () => {
  const paid: readonly ShortLine[] = [...LEDGER.slice(1), { code: 'C1', piece: 'FA-1001', on: '2026-02-01', debit: '50,00', letter: 'BB' }, { code: 'C1', piece: 'RC-7', on: '2026-03-03', credit: '50,00', letter: 'BB' }];
  const movement: Movement = { on: '2026-03-02', cents: 50_00, name: 'Client C1', text: 'FA-1001' };
  const wanted = ['C1 debit FA-1002 70.00', 'C2 debit FA-1003 70.00'];
  const first = await givenOrganisation(db.database);
  await ledger(first, paid);
  await bank(first, movement);
  expect((await match(first)).map((one) => [one.linked !== null, one.match !== null])).toEqual([[true, true]]);
  expect(await openLines(db.database, first)).toEqual(wanted);
  const second = await givenOrganisation(db.database);
  await ledger(second);
  await bank(second, movement);
  await match(second);
  expect(await openLines(db.database, second)).toEqual(wanted);
  const later = await ledger(second, paid);
  expect(later.problems.map((one) => one.code)).not.toContain('intake.fecBalanceDiffers');
  expect(await openLines(db.database, second)).toEqual(wanted);
  await verified(second);
});

test('money that is likely a customer’s stays proposed and stops its reminders until somebody has looked', async () => {
  const organisation = await givenOrganisation(db.database);
  await ledger(organisation, [...LEDGER, { code: 'MARTINET', piece: 'FA-2001', on: '2026-01-05', debit: '99,00' }]);
  await bank(organisation, { on: '2026-03-02', cents: 33_00, name: 'SARL MARTINET', text: 'reglement' });
  const reason = async (): Promise<string | undefined> => {
    const seen: DecisionLine[] = [];
    await runDunning(db.database, {
      organisation, today: day(TODAY), clock: clockAt(TODAY), actor: 'test', dryRun: true, sink: { decisions: (batch) => void seen.push(...batch), actions: () => undefined },
    });
    return seen.find(({ decision }) => decision.document === 'FA-2001')?.decision.reason;
  };
  expect(await reason()).not.toBe('paymentPending');
  const [one] = await match(organisation);
  expect(one?.match).toBeNull();
  expect(await reason()).toBe('paymentPending');
});

test('the reminders of whoever the payer’s name says wait, also when somebody else owes exactly that amount', async () => {
  const organisation = await givenOrganisation(db.database);
  await ledger(organisation, [...LEDGER, { code: 'MARTINET', piece: 'FA-2001', on: '2026-01-05', debit: '99,00' }]);
  await bank(organisation, { on: '2026-03-02', cents: 50_00, name: 'SARL MARTINET', text: 'reglement' });
  await match(organisation);
  const held = await db.database.inTenant(organisation, (t) => t.rows<{ code: string }>(t.sql`
    select c.code from ${t.from('bank_line')} l join ${t.from('customer')} c on c.customer_id = l.likely_customer_id`));
  expect(held).toEqual([{ code: 'MARTINET' }]);
});

const SAMPLE = new URL('../../../../shared/samples/synthetic_ar/', import.meta.url);
const SAMPLE_DAY = '2025-12-31';

const expectedSchema = z.object({
  bankMatches: z.array(z.object({ date: z.string(), amount: z.string(), customer: z.string().nullable(), invoices: z.array(z.string()), difficulty: z.string() })),
});

describe.each([SAMPLE].filter((one) => existsSync(one)))('the ledger and statement of the shared samples', () => {
  let organisation: OrganisationId;
  let matched: Matched[];
  let names: ReadonlyMap<string, string>;
  let paid: ReadonlyMap<string, readonly string[]>;
  beforeAll(async () => {
    organisation = await givenOrganisation(db.database);
    for (const name of ['FEC.txt', 'releve_camt053.xml']) {
      const report = await importFile(db.database, { organisation, path: new URL(name, SAMPLE).pathname, fileName: name, today: day(SAMPLE_DAY), clock: clockAt(SAMPLE_DAY), actor: 'test', newAccount: true });
      if (report.status !== 'applied') throw new Error(report.problems.map((one) => one.message.en).join(' '));
    }
    matched = await matchLines(db.database, { organisation, today: day(SAMPLE_DAY), clock: clockAt(SAMPLE_DAY), actor: 'test', auto: true });
    await db.database.inTenant(organisation, async (t) => {
      const items = await t.rows<{ id: string; name: string }>(t.sql`
        select i.item_id::text as id, i.document as name from ${t.from('item')} i where i.document is not null
        union all select 'customer ' || c.customer_id, c.code from ${t.from('customer')} c`);
      names = new Map(items.map((row) => [row.id, row.name]));
      const lines = await t.rows<{ line: string; documents: string[] }>(t.sql`
        select l.bank_line_id::text as line, array_agg(distinct d.document order by d.document) as documents from ${t.from('bank_line')} l
        join ${t.from('allocation')} a on a.credit_item_id = l.item_id join ${t.from('item')} d on d.item_id = a.debit_item_id group by l.bank_line_id`);
      paid = new Map(lines.map((row) => [row.line, row.documents]));
    });
  });
  test('what is certain is applied, nothing is applied wrongly, and the right one is proposed first for all others or nothing is', () => {
    const { bankMatches } = expectedSchema.parse(JSON.parse(readFileSync(new URL('expected.json', SAMPLE), 'utf8')));
    const incoming = bankMatches.filter(({ amount }) => !amount.startsWith('-'));
    expect(incoming).toHaveLength(25);
    const wrong = incoming.flatMap(({ date, amount, customer, invoices, difficulty }) => {
      const one = matched.find(({ incoming: line }) => line.bookedOn === date && String(line.minor) === amount.replace('.', '') && !line.id.startsWith('credit'));
      const done = one?.match ?? null;
      const offer = one?.offers.offers[0]?.candidate;
      const proposed = (offer?.parts ?? []).flatMap(({ item }) => names.get(item) ?? []).toSorted();
      const found = done === null ? proposed : (paid.get(one?.incoming.id ?? '') ?? []);
      const payer = one?.linked?.customer ?? offer?.customer;
      const right = String(found) === String(invoices.toSorted()) && names.get(`customer ${payer ?? ''}`) === customer;
      const certain = difficulty === 'exact reference';
      return (certain ? done !== null && right : right || (done === null && offer === undefined)) ? [] : [{ date, amount, invoices, difficulty, found, applied: done !== null }];
    });
    expect(wrong).toEqual([]);
  });
});
