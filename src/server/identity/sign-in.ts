import type { PoolClient } from 'pg';
import type { Clock, Instant } from '#core/kernel/clock.ts';
import type { OrganisationId, UserId } from '#core/kernel/id.ts';
import type { Database } from '#server/plumbing/database.ts';
import { newSecret } from '#server/plumbing/random.ts';
import { verifyPassword } from './passwords.ts';
import { hashSecret } from './sessions.ts';
import { findUserByEmail, membershipsOf } from './users.ts';

/** A link is for the person at the terminal, now; another one is made by a command. */
export const LINK_MINUTES = 60;

/** Who is in, and where. */
export type SignedIn = { readonly user: UserId; readonly organisation: OrganisationId };

/** Makes a one-time link in the caller's transaction; gives its token. */
export async function insertLink(client: PoolClient, of: SignedIn, now: Instant): Promise<string> {
  const token = newSecret();
  const expiresAt = new Date(Date.parse(now) + LINK_MINUTES * 60_000).toISOString();
  await client.query('delete from sign_in_link where expires_at <= $1 or used_at is not null', [now]);
  await client.query(
    'insert into sign_in_link (token_hash, user_id, organisation_id, created_at, expires_at) values ($1, $2, $3, $4, $5)',
    [hashSecret(token), of.user, of.organisation, now, expiresAt]);
  return token;
}

/** Makes a one-time link of a person; gives its token, to be printed after `/sign-in#`. */
export async function createSignInLink(database: Database, of: SignedIn, clock: Clock): Promise<string> {
  return database.inTransaction((client) => insertLink(client, of, clock.now()));
}

/** Uses a link up. Null for one that is unknown, used or expired: the three look the same from outside. */
export async function exchangeLink(database: Database, token: string, clock: Clock): Promise<SignedIn | null> {
  const used = await database.pool.query<{ user_id: UserId; organisation_id: OrganisationId }>(
    `update sign_in_link set used_at = $2 where token_hash = $1 and used_at is null and expires_at > $2 returning user_id, organisation_id`,
    [hashSecret(token), clock.now()]);
  const row = used.rows[0];
  return row === undefined ? null : { user: row.user_id, organisation: row.organisation_id };
}

/** Checks an e-mail and password. Null when they do not belong together, whichever is wrong, after the same time. */
export async function signInWithPassword(database: Database, given: { email: string; password: string }): Promise<SignedIn | null> {
  const user = await findUserByEmail(database, given.email);
  const right = await verifyPassword(given.password, user?.passwordHash ?? null);
  if (!right || user === null) return null;
  const [first] = await membershipsOf(database, user.id);
  return first === undefined ? null : { user: user.id, organisation: first.id };
}
