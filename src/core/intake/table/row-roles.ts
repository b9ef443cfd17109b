import { looksNumeric } from '../amounts.ts';
import { longDay } from '../bank/table-values.ts';
import { dayEvidence, readDay } from '../days.ts';
import { fold, foldWords } from '../fold.ts';
import { kindOfLabel } from './item-kind.ts';
import type { TableMapping } from './mapping.ts';
import { cellText } from './table-row.ts';
import type { Cell, TableRow } from './table-row.ts';

/** A customer as a row above its items names it. */
export type GroupCustomer = { readonly code: string; readonly name: string };

/** What a row that is no item is for: a sum, a heading, the customer of the rows below, or a balance brought forward without detail. */
export type RowRole =
  | { readonly role: 'total'; readonly text: string; readonly grand: boolean }
  | { readonly role: 'heading' }
  | { readonly role: 'customer'; readonly customer: GroupCustomer }
  | { readonly role: 'opening'; readonly text: string };

/** First words of the sum rows that exports add under their tables. */
const TOTAL_WORDS = new Set(['total', 'totaux', 'totals', 'soustotal', 'subtotal', 'grandtotal', 'totalgeneral', 'cumul']);
/** Words that may stand beside them in the sum of everything; any other word names what was summed. */
const GRAND_WORDS = new Set([...TOTAL_WORDS, 'grand', 'general', 'generaux', 'generale', 'all', 'tous', 'clients', 'customers', 'des', 'du', 'de', 'ttc', 'eur', 'euros', 'cumule']);
/** What makes "Solde …" a sum of what stands above it. */
const BALANCE_OF = new Set(['du', 'compte', 'tiers', 'client', 'total', 'general', 'final', 'progressif']);
const OPENING_WORDS = new Set(['initialbalance', 'soldeinitial', 'balanceinitiale', 'openingbalance', 'soldeanterieur', 'reportanouveau', 'anouveau', 'anouveaux', 'broughtforward', 'report', 'areporter']);

const textAt = (row: TableRow, column: number | undefined): string => (column === undefined ? '' : cellText(row.cells[column]));

function isDayCell(cell: Cell | undefined): boolean {
  if (typeof cell === 'object') return 'day' in cell;
  // Eight digits are an account number as often as a day.
  if (cell !== undefined && /^\d{8}$/u.test(cell)) return readDay(cell, null).ok;
  return cell !== undefined && dayEvidence(longDay(cell)) !== 'notDay';
}

const hasAmount = (row: TableRow, { columns, buckets = [] }: TableMapping): boolean =>
  [columns.amount, columns.openAmount, columns.debit, columns.credit, ...buckets].some((column) => textAt(row, column) !== '');

/** What a row is when it is no item; null when it is to be read as one. */
export function roleOf(row: TableRow, mapping: TableMapping): RowRole | null {
  const { columns, groups } = mapping;
  const first = row.cells.findIndex((cell) => cellText(cell) !== '');
  const cell = row.cells[first];
  const text = cellText(cell);
  const document = textAt(row, columns.document);
  const dated = [columns.issuedOn, columns.dueOn].some((column) => column !== undefined && isDayCell(row.cells[column]));
  if (dated) return null;
  const total = totalRole(text);
  if (total !== null && (document === '' || TOTAL_WORDS.has(foldWords(document)[0] ?? ''))) return total;
  if (groups === undefined || isDayCell(cell)) return null;
  const filled = row.cells.filter((one) => cellText(one) !== '').length;
  if (groups === 'ignored') return filled === 1 && !looksNumeric(text) ? { role: 'heading' } : null;
  // A heading may carry the sums of its rows, but no document of its own; an account number beside sums could be anything.
  if (hasAmount(row, mapping) && (looksNumeric(text) || (document !== '' && columns.document !== first))) return null;
  if (OPENING_WORDS.has(fold(text)) || kindOfLabel(text) === 'opening') return { role: 'opening', text };
  return { role: 'customer', customer: groupCustomer(row, first) };
}

function totalRole(text: string): RowRole | null {
  const words = foldWords(text);
  const [one = '', two = ''] = words;
  const isTotal = TOTAL_WORDS.has(one) || TOTAL_WORDS.has(one + two) || (one === 'solde' && BALANCE_OF.has(two));
  return isTotal ? { role: 'total', text, grand: one !== 'solde' && words.every((word) => GRAND_WORDS.has(word)) } : null;
}

/** "Client : ", "Compte n° " before a code. */
const LEAD = /^(?:client|compte|tiers|customer|account)\s*(?:n[°o]\s*)?(?::\s*|(?=\s*\d))/iu;
/** A code, then two spaces, a dash or a colon, then a name; or an account of class 4 and a name. */
const CODE_AND_NAME = /^(?:(\S*\d\S*)(?:\s{2,}|\s+[-–:]\s+|\t)|(4\d{2,}\S*)\s+)(\S.*)$/u;

/** Code and name of a row that names a customer, from two cells or from one ("411DUPONT  Dupont SA"); a name alone is its own code. */
function groupCustomer(row: TableRow, first: number): GroupCustomer {
  const text = cellText(row.cells[first]).replace(LEAD, '').trim();
  const second = row.cells.slice(first + 1).find((cell) => cellText(cell) !== '');
  if (typeof second === 'string' && !looksNumeric(second) && /\d/u.test(text) && !/\s/u.test(text)) return { code: text, name: cellText(second) };
  const [, code, account, name] = CODE_AND_NAME.exec(text) ?? [];
  return name === undefined ? { code: text, name: text } : { code: code ?? account ?? text, name: name.trim() };
}
