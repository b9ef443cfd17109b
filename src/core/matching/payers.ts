import type { CustomerId } from '../kernel/id.ts';
import type { Accounts } from './accounts.ts';
import { compareIds } from './accounts.ts';
import type { Evidence } from './evidence.ts';
import type { Incoming, KnownCustomer, PayerMemory, Remembered } from './matching.ts';
import { REFUSAL_POINTS_MAX, payerKeys, refusalPoints } from './memory.ts';
import type { PayerKey } from './memory.ts';
import { indexNames } from './names.ts';
import type { NameIndex } from './names.ts';
import type { Reading } from './reading.ts';

/** Somebody who may have paid. */
export type Payer = {
  readonly customer: CustomerId;
  /** True when nothing but a person's own word could be surer: chosen, a rule, an account number of one customer alone, a reference. */
  readonly certain: boolean;
  /** The text itself names the account by an RF or printed reference. */
  readonly referenced: boolean;
  /** How often this IBAN was seen to pay for this customer; 0 when known otherwise. */
  readonly times: number;
  /** Confidence of an amount of exactly one of its items. */
  readonly points: number;
  readonly evidence: readonly Evidence[];
};

/** What payers are found by. */
export type PayerIndex = { readonly accounts: Accounts; readonly ibans: ReadonlyMap<string, readonly CustomerId[]>; readonly names: NameIndex<CustomerId>; readonly memory: PayerMemory };

/** Payers thought of for one amount. */
const PAYERS_MAX = 4;

/** An account that pays for more customers than this (a factor, a payment office) tells nothing of any. */
const SHARED_MAX = 20;

const POINTS = {
  accountReference: 93, knownCustomer: 84, lineRule: 84, customerCode: 85, sirenInText: 84, iban: 82, rememberedIban: 80, rememberedLabel: 76,
  payerName: 70, nameInText: 62, sharedIban: 52, sharedLabel: 48,
} as const;
/** What a second independent sign of the same payer adds. */
const AGREEMENT_POINTS = 2;

/** Indexes the customers for `findPayers`. */
export function indexPayers(accounts: Accounts, customers: readonly KnownCustomer[], memory: PayerMemory): PayerIndex {
  const ibans = new Map<string, CustomerId[]>();
  for (const { id, ibans: known } of customers) for (const iban of new Set(known)) {
    const list = ibans.get(iban);
    if (list === undefined) ibans.set(iban, [id]);
    else list.push(id);
  }
  return { accounts, ibans, names: indexNames(customers.map(({ id, name }) => ({ value: id, name }))), memory };
}

/** Who may have paid, surest first. Names are looked at only when nothing surer is known; what fits two customers that do not pay for one another is certain for none. */
export function findPayers(index: PayerIndex, incoming: Incoming, of: { reading: Reading; byRule: { customer: CustomerId; rule: string } | null }): readonly Payer[] {
  if (incoming.customer !== null) return [payer(incoming.customer, 'knownCustomer', { name: nameOf(index, incoming.customer) })];
  if (of.byRule !== null) return [payer(of.byRule.customer, 'lineRule', { rule: of.byRule.rule })];
  const keys = payerKeys(incoming);
  const found = [...named(of.reading), ...byIban(index, incoming), ...byMemory(index, incoming, keys)];
  if (!found.some(({ certain }) => certain)) found.push(...byName(index, incoming, keys));
  return merged(found);
}

function payer(customer: CustomerId, code: keyof typeof POINTS, facts: Evidence['facts']): Payer {
  return { customer, certain: true, referenced: code === 'accountReference', times: 0, points: POINTS[code], evidence: [{ code, facts }] };
}

const nameOf = ({ accounts }: PayerIndex, customer: CustomerId): string => accounts.customer(customer)?.name ?? '';

function named({ customers }: Reading): Payer[] {
  const found = [...customers.values()].map(({ customer, code, found: text }) => payer(customer, code, { reference: text }));
  // Two customers named in one text: none is certain.
  return found.length > 1 ? found.map((one) => ({ ...one, certain: false, referenced: false, points: POINTS.nameInText })) : found;
}

const lastOfIban = (iban: string): string => iban.slice(-4);

function byIban(index: PayerIndex, { payer: { iban } }: Incoming): Payer[] {
  if (iban === null) return [];
  const bearers = index.ibans.get(iban) ?? [];
  if (bearers.length > SHARED_MAX) return [];
  const shared = !oneParty(index, bearers);
  return [...bearers].sort(compareIds).map((customer) => (shared ? doubtful(customer, 'sharedIban', { iban: lastOfIban(iban), customers: bearers.length }) : payer(customer, 'iban', { iban: lastOfIban(iban) })));
}

const oneParty = ({ accounts }: PayerIndex, customers: readonly CustomerId[]): boolean => new Set(customers.map((customer) => accounts.partyOf(customer))).size <= 1;

const doubtful = (customer: CustomerId, code: 'sharedIban' | 'sharedLabel', facts: Evidence['facts']): Payer => ({ ...payer(customer, code, facts), certain: false });

function byMemory(index: PayerIndex, incoming: Incoming, keys: readonly PayerKey[]): Payer[] {
  return keys.flatMap((key) => {
    const all = key.kind === 'iban' ? index.memory.ibans.get(key.key) : index.memory.labels.get(key.key);
    const remembered = (all ?? []).filter(({ times }) => times > 0);
    if (remembered.length > SHARED_MAX) return [];
    const shared = !oneParty(index, remembered.map(({ customer }) => customer));
    return [...remembered].sort((a, b) => b.times - a.times || compareIds(a.customer, b.customer)).flatMap((one) => recall(index, incoming, { key, one, shared }));
  });
}

function recall(index: PayerIndex, { bookedOn }: Incoming, of: { key: PayerKey; one: Remembered; shared: boolean }): Payer[] {
  const { customer, times } = of.one;
  const points = refusalPoints(index.memory, { payer: of.key, customer, on: bookedOn });
  if (points >= REFUSAL_POINTS_MAX) return [];
  const facts = of.key.kind === 'iban' ? { iban: lastOfIban(of.key.key), times } : { label: of.key.key, times };
  const known = of.shared ? doubtful(customer, of.key.kind === 'iban' ? 'sharedIban' : 'sharedLabel', facts) : payer(customer, of.key.kind === 'iban' ? 'rememberedIban' : 'rememberedLabel', facts);
  const seen = { ...known, times: of.key.kind === 'iban' && !of.shared ? times : 0 };
  return [points === 0 ? seen : lessened(seen, points)];
}

const lessened = (one: Payer, points: number): Payer => ({ ...one, certain: false, times: 0, points: one.points - points, evidence: [...one.evidence, { code: 'refusedBefore', facts: { points } }] });

function byName(index: PayerIndex, incoming: Incoming, keys: readonly PayerKey[]): Payer[] {
  const { name, ultimateName } = incoming.payer;
  for (const text of [ultimateName, name]) {
    const customer = text === null ? null : index.names.bearerOf(text);
    if (customer !== null) return guessed(index, incoming, { customer, code: 'payerName', keys });
  }
  const customer = index.names.bearerIn(`${name ?? ''} ${ultimateName ?? ''} ${incoming.text}`);
  return customer === null ? [] : guessed(index, incoming, { customer, code: 'nameInText', keys });
}

function guessed(index: PayerIndex, incoming: Incoming, of: { customer: CustomerId; code: 'payerName' | 'nameInText'; keys: readonly PayerKey[] }): Payer[] {
  const points = Math.max(0, ...of.keys.map((key) => refusalPoints(index.memory, { payer: key, customer: of.customer, on: incoming.bookedOn })));
  if (points >= REFUSAL_POINTS_MAX) return [];
  const one = { ...payer(of.customer, of.code, { name: nameOf(index, of.customer) }), certain: false };
  return [points === 0 ? one : lessened(one, points)];
}

/** One payer for each customer, with all that speaks for it. */
function merged(found: readonly Payer[]): readonly Payer[] {
  if (found.length < 2) return found;
  const byCustomer = Map.groupBy(found, ({ customer }) => customer);
  const payers = [...byCustomer.values()].flatMap((list) => {
    const [first, ...rest] = [...list].sort((a, b) => b.points - a.points);
    if (first === undefined) return [];
    const all = [first, ...rest];
    return [{
      ...first, certain: all.some(({ certain }) => certain), referenced: all.some(({ referenced }) => referenced), times: Math.max(...all.map(({ times }) => times)),
      points: Math.min(POINTS.accountReference + AGREEMENT_POINTS, first.points + AGREEMENT_POINTS * rest.length), evidence: all.flatMap(({ evidence }) => evidence),
    }];
  });
  return payers.sort((a, b) => b.points - a.points || compareIds(a.customer, b.customer)).slice(0, PAYERS_MAX);
}
