import { z } from 'zod';
import { ACTION_VIEWS } from '#core/api/actions.ts';
import type { ActionPage, ActionStateView, ActionView } from '#core/api/actions.ts';
import type { JobView, RunOutcome, SendOutcome } from '#core/api/jobs.ts';
import { TASK_CHANNELS } from '#core/dunning/scenario.ts';
import { decimal, money } from '#core/kernel/money.ts';
import type { Bilingual } from '#core/kernel/text.ts';
import { sendApproved } from '#server/channels/send.ts';
import { cancelActions, listActions, resolveUnknown, unapprove } from '#server/dunning/actions.ts';
import type { ActionRow, ActionState, By } from '#server/dunning/actions.ts';
import { approvalSentence, approveActions } from '#server/dunning/approvals.ts';
import { runDunning } from '#server/dunning/run.ts';
import type { Session } from '#server/identity/sessions.ts';
import { memberNames } from '#server/identity/users.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { actorOf, sessionOf } from './access.ts';
import { todayOf } from './context.ts';
import type { WebContext } from './context.ts';
import { actionPageSchema, actionsQuery, approveBody, approvedSchema, idsBody, movedSchema, resolveBody, runBody, runOutcomeSchema, sendOutcomeSchema } from './contracts/action-shapes.ts';
import { doneSchema, idSchema, jobSchema, startedSchema } from './contracts/shapes.ts';
import type { Advance } from './jobs.ts';
import { notFound, Refusal } from './refusal.ts';
import type { WebApp } from './web-app.ts';

/** Actions one list shows; a longer one is narrowed, or approved whole. */
const LIST_MAX = 1000;

const viewOf = (row: ActionRow, names: ReadonlyMap<string, string>, me: string): ActionView => ({
  id: row.action_id, customerId: row.customer_id, customer: row.customer, customerName: row.customer_name, channel: row.channel, recipient: row.recipient,
  step: row.step, scenario: row.scenario, offsetDays: row.offset_days, tone: row.tone, total: decimal(money(BigInt(row.total), row.currency)), currency: row.currency,
  documents: row.documents, state: row.state, stateReason: row.state_reason, stateAt: row.state_at, today: row.today, formalNotice: row.formal_notice,
  firmer: row.firmer, sentOn: row.sent_on, test: row.test, approvalsNeeded: row.approvals_needed,
  approvedOnceBy: row.first_approved_by === null ? null : (names.get(row.first_approved_by) ?? row.first_approved_by), approvedOnceByMe: row.first_approved_by === me,
  purpose: row.purpose, task: TASK_CHANNELS.some((channel) => channel === row.channel), segment: row.segment, taskNote: row.task_note,
});

/** States a list shows: those that expired are among the cancelled ones. */
const statesOf = (view: ActionStateView): readonly ActionState[] => (view === 'cancelled' ? ['cancelled', 'expired'] : [view]);

async function countByState(t: Tenant, customer: string | null): Promise<ActionPage['counts']> {
  const rows = await t.rows<{ state: string; count: number }>(t.sql`
    select a.state, count(*)::int as count from ${t.from('action')} a
    where ${customer}::bigint is null or a.customer_id = ${customer}::bigint group by a.state`);
  const count = (view: ActionStateView): number => rows.reduce((sum, row) => (statesOf(view).some((state) => state === row.state) ? sum + row.count : sum), 0);
  const [proposed, approved, unknown, failed, sent, cancelled] = ACTION_VIEWS.map(count);
  return { proposed: proposed ?? 0, approved: approved ?? 0, unknown: unknown ?? 0, failed: failed ?? 0, sent: sent ?? 0, cancelled: cancelled ?? 0 };
}

async function runNow(web: WebContext, session: Session, of: { dryRun: boolean; advance: Advance }): Promise<RunOutcome> {
  const today = await web.database.inTenant(session.organisation, (t) => todayOf(t, web.clock), { readOnly: true });
  const counts = new Map<string, number>();
  let seen = 0;
  const result = await runDunning(web.database, {
    organisation: session.organisation, today, clock: web.clock, actor: actorOf(session), dryRun: of.dryRun,
    sink: {
      decisions: (batch) => {
        for (const { decision } of batch) counts.set(decision.reason, (counts.get(decision.reason) ?? 0) + 1);
        seen += batch.length;
        of.advance(seen, 0);
      },
      actions: () => undefined,
    },
  });
  const reasons = [...counts].map(([reason, count]) => ({ reason, count })).toSorted((a, b) => b.count - a.count);
  return { today, dryRun: of.dryRun, stopped: result.stopped, decisions: result.decisions, actions: result.actions, reasons };
}

async function sendNow(web: WebContext, session: Session): Promise<SendOutcome> {
  const today = await web.database.inTenant(session.organisation, (t) => todayOf(t, web.clock), { readOnly: true });
  return sendApproved(web.database, {
    organisation: session.organisation, today, clock: web.clock, actor: actorOf(session), worker: web.worker, carriers: web.carriers, sender: web.sender, letters: web.letters, guard: web.guard,
  });
}

const stillUnderWay = (minutes: number): Bilingual => ({
  fr: `Ce message est peut-être encore en route : revenez dans ${minutes} min pour dire qu’il n’est pas arrivé. S’il est arrivé, vous pouvez le dire dès maintenant.`,
  en: `This message may still be under way: come back in ${minutes} min to say that it did not arrive. If it did, you can say so now.`,
});

const jobParams = z.object({ job: z.string().max(64) });

function jobRoutes(app: WebApp, web: WebContext): void {
  app.route({
    method: 'POST', url: '/api/runs', config: { access: { signedIn: 'collector' } }, schema: { body: runBody, response: { 202: startedSchema } },
    handler: async (request, reply) => {
      const session = sessionOf(request);
      const { dryRun } = request.body;
      const job = web.jobs.start({ organisation: session.organisation, kind: 'run' }, (advance) => runNow(web, session, { dryRun, advance }));
      return reply.code(202).send({ job });
    },
  });
  app.route({
    method: 'GET', url: '/api/runs/:job', config: { access: { signedIn: 'reader' } }, schema: { params: jobParams, response: { 200: jobSchema(runOutcomeSchema) } },
    handler: async (request) => readJob(web, sessionOf(request), { id: request.params.job, kind: 'run', result: runOutcomeSchema }),
  });
  app.route({
    method: 'POST', url: '/api/sendings', config: { access: { signedIn: 'collector' } }, schema: { response: { 202: startedSchema } },
    handler: async (request, reply) => {
      const session = sessionOf(request);
      // Whoever asks while it is under way sees that one end.
      const running = web.jobs.running(session.organisation, 'send');
      return reply.code(202).send({ job: running?.id ?? web.jobs.start({ organisation: session.organisation, kind: 'send' }, () => sendNow(web, session)) });
    },
  });
  app.route({
    method: 'GET', url: '/api/sendings/:job', config: { access: { signedIn: 'reader' } }, schema: { params: jobParams, response: { 200: jobSchema(sendOutcomeSchema) } },
    handler: async (request) => readJob(web, sessionOf(request), { id: request.params.job, kind: 'send', result: sendOutcomeSchema }),
  });
}

/** A job of the session's organisation and of a kind, its result as that kind's schema reads it. */
export function readJob<Result>(web: WebContext, session: Session, of: { id: string; kind: string; result: z.ZodType<Result> }): JobView<Result> {
  const view = web.jobs.read(session.organisation, of.id);
  if (view === null || view.kind !== of.kind) throw notFound('Ce traitement n’existe plus : relancez-le.', 'This job no longer exists: start it again.');
  return { ...view, result: view.result === null ? null : of.result.parse(view.result) };
}

/** Lists of actions, their approval and cancelling, what a person says of parked ones; runs and sendings. */
export function actionRoutes(app: WebApp, web: WebContext): void {
  const change = (session: Session, work: (t: Tenant, by: By) => Promise<readonly string[]>): Promise<{ ids: string[] }> =>
    web.database.inTenant(session.organisation, async (t) => ({ ids: [...(await work(t, { clock: web.clock, actor: actorOf(session) }))] }));
  app.route({
    method: 'GET', url: '/api/actions', config: { access: { signedIn: 'reader' } }, schema: { querystring: actionsQuery, response: { 200: actionPageSchema } },
    handler: (request) => web.database.inTenant(sessionOf(request).organisation, async (t) => {
      const { state, customer } = request.query;
      const session = sessionOf(request);
      const names = await memberNames(web.database, session.organisation);
      const rows = await listActions(t, { state: statesOf(state), limit: LIST_MAX + 1, ...(customer === undefined ? {} : { customerId: customer }) });
      return { rows: rows.slice(0, LIST_MAX).map((row) => viewOf(row, names, actorOf(session))), truncated: rows.length > LIST_MAX, counts: await countByState(t, customer ?? null) };
    }, { isolation: 'repeatable read', readOnly: true }),
  });
  app.route({
    method: 'POST', url: '/api/actions/approve', config: { access: { signedIn: 'collector' } }, schema: { body: approveBody, response: { 200: approvedSchema } },
    handler: async (request) => {
      const session = sessionOf(request);
      const done = await web.database.inTenant(session.organisation, (t) => approveActions(t, request.body.ids, { clock: web.clock, actor: actorOf(session) }));
      const message = approvalSentence(done);
      // One person who approves the same action twice made a mistake that must not pass for the second approval.
      if (message !== null && done.samePerson.length > 0 && done.approved.length + done.once.length === 0) throw new Refusal(409, 'actions.samePerson', message);
      return { ids: done.approved, once: done.once, samePerson: done.samePerson, tasks: done.tasks, message };
    },
  });
  app.route({
    method: 'POST', url: '/api/actions/unapprove', config: { access: { signedIn: 'collector' } }, schema: { body: idsBody, response: { 200: movedSchema } },
    handler: (request) => change(sessionOf(request), (t, by) => unapprove(t, request.body.ids, by)),
  });
  app.route({
    method: 'POST', url: '/api/actions/cancel', config: { access: { signedIn: 'collector' } }, schema: { body: idsBody, response: { 200: movedSchema } },
    handler: (request) => change(sessionOf(request), (t, by) => cancelActions(t, request.body.ids, by)),
  });
  app.route({
    method: 'POST', url: '/api/actions/:id/resolve', config: { access: { signedIn: 'collector' } },
    schema: { params: z.object({ id: idSchema<'action'>() }), body: resolveBody, response: { 200: doneSchema } },
    handler: async (request) => {
      const session = sessionOf(request);
      const resolved = await web.database.inTenant(session.organisation, async (t) => resolveUnknown(t, request.params.id, {
        arrived: request.body.arrived, today: await todayOf(t, web.clock), by: { clock: web.clock, actor: actorOf(session) },
      }));
      if (!resolved.settled && resolved.minutes !== null) throw new Refusal(409, 'actions.underWay', stillUnderWay(resolved.minutes));
      if (!resolved.settled) throw notFound('Cette action n’attend plus de décision.', 'This action no longer waits for a decision.');
      return { done: true } as const;
    },
  });
  jobRoutes(app, web);
}
