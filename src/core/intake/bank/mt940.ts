import { MAX_LINE_CHARS } from '../limits.ts';
import { createLineSplitter } from '../lines.ts';
import type { LineSplitter } from '../lines.ts';
import { ProblemList } from '../problem-list.ts';
import { quoted } from '../problems.ts';
import type { BankBalance, BankReader, BankSink, BankSummary } from './bank-line.ts';
import { textOrNull, tidyText } from './cfonb-fields.ts';
import { readSwiftAccount, readSwiftBalance } from './mt940-fields.ts';
import type { SwiftBalance } from './mt940-fields.ts';
import { MAX_FIELD_LENGTH, SwiftFields } from './mt940-lines.ts';
import type { SwiftField } from './mt940-lines.ts';
import { addDetails, mt940Line, startMovement } from './mt940-movement.ts';
import type { MovementContext, Mt940Movement } from './mt940-movement.ts';
import { numberOf, StatementNumbers } from './mt940-numbers.ts';
import { StatementBook } from './statement-book.ts';
import { bankAmountText, StatementChain } from './statement-chain.ts';

/** Starts the reading of an MT940 file: any number of statements, with or without the SWIFT envelope. */
export function createMt940Reader(sink: BankSink): BankReader {
  return new Reading(sink);
}

/** What was read of a statement before its opening balance. */
type Head = { readonly line: number; readonly reference: string | null; account: string | null; sequence: string | null; opened: boolean };

/** The statement in the book. */
type OpenStatement = { readonly head: Head; readonly balance: SwiftBalance; readonly context: MovementContext; closing: SwiftBalance | null; closed: boolean; lastPage: boolean };

class Reading implements BankReader {
  readonly #problems = new ProblemList();
  readonly #chain = new StatementChain(this.#problems);
  readonly #book: StatementBook;
  readonly #splitter: LineSplitter;
  readonly #fields = new SwiftFields((field) => this.#field(field));
  #started = false;
  #head: Head | null = null;
  #open: OpenStatement | null = null;
  #movement: Mt940Movement | null = null;

  constructor(sink: BankSink) {
    const numbers = new StatementNumbers(this.#problems);
    this.#book = new StatementBook({ sink: this.#chain.watch(numbers.watch(sink)), problems: this.#problems, format: 'MT940' });
    this.#splitter = createLineSplitter((text, from, to) => {
      this.#fields.line(text.slice(from, to), this.#splitter.line());
      return true;
    });
  }

  push(text: string): boolean {
    if (text === '') return true;
    const rest = !this.#started && text.startsWith('\ufeff') ? text.slice(1) : text;
    this.#started = true;
    return this.#splitter.push(rest) && !this.#chain.full;
  }

  end(): BankSummary {
    this.#splitter.end();
    if (this.#splitter.tooLong()) this.#problems.add('lineTooLong', this.#splitter.line(), { limit: MAX_LINE_CHARS });
    this.#fields.end();
    this.#leaveHead();
    this.#endStatement();
    this.#chain.report();
    return this.#book.summary();
  }

  #field(field: SwiftField): void {
    // Nearly all fields are these two.
    if (field.tag === '61') this.#startMovement(field);
    else if (field.tag === '86') this.#information(field);
    else this.#otherField(field);
  }

  #otherField(field: SwiftField): void {
    switch (field.tag) {
      case '20':
        this.#leaveHead();
        this.#head = { line: field.line, reference: textOrNull(field.lines.join('')), account: null, sequence: null, opened: false };
        break;
      case '25':
      case '25P':
        this.#newHead(field).account = textOrNull(field.lines.join(''));
        break;
      case '28':
      case '28C':
        this.#newHead(field).sequence = textOrNull(field.lines.join(''));
        break;
      case '60F':
      case '60M':
        this.#opening(field);
        break;
      case 'NS':
        if (this.#movement !== null) this.#movement.national ??= field.lines;
        break;
      case '62F':
      case '62M':
        this.#closing(field);
        break;
      default:
        // Reference, available balances and fields of other messages say nothing of movements.
        break;
    }
  }

  /** The head being read, or a new one when the statement before has begun: some exports leave `:20:` out. */
  #newHead(field: SwiftField): Head {
    const head = this.#head;
    if (head !== null && !head.opened) return head;
    const fresh: Head = { line: field.line, reference: null, account: null, sequence: null, opened: false };
    this.#head = fresh;
    return fresh;
  }

  /** A head that no opening balance followed is a statement cut in two. */
  #leaveHead(): void {
    const head = this.#head;
    this.#head = null;
    if (head !== null && !head.opened) this.#problems.add('mt940OpeningMissing', head.line, { statement: quoted(head.reference ?? head.account ?? head.sequence ?? '?') });
  }

  #opening(field: SwiftField): void {
    const balance = this.#balance(field);
    if (this.#head?.opened === true && this.#open?.closed === false) this.#problems.add('mt940OpeningTwice', field.line, {});
    const head = this.#newHead(field);
    head.opened = true;
    if (balance === null) return;
    if (head.account === null) this.#problems.add('mt940AccountMissing', head.line, {});
    if (field.tag === '60M' && this.#isNextPage(head, balance, field)) return;
    this.#endStatement();
    this.#open = { head, balance, context: { currency: balance.currency, problems: this.#problems, known: null }, closing: null, closed: false, lastPage: false };
    this.#book.begin({
      line: head.line, account: readSwiftAccount(head.account ?? '', balance.currency), identification: head.reference, sequence: head.sequence,
      opening: this.#dated(field, balance),
    });
  }

  /** True when a page carries the open statement on: the one before ended with `:62M:`, same account and number. */
  #isNextPage(head: Head, balance: SwiftBalance, field: SwiftField): boolean {
    const open = this.#open;
    if (open === null || !open.closed || open.lastPage || open.head.account !== head.account || balance.currency !== open.balance.currency) return false;
    if (numberOf(open.head.sequence)?.number !== numberOf(head.sequence)?.number) return false;
    const before = open.closing;
    if (before !== null && before.minor !== balance.minor) {
      this.#problems.add('mt940PageMissing', field.line, {
        statement: quoted(head.sequence ?? head.reference ?? '?'), closing: bankAmountText(before.minor, before.currency), opening: bankAmountText(balance.minor, balance.currency),
      });
    }
    open.closed = false;
    return true;
  }

  #startMovement(field: SwiftField): void {
    this.#flush();
    const open = this.#open;
    if (open === null || open.closed || this.#head?.opened !== true) return this.#problems.add('mt940MovementOutside', field.line, {});
    this.#movement = startMovement(field, open.context);
    return undefined;
  }

  #information(field: SwiftField): void {
    const movement = this.#movement;
    // Before the first movement or behind the closing balance it speaks of the statement.
    if (movement === null) return;
    if (!addDetails(movement, field)) this.#problems.add('mt940DetailsCut', field.line, { limit: MAX_FIELD_LENGTH });
  }

  #closing(field: SwiftField): void {
    this.#flush();
    const open = this.#open;
    if (open === null || open.closed || this.#head?.opened !== true) return this.#problems.add('mt940ClosingOutside', field.line, {});
    const balance = this.#balance(field);
    open.closed = true;
    open.lastPage = field.tag === '62F';
    open.closing = balance;
    if (balance === null) return undefined;
    if (balance.currency !== open.balance.currency) this.#problems.add('mt940OtherCurrency', field.line, { found: balance.currency, expected: open.balance.currency });
    this.#closingBalance = this.#dated(field, balance);
    return undefined;
  }

  #closingBalance: BankBalance | null = null;

  #endStatement(): void {
    this.#flush();
    const open = this.#open;
    if (open === null) return;
    this.#open = null;
    if (!open.closed) this.#problems.add('mt940ClosingMissing', open.head.line, { statement: quoted(open.head.sequence ?? open.head.reference ?? '?') });
    this.#book.end({ closing: open.closed ? this.#closingBalance : null });
    this.#closingBalance = null;
  }

  #flush(): void {
    const movement = this.#movement;
    this.#movement = null;
    if (movement !== null) this.#book.give(mt940Line(movement, this.#book.ordinal));
  }

  #balance(field: SwiftField): SwiftBalance | null {
    const text = tidyText(field.lines.join(''));
    const balance = readSwiftBalance(text);
    if (balance === null) this.#problems.add('mt940Balance', field.line, { tag: field.tag, text: quoted(text) });
    return balance;
  }

  #dated(field: SwiftField, { minor, on, dayText }: SwiftBalance): BankBalance {
    if (on === null) this.#problems.add('mt940BalanceDayIgnored', field.line, { tag: field.tag, text: dayText });
    return { minor, on };
  }
}
