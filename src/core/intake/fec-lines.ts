import { currencyDigits, parseCurrency } from '#core/kernel/currency.ts';
import type { Day } from '#core/kernel/day.ts';
import { MinorSum, plainCents, readAmount } from './amounts.ts';
import type { AmountFault } from './amounts.ts';
import { FecDays } from './fec-days.ts';
import { customerOf, isOpening, receivableClass } from './fec-customer.ts';
import { documentNumber } from './fec-document.ts';
import { EntryBalances } from './fec-entries.ts';
import { fecField } from './fec-header.ts';
import type { FecField, FecHeader } from './fec-header.ts';
import type { FecLine, FecSink, FecSummary, ReceivableClass } from './fec-line.ts';
import { trimSpaces } from './fold.ts';
import { MAX_FEC_COLUMNS, MAX_FEC_LINES, MAX_FIELD_CHARS } from './limits.ts';
import { amountText, quoted } from './problems.ts';
import type { ProblemList } from './problem-list.ts';

/** One line as a stretch of a text, without its end. */
export type Stretch = { readonly text: string; readonly from: number; readonly to: number };

/** What reading lines needs: the mapped header, the separator between fields, where lines and problems go, the closing day announced. */
export type FecLinesOptions = {
  readonly header: FecHeader;
  readonly separator: string;
  readonly sink: FecSink;
  readonly problems: ProblemList;
  readonly closingOn: Day | null;
};

/** Totals and counts of the lines read. */
export type FecTotals = Pick<
  FecSummary,
  'lines' | 'receivableLines' | 'entries' | 'unbalancedEntries' | 'totalDebit' | 'totalCredit' | 'firstEntryOn' | 'lastEntryOn' | 'lettered'
>;

const AMOUNT_CASES = {
  malformed: 'fecAmountUnreadable', otherStyle: 'fecAmountUnreadable', ambiguous: 'fecAmountAmbiguous', decimals: 'fecAmountDecimals', outOfRange: 'fecAmountOutOfRange',
} as const satisfies Record<AmountFault, string>;

const EURO_READING = { digits: 2, style: null } as const;

/** Separators, quotes, spaces and the end-of-file mark of old systems: a line of nothing else is blank. */
const BLANK_CHARACTERS = ' \t|;,"\u001a\u001f\u00a0\ufeff';

function isBlank({ text, from, to }: Stretch): boolean {
  for (let at = from; at < to; at += 1) if (!BLANK_CHARACTERS.includes(text.charAt(at))) return false;
  return true;
}

/** Reads data lines: every line is checked and counted, only receivable ones are built and given away. */
export class FecLines {
  readonly #options: FecLinesOptions;
  readonly #problems: ProblemList;
  readonly #separator: string;
  readonly #cuts = new Int32Array(MAX_FEC_COLUMNS + 2);
  readonly #days: FecDays;
  readonly #entries: EntryBalances;
  readonly #totalDebit = new MinorSum();
  readonly #totalCredit = new MinorSum();
  readonly #at: Readonly<Record<FecField, number>>;
  #text = '';
  #line = 0;
  #count = 0;
  #lines = 0;
  #receivableLines = 0;
  #lettered = false;
  /** Lines with as many fields as titles; first line with more, all empty. */
  #exactLines = 0;
  #trailing: { readonly line: number; readonly found: number } | null = null;
  #debit = 0;
  #credit = 0;

  constructor(options: FecLinesOptions) {
    this.#options = options;
    this.#problems = options.problems;
    this.#separator = options.separator;
    this.#days = new FecDays(options.problems, options.closingOn);
    this.#entries = new EntryBalances(options.problems);
    const at = (field: FecField): number => options.header.indexes.get(field) ?? -1;
    this.#at = {
      JournalCode: at('JournalCode'), JournalLib: at('JournalLib'), EcritureNum: at('EcritureNum'), EcritureDate: at('EcritureDate'),
      CompteNum: at('CompteNum'), CompteLib: at('CompteLib'), CompAuxNum: at('CompAuxNum'), CompAuxLib: at('CompAuxLib'),
      PieceRef: at('PieceRef'), PieceDate: at('PieceDate'), EcritureLib: at('EcritureLib'), Debit: at('Debit'), Credit: at('Credit'),
      Montant: at('Montant'), Sens: at('Sens'), EcritureLet: at('EcritureLet'), DateLet: at('DateLet'), ValidDate: at('ValidDate'),
      Montantdevise: at('Montantdevise'), Idevise: at('Idevise'), DateRglt: at('DateRglt'), ModeRglt: at('ModeRglt'), NatOp: at('NatOp'),
      IdClient: at('IdClient'), DateEcheance: at('DateEcheance'),
    };
  }

  /** Reads one line; false when no more may follow. */
  read(line: number, stretch: Stretch): boolean {
    if (stretch.from === stretch.to) return true;
    this.#line = line;
    this.#text = stretch.text;
    this.#cut(stretch);
    const expected = this.#options.header.headers.length;
    const unusual = this.#count !== expected;
    if ((unusual || this.#count === 1) && isBlank(stretch)) return true;
    if (this.#count > MAX_FEC_COLUMNS) {
      this.#problems.add('tooManyColumns', line, { limit: MAX_FEC_COLUMNS });
      return false;
    }
    if (unusual && !this.#countTolerated(expected)) {
      this.#problems.add('fecFieldCount', line, { found: this.#count, expected });
      return true;
    }
    return this.#data(stretch);
  }

  /** Remembers where fields end; `#count` is the number of fields. */
  #cut({ text, from, to }: Stretch): void {
    const cuts = this.#cuts;
    const separator = this.#separator;
    cuts[0] = from;
    let count = 1;
    let at = text.indexOf(separator, from);
    while (at >= 0 && at < to) {
      cuts[count] = at + 1;
      count += 1;
      if (count > MAX_FEC_COLUMNS) break;
      at = text.indexOf(separator, at + 1);
    }
    cuts[count] = to + 1;
    this.#count = count;
  }

  /**
   * Trailing columns that are not needed may be left out. Empty ones may follow, but then on every line (`end` checks it): on some
   * lines only they mean a separator inside a label and cells in the wrong columns.
   */
  #countTolerated(expected: number): boolean {
    if (this.#count < expected) return this.#count >= this.#options.header.fieldsMin;
    for (let index = expected; index < this.#count; index += 1) if (this.#field(index) !== '') return false;
    this.#trailing ??= { line: this.#line, found: this.#count };
    return true;
  }

  #from(index: number): number {
    return this.#cuts[index] ?? 0;
  }

  #to(index: number): number {
    return (this.#cuts[index + 1] ?? 1) - 1;
  }

  /** Text of a column, '' when the file or the line has none. */
  #field(index: number): string {
    if (index < 0 || index >= this.#count) return '';
    return trimSpaces(this.#text.slice(this.#from(index), this.#to(index)));
  }

  #data(stretch: Stretch): boolean {
    const at = this.#at;
    const dateText = this.#text.slice(this.#from(at.EcritureDate), this.#to(at.EcritureDate));
    const entryOn = this.#days.entry(dateText, this.#line);
    if (entryOn === null) {
      if (isBlank(stretch)) return true;
      if (this.#repeatsHeader()) this.#problems.add('fecHeaderRepeated', this.#line, {});
      else this.#problems.add('fecDayUnreadable', this.#line, { column: 'EcritureDate', text: quoted(dateText) });
      return true;
    }
    if (this.#lines >= MAX_FEC_LINES) {
      this.#problems.add('tooManyLines', this.#line, { limit: MAX_FEC_LINES });
      return false;
    }
    this.#lines += 1;
    if (this.#count === this.#options.header.headers.length) this.#exactLines += 1;
    if (!this.#amounts()) return true;
    const journal = this.#text.slice(this.#from(at.JournalCode), this.#to(at.JournalCode));
    const entry = this.#text.slice(this.#from(at.EcritureNum), this.#to(at.EcritureNum));
    this.#entries.add({ journal, entry, day: dateText, number: this.#line, signed: this.#debit - this.#credit });
    const start = this.#from(at.CompteNum);
    const first = this.#text.charCodeAt(start);
    // Nearly all lines are on other accounts: "4" first, or a space or quote that a closer look removes.
    if (first === 0x34 || first === 0x20 || first === 0x22 || first === 0xa0) {
      const account = this.#field(at.CompteNum);
      const receivable = receivableClass(account);
      if (receivable !== null) this.#receivable(account, receivable, entryOn);
    }
    return true;
  }

  #repeatsHeader(): boolean {
    return fecField(this.#field(this.#at.EcritureDate)) === 'EcritureDate';
  }

  /** Cents of a column, NaN (with a problem) when it is no amount. */
  #cents(field: 'Debit' | 'Credit' | 'Montant'): number {
    const index = this.#at[field];
    const plain = plainCents(this.#text, this.#from(index), this.#to(index));
    if (!Number.isNaN(plain)) return plain;
    const text = this.#field(index);
    if (text === '') return 0;
    const read = readAmount(text, EURO_READING);
    if (read.ok) return Number(read.value);
    this.#problems.add(AMOUNT_CASES[read.error], this.#line, { column: field, text: quoted(text) });
    return Number.NaN;
  }

  /** Reads debit and credit of the line into `#debit` and `#credit` and adds them to the totals as the file writes them. */
  #amounts(): boolean {
    if (this.#options.header.amountStyle === 'amountSide') return this.#amountAndSide();
    const debit = this.#cents('Debit');
    const credit = this.#cents('Credit');
    if (Number.isNaN(debit) || Number.isNaN(credit)) return false;
    this.#totalDebit.add(debit);
    this.#totalCredit.add(credit);
    if (debit !== 0 && credit !== 0) {
      this.#problems.add('fecBothSides', this.#line, { debit: amountText(BigInt(debit)), credit: amountText(BigInt(credit)) });
      return false;
    }
    this.#setSides(debit, credit, 'Debit');
    return true;
  }

  #amountAndSide(): boolean {
    const amount = this.#cents('Montant');
    if (Number.isNaN(amount)) return false;
    const side = readSide(this.#field(this.#at.Sens));
    if (side === null) {
      this.#problems.add('fecSideUnreadable', this.#line, { column: 'Sens', text: quoted(this.#field(this.#at.Sens)) });
      return false;
    }
    const debit = side === 'debit' ? amount : 0;
    const credit = side === 'credit' ? amount : 0;
    this.#totalDebit.add(debit);
    this.#totalCredit.add(credit);
    this.#setSides(debit, credit, 'Montant');
    return true;
  }

  #setSides(debit: number, credit: number, debitColumn: FecField): void {
    if (debit < 0 || credit < 0) {
      const column = debit < 0 || debitColumn === 'Montant' ? debitColumn : 'Credit';
      this.#problems.add('fecNegativeAmount', this.#line, { column, text: quoted(this.#field(this.#at[column])) });
    }
    this.#debit = (debit > 0 ? debit : 0) + (credit < 0 ? -credit : 0);
    this.#credit = (credit > 0 ? credit : 0) + (debit < 0 ? -debit : 0);
  }

  #receivable(account: string, receivable: ReceivableClass, entryOn: Day): void {
    const at = this.#at;
    const auxiliary = this.#field(at.CompAuxNum);
    const accountLabel = this.#field(at.CompteLib);
    const customer = customerOf({ account, accountLabel, auxiliary, auxiliaryName: this.#field(at.CompAuxLib) });
    if (customer.from === 'none') this.#problems.add('fecCustomerMissing', this.#line, { account: quoted(account) });
    const journal = this.#field(at.JournalCode);
    const journalLabel = this.#field(at.JournalLib);
    const label = this.#field(at.EcritureLib);
    const piece = this.#field(at.PieceRef);
    const lettrage = this.#field(at.EcritureLet);
    const pieceOn = this.#days.needed(this.#field(at.PieceDate), 'PieceDate', this.#line);
    const dueOn = this.#days.needed(this.#field(at.DateEcheance), 'DateEcheance', this.#line);
    if (this.#tooLong([auxiliary, customer.name, piece, label, lettrage, accountLabel, journalLabel])) return;
    this.#receivableLines += 1;
    this.#lettered ||= lettrage !== '';
    this.#options.sink.line({
      line: this.#line, receivable, journal, journalLabel, entryNumber: this.#field(at.EcritureNum), entryOn, account, accountLabel,
      customerCode: customer.code, customerCodeFrom: customer.from, customerName: customer.name, piece, pieceOn, label,
      debit: BigInt(this.#debit), credit: BigInt(this.#credit), lettrage,
      lettrageOn: this.#days.spare(this.#field(at.DateLet), 'DateLet', this.#line),
      validOn: this.#days.spare(this.#field(at.ValidDate), 'ValidDate', this.#line),
      ...this.#foreign(), dueOn, opening: isOpening(journal, journalLabel, label), documentNumber: documentNumber(piece, label),
    });
  }

  #tooLong(texts: readonly string[]): boolean {
    const found = texts.find((text) => text.length > MAX_FIELD_CHARS);
    if (found !== undefined) this.#problems.add('fieldTooLong', this.#line, { column: quoted(found), limit: MAX_FIELD_CHARS });
    return found !== undefined;
  }

  /** Amount in foreign currency, signed by the side of the line whatever sign the file writes. */
  #foreign(): Pick<FecLine, 'currencyAmount' | 'currency'> {
    const text = this.#field(this.#at.Montantdevise);
    const code = this.#field(this.#at.Idevise);
    if (text === '' || code === '') return { currencyAmount: null, currency: null };
    const currency = parseCurrency(code.toUpperCase());
    const read = currency === null ? null : readAmount(text, { digits: currencyDigits(currency), style: null });
    if (currency === null || read === null || !read.ok) {
      this.#problems.add('fecCurrencyIgnored', this.#line, { text: quoted(`${text} ${code}`) });
      return { currencyAmount: null, currency: null };
    }
    const size = read.value < 0n ? -read.value : read.value;
    return { currency, currencyAmount: this.#credit > 0 ? -size : size };
  }

  /** Checks the control totals when the whole file was read, and gives all totals. */
  end(complete: boolean): FecTotals {
    const totalDebit = this.#totalDebit.value();
    const totalCredit = this.#totalCredit.value();
    const unbalancedEntries = this.#entries.end();
    this.#days.end();
    if (this.#trailing !== null && this.#exactLines > 0) {
      this.#problems.add('fecFieldCount', this.#trailing.line, { found: this.#trailing.found, expected: this.#options.header.headers.length });
    }
    if (complete && this.#lines === 0) this.#problems.add('fecNoLines', 0, {});
    if (complete && totalDebit !== totalCredit) {
      const difference = totalDebit > totalCredit ? totalDebit - totalCredit : totalCredit - totalDebit;
      this.#problems.add('fecTotalsDiffer', 0, { debit: amountText(totalDebit), credit: amountText(totalCredit), difference: amountText(difference) });
    }
    return {
      lines: this.#lines, receivableLines: this.#receivableLines, entries: this.#entries.runs, unbalancedEntries, totalDebit, totalCredit,
      firstEntryOn: this.#days.first, lastEntryOn: this.#days.last, lettered: this.#lettered,
    };
  }
}

/** D, C, +1, -1 and their long forms. */
function readSide(text: string): 'debit' | 'credit' | null {
  switch (text.toUpperCase()) {
    case 'D': case 'DEBIT': case 'DÉBIT': case '+1': case '1': case '+':
      return 'debit';
    case 'C': case 'CREDIT': case 'CRÉDIT': case '-1': case '-':
      return 'credit';
    default:
      return null;
  }
}
