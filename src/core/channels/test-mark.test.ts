import { expect, test } from 'vitest';
import { renderAgain } from '../letters/render.ts';
import { SUBJECT_LENGTH_MAX } from '../letters/render.ts';
import { testMarked } from './test-mark.ts';

const message = (subject: string, language: 'fr' | 'en' = 'fr'): ReturnType<typeof renderAgain> =>
  renderAgain({ language, subject, blocks: [{ kind: 'paragraph', lines: ['Bonjour,'] }], signature: ['Claire Duval'], legal: 'SAS' });

test('the true recipient stands in the subject and in the first line of text, page and letter', () => {
  const marked = testMarked(message('Rappel'), { address: 'client@alpha.example', name: 'Alpha <b>' });
  expect(marked.subject).toBe('[TEST → client@alpha.example] Rappel');
  expect(marked.text.split('\n')[0]).toMatch(/^TEST – ce message n’est pas parti chez le client\. .*client@alpha\.example \(Alpha <b>\)/);
  expect(marked.html.indexOf('client@alpha.example (Alpha &lt;b&gt;)')).toBeGreaterThan(0);
  expect(marked.html.indexOf('TEST –')).toBeLessThan(marked.html.indexOf('Bonjour,'));
  expect(marked.blocks[0]).toMatchObject({ kind: 'paragraph', lines: [expect.stringMatching(/^TEST/) as string] });
});

test('a letter names no address; the language is the message’s', () => {
  expect(testMarked(message('Reminder', 'en'), { address: null, name: 'Alpha' })).toMatchObject({ subject: '[TEST → letter] Reminder', text: expect.stringMatching(/letter by post/) as string });
});

test('the longest address and subject still make a subject that may leave', () => {
  expect(testMarked(message('x'.repeat(SUBJECT_LENGTH_MAX)), { address: `${'a'.repeat(240)}@b.example`, name: '' }).subject.length).toBeLessThanOrEqual(SUBJECT_LENGTH_MAX);
});
