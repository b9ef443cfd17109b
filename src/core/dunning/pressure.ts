import { addDays, dayNumber } from '../kernel/day.ts';
import type { Day } from '../kernel/day.ts';
import type { ContactMade, PolicyFacts } from './facts.ts';

/** What the cap says of one more contact: allowed, or how many there are and the first day there is room again (null when not known). */
export type Pressure = { readonly allowed: true } | { readonly allowed: false; readonly contacts: number; readonly until: Day | null };

const ALLOWED: Pressure = { allowed: true };

/** Weighs one more contact today against the cap; `planned` are those proposed or waiting that were not made yet. */
export function pressureOf(policy: PolicyFacts, made: readonly ContactMade[], planned: number): Pressure {
  const cap = policy.contactCap;
  if (cap === null) return ALLOWED;
  const windowStart = dayNumber(policy.today) - cap.windowDays;
  const inWindow = made.map(({ on }) => on).filter((on) => dayNumber(on) > windowStart);
  const contacts = inWindow.length + planned;
  if (contacts < cap.contacts) return ALLOWED;
  const leaving = inWindow.sort()[contacts - cap.contacts];
  return { allowed: false, contacts, until: leaving === undefined ? null : addDays(leaving, cap.windowDays) };
}
