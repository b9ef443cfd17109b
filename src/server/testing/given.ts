import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { day } from '#core/kernel/day.ts';
import type { ConfirmedMapping } from '#core/intake/table/mapping.ts';
import type { OrganisationId } from '#core/kernel/id.ts';
import type { ImportReport } from '#server/intake/import-file.ts';
import { importFile } from '#server/intake/import-file.ts';
import { createOrganisation } from '#server/identity/create-organisation.ts';
import type { NewOrganisation } from '#server/identity/create-organisation.ts';
import { manualClock } from '#server/plumbing/clock.ts';
import type { Database } from '#server/plumbing/database.ts';
import { scratchFolder } from './scratch.ts';

let made = 0;

/** A clock that stands at nine o'clock on a day, for tests. */
export const clockAt = (today: string): ReturnType<typeof manualClock> => manualClock(`${today}T08:00:00.000Z`);

/** Creates an organisation with an address, an IBAN and a sender, so that letters and e-mails can be made. */
export async function givenOrganisation(database: Database, given: Partial<NewOrganisation> = {}): Promise<OrganisationId> {
  made += 1;
  const organisation: NewOrganisation = {
    code: `org-${process.pid}-${made}`, name: 'Ateliers Duval',
    entity: {
      legalForm: 'SAS', capital: '50 000 €', siren: '000000000', rcsCity: 'Nantes', address: ['3 quai des Essais'], postalCode: '44000', city: 'Nantes',
      email: 'compta@ateliers-duval.test', iban: 'FR1420041010050500013M02606', signatory: 'Claire Duval',
    },
    ...given,
  };
  return database.inTransaction((client) => createOrganisation(client, organisation, { now: clockAt('2026-01-01').now(), actor: 'test' }));
}

/** Header of a FEC as the law orders it. */
export const FEC_HEADER =
  'JournalCode\tJournalLib\tEcritureNum\tEcritureDate\tCompteNum\tCompteLib\tCompAuxNum\tCompAuxLib\tPieceRef\tPieceDate\tEcritureLib\tDebit\tCredit\tEcritureLet\tDateLet\tValidDate\tMontantdevise\tIdevise';

/** One customer line of a FEC, short: what differs between the lines of a test. */
export type ShortLine = {
  readonly code: string; readonly piece: string; readonly on: string; readonly debit?: string; readonly credit?: string; readonly letter?: string; readonly journal?: string;
  readonly label?: string; readonly pieceOn?: string;
};

/** A balanced FEC of customer lines, each with its counterpart on a sales or bank account. */
export function fecOf(lines: readonly ShortLine[]): string {
  const compact = (text: string): string => text.replaceAll('-', '');
  const rows = lines.flatMap((line, index) => {
    const journal = line.journal ?? (line.debit === undefined ? 'BQ' : 'VT');
    const debit = line.debit ?? '0,00';
    const credit = line.credit ?? '0,00';
    const label = line.label ?? `Écriture ${line.piece}`;
    const start = [journal, 'Journal', String(index + 1), compact(line.on)];
    const document = [line.piece, compact(line.pieceOn ?? line.on), label];
    const end = ['', compact(line.on), '', ''];
    return [
      [...start, '411000', 'Clients', line.code, `Client ${line.code}`, ...document, debit, credit, line.letter ?? '', line.letter === undefined ? '' : compact(line.on), ...end.slice(1)],
      [...start, line.debit === undefined ? '512000' : '707000', 'Contrepartie', '', '', ...document, credit, debit, ...end.slice(0, 1), '', ...end.slice(1)],
    ].map((fields) => fields.join('\t'));
  });
  return [FEC_HEADER, ...rows, ''].join('\r\n');
}

/** Writes a file to a folder of its own and imports it. */
export async function importText(database: Database, organisation: OrganisationId, given: { text: string | Uint8Array; name?: string; today?: string; terms?: string; mapping?: ConfirmedMapping; newAccount?: boolean }): Promise<ImportReport> {
  const folder = await scratchFolder();
  const fileName = given.name ?? '000000000FEC20261231.txt';
  const path = join(folder, fileName);
  await writeFile(path, given.text);
  const today = given.today ?? '2026-06-30';
  return importFile(database, {
    organisation, path, fileName, today: day(today), clock: clockAt(today), actor: 'test', ...(given.terms === undefined ? {} : { terms: given.terms }),
    ...(given.mapping === undefined ? {} : { mapping: given.mapping }), ...(given.newAccount === undefined ? {} : { newAccount: given.newAccount }),
  });
}
