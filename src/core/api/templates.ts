import type { Bilingual, Language } from '../kernel/text.ts';
import type { Variant } from '../letters/families.ts';
import type { MessageStep } from '../letters/message-model.ts';
import type { ProblemView } from './faults.ts';

/** A family of texts in the list: in which wordings and languages it is there, in which languages every reader gets a text, and which scenarios name it. */
export type TemplateLine = {
  readonly code: string; readonly name: Bilingual; readonly standsFor: MessageStep; readonly ready: boolean; readonly retired: boolean;
  readonly texts: readonly { readonly variant: Variant; readonly language: Language; readonly changed: boolean }[];
  readonly completeIn: readonly Language[]; readonly usedBy: readonly string[];
};

/** One text in force with its latest version; version 0: not written yet. */
export type TextView = {
  readonly variant: Variant; readonly language: Language; readonly version: number; readonly subject: string; readonly body: string;
  readonly changedAt: string | null; readonly changedBy: string | null; readonly original: { readonly subject: string; readonly body: string } | null;
};

/** A family whole. */
export type TemplateWhole = TemplateLine & { readonly variants: readonly Variant[]; readonly wholeTexts: readonly TextView[] };

/** A version of one text. */
export type TextVersionView = { readonly version: number; readonly at: string; readonly by: string | null; readonly removed: boolean; readonly subject: string; readonly body: string };

/** A word that a text may use. */
export type FieldView = { readonly names: Bilingual; readonly about: Bilingual; readonly block: boolean; readonly example: Bilingual };

/** A text as it would read. */
export type TextPreviewView = { readonly subject: string; readonly text: string; readonly html: string | null; readonly customer: string | null; readonly problems: readonly ProblemView[] };

/** What became of saving a text. */
export type TextSavedView = { readonly version: number | null; readonly problems: readonly ProblemView[] };
