import { z } from 'zod';
import { decimal, money } from '#core/kernel/money.ts';
import { acceptPlan, addPlan, plannableItems, previewPlan } from '#server/holds/plans.ts';
import { planPdf } from '#server/letters/plan-schedule.ts';
import { actorOf, sessionOf } from './access.ts';
import { sendAttachment } from './attachment.ts';
import { todayOf } from './context.ts';
import type { WebContext } from './context.ts';
import { acceptBody, madeSchema, planBody, planPreviewSchema, previewBody, scheduleQuery } from './contracts/hold-shapes.ts';
import { doneSchema, idSchema } from './contracts/shapes.ts';
import { taken, typedAmount } from './hold-part-routes.ts';
import type { WebApp } from './web-app.ts';

const holdParams = z.object({ id: idSchema<'hold'>() });

/** Payment plans: looked at before anything is kept, proposed or agreed, put in the place of another, printed to be signed. */
export function planRoutes(app: WebApp, web: WebContext): void {
  app.route({
    method: 'POST', url: '/api/plans/preview', config: { access: { signedIn: 'collector' } }, schema: { body: previewBody, response: { 200: planPreviewSchema } },
    handler: async (request) => {
      const built = taken(await web.database.inTenant(sessionOf(request).organisation, (t) => previewPlan(t, request.body)));
      return {
        currency: built.currency, total: decimal(money(built.total, built.currency)), instalments: built.instalments.map(({ dueOn, minor }) => ({ dueOn, amount: decimal(money(minor, built.currency)) })),
      };
    },
  });
  app.route({
    method: 'POST', url: '/api/plans', config: { access: { signedIn: 'collector' } }, schema: { body: planBody, response: { 201: madeSchema } },
    handler: async (request, reply) => {
      const session = sessionOf(request);
      const { body } = request;
      // A refusal is thrown inside the transaction: the plan that was to be replaced goes on.
      const id = await web.database.inTenant(session.organisation, async (t) => {
        const { currency } = taken(await plannableItems(t, body.customerId, body.items));
        return taken(await addPlan(t, {
          customerId: body.customerId, items: body.items, instalments: body.instalments.map(({ dueOn, amount }) => ({ dueOn, minor: typedAmount(amount, currency) ?? 0n })), from: await todayOf(t, web.clock),
          graceDays: body.graceDays, acceptedBy: body.acceptedBy, note: body.note, ...(body.replaces === null ? {} : { replaces: body.replaces }),
        }, { clock: web.clock, actor: actorOf(session) }));
      });
      return reply.code(201).send({ id });
    },
  });
  app.route({
    method: 'POST', url: '/api/plans/:id/accept', config: { access: { signedIn: 'collector' } }, schema: { params: holdParams, body: acceptBody, response: { 200: doneSchema } },
    handler: async (request) => {
      const session = sessionOf(request);
      await web.database.inTenant(session.organisation, async (t) => taken(await acceptPlan(t, request.params.id, {
        on: await todayOf(t, web.clock), acceptedBy: request.body.acceptedBy, by: { clock: web.clock, actor: actorOf(session) },
      })));
      return { done: true } as const;
    },
  });
  app.route({
    method: 'GET', url: '/api/plans/:id/schedule.pdf', config: { access: { signedIn: 'reader' } }, schema: { params: holdParams, querystring: scheduleQuery },
    handler: async (request, reply) => {
      const { language } = request.query;
      const pdf = taken(await web.database.inTenant(sessionOf(request).organisation, async (t) =>
        planPdf(t, request.params.id, { today: await todayOf(t, web.clock), language: language ?? null, letters: web.letters }), { readOnly: true }));
      return sendAttachment(reply, { bytes: pdf.bytes, type: 'application/pdf', name: language === 'en' ? `payment-plan-${request.params.id}` : `echeancier-${request.params.id}`, extension: '.pdf' });
    },
  });
}
