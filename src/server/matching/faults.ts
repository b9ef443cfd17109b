import type { Currency } from '#core/kernel/currency.ts';
import { decimal, money } from '#core/kernel/money.ts';
import type { Bilingual } from '#core/kernel/text.ts';

/**
 * Why a person's change of the lettrage was not carried out: `conflict`, somebody was faster; `fixed`, it cannot be taken back any more;
 * `unknown`, there is no such thing; `invalid`, the value of `field` cannot be.
 */
export class MatchingFault extends Error {
  readonly kind: 'conflict' | 'fixed' | 'unknown' | 'invalid';
  readonly field: string;
  readonly said: Bilingual;
  constructor(kind: MatchingFault['kind'], said: Bilingual, field = '') {
    super(said.en);
    this.kind = kind;
    this.field = field;
    this.said = said;
  }
}

/** A value that cannot be used. */
export const invalid = (field: string, fr: string, en: string): MatchingFault => new MatchingFault('invalid', { fr, en }, field);

/** Somebody was faster. */
export const conflict = (fr: string, en: string): MatchingFault => new MatchingFault('conflict', { fr, en });

/** What is not there, or belongs to another organisation: the same answer for both. */
export const unknown = (fr: string, en: string): MatchingFault => new MatchingFault('unknown', { fr, en });

/** An amount in a sentence. */
export function amountWords(minor: bigint, currency: Currency): Bilingual {
  const text = decimal(money(minor, currency));
  return { fr: `${text.replace('.', ',')} ${currency}`, en: `${text} ${currency}` };
}
