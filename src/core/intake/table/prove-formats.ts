import type { DecimalStyle } from '../amounts.ts';
import type { DayOrder } from '../days.ts';
import { quoted } from '../problems.ts';
import type { ProblemList } from '../problem-list.ts';
import type { ColumnEvidence, Witness } from './column-evidence.ts';

function firstWitness(columns: readonly ColumnEvidence[], pick: (column: ColumnEvidence) => Witness | null): Witness | null {
  return columns.map(pick).filter((witness) => witness !== null).sort((a, b) => a.line - b.line)[0] ?? null;
}

/** The decimal mark that the values of some columns prove; null, with a problem where one is needed, when none or two are proved. */
export function proveDecimal(columns: readonly ColumnEvidence[], problems: ProblemList): DecimalStyle | null {
  const comma = firstWitness(columns, (column) => column.comma);
  const point = firstWitness(columns, (column) => column.point);
  const ambiguous = firstWitness(columns, (column) => column.ambiguousAmount);
  if (comma !== null && point !== null) {
    problems.add('tableDecimalMixed', Math.max(comma.line, point.line), { first: quoted(comma.text), second: quoted(point.text) });
    return null;
  }
  if (comma !== null || point !== null) return comma === null ? 'point' : 'comma';
  if (ambiguous !== null) problems.add('tableDecimalUnproven', ambiguous.line, { text: quoted(ambiguous.text) });
  return null;
}

/** The order of dates that the values of some columns prove, else the one known of the export; null, with a problem where one is needed, when none is. */
export function proveDayOrder(columns: readonly ColumnEvidence[], problems: ProblemList, known: DayOrder | null): DayOrder | null {
  const dayFirst = firstWitness(columns, (column) => column.dayFirst);
  const monthFirst = firstWitness(columns, (column) => column.monthFirst);
  const ambiguous = firstWitness(columns, (column) => column.ambiguousDay);
  if (dayFirst !== null && monthFirst !== null) {
    problems.add('tableDayOrderMixed', Math.max(dayFirst.line, monthFirst.line), { first: quoted(dayFirst.text), second: quoted(monthFirst.text) });
    return null;
  }
  if (dayFirst !== null || monthFirst !== null) return dayFirst === null ? 'mdy' : 'dmy';
  if (ambiguous === null) return null;
  if (known === null) problems.add('tableDayOrderUnproven', ambiguous.line, { text: quoted(ambiguous.text) });
  return known;
}
