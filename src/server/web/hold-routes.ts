import { z } from 'zod';
import type { Currency } from '#core/kernel/currency.ts';
import type { CustomerId, ItemId } from '#core/kernel/id.ts';
import { currencyDigits } from '#core/kernel/currency.ts';
import { parseDecimal } from '#core/kernel/money.ts';
import { addHold, endHold } from '#server/holds/holds.ts';
import type { NewHold } from '#server/holds/holds.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { actorOf, sessionOf } from './access.ts';
import { todayOf } from './context.ts';
import type { WebContext } from './context.ts';
import { endHoldBody, holdBody } from './contracts/customer-shapes.ts';
import { doneSchema, idSchema } from './contracts/shapes.ts';
import { invalid, notFound } from './refusal.ts';
import type { WebApp } from './web-app.ts';

type HoldBody = z.output<typeof holdBody>;

/** Currency and open amount of what a hold is about: the item, or the customer's account in its main currency. */
async function aboutOf(t: Tenant, customer: CustomerId, itemId: ItemId | null): Promise<{ currency: Currency; open: bigint | null }> {
  const known = await t.one(t.sql`select c.customer_id from ${t.from('customer')} c where c.customer_id = ${customer}::bigint and c.voided_at is null`);
  if (known === null) throw notFound('Ce client n’existe pas ou plus.', 'This customer does not exist or no longer does.');
  if (itemId === null) {
    const main = await t.one<{ currency: Currency }>(t.sql`
      select i.currency from ${t.from('item')} i where i.customer_id = ${customer}::bigint and i.voided_at is null and i.allocated < i.amount
      group by i.currency order by count(*) desc, i.currency limit 1`);
    return { currency: main?.currency ?? 'EUR', open: null };
  }
  const item = await t.one<{ currency: Currency; open: string }>(t.sql`
    select i.currency, i.amount - i.allocated as open from ${t.from('item')} i
    where i.item_id = ${itemId}::bigint and i.customer_id = ${customer}::bigint and i.side = 'debit' and i.voided_at is null`);
  if (item === null) throw notFound('Cette pièce n’est pas une facture de ce client.', 'This document is not an invoice of this customer.');
  return { currency: item.currency, open: BigInt(item.open) };
}

/** Checks what a person entered against what it is about. */
async function checkedHold(t: Tenant, customerId: CustomerId, body: HoldBody): Promise<NewHold> {
  const { itemId, kind, from, until, reason, note } = body;
  const about = await aboutOf(t, customerId, itemId);
  const amount = body.amount === null || body.amount === '' ? null : parseDecimal(body.amount, about.currency);
  if (body.amount !== null && body.amount !== '' && (amount === null || amount.minor <= 0n)) {
    throw invalid('hold.amount', `Le montant doit être positif, avec au plus ${currencyDigits(about.currency)} décimales.`, `The amount must be positive, with at most ${currencyDigits(about.currency)} decimals.`);
  }
  if (kind === 'dispute' && amount !== null && about.open !== null && amount.minor > about.open) {
    throw invalid('hold.amount', 'Le montant en litige dépasse ce qui reste dû de la pièce.', 'The disputed amount exceeds what is open of the document.');
  }
  if (kind === 'promise' && until === null) throw invalid('hold.until', 'Une promesse a un jour : indiquez-le.', 'A promise has a day: give it.');
  if (until !== null && until < from) throw invalid('hold.until', 'La fin ne peut pas précéder le début.', 'The end cannot be before the beginning.');
  return { customerId, itemId, kind, reason, amount: amount?.minor ?? null, from, until, note };
}

/** Pauses, disputes, promises and insolvencies of a customer: entered and ended by a person. */
export function holdRoutes(app: WebApp, web: WebContext): void {
  app.route({
    method: 'POST', url: '/api/customers/:id/holds', config: { access: { signedIn: 'collector' } },
    schema: { params: z.object({ id: idSchema<'customer'>() }), body: holdBody, response: { 200: doneSchema } },
    handler: async (request) => {
      const session = sessionOf(request);
      await web.database.inTenant(session.organisation, async (t) =>
        addHold(t, await checkedHold(t, request.params.id, request.body), { clock: web.clock, actor: actorOf(session) }));
      return { done: true } as const;
    },
  });
  app.route({
    method: 'POST', url: '/api/holds/:id/end', config: { access: { signedIn: 'collector' } },
    schema: { params: z.object({ id: idSchema<'hold'>() }), body: endHoldBody, response: { 200: doneSchema } },
    handler: async (request) => {
      const session = sessionOf(request);
      const ended = await web.database.inTenant(session.organisation, async (t) =>
        endHold(t, request.params.id, { on: await todayOf(t, web.clock), reason: request.body.reason, by: { clock: web.clock, actor: actorOf(session) } }));
      if (!ended) throw notFound('Cette suspension n’est plus en cours.', 'This hold is no longer in force.');
      return { done: true } as const;
    },
  });
}
