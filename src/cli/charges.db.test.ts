import { afterAll, beforeAll, expect, test } from 'vitest';
import { day } from '#core/kernel/day.ts';
import type { OrganisationId } from '#core/kernel/id.ts';
import { createLog } from '#server/plumbing/log.ts';
import { testDatabase } from '#server/testing/database.ts';
import type { TestDatabase } from '#server/testing/database.ts';
import { clockAt } from '#server/testing/given.ts';
import { plantInSql } from '#server/testing/mutant.ts';
import { givenDebtors } from '#server/testing/outbox.ts';
import { chargesCommand } from './law.ts';

let db: TestDatabase;
let organisation: OrganisationId;
beforeAll(async () => {
  db = await testDatabase();
  organisation = await givenDebtors(db.database, [{ code: 'C1', email: 'compta@alpha.example' }, { code: 'C2', email: 'martin@beta.example' }]);
  await db.database.inTenant(organisation, (t) => t.run(t.sql`${t.update('customer', 'c')} set kind = 'consumer' where ${t.own('c')} and c.code = 'C2'`));
});
afterAll(() => db.drop());

/** What the command prints of a document: interest, indemnity, and what is due beside the principal. */
async function chargesOf(document: string): Promise<object> {
  let said: object = {};
  await chargesCommand.run({
    words: [document], options: {}, json: true, language: 'fr', dataDir: '.', settings: {} as never, log: createLog('silent'), clock: clockAt('2026-03-02'), today: day('2026-03-02'), organisation, actor: 'cli:root',
    store: { database: db.database } as never, print: (data: object) => void (said = data)
  });
  return said;
}

test('A12: the command computes interest and the indemnity for a business, nothing for a consumer; with the kind lost it would', async () => {
  expect(await chargesOf('FA-C1')).toMatchObject({ indemnity: '40.00', imputation: { indemnityDue: '40.00' } });
  const nothing = { interest: '0.00', indemnity: '0.00', segments: [], imputation: { interestDue: '0.00', indemnityDue: '0.00' } };
  expect(await chargesOf('FA-C2')).toMatchObject(nothing);
  const bug = plantInSql(db.database, [{ from: 'c.kind, coalesce(i.document', to: `'business'::text as kind, coalesce(i.document` }]);
  try {
    expect(await chargesOf('FA-C2')).toMatchObject({ indemnity: '40.00' });
  } finally {
    bug.remove();
  }
});
