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
  action_id: ActionId; action_key: string; customer: string; channel: SendFacts['channel']; role: string | null; purpose: SendFacts['purpose'];
  scenario: string; version: number; step: number; offset_days: number; template_code: string; tone: SendFacts['tone']; formal_notice: boolean; charges_allowed: boolean;
  currency: Currency; total: string; anchor: string; payment: string | null;
};
type ItemRow = { action_id: ActionId; natural_key: string; listed_amount: string; due_on: Day; credited_step: number | null; credited_key: string | null; credited_offset: number | null };
/** Whose sends they are. */
type Names = { readonly organisation: string; readonly installation: string };

/** Of the id of the installation and an address: known again only by who knows both. */
export const recipientHash = (installation: string, address: string): string => createHash('sha256').update(`${installation}:${address.toLowerCase()}`).digest('hex');

/** What the journal says of messages that are being claimed, by the number of their action: on rows that the claim does not change. */
export async function readSendFacts(t: Tenant, claimed: readonly ClaimedSend[], of: { today: Day; now: Instant }): Promise<Map<ActionId, SendFacts>> {
  if (claimed.length === 0) return new Map();
  const ids = claimed.map(({ action }) => action.actionId);
  const names = await t.one<Names>(t.sql`
    select o.code as organisation, n.installation_id::text as installation from organisation o, installation n where o.organisation_id = ${t.organisation}::bigint`);
  if (names === null) throw new Error('the organisation is not there');
  const rows = await t.rows<Row>(t.sql`
    select a.action_id, a.action_key, c.code as customer, a.channel, a.role, a.purpose, s.code as scenario, s.version,
      a.step, a.offset_days, a.template_code, a.tone, a.formal_notice, a.charges_allowed, a.currency, a.total, i.natural_key as anchor,
      case when a.purpose = 'thankYou' then (select p.natural_key from ${t.from('item')} p where p.item_id = substring(split_part(a.action_key, '/', 4) from '^[0-9]{1,18}$')::bigint) end as payment
    from ${t.from('action')} a join ${t.from('customer')} c on c.customer_id = a.customer_id join ${t.from('scenario')} s on s.scenario_id = a.scenario_id
      join ${t.from('item')} i on i.item_id = a.anchor_item_id
    where a.action_id = any(${ids}::bigint[])`);
  const items = await t.rows<ItemRow>(t.sql`
    select x.action_id, y.natural_key, x.listed_amount, x.due_on, x.credited_step, x.credited_key, x.credited_offset
    from ${t.from('action_item')} x join ${t.from('item')} y on y.item_id = x.item_id where x.action_id = any(${ids}::bigint[]) order by x.action_id, x.item_id`);
  const found = new Map(rows.map((row) => [row.action_id, row]));
  const listed = Map.groupBy(items, (item) => item.action_id);
  return new Map(claimed.map((one) => {
    const row = found.get(one.action.actionId);
    if (row === undefined) throw new Error('a claimed action has no facts for the journal');
    return [one.action.actionId, factsOf({ row, items: listed.get(row.action_id) ?? [], names }, one, of)];
  }));
}

function factsOf({ row, items: rows, names }: { row: Row; items: readonly ItemRow[]; names: Names }, { action, fence, sha256, headerId }: ClaimedSend, { today, now }: { today: Day; now: Instant }): SendFacts {
  const items = rows.map((item): SentItem => ({
    naturalKey: item.natural_key, amount: BigInt(item.listed_amount), dueOn: item.due_on, creditedStep: item.credited_step, creditedKey: item.credited_key, creditedOffset: item.credited_offset,
  }));
  return {
    organisation: names.organisation, action: row.action_id, fence, actionKey: row.action_key, customer: row.customer, channel: row.channel, role: row.role, purpose: row.purpose,
    scenario: row.scenario, scenarioVersion: row.version, step: row.step, stepKey: items.find(({ naturalKey }) => naturalKey === row.anchor)?.creditedKey ?? null,
    offsetDays: row.offset_days, template: row.template_code, tone: row.tone, formalNotice: row.formal_notice, chargesAllowed: row.charges_allowed, currency: row.currency,
    total: BigInt(row.total), anchor: row.anchor, payment: row.payment, items, messageId: headerId, sha256,
    recipientSha256: action.channel === 'email' && action.recipient !== null ? recipientHash(names.installation, action.recipient) : null,
    day: today, at: now, test: action.test,
  };
}
