import { addDays } from '#core/kernel/day.ts';
import type { Day } from '#core/kernel/day.ts';
import { divideHalfUp } from '#core/kernel/rounding.ts';
import { dueDate } from '#core/ledger/terms.ts';
import type { Random } from '#core/kernel/random.ts';
import { logNormal } from './draws.ts';
import type { StatementCustomer } from './statement-customer.ts';
import type { BookItem, Part, Truth } from './statement-line.ts';
import { structuredReference } from './statement-names.ts';
import type { Numbering } from './statement-text.ts';

/** An item as the book carries it along. */
export type OpenItem = BookItem & { left: bigint; readonly owner: StatementCustomer };

/** A document paid not long ago, and how. */
export type PaidItem = { readonly item: OpenItem; readonly on: Day; readonly minor: bigint; readonly byDebit: boolean };

const DEPOSIT_CHANCE = 0.05;
const CREDIT_NOTE_CHANCE = 0.035;
/** Several documents at once: month ends, deliveries billed one by one. */
const BATCH_CHANCE = 0.2;
const AMOUNT_DEVIATION = 0.55;
const NET_MIN = 2000;
const NET_MAX = 25_000_000;
const DISCOUNT_DAYS = 15;
const DISCOUNT_PERCENT = 2n;
/** Credits unused so long were refunded, items in other currencies paid on another account. */
const CREDIT_DAYS_MAX = 90;
const ELSEWHERE_DAYS = 70;
/** Paid documents kept per customer: what a payer's old texts and second payments are about. */
const PAID_KEPT_MAX = 6;
/** Tries to find an item that fits before saying there is none. */
const TRIES = 80;
/** A payer settles what is due in three weeks at the earliest, but for a few. */
const READY_DAYS = 21;

/** The open book of a company and the documents paid lately, as days go by. */
export class Book {
  readonly customers: readonly StatementCustomer[];
  readonly structured: boolean;
  readonly #random: Random;
  readonly #numbering: Numbering;
  readonly #counts = { invoice: 0, deposit: 0, creditNote: 0 };
  #keys = 0;
  /** Every open debit in euros, in no order; where each stands, to take it out at once. */
  readonly #debits: OpenItem[] = [];
  readonly #places = new Map<string, number>();
  readonly #items = new Map<string, OpenItem>();
  readonly #byCustomer = new Map<string, OpenItem[]>();
  readonly #paid = new Map<string, PaidItem[]>();
  #debited: PaidItem[] = [];
  readonly #seen = new Map<string, Set<string>>();
  #touched = new Set<string>();
  /** Items that may leave without a line, oldest first. */
  readonly #leaving: OpenItem[] = [];

  constructor(customers: readonly StatementCustomer[], of: { random: Random; numbering: Numbering; first: number; structured: boolean }) {
    this.customers = customers;
    this.structured = of.structured;
    this.#random = of.random;
    this.#numbering = of.numbering;
    this.#counts.invoice = of.first;
    this.#counts.deposit = Math.floor(of.first / 20);
    this.#counts.creditNote = Math.floor(of.first / 25);
  }

  get items(): ReadonlyMap<string, BookItem> {
    return this.#items;
  }

  get openDebits(): number {
    return this.#debits.length;
  }

  /** Issues the documents of one job, or of a delivery of several, to a customer. */
  issueTo(owner: StatementCustomer, on: Day): OpenItem[] {
    const random = this.#random;
    const count = random.chance(BATCH_CHANCE) ? random.between(2, 5) : 1;
    const made = Array.from({ length: count }, () => this.#issue(owner, on, random.chance(DEPOSIT_CHANCE) ? 'deposit' : 'invoice'));
    if (random.chance(CREDIT_NOTE_CHANCE * count)) made.push(this.#issue(owner, on, 'creditNote'));
    return made;
  }

  #issue(owner: StatementCustomer, on: Day, kind: 'invoice' | 'deposit' | 'creditNote'): OpenItem {
    const random = this.#random;
    this.#counts[kind] += 1;
    const number = this.#numbering(kind, this.#counts[kind], on);
    const net = BigInt(Math.min(Math.max(Math.round(logNormal(random, owner.medianAmount, AMOUNT_DEVIATION)), NET_MIN), NET_MAX));
    const drawn = divideHalfUp(net * 12n, 10n);
    const amount = kind === 'creditNote' ? divideHalfUp(drawn, 5n) : kind === 'invoice' ? (owner.subscription ?? drawn) : drawn;
    const offered = kind === 'invoice' && owner.discountOffered;
    return this.#enter({
      key: this.#nextKey(), number, kind, customer: owner.code, owner, issuedOn: on, dueOn: kind === 'creditNote' ? null : dueDate(on, owner.terms), amount, left: amount, currency: owner.currency,
      references: this.structured && kind !== 'creditNote' ? [structuredReference(number)] : [],
      discount: offered ? { payable: amount - divideHalfUp(amount * DISCOUNT_PERCENT, 100n), until: addDays(on, DISCOUNT_DAYS) } : null,
    });
  }

  /** Money that stays on a customer's account. */
  receipt(owner: StatementCustomer, on: Day, amount: bigint): void {
    const key = this.#nextKey();
    this.#enter({ key, number: `RG${key}`, kind: 'receipt', customer: owner.code, owner, issuedOn: on, dueOn: null, amount, left: amount, currency: 'EUR', references: [], discount: null });
  }

  #nextKey(): string {
    this.#keys += 1;
    return String(this.#keys);
  }

  #enter(item: OpenItem): OpenItem {
    this.#items.set(item.key, item);
    const others = this.#byCustomer.get(item.customer);
    if (others === undefined) this.#byCustomer.set(item.customer, [item]);
    else others.push(item);
    if (item.dueOn === null || item.currency !== 'EUR') this.#leaving.push(item);
    else this.#place(item);
    return item;
  }

  #place(item: OpenItem): void {
    this.#places.set(item.key, this.#debits.length);
    this.#debits.push(item);
  }

  #remove(item: OpenItem): void {
    this.#items.delete(item.key);
    const rest = (this.#byCustomer.get(item.customer) ?? []).filter((one) => one !== item);
    this.#byCustomer.set(item.customer, rest);
    const at = this.#places.get(item.key);
    const last = this.#debits.at(-1);
    if (at === undefined || last === undefined) return;
    this.#debits[at] = last;
    this.#places.set(last.key, at);
    this.#debits.pop();
    this.#places.delete(item.key);
  }

  /** Starts a day: nobody has paid yet, and what is settled elsewhere leaves. */
  begin(on: Day): void {
    this.#touched = new Set();
    for (let next = this.#leaving[0]; next !== undefined && addDays(next.issuedOn, next.dueOn === null ? CREDIT_DAYS_MAX : ELSEWHERE_DAYS) <= on; next = this.#leaving[0]) {
      this.#leaving.shift();
      if (this.#items.has(next.key)) this.#remove(next);
    }
    this.#debited = this.#debited.filter((one) => addDays(one.on, 20) >= on);
  }

  /** An open document of a customer that has not paid today and fits; of those tried the one longest due. Null when there is hardly one. */
  pick(on: Day, fits: (item: OpenItem) => boolean = () => true): OpenItem | null {
    let found: OpenItem | null = null;
    let seen = 0;
    for (let tries = 0; tries < TRIES && seen < 3 && this.#debits.length > 0; tries += 1) {
      const item = this.#random.pick(this.#debits);
      const ready = item.dueOn !== null && (item.dueOn <= addDays(on, READY_DAYS) || tries > TRIES / 2);
      if (!ready || this.#touched.has(item.customer) || !fits(item)) continue;
      seen += 1;
      if (found === null || (found.dueOn !== null && item.dueOn !== null && item.dueOn < found.dueOn)) found = item;
    }
    return found;
  }

  /** Open documents in euros of a customer, oldest due first. */
  debitsOf(customer: StatementCustomer): OpenItem[] {
    const found = (this.#byCustomer.get(customer.code) ?? []).filter((one) => one.dueOn !== null && one.currency === 'EUR');
    return found.toSorted((a, b) => (a.dueOn === b.dueOn ? Number(a.key) - Number(b.key) : (a.dueOn ?? '') < (b.dueOn ?? '') ? -1 : 1));
  }

  creditsOf(customer: StatementCustomer): OpenItem[] {
    return (this.#byCustomer.get(customer.code) ?? []).filter((one) => one.dueOn === null && one.currency === 'EUR');
  }

  paidOf(customer: StatementCustomer): readonly PaidItem[] {
    return this.#paid.get(customer.code) ?? [];
  }

  /** A direct debit of the last days, taken out of the list so that it comes back once. */
  takeDebited(): PaidItem | null {
    const fits = this.#debited.filter(({ item }) => !this.#touched.has(item.customer) && !this.#items.has(item.key));
    if (fits.length === 0) return null;
    const taken = this.#random.pick(fits);
    this.#debited = this.#debited.filter((one) => one !== taken);
    return taken;
  }

  /** The customer pays today: a second line of the same day would be about the same items. */
  touch(customer: StatementCustomer): void {
    this.#touched.add(customer.code);
  }

  hasPaidToday(customer: StatementCustomer): boolean {
    return this.#touched.has(customer.code);
  }

  see(iban: string, customer: StatementCustomer): void {
    this.#seen.set(iban, (this.#seen.get(iban) ?? new Set()).add(customer.code));
  }

  /** True when an account has paid for this customer and for no other. */
  knows(iban: string | null, customer: StatementCustomer): boolean {
    const codes = iban === null ? undefined : this.#seen.get(iban);
    return (codes?.has(customer.code) === true && codes.size === 1) || (iban !== null && customer.ibansOnFile.includes(iban));
  }

  /** Takes a document for paid without a line: before the statement starts. */
  payUnseen(item: OpenItem, on: Day): void {
    this.#settle({ item: item.key, minor: item.left }, { on, byDebit: item.owner.debited });
    for (const account of item.owner.accounts.slice(0, 1)) this.see(account.iban, item.owner);
  }

  /** Writes a line's truth into the book. */
  apply(truth: Truth, on: Day): void {
    if (truth.mess === 'returned') return;
    for (const part of truth.parts) this.#settle(part, { on, byDebit: truth.mess === 'directDebit' });
    for (const credit of truth.credits) this.#settle(credit, { on, byDebit: false });
  }

  /** Opens a document again whose direct debit came back. */
  reopen({ item, minor }: PaidItem): void {
    item.left += minor;
    this.#paid.set(item.customer, this.paidOf(item.owner).filter((one) => one.item !== item));
    this.#enter(item);
  }

  #settle(part: Part, how: { on: Day; byDebit: boolean }): void {
    const item = this.#items.get(part.item);
    if (item === undefined || item.left < part.minor) throw new Error(`more paid than open: ${part.item}`);
    item.left -= part.minor;
    if (item.left > 0n) return;
    this.#remove(item);
    if (item.dueOn === null) return;
    const paid: PaidItem = { item, on: how.on, minor: part.minor, byDebit: how.byDebit };
    if (how.byDebit) this.#debited.push(paid);
    this.#paid.set(item.customer, [...this.paidOf(item.owner).slice(1 - PAID_KEPT_MAX), paid]);
  }
}
