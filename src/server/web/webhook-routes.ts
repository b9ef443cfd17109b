import type { WebhooksPage } from '#core/api/webhooks.ts';
import { readInstallation } from '#server/channels/journal/installation.ts';
import { tryWebhook } from '#server/channels/webhooks/loop.ts';
import { webhookClient } from '#server/channels/webhooks/post.ts';
import { secretText } from '#server/channels/webhooks/signature.ts';
import { readPrivateHosts } from '#server/channels/webhooks/target.ts';
import { addWebhook, changeEvents, listWebhooks, removeWebhook, rotateSecret, switchOffByPerson, switchOn, WEBHOOKS_MAX } from '#server/channels/webhooks/webhooks.ts';
import type { By } from '#server/channels/webhooks/webhooks.ts';
import type { Session } from '#server/identity/sessions.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { actorOf, sessionOf } from './access.ts';
import type { WebContext } from './context.ts';
import { doneSchema } from './contracts/shapes.ts';
import { webhookBody, webhookEventsBody, webhookOnBody, webhookParams, webhookSecretSchema, webhooksSchema, webhookTriedSchema } from './contracts/webhook-shapes.ts';
import { notFound, Refusal } from './refusal.ts';
import type { WebApp } from './web-app.ts';

const reader = { access: { signedIn: 'reader' } } as const;
const owner = { access: { signedIn: 'owner' } } as const;

/** Does something in the session's organisation, in the person's name. */
const doing = <T>(web: WebContext, session: Session, work: (t: Tenant, by: By) => Promise<T>): Promise<T> =>
  web.database.inTenant(session.organisation, (t) => work(t, { clock: web.clock, actor: actorOf(session) }));

const gone = (): Refusal => notFound('Ce webhook n’existe pas ou plus.', 'This webhook does not exist or no longer does.');

async function pageOf(web: WebContext, session: Session): Promise<WebhooksPage> {
  const { frozen } = await readInstallation(web.database);
  return web.database.inTenant(session.organisation, async (t) => {
    const profile = await t.one<{ sample: boolean }>(t.sql`select p.sample from ${t.from('profile')} p`);
    const webhooks = await listWebhooks(t, { whole: session.role === 'owner', now: web.clock.now() });
    return { webhooks, silent: profile?.sample === true ? 'sample' : frozen === null ? null : 'frozen', max: WEBHOOKS_MAX };
  }, { isolation: 'repeatable read', readOnly: true });
}

function switchRoutes(app: WebApp, web: WebContext): void {
  app.route({
    method: 'POST', url: '/api/webhooks/:id/on', config: owner, schema: { params: webhookParams, body: webhookOnBody, response: { 200: doneSchema } },
    handler: async (request) => {
      if (await doing(web, sessionOf(request), (t, by) => switchOn(t, { id: request.params.id, from: request.body.from }, by))) return { done: true } as const;
      throw new Refusal(409, 'webhook.on', { fr: 'Ce webhook est déjà en marche, ou n’existe plus : rechargez la page.', en: 'This webhook is on already, or no longer exists: reload the page.' });
    },
  });
  app.route({
    method: 'POST', url: '/api/webhooks/:id/off', config: owner, schema: { params: webhookParams, response: { 200: doneSchema } },
    handler: async (request) => {
      if (await doing(web, sessionOf(request), (t, by) => switchOffByPerson(t, request.params.id, by))) return { done: true } as const;
      throw new Refusal(409, 'webhook.off', { fr: 'Ce webhook est déjà arrêté, ou n’existe plus : rechargez la page.', en: 'This webhook is off already, or no longer exists: reload the page.' });
    },
  });
  app.route({
    method: 'POST', url: '/api/webhooks/:id/test', config: owner, schema: { params: webhookParams, response: { 200: webhookTriedSchema } },
    handler: async (request) => {
      const post = webhookClient({ hosts: readPrivateHosts(web.settings.ACQUIT_WEBHOOK_PRIVATE_HOSTS) });
      const tried = await tryWebhook({ ...web, post }, { organisation: sessionOf(request).organisation, webhook: request.params.id });
      if (tried === null) throw gone();
      if (tried === 'sample') throw new Refusal(409, 'webhook.sample', { fr: 'C’est une société d’exemple : rien n’en part, pas même un essai.', en: 'This is a sample company: nothing leaves it, not even a test.' });
      if (tried === 'frozen') throw new Refusal(409, 'webhook.frozen', { fr: 'Les envois sont gelés : rien ne part avant qu’ils reprennent, pas même un essai.', en: 'Sending is frozen: nothing leaves before it goes on, not even a test.' });
      return tried;
    },
  });
}

/** Other software that is told what happened: added, tried, switched and removed by owners; addresses are shown whole to nobody else, secrets to nobody after the first time. */
export function webhookRoutes(app: WebApp, web: WebContext): void {
  app.route({ method: 'GET', url: '/api/webhooks', config: reader, schema: { response: { 200: webhooksSchema } }, handler: (request) => pageOf(web, sessionOf(request)) });
  app.route({
    method: 'POST', url: '/api/webhooks', config: owner, schema: { body: webhookBody, response: { 200: webhookSecretSchema } },
    handler: async (request) => {
      const hosts = readPrivateHosts(web.settings.ACQUIT_WEBHOOK_PRIVATE_HOSTS);
      const made = await doing(web, sessionOf(request), (t, by) => addWebhook(t, { ...request.body, hosts }, by));
      if (!made.ok) throw new Refusal(422, made.error.code, made.error.message);
      return { id: made.value.id, secret: secretText(made.value.secret) };
    },
  });
  app.route({
    method: 'PUT', url: '/api/webhooks/:id', config: owner, schema: { params: webhookParams, body: webhookEventsBody, response: { 200: doneSchema } },
    handler: async (request) => {
      const changed = await doing(web, sessionOf(request), (t, by) => changeEvents(t, { id: request.params.id, events: request.body.events }, by));
      if (!changed.ok) throw new Refusal(422, changed.error.code, changed.error.message);
      if (!changed.value) throw gone();
      return { done: true } as const;
    },
  });
  app.route({
    method: 'DELETE', url: '/api/webhooks/:id', config: owner, schema: { params: webhookParams, response: { 200: doneSchema } },
    handler: async (request) => {
      if (await doing(web, sessionOf(request), (t, by) => removeWebhook(t, request.params.id, by))) return { done: true } as const;
      throw gone();
    },
  });
  app.route({
    method: 'POST', url: '/api/webhooks/:id/secret', config: owner, schema: { params: webhookParams, response: { 200: webhookSecretSchema } },
    handler: async (request) => {
      const secret = await doing(web, sessionOf(request), (t, by) => rotateSecret(t, request.params.id, by));
      if (secret === null) throw gone();
      return { id: request.params.id, secret: secretText(secret) };
    },
  });
  switchRoutes(app, web);
}
