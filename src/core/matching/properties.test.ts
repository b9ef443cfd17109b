import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Currency } from '../kernel/currency.ts';
import { addDays, day } from '../kernel/day.ts';
import { buildMatcher } from './matcher.ts';
import type { Candidate, Incoming, KnownCustomer, Matcher, MatchingFacts, MatchingRules, OpenDebit, Proposal } from './matching.ts';
import { NO_MEMORY } from './memory.ts';
import { BOOKED_ON, IBAN_OF_ONE, credit, customer, customerId, debit, facts, incoming, rules } from './testing/given.ts';

type Case = { readonly facts: MatchingFacts; readonly line: Incoming };
type Propose = (given: MatchingFacts, line: Incoming, some: MatchingRules) => Proposal;

/** Few different amounts, so that sums, ties and near misses are met often. */
const anyMinor = fc.oneof(fc.constantFrom(1000n, 2000n, 3000n, 5000n, 10_000n, 20_000n), fc.bigInt({ min: 1n, max: 30_000n }), fc.constantFrom(10_000n, 15_000n, 20_000n));
const anyDebit = fc.record({ minor: anyMinor, of: fc.constantFrom(1, 1, 1, 2, 3), due: fc.integer({ min: -60, max: 30 }), dollars: fc.constantFrom(false, false, false, false, false, true), discount: fc.boolean(), shared: fc.boolean(), instalment: fc.boolean() });
const anyCredit = fc.record({ minor: fc.oneof(fc.constantFrom(100n, 500n, 1000n, 2000n), anyMinor), of: fc.constantFrom(1, 1, 1, 2, 3) });
const names = ['Haddock Marine', 'Tournesol Optique', 'Tournesol Chimie'];

const anyCase: fc.Arbitrary<Case> = fc.record({
  debits: fc.array(anyDebit, { minLength: 1, maxLength: 9 }), credits: fc.array(anyCredit, { minLength: 1, maxLength: 3 }), group: fc.boolean(), payer: fc.constantFrom('nobody', 'owner', 'owner', 'owner', 'other'),
  paid: fc.array(fc.nat(8), { minLength: 1, maxLength: 4 }), named: fc.oneof(fc.constantFrom('paid', 'paid', 'nothing', 'nothing'), fc.array(fc.nat(8), { maxLength: 3 })), amount: fc.oneof({ arbitrary: fc.constant(null), weight: 5 }, { arbitrary: anyMinor, weight: 1 }),
  off: fc.constantFrom(0n, 0n, 0n, 0n, 0n, 0n, -5n, -5n, 5n, -300n, 1000n), netted: fc.nat(2), tails: fc.boolean(), by: fc.constantFrom('iban', 'name', 'known'),
}).map((drawn) => {
  const debits = drawn.debits.map((one, at): OpenDebit => debit(at + 1, '1', {
    open: one.minor, amount: one.minor + 7n, customer: customerId(one.of), dueOn: addDays(BOOKED_ON, one.due), issuedOn: addDays(BOOKED_ON, one.due - 30), currency: one.dollars ? 'USD' : 'EUR',
    references: one.shared ? ['MEMO77'] : [], document: `FA2026-${String(one.instalment ? Math.max(1, at) : at + 1).padStart(4, '0')}`,
    discount: one.discount && one.minor > 100n ? { payable: one.minor - one.minor / 50n, until: addDays(BOOKED_ON, one.due > 0 ? 3 : -3) } : null,
  }));
  const credits = drawn.credits.map((one, at) => credit(at + 50, '1', { open: one.minor, customer: customerId(one.of) }));
  const customers = names.map((name, at) => customer(at + 1, name, { ibans: at === 0 ? [IBAN_OF_ONE] : [], group: drawn.group && at < 2 ? 'g' : null }));
  const pick = (at: number): OpenDebit | undefined => debits[at % debits.length];
  const paid = [...new Set(drawn.paid.map(pick))].filter((one) => one !== undefined);
  // At times what a credit is worth was taken off.
  const asked = drawn.amount ?? paid.reduce((total, one) => total + one.open, 0n) - (credits.filter((one) => one.customer === paid[0]?.customer)[drawn.netted]?.open ?? 0n);
  const minor = asked + drawn.off;
  const named = drawn.named === 'paid' ? paid : drawn.named === 'nothing' ? [] : drawn.named.map(pick);
  const text = named.map((one) => one?.document?.slice(drawn.tails ? -4 : 0) ?? '').join(' ');
  const who = drawn.payer === 'owner' ? Number(paid[0]?.customer ?? 1) : 1 + (Number(paid[0]?.customer ?? 1) % 3);
  const by = drawn.payer === 'nobody' ? {} : drawn.by === 'iban' && who === 1 ? { payer: { iban: IBAN_OF_ONE } } : drawn.by === 'name' ? { payer: { name: names[who - 1] ?? '' } } : { customer: customerId(who) };
  return { facts: facts({ debits, credits, customers }), line: incoming('1', text, { minor: minor > 0n ? minor : 1n, ...by }) };
});

const real: Propose = (given, line, some) => buildMatcher(given, some).propose(line);
const LOOSE = rules({ automaticFrom: 1, writeOffs: 'automatic', rememberedPayers: { times: 1 } });

const sum = (list: readonly { minor: bigint }[]): bigint => list.reduce((total, { minor }) => total + minor, 0n);
const plain = (value: unknown): string => JSON.stringify(value, (_key, one: unknown) => (typeof one === 'bigint' ? `${one}n` : one));
const doing = (candidate: Candidate): string => plain([candidate.parts.map(({ item, minor }) => `${item} ${minor}`).sort(), candidate.credits.map(({ item, minor }) => `${item} ${minor}`).sort(), candidate.left, candidate.writeOff?.minor]);
/** Decisions without the texts of amounts. */
const decision = ({ automatic, why, complete, candidates }: Proposal, scale: bigint): string => plain([
  automatic === null ? null : doing(scaledDown(automatic, scale)), why, complete, candidates.map((one) => [doing(scaledDown(one, scale)), one.confidence, one.customer, one.evidence.map(({ code }) => code)]),
]);

function scaledDown(candidate: Candidate, scale: bigint): Candidate {
  const part = <P extends { minor: bigint }>(one: P): P => ({ ...one, minor: one.minor / scale });
  return { ...candidate, parts: candidate.parts.map(part), credits: candidate.credits.map(part), left: candidate.left / scale, writeOff: candidate.writeOff === null ? null : part(candidate.writeOff) };
}

const itemsOf = ({ parts, credits }: Pick<Candidate, 'parts' | 'credits'>): string => [...parts, ...credits].map(({ item }) => item).sort().join(' ');

/** Every set of items of customer 1, in the currency asked, that makes the amount exactly; those with the fewest items. Equal instalments of one document are one way, paid oldest first. */
function fewestSets(given: MatchingFacts, line: Incoming): string[] {
  const own = <O extends { customer: string; currency: string; open: bigint }>(list: readonly O[]): O[] => list.filter((one) => one.customer === line.customer && one.currency === line.currency && one.open > 0n);
  const debits = own(given.debits).map((one) => ({ item: one.item, minor: one.open, same: `${one.document} ${one.open}`, due: one.dueOn + one.issuedOn }));
  const entries = [...debits, ...own(given.credits).map((one) => ({ item: one.item, minor: -one.open, same: one.item, due: '' }))];
  const sets: (typeof entries)[] = [];
  for (let mask = 1; mask < 1 << entries.length; mask += 1) {
    const set = entries.filter((_, at) => (mask & (1 << at)) !== 0);
    if (set.reduce((total, { minor }) => total + minor, 0n) === line.minor) sets.push(set);
  }
  const fewest = Math.min(...sets.map((set) => set.length));
  const smallest = sets.filter((set) => set.length === fewest);
  const isInstalment = fewest === 1 && new Set(smallest.map(([one]) => one?.same)).size === 1;
  return (isInstalment ? smallest.sort((a, b) => ((a[0]?.due ?? '') < (b[0]?.due ?? '') ? -1 : 1)).slice(0, 1) : smallest).map((set) => itemsOf({ parts: set, credits: [] }));
}

/** Takes the first candidate again and again, of the amount and of others near it, and adds up what each item was given. */
function notOverdrawn(matcher: Matcher, { facts: given, line }: Case): boolean {
  const used = new Map<string, bigint>();
  for (const minor of [line.minor, line.minor, line.minor / 2n + 1n, line.minor * 2n, 1000n, 1000n, 3000n]) {
    const [first] = matcher.propose({ ...line, minor }).candidates;
    if (first === undefined) continue;
    if (sum(first.parts) > minor + sum(first.credits) + (first.writeOff?.minor ?? 0n)) return false;
    matcher.take(first);
    for (const part of [...first.parts, ...first.credits]) used.set(part.item, (used.get(part.item) ?? 0n) + part.minor);
  }
  return [...given.debits, ...given.credits].every(({ item, open }) => (used.get(item) ?? 0n) <= open);
}

type Rule = (propose: Propose, given: Case) => boolean;
const each = (propose: Propose, given: Case, holds: (candidate: Candidate) => boolean): boolean => propose(given.facts, given.line, LOOSE).candidates.every(holds);

const laws: { readonly [name: string]: Rule } = {
  'incoming + credits + write-off = parts + left': (propose, given) =>
    each(propose, given, ({ parts, credits, left, writeOff }) => given.line.minor + sum(credits) + (writeOff?.minor ?? 0n) === sum(parts) + left),
  'no part is above what is open, none is 0, none stands twice': (propose, given) => each(propose, given, ({ parts, credits, left, writeOff }) => {
    const open = new Map([...given.facts.debits, ...given.facts.credits].map((one) => [one.item, one.open]));
    const items = [...parts, ...credits].map(({ item }) => item);
    return [...parts, ...credits].every(({ item, minor }) => minor > 0n && minor <= (open.get(item) ?? 0n)) && new Set(items).size === items.length && left >= 0n && (writeOff === null || writeOff.minor > 0n);
  }),
  'only items of the currency and of one party': (propose, given) => each(propose, given, (candidate) => {
    if (candidate.evidence.some(({ code }) => code === 'severalCustomers')) return true;
    const used = [...given.facts.debits, ...given.facts.credits].filter(({ item }) => [...candidate.parts, ...candidate.credits].some((part) => part.item === item));
    const party = (id: string): string => given.facts.customers.find((one) => one.id === id)?.group ?? id;
    return used.every(({ currency }) => currency === given.line.currency) && new Set([...used.map((one) => party(one.customer)), party(candidate.customer)]).size === 1;
  }),
  'what is written off is small, or a discount offered and still valid': (propose, given) => each(propose, given, ({ parts, writeOff }) => {
    const paid = given.facts.debits.filter(({ item }) => parts.some((part) => part.item === item));
    if (writeOff === null) return true;
    if (writeOff.reason !== 'discount') return writeOff.minor * 100n <= sum(parts) && writeOff.minor <= 500n;
    return writeOff.minor <= paid.reduce((total, one) => total + (one.discount === null || one.discount.until < given.line.bookedOn ? 0n : one.open - one.discount.payable), 0n);
  }),
  'nothing goes by itself unless the text names a debt': (propose, given) => {
    const { automatic } = propose(given.facts, given.line, LOOSE);
    return automatic === null || automatic.parts.some(({ item }) => {
      const found = given.facts.debits.find((one) => one.item === item);
      return found?.document !== null && found !== undefined && given.line.text.includes(found.document.slice(-4));
    });
  },
  'two equal candidates are never automatic': (propose, given) => {
    const { automatic, candidates: [best, second] } = propose(given.facts, given.line, LOOSE);
    return automatic === null || best === undefined || second === undefined || best.confidence > second.confidence;
  },
  'the first candidate alone may go by itself, and either it does or it is said why not': (propose, given) => {
    const { automatic, why, candidates } = propose(given.facts, given.line, LOOSE);
    return (automatic === null) !== (why === null) && (automatic === null || plain(automatic) === plain(candidates[0]));
  },
  'best first, at most five, no two that do the same': (propose, given) => {
    const { candidates } = propose(given.facts, given.line, LOOSE);
    const done = candidates.map((one) => doing(one) + (one.parts.length === 0 ? one.customer : ''));
    return candidates.length <= 5 && candidates.every((one, at) => one.confidence <= (candidates[at - 1]?.confidence ?? 100) && one.confidence >= 1 && one.evidence.length > 0) && new Set(done).size === done.length;
  },
  'the order of the facts changes nothing': (propose, given) => {
    const turned: MatchingFacts = { ...given.facts, debits: given.facts.debits.toReversed(), credits: given.facts.credits.toReversed(), customers: given.facts.customers.toReversed() };
    return plain(propose(given.facts, given.line, LOOSE)) === plain(propose(turned, given.line, LOOSE));
  },
  'a customer that has nothing to do with it changes nothing': (propose, given) => {
    const stranger: KnownCustomer = customer(9, 'Zzyzx Quincaillerie', { ibans: ['DE89370400440532013000'], siren: '552100554' });
    const debits = [...given.facts.debits, debit(99, '7777.77', { customer: customerId(9), document: 'ZQ-990099' })];
    const more = { ...given.facts, debits, customers: [stranger, ...given.facts.customers] };
    return plain(propose(given.facts, given.line, LOOSE)) === plain(propose(more, given.line, LOOSE));
  },
  'a named debt is not paid in part, nor more than whole, by itself while another of its account is exactly that much': (propose, given) => {
    const { automatic } = propose(given.facts, given.line, LOOSE);
    const [part, ...more] = automatic?.parts ?? [];
    if (automatic === null || part === undefined || more.length > 0 || automatic.credits.length > 0 || automatic.writeOff !== null) return true;
    const paid = given.facts.debits.find(({ item }) => item === part.item);
    return part.minor === paid?.open && automatic.left === 0n ? true : !given.facts.debits.some((one) => one.item !== part.item && one.customer === paid?.customer && one.currency === paid.currency && one.open === given.line.minor && one.document !== paid.document);
  },
  'what is complete leaves out no set of the payer that makes the amount with as few items': (propose, { facts: given, line }) => {
    const asked: Incoming = { ...line, text: '', customer: customerId(1), payer: { name: null, iban: null, ultimateName: null } };
    const alone = { ...given, customers: given.customers.map((one) => ({ ...one, group: null })) };
    const { candidates, complete } = propose(alone, asked, LOOSE);
    if (!complete) return true;
    const listed = new Set(candidates.filter(({ left, writeOff }) => left === 0n && writeOff === null).map(itemsOf));
    return fewestSets(alone, asked).every((set) => listed.has(set));
  },
  'what was taken is not open any more: over many amounts no item is paid, and no credit used, beyond what was open': (_propose, given) => notOverdrawn(buildMatcher(given.facts, LOOSE), given),
  'a hundred times the amounts, or a currency with other digits, gives the same decisions': (propose, given) => {
    const other = (currency: Currency): Currency => (currency === 'EUR' ? 'BIF' : 'USD');
    const times = <F extends { open: bigint; currency: Currency }>(one: F): F => ({ ...one, open: one.open * 100n, currency: other(one.currency) });
    const scaled: MatchingFacts = {
      ...given.facts, credits: given.facts.credits.map(times),
      debits: given.facts.debits.map((one) => ({ ...times(one), amount: one.amount * 100n, discount: one.discount === null ? null : { ...one.discount, payable: one.discount.payable * 100n } })),
    };
    const cap = (minor: bigint): MatchingRules => ({ ...LOOSE, tolerance: { ...LOOSE.tolerance, capMinor: () => minor } });
    return decision(propose(given.facts, given.line, cap(500n)), 1n) === decision(propose(scaled, { ...given.line, minor: given.line.minor * 100n, currency: 'BIF' }, cap(50_000n)), 100n);
  },
};

const holds = (rule: Rule, propose: Propose, numRuns: number): boolean => !fc.check(fc.property(anyCase, (given) => rule(propose, given)), { seed: 20_261_122, numRuns }).failed;

test.each(Object.entries(laws))('%s', (_name, rule) => {
  const found = fc.check(fc.property(anyCase, (given) => rule(real, given)), { seed: 20_261_122, numRuns: 800 });
  expect(found.counterexample).toBe(null);
});

const changed = (edit: (candidate: Candidate, line: Incoming) => Candidate): Propose => (given, line, some) => {
  const proposal = real(given, line, some);
  const candidates = proposal.candidates.map((one) => edit(one, line));
  return { ...proposal, candidates, automatic: proposal.automatic === null ? null : (candidates[0] ?? null) };
};

const bugs: readonly (readonly [string, string, Propose])[] = [
  ['a cent is lost', 'incoming + credits + write-off = parts + left', changed((one) => ({ ...one, left: one.left > 0n ? one.left - 1n : 0n }))],
  ['more is set against an item than is open', 'no part is above what is open, none is 0, none stands twice', changed((one) => ({ ...one, parts: one.parts.map((part) => ({ ...part, minor: part.minor + one.left })), left: 0n }))],
  ['an excess is written off', 'what is written off is small, or a discount offered and still valid', changed((one) => (one.left > 500n ? { ...one, left: 0n, writeOff: { minor: one.left, reason: 'bankFees' } } : one))],
  ['currencies are not told apart', 'only items of the currency and of one party', (given, line, some) => real({ ...given, debits: given.debits.map((one) => ({ ...one, currency: 'EUR' })) }, line, some)],
  ['any first candidate goes by itself', 'nothing goes by itself unless the text names a debt', (given, line, some) => {
    const proposal = real(given, line, some);
    return proposal.candidates[0] === undefined ? proposal : { ...proposal, automatic: proposal.candidates[0], why: null };
  }],
  ['equal candidates go by themselves', 'two equal candidates are never automatic', (given, line, some) => {
    const proposal = real(given, line, some);
    return proposal.candidates[0] === undefined ? proposal : { ...proposal, automatic: proposal.candidates[0], why: null };
  }],
  ['the first item of the file wins', 'the order of the facts changes nothing', (given, line, some) => real({ ...given, debits: given.debits.slice(0, 1) }, line, some)],
  ['the first customer of the file is taken for the payer', 'a customer that has nothing to do with it changes nothing', (given, line, some) => real(given, { ...line, customer: given.customers[0]?.id ?? null }, some)],
  ['a tolerance in cents whatever the currency', 'a hundred times the amounts, or a currency with other digits, gives the same decisions', (given, line, some) => real(given, line, { ...some, tolerance: { ...some.tolerance, capMinor: () => 500n } })],
  ['the second is done instead', 'the first candidate alone may go by itself, and either it does or it is said why not', (given, line, some) => {
    const proposal = real(given, line, some);
    return { ...proposal, automatic: proposal.automatic === null ? null : (proposal.candidates[1] ?? null) };
  }],
  ['a named debt is paid whatever the amount', 'a named debt is not paid in part, nor more than whole, by itself while another of its account is exactly that much', (given, line, some) => {
    const proposal = real(given, line, some);
    const named = proposal.candidates.find(({ evidence }) => evidence.some(({ code }) => code === 'documentInText'));
    return named === undefined ? proposal : { ...proposal, automatic: named, why: null };
  }],
  ['it always says complete', 'what is complete leaves out no set of the payer that makes the amount with as few items', (given, line, some) => ({ ...real(given, line, some), complete: true })],
  ['sets with credits are not looked for', 'what is complete leaves out no set of the payer that makes the amount with as few items', (given, line, some) => real({ ...given, credits: [] }, line, some)],
  ['worst first', 'best first, at most five, no two that do the same', (given, line, some) => {
    const proposal = real(given, line, some);
    return { ...proposal, candidates: proposal.candidates.toReversed() };
  }],
];

test.each(bugs)('a planted bug is caught: %s', (_bug, law, propose) => {
  const rule = laws[law];
  expect(rule).toBeDefined();
  expect(rule !== undefined && holds(rule, propose, 800)).toBe(false);
});

test('a planted bug is caught: what was taken stays open', () => {
  const forgetful = (given: MatchingFacts): Matcher => ({ propose: (line) => real(given, line, LOOSE), take: () => {} });
  const found = fc.check(fc.property(anyCase, (given) => notOverdrawn(forgetful(given.facts), given)), { seed: 20_261_122, numRuns: 800 });
  expect(found.failed).toBe(true);
});

test('the cases meet what the laws are about: amounts that go by themselves, sums, credits, ties, searches cut off', () => {
  const met = { automatic: 0, sums: 0, credits: 0, writeOffs: 0, left: 0, equal: 0, incomplete: 0 };
  for (const given of fc.sample(anyCase, { seed: 20_261_122, numRuns: 800 })) {
    const { automatic, candidates, why, complete } = real(given.facts, given.line, LOOSE);
    met.automatic += automatic === null ? 0 : 1;
    met.sums += candidates.some(({ parts }) => parts.length > 1) ? 1 : 0;
    met.credits += candidates.some(({ credits }) => credits.length > 0) ? 1 : 0;
    met.writeOffs += candidates.some(({ writeOff }) => writeOff !== null) ? 1 : 0;
    met.left += candidates.some(({ left, parts }) => left > 0n && parts.length > 0) ? 1 : 0;
    met.equal += why === 'equalCandidates' || (candidates.length > 1 && candidates[0]?.confidence === candidates[1]?.confidence) ? 1 : 0;
    met.incomplete += complete ? 0 : 1;
  }
  for (const [what, times] of Object.entries(met)) expect([what, times > 10]).toEqual([what, true]);
});

test('nothing at all is answered with nothing', () => {
  expect(real({ debits: [], credits: [], customers: [], memory: NO_MEMORY }, incoming('1', 'x', { bookedOn: day('2026-01-01') }), LOOSE)).toEqual({ incoming: 'line', candidates: [], complete: true, automatic: null, why: 'noCandidate', notices: [] });
});
