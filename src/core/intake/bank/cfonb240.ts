import type { Bilingual } from '#core/kernel/text.ts';
import { MAX_RAW_CHARS } from '../limits.ts';
import { ProblemList } from '../problem-list.ts';
import { quoted } from '../problems.ts';
import type { BankReader, BankSink, BankSummary } from './bank-line.ts';
import { frenchIban, readCfonbDay, textOrNull, tidyText } from './cfonb-fields.ts';
import { RecordSplitter } from './cfonb-records.ts';
import type { CfonbRecord } from './cfonb-records.ts';
import { StatementBook } from './statement-book.ts';
import { bankAmountText, StatementChain } from './statement-chain.ts';

/** Characters of a record of the French list of operations. */
export const CFONB240_WIDTH = 240;

const RECORD_CODES: readonly string[] = ['31', '34', '39'];

/** Currency index of amounts in euro; the franc's is of the last century. */
const EURO = 'E';

const OPERATION_DAY: Bilingual = { fr: 'date de l\'opération initiale', en: 'date of the original operation' };

/**
 * Starts the reading of a CFONB 240 file: header (31), operations (34), total (39). Its lines are information about movements that the
 * account statement books: the format writes no sign, and taking both would count them twice.
 */
export function createCfonb240Reader(sink: BankSink): BankReader {
  return new Reading(sink);
}

type OpenList = { readonly at: CfonbRecord; readonly account: string; sum: bigint; sequence: number };

class Reading implements BankReader {
  readonly #problems = new ProblemList();
  readonly #chain = new StatementChain(this.#problems);
  readonly #book: StatementBook;
  readonly #splitter: RecordSplitter;
  #open: OpenList | null = null;

  constructor(sink: BankSink) {
    this.#book = new StatementBook({ sink: this.#chain.watch(sink), problems: this.#problems, format: 'CFONB 240' });
    this.#splitter = new RecordSplitter({
      width: CFONB240_WIDTH,
      startsRecord: (text) => RECORD_CODES.includes(text.slice(0, 2)),
      record: (record) => this.#record(record),
      wrongLength: ({ line, record, length }) => {
        this.#problems.add('cfonbRecordLength', line, { record, length, expected: CFONB240_WIDTH });
        return record === null;
      },
    });
  }

  push(text: string): boolean {
    return this.#splitter.push(text) && !this.#chain.full;
  }

  end(): BankSummary {
    this.#splitter.end();
    this.#closeUnfinished();
    return this.#book.summary();
  }

  #record(record: CfonbRecord): boolean {
    const code = record.text.slice(0, 2);
    if (record.text.trim() === '\u001a') return true;
    if (!RECORD_CODES.includes(code)) {
      this.#problems.add('cfonbRecordUnknown', record.line, { record: record.record, code: quoted(code), expected: RECORD_CODES.join(', ') });
      return record.record === null;
    }
    if (code === '31') {
      this.#header(record);
      return true;
    }
    const open = this.#open;
    if (open === null) {
      this.#problems.add('cfonb240Outside', record.line, { record: record.record, code });
      return true;
    }
    open.sequence += 1;
    if (Number(record.text.slice(2, 8)) !== open.sequence) {
      this.#problems.add('cfonb240Sequence', record.line, { record: record.record, expected: open.sequence, found: quoted(record.text.slice(2, 8)) });
      open.sequence = Number(record.text.slice(2, 8)) || open.sequence;
    }
    if (code === '34') this.#operation(record, open);
    else this.#total(record, open);
    return true;
  }

  #closeUnfinished(): void {
    if (this.#open === null) return;
    const { line, record } = this.#open.at;
    this.#problems.add('cfonb240Unfinished', line, { record });
    this.#open = null;
    this.#book.end({ closing: null });
  }

  #header(record: CfonbRecord): void {
    const { text } = record;
    this.#closeUnfinished();
    this.#euro(record);
    const account = accountAt(text, 21);
    this.#open = { at: record, account, sum: 0n, sequence: Number(text.slice(2, 8)) || 1 };
    this.#book.begin({
      line: record.record ?? record.line, identification: null, sequence: null, opening: null,
      account: { iban: frenchIban(text.slice(21, 26), text.slice(26, 31), text.slice(31, 42)), other: account === '' ? null : account, bic: null, name: textOrNull(text.slice(42, 66)), currency: 'EUR' },
    });
  }

  #operation(record: CfonbRecord, open: OpenList): void {
    const { text } = record;
    const minor = this.#amount(record);
    const bookedOn = readCfonbDay(text.slice(10, 16));
    const isEuro = this.#euro(record);
    if (bookedOn === null || bookedOn === 'blank') return this.#problems.add('cfonbDay', record.line, { record: record.record, text: quoted(text.slice(10, 16)) });
    if (minor === null || !isEuro) return undefined;
    open.sum += minor;
    // Two parties stand in a record: the one that is not the header's account is the other side.
    const at = accountAt(text, 21) === open.account ? 77 : 21;
    const initialOn = readCfonbDay(text.slice(216, 222));
    if (initialOn === null) this.#problems.add('cfonbDayIgnored', record.line, { record: record.record, text: quoted(text.slice(216, 222)), what: OPERATION_DAY });
    this.#book.add({
      line: record.record ?? record.line, status: 'info', bookedOn, valueOn: null, minor, currency: 'EUR', original: null,
      counterparty: { name: textOrNull(text.slice(at + 21, at + 45)), iban: null, account: textOrNull(accountAt(text, at)), bic: null, ultimateName: null },
      endToEndId: null, mandateId: null, bankReference: textOrNull(text.slice(122, 128)) ?? textOrNull(text.slice(222, 228)), creditorReference: null, documents: [],
      remittance: tidyText(text.slice(128, 216)), label: '', transactionCode: textOrNull(text.slice(8, 10)), returned: null, reversal: false, batch: null,
      raw: text.trimEnd().slice(0, MAX_RAW_CHARS),
    });
    return undefined;
  }

  #total(record: CfonbRecord, open: OpenList): void {
    const total = this.#amount(record);
    if (total !== null && total !== open.sum) {
      this.#problems.add('cfonb240Total', record.line, { record: record.record, expected: bankAmountText(open.sum, 'EUR'), found: bankAmountText(total, 'EUR') });
    }
    this.#open = null;
    this.#book.end({ closing: null });
  }

  #amount(record: CfonbRecord): bigint | null {
    const written = record.text.slice(228, 240);
    if (/^ *\d+$/u.test(written)) return BigInt(written.trim());
    this.#problems.add('cfonb240Amount', record.line, { record: record.record, text: quoted(written) });
    return null;
  }

  #euro(record: CfonbRecord): boolean {
    const index = record.text.charAt(16);
    if (index === EURO) return true;
    this.#problems.add('cfonbCurrency', record.line, { record: record.record, text: quoted(index) });
    return false;
  }
}

/** Bank, branch and account that begin at a position, as written. */
const accountAt = (text: string, at: number): string => tidyText(`${text.slice(at, at + 5)} ${text.slice(at + 5, at + 10)} ${text.slice(at + 10, at + 21)}`);
