import { addDays, dayFromNumber, dayNumber } from '#core/kernel/day.ts';
import type { Day } from '#core/kernel/day.ts';
import type { Random } from '#core/kernel/random.ts';
import { workingDay } from './account.ts';
import { logNormal, streamOf, weighted } from './draws.ts';
import { Book } from './statement-book.ts';
import type { PaidItem } from './statement-book.ts';
import { statementCustomers } from './statement-customer.ts';
import type { StatementCustomer } from './statement-customer.ts';
import { creditNote, cheques, discount, fees, group, otherPayer, overpaid, paidTwice, part, rounding } from './statement-differences.ts';
import { amountOf, draftOf, truthOf } from './statement-draft.ts';
import type { Draft, Scene } from './statement-draft.ts';
import { SHARES } from './statement-line.ts';
import type { BookItem, Mess, SimulatedLine, Truth } from './statement-line.ts';
import { broken, byCreditorReference, byDirectDebit, exact, listed, nameOnly, noText, oldReference, otherDocument, ownNumber, period, sameAmount, several, short, wrong } from './statement-payments.ts';
import { stranger } from './statement-strangers.ts';
import { NUMBERINGS } from './statement-text.ts';
import { writeLine } from './statement-writing.ts';

/** What is simulated: the statement of an account with so many lines over so many working days, ending about `until`. */
export type StatementOptions = { readonly seed: number; readonly lines: number; readonly until: Day; readonly workingDays?: number };

/** A day of the statement. `open` holds the book as the day's lines find it, and only until the next day is taken. No item is in two lines of a day. */
export type StatementDay = { readonly on: Day; readonly open: ReadonlyMap<string, BookItem>; readonly lines: readonly SimulatedLine[] };

/** What paid before the statement starts, as the bank lines of that time showed it. */
export type EarlierPayment = { readonly customer: StatementCustomer; readonly iban: string; readonly holder: string };

/** A simulated statement. Going through it lives its days again from the first: the lines are the same each time. */
export type Statement = Iterable<StatementDay> & { readonly customers: readonly StatementCustomer[]; readonly earlier: readonly EarlierPayment[] };

/** Most lines simulated: ten years of a large account. */
export const STATEMENT_LINES_MAX = 1_000_000;
/** Working days when nothing else is asked: a year, or one for each of fewer lines. */
const WORKING_DAYS = 250;
const workingDaysOf = ({ lines, workingDays }: StatementOptions): number => workingDays ?? Math.min(WORKING_DAYS, lines);
/** Days of a year for one on which banks work. */
const DAYS_PER_WORKING_DAY = 1.45;
/** Customers so that one pays about once a month, and open documents so that two or three are open on each. */
const WORKING_DAYS_A_MONTH = 21;
const CUSTOMERS_MIN = 40;
const OPEN_PER_CUSTOMER = 2.4;
/** Days before the statement over which its first open documents were issued. */
const BEFORE_DAYS = 75;
/** Days of the month of pay runs, and how much busier they are. */
const RUN_DAYS: ReadonlySet<string> = new Set(['05', '10', '15', '25', '30']);
const RUN_FACTOR = 1.8;
/** Draws of what a line is before saying that nobody can pay at all. */
const DRAWS_MAX = 300;
const LIFE_STREAM = 4_000_000;

/** Sets a statement up; the same options give the same lines on every machine. Throws when a limit is passed. */
export function simulateStatement(options: StatementOptions): Statement {
  const { seed, lines } = options;
  const workingDays = workingDaysOf(options);
  if (!Number.isInteger(lines) || lines < 1 || lines > STATEMENT_LINES_MAX) throw new Error(`between 1 and ${STATEMENT_LINES_MAX} lines: ${lines}`);
  if (!Number.isInteger(workingDays) || workingDays < 1 || workingDays > lines) throw new Error(`between 1 and ${lines} working days: ${workingDays}`);
  const count = Math.max(CUSTOMERS_MIN, Math.round((lines / workingDays) * WORKING_DAYS_A_MONTH));
  const customers = statementCustomers(seed, count);
  const earlier = new Life(customers, options).earlier;
  return { customers, earlier, [Symbol.iterator]: () => new Life(customers, options).live() };
}

/** Draws, in the words of one kind of line, who pays and what; null when nobody can today. */
const DRAFTS: Readonly<Record<Exclude<Mess, 'returned'>, (scene: Scene) => Draft | null>> = {
  exact, creditorReference: byCreditorReference, directDebit: byDirectDebit, several, listed, short, broken, mistyped: wrong, nameOnly, noText, ownNumber, oldReference, otherDocument, period,
  part, fees, rounding, discount, creditNote, group, otherPayer, overpaid, paidTwice, sameAmount, cheques, stranger,
};

class Life {
  readonly earlier: EarlierPayment[] = [];
  readonly #book: Book;
  readonly #random: Random;
  readonly #options: StatementOptions;
  readonly #from: Day;
  readonly #billed: readonly StatementCustomer[];
  readonly #target: number;
  readonly #ibanShare: number;
  #lines = 0;

  constructor(customers: readonly StatementCustomer[], options: StatementOptions) {
    const random = streamOf(options.seed, LIFE_STREAM);
    this.#random = random;
    this.#options = options;
    this.#book = new Book(customers, { random, numbering: random.pick(NUMBERINGS), first: random.between(1, 60_000), structured: random.chance(0.5) });
    // A camt file gives the payer's account with each line, a CFONB file hardly ever.
    this.#ibanShare = random.pick([1, 1, 0.6, 0.15]);
    this.#target = Math.round(customers.length * OPEN_PER_CUSTOMER);
    // Some are billed far more often than others: a list in which they stand several times.
    this.#billed = customers.flatMap((customer) => Array.from({ length: Math.min(Math.max(1, Math.round(logNormal(random, 2, 0.8))), 15) }, () => customer));
    this.#from = workingDay(addDays(options.until, -Math.round(workingDaysOf(options) * DAYS_PER_WORKING_DAY)));
    this.#before();
  }

  /** The documents of the months before: the older half is paid, which is how accounts came to be known. */
  #before(): void {
    const start = dayNumber(this.#from);
    for (let back = BEFORE_DAYS; back > 0; back -= 1) {
      const on = dayFromNumber(start - back);
      for (let issued = 0; issued < (this.#target * 2) / BEFORE_DAYS; ) {
        const made = this.#book.issueTo(this.#random.pick(this.#billed), on);
        issued += made.length;
        for (const item of made) {
          const paid = item.dueOn !== null && item.currency === 'EUR' && this.#random.chance((back / BEFORE_DAYS) ** 0.7);
          if (!paid) continue;
          this.#book.payUnseen(item, on);
          const [account] = item.owner.accounts;
          if (account !== undefined) this.earlier.push({ customer: item.owner, iban: account.iban, holder: account.holder });
        }
      }
    }
  }

  *live(): Generator<StatementDay, undefined> {
    const { lines: wanted } = this.#options;
    const workingDays = workingDaysOf(this.#options);
    let on = this.#from;
    for (let worked = 0; this.#lines < wanted; worked += 1) {
      this.#book.begin(on);
      while (this.#book.openDebits < this.#target) this.#book.issueTo(this.#random.pick(this.#billed), on);
      const left = wanted - this.#lines;
      const mean = (wanted / workingDays) * (RUN_DAYS.has(on.slice(8)) ? RUN_FACTOR : 0.82) * (0.6 + this.#random.next() * 0.8);
      const count = worked >= workingDays - 1 ? left : Math.min(left, Math.max(1, Math.round(mean)));
      const drawn = this.#drawDay(on, count);
      yield { on, open: this.#book.items, lines: drawn.map(({ line }) => line) };
      for (const one of drawn) this.#apply(one, on);
      on = workingDay(addDays(on, 1));
    }
    return undefined;
  }

  #drawDay(on: Day, count: number): DrawnLine[] {
    const scene: Scene = { book: this.#book, random: this.#random, on };
    return Array.from({ length: count }, () => {
      this.#lines += 1;
      return this.#draw(scene, `${this.#options.seed}-${this.#lines}`);
    });
  }

  #draw(scene: Scene, id: string): DrawnLine {
    for (let draws = 0; draws < DRAWS_MAX; draws += 1) {
      const mess = weighted(this.#random, SHARES);
      const back = mess === 'returned' ? this.#book.takeDebited() : null;
      const draft = mess === 'returned' ? (back === null ? null : returned(scene, back)) : DRAFTS[mess](scene);
      if (draft === null || (amountOf(draft) <= 0n && back === null)) continue;
      if (draft.customer !== null) this.#book.touch(draft.customer);
      const { line, told, whole } = writeLine(scene, draft, this.#ibanShare);
      return { line: { id, line, truth: truthOf(scene, draft, { told, whole }) }, draft, back };
    }
    throw new Error(`nothing can be paid on ${scene.on}: ask for more lines, so that there are more customers`);
  }

  #apply({ line, draft, back }: DrawnLine, on: Day): void {
    const { truth } = line;
    this.#book.apply(truth, on);
    if (back !== null) this.#book.reopen(back);
    if (draft.customer !== null && truth.left > 0n) this.#book.receipt(draft.customer, on, truth.left);
    const iban = line.line.counterparty.iban;
    if (iban !== null && isLearnt(truth)) for (const owner of new Set(draft.debits.map(({ item }) => item.owner))) this.#book.see(iban, owner);
  }
}

type DrawnLine = { readonly line: SimulatedLine; readonly draft: Draft; readonly back: PaidItem | null };

/** An accountant remembers whose account it was when the line was told apart. */
const isLearnt = (truth: Truth): boolean => truth.clarity !== 'unknowable' && truth.mess !== 'otherPayer' && truth.mess !== 'group';

function returned(scene: Scene, { item, minor }: PaidItem): Draft {
  const draft = draftOf(scene, 'returned', { customer: item.owner, debits: [] });
  const [code, text] = scene.random.pick([['AM04', 'Provision insuffisante'], ['MD01', 'Absence de mandat'], ['AC04', 'Compte clos'], ['MS02', 'Opposition du débiteur']] as const);
  return { ...draft, debits: [{ item, minor: -minor }], words: 'REJET PRELEVEMENT', fields: { endToEndId: item.number, mandateId: `MD-${item.customer}`, label: 'REJET PRLV SEPA', returned: { code, text } } };
}
