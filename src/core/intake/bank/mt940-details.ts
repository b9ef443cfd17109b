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
export const isFullLine = (line: string, index: number): boolean => isFullWidth(line.length, index);

/** The same of a line of so many characters. */
export const isFullWidth = (length: number, index: number): boolean => length === WIDTH || (index === 0 && length === WIDTH_AFTER_TAG);

/** An account as IBAN or as written. */
export type SwiftParty = { readonly iban: string | null; readonly account: string | null };

/** No account at all. */
export const NO_ACCOUNT: SwiftParty = { iban: null, account: null };

/** An account text as IBAN when its check digits are right, else as written. */
export function accountOf(text: string): SwiftParty {
  const iban = parseIban(text);
  return iban.ok ? { iban: iban.value, account: null } : { iban: null, account: textOrNull(text) };
}

/** A BIC; null when the text is none (German bank codes stand in the same place). */
export const bicOf = (text: string | null | undefined): string | null => (text === null || text === undefined ? null : parseBic(text));

/** Values banks write where there is no reference. */
const NO_REFERENCE: ReadonlySet<string> = new Set(['NOTPROVIDED', 'NONREF', 'NOT PROVIDED']);

/** A reference, or null for the words that mean there is none. */
export const referenceOf = (text: string | null | undefined): string | null => referenceIn(textOrNull(text ?? undefined));

/** The same of a tidy text. */
export function referenceIn(tidy: string | null | undefined): string | null {
  if (tidy === null || tidy === undefined || tidy === '') return null;
  // All those words begin with an N: other references need not be written in capitals to be told from them.
  const first = tidy.charAt(0);
  return (first === 'N' || first === 'n') && NO_REFERENCE.has(tidy.toUpperCase()) ? null : tidy;
}

/** Capitals of the longest field name ("RETURN"): five bits each, they fit a small integer. */
const NAME_MAX = 6;

/** Capitals between two places of a text as one number, by which field names are found without cutting them out; -1 when it is anything else or longer than a name. */
export function nameNumber(text: string, from: number, to: number): number {
  if (to <= from || to - from > NAME_MAX) return -1;
  let number = 0;
  for (let at = from; at < to; at += 1) {
    const letter = text.charCodeAt(at) - 0x40;
    if (letter < 1 || letter > 26) return -1;
    number = number * 32 + letter;
  }
  return number;
}
