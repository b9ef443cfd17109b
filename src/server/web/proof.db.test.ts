import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { must } from '#core/kernel/result.ts';
import { unpackArchive } from '#server/intake/read-xlsx-archive.ts';
import { openLetterMaker } from '#server/letters/pdf.ts';
import { testDatabase } from '#server/testing/database.ts';
import type { TestDatabase } from '#server/testing/database.ts';
import { givenOrganisation } from '#server/testing/given.ts';
import { provenCompany } from '#server/testing/proven-company.ts';
import type { ProvenCompany } from '#server/testing/proven-company.ts';
import { scratchFolder } from '#server/testing/scratch.ts';
import { testWeb } from '#server/testing/web.ts';
import type { TestWeb } from '#server/testing/web.ts';

let db: TestDatabase;
let web: TestWeb;
let company: ProvenCompany;
beforeAll(async () => {
  db = await testDatabase();
  web = await testWeb(db, { letters: must(await openLetterMaker()) });
  company = await provenCompany(db.database);
}, 60_000);
afterAll(async () => {
  await web.app.close();
  await db.drop();
});

test('whoever may read downloads the proof of a message, the same each time, and it verifies', async () => {
  const url = `/api/actions/${company.actions.get('twice') ?? ''}/proof.zip`;
  const cookie = await web.signedIn(company.organisation, 'reader');
  const [one, two] = [await web.ask('GET', url, { cookie }), await web.ask('GET', url, { cookie })];
  expect([one.statusCode, one.headers['content-type'], one.headers['content-disposition']]).toEqual([200, 'application/zip', expect.stringContaining('preuve-')]);
  expect(one.rawPayload.equals(two.rawPayload)).toBe(true);
  const files = must(unpackArchive(one.rawPayload, () => true));
  expect([...files.keys()]).toEqual(['proof.json', 'message.eml', 'preuve.pdf', 'verify-proof.mjs']);
  const folder = await scratchFolder();
  for (const [name, bytes] of files) await writeFile(join(folder, name), bytes);
  expect(spawnSync(process.execPath, [join(folder, 'verify-proof.mjs')], { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
});

test('of somebody else’s message there is no proof', async () => {
  const cookie = await web.signedIn(await givenOrganisation(db.database), 'owner');
  expect((await web.ask('GET', `/api/actions/${company.actions.get('twice') ?? ''}/proof.zip`, { cookie })).statusCode).toBe(404);
});
