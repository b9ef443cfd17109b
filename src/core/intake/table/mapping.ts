import type { DecimalStyle } from '../amounts.ts';
import type { BankField } from '../bank/table-fields.ts';
import type { DayOrder } from '../days.ts';
import type { TargetField } from './open-item-row.ts';

/** What the rows of a table are: open items and invoices, or the lines of a bank statement. */
export const TABLE_KINDS = ['items', 'bank'] as const;
/** One of `TABLE_KINDS`. */
export type TableKind = (typeof TABLE_KINDS)[number];

/** What a column can be, of either kind of table. */
export type MappedField = TargetField | BankField;

/**
 * How rows that stand alone between the others are read: `customer`: they name the customer of the rows below them; `ignored`: they
 * are only headings.
 */
export const ROW_GROUPS = ['customer', 'ignored'] as const;
/** One of `ROW_GROUPS`. */
export type RowGroups = (typeof ROW_GROUPS)[number];

/** Which column (from 0) is which field, and how the file writes numbers and dates; what a person may correct and keep. Plain JSON. */
export type TableMapping = {
  /** Absent: items. Fields of the other kind are not read. */
  readonly kind?: TableKind | undefined;
  /** Line of the titles; 0 when the table has none. Rows up to it are not data. */
  readonly headerLine: number;
  readonly columns: Readonly<Partial<Record<MappedField, number>>>;
  /** Decimal mark of amounts; null when no value needs it, or none proves it. */
  readonly decimalStyle: DecimalStyle | null;
  /** Order of dates with the year last; null when no value needs it, or none proves it. */
  readonly dayOrder: DayOrder | null;
  readonly groups?: RowGroups | undefined;
  /** Columns of an aged balance ("not due", "1-30", "31-60"…), whose sum is what is open. */
  readonly buckets?: readonly number[] | undefined;
  /** Bank table whose amounts say "charged" with a plus (statements of credit cards). Nothing in a file proves it: only a person says so. */
  readonly inverseSign?: boolean | undefined;
  /** Bank table whose last row is not a movement but the balance. */
  readonly lastRowBalance?: boolean | undefined;
};

/** True when a mapping reads a bank statement. */
export const isBankMapping = (mapping: TableMapping): boolean => mapping.kind === 'bank';

/** Fields of one kind of table and those that the same column most likely is in the other. */
const COUNTERPARTS: readonly (readonly [MappedField, MappedField])[] = [
  ['issuedOn', 'bookedOn'], ['customerName', 'counterparty'], ['openAmount', 'balance'], ['document', 'reference'], ['customerCode', 'account'],
];
const SHARED: readonly string[] = ['label', 'amount', 'debit', 'credit', 'currency', 'status'] satisfies readonly MappedField[];

/** A mapping as it is when the person says that the table is of the other kind: columns go to the fields that mean the same there. */
export function columnsOfKind(columns: Readonly<Record<string, number>>, kind: TableKind): Record<string, number> {
  const moved: Record<string, number> = {};
  for (const [field, column] of Object.entries(columns)) {
    const pair = COUNTERPARTS.find((one) => one.some((name) => name === field));
    const target = SHARED.includes(field) ? field : pair?.[kind === 'bank' ? 1 : 0];
    if (target !== undefined) moved[target] = column;
  }
  return moved;
}

/** A mapping that a person has seen and agreed to, kept for the source (`sourceKey`) and used for its next files. Plain JSON. */
export type ConfirmedMapping = TableMapping;
