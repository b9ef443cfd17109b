import type { Problem } from '../kernel/problem.ts';
import { err, never, ok } from '../kernel/result.ts';
import type { Result } from '../kernel/result.ts';
import type { Bilingual, Language } from '../kernel/text.ts';
import { legalLine, signatureLines } from './identity.ts';
import type { MessageModel } from './message-model.ts';
import type { BlockKind } from './placeholders.ts';
import { BLOCK_PLACEHOLDERS } from './placeholders.ts';
import { htmlDocument } from './render-html.ts';
import { plainText } from './render-text.ts';
import { chargesTable, itemsTable, paymentLines } from './tables.ts';
import type { PaymentLine, Table } from './tables.ts';
import type { Part, Template } from './template.ts';
import { cleanValue, isBlank } from './value.ts';

/** A piece of the body with its values in: lines of plain text, a table, or how to pay. */
export type RenderedBlock =
  | { readonly kind: 'paragraph'; readonly lines: readonly string[] }
  | { readonly kind: 'items' | 'charges'; readonly table: Table }
  | { readonly kind: 'payment'; readonly lines: readonly PaymentLine[] };

/** A message ready to be carried: the blocks are for the letter, `text` and `html` for an e-mail. All three say the same. */
export type RenderedMessage = {
  readonly language: Language;
  readonly subject: string;
  readonly blocks: readonly RenderedBlock[];
  readonly signature: readonly string[];
  readonly legal: string;
  readonly text: string;
  readonly html: string;
};

/** Characters of a subject once its values are in: beyond, mail programs cut and filters suspect. */
export const SUBJECT_LENGTH_MAX = 400;

function emptyValue(names: Bilingual): Problem {
  return {
    line: 0,
    severity: 'error',
    code: 'letters.emptyValue',
    message: {
      fr: `Le champ {{${names.fr}}} est vide pour ce client : complétez la fiche ou retirez le champ du modèle. Rien n’est parti.`,
      en: `The field {{${names.en}}} is empty for this customer: complete the record or remove the field from the template. Nothing was sent.`,
    },
  };
}

type Filling = { readonly model: MessageModel; readonly language: Language; readonly problems: Problem[] };

/** Puts the values in a line; notes the names of those that are empty. */
function fillLine(parts: readonly Part[], filling: Filling): string {
  return parts
    .map((part) => {
      if (part.kind === 'text') return part.text;
      const value = cleanValue(part.placeholder.value(filling.model, filling.language) ?? '');
      if (isBlank(value)) filling.problems.push(emptyValue(part.placeholder.names));
      return value;
    })
    .join('');
}

const blockNames = (kind: BlockKind): Bilingual => BLOCK_PLACEHOLDERS.find((one) => one.block === kind)?.names ?? { fr: kind, en: kind };

function fillBlock(kind: BlockKind, filling: Filling): RenderedBlock | null {
  const { model, language } = filling;
  switch (kind) {
    case 'items':
      return { kind, table: itemsTable(model, language) };
    case 'charges': {
      const table = chargesTable(model, language);
      return table === null ? null : { kind, table };
    }
    case 'payment': {
      const lines = paymentLines(model, language);
      return lines.some((line) => isBlank(line.value)) ? null : { kind, lines };
    }
    default:
      return never(kind);
  }
}

function fillBlocks(template: Template, filling: Filling): RenderedBlock[] {
  const blocks: RenderedBlock[] = [];
  for (const block of template.blocks) {
    if (block.kind === 'paragraph') {
      blocks.push({ kind: 'paragraph', lines: block.lines.map((line) => fillLine(line, filling)) });
      continue;
    }
    const filled = fillBlock(block.kind, filling);
    if (filled === null) filling.problems.push(emptyValue(blockNames(block.kind)));
    else blocks.push(filled);
  }
  return blocks;
}

const tooLong = (length: number): Problem => ({
  line: 0,
  severity: 'error',
  code: 'letters.subjectTooLong',
  message: {
    fr: `L’objet compte ${length} caractères une fois rempli, plus de ${SUBJECT_LENGTH_MAX} : raccourcissez le modèle ou le nom du client.`,
    en: `The subject has ${length} characters once filled in, more than ${SUBJECT_LENGTH_MAX}: shorten the template or the customer’s name.`,
  },
});

/** Puts one message's values in a template, in the language of the debtor. Values are data: they are cleaned of invisible
 * marks and printed, never read again. An empty value or table refuses the message and names what is missing. */
export function renderMessage(template: Template, model: MessageModel): Result<RenderedMessage, readonly Problem[]> {
  const { language } = model.debtor;
  const filling: Filling = { model, language, problems: [] };
  const subject = fillLine(template.subject, filling);
  const blocks = fillBlocks(template, filling);
  if (subject.length > SUBJECT_LENGTH_MAX) filling.problems.push(tooLong(subject.length));
  if (isBlank(cleanValue(model.creditor.name))) filling.problems.push(emptyValue({ fr: 'societe.nom', en: 'company.name' }));
  if (filling.problems.length > 0) return err(filling.problems);
  const content = { language, subject, blocks, signature: signatureLines(model.creditor), legal: legalLine(model.creditor, language) };
  return ok(renderAgain(content));
}

/** A message's text and page drawn from its blocks, so that all of it says the same. */
export function renderAgain(content: Omit<RenderedMessage, 'text' | 'html'>): RenderedMessage {
  return { ...content, text: plainText(content), html: htmlDocument(content) };
}
