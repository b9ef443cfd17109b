import { parseId } from '#core/kernel/id.ts';
import type { Id } from '#core/kernel/id.ts';
import type { Incoming, KnownCustomer, OpenCredit, OpenDebit } from '#core/matching/matching.ts';
import type { StatementCustomer } from '#sim/statement-customer.ts';
import type { BookItem, SimulatedLine } from '#sim/statement-line.ts';

/** The id of a simulated row; throws when it is none. */
export function idOf<Kind extends string>(text: string): Id<Kind> {
  const id = parseId<Kind>(text);
  if (id === null) throw new Error(`no id: ${text}`);
  return id;
}

/** A customer's id: the number of its code. */
export const customerIdOf = (code: string): Id<'customer'> => idOf<'customer'>(String(Number(code.slice(1))));

/** A bank line as the matcher takes it; only money that came in. */
export const incomingOf = ({ id, line }: SimulatedLine): Incoming => ({
  id, source: 'bankLine', item: null, bookedOn: line.bookedOn, minor: line.minor, currency: line.currency, customer: null,
  payer: { name: line.counterparty.name, iban: line.counterparty.iban, ultimateName: line.counterparty.ultimateName },
  references: { endToEndId: line.endToEndId, creditorReference: line.creditorReference, mandateId: line.mandateId, documents: line.documents },
  text: [line.remittance, line.label].filter((text) => text !== '').join(' '),
});

/** The customer file. */
export const knownOf = (customer: StatementCustomer): KnownCustomer => ({
  id: customerIdOf(customer.code), code: customer.code, name: customer.name, siren: customer.siren === '' ? null : customer.siren, ibans: customer.ibansOnFile, group: customer.group,
});

/** What is open as the matcher takes it. */
export function openOf(items: Iterable<BookItem>): { debits: OpenDebit[]; credits: OpenCredit[] } {
  const debits: OpenDebit[] = [];
  const credits: OpenCredit[] = [];
  for (const { key, customer, number, kind, currency, left, amount, issuedOn, dueOn, references, discount } of items) {
    const shared = { item: idOf<'item'>(key), customer: customerIdOf(customer), document: number, currency, open: left, issuedOn };
    if (kind === 'creditNote' || kind === 'receipt') credits.push({ ...shared, kind });
    else if (dueOn !== null) debits.push({ ...shared, kind, amount, dueOn, references, discount: left === amount ? discount : null });
  }
  return { debits, credits };
}
