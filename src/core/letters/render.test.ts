import fc from 'fast-check';
import { expect, test } from 'vitest';
import { day } from '../kernel/day.ts';
import { money } from '../kernel/money.ts';
import { must } from '../kernel/result.ts';
import type { Result } from '../kernel/result.ts';
import { EXAMPLE_CREDITOR, EXAMPLE_DEBTOR, EXAMPLE_FACTS, EXAMPLE_ITEMS } from './example.ts';
import { formatDay, formatDays, formatDayShort, formatMoney, formatRate } from './format.ts';
import { composeMessage } from './message-model.ts';
import type { MessageModel } from './message-model.ts';
import { PLACEHOLDERS } from './placeholders.ts';
import { renderMessage } from './render.ts';
import type { RenderedMessage } from './render.ts';
import { compileTemplate } from './template.ts';
import type { TemplateSource } from './template.ts';

test('amounts, days and rates are written as each language writes them', () => {
  expect(formatMoney(money(123_456n, 'EUR'), 'fr')).toBe('1\u202F234,56\u00A0€');
  expect(formatMoney(money(123_456_789n, 'EUR'), 'en')).toBe('€1,234,567.89');
  expect(formatMoney(money(-5n, 'USD'), 'fr')).toBe('-0,05\u00A0USD');
  expect(formatMoney(money(1500n, 'JPY'), 'en')).toBe('JPY\u00A01,500');
  expect(formatMoney(money(1234n, 'TND'), 'fr')).toBe('1,234\u00A0TND');
  expect(formatDay(day('2026-02-15'), 'fr')).toBe('15\u00A0février\u00A02026');
  expect(formatDay(day('2026-03-01'), 'fr')).toBe('1er\u00A0mars\u00A02026');
  expect(formatDay(day('2026-03-01'), 'en')).toBe('1\u00A0March\u00A02026');
  expect(formatDayShort(day('2026-03-01'), 'fr')).toBe('01/03/2026');
  expect(formatRate({ numerator: 1215n, denominator: 10_000n }, 'fr')).toBe('12,15\u00A0%');
  expect([formatDays(1, 'fr'), formatDays(0, 'fr'), formatDays(12, 'en')]).toEqual(['1\u00A0jour', '0\u00A0jour', '12\u00A0days']);
});

const SOURCE: TemplateSource = {
  subject: 'Rappel {{client.nom}}',
  body: 'Bonjour {{contact.nom}},\nvotre code est {{client.code}}.\n\n{{postes.tableau}}\n\nMerci, {{societe.nom}}.\n\n{{paiement.bloc}}\n\nCordialement,',
};

type Values = { readonly name: string; readonly contact: string; readonly code: string; readonly company: string; readonly document: string; readonly line: string };

const modelOf = (values: Values): Result<MessageModel, unknown> =>
  composeMessage({
    ...EXAMPLE_FACTS,
    creditor: { ...EXAMPLE_CREDITOR, name: values.company, addressLines: [values.line] },
    debtor: { ...EXAMPLE_DEBTOR, name: values.name, contactName: values.contact, code: values.code, addressLines: [values.line] },
    items: EXAMPLE_ITEMS.map((item) => ({ ...item, document: values.document })),
  });

/** What a message is made of, its words left out. */
function structure(message: RenderedMessage): unknown {
  return {
    blocks: message.blocks.map((block) => ('table' in block ? [block.kind, block.table.rows.length, block.table.columns.length] : [block.kind, block.lines.length])),
    tags: message.html.match(/<[^>]*>/g)?.map((tag) => tag.replaceAll(/content="[^"]*"/g, '')),
    entitiesClosed: !/&(?!(?:amp|lt|gt|quot|#39);)/.test(message.html),
    textLines: message.text.split('\n').length,
    subjectLines: message.subject.split(/[\p{Cc}\u2028\u2029]/u).length,
    marks: /[\u202A-\u202E\u2066-\u2069\u200B\u200E\u200F]/.test(message.text + message.html + message.subject),
  };
}

const PLAIN: Values = { name: 'Client', contact: 'Contact', code: 'C1', company: 'Société', document: 'F1', line: 'Rue' };

const HOSTILE = ['{{7*7}}', '{{client.code}}', '{{postes.tableau}}', '\n\n', '\r\n', '<script>', '</td>', '"', "'", '&amp;', '\u2028', '\u202E', '\u200D', '{%', '\0', '<img src=x onerror=y>', '`', '#panic()', '=1+1'];
const word = fc
  .array(fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'binary', maxLength: 8 })), { maxLength: 6 })
  .map((parts) => parts.join(''));

type Renderer = (source: TemplateSource, model: MessageModel) => Result<RenderedMessage, unknown>;

/** Invariant D7: values are data; whatever they are, the message has the structure its template gives it. */
function structureHolds(render: Renderer): void {
  const wanted = JSON.stringify(structure(must(render(SOURCE, must(modelOf(PLAIN))))));
  const values = fc.record({ name: word, contact: word, code: word, company: word, document: word, line: word });
  fc.assert(
    fc.property(values, (drawn) => {
      const filled = Object.fromEntries(Object.entries(drawn).map(([key, value]) => [key, `x${value}`]));
      const model = modelOf({ ...PLAIN, ...filled });
      if (!model.ok) return true;
      const message = render(SOURCE, model.value);
      return !message.ok || JSON.stringify(structure(message.value)) === wanted;
    }),
    { numRuns: 1000, seed: 20_261_122 },
  );
}

const ours: Renderer = (source, model) => renderMessage(must(compileTemplate(source)), model);

/** The planted bug of the peers: values are put in the text first, and the result is read as a template. */
const substituteThenCompile: Renderer = (source, model) => {
  const put = (text: string): string => PLACEHOLDERS.reduce((done, one) => done.replaceAll(`{{${one.names.fr}}}`, () => one.value(model, 'fr') ?? ''), text);
  const compiled = compileTemplate({ subject: put(source.subject), body: put(source.body) });
  return compiled.ok ? renderMessage(compiled.value, model) : compiled;
};

/** The planted bug: HTML with values as they are. */
const unescaped: Renderer = (source, model) => {
  const message = ours(source, model);
  if (!message.ok) return message;
  return { ok: true, value: { ...message.value, html: message.value.html.replaceAll('&lt;', '<').replaceAll('&gt;', '>') } };
};

/** The planted bug: values keep their line breaks and marks. */
const uncleaned: Renderer = (source, model) => {
  const message = ours(source, model);
  if (!message.ok) return message;
  return { ok: true, value: { ...message.value, text: message.value.text.replace('votre code est', () => `votre code est ${model.debtor.code}`) } };
};

test('values never change the structure of a message (D7)', () => {
  expect(() => structureHolds(ours)).not.toThrow();
});

test.each([
  ['values substituted before the template is read', substituteThenCompile],
  ['HTML not escaped', unescaped],
  ['line breaks kept in values', uncleaned],
])('the property catches: %s', (_name, render) => {
  expect(() => structureHolds(render)).toThrow(/Property failed/);
});

test.each([
  ['a debtor without a contact', { debtor: { ...EXAMPLE_DEBTOR, contactName: null } }, '{{contact.nom}}'],
  ['a contact of spaces and invisible marks', { debtor: { ...EXAMPLE_DEBTOR, contactName: ' \u200B\u202E\u200D' } }, '{{contact.nom}}'],
  ['a customer without a code', { debtor: { ...EXAMPLE_DEBTOR, code: '' } }, '{{client.code}}'],
])('%s: the message does not leave, and the empty field is named', (_name, change, field) => {
  const message = ours(SOURCE, must(composeMessage({ ...EXAMPLE_FACTS, ...change })));
  expect(message.ok ? [] : message.error).toContainEqual(expect.objectContaining({ code: 'letters.emptyValue', message: { fr: expect.stringContaining(field), en: expect.any(String) } }));
});

test('a company without an account entered refers to the one of its invoices, unless the text itself names the IBAN', () => {
  const model = must(composeMessage({ ...EXAMPLE_FACTS, creditor: { ...EXAMPLE_CREDITOR, iban: null } }));
  const message = ours({ subject: 'x', body: '{{paiement.bloc}}' }, model);
  expect(message.ok ? message.value.text : '').toContain('le compte bancaire indiqué sur nos factures');
  expect(ours({ subject: 'x', body: '{{paiement.iban}}' }, model)).toMatchObject({ ok: false, error: [{ code: 'letters.emptyValue' }] });
});

test('a period of interest is printed with the first and the last day that bear it: its days can be counted', () => {
  const segment = {
    document: 'F-2025-1187', from: day('2025-12-12'), to: day('2025-12-31'), days: 19, rate: { numerator: 1215n, denominator: 10_000n }, principal: money(1_234_056n, 'EUR'),
    interest: money(7805n, 'EUR'),
  };
  const model = must(composeMessage({ ...EXAMPLE_FACTS, step: 'formalNotice', charges: { segments: [segment], indemnity: money(4000n, 'EUR') } }));
  const message = must(ours({ subject: 'x', body: '{{penalites.detail}}' }, model));
  expect(message.text).toContain('13/12/2025 – 31/12/2025');
});

test('a subject too long once filled is refused', () => {
  const model = must(composeMessage({ ...EXAMPLE_FACTS, debtor: { ...EXAMPLE_DEBTOR, name: 'x'.repeat(200) } }));
  expect(ours({ subject: '{{client.nom}}{{client.nom}}{{client.nom}}', body: 'x' }, model)).toMatchObject({ ok: false, error: [{ code: 'letters.subjectTooLong' }] });
});
