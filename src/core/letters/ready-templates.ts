import { never } from '../kernel/result.ts';
import type { Language } from '../kernel/text.ts';
import type { DebtorKind, MessageStep, Tone } from './message-model.ts';
import { READY_TEXTS_EN } from './ready-texts-en.ts';
import { READY_TEXTS_FR } from './ready-texts-fr.ts';
import type { TemplateSource } from './template.ts';

/** The texts of one language, by the key of `readyKey`. */
export type ReadyTexts = Readonly<Record<ReadyKey, TemplateSource>>;

/** One text of the ready set. A step without a wording of its own for a tone uses its standard one. */
export type ReadyKey =
  | 'preDue'
  | 'preDueGentle'
  | 'reminder1'
  | 'reminder1Gentle'
  | 'reminder1Firm'
  | 'reminder2'
  | 'reminder2Gentle'
  | 'reminder2Firm'
  | 'reminder3'
  | 'reminder3Firm'
  | 'reminder3Consumer'
  | 'formalNotice'
  | 'formalNoticeWithoutCharges'
  | 'formalNoticeConsumer'
  | 'thankYou';

/** Which message is to be written: the step, its tone, who reads it, and whether charges are claimed. */
export type ReadyChoice = { readonly step: MessageStep; readonly tone: Tone; readonly kind: DebtorKind; readonly withCharges: boolean };

/** The text that fits a choice. A consumer never gets a text that speaks of penalties or of the indemnity. */
export function readyKey(choice: ReadyChoice): ReadyKey {
  const { step, tone } = choice;
  switch (step) {
    case 'preDue':
      return tone === 'gentle' ? 'preDueGentle' : 'preDue';
    case 'reminder1':
      return tone === 'gentle' ? 'reminder1Gentle' : tone === 'firm' ? 'reminder1Firm' : 'reminder1';
    case 'reminder2':
      return tone === 'gentle' ? 'reminder2Gentle' : tone === 'firm' ? 'reminder2Firm' : 'reminder2';
    case 'reminder3':
      if (choice.kind === 'consumer') return 'reminder3Consumer';
      return tone === 'firm' ? 'reminder3Firm' : 'reminder3';
    case 'formalNotice':
      if (choice.kind === 'consumer') return 'formalNoticeConsumer';
      return choice.withCharges ? 'formalNotice' : 'formalNoticeWithoutCharges';
    case 'thankYou':
      return 'thankYou';
    default:
      return never(step);
  }
}

/** Every ready text in both languages, as an organisation starts with; `code` is its key and is unique in a language. */
export function readyTemplates(): (TemplateSource & { readonly code: string; readonly language: Language })[] {
  const of = (texts: ReadyTexts, language: Language) => Object.entries(texts).map(([code, source]) => ({ code, language, ...source }));
  return [...of(READY_TEXTS_FR, 'fr'), ...of(READY_TEXTS_EN, 'en')];
}

/** The ready text of a choice in a language, to be used as it is or copied and edited. */
export function readyTemplate(choice: ReadyChoice, language: Language): TemplateSource {
  return (language === 'fr' ? READY_TEXTS_FR : READY_TEXTS_EN)[readyKey(choice)];
}
