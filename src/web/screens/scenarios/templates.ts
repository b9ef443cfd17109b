import { useTranslation } from 'react-i18next';
import type { TemplateUse } from '#core/dunning/scenario.ts';
import { useTemplates } from '../../api/templates.ts';
import { useSay } from '../../language/language.ts';

/** A text that a step can be given. */
export type TemplateChoice = { readonly value: string; readonly label: string };

/** The texts in use that a step of a use can be given, in the order in which they are offered, and the name of any. The one place that knows them: a step's field and the cards ask here. */
export function useTemplateChoices(use: TemplateUse = 'reminder'): { readonly choices: readonly TemplateChoice[]; readonly nameOf: (code: string) => string } {
  const { t } = useTranslation();
  const say = useSay();
  const { data = [] } = useTemplates();
  const useOf = (standsFor: string): TemplateUse => (standsFor === 'formalNotice' || standsFor === 'thankYou' ? standsFor : 'reminder');
  const choices = data.filter(({ standsFor, retired }) => !retired && useOf(standsFor) === use).map(({ code, name }) => ({ value: code, label: say(name) }));
  const nameOf = (code: string): string => {
    const found = data.find((one) => one.code === code);
    return code === '' ? t('scenarios.noTemplate') : found === undefined ? code : say(found.name);
  };
  return { choices, nameOf };
}
