import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { day } from '#core/kernel/day.ts';
import type { ActionId, ContactId, CustomerId } from '#core/kernel/id.ts';
import { must } from '#core/kernel/result.ts';
import { headLines, writeHead } from '#server/audit/heads.ts';
import { verify } from '#server/audit/verify.ts';
import { noteContact } from '#server/channels/contact-log.ts';
import { listActions } from '#server/dunning/actions.ts';
import { addComment } from '#server/holds/hold-files.ts';
import { addHold } from '#server/holds/holds.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { clockAt, fecOf, importText } from '#server/testing/given.ts';
import { testDatabase } from '#server/testing/database.ts';
import type { TestDatabase } from '#server/testing/database.ts';
import { approveOn, runOn, sendAt, postOffice } from '#server/testing/outbox.ts';
import { FATES, provenCompany } from '#server/testing/proven-company.ts';
import type { Fate, ProvenCompany } from '#server/testing/proven-company.ts';
import { verifyProof, parsePack } from '../../../tools/verify-proof.mjs';
import { eraseContact } from './erase-contact.ts';
import type { Erased } from './erase-contact.ts';
import { eraseDue } from './erase-messages.ts';
import { proofFile, readProof } from './proof.ts';

let db: TestDatabase;
let company: ProvenCompany;
let owner: pg.Client;
beforeAll(async () => {
  db = await testDatabase();
  company = await provenCompany(db.database);
  owner = await db.owner();
}, 60_000);
afterAll(async () => {
  await owner.end();
  await db.drop();
});

const TODAY = '2026-03-05';
const by = { clock: clockAt(TODAY), actor: 'user:1' };
const inside = <T>(work: (t: Tenant) => Promise<T>): Promise<T> => db.database.inTenant(company.organisation, work);

async function contactOf(fate: Fate): Promise<{ customer: CustomerId; contact: ContactId }> {
  const row = await inside((t) => t.one<{ customer: CustomerId; contact: ContactId }>(t.sql`
    select k.customer_id as customer, k.contact_id as contact from ${t.from('contact')} k join ${t.from('customer')} c on c.customer_id = k.customer_id where c.code = ${fate}`));
  if (row === null) throw new Error(fate);
  return row;
}
const erase = async (fate: Fate): Promise<Erased> => {
  const of = await contactOf(fate);
  return must(await inside((t) => eraseContact(t, { ...of, reason: 'demande du 5 mars', today: day(TODAY), by })));
};

/** Every place of the database, column by column, that holds a text: as text, in bytes, in JSON. */
async function placesOf(canary: string): Promise<string[]> {
  const columns = await owner.query<{ relation: string; name: string; type: string }>(`
    select c.relname as relation, a.attname as name, format_type(a.atttypid, null) as type from pg_class c join pg_attribute a on a.attrelid = c.oid
    where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and a.attnum > 0 and not a.attisdropped and format_type(a.atttypid, null) in ('text', 'text[]', 'jsonb', 'bytea')`);
  const found: string[] = [];
  for (const { relation, name, type } of columns.rows) {
    const holds = type === 'bytea' ? `position(convert_to($1, 'UTF8') in ${name}) > 0` : `strpos(lower(${name}::text), lower($1)) > 0`;
    const { rows } = await owner.query<{ count: string }>(`select count(*)::text as count from ${relation} where ${holds}`, [canary]);
    if (rows[0]?.count !== '0') found.push(`${relation}.${name}`);
  }
  return found.toSorted();
}

const MESSAGE = ['message.mime', 'message.recipient', 'send_attempt.response'];

test('no event of a company to which everything happened holds a name, an address or a number', async () => {
  for (const fate of FATES) {
    const bodies = await owner.query<{ count: string }>(`select count(*)::text as count from event where body like '%' || $1 || '%' or body like '%' || $2 || '%'`, [company.mailbox(fate), `Client ${fate}`]);
    expect([fate, bodies.rows[0]?.count]).toEqual([fate, '0']);
  }
  const kinds = await owner.query<{ kind: string }>('select distinct kind from event order by 1');
  expect(kinds.rows.length).toBeGreaterThan(15);
  // A Message-ID is a digest at the company's own domain.
  expect((await owner.query(`select 1 from event where regexp_replace(body, '"headerId":"[^"]*"', '') ~* '@|[+]33|canari'`)).rowCount).toBe(0);
});

test('G7: a contact whose message is evidence: out of use at once, the message until its day; in texts, bounces and problems no more', async () => {
  const { customer } = await contactOf('accepted');
  await inside(async (t) => {
    await t.run(t.sql`${t.update('contact', 'k')} set name = 'Zélie Quadrifolle', phone = '+33 6 99 88 77 66' where ${t.own('k')} and k.customer_id = ${customer}::bigint`);
    const hold = await addHold(t, { customerId: customer, itemId: null, kind: 'promise', reason: null, amount: null, from: day(TODAY), until: day('2026-03-20'), note: 'Vu avec Zélie Quadrifolle.', promisedBy: 'Zélie Quadrifolle' }, by);
    must(await addComment(t, hold, { body: 'Rappeler Zélie Quadrifolle au +33 6 99 88 77 66.', by }));
    await noteContact(t, { customer, channel: 'call', on: day(TODAY), note: 'Zélie Quadrifolle absente' }, { by, today: day(TODAY) });
  });
  expect(await placesOf('Quadrifolle')).not.toEqual([]);
  const erased = await erase('accepted');
  expect(erased).toMatchObject({ texts: 4, erased: [], kept: [{ until: null, article: 'C. com. L110-4 I', because: null }] });
  expect(await placesOf('Quadrifolle')).toEqual([]);
  expect(await placesOf('99 88 77 66')).toEqual([]);
  expect(await placesOf(company.mailbox('accepted'))).toEqual(['action.recipient', ...MESSAGE]);
  expect((await inside((t) => verify(t))).filter(({ ok }) => !ok)).toEqual([]);
});

test('G7: a message that reached nobody is evidence of nothing: it goes with the contact, chain and proof still hold', async () => {
  for (const fate of ['refused', 'dropped', 'disputed', 'waiting'] as const) {
    const erased = await erase(fate);
    expect([fate, erased.kept]).toEqual([fate, []]);
    expect([fate, await placesOf(company.mailbox(fate))]).toEqual([fate, []]);
  }
  expect((await inside((t) => verify(t))).filter(({ ok }) => !ok)).toEqual([]);
  await writeHead(db.database, { organisation: company.organisation, now: by.clock.now(), day: day(TODAY) });
  const kept = await inside(headLines);
  for (const fate of ['refused', 'waiting', 'accepted'] as const) {
    const proven = await inside((t) => readProof(t, company.actions.get(fate) ?? ('0' as ActionId)));
    if (proven === null) throw new Error(fate);
    const files: Readonly<Record<string, Buffer | null>> = { 'message.eml': proven.mime, 'letter.pdf': proven.pdf };
    expect([fate, verifyProof({ ...parsePack(proofFile(proven.proof).toString('utf8'), (name) => files[name] ?? null), kept })]).toEqual([fate, []]);
    expect([fate, proven.proof.erased !== null]).toEqual([fate, fate === 'refused']);
  }
});

test('planted: a proof that calls itself erased, where no event says so, is found', async () => {
  const proven = await inside((t) => readProof(t, company.actions.get('delivered') ?? ('0' as ActionId)));
  if (proven === null) throw new Error('no proof');
  const claimed = { ...proven.proof, erased: '2026-03-05T08:00:00.000Z', message: null };
  expect(verifyProof({ proof: claimed, files: {}, kept: null }).map(({ place }) => place)).toContain('erased');
});

test('F6: an erased contact does not come back with the files that brought it, by hand neither, and nothing is sent to it', async () => {
  await importText(db.database, company.organisation, { today: '2026-03-06', name: 'clients2.csv', text: [
    'Code client;Nom du client;E-mail;Téléphone;Ville', `accepted;Client accepted;${company.mailbox('accepted').toUpperCase()};;Angers`, 'refused;Client refused;;+33 (6) 99-88-77-66;Angers', 'waiting;Client waiting;nouvelle@waiting.example;;Angers', '',
  ].join('\n') });
  const rows = await inside((t) => t.rows<{ code: string; email: string | null }>(t.sql`
    select c.code, k.email from ${t.from('contact')} k join ${t.from('customer')} c on c.customer_id = k.customer_id where c.code in ('accepted', 'refused', 'waiting') and k.removed_at is null`));
  expect(rows).toEqual([{ code: 'waiting', email: 'nouvelle@waiting.example' }]);
  expect(await placesOf(company.mailbox('refused'))).toEqual([]);
  const before = new Set((await inside((t) => listActions(t))).map((row) => row.action_id));
  await inside((t) => t.run(t.sql`${t.update('profile', 'p')} set sending = p.sending - 'testAddress' where ${t.own('p')}`));
  await runOn(db.database, company.organisation, '2026-04-20');
  await approveOn(db.database, company.organisation, '2026-04-20');
  const post = postOffice();
  await sendAt(db.database, company.organisation, { at: '2026-04-20', carriers: { mail: post.carrier, letter: async ({ name }) => name } });
  const sent = post.taken.map(({ to }) => String(to));
  expect(sent.filter((to) => ['accepted', 'refused', 'dropped', 'disputed'].some((fate) => to === company.mailbox(fate)))).toEqual([]);
  expect((await inside((t) => listActions(t))).some((row) => !before.has(row.action_id))).toBe(true);
});

test('G7: at its day the message goes too, its salt with it: nothing of the address is left anywhere, the chain holds, the proof says erased', async () => {
  const mailbox = company.mailbox('accepted');
  // Paid in full: what was owed no longer keeps the message.
  await importText(db.database, company.organisation, { today: '2026-04-21', text: fecOf([
    ...FATES.flatMap((fate) => [{ code: fate, piece: `FA-${fate}-1`, on: '2026-01-05', debit: '120,00', ...(fate === 'accepted' ? { letter: 'AA' } : {}) }, { code: fate, piece: `FA-${fate}-2`, on: '2026-01-12', debit: '1034,56', ...(fate === 'accepted' ? { letter: 'AB' } : {}) }]),
    { code: 'accepted', piece: 'RG1', on: '2026-04-20', credit: '120,00', letter: 'AA' }, { code: 'accepted', piece: 'RG2', on: '2026-04-20', credit: '1034,56', letter: 'AB' },
  ]) });
  const due = (today: string): Promise<number> => inside((t) => eraseDue(t, { today: day(today), by: { clock: clockAt(today), actor: 'system:worker' } }));
  expect(await due('2031-03-02')).toBe(0);
  expect(await placesOf(mailbox)).toEqual(['action.recipient', ...MESSAGE]);
  expect(await due('2031-03-03')).toBe(1);
  expect(await placesOf(mailbox)).toEqual([]);
  expect((await inside((t) => verify(t))).filter(({ ok }) => !ok)).toEqual([]);
  const proven = await inside((t) => readProof(t, company.actions.get('accepted') ?? ('0' as ActionId)));
  if (proven === null) throw new Error('no proof');
  expect(proven.proof).toMatchObject({ message: null, erased: '2031-03-03T08:00:00.000Z' });
  expect(proven.proof.events.at(-1)?.body).toContain('"article":"C. com. L110-4 I"');
  expect(verifyProof({ proof: proven.proof, files: {}, kept: null })).toEqual([]);
});

test('G7, planted bug: with the salt left behind, the address is found again from the event by trying', async () => {
  const found = await inside((t) => t.one<{ salt: Buffer; said: string }>(t.sql`
    select m.salt, e.body::jsonb -> 'facts' ->> 'recipient' as said from ${t.from('message')} m join ${t.from('event')} e on e.subject = 'action:' || m.action_id and e.kind = 'action.claimed'
    where m.action_id = ${company.actions.get('delivered') ?? '0'}::bigint`));
  const { commitment } = await import('#server/audit/commitment.ts');
  const guessed = FATES.map((fate) => company.mailbox(fate)).find((address) => found !== null && commitment(found.salt, 'recipient', address) === found.said);
  expect(guessed).toBe(company.mailbox('delivered'));
  expect((await owner.query(`select 1 from message where erased_at is not null and salt is not null`)).rowCount).toBe(0);
});

test('a message is erased whole or not at all, once, and by nothing else', async () => {
  for (const sql of [`update message set recipient = '' where erased_at is null`, `update message set erased_at = now() where erased_at is null`, `update message set erased_at = null where erased_at is not null`, 'delete from message', `update hold_comment set body = 'other'`]) {
    await expect(owner.query(sql)).rejects.toThrow(/ever added|message_whole_or_erased/);
  }
});
