import { z } from 'zod';
import type { BounceNoted } from '#core/api/sending.ts';
import { readDeliveryReport } from '#core/channels/delivery-report.ts';
import { daysBetween } from '#core/kernel/day.ts';
import { parseRecipient } from '#core/kernel/email-address.ts';
import { liftBounces, recordBounces, recordReport } from '#server/channels/bounces/record-bounce.ts';
import { noteContact, refuseChannels, voidContact } from '#server/channels/contact-log.ts';
import { closeHalt } from '#server/channels/halts.ts';
import { changeSending } from '#server/dunning/change-sending.ts';
import type { By } from '#server/dunning/actions.ts';
import type { Session } from '#server/identity/sessions.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { actorOf, sessionOf } from './access.ts';
import { todayOf } from './context.ts';
import type { WebContext } from './context.ts';
import {
  bounceBody, bounceNotedSchema, bouncesSchema, contactMadeBody, contactMadeParams, contactNotedSchema, liftBody, reasonBody, refusalBody, refusalsSchema, sendingBody,
  sendingPageSchema, sendingSavedSchema,
} from './contracts/sending-shapes.ts';
import { doneSchema, idSchema } from './contracts/shapes.ts';
import { invalid, notFound, Refusal } from './refusal.ts';
import { listBounces, listRefusals, readSendingPage } from './sending-query.ts';
import type { WebApp } from './web-app.ts';

/** A contact is noted in the days after it, not months later: it counts from its own day on. */
const NOTED_LATE_DAYS_MAX = 366;

/** Does something in the session's organisation, in the person's name. */
const doing = <T>(web: WebContext, session: Session, work: (t: Tenant, by: By) => Promise<T>): Promise<T> =>
  web.database.inTenant(session.organisation, (t) => work(t, { clock: web.clock, actor: actorOf(session) }));

async function noteBounce(t: Tenant, body: z.output<typeof bounceBody>, by: By): Promise<BounceNoted> {
  if ('report' in body) {
    const report = readDeliveryReport(body.report);
    if (!report.ok) throw new Refusal(422, 'bounces.report', report.error);
    const taken = await recordReport(t, by, report.value);
    if (taken.known) return { bounces: taken.bounces, contacts: taken.contacts, halted: taken.halted };
    throw new Refusal(422, 'bounces.unknown', {
      fr: 'Cet avis ne porte sur aucun message parti d’ici vers cette adresse : rien n’en est noté. S’il dit vrai, notez l’adresse à la main.',
      en: 'This report is about no message that left from here to this address: nothing of it was noted. If it is right, note the address by hand.',
    });
  }
  const address = parseRecipient(body.address);
  if (!address.ok) throw new Refusal(422, 'bounces.address', address.error.message);
  const noted = await recordBounces(t, by, [{ action: null, address: address.value, kind: body.kind, status: null, diagnostic: body.note, source: 'person' }]);
  return { bounces: noted.bounces, contacts: noted.contacts, halted: noted.halted };
}

function settingRoutes(app: WebApp, web: WebContext): void {
  app.route({
    method: 'GET', url: '/api/sending', config: { access: { signedIn: 'reader' } }, schema: { response: { 200: sendingPageSchema } },
    handler: (request) => web.database.inTenant(sessionOf(request).organisation, async (t) => readSendingPage(t, await todayOf(t, web.clock)), { isolation: 'repeatable read', readOnly: true }),
  });
  app.route({
    method: 'PUT', url: '/api/sending', config: { access: { signedIn: 'owner' } }, schema: { body: sendingBody, response: { 200: sendingSavedSchema } },
    handler: (request) => doing(web, sessionOf(request), (t, by) => changeSending(t, request.body, by)),
  });
  app.route({
    method: 'POST', url: '/api/sending/resume', config: { access: { signedIn: 'owner' } }, schema: { body: reasonBody, response: { 200: doneSchema } },
    handler: async (request) => {
      const closed = await doing(web, sessionOf(request), (t, by) => closeHalt(t, { reason: request.body.reason, by }));
      if (!closed) throw notFound('L’envoi des e-mails n’est pas arrêté.', 'E-mail is not stopped.');
      return { done: true } as const;
    },
  });
}

function bounceRoutes(app: WebApp, web: WebContext): void {
  app.route({
    method: 'GET', url: '/api/bounces', config: { access: { signedIn: 'reader' } }, schema: { response: { 200: bouncesSchema } },
    handler: (request) => web.database.inTenant(sessionOf(request).organisation, listBounces, { readOnly: true }),
  });
  app.route({
    method: 'POST', url: '/api/bounces', config: { access: { signedIn: 'collector' } }, schema: { body: bounceBody, response: { 200: bounceNotedSchema } },
    handler: (request) => doing(web, sessionOf(request), (t, by) => noteBounce(t, request.body, by)),
  });
  app.route({
    method: 'POST', url: '/api/bounces/lift', config: { access: { signedIn: 'collector' } }, schema: { body: liftBody, response: { 200: doneSchema } },
    handler: async (request) => {
      const lifted = await doing(web, sessionOf(request), (t, by) => liftBounces(t, { ...request.body, by }));
      if (lifted === 0) throw notFound('Aucun retour n’est noté pour cette adresse.', 'Nothing came back from this address.');
      return { done: true } as const;
    },
  });
}

function contactRoutes(app: WebApp, web: WebContext): void {
  app.route({
    method: 'POST', url: '/api/customers/:id/contacts-made', config: { access: { signedIn: 'collector' } },
    schema: { params: z.object({ id: idSchema<'customer'>() }), body: contactMadeBody, response: { 200: contactNotedSchema } },
    handler: (request) => doing(web, sessionOf(request), async (t, by) => {
      const today = await todayOf(t, web.clock);
      const { on } = request.body;
      const late = daysBetween(on, today);
      if (late < 0 || late > NOTED_LATE_DAYS_MAX) throw invalid('contactMade.on', 'Le jour du contact est à venir, ou remonte à plus d’un an : corrigez-le.', 'The day of the contact is to come, or more than a year ago: correct it.');
      const noted = await noteContact(t, { customer: request.params.id, ...request.body }, { by, today });
      if (noted === null) throw notFound('Ce client n’existe pas ou plus.', 'This customer does not exist or no longer does.');
      return { ...noted, overBudget: noted.contactsMax !== null && noted.contacts > noted.contactsMax };
    }),
  });
  app.route({
    method: 'DELETE', url: '/api/customers/:id/contacts-made/:made', config: { access: { signedIn: 'collector' } },
    schema: { params: contactMadeParams, response: { 200: doneSchema } },
    handler: async (request) => {
      const voided = await doing(web, sessionOf(request), (t, by) => voidContact(t, { customer: request.params.id, id: request.params.made, by }));
      if (!voided) throw notFound('Ce contact n’est pas noté, ou ne l’est plus.', 'This contact is not noted, or no longer is.');
      return { done: true } as const;
    },
  });
  app.route({
    method: 'GET', url: '/api/refusals', config: { access: { signedIn: 'reader' } }, schema: { response: { 200: refusalsSchema } },
    handler: (request) => web.database.inTenant(sessionOf(request).organisation, listRefusals, { readOnly: true }),
  });
  app.route({
    method: 'PUT', url: '/api/customers/:id/contacts/:contact/refusals', config: { access: { signedIn: 'collector' } },
    schema: { params: z.object({ id: idSchema<'customer'>(), contact: idSchema<'contact'>() }), body: refusalBody, response: { 200: doneSchema } },
    handler: async (request) => {
      const { id, contact } = request.params;
      const found = await doing(web, sessionOf(request), (t, by) => refuseChannels(t, { customer: id, contact, channels: request.body.channels, by }));
      if (!found) throw notFound('Ce contact n’existe plus.', 'This contact no longer exists.');
      return { done: true } as const;
    },
  });
}

/** How messages are sent: settings, the breaker, what came back, contacts made by hand, channels refused. Nothing here changes by GET. */
export function sendingRoutes(app: WebApp, web: WebContext): void {
  settingRoutes(app, web);
  bounceRoutes(app, web);
  contactRoutes(app, web);
}
