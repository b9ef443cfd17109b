import type { Random } from '#core/kernel/random.ts';
import { CHILD_POINTS, SINK_POINTS } from './order.ts';
import type { ChildPoint, SinkPoint } from './order.ts';

/** When a worker is to be killed. `ms` comes on top of the moment, so that a kill can land between two steps. */
export type Plan =
  | { readonly kind: 'child'; readonly point: ChildPoint; readonly nth: number; readonly ms: number; readonly max: number | null }
  | { readonly kind: 'sink'; readonly point: SinkPoint; readonly nth: number; readonly ms: number; readonly max: number | null }
  | { readonly kind: 'instant'; readonly ms: number; readonly max: number | null }
  | { readonly kind: 'taken'; readonly nth: number; readonly ms: number; readonly max: number | null };

/** What a plan is called in the figures. */
export const nameOf = (plan: Plan): string => (plan.kind === 'child' || plan.kind === 'sink' ? plan.point : plan.kind === 'instant' ? 'any instant' : 'any hand-off');

/** Every named point, and as many kills at no point in particular. */
const NAMED: readonly (ChildPoint | SinkPoint)[] = [...CHILD_POINTS, ...SINK_POINTS];
/** An instant after the start by which a worker surely hands over. */
const INSTANT_MS = 250;
/** A letter is drawn in some 20 ms, written in a few. */
const DRAWING_MS = 20;
const WRITING_MS = 4;
/** Reached some times a call, whatever its size. */
const CLAIMING: ReadonlySet<ChildPoint> = new Set(['beforeClaim', 'inClaim', 'afterClaim', 'startUnanswered']);
const CLAIMING_MOST = 2;
/** Reached once a call, or with the next letter, which may be far down the queue. */
const ONCE: ReadonlySet<ChildPoint> = new Set(['inRescue', 'beforeSettle', 'inSettle', 'afterSettle', 'drawing', 'writing', 'afterLetter']);
const GREETINGS_MOST = 2;
/** What leaves although its start is not noted has left by then. */
const UNANSWERED_MS = 120;

const isChildPoint = (point: ChildPoint | SinkPoint): point is ChildPoint => CHILD_POINTS.some((one) => one === point);

/** The plan of the so-manieth kill, where each may cost so many messages. Named points come in turn, so that none is left out. */
export function planOf(random: Random, kill: number, budget: number): Plan {
  const most = Math.max(1, Math.round(2 * budget) - 1);
  // A small share makes a worker's chunks short: what follows a chunk is then met soon.
  const max = random.chance(0.3) ? random.between(1, Math.max(most, 3)) : null;
  if (kill % 2 === 1) {
    if (random.chance(0.3)) return { kind: 'instant', ms: random.between(0, INSTANT_MS), max };
    return { kind: 'taken', nth: random.between(1, most), ms: random.between(0, 8), max };
  }
  const point = NAMED[Math.floor(kill / 2) % NAMED.length] ?? 'dot';
  if (!isChildPoint(point)) return { kind: 'sink', point, nth: random.between(1, point === 'ehlo' ? GREETINGS_MOST : most), ms: 0, max };
  const nth = ONCE.has(point) ? 1 : random.between(1, CLAIMING.has(point) ? CLAIMING_MOST : most);
  const settling = point === 'beforeSettle' || point === 'inSettle' || point === 'afterSettle';
  const ms = point === 'drawing' ? random.between(0, DRAWING_MS) : point === 'writing' ? random.between(0, WRITING_MS) : point === 'startUnanswered' ? UNANSWERED_MS : 0;
  return { kind: 'child', point, nth, ms, max: settling ? random.between(1, most) : max };
}

/** What a process does at the point of its kill. Some points are passed: the kill is to land inside what follows them. */
export const doneAt = (point: ChildPoint): 'tell' | 'hang' | 'hold' => (point === 'drawing' || point === 'writing' ? 'tell' : point === 'startUnanswered' ? 'hang' : 'hold');
