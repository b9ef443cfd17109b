import type { Currency } from '#core/kernel/currency.ts';
import { addDays } from '#core/kernel/day.ts';
import type { Day } from '#core/kernel/day.ts';
import type { CustomerId } from '#core/kernel/id.ts';
import { money } from '#core/kernel/money.ts';
import type { Problem } from '#core/kernel/problem.ts';
import { err, ok } from '#core/kernel/result.ts';
import type { Result } from '#core/kernel/result.ts';
import { creditorReference } from '#core/kernel/creditor-reference.ts';
import { EXAMPLE_DEBTOR, EXAMPLE_ITEMS } from '#core/letters/example.ts';
import type { TextFor } from '#core/letters/text-check.ts';
import { composeMessage } from '#core/letters/message-model.ts';
import type { CitedCharges, CitedItem, Debtor, MessageModel, MessageStep } from '#core/letters/message-model.ts';
import { renderMessage } from '#core/letters/render.ts';
import type { RenderedMessage } from '#core/letters/render.ts';
import { compileTemplate } from '#core/letters/template.ts';
import { itemsAsOf } from '#server/ledger/store.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { CITED_KINDS, addressLines, citedCharges, readCreditor } from './message-facts.ts';

/** A text to be seen on somebody: a real customer, or a made-up one. */
export type PreviewOf = TextFor & { readonly customer: CustomerId | null; readonly today: Day; readonly formalNoticeDays: number };

/** How a text would read today. */
export type TextPreview = { readonly model: MessageModel; readonly rendered: RenderedMessage };

const refusal = (code: string, fr: string, en: string): Result<never, readonly Problem[]> => err([{ line: 0, severity: 'error', code: `letters.${code}`, message: { fr, en } }]);

/** A text as it would read today for a customer, in the text's language whatever the customer's; nothing is kept. Problems where a field is empty for it. */
export async function previewText(t: Tenant, of: PreviewOf): Promise<Result<TextPreview, readonly Problem[]>> {
  const template = compileTemplate(of.source);
  if (!template.ok) return template;
  const { creditor, country } = await readCreditor(t);
  const about = of.customer === null ? ok(madeUp(of)) : await realCustomer(t, { ...of, customer: of.customer, country });
  if (!about.ok) return about;
  const { debtor, items, charges } = about.value;
  const reference = creditorReference(debtor.code);
  const notice = of.standsFor === 'formalNotice';
  const model = composeMessage({
    creditor, debtor: { ...debtor, language: of.language }, items, charges, today: of.today, step: of.standsFor,
    deadline: notice ? addDays(of.today, of.formalNoticeDays) : null, reference: reference.ok ? reference.value : debtor.code,
    tone: of.variant === 'gentle' || of.variant === 'firm' ? of.variant : 'standard',
  });
  if (!model.ok) return model;
  const rendered = renderMessage(template.value, model.value);
  return rendered.ok ? ok({ model: model.value, rendered: rendered.value }) : rendered;
}

type About = { readonly debtor: Debtor; readonly items: readonly CitedItem[]; readonly charges: CitedCharges | null };

/** The made-up customer, with items as late as its message has them. */
function madeUp({ standsFor, variant, today }: PreviewOf): About {
  const late = LATENESS[standsFor];
  const items = EXAMPLE_ITEMS.map((item, index): CitedItem => ({
    ...item, issuedOn: addDays(today, -late - 30 - index), dueOn: addDays(today, -late - index), open: standsFor === 'thankYou' ? money(0n, 'EUR') : item.open,
  }));
  const charges = claimsCharges({ standsFor, variant }) ? { segments: [], indemnity: money(BigInt(items.length) * 4000n, 'EUR') } : null;
  return { debtor: { ...EXAMPLE_DEBTOR, kind: variant === 'consumer' ? 'consumer' : EXAMPLE_DEBTOR.kind }, items, charges };
}

/** Days late that each message is usually sent at. */
const LATENESS: Readonly<Record<MessageStep, number>> = { preDue: -3, reminder1: 7, reminder2: 15, reminder3: 30, formalNotice: 45, thankYou: 5 };

const claimsCharges = ({ standsFor, variant }: Pick<TextFor, 'standsFor' | 'variant'>): boolean => standsFor === 'formalNotice' && variant === 'standard';

type CustomerRow = {
  code: string; name: string; kind: Debtor['kind']; address: string[]; postal_code: string | null; city: string | null; country: string; contact_name: string | null;
};
type ItemRow = { item_id: string; document: string; kind: string; currency: Currency; issued_on: Day; due_on: Day; amount: string; open: string };

async function realCustomer(t: Tenant, of: PreviewOf & { readonly customer: CustomerId; readonly country: string }): Promise<Result<About, readonly Problem[]>> {
  const row = await t.one<CustomerRow>(t.sql`
    select c.code, c.name, c.kind, c.address, c.postal_code, c.city, c.country,
      (select k.name from ${t.from('contact')} k where k.customer_id = c.customer_id and k.removed_at is null order by k.contact_id limit 1) as contact_name
    from ${t.from('customer')} c where c.customer_id = ${of.customer}::bigint and c.voided_at is null`);
  if (row === null) return refusal('noCustomer', 'Ce client n’existe pas : choisissez-en un autre.', 'This customer does not exist: choose another one.');
  const items = await citable(t, of);
  const [first] = items;
  if (first === undefined) {
    return refusal('nothingToCite', `${row.name} n’a aucune pièce que ce message citerait aujourd’hui : choisissez un autre client.`, `${row.name} has no document that this message would cite today: choose another customer.`);
  }
  const charges = claimsCharges(of) ? await citedCharges(t, { itemIds: items.map(({ item_id }) => item_id), currency: first.currency }, of.today) : ok(null);
  if (!charges.ok) return err([charges.error]);
  return ok({
    debtor: { name: row.name, code: row.code, kind: of.variant === 'consumer' ? 'consumer' : row.kind, addressLines: addressLines(row, of.country), contactName: row.contact_name, language: of.language },
    items: items.map((item): CitedItem => ({
      document: item.document, kind: CITED_KINDS[item.kind] ?? 'other', issuedOn: item.issued_on, dueOn: item.due_on,
      amount: money(BigInt(item.amount), item.currency), open: money(of.standsFor === 'thankYou' ? 0n : BigInt(item.open), item.currency),
    })),
    charges: charges.value,
  });
}

/** Documents a preview cites: enough to see a table, few enough to read. */
const CITED_MAX = 50;

/** What the message would be about: what is late, before the due date what is not, in thanks what was paid; in the currency that most of it is in. */
async function citable(t: Tenant, { customer, standsFor, today }: { customer: CustomerId; standsFor: MessageStep; today: Day }): Promise<ItemRow[]> {
  const rows = await t.rows<ItemRow>(t.sql`
    select i.item_id, coalesce(i.document, i.label, i.item_id::text) as document, i.kind, i.currency, i.issued_on, i.due_on, i.amount, i.open
    from (${itemsAsOf(t, today)}) i
    where i.customer_id = ${customer}::bigint and i.side = 'debit' and i.due_on is not null
      and case ${standsFor} when 'thankYou' then i.open = 0 when 'preDue' then i.open > 0 and i.due_on >= ${today}::date else i.open > 0 and i.due_on < ${today}::date end
    order by i.due_on, i.item_id limit ${CITED_MAX}`);
  const counts = Map.groupBy(rows, ({ currency }) => currency);
  return [...counts.values()].sort((a, b) => b.length - a.length)[0] ?? [];
}
