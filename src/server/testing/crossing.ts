import type { OrganisationId } from '#core/kernel/id.ts';
import type { Database } from '#server/plumbing/database.ts';
import { plantInSql } from './mutant.ts';
import { approveOn, givenDebtors, postOffice, runOn, sendAt, statesOf } from './outbox.ts';
import type { ShortCustomer } from './outbox.ts';

/** What happens between an approval and the hand-off, and when they are. */
export type Crossing = {
  readonly customers: readonly ShortCustomer[];
  /** Day of the run and of the approval. */
  readonly on: string;
  /** Instant of the hand-off ("2026-03-02T08:00:00.000Z"), or its day. */
  readonly at: string;
  /** Of customers, where they are. */
  readonly postalCodes?: { readonly [code: string]: string };
  /** Before the run. */
  readonly before?: (organisation: OrganisationId) => Promise<unknown>;
  readonly between?: (organisation: OrganisationId) => Promise<unknown>;
  /** Bugs in what is asked of the database at the hand-off alone: what was planned and approved is sound. */
  readonly bugs?: readonly { readonly from: string; readonly to: string }[];
};

/** Plans, approves, lets something happen, hands over to a mail server that takes everything. Gives what became of each action. */
export async function crossed(database: Database, crossing: Crossing): Promise<string[]> {
  const { customers, on, at, bugs } = crossing;
  const organisation = await givenDebtors(database, customers, on);
  for (const [code, postalCode] of Object.entries(crossing.postalCodes ?? {})) {
    await database.inTenant(organisation, (t) => t.run(t.sql`${t.update('customer', 'c')} set postal_code = ${postalCode} where ${t.own('c')} and c.code = ${code}`));
  }
  await crossing.before?.(organisation);
  await runOn(database, organisation, on);
  await approveOn(database, organisation, on);
  await crossing.between?.(organisation);
  const planted = bugs === undefined ? null : plantInSql(database, bugs);
  try {
    await sendAt(database, organisation, { at, carriers: { mail: postOffice().carrier, letter: async ({ name }) => name } });
  } finally {
    planted?.remove();
  }
  return statesOf(database, organisation);
}
