import { buildMatcher } from '#core/matching/matcher.ts';
import type { Candidate, Incoming, Proposal } from '#core/matching/matching.ts';
import type { Clock } from '#core/kernel/clock.ts';
import type { Day } from '#core/kernel/day.ts';
import type { OrganisationId } from '#core/kernel/id.ts';
import { lockImports } from '#server/intake/import-lock.ts';
import type { Database } from '#server/plumbing/database.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { applyUses } from './apply.ts';
import type { By, MatchId } from './apply.ts';
import { loadFacts, loadIncoming, loadRules } from './facts-store.ts';
import { linkLedgerReceipts } from './link-receipts.ts';
import type { Linked } from './link-receipts.ts';

/** What matching said of one bank line; `match` when it was carried out, `linked` when the ledger had booked the money already. */
export type Matched = { readonly incoming: Incoming; readonly proposal: Proposal; readonly match: MatchId | null; readonly linked: Linked | null };

/** Bank lines looked at by one call, the oldest ones; the caller asks again. */
export const LINES_MAX = 100_000;

/** Whose lines are matched, and whether what is certain is carried out. */
export type MatchOptions = { readonly organisation: OrganisationId; readonly today: Day; readonly clock: Clock; readonly actor: string; readonly auto: boolean; readonly limit?: number };

/**
 * Proposes for every bank line that nobody placed yet, oldest first; with `auto` what is certain is carried out in the same transaction, all
 * of it or nothing. Whose money the others seem to be is noted: their customers are not chased until somebody has looked.
 */
export async function matchLines(database: Database, options: MatchOptions): Promise<Matched[]> {
  return database.inTenant(options.organisation, async (t) => {
    const by: By = { now: options.clock.now(), today: options.today, actor: options.actor };
    if (options.auto) await lockImports(t);
    const all = await loadIncoming(t, { limit: options.limit ?? LINES_MAX });
    if (all.length === 0) return [];
    const linked = new Map((options.auto ? await linkLedgerReceipts(t, by) : []).map((one) => [one.line, one]));
    const facts = await loadFacts(t, { customer: null });
    const loose = new Map(facts.credits.map((credit) => [credit.item, credit]));
    // Money that the ledger had booked and nobody allocated is still to be placed, with what the bank says of it.
    const incoming = all.flatMap((one): Incoming[] => {
      const link = linked.get(one.id);
      const credit = link === undefined ? undefined : loose.get(link.receipt);
      if (link === undefined) return [one];
      return credit === undefined ? [] : [{ ...one, source: 'credit', item: credit.item, customer: credit.customer, minor: credit.open }];
    });
    const settled = new Set(incoming.map(({ id }) => id));
    const known = all.flatMap((one): Matched[] => {
      const link = linked.get(one.id);
      return link === undefined || settled.has(one.id) ? [] : [{ incoming: one, linked: link, match: link.match, proposal: { incoming: one.id, candidates: [], complete: true, automatic: null, why: null, notices: [] } }];
    });
    const matcher = buildMatcher(facts, await loadRules(t));
    const proposals = incoming.map((one) => {
      const proposal = matcher.propose(one);
      // What is certain is no longer open for the lines after it, carried out now or not.
      if (proposal.automatic !== null) matcher.take(proposal.automatic);
      return { incoming: one, proposal };
    });
    if (!options.auto) return proposals.map((one) => ({ ...one, match: null, linked: null }));
    const certain = proposals.flatMap(({ incoming: one, proposal }) => (proposal.automatic === null ? [] : [{ incoming: one, candidate: proposal.automatic, automatic: true }]));
    const { made } = await applyUses(t, certain, by);
    await noteLikely(t, proposals.filter(({ incoming: one }) => !made.has(one.id) && one.item === null));
    return [...known, ...proposals.map((one) => ({ ...one, match: made.get(one.incoming.id) ?? null, linked: linked.get(one.incoming.id) ?? null }))];
  });
}

/** Evidence that says nothing of who paid. */
const SAYS_NOT_WHO: ReadonlySet<string> = new Set(['amountAlone']);

/** The customer that a line is likely of: the first candidate's, when something but the amount speaks for it. */
export function likelyCustomer(proposal: Proposal): Candidate['customer'] | null {
  const [first] = proposal.candidates;
  return first === undefined || first.evidence.every(({ code }) => SAYS_NOT_WHO.has(code)) ? null : first.customer;
}

async function noteLikely(t: Tenant, proposals: readonly { readonly incoming: Incoming; readonly proposal: Proposal }[]): Promise<void> {
  if (proposals.length === 0) return;
  await t.run(t.sql`
    ${t.update('bank_line', 'l')} set likely_customer_id = n.customer
    from unnest(${proposals.map(({ incoming }) => incoming.id)}::bigint[], ${proposals.map(({ proposal }) => likelyCustomer(proposal))}::bigint[]) as n(line, customer)
    where ${t.own('l')} and l.bank_line_id = n.line and l.likely_customer_id is distinct from n.customer`);
}
