import { currencyDigits } from '#core/kernel/currency.ts';
import type { Currency } from '#core/kernel/currency.ts';
import type { Day } from '#core/kernel/day.ts';
import { decimalMinor } from '#core/kernel/money.ts';
import type { Bilingual } from '#core/kernel/text.ts';
import { ProblemList } from '../problem-list.ts';
import { problem, quoted } from '../problems.ts';
import type { FactsOf, IntakeCase } from '../problems.ts';
import type { XmlNode } from '../xml/xml-node.ts';
import { trimXml } from '../xml/xml-tree.ts';
import type { BusinessTerm } from './business-terms.ts';
import { MAX_NOTE_CHARS, MAX_PARTY_CHARS } from './einvoice-limits.ts';
import { exactMinor, readDecimal } from './xml-values.ts';
import type { Decimal } from './xml-values.ts';

const FAULT_CASES = { decimals: 'einvoiceAmountDecimals', outOfRange: 'einvoiceAmountOutOfRange', malformed: 'einvoiceAmountUnreadable' } as const;

/** Reads the values of one invoice and collects what is wrong in them; amounts need the currency, known first. */
export class InvoiceValues {
  readonly problems = new ProblemList();
  readonly #contradictions = new Set<string>();
  readonly #day: (node: XmlNode) => Day | null;

  constructor(day: (node: XmlNode) => Day | null) {
    this.#day = day;
  }

  /** Codes of the problems that keep the invoice for review, each once. */
  get contradictions(): readonly string[] {
    return [...this.#contradictions];
  }

  /** Adds a problem for which a person must look before anything is claimed. */
  hold<C extends IntakeCase>(name: C, line: number, facts: FactsOf<C>): void {
    this.#contradictions.add(problem(name, line, facts).code);
    this.problems.add(name, line, facts);
  }

  /** The one element among its occurrences; two that do not say the same are a contradiction, the first is kept. */
  one(term: BusinessTerm, nodes: readonly XmlNode[]): XmlNode | null {
    const [first] = nodes;
    if (first === undefined) return null;
    const other = nodes.find((node) => node.text !== first.text);
    if (other !== undefined) this.hold('einvoiceTwice', other.line, { term, first: quoted(first.text), second: quoted(other.text) });
    return first;
  }

  /** Same for an element that must be there; `line` is where it should stand. */
  needed(term: BusinessTerm, nodes: readonly XmlNode[], line: number): XmlNode | null {
    const node = this.one(term, nodes);
    if (node === null) this.problems.add('einvoiceMissing', line, { term });
    return node;
  }

  /** A day; null when there is none or it is unreadable (then an error). */
  day(term: BusinessTerm, node: XmlNode | null): Day | null {
    if (node === null) return null;
    const day = this.#day(node);
    if (day === null) this.problems.add('einvoiceDateUnreadable', node.line, { term, text: quoted(node.text) });
    return day;
  }

  /** An amount in minor units of the currency; null when there is none or it is unreadable (then an error). */
  amount(term: BusinessTerm, node: XmlNode | null, currency: Currency): bigint | null {
    const decimal = this.decimal(term, node, currency);
    if (decimal === null || node === null) return null;
    const minor = exactMinor(decimal, currencyDigits(currency));
    if (minor.ok) return minor.value;
    this.problems.add(FAULT_CASES[minor.error], node.line, { term, text: quoted(node.text), currency });
    return null;
  }

  /** An amount that may be finer than the currency (the amount of a line); null when there is none or it is unreadable. */
  decimal(term: BusinessTerm, node: XmlNode | null, currency: Currency): Decimal | null {
    if (node === null) return null;
    const named = node.attributes.get('currencyID') ?? currency;
    if (named !== currency) {
      this.problems.add('einvoiceAmountCurrency', node.line, { term, text: quoted(named), currency });
      return null;
    }
    const decimal = readDecimal(node.text);
    if (decimal === null) this.problems.add('einvoiceAmountUnreadable', node.line, { term, text: quoted(node.text) });
    return decimal;
  }

  /** A name, reference or address line within its limit, on one line whatever the layout of the file. */
  text(text: string, line: number): string {
    return this.#cut(onOneLine(text), line, MAX_PARTY_CHARS);
  }

  /** A note or terms within its limit. */
  note(node: XmlNode): string {
    return this.#cut(node.text, node.line, MAX_NOTE_CHARS);
  }

  /** A list within its limit; a longer one is an error. */
  atMost<T>(list: readonly T[], limit: { readonly most: number; readonly line: number; readonly what: Bilingual }): readonly T[] {
    if (list.length > limit.most) this.problems.add('einvoiceTooMany', limit.line, { what: limit.what, limit: limit.most });
    return list.slice(0, limit.most);
  }

  #cut(text: string, line: number, limit: number): string {
    if (text.length <= limit) return text;
    this.problems.add('einvoiceTextCut', line, { limit, text: quoted(text) });
    // Half of a character outside the basic plane is no text.
    return text.slice(0, limit).replace(/[\uD800-\uDBFF]$/u, '');
  }
}

/** Layout made one space. Cut and joined: a pattern for blanks around a line end takes the square of the length of a run of spaces. */
const onOneLine = (text: string): string => (/[\t\r\n]/.test(text) ? text.split(/[\t\r\n]+/).map(trimXml).filter((part) => part !== '').join(' ') : text);

/** An amount as a sentence writes it in each language: "1234,50 EUR" and "1234.50 EUR". */
export function amountIn(minor: bigint, currency: Currency): Bilingual {
  const text = `${decimalMinor(minor, currencyDigits(currency))} ${currency}`;
  return { fr: text.replace('.', ','), en: text };
}
