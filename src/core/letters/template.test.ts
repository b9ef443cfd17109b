import { expect, test } from 'vitest';
import type { Problem } from '../kernel/problem.ts';
import { must } from '../kernel/result.ts';
import { EXAMPLE_DEBTOR, EXAMPLE_FACTS } from './example.ts';
import { composeMessage } from './message-model.ts';
import { BLOCK_PLACEHOLDERS, findPlaceholder, PLACEHOLDERS } from './placeholders.ts';
import { renderMessage } from './render.ts';
import { compileTemplate } from './template.ts';

const problemsOf = (body: string, subject = 'Objet'): readonly Problem[] => {
  const compiled = compileTemplate({ subject, body });
  return compiled.ok ? [] : compiled.error;
};

test.each([
  ['S4-051 constructor', '{{constructor}}', 'letters.unknownField'],
  ['S4-052 prototype', '{{invoice.__proto__}}', 'letters.unknownField'],
  ['S4-053 function constructor', '{{"".constructor.constructor("return process")()}}', 'letters.unknownField'],
  ['S4-054 include', '{% include "/etc/passwd" %}', 'letters.foreignSyntax'],
  ['S4-055 render', '{% render "../x" %}', 'letters.foreignSyntax'],
  ['S4-056 layout', '{% layout %}', 'letters.foreignSyntax'],
  ['S4-057 loop', '{% for i in (1..100000000) %}{% endfor %}', 'letters.foreignSyntax'],
  ['S4-058 doublings', '{% assign a = "x" %}'.repeat(30), 'letters.foreignSyntax'],
  ['S4-059 raw filter', '{{ client.nom | raw }}', 'letters.unknownField'],
  ['S4-060 missing', '{{ missing }}', 'letters.unknownField'],
  ['S4-061 another debtor', '{{ other_debtor.name }}', 'letters.unknownField'],
  ['S4-062 raw block', '{% raw %}', 'letters.foreignSyntax'],
  ['S4-063 unclosed tag', 'Bonjour {{ client.nom', 'letters.unclosedBraces'],
  ['S4-064 template of 5 MB', 'a'.repeat(5_000_000), 'letters.templateTooLong'],
  ['S4-065 a thousand filters', `{{ client.nom ${'| upcase '.repeat(1000)}}}`, 'letters.unknownField'],
  ['S4-066 <%= %>', '<%= process.env %>', 'letters.foreignSyntax'],
  ['S4-067 #{ }', '#{ process.env }', 'letters.foreignSyntax'],
  ['S4-068 ${ }', '${ process.env }', 'letters.foreignSyntax'],
  ['S4-069 [[ ]]', '[[ process.env ]]', 'letters.foreignSyntax'],
  ['env', '{{env}}', 'letters.unknownField'],
  ['settings', '{{settings.smtp.password}}', 'letters.unknownField'],
  ['tenant', '{{tenant.id}}', 'letters.unknownField'],
  ['toString', '{{toString}}', 'letters.unknownField'],
  ['nested braces', '{{ {{client.nom}} }}', 'letters.nestedBraces'],
  ['three braces', '{{{client.nom}}}', 'letters.nestedBraces'],
  ['closing braces alone', 'a }} b', 'letters.foreignSyntax'],
  ['split over two lines', 'a {{client.\nnom}}', 'letters.unclosedBraces'],
  ['empty braces', '{{}}', 'letters.unknownField'],
  ['a table within words', 'voici {{postes.tableau}} merci', 'letters.blockNotAlone'],
  ['two tables on a line', '{{postes.tableau}}{{paiement.bloc}}', 'letters.blockNotAlone'],
  ['a control character', 'Bonjour\u0007', 'letters.controlCharacter'],
  ['nothing', ' \n\n ', 'letters.bodyEmpty'],
])('%s is refused when the template is saved', (_name, body, code) => {
  const [problem] = problemsOf(body);
  expect(problem?.code).toBe(code);
  expect(problem?.message.fr).not.toBe(problem?.message.en);
  expect(problem?.message.fr.length).toBeLessThan(400);
});

test('S4-050 braces in a debtor’s name come out as those characters', () => {
  const model = must(composeMessage({ ...EXAMPLE_FACTS, debtor: { ...EXAMPLE_DEBTOR, name: '{{7*7}} {{client.code}} {% raw %} ${x}' } }));
  const message = must(renderMessage(must(compileTemplate({ subject: '{{client.nom}}', body: 'Pour {{client.nom}}.' })), model));
  expect(message.subject).toBe('{{7*7}} {{client.code}} {% raw %} ${x}');
  expect(message.text).toContain('Pour {{7*7}} {{client.code}} {% raw %} ${x}.');
  expect(message.html).toContain('Pour {{7*7}} {{client.code}} {% raw %} ${x}.');
});

test.each([
  ['Objet\nBcc: x', 'letters.subjectLines'],
  ['', 'letters.subjectEmpty'],
  ['{{postes.tableau}}', 'letters.subjectBlock'],
  ['a'.repeat(151), 'letters.templateTooLong'],
  ['{{client.non}}', 'letters.unknownField'],
])('the subject %j is refused', (subject, code) => expect(problemsOf('Bonjour', subject)[0]?.code).toBe(code));

test('a problem says its line and column, and suggests the name meant', () => {
  const [first, second] = problemsOf('Bonjour,\n\nPour {{client.non}} et\n{{montant.totale}}');
  expect(first).toMatchObject({ line: 3, message: { fr: expect.stringMatching(/^Ligne 3, colonne 6 .*« client\.nom »/), en: expect.stringMatching(/^Line 3, column 6: .*"client\.nom"/) } });
  expect(second).toMatchObject({ line: 4, message: { fr: expect.stringContaining('« montant.total »') } });
});

test('problems are listed up to a limit', () => {
  expect(problemsOf('{{x}}\n'.repeat(500))).toHaveLength(20);
});

test('names of the list are unique, and French and English ones mean the same', () => {
  const names = [...PLACEHOLDERS, ...BLOCK_PLACEHOLDERS].flatMap((one) => [one.names.fr, one.names.en]);
  expect(new Set(names).size).toBe(names.length);
  for (const one of [...PLACEHOLDERS, ...BLOCK_PLACEHOLDERS]) expect(findPlaceholder(one.names.fr)).toBe(findPlaceholder(one.names.en));
});

test('spaces inside the braces, Windows line ends and paragraphs', () => {
  const template = must(compileTemplate({ subject: ' a ', body: 'un\r\ndeux {{ client.nom }}\r\n\r\n\r\ntrois\r\n{{items.table}}\r\nquatre' }));
  expect(template.blocks.map((block) => (block.kind === 'paragraph' ? block.lines.length : block.kind))).toEqual([2, 1, 'items', 1]);
});
