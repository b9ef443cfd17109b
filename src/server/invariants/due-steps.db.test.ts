import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WAIT_REASONS } from '#core/dunning/decision.ts';
import { day } from '#core/kernel/day.ts';
import type { OrganisationId } from '#core/kernel/id.ts';
import { explainDecisions } from '#server/dunning/explain.ts';
import { listActions } from '#server/dunning/actions.ts';
import { runDunning } from '#server/dunning/run.ts';
import { addHold } from '#server/holds/holds.ts';
import { byOn, itemOf, pay } from '#server/holds/testing/given-holds.ts';
import type { StoredMail } from '#server/channels/mime.ts';
import type { SmtpOutcome } from '#server/channels/smtp-outcome.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { testDatabase } from '#server/testing/database.ts';
import type { TestDatabase } from '#server/testing/database.ts';
import { clockAt } from '#server/testing/given.ts';
import { plantInSql } from '#server/testing/mutant.ts';
import { approveOn, givenDebtors, postOffice, sendAt } from '#server/testing/outbox.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

const MONDAY = '2026-03-02';
const TUESDAY = '2026-03-03';
const CUSTOMERS = 40;

/** What a customer of a company may be like: how it can be reached, what was said of it, when, and what its mail server answers. */
const anyCustomer = fc.record({
  email: fc.constantFrom('none', 'good', 'good', 'refused', 'bounced', 'removed'), address: fc.boolean(),
  said: fc.constantFrom('nothing', 'nothing', 'nothing', 'dispute', 'promise', 'pause', 'insolvency', 'paid', 'legal'), crossing: fc.boolean(),
  server: fc.constantFrom<SmtpOutcome['kind'][]>('accepted', 'accepted', 'refused', 'unknown'), due: fc.constantFrom('2026-01-05', '2026-01-05', '2026-02-27', '2025-10-01'),
});
type Customer = ReturnType<typeof anyCustomer.generate>['value'];
const codeOf = (index: number): string => `C${String(index).padStart(2, '0')}`;

async function say(t: Tenant, code: string, { said }: Customer): Promise<void> {
  const { itemId, customerId } = await itemOf(t, `FA-${code}`);
  const hold = { customerId, itemId, reason: null, amount: null, from: day(MONDAY), until: null, note: null };
  if (said === 'dispute') await addHold(t, { ...hold, kind: 'dispute', reason: 'price' }, byOn(MONDAY));
  if (said === 'promise') await addHold(t, { ...hold, kind: 'promise', until: day('2026-03-06') }, byOn(MONDAY));
  if (said === 'pause') await addHold(t, { ...hold, kind: 'pause', reason: 'accord', until: day('2026-03-31') }, byOn(MONDAY));
  if (said === 'insolvency') await addHold(t, { ...hold, kind: 'insolvency', itemId: null }, byOn(MONDAY));
  if (said === 'paid') await pay(t, `FA-${code}`, { cents: 120_00, on: MONDAY });
  if (said === 'legal') await t.run(t.sql`${t.update('customer', 'c')} set in_legal_case = true where ${t.own('c')} and c.customer_id = ${customerId}::bigint`);
}

async function reach(t: Tenant, code: string, { email, address }: Customer): Promise<void> {
  const { customerId } = await itemOf(t, `FA-${code}`);
  if (!address) await t.run(t.sql`${t.update('customer', 'c')} set address = '{}' where ${t.own('c')} and c.customer_id = ${customerId}::bigint`);
  if (email === 'refused') await t.run(t.sql`${t.update('contact', 'k')} set refused_channels = '{email}' where ${t.own('k')} and k.customer_id = ${customerId}::bigint`);
  if (email === 'bounced') await t.run(t.sql`${t.update('contact', 'k')} set bounced_at = now() where ${t.own('k')} and k.customer_id = ${customerId}::bigint`);
  if (email === 'removed') await t.run(t.sql`${t.update('contact', 'k')} set removed_at = now() where ${t.own('k')} and k.customer_id = ${customerId}::bigint`);
}

const ANSWERS: Readonly<Record<SmtpOutcome['kind'], SmtpOutcome>> = {
  accepted: { kind: 'accepted', response: '250 ok' }, refused: { kind: 'refused', permanent: true, stage: 'message', response: '550 5.1.1 no such user' }, unknown: { kind: 'unknown', detail: 'connection lost' },
};

/** What nobody is told about: open documents without exactly one decision that says why, and steps that were due and have not ended a day later. */
async function untold(seed: number, bugs: readonly { from: string; to: string }[] = []): Promise<{ silent: string[]; ends: string[] }> {
  const customers = fc.sample(anyCustomer, { seed, numRuns: CUSTOMERS });
  const organisation: OrganisationId = await givenDebtors(db.database, customers.map((one, index) => ({
    code: codeOf(index), email: one.email === 'none' ? null : `compta@d${index}.example`, invoices: [{ piece: `FA-${codeOf(index)}`, on: one.due, debit: '120,00' }],
  })));
  const each = (work: (t: Tenant, code: string, one: Customer) => Promise<void>, which: (one: Customer) => boolean): Promise<void> => db.database.inTenant(organisation, async (t) => {
    for (const [index, one] of customers.entries()) if (which(one)) await work(t, codeOf(index), one);
  });
  await each(reach, () => true);
  await each(say, ({ crossing }) => !crossing);
  const open = (await db.database.inTenant(organisation, (t) => t.rows<{ document: string }>(t.sql`
    select i.document from ${t.from('item')} i where i.side = 'debit' and i.allocated < i.amount and i.voided_at is null`))).map(({ document }) => document);
  const planted = plantInSql(db.database, bugs);
  try {
    await runDunning(db.database, { organisation, today: day(MONDAY), clock: clockAt(MONDAY), actor: 'test' });
    await approveOn(db.database, organisation, MONDAY);
    await each(say, ({ crossing }) => crossing);
    const post = postOffice((mail: StoredMail) => ANSWERS[customers[Number(/@d(\d+)\./.exec(String(mail.to))?.[1])]?.server ?? 'accepted']);
    for (const at of [MONDAY, TUESDAY]) await sendAt(db.database, organisation, { at, carriers: { mail: post.carrier, letter: async ({ name }) => name } });
  } finally {
    planted.remove();
  }
  const decisions = await db.database.inTenant(organisation, (t) => explainDecisions(t, { upTo: day(MONDAY) }));
  const told = Map.groupBy(decisions, ({ document }) => document);
  const actions = await db.database.inTenant(organisation, (t) => listActions(t));
  const silent = open.flatMap((document) => {
    const [only, ...more] = told.get(document) ?? [];
    if (only === undefined || more.length > 0) return [`${document}: ${more.length === 0 ? 'no decision' : 'several decisions'}`];
    if (only.text.fr === '' || only.text.en === '') return [`${document}: nothing said`];
    if (only.do === 'wait') return WAIT_REASONS.some((reason) => reason === only.reason) ? [] : [`${document}: waits without a reason`];
    const own = actions.filter(({ documents }) => documents.includes(document));
    const [one] = own;
    if (one === undefined || own.length > 1) return [`${document}: due, and ${own.length} actions`];
    const ended = one.state === 'sent' || (['cancelled', 'failed', 'expired', 'unknown'].includes(one.state) && one.state_reason !== null);
    return ended ? [] : [`${document}: ${one.state} ${one.state_reason ?? 'without a reason'}`];
  });
  const ends = [...decisions.filter((one) => one.do === 'wait').map(({ reason }) => `wait ${reason}`), ...actions.map((one) => `${one.state} ${one.state_reason ?? ''}`.trimEnd())];
  return { silent, ends: [...new Set(ends)].toSorted() };
}

test('B10: whatever a company’s customers are like, every due step ends within a day in a state with its reason, and every document is told about', async () => {
  const all = new Set<string>();
  for (const seed of [1, 2, 3]) {
    const { silent, ends } = await untold(seed);
    expect(silent).toEqual([]);
    for (const end of ends) all.add(end);
  }
  // The companies had of everything: nobody to write to is a reason like another.
  expect([...all]).toEqual(expect.arrayContaining(['sent', 'wait noContact', 'wait disputed', 'wait promised', 'wait notDue', 'cancelled paid', 'cancelled disputed', 'unknown connection lost', 'failed 550 5.1.1 no such user']));
});

test('B10: a filter that drops silently is found: customers without an address left out of the run, letters left out of the hand-off', async () => {
  const dropped = await untold(1, [{ from: 'where c.voided_at is null and c.customer_id = any(', to: 'where c.voided_at is null and cardinality(c.address) > 0 and c.customer_id = any(' }]);
  expect(dropped.silent.filter((one) => one.endsWith('no decision')).length).toBeGreaterThan(5);
  const left = await untold(1, [{ from: `where a.state = 'approved' and a.channel = any(`, to: `where a.state = 'approved' and a.channel = 'email' and a.channel = any(` }]);
  expect(left.silent.filter((one) => one.includes('approved')).length).toBeGreaterThan(0);
});
