import { afterAll, beforeAll, expect, test } from 'vitest';
import { day } from '#core/kernel/day.ts';
import type { OrganisationId } from '#core/kernel/id.ts';
import { must } from '#core/kernel/result.ts';
import { createTeller } from '#server/intake/inbox/inbox-state.ts';
import { createLog } from '#server/plumbing/log.ts';
import { readSettings } from '#server/plumbing/settings.ts';
import { testDatabase } from '#server/testing/database.ts';
import type { TestDatabase } from '#server/testing/database.ts';
import { clockAt, givenOrganisation } from '#server/testing/given.ts';
import { scratchFolder } from '#server/testing/scratch.ts';
import { inboxCommand } from './inbox.ts';

let db: TestDatabase;
let organisation: OrganisationId;
beforeAll(async () => {
  db = await testDatabase();
  organisation = await givenOrganisation(db.database);
});
afterAll(() => db.drop());

test('delivery reports are counted in both languages, and nothing is said where none came', async () => {
  const dataDir = await scratchFolder();
  const clock = clockAt('2026-03-02');
  const said = async (language: 'fr' | 'en'): Promise<{ data: object; text: string }> => {
    let printed: { data: object; text: string } = { data: {}, text: '' };
    await inboxCommand.run({
      words: [], options: {}, json: false, language, dataDir, settings: must(readSettings({})), log: createLog('silent'), clock, today: day('2026-03-02'), organisation, actor: 'cli:root',
      store: { database: db.database } as never, print: (data: object, text: () => string) => void (printed = { data, text: text() })
    });
    return printed;
  };
  const teller = createTeller({ dataDir, clock, log: createLog('silent') });
  await teller.tell('mailbox', null);
  expect((await said('fr')).text).not.toMatch(/Avis/);
  await teller.count('mailbox', { noted: 1, bounces: 1, left: 0 });
  await teller.count('mailbox', { noted: 1, bounces: 0, left: 0 });
  await teller.count('mailbox', { noted: 0, bounces: 0, left: 1 });
  expect((await said('fr')).text).toMatch(/Avis de non-remise et plaintes depuis 2026-03-02 08:00 : 2 notés/);
  expect((await said('en')).text).toMatch(/Delivery reports and complaints since 2026-03-02 08:00: 2 noted .* 1 left in the mailbox/);
  expect((await said('fr')).data).toMatchObject({ state: { mailbox: { code: null, reports: { noted: 2, bounces: 1, left: 1 } } } });
});
