import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ImportView } from '#core/api/imports.ts';
import type { MatchingSettings, MatchingSummary } from '#core/api/matching.ts';
import { listOrganisations } from '#server/identity/organisations.ts';
import { createTeller } from '#server/intake/inbox/inbox-state.ts';
import { INBOX_ACTOR } from '#server/intake/inbox/take-in.ts';
import { watchFolder } from '#server/intake/inbox/watch-folder.ts';
import { matchAfterImport } from '#server/matching/automatic.ts';
import { by } from '#server/matching/testing/given-money.ts';
import { createLog } from '#server/plumbing/log.ts';
import { openLines, verified } from '#server/review/given-ledger.ts';
import { camt053Of } from '#server/testing/bank-files.ts';
import { linesOf } from '#server/testing/books.ts';
import { testDatabase } from '#server/testing/database.ts';
import type { TestDatabase } from '#server/testing/database.ts';
import { dropFiles } from '#server/testing/drops.ts';
import { clockAt, fecOf, givenOrganisation } from '#server/testing/given.ts';
import { scratchFolder } from '#server/testing/scratch.ts';
import { testWeb } from '#server/testing/web.ts';
import type { TestWeb } from '#server/testing/web.ts';

let data: TestDatabase;
let web: TestWeb;
beforeAll(async () => {
  data = await testDatabase();
  web = await testWeb(data);
});
afterAll(async () => {
  await web.app.close();
  await data.drop();
});

const LEDGER = { name: '000000000FEC20261231.txt', content: fecOf([
  { code: 'C1', piece: 'FA-1001', on: '2026-02-01', debit: '50,00' }, { code: 'C2', piece: 'FA-2001', on: '2026-02-03', debit: '70,00' },
  { code: 'C9', piece: 'FA-0900', on: '2026-01-03', debit: '9,00', letter: 'AA' }, { code: 'C9', piece: 'RC-0900', on: '2026-01-09', credit: '9,00', letter: 'AA' },
]) };
const STATEMENT = { name: 'releve.xml', content: camt053Of({ from: '2026-03-02', until: '2026-03-02', opening: 0, movements: [{ on: '2026-03-02', cents: 50_00, name: 'Inconnu', text: 'FA-1001' }, { on: '2026-03-02', cents: 33_00, name: 'Inconnu', text: 'merci' }] }) };

test('once all that was dropped together is in, what is certain is matched and told; undoing an import takes its matches back', async () => {
  const organisation = await givenOrganisation(data.database);
  const cookie = await web.signedIn(organisation, 'collector');
  // The statement arrives before the ledger whose invoices it pays.
  const { drop } = await dropFiles(web, cookie, [STATEMENT, LEDGER]);
  expect(drop.matched).toEqual({ applied: 1, linked: 0, left: 1, fault: null });
  expect(await openLines(data.database, organisation)).toEqual(['C2 debit FA-2001 70.00']);
  const again = await dropFiles(web, cookie, [STATEMENT]);
  expect(again.drop.matched ?? null).toBeNull();
  const imports = (await web.ask('GET', '/api/imports', { cookie })).json<ImportView[]>();
  const statement = imports.find((one) => one.format === 'camt053');
  const undone = await web.ask('POST', `/api/imports/${statement?.id ?? ''}/undo`, { cookie });
  expect(undone.json()).toEqual({ status: 'undone', blocking: [] });
  expect(await openLines(data.database, organisation)).toEqual(['C1 debit FA-1001 50.00', 'C2 debit FA-2001 70.00']);
  expect((await web.ask('GET', '/api/matching', { cookie })).json<MatchingSummary>().automatic).toEqual({ applied: 0, undone: 0, since: null });
  await verified(data.database, organisation);
});

test('with the setting off nothing goes by itself', async () => {
  const organisation = await givenOrganisation(data.database);
  const cookie = await web.signedIn(organisation, 'owner');
  const settings = (await web.ask('GET', '/api/matching/settings', { cookie })).json<MatchingSettings>();
  await web.ask('PUT', '/api/matching/settings', { cookie, body: { ...settings, afterImport: false } });
  const { drop } = await dropFiles(web, cookie, [LEDGER, STATEMENT]);
  expect(drop.matched).toBeNull();
  expect(await openLines(data.database, organisation)).toHaveLength(2);
});

test('matching that fails is told in both languages; the import stands', async () => {
  const organisation = await givenOrganisation(data.database);
  const cookie = await web.signedIn(organisation, 'owner');
  await data.database.inTenant(organisation, (t) => t.run(t.sql`${t.update('profile', 'p')} set matching = '{"automaticFrom": "beaucoup"}'::jsonb where ${t.own('p')}`));
  const { drop, byName } = await dropFiles(web, cookie, [LEDGER, STATEMENT]);
  expect(drop.matched).toEqual({ applied: 0, linked: 0, left: 0, fault: { fr: expect.stringContaining('L’import est fait') as string, en: expect.stringContaining('The import is done') as string } });
  expect(byName.get('releve.xml')?.outcome?.stage).toBe('applied');
  expect(await openLines(data.database, organisation)).toHaveLength(2);
});

test('what comes through the watched folder is matched once the folder has been looked through', async () => {
  const own = await testDatabase();
  const organisation = await givenOrganisation(own.database);
  const dataDir = await scratchFolder();
  const root = join(dataDir, 'inbox');
  await mkdir(root);
  for (const file of [STATEMENT, LEDGER]) await writeFile(join(root, file.name), file.content);
  const clock = clockAt('2026-03-31');
  const log = createLog('silent');
  const passes: unknown[] = [];
  const watch = watchFolder({
    database: own.database, clock, log, organisations: () => listOrganisations(own.database), teller: createTeller({ dataDir, clock, log }), inbox: { root, watched: true, ours: false }, settleMs: 0,
    afterImport: async (of) => void passes.push(await matchAfterImport(own.database, { organisation: of, clock, today: by.today, actor: INBOX_ACTOR })),
  });
  const stop = new AbortController().signal;
  for (let look = 0; look < 4; look += 1) await watch.look(stop);
  expect(passes).toEqual([{ status: 'done', count: { applied: 1, linked: 0, left: 1 } }]);
  const before = await linesOf(own.database, organisation);
  await watch.look(stop);
  expect(await linesOf(own.database, organisation)).toEqual(before);
  await own.drop();
});
