import { expect, test } from 'vitest';
import { lineAt, placed } from './placing.ts';

const at = (marked: string): { text: string; start: number; end: number } => ({ text: marked.replace('|', ''), start: marked.indexOf('|'), end: marked.indexOf('|') });
const shown = ({ text, start }: { text: string; start: number }): string => `${text.slice(0, start)}|${text.slice(start)}`;

test.each([
  { name: 'a word goes where the caret is', before: 'Bonjour |, merci', field: { written: '{{client.nom}}', block: false }, after: 'Bonjour {{client.nom}}|, merci' },
  { name: 'a table gets a line of its own', before: 'Voici :| Merci.', field: { written: '{{postes.tableau}}', block: true }, after: 'Voici :\n\n{{postes.tableau}}|\n\nMerci.' },
  { name: 'no empty lines are piled up', before: 'Voici :\n\n|\n\nMerci.', field: { written: '{{postes.tableau}}', block: true }, after: 'Voici :\n\n{{postes.tableau}}|\n\nMerci.' },
  { name: 'a table may be all there is', before: '|', field: { written: '{{postes.tableau}}', block: true }, after: '{{postes.tableau}}|' },
])('$name', ({ before, field, after }) => {
  expect(shown(placed(at(before), field))).toBe(after);
});

test('what is selected is replaced', () => {
  expect(placed({ text: 'Bonjour X, merci', start: 8, end: 9 }, { written: '{{client.nom}}', block: false }).text).toBe('Bonjour {{client.nom}}, merci');
});

test('lines are found by their number, the last one and one beyond too', () => {
  expect([1, 2, 3, 9].map((line) => lineAt('un\ndeux\n', line))).toEqual([{ start: 0, end: 2 }, { start: 3, end: 7 }, { start: 8, end: 8 }, { start: 8, end: 8 }]);
});
