import type { UserId } from '#core/kernel/id.ts';
import { createSignInLink } from '#server/identity/sign-in.ts';
import { findUserByEmail, membershipsOf } from '#server/identity/users.ts';
import { EXIT, Stop } from './context.ts';
import type { Command, Context } from './context.ts';

/** The person asked for, or the installation's first one. */
async function whom(context: Context): Promise<UserId | null> {
  const { email } = context.options;
  if (typeof email === 'string') return (await findUserByEmail(context.store.database, email))?.id ?? null;
  const first = await context.store.database.pool.query<{ user_id: UserId }>('select user_id from app_user order by user_id limit 1');
  return first.rows[0]?.user_id ?? null;
}

/** `acquit sign-in-link`: a one-time link for somebody who forgot the password; whoever can run this owns the data folder anyway. */
export const signInLinkCommand: Command = {
  about: { fr: 'un lien de connexion à usage unique (mot de passe oublié)', en: 'a one-time sign-in link (forgotten password)' },
  usage: 'sign-in-link [--email E]',
  options: { email: { type: 'string' } },
  words: [0, 0],
  anyOrganisation: true,
  run: async (context) => {
    const user = await whom(context);
    const [membership] = user === null ? [] : await membershipsOf(context.store.database, user);
    if (user === null || membership === undefined) {
      throw new Stop(EXIT.refused, { fr: 'Personne de ce nom ici ; « acquit serve » crée la première personne.', en: 'Nobody of that name here; "acquit serve" creates the first person.' });
    }
    const token = await createSignInLink(context.store.database, { user, organisation: membership.id }, context.clock);
    const base = context.settings.ACQUIT_BASE_URL ?? `http://${context.settings.ACQUIT_HOST}:${context.settings.ACQUIT_PORT}`;
    const link = `${base}/sign-in#${token}`;
    context.print({ link }, () => `${link}\n`);
    return EXIT.done;
  },
};
