import type { OrganisationId } from '#core/kernel/id.ts';
import type { Clock } from '#core/kernel/clock.ts';
import { must } from '#core/kernel/result.ts';
import { joinWorkers } from '#server/channels/worker-presence.ts';
import { openSession } from '#server/identity/sessions.ts';
import { addMember, createUser } from '#server/identity/users.ts';
import { openLetterMaker } from '#server/letters/pdf.ts';
import type { Database } from '#server/plumbing/database.ts';
import { createLog } from '#server/plumbing/log.ts';
import { readSettings } from '#server/plumbing/settings.ts';
import { createApp } from '#server/web/app.ts';
import { benchGuard } from './guard.ts';

/** The web app on a free port with an owner signed in, while `work` asks it things. */
export async function whileServed<T>(of: { database: Database; organisation: OrganisationId; clock: Clock }, work: (at: { address: string; cookie: string }) => Promise<T>): Promise<T> {
  const { database, organisation, clock } = of;
  const user = await database.inTransaction(async (client) => {
    const made = await createUser(client, { email: 'bench@acquit.example', name: 'Bench', language: 'fr' }, clock.now());
    await addMember(client, { organisation, user: made, role: 'owner' });
    return made;
  });
  const { token } = await openSession(database, { user, organisation }, clock);
  const worker = await joinWorkers(database);
  const app = await createApp({
    database, settings: must(readSettings({})), clock, log: createLog('silent'), letters: must(await openLetterMaker()),
    carriers: { mail: null, letter: null }, sender: { from: null, instance: 'bench' }, worker, guard: benchGuard(database),
  });
  try {
    return await work({ address: await app.listen({ host: '127.0.0.1', port: 0 }), cookie: `acquit-session=${token}` });
  } finally {
    await app.close();
    await worker.leave();
  }
}
