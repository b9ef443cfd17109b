import type { Currency } from '#core/kernel/currency.ts';
import type { Random } from '#core/kernel/random.ts';
import type { Terms } from '#core/ledger/terms.ts';
import { simulateCustomers } from './customer.ts';
import type { SimCustomer } from './customer.ts';
import { logNormal, streamOf } from './draws.ts';
import { coreWords, ibanOf, madeUpName, nameAtBank, tellsName } from './statement-names.ts';

/** An account somebody pays from, with the holder's name as its bank writes it. */
export type PayingAccount = { readonly iban: string; readonly holder: string };

/** A customer as its bank lines show it. */
export type StatementCustomer = {
  readonly code: string;
  readonly name: string;
  readonly siren: string;
  readonly currency: Currency;
  readonly terms: Terms;
  /** Accounts our file knows: those we debit, and a few others. */
  readonly ibansOnFile: readonly string[];
  /** Companies that pay for one another share it. */
  readonly group: string | null;
  readonly accounts: readonly PayingAccount[];
  /** The name at its bank tells who it is, and no other customer is called so. */
  readonly isToldByName: boolean;
  /** The account is of many customers (a public accountant's office pays for every public body of its department). */
  readonly hasSharedAccount: boolean;
  readonly debited: boolean;
  /** The same amount every time; null when each job has its own. */
  readonly subscription: bigint | null;
  readonly medianAmount: number;
  readonly discountOffered: boolean;
  /** Its way of writing, which its program or its accountant keeps. */
  readonly sentence: number;
  readonly spelling: number;
};

const STREAM = 3_000_000;
/** Companies of one name in two legal forms (a firm and its holding): few of a customer file. */
const NAMESAKE_CHANCE = 0.02;
/** The account is in a name that the customer file does not have: a holding, a trade name. */
const ALIAS_CHANCE = 0.05;
const TWO_ACCOUNTS_CHANCE = 0.12;
const ON_FILE_CHANCE = 0.1;
const SUBSCRIPTION_CHANCE = 0.15;
const DISCOUNT_CHANCE = 0.4;
/** Share of firms that belong to a group of two to four. */
const GROUPED_CHANCE = 0.1;
const TREASURIES = ['DRFIP PAYS DE LA LOIRE', 'DDFIP 35 PAIERIE DEPARTEMENTALE', 'SGC VALMIRANDE TRESORERIE'] as const;
/** Ways of writing a remittance, and of spelling a number; more than any one file has. */
const WAYS = 10;

/** The customers of a statement: those of the simulated company of the same seed, with banks, groups and habits of writing. */
export function statementCustomers(seed: number, count: number): StatementCustomer[] {
  const random = streamOf(seed, STREAM);
  const treasuries = TREASURIES.map((holder): PayingAccount => ({ iban: ibanOf(random), holder }));
  const names = distinctNames(random, simulateCustomers(seed, count));
  const namesakes = Map.groupBy(names, ({ name }) => coreWords(name).join(' '));
  const customers: StatementCustomer[] = [];
  let group = { id: '', left: 0 };
  for (const { customer, name } of names) {
    if (group.left === 0 && customer.kind === 'business' && random.chance(GROUPED_CHANCE / 2)) group = { id: `G${customer.number}`, left: random.between(2, 4) };
    const grouped = group.left > 0 && customer.kind === 'business';
    if (grouped) group = { id: group.id, left: group.left - 1 };
    const alone = namesakes.get(coreWords(name).join(' '))?.length === 1;
    customers.push(withHabits(random, { customer, name, alone, group: grouped ? group.id : null, treasury: customer.kind === 'public' ? random.pick(treasuries) : null }));
  }
  return customers;
}

type Named = { readonly customer: SimCustomer; readonly name: string };

/** Company simulations repeat names, which a customer file hardly does: a repeated one gets another surname. */
function distinctNames(random: Random, customers: readonly SimCustomer[]): Named[] {
  const taken = new Set<string>();
  return customers.map((customer) => {
    let name = customer.name;
    while (taken.has(coreWords(name).join(' ')) && !random.chance(NAMESAKE_CHANCE)) name = renamed(random, customer);
    taken.add(coreWords(name).join(' '));
    return { customer, name };
  });
}

function renamed(random: Random, { kind, temperament, name }: SimCustomer): string {
  const words = name.split(' ');
  const at = temperament === 'foreign' ? 0 : kind === 'business' ? 1 : words.length - 1;
  return words.with(at, madeUpName(random)).join(' ');
}

type Drawn = Named & { readonly alone: boolean; readonly group: string | null; readonly treasury: PayingAccount | null };

function withHabits(random: Random, { customer, name, alone, group, treasury }: Drawn): StatementCustomer {
  const alias = random.chance(ALIAS_CHANCE);
  const holder = nameAtBank(random, alias ? `${madeUpName(random)} Holding` : name);
  const own = Array.from({ length: random.chance(TWO_ACCOUNTS_CHANCE) ? 2 : 1 }, () => ({ iban: ibanOf(random), holder }));
  const accounts = treasury === null ? own : [treasury];
  const debited = customer.means === 'directDebit';
  const medianAmount = customer.medianAmount;
  return {
    code: customer.code, name, siren: customer.siren, currency: customer.currency, terms: customer.terms, group, accounts, debited, medianAmount,
    ibansOnFile: debited || (treasury === null && random.chance(ON_FILE_CHANCE)) ? own.slice(0, 1).map((one) => one.iban) : [],
    isToldByName: treasury === null && alone && tellsName(holder, name),
    hasSharedAccount: treasury !== null,
    subscription: random.chance(SUBSCRIPTION_CHANCE) ? BigInt(Math.round(logNormal(random, medianAmount, 0.3) / 100) * 120) : null,
    discountOffered: random.chance(DISCOUNT_CHANCE),
    sentence: random.between(0, WAYS - 1),
    spelling: random.between(0, WAYS - 1),
  };
}
