import { ProblemList } from '../problem-list.ts';
import { quoted } from '../problems.ts';
import type { BankBalance, BankLine, BankReader, BankSink, BankSummary } from './bank-line.ts';
import { MAX_OFX_TEXT, OfxTokens } from './ofx-tokens.ts';
import type { OfxToken } from './ofx-tokens.ts';
import { transactionLine } from './ofx-transaction.ts';
import type { OfxTransaction } from './ofx-transaction.ts';
import { ofxCurrency, ofxMinor, readOfxAccount, readOfxDay } from './ofx-values.ts';
import { StatementBook } from './statement-book.ts';
import { StatementChain } from './statement-chain.ts';

/** Starts the reading of an OFX file, 1.x (SGML) or 2.x (XML): bank and credit card statements. */
export function createOfxReader(sink: BankSink): BankReader {
  return new Reading(sink);
}

/** Aggregates that matter or hold something else under names that matter; every other tag is an element with a value. */
const AGGREGATES: ReadonlySet<string> = new Set([
  'OFX', 'SIGNONMSGSRSV1', 'SONRS', 'STATUS', 'STMTTRNRS', 'CCSTMTTRNRS', 'STMTRS', 'CCSTMTRS', 'INVSTMTRS', 'BANKACCTFROM', 'CCACCTFROM', 'BANKTRANLIST', 'BANKTRANLISTP',
  'STMTTRN', 'STMTTRNP', 'PAYEE', 'BANKACCTTO', 'CCACCTTO', 'CURRENCY', 'ORIGCURRENCY', 'LEDGERBAL', 'AVAILBAL', 'BAL', 'INVBANKTRAN',
]);

const STATEMENTS: ReadonlySet<string> = new Set(['STMTRS', 'CCSTMTRS']);

/** A booked and a pending transaction. */
const TRANSACTIONS: ReadonlySet<string> = new Set(['STMTTRN', 'STMTTRNP']);

/** Elements read of a status, an account and a balance. */
const ANSWER: ReadonlySet<string> = new Set(['CODE', 'SEVERITY', 'MESSAGE']);
const ACCOUNT: ReadonlySet<string> = new Set(['BANKID', 'BRANCHID', 'ACCTID', 'ACCTKEY']);
const BALANCE: ReadonlySet<string> = new Set(['BALAMT', 'DTASOF']);

/** Values kept of one transaction: the norm has 30. */
const MAX_VALUES = 100;

/** Aggregates inside one another in a real file: under ten. */
const MAX_DEPTH = 50;

/** A statement being read; it enters the book once its currency and account are known. */
type OpenStatement = {
  readonly line: number;
  readonly name: string;
  currency: string;
  currencyLine: number;
  readonly account: Map<string, string>;
  readonly balance: Map<string, { readonly text: string; readonly line: number }>;
  from: string;
  until: string;
  begun: boolean;
};

class Reading implements BankReader {
  readonly #problems = new ProblemList();
  readonly #chain = new StatementChain(this.#problems);
  readonly #book: StatementBook;
  readonly #tokens = new OfxTokens((token) => this.#token(token));
  readonly #stack: { readonly name: string; readonly line: number }[] = [];
  #statement: OpenStatement | null = null;
  #transaction: OfxTransaction | null = null;
  readonly #status = new Map<string, string>();
  #signon = false;
  #investments = 0;
  #begun = 0;
  #tooDeep = false;

  constructor(sink: BankSink) {
    this.#book = new StatementBook({ sink: this.#chain.watch(sink), problems: this.#problems, format: 'OFX' });
  }

  push(text: string): boolean {
    return this.#tokens.push(text) && !this.#tooDeep && !this.#chain.full;
  }

  end(): BankSummary {
    this.#tokens.end();
    const { fault } = this.#tokens;
    if (fault?.kind === 'doctype') this.#problems.add('ofxDoctype', fault.line, {});
    if (fault?.kind === 'tooLong') this.#problems.add('ofxTextTooLong', fault.line, { limit: MAX_OFX_TEXT });
    const unclosed = this.#stack[0];
    if (unclosed !== undefined && fault === null && !this.#tooDeep) this.#problems.add('ofxTruncated', unclosed.line, { element: quoted(unclosed.name) });
    if (this.#book.isOpen) this.#book.end({ closing: null });
    this.#statement = null;
    if (this.#begun === 0 && !this.#problems.refused) {
      if (this.#investments > 0) this.#problems.add('ofxInvestmentOnly', 0, {});
      else if (this.#signon) this.#problems.add('ofxSignonOnly', 0, {});
    }
    return this.#book.summary();
  }

  #token(token: OfxToken): void {
    if (!AGGREGATES.has(token.name)) {
      if (!token.closing) this.#value(token);
      return;
    }
    if (token.closing) this.#closeTo(token.name);
    else if (!token.selfClosed) this.#open(token);
  }

  #open({ name, line }: OfxToken): void {
    if (this.#stack.length >= MAX_DEPTH) {
      if (!this.#tooDeep) this.#problems.add('ofxElementsTooDeep', line, { limit: MAX_DEPTH });
      this.#tooDeep = true;
      return;
    }
    // None of these stands inside another: an end tag was left out.
    const family = [TRANSACTIONS, STATEMENTS].find((names) => names.has(name));
    const unended = family === undefined ? undefined : this.#stack.find((open) => family.has(open.name));
    if (unended !== undefined) this.#closeTo(unended.name);
    this.#stack.push({ name, line });
    if (name === 'SONRS') this.#signon = true;
    if (name === 'STATUS') this.#status.clear();
    if (name === 'INVSTMTRS') {
      this.#investments += 1;
      this.#problems.add('ofxInvestmentIgnored', line, {});
    }
    if (this.#inside('INVSTMTRS')) return;
    if (STATEMENTS.has(name)) {
      this.#statement = { line, name, currency: '', currencyLine: line, account: new Map(), balance: new Map(), from: '', until: '', begun: false };
    }
    if (!TRANSACTIONS.has(name)) return;
    if (this.#statement === null) this.#problems.add('ofxOutsideStatement', line, { element: name });
    else this.#transaction = { line, pending: name === 'STMTTRNP', values: new Map() };
  }

  /** Closes an aggregate and those left open inside it; a closing tag of none is passed over. */
  #closeTo(name: string): void {
    const index = this.#stack.findLastIndex((open) => open.name === name);
    if (index < 0) return;
    for (const { name: closed } of this.#stack.splice(index).toReversed()) this.#close(closed);
  }

  #close(name: string): void {
    if (name === 'STATUS') this.#endStatus();
    if (TRANSACTIONS.has(name)) this.#endTransaction();
    if (STATEMENTS.has(name)) this.#endStatement();
  }

  #inside(name: string): boolean {
    return this.#stack.some((open) => open.name === name);
  }

  #value({ name, text, line }: OfxToken): void {
    const parent = this.#stack.at(-1)?.name ?? '';
    if (parent === 'STATUS') {
      if (ANSWER.has(name)) this.#status.set(name, text);
      return;
    }
    if (this.#transaction !== null) {
      const key = TRANSACTIONS.has(parent) ? name : `${parent}/${name}`;
      if (!this.#transaction.values.has(key) && this.#transaction.values.size < MAX_VALUES) this.#transaction.values.set(key, { text, line });
      return;
    }
    const statement = this.#statement;
    if (statement === null) return;
    if (STATEMENTS.has(parent) && name === 'CURDEF') {
      statement.currency = text;
      statement.currencyLine = line;
    } else if (parent === 'BANKACCTFROM' || parent === 'CCACCTFROM') {
      if (ACCOUNT.has(name) && !statement.account.has(name)) statement.account.set(name, text);
    } else if (parent === 'LEDGERBAL') {
      if (BALANCE.has(name) && !statement.balance.has(name)) statement.balance.set(name, { text, line });
    } else if (parent === 'BANKTRANLIST' && name === 'DTSTART' && (statement.from === '' || text < statement.from)) statement.from = text;
    else if (parent === 'BANKTRANLIST' && name === 'DTEND' && text > statement.until) statement.until = text;
  }

  #endStatus(): void {
    if (this.#status.get('SEVERITY')?.toUpperCase() !== 'ERROR') return;
    this.#problems.add('ofxBankError', 0, { code: quoted(this.#status.get('CODE') ?? '?'), text: quoted(this.#status.get('MESSAGE') ?? '') });
  }

  #endTransaction(): void {
    const transaction = this.#transaction;
    this.#transaction = null;
    const statement = this.#statement;
    if (transaction === null || statement === null) return;
    this.#begin(statement);
    const currency = this.#book.account?.currency ?? 'EUR';
    const line: Omit<BankLine, 'statement'> | null = transactionLine(transaction, currency, this.#problems);
    if (line !== null) this.#book.add(line);
  }

  /** Opens the statement in the book; a refused file goes on being read for its other problems, as if in EUR. */
  #begin(statement: OpenStatement): void {
    if (statement.begun) return;
    statement.begun = true;
    this.#begun += 1;
    const currency = ofxCurrency(statement.currency);
    if (currency === null) this.#problems.add('ofxCurrencyMissing', statement.currencyLine, { text: quoted(statement.currency) });
    if ((statement.account.get('ACCTID') ?? '') === '') this.#problems.add('ofxAccountMissing', statement.line, {});
    this.#book.begin({ line: statement.line, account: readOfxAccount(statement.account, currency ?? 'EUR'), identification: null, sequence: null, opening: null });
  }

  #endStatement(): void {
    const statement = this.#statement;
    this.#statement = null;
    if (statement === null) return;
    this.#begin(statement);
    this.#book.end({ closing: this.#ledgerBalance(statement), from: readOfxDay(statement.from), until: readOfxDay(statement.until) });
  }

  #ledgerBalance({ balance, line }: OpenStatement): BankBalance | null {
    const amount = balance.get('BALAMT');
    if (amount === undefined || amount.text === '') {
      this.#problems.add('ofxBalanceMissing', amount?.line ?? line, {});
      return null;
    }
    const minor = ofxMinor(amount.text, this.#book.account?.currency ?? 'EUR');
    if (minor === null) {
      this.#problems.add('ofxAmount', amount.line, { element: 'BALAMT', text: quoted(amount.text) });
      return null;
    }
    const asOf = balance.get('DTASOF');
    const on = asOf === undefined || asOf.text === '' ? null : readOfxDay(asOf.text);
    if (on === null && asOf !== undefined && asOf.text !== '') this.#problems.add('ofxDayIgnored', asOf.line, { element: 'DTASOF', text: quoted(asOf.text) });
    return { minor, on };
  }
}
