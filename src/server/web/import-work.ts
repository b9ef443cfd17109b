import type { ImportOutcome, MatchedView } from '#core/api/imports.ts';
import type { Problem } from '#core/kernel/problem.ts';
import { FIELD_NAMES } from '#core/intake/table/field-words.ts';
import type { ConfirmedMapping } from '#core/intake/table/mapping.ts';
import { importFile } from '#server/intake/import-file.ts';
import type { ImportReport, Understood } from '#server/intake/import-file.ts';
import { NO_TOTALS } from '#server/intake/refused.ts';
import type { IntakeFormat } from '#server/intake/sniff.ts';
import { settleAfterImport } from '#server/holds/settle-holds.ts';
import { matchAfterImport } from '#server/matching/automatic.ts';
import { loggableError } from '#server/plumbing/log.ts';
import type { Session } from '#server/identity/sessions.ts';
import { actorOf } from './access.ts';
import { todayOf } from './context.ts';
import type { WebContext } from './context.ts';
import type { Reading } from './import-drops.ts';
import { readFound } from './import-found.ts';
import { gravestFirst } from './import-problems-csv.ts';
import type { Advance } from './jobs.ts';
import { invalid } from './refusal.ts';
import type { Upload } from './uploads.ts';

/** Problems shown with a file at once; a person asks for the others. */
const PROBLEMS_SHOWN = 5;

/** How a file of a drop is to be read. */
export type TakeIn = { readonly upload: Upload; readonly format: IntakeFormat | null; readonly terms: string | null; readonly reading: Reading; readonly advance: Advance };

/** What became of a file, and every problem of it. */
export type Taken = { readonly outcome: ImportOutcome; readonly problems: readonly Problem[] };

/** Formats whose columns have a fixed meaning need nobody's word before they are applied. */
const needsNoWord = (report: ImportReport): boolean => report.understood === null || report.understood.remembered;

/**
 * Reads a file and applies it. A table whose columns were guessed is only looked at first, so that a person can say what its columns
 * are; everything else, or a table known from before, is applied at once.
 */
export async function takeIn(web: WebContext, session: Session, of: TakeIn): Promise<Taken> {
  const { upload, reading, advance, format } = of;
  const today = await web.database.inTenant(session.organisation, (t) => todayOf(t, web.clock), { readOnly: true });
  const read = (dryRun: boolean): Promise<ImportReport> => importFile(web.database, {
    organisation: session.organisation, path: upload.path, fileName: upload.fileName, today, clock: web.clock, actor: actorOf(session), dryRun, progress: advance, newAccount: reading.newAccount,
    ...(format === null ? {} : { format }), ...(reading.mapping === null ? {} : { mapping: reading.mapping }), ...(of.terms === null ? {} : { terms: of.terms }),
  });
  const lookFirst = reading.check || (reading.mapping === null && (format === 'csv' || format === 'xlsx'));
  const looked = lookFirst ? await read(true) : null;
  const stays = looked !== null && (reading.check || looked.status !== 'applied' || !needsNoWord(looked));
  const report = stays ? looked : await read(false);
  const stage = stays && report.status === 'applied' ? 'toConfirm' : report.status;
  return { problems: report.problems, outcome: { ...summaryOf(upload.fileName, { report, stage }), ...(await readFound(web, session.organisation, report)) } };
}

/** Places what is certain now that files are in; null when the settings leave it to people. A failure is logged and told, and undoes no import. */
export async function matchImported(web: WebContext, session: Session): Promise<MatchedView | null> {
  const { organisation } = session;
  const today = await web.database.inTenant(organisation, (t) => todayOf(t, web.clock), { readOnly: true });
  const by = { organisation, clock: web.clock, today, actor: actorOf(session) };
  const after = await matchAfterImport(web.database, by);
  const holds = await settleAfterImport(web.database, by);
  if (holds.failed !== null) web.log.error({ part: 'web', job: 'holds', error: loggableError(holds.failed) }, 'settling holds after an import failed');
  if (after.status === 'off') return null;
  if (after.status === 'done') return { ...after.count, fault: null };
  web.log.error({ part: 'web', job: 'matching', error: loggableError(after.error) }, 'matching after an import failed');
  return { applied: 0, linked: 0, left: 0, fault: after.said };
}

type Nothing = Pick<ImportOutcome, 'found' | 'before'>;
const NOTHING: Nothing = { found: null, before: null };

function summaryOf(fileName: string, of: { report: ImportReport; stage: ImportOutcome['stage'] }): Omit<ImportOutcome, keyof Nothing> {
  const { report, stage } = of;
  const { problems } = report;
  const { customers, debits, credits, allocations, bankLines } = report.created;
  return {
    stage, importId: report.importId, fileName, format: report.format, lines: report.lines, created: { customers, debits, credits, allocations, bankLines }, changed: report.changed,
    totals: report.totals, problems: gravestFirst(problems).slice(0, PROBLEMS_SHOWN), problemsTotal: problems.length, errors: problems.filter(({ severity }) => severity === 'error').length,
    understood: report.understood === null ? null : understoodOf(report.understood), foreignAccount: problems.some(({ code }) => code === 'intake.bankAccountForeign'),
  };
}

const NONE = { customers: 0, debits: 0, credits: 0, allocations: 0, bankLines: 0 };

/** A file refused before anything of it was read. */
export function refusedOutcome(of: { fileName: string; format: string }, problems: readonly Problem[]): ImportOutcome {
  const report: ImportReport = { importId: null, format: of.format, sha256: '', status: 'refused', lines: 0, created: NONE, changed: {}, totals: NO_TOTALS, problems, understood: null };
  return { ...summaryOf(of.fileName, { report, stage: 'refused' }), ...NOTHING };
}

function understoodOf(understood: Understood): ImportOutcome['understood'] {
  const { headers, sample, mapping, notes, remembered, profile } = understood;
  const columns: Record<string, number> = {};
  for (const [field, column] of Object.entries(mapping.columns)) columns[field] = column;
  return { headers, sample, mapping: { ...mapping, columns }, notes, remembered, profile };
}

/** Refuses a mapping that names one column twice: one of the two fields would silently be wrong. */
export function checkMapping(mapping: ConfirmedMapping): void {
  const seen = new Map<number, keyof typeof FIELD_NAMES>();
  for (const [field, column] of Object.entries(mapping.columns) as [keyof typeof FIELD_NAMES, number][]) {
    const other = seen.get(column);
    if (other !== undefined) {
      throw invalid('mapping.twice', `La même colonne est choisie pour « ${FIELD_NAMES[other].fr} » et « ${FIELD_NAMES[field].fr} » : laissez-la à un seul champ.`, `The same column is chosen for "${FIELD_NAMES[other].en}" and "${FIELD_NAMES[field].en}": leave it to one field.`);
    }
    seen.set(column, field);
  }
}
