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
  readonly total: bigint;
  readonly listed: ReadonlyMap<string, bigint>;
  readonly customerCode: string;
};

type Row = {
  action_id: ActionId; action_key: string; channel: ActionForMessage['channel']; template_code: string; tone: ActionForMessage['tone'];
  formal_notice: boolean; charges_allowed: boolean; currency: Currency; customer_id: CustomerId; contact_id: ContactId | null;
  recipient: string | null; fence: number; total: string; customer: string;
};

/**
 * Takes an approved action for this transaction: locks it, then its customer (holds and contacts are written under that
 * lock), then the customer's items (allocations take their locks). Null when another worker has it or it is no longer approved.
 */
export async function lockAction(t: Tenant, actionId: ActionId): Promise<LockedAction | null> {
  const taken = await t.one<{ customer_id: string }>(t.sql`
    select a.customer_id from ${t.from('action')} a where a.action_id = ${actionId}::bigint and a.state = 'approved' for update skip locked`);
  if (taken === null) return null;
  await t.run(t.sql`select from ${t.from('customer')} c where c.customer_id = ${taken.customer_id}::bigint for update`);
  await t.run(t.sql`
    select from ${t.from('item')} i where i.customer_id = ${taken.customer_id}::bigint and i.allocated < i.amount and i.voided_at is null
    order by i.item_id for update`);
  return readAction(t, actionId);
}

/** An action with what its message and its re-check are made from; null when there is none of this number. */
export async function readAction(t: Tenant, actionId: ActionId): Promise<LockedAction | null> {
  const row = await t.one<Row>(t.sql`
    select a.action_id, a.action_key, a.channel, a.template_code, a.tone, a.formal_notice, a.charges_allowed, a.currency, a.customer_id,
      a.contact_id, a.recipient, a.fence, a.total, c.code as customer
    from ${t.from('action')} a join ${t.from('customer')} c on c.customer_id = a.customer_id where a.action_id = ${actionId}::bigint`);
  if (row === null) return null;
  const items = await t.rows<{ item_id: string; listed_amount: string }>(t.sql`
    select x.item_id, x.listed_amount from ${t.from('action_item')} x where x.action_id = ${actionId}::bigint`);
  return {
    actionId: row.action_id, actionKey: row.action_key, channel: row.channel, templateCode: row.template_code, tone: row.tone,
    formalNotice: row.formal_notice, chargesAllowed: row.charges_allowed, currency: row.currency, customerId: row.customer_id,
    contactId: row.contact_id, recipient: row.recipient, fence: row.fence, total: BigInt(row.total), customerCode: row.customer,
    listed: new Map(items.map((item) => [item.item_id, BigInt(item.listed_amount)])),
  };
}

/** Whether an action may leave now. `later` keeps it approved for another time; `cancel` ends it with its reason. */
export type Verdict = { readonly go: 'now' } | { readonly go: 'later' | 'cancel'; readonly reason: string };

/** Reasons that pass by themselves; everything else means that what was approved is no longer what should be said. */
const PASSING: ReadonlySet<string> = new Set(['closedDay', 'capReached', 'ledgerStale', 'paymentPending']);

/**
 * Asks the engine again, on the facts as they are under lock, as if this action did not stand: it must propose the same
 * action with the same items and amounts, to the same address. That one question covers every rule there is.
 */
export async function recheck(t: Tenant, action: LockedAction, today: Day): Promise<Verdict & { policy: Policy }> {
  const policy = await readPolicy(t, today);
  const account = await accountWithout(t, action, { today, policy });
  if (account === null) return { go: 'cancel', reason: 'paid', policy };
  const { decisions, actions } = decideAccount(policy.facts, account);
  const again = actions.find(({ key }) => key === action.actionKey);
  if (again !== undefined) return { ...sameAs(action, again, account), policy };
  const listed = decisions.filter(({ itemId }) => action.listed.has(itemId));
  const gone = listed.length < action.listed.size;
  const waits = listed.filter((decision) => decision.do === 'wait');
  const reason = gone ? 'paid' : (waits[0]?.reason ?? 'changed');
  if (!gone && waits.length === listed.length && waits.every((one) => PASSING.has(one.reason))) return { go: 'later', reason, policy };
  return { go: 'cancel', reason, policy };
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
async function accountWithout(t: Tenant, action: LockedAction, at: { today: Day; policy: Policy }): Promise<AccountFacts | null> {
  const batches = loadAccounts(t, {
    today: at.today, scenarios: await latestScenarios(t), standardScenario: at.policy.settings.scenario,
    contactWindowDays: Math.max(at.policy.facts.contactCap?.windowDays ?? 1, 1), customerId: action.customerId,
  });
  for await (const [account] of batches) {
    if (account === undefined) return null;
    const items = account.items.map((item) => (item.pendingAction?.actionId === action.actionId ? { ...item, pendingAction: null } : item));
    return { ...account, items };
  }
  return null;
}
