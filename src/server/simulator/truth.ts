import type { CustomerKind } from '#core/dunning/facts.ts';
import type { Currency } from '#core/kernel/currency.ts';
import type { Day } from '#core/kernel/day.ts';
import { addDays, day, weekday } from '#core/kernel/day.ts';
import type { Place } from '#core/ledger/calendar.ts';

/** A debit as it really is: nothing here is derived by the program under test. Amounts are minor units. */
export type TrueItem = {
  readonly document: string; readonly currency: Currency; readonly amount: bigint; readonly issuedOn: Day; readonly dueOn: Day;
  open: bigint;
  /** Money and credit notes set against it, in the order they came; negative when taken back. */
  readonly received: { readonly on: Day; readonly amount: bigint }[];
};

/** What people agreed, said or ordered about an account. */
export type TrueHold = {
  readonly handle: string; readonly kind: 'dispute' | 'promise' | 'plan' | 'pause' | 'insolvency';
  /** Documents it is about; null: the whole account. */
  readonly documents: readonly string[] | null;
  /** Disputes: the part disputed; null: all of it. */
  readonly amount: bigint | null;
  readonly from: Day; readonly until: Day | null;
  readonly instalments: readonly { readonly dueOn: Day; readonly minor: bigint }[];
  /** What was open of its documents when it was made. */
  readonly openThen: bigint;
  endedOn: Day | null;
};

/** A step that an item was really sent, or that a person confirmed. */
export type TrueStep = { readonly step: number; readonly offset: number; readonly scenario: string; readonly on: Day; readonly reachedAt: number };

/** A debtor as it really is. */
export type TrueDebtor = {
  readonly tenant: string; readonly code: string; readonly kind: CustomerKind; readonly place: Place;
  email: string | null;
  /** Every address it ever had: what is sent to another is sent to a stranger. */
  readonly emails: Set<string>;
  refused: boolean;
  readonly dead: Set<string>;
  /** A mail server said that there is no such mailbox: whether the program knows yet depends on when its answer was written down. */
  unreachable: boolean;
  readonly items: Map<string, TrueItem>;
  readonly credits: Map<string, { readonly currency: Currency; left: bigint }>;
  readonly holds: TrueHold[];
  /** Contacts that reached it or may have, whoever made them. */
  readonly contacts: { readonly on: Day; readonly what: string; readonly claimedAt?: number; readonly reachedAt?: number }[];
  readonly steps: Map<string, TrueStep[]>;
};

/** Easter Sundays of the years that seeds are played in (any church calendar). */
const EASTER: Readonly<Record<string, Day>> = { 2026: day('2026-04-05'), 2027: day('2027-03-28'), 2028: day('2028-04-16') };
const FIXED = new Set(['01-01', '05-01', '05-08', '07-14', '08-15', '11-01', '11-11', '12-25']);
const REGIONAL: Readonly<Record<string, readonly string[]>> = { 57: ['12-26'], 67: ['12-26'], 68: ['12-26'], 971: ['05-27'], 972: ['05-22'], 973: ['06-10'], 974: ['12-20'], 976: ['04-27'] };

/** Whether a day is a public holiday of a place; written apart from the program's own calendar. Only France keeps one there. */
export function isHoliday(place: Place, on: Day): boolean {
  if (place.country !== 'FR') return false;
  const easter = EASTER[on.slice(0, 4)];
  if (easter === undefined) throw new Error(`no Easter known for ${on}`);
  const code = place.postalCode ?? '';
  const date = on.slice(5);
  if (FIXED.has(date) || [1, 39, 50].some((after) => addDays(easter, after) === on)) return true;
  const alsace = ['57', '67', '68'].includes(code.slice(0, 2));
  return (alsace && addDays(easter, -2) === on) || [code.slice(0, 2), code.slice(0, 3)].some((region) => REGIONAL[region]?.includes(date) === true);
}

const ZONES: Readonly<Record<string, string>> = { 971: 'America/Guadeloupe', 974: 'Indian/Reunion', 987: 'Pacific/Tahiti' };
const clocks = new Map<string, Intl.DateTimeFormat>();

/** The day and minute at a place, by the machine's own tables of time zones. */
export function timeAt(place: Place, ms: number): { day: Day; minute: number } {
  const zone = (place.country === 'FR' ? ZONES[(place.postalCode ?? '').slice(0, 3)] : undefined) ?? 'Europe/Paris';
  let clock = clocks.get(zone);
  if (clock === undefined) {
    clock = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
    clocks.set(zone, clock);
  }
  const text = clock.format(ms);
  return { day: day(text.slice(0, 10)), minute: Number(text.slice(11, 13)) * 60 + Number(text.slice(14, 16)) };
}

/** Working days of grace after a promise or an instalment. */
export const GRACE = 2;

/** The last day of something promised for a day: so many working days of the debtor's place later. Written apart from the program's own. */
export function graceEnd(until: Day, place: Place): Day {
  let last = until;
  let left = GRACE;
  while (left > 0) {
    last = addDays(last, 1);
    if (weekday(last) < 6 && !isHoliday(place, last)) left -= 1;
  }
  return last;
}

const about = (hold: TrueHold, document: string): boolean => hold.documents === null || hold.documents.includes(document);
const standing = (hold: TrueHold, today: Day): boolean => hold.from <= today && (hold.endedOn === null || hold.endedOn > today);

/** What came in on the documents of a hold since it was made, up to a day. */
function since(debtor: TrueDebtor, hold: TrueHold, day: Day): bigint {
  let open = 0n;
  for (const document of hold.documents ?? [...debtor.items.keys()]) {
    const item = debtor.items.get(document);
    if (item === undefined) continue;
    open += item.amount - item.received.reduce((sum, { on, amount }) => (on <= day ? sum + amount : sum), 0n);
  }
  const came = hold.openThen - open;
  return came > 0n ? came : 0n;
}

/** Whether a plan is kept: no instalment is unpaid after its grace, then or now. */
function planKept(debtor: TrueDebtor, hold: TrueHold, today: Day): boolean {
  let due = 0n;
  for (const { dueOn, minor } of hold.instalments) {
    due += minor;
    const last = graceEnd(dueOn, debtor.place);
    const held = since(debtor, hold, last < today ? last : today);
    const now = since(debtor, hold, today);
    if (today > last && (held < now ? held : now) < due) return false;
  }
  return due > since(debtor, hold, today);
}

/** What is open of an item by what counts on a day: a clock that went back sees the ledger as of the day it shows. */
export const openOn = (item: TrueItem, today: Day): bigint => item.received.reduce((left, { on, amount }) => (on <= today ? left - amount : left), item.amount);

/** Why an item must not be asked for on a day, by what is really so; null: it may. */
export function mustNotAsk(debtor: TrueDebtor, item: TrueItem, today: Day): string | null {
  const open = openOn(item, today);
  if (open <= 0n) return 'A1 it is paid';
  for (const hold of debtor.holds) {
    if (!standing(hold, today) || !about(hold, item.document)) continue;
    if (hold.kind === 'insolvency') return 'A6 the debtor is insolvent';
    if (hold.kind === 'pause' && (hold.until === null || today <= hold.until)) return 'A3 it is paused';
    if (hold.kind === 'plan' && planKept(debtor, hold, today)) return 'A5 a plan covers it';
    if (hold.kind === 'promise' && hold.until !== null && today <= graceEnd(hold.until, debtor.place) && since(debtor, hold, today) < hold.openThen) return 'A4 a promise covers it';
  }
  return disputed(debtor, item, today) >= open ? 'A2 it is disputed' : null;
}

/** The part of an item that is disputed on a day. */
export function disputed(debtor: TrueDebtor, item: TrueItem, today: Day): bigint {
  const open = openOn(item, today);
  let part = 0n;
  for (const hold of debtor.holds) if (hold.kind === 'dispute' && standing(hold, today) && about(hold, item.document)) part += hold.amount ?? open;
  return part < open ? part : open;
}

/** What may be asked for of overdue items in a currency on a day. */
export function askable(debtor: TrueDebtor, currency: Currency, today: Day): bigint {
  let sum = 0n;
  for (const item of debtor.items.values()) {
    if (item.currency === currency && item.dueOn < today && mustNotAsk(debtor, item, today) === null) sum += openOn(item, today) - disputed(debtor, item, today);
  }
  return sum;
}

/** Credits of a debtor that nobody has set against anything. */
export function credits(debtor: TrueDebtor, currency: Currency): bigint {
  let sum = 0n;
  for (const credit of debtor.credits.values()) if (credit.currency === currency) sum += credit.left;
  return sum;
}

/** Whether nothing has been agreed, disputed or returned about an item, and no loose credit came, since a day. */
export function wasFree(debtor: TrueDebtor, item: TrueItem, since: Day): boolean {
  const quiet = debtor.holds.every((hold) => !about(hold, item.document) || (hold.endedOn ?? hold.until ?? hold.instalments.at(-1)?.dueOn ?? '9999-12-31') < since);
  return quiet && item.received.length === 0 && debtor.credits.size === 0;
}
