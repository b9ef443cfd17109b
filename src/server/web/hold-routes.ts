import { z } from 'zod';
import type { Currency } from '#core/kernel/currency.ts';
import type { CustomerId, ItemId } from '#core/kernel/id.ts';
import { addDays } from '#core/kernel/day.ts';
import type { Day } from '#core/kernel/day.ts';
import { decimal, money } from '#core/kernel/money.ts';
import { DISPUTE_DEADLINE_DAYS, DISPUTE_FAMILIES, DISPUTE_REASONS, disputeFamily } from '#core/holds/dispute-reasons.ts';
import type { DisputeReason } from '#core/holds/dispute-reasons.ts';
import { holdProblem } from '#core/holds/hold-problems.ts';
import { pageOfHolds, sumHolds } from '#server/holds/hold-list.ts';
import type { HoldFilter } from '#server/holds/hold-list.ts';
import { addHold, endHold } from '#server/holds/holds.ts';
import type { NewHold } from '#server/holds/holds.ts';
import { resumeHold } from '#server/holds/resume-hold.ts';
import { memberNames, readUser } from '#server/identity/users.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { actorOf, sessionOf } from './access.ts';
import { todayOf } from './context.ts';
import type { WebContext } from './context.ts';
import { disputeStatisticsSchema, endHoldBody, holdDetailSchema, holdPageSchema, holdsQuery, madeSchema, newHoldBody, statisticsQuery } from './contracts/hold-shapes.ts';
import { doneSchema, idSchema } from './contracts/shapes.ts';
import { holdPartRoutes, refusalOf, taken, typedAmount } from './hold-part-routes.ts';
import { countDisputes, readHold, summaryOf, totalsView } from './hold-query.ts';
import { planRoutes } from './plan-routes.ts';
import { invalid, notFound } from './refusal.ts';
import type { WebApp } from './web-app.ts';

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

/** What a promise covers: debits of this customer in one currency, and what is open of them. */
async function promisedOn(t: Tenant, customer: CustomerId, items: readonly ItemId[]): Promise<{ currency: Currency; open: bigint }> {
  const rows = await t.rows<{ currency: Currency; count: number; open: string }>(t.sql`
    select i.currency, count(*)::int as count, sum(i.amount - i.allocated)::text as open from ${t.from('item')} i
    where i.item_id = any(${items}::bigint[]) and i.customer_id = ${customer}::bigint and i.side = 'debit' and i.voided_at is null group by i.currency`);
  const [first] = rows;
  if (first === undefined || rows.length > 1 || first.count !== new Set(items).size) {
    throw invalid('hold.items', 'Choisissez des factures de ce client, dans une seule monnaie.', 'Choose invoices of this customer, in one currency.');
  }
  return { currency: first.currency, open: BigInt(first.open) };
}

/** What a person entered of one kind, checked against what it is about. */
async function enteredHold(t: Tenant, body: NewHoldBody, today: Day): Promise<NewHold> {
  const { customerId, note } = body;
  const from = body.from ?? today;
  const base = { customerId, itemId: null, reason: null, amount: null, until: null, from, note };
  switch (body.kind) {
    case 'promise': {
      const about = await aboutOf(t, customerId, null);
      const of = body.items === null ? { currency: body.currency ?? about.currency, open: null } : await promisedOn(t, customerId, body.items);
      const [only] = body.items ?? [];
      const amount = typedAmount(body.amount, of.currency);
      if (body.until < from) throw invalid('hold.until', 'Le jour promis ne peut pas précéder la promesse.', 'The promised day cannot be before the promise.');
      if (amount !== null && of.open !== null && amount > of.open) throw refusalOf(holdProblem('promiseTooMuch', { open: decimal(money(of.open, of.currency)) }));
      return {
        ...base, kind: 'promise', until: body.until, amount, currency: of.currency, graceDays: body.graceDays, promisedBy: body.by, channel: body.channel,
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
      if (from > today) throw refusalOf(holdProblem('judgmentToCome', {}));
      if (body.publishedOn !== null && body.publishedOn < from) throw refusalOf(holdProblem('publishedBefore', {}));
      return { ...base, kind: 'insolvency', court: body.court, publishedOn: body.publishedOn };
  }
}

/** A family of reasons stands for each of its codes too. */
const reasonsLike = (asked: DisputeReason): readonly string[] =>
  (DISPUTE_FAMILIES.some((family) => family === asked) ? DISPUTE_REASONS.filter((code) => disputeFamily(code) === asked) : [asked]);

function filterOf(query: z.output<typeof holdsQuery>, me: HoldFilter['ownedBy']): HoldFilter {
  const { kind, state, customer, owner, withoutOwner, agedDaysMin, all, before, reason, late, mine, oldestFirst } = query;
  return {
    inForce: all === 'false', late: late === 'true', oldestFirst: oldestFirst === 'true', ...(kind === undefined ? {} : { kinds: kind }), ...(state === undefined ? {} : { states: state }),
    ...(customer === undefined ? {} : { customerId: customer }), ...(before === undefined ? {} : { before }), ...(reason === undefined ? {} : { reasons: reasonsLike(reason) }),
    ...(agedDaysMin === undefined ? {} : { agedDaysMin }), ...(withoutOwner === 'true' ? { owner: 'none' as const } : owner === undefined ? {} : { owner: { like: owner } }),
    ...(mine === 'true' && me !== undefined ? { ownedBy: me } : {}),
  };
}

function readingRoutes(app: WebApp, web: WebContext): void {
  const reading = { isolation: 'repeatable read', readOnly: true } as const;
  app.route({
    method: 'GET', url: '/api/holds', config: { access: { signedIn: 'reader' } }, schema: { querystring: holdsQuery, response: { 200: holdPageSchema } },
    handler: async (request) => {
      const session = sessionOf(request);
      const names = await memberNames(web.database, session.organisation);
      const filter = filterOf(request.query, await readUser(web.database, session.user));
      return web.database.inTenant(session.organisation, async (t) => {
        const today = await todayOf(t, web.clock);
        const { holds, more } = await pageOfHolds(t, filter, today);
        return { rows: holds.map((hold) => summaryOf(hold, today, names)), next: more ? (holds.at(-1)?.hold.holdId ?? null) : null, totals: totalsView(await sumHolds(t, filter, today)) };
      }, reading);
    },
  });
  app.route({
    method: 'GET', url: '/api/holds/:id', config: { access: { signedIn: 'reader' } }, schema: { params: z.object({ id: idSchema<'hold'>() }), response: { 200: holdDetailSchema } },
    handler: async (request) => {
      const { organisation } = sessionOf(request);
      const names = await memberNames(web.database, organisation);
      const found = await web.database.inTenant(organisation, async (t) => readHold(t, request.params.id, { today: await todayOf(t, web.clock), names }), reading);
      if (found === null) throw notFound('Cette suspension n’existe pas ou plus.', 'This hold does not exist or no longer does.');
      return found;
    },
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
  app.route({
    method: 'POST', url: '/api/holds/:id/resume', config: { access: { signedIn: 'collector' } }, schema: { params: z.object({ id: idSchema<'hold'>() }), response: { 200: doneSchema } },
    handler: async (request) => {
      const session = sessionOf(request);
      taken(await web.database.inTenant(session.organisation, async (t) =>
        resumeHold(t, request.params.id, { today: await todayOf(t, web.clock), by: { clock: web.clock, actor: actorOf(session) } })));
      return { done: true } as const;
    },
  });
}
