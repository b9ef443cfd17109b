import { expect, test } from 'vitest';
import { money } from '../kernel/money.ts';
import { must } from '../kernel/result.ts';
import { EXAMPLE_CREDITOR, EXAMPLE_DEBTOR, EXAMPLE_FACTS, EXAMPLE_ITEMS } from './example.ts';
import { composeMessage } from './message-model.ts';
import type { ChargeSegment, DebtorKind, MessageFacts, MessageStep, Tone } from './message-model.ts';
import { readyKey, readyTemplate, readyTemplates } from './ready-templates.ts';
import { renderMessage } from './render.ts';
import type { RenderedMessage } from './render.ts';
import { compileTemplate } from './template.ts';
import type { Language } from '../kernel/text.ts';

const STEPS: readonly MessageStep[] = ['preDue', 'reminder1', 'reminder2', 'reminder3', 'formalNotice', 'thankYou'];
const TONES: readonly Tone[] = ['gentle', 'standard', 'firm'];
const KINDS: readonly DebtorKind[] = ['business', 'consumer', 'public'];
const LANGUAGES: readonly Language[] = ['fr', 'en'];

const [firstItem] = EXAMPLE_ITEMS;
const segments: ChargeSegment[] =
  firstItem === undefined ? [] : [{ document: firstItem.document, from: firstItem.dueOn, to: EXAMPLE_FACTS.today, days: 65, rate: { numerator: 1215n, denominator: 10_000n }, principal: firstItem.open, interest: money(26_701n, 'EUR') }];

function write(step: MessageStep, options: { tone?: Tone; kind?: DebtorKind; language?: Language; withCharges?: boolean } = {}): RenderedMessage {
  const { tone = 'standard', kind = 'business', language = 'fr', withCharges = false } = options;
  const facts: MessageFacts = {
    ...EXAMPLE_FACTS,
    step,
    tone,
    creditor: { ...EXAMPLE_CREDITOR, bic: null, phone: null, email: null, signatory: null },
    debtor: { ...EXAMPLE_DEBTOR, kind, language, contactName: null },
    items: step === 'thankYou' ? EXAMPLE_ITEMS.map((item) => ({ ...item, open: money(0n, 'EUR') })) : EXAMPLE_ITEMS,
    charges: withCharges ? { segments, indemnity: money(8000n, 'EUR') } : null,
  };
  return must(renderMessage(must(compileTemplate(readyTemplate({ step, tone, kind, withCharges }, language))), must(composeMessage(facts))));
}

const every = LANGUAGES.flatMap((language) => STEPS.flatMap((step) => TONES.flatMap((tone) => KINDS.map((kind) => ({ language, step, tone, kind })))));

test.each(every)('$step, $tone, $kind, $language: leaves with the least a record holds', ({ step, tone, kind, language }) => {
  const message = write(step, { tone, kind, language, withCharges: step === 'formalNotice' && kind !== 'consumer' });
  expect(message.text).not.toMatch(/[{}]|undefined|null|NaN/);
  expect(message.subject.length).toBeLessThan(120);
});

test.each(every.filter((one) => one.kind === 'consumer'))('a consumer never reads of penalties or of 40 € ($step, $tone, $language)', ({ step, tone, language }) => {
  const message = write(step, { tone, kind: 'consumer', language });
  expect(`${message.subject} ${message.text}`).not.toMatch(/p[ée]nalit|indemni|40\s?€|€40|L\. ?441/i);
});

test.each(every)('nothing looks like an act of court ($step, $tone, $kind, $language)', ({ step, tone, kind, language }) => {
  expect(write(step, { tone, kind, language }).text).not.toMatch(/commandement|huissier|exploit|assignation|République|saisie|bailiff|summons|seizure/i);
});

test('a formal notice says what courts look for (MED-02, MED-03)', () => {
  const { subject, text } = write('formalNotice', { withCharges: true });
  expect(subject).toContain('MISE EN DEMEURE');
  for (const said of [
    'nous vous mettons en demeure', 'Menuiserie des Trois Rivières', 'F-2025-1187', '12/11/2025', '12/12/2025', '12\u202F340,56\u00A0€', '13\u202F240,56\u00A0€',
    '12,15\u00A0%', '267,01\u00A0€', '80,00\u00A0€', '13\u202F587,57\u00A0€', 'au plus tard le 23\u00A0février\u00A02026', 'FR14 2004 1010 0505 0001 3M02 606', 'RF18 5390 0754 7034',
    'juridiction compétente', '15\u00A0février\u00A02026', 'article 1344', 'RCS\u00A0Nantes 732\u202F829\u202F320', 'SAS au capital de 50\u202F000\u00A0€', 'L. 441-10',
  ]) expect(text).toContain(said);
});

test('a public buyer is told of its own law', () => {
  const { text } = write('formalNotice', { kind: 'public', withCharges: true });
  expect(text).toContain('R. 2192-31');
  expect(text).not.toContain('L. 441-10');
});

test('a claim without charges does not speak of them as added', () => {
  expect(readyKey({ step: 'formalNotice', tone: 'firm', kind: 'business', withCharges: false })).toBe('formalNoticeWithoutCharges');
  expect(write('formalNotice').text).toContain('de nous payer la somme de 13\u202F240,56\u00A0€');
});

test('every ready text compiles, in both languages, under one code each', () => {
  const all = readyTemplates();
  expect(new Set(all.map((one) => `${one.code} ${one.language}`)).size).toBe(all.length);
  expect(all.filter((one) => one.language === 'fr').map((one) => one.code)).toEqual(all.filter((one) => one.language === 'en').map((one) => one.code));
  for (const one of all) expect(compileTemplate(one).ok).toBe(true);
});
