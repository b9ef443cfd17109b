import QRCode from 'qrcode';
import { beforeAll, expect, test } from 'vitest';
import { addDays, day } from '#core/kernel/day.ts';
import { money } from '#core/kernel/money.ts';
import { must } from '#core/kernel/result.ts';
import { EXAMPLE_CREDITOR, EXAMPLE_DEBTOR, EXAMPLE_FACTS } from '#core/letters/example.ts';
import { composeMessage } from '#core/letters/message-model.ts';
import type { CitedItem, MessageFacts } from '#core/letters/message-model.ts';
import { readyTemplate } from '#core/letters/ready-templates.ts';
import { renderMessage } from '#core/letters/render.ts';
import { compileTemplate } from '#core/letters/template.ts';
import { letterData, qrDrawing } from './letter-data.ts';
import { openLetterMaker } from './pdf.ts';
import type { LetterMaker } from './pdf.ts';

let maker: LetterMaker;

beforeAll(async () => {
  maker = must(await openLetterMaker());
});

function contentOf(change: Partial<MessageFacts>) {
  const model = must(composeMessage({ ...EXAMPLE_FACTS, ...change }));
  const choice = { step: model.step, tone: model.tone, kind: model.debtor.kind, withCharges: model.charges !== null };
  const message = must(renderMessage(must(compileTemplate(readyTemplate(choice, model.debtor.language))), model));
  return { model, message };
}

const draw = (change: Partial<MessageFacts>) => {
  const { model, message } = contentOf(change);
  return maker.make(model, message);
};

const manyItems = (count: number): CitedItem[] =>
  Array.from({ length: count }, (_, index) => ({
    document: `FA${20_250_000 + index}`,
    kind: 'invoice',
    issuedOn: addDays(day('2025-01-01'), index % 300),
    dueOn: addDays(day('2025-02-01'), index % 300),
    amount: money(BigInt(100_000 + index), 'EUR'),
    open: money(BigInt(100_000 + index), 'EUR'),
  }));

test('a letter is a tagged PDF/A-3 in its language, dated by its message', () => {
  const letter = must(draw({}));
  const text = letter.bytes.toString('latin1');
  expect(text.startsWith('%PDF-1.')).toBe(true);
  expect(text).toContain('<pdfaid:part>3</pdfaid:part>');
  expect(text).toContain('<pdfaid:conformance>A</pdfaid:conformance>');
  expect(text).toMatch(/\/Marked true/);
  expect(text).toMatch(/\/Lang ?\(fr\)/);
  expect(text).toContain('2026-02-15');
  expect(letter.pages).toBe(1);
});

test('the same message gives the same bytes, from another engine too', async () => {
  const other = must(await openLetterMaker());
  const { model, message } = contentOf({});
  const first = must(maker.make(model, message));
  must(draw({ items: manyItems(3) }));
  expect(must(maker.make(model, message)).bytes.equals(first.bytes)).toBe(true);
  expect(must(other.make(model, message)).sha256).toBe(first.sha256);
  expect(must(draw({ today: day('2026-02-16') })).sha256).not.toBe(first.sha256);
});

test.each([
  [1, 1],
  [40, 2],
  [1000, 22],
])('%i items make about %i pages', (count, pages) => {
  const letter = must(draw({ items: manyItems(count) }));
  expect(Math.abs(letter.pages - pages)).toBeLessThanOrEqual(pages / 5);
});

test('every step, kind and language draws', () => {
  for (const language of ['fr', 'en'] as const) {
    for (const kind of ['business', 'consumer', 'public'] as const) {
      for (const step of ['preDue', 'reminder1', 'reminder2', 'reminder3', 'formalNotice'] as const) {
        expect(draw({ step, debtor: { ...EXAMPLE_DEBTOR, kind, language } }).ok).toBe(true);
      }
    }
  }
});

test('the window shows the debtor alone: name, contact, address', () => {
  const { model, message } = contentOf({});
  expect(letterData(model, message).address).toEqual(['Hôtel du Cœur de Ville', 'Madame Anaïs Lefèvre', 'Service comptabilité', '3 place de l’Église', '35000 Rennes']);
});

test('an address that cannot fit its window refuses the letter rather than cover the text', () => {
  const addressLines = Array<string>(7).fill('Zone industrielle de la Grande Lande '.repeat(5).trim());
  expect(draw({ debtor: { ...EXAMPLE_DEBTOR, addressLines } })).toMatchObject({ ok: false, error: { code: 'letters.addressTooLong' } });
});

test('the QR code is there for euros and an account, and absent otherwise', () => {
  const qrOf = (change: Partial<MessageFacts>) => {
    const { model, message } = contentOf(change);
    return letterData(model, message).blocks.flatMap((block) => (block.kind === 'payment' ? [block.qr] : []))[0];
  };
  expect(qrOf({})?.size).toBeGreaterThan(20);
  const dollars = manyItems(1).map((item) => ({ ...item, amount: money(item.amount.minor, 'USD'), open: money(item.open.minor, 'USD') }));
  expect(qrOf({ items: dollars })).toBeNull();
  expect(qrOf({ creditor: { ...EXAMPLE_CREDITOR, iban: 'FR00 0000' } })).toBeNull();
});

test('the runs of a QR code are its dark modules, each once', () => {
  const payload = 'BCD\n002\n1\nSCT\n\nSociété\nFR1420041010050500013M02606\nEUR12.30';
  const { modules } = QRCode.create(payload, { errorCorrectionLevel: 'M' });
  const { size, runs } = qrDrawing(payload);
  const drawn = Array<number>(size * size).fill(0);
  for (const run of runs) for (let x = run.x; x < run.x + run.length; x += 1) drawn[run.y * size + x] = (drawn[run.y * size + x] ?? 0) + 1;
  expect(drawn).toEqual(Array.from(modules.data));
});
