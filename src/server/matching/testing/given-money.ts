import { day } from '#core/kernel/day.ts';
import type { CustomerId, ItemId, OrganisationId } from '#core/kernel/id.ts';
import type { By } from '#server/matching/apply.ts';
import type { BankLineId, LineKey } from '#server/matching/line-keys.ts';
import type { Database } from '#server/plumbing/database.ts';
import { camt053Of } from '#server/testing/bank-files.ts';
import type { Movement } from '#server/testing/bank-files.ts';
import { clockAt, fecOf, givenOrganisation, importText } from '#server/testing/given.ts';
import type { ShortLine } from '#server/testing/given.ts';

/** The day of these tests. */
export const TODAY = '2026-03-31';

/** A person at nine o'clock of that day. */
export const by: By = { now: clockAt(TODAY).now(), today: day(TODAY), actor: 'user:1' };

/** An organisation whose ledger has these lines, each invoice of its customer, and a lettered pair so that the file counts as lettered. */
export async function givenLedger(database: Database, lines: readonly ShortLine[]): Promise<OrganisationId> {
  const organisation = await givenOrganisation(database);
  await importText(database, organisation, { text: fecOf([
    ...lines, { code: 'C9', piece: 'FA-0900', on: '2026-01-03', debit: '9,00', letter: 'AA' }, { code: 'C9', piece: 'RC-0900', on: '2026-01-09', credit: '9,00', letter: 'AA' },
  ]) });
  return organisation;
}

/** Imports a statement of these movements, all of the day of the first one. */
export function givenMoney(database: Database, organisation: OrganisationId, movements: readonly Movement[]): ReturnType<typeof importText> {
  const on = movements[0]?.on ?? '2026-03-02';
  return importText(database, organisation, { text: camt053Of({ id: `R-${on}`, from: on, until: on, opening: 0, movements }), name: 'releve.xml' });
}

async function idOf<Id extends string>(database: Database, organisation: OrganisationId, of: { table: 'item' | 'customer'; name: string }): Promise<Id> {
  const row = await database.inTenant(organisation, (t) => t.one<{ id: Id }>(of.table === 'item'
    ? t.sql`select i.item_id as id from ${t.from('item')} i where i.document = ${of.name} and i.kind <> 'refund' and i.voided_at is null`
    : t.sql`select c.customer_id as id from ${t.from('customer')} c where c.code = ${of.name} and c.voided_at is null`));
  if (row === null) throw new Error(`no ${of.table} ${of.name}`);
  return row.id;
}

/** The item of a document. */
export const itemNamed = (database: Database, organisation: OrganisationId, document: string): Promise<ItemId> => idOf<ItemId>(database, organisation, { table: 'item', name: document });

/** A customer by its code. */
export const customerNamed = (database: Database, organisation: OrganisationId, code: string): Promise<CustomerId> => idOf<CustomerId>(database, organisation, { table: 'customer', name: code });

/** Keys of the bank lines that are in the books, in their order. */
export async function lineKeys(database: Database, organisation: OrganisationId): Promise<LineKey[]> {
  const rows = await database.inTenant(organisation, (t) => t.rows<{ line: BankLineId }>(t.sql`
    select l.bank_line_id as line from ${t.from('bank_line')} l where l.voided_at is null order by l.booked_on, l.bank_line_id`));
  return rows.map(({ line }) => ({ kind: 'bankLine', line }));
}

/** The first of them. */
export async function firstLine(database: Database, organisation: OrganisationId): Promise<LineKey> {
  const [key] = await lineKeys(database, organisation);
  if (key === undefined) throw new Error('no bank line');
  return key;
}

/** Documents of one customer with amounts, as a person sends them. */
export async function useOn(database: Database, organisation: OrganisationId, of: { code: string; parts?: Record<string, string>; credits?: Record<string, string>; writeOff?: [amount: string, reason: string] }) {
  const list = (amounts: Record<string, string> = {}) => Promise.all(Object.entries(amounts).map(async ([document, amount]) => ({ item: await itemNamed(database, organisation, document), amount })));
  return {
    customer: await customerNamed(database, organisation, of.code), parts: await list(of.parts), credits: await list(of.credits),
    writeOff: of.writeOff === undefined ? null : { amount: of.writeOff[0], reason: of.writeOff[1], note: 'vu au téléphone' },
  };
}
