import type { OffBecause } from '#core/channels/webhook-retry.ts';
import type { Instant } from '#core/kernel/clock.ts';
import { record } from '#server/audit/record.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';

/** Why a webhook is switched off, when and by whom. */
export type SwitchingOff = { readonly because: OffBecause; readonly at: Instant; readonly actor: string };

/** Switches a webhook off, with its event; false when it was not on. What waits keeps waiting. */
export async function switchOff(t: Tenant, id: string, of: SwitchingOff): Promise<boolean> {
  const off = await t.run(t.sql`
    ${t.update('webhook', 'w')} set state = 'off', state_because = ${of.because}, state_at = ${of.at}::timestamptz, next_at = null where ${t.own('w')} and w.webhook_id = ${id}::bigint and w.state = 'on'`);
  if (off === 0) return false;
  await record(t, { at: of.at, actor: of.actor, kind: 'webhook.switchedOff', subject: `webhook:${id}`, facts: { because: of.because } });
  return true;
}

/** Switches every webhook of the organisation off; gives how many were on. */
export async function switchAllOff(t: Tenant, of: SwitchingOff): Promise<number> {
  const on = await t.rows<{ webhook_id: string }>(t.sql`select w.webhook_id from ${t.from('webhook')} w where w.state = 'on' order by w.webhook_id`);
  let off = 0;
  for (const { webhook_id: id } of on) off += (await switchOff(t, id, of)) ? 1 : 0;
  return off;
}
