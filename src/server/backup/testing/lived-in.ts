import type { OrganisationId } from '#core/kernel/id.ts';
import { day } from '#core/kernel/day.ts';
import { listOrganisations } from '#server/identity/organisations.ts';
import type { Database } from '#server/plumbing/database.ts';
import { clockAt, importText } from '#server/testing/given.ts';
import { liveCompany } from '#server/testing/lived-company.ts';
import { givenDebtors } from '#server/testing/outbox.ts';
import { stateLines } from '#server/testing/state-hash.ts';
import { verify } from '#server/audit/verify.ts';

/** Two companies that used the product for a few days, their reminders sent, and a third that invoices in yen and whose customers have no e-mail. */
export async function livedIn(database: Database, customers = 8): Promise<OrganisationId[]> {
  const living = { database, customers, before: 90, from: day('2026-03-02'), until: day('2026-03-05'), importEvery: 2 };
  const first = await liveCompany({ ...living, seed: 3 });
  const second = await liveCompany({ ...living, seed: 4 });
  const third = await givenDebtors(database, [{ code: 'C1', email: null }]);
  await importText(database, third, {
    today: '2026-03-02', name: 'postes.csv',
    text: ['Code client;Nom client;N° facture;Date facture;Échéance;Montant TTC;Reste dû;Devise', 'C8;Delta "À\\Tab";FA80;15/01/2026;14/02/2026;1500;1500;JPY', ''].join('\n'),
  });
  return [first, second, third];
}

/** What the ledgers say, organisation by organisation, by code. */
export async function saidByAll(database: Database): Promise<Readonly<Record<string, readonly string[]>>> {
  const all: Record<string, readonly string[]> = {};
  for (const { id, code } of await listOrganisations(database)) all[code] = await database.inTenant(id, stateLines, { readOnly: true });
  return all;
}

/** What does not hold in any organisation. */
export async function broken(database: Database): Promise<string[]> {
  const names: string[] = [];
  for (const { id, code } of await listOrganisations(database)) {
    names.push(...(await database.inTenant(id, verify)).filter((one) => !one.ok).map((one) => `${code}: ${one.name} ${one.detail}`));
  }
  return names;
}

/** The clock of every backup of these tests. */
export const BACKUP_CLOCK = clockAt('2026-03-06');
