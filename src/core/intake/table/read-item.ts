import { currencyDigits, parseCurrency } from '#core/kernel/currency.ts';
import type { Currency } from '#core/kernel/currency.ts';
import type { Day } from '#core/kernel/day.ts';
import { decimalMinor } from '#core/kernel/money.ts';
import { readAmount, sheetNumberText } from '../amounts.ts';
import type { AmountFault } from '../amounts.ts';
import { readDay } from '../days.ts';
import { foldWords } from '../fold.ts';
import { quoted } from '../problems.ts';
import type { ProblemList } from '../problem-list.ts';
import type { TableMapping } from './mapping.ts';
import { kindOfCode, kindOfLabel } from './item-kind.ts';
import type { ItemKind, OpenItemRow, TargetField } from './open-item-row.ts';
import { cellText } from './table-row.ts';
import type { Cell, TableRow } from './table-row.ts';

/** What reading a row needs besides the row. */
export type ItemContext = {
  readonly mapping: TableMapping;
  readonly defaultCurrency: Currency;
  readonly problems: ProblemList;
  /** Title of a column, for messages. */
  readonly header: (column: number) => string;
};

type Row = { readonly source: TableRow; readonly context: ItemContext };

const cellOf = ({ source, context }: Row, field: TargetField): Cell | undefined => {
  const column = context.mapping.columns[field];
  return column === undefined ? undefined : source.cells[column];
};
const textOf = (row: Row, field: TargetField): string => cellText(cellOf(row, field));

/** Reads one data row as an item; null when it is a total, a zero amount, or wrong (the problem says why). */
export function readItem(source: TableRow, context: ItemContext): OpenItemRow | null {
  const row: Row = { source, context };
  const code = textOf(row, 'customerCode');
  const name = textOf(row, 'customerName');
  const total = totalWords(row);
  if (total !== null) {
    context.problems.add('tableTotalSkipped', source.line, { text: quoted(total) });
    return null;
  }
  const customerCode = code === '' ? name : code;
  if (customerCode === '') {
    context.problems.add('tableCustomerMissing', source.line, {});
    return null;
  }
  const currency = readCurrency(row);
  if (currency === null) return null;
  const amounts = readAmounts(row, currency);
  if (amounts === null) return null;
  const issuedOn = readCellDay(row, 'issuedOn');
  const dueOn = readCellDay(row, 'dueOn');
  const paidOn = readCellDay(row, 'paidOn');
  if (issuedOn === undefined || dueOn === undefined || paidOn === undefined) return null;
  if (issuedOn !== null && dueOn !== null && dueOn < issuedOn) {
    context.problems.add('tableDueBeforeIssue', source.line, { first: issuedOn, second: dueOn });
  }
  return {
    line: source.line, customerCode, customerName: name, document: textOf(row, 'document'), ...kindAndSide(row, amounts),
    issuedOn, dueOn, amount: size(amounts.signed), openAmount: amounts.open === null ? null : size(amounts.open), currency, paidOn,
    label: textOf(row, 'label'), terms: textOf(row, 'terms'), customer: readCustomer(row),
  };
}

function readCustomer(row: Row): OpenItemRow['customer'] {
  return {
    email: textOf(row, 'email'), phone: textOf(row, 'phone'), contactName: textOf(row, 'contactName'), addressLine1: textOf(row, 'addressLine1'),
    addressLine2: textOf(row, 'addressLine2'), postalCode: textOf(row, 'postalCode'), city: textOf(row, 'city'), country: textOf(row, 'country'),
    siren: textOf(row, 'siren'), vatNumber: textOf(row, 'vatNumber'), language: textOf(row, 'language'),
  };
}

const size = (signed: bigint): bigint => (signed < 0n ? -signed : signed);

/** First words of the sum rows that exports add under their tables. */
const TOTAL_WORDS = new Set(['total', 'totaux', 'totals', 'soustotal', 'subtotal', 'grandtotal', 'totalgeneral', 'cumul']);

/** The text that makes a row a sum row: it begins with "total" and the row has neither document nor dates. */
function totalWords(row: Row): string | null {
  if (textOf(row, 'document') !== '' && foldWords(textOf(row, 'document'))[0] !== 'total') return null;
  if (textOf(row, 'issuedOn') !== '' || textOf(row, 'dueOn') !== '') return null;
  const first = row.source.cells.find((cell) => cellText(cell) !== '');
  if (typeof first !== 'string') return null;
  const words = foldWords(first);
  const found = TOTAL_WORDS.has(words[0] ?? '') || TOTAL_WORDS.has((words[0] ?? '') + (words[1] ?? ''));
  return found ? cellText(first) : null;
}

const CURRENCY_SIGNS: Readonly<Record<string, Currency>> = { '€': 'EUR', EURO: 'EUR', EUROS: 'EUR', $: 'USD', '£': 'GBP' };

function readCurrency(row: Row): Currency | null {
  const text = textOf(row, 'currency').toUpperCase();
  if (text === '') return row.context.defaultCurrency;
  const found = CURRENCY_SIGNS[text] ?? parseCurrency(text);
  if (found === null) row.context.problems.add('tableCurrencyUnknown', row.source.line, { text: quoted(text) });
  return found;
}

/** Signed amounts of a row: positive is owed by the customer. `side` is set when debit or credit columns say it. */
type Amounts = { readonly signed: bigint; readonly open: bigint | null; readonly side: 'debit' | 'credit' | null };

const AMOUNT_CASES = {
  malformed: 'tableAmountUnreadable', decimals: 'tableAmountDecimals', outOfRange: 'tableAmountOutOfRange',
} as const satisfies Partial<Record<AmountFault, string>>;

/** Minor units of a cell; null when empty, undefined (with a problem) when it is no amount. */
function readCellAmount(row: Row, field: TargetField, currency: Currency): bigint | null | undefined {
  const { context, source } = row;
  const cell = cellOf(row, field);
  const text = cellText(cell);
  if (text === '') return null;
  const typed = typeof cell === 'object' && 'number' in cell ? sheetNumberText(cell.number) : null;
  const read = readAmount(typed ?? text, { digits: currencyDigits(currency), style: typed === null ? context.mapping.decimalStyle : 'point' });
  if (read.ok) return read.value;
  const column = context.header(context.mapping.columns[field] ?? 0);
  if (read.error === 'ambiguous') context.problems.add('tableDecimalUnproven', source.line, { text: quoted(text) });
  else if (read.error === 'otherStyle') {
    context.problems.add('tableDecimalMixed', source.line, { first: quoted(text), second: context.mapping.decimalStyle === 'comma' ? '0,00' : '0.00' });
  } else context.problems.add(AMOUNT_CASES[read.error], source.line, { column: quoted(column), text: quoted(text) });
  return undefined;
}

function readAmounts(row: Row, currency: Currency): Amounts | null {
  const { problems } = row.context;
  const { line } = row.source;
  const amount = readCellAmount(row, 'amount', currency);
  const open = readCellAmount(row, 'openAmount', currency);
  const debit = readCellAmount(row, 'debit', currency);
  const credit = readCellAmount(row, 'credit', currency);
  if (amount === undefined || open === undefined || debit === undefined || credit === undefined) return null;
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
