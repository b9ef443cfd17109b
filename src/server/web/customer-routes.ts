import { z } from 'zod';
import type { WhyThenView } from '#core/api/customers.ts';
import { comparedWith } from '#core/dunning/explain-then.ts';
import { explainOn } from '#server/dunning/explain-then.ts';
import type { ExplainedThen } from '#server/dunning/explain-then.ts';
import { actorOf, sessionOf } from './access.ts';
import { todayOf } from './context.ts';
import type { WebContext } from './context.ts';
import { contactBody, customerBody, customerDetailSchema, customerPageSchema, customersQuery, decisionHistorySchema, whyThenSchema } from './contracts/customer-shapes.ts';
import { daySchema, doneSchema, idSchema } from './contracts/shapes.ts';
import { changeCustomer, removeContact, saveContact } from './customer-edit.ts';
import { readCustomer, readDecisions } from './customer-query.ts';
import { listCustomers } from './customers-query.ts';
import { invalid, notFound } from './refusal.ts';
import type { WebApp } from './web-app.ts';

const customerParams = z.object({ id: idSchema<'customer'>() });
const contactParams = z.object({ id: idSchema<'customer'>(), contact: idSchema<'contact'>() });
const snapshot = { isolation: 'repeatable read', readOnly: true } as const;

function contactRoutes(app: WebApp, web: WebContext): void {
  app.route({
    method: 'POST', url: '/api/customers/:id/contacts', config: { access: { signedIn: 'collector' } },
    schema: { params: customerParams, body: contactBody, response: { 200: doneSchema } },
    handler: async (request) => {
      const session = sessionOf(request);
      const by = { clock: web.clock, actor: actorOf(session) };
      await web.database.inTenant(session.organisation, (t) => saveContact(t, { customer: request.params.id, contact: null, change: request.body, by }));
      return { done: true } as const;
    },
  });
  app.route({
    method: 'PUT', url: '/api/customers/:id/contacts/:contact', config: { access: { signedIn: 'collector' } },
    schema: { params: contactParams, body: contactBody, response: { 200: doneSchema } },
    handler: async (request) => {
      const session = sessionOf(request);
      const { id, contact } = request.params;
      const by = { clock: web.clock, actor: actorOf(session) };
      await web.database.inTenant(session.organisation, (t) => saveContact(t, { customer: id, contact, change: request.body, by }));
      return { done: true } as const;
    },
  });
  app.route({
    method: 'DELETE', url: '/api/customers/:id/contacts/:contact', config: { access: { signedIn: 'collector' } },
    schema: { params: contactParams, response: { 200: doneSchema } },
    handler: async (request) => {
      const session = sessionOf(request);
      const { id, contact } = request.params;
      await web.database.inTenant(session.organisation, (t) => removeContact(t, { customer: id, contact, by: { clock: web.clock, actor: actorOf(session) } }));
      return { done: true } as const;
    },
  });
}

/** Customers: the list, one customer, its record and contacts, past decisions of an item. */
export function customerRoutes(app: WebApp, web: WebContext): void {
  app.route({
    method: 'GET', url: '/api/customers', config: { access: { signedIn: 'reader' } }, schema: { querystring: customersQuery, response: { 200: customerPageSchema } },
    handler: (request) => {
      const { after = null, currency = null, ...asked } = request.query;
      return web.database.inTenant(sessionOf(request).organisation, async (t) =>
        listCustomers(t, await todayOf(t, web.clock), { ...asked, after, currency }), snapshot);
    },
  });
  app.route({
    method: 'GET', url: '/api/customers/:id', config: { access: { signedIn: 'reader' } }, schema: { params: customerParams, response: { 200: customerDetailSchema } },
    handler: async (request) => {
      const found = await web.database.inTenant(sessionOf(request).organisation, async (t) =>
        readCustomer(t, request.params.id, await todayOf(t, web.clock)), snapshot);
      if (found === null) throw notFound('Ce client n’existe pas ou plus.', 'This customer does not exist or no longer does.');
      return found;
    },
  });
  app.route({
    method: 'PUT', url: '/api/customers/:id', config: { access: { signedIn: 'collector' } },
    schema: { params: customerParams, body: customerBody, response: { 200: z.object({ dueDaysMoved: z.number() }) } },
    handler: async (request) => {
      const session = sessionOf(request);
      const moved = await web.database.inTenant(session.organisation, (t) =>
        changeCustomer(t, { id: request.params.id, change: request.body, by: { clock: web.clock, actor: actorOf(session) } }));
      return { dueDaysMoved: moved };
    },
  });
  app.route({
    method: 'GET', url: '/api/items/:id/decisions', config: { access: { signedIn: 'reader' } },
    schema: { params: z.object({ id: idSchema<'item'>() }), response: { 200: decisionHistorySchema } },
    handler: (request) => web.database.inTenant(sessionOf(request).organisation, (t) => readDecisions(t, request.params.id), snapshot),
  });
  app.route({
    method: 'GET', url: '/api/items/:id/why', config: { access: { signedIn: 'reader' } },
    schema: { params: z.object({ id: idSchema<'item'>() }), querystring: z.object({ day: daySchema }), response: { 200: whyThenSchema } },
    handler: (request) => web.database.inTenant(sessionOf(request).organisation, async (t) => {
      const { day } = request.query;
      if (day > (await todayOf(t, web.clock))) throw invalid('why.day', 'Ce jour n’est pas encore passé : choisissez-en un d’avant.', 'That day is still to come: choose an earlier one.');
      const [told] = await explainOn(t, { itemId: request.params.id }, day);
      if (told === undefined) throw notFound('Cette pièce n’existe pas ou plus.', 'This document does not exist or no longer does.');
      return whyThenView(told);
    }, snapshot),
  });
  contactRoutes(app, web);
}

const whyThenView = ({ today, decision, text, recorded, same }: ExplainedThen): WhyThenView => ({
  today, acts: decision === null ? null : decision.do === 'act', reason: decision?.reason ?? null, step: decision?.step ?? null, text,
  recorded: recorded === null ? null : { acts: recorded.do === 'act', reason: recorded.reason, text: recorded.text }, same, compared: comparedWith(recorded, same),
});
