import { currencyDigits } from '#core/kernel/currency.ts';
import type { Currency } from '#core/kernel/currency.ts';
import type { Day } from '#core/kernel/day.ts';
import { decimalMinor } from '#core/kernel/money.ts';
import { readAmount, sheetNumberText } from '../amounts.ts';
import type { AmountFault } from '../amounts.ts';
import { readDay } from '../days.ts';
import { currencyOf } from '../bank/table-values.ts';
import { quoted } from '../problems.ts';
import { ProblemList } from '../problem-list.ts';
import type { TableMapping } from './mapping.ts';
import { kindOfCode, kindOfLabel } from './item-kind.ts';
import type { ItemKind, OpenItemRow, TargetField } from './open-item-row.ts';
import { statusOf } from './row-status.ts';
import type { GroupCustomer } from './row-roles.ts';
import { cellText } from './table-row.ts';
import type { Cell, TableRow } from './table-row.ts';

/** What reading a row needs besides the row. */
export type ItemContext = {
  readonly mapping: TableMapping;
  readonly defaultCurrency: Currency;
  readonly problems: ProblemList;
  /** Title of a column, for messages. */
  readonly header: (column: number) => string;
  /** Customer that a row above names for those below it. */
  readonly above: () => GroupCustomer | null;
};

type Row = { readonly source: TableRow; readonly context: ItemContext };

const cellOf = ({ source, context }: Row, field: TargetField): Cell | undefined => {
  const column = context.mapping.columns[field];
  return column === undefined ? undefined : source.cells[column];
};
const textOf = (row: Row, field: TargetField): string => cellText(cellOf(row, field));

/** An item read, with the amounts as the row wrote them, by which a total row is checked. */
export type ItemRead = { readonly item: OpenItemRow; readonly written: WrittenAmounts };

/** Signed amounts of a row by column; null where the cell is empty. Buckets of an aged balance count as the open amount. */
export type WrittenAmounts = Readonly<Record<AmountField, bigint | null>>;

/** Columns of amounts that a total row may sum. */
export const AMOUNT_COLUMNS = ['openAmount', 'amount', 'debit', 'credit'] as const;
/** One of `AMOUNT_COLUMNS`. */
export type AmountField = (typeof AMOUNT_COLUMNS)[number];

/** Reads one data row as an item; null when it is no receivable, a zero amount, or wrong (the problem says why). */
export function readItem(source: TableRow, context: ItemContext): ItemRead | null {
  const row: Row = { source, context };
  const status = statusOf(textOf(row, 'status'), textOf(row, 'kind'));
  if (status === 'leftOut') {
    context.problems.add('tableRowLeftOut', source.line, { text: quoted(textOf(row, 'kind').startsWith('in_') ? textOf(row, 'kind') : textOf(row, 'status')) });
    return null;
  }
  const { code, name } = customerOf(row);
  const customerCode = code === '' ? name : code;
  if (customerCode === '') {
    context.problems.add('tableCustomerMissing', source.line, {});
    return null;
  }
  const currency = readCurrency(row);
  if (currency === null) return null;
  const written = writtenAmounts(row, currency);
  const amounts = written === null ? null : signAmounts(row, written, currency);
  if (written === null || amounts === null) return null;
  const issuedOn = readCellDay(row, 'issuedOn');
  const dueOn = readCellDay(row, 'dueOn');
  const paidOn = readCellDay(row, 'paidOn');
  if (issuedOn === undefined || dueOn === undefined || paidOn === undefined) return null;
  if (issuedOn !== null && dueOn !== null && dueOn < issuedOn) {
    context.problems.add('tableDueBeforeIssue', source.line, { first: issuedOn, second: dueOn });
  }
  const open = amounts.open ?? (status === 'paid' ? 0n : null);
  const item: OpenItemRow = {
    line: source.line, customerCode, customerName: name, document: textOf(row, 'document'), ...kindAndSide(row, amounts),
    issuedOn, dueOn, amount: size(amounts.signed), openAmount: open === null ? null : size(open), currency, paidOn,
    label: textOf(row, 'label'), terms: textOf(row, 'terms'), lettering: letteringOf(textOf(row, 'lettering')), customer: readCustomer(row),
  };
  return { item, written };
}

/** Code and name of the row's own customer, else those of the row above that names one. */
function customerOf(row: Row): { code: string; name: string } {
  const own = { code: textOf(row, 'customerCode'), name: textOf(row, 'customerName') };
  if (own.code !== '' || own.name !== '') return own;
  return row.context.above() ?? own;
}

/** Lower case is lettering begun and not finished, and so are Odoo's numbers with a P ("partial"). */
const letteringOf = (text: string): string => (text === text.toLowerCase() && !/^\d+$/u.test(text) ? '' : /^P\d+$/u.test(text) ? '' : text);

function readCustomer(row: Row): OpenItemRow['customer'] {
  return {
    email: textOf(row, 'email'), phone: textOf(row, 'phone'), contactName: textOf(row, 'contactName'), addressLine1: textOf(row, 'addressLine1'),
    addressLine2: textOf(row, 'addressLine2'), postalCode: textOf(row, 'postalCode'), city: textOf(row, 'city'), country: textOf(row, 'country'),
    siren: textOf(row, 'siren'), vatNumber: textOf(row, 'vatNumber'), language: textOf(row, 'language'),
  };
}

const size = (signed: bigint): bigint => (signed < 0n ? -signed : signed);

function readCurrency(row: Row): Currency | null {
  const text = textOf(row, 'currency').toUpperCase();
  if (text === '') return row.context.defaultCurrency;
  const found = currencyOf(text);
  if (found === null) row.context.problems.add('tableCurrencyUnknown', row.source.line, { text: quoted(text) });
  return found;
}

/** Signed amounts of a row: positive is owed by the customer. `side` is set when debit or credit columns say it. */
type Amounts = { readonly signed: bigint; readonly open: bigint | null; readonly side: 'debit' | 'credit' | null };

const AMOUNT_CASES = {
  malformed: 'tableAmountUnreadable', decimals: 'tableAmountDecimals', outOfRange: 'tableAmountOutOfRange',
} as const satisfies Partial<Record<AmountFault, string>>;

/** Minor units of a cell; null when empty, undefined (with a problem) when it is no amount. */
function readCellAmount({ source, context }: Row, column: number | undefined, currency: Currency): bigint | null | undefined {
  const cell = column === undefined ? undefined : source.cells[column];
  const text = cellText(cell);
  if (text === '' || column === undefined) return null;
  const typed = typeof cell === 'object' && 'number' in cell ? sheetNumberText(cell.number) : null;
  const read = readAmount(typed ?? text, { digits: currencyDigits(currency), style: typed === null ? context.mapping.decimalStyle : 'point' });
  if (read.ok) return read.value;
  if (read.error === 'ambiguous') context.problems.add('tableDecimalUnproven', source.line, { text: quoted(text) });
  else if (read.error === 'otherStyle') {
    context.problems.add('tableDecimalMixed', source.line, { first: quoted(text), second: context.mapping.decimalStyle === 'comma' ? '0,00' : '0.00' });
  } else context.problems.add(AMOUNT_CASES[read.error], source.line, { column: quoted(context.header(column)), text: quoted(text) });
  return undefined;
}

/** The amounts a row writes, with the sum of its ageing columns as what is open; null (with a problem) when one cannot be read. */
function writtenAmounts(row: Row, currency: Currency): WrittenAmounts | null {
  const { columns, buckets = [] } = row.context.mapping;
  const written: Record<AmountField, bigint | null> = { amount: null, openAmount: null, debit: null, credit: null };
  for (const field of AMOUNT_COLUMNS) {
    const value = readCellAmount(row, columns[field], currency);
    if (value === undefined) return null;
    written[field] = value;
  }
  let sum: bigint | null = null;
  for (const column of buckets) {
    const value = readCellAmount(row, column, currency);
    if (value === undefined) return null;
    if (value !== null) sum = (sum ?? 0n) + value;
  }
  if (sum !== null && written.openAmount !== null && sum !== written.openAmount) {
    const digits = currencyDigits(currency);
    row.context.problems.add('tableAgedSumDiffers', row.source.line, { first: decimalMinor(sum, digits), second: decimalMinor(written.openAmount, digits) });
  }
  return { ...written, openAmount: written.openAmount ?? sum };
}

/** The amounts of a row without a word when one cannot be read; for the total rows of exports. */
export function totalAmounts(source: TableRow, context: ItemContext): WrittenAmounts | null {
  return writtenAmounts({ source, context: { ...context, problems: new ProblemList() } }, context.defaultCurrency);
}

function signAmounts(row: Row, written: WrittenAmounts, currency: Currency): Amounts | null {
  const { problems } = row.context;
  const { line } = row.source;
  const { amount, openAmount: open, debit, credit } = written;
  if ((debit ?? 0n) !== 0n && (credit ?? 0n) !== 0n) {
    problems.add('tableBothSides', line, {});
    return null;
  }
  const moved = debit === null && credit === null ? null : (debit ?? 0n) - (credit ?? 0n);
  const signed = amount ?? (moved === null || moved === 0n ? (open ?? moved) : moved);
  if (signed === null) {
    problems.add('tableAmountMissing', line, {});
    return null;
  }
  if (signed === 0n) {
    problems.add('tableZeroAmount', line, {});
    return null;
  }
  const digits = currencyDigits(currency);
  if (open !== null && open !== 0n) {
    const facts = { first: decimalMinor(signed, digits), second: decimalMinor(open, digits) };
    if (open < 0n !== signed < 0n) {
      problems.add('tableSignsDiffer', line, facts);
      return null;
    }
    if (size(open) > size(signed)) problems.add('tableOpenAboveAmount', line, facts);
  }
  const side = amount === null && moved !== null && moved !== 0n ? (moved > 0n ? 'debit' : 'credit') : null;
  return { signed, open, side };
}

/** Kinds that reduce what the customer owes whatever sign they are written with. */
const CREDIT_KINDS: ReadonlySet<ItemKind> = new Set(['creditNote', 'receipt']);

function kindAndSide(row: Row, amounts: Amounts): Pick<OpenItemRow, 'kind' | 'side'> {
  const said = kindOfCode(textOf(row, 'kind')) ?? kindOfLabel(textOf(row, 'label'));
  if (amounts.side !== null) {
    if (amounts.side === 'credit') return { side: 'credit', kind: said === null || said === 'invoice' || said === 'deposit' ? 'other' : said };
    return { side: 'debit', kind: said === null ? 'invoice' : CREDIT_KINDS.has(said) ? 'other' : said };
  }
  if (said !== null && CREDIT_KINDS.has(said)) return { kind: said, side: 'credit' };
  if (amounts.signed < 0n) return { kind: said === null || said === 'invoice' || said === 'deposit' ? 'creditNote' : said, side: 'credit' };
  return { kind: said ?? 'invoice', side: 'debit' };
}

/** A day of a cell; null when empty, undefined (with a problem) when it is none. */
function readCellDay(row: Row, field: TargetField): Day | null | undefined {
  const { context, source } = row;
  const cell = cellOf(row, field);
  if (typeof cell === 'object' && 'day' in cell) {
    const checked = readDay(cell.day, null);
    if (checked.ok) return checked.value;
  }
  const text = cellText(cell);
  if (text === '') return null;
  const read = readDay(text, context.mapping.dayOrder);
  if (read.ok) return read.value;
  const column = context.header(context.mapping.columns[field] ?? 0);
  if (read.error === 'ambiguous') context.problems.add('tableDayOrderUnproven', source.line, { text: quoted(text) });
  else context.problems.add('tableDayUnreadable', source.line, { column: quoted(column), text: quoted(text) });
  return undefined;
}
