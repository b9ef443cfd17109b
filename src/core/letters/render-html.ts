import { never } from '../kernel/result.ts';
import type { MessageContent } from './render-text.ts';
import type { PaymentLine, Table } from './tables.ts';
import { escapeHtml } from './value.ts';

// Mail programs drop style sheets: the few styles stand on the elements. No link, no image, nothing to fetch.
const CELL = 'padding:4px 10px;border-bottom:1px solid #d9d9d9;vertical-align:top;';
const LEFT = `${CELL}text-align:left;`;
const RIGHT = `${CELL}text-align:right;white-space:nowrap;`;

const cellHtml = (tag: 'td' | 'th', text: string, figures: boolean): string =>
  `<${tag}${tag === 'th' ? ' scope="col"' : ''} style="${figures ? RIGHT : LEFT}">${escapeHtml(text)}</${tag}>`;

function tableHtml(table: Table): string {
  const cells = (tag: 'td' | 'th', row: readonly string[]): string =>
    `<tr>${row.map((cell, index) => cellHtml(tag, cell, table.columns[index]?.figures ?? false)).join('')}</tr>`;
  const span = Math.max(1, table.columns.length - 1);
  const sums = table.sums.map((sum) => {
    const weight = sum.strong ? 'font-weight:bold;' : '';
    return `<tr><td colspan="${span}" style="${RIGHT}${weight}">${escapeHtml(sum.label)}</td><td style="${RIGHT}${weight}">${escapeHtml(sum.value)}</td></tr>`;
  });
  const note = table.note === null ? '' : `<p style="font-size:12px;color:#555555">${escapeHtml(table.note)}</p>`;
  return [
    '<table style="border-collapse:collapse;font-size:14px;margin:0 0 16px 0">',
    `<thead>${cells('th', table.columns.map((column) => column.label))}</thead>`,
    `<tbody>${table.rows.map((row) => cells('td', row)).join('\n')}`,
    `${sums.join('\n')}</tbody></table>${note}`,
  ].join('\n');
}

function paymentHtml(lines: readonly PaymentLine[]): string {
  const rows = lines.map(
    (line) => `<tr><td style="padding:2px 16px 2px 0;color:#555555">${escapeHtml(line.label)}</td><td style="padding:2px 0;font-weight:bold">${escapeHtml(line.value)}</td></tr>`,
  );
  return `<table style="border-collapse:collapse;font-size:14px;margin:0 0 16px 0"><tbody>\n${rows.join('\n')}\n</tbody></table>`;
}

const linesHtml = (lines: readonly string[]): string => lines.map(escapeHtml).join('<br>\n');

function blockHtml(block: MessageContent['blocks'][number]): string {
  switch (block.kind) {
    case 'paragraph':
      return `<p style="margin:0 0 16px 0">${linesHtml(block.lines)}</p>`;
    case 'items':
    case 'charges':
      return tableHtml(block.table);
    case 'payment':
      return paymentHtml(block.lines);
    default:
      return never(block);
  }
}

/** The message as one HTML page, every value escaped; it fetches nothing and links to nothing. */
export function htmlDocument(content: MessageContent): string {
  return [
    '<!doctype html>',
    `<html lang="${content.language}">`,
    `<head><meta charset="utf-8"><title>${escapeHtml(content.subject)}</title></head>`,
    '<body style="font-family:Arial,Helvetica,sans-serif;font-size:15px;line-height:1.45;color:#222222">',
    ...content.blocks.map(blockHtml),
    `<p style="margin:0 0 16px 0">${linesHtml(content.signature)}</p>`,
    `<p style="font-size:12px;color:#555555">${escapeHtml(content.legal)}</p>`,
    '</body></html>',
    '',
  ].join('\n');
}
