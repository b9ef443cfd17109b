import i18next from 'i18next';
import { initReactI18next, useTranslation } from 'react-i18next';
import type { Bilingual, Language } from '#core/kernel/text.ts';
import { english, french, joined, typeset } from './texts.ts';

const STORAGE_KEY = 'acquit.language';

const isLanguage = (text: string | null): text is Language => text === 'fr' || text === 'en';

/** What this browser was last told, or French. */
export function rememberedLanguage(): Language {
  const kept = localStorage.getItem(STORAGE_KEY);
  return isLanguage(kept) ? kept : 'fr';
}

/** Prepares the texts; called once before the first page. */
export async function startLanguage(): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: rememberedLanguage(), fallbackLng: 'fr', defaultNS: 'texts', resources: { fr: { texts: typeset(french) }, en: { texts: english } },
    // React escapes what it shows; a second escaping would show "&#39;".
    interpolation: { escapeValue: false }, returnNull: false,
  });
  document.documentElement.lang = i18next.language;
}

/** Speaks a language from now on, in this browser. */
export async function speak(language: Language): Promise<void> {
  localStorage.setItem(STORAGE_KEY, language);
  document.documentElement.lang = language;
  await i18next.changeLanguage(language);
}

/** The language spoken now. */
export function useLanguage(): Language {
  const { i18n } = useTranslation();
  return isLanguage(i18n.language) ? i18n.language : 'fr';
}

/** Picks the sentence of the language spoken now. */
export function useSay(): (text: Bilingual) => string {
  const language = useLanguage();
  return (text) => (language === 'fr' ? joined(text.fr) : text.en);
}
