import { divideHalfUp } from '#core/kernel/rounding.ts';
import type { OpenItem } from './statement-book.ts';
import type { PayingAccount, StatementCustomer } from './statement-customer.ts';
import { draftOf } from './statement-draft.ts';
import type { Draft, Scene } from './statement-draft.ts';
import type { Mess } from './statement-line.ts';
import { bare, digits, ibanOf, madeUpName } from './statement-names.ts';
import { spelled } from './statement-payments.ts';
import { emptyWords } from './statement-text.ts';

/** Fee of a bank in between, minor units: mostly some euros, for transfers from abroad up to 25.00. */
const FEE_MIN = 100;
const FEE_USUAL_MAX = 500;
const FEE_MAX = 2500;
const USUAL_FEE_CHANCE = 0.65;
/** Documents below are not worth a difference: 60.00. */
const WORTH_MIN = 6000n;
const DISCOUNT_PERCENT = 2n;

/** A payment of one document named by its whole number, whose amount is not what is open. */
function named(scene: Scene, mess: Mess, fits: (item: OpenItem) => boolean): { draft: Draft; item: OpenItem } | null {
  const item = scene.book.pick(scene.on, fits);
  if (item === null) return null;
  return { item, draft: { ...draftOf(scene, mess, { customer: item.owner, debits: [item] }), says: 'whole', refs: spelled(scene, [item]) } };
}

const worth = (item: OpenItem): boolean => item.left >= WORTH_MIN;

/** A share of a document, often a round sum; one in four without its number. */
export function part(scene: Scene): Draft | null {
  const found = named(scene, 'part', worth);
  if (found === null) return null;
  const { draft, item } = found;
  const share = divideHalfUp(item.left * BigInt(scene.random.between(25, 75)), 100n);
  const minor = scene.random.chance(0.6) ? share - (share % 1000n) : share;
  const payment = { ...draft, debits: [{ item, minor }] };
  return scene.random.chance(0.75) ? payment : { ...payment, says: 'nothing', refs: [], words: scene.random.pick(['ACOMPTE', 'VERSEMENT', 'REGLEMENT PARTIEL', 'VIREMENT']) };
}

/** A fee kept by a bank on the way. */
export function fees(scene: Scene): Draft | null {
  const found = named(scene, 'fees', worth);
  return found === null ? null : { ...found.draft, writeOff: { minor: BigInt(scene.random.between(FEE_MIN, scene.random.chance(USUAL_FEE_CHANCE) ? FEE_USUAL_MAX : FEE_MAX)), reason: 'bankFees' } };
}

/** Cents dropped, or the next whole euro. */
export function rounding(scene: Scene): Draft | null {
  const found = named(scene, 'rounding', worth);
  if (found === null) return null;
  const cents = found.item.left % 100n;
  if (scene.random.chance(0.3)) return { ...found.draft, left: 100n - cents };
  return { ...found.draft, writeOff: { minor: cents === 0n ? BigInt(scene.random.between(1, 9)) : cents, reason: 'rounding' } };
}

/** An early-payment discount: in time, or taken when it is no longer offered, and then a part payment. */
export function discount(scene: Scene): Draft | null {
  const { on, random } = scene;
  const inTime = random.chance(0.75);
  const found = named(scene, 'discount', (item) => worth(item) && item.left === item.amount && (inTime ? item.discount !== null && item.discount.until >= on : item.discount === null || item.discount.until < on));
  if (found === null) return null;
  const { draft, item } = found;
  if (inTime && item.discount !== null) return { ...draft, writeOff: { minor: item.left - item.discount.payable, reason: 'discount' } };
  return { ...draft, debits: [{ item, minor: item.left - divideHalfUp(item.left * DISCOUNT_PERCENT, 100n) }] };
}

/** A credit note taken off; its number is given in six of ten. */
export function creditNote(scene: Scene): Draft | null {
  const { book, random } = scene;
  const usable = (item: OpenItem): OpenItem | undefined => book.creditsOf(item.owner).find((one) => one.kind === 'creditNote' && one.left < item.left);
  const found = named(scene, 'creditNote', (item) => usable(item) !== undefined);
  const credit = found === null ? undefined : usable(found.item);
  if (found === null || credit === undefined) return null;
  const refs = random.chance(0.6) ? spelled(scene, [found.item, credit]) : found.draft.refs;
  return { ...found.draft, credits: [{ item: credit, minor: credit.left }], refs };
}

/** A company of the group pays for another, or for itself and another in one transfer; the numbers are given in eight of ten. */
export function group(scene: Scene): Draft | null {
  const { book, random, on } = scene;
  const others = (one: StatementCustomer): StatementCustomer[] => book.customers.filter((other) => other.group === one.group && other !== one && !book.hasPaidToday(other));
  const item = book.pick(on, (one) => one.owner.group !== null && others(one.owner).length > 0);
  if (item === null) return null;
  const payer = random.pick(others(item.owner));
  const own = book.debitsOf(payer).slice(0, 1);
  const items = random.chance(0.5) ? [item, ...own] : [item];
  for (const one of items) book.touch(one.owner);
  const draft = { ...draftOf(scene, 'group', { customer: payer, debits: items }), customer: items.length > 1 ? null : item.owner };
  return random.chance(0.8) ? { ...draft, says: 'whole', refs: spelled(scene, items) } : { ...draft, words: emptyWords(random) };
}

/** Somebody who is not the customer pays: a stranger, or another customer; the number is given but for one in seven. */
export function otherPayer(scene: Scene): Draft | null {
  const { book, random } = scene;
  const found = named(scene, 'otherPayer', () => true);
  if (found === null) return null;
  const { draft, item } = found;
  const stranger: PayingAccount = { iban: ibanOf(random), holder: bare(random.pick([`M ${madeUpName(random)}`, `ASSURANCES ${madeUpName(random)}`, `${madeUpName(random)} HOLDING`, `SCI ${madeUpName(random)}`])) };
  const customer = random.pick(book.customers);
  const account = random.chance(0.3) && customer !== item.owner ? random.pick(customer.accounts) : stranger;
  if (random.chance(0.85)) return { ...draft, account };
  return { ...draft, account, says: 'nothing', refs: [], words: `POUR LE COMPTE DE ${bare(item.owner.name)}`, fields: { ultimateName: item.owner.name } };
}

/** More than is open: an old price, a digit too many. */
export function overpaid(scene: Scene): Draft | null {
  const found = named(scene, 'overpaid', worth);
  return found === null ? null : { ...found.draft, left: BigInt(scene.random.between(1, 200)) * scene.random.pick([1n, 50n, 100n]) };
}

/** A document paid lately is paid again, with the same text: nothing is open on it. */
export function paidTwice(scene: Scene): Draft | null {
  const { book, on } = scene;
  const item = book.pick(on, (one) => book.paidOf(one.owner).length > 0);
  const old = item === null ? undefined : book.paidOf(item.owner).at(-1);
  if (item === null || old === undefined) return null;
  const draft = draftOf(scene, 'paidTwice', { customer: item.owner, debits: [] });
  return { ...draft, left: old.minor, says: 'whole', refs: spelled(scene, [old.item]) };
}

/** Several customers' cheques in one sum. */
export function cheques(scene: Scene): Draft | null {
  const { book, random, on } = scene;
  const items: OpenItem[] = [];
  for (let count = random.between(2, 5); count > 0; count -= 1) {
    const item = book.pick(on);
    if (item === null) break;
    book.touch(item.owner);
    items.push(item);
  }
  const [first] = items;
  if (first === undefined) return null;
  const draft = draftOf(scene, 'cheques', { customer: first.owner, debits: items });
  return { ...draft, customer: items.length > 1 ? null : first.owner, account: null, words: '', fields: { label: `REMISE CHEQUES N ${digits(random, 7)} ${items.length} CHQ` } };
}
