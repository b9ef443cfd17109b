import type { Account, Credit, Debit } from './accounts.ts';
import { compareDebits, digitsOf } from './accounts.ts';
import { draftOf } from './draft.ts';
import type { Draft } from './draft.ts';
import type { Evidence } from './evidence.ts';
import { amountFacts, fitOf, isLittle, openOf, poured } from './fit.ts';
import type { Chosen, Fit } from './fit.ts';
import { groupingsOf } from './groupings.ts';
import type { NotAutomatic } from './matching.ts';
import { mistypedAs, unknownReferences } from './mistyped.ts';
import { noteOtherWays } from './other-ways.ts';
import type { Payer } from './payers.ts';
import type { Search } from './search.ts';
import { EVERY_COMBINATION_ITEMS, subsetsThatMake } from './subset-search.ts';

/** Items of the amount proposed one by one. */
const SINGLES_MAX = 3;
/** Items looked at in one account, oldest first: reading more of them for one payment takes longer than a person waits. */
const ITEMS_MAX = 10_000;
/** What each way to explain an amount takes from the points of its payer. */
const COST = { single: 0, several: 6, sum: 14, sumItem: 2, group: 6, discount: 4, short: 16, over: 18, excess: 25, part: 24, oldestFirst: 40, customerOnly: 45, nothingOpen: 30 } as const;
/** For each tenfold of sets of that size there are in the account: the more there are, the more add up by accident. */
const ACCIDENT_COST = 3;
const ACCIDENT_COST_MAX = 30;
/** A payer remembered often enough that pays exactly one item, when the rules let that be enough. */
const REMEMBERED_POINTS = 92;
const MISTYPED_POINTS = 8;
const MISTYPED_POINTS_MAX = 89;

/** The items of a payer, or of all that pay with it. */
type Items = { readonly debits: readonly Debit[]; readonly credits: readonly Credit[]; readonly cost: number; readonly evidence: readonly Evidence[] };

/** Candidates of somebody who may have paid, by the amount: what makes it exactly, and when nothing does what comes near. */
export function payerDrafts(search: Search, payer: Payer): Draft[] {
  const { accounts, money } = search;
  const own = accounts.of(payer.customer, money.currency);
  const items = itemsOf(search, own === null ? [] : [own], { cost: 0, evidence: [] });
  const exact = exactDrafts(search, payer, items);
  if (exact.length > 0) return [...exact, onlyCustomer(search, payer, items)];
  const sums = sumDrafts(search, payer, items);
  const partners = accounts.partners(payer.customer, money.currency);
  const all = [...(own === null ? [] : [own]), ...partners];
  const group: Evidence = { code: 'groupPays', facts: { customers: all.length } };
  const jointly = itemsOf(search, all, { cost: COST.group, evidence: [group] });
  const joint = partners.length === 0 ? [] : [...exactDrafts(search, payer, jointly), ...sumDrafts(search, payer, jointly)];
  return [...sums, ...joint, ...nearDrafts(search, payer, items), onlyCustomer(search, payer, items)];
}

function itemsOf(search: Search, accounts: readonly Account[], of: Pick<Items, 'cost' | 'evidence'>): Items {
  const debits = accounts.length === 1 ? (accounts[0]?.debits ?? []) : accounts.flatMap((account) => account.debits).sort((a, b) => compareDebits(a.facts, b.facts));
  const [own] = accounts;
  const credits = own !== undefined && accounts.length === 1 && search.incoming.item === null ? own.credits : accounts.flatMap((account) => account.credits.filter(({ facts }) => facts.item !== search.incoming.item));
  if (debits.length > ITEMS_MAX) search.complete = false;
  return { debits: debits.length > ITEMS_MAX ? debits.slice(0, ITEMS_MAX) : debits, credits, ...of };
}

type Way = { readonly fit: Fit; readonly cost: number; readonly blocked?: NotAutomatic | null; readonly more: readonly Evidence[] };

function way(payer: Payer, items: Items, { fit, cost, blocked = 'noTextEvidence', more }: Way): Draft {
  return draftOf(fit, { customer: payer.customer, confidence: payer.points - items.cost - cost, evidence: [...payer.evidence, ...items.evidence, ...more], blocked });
}

const several: Evidence = { code: 'severalWays', facts: {} };

function exactDrafts(search: Search, payer: Payer, items: Items): Draft[] {
  const singles = singleDrafts(search, payer, items);
  const groupings = groupingsOf({ debits: items.debits, credits: items.credits, minor: search.money.minor, on: search.incoming.bookedOn });
  const grouped = groupings.flatMap((grouping) => {
    const fit = fitOf(search.money, grouping);
    const unique = grouping.ways === 'one';
    // Our letters print the reference of the account beside a list of what is open or due: paying it all names those debts.
    const named = payer.referenced && unique && (grouping.evidence.code === 'allOpen' || grouping.evidence.code === 'allDue');
    const more = [grouping.evidence, ...(unique ? [] : [several])];
    return fit === null ? [] : [way(payer, items, { fit, cost: grouping.cost + (unique ? 0 : COST.several), blocked: named ? null : 'noTextEvidence', more })];
  });
  if (singles.length === 0) noteOtherWays(search, { debits: items.debits, credits: items.credits, minor: search.money.minor, sizes: groupings.map(({ debits, credits }) => debits.length + credits.length) });
  return [...singles, ...grouped];
}

function singleDrafts(search: Search, payer: Payer, items: Items): Draft[] {
  const { money, rules } = search;
  const fitting = items.debits.filter(({ open }) => open === money.minor);
  const [first] = fitting;
  if (first === undefined) return [];
  // Equal instalments of one document are paid oldest first: there is but one way.
  const { document } = first.facts;
  const one = fitting.length === 1 || (document !== null && fitting.every(({ facts, account }) => facts.document === document && account === first.account));
  if (!one && fitting.length > SINGLES_MAX) search.complete = false;
  const words = unknownReferences(search.references, `${search.incoming.references.endToEndId ?? ''} ${search.incoming.text}`);
  const trusted = one && items.cost === 0 && payer.certain && rules.rememberedPayers !== null && payer.times >= rules.rememberedPayers.times;
  return (one ? [first] : fitting.slice(0, SINGLES_MAX)).flatMap((debit) => {
    const fit = fitOf(money, { debits: [debit], credits: [] });
    if (fit === null) return [];
    const typed = debit.facts.document === null || items.cost > 0 ? null : mistypedAs(debit.facts.document, words);
    const amount: Evidence = { code: 'amountOfOne', facts: { document: debit.facts.document ?? '' } };
    if (typed !== null) {
      const slip: Evidence = { code: 'documentMistyped', facts: { document: debit.facts.document ?? '', found: typed } };
      const confidence = Math.min(MISTYPED_POINTS_MAX, payer.points + MISTYPED_POINTS);
      return [draftOf(fit, { customer: payer.customer, confidence, evidence: [slip, ...payer.evidence, amount], blocked: 'mistyped' })];
    }
    const blocked = one && (payer.referenced || trusted) && items.cost === 0 ? null : 'noTextEvidence';
    const cost = trusted ? Math.min(0, payer.points - REMEMBERED_POINTS) : one ? COST.single : COST.several;
    return [way(payer, items, { fit, cost, blocked, more: one ? [amount] : [amount, several] })];
  });
}

/** Any set of items and credits that makes the amount, when nothing that people usually do does. */
function sumDrafts(search: Search, payer: Payer, items: Items): Draft[] {
  const { debits, credits } = items;
  if (debits.length + credits.length < 2) return [];
  const together = debits.length + credits.length <= EVERY_COMBINATION_ITEMS;
  // Of so many, credits are taken in all together or not at all.
  if (!together && credits.length > 0) search.complete = false;
  const choices: { amounts: number[]; target: number; credits: readonly Credit[] }[] = together
    ? [{ amounts: [...debits.map(({ open }) => open), ...credits.map(({ open }) => -open)], target: search.money.minor, credits: [] }]
    : (credits.length === 0 ? [[]] : [[], credits]).map((taken) => ({ amounts: debits.map(({ open }) => open), target: search.money.minor + openOf(taken), credits: taken }));
  return choices.flatMap(({ amounts, target, credits: taken }) => {
    const { sets, complete } = subsetsThatMake(amounts, target, search.work);
    if (!complete) search.complete = false;
    return sets.flatMap((set) => {
      const chosen: Chosen = { debits: set.flatMap((at) => debits[at] ?? []), credits: [...taken, ...set.flatMap((at) => credits[at - debits.length] ?? [])] };
      const fit = fitOf(search.money, chosen);
      if (fit?.kind !== 'exact') return [];
      const cost = COST.sum + COST.sumItem * (chosen.debits.length + chosen.credits.length) + accident(amounts.length, set.length) + (sets.length > 1 ? COST.several : 0);
      const sum: Evidence = { code: 'sumOfSome', facts: { count: chosen.debits.length, credits: chosen.credits.length, of: debits.length } };
      return [way(payer, items, { fit, cost, more: sets.length > 1 ? [sum, several] : [sum] })];
    });
  });
}

/** The more sets of a size there are in an account, the less one of them proves. */
function accident(items: number, size: number): number {
  let tenfolds = 0;
  for (let at = 0; at < size; at += 1) tenfolds += Math.log10((items - at) / (at + 1));
  return Math.min(ACCIDENT_COST_MAX, Math.floor(ACCIDENT_COST * tenfolds));
}

/** What comes near: one item with a discount, a little short or a little over, all so, a part of the only item, all with something over, the oldest first. */
function nearDrafts(search: Search, payer: Payer, items: Items): Draft[] {
  const { money, rules } = search;
  const { debits } = items;
  if (debits.length === 0) return [];
  const today = digitsOf(money.on);
  const due = debits.filter((debit) => debit.due <= today);
  const near = debits.filter(({ open, discount }) => open > money.minor && (discount?.less === open - money.minor || open - money.minor <= money.cap)).map((debit) => [debit]);
  const over = debits.filter(({ open }) => open < money.minor && isLittle(money, { difference: money.minor - open, owed: open })).slice(0, SINGLES_MAX).flatMap((debit) => {
    const fit = debits.length === 1 ? null : fitOf(money, { debits: [debit], credits: [] });
    return fit === null ? [] : [way(payer, items, { fit, cost: COST.over, more: [partsEvidence([debit], debits)] })];
  });
  const groups = [...near, ...(debits.length > 1 ? [[...debits]] : []), ...(due.length > 1 && due.length < debits.length ? [due] : [])];
  const close = groups.flatMap((group) => {
    const fit = fitOf(money, { debits: group, credits: [] });
    if (fit?.kind !== 'discount' && fit?.kind !== 'short') return [];
    return [way(payer, items, { fit, cost: COST[fit.kind] + (group.length > 1 ? COST.sumItem : 0), more: [partsEvidence(group, debits)] })];
  }).slice(0, SINGLES_MAX).concat(over);
  const whole = fitOf(money, { debits, credits: [] });
  if (whole === null) return close;
  if (whole.kind === 'excess') return [...close, way(payer, items, { fit: whole, cost: COST.excess, more: [partsEvidence(debits, debits)] })];
  if (debits.length === 1) return whole.kind === 'part' ? [...close, way(payer, items, { fit: whole, cost: COST.part, more: [] })] : close;
  if (!rules.oldestFirst) return close;
  const oldest: Fit = { kind: 'part', parts: poured(debits, money.minor), credits: [], left: 0, writeOff: null, evidence: [] };
  return [...close, way(payer, items, { fit: oldest, cost: COST.oldestFirst, more: [{ code: 'oldestFirst', facts: { count: oldest.parts.length } }] })];
}

function partsEvidence(group: readonly Debit[], all: readonly Debit[]): Evidence {
  const [first] = group;
  if (group.length === 1 && all.length > 1) return { code: 'amountOfOne', facts: { document: first?.facts.document ?? '' } };
  return { code: group.length === all.length ? 'allOpen' : 'allDue', facts: { count: group.length, credits: 0 } };
}

/** The money as a loose credit of the customer: reminders stop on it at once, and a person sets it against debts later. */
function onlyCustomer(search: Search, payer: Payer, { debits }: Items): Draft {
  const fit: Fit = { kind: 'excess', parts: [], credits: [], left: search.money.minor, writeOff: null, evidence: [] };
  const cost = debits.length === 0 ? COST.nothingOpen : COST.customerOnly;
  const only: Evidence = { code: 'customerOnly', facts: amountFacts(search.money, search.money.minor) };
  return draftOf(fit, { customer: payer.customer, confidence: payer.points - cost, evidence: [...payer.evidence, only], blocked: 'noTextEvidence' });
}
