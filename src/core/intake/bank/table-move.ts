import type { Currency } from '#core/kernel/currency.ts';
import { currencyDigits } from '#core/kernel/currency.ts';
import type { Day } from '#core/kernel/day.ts';
import { readAmount, sheetNumberText } from '../amounts.ts';
import type { AmountFault } from '../amounts.ts';
import { dayEvidence, readDay } from '../days.ts';
import { fold } from '../fold.ts';
import { MAX_RAW_CHARS } from '../limits.ts';
import { quoted } from '../problems.ts';
import type { ProblemList } from '../problem-list.ts';
import type { TableMapping } from '../table/mapping.ts';
import { cellText } from '../table/table-row.ts';
import type { Cell, TableRow } from '../table/table-row.ts';
import type { BankField } from './table-fields.ts';
import type { TableMove } from './table-statement.ts';
import { bareAmount, currencyOf, longDay } from './table-values.ts';

/** What reading the rows of one bank table needs and remembers. */
export type MoveContext = {
  readonly mapping: TableMapping;
  readonly problems: ProblemList;
  readonly header: (column: number) => string;
  /** First lines where the debit column was written with a minus and without one. */
  readonly debitSigns: { minus: number | null; plain: number | null };
};

/** A movement whose currency may still have to come from the rest of the file. */
export type UnsettledMove = Omit<TableMove, 'currency'> & { readonly currency: Currency | null };

const AMOUNT_CASES = { malformed: 'tableAmountUnreadable', decimals: 'tableAmountDecimals', outOfRange: 'tableAmountOutOfRange' } as const satisfies Partial<Record<AmountFault, string>>;

/** Words of a status column, folded. What is neither counts as booked. */
const PENDING = new Set(['pending', 'encours', 'enattente', 'avenir', 'processing', 'authorised', 'authorized', 'scheduled', 'programmee', 'planifie']);
const NOT_DONE = new Set(['reverted', 'declined', 'failed', 'canceled', 'cancelled', 'rejected', 'refused', 'annule', 'annulee', 'refuse', 'refusee', 'rejete', 'rejetee', 'echoue', 'echouee', 'contrepasse', 'contrepassee']);

const ISO_MOMENT = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}/u;

type Row = { readonly source: TableRow; readonly context: MoveContext };
type Read = { readonly minor: bigint; readonly currency: Currency | null };

const cellOf = ({ source, context }: Row, field: BankField): Cell | undefined => {
  const column = context.mapping.columns[field];
  return column === undefined ? undefined : source.cells[column];
};
const textOf = (row: Row, field: BankField): string => cellText(cellOf(row, field));
/** Labels come in pieces over several lines of a cell. */
const wordsOf = (row: Row, field: BankField): string => textOf(row, field).replaceAll(/\s+/gu, ' ').trim();

/** True when a row has a day where movements have theirs. */
export function isDated(source: TableRow, mapping: TableMapping): boolean {
  return (['bookedOn', 'valueOn'] as const).some((field) => {
    const cell = source.cells[mapping.columns[field] ?? -1];
    return typeof cell === 'object' ? 'day' in cell : cell !== undefined && dayEvidence(longDay(cell)) !== 'notDay';
  });
}

/** True when a row has something where movements have their amount. */
export const hasAmount = (source: TableRow, mapping: TableMapping): boolean =>
  (['amount', 'debit', 'credit'] as const).some((field) => cellText(source.cells[mapping.columns[field] ?? -1]) !== '');

/** True when a row has no words at all: it is a balance where the export ends with one. */
export const isWordless = (source: TableRow, mapping: TableMapping): boolean =>
  (['label', 'detail', 'counterparty'] as const).every((field) => cellText(source.cells[mapping.columns[field] ?? -1]) === '');

/** Reads a row as a movement; null when it was not carried out, moves nothing, or is wrong (the problem says why). */
export function readMove(source: TableRow, context: MoveContext): UnsettledMove | null {
  const row: Row = { source, context };
  const status = fold(textOf(row, 'status'));
  if (NOT_DONE.has(status) || (PENDING.has(status) && !isDated(source, context.mapping))) {
    context.problems.add('bankTableRowLeftOut', source.line, { text: quoted(textOf(row, 'status')) });
    return null;
  }
  const moved = readMoved(row);
  const balance = readCell(row, 'balance');
  const booked = readCellDay(row, 'bookedOn');
  const valueOn = readCellDay(row, 'valueOn');
  if (moved === null || balance === undefined || booked === undefined || valueOn === undefined) return null;
  const bookedOn = booked ?? valueOn;
  if (bookedOn === null) {
    context.problems.add('bankTableDayMissing', source.line, {});
    return null;
  }
  const moment = textOf(row, 'bookedOn');
  return {
    line: source.line, status: PENDING.has(status) ? 'pending' : 'booked', bookedOn, bookedAt: ISO_MOMENT.test(moment) ? moment : null, valueOn, minor: moved.minor,
    currency: readCurrency(row) ?? moved.currency ?? balance?.currency ?? null, balance: balance?.minor ?? null, account: textOf(row, 'account'), label: wordsOf(row, 'label'), detail: wordsOf(row, 'detail'),
    counterparty: wordsOf(row, 'counterparty'), counterpartyAccount: textOf(row, 'counterpartyIban'), reference: textOf(row, 'reference'),
    raw: source.cells.map(cellText).join(';').slice(0, MAX_RAW_CHARS),
  };
}

function readCurrency(row: Row): Currency | null {
  const text = textOf(row, 'currency');
  const found = text === '' ? null : currencyOf(text);
  if (text !== '' && found === null) row.context.problems.add('tableCurrencyUnknown', row.source.line, { text: quoted(text) });
  return found;
}

/** What a row moves, positive for money that came in; null (with a problem) when it moves nothing or says it wrongly. */
function readMoved(row: Row): Read | null {
  const { problems, mapping } = row.context;
  const { line } = row.source;
  const amount = readCell(row, 'amount');
  const fee = readCell(row, 'fee');
  const debit = readCell(row, 'debit');
  const credit = readCell(row, 'credit');
  if (amount === undefined || fee === undefined || debit === undefined || credit === undefined) return null;
  if ((debit?.minor ?? 0n) !== 0n && (credit?.minor ?? 0n) !== 0n) {
    problems.add('tableBothSides', line, {});
    return null;
  }
  if (amount === null && debit === null && credit === null) {
    problems.add('bankTableAmountMissing', line, {});
    return null;
  }
  const out = debitSize(row, debit?.minor ?? 0n);
  const minor = amount === null ? (credit?.minor ?? 0n) - out : amount.minor - (fee?.minor ?? 0n);
  if (minor === 0n) {
    problems.add('tableZeroAmount', line, {});
    return null;
  }
  return { minor: mapping.inverseSign === true ? -minor : minor, currency: amount?.currency ?? debit?.currency ?? credit?.currency ?? null };
}

/** Banks write debits with a minus or without; one column with both cannot be told apart from corrections. */
function debitSize({ source, context }: Row, minor: bigint): bigint {
  if (minor === 0n) return 0n;
  const { debitSigns } = context;
  if (minor < 0n) debitSigns.minus ??= source.line;
  else debitSigns.plain ??= source.line;
  const other = minor < 0n ? debitSigns.plain : debitSigns.minus;
  if (other !== null) context.problems.add('bankTableDebitSigns', source.line, { column: quoted(context.header(context.mapping.columns.debit ?? 0)), other });
  return minor < 0n ? -minor : minor;
}

/** Minor units of a cell with the currency beside them; null when empty, undefined (with a problem) when it is no amount. */
function readCell(row: Row, field: BankField): Read | null | undefined {
  const { context, source } = row;
  const cell = cellOf(row, field);
  const text = cellText(cell);
  if (text === '') return null;
  const typed = typeof cell === 'object' && 'number' in cell ? sheetNumberText(cell.number) : null;
  const bare = bareAmount(text);
  const currency = bare.currency ?? currencyOf(textOf(row, 'currency')) ?? 'EUR';
  const read = readAmount(typed ?? bare.text, { digits: currencyDigits(currency), style: typed === null ? context.mapping.decimalStyle : 'point' });
  if (read.ok) return { minor: read.value, currency: bare.currency };
  if (read.error === 'ambiguous') context.problems.add('tableDecimalUnproven', source.line, { text: quoted(text) });
  else if (read.error === 'otherStyle') {
    context.problems.add('tableDecimalMixed', source.line, { first: quoted(text), second: context.mapping.decimalStyle === 'comma' ? '0,00' : '0.00' });
  } else context.problems.add(AMOUNT_CASES[read.error], source.line, { column: quoted(context.header(context.mapping.columns[field] ?? 0)), text: quoted(text) });
  return undefined;
}

/** A day of a cell; null when empty, undefined (with a problem) when it is none. */
function readCellDay(row: Row, field: BankField): Day | null | undefined {
  const { context, source } = row;
  const cell = cellOf(row, field);
  const text = cellText(cell);
  if (text === '') return null;
  const read = readDay(typeof cell === 'object' && 'day' in cell ? cell.day : longDay(text), context.mapping.dayOrder);
  if (read.ok) return read.value;
  if (read.error === 'ambiguous') context.problems.add('tableDayOrderUnproven', source.line, { text: quoted(text) });
  else context.problems.add('tableDayUnreadable', source.line, { column: quoted(context.header(context.mapping.columns[field] ?? 0)), text: quoted(text) });
  return undefined;
}
