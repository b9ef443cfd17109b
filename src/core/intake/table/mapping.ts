import type { DecimalStyle } from '../amounts.ts';
import type { DayOrder } from '../days.ts';
import type { TargetField } from './open-item-row.ts';

/** Which column (from 0) is which field, and how the file writes numbers and dates; what a person may correct and keep. */
export type TableMapping = {
  /** Line of the titles; 0 when the table has none. Rows up to it are not data. */
  readonly headerLine: number;
  readonly columns: Readonly<Partial<Record<TargetField, number>>>;
  /** Decimal mark of amounts; null when no value needs it, or none proves it. */
  readonly decimalStyle: DecimalStyle | null;
  /** Order of dates with the year last; null when no value needs it, or none proves it. */
  readonly dayOrder: DayOrder | null;
};

/** A mapping that a person has seen and agreed to, kept for the source (`sourceKey`) and used for its next files. Plain JSON. */
export type ConfirmedMapping = TableMapping;
