import { afterAll, beforeAll, expect, test } from 'vitest';
import type { WebhookSecret, WebhooksPage } from '#core/api/webhooks.ts';
import type { OrganisationId } from '#core/kernel/id.ts';
import { testDatabase } from '#server/testing/database.ts';
import type { TestDatabase } from '#server/testing/database.ts';
import { givenOrganisation } from '#server/testing/given.ts';
import { isSigned, openReceiver } from '#server/testing/receiver.ts';
import type { Receiver } from '#server/testing/receiver.ts';
import { testWeb } from '#server/testing/web.ts';
import type { TestWeb } from '#server/testing/web.ts';

let data: TestDatabase;
let web: TestWeb;
let receiver: Receiver;
let organisation: OrganisationId;
let owner: string;
beforeAll(async () => {
  data = await testDatabase();
  receiver = await openReceiver();
  web = await testWeb(data, { environment: { ACQUIT_WEBHOOK_PRIVATE_HOSTS: receiver.host } });
  organisation = await givenOrganisation(data.database);
  owner = await web.signedIn(organisation, 'owner');
});
afterAll(async () => {
  await web.app.close();
  await receiver.close();
  await data.drop();
});

const page = async (cookie: string): Promise<WebhooksPage> => (await web.ask('GET', '/api/webhooks', { cookie })).json();

test('a webhook from its first day to its last: its secret is answered when it is made and when it is changed, and never again', async () => {
  const made = await web.ask('POST', '/api/webhooks', { cookie: owner, body: { url: `${receiver.url}?key=motsecret`, events: ['dispute.opened', 'promise.given'] } });
  const { id, secret } = made.json<WebhookSecret>();
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  const listed = await web.ask('GET', '/api/webhooks', { cookie: owner });
  expect(listed.json()).toEqual({
    webhooks: [{ id, address: `${receiver.url}?…`, events: ['promise.given', 'dispute.opened'], on: true, offBecause: null, stateAt: expect.any(String), last: null, nextAt: null, waiting: 0, more: false, formerUntil: null, createdAt: expect.any(String) }],
    silent: null, max: 10,
  });
  const other = (await page(await web.signedIn(organisation, 'reader'))).webhooks;
  expect(other.map(({ address }) => address)).toEqual([`http://${receiver.host}/`]);

  expect((await web.ask('POST', `/api/webhooks/${id}/test`, { cookie: owner })).json()).toEqual({ outcome: 'taken', status: 204 });
  expect(receiver.requests).toMatchObject([{ path: '/hook?key=motsecret', headers: { 'webhook-id': expect.stringMatching(/^test_/) } }]);
  expect(receiver.requests.map((one) => isSigned(one, secret))).toEqual([true]);
  receiver.answer = (_request, response) => void response.writeHead(500).end(secret);
  expect((await web.ask('POST', `/api/webhooks/${id}/test`, { cookie: owner })).json()).toEqual({ outcome: 'refused', status: 500 });

  const changed = (await web.ask('POST', `/api/webhooks/${id}/secret`, { cookie: owner })).json<WebhookSecret>();
  expect(changed.secret).not.toBe(secret);
  expect((await web.ask('PUT', `/api/webhooks/${id}`, { cookie: owner, body: { events: ['plan.ended'] } })).statusCode).toBe(200);
  expect((await web.ask('POST', `/api/webhooks/${id}/off`, { cookie: owner })).statusCode).toBe(200);
  expect((await web.ask('POST', `/api/webhooks/${id}/off`, { cookie: owner })).statusCode).toBe(409);
  expect((await page(owner)).webhooks).toMatchObject([{ events: ['plan.ended'], on: false, offBecause: 'person', formerUntil: expect.any(String) }]);
  expect((await web.ask('POST', `/api/webhooks/${id}/on`, { cookie: owner, body: { from: 'now' } })).statusCode).toBe(200);
  expect((await web.ask('DELETE', `/api/webhooks/${id}`, { cookie: owner })).statusCode).toBe(200);
  expect((await page(owner)).webhooks).toEqual([]);
  for (const [method, url] of [['DELETE', ''], ['POST', '/secret'], ['POST', '/test']] as const) expect((await web.ask(method, `/api/webhooks/${id}${url}`, { cookie: owner })).statusCode).toBe(404);
  const events = await data.database.inTenant(organisation, (t) => t.rows<{ body: string }>(t.sql`select e.body from ${t.from('event')} e where e.kind like 'webhook.%'`));
  expect(events).toHaveLength(6);
  for (const text of [listed.body, JSON.stringify(events)]) expect(text).not.toMatch(/whsec_|motsecret/);
});

test('only owners change anything, and nobody what is another organisation’s', async () => {
  const made = (await web.ask('POST', '/api/webhooks', { cookie: owner, body: { url: receiver.url, events: ['plan.ended'] } })).json<WebhookSecret>();
  const routes = [['POST', '', { url: receiver.url, events: ['plan.ended'] }], ['PUT', `/${made.id}`, { events: ['plan.ended'] }], ['DELETE', `/${made.id}`], ['POST', `/${made.id}/secret`], ['POST', `/${made.id}/test`], ['POST', `/${made.id}/off`],
    ['POST', `/${made.id}/on`, { from: 'here' }]] as const;
  const stranger = await web.signedIn(await givenOrganisation(data.database), 'owner');
  for (const role of ['reader', 'collector'] as const) {
    const cookie = await web.signedIn(organisation, role);
    for (const [method, url, body] of routes) expect((await web.ask(method, `/api/webhooks${url}`, { cookie, ...(body === undefined ? {} : { body }) })).statusCode).toBe(403);
  }
  for (const [method, url, body] of routes.slice(1)) expect([404, 409]).toContain((await web.ask(method, `/api/webhooks${url}`, { cookie: stranger, ...(body === undefined ? {} : { body }) })).statusCode);
  expect((await page(stranger)).webhooks).toEqual([]);
  expect((await page(owner)).webhooks).toMatchObject([{ id: made.id, on: true }]);
});

test('addresses that lead inside are refused with a sentence; a sample company is not called, not even to try', async () => {
  const refused = await web.ask('POST', '/api/webhooks', { cookie: owner, body: { url: 'https://169.254.169.254/latest', events: ['plan.ended'] } });
  expect([refused.statusCode, refused.json<{ code: string }>().code]).toEqual([422, 'webhook.inside']);
  const none = await web.ask('POST', '/api/webhooks', { cookie: owner, body: { url: receiver.url, events: [] } });
  expect([none.statusCode, none.json<{ code: string }>().code]).toEqual([422, 'webhook.events']);
  const sample = await web.signedIn(await givenOrganisation(data.database, { sample: true }), 'owner');
  const { id } = (await web.ask('POST', '/api/webhooks', { cookie: sample, body: { url: receiver.url, events: ['plan.ended'] } })).json<WebhookSecret>();
  const before = receiver.requests.length;
  expect((await web.ask('POST', `/api/webhooks/${id}/test`, { cookie: sample })).statusCode).toBe(409);
  expect([(await page(sample)).silent, receiver.requests.length]).toEqual(['sample', before]);
});
