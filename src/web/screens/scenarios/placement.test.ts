import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { StepDefinition } from '#core/api/scenarios.ts';
import { ordered } from './edits.ts';
import { dayAt, placeOnLine } from './placement.ts';
import type { Line, Room } from './placement.ts';

const step = (key: string, offsetDays: number, anchor: StepDefinition['anchor'] = 'dueDate'): StepDefinition => ({
  number: 1, key, kind: 'message', anchor, offsetDays, minimumGapDays: 3, channel: 'email', template: 'reminder1', tone: 'neutral', contactRoles: ['accountsPayable'], approval: 'none', formalNotice: false,
});
const ROOM: Room = { width: 960, card: 150, mark: 60, gap: 10 };
const standard = [step('a', -3), step('b', 7), step('c', 15), step('d', 30)];

test('things stand in the order of their days, the due date among them', () => {
  expect(placeOnLine(standard, ROOM).places.map(({ key }) => key)).toEqual(['a', 'due', 'b', 'c', 'd']);
  expect(placeOnLine([step('a', 0)], ROOM).places.map(({ key }) => key)).toEqual(['due', 'a']);
  expect(placeOnLine([], ROOM).places.map(({ key, day }) => [key, day])).toEqual([['due', 0]]);
  expect(placeOnLine([step('a', 10, 'issueDate'), step('b', 5), step('c', 4, 'previousStep')], ROOM).places.map(({ key, day }) => `${key} ${day}`)).toEqual(['invoice -30', 'a -20', 'due 0', 'b 5', 'c 9']);
});

test('what fits is spread over the room, what does not makes the line wider', () => {
  const fits = placeOnLine(standard, ROOM);
  expect([fits.width, fits.places.at(-1)?.x]).toEqual([960, 885]);
  expect(placeOnLine(standard, { ...ROOM, width: 300 }).width).toBe(700);
});

test('where a thing stands is its day; between two a day between', () => {
  const line = placeOnLine(standard, ROOM);
  for (const { x, day } of line.places) expect(dayAt(line, x)).toBe(day);
  const [b, c] = [line.places[2], line.places[3]];
  expect(dayAt(line, ((b?.x ?? 0) + (c?.x ?? 0)) / 2)).toBe(11);
  expect([dayAt(line, -80), dayAt(line, 965)]).toEqual([-22, 40]);
});

const anySteps = fc.array(fc.record({ offset: fc.integer({ min: -90, max: 1825 }), anchor: fc.constantFrom<StepDefinition['anchor'][]>('dueDate', 'dueDate', 'issueDate', 'previousStep') }), { minLength: 1, maxLength: 20 })
  .map((list) => ordered(list.map(({ offset, anchor }, index) => step(`k${index}`, anchor === 'previousStep' ? Math.max(1, offset) : offset, index === 0 && anchor === 'previousStep' ? 'dueDate' : anchor))));

const neverOver = (place: typeof placeOnLine): void => fc.assert(fc.property(anySteps, fc.integer({ min: 0, max: 3000 }), (steps, width) => {
  const room = { ...ROOM, width };
  const { places, width: drawn }: Line = place(steps, room);
  const half = (kind: string): number => (kind === 'step' ? room.card : room.mark) / 2;
  return places.every(({ x, kind }, index) => {
    const before = places[index - 1];
    return x - half(kind) >= -0.001 && x + half(kind) <= drawn + 0.001 && (before === undefined || x - before.x >= half(kind) + half(before.kind) + room.gap - 0.001);
  });
}), { numRuns: 300, seed: 20_261_122 });

test('no card lies over another or beyond the line', () => expect(() => neverOver(placeOnLine)).not.toThrow());

test('planted bug found: places by the day alone', () => {
  expect(() => neverOver((steps, room) => {
    const { places, width } = placeOnLine(steps, room);
    return { width, places: places.map((place) => ({ ...place, x: 100 + place.day })) };
  })).toThrow(/Property failed/);
});
