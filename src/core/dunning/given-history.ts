import type { Random } from '../kernel/random.ts';
import { addDays, day } from '../kernel/day.ts';
import type { Day } from '../kernel/day.ts';
import { givenContact, givenId, givenPolicy } from './given.ts';
import { ALWAYS } from './history.ts';
import type { AccountHistory, AllocationHistory, Ground, HoldHistory, ItemHistory, Moment } from './history.ts';
import { FIRM_SCENARIO, GENTLE_SCENARIO, STANDARD_SCENARIO } from './ready-scenarios.ts';
import type { ReplayDay } from './replay.ts';
import type { ScenarioVersion } from './scenario.ts';

/** The first day of an example history, a Monday. */
export const HISTORY_FROM = day('2026-01-05');
const DAY_MS = 86_400_000;
const CLOSED: readonly Day[] = [addDays(HISTORY_FROM, 80)];

/** The instant at noon of a day counted from the first. */
export const noonOf = (place: number): number => Date.parse(`${HISTORY_FROM}T12:00:00.000Z`) + place * DAY_MS;

/** Evening of each day: everything of the day is known. */
export const momentOf = (place: number): Moment => ({ today: addDays(HISTORY_FROM, place), at: noonOf(place) + 6 * 3_600_000 });

const VERSIONS: readonly ScenarioVersion[] = [
  STANDARD_SCENARIO, { ...FIRM_SCENARIO, thankYou: { template: 'thankYou', channel: 'email', contactRoles: ['accountsPayable'], onlyWhenReminded: true } }, GENTLE_SCENARIO,
  { ...STANDARD_SCENARIO, scope: 'item', graceDays: 3, entry: 'byAge' },
  {
    ...STANDARD_SCENARIO, entry: 'first',
    steps: STANDARD_SCENARIO.steps.map((step) => (step.number === 3 ? { ...step, anchor: 'previousStep', offsetDays: 6, conditions: { ageFrom: 9, ageTo: 40 } } : step.number === 2 ? { ...step, anchor: 'issueDate', offsetDays: 41 } : step)),
  },
];

/** A scenario to try, of several kinds: by account or item, with grace, other anchors, conditions, thanks. */
export const anyScenario = (random: Random): ScenarioVersion => ({ ...random.pick(VERSIONS), code: 'standard' });

/** Days of a year with the settings, freshness and rules changing now and then, as a firm lives them. */
export function anyDays(random: Random, count: number): ReplayDay[] {
  const days: ReplayDay[] = [];
  let contactCap: Ground['policy']['contactCap'] = { contacts: 3, windowDays: 7 };
  let globalStop = false;
  let assignment: Ground['assignment'] = { version: 0, rules: [] };
  const scenarios = new Map([['standard', STANDARD_SCENARIO], ['gentle', GENTLE_SCENARIO]]);
  for (let place = 0; place < count; place += 1) {
    if (random.chance(0.02)) contactCap = random.pick([null, { contacts: 1, windowDays: 9 }, { contacts: 3, windowDays: 7 }]);
    if (random.chance(globalStop ? 0.3 : 0.01)) globalStop = !globalStop;
    if (random.chance(0.01)) assignment = { version: place, rules: random.pick([[], [{ name: 'petits', scenario: 'gentle', when: { openTotals: [{ from: null, below: { minor: 60_000n, currency: 'EUR' } }] } }]]) };
    const policy = givenPolicy(addDays(HISTORY_FROM, place), { contactCap, globalStop, ledger: { ageDays: random.chance(0.05) ? 9 : 0, limitDays: 5 }, closedDays: CLOSED });
    days.push({ moment: momentOf(place), ground: { policy, scenarios, standardScenario: 'standard', assignment, holdOuts: [] }, approveEverything: random.chance(0.5) });
  }
  return days;
}

/** An account with a random past over so many days: invoices, late and reversed payments, holds of every kind, changes of contacts and due days. */
export function anyHistory(random: Random, count: number): AccountHistory {
  const items = Array.from({ length: random.between(1, 7) }, (_, index) => anyItem(random, { index, count }));
  const credits = items.flatMap(({ allocations, currency, itemId }) => allocations.filter(({ reverses }) => reverses === null).map((one) => ({
    itemId: one.credit, currency, amount: one.amount, issuedOn: addDays(one.on, -random.between(0, 4)), known: { from: one.at - random.between(0, 3) * DAY_MS, until: null },
    allocations: items.find((item) => item.itemId === itemId)?.allocations.filter(({ credit }) => credit === one.credit) ?? [],
  })));
  const contact = givenContact();
  const unreachable = givenContact({ email: null, phone: null, hasPostalAddress: false });
  const changed = noonOf(random.between(0, count));
  const bouncedAt = random.between(0, count);
  return {
    customerId: givenId(7), known: { from: ALWAYS, until: null }, inLegalCase: false,
    customer: [{ at: ALWAYS, value: { id: givenId(7), code: 'C7', name: 'Client', kind: 'business', language: 'fr', place: { country: 'FR', postalCode: '75011' }, hasPostalAddress: random.chance(0.3) } }],
    scenario: [{ at: ALWAYS, value: null }, ...(random.chance(0.2) ? [{ at: noonOf(random.between(0, count)), value: 'gentle' }] : [])], segment: [{ at: ALWAYS, value: null }],
    items, credits, holds: Array.from({ length: random.pick([0, 0, 1, 2]) }, (_, index) => anyHold(random, { index, count, items })),
    contacts: [{
      contactId: contact.contactId, known: { from: ALWAYS, until: random.chance(0.1) ? noonOf(random.between(0, count)) : null }, facts: [{ at: ALWAYS, value: random.chance(0.4) ? unreachable : contact }, { at: changed, value: random.chance(0.7) ? contact : unreachable }],
      bounced: random.chance(0.3) ? [{ from: noonOf(bouncedAt), until: noonOf(bouncedAt + random.between(5, 60)) }] : [],
    }],
    contactsMade: Array.from({ length: random.pick([0, 0, 2]) }, () => ({ channel: 'call' as const, on: addDays(HISTORY_FROM, random.between(0, count)), known: { from: ALWAYS, until: null } })),
    actions: [], bank: random.chance(0.15) ? [{ currency: 'EUR', amount: 9_000n, bookedOn: addDays(HISTORY_FROM, random.between(0, count)), announced: random.chance(0.3), known: { from: noonOf(random.between(0, count)), until: null } }] : [],
    leftHoldOuts: [],
  };
}

function anyItem(random: Random, { index, count }: { index: number; count: number }): ItemHistory {
  const issued = random.between(-40, count - 20);
  const issuedOn = addDays(HISTORY_FROM, issued);
  const amount = BigInt(random.between(5_000, 200_000));
  const learnt = noonOf(issued + random.between(0, 12));
  const paid = issued + random.between(5, 110);
  const receipt: AllocationHistory = {
    id: BigInt(index * 10 + 1), credit: givenId(900 + index), by: random.chance(0.9) ? 'receipt' : 'creditNote', amount: random.chance(0.8) ? amount : amount / 2n, on: addDays(HISTORY_FROM, paid),
    at: noonOf(paid + random.between(0, 9)), reverses: null,
  };
  const back: AllocationHistory[] = random.chance(0.15) ? [{ ...receipt, id: receipt.id + 1n, amount: -receipt.amount, on: addDays(receipt.on, 8), at: receipt.at + 9 * DAY_MS, reverses: receipt.id }] : [];
  const dueOn = addDays(issuedOn, 30);
  return {
    itemId: givenId(index + 1), document: `F-${index + 1}`, kind: 'invoice', currency: random.chance(0.9) ? 'EUR' : 'USD', amount, issuedOn, firstSeenOn: addDays(issuedOn, random.between(0, 60)), estimated: false,
    known: { from: learnt, until: random.chance(0.05) ? learnt + 60 * DAY_MS : null }, dueOn: [{ at: ALWAYS, value: dueOn }, ...(random.chance(0.1) ? [{ at: learnt + 20 * DAY_MS, value: addDays(dueOn, 15) }] : [])],
    scenario: [{ at: ALWAYS, value: null }, ...(random.chance(0.1) ? [{ at: learnt + 25 * DAY_MS, value: 'gentle' }] : [])], allocations: random.chance(0.8) ? [receipt, ...back] : [],
  };
}

function anyHold(random: Random, { index, count, items }: { index: number; count: number; items: readonly ItemHistory[] }): HoldHistory {
  const made = random.between(0, count);
  const from = addDays(HISTORY_FROM, made);
  const kind = random.pick(['dispute', 'promise', 'plan', 'pause', 'insolvency'] as const);
  const item = random.pick(items);
  const until = addDays(from, random.between(2, 25));
  const onItem = kind === 'promise' || kind === 'plan' || (kind === 'dispute' && random.chance(0.7));
  const endedOn: Day = addDays(from, random.between(3, 40));
  const half = item.amount / 2n;
  return {
    holdId: givenId(index + 1), kind, itemId: onItem && kind !== 'plan' ? item.itemId : null, from, until: kind === 'dispute' || kind === 'insolvency' ? null : until, graceDays: kind === 'promise' || kind === 'plan' ? 2 : 0,
    madeAt: noonOf(made + random.between(0, 2)), currency: item.currency, amount: [{ at: ALWAYS, value: kind === 'promise' ? item.amount : null }],
    covered: kind === 'promise' || kind === 'plan' ? [{ item: item.itemId, open: item.amount, carriedFrom: null }] : null,
    instalments: kind === 'plan' ? [{ dueOn: until, minor: half }, { dueOn: addDays(until, 20), minor: item.amount - half }] : [], accepted: kind === 'plan' ? { at: noonOf(made), value: from } : null,
    outcome: [{ at: ALWAYS, value: null }, ...(kind === 'dispute' && random.chance(0.4) ? [{ at: noonOf(made + 10), value: { outcome: 'accepted' as const, on: addDays(from, 10) } }] : [])],
    ended: [{ at: ALWAYS, value: null }, ...(random.chance(0.6) ? [{ at: noonOf(made + 5), value: endedOn }] : [])],
  };
}
