import type { NextDaysView, ProposedCustomer, ScenarioPreview, StepMessage } from '#core/api/scenarios.ts';
import { explanation } from '#core/dunning/explain.ts';
import type { AccountFacts } from '#core/dunning/facts.ts';
import type { DayToCome } from '#core/dunning/next-days.ts';
import { rehearseSteps } from '#core/dunning/rehearsal.ts';
import type { RehearsedStep } from '#core/dunning/rehearsal.ts';
import type { ScenarioVersion } from '#core/dunning/scenario.ts';
import type { Day } from '#core/kernel/day.ts';
import type { CustomerId } from '#core/kernel/id.ts';
import { decimal, money } from '#core/kernel/money.ts';
import { previewCustomer } from '#server/dunning/preview.ts';
import { itemsAsOf } from '#server/ledger/store.ts';
import { stepMessages } from '#server/letters/step-messages.ts';
import type { StepMessageWords } from '#server/letters/step-messages.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';

/** Days to come as they travel. */
export const nextDaysView = (from: string, days: readonly DayToCome[]): NextDaysView => ({
  from,
  days: days.map(({ today, actions, changes }) => ({
    today,
    actions: actions.map((action) => ({
      purpose: action.purpose, kind: action.kind, channel: action.channel, step: action.step, scenario: action.scenarioCode, total: decimal(money(action.total, action.currency)),
      currency: action.currency, documents: action.items.map(({ document }) => document), needsApproval: action.needsApproval, formalNotice: action.formalNotice,
    })),
    changes: changes.map((decision) => ({
      document: decision.document, acts: decision.do === 'act', reason: decision.reason, step: decision.step, until: decision.until, text: explanation(decision),
    })),
  })),
});

/** What a scenario would do for a customer: the days to come and the message of each step. Null when there is no such customer. */
export async function previewScenario(t: Tenant, scenario: ScenarioVersion, of: { customer: CustomerId; today: Day; days: number }): Promise<ScenarioPreview | null> {
  const customer = await t.one<{ id: string; code: string; name: string }>(t.sql`
    select c.customer_id as id, c.code, c.name from ${t.from('customer')} c where c.customer_id = ${of.customer}::bigint and c.voided_at is null`);
  if (customer === null) return null;
  const preview = await previewCustomer(t, of.customer, { ...of, scenario });
  if (preview === null) return { customer, owes: false, next: nextDaysView(of.today, []), messages: [] };
  const { account, policy, days } = preview;
  const steps = rehearseSteps(account, days, of.today);
  const words = await stepMessages(t, steps, { account, today: of.today, formalNoticeDays: policy.settings.formalNoticeDays });
  return { customer, owes: true, next: nextDaysView(of.today, days), messages: steps.map((one, index) => messageView(one, words[index], account)) };
}

function messageView(one: RehearsedStep, words: StepMessageWords | undefined, { contacts }: AccountFacts): StepMessage {
  if (words === undefined) throw new Error('a step without its message');
  const contact = contacts.find(({ contactId }) => contactId === one.contactId);
  const to = one.channel === 'email' ? (contact?.email ?? null) : one.channel === 'sms' || one.channel === 'call' ? (contact?.phone ?? null) : null;
  return {
    step: one.step.number, key: one.step.key, today: one.today, planned: one.planned, channel: one.channel, to, reachable: one.reachable, documents: one.items.map(({ document }) => document),
    total: decimal(money(one.items.reduce((sum, { amount }) => sum + amount, 0n), one.currency)), currency: one.currency, ...words,
  };
}

/** An invoice is about to be due when it is within the days a preview looks at. */
const NEAR_DAYS = 30;

type Row = { id: string; code: string; name: string; because: ProposedCustomer['because']; days: number; documents: number };

/** Customers worth a look: one with a few late documents, the one due next, the one with the most documents. None twice. */
export async function proposedCustomers(t: Tenant, today: Day): Promise<ProposedCustomer[]> {
  const rows = await t.rows<Row>(t.sql`
    with open as materialized (
      select i.customer_id, count(*)::int as documents, count(*) filter (where i.due_on < ${today}::date)::int as overdue,
        coalesce(max(${today}::date - i.due_on), 0)::int as late, min(i.due_on - ${today}::date) filter (where i.due_on >= ${today}::date)::int as near
      from (${itemsAsOf(t, today)}) i where i.side = 'debit' and i.open > 0 group by i.customer_id
    ), late as (select o.customer_id, 'late' as because, o.late as days, o.documents from open o where o.overdue > 0 order by o.overdue, o.late, o.customer_id limit 1),
    near as (select o.customer_id, 'nearDue' as because, o.near as days, o.documents from open o where o.near <= ${NEAR_DAYS} and o.overdue = 0 order by o.near, o.customer_id limit 1),
    many as (select o.customer_id, 'manyItems' as because, o.late as days, o.documents from open o where o.documents > 1 order by o.documents desc, o.customer_id limit 1)
    select c.customer_id as id, c.code, c.name, p.because, p.days, p.documents
    from (select * from late union all select * from near union all select * from many) p join ${t.from('customer')} c on c.customer_id = p.customer_id`);
  return rows.filter((row, index) => rows.findIndex(({ id }) => id === row.id) === index);
}
