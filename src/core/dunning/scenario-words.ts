import { decimal } from '../kernel/money.ts';
import type { Money } from '../kernel/money.ts';
import type { Bilingual, Language } from '../kernel/text.ts';
import { SEGMENT_NAMES } from '../risk/segment.ts';
import type { Anchor, Approval, Channel, ContactRole, StepConditions, Tone, TotalBounds } from './scenario.ts';

/** Channels as people read them. */
export const CHANNEL_NAMES: { readonly [C in Channel]: Bilingual } = {
  email: { fr: 'e-mail', en: 'e-mail' }, letter: { fr: 'courrier', en: 'letter' }, registeredLetter: { fr: 'lettre recommandée', en: 'registered letter' }, sms: { fr: 'SMS', en: 'SMS' },
  call: { fr: 'appel', en: 'call' }, visit: { fr: 'visite', en: 'visit' }, check: { fr: 'vérification', en: 'check' },
};

/** Tones as people read them. */
export const TONE_NAMES: { readonly [T in Tone]: Bilingual } = {
  friendly: { fr: 'amical', en: 'friendly' }, neutral: { fr: 'neutre', en: 'neutral' }, firm: { fr: 'ferme', en: 'firm' }, formal: { fr: 'formel', en: 'formal' },
};

/** Roles of contacts as people read them. */
export const ROLE_NAMES: { readonly [R in ContactRole]: Bilingual } = {
  accountsPayable: { fr: 'comptabilité fournisseurs', en: 'accounts payable' }, buyer: { fr: 'acheteur', en: 'buyer' }, management: { fr: 'direction', en: 'management' },
  legal: { fr: 'juridique', en: 'legal' },
};

/** Ways to approve as people read them. */
export const APPROVAL_NAMES: { readonly [A in Approval]: Bilingual } = {
  none: { fr: 'aucune', en: 'none' }, one: { fr: 'une personne', en: 'one person' }, two: { fr: 'deux personnes', en: 'two persons' },
};

const ANCHOR_NAMES: { readonly [A in Anchor]: Bilingual } = {
  dueDate: { fr: 'échéance', en: 'due date' }, issueDate: { fr: 'date de facture', en: 'invoice date' }, previousStep: { fr: 'étape précédente', en: 'step before' },
};

const TEMPLATE_NAMES: { readonly [code: string]: Bilingual } = {
  preDue: { fr: 'prévenance avant échéance', en: 'notice before the due date' }, reminder1: { fr: '1re relance', en: '1st reminder' }, reminder2: { fr: '2e relance', en: '2nd reminder' },
  reminder3: { fr: 'dernière relance', en: 'last reminder' }, formalNotice: { fr: 'mise en demeure', en: 'formal notice' }, thankYou: { fr: 'remerciement', en: 'thanks' },
};

/** A text by its name; one that the product does not bring is named as its owner did. */
export const templateName = (code: string): Bilingual => TEMPLATE_NAMES[code] ?? { fr: code, en: code };

/** "échéance + 7 j", "due date + 7 d". */
export function dayInWords({ anchor, offsetDays }: { readonly anchor: Anchor; readonly offsetDays: number }): Bilingual {
  const sign = offsetDays >= 0 ? '+' : '-';
  const { fr, en } = ANCHOR_NAMES[anchor];
  return { fr: `${fr} ${sign} ${Math.abs(offsetDays)} j`, en: `${en} ${sign} ${Math.abs(offsetDays)} d` };
}

/** An amount with its currency: "1234,50 EUR", "1234.50 EUR". */
export function amountInWords(amount: Money): Bilingual {
  const en = `${decimal(amount)} ${amount.currency}`;
  return { fr: en.replace('.', ','), en };
}

const joined = (parts: readonly Bilingual[], between: string): Bilingual => ({ fr: parts.map(({ fr }) => fr).join(between), en: parts.map(({ en }) => en).join(between) });

const LANGUAGE_NAMES: { readonly [L in Language]: Bilingual } = { fr: { fr: 'français', en: 'French' }, en: { fr: 'anglais', en: 'English' } };

function boundsInWords({ from, below }: TotalBounds): Bilingual {
  const low = from === null ? null : amountInWords(from);
  const high = below === null ? null : amountInWords(below);
  if (low !== null && high !== null) return { fr: `en retard de ${low.fr} à moins de ${high.fr}`, en: `${low.en} to under ${high.en} overdue` };
  if (low !== null) return { fr: `au moins ${low.fr} en retard`, en: `${low.en} or more overdue` };
  return high === null ? { fr: '', en: '' } : { fr: `moins de ${high.fr} en retard`, en: `under ${high.en} overdue` };
}

/** What must hold for a step, one text for each condition; empty when it is for everybody. */
export function conditionsInWords(conditions: StepConditions | undefined): Bilingual[] {
  const { overdueTotals = [], ageFrom, ageTo, segmentsIn, segmentsOut, languages } = conditions ?? {};
  const parts: Bilingual[] = overdueTotals.map(boundsInWords);
  if (ageFrom !== undefined && ageTo !== undefined) parts.push({ fr: `de ${ageFrom} à ${ageTo} jours de retard`, en: `${ageFrom} to ${ageTo} days late` });
  else if (ageFrom !== undefined) parts.push({ fr: `au moins ${ageFrom} jours de retard`, en: `${ageFrom} days late or more` });
  else if (ageTo !== undefined) parts.push({ fr: `au plus ${ageTo} jours de retard`, en: `${ageTo} days late at most` });
  if (segmentsIn !== undefined) parts.push(prefixed({ fr: 'profil', en: 'profile' }, segmentsIn.map((one) => SEGMENT_NAMES[one])));
  if (segmentsOut !== undefined) parts.push(prefixed({ fr: 'sauf profil', en: 'not profile' }, segmentsOut.map((one) => SEGMENT_NAMES[one])));
  if (languages !== undefined) parts.push(prefixed({ fr: 'langue', en: 'language' }, languages.map((one) => LANGUAGE_NAMES[one])));
  return parts.filter(({ fr }) => fr !== '');
}

const prefixed = (head: Bilingual, parts: readonly Bilingual[]): Bilingual => joined([head, joined(parts, ', ')], ' ');
