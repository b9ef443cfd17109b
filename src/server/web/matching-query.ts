import type { CustomerRef, DismissedView, LinePage, LineView, MatchingSummary, OpenAccount, OpenLineView, PartView, PlacedView, ProposalView } from '#core/api/matching.ts';
import type { Currency } from '#core/kernel/currency.ts';
import { parseDay } from '#core/kernel/day.ts';
import type { Day } from '#core/kernel/day.ts';
import type { CustomerId, OrganisationId } from '#core/kernel/id.ts';
import { decimal, money } from '#core/kernel/money.ts';
import { evidenceWords } from '#core/matching/evidence-words.ts';
import type { Part } from '#core/matching/matching.ts';
import { parseLineKey, keyOfIncoming } from '#server/matching/line-keys.ts';
import { matcherFor } from '#server/matching/matcher-cache.ts';
import { listDismissed, listPlaced } from '#server/matching/placed-store.ts';
import type { DismissedRow, PlacedGesture } from '#server/matching/placed-store.ts';
import { offersFor, whyWaitsWords } from '#server/matching/propose.ts';
import type { Offer, Offers } from '#server/matching/propose.ts';
import { readStanding } from '#server/matching/summary.ts';
import { fixedWords } from '#server/matching/undo-match.ts';
import { loadCredits, loadLines, wordsOf } from '#server/matching/waiting.ts';
import type { After, BankRow, Waiting } from '#server/matching/waiting.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import type { WebContext } from './context.ts';
import { namesOf } from './import-found.ts';

/** Items of one side of an account that a page shows; a longer account is placed from a narrower choice. */
const ACCOUNT_ITEMS_MAX = 2000;

const snapshot = { isolation: 'repeatable read', readOnly: true } as const;

/** How a list is asked for. */
export type LinesAsked = { readonly after?: string | undefined; readonly limit: number; readonly search: string };

/** Money that waits, with what is proposed for it. */
export type Found = { readonly waiting: Waiting; readonly offers: Offers };

const textOf = (minor: bigint | string, currency: Currency): string => decimal(money(BigInt(minor), currency));
const lastOfIban = (iban: string | null): string | null => (iban === null ? null : iban.replaceAll(/\s/g, '').slice(-4));

type Said = Pick<LineView, 'payer' | 'payerIban' | 'text' | 'references'>;

function saidOf({ payer, references, text }: ReturnType<typeof wordsOf>): Said {
  const written = [references.creditorReference, references.endToEndId, references.mandateId, ...references.documents].flatMap((one) => (one === null || one === '' ? [] : [one]));
  return { payer: payer.name ?? payer.ultimateName, payerIban: lastOfIban(payer.iban), text, references: [...new Set(written)] };
}

type ItemRow = { item: string; customer: string; document: string | null; label: string | null; kind: string; issued_on: Day; due_on: Day | null; open: string; currency: Currency };

/** Names of the customers and items that proposals speak of. */
type Names = { readonly customer: (id: string) => CustomerRef; readonly item: (id: string) => ItemRow };

async function readNames(t: Tenant, found: readonly Found[]): Promise<Names> {
  const candidates = found.flatMap(({ offers }) => offers.offers.map(({ candidate }) => candidate));
  const items = await t.rows<ItemRow>(t.sql`
    select i.item_id as item, i.customer_id as customer, i.document, i.label, i.kind, i.issued_on, i.due_on, (i.amount - i.allocated)::text as open, i.currency from ${t.from('item')} i
    where i.item_id = any(${[...new Set(candidates.flatMap(({ parts, credits }) => [...parts, ...credits].map(({ item }) => item)))]}::bigint[])`);
  const wanted = new Set([
    ...items.map((row) => row.customer), ...candidates.map(({ customer }) => customer), ...found.flatMap(({ waiting }) => [waiting.likely ?? [], waiting.incoming.customer ?? []].flat()),
  ]);
  const customers = await t.rows<CustomerRef>(t.sql`select c.customer_id::text as id, c.code, c.name from ${t.from('customer')} c where c.customer_id = any(${[...wanted]}::bigint[])`);
  const byId = new Map(customers.map((row) => [row.id, row]));
  const byItem = new Map(items.map((row) => [row.item, row]));
  const must = <Row>(row: Row | undefined, id: string): Row => {
    if (row === undefined) throw new Error(`a proposal speaks of ${id}, which is not there`);
    return row;
  };
  return { customer: (id) => must(byId.get(id), id), item: (id) => must(byItem.get(id), id) };
}

function partOf(names: Names, { item, minor }: Part): PartView {
  const row = names.item(item);
  return {
    item, customer: names.customer(row.customer), document: row.document, label: row.label, kind: row.kind, issuedOn: row.issued_on, dueOn: row.due_on, open: textOf(row.open, row.currency),
    amount: textOf(minor, row.currency),
  };
}

function proposalOf(names: Names, { candidate }: Offer, currency: Currency): ProposalView {
  const { customer, parts, credits, writeOff, left, confidence, evidence } = candidate;
  return {
    customer: names.customer(customer), parts: parts.map((part) => partOf(names, part)), credits: credits.map((part) => partOf(names, part)),
    writeOff: writeOff === null ? null : { amount: textOf(writeOff.minor, currency), reason: writeOff.reason }, left: textOf(left, currency), confidence, evidence: evidence.map(evidenceWords),
  };
}

function openLineOf(names: Names, { waiting, offers }: Found): OpenLineView {
  const { incoming, account, likely } = waiting;
  const { source, bookedOn, minor, currency, customer } = incoming;
  return {
    key: keyOfIncoming(incoming), kind: source, bookedOn, amount: textOf(minor, currency), currency, account, ...saidOf(incoming), customer: customer === null ? null : names.customer(customer),
    holdsBack: likely === null ? null : names.customer(likely), proposals: offers.offers.map((offer) => proposalOf(names, offer, currency)), complete: offers.complete,
    why: offers.why === null ? null : whyWaitsWords(offers.why), notices: offers.notices.map(evidenceWords),
  };
}

/** Views of lines with their proposals, in the transaction they were read in. */
export async function openLinesOf(t: Tenant, found: readonly Found[]): Promise<OpenLineView[]> {
  const names = await readNames(t, found);
  return found.map((one) => openLineOf(names, one));
}

/** "2026-03-02.line-12": the line after which the next page begins. */
const cursorOf = ({ incoming }: Waiting): string => `${incoming.bookedOn}.${keyOfIncoming(incoming)}`;

type Cursor = { readonly kind: 'bankLine' | 'credit'; readonly after: After };

function readCursor(text: string | undefined): Cursor | null {
  const [on = '', key = ''] = (text ?? '').split('.');
  const day = parseDay(on);
  const parsed = parseLineKey(key);
  if (day === null || parsed === null) return null;
  return parsed.kind === 'bankLine' ? { kind: 'bankLine', after: { on: day, id: parsed.line } } : { kind: 'credit', after: { on: day, id: parsed.item } };
}

/** A page of what waits: bank lines first, oldest first, then credits of the accounts. */
export function readOpenPage(web: WebContext, organisation: OrganisationId, asked: LinesAsked): Promise<LinePage<OpenLineView>> {
  return web.database.inTenant(organisation, async (t) => {
    const cursor = readCursor(asked.after);
    const most = asked.limit + 1;
    const lines = cursor?.kind === 'credit' ? [] : await loadLines(t, { limit: most, search: asked.search, after: cursor?.after ?? null });
    const credits = lines.length === most ? [] : await loadCredits(t, { limit: most - lines.length, search: asked.search, after: cursor?.kind === 'credit' ? cursor.after : null });
    const all = [...lines, ...credits];
    const shown = all.slice(0, asked.limit);
    const last = all.length > asked.limit ? shown.at(-1) : undefined;
    if (shown.length === 0) return { lines: [], next: null };
    const { matcher, customerOf } = await matcherFor(web.database, t);
    const found = shown.map((waiting) => ({ waiting, offers: offersFor(matcher, waiting, customerOf) }));
    return { lines: await openLinesOf(t, found), next: last === undefined ? null : cursorOf(last) };
  }, snapshot);
}

function placedOf({ row, fixed }: PlacedGesture, nameOf: (actor: string) => string): PlacedView {
  const { currency, undone_at: at, undone_by: undoneBy } = row;
  const text = (minor: string): string => textOf(minor, currency);
  const said = saidOf(wordsOf(row));
  // What is let go without money is a credit whose label is the reason: the note says more.
  const words = row.write_off === row.amount ? (row.note ?? '') : (row.own_label ?? '');
  return {
    key: row.line === null ? `credit-${row.credit}` : `line-${row.line}`, kind: row.line === null ? 'credit' : 'bankLine', bookedOn: row.booked_on, amount: text(row.amount), currency, account: row.account,
    ...said, text: row.line === null ? words : said.text, match: row.gesture, customers: row.customers, documents: row.settled.map(({ document, amount }) => ({ document, amount: text(amount) })),
    writeOff: row.write_off === null ? null : { amount: text(row.write_off), reason: row.write_off_reason ?? '' }, left: text(row.loose), automatic: row.automatic, confidence: row.confidence,
    evidence: row.evidence.map(evidenceWords), madeAt: row.made_at, actor: nameOf(row.actor),
    undone: at === null ? null : { at, actor: nameOf(undoneBy ?? ''), reason: row.undone_reason ?? '' }, fixed: fixed === null ? null : fixedWords(fixed),
  };
}

/** What was placed, the latest first. */
export async function readPlacedPage(web: WebContext, organisation: OrganisationId, asked: LinesAsked): Promise<LinePage<PlacedView>> {
  const before = /^\d{1,18}$/.test(asked.after ?? '') ? (asked.after ?? null) : null;
  const found = await web.database.inTenant(organisation, (t) => listPlaced(t, { before, limit: asked.limit + 1, search: asked.search }), snapshot);
  const shown = found.slice(0, asked.limit);
  const names = await namesOf(web, shown.flatMap(({ row }) => [row.actor, row.undone_by ?? []].flat()));
  const last = found.length > asked.limit ? shown.at(-1) : undefined;
  return { lines: shown.map((one) => placedOf(one, (actor) => names.get(actor) ?? actor)), next: last?.row.gesture ?? null };
}

function dismissedOf(row: DismissedRow & BankRow, name: string): DismissedView {
  const { line, booked_on: bookedOn, amount, currency, account, reason, note, at } = row;
  return { key: `line-${line}`, kind: 'bankLine', bookedOn, amount: textOf(amount, currency), currency, account, ...saidOf(wordsOf(row)), reason, note, at, actor: name };
}

/** What a person set aside, the latest first. */
export async function readDismissedPage(web: WebContext, organisation: OrganisationId, asked: Omit<LinesAsked, 'search'>): Promise<LinePage<DismissedView>> {
  const [, at, id] = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z)_(\d{1,18})$/.exec(asked.after ?? '') ?? [];
  const found = await web.database.inTenant(organisation, (t) => listDismissed(t, { after: at === undefined || id === undefined ? null : { at, id }, limit: asked.limit + 1 }), snapshot);
  const shown = found.slice(0, asked.limit);
  const names = await namesOf(web, shown.map((row) => row.actor));
  const last = found.length > asked.limit ? shown.at(-1) : undefined;
  return { lines: shown.map((row) => dismissedOf(row, names.get(row.actor) ?? row.actor)), next: last === undefined ? null : `${last.at}_${last.line}` };
}

/** What is open on a customer's account in a currency, first due first; null when there is no such customer. */
export async function readAccount(t: Tenant, customer: CustomerId, currency: Currency): Promise<OpenAccount | null> {
  const ref = await t.one<CustomerRef>(t.sql`select c.customer_id::text as id, c.code, c.name from ${t.from('customer')} c where c.customer_id = ${customer}::bigint and c.voided_at is null`);
  if (ref === null) return null;
  const side = async (wanted: 'debit' | 'credit'): Promise<ItemRow[]> => t.rows<ItemRow>(t.sql`
    select i.item_id as item, i.customer_id as customer, i.document, i.label, i.kind, i.issued_on, i.due_on, (i.amount - i.allocated)::text as open, i.currency from ${t.from('item')} i
    where i.customer_id = ${customer}::bigint and i.currency = ${currency} and i.side = ${wanted} and i.allocated < i.amount and i.voided_at is null
    order by coalesce(i.due_on, i.issued_on), i.issued_on, i.document, i.item_id limit ${ACCOUNT_ITEMS_MAX + 1}`);
  const [debits, credits] = [await side('debit'), await side('credit')];
  const viewOf = (row: ItemRow): PartView => {
    const open = textOf(row.open, row.currency);
    return { item: row.item, customer: ref, document: row.document, label: row.label, kind: row.kind, issuedOn: row.issued_on, dueOn: row.due_on, open, amount: open };
  };
  return {
    customer: ref, debits: debits.slice(0, ACCOUNT_ITEMS_MAX).map(viewOf), credits: credits.slice(0, ACCOUNT_ITEMS_MAX).map(viewOf),
    truncated: debits.length > ACCOUNT_ITEMS_MAX || credits.length > ACCOUNT_ITEMS_MAX,
  };
}

/** Where the lettrage stands. */
export async function readMatchingSummary(t: Tenant): Promise<MatchingSummary> {
  const { lines, credits, sums, placed, dismissed, automatic, noBank } = await readStanding(t);
  return { open: { lines, credits, sums: sums.map(({ currency, minor }) => ({ currency, amount: textOf(minor, currency) })) }, placed, dismissed, automatic, noBank };
}
