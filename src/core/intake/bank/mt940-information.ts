import { twoDigits } from './cfonb-days.ts';
import { tidyText, textOrNull } from './cfonb-fields.ts';
import { accountOf, isFullLine, isFullWidth, NO_DETAILS } from './mt940-details.ts';
import type { Mt940Details } from './mt940-details.ts';
import { germanDetails } from './mt940-german.ts';
import { slashDetails } from './mt940-slash.ts';

/** A line one short of the width: its last blank was dropped on the way. */
const lostBlank = (line: string, index: number): boolean => isFullWidth(line.length + 1, index);

/** Lines joined where the bank cut a full line, with a blank where it began a new one. */
function joinText(lines: readonly string[]): string {
  let text = lines[0] ?? '';
  for (let index = 1; index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    // "…T13" + ":12:11…" is a time cut in two.
    const isCut = isFullLine(lines[index - 1] ?? '', index - 1) || (line.startsWith(':') && /\d$/u.test(text));
    text += isCut ? line : ` ${line}`;
  }
  return text;
}

/** Lines of coded fields joined as one string: their line ends mean nothing. */
function joinCodes(lines: readonly string[]): string {
  let text = lines[0] ?? '';
  for (let index = 1; index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    text += lostBlank(lines[index - 1] ?? '', index - 1) ? ` ${line}` : line;
  }
  return text;
}

/** What may separate German subfields: signs that stand in no sum of money, date or number. */
const SEPARATORS = '?~@#!$%&*|^<>';

/** True of a code of three digits, then a separator and the two digits of a subfield. */
const isGerman = (text: string): boolean =>
  twoDigits(text, 0) >= 0 && twoDigits(text, 1) >= 0 && text.length > 3 && SEPARATORS.includes(text.charAt(3)) && twoDigits(text, 4) >= 0;

/** Reads the `:86:` fields of one movement, each given as its lines, in whichever dialect they are written. */
export function readDetails(fields: readonly (readonly string[])[]): Mt940Details {
  const [only] = fields;
  if (only === undefined) return NO_DETAILS;
  if (fields.length === 1) {
    const first = (only[0] ?? '').trimStart();
    if (isGerman(first)) return germanDetails(only);
    const slashed = slashDetails(joinCodes(only));
    return slashed ?? freeDetails(joinText(only));
  }
  return freeDetails(fields.map(joinText).join(' '));
}

/** Ends of free texts in which Knab and mBank name the other party. */
const KNAB = /^(?:(.*?) )?REK: (\S+?)\/NAAM: (.+)$/u;
const MBANK_FIELDS = /(?:^|; ?)(?:Z RACH\.|NA RACH\.|TYT\.):/u;

function freeDetails(written: string): Mt940Details {
  const text = tidyText(written);
  // Both name their fields with a colon.
  if (!text.includes(':')) return textDetails(text);
  const knab = KNAB.exec(text);
  if (knab !== null) return { ...NO_DETAILS, remittance: knab[1] ?? '', ...accountOf(knab[2] ?? ''), name: textOrNull(knab[3]) };
  if (MBANK_FIELDS.test(text)) return polishDetails(text);
  return textDetails(text);
}

/** Text and nothing else; written out, because copying `NO_DETAILS` costs more than the reading of such a text. */
const textDetails = (remittance: string): Mt940Details => ({
  name: null, iban: null, account: null, bic: null, ultimateName: null, endToEndId: null, mandateId: null, creditorReference: null, remittance, label: null, code: null, returned: null,
});

/** mBank: a title, then fields `NAME: value` separated by semicolons. */
function polishDetails(text: string): Mt940Details {
  const parts = text.split(/\s*;\s*/u);
  const field = (...names: string[]): string | null => {
    for (const name of names) {
      const part = parts.find((candidate) => candidate.startsWith(`${name}:`));
      if (part !== undefined) return textOrNull(part.slice(name.length + 1));
    }
    return null;
  };
  const account = field('Z RACH.', 'NA RACH.');
  return {
    ...NO_DETAILS, label: textOrNull(parts[0]), name: field('OD', 'DLA'), remittance: field('TYT.') ?? text,
    ...(account === null || /^0+$/u.test(account) ? {} : accountOf(account)),
  };
}
