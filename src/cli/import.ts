import { basename, resolve } from 'node:path';
import { access, constants, stat } from 'node:fs/promises';
import type { Language } from '#core/kernel/text.ts';
import type { ImportOptions } from '#server/intake/import-file.ts';
import { importPath } from '#server/intake/import-many.ts';
import type { FileReport } from '#server/intake/import-many.ts';
import { INTAKE_FORMATS } from '#server/intake/sniff.ts';
import { settleAfterImport } from '#server/holds/settle-holds.ts';
import { matchAfterImport } from '#server/matching/automatic.ts';
import type { AfterImport } from '#server/matching/automatic.ts';
import { loggableError } from '#server/plumbing/log.ts';
import type { IntakeFormat } from '#server/intake/sniff.ts';
import { EXIT, usage } from './context.ts';
import type { Command, Context } from './context.ts';
import { sentences } from './shapes.ts';

/** `acquit import`: recognises the format of each file and applies it whole or not at all. */
export const importCommand: Command = {
  about: {
    fr: 'prend des grands livres, relevés bancaires, factures électroniques et leurs statuts ; fichiers, dossiers ou archives .zip',
    en: 'takes in ledgers, bank statements, e-invoices and their statuses; files, folders or .zip archives',
  },
  usage: 'import FILE… [--as FORMAT] [--terms TERMS] [--new-account] [--match] [--dry-run]',
  options: { as: { type: 'string' }, terms: { type: 'string' }, 'new-account': { type: 'boolean' }, match: { type: 'boolean' }, 'dry-run': { type: 'boolean' } },
  words: [1, 1000],
  creates: true,
  check: async (words) => {
    for (const file of words) await mustBeReadable(file);
  },
  run: async (context) => {
    const as = context.options['as'];
    const format = INTAKE_FORMATS.find((known) => known === as);
    if (as !== undefined && format === undefined) throw usage(`--as ${String(as)} : ${INTAKE_FORMATS.join(', ')}.`, `--as ${String(as)}: ${INTAKE_FORMATS.join(', ')}.`);
    const files: object[] = [];
    const count = { applied: 0, unchanged: 0, refused: 0 };
    for (const word of context.words) {
      for await (const report of importPath(context.store.database, optionsOf(context, word, format), word)) {
        count[report.status] += 1;
        if (context.json) files.push(reportJson(report, context.language));
        else process.stdout.write(said(report, context));
      }
    }
    const after = context.options['match'] === true && count.applied > 0 && context.options['dry-run'] !== true ? await matchImported(context) : null;
    if (count.applied > 0 && context.options['dry-run'] !== true) await settleImported(context);
    if (context.json) context.print({ files, ...matchedJson(after, context.language) }, () => '');
    else {
      if (count.applied + count.unchanged + count.refused > 1) process.stdout.write(saidInAll(count, context));
      process.stdout.write(saidOfMatching(after, context.language));
    }
    return count.refused > 0 ? EXIT.refused : EXIT.done;
  },
};

/** On request what is certain is matched once all files are in: a statement may come before the invoices it pays. The files stand whatever comes of it. */
async function matchImported({ store, organisation, clock, today, actor, log }: Context): Promise<AfterImport> {
  const after = await matchAfterImport(store.database, { organisation, clock, today, actor });
  if (after.status === 'failed') log.error({ part: 'cli', error: loggableError(after.error) }, 'matching after an import failed');
  return after;
}

/** What the files say of promises, plans and disputes is noted; the next run does it again should it fail. */
async function settleImported({ store, organisation, clock, today, actor, log }: Context): Promise<void> {
  const holds = await settleAfterImport(store.database, { organisation, clock, today, actor });
  if (holds.failed !== null) log.error({ part: 'cli', error: loggableError(holds.failed) }, 'settling holds after an import failed');
}

function matchedJson(after: AfterImport | null, language: Language): object {
  if (after?.status === 'done') return { matched: after.count };
  return after?.status === 'failed' ? { matched: null, matchingFailed: sentences(after.said, language) } : {};
}

function saidOfMatching(after: AfterImport | null, language: Language): string {
  if (after?.status === 'failed') return `  ✗ ${after.said[language]}\n`;
  if (after?.status !== 'done' || after.count.applied + after.count.linked + after.count.left === 0) return '';
  const { applied, linked, left } = after.count;
  return language === 'fr'
    ? `Lettrage : ${applied} appliqué(s), ${linked} déjà au grand livre, ${left} ligne(s) à placer\n`
    : `Matching: ${applied} applied, ${linked} in the ledger already, ${left} line(s) to place\n`;
}

const BANK_FORMATS: ReadonlySet<string> = new Set(['camt052', 'camt053', 'camt054', 'cfonb120', 'cfonb240', 'mt940', 'ofx']);

/** All files are looked at before the first one is applied: a mistyped name must not leave half of a command done. */
async function mustBeReadable(file: string): Promise<void> {
  const found = await stat(file).catch(() => null);
  const readable = found !== null && (await access(file, constants.R_OK).then(() => true, () => false));
  if (!readable) throw usage(`${file} : fichier introuvable ou illisible. Rien n'a été importé.`, `${file}: no such file, or it cannot be read. Nothing was imported.`);
  if (!found.isFile() && !found.isDirectory()) throw usage(`${file} n'est ni un fichier ni un dossier. Rien n'a été importé.`, `${file} is neither a file nor a folder. Nothing was imported.`);
}

function optionsOf(context: Context, file: string, format: IntakeFormat | undefined): ImportOptions {
  const path = resolve(file);
  const { terms } = context.options;
  return {
    organisation: context.organisation, path, fileName: basename(path), today: context.today, clock: context.clock, actor: context.actor,
    dryRun: context.options['dry-run'] === true, newAccount: context.options['new-account'] === true, ...(format === undefined ? {} : { format }),
    ...(typeof terms === 'string' ? { terms } : {}),
  };
}

function saidInAll(count: { applied: number; unchanged: number; refused: number }, context: Context): string {
  return context.language === 'fr'
    ? `\nEn tout : ${count.applied} appliqué(s), ${count.unchanged} déjà connu(s), ${count.refused} refusé(s)\n`
    : `\nIn all: ${count.applied} applied, ${count.unchanged} already known, ${count.refused} refused\n`;
}

function reportJson(report: FileReport, language: Language): object {
  const { file, importId, format, sha256, status, lines, created, changed, totals, problems } = report;
  return { file, import: importId, format, sha256, status, lines, created, changed, totals, problems: problems.map(({ message, ...rest }) => ({ ...rest, ...sentences(message, language) })) };
}

function said(report: FileReport, context: Context): string {
  const { created, totals } = report;
  const fr = context.language === 'fr';
  const status = { applied: fr ? 'appliqué' : 'applied', unchanged: fr ? 'déjà connu, rien ne change' : 'already known, nothing changes', refused: fr ? 'REFUSÉ' : 'REFUSED' }[report.status];
  const head = `${report.file}: ${status} (${report.format ?? '?'}, ${report.lines} ${fr ? 'lignes' : 'lines'})\n`;
  const body = report.status === 'refused' ? '' : BANK_FORMATS.has(report.format ?? '') || created.bankLines > 0 ? saidOfBank(report, fr) : fr
    ? `  créés : ${created.customers} clients, ${created.debits} débits, ${created.credits} crédits, ${created.allocations} lettrages · solde ${totals.balance}\n`
    : `  created: ${created.customers} customers, ${created.debits} debits, ${created.credits} credits, ${created.allocations} allocations · balance ${totals.balance}\n`;
  const shown = report.problems.slice(0, 20).map((one) => `  ${one.severity === 'error' ? '✗' : '!'} ${one.message[context.language]}\n`).join('');
  const more = report.problems.length > 20 ? `  … +${report.problems.length - 20}\n` : '';
  return head + body + shown + more;
}

/** Money in and out as the bank writes it. */
function saidOfBank({ created, totals }: FileReport, fr: boolean): string {
  return fr
    ? `  ${created.bankLines} lignes bancaires · entrées ${totals.credit}, sorties ${totals.debit}, solde ${totals.balance}\n`
    : `  ${created.bankLines} bank lines · in ${totals.credit}, out ${totals.debit}, balance ${totals.balance}\n`;
}
