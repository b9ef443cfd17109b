import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { day } from '#core/kernel/day.ts';
import type { OrganisationId } from '#core/kernel/id.ts';
import { approve } from '#server/dunning/actions.ts';
import { runDunning } from '#server/dunning/run.ts';
import { createOrganisation } from '#server/identity/create-organisation.ts';
import { importFile } from '#server/intake/import-file.ts';
import { clockOn } from '#server/plumbing/clock.ts';
import type { Database } from '#server/plumbing/database.ts';

/** The business day of every run: a Monday. */
export const TODAY = '2026-03-02';
/** Who acts for the company of the harness. */
export const BY = { clock: clockOn(day(TODAY)), actor: 'user:1' };

const FEC_HEADER = 'JournalCode\tJournalLib\tEcritureNum\tEcritureDate\tCompteNum\tCompteLib\tCompAuxNum\tCompAuxLib\tPieceRef\tPieceDate\tEcritureLib\tDebit\tCredit\tEcritureLet\tDateLet\tValidDate\tMontantdevise\tIdevise';
const LEDGER = '000000000FEC20261231.txt';

/** A customer's invoice with its counterpart, two lines of a FEC. */
function invoice(code: string, number: number): string {
  const rest = (side: readonly string[]): string => ['VT', 'Ventes', String(number), '20260105', ...side, `FA${code}`, '20260105', `Facture FA${code}`].join('\t');
  const end = '\t\t\t20260105\t\t';
  return `${rest(['411000', 'Clients', code, `Client ${code}`])}\t120,00\t0,00${end}\r\n${rest(['707000', 'Ventes', '', ''])}\t0,00\t120,00${end}\r\n`;
}

/** Size of a company: so many overdue customers with a mailbox, and so many with a street only, spread among them. */
export type Size = { readonly mails: number; readonly letters: number };

/** A company with one approved message for each customer, all of it by the product's own road: import, run, approval. */
export async function givenApproved(database: Database, { mails, letters }: Size, code: string): Promise<OrganisationId> {
  const organisation = await database.inTransaction((client) => createOrganisation(client, {
    code, name: 'Ateliers Duval', entity: {
      legalForm: 'SAS', siren: '000000000', rcsCity: 'Nantes', address: ['3 quai des Essais'], postalCode: '44000', city: 'Nantes',
      email: 'compta@ateliers-duval.test', iban: 'FR1420041010050500013M02606', signatory: 'Claire Duval',
    },
  }, { now: BY.clock.now(), actor: BY.actor }));
  const count = mails + letters;
  const every = letters === 0 ? Number.POSITIVE_INFINITY : Math.floor(count / letters);
  const codes = Array.from({ length: count }, (_, index) => `C${String(index + 1).padStart(6, '0')}`);
  const byLetter = (index: number): boolean => (index + 1) % every === 0 && (index + 1) / every <= letters;
  const contacts = codes.map((one, index) => `${one};Client ${one};${byLetter(index) ? '' : `compta@${one.toLowerCase()}.example`};3 rue des Essais;44000;Nantes`);
  const folder = await mkdtemp(join(tmpdir(), 'acquit-kills-'));
  try {
    for (const [fileName, text] of [
      [LEDGER, `${FEC_HEADER}\r\n${codes.map((one, index) => invoice(one, index + 1)).join('')}`],
      ['clients.csv', ['Code client;Nom du client;E-mail;Adresse;Code postal;Ville', ...contacts, ''].join('\n')],
    ] as const) {
      const path = join(folder, fileName);
      await writeFile(path, text);
      const report = await importFile(database, { ...BY, organisation, path, fileName, today: day(TODAY) });
      if (report.status !== 'applied') throw new Error(`${fileName} was not applied: ${report.problems.map((one) => one.message.en).join(' ')}`);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  await runDunning(database, { ...BY, organisation, today: day(TODAY) });
  const approved = await database.inTenant(organisation, (t) => approve(t, 'all', BY));
  if (approved.length !== count) throw new Error(`${approved.length} messages were approved of ${count}`);
  return organisation;
}
