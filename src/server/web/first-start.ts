import type { Clock } from '#core/kernel/clock.ts';
import type { OrganisationId, UserId } from '#core/kernel/id.ts';
import { createOrganisation } from '#server/identity/create-organisation.ts';
import { insertLink } from '#server/identity/sign-in.ts';
import { addMember, createUser } from '#server/identity/users.ts';
import type { Database } from '#server/plumbing/database.ts';

/** Address of the first person until they give their own: the reserved domain of RFC 2606 receives nothing. */
export const FIRST_USER_EMAIL = 'owner@acquit.invalid';

/** Any two processes that start on a new database take this lock in turn; the second finds the first one's user. */
const FIRST_START_LOCK = 4_180_006;

/**
 * While nobody has a password yet, who starts the program gets a one-time link at every start: on a new database it creates the
 * owner and an empty organisation unless there is one. Gives the link's token, or null once somebody can sign in with a password.
 */
export async function firstStart(database: Database, clock: Clock): Promise<string | null> {
  return database.inTransaction(async (client) => {
    await client.query('select pg_advisory_xact_lock($1)', [FIRST_START_LOCK]);
    const people = await client.query<{ user_id: UserId; organisation_id: OrganisationId; secured: boolean }>(
      `select u.user_id, m.organisation_id, bool_or(u.password_hash is not null) over () as secured
      from app_user u join membership m on m.user_id = u.user_id order by u.user_id, m.organisation_id`);
    const [first] = people.rows;
    if (first !== undefined) return first.secured ? null : insertLink(client, { user: first.user_id, organisation: first.organisation_id }, clock.now());
    const now = clock.now();
    const user = await createUser(client, { email: FIRST_USER_EMAIL, name: 'Propriétaire', language: 'fr' }, now);
    const known = await client.query<{ organisation_id: OrganisationId }>('select organisation_id from organisation order by organisation_id');
    const organisations = known.rows.map((row) => row.organisation_id);
    if (organisations.length === 0) organisations.push(await createOrganisation(client, { code: 'main', name: 'Ma société' }, { now, actor: `user:${user}` }));
    for (const organisation of organisations) await addMember(client, { organisation, user, role: 'owner' });
    const [organisation] = organisations;
    if (organisation === undefined) throw new Error('no organisation to sign in to');
    return insertLink(client, { user, organisation }, now);
  });
}
