import { announcedDays } from '#core/matching/money-announced.ts';
import { buildMatcher } from '#core/matching/matcher.ts';
import type { Incoming, Matcher } from '#core/matching/matching.ts';
import type { Clock } from '#core/kernel/clock.ts';
import type { Day } from '#core/kernel/day.ts';
import type { ItemId, OrganisationId } from '#core/kernel/id.ts';
import { lockImports } from '#server/intake/import-lock.ts';
import type { Database } from '#server/plumbing/database.ts';
import { planInBulk } from '#server/plumbing/tenant.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { applyUses } from './apply.ts';
import type { By, MatchId } from './apply.ts';
import { loadFacts } from './facts-store.ts';
import { linkLedgerReceipts } from './link-receipts.ts';
import type { Linked } from './link-receipts.ts';
import { customersOf, likelyCustomer, moneyOfOffer, offersFor } from './propose.ts';
import type { CustomerOf, Offer, Offers } from './propose.ts';
import { loadRules } from './settings.ts';
import { loadCredits, loadLines } from './waiting.ts';
import type { Waiting } from './waiting.ts';

/** What matching said of some money; `match` when it was carried out, `linked` when the ledger had booked the money already. */
export type Matched = { readonly incoming: Incoming; readonly offers: Offers; readonly match: MatchId | null; readonly linked: Linked | null };

/** Bank lines and credits looked at by one call, the oldest ones; the caller asks again. */
export const LINES_MAX = 100_000;

/** Whose lines are matched, and whether what is certain is carried out. */
export type MatchOptions = { readonly organisation: OrganisationId; readonly today: Day; readonly clock: Clock; readonly actor: string; readonly auto: boolean; readonly limit?: number };

const NOTHING: Offers = { offers: [], complete: true, automatic: null, why: null, notices: [] };

/**
 * Proposes for every bank line that nobody placed yet, oldest first, then for the credits that stand loose on an account; with `auto` what is
 * certain is carried out in the same transaction, all of it or nothing. Whose money the other lines seem to be is noted: their customers are
 * not chased until somebody has looked. So it is of money that the bank only announces.
 */
export async function matchLines(database: Database, options: MatchOptions): Promise<Matched[]> {
  return database.inTenant(options.organisation, async (t) => {
    const by: By = { now: options.clock.now(), today: options.today, actor: options.actor };
    if (options.auto) await lockImports(t);
    else await planInBulk(t);
    const limit = options.limit ?? LINES_MAX;
    const lines = await loadLines(t, { limit });
    const known = options.auto ? await loadLines(t, { limit, returned: true }) : [];
    const linked = new Map((known.length > 0 ? await linkLedgerReceipts(t, by) : []).map((one) => [one.line, one]));
    const credits = await loadCredits(t, { limit });
    const announced = options.auto ? await loadLines(t, { limit, announcedSince: announcedDays(options.today).from }) : [];
    if (lines.length + credits.length + linked.size + announced.length === 0) return [];
    const facts = await loadFacts(t);
    const money = moneyToPlace(lines, credits, linked);
    const matcher = buildMatcher(facts, await loadRules(t));
    const asked = askInTurn(matcher, money, customersOf(facts));
    const found = asked.filter(({ incoming, offers }) => incoming.source === 'bankLine' || linked.has(incoming.id) || offers.offers.length > 0);
    const seen = new Set(found.map(({ incoming }) => incoming.id));
    const booked = known.flatMap(({ incoming }): Matched[] => {
      const link = linked.get(incoming.id);
      return link === undefined || seen.has(incoming.id) ? [] : [{ incoming, offers: NOTHING, linked: link, match: link.match }];
    });
    if (!options.auto) return found.map((one) => ({ ...one, match: null, linked: null }));
    const { made } = await applyUses(t, found.flatMap(useOf), by);
    await noteLikely(t, found.filter(({ incoming }) => incoming.item === null && !made.has(incoming.id)));
    // Announced money is asked last and takes nothing: when it is booked it is another line, which this one makes way for.
    await noteLikely(t, announced.map((waiting) => ({ incoming: waiting.incoming, offers: offersFor(matcher, waiting, customersOf(facts)) })));
    return [...booked, ...found.map((one) => ({ ...one, match: made.get(one.incoming.id) ?? null, linked: linked.get(one.incoming.id) ?? null }))];
  });
}

/** Lines first. Money that the ledger had booked and nobody allocated is a credit, and is placed with what the bank says of it. */
function moneyToPlace(lines: readonly Waiting[], credits: readonly Waiting[], linked: ReadonlyMap<string, Linked>): Waiting[] {
  const loose = new Map(credits.map((one) => [one.incoming.item, one]));
  const placed = lines.flatMap((one): Waiting[] => {
    const link = linked.get(one.incoming.id);
    if (link === undefined) return [one];
    const credit = loose.get(link.receipt);
    loose.delete(link.receipt);
    if (credit === undefined) return [];
    const { source, item, customer, minor } = credit.incoming;
    return [{ ...credit, incoming: { ...one.incoming, source, item, customer, minor } }];
  });
  return [...placed, ...loose.values()];
}

type Asked = { readonly incoming: Incoming; readonly offers: Offers };

/** One after the other: what is certain, and the credits that a proposal takes in, are no longer there for those that follow. */
function askInTurn(matcher: Matcher, money: readonly Waiting[], customerOf: CustomerOf): Asked[] {
  const spoken = new Set<ItemId>();
  return money.flatMap((waiting): Asked[] => {
    const { incoming } = waiting;
    if (incoming.item !== null && spoken.has(incoming.item)) return [];
    const offers = offersFor(matcher, waiting, customerOf);
    const { automatic } = offers;
    for (const { item } of offers.offers[0]?.candidate.credits ?? []) spoken.add(item);
    if (automatic !== null) {
      const own = incoming.item === null ? [] : [{ item: incoming.item, minor: moneyOfOffer(automatic) }];
      matcher.take({ parts: automatic.candidate.parts, credits: [...automatic.candidate.credits, ...own] });
    }
    return [{ incoming, offers }];
  });
}

function useOf({ incoming, offers }: Asked): Parameters<typeof applyUses>[1][number][] {
  const offer: Offer | null = offers.automatic;
  if (offer === null) return [];
  const { confidence, evidence } = offer.candidate;
  return [{ incoming, shares: offer.shares, confidence, evidence, automatic: true }];
}

async function noteLikely(t: Tenant, asked: readonly Asked[]): Promise<void> {
  if (asked.length === 0) return;
  await t.run(t.sql`
    ${t.update('bank_line', 'l')} set likely_customer_id = n.customer
    from unnest(${asked.map(({ incoming }) => incoming.id)}::bigint[], ${asked.map(({ offers }) => likelyCustomer(offers))}::bigint[]) as n(line, customer)
    where ${t.own('l')} and l.bank_line_id = n.line and l.likely_customer_id is distinct from n.customer`);
}
