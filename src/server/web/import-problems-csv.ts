import type { Problem } from '#core/kernel/problem.ts';
import type { Language } from '#core/kernel/text.ts';

/** A cell that a spreadsheet would take for a formula is written as text; quotes are doubled (RFC 4180). */
function cell(text: string): string {
  const safe = /^\s*[=+\-@＝＋－＠]/u.test(text) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}

const HEADS: Readonly<Record<Language, readonly string[]>> = {
  fr: ['Fichier', 'Ligne', 'Gravité', 'Explication', 'Code'], en: ['File', 'Line', 'Severity', 'Explanation', 'Code'],
};
const SEVERITIES: Readonly<Record<Language, Readonly<Record<Problem['severity'], string>>>> = {
  fr: { error: 'Erreur', warning: 'Attention' }, en: { error: 'Error', warning: 'Warning' },
};

/** Errors first, each kind in the order of the file. */
export const gravestFirst = <One extends Pick<Problem, 'severity'>>(problems: readonly One[]): One[] =>
  problems.toSorted((a, b) => Number(b.severity === 'error') - Number(a.severity === 'error'));

/** Problems of files as a table that Excel opens by itself: its separator in French is the semicolon, and the mark says UTF-8. */
export function problemsCsv(files: readonly { readonly name: string; readonly problems: readonly Problem[] }[], language: Language): Buffer {
  const separator = language === 'fr' ? ';' : ',';
  const rows = files.flatMap(({ name, problems }) => gravestFirst(problems).map((one) =>
    [name, one.line === 0 ? '' : String(one.line), SEVERITIES[language][one.severity], one.message[language], one.code]));
  return Buffer.from(`\ufeff${[HEADS[language], ...rows].map((row) => row.map(cell).join(separator)).join('\r\n')}\r\n`, 'utf8');
}
