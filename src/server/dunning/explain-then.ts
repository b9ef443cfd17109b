import { accountAt, contactsSince } from '#core/dunning/account-then.ts';
import { decideAccount } from '#core/dunning/decide.ts';
import type { Decision } from '#core/dunning/decision.ts';
import { doneAt } from '#core/dunning/done-so-far.ts';
import { explainThen } from '#core/dunning/explain-then.ts';
import type { NoDecision } from '#core/dunning/explain-then.ts';
import { explanation } from '#core/dunning/explain.ts';
import { knownAt, settledBy, valueAt } from '#core/dunning/history.ts';
import type { AccountHistory, Ground, ItemHistory, Moment } from '#core/dunning/history.ts';
import type { Day } from '#core/kernel/day.ts';
import type { CustomerId, ItemId } from '#core/kernel/id.ts';
import type { Bilingual } from '#core/kernel/text.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { groundAt, readOrganisationHistory } from './ground-then.ts';
import { loadHistories } from './history-store.ts';
import { readMoment } from './moments.ts';

/** A decision that was kept on a day, and its sentence. */
export type Recorded = Pick<Decision, 'do' | 'reason' | 'step' | 'until'> & { readonly text: Bilingual };

/** Why an item was, or would have been, chased or not on a past day, from what was known then, beside what was recorded. */
export type ExplainedThen = {
  readonly today: Day;
  readonly customer: string;
  readonly itemId: ItemId;
  readonly document: string;
  /** Null when the item was not to be decided on: not known yet, paid, taken out. */
  readonly decision: Decision | null;
  readonly text: Bilingual;
  readonly recorded: Recorded | null;
  /** Null when nothing was recorded to compare with. */
  readonly same: boolean | null;
};

/** Which items: a document by its number, a customer by its code, or one item. */
export type Asked = { readonly document: string } | { readonly customer: string } | { readonly itemId: ItemId };

/** Explains items as of a past day. Several items of one number, or of a customer, are all told of; none: there is no such thing. */
export async function explainOn(t: Tenant, asked: Asked, day: Day): Promise<ExplainedThen[]> {
  const found = await customersOf(t, asked);
  if (found.length === 0) return [];
  const moment = await readMoment(t, day);
  const ground = groundAt(await readOrganisationHistory(t), moment);
  const recorded = await readRecorded(t, found, moment);
  const told: ExplainedThen[] = [];
  for await (const histories of loadHistories(t, { customerIds: found })) {
    for (const history of histories) told.push(...explainAccount(history, ground, { moment, recorded, wanted: (item) => isAsked(asked, item) }));
  }
  return told.toSorted((a, b) => (a.customer === b.customer ? Number(BigInt(a.itemId) - BigInt(b.itemId)) : a.customer < b.customer ? -1 : 1));
}

async function customersOf(t: Tenant, asked: Asked): Promise<CustomerId[]> {
  const rows = 'customer' in asked
    ? await t.rows<{ id: CustomerId }>(t.sql`select c.customer_id as id from ${t.from('customer')} c where c.code = ${asked.customer}`)
    : await t.rows<{ id: CustomerId }>(t.sql`
        select distinct i.customer_id as id from ${t.from('item')} i where i.side = 'debit'
          and (i.document = ${'document' in asked ? asked.document : null} or i.item_id = ${'itemId' in asked ? asked.itemId : null}::bigint)`);
  return rows.map(({ id }) => id);
}

const isAsked = (asked: Asked, item: ItemHistory): boolean => ('customer' in asked ? true : 'document' in asked ? item.document === asked.document : item.itemId === asked.itemId);

/** What the engine decides on the facts of a moment for every item of an account. */
export function decideThen(history: AccountHistory, ground: Ground, moment: Moment): ReadonlyMap<ItemId, Decision> {
  const window = ground.policy.contactCap?.windowDays ?? 0;
  const account = accountAt(history, ground, { moment, done: doneAt(history, moment, contactsSince(moment.today, window)) });
  return account === null ? new Map() : new Map(decideAccount(ground.policy, account).decisions.map((decision) => [decision.itemId, decision]));
}

type Explaining = { readonly moment: Moment; readonly recorded: ReadonlyMap<ItemId, Recorded>; readonly wanted: (item: ItemHistory) => boolean };

function explainAccount(history: AccountHistory, ground: Ground, { moment, recorded, wanted }: Explaining): ExplainedThen[] {
  const decisions = decideThen(history, ground, moment);
  return history.items.filter(wanted).flatMap((item): ExplainedThen[] => {
    const decision = decisions.get(item.itemId) ?? null;
    const kept = recorded.get(item.itemId) ?? null;
    // A document that was imported anew has two items; the one that was not there is only told of when nothing else is.
    if (decision === null && kept === null && item.known.until !== null && history.items.some((other) => other !== item && other.document === item.document && wanted(other))) return [];
    return [{
      today: moment.today, customer: valueAt(history.customer, moment.at).code, itemId: item.itemId, document: item.document, decision,
      text: decision === null ? explainThen(whyNone(item, moment)) : explanation(decision), recorded: kept, same: kept === null ? null : isSame(decision, kept),
    }];
  });
}

function whyNone(item: ItemHistory, moment: Moment): NoDecision {
  const { document } = item;
  if (item.known.until !== null && item.known.until <= moment.at) return { why: 'takenOut', document };
  if (!knownAt(item.known, moment.at)) return { why: 'notKnownYet', document };
  if (item.issuedOn > moment.today) return { why: 'notIssuedYet', document, issuedOn: item.issuedOn };
  return { why: item.amount - settledBy(item.allocations, moment) <= 0n ? 'settled' : 'notKnownYet', document };
}

const isSame = (decision: Decision | null, kept: Recorded): boolean =>
  decision !== null && decision.do === kept.do && decision.reason === kept.reason && decision.step === kept.step && decision.until === kept.until;

type RecordedRow = { item_id: ItemId; acts: boolean; reason: Decision['reason']; step: number | null; until_on: Day | null; facts: string; document: string };

/** The decisions of the last run of the day. */
async function readRecorded(t: Tenant, customers: readonly CustomerId[], { run }: Moment): Promise<Map<ItemId, Recorded>> {
  if (run === undefined) return new Map();
  const rows = await t.rows<RecordedRow>(t.sql`
    select d.item_id, d.acts, d.reason, d.step, d.until_on, d.facts, coalesce(i.document, i.label, i.item_id::text) as document
    from ${t.from('decision')} d join ${t.from('item')} i on i.item_id = d.item_id where d.run_id = ${run}::bigint and d.customer_id = any(${customers}::bigint[])`);
  return new Map(rows.map((row) => {
    const kept = { reason: row.reason, step: row.step, until: row.until_on };
    return [row.item_id, { ...kept, do: row.acts ? 'act' : 'wait', text: explanation({ document: row.document, ...kept, facts: JSON.parse(row.facts) as Decision['facts'] }) }];
  }));
}
