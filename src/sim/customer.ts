import type { CustomerKind } from '#core/dunning/facts.ts';
import type { Currency } from '#core/kernel/currency.ts';
import type { Random } from '#core/kernel/random.ts';
import { must } from '#core/kernel/result.ts';
import type { Language } from '#core/kernel/text.ts';
import { parseTerms } from '#core/ledger/terms.ts';
import type { Terms } from '#core/ledger/terms.ts';
import { logNormal, normal, streamOf, weighted } from './draws.ts';
import { domainOf, firmName, foreignName, foreignTown, frenchTown, personName, publicName, street } from './names.ts';
import type { ForeignCountry, Town } from './names.ts';

/** How a customer pays, whatever else happens. */
export type Temperament = 'early' | 'onTime' | 'late' | 'payRuns' | 'partPayer' | 'disputer' | 'vanishing' | 'publicBuyer' | 'consumer' | 'foreign';

/** How its money comes. */
export type Means = 'transfer' | 'directDebit' | 'cheque' | 'card';

/** A customer of the simulated company: who it is, and how it behaves. */
export type SimCustomer = {
  readonly number: number;
  readonly code: string;
  readonly name: string;
  readonly kind: CustomerKind;
  readonly language: Language;
  readonly siren: string;
  readonly email: string;
  readonly phone: string;
  readonly contactName: string;
  readonly street: string;
  readonly town: Town | null;
  /** As a person writes them ("45 jours fin de mois"); '' when the file says nothing and the standard terms apply. */
  readonly termsText: string;
  readonly terms: Terms;
  readonly currency: Currency;
  readonly temperament: Temperament;
  readonly means: Means;
  /** Invoiced once a month on its last working day rather than after each job. */
  readonly monthly: boolean;
  /** Invoices a month, on average over the year. */
  readonly invoicesPerMonth: number;
  /** Median of an invoice before tax, in minor units. */
  readonly medianAmount: number;
  /** Days after the due date this customer pays on average, before anything goes wrong. */
  readonly habitDays: number;
  /** Days of the month of its payment runs; empty when it pays each invoice on its own. */
  readonly runDays: readonly number[];
};

const SHARES: Readonly<Record<Temperament, number>> = {
  early: 12, onTime: 24, late: 14, payRuns: 30, partPayer: 4, disputer: 3, vanishing: 3, publicBuyer: 4, consumer: 3, foreign: 3,
};
const TERMS_SHARES = {
  '30 jours': 40, '45 jours fin de mois': 20, '30 jours fin de mois': 12, '60 jours': 12, '30 jours fin de mois le 10': 5, '15 jours': 5, '': 6,
} as const;
/** Terms of a firm that names none (the statutory 30 days). */
const STANDARD_TERMS = '30 jours';
const CURRENCIES = { GB: 'GBP', US: 'USD', BE: 'EUR', DE: 'EUR' } as const satisfies Record<ForeignCountry, Currency>;
const COUNTRY_SHARES: Readonly<Record<ForeignCountry, number>> = { GB: 3, US: 3, BE: 2, DE: 2 };
const RUN_CALENDARS: readonly (readonly number[])[] = [[10, 25], [5, 15, 25], [15], [30], [1, 15]];

/** Median invoice of a median customer before tax, minor units: 950.00. */
const MEDIAN_AMOUNT = 95_000;
const AMOUNT_DEVIATION = 0.9;
const MEDIAN_INVOICES_PER_MONTH = 0.9;
const INVOICES_DEVIATION = 0.8;
/** No customer is invoiced more than every working day. */
const INVOICES_PER_MONTH_MAX = 20;
/** SIREN that no register ever gave: "000", five digits, and their check digit. */
const SIREN_NUMBERS_MAX = 99_999;

/** The customers of a company, each drawn from its own stream: the first ten of a hundred are the ten of a company of ten. */
export function simulateCustomers(seed: number, count: number): SimCustomer[] {
  return Array.from({ length: count }, (_, index) => customerOf(streamOf(seed, index), index + 1));
}

function customerOf(random: Random, number: number): SimCustomer {
  const temperament = weighted(random, SHARES);
  const country = temperament === 'foreign' ? weighted(random, COUNTRY_SHARES) : null;
  const who = identityOf(random, { temperament, number, country });
  const termsText = temperament === 'consumer' ? 'comptant' : temperament === 'publicBuyer' || country !== null ? STANDARD_TERMS : weighted(random, TERMS_SHARES);
  return {
    number,
    code: `C${String(number).padStart(5, '0')}`,
    ...who,
    termsText,
    terms: must(parseTerms(termsText === '' ? STANDARD_TERMS : termsText)),
    currency: country === null ? 'EUR' : CURRENCIES[country],
    temperament,
    means: meansOf(random, temperament),
    monthly: temperament !== 'consumer' && random.chance(0.45),
    invoicesPerMonth: Math.min(logNormal(random, temperament === 'consumer' ? 0.3 : MEDIAN_INVOICES_PER_MONTH, INVOICES_DEVIATION), INVOICES_PER_MONTH_MAX),
    medianAmount: logNormal(random, temperament === 'consumer' ? MEDIAN_AMOUNT / 4 : MEDIAN_AMOUNT, AMOUNT_DEVIATION),
    habitDays: habitOf(random, temperament),
    runDays: temperament === 'payRuns' || temperament === 'publicBuyer' ? random.pick(RUN_CALENDARS) : [],
  };
}

type Identity = Pick<SimCustomer, 'name' | 'kind' | 'language' | 'siren' | 'email' | 'phone' | 'contactName' | 'street' | 'town'>;

function identityOf(random: Random, of: { temperament: Temperament; number: number; country: ForeignCountry | null }): Identity {
  const { temperament, number, country } = of;
  const consumer = temperament === 'consumer';
  const name = country !== null ? foreignName(random, country) : temperament === 'publicBuyer' ? publicName(random) : consumer ? personName(random) : firmName(random);
  const mailbox = consumer ? 'contact' : random.pick(['compta', 'comptabilite', 'fournisseurs', 'facturation', 'contact']);
  const known = random.chance(0.92);
  return {
    name,
    kind: temperament === 'publicBuyer' ? 'public' : consumer ? 'consumer' : 'business',
    language: country === 'GB' || country === 'US' ? 'en' : 'fr',
    siren: country === null && !consumer ? sirenOf(number) : '',
    email: known ? `${mailbox}@${domainOf(name, number)}` : '',
    phone: random.chance(0.6) ? `01 99 00 ${String(Math.floor(number / 100) % 100).padStart(2, '0')} ${String(number % 100).padStart(2, '0')}` : '',
    contactName: consumer ? name : random.chance(0.7) ? personName(random) : '',
    street: street(random),
    town: country !== null ? foreignTown(country) : random.chance(0.95) ? frenchTown(random) : null,
  };
}

/** "000", the number in five digits and the digit that makes it pass the Luhn check; '' beyond 99,999 customers. */
export function sirenOf(number: number): string {
  if (number > SIREN_NUMBERS_MAX) return '';
  const digits = `000${String(number).padStart(5, '0')}`;
  const sum = [...digits].reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 1 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return `${digits}${(10 - (sum % 10)) % 10}`;
}

function meansOf(random: Random, temperament: Temperament): Means {
  if (temperament === 'consumer') return random.pick(['card', 'cheque', 'transfer']);
  if (temperament === 'onTime') return random.chance(0.35) ? 'directDebit' : 'transfer';
  return random.chance(0.12) ? 'cheque' : 'transfer';
}

function habitOf(random: Random, temperament: Temperament): number {
  switch (temperament) {
    case 'early': return normal(random, -6, 2);
    case 'onTime': return normal(random, -2, 1);
    case 'late': return logNormal(random, 14, 0.55);
    case 'payRuns': return normal(random, -9, 6);
    case 'partPayer': return normal(random, 8, 4);
    case 'disputer': return normal(random, 5, 3);
    case 'vanishing': return normal(random, 15, 6);
    case 'publicBuyer': return normal(random, 2, 5);
    case 'consumer': return normal(random, 1, 3);
    case 'foreign': return normal(random, 4, 5);
  }
}
