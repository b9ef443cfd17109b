import { z } from 'zod';
import type { Currency } from '#core/kernel/currency.ts';
import type { CustomerId, ItemId } from '#core/kernel/id.ts';
import { currencyDigits } from '#core/kernel/currency.ts';
import { addDays } from '#core/kernel/day.ts';
import type { Day } from '#core/kernel/day.ts';
import { parseDecimal } from '#core/kernel/money.ts';
import { DISPUTE_DEADLINE_DAYS } from '#core/holds/dispute-reasons.ts';
import { pageOfHolds } from '#server/holds/hold-list.ts';
import type { HoldFilter } from '#server/holds/hold-list.ts';
import { addHold, endHold } from '#server/holds/holds.ts';
import type { NewHold } from '#server/holds/holds.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { actorOf, sessionOf } from './access.ts';
import { todayOf } from './context.ts';
import type { WebContext } from './context.ts';
import { endHoldBody, holdBody } from './contracts/customer-shapes.ts';
import { disputeStatisticsSchema, holdDetailSchema, holdPageSchema, holdsQuery, madeSchema, newHoldBody, statisticsQuery } from './contracts/hold-shapes.ts';
import { doneSchema, idSchema } from './contracts/shapes.ts';
import { holdPartRoutes, typedAmount } from './hold-part-routes.ts';
import { countDisputes, readHold, summaryOf } from './hold-query.ts';
import { planRoutes } from './plan-routes.ts';
import { invalid, notFound } from './refusal.ts';
import type { WebApp } from './web-app.ts';

type HoldBody = z.output<typeof holdBody>;
type NewHoldBody = z.output<typeof newHoldBody>;

/** Days back from which disputes that ended are counted when nobody says: a year. */
const STATISTICS_DAYS = 365;

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

/** The items a promise covers: debits of this customer in one currency. */
async function promisedOn(t: Tenant, customer: CustomerId, items: readonly ItemId[]): Promise<Currency> {
  const rows = await t.rows<{ currency: Currency; count: number }>(t.sql`
    select i.currency, count(*)::int as count from ${t.from('item')} i
    where i.item_id = any(${items}::bigint[]) and i.customer_id = ${customer}::bigint and i.side = 'debit' and i.voided_at is null group by i.currency`);
  const [first] = rows;
  if (first === undefined || rows.length > 1 || first.count !== new Set(items).size) {
    throw invalid('hold.items', 'Choisissez des factures de ce client, dans une seule monnaie.', 'Choose invoices of this customer, in one currency.');
  }
  return first.currency;
}

/** What a person entered of one kind, checked against what it is about. */
async function enteredHold(t: Tenant, body: NewHoldBody, today: Day): Promise<NewHold> {
  const { customerId, note } = body;
  const from = body.from ?? today;
  const base = { customerId, itemId: null, reason: null, amount: null, until: null, from, note };
  switch (body.kind) {
    case 'promise': {
      const { currency } = await aboutOf(t, customerId, null);
      const of = body.items === null ? currency : await promisedOn(t, customerId, body.items);
      const [only] = body.items ?? [];
      if (body.until < from) throw invalid('hold.until', 'Le jour promis ne peut pas précéder la promesse.', 'The promised day cannot be before the promise.');
      return {
        ...base, kind: 'promise', until: body.until, amount: typedAmount(body.amount, of), currency: of, graceDays: body.graceDays, promisedBy: body.by, channel: body.channel,
        ...(body.items !== null && body.items.length > 1 ? { items: body.items } : { itemId: only ?? null }),
      };
    }
    case 'dispute': {
      const { currency, open } = await aboutOf(t, customerId, body.itemId);
      const amount = typedAmount(body.amount, currency);
      if (amount !== null && open !== null && amount > open) throw invalid('hold.amount', 'Le montant en litige dépasse ce qui reste dû de la pièce.', 'The disputed amount exceeds what is open of the document.');
      return {
        ...base, kind: 'dispute', itemId: body.itemId, reason: body.reason, amount, owner: { name: body.ownerName, email: body.ownerEmail }, deadlineOn: body.deadline ?? addDays(from, DISPUTE_DEADLINE_DAYS),
      };
    }
    case 'pause':
      await aboutOf(t, customerId, body.itemId);
      if (body.until < from) throw invalid('hold.until', 'La fin ne peut pas précéder le début.', 'The end cannot be before the beginning.');
      return { ...base, kind: 'pause', itemId: body.itemId, until: body.until, reason: body.reason };
    case 'insolvency':
      await aboutOf(t, customerId, null);
      return { ...base, kind: 'insolvency', reason: body.reason, publishedOn: body.publishedOn };
  }
}

function filterOf(query: z.output<typeof holdsQuery>): HoldFilter {
  const { kind, state, customer, owner, withoutOwner, agedDaysMin, all, before } = query;
  return {
    inForce: all === 'false', ...(kind === undefined ? {} : { kind }), ...(state === undefined ? {} : { state }), ...(customer === undefined ? {} : { customerId: customer }), ...(before === undefined ? {} : { before }),
    ...(agedDaysMin === undefined ? {} : { agedDaysMin }), ...(withoutOwner === 'true' ? { owner: 'none' as const } : owner === undefined ? {} : { owner: { like: owner } }),
  };
}

function readingRoutes(app: WebApp, web: WebContext): void {
  const reading = { isolation: 'repeatable read', readOnly: true } as const;
  app.route({
    method: 'GET', url: '/api/holds', config: { access: { signedIn: 'reader' } }, schema: { querystring: holdsQuery, response: { 200: holdPageSchema } },
    handler: (request) => web.database.inTenant(sessionOf(request).organisation, async (t) => {
      const today = await todayOf(t, web.clock);
      const { holds, more } = await pageOfHolds(t, filterOf(request.query), today);
      return { rows: holds.map((hold) => summaryOf(hold, today)), next: more ? (holds.at(-1)?.hold.holdId ?? null) : null };
    }, reading),
  });
  app.route({
    method: 'GET', url: '/api/holds/:id', config: { access: { signedIn: 'reader' } }, schema: { params: z.object({ id: idSchema<'hold'>() }), response: { 200: holdDetailSchema } },
    handler: (request) => web.database.inTenant(sessionOf(request).organisation, async (t) => {
      const found = await readHold(t, request.params.id, await todayOf(t, web.clock));
      if (found === null) throw notFound('Cette suspension n’existe pas ou plus.', 'This hold does not exist or no longer does.');
      return found;
    }, reading),
  });
  app.route({
    method: 'GET', url: '/api/disputes/statistics', config: { access: { signedIn: 'reader' } }, schema: { querystring: statisticsQuery, response: { 200: disputeStatisticsSchema } },
    handler: (request) => web.database.inTenant(sessionOf(request).organisation, async (t) => {
      const today = await todayOf(t, web.clock);
      return countDisputes(t, { by: request.query.by, since: request.query.since ?? addDays(today, -STATISTICS_DAYS), today });
    }, reading),
  });
}

/** Holds: listed, counted, read, entered and ended by a person; disputes, plans and what is joined to them. */
export function holdRoutes(app: WebApp, web: WebContext): void {
  readingRoutes(app, web);
  holdPartRoutes(app, web);
  planRoutes(app, web);
  app.route({
    method: 'POST', url: '/api/holds', config: { access: { signedIn: 'collector' } }, schema: { body: newHoldBody, response: { 201: madeSchema } },
    handler: async (request, reply) => {
      const session = sessionOf(request);
      const id = await web.database.inTenant(session.organisation, async (t) =>
        addHold(t, await enteredHold(t, request.body, await todayOf(t, web.clock)), { clock: web.clock, actor: actorOf(session) }));
      return reply.code(201).send({ id });
    },
  });
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
