import type { Bilingual, Language } from '../kernel/text.ts';
import type { DebtorKind, MessageStep, Tone } from './message-model.ts';

/** A wording of a family: the standard one, one of a tone, one for consumers, and the formal notice that claims no charges. */
export const VARIANTS = ['standard', 'gentle', 'firm', 'consumer', 'withoutCharges'] as const;
/** One of them. */
export type Variant = (typeof VARIANTS)[number];

/** Texts that say one thing in several tones and languages, and what they are used as. */
export type Family = {
  readonly code: string;
  readonly name: Bilingual;
  readonly standsFor: MessageStep;
  /** It came with the program: its texts may be changed, not its name or use. */
  readonly ready: boolean;
  readonly retired: boolean;
};

const ready = (code: MessageStep, fr: string, en: string): Family => ({ code, name: { fr, en }, standsFor: code, ready: true, retired: false });

/** The families that every organisation has. */
export const READY_FAMILIES: readonly Family[] = [
  ready('preDue', 'Avant l’échéance', 'Before the due date'), ready('reminder1', 'Première relance', 'First reminder'), ready('reminder2', 'Deuxième relance', 'Second reminder'),
  ready('reminder3', 'Dernière relance', 'Last reminder'), ready('formalNotice', 'Mise en demeure', 'Formal notice'), ready('thankYou', 'Remerciement', 'Thanks'),
];

/** What a family may be used as. */
export const MESSAGE_STEPS: readonly MessageStep[] = READY_FAMILIES.map(({ standsFor }) => standsFor);

/** The code under which the text of a variant is kept. */
export const textCode = (family: string, variant: Variant): string => (variant === 'standard' ? family : `${family}${variant.charAt(0).toUpperCase()}${variant.slice(1)}`);

/** The wordings that a family of a use can have. */
export function variantsOf(standsFor: MessageStep): readonly Variant[] {
  if (standsFor === 'formalNotice') return ['standard', 'withoutCharges', 'consumer'];
  return standsFor === 'thankYou' ? ['standard', 'gentle', 'consumer'] : ['standard', 'gentle', 'firm', 'consumer'];
}

/** Whom a text is for: its tone, who reads it, and whether charges are claimed. */
export type Reader = { readonly tone: Tone; readonly kind: DebtorKind; readonly withCharges: boolean };

/**
 * The wordings that may serve a reader, the first that exists is taken. A formal notice to a consumer, or without charges, has its own and no
 * other: the standard one claims what that reader does not owe, or what is not claimed.
 */
export function wordings(standsFor: MessageStep, { tone, kind, withCharges }: Reader): readonly Variant[] {
  if (standsFor === 'formalNotice') return [kind === 'consumer' ? 'consumer' : withCharges ? 'standard' : 'withoutCharges'];
  return [...(kind === 'consumer' ? ['consumer' as const] : []), ...(tone === 'standard' ? [] : [tone]), 'standard'];
}

/** The languages in which a family has a wording for each reader that may get it without choosing a tone. */
export function completeIn(standsFor: MessageStep, texts: readonly { readonly variant: Variant; readonly language: Language }[]): Language[] {
  const needed = standsFor === 'formalNotice' ? variantsOf('formalNotice') : (['standard'] as const);
  return (['fr', 'en'] as const).filter((language) => needed.every((variant) => texts.some((text) => text.variant === variant && text.language === language)));
}
