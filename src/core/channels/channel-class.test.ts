import { expect, test } from 'vitest';
import { afterUnknownEnd, channelClass } from './channel-class.ts';
import type { AfterUnknown, UnknownEnd } from './channel-class.ts';

const TABLE: readonly (readonly [UnknownEnd, AfterUnknown])[] = [
  [{ class: 'askable', has: true }, 'accepted'],
  [{ class: 'askable', has: false }, 'park'],
  [{ class: 'askable', has: null }, 'park'],
  [{ class: 'deduplicating', windowOver: false }, 'again'],
  [{ class: 'deduplicating', windowOver: true }, 'park'],
  [{ class: 'blind' }, 'park'],
];

/** The rows of the table that a rule breaks. */
const broken = (rule: typeof afterUnknownEnd): UnknownEnd[] => TABLE.filter(([end, wanted]) => rule(end) !== wanted).map(([end]) => end);

test('an attempt of unknown end goes by the class of its channel', () => {
  expect(broken(afterUnknownEnd)).toEqual([]);
});

test.each<[string, (end: UnknownEnd) => AfterUnknown, UnknownEnd]>([
  ['a blind channel is tried again', (end) => (end.class === 'blind' ? 'again' : afterUnknownEnd(end)), { class: 'blind' }],
  ['a folder that does not have it is handed it again', (end) => (end.class === 'askable' && end.has === false ? 'again' : afterUnknownEnd(end)), { class: 'askable', has: false }],
  ['a folder that cannot be asked is believed to have it', (end) => (end.class === 'askable' && end.has === null ? 'accepted' : afterUnknownEnd(end)), { class: 'askable', has: null }],
  ['the window is not looked at', (end) => (end.class === 'deduplicating' ? 'again' : afterUnknownEnd(end)), { class: 'deduplicating', windowOver: true }],
])('planted: %s', (_name, planted, found) => {
  expect(broken(planted)).toEqual([found]);
});

test.each([['email', 'blind'], ['letter', 'askable'], ['registeredLetter', 'askable'], ['webhook', 'deduplicating'], ['call', 'blind'], ['toString', 'blind']])('%s is %s', (channel, wanted) => {
  expect(channelClass(channel)).toBe(wanted);
});
