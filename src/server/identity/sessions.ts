import { createHash } from 'node:crypto';
import type { Clock, Instant } from '#core/kernel/clock.ts';
import type { OrganisationId, UserId } from '#core/kernel/id.ts';
import type { Database } from '#server/plumbing/database.ts';
import { newSecret } from '#server/plumbing/random.ts';
import type { Role } from './users.ts';

/** A session nobody uses ends after this long (ASVS 5.0, 7.3.1). */
export const IDLE_MINUTES = 30;
/** And none lasts longer than a working day, used or not (7.3.2). */
export const SESSION_HOURS = 12;
/** `seen_at` is written at most this often, so that reading pages does not write rows. */
const SEEN_EVERY_SECONDS = 60;
/** Sessions of one person at once; the oldest go. */
const SESSIONS_MAX = 20;

/** A session as a request carries it. */
export type Session = {
  readonly tokenHash: Buffer;
  readonly user: UserId;
  readonly organisation: OrganisationId;
  readonly role: Role;
  readonly expiresAt: Instant;
};

/** What is stored of a secret: its SHA-256 (the secret has 256 bits of its own, so no salt is needed). */
export const hashSecret = (secret: string): Buffer => createHash('sha256').update(secret).digest();

const later = (instant: Instant, milliseconds: number): Instant => new Date(Date.parse(instant) + milliseconds).toISOString() as Instant;

/** Opens a session; gives the token, which exists nowhere else. */
export async function openSession(database: Database, of: { user: UserId; organisation: OrganisationId }, clock: Clock): Promise<{ token: string; expiresAt: Instant }> {
  const token = newSecret();
  const now = clock.now();
  const expiresAt = later(now, SESSION_HOURS * 3_600_000);
  await database.inTransaction(async (client) => {
    await client.query('delete from session where expires_at <= $1 or seen_at <= $2', [now, later(now, -IDLE_MINUTES * 60_000)]);
    await client.query(
      `delete from session where token_hash in (select token_hash from session where user_id = $1 order by created_at desc offset $2)`, [of.user, SESSIONS_MAX - 1]);
    await client.query(
      'insert into session (token_hash, user_id, organisation_id, created_at, seen_at, expires_at) values ($1, $2, $3, $4, $4, $5)',
      [hashSecret(token), of.user, of.organisation, now, expiresAt]);
  });
  return { token, expiresAt };
}

type SessionRow = { user_id: UserId; organisation_id: OrganisationId; role: Role; seen_at: Instant; expires_at: Instant };

/** The session of a token, or null when there is none, it has ended, or its person is no longer a member. */
export async function findSession(database: Database, token: string, clock: Clock): Promise<Session | null> {
  const tokenHash = hashSecret(token);
  const now = clock.now();
  const found = await database.pool.query<SessionRow>(
    `select s.user_id, s.organisation_id, m.role, s.seen_at, s.expires_at from session s
      join membership m on m.organisation_id = s.organisation_id and m.user_id = s.user_id
      where s.token_hash = $1 and s.expires_at > $2 and s.seen_at > $3`, [tokenHash, now, later(now, -IDLE_MINUTES * 60_000)]);
  const row = found.rows[0];
  if (row === undefined) return null;
  if (later(row.seen_at, SEEN_EVERY_SECONDS * 1000) < now) {
    await database.pool.query('update session set seen_at = $2 where token_hash = $1', [tokenHash, now]);
  }
  return { tokenHash, user: row.user_id, organisation: row.organisation_id, role: row.role, expiresAt: row.expires_at };
}

/** Ends a session; one that does not exist is ended already. */
export async function closeSession(database: Database, tokenHash: Buffer): Promise<void> {
  await database.pool.query('delete from session where token_hash = $1', [tokenHash]);
}

/** Moves a session to another organisation of the same person; false when the person is not a member there. */
export async function switchOrganisation(database: Database, session: Session, organisation: OrganisationId): Promise<boolean> {
  const moved = await database.pool.query(
    `update session set organisation_id = $2 where token_hash = $1
      and exists (select from membership m where m.organisation_id = $2 and m.user_id = $3)`, [session.tokenHash, organisation, session.user]);
  return moved.rowCount === 1;
}
