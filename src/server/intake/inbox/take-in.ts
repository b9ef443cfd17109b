import type { Clock } from '#core/kernel/clock.ts';
import type { Day } from '#core/kernel/day.ts';
import type { OrganisationId } from '#core/kernel/id.ts';
import type { Problem } from '#core/kernel/problem.ts';
import type { Database } from '#server/plumbing/database.ts';
import { importPath } from '../import-many.ts';
import type { FileReport } from '../import-many.ts';
import { inboxProblem } from './inbox-problems.ts';

/** Who took a file in when no person did: imports of the watched folder and the mailbox carry this actor. */
export const INBOX_ACTOR = 'system:inbox';

/** A file of the watched folder or a mailbox, under the name its sender knows it by. */
export type Arrived = { readonly organisation: OrganisationId; readonly path: string; readonly fileName: string };

/** One file of those that arrived (an archive brings several), and what became of it. */
export type TakenFile = { readonly file: string; readonly status: FileReport['status']; readonly format: string | null; readonly lines: number; readonly problems: readonly Problem[] };

/** What became of what arrived: `refused` as soon as one file of it was, for a person must then look. */
export type Taken = { readonly status: 'done' | 'refused'; readonly files: readonly TakenFile[] };

/** Problems that only a person can answer, once for all files of a source. */
const ANSWERED_BY_HAND: ReadonlySet<string> = new Set([
  'intake.tableHeaderMissing', 'intake.tableFieldMissing', 'intake.tableNothingMapped', 'intake.tableDecimalUnproven', 'intake.tableDayOrderUnproven', 'intake.bankAccountForeign',
]);
/** Time zone of an organisation that says none. */
const TIME_ZONE = 'Europe/Paris';

/** The business day of an organisation by the clock. */
export async function todayOf(database: Database, clock: Clock, organisation: OrganisationId): Promise<Day> {
  const profile = await database.inTenant(organisation, (t) => t.one<{ time_zone: string }>(t.sql`select p.time_zone from ${t.from('profile')} p`), { readOnly: true });
  return clock.today(profile?.time_zone ?? TIME_ZONE);
}

/** Imports what arrived, each file whole or not at all, without anybody to answer a question. Throws only what was not foreseen (the database is away, a bug). */
export async function takeIn(database: Database, clock: Clock, arrived: Arrived): Promise<Taken> {
  const today = await todayOf(database, clock, arrived.organisation);
  const files: TakenFile[] = [];
  for await (const report of importPath(database, { ...arrived, today, clock, actor: INBOX_ACTOR })) {
    const { file, status, format, lines, problems } = report;
    const asks = status === 'refused' && problems.some((one) => one.severity === 'error' && ANSWERED_BY_HAND.has(one.code));
    files.push({ file, status, format, lines, problems: asks ? [inboxProblem('confirmByHand', {}), ...problems] : problems });
  }
  return { files, status: files.length > 0 && files.every((one) => one.status !== 'refused') ? 'done' : 'refused' };
}

/** Whether something of it is in the books now. */
export const isApplied = ({ files }: Taken): boolean => files.some((one) => one.status === 'applied');

/** What arrived and was refused before any file of it was read. */
export const refusedWhole = (file: string, found: Problem): Taken => ({ status: 'refused', files: [{ file, status: 'refused', format: null, lines: 0, problems: [found] }] });

/** Several as one. */
export const together = (all: readonly Taken[]): Taken => ({ files: all.flatMap((one) => one.files), status: all.every((one) => one.status === 'done') ? 'done' : 'refused' });

/** What a log line may say of it: no name, no amount, no sentence. */
export function loggableTaken({ status, files }: Taken): object {
  const codes = [...new Set(files.flatMap((one) => one.problems.map((found) => found.code)))];
  return { status, files: files.length, refused: files.filter((one) => one.status === 'refused').length, formats: [...new Set(files.map((one) => one.format))], codes };
}
