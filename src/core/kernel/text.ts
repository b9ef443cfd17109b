/** A sentence for people, in both languages of the product. */
export type Bilingual = { readonly fr: string; readonly en: string };

/** Languages the interface and the messages speak. */
export type Language = 'fr' | 'en';
