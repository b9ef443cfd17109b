import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Instant } from '#core/kernel/clock.ts';
import { addDays, parseDay } from '#core/kernel/day.ts';
import type { Day } from '#core/kernel/day.ts';
import { dayAt, minuteOfDay } from '#server/plumbing/clock.ts';
import { canonicalJson } from './record.ts';

/** Where an organisation's chain stood at the end of a business day. Kept elsewhere, it shows that the chain was rewritten or cut off since. */
export type HeadLine = {
  readonly installation: string;
  /** The organisation's code. */
  readonly organisation: string;
  readonly day: Day;
  /** Number and hash of the last event. */
  readonly seq: number;
  readonly hash: string;
  /** Events in all. */
  readonly events: number;
  /** The first event that the line before did not cover, and the root of the tree over the hashes of the events from it to `seq`. */
  readonly from: number;
  readonly root: string;
  readonly at: Instant;
  /** SHA-256 of the line before, without its line end; of the first one 64 zeros. */
  readonly previous: string;
};

const sha256Hex = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.number().int().positive();
const schema = z.strictObject({
  format: z.literal('acquit-head-1'), installation: z.string(), organisation: z.string(), day: z.custom<Day>((value) => typeof value === 'string' && parseDay(value) !== null),
  seq: count, hash: sha256Hex, events: count, from: count, root: sha256Hex, at: z.custom<Instant>((value) => z.iso.datetime().safeParse(value).success), previous: sha256Hex,
});

/** What the first line names as the one before. */
export const NO_LINE = '0'.repeat(64);

/** A head as its line, without the line end: canonical JSON, so that the same head has the same bytes. */
export const formatHead = (head: HeadLine): string => canonicalJson({ format: 'acquit-head-1', ...head });

/** The head a line says; null when it is none, or is not written as we write it. */
export function parseHead(line: string): HeadLine | null {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) return null;
  const { format: _, ...head } = parsed.data;
  return formatHead(head) === line ? head : null;
}

/** The hash by which the next line names this one. */
export const lineHash = (line: string): string => createHash('sha256').update(line, 'utf8').digest('hex');

/** The lines of a file of heads; the end of the last line may be missing, nothing else. */
export const linesOf = (file: string): string[] => (file === '' ? [] : file.replace(/\n$/, '').split('\n'));

/** Minute of the business day from which its head is written: the day's runs, sendings and imports are over. */
export const HEADS_FROM_MINUTE = 20 * 60;

/**
 * The business day whose head is to be written now, or null. A day's head is written in its evening; where nobody was there in the evening, on
 * the next morning for the day before. `uncovered` is when the first event happened that no line covers.
 */
export function headDue(last: HeadLine | null, of: { uncovered: Instant; now: Instant; zone: string }): Day | null {
  const { uncovered, now, zone } = of;
  const today = dayAt(zone, now);
  const yesterday = addDays(today, -1);
  const writtenSince = (day: Day): boolean => {
    if (last === null) return false;
    const on = dayAt(zone, last.at);
    return on > day || (on === day && minuteOfDay(zone, last.at) >= HEADS_FROM_MINUTE);
  };
  if (minuteOfDay(zone, now) >= HEADS_FROM_MINUTE) return writtenSince(today) ? null : today;
  return writtenSince(yesterday) || dayAt(zone, uncovered) >= today ? null : yesterday;
}
