import type { OpenLineView } from '#core/api/matching.ts';
import type { AskedLines } from '../../api/matching.ts';

/** Lines taken off the list, each with the moment the server confirmed it; not yet confirmed is for ever. */
export type TakenOff = ReadonlyMap<string, number>;

/** A line whose placing is under way: no answer is newer. */
export const UNDER_WAY = Number.POSITIVE_INFINITY;

/**
 * The lines to show, each once. An answer asked for before a line was taken off may still hold it; one asked for after holds it only when it
 * really came back.
 */
export function shownLines(pages: readonly AskedLines[], taken: TakenOff): readonly OpenLineView[] {
  const shown = new Map<string, OpenLineView>();
  for (const page of pages) {
    for (const line of page.lines) if (page.asked > (taken.get(line.key) ?? 0) && !shown.has(line.key)) shown.set(line.key, line);
  }
  return [...shown.values()];
}

/** The line to go to when one leaves: the next, or the one before when it was the last. */
export function neighbourOf(lines: readonly OpenLineView[], key: string): string | null {
  const at = lines.findIndex((line) => line.key === key);
  return (lines[at + 1] ?? lines[at - 1])?.key ?? null;
}

/** The line some steps away, kept inside the list; the first one when none is chosen. */
export function lineAway(lines: readonly OpenLineView[], key: string | null, by: number): OpenLineView | undefined {
  const at = lines.findIndex((line) => line.key === key);
  return lines[at < 0 ? 0 : Math.min(lines.length - 1, Math.max(0, at + by))];
}

/** Lines left below the current one from which the next page is asked for. */
const AHEAD = 8;

/** Whether the next page should be on its way. */
export function runsShort(lines: readonly OpenLineView[], key: string | null): boolean {
  return lines.length - 1 - lines.findIndex((line) => line.key === key) < AHEAD;
}
