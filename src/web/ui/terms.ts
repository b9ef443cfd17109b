import type { Language } from '#core/kernel/text.ts';

/** Stored forms that have a usual wording, which the reader of terms understands again. */
const WORDINGS: readonly { readonly form: RegExp; readonly fr: string; readonly en: string }[] = [
  { form: /^(\d+)d$/, fr: '$1 jours', en: '$1 days' },
  { form: /^(\d+)d,eom$/, fr: '$1 jours fin de mois', en: '$1 days end of month' },
  { form: /^eom,(\d+)d$/, fr: 'fin de mois + $1 jours', en: 'end of month + $1 days' },
];

/** Payment terms as people say them ("30d" is "30 jours"); a wording is given back as it was written. */
export function termsInWords(terms: string, language: Language): string {
  const compact = terms.replaceAll(/\s*,\s*/g, ',').trim();
  const wording = WORDINGS.find(({ form }) => form.test(compact));
  return wording === undefined ? terms : compact.replace(wording.form, wording[language]);
}
