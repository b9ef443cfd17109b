import { rememberSettings } from '#server/audit/fact-before.ts';
import { record } from '#server/audit/record.ts';
import { recordOfActions } from '#server/audit/record-each.ts';
import type { ActionId } from '#core/kernel/id.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import type { By } from './actions.ts';
import { readSending } from './sending-settings.ts';
import type { SendingSettings } from './sending-settings.ts';

/** What a change of settings did to actions that stood. */
export type SendingChanged = { readonly cancelledTests: number; readonly backForApproval: number };

/**
 * Keeps how the organisation sends. Leaving test mode ends everything made in it, so that none of it can reach a customer; asking for
 * two persons sends formal notices that one approved back for the second one.
 */
export async function changeSending(t: Tenant, settings: SendingSettings, by: By): Promise<SendingChanged> {
  const before = await readSending(t);
  await rememberSettings(t, by.clock.now());
  await t.run(t.sql`${t.update('profile', 'p')} set sending = ${JSON.stringify(settings)}::jsonb where ${t.own('p')}`);
  const cancelled = settings.testAddress === null ? await cancelTests(t, by) : [];
  const back = settings.fourEyes && !before.fourEyes ? await askSecond(t, by) : [];
  await record(t, {
    at: by.clock.now(), actor: by.actor, kind: 'sending.changed', subject: 'sending',
    facts: {
      testMode: settings.testAddress !== null, fourEyes: settings.fourEyes, perHour: settings.rates?.perHour ?? null, perDay: settings.rates?.perDay ?? null,
      approvalDays: settings.approvalDays, bankLimitDays: settings.bankLimitDays, bankAccountsLeftOut: settings.bankAccountsLeftOut,
      bouncesPerThousand: settings.breaker.bouncesPerThousand, complaintsPerHundredThousand: settings.breaker.complaintsPerHundredThousand,
      cancelledTests: cancelled.length, backForApproval: back.length,
    },
  });
  const of = { at: by.clock.now(), actor: by.actor };
  await recordOfActions(t, { ...of, kind: 'action.cancelled' }, cancelled.map((action) => ({ action, facts: { reason: 'testModeLeft' } })));
  await recordOfActions(t, { ...of, kind: 'action.proposed' }, back.map((action) => ({ action, facts: { reason: 'secondApproval' } })));
  return { cancelledTests: cancelled.length, backForApproval: back.length };
}

async function cancelTests(t: Tenant, by: By): Promise<ActionId[]> {
  const rows = await t.rows<{ action_id: ActionId }>(t.sql`
    ${t.update('action', 'a')} set state = 'cancelled', state_reason = 'testModeLeft', state_at = ${by.clock.now()}::timestamptz
    where ${t.own('a')} and a.test and a.state in ('proposed', 'approved') returning a.action_id`);
  return rows.map((row) => row.action_id);
}

/** The one who approved counts as the first of the two. */
async function askSecond(t: Tenant, by: By): Promise<ActionId[]> {
  const rows = await t.rows<{ action_id: ActionId }>(t.sql`
    ${t.update('action', 'a')} set state = 'proposed', state_at = ${by.clock.now()}::timestamptz, approvals_needed = 2,
      first_approved_by = case when a.approved_by like 'user:%' then a.approved_by end
    where ${t.own('a')} and a.formal_notice and a.approvals_needed = 1 and a.state = 'approved' returning a.action_id`);
  return rows.map((row) => row.action_id);
}
