import type { HoursView } from '#core/api/configuration.ts';

/** A window as its two fields hold it ("09:00", "19:00"); `id` keeps the row. */
export type WindowRow = { id: number; from: string; until: string };

/** The windows of each day from Monday to Sunday. */
export type WeekRows = WindowRow[][];

/** Windows of one day: the server takes no more. */
export const WINDOWS_MAX = 3;

const HOUR = 60;
const DAY = 24 * HOUR;
const CLOCK = /^([01]\d|2[0-3]):([0-5]\d)$/;

/** "09:30" of minutes of the day; midnight at the end of the day is "00:00", as a clock shows it. */
export function clockOf(minutes: number): string {
  const within = minutes % DAY;
  return `${String(Math.floor(within / HOUR)).padStart(2, '0')}:${String(within % HOUR).padStart(2, '0')}`;
}

/** Minutes of "09:30", or null; as the end of a window "00:00" is the end of the day. */
export function minutesOf(clock: string, end: 'from' | 'until'): number | null {
  const match = CLOCK.exec(clock);
  if (match === null) return null;
  const minutes = Number(match[1]) * HOUR + Number(match[2]);
  return end === 'until' && minutes === 0 ? DAY : minutes;
}

/** Hours to the rows of a form. */
export const weekRows = (hours: HoursView): WeekRows => hours.map((windows) => windows.map(([from, until], id) => ({ id, from: clockOf(from), until: clockOf(until) })));

/** Rows to hours; what is not filled in is a window that the checks of the core refuse. */
export const hoursOf = (week: WeekRows): [number, number][][] => week.map((windows) => windows.map(({ from, until }) => [minutesOf(from, 'from') ?? -1, minutesOf(until, 'until') ?? -1]));

const MORNING = { from: '09:00', until: '12:00' } as const;

/** One more window of a day: the morning, or two hours from the end of the last one. */
export function nextWindow(windows: readonly WindowRow[]): WindowRow {
  const id = Math.max(-1, ...windows.map((row) => row.id)) + 1;
  const last = minutesOf(windows.at(-1)?.until ?? '', 'until');
  if (last === null || last >= DAY - HOUR) return { id, ...MORNING };
  return { id, from: clockOf(last + HOUR), until: clockOf(Math.min(DAY, last + 3 * HOUR)) };
}
