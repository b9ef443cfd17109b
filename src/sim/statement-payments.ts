import type { OpenItem } from './statement-book.ts';
import { draftOf } from './statement-draft.ts';
import type { Draft, Scene } from './statement-draft.ts';
import type { Mess } from './statement-line.ts';
import { structuredReference } from './statement-names.ts';
import { brokenUp, emptyWords, mistyped, orderNumber, periodWords, spellEnd, spellWhole } from './statement-text.ts';

/** Most documents of one transfer in a pay run. */
const RUN_MAX = 15;
/** A customer that keeps its way of spelling most of the time. */
const KEPT_WAY_CHANCE = 0.85;

/** The whole numbers of documents as the customer spells them. */
export function spelled(scene: Scene, items: readonly OpenItem[]): string[] {
  const { random } = scene;
  return items.map((item) => spellWhole(item.number, random.chance(KEPT_WAY_CHANCE) ? item.owner.spelling : random.between(0, 9)));
}

/** A whole payment of one document, to be spoken of in some way. */
function single(scene: Scene, mess: Mess, fits?: (item: OpenItem) => boolean): { draft: Draft; item: OpenItem } | null {
  const item = scene.book.pick(scene.on, fits);
  return item === null ? null : { item, draft: draftOf(scene, mess, { customer: item.owner, debits: [item] }) };
}

/** One document whole, its number whole: in the text, or for some in the structured field or the end-to-end id alone. */
export function exact(scene: Scene): Draft | null {
  const found = single(scene, 'exact');
  if (found === null) return null;
  const { draft, item } = found;
  const place = scene.random.next();
  if (place < 0.07) return { ...draft, says: 'whole', words: '', fields: { documents: [item.number] } };
  if (place < 0.12) return { ...draft, says: 'whole', words: emptyWords(scene.random), fields: { endToEndId: item.number } };
  return { ...draft, says: 'whole', refs: spelled(scene, [item]), fields: place < 0.2 ? { endToEndId: item.number } : {} };
}

/** The structured reference printed on the invoice, in its field or as text; the plain number where the firm prints none. */
export function byCreditorReference(scene: Scene): Draft | null {
  const found = single(scene, 'creditorReference');
  if (found === null) return null;
  const { draft, item } = found;
  if (!scene.book.structured) return { ...draft, says: 'whole', refs: [item.number] };
  const reference = structuredReference(item.number);
  if (scene.random.chance(0.7)) return { ...draft, says: 'whole', words: '', fields: { creditorReference: reference } };
  return { ...draft, says: 'whole', refs: [reference.replaceAll(/(.{4})(?=.)/g, '$1 ')] };
}

/** Our own direct debit, booked one by one. */
export function byDirectDebit(scene: Scene): Draft | null {
  const found = single(scene, 'directDebit', (item) => item.owner.debited);
  if (found === null) return null;
  const { draft, item } = found;
  return { ...draft, says: 'whole', words: 'PRELEVEMENT SEPA', fields: { endToEndId: item.number, mandateId: `MD-${item.customer}`, label: 'PRLV SEPA EMIS' } };
}

function severalOf(scene: Scene, min: number): { first: OpenItem; items: OpenItem[] } | null {
  const { book, random, on } = scene;
  const first = book.pick(on, (item) => book.debitsOf(item.owner).length >= min);
  if (first === null) return null;
  const open = book.debitsOf(first.owner);
  const count = Math.min(open.length, RUN_MAX, random.chance(0.3) ? open.length : random.between(min, min + 4));
  // A run takes what is due first, now and then leaving one out that nobody has approved.
  const kept = open.filter((_, at) => at < min || !random.chance(0.1));
  const items = (kept.length >= min ? kept : open).slice(0, count);
  return items.length < min ? null : { first, items };
}

/** Several documents, each by its whole number. */
export function several(scene: Scene): Draft | null {
  const found = severalOf(scene, 2);
  if (found === null) return null;
  return { ...draftOf(scene, 'several', { customer: found.first.owner, debits: found.items }), says: 'whole', refs: spelled(scene, found.items) };
}

/** Several documents, the first by its whole number and the others by their ends. */
export function listed(scene: Scene): Draft | null {
  const found = severalOf(scene, 2);
  if (found === null) return null;
  const { items } = found;
  const refs = items.map((item, at) => (at === 0 ? item.number : spellEnd(item.number, item.owner.spelling)));
  return { ...draftOf(scene, 'listed', { customer: found.first.owner, debits: items }), says: 'end', refs };
}

/** The end of the number alone. */
export function short(scene: Scene): Draft | null {
  const found = single(scene, 'short');
  return found === null ? null : { ...found.draft, says: 'end', refs: [spellEnd(found.item.number, found.item.owner.spelling)] };
}

/** The whole number with a space inside. */
export function broken(scene: Scene): Draft | null {
  const found = single(scene, 'broken');
  return found === null ? null : { ...found.draft, says: 'whole', refs: [brokenUp(scene.random, found.item.number)] };
}

/** The number with one character wrong. */
export function wrong(scene: Scene): Draft | null {
  const found = single(scene, 'mistyped');
  return found === null ? null : { ...found.draft, says: 'wrong', refs: [mistyped(scene.random, found.item.number)] };
}

/** One document mostly, at times the two oldest or all that is due. */
function someOf(scene: Scene, item: OpenItem): OpenItem[] {
  const open = scene.book.debitsOf(item.owner);
  const drawn = scene.random.next();
  if (drawn < 0.75) return [item];
  return drawn < 0.85 ? open.slice(0, 2) : open.filter((one) => one === item || (one.dueOn !== null && one.dueOn <= scene.on)).slice(0, RUN_MAX);
}

/** Words that name nothing. */
export function nameOnly(scene: Scene): Draft | null {
  const item = scene.book.pick(scene.on);
  return item === null ? null : { ...draftOf(scene, 'nameOnly', { customer: item.owner, debits: someOf(scene, item) }), words: emptyWords(scene.random) };
}

/** No words and no name, from an account that paid for this customer before. */
export function noText(scene: Scene): Draft | null {
  const { book, on, random } = scene;
  const item = book.pick(on, (one) => one.owner.accounts.some((account) => book.knows(account.iban, one.owner)));
  if (item === null) return null;
  const known = item.owner.accounts.filter((account) => book.knows(account.iban, item.owner));
  const account = { iban: random.pick(known).iban, holder: '' };
  return { ...draftOf(scene, 'noText', { customer: item.owner, debits: someOf(scene, item) }), account, words: '', fields: { label: 'VIR INSTANTANE RECU' } };
}

/** The payer's own order number, which our books do not have. */
export function ownNumber(scene: Scene): Draft | null {
  const found = single(scene, 'ownNumber');
  return found === null ? null : { ...found.draft, words: orderNumber(scene.random, scene.on) };
}

/** The text of an earlier payment: the number of a document paid already. */
export function oldReference(scene: Scene): Draft | null {
  const { book } = scene;
  const found = single(scene, 'oldReference', (item) => book.paidOf(item.owner).length > 0);
  if (found === null) return null;
  const old = scene.random.pick(book.paidOf(found.item.owner)).item;
  return { ...found.draft, says: 'wrong', refs: spelled(scene, [old]) };
}

/** The whole number of another open document of the payer, and not of the one that is paid. */
export function otherDocument(scene: Scene): Draft | null {
  const { book } = scene;
  const others = (item: OpenItem): OpenItem[] => book.debitsOf(item.owner).filter((one) => one !== item && one.left !== item.left);
  const found = single(scene, 'otherDocument', (item) => others(item).length > 0);
  return found === null ? null : { ...found.draft, says: 'wrong', refs: spelled(scene, [scene.random.pick(others(found.item))]) };
}

/** All documents of the oldest one's month, named by the month. */
export function period(scene: Scene): Draft | null {
  const found = severalOf(scene, 2);
  if (found === null) return null;
  const open = scene.book.debitsOf(found.first.owner);
  const month = found.first.issuedOn.slice(0, 7);
  const items = open.filter((one) => one.issuedOn.startsWith(month));
  return { ...draftOf(scene, 'period', { customer: found.first.owner, debits: items }), words: periodWords(scene.random, found.first.issuedOn) };
}

/** One of two open documents of one amount, named by its number or by nothing. */
export function sameAmount(scene: Scene): Draft | null {
  const { book, random } = scene;
  const twin = (item: OpenItem): boolean => item.owner.subscription !== null && book.debitsOf(item.owner).filter((one) => one.left === item.left).length > 1;
  const found = single(scene, 'sameAmount', twin);
  if (found === null) return null;
  return random.chance(0.6) ? { ...found.draft, says: 'whole', refs: spelled(scene, [found.item]) } : { ...found.draft, words: emptyWords(random) };
}
