import { z } from 'zod';
import type { Currency } from '#core/kernel/currency.ts';
import type { HoldId } from '#core/kernel/id.ts';
import { parseDecimal } from '#core/kernel/money.ts';
import type { Problem } from '#core/kernel/problem.ts';
import type { Result } from '#core/kernel/result.ts';
import { DISPUTE_REASONS, disputeFamily, disputeReasonName, disputeSteps } from '#core/holds/dispute-reasons.ts';
import { changeDispute, decideDispute, tickStep } from '#server/holds/disputes.ts';
import { addComment, addFile, HOLD_FILE_BYTES_MAX, readFile } from '#server/holds/hold-files.ts';
import { fileKind } from '#server/holds/file-kind.ts';
import type { By } from '#server/holds/holds.ts';
import { changeInsolvency } from '#server/holds/insolvency.ts';
import type { Session } from '#server/identity/sessions.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { actorOf, sessionOf } from './access.ts';
import { sendAttachment } from './attachment.ts';
import { todayOf } from './context.ts';
import type { WebContext } from './context.ts';
import { commentBody, decisionBody, disputeBody, disputeReasonsSchema, insolvencyBody, madeSchema, stepBody } from './contracts/hold-shapes.ts';
import { doneSchema, idSchema } from './contracts/shapes.ts';
import { fileNameOf } from './import-names.ts';
import { invalid, notFound, Refusal } from './refusal.ts';
import type { WebApp } from './web-app.ts';

/** The value of a result, or the refusal that its problem makes. */
export function taken<T>(result: Result<T, Problem | readonly Problem[]>): T {
  if (result.ok) return result.value;
  const problem: Problem | undefined = 'code' in result.error ? result.error : result.error[0];
  if (problem === undefined) throw new Error('refused without a reason');
  throw refusalOf(problem);
}

/** The refusal that a problem makes. */
export const refusalOf = (problem: Problem): Refusal =>
  (problem.code === 'hold.holdUnknown' ? notFound(problem.message.fr, problem.message.en) : new Refusal(422, problem.code, problem.message));

/** An amount a person typed, in minor units of a currency; null for none. */
export function typedAmount(typed: string | null, currency: Currency): bigint | null {
  if (typed === null || typed === '') return null;
  const amount = parseDecimal(typed, currency);
  if (amount === null || amount.minor <= 0n) throw invalid('hold.amount', `Le montant « ${typed} » doit être positif, sans plus de décimales que ${currency}.`, `The amount "${typed}" must be positive, with no more decimals than ${currency}.`);
  return amount.minor;
}

const holdParams = z.object({ id: idSchema<'hold'>() });

/** One file of a hold in a form. */
const FILE_FORM = { fileSize: HOLD_FILE_BYTES_MAX, files: 1, fields: 0, headerPairs: 50, parts: 1 } as const;

/** Does something to a hold in the name of the person of a session. */
async function change<T>(web: WebContext, session: Session, work: (t: Tenant, by: By) => Promise<Result<T, Problem>>): Promise<T> {
  return taken(await web.database.inTenant(session.organisation, (t) => work(t, { clock: web.clock, actor: actorOf(session) })));
}

async function currencyOf(t: Tenant, holdId: HoldId): Promise<Currency> {
  const row = await t.one<{ currency: Currency | null }>(t.sql`
    select coalesce(i.currency, h.currency) as currency from ${t.from('hold')} h left join ${t.from('item')} i on i.item_id = h.item_id where h.hold_id = ${holdId}::bigint`);
  return row?.currency ?? 'EUR';
}

function disputeRoutes(app: WebApp, web: WebContext): void {
  app.route({
    method: 'GET', url: '/api/disputes/reasons', config: { access: { signedIn: 'reader' } }, schema: { response: { 200: disputeReasonsSchema } },
    handler: async () => DISPUTE_REASONS.map((code) => ({ code, family: disputeFamily(code), name: disputeReasonName(code), steps: [...disputeSteps(code)] })),
  });
  app.route({
    method: 'PUT', url: '/api/holds/:id/dispute', config: { access: { signedIn: 'collector' } }, schema: { params: holdParams, body: disputeBody, response: { 200: doneSchema } },
    handler: async (request) => {
      const { reason, amount, ownerName, ownerEmail, deadline, note } = request.body;
      await change(web, sessionOf(request), async (t, by) => changeDispute(t, request.params.id, {
        change: { reason, amount: typedAmount(amount, await currencyOf(t, request.params.id)), owner: { name: ownerName, email: ownerEmail }, deadlineOn: deadline, note }, by,
      }));
      return { done: true } as const;
    },
  });
  app.route({
    method: 'POST', url: '/api/holds/:id/decision', config: { access: { signedIn: 'collector' } }, schema: { params: holdParams, body: decisionBody, response: { 200: doneSchema } },
    handler: async (request) => {
      const { outcome, amount, note } = request.body;
      await change(web, sessionOf(request), async (t, by) => decideDispute(t, request.params.id, {
        decision: { outcome, amount: typedAmount(amount, await currencyOf(t, request.params.id)), note, on: await todayOf(t, web.clock) }, by,
      }));
      return { done: true } as const;
    },
  });
  app.route({
    method: 'PUT', url: '/api/holds/:id/steps/:code', config: { access: { signedIn: 'collector' } },
    schema: { params: holdParams.extend({ code: z.string().max(60) }), body: stepBody, response: { 200: doneSchema } },
    handler: async (request) => {
      await change(web, sessionOf(request), (t, by) => tickStep(t, request.params.id, { code: request.params.code, done: request.body.done, by }));
      return { done: true } as const;
    },
  });
}

/** What is joined to a hold: decisions and steps of disputes, comments, files, and what is learnt of insolvency proceedings. */
export function holdPartRoutes(app: WebApp, web: WebContext): void {
  disputeRoutes(app, web);
  app.route({
    method: 'POST', url: '/api/holds/:id/comments', config: { access: { signedIn: 'collector' } }, schema: { params: holdParams, body: commentBody, response: { 200: doneSchema } },
    handler: async (request) => {
      await change(web, sessionOf(request), (t, by) => addComment(t, request.params.id, { body: request.body.body, by }));
      return { done: true } as const;
    },
  });
  app.route({
    method: 'POST', url: '/api/holds/:id/files', config: { access: { signedIn: 'collector' }, upload: true }, schema: { params: holdParams, response: { 201: madeSchema } },
    handler: async (request, reply) => {
      const session = sessionOf(request);
      const file = await request.file({ limits: FILE_FORM });
      if (file === undefined) throw invalid('hold.noFile', 'Choisissez un fichier à joindre.', 'Choose a file to join.');
      const bytes = await file.toBuffer();
      const id = await change(web, session, (t, by) => addFile(t, request.params.id, { name: fileNameOf(file.filename), bytes, by }));
      return reply.code(201).send({ id });
    },
  });
  app.route({
    method: 'GET', url: '/api/holds/:id/files/:file', config: { access: { signedIn: 'reader' } }, schema: { params: holdParams.extend({ file: idSchema<'holdFile'>() }) },
    handler: async (request, reply) => {
      const { id, file } = request.params;
      const found = await web.database.inTenant(sessionOf(request).organisation, (t) => readFile(t, { hold: id, file }), { readOnly: true });
      if (found === null) throw notFound('Ce fichier n’existe pas ou plus.', 'This file does not exist or no longer does.');
      return sendAttachment(reply, { ...found, extension: fileKind(found.bytes)?.extension ?? '.bin' });
    },
  });
  app.route({
    method: 'PUT', url: '/api/holds/:id/insolvency', config: { access: { signedIn: 'collector' } }, schema: { params: holdParams, body: insolvencyBody, response: { 200: doneSchema } },
    handler: async (request) => {
      const session = sessionOf(request);
      const done = await web.database.inTenant(session.organisation, (t) => changeInsolvency(t, request.params.id, { ...request.body, by: { clock: web.clock, actor: actorOf(session) } }));
      if (!done) throw notFound('Cette procédure n’est plus en cours.', 'These proceedings are no longer in force.');
      return { done: true } as const;
    },
  });
}
