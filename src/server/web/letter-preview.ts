import type { ActionPreview } from '#core/api/actions.ts';
import type { Currency } from '#core/kernel/currency.ts';
import type { Day } from '#core/kernel/day.ts';
import type { ActionId } from '#core/kernel/id.ts';
import { decimal, money } from '#core/kernel/money.ts';
import { lostBytes } from '#server/channels/journal/lost-bytes.ts';
import { marking } from '#server/channels/prepare.ts';
import { readPolicy } from '#server/dunning/policy.ts';
import { composeAction } from '#server/letters/compose.ts';
import { readCreditor } from '#server/letters/message-facts.ts';
import type { ActionForMessage } from '#server/letters/message-facts.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { todayOf } from './context.ts';
import type { WebContext } from './context.ts';
import { notFound } from './refusal.ts';
import { storedHtml } from './stored-html.ts';

type ActionRow = {
  action_id: ActionId; channel: string; template_code: string; tone: ActionForMessage['tone']; formal_notice: boolean; charges_allowed: boolean; currency: Currency;
  customer_id: string; contact_id: string | null; recipient: string | null; total: string;
};

type StoredRow = { recipient: string; subject: string; body: string; mime: Buffer | null; pdf: Buffer | null };

/** An action with what its message is made from; refused when the organisation has no such action. */
async function readAction(t: Tenant, id: ActionId): Promise<ActionForMessage & { total: string }> {
  const row = await t.one<ActionRow>(t.sql`
    select a.action_id, a.channel, a.template_code, a.tone, a.formal_notice, a.charges_allowed, a.currency, a.customer_id, a.contact_id, a.recipient, a.total
    from ${t.from('action')} a where a.action_id = ${id}::bigint`);
  if (row === null) throw notFound('Cette action n’existe pas.', 'This action does not exist.');
  return {
    actionId: row.action_id, channel: row.channel, templateCode: row.template_code, tone: row.tone, formalNotice: row.formal_notice, chargesAllowed: row.charges_allowed,
    currency: row.currency, customerId: row.customer_id, contactId: row.contact_id, recipient: row.recipient, total: row.total,
  };
}

async function readStored(t: Tenant, id: ActionId): Promise<StoredRow | null> {
  return t.one<StoredRow>(t.sql`select m.recipient, m.subject, m.body, m.mime, m.pdf from ${t.from('message')} m where m.action_id = ${id}::bigint`);
}

async function readDocuments(t: Tenant, id: ActionId, currency: Currency): Promise<ActionPreview['documents']> {
  const rows = await t.rows<{ document: string; due_on: Day; listed: string }>(t.sql`
    select coalesce(i.document, i.label, i.item_id::text) as document, x.due_on, x.listed_amount as listed
    from ${t.from('action_item')} x join ${t.from('item')} i on i.item_id = x.item_id where x.action_id = ${id}::bigint order by x.due_on, i.item_id`);
  return rows.map((row) => ({ document: row.document, dueOn: row.due_on, open: decimal(money(BigInt(row.listed), currency)) }));
}

async function compose(t: Tenant, web: WebContext, action: ActionForMessage): ReturnType<typeof composeAction> {
  const today = await todayOf(t, web.clock);
  const policy = await readPolicy(t, today);
  return composeAction(t, action, marking({ today, formalNoticeDays: policy.settings.formalNoticeDays, letters: web.letters, testAddress: policy.sending.testAddress }));
}

/** The message of an action: as stored once it was handed over, as it would be composed now before that. */
export async function previewAction(t: Tenant, web: WebContext, id: ActionId): Promise<ActionPreview> {
  const action = await readAction(t, id);
  const { creditor } = await readCreditor(t);
  const base = {
    id, channel: action.channel, from: web.sender.from ?? creditor.email, documents: await readDocuments(t, id, action.currency),
    total: decimal(money(BigInt(action.total), action.currency)), currency: action.currency,
  };
  const stored = await readStored(t, id);
  if (stored !== null) {
    const html = stored.mime === null ? null : storedHtml(stored.mime);
    return {
      ...base, stored: true, to: stored.recipient, subject: stored.subject, text: stored.body, html, hasLetter: stored.pdf !== null, hasMail: stored.mime !== null, problems: [],
    };
  }
  const lost = await lostBytes(t, id);
  if (lost !== null) return { ...base, stored: true, to: action.recipient, subject: '', text: '', html: null, hasLetter: false, hasMail: false, problems: [lost] };
  const composed = await compose(t, web, action);
  if (!composed.ok) return { ...base, stored: false, to: action.recipient, subject: '', text: '', html: null, hasLetter: false, hasMail: false, problems: composed.error };
  const { rendered, model, pdf } = composed.value;
  const to = action.channel === 'email' ? action.recipient : model.debtor.addressLines.join(', ');
  return { ...base, stored: false, to, subject: rendered.subject, text: rendered.text, html: rendered.html, hasLetter: pdf !== null, hasMail: false, problems: [] };
}

/** The letter of an action as PDF, or null when it has none. */
export async function letterOf(t: Tenant, web: WebContext, id: ActionId): Promise<Buffer | null> {
  const action = await readAction(t, id);
  const stored = await readStored(t, id);
  if (stored !== null) return stored.pdf;
  if ((await lostBytes(t, id)) !== null) return null;
  const composed = await compose(t, web, action);
  return composed.ok ? composed.value.pdf : null;
}

/** The exact e-mail of an action that was handed over, or null before that. */
export async function mailOf(t: Tenant, id: ActionId): Promise<Buffer | null> {
  await readAction(t, id);
  return (await readStored(t, id))?.mime ?? null;
}
