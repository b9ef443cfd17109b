import type { Day } from '../kernel/day.ts';
import { never } from '../kernel/result.ts';
import type { Bilingual } from '../kernel/text.ts';
import { dayInWords } from './formats.ts';

/** Why there was nothing to decide of an item on a past day. */
export type NoDecision =
  | { readonly why: 'notKnownYet' | 'settled' | 'takenOut'; readonly document: string }
  | { readonly why: 'notIssuedYet'; readonly document: string; readonly issuedOn: Day };

/** Why nothing was decided of an item on a past day, in words. */
export function explainThen(none: NoDecision): Bilingual {
  const { document } = none;
  switch (none.why) {
    case 'notKnownYet': return { fr: `${document} n’était pas encore dans le grand livre d’Acquit ce jour-là.`, en: `${document} was not in Acquit's ledger yet on that day.` };
    case 'notIssuedYet': return { fr: `${document} n’était pas encore émise : elle est du ${dayInWords(none.issuedOn, 'fr')}.`, en: `${document} was not issued yet: it is of ${dayInWords(none.issuedOn, 'en')}.` };
    case 'settled': return { fr: `${document} était entièrement réglée ce jour-là, d’après ce qui était connu : rien à relancer.`, en: `${document} was fully paid on that day, as far as was known: nothing to chase.` };
    case 'takenOut': return { fr: `${document} avait été retirée du grand livre ce jour-là.`, en: `${document} had been taken out of the ledger on that day.` };
    default: return never(none);
  }
}

/** What stands beside the explanation of a past day: whether the run of that day had decided the same. Null: no run decided on it. */
export function comparedWith(recorded: { readonly text: Bilingual } | null, same: boolean | null): Bilingual | null {
  if (recorded === null) return null;
  if (same === true) return { fr: 'C’est ce que le passage de ce jour-là avait décidé et enregistré.', en: 'This is what the run of that day had decided and recorded.' };
  return {
    fr: `Le passage de ce jour-là avait enregistré autre chose : ${recorded.text.fr} Les faits ont été corrigés ou complétés depuis (réglage, contact ou adresse changés sans historique).`,
    en: `The run of that day had recorded something else: ${recorded.text.en} Facts were corrected or completed since (a setting, contact or address changed without history).`,
  };
}
