import type { ProblemList } from '../problem-list.ts';

// eslint-disable-next-line no-control-regex -- control characters are what this finds
const BELOW_SPACE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/u;
// eslint-disable-next-line no-control-regex -- control characters are what this replaces
const CONTROL = /[\u0001-\u0008\u000b\u000c\u000e-\u001f\u007f]/gu;

const TAB = 0x09;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;
const DELETE = 0x7f;

/** Where a piece of the text begins: its offset, its line, the offset of that line, and whether the piece before ended in a carriage return. */
type Place = { before: number; line: number; lineStart: number; afterCarriage: boolean };

/**
 * Makes a filter that turns the control characters of a pushed text into spaces, so that widths stay, and warns of each with its place.
 * Line ends and tabs pass.
 */
export function createControlFilter(problems: ProblemList): (text: string) => string {
  const place: Place = { before: 0, line: 1, lineStart: 0, afterCarriage: false };
  return (text) => {
    // Hardly a file has one: a piece without is looked at by one search, and only its line ends are counted.
    const found = BELOW_SPACE.test(text) || text.includes('\u007f');
    if (found) report(text, place, problems);
    else passLines(text, place);
    if (text !== '') place.afterCarriage = text.charCodeAt(text.length - 1) === CARRIAGE_RETURN;
    place.before += text.length;
    return found ? text.replaceAll(CONTROL, ' ') : text;
  };
}

/** Goes over the line ends of a text. */
function passLines(text: string, place: Place): void {
  let last = -1;
  for (let at = text.indexOf('\r'); at >= 0; at = text.indexOf('\r', at + 1)) {
    place.line += 1;
    last = at;
  }
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
    const afterCarriage = at === 0 ? place.afterCarriage : text.charCodeAt(at - 1) === CARRIAGE_RETURN;
    if (!afterCarriage) place.line += 1;
    if (at > last) last = at;
  }
  if (last >= 0) place.lineStart = place.before + last + 1;
}

/** Goes over a text that has control characters, character by character. */
function report(text: string, place: Place, problems: ProblemList): void {
  let { afterCarriage } = place;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    const offset = place.before + at;
    if (code === LINE_FEED || code === CARRIAGE_RETURN) {
      if (code === CARRIAGE_RETURN || !afterCarriage) place.line += 1;
      place.lineStart = offset + 1;
    } else if ((code < SPACE || code === DELETE) && code !== TAB) {
      problems.add('bankControlCharacter', place.line, { column: offset - place.lineStart + 1, code: `U+${code.toString(16).toUpperCase().padStart(4, '0')}`, offset });
    }
    afterCarriage = code === CARRIAGE_RETURN;
  }
}
