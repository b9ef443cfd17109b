import type { Day } from '#core/kernel/day.ts';
import type { Random } from '#core/kernel/random.ts';
import type { Book, OpenItem } from './statement-book.ts';
import type { PayingAccount, StatementCustomer } from './statement-customer.ts';
import { SMALL_GAP } from './statement-line.ts';
import type { Clarity, Mess, Part, StatementLine, Truth } from './statement-line.ts';
import { endsWith } from './statement-text.ts';

/** Where and when a line is drawn. */
export type Scene = { readonly book: Book; readonly random: Random; readonly on: Day };

/** A payment before its bank writes it down: what it settles, and what the payer says about it. */
export type Draft = {
  readonly mess: Mess;
  /** Whose account the money belongs to; null for several, or for nobody's. */
  readonly customer: StatementCustomer | null;
  /** Null when the line has no payer of its own: a deposit of cheques. */
  readonly account: PayingAccount | null;
  readonly debits: readonly { readonly item: OpenItem; readonly minor: bigint }[];
  readonly credits: readonly { readonly item: OpenItem; readonly minor: bigint }[];
  readonly left: bigint;
  readonly writeOff: Truth['writeOff'];
  /** The references as spelled in the text, in order; `says` tells how. */
  readonly refs: readonly string[];
  readonly says: 'whole' | 'end' | 'wrong' | 'nothing';
  /** Words instead of a sentence around the references. */
  readonly words: string | null;
  readonly fields: Partial<Pick<StatementLine, 'creditorReference' | 'endToEndId' | 'mandateId' | 'documents' | 'label' | 'returned'>> & { readonly ultimateName?: string };
};

/** A draft of one customer with its usual account, to be completed. */
export function draftOf(scene: Scene, mess: Mess, of: { customer: StatementCustomer; debits: readonly OpenItem[] }): Draft {
  const { customer, debits } = of;
  return {
    mess, customer, account: scene.random.pick(customer.accounts), debits: debits.map((item) => ({ item, minor: item.left })), credits: [], left: 0n, writeOff: null,
    refs: [], says: 'nothing', words: null, fields: {},
  };
}

const sum = (parts: readonly { readonly minor: bigint }[]): bigint => parts.reduce((total, part) => total + part.minor, 0n);

/** The money that moves. */
export const amountOf = (draft: Draft): bigint => sum(draft.debits) - sum(draft.credits) + draft.left - (draft.writeOff?.minor ?? 0n);

const partsOf = (parts: Draft['debits']): Part[] => parts.map(({ item, minor }) => ({ item: item.key, minor }));

/** The truth of a draft whose text is written: `told` says who can be told from name and account, `whole` that no reference was cut off. */
export function truthOf(scene: Scene, draft: Draft, seen: { told: boolean; whole: boolean }): Truth {
  return {
    mess: draft.mess, clarity: clarityOf(scene, draft, seen), customer: draft.customer?.code ?? null, parts: partsOf(draft.debits), credits: partsOf(draft.credits), left: draft.left, writeOff: draft.writeOff,
  };
}

function clarityOf(scene: Scene, draft: Draft, seen: { told: boolean; whole: boolean }): Clarity {
  if (draft.debits.length === 0) return 'unknowable';
  const named = seen.whole && (draft.says === 'whole' || (draft.says === 'end' && seen.told && endsAreUnique(scene, draft)));
  if (named && isExplained(draft)) return 'text';
  const creditFound = draft.customer !== null && draft.credits.length === 1 && scene.book.creditsOf(draft.customer).filter((one) => one.left === draft.credits[0]?.minor).length === 1;
  // Short by more than fees usually are: nobody can tell a fee from a part payment.
  if (draft.writeOff?.reason === 'bankFees') return 'unknowable';
  if (draft.mess === 'period' && seen.told) return 'reasoned';
  if (named && (draft.credits.length === 0 || creditFound)) return 'reasoned';
  return seen.told && isOnlyWay(scene, draft) ? 'reasoned' : 'unknowable';
}

/** Each abridged number fits one open document of the payer alone. */
function endsAreUnique({ book }: Scene, { customer, debits, refs }: Draft): boolean {
  if (customer === null) return false;
  const open = book.debitsOf(customer);
  return debits.every(({ item }, at) => at >= refs.length || open.filter((one) => endsWith(one.number, refs[at] ?? '') || one === item).length === 1);
}

/** The amount follows from the documents named, as the definition of `text` has it. */
function isExplained(draft: Draft): boolean {
  const { debits, credits, writeOff } = draft;
  const unnamed = draft.refs.length > 0 && draft.refs.length < debits.length + credits.length;
  if (unnamed && credits.length > 0) return false;
  if (writeOff !== null && writeOff.reason !== 'discount' && writeOff.minor > SMALL_GAP) return false;
  const short = debits.filter(({ item, minor }) => minor < item.left);
  if (short.length === 0) return true;
  return debits.length === 1 && short.every(({ item, minor }) => item.left - minor > SMALL_GAP);
}

/** Most documents among which ways are counted, and largest set tried: beyond, nobody would try by hand. */
const TRIED_MAX = 30;
const SET_MAX = 4;

/** No other set of as many open documents of the payer, or fewer, makes the amount. All that is open is always tried. */
function isOnlyWay({ book }: Scene, draft: Draft): boolean {
  const { customer, debits, credits, writeOff, left } = draft;
  if (customer === null || credits.length > 0 || writeOff !== null || left !== 0n || debits.some(({ item, minor }) => item.left !== minor)) return false;
  if (debits.some(({ item }) => item.owner !== customer)) return false;
  const open = book.debitsOf(customer);
  if (debits.length > SET_MAX || open.length > TRIED_MAX) return debits.length === open.length;
  return countSets(open.map((one) => one.left), { goal: amountOf(draft), size: debits.length, from: 0 }) === 1;
}

/** Sets of at most `size` amounts that make the goal; counting stops at two. */
function countSets(amounts: readonly bigint[], of: { goal: bigint; size: number; from: number }): number {
  const { goal, size, from } = of;
  if (goal === 0n) return 1;
  if (size === 0 || goal < 0n) return 0;
  let found = 0;
  for (let at = from; at < amounts.length && found < 2; at += 1) found += countSets(amounts, { goal: goal - (amounts[at] ?? 0n), size: size - 1, from: at + 1 });
  return found;
}
