import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { loggableError } from './log.ts';

const MODULE = fileURLToPath(new URL('log.ts', import.meta.url));

/** What a logger of its own process writes to stderr. */
function logged(facts: object): string {
  const script = `import { createLog } from ${JSON.stringify(MODULE)}; createLog('info').info(${JSON.stringify(facts)}, 'said');`;
  return execFileSync('/bin/sh', ['-c', `exec "$0" --input-type=module -e "$1" 2>&1`, process.execPath, script]).toString();
}

test('lines are JSON, and personal values never reach them at any depth', () => {
  const line = logged({ part: 'test', customer: 12, email: 'claire@secret.example', deep: { name: 'Claire Secret', more: { iban: 'FR76SECRET', token: 'SECRET' } } });
  expect(JSON.parse(line)).toMatchObject({ part: 'test', customer: 12, msg: 'said', email: '[private]', deep: { name: '[private]' } });
  expect(line.toLowerCase()).not.toContain('secret');
});

test('of an error only its class, code and place are logged: its text can quote a row', () => {
  const error = Object.assign(new Error('Key (email)=(claire@secret.example) already exists'), { code: '23505', constraint: 'contact_email', detail: 'secret' });
  expect(loggableError(error)).toMatchObject({ type: 'Error', code: '23505', constraint: 'contact_email' });
  expect(JSON.stringify(loggableError(error))).not.toContain('secret');
});
