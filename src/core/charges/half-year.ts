import { day } from '../kernel/day.ts';
import type { Day } from '../kernel/day.ts';

/** A calendar half-year: "2026-S1" is January to June, "2026-S2" July to December. Texts compare as half-years do. */
export type HalfYear = `${number}-S${1 | 2}`;

const FIRST_MONTH_OF_SECOND_HALF = 7;

/** The half-year a day is in. */
export function halfYearOf(of: Day): HalfYear {
  const half = Number(of.slice(5, 7)) < FIRST_MONTH_OF_SECOND_HALF ? 1 : 2;
  return `${Number(of.slice(0, 4))}-S${half}`;
}

/** 1 January or 1 July. */
export const firstDayOf = (half: HalfYear): Day => day(half.endsWith('1') ? `${half.slice(0, 4)}-01-01` : `${half.slice(0, 4)}-07-01`);

/** 30 June or 31 December. */
export const lastDayOf = (half: HalfYear): Day => day(half.endsWith('1') ? `${half.slice(0, 4)}-06-30` : `${half.slice(0, 4)}-12-31`);
