import { createHash } from 'node:crypto';
import type { NodeCompiler as TypstCompiler } from '@myriaddreamin/typst-ts-node-compiler';
import { dayNumber } from '#core/kernel/day.ts';
import type { Day } from '#core/kernel/day.ts';
import type { Problem } from '#core/kernel/problem.ts';
import { err, ok } from '#core/kernel/result.ts';
import type { Result } from '#core/kernel/result.ts';
import type { MessageModel } from '#core/letters/message-model.ts';
import type { RenderedMessage } from '#core/letters/render.ts';
import { letterData } from './letter-data.ts';
import { LETTER_SOURCE } from './letter-source.ts';

/** A letter ready to print: its bytes and their SHA-256, the same for the same input on every run. */
export type LetterPdf = { readonly bytes: Buffer; readonly sha256: string; readonly pages: number };

/** Draws letters. One maker serves many letters one after the other; it blocks its thread while it draws (about 30 ms a page). */
export type LetterMaker = {
  /** Draws a letter; the problem names a character the letter's fonts have not. */
  make(model: MessageModel, message: RenderedMessage): Result<LetterPdf, Problem>;
  /** Draws pages of another layout from its data, dated a day. */
  draw(pages: Pages): Result<LetterPdf, Problem>;
};

/** A layout in Typst, which reads `sys.inputs.data` as JSON and shows it as text. */
export type Pages = { readonly source: string; readonly data: object; readonly today: Day };

/** PDF/A-3a: for archives, tagged for screen readers, fonts inside. */
const PDF_STANDARD = 'a-3a';
/** Letters after which the compiler's memory of past layouts is dropped, and how many letters it looks back. */
const CACHE_AGE_MAX = 5;
const SECONDS_PER_DAY = 86_400;
/** Bytes of one letter: 1000 items draw in about 1 MB; more is a fault. */
export const LETTER_BYTES_MAX = 8 * 1024 * 1024;

const refusal = (code: string, fr: string, en: string): Result<never, Problem> =>
  err({ line: 0, severity: 'error', code: `letters.${code}`, message: { fr, en } });

const reasonOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));

/** The text Typst could not draw, out of its diagnostic; null when the failure is another one. */
function undrawable(reason: string): string | null {
  const match = /the text `\\?"(.*?)\\?"` could not be displayed/.exec(reason);
  return match?.[1] ?? null;
}

function drawingFailure(reason: string): Result<never, Problem> {
  const text = undrawable(reason);
  if (text !== null) {
    return refusal(
      'undrawable',
      `La lettre ne peut pas imprimer « ${text} » : ses polices n’ont que les alphabets latin, grec et cyrillique. Corrigez le nom, l’adresse ou le modèle.`,
      `The letter cannot print "${text}": its fonts have the Latin, Greek and Cyrillic alphabets only. Correct the name, the address or the template.`,
    );
  }
  if (reason.includes('does not fit its place')) {
    return refusal(
      'addressTooLong',
      'L’adresse du client ou le nom de la société est trop long pour sa place sur la lettre, même en petits caractères : raccourcissez-le.',
      'The customer’s address or the company’s name is too long for its place on the letter, even in small print: shorten it.',
    );
  }
  return refusal('pdfFailed', `La lettre n’a pas pu être dessinée : ${reason.slice(0, 300)}`, `The letter could not be drawn: ${reason.slice(0, 300)}`);
}

type Drawing = { readonly source: string; readonly inputs: Record<string, string>; readonly today: Day };

function drawn(compiler: TypstCompiler, { source, inputs, today }: Drawing): LetterPdf {
  const compiled = compiler.compile({ mainFileContent: source, inputs });
  const document = compiled.result;
  if (document === null) {
    const failure = compiled.takeError();
    throw new Error(JSON.stringify(failure?.shortDiagnostics ?? 'no diagnostic'));
  }
  const bytes = compiler.pdf(document, { pdfStandard: PDF_STANDARD, creationTimestamp: dayNumber(today) * SECONDS_PER_DAY });
  compiler.evictCache(CACHE_AGE_MAX);
  return { bytes, sha256: createHash('sha256').update(bytes).digest('hex'), pages: document.numOfPages };
}

/** Loads the drawing engine. The problem says what to do when its native part does not exist for this machine. */
export async function openLetterMaker(): Promise<Result<LetterMaker, Problem>> {
  let compiler: TypstCompiler;
  try {
    const { NodeCompiler } = await import('@myriaddreamin/typst-ts-node-compiler');
    compiler = NodeCompiler.create();
  } catch (thrown) {
    return refusal(
      'pdfEngine',
      `Le moteur de lettres (Typst) ne se charge pas sur cette machine (${process.platform} ${process.arch}) : ${reasonOf(thrown)}. Réinstallez les dépendances avec « npm ci ».`,
      `The letter engine (Typst) does not load on this machine (${process.platform} ${process.arch}): ${reasonOf(thrown)}. Reinstall the dependencies with "npm ci".`,
    );
  }
  const draw = (drawing: Drawing): Result<LetterPdf, Problem> => {
    try {
      const letter = drawn(compiler, drawing);
      if (letter.bytes.length <= LETTER_BYTES_MAX) return ok(letter);
      return refusal('pdfTooLarge', 'La lettre dépasse 8 Mo : citez moins de pièces.', 'The letter is over 8 MB: cite fewer documents.');
    } catch (thrown) {
      return drawingFailure(reasonOf(thrown));
    }
  };
  return ok({
    make: (model, message) => draw({ source: LETTER_SOURCE, inputs: { letter: JSON.stringify(letterData(model, message)) }, today: model.today }),
    draw: ({ source, data, today }) => draw({ source, inputs: { data: JSON.stringify(data) }, today }),
  });
}
