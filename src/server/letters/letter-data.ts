import QRCode from 'qrcode';
import { epcPayload } from '#core/letters/epc.ts';
import { formatDay } from '#core/letters/format.ts';
import type { MessageModel } from '#core/letters/message-model.ts';
import { partsOf } from '#core/kernel/day.ts';
import type { Language } from '#core/kernel/text.ts';
import type { RenderedBlock, RenderedMessage } from '#core/letters/render.ts';
import type { Table } from '#core/letters/tables.ts';
import { cleanValue } from '#core/letters/value.ts';

/** A horizontal run of dark modules of a QR code, in modules. */
type QrRun = { readonly x: number; readonly y: number; readonly length: number };

/** A QR code as drawn: its side in modules and its dark runs. */
export type QrDrawing = { readonly size: number; readonly runs: readonly QrRun[] };

/** What the layout reads: nothing but texts, numbers and lists. */
export type LetterData = ReturnType<typeof letterData>;

/** EPC069-12 asks for error correction level M and a version of 13 at most; `qrcode` takes the smallest that fits. */
const QR_LEVEL = 'M';

const WORDS = {
  fr: { subject: 'Objet :', page: 'Page', code: 'Client', reference: 'Référence', qrCaption: 'Virement par QR code', qrAlt: 'QR code pour préparer le virement dans une application bancaire', phone: 'Tél.' },
  en: { subject: 'Subject:', page: 'Page', code: 'Customer', reference: 'Reference', qrCaption: 'Transfer by QR code', qrAlt: 'QR code to prepare the transfer in a banking application', phone: 'Tel.' },
} as const;

/** The dark runs of the QR code of a text. Deterministic: the library chooses version and mask from the text alone. */
export function qrDrawing(text: string): QrDrawing {
  const { modules } = QRCode.create(text, { errorCorrectionLevel: QR_LEVEL });
  const runs: QrRun[] = [];
  for (let y = 0; y < modules.size; y += 1) {
    let start = -1;
    for (let x = 0; x <= modules.size; x += 1) {
      const dark = x < modules.size && modules.get(y, x) === 1;
      if (dark && start < 0) start = x;
      if (dark || start < 0) continue;
      runs.push({ x: start, y, length: x - start });
      start = -1;
    }
  }
  return { size: modules.size, runs };
}

/** Letters of the longest word left whole in a line: half its width, so that addresses and e-mails copy as they are. */
const LINE_WORD_MAX = 45;
/** The same in a cell of a table with six columns. */
const CELL_WORD_MAX = 24;
/** Letters between the places where a longer word may break. */
const BREAK_EVERY = 8;
const STRETCH = new RegExp(`.{${BREAK_EVERY}}(?=.)`, 'gu');

/** Lets a very long word break (zero-width spaces), so that it never runs out of its place. */
const breakable = (text: string, wordMax: number): string =>
  text.replaceAll(/[^\s]+/gu, (word) => (word.length > wordMax ? word.replaceAll(STRETCH, (part) => `${part}\u200B`) : word));

const breakableLine = (text: string): string => breakable(text, LINE_WORD_MAX);

/** The first column takes what room is left, where numbers of any length stand. */
const tableData = (table: Table) => ({
  columns: table.columns.map((column, index) => ({ ...column, grows: index === 0 })),
  rows: table.rows.map((row) => row.map((cell) => breakable(cell, CELL_WORD_MAX))),
  sums: table.sums,
  note: table.note,
});

function paymentQr(model: MessageModel): QrDrawing | null {
  const { creditor } = model;
  const payload = epcPayload({ name: creditor.name, iban: creditor.iban, bic: creditor.bic, amount: model.grandTotal, reference: model.reference });
  // No QR code for other currencies or accounts: the printed lines say how to pay, and are always there.
  return payload.ok ? qrDrawing(payload.value) : null;
}

function blockData(block: RenderedBlock, model: MessageModel) {
  if (block.kind === 'paragraph') return { kind: 'paragraph', lines: block.lines.map(breakableLine) } as const;
  if (block.kind === 'payment') return { kind: 'payment', lines: block.lines.map((line) => ({ label: line.label, value: breakableLine(line.value) })), qr: paymentQr(model) } as const;
  return { kind: 'table', table: tableData(block.table) } as const;
}

const present = (lines: readonly (string | null)[]): string[] =>
  lines.map((line) => breakableLine(cleanValue(line ?? ''))).filter((line) => line !== '');

function creditorLines(model: MessageModel, language: Language): string[] {
  const { creditor } = model;
  const phone = creditor.phone === null ? null : `${WORDS[language].phone} ${creditor.phone}`;
  return present([...creditor.addressLines, phone, creditor.email]);
}

/** Everything one letter shows, as plain data for the layout. `address` begins with the debtor's name. */
export function letterData(model: MessageModel, message: RenderedMessage) {
  const { language } = message;
  const { creditor, debtor } = model;
  const words = WORDS[language];
  const contact = debtor.contactName === debtor.name ? null : debtor.contactName;
  return {
    language,
    title: message.subject,
    author: cleanValue(creditor.name),
    created: partsOf(model.today),
    words: { subject: words.subject, page: words.page, 'qr-caption': words.qrCaption, 'qr-alt': words.qrAlt },
    creditor: { name: breakableLine(cleanValue(creditor.name)), lines: creditorLines(model, language) },
    address: present([debtor.name, contact, ...debtor.addressLines]),
    'place-and-day': language === 'fr' ? `Le ${formatDay(model.today, language)}` : formatDay(model.today, language),
    references: present([`${words.code}${language === 'fr' ? ' : ' : ': '}${debtor.code}`]),
    subject: breakableLine(message.subject),
    running: present([creditor.name, debtor.name, formatDay(model.today, language)]).join(' – '),
    blocks: message.blocks.map((block) => blockData(block, model)),
    signature: present([creditor.signatory?.name ?? null, creditor.signatory?.role ?? null, creditor.name]),
    legal: breakableLine(message.legal),
  };
}
