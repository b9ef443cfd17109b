import { day } from '../../kernel/day.ts';
import type { CustomerId, ItemId } from '../../kernel/id.ts';
import { parseId } from '../../kernel/id.ts';
import { parseDecimal } from '../../kernel/money.ts';
import { buildMatcher } from '../matcher.ts';
import type { Candidate, Incoming, KnownCustomer, LineRule, MatchingFacts, MatchingRules, OpenCredit, OpenDebit, Proposal } from '../matching.ts';
import { NO_MEMORY } from '../memory.ts';
import { STANDARD_RULES } from '../rules.ts';

/** The day money comes in unless a test says otherwise. */
export const BOOKED_ON = day('2026-06-17');

const id = <Kind extends string>(number: number): ReturnType<typeof mustId<Kind>> => mustId<Kind>(number);

function mustId<Kind extends string>(number: number): NonNullable<ReturnType<typeof parseId<Kind>>> {
  const parsed = parseId<Kind>(String(number));
  if (parsed === null) throw new Error(`not an id: ${number}`);
  return parsed;
}

/** Customer and item ids by number. */
export const customerId = (number: number): CustomerId => id<'customer'>(number);
export const itemId = (number: number): ItemId => id<'item'>(number);

/** Euro cents of "1000" or "45.50". */
export function cents(text: string): bigint {
  const parsed = parseDecimal(text, 'EUR');
  if (parsed === null) throw new Error(`not an amount: ${text}`);
  return parsed.minor;
}

/** A debit of customer 1 of so many euros, due at the end of May 2026. */
export function debit(item: number, amount: string, more: Partial<OpenDebit> = {}): OpenDebit {
  const whole = cents(amount);
  return {
    item: itemId(item), customer: customerId(1), document: `FA2026-${String(item).padStart(4, '0')}`, kind: 'invoice', currency: 'EUR', open: whole, amount: whole,
    issuedOn: day('2026-05-01'), dueOn: day('2026-05-31'), references: [], discount: null, ...more,
  };
}

/** A credit note of customer 1. */
export const credit = (item: number, amount: string, more: Partial<OpenCredit> = {}): OpenCredit =>
  ({ item: itemId(item), customer: customerId(1), document: `AV2026-${String(item).padStart(4, '0')}`, kind: 'creditNote', currency: 'EUR', open: cents(amount), issuedOn: day('2026-05-02'), ...more });

/** A customer with a name, a code and nothing else. */
export const customer = (number: number, name: string, more: Partial<KnownCustomer> = {}): KnownCustomer =>
  ({ id: customerId(number), code: `C${String(number).padStart(4, '0')}`, name, siren: null, ibans: [], group: null, ...more });

/** A transfer of so many euros with a text, from nobody known. */
export function incoming(amount: string, text = '', more: Partial<Omit<Incoming, 'payer' | 'references'>> & { payer?: Partial<Incoming['payer']>; references?: Partial<Incoming['references']> } = {}): Incoming {
  const { payer, references, ...rest } = more;
  return {
    id: 'line', source: 'bankLine', item: null, bookedOn: BOOKED_ON, minor: cents(amount), currency: 'EUR', customer: null, text, ...rest,
    payer: { name: null, iban: null, ultimateName: null, ...payer },
    references: { endToEndId: null, creditorReference: null, mandateId: null, documents: [], ...references },
  };
}

/** An IBAN of customer 1 in the tests. */
export const IBAN_OF_ONE = 'FR7630006000011234567890189';

/** Customer 1 alone, with a known IBAN. */
export const ONE_CUSTOMER: readonly KnownCustomer[] = [customer(1, 'Haddock Marine SARL', { ibans: [IBAN_OF_ONE] })];

/** Facts with defaults. */
export const facts = (given: Partial<MatchingFacts>): MatchingFacts => ({ debits: [], credits: [], customers: ONE_CUSTOMER, memory: NO_MEMORY, ...given });

/** Rules with defaults: 1 % and 5.00 EUR, confidence 90. */
export const rules = (given: Partial<MatchingRules> = {}): MatchingRules => ({ ...STANDARD_RULES, ...given });

/** A tolerance in percent with a cap in euros. */
export const tolerance = (percent: bigint, cap: string, denominator = 100n): MatchingRules['tolerance'] => ({ percent: { numerator: percent, denominator }, capMinor: () => cents(cap) });

/** A rule about lines, with an empty filter unless given. */
export const lineRule = (name: string, outcome: LineRule['outcome'], when: Partial<LineRule['when']> = {}): LineRule =>
  ({ name, outcome, when: { amountFrom: null, amountTo: null, currency: null, words: [], without: [], ...when } });

/** What is proposed for one amount. */
export const proposed = (given: Partial<MatchingFacts>, line: Incoming, some: Partial<MatchingRules> = {}): Proposal => buildMatcher(facts(given), rules(some)).propose(line);

/** A candidate in a line: "1:100.00 2:50.00 -3:10.00 left 5.00 writeOff 1.00 bankFees". */
export function told(candidate: Candidate | null | undefined): string {
  if (candidate === null || candidate === undefined) return '';
  const euros = (minor: bigint): string => `${minor / 100n}.${String(minor % 100n).padStart(2, '0')}`;
  return [
    ...candidate.parts.map(({ item, minor }) => `${item}:${euros(minor)}`), ...candidate.credits.map(({ item, minor }) => `-${item}:${euros(minor)}`),
    ...(candidate.left > 0n ? [`left ${euros(candidate.left)}`] : []), ...(candidate.writeOff === null ? [] : [`writeOff ${euros(candidate.writeOff.minor)} ${candidate.writeOff.reason}`]),
  ].join(' ');
}
