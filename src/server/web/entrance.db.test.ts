import { afterAll, beforeAll, expect, test } from 'vitest';
import { hashPassword, passwordProblem, verifyPassword } from '#server/identity/passwords.ts';
import { IDLE_MINUTES, SESSION_HOURS } from '#server/identity/sessions.ts';
import { LINK_MINUTES, createSignInLink } from '#server/identity/sign-in.ts';
import { changePassword, findUserByEmail, membershipsOf } from '#server/identity/users.ts';
import type { OrganisationId } from '#core/kernel/id.ts';
import { testDatabase } from '#server/testing/database.ts';
import type { TestDatabase } from '#server/testing/database.ts';
import { clockAt, givenOrganisation } from '#server/testing/given.ts';
import { testWeb } from '#server/testing/web.ts';
import type { TestWeb } from '#server/testing/web.ts';
import { FIRST_USER_EMAIL, firstStart } from './first-start.ts';

let data: TestDatabase;
let web: TestWeb;
let organisation: OrganisationId;
beforeAll(async () => {
  data = await testDatabase();
  web = await testWeb(data);
  organisation = await givenOrganisation(data.database);
});
afterAll(async () => {
  await web.app.close();
  await data.drop();
});

const after = (minutes: number): string => new Date(Date.parse('2026-06-30T08:00:00.000Z') + minutes * 60_000).toISOString();

test('starts at once make one owner; each start gives a link until a password is set', async () => {
  const other = await testDatabase();
  const links = await Promise.all([1, 2, 3].map(() => firstStart(other.database, clockAt('2026-06-30'))));
  expect(new Set(links).size).toBe(3);
  const owner = await findUserByEmail(other.database, FIRST_USER_EMAIL);
  expect(owner === null ? [] : (await membershipsOf(other.database, owner.id)).map((one) => one.role)).toEqual(['owner']);
  if (owner !== null) await changePassword(other.database, owner.id, { hash: await hashPassword('cheval agrafe batterie'), keep: Buffer.alloc(32) });
  expect(await firstStart(other.database, clockAt('2026-06-30'))).toBeNull();
  await other.drop();
});

test('a link opens one session, within its hour, and only by POST', async () => {
  const cookie = await web.signedIn(organisation, 'owner');
  const { user } = (await web.ask('GET', '/api/session', { cookie })).json<{ user: { id: string } }>();
  const link = (): Promise<string> => createSignInLink(data.database, { user: user.id as never, organisation }, web.clock);
  const token = await link();
  await web.ask('GET', `/sign-in?token=${token}`);
  const first = await web.ask('POST', '/api/session/link', { body: { token } });
  expect(first.statusCode).toBe(200);
  expect(first.headers['set-cookie']).toMatch(/^acquit-session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/);
  expect((await web.ask('POST', '/api/session/link', { body: { token } })).statusCode).toBe(401);
  const late = await link();
  web.clock.set(after(LINK_MINUTES + 1));
  const expired = await web.ask('POST', '/api/session/link', { body: { token: late } });
  const unknown = await web.ask('POST', '/api/session/link', { body: { token: 'x'.repeat(43) } });
  expect([expired.statusCode, expired.body]).toEqual([unknown.statusCode, unknown.body]);
  web.clock.set(after(0));
});

test.each([
  ['used every quarter of an hour', Array.from({ length: SESSION_HOURS * 4 - 1 }, (_, index) => (index + 1) * 15), 200],
  ['left alone for half an hour', [IDLE_MINUTES + 1], 401],
  ['used all day and then some', [...Array.from({ length: SESSION_HOURS * 4 - 1 }, (_, index) => (index + 1) * 15), SESSION_HOURS * 60 + 1], 401],
] as const)('a session %s', async (_name, minutes, status) => {
  web.clock.set(after(0));
  const cookie = await web.signedIn(organisation, 'reader');
  let last = 0;
  for (const minute of minutes) {
    web.clock.set(after(minute));
    last = (await web.ask('GET', '/api/session', { cookie })).statusCode;
  }
  expect(last).toBe(status);
  web.clock.set(after(0));
});

test('sign-out ends the session on the server, not only in the browser', async () => {
  const cookie = await web.signedIn(organisation, 'reader');
  await web.ask('DELETE', '/api/session', { cookie });
  expect((await web.ask('GET', '/api/session', { cookie })).statusCode).toBe(401);
});

test('only hashes of tokens are stored', async () => {
  const cookie = await web.signedIn(organisation, 'reader');
  const token = cookie.split('=')[1] ?? '';
  const stored = await data.database.pool.query<{ all: string }>("select string_agg(encode(token_hash, 'escape') || encode(token_hash, 'base64'), ' ') as all from session");
  expect(stored.rows[0]?.all).not.toContain(token);
});

test('a new password ends every other session and opens the next one', async () => {
  const cookie = await web.signedIn(organisation, 'owner');
  const { user } = (await web.ask('GET', '/api/session', { cookie })).json<{ user: { id: string; email: string } }>();
  const elsewhere = await web.ask('POST', '/api/session/link', { body: { token: await createSignInLink(data.database, { user: user.id as never, organisation }, web.clock) } });
  const other = String(elsewhere.headers['set-cookie']).split(';')[0] ?? '';
  expect((await web.ask('PUT', '/api/account/password', { cookie, body: { current: '', next: 'quatre mots sans suite' } })).statusCode).toBe(200);
  expect((await web.ask('GET', '/api/session', { cookie: other })).statusCode).toBe(401);
  expect((await web.ask('GET', '/api/session', { cookie })).statusCode).toBe(200);
  const wrong = await web.ask('POST', '/api/session/password', { body: { email: user.email, password: 'quatre mots' } });
  const nobody = await web.ask('POST', '/api/session/password', { body: { email: 'nobody@acquit.test', password: 'quatre mots' } });
  expect([wrong.statusCode, wrong.body]).toEqual([nobody.statusCode, nobody.body]);
  expect((await web.ask('POST', '/api/session/password', { body: { email: user.email.toUpperCase(), password: 'quatre mots sans suite' } })).statusCode).toBe(200);
  expect((await web.ask('PUT', '/api/account/password', { cookie, body: { current: 'faux', next: 'cinq mots sans suite aucune' } })).json()).toMatchObject({ code: 'password.current' });
  await changePassword(data.database, user.id as never, { hash: await hashPassword('x'.repeat(20)), keep: Buffer.alloc(32) });
});

test('tries at signing in are limited', async () => {
  const limited = await testWeb(data);
  const statuses: number[] = [];
  for (let count = 0; count < 12; count += 1) statuses.push((await limited.ask('POST', '/api/session/link', { body: { token: `${count}`.padStart(43, 'z') } })).statusCode);
  expect(statuses.slice(0, 10).every((status) => status === 401)).toBe(true);
  expect(statuses.slice(10)).toEqual([429, 429]);
  await limited.app.close();
});

test.each([
  ['trop court', false], ['motdepasse2026', false], ['aaaaaaaaaaaaaaaa', false], ['claire.duval-2026', false], ['cheval agrafe batterie', true], ['x'.repeat(201), false],
])('the password "%s" is %s', (password, good) => {
  expect(passwordProblem(password, { email: 'claire.duval@acquit.test', name: 'Claire' }) === null).toBe(good);
});

test('passwords are salted, and nothing stored means no', async () => {
  const [one, two] = [await hashPassword('cheval agrafe batterie'), await hashPassword('cheval agrafe batterie')];
  expect(one).not.toBe(two);
  expect(await verifyPassword('cheval agrafe batterie', one)).toBe(true);
  expect(await verifyPassword('cheval agrafe batteriE', one)).toBe(false);
  expect(await verifyPassword('', null)).toBe(false);
});

test('over HTTPS the cookie has the host prefix and is secure', async () => {
  const https = await testWeb(data, { environment: { ACQUIT_BASE_URL: 'https://acquit.example.com' } });
  const owner = await https.signedIn(organisation, 'owner');
  const { user } = (await web.ask('GET', '/api/session', { cookie: owner })).json<{ user: { id: string } }>();
  const token = await createSignInLink(data.database, { user: user.id as never, organisation }, https.clock);
  const opened = await https.ask('POST', '/api/session/link', { body: { token }, headers: { host: 'acquit.example.com', origin: 'https://acquit.example.com' } });
  expect(opened.headers['set-cookie']).toMatch(/^__Host-acquit=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Lax$/);
  expect(opened.headers['strict-transport-security']).toContain('max-age=31536000');
  await https.app.close();
});
