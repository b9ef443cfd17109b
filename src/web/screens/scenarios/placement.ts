import type { StepDefinition } from '#core/api/scenarios.ts';
import { DRAWN_TERM_DAYS, daysOf } from './edits.ts';

/** One thing on the line: a step, or what steps are counted from. `x` is its middle in pixels. */
export type Place = { readonly kind: 'step' | 'due' | 'invoice'; readonly key: string; readonly day: number; readonly x: number };

/** How wide things are drawn, and how much room there is. */
export type Room = { readonly width: number; readonly card: number; readonly mark: number; readonly gap: number };

/** The line with everything on it, wider than its room when the cards need it. */
export type Line = { readonly places: readonly Place[]; readonly width: number };

/** Beyond the outermost things a day is drawn this wide: a card can still be dragged there. */
const OUTER_DAY_PX = 8;

/**
 * Things in the order of their days, none over another. What room is left is shared by the roots of the days between them: a month is wider
 * than a week, and a year does not push everything else together.
 */
export function placeOnLine(steps: readonly StepDefinition[], room: Room): Line {
  const things = thingsOf(steps);
  const half = (thing: Omit<Place, 'x'>): number => (thing.kind === 'step' ? room.card : room.mark) / 2;
  const spans = things.slice(1).map((thing, index) => {
    const before = things[index] ?? thing;
    return { least: half(before) + half(thing) + room.gap, weight: Math.sqrt(Math.max(0, thing.day - before.day)) };
  });
  const [first, last] = [things[0], things.at(-1)];
  const least = spans.reduce((sum, span) => sum + span.least, 0) + (first === undefined ? 0 : half(first)) + (last === undefined ? 0 : half(last));
  const weights = spans.reduce((sum, { weight }) => sum + weight, 0);
  const slack = Math.max(0, room.width - least);
  let x = first === undefined ? 0 : half(first);
  const places = things.map((thing, index): Place => {
    const span = spans[index - 1];
    if (span !== undefined) x += span.least + (weights === 0 ? 0 : (slack * span.weight) / weights);
    return { ...thing, x };
  });
  return { places, width: Math.max(room.width, least) };
}

/** Steps, the due date, and the invoice date when a step is counted from it. */
function thingsOf(steps: readonly StepDefinition[]): Omit<Place, 'x'>[] {
  const days = daysOf(steps);
  const drawn = steps.map((step, index): Omit<Place, 'x'> => ({ kind: 'step', key: step.key, day: days[index] ?? 0 }));
  // Steps keep the order of their numbers, in which they go out; the due date stands before the first one that is not a notice.
  const due = drawn.findIndex(({ day }) => day >= 0);
  const things = drawn.toSpliced(due < 0 ? drawn.length : due, 0, { kind: 'due', key: 'due', day: 0 });
  if (!steps.some(({ anchor }) => anchor === 'issueDate')) return things;
  const invoice = things.findIndex(({ day }) => day >= -DRAWN_TERM_DAYS);
  return things.toSpliced(invoice < 0 ? 0 : invoice, 0, { kind: 'invoice', key: 'invoice', day: -DRAWN_TERM_DAYS });
}

/** The day that stands at a place of the line, whole. */
export function dayAt({ places }: Line, x: number): number {
  const [first, last] = [places[0], places.at(-1)];
  if (first === undefined || last === undefined) return 0;
  if (x <= first.x) return first.day - Math.round((first.x - x) / OUTER_DAY_PX);
  if (x >= last.x) return last.day + Math.round((x - last.x) / OUTER_DAY_PX);
  const next = places.findIndex((place) => place.x >= x);
  const [before, after] = [places[next - 1] ?? first, places[next] ?? last];
  const part = after.x === before.x ? 0 : (x - before.x) / (after.x - before.x);
  return Math.round(before.day + part * (after.day - before.day));
}
