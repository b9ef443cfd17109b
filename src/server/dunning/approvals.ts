import type { ProposedAction } from '#core/dunning/decision.ts';
import { TASK_CHANNELS } from '#core/dunning/scenario.ts';
import type { Instant } from '#core/kernel/clock.ts';
import type { Day } from '#core/kernel/day.ts';
import type { ActionId } from '#core/kernel/id.ts';
import type { Bilingual } from '#core/kernel/text.ts';
import { recordOfActions } from '#server/audit/record-each.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import type { By } from './actions.ts';
import type { Policy } from './policy.ts';
import { readSending } from './sending-settings.ts';

/** How many different persons must approve an action before it may leave. */
export function approvalsOf(proposed: ProposedAction, policy: Policy): 1 | 2 {
  return proposed.approval === 'two' || (proposed.formalNotice && policy.sending.fourEyes) ? 2 : 1;
}

/**
 * What became of an approval: `approved` may leave; `once` wait for another person; `samePerson` wait too, because the one who
 * asks approved them already; `nobody` need two persons and the one who asks is none that is known; `tasks` are left out of "all": they wait for
 * the person who does them, who says so.
 */
export type Approval = { readonly approved: ActionId[]; readonly once: ActionId[]; readonly samePerson: ActionId[]; readonly nobody: ActionId[]; readonly tasks: ActionId[] };

/** Why actions that need two persons wait on after somebody approved them; null when there is nothing to say. */
export function approvalSentence({ once, samePerson, nobody }: Approval): Bilingual | null {
  if (nobody.length > 0) {
    return {
      fr: 'Une mise en demeure demande l’accord de deux personnes : dites qui approuve (dans l’application, ou --as E-MAIL en ligne de commande).',
      en: 'A formal notice needs two persons: say who approves (in the app, or --as E-MAIL on the command line).',
    };
  }
  if (samePerson.length > 0) {
    return {
      fr: 'Vous avez déjà approuvé cette action : elle demande l’accord d’une seconde personne, et attend.',
      en: 'You have approved this action already: it needs a second person, and waits.',
    };
  }
  if (once.length === 0) return null;
  return {
    fr: 'Première approbation notée : cette action demande l’accord d’une seconde personne avant de partir.',
    en: 'First approval noted: this action needs a second person before it leaves.',
  };
}

type Row = { action_id: ActionId; two: boolean; first: string | null; task: boolean };

const MEMBER = /^user:[0-9]+$/;

/**
 * Approves proposed actions in a person's name. Where two persons are needed the first one is noted and the action stays
 * proposed; the same person twice changes nothing. Each change has its event.
 */
export async function approveActions(t: Tenant, ids: readonly ActionId[] | 'all', by: By): Promise<Approval> {
  const { fourEyes } = await readSending(t);
  const found = await t.rows<Row>(t.sql`
    select a.action_id, a.approvals_needed = 2 or (a.formal_notice and ${fourEyes}) as two, a.first_approved_by as first,
      a.channel = any(${[...TASK_CHANNELS]}::text[]) as task from ${t.from('action')} a
    where a.state = 'proposed' and (${ids === 'all'} or a.action_id = any(${ids === 'all' ? [] : ids}::bigint[]))
    order by a.action_id for update`);
  const isLeft = (row: Row): boolean => ids === 'all' && row.task && !row.two;
  const rows = found.filter((row) => !isLeft(row));
  const known = MEMBER.test(by.actor);
  const named = (test: (row: Row) => boolean): ActionId[] => rows.filter(test).map((row) => row.action_id);
  const approval: Approval = {
    approved: named((row) => !row.two || (known && row.first !== null && row.first !== by.actor)),
    once: named((row) => row.two && known && row.first === null),
    samePerson: named((row) => row.two && known && row.first === by.actor),
    nobody: named((row) => row.two && !known),
    tasks: found.filter(isLeft).map((row) => row.action_id),
  };
  await noteFirst(t, approval.once, by);
  if (approval.approved.length > 0) {
    await t.run(t.sql`
      ${t.update('action', 'a')} set state = 'approved', state_reason = null, state_at = ${by.clock.now()}::timestamptz, approved_by = ${by.actor}, approved_on = ${await businessDay(t, by)}::date
      where ${t.own('a')} and a.action_id = any(${approval.approved}::bigint[])`);
    const second = rows.filter((row) => row.two && approval.approved.includes(row.action_id));
    const firstOf = new Map(second.map((row) => [row.action_id, row.first]));
    await recordOfActions(t, { at: by.clock.now(), actor: by.actor, kind: 'action.approved' }, approval.approved.map((action) => ({
      action, facts: { reason: null, ...(firstOf.has(action) ? { firstApprovedBy: firstOf.get(action) ?? '' } : {}) },
    })));
  }
  return approval;
}

async function noteFirst(t: Tenant, once: readonly ActionId[], by: By): Promise<void> {
  if (once.length === 0) return;
  await t.run(t.sql`
    ${t.update('action', 'a')} set first_approved_by = ${by.actor}, approvals_needed = 2
    where ${t.own('a')} and a.action_id = any(${once}::bigint[])`);
  await recordOfActions(t, { at: by.clock.now(), actor: by.actor, kind: 'action.approvedOnce' }, once.map((action) => ({ action, facts: {} })));
}

/** Takes back the first of two approvals that the person who asks gave; gives the actions it was noted on. */
export async function withdrawFirst(t: Tenant, ids: readonly ActionId[], by: By): Promise<ActionId[]> {
  const rows = await t.rows<{ action_id: ActionId }>(t.sql`
    ${t.update('action', 'a')} set first_approved_by = null
    where ${t.own('a')} and a.state = 'proposed' and a.first_approved_by = ${by.actor} and a.action_id = any(${ids}::bigint[]) returning a.action_id`);
  return withdrawn(t, rows, { at: by.clock.now(), actor: by.actor });
}

/** Takes back the first of two approvals wherever one was given: what it was given for is to be looked at anew. */
export async function withdrawEveryFirst(t: Tenant, by: { readonly at: Instant; readonly actor: string }): Promise<void> {
  await withdrawn(t, await t.rows<{ action_id: ActionId }>(t.sql`
    ${t.update('action', 'a')} set first_approved_by = null where ${t.own('a')} and a.state = 'proposed' and a.first_approved_by is not null returning a.action_id`), by);
}

async function withdrawn(t: Tenant, rows: readonly { readonly action_id: ActionId }[], by: { readonly at: Instant; readonly actor: string }): Promise<ActionId[]> {
  const taken = rows.map((row) => row.action_id).toSorted((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1));
  await recordOfActions(t, { ...by, kind: 'action.firstApprovalWithdrawn' }, taken.map((action) => ({ action, facts: {} })));
  return taken;
}

/** The organisation's business day at the moment of somebody's act. */
export async function businessDay(t: Tenant, { clock }: By): Promise<Day> {
  const profile = await t.one<{ time_zone: string }>(t.sql`select p.time_zone from ${t.from('profile')} p`);
  if (profile === null) throw new Error('the organisation has no profile');
  return clock.today(profile.time_zone);
}
