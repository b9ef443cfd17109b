import { addDays } from '../kernel/day.ts';
import type { Day } from '../kernel/day.ts';

/**
 * Days around the day of an entry that the bank only announces ("en cours", PDNG, FUTR) during which it suspends: a transfer is credited
 * by the end of the next business day (directive (EU) 2015/2366, art. 83), and five days hold a week-end and a holiday. One that was
 * never booked by then came to nothing, or its statements come no more: neither may keep a customer from being chased for ever.
 */
export const ANNOUNCED_DAYS = 5;

/** The days whose announced entries suspend on a day, both included. */
export const announcedDays = (today: Day): { readonly from: Day; readonly until: Day } => ({ from: addDays(today, -ANNOUNCED_DAYS), until: addDays(today, ANNOUNCED_DAYS) });

/** Whether an entry of the bank is money on its way on a day: booked by then, or announced for a day near it. */
export function isOnItsWay({ announced, bookedOn }: { readonly announced: boolean; readonly bookedOn: Day }, today: Day): boolean {
  const { from, until } = announcedDays(today);
  return announced ? bookedOn >= from && bookedOn <= until : bookedOn <= today;
}
