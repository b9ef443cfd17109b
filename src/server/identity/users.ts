import type { PoolClient } from 'pg';
import type { Instant } from '#core/kernel/clock.ts';
import type { OrganisationId, UserId } from '#core/kernel/id.ts';
import type { Language } from '#core/kernel/text.ts';
import type { Database } from '#server/plumbing/database.ts';

/** What a person may do in an organisation, from the least. */
export const ROLES = ['reader', 'collector', 'owner'] as const;
export type Role = (typeof ROLES)[number];

/** True when a role may do what another one may. */
export const atLeast = (role: Role, needed: Role): boolean => ROLES.indexOf(role) >= ROLES.indexOf(needed);

/** A person who signs in. */
export type User = { readonly id: UserId; readonly email: string; readonly name: string; readonly language: Language; readonly passwordHash: string | null };

type UserRow = { user_id: UserId; email: string; name: string; language: Language; password_hash: string | null };

const userOf = (row: UserRow): User => ({ id: row.user_id, email: row.email, name: row.name, language: row.language, passwordHash: row.password_hash });

/** Creates a person; the e-mail is kept in lower case and must be free. */
export async function createUser(client: PoolClient, given: { email: string; name: string; language: Language }, now: Instant): Promise<UserId> {
  const made = await client.query<{ user_id: UserId }>(
    'insert into app_user (email, name, language, created_at) values (lower($1), $2, $3, $4) returning user_id', [given.email, given.name, given.language, now]);
  const row = made.rows[0];
  if (row === undefined) throw new Error('no user row');
  return row.user_id;
}

/** Makes a person a member of an organisation, or changes the role. */
export async function addMember(client: PoolClient, member: { organisation: OrganisationId; user: UserId; role: Role }): Promise<void> {
  await client.query(
    'insert into membership (organisation_id, user_id, role) values ($1, $2, $3) on conflict (organisation_id, user_id) do update set role = excluded.role',
    [member.organisation, member.user, member.role]);
}

/** Makes the installation's first person the owner of an organisation made beside the web app, where nobody would see it otherwise; nobody yet: nothing. */
export async function addFirstUser(client: PoolClient, organisation: OrganisationId): Promise<void> {
  await client.query(
    `insert into membership (organisation_id, user_id, role) select $1, min(user_id), 'owner' from app_user having min(user_id) is not null`, [organisation]);
}

/** The person of an e-mail address, or null. */
export async function findUserByEmail(database: Database, email: string): Promise<User | null> {
  const found = await database.pool.query<UserRow>('select user_id, email, name, language, password_hash from app_user where email = lower($1)', [email]);
  return found.rows[0] === undefined ? null : userOf(found.rows[0]);
}

/** The person of an id; throws when there is none. */
export async function readUser(database: Database, id: UserId): Promise<User> {
  const found = await database.pool.query<UserRow>('select user_id, email, name, language, password_hash from app_user where user_id = $1', [id]);
  if (found.rows[0] === undefined) throw new Error('a session without its user');
  return userOf(found.rows[0]);
}

/** Changes what a person says of themselves. False when the e-mail belongs to somebody else. */
export async function updateUser(database: Database, id: UserId, given: { name: string; email: string; language: Language }): Promise<boolean> {
  const done = await database.pool.query(
    `update app_user set name = $2, email = lower($3), language = $4 where user_id = $1
      and not exists (select from app_user other where other.email = lower($3) and other.user_id <> $1)`, [id, given.name, given.email, given.language]);
  return done.rowCount === 1;
}

/** Keeps a new password and ends every session of the person but one. */
export async function changePassword(database: Database, id: UserId, change: { hash: string; keep: Buffer }): Promise<void> {
  await database.inTransaction(async (client) => {
    await client.query('update app_user set password_hash = $2 where user_id = $1', [id, change.hash]);
    await client.query('delete from session where user_id = $1 and token_hash <> $2', [id, change.keep]);
    await client.query('delete from sign_in_link where user_id = $1', [id]);
  });
}

/** One organisation of a person. */
export type MembershipRow = { readonly id: OrganisationId; readonly code: string; readonly role: Role };

/** The organisations of a person, oldest first. */
export async function membershipsOf(database: Database, user: UserId): Promise<MembershipRow[]> {
  const found = await database.pool.query<{ organisation_id: OrganisationId; code: string; role: Role }>(
    `select m.organisation_id, o.code, m.role from membership m join organisation o on o.organisation_id = m.organisation_id
      where m.user_id = $1 order by m.organisation_id`, [user]);
  return found.rows.map((row) => ({ id: row.organisation_id, code: row.code, role: row.role }));
}

/** Names of an organisation's members by how events call them (`user:12`). */
export async function memberNames(database: Database, organisation: OrganisationId): Promise<Map<string, string>> {
  const found = await database.pool.query<{ user_id: string; name: string }>(
    'select u.user_id, u.name from membership m join app_user u on u.user_id = m.user_id where m.organisation_id = $1', [organisation]);
  return new Map(found.rows.map((row) => [`user:${row.user_id}`, row.name]));
}
