import { never } from '../kernel/result.ts';
import type { Language } from '../kernel/text.ts';
import type { RenderedMessage } from './render.ts';
import type { PaymentLine, Table } from './tables.ts';

/** What both e-mail forms are drawn from. */
export type MessageContent = Omit<RenderedMessage, 'text' | 'html'>;

/** Characters of a text column: wider cells run over rather than push the table off a screen. */
const TEXT_COLUMN_MAX = 40;

const characters = (text: string): number => Array.from(text).length;

function padded(text: string, width: number, figures: boolean): string {
  const space = ' '.repeat(Math.max(0, width - characters(text)));
  return figures ? space + text : text + space;
}

const labelled = (line: PaymentLine, language: Language): string => `${line.label}${language === 'fr' ? '\u00A0' : ''}: ${line.value}`;

/** Draws a table in columns of spaces; figures to the right. */
function tableLines(table: Table, language: Language): string[] {
  const rows = [table.columns.map((column) => column.label), ...table.rows];
  const widths = table.columns.map((_, index) => Math.min(TEXT_COLUMN_MAX, Math.max(...rows.map((row) => characters(row[index] ?? '')))));
  const line = (row: readonly string[]): string =>
    row.map((cell, index) => padded(cell, widths[index] ?? 0, table.columns[index]?.figures ?? false)).join('  ').trimEnd();
  const [head = '', ...body] = rows.map(line);
  const rule = '-'.repeat(widths.reduce((total, width) => total + width + 2, -2));
  return [head, rule, ...body, rule, ...table.sums.map((sum) => labelled(sum, language)), ...(table.note === null ? [] : ['', table.note])];
}

function blockLines(block: MessageContent['blocks'][number], language: Language): readonly string[] {
  switch (block.kind) {
    case 'paragraph':
      return block.lines;
    case 'items':
    case 'charges':
      return tableLines(block.table, language);
    case 'payment':
      return block.lines.map((line) => labelled(line, language));
    default:
      return never(block);
  }
}

/** The message as plain text, lines ended by LF: what a reader without HTML sees, word for word the same facts. */
export function plainText(content: MessageContent): string {
  const blocks = content.blocks.map((block) => blockLines(block, content.language).join('\n'));
  return `${[...blocks, content.signature.join('\n'), `-- \n${content.legal}`].join('\n\n')}\n`;
}
