import type { ProblemList } from '../problem-list.ts';

// eslint-disable-next-line no-control-regex -- control characters are what this replaces
const CONTROL = /[\u0001-\u0008\u000b\u000c\u000e-\u001f\u007f]/gu;

const TAB = 0x09;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const DELETE = 0x7f;

/**
 * Makes a filter that turns the control characters of a pushed text into spaces, so that widths stay, and warns of each with its place.
 * Line ends and tabs pass.
 */
export function createControlFilter(problems: ProblemList): (text: string) => string {
  let before = 0;
  let line = 1;
  let lineStart = 0;
  let afterCarriage = false;
  return (text) => {
    let found = false;
    for (let at = 0; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      if (code >= 0x20 && code !== DELETE) {
        afterCarriage = false;
        continue;
      }
      if (code === LINE_FEED || code === CARRIAGE_RETURN) {
        if (code === CARRIAGE_RETURN || !afterCarriage) line += 1;
        lineStart = before + at + 1;
      } else if (code !== TAB) {
        found = true;
        problems.add('bankControlCharacter', line, { column: before + at - lineStart + 1, code: `U+${code.toString(16).toUpperCase().padStart(4, '0')}`, offset: before + at });
      }
      afterCarriage = code === CARRIAGE_RETURN;
    }
    before += text.length;
    return found ? text.replaceAll(CONTROL, ' ') : text;
  };
}
