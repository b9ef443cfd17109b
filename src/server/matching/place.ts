import type { CustomerId, ItemId, OrganisationId } from '#core/kernel/id.ts';
import type { Currency } from '#core/kernel/currency.ts';
import { parseDecimal } from '#core/kernel/money.ts';
import type { Candidate, Part } from '#core/matching/matching.ts';
import type { Database } from '#server/plumbing/database.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { applyUses } from './apply.ts';
import type { By, MatchId } from './apply.ts';
import { amountWords, conflict, invalid, unknown } from './faults.ts';
import { inTurn } from './in-turn.ts';
import { learnRefusal } from './learn.ts';
import type { LineKey } from './line-keys.ts';
import { advanceMatcher, lastStep, matcherFor } from './matcher-cache.ts';
import { likelyCustomer, offersFor } from './propose.ts';
import type { Offers } from './propose.ts';
import { moneyOfShare } from './shares.ts';
import type { LetGo, Share } from './shares.ts';
import { loadCredits, loadLines } from './waiting.ts';
import type { Waiting } from './waiting.ts';

/** Amounts as a person typed them, plain decimal texts in the currency of the line. */
export type AskedPart = { readonly item: ItemId; readonly amount: string };

/** What a person puts on one customer's account. */
export type AskedUse = {
  readonly customer: CustomerId;
  readonly parts: readonly AskedPart[];
  readonly credits: readonly AskedPart[];
  readonly writeOff: { readonly amount: string; readonly reason: string; readonly note: string | null } | null;
};

/** Money that waits, by its key; null when there is none, or none any more. */
export async function loadWaiting(t: Tenant, key: LineKey): Promise<Waiting | null> {
  const found = key.kind === 'bankLine' ? await loadLines(t, { limit: 1, line: key.line }) : await loadCredits(t, { limit: 1, item: key.item });
  return found[0] ?? null;
}

const snapshot = { isolation: 'repeatable read', readOnly: true } as const;

/** What waits under a key and what is proposed for it now; null when nothing does. */
export function readOffers(database: Database, organisation: OrganisationId, key: LineKey): Promise<{ waiting: Waiting; offers: Offers } | null> {
  return database.inTenant(organisation, async (t) => {
    const waiting = await loadWaiting(t, key);
    if (waiting === null) return null;
    const { matcher, customerOf } = await matcherFor(database, t);
    return { waiting, offers: offersFor(matcher, waiting, customerOf) };
  }, snapshot);
}

/** Why nothing waits under a key: it never was, or somebody placed it. */
export async function whyGone(t: Tenant, key: LineKey): Promise<Error> {
  const gone = key.kind === 'bankLine'
    ? await t.one<{ placed: boolean; dismissed: boolean }>(t.sql`select l.item_id is not null as placed, l.dismissed_at is not null as dismissed from ${t.from('bank_line')} l where l.bank_line_id = ${key.line}::bigint and l.voided_at is null`)
    : await t.one<{ placed: boolean; dismissed: boolean }>(t.sql`select i.allocated >= i.amount as placed, false as dismissed from ${t.from('item')} i where i.item_id = ${key.item}::bigint and i.side = 'credit' and i.voided_at is null`);
  if (gone === null) return unknown('Cette ligne n’existe pas ou plus.', 'This line does not exist or no longer does.');
  if (gone.placed) return conflict('Quelqu’un vient de placer cette ligne : elle n’est plus à placer.', 'Somebody has just placed this line: it is no longer to be placed.');
  if (gone.dismissed) return conflict('Cette ligne a été écartée comme n’étant pas d’un client : remettez-la à placer d’abord.', 'This line was set aside as no customer’s: put it back first.');
  return conflict('Cette ligne n’est pas à placer : elle est reprise par un rejet, attend une vérification, ou rien n’est ouvert en face.', 'This line is not to be placed: a return took it back, it waits for a check, or nothing is open beside it.');
}

/**
 * Carries out what a person decided on a line, whole or not at all. Where it is one of the proposals its evidence is kept with it; where the
 * payer was taken for another customer that one fades. Throws a `MatchingFault`.
 */
export async function placeByPerson(database: Database, organisation: OrganisationId, of: { readonly key: LineKey; readonly uses: readonly AskedUse[]; readonly by: By }): Promise<MatchId> {
  const { key, uses, by } = of;
  const before = await readOffers(database, organisation, key);
  const done = await inTurn(database, organisation, async (t) => {
    const waiting = before === null ? null : await loadWaiting(t, key);
    if (before === null || waiting === null) throw await whyGone(t, key);
    const { incoming } = waiting;
    const shares = readShares(waiting, uses);
    await checkCustomers(t, waiting, shares);
    const meant = before.offers.offers.find((offer) => sameShares(offer.shares, shares))?.candidate ?? null;
    const { made } = await applyUses(t, [{ incoming, shares, automatic: false, confidence: meant?.confidence ?? null, evidence: meant?.evidence ?? [] }], by);
    const match = made.get(incoming.id);
    if (match === undefined) throw await whyGone(t, key);
    const supposed = incoming.item === null ? likelyCustomer(before.offers) : null;
    const overruled = supposed !== null && !shares.some(({ customer }) => customer === supposed);
    if (overruled) await learnRefusal(t, incoming, { customer: supposed, today: by.today });
    const left = shares.reduce((rest, share) => rest - moneyOfShare(share), incoming.minor);
    return { match, shares, step: left === 0n && incoming.item === null && !overruled ? await lastStep(t) : null };
  });
  const { step } = done;
  if (step !== null) await advanceMatcher(database, organisation, { step, used: { parts: done.shares.flatMap(({ parts }) => parts), credits: done.shares.flatMap(({ credits }) => credits) } });
  return done.match;
}

/** A person's uses in minor units, checked as far as they can be without looking at the documents. */
function readShares({ incoming }: Waiting, uses: readonly AskedUse[]): Share[] {
  const { currency, minor } = incoming;
  if (uses.length === 0) throw invalid('uses', 'Dites à quel client va cet argent.', 'Say which customer this money goes to.');
  if (new Set(uses.map(({ customer }) => customer)).size < uses.length) throw invalid('uses', 'Le même client est nommé deux fois : réunissez ses pièces.', 'The same customer is named twice: put its documents together.');
  const items = uses.flatMap(({ parts, credits }) => [...parts, ...credits].map(({ item }) => item));
  if (new Set(items).size < items.length) throw invalid('parts', 'La même pièce est choisie deux fois.', 'The same document is chosen twice.');
  if (incoming.item !== null && items.includes(incoming.item)) throw invalid('credits', 'Ce crédit ne peut pas se servir lui-même.', 'This credit cannot take itself in.');
  const shares = uses.map((use) => readShare(use, currency));
  const taken = shares.map(moneyOfShare);
  shares.forEach((share, at) => {
    const money = taken[at] ?? 0n;
    const partsOf = share.parts.reduce((sum, part) => sum + part.minor, 0n);
    if (share.writeOff !== null && share.writeOff.minor > partsOf) throw invalid('writeOff', 'L’abandon dépasse les pièces qu’il solde.', 'What is let go is more than the documents it settles.');
    if (money < 0n) throw invalid('credits', 'Les crédits et l’abandon dépassent les pièces choisies : enlevez-en.', 'The credits and what is let go are more than the documents chosen: take some out.');
    if (money === 0n && (at > 0 || incoming.item !== null)) throw invalid('uses', 'Chaque client doit recevoir une part de cet argent.', 'Each customer must get a part of this money.');
  });
  const sum = taken.reduce((total, money) => total + money, 0n);
  if (sum > minor) {
    const over = amountWords(sum - minor, currency);
    throw invalid('amount', `Les montants dépassent de ${over.fr} ce qui a été reçu : réduisez-les.`, `The amounts are ${over.en} more than was received: lower them.`);
  }
  return shares;
}

function readShare({ customer, parts, credits, writeOff }: AskedUse, currency: Currency): Share {
  return {
    customer, parts: parts.map((part) => readPart(part, 'parts', currency)), credits: credits.map((part) => readPart(part, 'credits', currency)),
    writeOff: writeOff === null ? null : ({ minor: readAmount(writeOff.amount, 'writeOff', currency), reason: writeOff.reason, note: writeOff.note } satisfies LetGo),
  };
}

const readPart = ({ item, amount }: AskedPart, field: string, currency: Currency): Part => ({ item, minor: readAmount(amount, field, currency) });

/** An amount above zero with no more digits than its currency has. */
export function readAmount(text: string, field: string, currency: Currency): bigint {
  const amount = parseDecimal(text, currency);
  if (amount === null) throw invalid(field, `« ${text.slice(0, 30)} » n’est pas un montant en ${currency}.`, `"${text.slice(0, 30)}" is not an amount in ${currency}.`);
  if (amount.minor <= 0n) throw invalid(field, 'Un montant doit être au-dessus de zéro.', 'An amount must be above zero.');
  return amount.minor;
}

async function checkCustomers(t: Tenant, { incoming }: Waiting, shares: readonly Share[]): Promise<void> {
  if (incoming.customer !== null && shares.some(({ customer }) => customer !== incoming.customer)) {
    throw invalid('uses', 'Ce crédit est sur le compte d’un client : il ne peut payer que ses pièces.', 'This credit is on a customer’s account: it can pay that customer’s documents only.');
  }
  const wanted = shares.map(({ customer }) => customer);
  const rows = await t.rows<{ id: string }>(t.sql`select c.customer_id::text as id from ${t.from('customer')} c where c.customer_id = any(${wanted}::bigint[]) and c.voided_at is null`);
  if (rows.length < wanted.length) throw invalid('uses', 'Un des clients choisis n’existe pas ou plus : choisissez-en un autre.', 'One of the customers chosen does not exist or no longer does: choose another one.');
}

/** Whether two splits do the same, in whatever order. */
function sameShares(one: readonly Share[], other: readonly Share[]): boolean {
  const textOf = (shares: readonly Share[]): string => shares.map(({ customer, parts, credits, writeOff }) => {
    const listed = (list: Candidate['parts']): string => list.map(({ item, minor }) => `${item}:${minor}`).sort().join(' ');
    return `${customer}|${listed(parts)}|${listed(credits)}|${writeOff === null ? '' : `${writeOff.minor} ${writeOff.reason}`}`;
  }).sort().join('\n');
  return textOf(one) === textOf(other);
}
