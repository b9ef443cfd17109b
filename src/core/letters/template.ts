import type { Problem } from '../kernel/problem.ts';
import { err, ok } from '../kernel/result.ts';
import type { Result } from '../kernel/result.ts';
import type { Bilingual } from '../kernel/text.ts';
import { findPlaceholder, suggestedName } from './placeholders.ts';
import type { BlockKind, BlockPlaceholder, Placeholder } from './placeholders.ts';

/** A piece of a line: words as written, or the place of a value. */
export type Part = { readonly kind: 'text'; readonly text: string } | { readonly kind: 'value'; readonly placeholder: Placeholder };

/** A paragraph of one or more lines, or a table. */
export type TemplateBlock = { readonly kind: 'paragraph'; readonly lines: readonly (readonly Part[])[] } | { readonly kind: BlockKind };

/** A template read and checked: it can only print its words, the values of the closed list and the three tables. */
export type Template = { readonly subject: readonly Part[]; readonly blocks: readonly TemplateBlock[] };

/** A template as its author types it. */
export type TemplateSource = { readonly subject: string; readonly body: string };

/** Characters of a body: five pages, more than any debtor reads; refused before any reading. */
export const TEMPLATE_LENGTH_MAX = 20_000;
/** Characters of a subject before its values are put in: mail programs show about 60. */
export const SUBJECT_TEMPLATE_LENGTH_MAX = 150;
/** Problems listed at once: beyond, the template comes from another program. */
const PROBLEMS_MAX = 20;
/** Characters of a wrong name quoted back in an error. */
const QUOTED_LENGTH_MAX = 60;

/** What other template languages use: none of it means anything here, so it is refused rather than printed to a debtor. */
const MARKS = /[{}]|<%|%>|\[\[|\]\]/;
const CONTROLS = /[^\P{Cc}\n\t]/u;

type Place = { readonly where: Bilingual; readonly line: number };

const problemAt = (place: Place, code: string, message: Bilingual): Problem => ({
  line: place.line,
  severity: 'error',
  code: `letters.${code}`,
  message: { fr: `${place.where.fr} : ${message.fr}`, en: `${place.where.en}: ${message.en}` },
});

const bodyPlace = (line: number, column: number): Place => ({
  line,
  where: { fr: `Ligne ${line}, colonne ${column}`, en: `Line ${line}, column ${column}` },
});

const subjectPlace = (column: number): Place => ({ line: 0, where: { fr: `Objet, colonne ${column}`, en: `Subject, column ${column}` } });

const quoted = (name: string): string => (name.length > QUOTED_LENGTH_MAX ? `${name.slice(0, QUOTED_LENGTH_MAX)}…` : name);

function unknownMessage(name: string): Bilingual {
  const near = suggestedName(name);
  return {
    fr: `« ${quoted(name)} » n’est pas un champ connu. ${near === null ? '' : `Vouliez-vous « ${near} » ? `}Choisissez un champ de la liste.`,
    en: `"${quoted(name)}" is not a known field. ${near === null ? '' : `Did you mean "${near}"? `}Choose a field of the list.`,
  };
}

type LinePiece = Part | { readonly kind: 'block'; readonly placeholder: BlockPlaceholder };

/** Reads one line; stops at its first problem. `place` tells where a column of this line is. */
function readLine(line: string, place: (column: number) => Place): Result<LinePiece[], Problem> {
  const pieces: LinePiece[] = [];
  let at = 0;
  while (at < line.length) {
    const next = line.slice(at).search(MARKS);
    if (next < 0) break;
    const open = at + next;
    if (open > at) pieces.push({ kind: 'text', text: line.slice(at, open) });
    const read = readPlaceholder(line, open);
    if (!read.ok) return err(problemAt(place(open + 1), read.error.code, read.error.message));
    pieces.push(read.value.piece);
    at = read.value.end;
  }
  if (at < line.length) pieces.push({ kind: 'text', text: line.slice(at) });
  return ok(pieces);
}

type Refusal = { readonly code: string; readonly message: Bilingual };

function readPlaceholder(line: string, open: number): Result<{ piece: LinePiece; end: number }, Refusal> {
  if (!line.startsWith('{{', open)) {
    return err({
      code: 'foreignSyntax',
      message: {
        fr: 'accolades, [[ ]] et <% %> ne s’impriment pas. Écrivez un champ entre doubles accolades, {{client.nom}} par exemple, ou retirez-les.',
        en: 'braces, [[ ]] and <% %> are not printed. Write a field between double braces, {{customer.name}} for example, or remove them.',
      },
    });
  }
  const close = line.indexOf('}}', open + 2);
  const inner = close < 0 ? line.slice(open + 2) : line.slice(open + 2, close);
  if (/[{}]/.test(inner)) {
    return err({ code: 'nestedBraces', message: { fr: 'des accolades dans des accolades. Un champ s’écrit {{client.nom}}, sans rien d’autre.', en: 'braces inside braces. A field is written {{customer.name}} and nothing else.' } });
  }
  if (close < 0) {
    return err({ code: 'unclosedBraces', message: { fr: 'le champ n’est pas fermé sur sa ligne. Ajoutez }}.', en: 'the field is not closed on its line. Add }}.' } });
  }
  const name = inner.trim();
  const placeholder = findPlaceholder(name);
  if (placeholder === null) return err({ code: 'unknownField', message: unknownMessage(name) });
  const piece: LinePiece = 'block' in placeholder ? { kind: 'block', placeholder } : { kind: 'value', placeholder };
  return ok({ piece, end: close + 2 });
}

const blankPiece = (piece: LinePiece): boolean => piece.kind === 'text' && piece.text.trim() === '';

/** The block of a line that holds a table and nothing else; a problem when words stand beside the table; null for a line of words. */
function blockOfLine(pieces: readonly LinePiece[], place: Place): Result<BlockKind | null, Problem> {
  const blocks = pieces.filter((piece) => piece.kind === 'block');
  const [first] = blocks;
  if (first === undefined) return ok(null);
  if (blocks.length === 1 && pieces.every((piece) => piece === first || blankPiece(piece))) return ok(first.placeholder.block);
  return err(
    problemAt(place, 'blockNotAlone', {
      fr: `le tableau {{${first.placeholder.names.fr}}} doit être seul sur sa ligne.`,
      en: `the table {{${first.placeholder.names.en}}} must stand alone on its line.`,
    }),
  );
}

const isPart = (piece: LinePiece): piece is Part => piece.kind !== 'block';

function readBody(body: string): Result<TemplateBlock[], Problem[]> {
  const problems: Problem[] = [];
  const blocks: TemplateBlock[] = [];
  let paragraph: Part[][] = [];
  const endParagraph = (): void => {
    if (paragraph.length > 0) blocks.push({ kind: 'paragraph', lines: paragraph });
    paragraph = [];
  };
  for (const [index, text] of body.split('\n').entries()) {
    const read = readLine(text.trimEnd().replaceAll('\t', ' '), (column) => bodyPlace(index + 1, column));
    const block = read.ok ? blockOfLine(read.value, bodyPlace(index + 1, 1)) : read;
    if (!block.ok || !read.ok) {
      if (!block.ok) problems.push(block.error);
      if (problems.length >= PROBLEMS_MAX) return err(problems);
      continue;
    }
    if (block.value !== null) {
      endParagraph();
      blocks.push({ kind: block.value });
    } else if (read.value.length === 0) endParagraph();
    else paragraph.push(read.value.filter(isPart));
  }
  endParagraph();
  return problems.length > 0 ? err(problems) : ok(blocks);
}

function readSubject(subject: string): Result<Part[], Problem[]> {
  if (/[\r\n]/.test(subject)) {
    return err([problemAt(subjectPlace(subject.search(/[\r\n]/) + 1), 'subjectLines', { fr: 'l’objet tient sur une seule ligne.', en: 'the subject is one line.' })]);
  }
  const read = readLine(subject.trim().replaceAll('\t', ' '), subjectPlace);
  if (!read.ok) return err([read.error]);
  if (read.value.every(blankPiece)) return err([problemAt(subjectPlace(1), 'subjectEmpty', { fr: 'l’objet est vide.', en: 'the subject is empty.' })]);
  if (!read.value.every(isPart)) {
    return err([problemAt(subjectPlace(1), 'subjectBlock', { fr: 'un tableau ne tient pas dans un objet.', en: 'a table does not fit a subject.' })]);
  }
  return ok(read.value.filter(isPart));
}

function limitProblems(source: TemplateSource): Problem[] {
  const found: Problem[] = [];
  const limits = [
    { where: { fr: 'Texte', en: 'Body' }, text: source.body, max: TEMPLATE_LENGTH_MAX },
    { where: { fr: 'Objet', en: 'Subject' }, text: source.subject, max: SUBJECT_TEMPLATE_LENGTH_MAX },
  ];
  for (const { where, text, max } of limits) {
    if (text.length <= max) continue;
    found.push(
      problemAt({ line: 0, where }, 'templateTooLong', {
        fr: `${text.length} caractères, plus de ${max}. Raccourcissez-le.`,
        en: `${text.length} characters, more than ${max}. Shorten it.`,
      }),
    );
  }
  return found;
}

/** Reads and checks a template once, when it is saved. Every problem says its line, its column and what to do. */
export function compileTemplate(source: TemplateSource): Result<Template, readonly Problem[]> {
  const limits = limitProblems(source);
  if (limits.length > 0) return err(limits);
  const body = source.body.replaceAll(/\r\n?/g, '\n');
  if (CONTROLS.test(body) || CONTROLS.test(source.subject.replaceAll(/[\r\n]/g, ''))) {
    return err([
      problemAt({ line: 0, where: { fr: 'Modèle', en: 'Template' } }, 'controlCharacter', {
        fr: 'un caractère de contrôle invisible s’y trouve. Effacez le passage et retapez-le.',
        en: 'it holds an invisible control character. Delete the passage and type it again.',
      }),
    ]);
  }
  const subject = readSubject(source.subject);
  const blocks = readBody(body);
  if (!subject.ok || !blocks.ok) return err([...(subject.ok ? [] : subject.error), ...(blocks.ok ? [] : blocks.error)]);
  if (blocks.value.length > 0) return ok({ subject: subject.value, blocks: blocks.value });
  return err([problemAt({ line: 0, where: { fr: 'Texte', en: 'Body' } }, 'bodyEmpty', { fr: 'le texte est vide.', en: 'the body is empty.' })]);
}
