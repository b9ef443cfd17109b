import { afterAll, beforeAll, expect, test } from 'vitest';
import { day } from '#core/kernel/day.ts';
import type { ActionId, OrganisationId } from '#core/kernel/id.ts';
import { addMember, createUser } from '#server/identity/users.ts';
import type { Role } from '#server/identity/users.ts';
import { createLog } from '#server/plumbing/log.ts';
import { testDatabase } from '#server/testing/database.ts';
import type { TestDatabase } from '#server/testing/database.ts';
import { clockAt } from '#server/testing/given.ts';
import { givenDebtors, runOn, setSending } from '#server/testing/outbox.ts';
import { EXIT, Stop } from './context.ts';
import { approveCommand, resumeCommand } from './dunning.ts';

let db: TestDatabase;
let organisation: OrganisationId;
let notice: ActionId;
beforeAll(async () => {
  db = await testDatabase();
  organisation = await givenDebtors(db.database, [{ code: 'C1', email: 'compta@alpha.example' }]);
  await setSending(db.database, organisation, { fourEyes: true });
  const [only] = await runOn(db.database, organisation, '2026-03-02');
  if (only === undefined) throw new Error('nothing was proposed');
  notice = only;
  await db.database.inTenant(organisation, (t) => t.run(t.sql`${t.update('action', 'a')} set formal_notice = true where ${t.own('a')}`));
  for (const [name, role] of [['claire', 'owner'], ['yves', 'collector'], ['lise', 'reader']] as const) await givenMember(name, role);
});
afterAll(() => db.drop());

const givenMember = (name: string, role: Role): Promise<void> => db.database.inTransaction(async (client) => {
  const user = await createUser(client, { email: `${name}@duval.test`, name, language: 'fr' }, clockAt('2026-03-02').now());
  await addMember(client, { organisation, user, role });
});

/** Calls a command as the program would; gives its exit status and what it printed. */
async function call(command: typeof approveCommand, words: readonly string[], options: Record<string, string | boolean> = {}): Promise<{ status: number; said: object }> {
  let said: object = {};
  const clock = clockAt('2026-03-02');
  try {
    const status = await command.run({
      words, options, json: true, language: 'fr', dataDir: '.', settings: {} as never, log: createLog('silent'), clock, today: day('2026-03-02'), organisation, actor: 'cli:root',
      store: { database: db.database, close: async () => undefined } as never,
      print: (document) => {
        said = document;
      },
    });
    return { status, said };
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    return { status: error.status, said: error.said };
  }
}

test('approve: two persons named by --as; nobody, a stranger, a reader and the same person again are refused with a sentence', async () => {
  expect(await call(approveCommand, [notice])).toMatchObject({ status: EXIT.refused, said: { approved: 0, refused: [notice], message: expect.stringMatching(/--as/) as string } });
  expect(await call(approveCommand, [notice], { as: 'inconnu@duval.test' })).toMatchObject({ status: EXIT.refused, said: { fr: expect.stringMatching(/ne peut approuver/) as string } });
  expect(await call(approveCommand, [notice], { as: 'lise@duval.test' })).toMatchObject({ status: EXIT.refused });
  expect(await call(approveCommand, [notice], { as: 'claire@duval.test' })).toMatchObject({ status: EXIT.done, said: { approved: 0, approvedOnce: [notice] } });
  expect(await call(approveCommand, [notice], { as: 'Claire@duval.test' })).toMatchObject({ status: EXIT.refused, said: { approved: 0, refused: [notice], message: expect.stringMatching(/seconde personne/) as string } });
  expect(await call(approveCommand, [notice], { as: 'yves@duval.test' })).toMatchObject({ status: EXIT.done, said: { approved: 1, actions: [notice] } });
});

test('resume: wants a reason, and something that is stopped', async () => {
  expect(await call(resumeCommand, [])).toMatchObject({ status: EXIT.usage });
  expect(await call(resumeCommand, [], { reason: 'Liste nettoyée' })).toMatchObject({ status: EXIT.refused, said: { fr: expect.stringMatching(/pas arrêté/) as string } });
  await db.database.inTenant(organisation, (t) => t.run(t.sql`
    ${t.into('sending_halt', 'cause, mails, bounces, complaints, opened_at')} values (${t.org}, 'bounces', 100, 5, 0, now())`));
  expect(await call(resumeCommand, [], { reason: 'Liste nettoyée' })).toMatchObject({ status: EXIT.done, said: { resumed: true } });
});
