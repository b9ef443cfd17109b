import { err, ok } from '#core/kernel/result.ts';
import type { Result } from '#core/kernel/result.ts';
import type { Delimiter } from './delimited.ts';
import type { FecAmountStyle } from './fec-line.ts';
import { fold, trimSpaces } from './fold.ts';
import type { ProblemList } from './problem-list.ts';

/** Fields of a FEC by their name in article A47 A-1, and the due date that some editors add. */
export type FecField =
  | 'JournalCode' | 'JournalLib' | 'EcritureNum' | 'EcritureDate' | 'CompteNum' | 'CompteLib' | 'CompAuxNum' | 'CompAuxLib'
  | 'PieceRef' | 'PieceDate' | 'EcritureLib' | 'Debit' | 'Credit' | 'Montant' | 'Sens' | 'EcritureLet' | 'DateLet' | 'ValidDate'
  | 'Montantdevise' | 'Idevise' | 'DateRglt' | 'ModeRglt' | 'NatOp' | 'IdClient' | 'DateEcheance';

/** How a FEC's first line maps columns to fields. */
export type FecHeader = {
  readonly delimiter: Delimiter;
  readonly quoted: boolean;
  readonly amountStyle: FecAmountStyle;
  readonly headers: readonly string[];
  readonly indexes: ReadonlyMap<FecField, number>;
  readonly extraColumns: readonly string[];
  /** Fields a line must at least have: the last needed column, counted from 1. */
  readonly fieldsMin: number;
};

const ALIASES: readonly (readonly [FecField, readonly string[]])[] = [
  ['JournalCode', ['codejournal', 'journal', 'jnl', 'codejnl']],
  ['JournalLib', ['journallibelle', 'libellejournal', 'libjournal']],
  ['EcritureNum', ['numecriture', 'ecriturenumero', 'numeroecriture', 'numerodecriture']],
  ['EcritureDate', ['dateecriture', 'datecomptable', 'datedecriture']],
  ['CompteNum', ['numcompte', 'comptenumero', 'numerocompte', 'numerodecompte', 'compte']],
  ['CompteLib', ['comptelibelle', 'libellecompte', 'libcompte']],
  ['CompAuxNum', ['compteauxnum', 'compauxnumero', 'compteauxiliaire', 'comptauxnum', 'compteauxiliairenum', 'numcompteauxiliaire', 'auxiliaire']],
  ['CompAuxLib', ['compteauxlib', 'compauxlibelle', 'comptauxlib', 'compteauxiliairelib', 'libelleauxiliaire', 'libellecompteauxiliaire']],
  ['PieceRef', ['refpiece', 'piecereference', 'referencepiece', 'numpiece', 'numeropiece', 'piecenum']],
  ['PieceDate', ['datepiece', 'datedepiece']],
  ['EcritureLib', ['ecriturelibelle', 'libelleecriture', 'libecriture', 'libelle']],
  ['Debit', ['montantdebit', 'debiteur']],
  ['Credit', ['montantcredit', 'crediteur']],
  ['Montant', ['montanteuro', 'montanteur']],
  ['Sens', ['sensecriture', 'codesens']],
  ['EcritureLet', ['lettrage', 'codelettrage', 'ecriturelettrage', 'let']],
  ['DateLet', ['datelettrage', 'datedelettrage', 'ecrituredatelet']],
  ['ValidDate', ['datevalid', 'datevalidation', 'validationdate', 'datedevalidation']],
  ['Montantdevise', ['montantendevise', 'devisemontant']],
  ['Idevise', ['iddevise', 'devise', 'codedevise', 'identifiantdevise']],
  ['DateRglt', ['datereglement', 'datereglt']],
  ['ModeRglt', ['modereglement', 'modereglt']],
  ['NatOp', ['natureoperation', 'natop']],
  ['IdClient', ['identifiantclient']],
  ['DateEcheance', ['echeance', 'datedecheance', 'datech', 'dateech', 'duedate', 'ecritureecheance', 'echeancedate', 'ecrituredateecheance']],
];

const FIELD_OF: ReadonlyMap<string, FecField> = new Map(
  ALIASES.flatMap(([field, aliases]): [string, FecField][] => [
    [field.toLowerCase(), field],
    ...aliases.map((alias): [string, FecField] => [alias, field]),
  ]),
);

/** Without these a customer account cannot be rebuilt. */
const NEEDED: readonly FecField[] = [
  'JournalCode', 'EcritureNum', 'EcritureDate', 'CompteNum', 'CompAuxNum', 'CompAuxLib', 'PieceRef', 'PieceDate', 'EcritureLib', 'EcritureLet',
];
/** Asked for by the law, not needed to rebuild a customer account. */
const EXPECTED: readonly FecField[] = ['JournalLib', 'CompteLib', 'DateLet', 'ValidDate', 'Montantdevise', 'Idevise'];

const DELIMITERS: readonly Delimiter[] = ['\t', '|', ';', ','];
/** Recognised names that make a first line a FEC header rather than any table. */
const NAMES_MIN = 6;

/** The field that a column title stands for; null for a column that is the editor's own. */
export const fecField = (title: string): FecField | null => FIELD_OF.get(fold(title)) ?? null;

const unquote = (cell: string): string => {
  const trimmed = trimSpaces(cell);
  return trimmed.length >= 2 && trimmed.startsWith('"') && trimmed.endsWith('"') ? trimmed.slice(1, -1).replaceAll('""', '"') : trimmed;
};

/** Which separator makes the most FEC field names of a line; null when none makes at least six. */
export function fecDelimiter(line: string): Delimiter | null {
  let best: Delimiter | null = null;
  let bestNames = NAMES_MIN - 1;
  for (const delimiter of DELIMITERS) {
    const names = line.split(delimiter).filter((cell) => fecField(unquote(cell)) !== null).length;
    if (names > bestNames) {
      best = delimiter;
      bestNames = names;
    }
  }
  return best;
}

/** Maps the first line of a FEC; problems go to `problems`, and the error only says that reading cannot go on. */
export function readFecHeader(line: string, lineNumber: number, problems: ProblemList): Result<FecHeader, 'refused'> {
  const delimiter = fecDelimiter(line);
  if (delimiter === null) {
    problems.add('fecHeaderMissing', lineNumber, {});
    return err('refused');
  }
  const headers = line.split(delimiter).map(unquote);
  const indexes = new Map<FecField, number>();
  const extraColumns: string[] = [];
  for (const [index, header] of headers.entries()) {
    const field = fecField(header);
    if (field === null) extraColumns.push(header);
    else if (indexes.has(field)) problems.add('fecColumnTwice', lineNumber, { column: field });
    else indexes.set(field, index);
  }
  const amountStyle: FecAmountStyle = indexes.has('Debit') || indexes.has('Credit') || !indexes.has('Montant') ? 'debitCredit' : 'amountSide';
  const amounts: readonly FecField[] = amountStyle === 'debitCredit' ? ['Debit', 'Credit'] : ['Montant', 'Sens'];
  const needed = [...NEEDED, ...amounts];
  for (const column of needed) if (!indexes.has(column)) problems.add('fecColumnMissing', lineNumber, { column });
  for (const column of EXPECTED) if (!indexes.has(column)) problems.add('fecColumnAbsent', lineNumber, { column });
  if (problems.refused) return err('refused');
  const quoted = delimiter === ';' || delimiter === ',' || line.includes('"');
  const fieldsMin = 1 + Math.max(...needed.map((field) => indexes.get(field) ?? 0));
  return ok({ delimiter, quoted, amountStyle, headers, indexes, extraColumns: extraColumns.filter((name) => name !== ''), fieldsMin });
}
