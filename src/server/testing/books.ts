import fc from 'fast-check';
import { addDays, day } from '#core/kernel/day.ts';
import type { Day } from '#core/kernel/day.ts';
import type { OrganisationId } from '#core/kernel/id.ts';
import { importText } from './given.ts';
import { stateLines } from './state-hash.ts';
import type { Database } from '#server/plumbing/database.ts';
import type { ImportReport } from '#server/intake/import-file.ts';
import { simulateCompany } from '#sim/company.ts';
import type { Company } from '#sim/company.ts';
import { toFec } from '#sim/fec.ts';

/** Last day of every simulated company of these tests. */
export const UNTIL = day('2026-06-30');
/** Long enough for invoices to be issued, paid, contested, rejected and lettered. */
const LIFE_DAYS = 150;
const CUSTOMERS = 6;

/** A small company of a seed. */
export const smallCompany = (seed: number): Company => simulateCompany({ seed, customers: CUSTOMERS, days: LIFE_DAYS, until: UNTIL });

/** Its books as its accountant would export them on a day. */
export const booksOf = (company: Company, until: Day = UNTIL): string => [...toFec(company, { from: company.from, until })].join('');

/** Seeds of companies; one fails alike wherever it is run. */
export const seeds = fc.integer({ min: 1, max: 1_000_000 });

/** Days before the end on which an export may be made, the middle of the life at the earliest. */
export const daysBeforeEnd = fc.integer({ min: 1, max: 70 });

/** The day so many days before the last. */
export const before = (days: number): Day => addDays(UNTIL, -days);

/** What the ledger says, in lines that compare. */
export const linesOf = (database: Database, organisation: OrganisationId): Promise<string[]> => database.inTenant(organisation, stateLines, { readOnly: true });

/** Imports books as of a day; throws when they are refused, for then the test would prove nothing. */
export async function importBooks(database: Database, organisation: OrganisationId, text: string | Uint8Array): Promise<ImportReport> {
  const report = await importText(database, organisation, { text, today: UNTIL });
  if (report.status === 'refused') throw new Error(`refused: ${report.problems.map((one) => one.message.en).join(' ')}`);
  return report;
}

/** Whether two lists of lines are the same. */
export const same = (a: readonly string[], b: readonly string[]): boolean => a.length === b.length && a.every((line, index) => line === b[index]);

/** The same books after their accountant removed an entry of the bank, undid a lettering, and corrected a name. */
export function rewritten(text: string, choice: number): string {
  const lines = text.split('\r\n');
  const cells = lines.map((line) => line.split('\t'));
  const entries = cells.filter((one) => one[0] === 'BQ').map((one) => one[2]);
  const removed = entries[choice % Math.max(entries.length, 1)];
  const lettered = cells.slice(1).filter((one) => (one[13] ?? '') !== '');
  const undone = lettered[choice % Math.max(lettered.length, 1)];
  return cells.filter((one) => one[0] !== 'BQ' || one[2] !== removed).map((one) => {
    const unlettered = one[6] === undone?.[6] && one[13] === undone?.[13] && (one[13] ?? '') !== '';
    return one.map((cell, index) => (unlettered && (index === 13 || index === 14) ? '' : index === 7 && one[6] === undone?.[6] && cell !== '' ? `${cell} (nouveau nom)` : cell)).join('\t');
  }).join('\r\n');
}

/** What fast-check found. `said` is null when the property was false, as it is for what it is meant to find; else what was thrown. */
export type Found = { readonly failed: boolean; readonly counterexample: unknown; readonly said: string | null };

const JUST_FALSE = 'Property failed by returning false';

/** Runs a property; `runs` bounds the time it takes. */
export async function finds<Values extends [unknown, ...unknown[]]>(property: fc.IAsyncPropertyWithHooks<Values>, runs: number): Promise<Found> {
  const checked = await fc.check(property, { numRuns: runs, seed: 20_261_122, endOnFailure: true });
  const thrown = checked.errorInstance instanceof Error ? checked.errorInstance.message : null;
  return { failed: checked.failed, counterexample: checked.counterexample, said: thrown === JUST_FALSE ? null : thrown };
}

/** The outcome of `finds` when the property holds. */
export const HOLDS: Found = { failed: false, counterexample: null, said: null };

/** The outcome of `finds` when a planted bug is found, by the property being false and not by something breaking on the way. */
export const CAUGHT = { failed: true, said: null };
