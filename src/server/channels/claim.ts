import { decideAccount } from '#core/dunning/decide.ts';
import type { ProposedAction } from '#core/dunning/decision.ts';
import type { AccountFacts } from '#core/dunning/facts.ts';
import type { Currency } from '#core/kernel/currency.ts';
import type { Day } from '#core/kernel/day.ts';
import type { ActionId, ContactId, CustomerId } from '#core/kernel/id.ts';
import { loadAccounts } from '#server/dunning/facts-store.ts';
import { readPolicy } from '#server/dunning/policy.ts';
import type { Policy } from '#server/dunning/policy.ts';
import { latestScenarios } from '#server/dunning/scenario-store.ts';
import type { ActionForMessage } from '#server/letters/message-facts.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';

/** An approved action under lock, with its account locked too: nothing it rests on can change until the transaction ends. */
export type LockedAction = ActionForMessage & {
  readonly actionKey: string;
  readonly customerId: CustomerId;
  readonly contactId: ContactId | null;
  readonly fence: number;
  /** Attempts that were started before: claims that came to nothing do not count. */
  readonly tries: number;
  readonly total: bigint;
  readonly listed: ReadonlyMap<string, bigint>;
  readonly customerCode: string;
};

type Row = {
  action_id: ActionId; action_key: string; channel: ActionForMessage['channel']; template_code: string; tone: ActionForMessage['tone'];
  formal_notice: boolean; charges_allowed: boolean; currency: Currency; customer_id: CustomerId; contact_id: ContactId | null;
  recipient: string | null; fence: number; tries: number; total: string; customer: string;
};

/**
 * Takes approved actions for this transaction: locks them, then their customers (holds and contacts are written under that
 * lock), then the customers' items (allocations take their locks), each in the order of their numbers, so that two workers
 * cannot wait for each other. Those that another worker has, or that are no longer approved, are left out.
 */
export async function lockActions(t: Tenant, actionIds: readonly ActionId[]): Promise<LockedAction[]> {
  const taken = await t.rows<{ action_id: ActionId; customer_id: string }>(t.sql`
    select a.action_id, a.customer_id from ${t.from('action')} a
    where a.action_id = any(${actionIds}::bigint[]) and a.state = 'approved' order by a.action_id for update skip locked`);
  if (taken.length === 0) return [];
  const customers = taken.map((row) => row.customer_id);
  await t.run(t.sql`
    select from ${t.from('customer')} c where c.customer_id = any(${customers}::bigint[]) order by c.customer_id for update`);
  await t.run(t.sql`
    select from ${t.from('item')} i where i.customer_id = any(${customers}::bigint[]) and i.allocated < i.amount and i.voided_at is null
    order by i.item_id for update`);
  return readActions(t, taken.map((row) => row.action_id));
}

/** An action with what its message and its re-check are made from; null when there is none of this number. */
export async function readAction(t: Tenant, actionId: ActionId): Promise<LockedAction | null> {
  return (await readActions(t, [actionId]))[0] ?? null;
}

/** Actions with what their messages and re-checks are made from, in the order of their numbers. */
export async function readActions(t: Tenant, actionIds: readonly ActionId[]): Promise<LockedAction[]> {
  const rows = await t.rows<Row>(t.sql`
    select a.action_id, a.action_key, a.channel, a.template_code, a.tone, a.formal_notice, a.charges_allowed, a.currency, a.customer_id,
      a.contact_id, a.recipient, a.fence, a.total, c.code as customer,
      case when a.fence = 0 then 0 else (
        select count(*)::int from ${t.from('send_attempt')} s where s.action_id = a.action_id and s.started_at is not null
      ) end as tries
    from ${t.from('action')} a join ${t.from('customer')} c on c.customer_id = a.customer_id
    where a.action_id = any(${actionIds}::bigint[]) order by a.action_id`);
  const items = await t.rows<{ action_id: string; item_id: string; listed_amount: string }>(t.sql`
    select x.action_id, x.item_id, x.listed_amount from ${t.from('action_item')} x where x.action_id = any(${actionIds}::bigint[])`);
  const listed = Map.groupBy(items, (item) => item.action_id);
  return rows.map((row) => ({
    actionId: row.action_id, actionKey: row.action_key, channel: row.channel, templateCode: row.template_code, tone: row.tone,
    formalNotice: row.formal_notice, chargesAllowed: row.charges_allowed, currency: row.currency, customerId: row.customer_id,
    contactId: row.contact_id, recipient: row.recipient, fence: row.fence, tries: row.tries, total: BigInt(row.total), customerCode: row.customer,
    listed: new Map((listed.get(row.action_id) ?? []).map((item) => [item.item_id, BigInt(item.listed_amount)])),
  }));
}

/** Whether an action may leave now. `later` keeps it approved for another time; `cancel` ends it with its reason. */
export type Verdict = { readonly go: 'now' } | { readonly go: 'later' | 'cancel'; readonly reason: string };

/** Reasons that pass by themselves; everything else means that what was approved is no longer what should be said. */
const PASSING: ReadonlySet<string> = new Set(['closedDay', 'capReached', 'ledgerStale', 'paymentPending']);

/** The policy of the day and the accounts of locked actions, read once for all of them. */
export type Ground = { readonly policy: Policy; readonly accounts: ReadonlyMap<string, AccountFacts> };

/** Reads what re-checking these actions rests on, under their locks. */
export async function readGround(t: Tenant, actions: readonly LockedAction[], today: Day): Promise<Ground> {
  const policy = await readPolicy(t, today);
  const accounts = new Map<string, AccountFacts>();
  const batches = loadAccounts(t, {
    today, scenarios: await latestScenarios(t), standardScenario: policy.settings.scenario,
    contactWindowDays: Math.max(policy.facts.contactCap?.windowDays ?? 1, 1), customerIds: actions.map((action) => action.customerId),
  });
  for await (const batch of batches) for (const account of batch) accounts.set(account.customer.id, account);
  return { policy, accounts };
}

/**
 * Asks the engine again, on the facts as they are under lock, as if this action did not stand: it must propose the same
 * action with the same items and amounts, to the same address. That one question covers every rule there is.
 */
export function recheck(ground: Ground, action: LockedAction): Verdict {
  const account = accountWithout(ground, action);
  if (account === null) return { go: 'cancel', reason: 'paid' };
  const { decisions, actions } = decideAccount(ground.policy.facts, account);
  const again = actions.find(({ key }) => key === action.actionKey);
  if (again !== undefined) return sameAs(action, again, account);
  const listed = decisions.filter(({ itemId }) => action.listed.has(itemId));
  const gone = listed.length < action.listed.size;
  const waits = listed.filter((decision) => decision.do === 'wait');
  const reason = gone ? 'paid' : (waits[0]?.reason ?? 'changed');
  if (!gone && waits.length === listed.length && waits.every((one) => PASSING.has(one.reason))) return { go: 'later', reason };
  return { go: 'cancel', reason };
}

function sameAs(action: LockedAction, again: ProposedAction, account: AccountFacts): Verdict {
  for (const [itemId, amount] of action.listed) {
    const now = again.items.find((item) => item.itemId === itemId);
    if (now === undefined) return { go: 'cancel', reason: account.items.some((item) => item.itemId === itemId) ? 'held' : 'paid' };
    if (now.amount !== amount) return { go: 'cancel', reason: 'amountChanged' };
  }
  const contact = account.contacts.find(({ contactId }) => contactId === again.contactId);
  if (again.contactId !== action.contactId) return { go: 'cancel', reason: 'contactChanged' };
  if (action.channel === 'email' && (contact?.email ?? null) !== action.recipient) return { go: 'cancel', reason: 'contactChanged' };
  return { go: 'now' };
}

/** The account as the engine would see it had this action not been proposed. */
function accountWithout(ground: Ground, action: LockedAction): AccountFacts | null {
  const account = ground.accounts.get(action.customerId);
  if (account === undefined) return null;
  return { ...account, items: account.items.map((item) => (item.pendingAction?.actionId === action.actionId ? { ...item, pendingAction: null } : item)) };
}
