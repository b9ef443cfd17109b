import { addDays } from '#core/kernel/day.ts';
import type { Day } from '#core/kernel/day.ts';
import type { CustomerId, ItemId } from '#core/kernel/id.ts';
import type { Company } from '#sim/company.ts';
import type { CompanyEvent } from '#sim/event.ts';
import { addHold } from '#server/holds/holds.ts';
import type { NewHold } from '#server/holds/holds.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import type { SampleOptions } from './sample.ts';

/** Days a promise entered on a sample runs, and a pause. */
const PROMISED_IN_DAYS = 6;
const PAUSED_FOR_DAYS = 15;
/** Promises still shown after their day, as broken ones. */
const BROKEN_SHOWN_DAYS = 20;

type OpenItem = { item_id: ItemId; customer_id: CustomerId; customer: string; document: string; due_on: Day };

/** Enters what the company's life says of disputes, promises and insolvencies, and makes sure that a dispute, a promise and a pause can be seen. */
export async function addSampleHolds(t: Tenant, company: Company, options: Pick<SampleOptions, 'clock' | 'today' | 'actor'>): Promise<void> {
  const { today } = options;
  const overdue = await t.rows<OpenItem>(t.sql`
    select i.item_id, i.customer_id, c.code as customer, i.document, i.due_on from ${t.from('item')} i join ${t.from('customer')} c on c.customer_id = i.customer_id
    where i.side = 'debit' and i.voided_at is null and i.allocated < i.amount and i.document is not null
    order by i.due_on, i.item_id`);
  const held = new Set<string>();
  const kinds = new Set<NewHold['kind']>();
  const add = async (hold: NewHold): Promise<void> => {
    const key = `${hold.customerId} ${hold.itemId ?? ''}`;
    if (held.has(key)) return;
    held.add(key);
    kinds.add(hold.kind);
    await addHold(t, hold, options);
  };
  for (const hold of lived(company, overdue, today)) await add(hold);
  const late = overdue.filter((item) => item.due_on < today && !held.has(`${item.customer_id} ${item.item_id}`));
  const missing = shown(today).filter((hold) => !kinds.has(hold.kind));
  for (const [index, hold] of missing.entries()) {
    // Well apart in the list, so that they do not fall on one customer.
    const item = late[Math.floor(((index + 1) * late.length) / (missing.length + 1))];
    if (item !== undefined) await add({ ...hold, customerId: item.customer_id, itemId: hold.kind === 'pause' ? null : item.item_id });
  }
}

const base = { reason: null, amount: null, until: null, note: null } as const;

/** Holds of which every sample shows at least one. */
const shown = (today: Day): Omit<NewHold, 'customerId' | 'itemId'>[] => [
  { ...base, kind: 'dispute', reason: 'quality', from: addDays(today, -9), note: 'Deux articles livrés ne correspondent pas au devis.' },
  { ...base, kind: 'promise', from: addDays(today, -2), until: addDays(today, PROMISED_IN_DAYS), note: 'Virement annoncé par téléphone.' },
  { ...base, kind: 'pause', reason: 'commercial', from: addDays(today, -4), until: addDays(today, PAUSED_FOR_DAYS), note: 'Renégociation du contrat en cours.' },
];

/** Holds in force today according to the company's own life, on items that are still open. */
function lived(company: Company, open: readonly OpenItem[], today: Day): NewHold[] {
  const byDocument = new Map(open.map((item) => [item.document, item]));
  const byCustomer = new Map(open.map((item) => [item.customer, item.customer_id]));
  return [...company].flatMap((event): NewHold[] => {
    const hold = holdOf(event, today);
    if (hold === null) return [];
    if (event.kind === 'insolvent') {
      const customerId = byCustomer.get(event.customer.code);
      return customerId === undefined ? [] : [{ ...hold, customerId, itemId: null }];
    }
    const item = 'about' in event && typeof event.about === 'string' ? byDocument.get(event.about) : undefined;
    return item === undefined ? [] : [{ ...hold, customerId: item.customer_id, itemId: item.item_id }];
  });
}

function holdOf(event: CompanyEvent, today: Day): Omit<NewHold, 'customerId' | 'itemId'> | null {
  switch (event.kind) {
    case 'disputed':
      return event.until >= today ? { ...base, kind: 'dispute', reason: event.reason, from: event.on } : null;
    case 'promised':
      return event.by >= addDays(today, -BROKEN_SHOWN_DAYS) ? { ...base, kind: 'promise', from: event.on, until: event.by } : null;
    case 'insolvent':
      return { ...base, kind: 'insolvency', reason: 'Redressement judiciaire', from: event.on };
    case 'issued': case 'received': case 'returned': case 'lettered':
      return null;
  }
}
