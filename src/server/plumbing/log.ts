import { pino } from 'pino';
import type { Logger } from 'pino';

/** Where log lines go. */
export type Log = Logger;

/** Keys whose values are about a person or are secrets; they never reach a log line, however deep they stand. */
const PRIVATE_KEYS = [
  'email', 'to', 'recipient', 'name', 'customerName', 'address', 'phone', 'iban', 'subject', 'body', 'text', 'password', 'token',
  'secret', 'link', 'url', 'cookie', 'authorization', 'file', 'fileName',
];
const redactPaths = PRIVATE_KEYS.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]);

/** A logger that writes JSON lines to stderr (stdout belongs to results), without personal data. */
export function createLog(level: string): Log {
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, redact: { paths: redactPaths, censor: '[private]' } },
    pino.destination({ fd: 2, sync: true }),
  );
}

/** What of an error may be logged: its class, code and the constraint it broke, never its text (it can quote values). */
export function loggableError(error: unknown): Record<string, string> {
  if (!(error instanceof Error)) return { type: typeof error };
  const picked: Record<string, string> = { type: error.name };
  for (const key of ['code', 'constraint', 'table', 'routine'] as const) {
    const value: unknown = Reflect.get(error, key);
    if (typeof value === 'string') picked[key] = value;
  }
  const frame = error.stack?.split('\n').find((line) => line.trimStart().startsWith('at '));
  if (frame !== undefined) picked['at'] = frame.trim();
  return picked;
}
