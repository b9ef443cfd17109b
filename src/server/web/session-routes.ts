import { parseCurrency } from '#core/kernel/currency.ts';
import type { SessionView } from '#core/api/session.ts';
import { parseRecipient } from '#core/kernel/email-address.ts';
import type { GlobalStop } from '#server/dunning/global-stop.ts';
import { hashPassword, passwordProblem, verifyPassword } from '#server/identity/passwords.ts';
import { hashSecret, openSession, switchOrganisation } from '#server/identity/sessions.ts';
import type { Session } from '#server/identity/sessions.ts';
import { exchangeLink, signInWithPassword } from '#server/identity/sign-in.ts';
import type { SignedIn } from '#server/identity/sign-in.ts';
import { changePassword, membershipsOf, memberNames, readUser, updateUser } from '#server/identity/users.ts';
import type { MembershipRow } from '#server/identity/users.ts';
import { actorOf, endSession, sessionOf } from './access.ts';
import type { WebContext } from './context.ts';
import { clearSessionCookie, sessionToken, setSessionCookie } from './cookie.ts';
import { accountBody, linkBody, organisationBody, passwordBody, passwordSignInBody, sessionSchema } from './contracts/session-shapes.ts';
import { doneSchema } from './contracts/shapes.ts';
import { readFrozen } from './journal-query.ts';
import { Refusal, invalid, notFound } from './refusal.ts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { WebApp } from './web-app.ts';

/** Sign-ins one address may try in the window; a person who forgot needs fewer. */
const TRIES_MAX = 10;
const TRIES_WINDOW = '5 minutes';
/** And for one account from anywhere, so that many addresses do not add up. */
const TRIES_PER_ACCOUNT_MAX = 20;
/** Checks of the present password a signed-in person may get wrong. */
const PASSWORD_CHANGES_MAX = 10;

type ProfileRow = { name: string; sample: boolean; currency: string; time_zone: string; empty: boolean; test_address: string | null; stop: GlobalStop | null };

async function profileOf(web: WebContext, membership: MembershipRow): Promise<ProfileRow> {
  return web.database.inTenant(membership.id, async (t) => {
    const row = await t.one<ProfileRow>(t.sql`
      select p.name, p.sample, p.currency, p.time_zone, p.sending ->> 'testAddress' as test_address,
        case when (p.dunning ->> 'globalStop')::boolean then coalesce(p.stop, '{"reason": null, "at": null, "by": null}'::jsonb) end as stop,
        not exists (select from ${t.from('import')} i) and not exists (select from ${t.from('customer')} c) as empty
      from ${t.from('profile')} p`);
    if (row === null) throw new Error('the organisation has no profile');
    return row;
  }, { readOnly: true });
}

async function stopView(web: WebContext, session: Session, stop: GlobalStop): Promise<SessionView['stop']> {
  const names = stop.by === null ? null : await memberNames(web.database, session.organisation);
  return { reason: stop.reason, at: stop.at, by: stop.by === null ? null : (names?.get(stop.by) ?? stop.by), mayEnd: session.role === 'owner' || stop.by === actorOf(session) };
}

async function sessionView(web: WebContext, session: Session): Promise<SessionView> {
  const user = await readUser(web.database, session.user);
  const memberships = await membershipsOf(web.database, session.user);
  const organisations = await Promise.all(memberships.map(async (one) => ({ ...one, profile: await profileOf(web, one) })));
  const views = organisations.map(({ profile, ...one }) => ({ ...one, name: profile.name, sample: profile.sample }));
  const index = organisations.findIndex((one) => one.id === session.organisation);
  const [view, profile] = [views[index], organisations[index]?.profile];
  if (view === undefined || profile === undefined) throw new Error('a session outside its memberships');
  return {
    user: { id: user.id, name: user.name, email: user.email.endsWith('.invalid') ? '' : user.email, language: user.language, hasPassword: user.passwordHash !== null },
    organisation: { ...view, currency: parseCurrency(profile.currency) ?? 'EUR', timeZone: profile.time_zone, today: web.clock.today(profile.time_zone), empty: profile.empty },
    organisations: views,
    channels: { mail: web.carriers.mail !== null, letter: web.carriers.letter !== null },
    testAddress: profile.test_address,
    stop: profile.stop === null ? null : await stopView(web, session, profile.stop),
    frozen: await readFrozen(web.database, session),
    expiresAt: session.expiresAt,
  };
}

/** Opens a new session in place of whatever the browser held, and says who is in. */
async function signIn(web: WebContext, of: { request: FastifyRequest; reply: FastifyReply }, who: SignedIn): Promise<SessionView> {
  await endSession(web, of.request.session);
  const { token, expiresAt } = await openSession(web.database, who, web.clock);
  setSessionCookie(of.reply, web.settings, token);
  const membership = (await membershipsOf(web.database, who.user)).find((one) => one.id === who.organisation);
  if (membership === undefined) throw notFound('Cette organisation n’existe plus.', 'This organisation no longer exists.');
  return sessionView(web, { ...who, tokenHash: hashSecret(token), role: membership.role, expiresAt });
}

function signInRoutes(app: WebApp, web: WebContext): void {
  const perAccount = app.createRateLimit({
    max: TRIES_PER_ACCOUNT_MAX, timeWindow: TRIES_WINDOW,
    keyGenerator: (request) => `account:${passwordSignInBody.safeParse(request.body).data?.email.toLowerCase() ?? ''}`,
  });
  app.route({
    method: 'POST', url: '/api/session/link', config: { access: 'public', rateLimit: { max: TRIES_MAX, timeWindow: TRIES_WINDOW } },
    schema: { body: linkBody, response: { 200: sessionSchema } },
    handler: async (request, reply) => {
      const who = await exchangeLink(web.database, request.body.token, web.clock);
      if (who === null) {
        throw new Refusal(401, 'signIn.link', { fr: 'Ce lien a déjà servi ou a expiré. Relancez le serveur : il en imprime un autre tant qu’aucun mot de passe n’est choisi ; sinon, connectez-vous par mot de passe.', en: 'This link has been used or has expired. Restart the server: it prints another until a password is chosen; else sign in with your password.' });
      }
      return signIn(web, { request, reply }, who);
    },
  });
  app.route({
    method: 'POST', url: '/api/session/password', config: { access: 'public', rateLimit: { max: TRIES_MAX, timeWindow: TRIES_WINDOW } },
    schema: { body: passwordSignInBody, response: { 200: sessionSchema } },
    handler: async (request, reply) => {
      const tries = await perAccount(request);
      if (!tries.isAllowed && tries.isExceeded) throw new Refusal(429, 'signIn.tooMany', { fr: 'Trop d’essais pour ce compte : attendez quelques minutes.', en: 'Too many tries for this account: wait a few minutes.' });
      const who = await signInWithPassword(web.database, request.body);
      if (who === null) {
        throw new Refusal(401, 'signIn.wrong', { fr: 'L’adresse e-mail ou le mot de passe n’est pas le bon.', en: 'The e-mail address or the password is not right.' });
      }
      return signIn(web, { request, reply }, who);
    },
  });
}

function accountRoutes(app: WebApp, web: WebContext): void {
  app.route({
    method: 'PUT', url: '/api/account', config: { access: { signedIn: 'reader' } },
    schema: { body: accountBody, response: { 200: doneSchema } },
    handler: async (request) => {
      const email = parseRecipient(request.body.email.toLowerCase());
      if (!email.ok) throw new Refusal(422, 'account.email', { fr: 'Cette adresse e-mail n’est pas de la forme nom@domaine.fr : corrigez-la.', en: 'This e-mail address is not of the form name@domain.com: correct it.' });
      const free = await updateUser(web.database, sessionOf(request).user, { ...request.body, email: email.value });
      if (!free) throw invalid('account.email', 'Cette adresse e-mail est celle d’un autre compte.', 'This e-mail address belongs to another account.');
      return { done: true } as const;
    },
  });
  app.route({
    method: 'PUT', url: '/api/account/password', config: { access: { signedIn: 'reader' }, rateLimit: { max: PASSWORD_CHANGES_MAX, timeWindow: TRIES_WINDOW } },
    schema: { body: passwordBody, response: { 200: doneSchema } },
    handler: async (request) => {
      const session = sessionOf(request);
      const user = await readUser(web.database, session.user);
      if (user.passwordHash !== null && !(await verifyPassword(request.body.current, user.passwordHash))) {
        throw invalid('password.current', 'Le mot de passe actuel n’est pas le bon.', 'The present password is not right.');
      }
      if (user.email.endsWith('.invalid')) throw invalid('password.email', 'Donnez d’abord votre adresse e-mail : elle sert à vous connecter avec le mot de passe.', 'Give your e-mail address first: it is what you sign in with, beside the password.');
      const problem = passwordProblem(request.body.next, user);
      if (problem !== null) throw new Refusal(422, 'password.next', problem);
      await changePassword(web.database, user.id, { hash: await hashPassword(request.body.next), keep: session.tokenHash });
      return { done: true } as const;
    },
  });
}

/** Sign-in by link or password, sign-out, and what a person says of themselves. */
export function sessionRoutes(app: WebApp, web: WebContext): void {
  signInRoutes(app, web);
  accountRoutes(app, web);
  app.route({
    method: 'GET', url: '/api/session', config: { access: { signedIn: 'reader' } }, schema: { response: { 200: sessionSchema } },
    handler: (request) => sessionView(web, sessionOf(request)),
  });
  app.route({
    method: 'DELETE', url: '/api/session', config: { access: 'public' }, schema: { response: { 200: doneSchema } },
    handler: async (request, reply) => {
      await endSession(web, request.session);
      if (sessionToken(request, web.settings) !== null) clearSessionCookie(reply, web.settings);
      return { done: true } as const;
    },
  });
  app.route({
    method: 'PUT', url: '/api/session/organisation', config: { access: { signedIn: 'reader' } },
    schema: { body: organisationBody, response: { 200: doneSchema } },
    handler: async (request) => {
      const moved = await switchOrganisation(web.database, sessionOf(request), request.body.organisation);
      if (!moved) throw notFound('Cette organisation n’existe pas, ou vous n’en êtes pas membre.', 'This organisation does not exist, or you are not a member of it.');
      return { done: true } as const;
    },
  });
}
