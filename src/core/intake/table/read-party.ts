import type { Problem } from '#core/kernel/problem.ts';
import { err, ok } from '#core/kernel/result.ts';
import type { Result } from '#core/kernel/result.ts';
import { problem } from '../problems.ts';
import type { TableMapping } from './mapping.ts';
import type { OpenItemCustomer, TargetField } from './open-item-row.ts';
import { cellText } from './table-row.ts';
import type { TableRow } from './table-row.ts';

/** One row of a list of customers, as written. */
export type PartyRead = {
  readonly line: number;
  readonly customerCode: string;
  readonly customerName: string;
  readonly terms: string;
  readonly customer: OpenItemCustomer;
};

/** Reads a row of a list of customers; an error when it names nobody. */
export function readPartyRow(row: TableRow, mapping: TableMapping): Result<PartyRead, Problem> {
  const text = (field: TargetField): string => {
    const column = mapping.columns[field];
    return column === undefined ? '' : cellText(row.cells[column]);
  };
  const code = text('customerCode') || text('customerName');
  if (code === '') return err(problem('partyUnnamed', row.line, {}));
  return ok({
    line: row.line, customerCode: code, customerName: text('customerName') || code, terms: text('terms'),
    customer: {
      email: text('email'), phone: text('phone'), contactName: text('contactName'), addressLine1: text('addressLine1'), addressLine2: text('addressLine2'),
      postalCode: text('postalCode'), city: text('city'), country: text('country'), siren: text('siren'), vatNumber: text('vatNumber'), language: text('language'),
    },
  });
}
