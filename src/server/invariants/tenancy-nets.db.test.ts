import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { aSend } from '#core/channels/given-journal.ts';
import { day } from '#core/kernel/day.ts';
import type { CustomerId, ItemId, OrganisationId } from '#core/kernel/id.ts';
import { must } from '#core/kernel/result.ts';
import { recordBounces } from '#server/channels/bounces/record-bounce.ts';
import { noteContact } from '#server/channels/contact-log.ts';
import { makeCalls } from '#server/channels/webhooks/calls.ts';
import { addWebhook } from '#server/channels/webhooks/webhooks.ts';
import { joinWorkers } from '#server/channels/worker-presence.ts';
import { sendApproved } from '#server/channels/send.ts';
import { approve } from '#server/dunning/actions.ts';
import { saveAssignment } from '#server/dunning/assignment-store.ts';
import { startHoldOut } from '#server/dunning/hold-outs.ts';
import { seededRandom } from '#core/kernel/random.ts';
import { rememberSettings } from '#server/audit/fact-before.ts';
import { writeHead } from '#server/audit/heads.ts';
import { runDunning } from '#server/dunning/run.ts';
import { retireScenario, saveDraft } from '#server/dunning/scenario-drafts.ts';
import { definitionSchema, scenarioToJson } from '#server/dunning/scenario-shape.ts';
import { chooseSegment } from '#server/risk/segments.ts';
import { placeSends } from '#server/dunning/sent-elsewhere.ts';
import { STANDARD_SCENARIO } from '#core/dunning/ready-scenarios.ts';
import { tickStep } from '#server/holds/disputes.ts';
import { addComment, addFile } from '#server/holds/hold-files.ts';
import { addHold } from '#server/holds/holds.ts';
import { addPlan } from '#server/holds/plans.ts';
import { createFamily, namedTemplates } from '#server/letters/families-store.ts';
import { openLetterMaker } from '#server/letters/pdf.ts';
import type { Database } from '#server/plumbing/database.ts';
import { TENANT_TABLES } from '#server/plumbing/tenant.ts';
import { applyUses } from '#server/matching/apply.ts';
import type { MatchId } from '#server/matching/apply.ts';
import { undoMatch } from '#server/matching/undo-match.ts';
import { loadLines } from '#server/matching/waiting.ts';
import type { Tenant, TenantTable } from '#server/plumbing/tenant.ts';
import { camt053Of } from '#server/testing/bank-files.ts';
import { testDatabase } from '#server/testing/database.ts';
import type { TestDatabase } from '#server/testing/database.ts';
import { clockAt, fecOf, givenOrganisation, importText } from '#server/testing/given.ts';
import { cdarOf, ublOf } from '#server/testing/invoice-files.ts';
import { testGuard } from '#server/testing/guard.ts';

const TODAY = '2026-03-02';
const by = { clock: clockAt(TODAY), actor: 'test' };
const GUESSED = { headerLine: 1, columns: { customerCode: 0, customerName: 1, email: 2 }, decimalStyle: null, dayOrder: null } as const;

/** Both nets, the typed handle alone (row policies off), the row policies alone (the handle's condition off). */
type Nets = { readonly name: string; readonly test: TestDatabase; readonly database: Database };

let both: TestDatabase;
let bare: TestDatabase;
let a: OrganisationId;
let b: OrganisationId;
const nets: Nets[] = [];
beforeAll(async () => {
  both = await testDatabase();
  bare = await testDatabase();
  for (const one of [both, bare]) {
    // The same numbers in both databases: each starts empty.
    a = await givenFullOrganisation(one, 'a');
    b = await givenFullOrganisation(one, 'b');
    const owner = await one.owner();
    // The login role may not remove rows; for this proof it may, so that only the nets stand in the way.
    await owner.query('grant select, insert, update, delete on all tables in schema public to acquit_app');
    for (const table of TENANT_TABLES) await owner.query(`alter table ${table} disable trigger user`);
    await owner.end();
  }
  const owner = await bare.owner();
  for (const table of TENANT_TABLES) await owner.query(`alter table ${table} disable row level security`);
  await owner.end();
  nets.push(
    { name: 'both nets', test: both, database: both.database },
    { name: 'the typed handle alone', test: bare, database: bare.database },
    { name: 'the row policies alone', test: both, database: both.withNets({ filter: false }) },
  );
}, 120_000);
afterAll(async () => {
  await both.drop();
  await bare.drop();
});

/** An organisation with at least one row in every table of a tenant. */
async function givenFullOrganisation(of: TestDatabase, letter: string): Promise<OrganisationId> {
  const organisation = await givenOrganisation(of.database);
  const fec = fecOf([
    { code: 'C1', piece: `FA1${letter}`, on: '2026-01-05', debit: '120,00' }, { code: 'C1', piece: `FA2${letter}`, on: '2025-12-05', debit: '50,00', letter: 'AA' },
    { code: 'C1', piece: `RG2${letter}`, on: '2026-01-06', credit: '50,00', letter: 'AA' }, { code: 'C2', piece: `FA3${letter}`, on: '2026-01-05', debit: '60,00', letter: 'BB' },
  ]);
  await importText(of.database, organisation, { today: TODAY, text: fec });
  await importText(of.database, organisation, { today: TODAY, name: 'clients.csv', mapping: GUESSED, text: `Code client;Nom du client;E-mail;Ville\nC1;Client ${letter};compta@alpha-${letter}.example;Nantes\n` });
  await importText(of.database, organisation, { today: TODAY, name: 'villes.csv', text: 'Code client;Nom du client;Ville;Code postal\nC1;Client C1;Angers;49000\n' });
  await importText(of.database, organisation, { today: TODAY, name: 'releve.xml', text: camt053Of({ from: '2026-03-02', until: '2026-03-02', opening: 0, movements: [{ on: '2026-03-02', cents: 5_00, name: `Client ${letter}`, endToEnd: 'A' }, { on: '2026-03-02', cents: 7_00, name: `Autre ${letter}`, endToEnd: 'B' }] }) });
  await importText(of.database, organisation, { today: TODAY, name: 'facture.xml', text: ublOf({ number: `FA9${letter}`, on: '2026-03-02', due: '2026-04-02', cents: 5_00, buyer: `Client ${letter}` }) });
  await importText(of.database, organisation, { today: TODAY, name: 'statut.xml', text: cdarOf({ number: `FA9${letter}`, status: 205, on: '2026-03-02' }) });
  await of.database.inTenant(organisation, (t) => matchBoth(t));
  await of.database.inTenant(organisation, async (t) => {
    const row = await t.one<{ customer_id: CustomerId }>(t.sql`select c.customer_id from ${t.from('customer')} c where c.code = 'C2'`);
    if (row === null) throw new Error('no customer');
    await addHold(t, { customerId: row.customer_id, itemId: null, kind: 'pause', reason: null, amount: null, from: day(TODAY), until: null, note: null }, by);
    await holdEverything(t);
  });
  await runDunning(of.database, { ...by, organisation, today: day(TODAY) });
  await of.database.inTenant(organisation, (t) => approve(t, 'all', by));
  const worker = await joinWorkers(of.database);
  await sendApproved(of.database, {
    ...by, organisation, today: day(TODAY), worker, letters: must(await openLetterMaker()), sender: { from: 'relances@duval.example', instance: 'test' }, guard: testGuard(of.database),
    carriers: { letter: null, mail: { send: async () => ({ kind: 'accepted', response: '250 ok' }) } },
  });
  await worker.leave();
  await of.database.inTenant(organisation, (t) => sendingEverything(t, letter));
  await of.database.inTenant(organisation, (t) => scenariosEverything(t));
  expect(await writeHead(of.database, { organisation, now: by.clock.now(), day: day(TODAY) })).toMatchObject({ status: 'written' });
  await of.database.inTenant(organisation, (t) => sentElsewhere(t, letter));
  await of.database.inTenant(organisation, (t) => webhookWithCall(t));
  return organisation;
}

/** Something that came back, the breaker open, and a call noted by hand. */
async function sendingEverything(t: Tenant, letter: string): Promise<void> {
  const row = await t.one<{ customer_id: CustomerId }>(t.sql`select c.customer_id from ${t.from('customer')} c where c.code = 'C2'`);
  if (row === null) throw new Error('no customer');
  await recordBounces(t, by, [{ action: null, address: `rien@alpha-${letter}.example`, kind: 'hard', status: null, diagnostic: 'test', source: 'person' }]);
  await noteContact(t, { customer: row.customer_id, channel: 'call', on: day(TODAY), note: null }, { by, today: day(TODAY) });
  await t.run(t.sql`${t.into('erased_address', 'key, erased_at')} values (${t.org}, address_key('email', ${letter}), ${by.clock.now()}::timestamptz)`);
  await t.run(t.sql`
    ${t.into('sending_halt', 'cause, mails, bounces, complaints, opened_at')} values (${t.org}, 'bounces', 100, 5, 0, ${by.clock.now()}::timestamptz)`);
}

/** A message that left elsewhere, of which nothing is here. */
async function sentElsewhere(t: Tenant, letter: string): Promise<void> {
  await placeSends(t, [{ ref: `e/${letter}/1/1`, outcome: 'accepted', send: aSend({ customer: 'NOBODY' }) }], { now: by.clock.now(), actor: by.actor });
}

/** Software that is told, and a call to it that waits. */
async function webhookWithCall(t: Tenant): Promise<void> {
  const { id } = must(await addWebhook(t, { url: 'https://erp.example.com/hook', events: ['promise.given'], hosts: new Set() }, by));
  const row = await t.one<{ customer_id: CustomerId }>(t.sql`select c.customer_id from ${t.from('customer')} c where c.code = 'C2'`);
  if (row === null) throw new Error('no customer');
  await addHold(t, { customerId: row.customer_id, itemId: null, kind: 'promise', reason: null, amount: 10n, from: day(TODAY), until: day('2026-03-09'), note: null }, by);
  await makeCalls(t, { id, events: ['promise.given'] }, { now: by.clock.now() });
}

/** A draft, a retired scenario, rules, a text of its own, and a segment chosen by a person. */
async function scenariosEverything(t: Tenant): Promise<void> {
  const row = await t.one<{ customer_id: CustomerId }>(t.sql`select c.customer_id from ${t.from('customer')} c where c.code = 'C2'`);
  if (row === null) throw new Error('no customer');
  await saveDraft(t, { code: 'standard', definition: definitionSchema.parse(JSON.parse(scenarioToJson(STANDARD_SCENARIO))), templates: await namedTemplates(t) }, by);
  await rememberSettings(t, by.clock.now());
  const test = must(await startHoldOut(t, { code: 'standard', sharePercent: 10, former: { scenario: 'firm' }, today: day(TODAY), random: seededRandom(1) }, by));
  await t.run(t.sql`
    ${t.into('hold_out_customer', 'hold_out_id, customer_id, arm, entered_on')} values (${t.org}, ${test.id}::bigint, ${row.customer_id}::bigint, 'new', ${TODAY}::date)`);
  await t.run(t.sql`
    ${t.into('replay', 'code, version, definition_sha256, months, basis, population, result, started_at, ended_at, actor')}
    values (${t.org}, 'standard', 1, sha256('test'), 12, 'known', 'assigned', '{}'::jsonb, ${by.clock.now()}::timestamptz, ${by.clock.now()}::timestamptz, 'test')`);
  expect(await retireScenario(t, 'gentle', by)).toBeNull();
  expect(await saveAssignment(t, [{ name: 'Tous', scenario: 'standard', when: {} }], by)).toMatchObject({ version: 1 });
  expect(await createFamily(t, { code: 'a-nous', name: 'À nous', standsFor: 'reminder1', from: null }, { actor: by.actor, now: by.clock.now() })).toBeNull();
  await chooseSegment(t, { customer: row.customer_id, segment: 'strategic', note: null, today: day(TODAY) }, by);
}

/** A plan with its items and instalments, and a dispute with a step, a comment and a file. */
async function holdEverything(t: Tenant): Promise<void> {
  const item = await t.one<{ item: ItemId; customer: CustomerId; open: string }>(t.sql`
    select i.item_id as item, i.customer_id as customer, i.amount - i.allocated as open from ${t.from('item')} i where i.document like 'FA3%'`);
  if (item === null) throw new Error('no item');
  must(await addPlan(t, {
    customerId: item.customer, items: [item.item], instalments: [{ dueOn: day('2026-04-02'), minor: BigInt(item.open) }], from: day(TODAY), acceptedBy: null, note: null,
  }, by));
  const dispute = await addHold(t, { customerId: item.customer, itemId: item.item, kind: 'dispute', reason: 'price', amount: null, from: day(TODAY), until: null, note: null }, by);
  must(await tickStep(t, dispute, { code: 'acknowledge', done: true, by }));
  must(await addComment(t, dispute, { body: 'Vu avec le client.', by }));
  must(await addFile(t, dispute, { name: 'note.txt', bytes: new TextEncoder().encode('Prix convenu.'), by }));
}

/** Sets one bank line against an invoice whose VAT is known, and another one that is taken back. */
async function matchBoth(t: Tenant): Promise<void> {
  const item = await t.one<{ item: ItemId; customer: CustomerId }>(t.sql`
    select i.item_id as item, i.customer_id as customer from ${t.from('item')} i join ${t.from('document')} d on d.number = i.document`);
  if (item === null) throw new Error('no invoice');
  const made = new Map<string, MatchId>();
  for (const { incoming } of await loadLines(t, { limit: 2 })) {
    const parts = incoming.references.endToEndId === 'A' ? [{ item: item.item, minor: incoming.minor }] : [];
    const shares = [{ customer: item.customer, parts, credits: [], writeOff: null }];
    for (const [line, match] of (await applyUses(t, [{ incoming, shares, confidence: null, evidence: [], automatic: parts.length === 0 }], { now: by.clock.now(), today: day(TODAY), actor: 'test' })).made) made.set(line, match);
  }
  const [, last] = [...made.values()];
  if (last === undefined) throw new Error('nothing to take back');
  await undoMatch(t, last, { now: by.clock.now(), today: day(TODAY), actor: 'test', reason: 'test' });
}

/** Rows of an organisation as the owner of the tables sees them, as one text. */
async function contents(of: TestDatabase, table: TenantTable, organisation: OrganisationId): Promise<string> {
  const owner = await of.owner();
  try {
    const found = await owner.query<{ line: string }>(`select to_jsonb(x)::text as line from ${table} x where organisation_id = $1 order by 1`, [organisation]);
    return found.rows.map((row) => row.line).join('\n');
  } finally {
    await owner.end();
  }
}

class Undo extends Error {}

/** Does something in a transaction of an organisation and undoes it; gives what `work` saw, or 'refused' when the database would not. */
async function attempt(database: Database, organisation: OrganisationId, work: (t: Parameters<Parameters<Database['inTenant']>[1]>[0]) => Promise<number>): Promise<number | 'refused'> {
  let seen: number | 'refused' = 'refused';
  try {
    await database.inTenant(organisation, async (t) => {
      seen = await work(t);
      throw new Undo();
    });
  } catch (error) {
    if (error instanceof pg.DatabaseError) return 'refused';
    if (!(error instanceof Undo)) throw error;
  }
  return seen;
}

test('every table holds rows of both organisations: nothing below passes because there is nothing to see', async () => {
  for (const one of [both, bare]) {
    for (const table of TENANT_TABLES) {
      expect([table, (await contents(one, table, a)).length > 0, (await contents(one, table, b)).length > 0]).toEqual([table, true, true]);
    }
  }
});

test.each(TENANT_TABLES)('%s: with either net alone an organisation sees, changes and removes its own rows and no others', async (table) => {
  for (const { name, test: one, database } of nets) {
    const mine = (await contents(one, table, a)).split('\n').length;
    const theirs = await contents(one, table, b);
    const read = await database.inTenant(a, (t) => t.rows<{ organisation_id: string }>(t.sql`select x.organisation_id from ${t.from(table)} x`));
    expect([name, 'select', read.length, new Set(read.map((row) => row.organisation_id))]).toEqual([name, 'select', mine, new Set([a])]);
    expect([name, 'update', await attempt(database, a, (t) => t.run(t.sql`${t.update(table, 'x')} set organisation_id = x.organisation_id where ${t.own('x')}`))]).toEqual([name, 'update', mine]);
    const aimed = await attempt(database, a, (t) => t.run(t.sql`${t.update(table, 'x')} set organisation_id = x.organisation_id where ${t.own('x')} and x.organisation_id = ${b}::bigint`));
    expect([name, 'update of theirs', aimed]).toEqual([name, 'update of theirs', 0]);
    const removed = await attempt(database, a, (t) => t.run(t.sql`${t.deleteFrom(table, 'x')} where ${t.own('x')} and x.organisation_id = ${b}::bigint`));
    expect([name, 'delete of theirs', removed]).toEqual([name, 'delete of theirs', 0]);
    expect([name, 'theirs untouched', (await contents(one, table, b)) === theirs]).toEqual([name, 'theirs untouched', true]);
  }
});

/** PostgreSQL plans a kept statement for its values five times, then once for all. */
const TIMES = 7;
test.each(['both nets', 'the typed handle alone', 'the row policies alone'])('%s: a plan kept by a connection serves each organisation its own rows', async (wanted) => {
  const database = nets.find(({ name }) => name === wanted)?.database;
  if (database === undefined) throw new Error(`no nets ${wanted}`);
  for (let time = 0; time < TIMES; time += 1) {
    for (const organisation of [a, b]) {
      const seen = await database.inTenant(organisation, async (t) => ({
        rows: await t.rows<{ organisation_id: string }>(t.sql`select x.organisation_id from ${t.from('item')} x`),
        kept: await t.rows<{ count: number }>(t.sql`select count(*)::int as count from pg_prepared_statements where name like 'plan%'`),
      }), { keepPlans: true });
      expect(new Set(seen.rows.map((row) => row.organisation_id))).toEqual(new Set([organisation]));
      expect(seen.kept[0]?.count).toBeGreaterThan(0);
    }
  }
});

test.each(TENANT_TABLES)('%s: rows can be given to no other organisation', async (table) => {
  const rows = both.withNets({ filter: false });
  const moved = await attempt(rows, a, (t) => t.run(t.sql`${t.update(table, 'x')} set organisation_id = ${b}::bigint where ${t.own('x')}`));
  expect(moved).toBe('refused');
  // The handle's insert names the organisation first and fills it itself: another one cannot be said. The policies refuse one that is.
  const inserted = await attempt(rows, a, async (t) => {
    const made = await t.connection.query(`insert into ${table} overriding system value select (jsonb_populate_record(x, jsonb_build_object('organisation_id', $1::bigint))).* from ${table} x`, [b]);
    return made.rowCount ?? 0;
  });
  expect(inserted).toBe('refused');
});

test('positive control: with both nets off the rows of everybody are there, in every table', async () => {
  const none = bare.withNets({ filter: false });
  for (const table of TENANT_TABLES) {
    const read = await none.inTenant(a, (t) => t.rows<{ organisation_id: string }>(t.sql`select x.organisation_id from ${t.from(table)} x`));
    expect([table, new Set(read.map((row) => row.organisation_id)).has(b)]).toEqual([table, true]);
    const changed = await attempt(none, a, (t) => t.run(t.sql`${t.update(table, 'x')} set organisation_id = x.organisation_id where ${t.own('x')} and x.organisation_id = ${b}::bigint`));
    expect([table, changed === 'refused' ? 0 : changed]).not.toEqual([table, 0]);
    // Refused only where other rows stand on these: it was tried on them.
    const removed = await attempt(none, a, (t) => t.run(t.sql`${t.deleteFrom(table, 'x')} where ${t.own('x')} and x.organisation_id = ${b}::bigint`));
    expect([table, removed]).not.toEqual([table, 0]);
  }
});

test('the handle refuses statements that name a table by themselves or forget whose rows they change', async () => {
  await both.database.inTenant(a, async (t) => {
    expect(() => t.sql`select * from item`).toThrow('without its organisation');
    expect(() => t.sql`update "customer" set name = 'x'`).toThrow('without its organisation');
    expect(() => t.sql`select * from public.item`).toThrow('without its organisation');
    // An insert that names another organisation by hand never reaches the server, row security or not.
    await expect(t.run(t.sql`${t.into('customer', 'code, name')} values (${b}::bigint, 'X', 'X')`)).rejects.toThrow('without `org`');
    await expect(t.run(t.sql`${t.update('customer', 'c')} set name = 'x'`)).rejects.toThrow('without own');
    await expect(t.run(t.sql`${t.deleteFrom('customer', 'c')}`)).rejects.toThrow('without own');
  });
});

test('without an organisation set, the policies show nothing at all', async () => {
  for (const table of TENANT_TABLES) expect([table, (await both.database.pool.query(`select from ${table}`)).rowCount]).toEqual([table, 0]);
});
