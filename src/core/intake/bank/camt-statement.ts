import { parseCurrency } from '#core/kernel/currency.ts';
import type { Currency } from '#core/kernel/currency.ts';
import type { Day } from '#core/kernel/day.ts';
import type { ProblemList } from '../problem-list.ts';
import { quoted } from '../problems.ts';
import { child, textAt } from '../xml/xml-node.ts';
import type { XmlNode } from '../xml/xml-node.ts';
import type { BankAccount, BankLine } from './bank-line.ts';
import { readEntry } from './camt-entry.ts';
import { closingOf, openingOf, readAccount, readBalance } from './camt-header.ts';
import type { CamtAccount, CamtBalance } from './camt-header.ts';
import { readTransaction } from './camt-transaction.ts';
import type { CamtTransaction } from './camt-transaction.ts';
import { isoDay, optionalDay } from './camt-values.ts';
import type { StatementBook } from './statement-book.ts';

/** Most transactions of one entry, kept until it ends (about 3 kB each): the largest SEPA batches have some ten thousand. */
const MAX_BATCH_TRANSACTIONS = 50_000;

/** Balances kept of one statement: a handful of kinds in a few currencies. */
const MAX_BALANCES = 1_000;

/** Most statements of one file: ten years of forty accounts, day by day. */
export const MAX_CAMT_STATEMENTS = 150_000;

/** What the statements of one file share. */
export type CamtFile = {
  readonly book: StatementBook;
  readonly problems: ProblemList;
  /** Status of an entry that has none. */
  readonly statusDefault: BankLine['status'];
  /** Day of the message, for statements that have none. */
  messageDay: Day | null;
  /** Entries read so far. */
  entries: number;
  /** Lines where statements without balances began, by what names them. */
  readonly named: Map<string, number>;
  statements: number;
};

/** Currency of an account that names none, has no balance and no entry: nothing depends on it, the product is French. */
const CURRENCY_OF_NOTHING: Currency = 'EUR';

/** One `Stmt`, `Rpt` or `Ntfctn`, given its children one after the other, in any order but the account before the entries. */
export class CamtStatement {
  readonly #file: CamtFile;
  readonly #line: number;
  readonly #element: string;
  readonly #texts = new Map<string, string>();
  readonly #balances: CamtBalance[] = [];
  #account: CamtAccount | null = null;
  #accountFault = false;
  #day: Day | null = null;
  #from: Day | null = null;
  #until: Day | null = null;
  #open: BankAccount | null = null;
  #entries = 0;
  #transactions: CamtTransaction[] = [];

  constructor(file: CamtFile, start: { readonly element: string; readonly line: number }) {
    this.#file = file;
    this.#element = start.element;
    this.#line = start.line;
    file.statements += 1;
    if (file.statements === MAX_CAMT_STATEMENTS + 1) file.problems.add('camtTooManyStatements', start.line, { limit: MAX_CAMT_STATEMENTS });
  }

  /** Takes a child that was read whole; for an entry, after its transactions. */
  field(node: XmlNode): void {
    const { problems } = this.#file;
    switch (node.name) {
      case 'Ntry':
        this.#entry(node);
        break;
      case 'Bal':
        this.#balance(node);
        break;
      case 'Acct':
        this.#account ??= readAccount(node, problems);
        break;
      case 'FrToDt':
        this.#from = optionalDay(child(node, 'FrDtTm') ?? child(node, 'FrDt'), 'FrToDt', problems);
        this.#until = optionalDay(child(node, 'ToDtTm') ?? child(node, 'ToDt'), 'FrToDt', problems);
        break;
      case 'CreDtTm':
        this.#day = isoDay(node.text);
        break;
      default:
        this.#name(node);
    }
  }

  /** Takes a `TxDtls` of the entry being read. */
  transaction(node: XmlNode): void {
    if (this.#transactions.length < MAX_BATCH_TRANSACTIONS) this.#transactions.push(readTransaction(node, this.#file.problems));
    else this.#file.problems.add('camtBatchTooLarge', node.line, { limit: MAX_BATCH_TRANSACTIONS });
  }

  /** Passes over a child that was refused for its size. */
  skip(node: XmlNode): void {
    if (node.name !== 'Ntry') return;
    this.#transactions = [];
    this.#entries += 1;
  }

  /** Ends the statement with the balances it has given. */
  end(): void {
    const account = this.#begun(null);
    if (account === null) return;
    const { book, problems } = this.#file;
    const opening = openingOf(this.#balances, account.currency);
    const closing = closingOf(this.#balances, account.currency);
    if (this.#entries === 0) problems.add('statementEmpty', this.#line, { statement: this.#label() });
    if (opening === null) this.#warnOtherCurrency(['OPBD', 'PRCD'], account);
    if (closing === null) this.#warnOtherCurrency(['CLBD'], account);
    if (opening === null || closing === null) this.#refuseTwin(account);
    book.end({ opening, closing, from: this.#from, until: this.#until });
  }

  #entry(node: XmlNode): void {
    const transactions = this.#transactions;
    this.#transactions = [];
    this.#entries += 1;
    const account = this.#begun(parseCurrency(child(node, 'Amt')?.attributes.get('Ccy') ?? ''));
    const { book, problems, statusDefault, messageDay, entries } = this.#file;
    this.#file.entries += 1;
    if (account === null) return;
    for (const line of readEntry(node, transactions, { account, problems, statusDefault, statementDay: this.#day ?? messageDay, position: entries })) book.add(line);
  }

  #balance(node: XmlNode): void {
    const balance = readBalance(node, this.#file.problems);
    if (balance !== null && this.#balances.length < MAX_BALANCES) this.#balances.push(balance);
  }

  /** Texts that name the statement: its own, and the page inside its pagination. */
  #name(node: XmlNode): void {
    if (node.name === 'Id' || node.name === 'ElctrncSeqNb' || node.name === 'LglSeqNb') this.#texts.set(node.name, node.text);
    else if (node.name.endsWith('Pgntn')) this.#texts.set('PgNb', textAt(node, 'PgNb') ?? '');
  }

  #text(name: string): string | null {
    const text = this.#texts.get(name) ?? '';
    return text === '' ? null : text;
  }

  #label(): string {
    return quoted(this.#text('Id') ?? this.#text('ElctrncSeqNb') ?? this.#text('LglSeqNb') ?? this.#open?.iban ?? this.#open?.other ?? '?');
  }

  /** Begins the statement in the book with its first entry, or its end; null when it has no account, said once. */
  #begun(entryCurrency: Currency | null): BankAccount | null {
    if (this.#open !== null || this.#accountFault) return this.#open;
    if (this.#account === null) {
      this.#accountFault = true;
      this.#file.problems.add('camtAccountMissing', this.#line, { element: this.#element });
      return null;
    }
    const [balance] = this.#balances;
    this.#open = { ...this.#account, currency: this.#account.currency ?? balance?.currency ?? entryCurrency ?? CURRENCY_OF_NOTHING };
    this.#file.book.begin({
      line: this.#line, account: this.#open, identification: this.#text('Id'), sequence: this.#text('ElctrncSeqNb') ?? this.#text('LglSeqNb'), opening: null,
    });
    return this.#open;
  }

  #warnOtherCurrency(types: readonly CamtBalance['type'][], account: BankAccount): void {
    if (this.#balances.some(({ type }) => types.includes(type))) {
      this.#file.problems.add('camtBalanceOtherCurrency', this.#line, { type: types.join('/'), account: account.currency });
    }
  }

  /** Without balances to tell two copies by, a statement of the same name, numbers, page and days is the same one. */
  #refuseTwin(account: BankAccount): void {
    const { named, problems } = this.#file;
    if (this.#text('Id') === null || this.#entries === 0 || named.size >= MAX_CAMT_STATEMENTS) return;
    const key = JSON.stringify([account.iban, account.other, ...this.#texts, this.#day, this.#from, this.#until, this.#entries]);
    const first = named.get(key);
    if (first === undefined) named.set(key, this.#line);
    else problems.add('statementTwice', this.#line, { statement: this.#label(), first });
  }
}
