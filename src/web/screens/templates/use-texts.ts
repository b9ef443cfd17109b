import { useBlocker } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TemplateWhole, TextSavedView, TextView } from '#core/api/templates.ts';
import type { ProblemView } from '#core/api/faults.ts';
import type { Language } from '#core/kernel/text.ts';
import type { Variant } from '#core/letters/families.ts';
import { change } from '../../api/client.ts';
import { refreshTemplates } from '../../api/templates.ts';
import { tell } from '../../ui/tell.ts';
import { useChange } from '../../ui/use-change.ts';

/** Subject and body as they stand in the fields. */
export type Typed = { readonly subject: string; readonly body: string };

/** The text that is open. */
export type Place = { readonly language: Language; readonly variant: Variant };

/** One text on the desk: what is in force, what is typed, and what can be done. */
export type TextDesk = {
  readonly place: Place;
  readonly text: TextView | null;
  readonly standard: TextView | null;
  /** Null: not written, and nobody began to. */
  readonly typed: Typed | null;
  readonly dirty: boolean;
  readonly isDirty: (place: Place) => boolean;
  /** What kept the last save from being kept. */
  readonly refused: readonly ProblemView[];
  readonly saving: boolean;
  readonly type: (typed: Typed) => void;
  readonly discard: () => void;
  readonly save: () => void;
  readonly remove: () => void;
};

const keyOf = ({ language, variant }: Place): string => `${language} ${variant}`;
const EMPTY: Typed = { subject: '', body: '' };

/** The texts of a template as they are being written: changing to another wording loses nothing, leaving the page asks. */
export function useTexts(template: TemplateWhole, place: Place): TextDesk {
  const { t } = useTranslation();
  const [edits, setEdits] = useState<Readonly<Record<string, Typed>>>({});
  const [refused, setRefused] = useState<readonly ProblemView[]>([]);
  const textOf = (of: Place): TextView | null => template.wholeTexts.find(({ language, variant }) => language === of.language && variant === of.variant) ?? null;
  const key = keyOf(place);
  const text = textOf(place);
  const typed = edits[key] ?? text;
  const isDirty = (of: Place): boolean => {
    const edit = edits[keyOf(of)];
    const kept = textOf(of) ?? EMPTY;
    return edit !== undefined && (edit.subject !== kept.subject || edit.body !== kept.body);
  };
  const anyDirty = Object.keys(edits).some((one) => {
    const [language, variant] = one.split(' ');
    return isDirty({ language: language === 'en' ? 'en' : 'fr', variant: template.variants.find((known) => known === variant) ?? 'standard' });
  });
  useBlocker({ shouldBlockFn: () => anyDirty && !globalThis.confirm(t('templates.leave')), enableBeforeUnload: () => anyDirty, disabled: !anyDirty });
  const forget = (one: string): void => setEdits((now) => Object.fromEntries(Object.entries(now).filter(([other]) => other !== one)));
  const path = `/api/templates/${template.code}/texts/${place.language}/${place.variant}`;
  const settled = (message: string) => async ({ version, problems }: TextSavedView): Promise<void> => {
    setRefused(version === null ? problems : []);
    if (version === null) return;
    await refreshTemplates();
    forget(key);
    tell(message);
  };
  const save = useChange((what: Typed) => change<TextSavedView>('PUT', path, { ...what, basedOn: text?.version ?? 0 }), { done: (answer) => void settled(t('templates.saved'))(answer) });
  const remove = useChange(() => change<TextSavedView>('DELETE', path), { done: (answer) => void settled(t('templates.removed'))(answer) });
  return {
    place, text, typed, isDirty, refused, dirty: isDirty(place), saving: save.isPending || remove.isPending, standard: textOf({ language: place.language, variant: 'standard' }),
    type: (next) => {
      setRefused([]);
      setEdits((now) => ({ ...now, [key]: { subject: next.subject, body: next.body } }));
    },
    discard: () => {
      setRefused([]);
      forget(key);
    },
    save: () => { if (typed !== null && !save.isPending) save.mutate(typed); },
    remove: () => remove.mutate(undefined),
  };
}
