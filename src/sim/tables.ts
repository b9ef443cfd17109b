import { currencyDigits } from '#core/kernel/currency.ts';
import type { Day } from '#core/kernel/day.ts';
import { decimalMinor } from '#core/kernel/money.ts';
import type { Company } from './company.ts';
import type { CompanyEvent, Issued, Lettered, Received, Returned } from './event.ts';

const cell = (text: string): string => (/[";\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
const row = (cells: readonly string[]): string => `${cells.map(cell).join(';')}\r\n`;

/** The list of customers as an invoicing program exports it: CSV with semicolons, UTF-8. */
export function toCustomerTable(company: Pick<Company, 'customers'>): string {
  const titles = ['Code client', 'Nom du client', 'Contact', 'E-mail', 'Téléphone', 'Adresse', 'Code postal', 'Ville', 'Pays', 'SIREN', 'Conditions de paiement', 'Langue'];
  return row(titles) + company.customers.map((one) => row([
    one.code, one.name, one.contactName, one.email, one.phone, ...(one.town === null ? ['', '', '', 'FR'] : [one.street, one.town.postalCode, one.town.city, one.town.country]),
    one.siren, one.termsText, one.language,
  ])).join('');
}

type Movement = Issued | Received | Returned;
type OpenLine = { readonly movement: Movement; left: bigint };

/** Open items at the end of a day in the customers' currencies: CSV with semicolons, French dates and amounts, UTF-8. */
export function toOpenItemsCsv(company: Company, asOf: Day = company.until): string {
  const open = new Map<number, OpenLine>();
  for (const event of company) {
    if (event.on > asOf) break;
    if (event.kind === 'lettered') settle(open, event);
    else if (isMovement(event)) open.set(event.id, { movement: event, left: event.amount });
  }
  const titles = ['Code client', 'Nom du client', 'N° facture', 'Type de pièce', 'Date facture', 'Échéance', 'Montant TTC', 'Reste dû', 'Devise'];
  return row(titles) + [...open.values()].map(({ movement, left }) => openRow(movement, left)).join('');
}

const isMovement = (event: CompanyEvent): event is Movement => event.kind === 'issued' || event.kind === 'received' || event.kind === 'returned';

/** Whole groups are gone; a part payment of one document lowers what is left of it. */
function settle(open: Map<number, OpenLine>, lettered: Lettered): void {
  if (lettered.whole) {
    for (const member of lettered.members) open.delete(member);
    return;
  }
  const lines = lettered.members.flatMap((member) => open.get(member) ?? []);
  const [debit, ...others] = lines.filter((line) => !isCredit(line.movement));
  const credits = lines.filter((line) => isCredit(line.movement));
  const paid = credits.reduce((sum, line) => sum + line.left, 0n);
  if (debit === undefined || others.length > 0 || paid >= debit.left) return;
  debit.left -= paid;
  for (const credit of credits) open.delete(credit.movement.id);
}

const isCredit = (movement: Movement): boolean => movement.kind === 'received' || (movement.kind === 'issued' && movement.document === 'creditNote');

const KINDS = { invoice: 'Facture', deposit: 'Acompte', creditNote: 'Avoir' } as const;

function openRow(movement: Movement, left: bigint): string {
  const { customer } = movement;
  const foreign = movement.kind === 'returned' ? null : movement.foreign;
  const currency = foreign?.currency ?? 'EUR';
  const amount = foreign?.amount ?? movement.amount;
  const sign = isCredit(movement) ? -1n : 1n;
  const text = (minor: bigint): string => decimalMinor(sign * minor, currencyDigits(currency)).replace('.', ',');
  const kind = movement.kind === 'issued' ? KINDS[movement.document] : movement.kind === 'received' ? 'Règlement' : 'Autre';
  const dueOn = movement.kind === 'issued' && movement.dueOn !== null ? movement.dueOn : movement.on;
  return row([customer.code, customer.name, movement.number, kind, french(movement.on), french(dueOn), text(amount), text(foreign === null ? left : amount), currency]);
}

const french = (day: Day): string => `${day.slice(8, 10)}/${day.slice(5, 7)}/${day.slice(0, 4)}`;
