import { expect, test } from 'vitest';
import { MESSAGE_STEPS, READY_FAMILIES, VARIANTS, completeIn, textCode, variantsOf, wordings } from './families.ts';
import { readyKey, readyTemplates } from './ready-templates.ts';
import { checkText } from './text-check.ts';

const KINDS = ['business', 'consumer', 'public'] as const;
const TONES = ['gentle', 'standard', 'firm'] as const;

test('a ready family gives each reader the text that was written for it', () => {
  const known = new Set(readyTemplates().filter(({ language }) => language === 'fr').map(({ code }) => code));
  for (const step of MESSAGE_STEPS) for (const kind of KINDS) for (const tone of TONES) for (const withCharges of [true, false]) {
    const chosen = wordings(step, { tone, kind, withCharges }).map((variant) => textCode(step, variant)).find((code) => known.has(code));
    expect([step, kind, tone, withCharges, chosen]).toEqual([step, kind, tone, withCharges, readyKey({ step, tone, kind, withCharges })]);
  }
});

test('no consumer and nobody from whom no charges are claimed gets a notice that claims them', () => {
  for (const tone of TONES) {
    expect(wordings('formalNotice', { tone, kind: 'consumer', withCharges: true })).toEqual(['consumer']);
    expect(wordings('formalNotice', { tone, kind: 'business', withCharges: false })).toEqual(['withoutCharges']);
  }
});

test('every ready text passes the check of its place, and has one', () => {
  for (const text of readyTemplates()) {
    const place = READY_FAMILIES.flatMap((family) => VARIANTS.map((variant) => ({ family, variant }))).find(({ family, variant }) => textCode(family.code, variant) === text.code);
    if (place === undefined) throw new Error(`no place for ${text.code}`);
    expect(variantsOf(place.family.standsFor)).toContain(place.variant);
    expect([text.code, text.language, ...checkText({ source: text, standsFor: place.family.standsFor, variant: place.variant, language: text.language }).map(({ code }) => code)]).toEqual([text.code, text.language]);
  }
});

test.each([
  ['charges in a reminder', { standsFor: 'reminder2', variant: 'standard', body: '{{postes.tableau}}\n{{penalites.detail}}\n{{paiement.bloc}}' }, ['error letters.chargesOutOfPlace']],
  ['charges in the notice of a consumer', { standsFor: 'formalNotice', variant: 'consumer', body: 'Mise en demeure {{montant.total}} {{date.limite}} {{montant.indemnite}}\n{{postes.tableau}}\n{{paiement.bloc}}' }, ['error letters.chargesOutOfPlace']],
  ['a deadline in a reminder', { standsFor: 'reminder1', variant: 'gentle', body: 'avant le {{date.limite}}\n{{postes.tableau}}\n{{paiement.bloc}}' }, ['error letters.deadlineOutOfPlace']],
  ['thanks that ask for money', { standsFor: 'thankYou', variant: 'standard', body: 'Merci\n{{postes.tableau}}\n{{paiement.bloc}}' }, ['error letters.paymentInThanks']],
  ['a notice that says nothing', { standsFor: 'formalNotice', variant: 'standard', body: 'Payez.' }, ['error letters.noticeWords', 'error letters.noticeDocuments', 'error letters.noticeAmount', 'error letters.noticeDeadline', 'warning letters.noPayment']],
  ['a reminder that says nothing', { standsFor: 'reminder1', variant: 'standard', body: 'Bonjour.' }, ['warning letters.noDocuments', 'warning letters.noAmount', 'warning letters.noPayment']],
  ['thanks without documents', { standsFor: 'thankYou', variant: 'standard', body: 'Merci.' }, ['warning letters.noDocuments']],
  ['an unknown field', { standsFor: 'reminder1', variant: 'standard', body: '{{client.nomm}}' }, ['error letters.unknownField']],
] as const)('%s is said', (_name, { standsFor, variant, body }, expected) => {
  expect(checkText({ source: { subject: 'Objet', body }, standsFor, variant, language: 'fr' }).map(({ severity, code }) => `${severity} ${code}`)).toEqual(expected);
});

test('a family is complete in a language once every reader has a wording', () => {
  expect(completeIn('reminder1', [{ variant: 'standard', language: 'fr' }, { variant: 'firm', language: 'en' }])).toEqual(['fr']);
  expect(completeIn('formalNotice', [{ variant: 'standard', language: 'fr' }, { variant: 'consumer', language: 'fr' }])).toEqual([]);
  expect(completeIn('formalNotice', (['standard', 'consumer', 'withoutCharges'] as const).map((variant) => ({ variant, language: 'en' as const })))).toEqual(['en']);
});
