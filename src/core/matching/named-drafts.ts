import type { Credit, Debit } from './accounts.ts';
import { compareDebits, compareIds } from './accounts.ts';
import { draftOf } from './draft.ts';
import type { Draft } from './draft.ts';
import { elsewhere } from './elsewhere.ts';
import type { Evidence } from './evidence.ts';
import { amountFacts, fitOf, openOf } from './fit.ts';
import type { Fit } from './fit.ts';
import { groupingsOf } from './groupings.ts';
import type { NotAutomatic } from './matching.ts';
import { noteOtherWays } from './other-ways.ts';
import type { Hit } from './reading.ts';
import { agrees, differs, doubts } from './search.ts';
import type { Search } from './search.ts';
import { subsetsThatMake } from './subset-search.ts';

/** Documents of which each is told in the evidence; the others are counted. */
const TOLD_DOCUMENTS_MAX = 8;
/** Items that fit what is left over, proposed one by one. */
const OTHERS_MAX = 3;

/** Confidence when whole references name the debts, by how the amount meets them. */
const NAMED = { exact: 96, discount: 94, excess: 92, part: 91, short: 90, partOfSeveral: 70, credits: 91, instalments: 95, andOthers: 90, andOthersBesideMore: 81, someOfNamed: 82, leftOpen: 70 } as const;
/** The same when only parts of the numbers stand in the text. */
const TAILS = { exactBesideWhole: 95, exactOfPayer: 91, exact: 78, besideWhole: 76, partOfPayer: 64 } as const;
const AGREES = 2;
const STRUCTURED = 1;
const DIFFERS = -15;
/** An amount that is not exact, beside another way that explains it or beside more numbers in the text. */
const COMPLETED = -18;
/** A part payment, or an amount that is not exact of somebody recognised as another customer: a wrong number looks just like it. */
const UNSUPPORTED = -10;
/** A short number met in a text proves less, unless the payer or the amount stands beside it. */
const SHORT = { exact: -4, exactOfPayer: -1, other: -24, otherOfPayer: -5 } as const;
/** A number of digits alone, of an unknown payer, for an amount far from what is owed: bank texts are full of numbers. */
const DIGITS_ALONE = -12;
const FAR_TENTH = 10;
/** More references of one document found than of another. */
const MARKS_MAX = 4;
const SEVERAL_CUSTOMERS = 80;
const BESIDE_OTHERS = -20;
const SHARED_REFERENCE = 95;

/** The debts and credits that a text names within one party. */
type Named = { readonly hits: readonly Hit[]; readonly party: string; readonly debits: readonly Debit[]; readonly credits: readonly Credit[]; readonly documents: number };

/** Candidates of debts that the text names, party by party, then all together when several parties are named. */
export function namedDrafts(search: Search): Draft[] {
  const { reading, money, accounts, incoming } = search;
  if (reading.hits.size === 0 && reading.shared.size === 0) return [];
  const allowed = incoming.customer === null ? null : accounts.partyOf(incoming.customer);
  const usable = [...reading.hits.values()].filter(({ document }) => document.account.currency === money.currency && (allowed === null || allowed === accounts.partyOf(document.account.customer)));
  const parties = [...Map.groupBy(usable, ({ document }) => accounts.partyOf(document.account.customer))].sort(([a], [b]) => (a < b ? -1 : 1));
  const sure = parties.flatMap(([party, hits]) => {
    const whole = hits.filter(({ strength }) => strength !== 'tail');
    return whole.length === 0 ? [] : [namedOf(party, whole)];
  });
  const several = sure.filter(({ hits }) => hits.some(({ strength }) => strength === 'strong')).length > 1;
  const drafts = [
    ...sure.flatMap((named) => wholeDrafts(search, named, usable.some(({ strength, document }) => strength === 'tail' && accounts.partyOf(document.account.customer) === named.party)).map((draft) => (several && openOf(named.debits) !== money.minor ? besideOthers(draft) : draft))),
    ...parties.flatMap(([party, hits]) => tailDrafts(search, { party, hits })),
    ...sharedDrafts(search),
  ];
  return sure.length > 1 ? [...drafts, ...togetherDrafts(search, sure)] : drafts;
}

function namedOf(party: string, hits: readonly Hit[]): Named {
  const debits = hits.flatMap(({ document }) => document.debits.filter(({ open }) => open > 0)).sort((a, b) => compareDebits(a.facts, b.facts));
  const credits = hits.flatMap(({ document }) => document.credits.filter(({ open }) => open > 0));
  return { hits, party, debits, credits, documents: hits.filter(({ document }) => document.debits.some(({ open }) => open > 0)).length };
}

/** Debts of somebody else are named too and the amount is not of these alone. */
const besideOthers = (draft: Draft): Draft => ({ ...draft, confidence: Math.max(1, draft.confidence + BESIDE_OTHERS), blocked: draft.blocked ?? 'severalCustomers' });

/** What names each document, longest known first, and who agrees. */
function evidenceOf(search: Search, { hits, party }: Pick<Named, 'hits' | 'party'>): Evidence[] {
  const told = hits.slice(0, TOLD_DOCUMENTS_MAX).map(({ document, code, found }): Evidence => {
    const credit = document.debits.every(({ open }) => open === 0);
    return { code: credit ? 'creditNoteNamed' : code, facts: { document: document.number, found } };
  });
  const payer = search.payers.find(({ customer }) => search.accounts.partyOf(customer) === party);
  const other = differs(search, party) ? search.payers.find(({ certain }) => certain) : undefined;
  return [...told, ...(payer?.evidence ?? []), ...(other === undefined ? [] : [{ code: 'payerDiffers' as const, facts: { name: search.accounts.customer(other.customer)?.name ?? '' } }])];
}

/** Points to add for who pays and how the debts are named. */
function adjustment(search: Search, { hits, party, debits }: Named, exact: boolean): number {
  const agreed = agrees(search, party);
  const structured = hits.some(({ code }) => code === 'creditorReference' || code === 'endToEndId');
  const far = !exact && Math.abs(openOf(debits) - search.money.minor) > Math.floor(openOf(debits) / FAR_TENTH);
  const digitsAlone = far && !agreed && !structured && hits.every(({ found }) => /^\d+$/.test(found));
  const short = hits.every(({ strength }) => strength !== 'strong');
  const shortness = !short ? 0 : exact ? (agreed ? SHORT.exactOfPayer : SHORT.exact) : agreed ? SHORT.otherOfPayer : SHORT.other;
  return (agreed ? AGREES : 0) + (structured ? STRUCTURED : 0) + (differs(search, party) ? DIFFERS : 0) + (digitsAlone ? DIGITS_ALONE : 0) + shortness;
}

type Rated = { readonly fit: Fit; readonly base: number; readonly blocked: NotAutomatic | null; readonly more?: readonly Evidence[]; readonly marks?: number };

function rated(search: Search, named: Named, { fit, base, blocked, more = [], marks = 0 }: Rated): Draft {
  const exact = fit.kind === 'exact' || fit.kind === 'discount';
  const doubtful = !exact && doubts(search, named.party);
  const unsupported = doubtful || (fit.kind === 'part' && !agrees(search, named.party));
  const confidence = base + marks + adjustment(search, named, exact) + (unsupported ? UNSUPPORTED : 0);
  const evidence = [...evidenceOf(search, named), ...more];
  const against = differs(search, named.party) || doubtful ? 'payerDiffers' : (blocked ?? (unsupported ? 'amountNotExplained' : null));
  return draftOf(fit, { customer: ownerOf(search, fit), confidence, evidence, blocked: against });
}

/** The customer whose debts are paid; of several, the payer when it is one of their party, else the first. */
function ownerOf({ payers, accounts }: Search, { parts }: Fit): Draft['customer'] {
  const owners = [...new Set(parts.map(({ of }) => of.account.customer))].sort(compareIds);
  const [first] = owners;
  if (first === undefined) throw new Error('a fit pays something');
  const payer = payers.find(({ customer }) => accounts.partyOf(customer) === accounts.partyOf(first));
  return owners.length > 1 && payer !== undefined ? payer.customer : first;
}

/** `more`: the text has parts of numbers of this party besides. */
function wholeDrafts(search: Search, named: Named, more: boolean): Draft[] {
  const { money } = search;
  const { debits, credits, documents } = named;
  const plain = fitOf(money, { debits, credits: [] });
  const netted = credits.length === 0 ? null : fitOf(money, { debits, credits });
  const exact = [netted, plain].find((fit) => fit?.kind === 'exact') ?? [netted, plain].find((fit) => fit?.kind === 'discount');
  const sum: Evidence = { code: 'amountOfNamed', facts: { count: documents, ...amountFacts(money, money.minor) } };
  if (exact !== undefined && exact !== null) return [rated(search, named, { fit: exact, base: exact.kind === 'exact' ? NAMED.exact : NAMED.discount, blocked: null, more: [sum] })];
  const fit = netted ?? plain;
  if (fit === null) return [];
  const explained = [...fittingCredits(search, named), ...fittingSome(search, named), ...(fit.kind === 'excess' ? andOthers(search, named, { over: fit.left, base: more ? NAMED.andOthersBesideMore : NAMED.andOthers }) : [])];
  const others = elsewhere(search, named);
  const inexactly = inexact(search, named, fit);
  if (explained.length === 0 && others.length === 0 && !more) return inexactly;
  const against: NotAutomatic = more ? 'someOfNamed' : explained.length > 0 ? 'notNamed' : 'amountNotExplained';
  return [...explained, ...others, ...inexactly.map((draft) => ({ ...draft, confidence: Math.max(1, draft.confidence + COMPLETED), blocked: draft.blocked ?? against }))];
}

/** The named debts less credits that the text does not name. */
function fittingCredits(search: Search, named: Named): Draft[] {
  const { debits, party } = named;
  const owed = openOf(debits) - search.money.minor;
  const accounts = [...new Set(debits.map(({ account }) => account))];
  const credits = accounts.flatMap((account) => account.credits.filter(({ facts, open }) => facts.item !== search.incoming.item && open > 0));
  if (owed <= 0 || credits.length === 0) return [];
  const { sets, complete } = subsetsThatMake(credits.map(({ open }) => open), owed, search.work);
  if (!complete) search.complete = false;
  const isLittle = fitOf(search.money, { debits, credits: [] })?.kind === 'short';
  return sets.flatMap((set) => {
    const taken = set.flatMap((at) => credits[at] ?? []);
    const fit = fitOf(search.money, { debits, credits: taken });
    const more: Evidence = { code: 'creditsTakenIn', facts: { count: taken.length, ...amountFacts(search.money, openOf(taken)) } };
    // So little is missing that it may as well be a fee or cents dropped: another way that explains it.
    const blocked = sets.length > 1 ? 'equalCandidates' : isLittle ? 'writeOffRule' : null;
    return fit === null ? [] : [rated(search, { ...named, party }, { fit, base: NAMED.credits, blocked, more: [more] })];
  });
}

/** Some of the named debts, exactly: an instalment of each document, or documents named of which not all are paid. */
function fittingSome(search: Search, named: Named): Draft[] {
  const { debits, documents, hits } = named;
  if (debits.length < 2) return [];
  const lone = documents < 2 ? [] : hits.filter(({ document }) => openOf(document.debits) === search.money.minor);
  const marked = lone.flatMap(({ document, marks }) => {
    const fit = fitOf(search.money, { debits: document.debits.filter(({ open }) => open > 0), credits: [] });
    return fit === null ? [] : [rated(search, named, { fit, base: NAMED.someOfNamed, blocked: 'someOfNamed', marks: Math.min(MARKS_MAX, marks.length - 1), more: [some(1, documents)] })];
  });
  const { sets, complete } = subsetsThatMake(debits.map(({ open }) => open), search.money.minor, search.work);
  if (!complete) search.complete = false;
  const found = sets.flatMap((set, index) => {
    const chosen = set.flatMap((at) => debits[at] ?? []);
    const paid = hits.filter(({ document }) => document.debits.some((debit) => chosen.includes(debit))).length;
    const fit = fitOf(search.money, { debits: chosen, credits: [] });
    // Instalments of one document are paid oldest first: an equal one is no other way.
    if (fit === null || (documents === 1 && index > 0)) return [];
    const instalments = paid === documents;
    const unsure = sets.length > 1 && documents > 1 ? 'equalCandidates' : null;
    return [rated(search, named, { fit, base: instalments ? NAMED.instalments : NAMED.someOfNamed, blocked: instalments ? unsure : 'someOfNamed', more: [some(paid, documents)] })];
  });
  return [...marked, ...found];
}

const some = (count: number, named: number): Evidence => ({ code: 'someOfNamed', facts: { count, named } });

/** The named debts and others of the same accounts that take exactly what is over: one item, or those that people pay together. */
function andOthers(search: Search, named: Named, { over, base }: { over: number; base: number }): Draft[] {
  const accounts = [...new Set(named.debits.map(({ account }) => account))];
  const rest = accounts.flatMap(({ debits }) => debits.filter((debit) => !named.debits.includes(debit))).sort((a, b) => compareDebits(a.facts, b.facts));
  const fitting = rest.filter(({ open }) => open === over);
  if (fitting.length > OTHERS_MAX) search.complete = false;
  const lone = fitting.slice(0, OTHERS_MAX).map((debit) => ({ debits: [debit], cost: 0 }));
  const groups = lone.length > 0 ? [] : groupingsOf({ debits: rest, credits: [], minor: over, on: search.incoming.bookedOn });
  noteOtherWays(search, { debits: rest, credits: [], minor: over, sizes: groups.map((group) => group.debits.length) });
  return [...lone, ...groups].flatMap(({ debits, cost }, index) => {
    const fit = fitOf(search.money, { debits: [...named.debits, ...debits], credits: [] });
    const documents = debits.slice(0, TOLD_DOCUMENTS_MAX).map(({ facts }) => facts.document ?? '?').join(', ');
    const more: Evidence = { code: 'namedAndOthers', facts: { document: debits.length > TOLD_DOCUMENTS_MAX ? `${documents}…` : documents, count: debits.length, ...amountFacts(search.money, over) } };
    return fit === null ? [] : [rated(search, named, { fit, base: base - cost - index, blocked: 'notNamed', more: [more] })];
  });
}

function inexact(search: Search, named: Named, fit: Fit): Draft[] {
  const { rules } = search;
  const lone = named.documents === 1;
  if (fit.kind === 'excess') return [rated(search, named, { fit, base: NAMED.excess, blocked: null })];
  if (fit.kind === 'part') {
    // So little is missing that it looks like a fee above the percentage: whether it stays owed is for a person to say.
    const fee = openOf(named.debits) - search.money.minor <= search.money.cap;
    const blocked = !lone ? 'amountNotExplained' : rules.partPayments !== 'automatic' ? 'partPaymentRule' : fee ? 'writeOffRule' : null;
    return [rated(search, named, { fit, base: lone ? NAMED.part : NAMED.partOfSeveral, blocked })];
  }
  const open = fitOf({ ...search.money, cap: 0 }, { debits: named.debits, credits: [] });
  return [
    rated(search, named, { fit, base: NAMED.short, blocked: rules.writeOffs === 'automatic' ? null : 'writeOffRule' }),
    ...(open?.kind === 'part' ? [rated(search, named, { fit: open, base: NAMED.leftOpen, blocked: 'partPaymentRule' })] : []),
  ];
}

/** Debts named by a part of their number: they count when the payer is known, when the amount is exact, or beside a whole number of the same party. */
function tailDrafts(search: Search, { party, hits }: { party: string; hits: readonly Hit[] }): Draft[] {
  if (!hits.some(({ strength }) => strength === 'tail')) return [];
  const whole = hits.some(({ strength }) => strength !== 'tail');
  const named = namedOf(party, hits);
  const agreed = agrees(search, party);
  const fit = fitOf(search.money, named) ?? fitOf(search.money, { debits: named.debits, credits: [] });
  if (fit === null) return [];
  const base = TAILS[whole ? 'exactBesideWhole' : agreed ? 'exactOfPayer' : 'exact'];
  const sum: Evidence = { code: 'amountOfNamed', facts: { count: named.documents, ...amountFacts(search.money, search.money.minor) } };
  const lone = loneTails(search, named);
  if (fit.kind === 'exact') return [ratedTail(search, named, { fit, base: base + (whole && agreed ? AGREES : 0), blocked: null, more: [sum] }), ...lone];
  if (whole) return [...lone, ...fittingSome(search, named), ratedTail(search, named, { fit, base: TAILS.besideWhole, blocked: 'amountNotExplained' })];
  if (!agreed || named.documents > 1) return [...lone, ...(agreed ? fittingSome(search, named) : [])];
  return [ratedTail(search, named, { fit, base: TAILS.partOfPayer, blocked: 'amountNotExplained' })];
}

/** A part of a number is neither more nor less sure by its length or by where it stands. */
function ratedTail(search: Search, named: Named, { fit, base, blocked, more = [] }: Rated): Draft {
  const other = differs(search, named.party);
  return draftOf(fit, { customer: ownerOf(search, fit), confidence: base + (other ? DIFFERS : 0), evidence: [...evidenceOf(search, named), ...more], blocked: other ? 'payerDiffers' : blocked });
}

/** One of several debts named in part that makes the amount alone. */
function loneTails(search: Search, named: Named): Draft[] {
  if (named.documents < 2) return [];
  const base = TAILS[agrees(search, named.party) ? 'exactOfPayer' : 'exact'];
  return named.hits.filter(({ strength, document }) => strength === 'tail' && openOf(document.debits) === search.money.minor).flatMap((hit) => {
    const one = namedOf(named.party, [hit]);
    const fit = fitOf(search.money, { debits: one.debits, credits: [] });
    return fit === null ? [] : [ratedTail(search, one, { fit, base, blocked: null })];
  });
}

/** Debts of one customer that carry one reference: all of them, exactly. */
function sharedDrafts(search: Search): Draft[] {
  const { reading, money, accounts, incoming } = search;
  const allowed = incoming.customer === null ? null : accounts.partyOf(incoming.customer);
  return [...reading.shared.values()].flatMap(({ customer, debits, reference }) => {
    const party = accounts.partyOf(customer);
    if (allowed !== null && allowed !== party) return [];
    const fit = fitOf(money, { debits: debits.filter(({ facts }) => facts.currency === money.currency).sort((a, b) => compareDebits(a.facts, b.facts)), credits: [] });
    if (fit === null || (fit.kind !== 'exact' && fit.kind !== 'discount')) return [];
    const evidence: Evidence[] = [{ code: 'printedReference', facts: { document: '', found: reference } }, { code: 'amountOfNamed', facts: { count: fit.parts.length, ...amountFacts(money, money.minor) } }];
    return [draftOf(fit, { customer, confidence: SHARED_REFERENCE + (differs(search, party) ? DIFFERS : 0), evidence, blocked: differs(search, party) ? 'payerDiffers' : null })];
  });
}

/** All named debts of several parties when together they make the amount. Never by itself: somebody must say that one pays for the other. */
function togetherDrafts(search: Search, all: readonly Named[]): Draft[] {
  const debits = all.flatMap((named) => named.debits);
  const fit = fitOf(search.money, { debits, credits: [] });
  if (fit?.kind !== 'exact') return [];
  const payer = search.payers.find(({ customer }) => all.some(({ party }) => party === search.accounts.partyOf(customer)));
  const evidence: Evidence[] = [...all.flatMap((named) => evidenceOf(search, { hits: named.hits, party: named.party })), { code: 'severalCustomers', facts: { count: all.length } }];
  return [draftOf(fit, { customer: payer?.customer ?? ownerOf(search, fit), confidence: SEVERAL_CUSTOMERS, evidence, blocked: 'severalCustomers' })];
}
