import { afterAll, beforeAll, expect, test } from 'vitest';
import fastify from 'fastify';
import type { OrganisationId } from '#core/kernel/id.ts';
import { testDatabase } from '#server/testing/database.ts';
import type { TestDatabase } from '#server/testing/database.ts';
import { clockAt, fecOf, givenOrganisation, importText } from '#server/testing/given.ts';
import { testWeb } from '#server/testing/web.ts';
import type { TestWeb } from '#server/testing/web.ts';
import { testGuard } from '#server/testing/guard.ts';
import { must } from '#core/kernel/result.ts';
import { createLog } from '#server/plumbing/log.ts';
import { readSettings } from '#server/plumbing/settings.ts';
import { guardAccess } from './access.ts';
import { Jobs } from './jobs.ts';
import { Uploads } from './uploads.ts';
import { NO_LETTERS } from '#server/testing/outbox.ts';

let data: TestDatabase;
let web: TestWeb;
let mine: OrganisationId;
let theirs: OrganisationId;
let cookie: string;
beforeAll(async () => {
  data = await testDatabase();
  web = await testWeb(data);
  mine = await givenOrganisation(data.database);
  theirs = await givenOrganisation(data.database);
  await importText(data.database, theirs, { text: fecOf([{ code: 'SECRET', piece: 'FA-9', on: '2026-04-01', debit: '100,00' }]) });
  cookie = await web.signedIn(mine, 'owner');
});
afterAll(async () => {
  await web.app.close();
  await data.drop();
});

/** Every route of the API, as fastify lists them. */
function routes(): { method: string; url: string }[] {
  const lines = web.app.printRoutes({ commonPrefix: false }).split('\n');
  const path: string[] = [];
  return lines.flatMap((line) => {
    const match = /^([│\s]*)[├└]── (\S*)(?: \(([A-Z, ]+)\))?$/.exec(line);
    if (match === null) return [];
    const depth = (match[1] ?? '').length / 4;
    path.length = depth;
    path.push(match[2] ?? '');
    const url = path.join('').replaceAll(/:\w+/g, '1');
    return (match[3] ?? '').split(', ').filter((method) => ['GET', 'POST', 'PUT', 'DELETE'].includes(method)).map((method) => ({ method, url }));
  });
}

const PUBLIC = new Set(['POST /api/session/link', 'POST /api/session/password', 'DELETE /api/session']);

test('every route of the API but sign-in refuses a stranger, and says it in both languages', async () => {
  const api = routes().filter(({ method, url }) => url.startsWith('/api/') && !PUBLIC.has(`${method} ${url}`));
  expect(api.length).toBeGreaterThan(30);
  for (const { method, url } of api) {
    const answer = await web.ask(method as 'GET', url, { headers: { 'content-type': 'application/json' } });
    expect([method, url, answer.statusCode]).toEqual([method, url, 401]);
    expect(answer.json()).toMatchObject({ code: 'session.none', message: { fr: expect.any(String), en: expect.any(String) } });
  }
});

test.each(['/', '/customers', '/api/session', '/api/nowhere', '/assets/nothing-12345678.js', '/api/actions/1/letter.pdf'])('%s carries the security headers', async (url) => {
  const { headers } = await web.ask('GET', url);
  const policy = String(headers['content-security-policy']);
  expect(policy).toContain("script-src 'self'");
  expect(policy).not.toMatch(/script-src[^;]*unsafe/);
  expect(policy).toContain("frame-ancestors 'none'");
  expect(headers['x-content-type-options']).toBe('nosniff');
  expect(headers['referrer-policy']).toBe('no-referrer');
  expect(headers['x-powered-by']).toBeUndefined();
});

test.each([
  ['another site', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }], ['another port of this machine', { origin: 'http://127.0.0.1:9999', 'sec-fetch-site': 'same-site' }],
  ['a form without origin', { origin: '', 'sec-fetch-site': 'cross-site' }], ['a sandboxed frame', { origin: 'null', 'sec-fetch-site': 'cross-site' }],
  ['an old browser from elsewhere', { origin: 'http://evil.example', 'sec-fetch-site': '' }],
])('a change asked by %s is refused', async (_name, headers) => {
  const answer = await web.ask('PUT', '/api/setup/company', { cookie, body: { name: 'Volée' }, headers });
  expect(answer.statusCode).toBe(403);
});

test('a name that was pointed at us is not answered', async () => {
  expect((await web.ask('GET', '/api/session', { cookie, headers: { host: 'evil.example:4180' } })).statusCode).toBe(421);
  expect((await web.ask('GET', '/api/session', { cookie, headers: { host: 'localhost:4180' } })).statusCode).toBe(200);
  expect((await web.ask('GET', '/api/session', { cookie, headers: { host: '192.168.1.20:4180' } })).statusCode).toBe(200);
});

test('a text/plain body that is JSON inside is no JSON', async () => {
  const answer = await web.app.inject({ method: 'PUT', url: '/api/setup/company', headers: { host: '127.0.0.1', origin: 'http://127.0.0.1', cookie, 'content-type': 'text/plain' }, payload: '{"name":"x"}' });
  expect(answer.statusCode).toBe(415);
});

test.each([
  ['reader', 'POST', '/api/runs', { dryRun: true }, 403], ['reader', 'POST', '/api/actions/approve', { ids: 'all' }, 403], ['reader', 'GET', '/api/overview', undefined, 200],
  ['collector', 'PUT', '/api/setup/company', { name: 'x' }, 403], ['collector', 'POST', '/api/actions/approve', { ids: 'all' }, 200], ['owner', 'PUT', '/api/setup/company', { name: 'x' }, 200],
] as const)('a %s that asks %s %s', async (...asked) => {
  const [role, method, url, body, status] = asked;
  const organisation = await givenOrganisation(data.database);
  const mineToo = await web.signedIn(organisation, role);
  expect((await web.ask(method, url, { cookie: mineToo, ...(body === undefined ? {} : { body }) })).statusCode).toBe(status);
});

test('ids of another organisation answer as ids that never were', async () => {
  const known = await data.database.inTenant(theirs, (t) => t.one<{ customer_id: string; item_id: string }>(t.sql`select i.customer_id, i.item_id from ${t.from('item')} i limit 1`));
  const asked = (id: string): ReturnType<typeof web.ask>[] => [
    web.ask('GET', `/api/customers/${id}`, { cookie }),
    web.ask('POST', `/api/customers/${id}/contacts`, { cookie, body: { name: null, email: 'a@b.fr', phone: null, roles: ['buyer'] } }),
    web.ask('POST', '/api/holds', { cookie, body: { customerId: id, kind: 'pause', reason: 'travaux', until: '2026-07-31' } }), web.ask('POST', `/api/holds/${id}/resume`, { cookie }),
    web.ask('GET', `/api/actions/${id}/preview`, { cookie }), web.ask('POST', `/api/imports/${id}/undo`, { cookie }), web.ask('GET', `/api/imports/${id}/problems`, { cookie }),
  ];
  const foreign = await Promise.all(asked(known?.customer_id ?? '1'));
  const never = await Promise.all(asked('987654321'));
  expect(foreign.map((answer) => [answer.statusCode, answer.body.replaceAll(known?.customer_id ?? '1', '#')])).toEqual(never.map((answer) => [answer.statusCode, answer.body.replaceAll('987654321', '#')]));
  expect((await web.ask('GET', '/api/customers', { cookie })).body).not.toContain('SECRET');
  expect((await web.ask('PUT', '/api/session/organisation', { cookie, body: { organisation: theirs } })).statusCode).toBe(404);
});

test.each([
  ['/api/customers?sort=1;drop', 400], ['/api/customers?search=%25%25%25', 200], ['/api/customers?after=forged', 200], ['/api/customers/0', 400], ['/api/customers/9999999999999999999', 400],
  ['/api/customers/1%20or%201=1', 400], ['/api/actions?state=all', 400], [`/api/customers?search=${'x'.repeat(200)}`, 400], ['/assets/..%2f..%2fpackage.json', 404],
])('%s answers %i, never a failure', async (url, status) => {
  expect((await web.ask('GET', url, { cookie })).statusCode).toBe(status);
});

test('unknown fields of a body are refused: nothing is assigned by name', async () => {
  const answer = await web.ask('PUT', '/api/account', { cookie, body: { name: 'x', email: 'x@y.fr', language: 'fr', role: 'owner' } });
  expect(answer.statusCode).toBe(400);
});

test('a route without declared access fails when it is registered; one with it passes', () => {
  const bare = fastify();
  const log = createLog('silent');
  const clock = clockAt('2026-06-30');
  guardAccess(bare, {
    database: data.database, settings: must(readSettings({})), clock, log, letters: NO_LETTERS, carriers: { mail: null, letter: null },
    sender: { from: null, instance: '' }, worker: { id: '1', isAlive: async () => false, leave: async () => undefined }, guard: testGuard(data.database), jobs: new Jobs(log, clock), uploads: new Uploads(clock),
  });
  expect(() => bare.get('/forgotten', async () => 'open')).toThrow('does not say who may call it');
  expect(() => bare.get('/known', { config: { access: 'public' } }, async () => 'open')).not.toThrow();
});
