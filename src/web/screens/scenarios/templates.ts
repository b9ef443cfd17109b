import { useTranslation } from 'react-i18next';
import { STEP_TEMPLATES } from '#core/dunning/scenario.ts';
import { templateName } from '#core/dunning/scenario-words.ts';
import { useSay } from '../../language/language.ts';

/** A text that a step can be given. */
export type TemplateChoice = { readonly value: string; readonly label: string };

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Every text a step can be given, in the order in which they are offered. The one place that knows them: a step's field and the cards ask here. */
export function useTemplateChoices(): { readonly choices: readonly TemplateChoice[]; readonly nameOf: (code: string) => string } {
  const { t } = useTranslation();
  const say = useSay();
  const choices = STEP_TEMPLATES.map((code) => ({ value: code, label: capital(say(templateName(code))) }));
  return { choices, nameOf: (code) => (code === '' ? t('scenarios.noTemplate') : (choices.find(({ value }) => value === code)?.label ?? code)) };
}
