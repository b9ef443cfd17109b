import type { Day } from '../kernel/day.ts';
import { daysBetween } from '../kernel/day.ts';
import type { CustomerId } from '../kernel/id.ts';
import type { Incoming, PayerMemory, Refused, Remembered } from './matching.ts';
import { nameKey } from './names.ts';
import { compactOf } from './segments.ts';

/** What a payer is recognised by: kinds and texts of the keys of `PayerMemory`. */
export type PayerKey = { readonly kind: 'iban' | 'label'; readonly key: string };

/** A new value of the memory for one key and customer; `times` 0 and null take it out. Whoever stores the memory writes these. */
export type MemoryChange =
  | { readonly kind: 'iban' | 'label'; readonly key: string; readonly customer: CustomerId; readonly times: number }
  | { readonly kind: 'refused'; readonly key: string; readonly refused: Refused | null };

/** Seen more often than this says no more. */
const TIMES_MAX = 1000;
/** A refusal weighs half as much after so many days: payers change accountants and habits. */
const REFUSAL_HALF_LIFE_DAYS = 180;
/** Points of confidence that one fresh refusal takes. */
const REFUSAL_POINTS = 24;
/** A payer that was refused so much is not thought of any more until it fades. */
export const REFUSAL_POINTS_MAX = 48;
/** A name key is cut here: what is stored stays short. */
const LABEL_CHARS_MAX = 120;

/** Nothing learnt yet. */
export const NO_MEMORY: PayerMemory = { ibans: new Map(), labels: new Map(), refused: new Map() };

/** The keys by which an incoming amount's payer is remembered, surest first: its IBAN, its mandate, its name, the name of the party behind it. */
export function payerKeys({ payer, references }: Pick<Incoming, 'payer' | 'references'>): PayerKey[] {
  const keys: PayerKey[] = [];
  const add = (kind: PayerKey['kind'], key: string): void => {
    if (key !== '' && !keys.some((known) => known.kind === kind && known.key === key)) keys.push({ kind, key: key.slice(0, LABEL_CHARS_MAX) });
  };
  if (payer.iban !== null) add('iban', compactOf(payer.iban).toUpperCase());
  const mandate = references.mandateId === null ? '' : compactOf(references.mandateId);
  if (mandate !== '') add('label', `mandate ${mandate}`);
  for (const name of [payer.ultimateName, payer.name]) if (name !== null) add('label', nameKey(name));
  return keys;
}

/** Key of `PayerMemory.refused`. */
export const refusalKey = (payer: PayerKey, customer: CustomerId): string => `${payer.kind} ${payer.key} ${customer}`;

/** Points of confidence that refusals take from a payer's standing for a customer on a day, 0 to `REFUSAL_POINTS_MAX`; half every 180 days. */
export function refusalPoints(memory: PayerMemory, of: { payer: PayerKey; customer: CustomerId; on: Day }): number {
  const refused = memory.refused.get(refusalKey(of.payer, of.customer));
  if (refused === undefined) return 0;
  const halvings = Math.floor(Math.max(0, daysBetween(refused.lastOn, of.on)) / REFUSAL_HALF_LIFE_DAYS);
  return Math.min(REFUSAL_POINTS_MAX, Math.floor((REFUSAL_POINTS * refused.times) / 2 ** halvings));
}

const listOf = (memory: PayerMemory, { kind, key }: PayerKey): readonly Remembered[] => (kind === 'iban' ? memory.ibans : memory.labels).get(key) ?? [];

const timesOf = (memory: PayerMemory, payer: PayerKey, customer: CustomerId): number => listOf(memory, payer).find((one) => one.customer === customer)?.times ?? 0;

/** A person accepted, or named text proved, that this payer pays for the customer: once more seen, and no longer refused. */
export function accepted(memory: PayerMemory, keys: readonly PayerKey[], customer: CustomerId): MemoryChange[] {
  return keys.flatMap((payer): MemoryChange[] => {
    const refused = refusalKey(payer, customer);
    const seen: MemoryChange = { ...payer, customer, times: Math.min(TIMES_MAX, timesOf(memory, payer, customer) + 1) };
    return memory.refused.has(refused) ? [seen, { kind: 'refused', key: refused, refused: null }] : [seen];
  });
}

/** A person said that a proposed customer is not the one: what was remembered of the pair halves, and it counts as refused for a while. */
export function refused(memory: PayerMemory, keys: readonly PayerKey[], of: { customer: CustomerId; on: Day }): MemoryChange[] {
  return keys.flatMap((payer): MemoryChange[] => {
    const key = refusalKey(payer, of.customer);
    const times = timesOf(memory, payer, of.customer);
    const known = memory.refused.get(key);
    const noted: MemoryChange = { kind: 'refused', key, refused: { times: Math.min(TIMES_MAX, (known?.times ?? 0) + 1), lastOn: of.on } };
    return times === 0 ? [noted] : [noted, { ...payer, customer: of.customer, times: Math.floor(times / 2) }];
  });
}

/** A match was changed by hand from one customer to another: the first pair weakens, the second one strengthens. */
export function corrected(memory: PayerMemory, keys: readonly PayerKey[], of: { from: CustomerId; to: CustomerId; on: Day }): MemoryChange[] {
  if (of.from === of.to) return accepted(memory, keys, of.to);
  return [...refused(memory, keys, { customer: of.from, on: of.on }), ...accepted(memory, keys, of.to)];
}

/** The memory after some changes; the one given stays as it was. */
export function withChanges(memory: PayerMemory, changes: readonly MemoryChange[]): PayerMemory {
  const ibans = new Map(memory.ibans);
  const labels = new Map(memory.labels);
  const refusals = new Map(memory.refused);
  for (const change of changes) {
    if (change.kind === 'refused') {
      if (change.refused === null) refusals.delete(change.key);
      else refusals.set(change.key, change.refused);
      continue;
    }
    const lists = change.kind === 'iban' ? ibans : labels;
    const others = (lists.get(change.key) ?? []).filter(({ customer }) => customer !== change.customer);
    const list = change.times > 0 ? [...others, { customer: change.customer, times: change.times }] : others;
    if (list.length === 0) lists.delete(change.key);
    else lists.set(change.key, list);
  }
  return { ibans, labels, refused: refusals };
}
