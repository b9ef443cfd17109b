import { basename, resolve } from 'node:path';
import { access, constants, stat } from 'node:fs/promises';
import type { Language } from '#core/kernel/text.ts';
import { importFile } from '#server/intake/import-file.ts';
import type { ImportReport } from '#server/intake/import-file.ts';
import { EXIT, usage } from './context.ts';
import type { Command, Context } from './context.ts';
import { sentences } from './shapes.ts';

const FORMATS = ['fec', 'csv', 'xlsx'] as const;

/** `acquit import`: recognises the format of each file and applies it whole or not at all. */
export const importCommand: Command = {
  about: { fr: 'prend un grand livre, des factures ou des clients (FEC, CSV, XLSX)', en: 'takes in a ledger, invoices or customers (FEC, CSV, XLSX)' },
  usage: 'import FILE… [--as FORMAT] [--terms TERMS] [--dry-run]',
  options: { as: { type: 'string' }, terms: { type: 'string' }, 'dry-run': { type: 'boolean' } },
  words: [1, 1000],
  creates: true,
  check: async (words) => {
    for (const file of words) await mustBeReadable(file);
  },
  run: async (context) => {
    const as = context.options['as'];
    const format = FORMATS.find((known) => known === as);
    if (as !== undefined && format === undefined) throw usage(`--as ${String(as)} : ${FORMATS.join(', ')}.`, `--as ${String(as)}: ${FORMATS.join(', ')}.`);
    const files: object[] = [];
    let refused = false;
    for (const file of context.words) {
      const report = await importOne(context, file, format);
      refused ||= report.status === 'refused';
      files.push(reportJson(file, report, context.language));
      if (!context.json) process.stdout.write(said(file, report, context));
    }
    if (context.json) context.print({ files }, () => '');
    return refused ? EXIT.refused : EXIT.done;
  },
};

/** All files are looked at before the first one is applied: a mistyped name must not leave half of a command done. */
async function mustBeReadable(file: string): Promise<void> {
  const found = await stat(file).catch(() => null);
  const readable = found !== null && (await access(file, constants.R_OK).then(() => true, () => false));
  if (!readable) throw usage(`${file} : fichier introuvable ou illisible. Rien n'a été importé.`, `${file}: no such file, or it cannot be read. Nothing was imported.`);
  if (!found.isFile()) throw usage(`${file} n'est pas un fichier (un dossier ?) : nommez les fichiers un par un. Rien n'a été importé.`, `${file} is not a file (a folder?): name the files one by one. Nothing was imported.`);
}

async function importOne(context: Context, file: string, format: (typeof FORMATS)[number] | undefined): Promise<ImportReport> {
  const path = resolve(file);
  const { terms } = context.options;
  return importFile(context.store.database, {
    organisation: context.organisation, path, fileName: basename(path), today: context.today, clock: context.clock, actor: context.actor,
    dryRun: context.options['dry-run'] === true, ...(format === undefined ? {} : { format }), ...(typeof terms === 'string' ? { terms } : {}),
  });
}

function reportJson(file: string, report: ImportReport, language: Language): object {
  const { importId, format, sha256, status, lines, created, changed, totals, problems } = report;
  return { file, import: importId, format, sha256, status, lines, created, changed, totals, problems: problems.map(({ message, ...rest }) => ({ ...rest, ...sentences(message, language) })) };
}

function said(file: string, report: ImportReport, context: Context): string {
  const { created, totals } = report;
  const fr = context.language === 'fr';
  const status = { applied: fr ? 'appliqué' : 'applied', unchanged: fr ? 'déjà connu, rien ne change' : 'already known, nothing changes', refused: fr ? 'REFUSÉ' : 'REFUSED' }[report.status];
  const head = `${file}: ${status} (${report.format ?? '?'}, ${report.lines} ${fr ? 'lignes' : 'lines'})\n`;
  const body = report.status === 'refused' ? '' : fr
    ? `  créés : ${created.customers} clients, ${created.debits} débits, ${created.credits} crédits, ${created.allocations} lettrages · solde ${totals.balance}\n`
    : `  created: ${created.customers} customers, ${created.debits} debits, ${created.credits} credits, ${created.allocations} allocations · balance ${totals.balance}\n`;
  const shown = report.problems.slice(0, 20).map((one) => `  ${one.severity === 'error' ? '✗' : '!'} ${one.message[context.language]}\n`).join('');
  const more = report.problems.length > 20 ? `  … +${report.problems.length - 20}\n` : '';
  return head + body + shown + more;
}
