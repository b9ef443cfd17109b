import type { Problem } from '#core/kernel/problem.ts';
import { ProblemList } from '../problem-list.ts';
import { quoted } from '../problems.ts';
import type { XmlNode, XmlSink } from '../xml/xml-node.ts';
import { XmlTreeBuilder } from '../xml/xml-tree.ts';
import type { BankFormat, BankSink, BankSummary } from './bank-line.ts';
import { CamtStatement, MAX_CAMT_STATEMENTS } from './camt-statement.ts';
import type { CamtFile } from './camt-statement.ts';
import { isoDay } from './camt-values.ts';
import { StatementBook } from './statement-book.ts';
import { StatementChain } from './statement-chain.ts';

/** The three messages read. */
export type CamtFormat = Extract<BankFormat, 'camt052' | 'camt053' | 'camt054'>;

/** Reads a camt message from its XML elements. */
export type CamtReader = XmlSink & {
  /** The summary once the document has ended, or with the problem that stopped its reading. */
  end(fault?: Problem | null): BankSummary;
  /** Which message it is; null until it is known, or when it is none of them. */
  format(): CamtFormat | null;
  /** True once the document is known to be refused whatever follows: the rest need not be read. */
  refused(): boolean;
};

type Message = { readonly format: CamtFormat; readonly title: string; readonly statement: string };

/** The element that holds each message, and what its statements are called. */
const MESSAGES: ReadonlyMap<string, Message> = new Map([
  ['BkToCstmrAcctRpt', { format: 'camt052', title: 'camt.052', statement: 'Rpt' }],
  ['BkToCstmrStmt', { format: 'camt053', title: 'camt.053', statement: 'Stmt' }],
  ['BkToCstmrDbtCdtNtfctn', { format: 'camt054', title: 'camt.054', statement: 'Ntfctn' }],
]);

const NAMESPACE = /^urn:iso:std:iso:20022:tech:xsd:(camt\.05[234])\.\d{3}\.(\d{2})$/u;

/** Newest version known, of November 2025. */
const NEWEST_VERSION = 13;

/** Characters of values of an entry without its transactions, or of one of these: ISO 20022 texts stop at 500 and repeat little. */
const MAX_FIELD_TREE_CHARS = 100_000;

/** Starts a reader; lines and statements go to the sink as they are read and count only when the summary accepts. */
export function createCamtReader(sink: BankSink): CamtReader {
  return new Reader(sink);
}

type Opened = Parameters<XmlSink['open']>[0];

class Reader implements CamtReader {
  readonly #problems = new ProblemList();
  readonly #chain = new StatementChain(this.#problems);
  readonly #sink: BankSink;
  #builder: XmlTreeBuilder | null = null;
  #file: CamtFile | null = null;
  #message: Message | null = null;
  #statement: CamtStatement | null = null;
  /** Names of the open elements down to the message. */
  readonly #outside: string[] = [];
  #root: { readonly name: string; readonly line: number } | null = null;
  #depth = 0;
  /** Depth of the open message; 0 outside one. */
  #messageDepth = 0;
  #messageLine = 0;
  #namespace = '';
  /** Depth of the open element of another vocabulary; 0 when there is none. */
  #foreignDepth = 0;
  /** Names of the open child of the message and of its child: `Stmt`, `Ntry`. */
  #section = '';
  #field = '';
  #statements = 0;
  #refused = false;

  constructor(sink: BankSink) {
    this.#sink = sink;
  }

  format(): CamtFormat | null {
    return this.#message?.format ?? null;
  }

  refused(): boolean {
    return this.#refused || (this.#file?.statements ?? 0) > MAX_CAMT_STATEMENTS;
  }

  open(element: Opened): void {
    this.#depth += 1;
    if (this.#foreignDepth > 0) return;
    if (this.#messageDepth === 0) {
      this.#lookForMessage(element);
      return;
    }
    // Supplementary data of a bank is in a vocabulary of its own; some generators give children no namespace at all.
    if (element.namespace !== this.#namespace && element.namespace !== '') {
      this.#foreignDepth = this.#depth;
      return;
    }
    const level = this.#depth - this.#messageDepth;
    if (level === 1) this.#openSection(element);
    else if (level === 2) this.#field = element.name;
    this.#builder?.open(element);
  }

  text(characters: string): void {
    if (this.#messageDepth > 0 && this.#foreignDepth === 0) this.#builder?.text(characters);
  }

  close(): void {
    if (this.#foreignDepth > 0) {
      if (this.#foreignDepth === this.#depth) this.#foreignDepth = 0;
    } else if (this.#messageDepth === 0) this.#outside.pop();
    else if (this.#depth === this.#messageDepth) this.#closeMessage();
    else {
      this.#builder?.close();
      if (this.#depth === this.#messageDepth + 1) this.#closeSection();
    }
    this.#depth -= 1;
  }

  end(fault: Problem | null = null): BankSummary {
    if (fault !== null) this.#problems.put(fault);
    else if (this.#message === null && !this.#refused) this.#problems.add('camtNotStatement', this.#root?.line ?? 0, { root: quoted(this.#root?.name ?? '') });
    else this.#chain.report();
    return this.#opened().book.summary();
  }

  #lookForMessage(element: Opened): void {
    const { name, line } = element;
    const parent = this.#outside.at(-1);
    this.#root ??= { name, line };
    const message = MESSAGES.get(name);
    if (message === undefined || (parent !== undefined && parent !== 'Document')) {
      this.#outside.push(name);
      return;
    }
    this.#messageDepth = this.#depth;
    this.#messageLine = line;
    this.#namespace = element.namespace;
    this.#statements = 0;
    this.#builder = new XmlTreeBuilder((inner, depth) => this.#isWanted(inner, depth), (node, depth) => this.#take(node, depth));
    this.#checkNamespace(element, message);
    if (this.#message !== null && this.#message !== message) {
      this.#problems.add('camtMessagesMixed', line, { first: this.#message.title, other: message.title });
      this.#refused = true;
    }
    this.#message ??= message;
  }

  #checkNamespace({ name, namespace, line }: Opened, message: Message): void {
    if (namespace === '') {
      this.#problems.add('camtNamespaceMissing', line, {});
      return;
    }
    const [, title, version = ''] = NAMESPACE.exec(namespace) ?? [];
    if (title !== message.title) {
      this.#problems.add('camtNamespace', line, { element: name, namespace: quoted(namespace) });
      this.#refused = true;
    } else if (Number(version) > NEWEST_VERSION) this.#problems.add('camtVersionUnknown', line, { version, known: String(NEWEST_VERSION) });
  }

  #openSection({ name, line }: Opened): void {
    this.#section = name;
    this.#field = '';
    if (this.#refused || name !== this.#message?.statement) return;
    this.#statements += 1;
    this.#statement = new CamtStatement(this.#opened(), { element: name, line });
  }

  /** Elements read as trees: the children of a statement or of the header, and apart from them the transactions of an entry. */
  #isWanted(name: string, depth: number): boolean {
    if (depth === 2) return this.#statement !== null || this.#section === 'GrpHdr';
    return depth === 4 && name === 'TxDtls' && this.#field === 'Ntry' && this.#statement !== null;
  }

  #take(node: XmlNode, depth: number): void {
    if (this.#builder !== null && (this.#builder.tooLarge || this.#builder.characters > MAX_FIELD_TREE_CHARS)) {
      this.#problems.add('camtEntryTooLarge', node.line, { element: node.name, limit: MAX_FIELD_TREE_CHARS });
      this.#statement?.skip(node);
    } else if (depth === 4) this.#statement?.transaction(node);
    else if (this.#statement !== null) this.#statement.field(node);
    else if (node.name === 'CreDtTm') this.#opened().messageDay = isoDay(node.text);
  }

  #closeSection(): void {
    this.#statement?.end();
    this.#statement = null;
    this.#section = '';
  }

  #closeMessage(): void {
    const message = this.#message;
    this.#messageDepth = 0;
    if (message === null || this.#refused || this.#statements > 0) return;
    const element = [...MESSAGES].find(([, one]) => one === message)?.[0] ?? '';
    this.#problems.add('camtNoStatement', this.#messageLine, { element, wanted: message.statement });
  }

  #opened(): CamtFile {
    const format = this.#message?.title ?? 'camt';
    this.#file ??= {
      book: new StatementBook({ sink: this.#chain.watch(this.#sink), problems: this.#problems, format }), problems: this.#problems,
      // An intraday report shows what is on its way; a statement or an advice speaks of what is done.
      statusDefault: this.#message?.format === 'camt052' ? 'pending' : 'booked',
      messageDay: null, entries: 0, named: new Map(), statements: 0,
    };
    return this.#file;
  }
}
