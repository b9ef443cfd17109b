import { readFile } from 'node:fs/promises';
import type { LifecycleMessage } from '#core/intake/einvoice/einvoice.ts';
import { problem } from '#core/intake/problems.ts';
import type { ImportId } from '#core/kernel/id.ts';
import type { Problem } from '#core/kernel/problem.ts';
import { never } from '#core/kernel/result.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { applyFec } from './apply-fec.ts';
import { applyTable } from './apply-table.ts';
import { applyBank } from './bank/apply-bank.ts';
import { applyEInvoice } from './einvoice/apply-einvoice.ts';
import type { InvoiceFile } from './einvoice/apply-einvoice.ts';
import { applyLifecycle } from './einvoice/apply-lifecycle.ts';
import { settleLifecycle } from './einvoice/settle-lifecycle.ts';
import type { Applied, ImportOptions } from './import-file.ts';
import { readEInvoiceFile } from './read-einvoice.ts';
import { Refused } from './refused.ts';
import type { IntakeFormat } from './sniff.ts';

/** What was read of a small document before the transaction began; null for formats that stream into it. */
export type Prepared =
  | { readonly kind: 'invoice'; readonly file: InvoiceFile }
  | { readonly kind: 'lifecycle'; readonly message: LifecycleMessage; readonly problems: readonly Problem[] }
  | null;

/** Reads what is small enough to be held whole, so that no transaction waits for it. Throws `Refused`. */
export async function prepareFormat(options: ImportOptions, format: IntakeFormat): Promise<Prepared> {
  if (format !== 'cii' && format !== 'ubl' && format !== 'facturx' && format !== 'cdar') return null;
  const read = await readEInvoiceFile(options.path, format === 'facturx' ? 'pdf' : 'xml');
  if (read.message !== null) return { kind: 'lifecycle', message: read.message, problems: read.problems };
  const invoice = read.reading?.invoice ?? null;
  if (read.reading === null || invoice === null) {
    throw new Refused(read.problems.length > 0 ? read.problems : [problem('formatHasNoFile', 0, { format })], { lines: 0 });
  }
  const xmlName = format === 'facturx' ? `${options.fileName}.xml` : options.fileName;
  const xml = read.xml === null ? [] : [{ mediaType: 'application/xml' as const, name: xmlName, content: read.xml }];
  const pdf = format === 'facturx' ? [{ mediaType: 'application/pdf' as const, name: options.fileName, content: await readFile(options.path) }] : [];
  return { kind: 'invoice', file: { reading: { ...read.reading, invoice }, problems: read.problems, files: [...pdf, ...xml] } };
}

/** Applies a file of a known format in the transaction of its import. Throws `Refused`. */
export async function applyFormat(t: Tenant, importId: ImportId, of: { options: ImportOptions; format: IntakeFormat; prepared: Prepared }): Promise<Applied> {
  const applied = await applyOne(t, importId, of);
  if (of.format === 'cdar') return applied;
  // A status may have come before its invoice.
  const { today, clock, actor } = of.options;
  const settled = await settleLifecycle(t, { importId, today, now: clock.now(), actor });
  return settled.opened + settled.ended === 0 ? applied : { ...applied, changed: { ...applied.changed, holdsOpened: settled.opened, holdsEnded: settled.ended } };
}

async function applyOne(t: Tenant, importId: ImportId, of: { options: ImportOptions; format: IntakeFormat; prepared: Prepared }): Promise<Applied> {
  const { options, format, prepared } = of;
  switch (format) {
    case 'fec':
      return applyFec(t, importId, options);
    case 'csv':
    case 'xlsx':
      return applyTable(t, importId, { ...options, format });
    case 'camt052':
    case 'camt053':
    case 'camt054':
    case 'cfonb120':
    case 'cfonb240':
    case 'mt940':
    case 'ofx':
      return applyBank(t, importId, { ...options, bankFormat: format });
    case 'cii':
    case 'ubl':
    case 'facturx':
    case 'cdar':
      if (prepared?.kind === 'invoice') return applyEInvoice(t, importId, { ...options, file: prepared.file });
      if (prepared?.kind === 'lifecycle') return applyLifecycle(t, importId, { ...options, message: prepared.message, problems: prepared.problems });
      throw new Refused([problem('formatHasNoFile', 0, { format })]);
    case 'zip':
      throw new Refused([problem('archiveNested', 0, {})]);
    default:
      return never(format);
  }
}
