import type { ScenarioVersion } from '#core/dunning/scenario.ts';
import type { Currency } from '#core/kernel/currency.ts';
import { addDays } from '#core/kernel/day.ts';
import type { Day } from '#core/kernel/day.ts';
import type { ActionId, ItemId } from '#core/kernel/id.ts';
import { money } from '#core/kernel/money.ts';
import type { Problem } from '#core/kernel/problem.ts';
import { err, ok } from '#core/kernel/result.ts';
import type { Result } from '#core/kernel/result.ts';
import type { Language } from '#core/kernel/text.ts';
import { creditorReference } from '#core/kernel/creditor-reference.ts';
import type { ChargeSegment, CitedCharges, CitedItem, Creditor, Debtor, MessageFacts, MessageStep, Tone } from '#core/letters/message-model.ts';
import { chargesOf } from '#server/charges/charges-store.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { readFamilies } from './families-store.ts';

/** An action with all that its message is made from. */
export type ActionForMessage = {
  readonly actionId: ActionId;
  readonly channel: string;
  readonly templateCode: string;
  readonly tone: ScenarioVersion['steps'][number]['tone'];
  readonly formalNotice: boolean;
  readonly chargesAllowed: boolean;
  readonly currency: Currency;
  readonly customerId: string;
  readonly contactId: string | null;
  readonly recipient: string | null;
  /** What it would list, of an action that is only thought of; absent: what its rows list. */
  readonly imagined?: readonly { readonly itemId: ItemId; readonly amount: bigint }[];
};

type EntityRow = {
  name: string; legal_form: string | null; capital: string | null; siren: string | null; rcs_city: string | null; vat_number: string | null;
  address: string[]; postal_code: string | null; city: string | null; country: string; phone: string | null; email: string | null; iban: string | null;
  bic: string | null; signatory: string | null;
};

type CustomerRow = {
  action_id: ActionId; code: string; name: string; kind: Debtor['kind']; language: Language; address: string[]; postal_code: string | null; city: string | null;
  country: string; contact_name: string | null;
};

const refusal = (code: string, fr: string, en: string): Result<never, Problem[]> =>
  err([{ line: 0, severity: 'error', code: `letters.${code}`, message: { fr, en } }]);

/** Postal lines: street, postal code and city, and the country when it is not the sender's. */
export function addressLines(row: { address: string[]; postal_code: string | null; city: string | null; country: string }, homeCountry: string): string[] {
  const place = [row.postal_code, row.city].filter((part) => part !== null && part !== '').join(' ');
  return [...row.address, place, row.country === homeCountry ? '' : row.country].filter((line) => line !== '');
}

function creditorOf(row: EntityRow): Creditor {
  return {
    name: row.name, legalForm: row.legal_form, capital: row.capital, siren: row.siren, rcsCity: row.rcs_city, vatNumber: row.vat_number,
    legalMention: null, addressLines: addressLines(row, row.country), iban: row.iban, bic: row.bic, phone: row.phone, email: row.email,
    signatory: row.signatory === null ? null : { name: row.signatory, role: null },
  };
}

const TONES: Readonly<Record<ActionForMessage['tone'], Tone>> = { friendly: 'gentle', neutral: 'standard', firm: 'firm', formal: 'firm' };

/** The issuing entity as letters print it. */
export async function readCreditor(t: Tenant): Promise<{ creditor: Creditor; country: string }> {
  const row = await t.one<EntityRow>(t.sql`
    select e.name, e.legal_form, e.capital, e.siren, e.rcs_city, e.vat_number, e.address, e.postal_code, e.city, e.country, e.phone, e.email, e.iban,
      e.bic, e.signatory from ${t.from('entity')} e order by e.entity_id limit 1`);
  if (row === null) throw new Error('the organisation has no entity');
  return { creditor: creditorOf(row), country: row.country };
}

/** As of when, and with which deadline, messages are made. */
export type FactsAsked = { readonly today: Day; readonly formalNoticeDays: number };

/** Reads everything the messages of actions say, as of today, with the same few statements however many they are; amounts are what is open now. Problems where something needed is missing. */
export async function readMessageFacts(t: Tenant, actions: readonly ActionForMessage[], asked: FactsAsked): Promise<Map<ActionId, Result<MessageFacts, Problem[]>>> {
  const found = new Map<ActionId, Result<MessageFacts, Problem[]>>();
  if (actions.length === 0) return found;
  const creditor = await readCreditor(t);
  const customers = await readCustomers(t, actions);
  const items = await readItems(t, actions);
  const families = await readFamilies(t);
  for (const action of actions) {
    const customer = customers.get(action.actionId);
    if (customer === undefined) throw new Error('action of an unknown customer');
    found.set(action.actionId, await factsOf(t, action, { asked, ...creditor, customer, items: items.get(action.actionId) ?? [], step: families.get(action.templateCode)?.standsFor ?? null }));
  }
  return found;
}

type Read = { readonly asked: FactsAsked; readonly creditor: Creditor; readonly country: string; readonly customer: CustomerRow; readonly items: readonly ItemRow[]; readonly step: MessageStep | null };

async function factsOf(t: Tenant, action: ActionForMessage, read: Read): Promise<Result<MessageFacts, Problem[]>> {
  const { creditor, country, customer, asked, step } = read;
  if (step === null) {
    return refusal('noTemplate', `L'étape demande le modèle « ${action.templateCode} », qui n'existe pas : corrigez le scénario.`,
      `The step wants the template "${action.templateCode}", which does not exist: correct the scenario.`);
  }
  const charges = action.formalNotice && action.chargesAllowed ? await citedCharges(t, { itemIds: read.items.map(({ item_id }) => item_id), currency: action.currency }, asked.today) : ok(null);
  if (!charges.ok) return err([charges.error]);
  const reference = creditorReference(customer.code);
  return ok({
    creditor,
    debtor: {
      name: customer.name, code: customer.code, kind: customer.kind, addressLines: addressLines(customer, country),
      contactName: customer.contact_name, language: customer.language,
    },
    items: read.items.map((row) => citedItem(row, action.currency, step)), charges: charges.value, today: asked.today,
    deadline: action.formalNotice ? addDays(asked.today, asked.formalNoticeDays) : null,
    reference: reference.ok ? reference.value : customer.code, tone: TONES[action.tone], step,
  });
}

/** The customer and the contact of each action. */
async function readCustomers(t: Tenant, actions: readonly ActionForMessage[]): Promise<Map<ActionId, CustomerRow>> {
  const rows = await t.rows<CustomerRow>(t.sql`
    select n.action_id, c.code, c.name, c.kind, c.language, c.address, c.postal_code, c.city, c.country, k.name as contact_name
    from unnest(${actions.map((one) => one.actionId)}::bigint[], ${actions.map((one) => one.customerId)}::bigint[], ${actions.map((one) => one.contactId)}::bigint[])
      as n(action_id, customer_id, contact_id)
    join ${t.from('customer')} c on c.customer_id = n.customer_id left join ${t.from('contact')} k on k.contact_id = n.contact_id`);
  return new Map(rows.map((row) => [row.action_id, row]));
}

/** How messages name the kinds of items. */
export const CITED_KINDS: Readonly<Record<string, CitedItem['kind']>> = { invoice: 'invoice', deposit: 'deposit', debitNote: 'debitNote' };

type ItemRow = { action_id: ActionId; item_id: ItemId; document: string; kind: string; issued_on: Day; due_on: Day; amount: string; listed: string };

/** The items of each action, oldest first. */
async function readItems(t: Tenant, actions: readonly ActionForMessage[]): Promise<Map<ActionId, ItemRow[]>> {
  const stored = actions.filter(({ imagined }) => imagined === undefined).map((one) => one.actionId);
  const rows = stored.length === 0 ? [] : await t.rows<ItemRow>(t.sql`
    select x.action_id, x.item_id, coalesce(i.document, i.label, i.item_id::text) as document, i.kind, i.issued_on, i.due_on, i.amount, x.listed_amount as listed
    from ${t.from('action_item')} x join ${t.from('item')} i on i.item_id = x.item_id
    where x.action_id = any(${stored}::bigint[]) order by i.due_on, i.item_id`);
  const imagined = actions.flatMap((action) => (action.imagined ?? []).map((item) => ({ action: action.actionId, ...item })));
  if (imagined.length > 0) {
    rows.push(...(await t.rows<ItemRow>(t.sql`
      select n.action_id, i.item_id, coalesce(i.document, i.label, i.item_id::text) as document, i.kind, i.issued_on, i.due_on, i.amount, n.listed
      from unnest(${imagined.map(({ action }) => action)}::bigint[], ${imagined.map(({ itemId }) => itemId)}::bigint[], ${imagined.map(({ amount }) => String(amount))}::bigint[])
        as n(action_id, item_id, listed)
      join ${t.from('item')} i on i.item_id = n.item_id order by i.due_on, i.item_id`)));
  }
  return Map.groupBy(rows, (row) => row.action_id);
}

function citedItem(row: ItemRow, currency: Currency, step: MessageStep): CitedItem {
  // Thanks list what was paid; nothing of it is open.
  const open = step === 'thankYou' ? 0n : BigInt(row.listed);
  return {
    document: row.document, kind: CITED_KINDS[row.kind] ?? 'other', issuedOn: row.issued_on, dueOn: row.due_on,
    amount: money(BigInt(row.amount), currency), open: money(open, currency),
  };
}

/** The charges of items as a message cites them. */
export async function citedCharges(t: Tenant, { itemIds, currency }: { itemIds: readonly string[]; currency: Currency }, today: Day): Promise<Result<CitedCharges, Problem>> {
  const computed = await chargesOf(t, { itemIds }, today);
  if (!computed.ok) return computed;
  const segments = computed.value.flatMap(({ document, charges }) => charges.segments.map((part): ChargeSegment => ({
    document, from: addDays(part.from, -1), to: part.to, days: part.days, rate: part.rate, principal: part.principal, interest: part.interest,
  })));
  // The law sets the indemnity in euros; a claim in another currency cannot add it to its total and leaves it to a debit note.
  const indemnity = currency === 'EUR' ? computed.value.reduce((sum, { charges }) => sum + charges.indemnity.minor, 0n) : 0n;
  return ok({ segments, indemnity: money(indemnity, currency) });
}
