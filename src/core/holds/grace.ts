import { addDays } from '../kernel/day.ts';
import type { Day } from '../kernel/day.ts';
import { isWorkingDay } from '../ledger/calendar.ts';
import type { Place } from '../ledger/calendar.ts';

/** Working days left after a promised day for the money to reach the account: the bank's own delay and the import of its statement. */
export const GRACE_DAYS = 2;
/** Longest grace that can be agreed; the database refuses more. */
export const GRACE_DAYS_MAX = 60;

/** Last day of a promise or an instalment: its day, then that many working days of the debtor's place. */
export function lastDayOf(until: Day, graceDays: number, place: Place): Day {
  let last = until;
  for (let left = graceDays; left > 0;) {
    last = addDays(last, 1);
    if (isWorkingDay(last, place)) left -= 1;
  }
  return last;
}
