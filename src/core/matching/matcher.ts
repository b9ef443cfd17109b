import { indexAccounts } from './accounts.ts';
import { amountDrafts, indexAmounts } from './amount-index.ts';
import type { AmountIndex } from './amount-index.ts';
import { candidateOf, ranked } from './draft.ts';
import type { Draft } from './draft.ts';
import type { Evidence } from './evidence.ts';
import { amountFacts, moneyOf } from './fit.ts';
import { ruleFor } from './line-rules.ts';
import { CANDIDATES_MAX } from './matching.ts';
import type { Incoming, LineRule, Matcher, MatchingFacts, MatchingRules, NotAutomatic, Proposal } from './matching.ts';
import { namedDrafts } from './named-drafts.ts';
import { payerDrafts } from './payer-drafts.ts';
import { findPayers, indexPayers } from './payers.ts';
import type { PayerIndex } from './payers.ts';
import { readReferences } from './reading.ts';
import { indexReferences } from './reference-index.ts';
import type { ReferenceIndex } from './reference-index.ts';
import type { Search } from './search.ts';
import { freshWork } from './subset-search.ts';

type Indexes = { readonly payers: PayerIndex; readonly references: ReferenceIndex; readonly amounts: AmountIndex; readonly rules: MatchingRules };

/** From here on a named candidate makes other ways to explain the amount uninteresting. */
const SETTLED_CONFIDENCE = 95;
/** Below, nothing is so likely that debts of the same amount of anybody should not be shown beside it. */
const UNLIKELY_CONFIDENCE = 45;
/** What is seen in other currencies is told of so many debts. */
const NOTICES_MAX = 5;

/** Indexes an organisation's open items, customers and memory once; each incoming amount is then answered from the indexes, in bounded work. */
export function buildMatcher(facts: MatchingFacts, rules: MatchingRules): Matcher {
  const accounts = indexAccounts(facts);
  const indexes: Indexes = {
    payers: indexPayers(accounts, facts.customers, facts.memory), references: indexReferences(accounts, facts.customers), amounts: indexAmounts(accounts), rules,
  };
  return { propose: (incoming) => propose(indexes, incoming), take: (candidate) => accounts.take(candidate) };
}

const nothing = (incoming: Incoming, why: NotAutomatic, complete = true): Proposal => ({ incoming: incoming.id, candidates: [], complete, automatic: null, why, notices: [] });

function propose(indexes: Indexes, incoming: Incoming): Proposal {
  if (incoming.minor <= 0n) return nothing(incoming, 'notReceived');
  const rule = ruleFor(indexes.rules.lines, incoming);
  if (rule?.outcome.kind === 'ignore') return nothing(incoming, 'ignoredByRule');
  const money = moneyOf(incoming, indexes.rules);
  if (money === null) return nothing(incoming, 'noCandidate', false);
  const reading = readReferences(indexes.references, incoming);
  const byRule = rule?.outcome.kind === 'customer' ? { customer: rule.outcome.customer, rule: rule.name } : null;
  const payers = findPayers(indexes.payers, incoming, { reading, byRule });
  const search: Search = { incoming, money, rules: indexes.rules, accounts: indexes.payers.accounts, references: indexes.references, amounts: indexes.amounts, reading, payers, work: freshWork(), complete: true };
  const drafts = ranked(allDrafts(search));
  const notices = otherCurrencies(search);
  const candidates = drafts.slice(0, CANDIDATES_MAX).map(candidateOf);
  const why = whyNot(drafts, { rule, notices, rules: indexes.rules });
  return { incoming: incoming.id, candidates, complete: search.complete, automatic: why === null ? (candidates[0] ?? null) : null, why, notices };
}

function allDrafts(search: Search): Draft[] {
  const named = namedDrafts(search);
  if (named.some(({ confidence, blocked }) => confidence >= SETTLED_CONFIDENCE && blocked === null)) return named;
  const drafts = [...named, ...search.payers.flatMap((payer) => payerDrafts(search, payer))];
  const likely = drafts.some(({ confidence }) => confidence >= UNLIKELY_CONFIDENCE);
  return likely || search.incoming.customer !== null ? drafts : [...drafts, ...amountDrafts(search)];
}

type Deciding = { readonly rule: LineRule | null; readonly notices: readonly Evidence[]; readonly rules: MatchingRules };

/** The first thing that stands against carrying out the first candidate; null when nothing does. */
function whyNot(drafts: readonly Draft[], { rule, notices, rules }: Deciding): NotAutomatic | null {
  const [best, second] = drafts;
  if (best === undefined) return notices.length > 0 ? 'otherCurrency' : 'noCandidate';
  if (rule?.outcome.kind === 'propose') return 'rulePropose';
  if (best.blocked !== null) return best.blocked;
  if (second?.confidence === best.confidence) return 'equalCandidates';
  return best.confidence < rules.automaticFrom ? 'belowThreshold' : null;
}

/** Debts that are named in another currency, or that a payer has there for the same figure: told, never used. */
function otherCurrencies({ reading, payers, accounts, money }: Search): Evidence[] {
  if (accounts.currencies.size === 1 && accounts.currencies.has(money.currency)) return [];
  const named = [...reading.hits.values()].flatMap(({ document }) => (document.account.currency === money.currency ? [] : document.debits));
  const alike = payers.flatMap(({ customer }) => accounts.others(customer, money.currency).flatMap(({ debits }) => debits.filter(({ open }) => open === money.minor)));
  return [...new Set([...named, ...alike])].filter(({ open }) => open > 0).slice(0, NOTICES_MAX)
    .map((debit) => ({ code: 'otherCurrency', facts: { document: debit.facts.document ?? '', ...amountFacts(debit.account, debit.open) } }));
}
