import { placedOn, placedState } from '#core/dunning/place-sends.ts';
import type { Here, Keyed, PlacingPlan, StandingAction, WaitingSend } from '#core/dunning/place-sends.ts';
import { sendRead } from '#core/dunning/send-facts.ts';
import type { SendFacts, WrittenSend } from '#core/dunning/send-facts.ts';
import type { Day } from '#core/kernel/day.ts';
import type { ActionId, ContactId, CustomerId, ItemId, RunId, ScenarioId } from '#core/kernel/id.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import type { PlacingStore } from './placing.ts';
import type { PlacingBy } from './sent-elsewhere.ts';

/** What `run.stopped` says of the rows that hold actions nobody proposed here: they are no evaluation of anything. */
export const RECONCILED = 'reconciled';

/** Who approved what left elsewhere: the journal does not say. */
const ACTOR = 'system:journal';
const RESPONSE = 'send journal';

/** Sends looked at in one transaction; more wait for the next run. */
const WAITING_MAX = 20_000;

/** What was sent elsewhere, as it is placed in the database of an organisation. */
export const placingIn = (t: Tenant, by: PlacingBy): PlacingStore => ({
  waiting: async () => {
    const rows = await t.rows<WaitingRow>(t.sql`
      select e.sent_elsewhere_id as row, e.journal_ref as ref, e.outcome, e.send, e.action_id as action from ${t.from('sent_elsewhere')} e
      where e.placed_at is null order by e.sent_elsewhere_id limit ${WAITING_MAX} for update`);
    return rows.map((row) => ({ ...row, send: sendRead(row.send) }));
  },
  here: (sends) => findHere(t, sends),
  standing: (keys) => standingActions(t, keys),
  cancel: (ids) => cancelOvertaken(t, ids, by),
  take: (taken) => takeActions(t, taken, by),
  make: (made) => makeActions(t, made, by),
  addItems: (of) => addItems(t, of),
  note: async (of) => {
    await t.run(t.sql`
      ${t.update('sent_elsewhere', 'e')} set action_id = n.action_id, placed_at = case when n.whole then ${by.now}::timestamptz end
      from unnest(${of.map(({ row }) => row)}::bigint[], ${of.map(({ action }) => action)}::bigint[], ${of.map(({ whole }) => whole)}::boolean[]) as n(sent_elsewhere_id, action_id, whole)
      where ${t.own('e')} and e.sent_elsewhere_id = n.sent_elsewhere_id`);
  },
});

type WaitingRow = Omit<WaitingSend, 'send'> & { send: WrittenSend };

async function findHere(t: Tenant, sends: readonly SendFacts[]): Promise<Here> {
  const codes = [...new Set(sends.map(({ customer }) => customer))];
  const keys = [...new Set(sends.flatMap((send) => [send.anchor, ...(send.payment === null ? [] : [send.payment]), ...send.items.map(({ naturalKey }) => naturalKey)]))];
  const customers = await t.rows<{ code: string; customer_id: CustomerId }>(t.sql`
    select c.code, c.customer_id from ${t.from('customer')} c where c.code = any(${codes}::text[]) and c.voided_at is null`);
  const items = await t.rows<{ natural_key: string; item_id: ItemId }>(t.sql`
    select i.natural_key, i.item_id from ${t.from('item')} i where i.natural_key = any(${keys}::text[]) and i.voided_at is null`);
  return { customers: new Map(customers.map((row) => [row.code, row.customer_id])), items: new Map(items.map((row) => [row.natural_key, row.item_id])) };
}

type StandingRow = { action_id: ActionId; action_key: string; state: string; test: boolean; fence: number; items: { item: ItemId; amount: string; step: number | null; offset: number | null }[]; sha256: string | null };

async function standingActions(t: Tenant, keys: readonly string[]): Promise<Map<string, StandingAction>> {
  const rows = await t.rows<StandingRow>(t.sql`
    select a.action_id, a.action_key, a.state, a.test, a.fence, encode(coalesce(m.mime_sha256, m.pdf_sha256), 'hex') as sha256,
      (select coalesce(jsonb_agg(jsonb_build_object('item', x.item_id::text, 'amount', x.listed_amount::text, 'step', x.credited_step, 'offset', x.credited_offset)), '[]'::jsonb)
        from ${t.from('action_item')} x where x.action_id = a.action_id) as items
    from ${t.from('action')} a left join ${t.from('message')} m on m.action_id = a.action_id
    where a.action_key = any(${keys}::text[]) and a.state not in ('cancelled', 'failed', 'expired') for update of a`);
  return new Map(rows.map((row) => [row.action_key, {
    action: row.action_id, state: row.state, test: row.test, fence: row.fence, sha256: row.sha256,
    items: new Map(row.items.map(({ item, amount, step, offset }) => [item, { amount: BigInt(amount), creditedStep: step, creditedOffset: offset }])),
  }]));
}

async function cancelOvertaken(t: Tenant, ids: readonly ActionId[], by: PlacingBy): Promise<void> {
  if (ids.length === 0) return;
  await endOpenAttempts(t, ids, by);
  await t.run(t.sql`
    ${t.update('action', 'a')} set state = 'cancelled', state_reason = 'sentElsewhere', state_at = ${by.now}::timestamptz, worker = null, lease_until = null
    where ${t.own('a')} and a.action_id = any(${ids}::bigint[])`);
}

/** Attempts of a worker that this database was restored under: what did not start never will, of the others the journal knows what became of them. */
async function endOpenAttempts(t: Tenant, ids: readonly ActionId[], by: PlacingBy): Promise<void> {
  await t.run(t.sql`
    ${t.update('send_attempt', 's')} set outcome = case when s.started_at is null then 'released' else 'unknown' end, response = ${RESPONSE}, finished_at = ${by.now}::timestamptz
    where ${t.own('s')} and s.action_id = any(${ids}::bigint[]) and s.outcome is null`);
}

async function takeActions(t: Tenant, taken: PlacingPlan['taken'], by: PlacingBy): Promise<void> {
  if (taken.length === 0) return;
  await endOpenAttempts(t, taken.map(({ there }) => there.action), by);
  await t.run(t.sql`
    ${t.update('action', 'a')} set state = n.state, state_reason = 'sendJournal', state_at = ${by.now}::timestamptz, worker = null, lease_until = null, fence = a.fence + 1,
      sent_on = n.sent_on, approvals_needed = 1, approved_by = coalesce(a.approved_by, ${ACTOR}), approved_on = coalesce(a.approved_on, n.day)
    from unnest(${taken.map(({ there }) => there.action)}::bigint[], ${taken.map(placedState)}::text[], ${taken.map(placedOn)}::date[], ${taken.map(({ send }) => send.day)}::date[])
      as n(action_id, state, sent_on, day)
    where ${t.own('a')} and a.action_id = n.action_id`);
  await writeAttempts(t, taken.map((one) => ({ ...one, action: one.there.action, fence: one.there.fence + 1, here: one.there.sha256 === one.send.sha256 })));
}

async function makeActions(t: Tenant, made: readonly Keyed[], by: PlacingBy): Promise<ActionId[]> {
  if (made.length === 0) return [];
  const runs = await makeRuns(t, made, by);
  const scenarios = await scenarioRows(t);
  const contacts = await contactsOf(t, made);
  const originals = await standingActions(t, made.flatMap(({ key, send }) => (send.purpose === 'copy' ? [mainKey(key)] : [])));
  const rows = made.map((one) => rowOf(one, { run: runs.get(one.send.day), scenario: scenarioFor(scenarios, one.send), contact: contacts.get(`${one.customer}/${one.send.recipientSha256 ?? ''}`), original: originals.get(mainKey(one.key))?.action }));
  const ids = await t.rows<{ action_id: ActionId; action_key: string }>(t.sql`
    ${t.into('action', `run_id, today, action_key, customer_id, contact_id, channel, recipient, scenario_id, step, offset_days, role, anchor_item_id, template_code, tone, currency, total,
      formal_notice, charges_allowed, needs_approval, state, state_reason, state_at, approved_by, approved_on, fence, sent_on, purpose, copy_of`)}
    select ${t.org}, n.run_id, n.today, n.action_key, n.customer_id, n.contact_id, n.channel, n.recipient, n.scenario_id, n.step, n.offset_days, n.role, n.anchor_item_id, n.template_code, n.tone,
      n.currency, 0, n.formal_notice, n.charges_allowed, false, n.state, 'sendJournal', ${by.now}::timestamptz, ${ACTOR}, n.today, 1, n.sent_on, n.purpose, n.copy_of
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as n(run_id bigint, today date, action_key text, customer_id bigint, contact_id bigint, channel text, recipient text, scenario_id bigint,
      step smallint, offset_days smallint, role text, anchor_item_id bigint, template_code text, tone text, currency text, formal_notice boolean, charges_allowed boolean, state text, sent_on date,
      purpose text, copy_of bigint)
    returning action_id, action_key`);
  const byKey = new Map(ids.map((row) => [row.action_key, row.action_id]));
  const done = made.map((one) => {
    const action = byKey.get(one.key);
    if (action === undefined) throw new Error('a send was given no action');
    return { ...one, action, fence: 1, here: false };
  });
  await writeAttempts(t, done);
  return done.map(({ action }) => action);
}

const mainKey = (key: string): string => key.split('/copy/')[0] ?? key;

type Rows = { readonly run: RunId | undefined; readonly scenario: ScenarioId; readonly contact: { readonly id: ContactId; readonly email: string } | undefined; readonly original: ActionId | undefined };

function rowOf(one: Keyed, { run, scenario, contact, original }: Rows): object {
  const { send } = one;
  // A copy whose message is not here stands alone: it does no step either way.
  const copy = send.purpose === 'copy' && original !== undefined;
  return {
    run_id: run, today: send.day, action_key: one.key, customer_id: one.customer, contact_id: contact?.id ?? null, channel: send.channel, recipient: contact?.email ?? null, scenario_id: scenario,
    step: send.step, offset_days: send.offsetDays, role: send.role, anchor_item_id: one.anchor ?? one.items[0]?.itemId, template_code: send.template, tone: send.tone, currency: send.currency,
    formal_notice: send.formalNotice, charges_allowed: send.chargesAllowed, state: placedState(one), sent_on: placedOn(one), purpose: copy ? 'copy' : send.purpose === 'copy' ? 'dunning' : send.purpose,
    copy_of: copy ? original : null,
  };
}

/** A run of each day for the actions nobody proposed here: it decided nothing, and says so. */
async function makeRuns(t: Tenant, made: readonly Keyed[], by: PlacingBy): Promise<Map<Day, RunId>> {
  const days = [...Map.groupBy(made, ({ send }) => send.day)];
  const rows = await t.rows<{ today: Day; run_id: RunId }>(t.sql`
    ${t.into('run', 'today, started_at, stopped, policy, decision_count, action_count, digest, actor')}
    select ${t.org}, n.today, n.at, ${RECONCILED}, '{}'::jsonb, 0, n.count, '', ${by.actor}
    from unnest(${days.map(([day]) => day)}::date[], ${days.map(([, all]) => all.reduce((first, { send }) => (send.at < first ? send.at : first), all[0]?.send.at ?? by.now))}::timestamptz[],
      ${days.map(([, all]) => all.length)}::bigint[]) as n(today, at, count)
    returning today, run_id`);
  return new Map(rows.map((row) => [row.today, row.run_id]));
}

type ScenarioRow = { code: string; version: number; scenario_id: ScenarioId };

const scenarioRows = (t: Tenant): Promise<ScenarioRow[]> => t.rows<ScenarioRow>(t.sql`
  select s.code, s.version, s.scenario_id from ${t.from('scenario')} s order by s.version desc, s.scenario_id`);

/** The version it was sent under; else the latest of that scenario, else of any: which step was done is told by its days. */
function scenarioFor(rows: readonly ScenarioRow[], { scenario, scenarioVersion }: SendFacts): ScenarioId {
  const found = rows.find((row) => row.code === scenario && row.version === scenarioVersion) ?? rows.find((row) => row.code === scenario) ?? rows[0];
  if (found === undefined) throw new Error('an organisation without a scenario');
  return found.scenario_id;
}

/** Contacts of the customers whose address is the one that was written to, by customer and hash. */
async function contactsOf(t: Tenant, made: readonly Keyed[]): Promise<Map<string, { id: ContactId; email: string }>> {
  const rows = await t.rows<{ customer_id: string; contact_id: ContactId; email: string; hash: string }>(t.sql`
    select k.customer_id, k.contact_id, k.email, encode(sha256(convert_to(i.installation_id || ':' || lower(k.email), 'UTF8')), 'hex') as hash
    from ${t.from('contact')} k, installation i where k.customer_id = any(${made.map(({ customer }) => customer)}::bigint[]) and k.email is not null order by k.contact_id desc`);
  return new Map(rows.map((row) => [`${row.customer_id}/${row.hash}`, { id: row.contact_id, email: row.email }]));
}

type AttemptToWrite = Keyed & { readonly action: ActionId; readonly fence: number; readonly here: boolean };

/** One attempt each, with the line of the journal it comes from; of bytes that are not here their hash. It counts for no rate: it was not made now. */
async function writeAttempts(t: Tenant, attempts: readonly AttemptToWrite[]): Promise<void> {
  await t.run(t.sql`
    ${t.into('send_attempt', 'action_id, fence, worker, claimed_at, started_at, outcome, response, finished_at, sent_on, journal_ref, journal_sha256')}
    select ${t.org}, n.action_id, n.fence, 'journal', n.at, n.at, n.outcome, ${RESPONSE}, n.at, n.sent_on, n.ref, decode(n.sha256, 'hex')
    from unnest(${attempts.map(({ action }) => action)}::bigint[], ${attempts.map(({ fence }) => fence)}::int[], ${attempts.map(({ send }) => send.at)}::timestamptz[],
      ${attempts.map(({ outcome }) => outcome)}::text[], ${attempts.map(placedOn)}::date[], ${attempts.map(({ ref }) => ref)}::text[],
      ${attempts.map(({ here, send }) => (here ? null : send.sha256))}::text[]) as n(action_id, fence, at, outcome, sent_on, ref, sha256)`);
}

async function addItems(t: Tenant, of: Parameters<PlacingStore['addItems']>[0]): Promise<void> {
  const items = of.flatMap(({ action, items: all }) => all.map((item) => ({ action, ...item })));
  if (items.length === 0) return;
  await t.run(t.sql`
    ${t.into('action_item', 'action_id, item_id, credited_step, credited_key, credited_offset, listed_amount, due_on')}
    select ${t.org}, n.* from unnest(${items.map(({ action }) => action)}::bigint[], ${items.map(({ itemId }) => itemId)}::bigint[], ${items.map(({ creditedStep }) => creditedStep)}::smallint[],
      ${items.map(({ creditedKey }) => creditedKey)}::text[], ${items.map(({ creditedOffset }) => creditedOffset)}::smallint[], ${items.map(({ amount }) => amount.toString())}::bigint[],
      ${items.map(({ dueOn }) => dueOn)}::date[]) as n on conflict do nothing`);
  await t.run(t.sql`
    ${t.update('action', 'a')} set total = s.total
    from (select x.action_id, sum(x.listed_amount) as total from ${t.from('action_item')} x where x.action_id = any(${[...new Set(items.map(({ action }) => action))]}::bigint[]) group by x.action_id) s
    where ${t.own('a')} and a.action_id = s.action_id`);
}
