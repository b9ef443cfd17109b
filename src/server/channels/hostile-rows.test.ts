import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

/** The catalogue of hostile inputs, when this checkout lies beside it. */
const CATALOGUE = resolve('../shared/hostile_inputs.jsonl');
const FAMILIES = ['recipient string', 'header injection', 'body', 'template (SSTI)', 'html to pdf'];
/** The rows of those families as of the catalogue this was written from. */
const KNOWN = Array.from({ length: 81 }, (_, index) => `S4-${(index + 1).toString().padStart(3, '0')}`);

function rows(): string[] {
  if (!existsSync(CATALOGUE)) return KNOWN;
  return readFileSync(CATALOGUE, 'utf8')
    .split('\n')
    .map((line) => /"id": "(S4-\d{3})".*?"family": "([^"]*)"/.exec(line))
    .filter((match) => match !== null && FAMILIES.some((family) => match[2]?.startsWith(family)))
    .map((match) => match?.[1] ?? '');
}

test('every outgoing hostile row has an assertion of its own', () => {
  const sources = ['src/core/kernel/email-address.test.ts', 'src/server/channels/mime.test.ts', 'src/server/channels/smtp.test.ts', 'src/server/channels/smtp-settings.test.ts', 'src/core/letters/template.test.ts', 'src/server/letters/pdf-hostile.test.ts']
    .map((path) => readFileSync(join(process.cwd(), path), 'utf8'))
    .join('\n');
  const listed = rows();
  expect(listed.length).toBeGreaterThanOrEqual(KNOWN.length);
  expect(listed.filter((id) => !sources.includes(id))).toEqual([]);
});
