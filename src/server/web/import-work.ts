import type { ImportOutcome } from '#core/api/imports.ts';
import { FIELD_NAMES } from '#core/intake/table/field-words.ts';
import type { ConfirmedMapping } from '#core/intake/table/mapping.ts';
import { importFile } from '#server/intake/import-file.ts';
import type { ImportReport, Understood } from '#server/intake/import-file.ts';
import type { Session } from '#server/identity/sessions.ts';
import { actorOf } from './access.ts';
import { todayOf } from './context.ts';
import type { WebContext } from './context.ts';
import type { Advance } from './jobs.ts';
import { invalid } from './refusal.ts';
import type { Upload } from './uploads.ts';

/** Problems an answer carries; all of an applied import are in its history. */
const PROBLEMS_SHOWN = 500;

/** How a kept file is to be read. `mapping` null: as remembered or guessed. `check`: look, keep nothing. */
export type Reading = { readonly mapping: ConfirmedMapping | null; readonly terms: string | null; readonly check: boolean };

/** Formats whose columns have a fixed meaning need nobody's word before they are applied. */
const needsNoWord = (report: ImportReport): boolean => report.format === 'fec' || report.understood === null || report.understood.remembered;

/**
 * Reads a file and applies it. A table whose columns were guessed is only looked at first, and kept, so that a person can
 * say what its columns are; a ledger export, or a table known from before, is applied at once.
 */
export async function takeIn(web: WebContext, session: Session, of: { upload: Upload; reading: Reading; advance: Advance }): Promise<ImportOutcome> {
  const { upload, reading, advance } = of;
  const today = await web.database.inTenant(session.organisation, (t) => todayOf(t, web.clock), { readOnly: true });
  const read = (dryRun: boolean): Promise<ImportReport> => importFile(web.database, {
    organisation: session.organisation, path: upload.path, fileName: upload.fileName, today, clock: web.clock, actor: actorOf(session), dryRun, progress: advance,
    ...(reading.mapping === null ? {} : { mapping: reading.mapping }), ...(reading.terms === null ? {} : { terms: reading.terms }),
  });
  const table = /\.(?:csv|tsv|xlsx|xlsm)$/i.test(upload.fileName);
  const lookFirst = reading.check || (reading.mapping === null && table);
  const looked = lookFirst ? await read(true) : null;
  if (looked !== null && (reading.check || looked.status !== 'applied' || !needsNoWord(looked))) return outcomeOf(web, upload, { report: looked, looked: true });
  return outcomeOf(web, upload, { report: await read(false), looked: false });
}

async function outcomeOf(web: WebContext, upload: Upload, of: { report: ImportReport; looked: boolean }): Promise<ImportOutcome> {
  const { report, looked } = of;
  const stage = looked && report.status === 'applied' ? 'toConfirm' : report.status;
  // A refused table can still be read another way; everything else is finished with its file.
  const keeps = stage === 'toConfirm' || (stage === 'refused' && report.understood !== null);
  if (!keeps) await web.uploads.drop(upload.id);
  const { customers, debits, credits, allocations } = report.created;
  return {
    stage, upload: keeps ? upload.id : null, importId: report.importId, fileName: upload.fileName, format: report.format, lines: report.lines,
    created: { customers, debits, credits, allocations }, changed: report.changed, totals: report.totals,
    problems: report.problems.slice(0, PROBLEMS_SHOWN), problemsTotal: report.problems.length, understood: report.understood === null ? null : understoodOf(report.understood),
  };
}

function understoodOf(understood: Understood): ImportOutcome['understood'] {
  const { headers, sample, mapping, notes, remembered } = understood;
  const columns: Record<string, number> = {};
  for (const [field, column] of Object.entries(mapping.columns)) columns[field] = column;
  return { headers, sample, mapping: { headerLine: mapping.headerLine, columns, decimalStyle: mapping.decimalStyle, dayOrder: mapping.dayOrder }, notes, remembered };
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
