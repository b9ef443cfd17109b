import type { OrganisationId } from '#core/kernel/id.ts';
import { buildMatcher } from '#core/matching/matcher.ts';
import type { Matcher } from '#core/matching/matching.ts';
import type { Database } from '#server/plumbing/database.ts';
import { planInBulk } from '#server/plumbing/tenant.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { loadFacts } from './facts-store.ts';
import { customersOf } from './propose.ts';
import type { CustomerOf } from './propose.ts';
import { loadRules } from './settings.ts';

/** A matcher for screens. */
export type ReadyMatcher = { readonly matcher: Pick<Matcher, 'propose'>; readonly customerOf: CustomerOf };

type Built = { readonly matcher: Matcher; readonly customerOf: CustomerOf; readonly items: number };

/** Organisations whose matcher is kept: one of 100,000 open items takes some hundred megabytes. */
const KEPT_MAX = 3;

/** Below so many open items building takes no longer than a person waits; above, a placing is told to the matcher at hand, so that the next line comes at once. */
const ADVANCED_ITEMS_MIN = 20_000;
/** After so many placings it is built anew, and then knows too what they taught of their payers. */
const ADVANCES_MAX = 10;

type Kept = { readonly head: string; readonly advances: number; readonly ready: Promise<Built> };

/** Matchers in use, the last one asked for at the end; each database (there are several in tests) has its own. */
const kept = new WeakMap<Database, Map<OrganisationId, Kept>>();

/**
 * The matcher of what the caller's transaction sees. It is built anew when the event chain has moved: every change of the ledger, the rules
 * or the payer memory records an event, so the same head is the same ledger. The transaction must read one snapshot.
 */
export async function matcherFor(database: Database, t: Tenant): Promise<ReadyMatcher> {
  const head = await readHead(t);
  const ofDatabase = kept.get(database) ?? new Map<OrganisationId, Kept>();
  kept.set(database, ofDatabase);
  const known = ofDatabase.get(t.organisation);
  ofDatabase.delete(t.organisation);
  const current = known?.head === head ? known : { head, advances: 0, ready: build(t) };
  ofDatabase.set(t.organisation, current);
  for (const organisation of ofDatabase.keys()) {
    if (ofDatabase.size <= KEPT_MAX) break;
    ofDatabase.delete(organisation);
  }
  try {
    return await current.ready;
  } catch (error) {
    if (ofDatabase.get(t.organisation) === current) ofDatabase.delete(t.organisation);
    if (current === known) return build(t);
    throw error;
  }
}

async function readHead(t: Tenant): Promise<string> {
  const row = await t.one<{ head: string }>(t.sql`select h.seq || ' ' || encode(h.hash, 'hex') as head from ${t.from('event_head')} h`);
  if (row === null) throw new Error('the organisation has no event chain');
  return row.head;
}

/** The last event of the chain as a step from one head to the next. */
export type Step = { readonly from: string; readonly to: string };

/** The step that the caller's transaction made by recording one event. */
export async function lastStep(t: Tenant): Promise<Step> {
  const row = await t.one<{ from: string; to: string }>(t.sql`
    select (e.seq - 1) || ' ' || encode(e.previous_hash, 'hex') as "from", e.seq || ' ' || encode(e.hash, 'hex') as "to"
    from ${t.from('event_head')} h join ${t.from('event')} e on e.seq = h.seq`);
  if (row === null) throw new Error('nothing was recorded');
  return row;
}

/**
 * Tells the matcher of a large organisation what a committed placing used, so that it need not be built anew for the next line. Only where it
 * stood just before that placing, which must have left nothing loose: a new credit is none that it knows.
 */
export async function advanceMatcher(database: Database, organisation: OrganisationId, of: { readonly step: Step; readonly used: Parameters<Matcher['take']>[0] }): Promise<void> {
  const ofDatabase = kept.get(database);
  const known = ofDatabase?.get(organisation);
  if (ofDatabase === undefined || known === undefined || known.head !== of.step.from) return;
  const { matcher, items } = await known.ready;
  if (items < ADVANCED_ITEMS_MIN || known.advances >= ADVANCES_MAX || ofDatabase.get(organisation) !== known) return;
  ofDatabase.delete(organisation);
  try {
    matcher.take(of.used);
  } catch {
    // It saw other books than the placing did: it stays out, and the next one to ask has it built anew.
    return;
  }
  ofDatabase.set(organisation, { head: of.step.to, advances: known.advances + 1, ready: known.ready });
}

async function build(t: Tenant): Promise<Built> {
  await planInBulk(t);
  const facts = await loadFacts(t);
  // What follows in the transaction finds single rows.
  await t.run(t.sql`select set_config('enable_nestloop', 'on', true)`);
  return { matcher: buildMatcher(facts, await loadRules(t)), customerOf: customersOf(facts), items: facts.debits.length + facts.credits.length };
}
