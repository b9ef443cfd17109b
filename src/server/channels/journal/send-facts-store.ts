import { createHash } from 'node:crypto';
import type { SendFacts, SentItem } from '#core/dunning/send-facts.ts';
import type { Currency } from '#core/kernel/currency.ts';
import type { Day } from '#core/kernel/day.ts';
import type { Instant } from '#core/kernel/clock.ts';
import type { ActionId } from '#core/kernel/id.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';

/** What is known of a claimed message beside its row: its fence and its bytes. */
export type ClaimedSend = {
  readonly action: { readonly actionId: ActionId; readonly test: boolean; readonly recipient: string | null; readonly channel: string };
  readonly fence: number; readonly sha256: string; readonly headerId: string;
};

type Row = {
  organisation: string; installation: string; action_id: ActionId; action_key: string; customer: string; channel: SendFacts['channel']; role: string | null; purpose: SendFacts['purpose'];
  scenario: string; version: number; step: number; offset_days: number; template_code: string; tone: SendFacts['tone']; formal_notice: boolean; charges_allowed: boolean;
  currency: Currency; total: string; anchor: string; payment: string | null;
  items: { key: string; amount: string; due: Day; step: number | null; stepKey: string | null; offset: number | null }[];
};

/** Of the id of the installation and an address: known again only by who knows both. */
export const recipientHash = (installation: string, address: string): string => createHash('sha256').update(`${installation}:${address.toLowerCase()}`).digest('hex');

/** What the journal says of messages that were just claimed, by the number of their action: one statement, on rows that do not change. */
export async function readSendFacts(t: Tenant, claimed: readonly ClaimedSend[], of: { today: Day; now: Instant }): Promise<Map<ActionId, SendFacts>> {
  if (claimed.length === 0) return new Map();
  const rows = await t.rows<Row>(t.sql`
    select o.code as organisation, n.installation_id::text as installation, a.action_id, a.action_key, c.code as customer, a.channel, a.role, a.purpose, s.code as scenario, s.version,
      a.step, a.offset_days, a.template_code, a.tone, a.formal_notice, a.charges_allowed, a.currency, a.total, i.natural_key as anchor,
      (select p.natural_key from ${t.from('item')} p where a.purpose = 'thankYou' and p.item_id = substring(split_part(a.action_key, '/', 4) from '^[0-9]{1,18}$')::bigint) as payment,
      (select coalesce(jsonb_agg(jsonb_build_object('key', y.natural_key, 'amount', x.listed_amount::text, 'due', x.due_on, 'step', x.credited_step, 'stepKey', x.credited_key,
          'offset', x.credited_offset) order by x.item_id), '[]'::jsonb)
        from ${t.from('action_item')} x join ${t.from('item')} y on y.item_id = x.item_id where x.action_id = a.action_id) as items
    from ${t.from('action')} a join ${t.from('customer')} c on c.customer_id = a.customer_id join ${t.from('scenario')} s on s.scenario_id = a.scenario_id
      join ${t.from('item')} i on i.item_id = a.anchor_item_id join organisation o on o.organisation_id = ${t.organisation}::bigint, installation n
    where a.action_id = any(${claimed.map(({ action }) => action.actionId)}::bigint[])`);
  const found = new Map(rows.map((row) => [row.action_id, row]));
  return new Map(claimed.map((one) => {
    const row = found.get(one.action.actionId);
    if (row === undefined) throw new Error('a claimed action has no facts for the journal');
    return [one.action.actionId, factsOf(row, one, of)];
  }));
}

function factsOf(row: Row, { action, fence, sha256, headerId }: ClaimedSend, { today, now }: { today: Day; now: Instant }): SendFacts {
  const items = row.items.map((item): SentItem => ({
    naturalKey: item.key, amount: BigInt(item.amount), dueOn: item.due, creditedStep: item.step, creditedKey: item.stepKey, creditedOffset: item.offset,
  }));
  return {
    organisation: row.organisation, action: row.action_id, fence, actionKey: row.action_key, customer: row.customer, channel: row.channel, role: row.role, purpose: row.purpose,
    scenario: row.scenario, scenarioVersion: row.version, step: row.step, stepKey: items.find(({ naturalKey }) => naturalKey === row.anchor)?.creditedKey ?? null,
    offsetDays: row.offset_days, template: row.template_code, tone: row.tone, formalNotice: row.formal_notice, chargesAllowed: row.charges_allowed, currency: row.currency,
    total: BigInt(row.total), anchor: row.anchor, payment: row.payment, items, messageId: headerId, sha256,
    recipientSha256: action.channel === 'email' && action.recipient !== null ? recipientHash(row.installation, action.recipient) : null,
    day: today, at: now, test: action.test,
  };
}
