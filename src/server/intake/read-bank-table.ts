import type { BankSink, BankSummary } from '#core/intake/bank/bank-line.ts';
import { createBankTableReader } from '#core/intake/bank/table-reader.ts';
import type { TableMapping } from '#core/intake/table/mapping.ts';
import type { OpenedTable } from './open-table.ts';

/** Reads an opened table as a bank statement with a mapping. Lines of a file that names no account are kept under the bank's name, else under its titles. */
export async function readBankTable(opened: OpenedTable, mapping: TableMapping, sink: BankSink): Promise<BankSummary> {
  const reader = createBankTableReader({ mapping, source: opened.guess.profile?.key ?? opened.guess.sourceKey }, sink);
  const found = await opened.each((row) => reader.push(row));
  const summary = reader.end();
  const broken = found.some((one) => one.severity === 'error');
  return { ...summary, accepted: summary.accepted && !broken, problems: [...found, ...summary.problems] };
}
