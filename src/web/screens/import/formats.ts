import type { ImportOutcome } from '#core/api/imports.ts';
import { known } from '../../ui/reasons.ts';
import type { IconName } from '../../ui/icons.tsx';

const NAMED = ['fec', 'csv', 'xlsx', 'camt052', 'camt053', 'camt054', 'cfonb120', 'cfonb240', 'mt940', 'ofx', 'cii', 'ubl', 'facturx', 'cdar', 'zip'] as const;

/** What a file is, to be put in words. */
export type FileKind = (typeof NAMED)[number] | 'bankTable' | 'unknown';

const TABLES: ReadonlySet<string> = new Set(['csv', 'xlsx']);

/** What a file is, by its format and, for a table, by what it turned out to hold. */
export function kindOf(format: string | null, outcome: ImportOutcome | null = null): FileKind {
  const bank = outcome?.found?.kind === 'bank' || outcome?.understood?.mapping.kind === 'bank';
  if (format !== null && TABLES.has(format) && bank) return 'bankTable';
  return known(NAMED, format ?? '') ?? 'unknown';
}

/** True of files that banks give. */
export const isBank = (kind: FileKind): boolean => iconOf(kind) === 'bank';

/** The drawing of a kind of file. */
export function iconOf(kind: FileKind): IconName {
  switch (kind) {
    case 'camt052': case 'camt053': case 'camt054': case 'cfonb120': case 'cfonb240': case 'mt940': case 'ofx': case 'bankTable': return 'bank';
    case 'cii': case 'ubl': case 'facturx': return 'letter';
    case 'cdar': return 'check';
    case 'zip': return 'archive';
    case 'fec': case 'csv': case 'xlsx': return 'ledger';
    case 'unknown': return 'file';
  }
}
