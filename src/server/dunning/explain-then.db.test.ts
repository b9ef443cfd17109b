import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AccountHistory, Ground, Moment } from '#core/dunning/history.ts';
import { ALWAYS } from '#core/dunning/history.ts';
import type { Decision } from '#core/dunning/decision.ts';
import { FIRM_SCENARIO, STANDARD_SCENARIO } from '#core/dunning/ready-scenarios.ts';
import type { Day } from '#core/kernel/day.ts';
import { addDays, day, weekday } from '#core/kernel/day.ts';
import type { CustomerId, ItemId, OrganisationId } from '#core/kernel/id.ts';
import type { Clock } from '#core/kernel/clock.ts';
import { rememberSettings } from '#server/audit/fact-before.ts';
import { noteContact } from '#server/channels/contact-log.ts';
import { addHold, endHold } from '#server/holds/holds.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { chooseSegment } from '#server/risk/segments.ts';
import { namedTemplates } from '#server/letters/families-store.ts';
import { testDatabase } from '#server/testing/database.ts';
import type { TestDatabase } from '#server/testing/database.ts';
import { liveCompany } from '#server/testing/lived-company.ts';
import { saveContact } from '#server/web/customer-edit.ts';
import { saveAssignment } from './assignment-store.ts';
import { decideThen } from './explain-then.ts';
import { groundAt, readOrganisationHistory } from './ground-then.ts';
import type { OrganisationHistory } from './ground-then.ts';
import { loadHistories } from './history-store.ts';
import { chooseItemScenario } from './item-scenario.ts';
import { readMoments } from './moments.ts';
import { publishDraft, saveDraft } from './scenario-drafts.ts';
import { definitionSchema, scenarioToJson } from './scenario-shape.ts';

const FROM = day('2026-02-02');
const UNTIL = day('2026-05-29');

let db: TestDatabase;
let lived: Lived;

/** What was recorded, and what the past is told from. */
type Lived = {
  readonly organisation: OrganisationId; readonly histories: readonly AccountHistory[]; readonly organisationHistory: OrganisationHistory; readonly moments: ReadonlyMap<Day, Moment>;
  readonly recorded: ReadonlyMap<Day, ReadonlyMap<ItemId, Pick<Decision, 'do' | 'reason' | 'step' | 'until'>>>;
};

type By = { readonly clock: Clock; readonly actor: string };

/** The customers with the oldest open invoices, and that invoice: what is done to them shows. */
async function customer(t: Tenant, index: number): Promise<{ id: CustomerId; item: ItemId }> {
  const row = await t.one<{ id: CustomerId; item: ItemId }>(t.sql`
    select o.id, o.item from (
      select distinct on (i.customer_id) i.customer_id as id, i.item_id as item, i.due_on from ${t.from('item')} i
      where i.side = 'debit' and i.allocated < i.amount and i.voided_at is null order by i.customer_id, i.due_on
    ) o order by o.due_on, o.id offset ${index} limit 1`);
  if (row === null) throw new Error('no customer');
  return row;
}

/** Every kind of thing that people change, at some afternoon of the lived months. */
const GESTURES: Readonly<Record<string, (t: Tenant, today: Day, by: By) => Promise<unknown>>> = {
  '2026-02-10': async (t, today, by) => chooseSegment(t, { customer: (await customer(t, 0)).id, segment: 'strategic', note: null, today }, by),
  '2026-02-12': (t, _today, by) => saveAssignment(t, [
    { name: 'Stratégiques', scenario: 'gentle', when: { segments: ['strategic'] } }, { name: 'À risque', scenario: 'firm', when: { segments: ['atRisk', 'oftenLate'] } },
  ], by),
  '2026-02-17': async (t, today, by) => addHold(t, { customerId: (await customer(t, 1)).id, itemId: null, kind: 'pause', reason: null, amount: null, from: today, until: addDays(today, 12), note: null }, by),
  '2026-02-19': async (t, today, by) => {
    const { id, item } = await customer(t, 2);
    return addHold(t, { customerId: id, itemId: item, kind: 'promise', reason: null, amount: null, from: today, until: addDays(today, 6), note: null }, by);
  },
  '2026-02-25': async (t, today, by) => {
    for (let index = 3; index < 6; index += 1) {
      const { id, item } = await customer(t, index);
      await addHold(t, { customerId: id, itemId: item, kind: 'dispute', reason: 'price', amount: null, from: today, until: null, note: null }, by);
    }
  },
  '2026-03-04': (t, _today, by) => settings(t, { contactCap: { contacts: 1, windowDays: 12 } }, by),
  '2026-03-10': async (t, today, by) => {
    const rows = await t.rows<{ id: Parameters<typeof endHold>[1] }>(t.sql`select h.hold_id as id from ${t.from('hold')} h where h.kind = 'dispute' and h.ended_on is null`);
    for (const { id } of rows) await endHold(t, id, { on: today, reason: 'test', by });
  },
  '2026-03-12': async (t, _today, by) => chooseItemScenario(t, { item: (await customer(t, 4)).item, scenario: 'firm' }, by),
  '2026-03-17': async (t, _today, by) => {
    const steps = STANDARD_SCENARIO.steps.map((step) => (step.offsetDays > 0 ? { ...step, offsetDays: step.offsetDays + 4 } : step));
    await saveDraft(t, { code: 'standard', definition: definitionSchema.parse(JSON.parse(scenarioToJson({ ...STANDARD_SCENARIO, steps, graceDays: 2 }))), templates: await namedTemplates(t) }, by);
    expect((await publishDraft(t, { code: 'standard', templates: () => namedTemplates(t) }, by))?.version).toBe(2);
  },
  '2026-03-24': async (t, today, by) => noteContact(t, { customer: (await customer(t, 1)).id, channel: 'call', on: today, note: null }, { by, today }),
  '2026-03-31': (t, _today, by) => settings(t, { contactCap: null, globalStop: true }, by),
  '2026-04-02': (t, _today, by) => settings(t, { contactCap: null, globalStop: false }, by),
  '2026-04-08': async (t, _today, by) => {
    const { id } = await customer(t, 2);
    const contact = await t.one<{ id: Parameters<typeof saveContact>[1]['contact'] }>(t.sql`select min(k.contact_id) as id from ${t.from('contact')} k where k.customer_id = ${id}::bigint`);
    await saveContact(t, { customer: id, contact: contact?.id ?? null, change: { name: null, email: null, phone: '+33199000000', roles: ['accountsPayable'] }, by });
  },
  '2026-04-20': (t, _today, by) => saveAssignment(t, [{ name: 'Tous', scenario: FIRM_SCENARIO.code, when: { openTotals: [{ from: { minor: 300_000n, currency: 'EUR' }, below: null }] } }], by),
};

async function settings(t: Tenant, change: object, by: By): Promise<void> {
  await rememberSettings(t, by.clock.now());
  await t.run(t.sql`${t.update('profile', 'p')} set dunning = p.dunning || ${JSON.stringify(change)}::jsonb where ${t.own('p')}`);
}

beforeAll(async () => {
  db = await testDatabase();
  const organisation = await liveCompany({
    database: db.database, seed: 11, customers: 14, before: 150, from: FROM, until: UNTIL, importEvery: 3,
    // Now and then nobody approves for a few days.
    sends: (today) => weekday(today) !== 4,
    afternoon: async ({ organisation: of, today, clock }) => {
      const gesture = GESTURES[today];
      if (gesture !== undefined) await db.database.inTenant(of, (t) => gesture(t, today, { clock, actor: 'user:1' }));
    },
  });
  lived = await db.database.inTenant(organisation, async (t) => {
    const histories: AccountHistory[] = [];
    for await (const batch of loadHistories(t)) histories.push(...batch);
    const rows = await t.rows<{ today: Day; item: ItemId; acts: boolean; reason: Decision['reason']; step: number | null; until: Day | null }>(t.sql`
      select r.today, d.item_id as item, d.acts, d.reason, d.step, d.until_on as until from ${t.from('decision')} d join ${t.from('run')} r on r.run_id = d.run_id`);
    const recorded = new Map([...Map.groupBy(rows, (row) => row.today)].map(([today, of]) =>
      [today, new Map(of.map(({ item, acts, reason, step, until }) => [item, { do: acts ? 'act' as const : 'wait' as const, reason, step, until }]))]));
    return { organisation, histories, organisationHistory: await readOrganisationHistory(t), moments: await readMoments(t, { from: FROM, until: UNTIL }), recorded };
  }, { isolation: 'repeatable read', readOnly: true });
}, 400_000);
afterAll(() => db.drop());

/** A way to tell the past: the facts as the telling has them. */
type Telling = { readonly history?: (history: AccountHistory) => AccountHistory; readonly ground?: (ground: Ground, now: Ground) => Ground };

/** Decisions that a telling of the past has otherwise than they were recorded, those it has too many included. */
function differences(telling: Telling = {}): string[] {
  const found: string[] = [];
  const { organisationHistory } = lived;
  const now = groundAt(organisationHistory, { today: UNTIL, at: Number.MAX_SAFE_INTEGER });
  const histories = telling.history === undefined ? lived.histories : lived.histories.map(telling.history);
  for (const [today, kept] of lived.recorded) {
    const moment = lived.moments.get(today);
    if (moment === undefined) throw new Error(`no moment of ${today}`);
    const then = groundAt(organisationHistory, moment);
    const ground = telling.ground?.(then, now) ?? then;
    const told = new Map(histories.flatMap((history) => [...decideThen(history, ground, moment)]));
    for (const item of new Set([...kept.keys(), ...told.keys()])) {
      const [was, is] = [kept.get(item), told.get(item)].map((one) => (one === undefined ? 'none' : `${one.do} ${one.reason} ${one.step ?? ''} ${one.until ?? ''}`));
      if (was !== is) found.push(`${today} ${item}: recorded ${was}, told ${is}`);
    }
  }
  return found;
}

test('every decision of four months is told as it was recorded, from the facts of its day', () => {
  const decisions = [...lived.recorded.values()].flatMap((kept) => [...kept.values()]);
  expect(differences()).toEqual([]);
  expect(decisions.length).toBeGreaterThan(1500);
  // The reasons that a past day could have wrong are among them.
  const reasons = new Set(decisions.map(({ reason }) => reason));
  expect(['stepDue', 'notDue', 'stepDone', 'paused', 'disputed', 'promised', 'capReached', 'awaitingApproval'].filter((reason) => !reasons.has(reason as Decision['reason']))).toEqual([]);
});

const early = (history: AccountHistory): AccountHistory => ({ ...history, items: history.items.map((item) => ({ ...item, allocations: item.allocations.map((one) => ({ ...one, at: ALWAYS })) })) });
const latest = <Value>(dated: readonly { readonly at: number; readonly value: Value }[]) => dated.slice(-1).map(({ value }) => ({ at: ALWAYS, value }));

test.each<[string, Telling]>([
  ['a payment is seen on its day, not when the ledger learnt of it', { history: early }],
  ['the segment of today', { history: (history) => ({ ...history, segment: latest(history.segment) }) }],
  ['the version of today', { ground: (then, now) => ({ ...then, scenarios: now.scenarios }) }],
  ['the rules of today', { ground: (then, now) => ({ ...then, assignment: now.assignment }) }],
  ['the settings of today', { ground: (then, now) => ({ ...then, policy: { ...then.policy, contactCap: now.policy.contactCap } }) }],
  ['a stop that is over', { ground: (then) => ({ ...then, policy: { ...then.policy, globalStop: false } }) }],
  ['an item is seen on the day of its invoice', { history: (history) => ({ ...history, known: { from: ALWAYS, until: null }, items: history.items.map((item) => ({ ...item, known: { ...item.known, from: ALWAYS } })) }) }],
  ['a hold that was ended since', { history: (history) => ({ ...history, holds: history.holds.filter(({ ended }) => ended.length === 1) }) }],
  ['a hold holds before it was entered', { history: (history) => ({ ...history, holds: history.holds.map((hold) => ({ ...hold, madeAt: ALWAYS, from: FROM })) }) }],
  ['a contact made by hand is forgotten', { history: (history) => ({ ...history, contactsMade: [] }) }],
  ['the contact of today', { history: (history) => ({ ...history, contacts: history.contacts.map((contact) => ({ ...contact, facts: latest(contact.facts) })) }) }],
  ['the scenario that a person chose since', { history: (history) => ({ ...history, items: history.items.map((item) => ({ ...item, scenario: latest(item.scenario) })) }) }],
  ['what was sent later that day is seen by its run', { history: (history) => ({ ...history, actions: history.actions.map((action) => ({ ...action, accepted: action.accepted === null ? null : { ...action.accepted, at: ALWAYS } })) }) }],
  ['an action is seen by the run that made it', { history: (history) => ({ ...history, actions: history.actions.map((action) => ({ ...action, run: -1n })) }) }],
])('planted: %s', (_name, telling) => {
  expect(differences(telling)).not.toEqual([]);
});
