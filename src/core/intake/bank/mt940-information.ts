import { tidyText, textOrNull } from './cfonb-fields.ts';
import { accountOf, isFullLine, NO_DETAILS } from './mt940-details.ts';
import type { Mt940Details } from './mt940-details.ts';
import { germanDetails } from './mt940-german.ts';
import { slashDetails } from './mt940-slash.ts';

/** A line one short of the width: its last blank was dropped on the way. */
const lostBlank = (line: string, index: number): boolean => isFullLine(`${line} `, index);

/** Lines joined where the bank cut a full line, with a blank where it began a new one. */
const joinText = (lines: readonly string[]): string => lines.reduce((text, line, index) => {
  if (index === 0) return line;
  // "…T13" + ":12:11…" is a time cut in two.
  const isCut = isFullLine(lines[index - 1] ?? '', index - 1) || (line.startsWith(':') && /\d$/u.test(text));
  return isCut ? text + line : `${text} ${line}`;
}, '');

/** Lines of coded fields joined as one string: their line ends mean nothing. */
const joinCodes = (lines: readonly string[]): string => lines.reduce((text, line, index) => {
  const gap = index > 0 && lostBlank(lines[index - 1] ?? '', index - 1) ? ' ' : '';
  return text + gap + line;
}, '');

/** Code of three digits, then a subfield behind a separator that stands in no sum of money, date or number. */
const GERMAN = /^\d{3}[?~@#!$%&*|^<>]\d{2}/u;

/** Reads the `:86:` fields of one movement, each given as its lines, in whichever dialect they are written. */
export function readDetails(fields: readonly (readonly string[])[]): Mt940Details {
  const [only] = fields;
  if (only === undefined) return NO_DETAILS;
  if (fields.length === 1) {
    const first = (only[0] ?? '').trimStart();
    if (GERMAN.test(first)) return germanDetails(only);
    const slashed = slashDetails(joinCodes(only));
    if (slashed !== null) return slashed;
  }
  return freeDetails(fields.map(joinText).join(' '));
}

/** Ends of free texts in which Knab and mBank name the other party. */
const KNAB = /^(?:(.*?) )?REK: (\S+?)\/NAAM: (.+)$/u;
const MBANK_FIELDS = /(?:^|; ?)(?:Z RACH\.|NA RACH\.|TYT\.):/u;

function freeDetails(written: string): Mt940Details {
  const text = tidyText(written);
  const knab = KNAB.exec(text);
  if (knab !== null) return { ...NO_DETAILS, remittance: knab[1] ?? '', ...accountOf(knab[2] ?? ''), name: textOrNull(knab[3]) };
  if (MBANK_FIELDS.test(text)) return polishDetails(text);
  return { ...NO_DETAILS, remittance: text };
}

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
