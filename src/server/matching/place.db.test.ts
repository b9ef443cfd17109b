import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ItemId, OrganisationId } from '#core/kernel/id.ts';
import { openLines, verified } from '#server/review/given-ledger.ts';
import { linesOf } from '#server/testing/books.ts';
import { testDatabase } from '#server/testing/database.ts';
import type { TestDatabase } from '#server/testing/database.ts';
import { clockAt } from '#server/testing/given.ts';
import { lockImports } from '#server/intake/import-lock.ts';
import { matchAfterImport } from './automatic.ts';
import { dismissLine, refuseCustomer, restoreLine } from './dismiss.ts';
import { MatchingFault } from './faults.ts';
import { loadMemory } from './facts-store.ts';
import { inTurn } from './in-turn.ts';
import type { LineKey } from './line-keys.ts';
import { placeByPerson, readOffers } from './place.ts';
import type { AskedUse } from './place.ts';
import { by, customerNamed, firstLine, givenLedger, givenMoney, itemNamed, lineKeys, TODAY, useOn } from './testing/given-money.ts';
import { undoMatch } from './undo-match.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

const given = () => givenLedger(db.database, [
  { code: 'C1', piece: 'FA-1001', on: '2026-02-01', debit: '50,00' }, { code: 'C1', piece: 'AV-1', on: '2026-02-02', credit: '10,00', journal: 'VT' }, { code: 'C2', piece: 'FA-2001', on: '2026-02-03', debit: '70,00' },
]);
const place = (organisation: OrganisationId, key: LineKey, uses: readonly AskedUse[]) => placeByPerson(db.database, organisation, { key, uses, by });
const fault = async (work: Promise<unknown>): Promise<MatchingFault> => {
  const error: unknown = await work.then(() => new Error('nothing stood against it'), (thrown: unknown) => thrown);
  if (error instanceof MatchingFault) return error;
  throw error;
};

test('E7: of 20 who place money on the same debt at once exactly what fits wins, and the others are told what is left', async () => {
  const organisation = await given();
  await givenMoney(db.database, organisation, Array.from({ length: 20 }, (_, index) => ({ on: '2026-03-02', cents: 20_00, name: `Payeur ${index}`, endToEnd: `E${index}` })));
  const use = await useOn(db.database, organisation, { code: 'C2', parts: { 'FA-2001': '20.00' } });
  const results = await Promise.allSettled((await lineKeys(db.database, organisation)).map((key) => place(organisation, key, [use])));
  const lost = results.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
  expect(results.length - lost.length).toBe(3);
  for (const one of lost) expect(one).toMatchObject({ kind: 'conflict', said: { fr: 'Il ne reste que 10,00 EUR ouverts sur FA-2001, pour 20,00 EUR demandés : corrigez le montant, ou rechargez la ligne.', en: 'Only 10.00 EUR is left open of FA-2001, 20.00 EUR was asked for: correct the amount, or reload the line.' } });
  expect(await openLines(db.database, organisation)).toContain('C2 debit FA-2001 10.00');
  await verified(db.database, organisation);
});

test('20 who place one line at once: one does, the others hear that somebody was faster', async () => {
  const organisation = await given();
  await givenMoney(db.database, organisation, [{ on: '2026-03-02', cents: 50_00, name: 'Payeur' }]);
  const key = await firstLine(db.database, organisation);
  const uses = [await useOn(db.database, organisation, { code: 'C1', parts: { 'FA-1001': '50.00' } }), await useOn(db.database, organisation, { code: 'C2', parts: { 'FA-2001': '50.00' } })];
  const results = await Promise.allSettled(Array.from({ length: 20 }, (_, index) => place(organisation, key, uses.slice(index % 2, (index % 2) + 1))));
  expect(results.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
  const lost = results.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
  for (const one of lost) expect(one).toMatchObject({ kind: 'conflict', said: { en: expect.stringContaining('just placed') as string } });
  await verified(db.database, organisation);
});

test('two people who take the same documents in opposite orders never wait for each other for ever', async () => {
  const organisation = await given();
  await givenMoney(db.database, organisation, Array.from({ length: 12 }, (_, index) => ({ on: '2026-03-02', cents: 3_00, name: 'Centrale', endToEnd: `E${index}` })));
  const [first, second] = [await useOn(db.database, organisation, { code: 'C1', parts: { 'FA-1001': '1.00' } }), await useOn(db.database, organisation, { code: 'C2', parts: { 'FA-2001': '2.00' } })];
  const keys = await lineKeys(db.database, organisation);
  await Promise.all(keys.map((key, index) => place(organisation, key, index % 2 === 0 ? [first, second] : [second, first])));
  expect(await openLines(db.database, organisation)).toEqual(['C1 debit FA-1001 38.00', 'C1 credit AV-1 10.00', 'C2 debit FA-2001 46.00']);
  await verified(db.database, organisation);
});

test.each([
  ['no use', [], 'uses'], ['the same customer twice', [{ code: 'C1' }, { code: 'C1' }], 'uses'], ['more than was received', [{ code: 'C2', parts: { 'FA-2001': '60.01' } }], 'amount'],
  ['an amount of zero', [{ code: 'C2', parts: { 'FA-2001': '0' } }], 'parts'], ['an amount below zero', [{ code: 'C2', parts: { 'FA-2001': '-1' } }], 'parts'], ['an amount with too many digits', [{ code: 'C2', parts: { 'FA-2001': '1.005' } }], 'parts'],
  ['letters', [{ code: 'C2', parts: { 'FA-2001': 'dix' } }], 'parts'], ['a document of another customer', [{ code: 'C1', parts: { 'FA-2001': '10.00' } }], 'parts'],
  ['a debit as a credit', [{ code: 'C2', parts: { 'FA-2001': '30.00' }, credits: { 'FA-1001': '10.00' } }], 'credits'], ['a credit as a debit', [{ code: 'C1', parts: { 'AV-1': '10.00' } }], 'parts'],
  ['credits above the documents', [{ code: 'C1', parts: { 'FA-1001': '5.00' }, credits: { 'AV-1': '10.00' } }], 'credits'], ['a write-off above its documents', [{ code: 'C2', parts: { 'FA-2001': '1.00' }, writeOff: ['2.00', 'lost'] }], 'writeOff'],
  ['a second customer that gets nothing', [{ code: 'C2', parts: { 'FA-2001': '10.00' } }, { code: 'C1' }], 'uses'],
] as const)('%s is refused in both languages, and nothing is done by halves', async (...given_) => {
  const [, uses, field] = given_;
  const organisation = await given();
  await givenMoney(db.database, organisation, [{ on: '2026-03-02', cents: 60_00, name: 'Payeur' }]);
  const before = await linesOf(db.database, organisation);
  const asked = await Promise.all(uses.map((one) => useOn(db.database, organisation, one as Parameters<typeof useOn>[2])));
  const said = await fault(place(organisation, await firstLine(db.database, organisation), asked));
  expect([said.kind, said.field]).toEqual(['invalid', field]);
  expect(said.said.fr).not.toBe(said.said.en);
  expect(await linesOf(db.database, organisation)).toEqual(before);
});

test('lines and customers of another organisation are as if they were not', async () => {
  const mine = await given();
  const theirs = await given();
  await givenMoney(db.database, theirs, [{ on: '2026-03-02', cents: 60_00, name: 'Payeur' }]);
  const [key, use] = [await firstLine(db.database, theirs), await useOn(db.database, mine, { code: 'C2' })];
  expect((await fault(place(mine, key, [use]))).kind).toBe('unknown');
  expect((await fault(dismissLine(db.database, mine, { key, reason: 'loan', note: null, by }))).kind).toBe('unknown');
  expect((await fault(place(theirs, key, [use]))).field).toBe('uses');
  const foreign = await useOn(db.database, mine, { code: 'C2', parts: { 'FA-2001': '1.00' } });
  expect(await fault(place(theirs, key, [{ ...await useOn(db.database, theirs, { code: 'C2' }), parts: foreign.parts }]))).toMatchObject({ kind: 'invalid', field: 'parts' });
});

test('the evidence of a proposal stays with the placing that follows it', async () => {
  const organisation = await given();
  await givenMoney(db.database, organisation, [{ on: '2026-03-02', cents: 70_00, name: 'Client C2', text: 'merci' }]);
  const key = await firstLine(db.database, organisation);
  const first = (await readOffers(db.database, organisation, key))?.offers.offers[0];
  const match = await place(organisation, key, [await useOn(db.database, organisation, { code: 'C2', parts: { 'FA-2001': '70.00' } })]);
  const stored = await db.database.inTenant(organisation, (t) => t.one<{ evidence: unknown; confidence: number; automatic: boolean }>(t.sql`select m.evidence, m.confidence, m.automatic from ${t.from('match')} m where m.match_id = ${match}::bigint`));
  expect(first?.candidate.evidence.length).toBeGreaterThan(0);
  expect(stored).toEqual({ evidence: first?.candidate.evidence, confidence: first?.candidate.confidence, automatic: false });
});

test('a person’s placing teaches the payer; taking it back forgets it again; overruling a proposal lets that one fade', async () => {
  const organisation = await given();
  await givenMoney(db.database, organisation, [{ on: '2026-03-02', cents: 12_00, name: 'Client C1', text: 'FA-1001' }, { on: '2026-03-02', cents: 13_00, name: 'Client C1', endToEnd: 'B' }]);
  const [one, other] = await lineKeys(db.database, organisation);
  if (one === undefined || other === undefined) throw new Error('no lines');
  const [c1, c2] = [await customerNamed(db.database, organisation, 'C1'), await customerNamed(db.database, organisation, 'C2')];
  const memory = () => db.database.inTenant(organisation, (t) => loadMemory(t));
  const times = async (): Promise<Record<string, number>> => Object.fromEntries([...(await memory()).labels.values()].flat().map(({ customer, times: seen }) => [customer, seen]));
  const match = await place(organisation, one, [await useOn(db.database, organisation, { code: 'C2' })]);
  expect(await times()).toEqual({ [c2]: 1 });
  expect([...(await memory()).refused.keys()].filter((key) => key.endsWith(` ${c1}`))).toHaveLength(1);
  await place(organisation, other, [await useOn(db.database, organisation, { code: 'C2' })]);
  expect(await times()).toEqual({ [c2]: 2 });
  await inTurn(db.database, organisation, (t) => undoMatch(t, match, { ...by, reason: 'erreur' }));
  expect(await times()).toEqual({ [c2]: 1 });
  expect([...(await memory()).refused.keys()].filter((key) => key.endsWith(` ${c2}`))).toEqual([]);
});

test('“not this customer”: it is not proposed for the line again, its reminders go on, and for its payer it fades', async () => {
  const organisation = await given();
  await givenMoney(db.database, organisation, [{ on: '2026-03-02', cents: 12_00, name: 'Client C1', text: 'FA-1001' }]);
  const key = await firstLine(db.database, organisation);
  const c1 = await customerNamed(db.database, organisation, 'C1');
  expect((await readOffers(db.database, organisation, key))?.offers.offers[0]?.candidate.customer).toBe(c1);
  const fresh = await refuseCustomer(db.database, organisation, { key, customer: c1, by });
  await refuseCustomer(db.database, organisation, { key, customer: c1, by });
  expect(fresh?.offers.offers.filter(({ candidate }) => candidate.customer === c1)).toEqual([]);
  expect(fresh?.waiting.likely).not.toBe(c1);
  const events = await db.database.inTenant(organisation, (t) => t.rows<{ kind: string }>(t.sql`select e.kind from ${t.from('event')} e where e.kind = 'bankLine.customerRefused'`));
  expect(events).toHaveLength(1);
  await matchAfterImport(db.database, { organisation, clock: clockAt(TODAY), today: by.today, actor: 'test' });
  expect(await openLines(db.database, organisation)).toContain('C1 debit FA-1001 50.00');
  expect((await fault(refuseCustomer(db.database, organisation, { key, customer: '999999999' as never, by }))).field).toBe('customer');
});

test('a line set aside waits no more and can be put back; placed ones cannot be set aside', async () => {
  const organisation = await given();
  await givenMoney(db.database, organisation, [{ on: '2026-03-02', cents: 70_00, name: 'Client C2', text: 'FA-2001' }]);
  const key = await firstLine(db.database, organisation);
  await dismissLine(db.database, organisation, { key, reason: 'loan', note: 'prêt BPI', by });
  expect(await readOffers(db.database, organisation, key)).toBeNull();
  expect((await matchAfterImport(db.database, { organisation, clock: clockAt(TODAY), today: by.today, actor: 'test' }))).toMatchObject({ status: 'done', count: { applied: 0, left: 0 } });
  expect((await fault(place(organisation, key, [await useOn(db.database, organisation, { code: 'C2' })]))).said.fr).toContain('écartée');
  await restoreLine(db.database, organisation, { key, by });
  expect((await fault(restoreLine(db.database, organisation, { key, by }))).kind).toBe('conflict');
  const likely = await db.database.inTenant(organisation, (t) => t.one<{ likely: string }>(t.sql`select l.likely_customer_id as likely from ${t.from('bank_line')} l`));
  expect(likely?.likely).toBe(await customerNamed(db.database, organisation, 'C2'));
  await place(organisation, key, [await useOn(db.database, organisation, { code: 'C2', parts: { 'FA-2001': '70.00' } })]);
  expect((await fault(dismissLine(db.database, organisation, { key, reason: 'loan', note: null, by }))).kind).toBe('conflict');
  const credit: LineKey = { kind: 'credit', item: await itemNamed(db.database, organisation, 'AV-1') };
  expect((await fault(dismissLine(db.database, organisation, { key: credit, reason: 'loan', note: null, by }))).field).toBe('line');
  expect((await fault(place(organisation, credit, [await useOn(db.database, organisation, { code: 'C2' })]))).field).toBe('uses');
});

test('a change waits for an import that is under way', async () => {
  const organisation = await given();
  await givenMoney(db.database, organisation, [{ on: '2026-03-02', cents: 50_00, name: 'Payeur' }]);
  const order: string[] = [];
  const { promise: begun, resolve: begin } = Promise.withResolvers<undefined>();
  const importing = db.database.inTenant(organisation, async (t) => {
    await lockImports(t);
    begin(undefined);
    await t.run(t.sql`select pg_sleep(0.4)`);
    order.push('import');
  });
  await begun;
  const placing = place(organisation, await firstLine(db.database, organisation), [await useOn(db.database, organisation, { code: 'C1', parts: { 'FA-1001': '50.00' } })]).then(() => order.push('place'));
  await Promise.all([importing, placing]);
  expect(order).toEqual(['import', 'place']);
});

test.each([['JPY', '5000', '7000', '1000', '0.5'], ['TND', '5.000', '7.000', '1.125', '0.0005']] as const)('%s: amounts have the digits of their currency', async (...amounts) => {
  const [currency, debt, received, part, tooFine] = amounts;
  const organisation = await given();
  await givenMoney(db.database, organisation, [{ on: '2026-03-02', cents: Number(received.replace('.', '')), name: 'Payeur' }]);
  const customer = await customerNamed(db.database, organisation, 'C2');
  const item = await db.database.inTenant(organisation, async (t) => {
    await t.run(t.sql`${t.update('bank_line', 'l')} set currency = ${currency} where ${t.own('l')}`);
    const row = await t.one<{ id: ItemId }>(t.sql`
      ${t.into('item', 'customer_id, side, kind, document, issued_on, first_seen_on, due_on, currency, amount, natural_key')}
      values (${t.org}, ${customer}::bigint, 'debit', 'invoice', 'FA-X', '2026-02-01', '2026-02-01', '2026-03-01', ${currency}, ${debt.replace('.', '')}::bigint, 'x') returning item_id as id`);
    return row?.id ?? ('0' as ItemId);
  });
  const key = await firstLine(db.database, organisation);
  const use = (amount: string, of = item) => ({ customer, parts: [{ item: of, amount }], credits: [], writeOff: null });
  expect((await fault(place(organisation, key, [use(tooFine)]))).field).toBe('parts');
  expect((await fault(place(organisation, key, [use(part, await itemNamed(db.database, organisation, 'FA-2001'))]))).said.fr).toContain(`EUR, l’argent en ${currency}`);
  await place(organisation, key, [use(part)]);
  const found = await db.database.inTenant(organisation, (t) => t.one<{ open: string; loose: string }>(t.sql`
    select (select i.amount - i.allocated from ${t.from('item')} i where i.document = 'FA-X')::text as open, (select i.amount - i.allocated from ${t.from('item')} i where i.natural_key like 'bank|%')::text as loose`));
  const minor = (text: string): bigint => BigInt(text.replace('.', ''));
  expect(found).toEqual({ open: String(minor(debt) - minor(part)), loose: String(minor(received) - minor(part)) });
});
