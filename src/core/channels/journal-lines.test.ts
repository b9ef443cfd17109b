import { expect, test } from 'vitest';
import { aSend } from './given-journal.ts';
import { decodeLine, encodeLine, refOf, sendsOf } from './journal-lines.ts';
import type { JournalLine } from './journal-lines.ts';

const AT = aSend().at;
const START: JournalLine = { k: 'start', epoch: 'e1', send: aSend({ customer: 'Œuvre\nN° 7 “é” 🧾', total: 12_345_678_901_234_567_890n }) };
const END: JournalLine = { k: 'end', epoch: 'e1', organisation: 'duval', action: '7', fence: 1, outcome: 'accepted', at: AT };

test('a line is one line of ASCII, and is read as it was written', () => {
  for (const line of [START, END]) {
    const text = encodeLine(line);
    expect(text).toMatch(/^\{"sum":"[0-9a-f]{8}",[ -~]*\}$/);
    expect(JSON.parse(text)).toBeTypeOf('object');
    expect(decodeLine(text)).toEqual(line);
  }
});

test('the checksum is the CRC-32 that everybody computes', () => {
  const line: JournalLine = { k: 'end', epoch: 'e', organisation: 'o', action: '1', fence: 1, outcome: 'refused', at: AT };
  expect(encodeLine(line).slice(0, 17)).toBe('{"sum":"be44ed6e"');
});

test('a line that is broken off anywhere, or changed in any one character, is set aside', () => {
  const text = encodeLine(START);
  for (let at = 0; at < text.length; at += 1) {
    expect(decodeLine(text.slice(0, at))).toBeNull();
    const other = text[at] === 'x' ? 'y' : 'x';
    expect(decodeLine(`${text.slice(0, at)}${other}${text.slice(at + 1)}`)).toBeNull();
  }
});

test('starts and ends are put together by try; the same number in another epoch is another message', () => {
  const again: JournalLine = { ...START, epoch: 'e2' };
  const alone: JournalLine = { ...END, action: '9' };
  expect(sendsOf([{ ...END, outcome: 'unknown' }, START, again, END, alone]).map(({ ref, send, end }) => [ref, send !== null, end])).toEqual([
    ['e1/duval/7/1', true, 'accepted'], ['e2/duval/7/1', true, null], ['e1/duval/9/1', false, 'accepted'],
  ]);
  expect(refOf({ epoch: 'e1', organisation: 'duval', action: '7', fence: 1 })).toBe('e1/duval/7/1');
});
