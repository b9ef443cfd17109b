import { parseBic, parseIban } from '#core/kernel/iban.ts';
import type { BankReturn } from './bank-line.ts';
import { textOrNull } from './cfonb-fields.ts';

/** What the information field (`:86:`) of a movement says. */
export type Mt940Details = {
  readonly name: string | null;
  readonly iban: string | null;
  readonly account: string | null;
  readonly bic: string | null;
  readonly ultimateName: string | null;
  readonly endToEndId: string | null;
  readonly mandateId: string | null;
  readonly creditorReference: string | null;
  readonly remittance: string;
  readonly label: string | null;
  /** German business transaction code (GVC) of three digits. */
  readonly code: string | null;
  readonly returned: BankReturn | null;
};

/** Details that say nothing. */
export const NO_DETAILS: Mt940Details = {
  name: null, iban: null, account: null, bic: null, ultimateName: null, endToEndId: null, mandateId: null, creditorReference: null, remittance: '',
  label: null, code: null, returned: null,
};

/** Width at which banks cut the lines of `:86:`, words included; some count the five characters of the tag on the first line. */
const WIDTH = 65;
const WIDTH_AFTER_TAG = WIDTH - 4;

/** True when a line of `:86:` fills its width: the next one carries it on, inside a word if need be. */
export const isFullLine = (line: string, index: number): boolean => line.length === WIDTH || (index === 0 && line.length === WIDTH_AFTER_TAG);

/** An account text as IBAN when its check digits are right, else as written. */
export function accountOf(text: string): { readonly iban: string | null; readonly account: string | null } {
  const iban = parseIban(text);
  return iban.ok ? { iban: iban.value, account: null } : { iban: null, account: textOrNull(text) };
}

/** A BIC; null when the text is none (German bank codes stand in the same place). */
export const bicOf = (text: string | undefined): string | null => parseBic(text ?? '');

/** Values banks write where there is no reference. */
const NO_REFERENCE: ReadonlySet<string> = new Set(['NOTPROVIDED', 'NONREF', 'NOT PROVIDED']);

/** A reference, or null for the words that mean there is none. */
export function referenceOf(text: string | null | undefined): string | null {
  const found = textOrNull(text ?? undefined);
  return found === null || NO_REFERENCE.has(found.toUpperCase()) ? null : found;
}
