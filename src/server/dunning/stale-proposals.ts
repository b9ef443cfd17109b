import type { Purpose } from '#core/dunning/decision.ts';
import type { ActionId } from '#core/kernel/id.ts';
import { rememberSettings } from '#server/audit/fact-before.ts';
import { recordOfActions } from '#server/audit/record-each.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { moveActions } from './actions.ts';
import { withdrawEveryFirst } from './approvals.ts';
import type { PlacingBy } from './sent-elsewhere.ts';
import { cancelOrphanCopies } from './standing-copies.ts';

/** An action that did not begin to leave; `fence`: that of the claim it is under, null: nobody claimed it. */
export type StandingProposal = { readonly action: ActionId; readonly state: 'proposed' | 'approved' | 'claimed'; readonly purpose: Purpose; readonly fence: number | null };

/** A claim whose hand-off did not begin. */
export type OpenClaim = { readonly action: ActionId; readonly fence: number };

/** What a reconciliation asks of a ledger about proposals: PostgreSQL in production, memory in the simulator. Within one transaction. */
export type ProposalStore = {
  /** Proposed and approved actions, and claimed ones of which nothing began to leave; locked. */
  standing(): Promise<readonly StandingProposal[]>;
  /** Ends claims so that whoever made them cannot begin any more; gives the actions of those that had not begun meanwhile. */
  release(claims: readonly OpenClaim[], by: PlacingBy): Promise<readonly ActionId[]>;
  /** Cancels them, and the copies of them; gives how many. */
  cancel(ids: readonly ActionId[], by: PlacingBy): Promise<number>;
  /** Lets them wait for a person, whatever their scenario says. */
  propose(ids: readonly ActionId[], by: PlacingBy): Promise<void>;
  /** From now on every proposal waits for a person, and the first of two approvals given before counts no more. */
  approveEverything(by: PlacingBy): Promise<void>;
};

/**
 * Cancels what was proposed without what the journal knew: it may give items steps that they had left behind, and the next run proposes what is still due. A call or a visit carries a
 * step as a message does (done, its step counts), so it goes too. Thanks carry none and are proposed once only; a copy goes with its message. Gives how many.
 */
export async function dropProposals(store: ProposalStore, by: PlacingBy): Promise<number> {
  return store.cancel(await freed(store, (await store.standing()).filter(({ purpose }) => purpose === 'dunning'), by), by);
}

/** What was approved waits for a person again, and so does what comes: nobody knows which steps left in the time that nothing here remembers. Gives how many. */
export async function backToProposed(store: ProposalStore, by: PlacingBy): Promise<number> {
  await store.approveEverything(by);
  const back = await freed(store, (await store.standing()).filter(({ state }) => state !== 'proposed'), by);
  await store.propose(back, by);
  return back.length;
}

/** Those that nobody can begin any more. */
async function freed(store: ProposalStore, of: readonly StandingProposal[], by: PlacingBy): Promise<ActionId[]> {
  const released = new Set(await store.release(of.flatMap(({ action, fence }) => (fence === null ? [] : [{ action, fence }])), by));
  return of.flatMap(({ action, fence }) => (fence === null || released.has(action) ? [action] : []));
}

/** Why a proposal that a reconciliation cancels is no more. */
const STALE = 'changed';
/** What is said of claims and approvals that a reconciliation takes back. */
const RECONCILED = 'reconciled';

/** The proposals of an organisation in its database. */
export const proposalsOf = (t: Tenant): ProposalStore => ({
  standing: () => t.rows<StandingProposal>(t.sql`
    select a.action_id as action, a.state, a.purpose, case when a.state = 'claimed' then a.fence end as fence
    from ${t.from('action')} a
    where a.state in ('proposed', 'approved') or (a.state = 'claimed' and exists (
      select from ${t.from('send_attempt')} s where s.action_id = a.action_id and s.fence = a.fence and s.outcome is null and s.started_at is null))
    order by a.action_id for update of a`),
  release: (claims, by) => release(t, claims, by),
  cancel: async (ids, by) => (await moveActions(t, ids, { from: ['proposed', 'approved', 'claimed'], to: 'cancelled', reason: STALE, by })).length + await cancelOrphanCopies(t, by),
  propose: async (ids, by) => {
    const back = await moveActions(t, ids, { from: ['approved', 'claimed'], to: 'proposed', reason: null, by });
    await t.run(t.sql`${t.update('action', 'a')} set needs_approval = true where ${t.own('a')} and a.action_id = any(${back}::bigint[])`);
  },
  approveEverything: async (by) => {
    await approveEverything(t, by);
    await withdrawEveryFirst(t, { at: by.now, actor: by.actor });
  },
});

async function release(t: Tenant, claims: readonly OpenClaim[], { now, actor }: PlacingBy): Promise<ActionId[]> {
  const released = await t.rows<OpenClaim>(t.sql`
    ${t.update('send_attempt', 's')} set outcome = 'released', response = ${RECONCILED}, finished_at = ${now}::timestamptz
    from unnest(${claims.map(({ action }) => action)}::bigint[], ${claims.map(({ fence }) => fence)}::int[]) as n(action_id, fence)
    where ${t.own('s')} and s.action_id = n.action_id and s.fence = n.fence and s.outcome is null and s.started_at is null
    returning s.action_id as action, s.fence`);
  await recordOfActions(t, { at: now, actor, kind: 'action.released' }, released.map(({ action, fence }) => ({ action, facts: { fence, reason: RECONCILED } })));
  return released.map(({ action }) => action);
}

async function approveEverything(t: Tenant, { now }: PlacingBy): Promise<void> {
  const relaxed = await t.one(t.sql`select 1 as found from ${t.from('profile')} p where p.dunning ->> 'approveEverything' = 'false'`);
  if (relaxed === null) return;
  await rememberSettings(t, now);
  await t.run(t.sql`${t.update('profile', 'p')} set dunning = p.dunning || '{"approveEverything": true}'::jsonb where ${t.own('p')}`);
}
