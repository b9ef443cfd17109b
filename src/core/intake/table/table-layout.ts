import { BANK_PROFILES, matchBankShape } from '../bank/table-profiles.ts';
import { fold } from '../fold.ts';
import { findHeaderRow, matchBankTitle, matchTitle } from './header-row.ts';
import { ITEM_PROFILES } from './item-profiles.ts';
import type { TableKind } from './mapping.ts';
import type { TargetField } from './open-item-row.ts';
import { matchProfile } from './profile.ts';
import type { ShapeMatch, TableProfile } from './profile.ts';
import { cellText, isBlankRow } from './table-row.ts';
import type { TableRow } from './table-row.ts';

/** What the first rows of a table show: of which kind it is, where its titles stand, whose export it is. */
export type TableLayout = { readonly kind: TableKind; readonly header: TableRow | null; readonly profile: TableProfile | null; readonly shape: ShapeMatch | null };

/** All exports known, of accounting programs and of banks. */
const PROFILES: readonly TableProfile[] = [...ITEM_PROFILES, ...BANK_PROFILES];

/** Separators between the titles of an export. */
const TITLE_MARKS: readonly string[] = [';', '\t', ',', '|'];

/** True when a line of text holds the titles of an accounting program's list of what customers owe: some of these look like a ledger's. */
export function isKnownExport(line: string): boolean {
  return TITLE_MARKS.some((mark) => matchProfile([{ line: 1, cells: line.split(mark).map((cell) => cell.replaceAll('"', '')) }], ITEM_PROFILES) !== null);
}

/** Fields that only a list of what customers owe has. */
const ITEM_ONLY: ReadonlySet<TargetField> = new Set<TargetField>([
  'customerCode', 'customerName', 'document', 'dueOn', 'openAmount', 'terms', 'siren', 'vatNumber', 'email', 'addressLine1', 'postalCode', 'city', 'lettering', 'contactName', 'paidOn',
]);
/** Titles that mean a customer in such a list and the bank account in a statement. */
const NEUTRAL: ReadonlySet<string> = new Set(['accountnumber', 'accountcode', 'debiteur', 'paymentdate', 'datepaiement', 'datedepaiement']);

/** Recognises the layout of a table by its first rows. */
export function recogniseLayout(early: readonly TableRow[]): TableLayout {
  const profiled = matchProfile(early, PROFILES);
  if (profiled !== null) return { kind: profiled.profile.kind, header: profiled.header, profile: profiled.profile, shape: null };
  const items = findHeaderRow(early);
  const bank = findHeaderRow(early, matchBankTitle);
  if (bank !== null && isBankHeader(bank) && (items === null || !namesItems(items))) return { kind: 'bank', header: bank, profile: null, shape: null };
  const shape = items === null && bank === null ? matchBankShape(early.filter((row) => !isBlankRow(row))) : null;
  return { kind: shape === null ? 'items' : 'bank', header: items, profile: null, shape };
}

const namesItems = (row: TableRow): boolean => row.cells.some((cell) => {
  const match = matchTitle(cellText(cell));
  return match !== null && match.exact && ITEM_ONLY.has(match.field) && !NEUTRAL.has(fold(cellText(cell)));
});

/** A day, an amount and what it was for, and nothing that only a list of invoices has. */
function isBankHeader(row: TableRow): boolean {
  const fields = new Set(row.cells.flatMap((cell) => matchBankTitle(cellText(cell))?.field ?? []));
  const hasAmount = fields.has('amount') || fields.has('debit') || fields.has('credit');
  const hasWords = fields.has('label') || fields.has('detail') || fields.has('counterparty') || fields.has('balance');
  return fields.has('bookedOn') && hasAmount && hasWords && !namesItems(row);
}
