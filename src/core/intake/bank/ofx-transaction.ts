import type { Currency } from '#core/kernel/currency.ts';
import type { Day } from '#core/kernel/day.ts';
import { MAX_RAW_CHARS } from '../limits.ts';
import type { ProblemList } from '../problem-list.ts';
import { quoted } from '../problems.ts';
import type { BankLine } from './bank-line.ts';
import { textOrNull, tidyText } from './cfonb-fields.ts';
import { accountOf } from './mt940-details.ts';
import { ofxCurrency, ofxMinor, readOfxDay } from './ofx-values.ts';

/** The values of one STMTTRN or STMTTRNP with the line each stands on; those of an aggregate inside it are under `AGGREGATE/NAME`. */
export type OfxTransaction = { readonly line: number; readonly pending: boolean; readonly values: Map<string, { readonly text: string; readonly line: number }> };

/** Kinds whose money goes one way only. */
const OUTGOING: ReadonlySet<string> = new Set(['DEBIT', 'PAYMENT', 'FEE', 'SRVCHG', 'DIRECTDEBIT']);

/** Reads a transaction as a line; null after reporting why it cannot be read. */
export function transactionLine(transaction: OfxTransaction, currency: Currency, problems: ProblemList): Omit<BankLine, 'statement'> | null {
  const { values } = transaction;
  const text = (name: string): string => values.get(name)?.text ?? '';
  const lineOf = (name: string): number => values.get(name)?.line ?? transaction.line;
  // CURRENCY: the amount is in that currency. ORIGCURRENCY: it was converted, the amount is the account's.
  const ownCurrency = text('CURRENCY/CURSYM') === '' ? currency : ofxCurrency(text('CURRENCY/CURSYM'));
  if (ownCurrency === null) problems.add('ofxCurrencyMissing', lineOf('CURRENCY/CURSYM'), { text: quoted(text('CURRENCY/CURSYM')) });
  const bookedOn = bookingDay(transaction, problems);
  const amount = text('TRNAMT');
  const minor = ownCurrency === null ? null : ofxMinor(amount, ownCurrency);
  if (amount === '') problems.add('ofxAmountMissing', lineOf('TRNAMT'), {});
  else if (minor === null && ownCurrency !== null) problems.add('ofxAmount', lineOf('TRNAMT'), { element: 'TRNAMT', text: quoted(amount) });
  if (ownCurrency === null || bookedOn === null || minor === null) return null;
  const kind = text('TRNTYPE').toUpperCase();
  if ((minor > 0n && OUTGOING.has(kind)) || (minor < 0n && kind === 'CREDIT')) problems.add('ofxSignDoubt', lineOf('TRNAMT'), { kind: quoted(kind), text: quoted(amount) });
  const corrected = text('CORRECTFITID');
  if (corrected !== '') problems.add('ofxCorrection', lineOf('CORRECTFITID'), { action: quoted(text('CORRECTACTION')), fitid: quoted(corrected) });
  const check = text('CHECKNUM');
  const label = tidyText(text('NAME'));
  return {
    line: transaction.line, status: transaction.pending ? 'pending' : corrected === '' ? 'booked' : 'info', bookedOn, valueOn: valueDay(transaction, problems), minor,
    currency: ownCurrency, original: null,
    counterparty: {
      name: textOrNull(text('EXTDNAME')) ?? textOrNull(text('PAYEE/NAME')) ?? textOrNull(label), ...otherAccount(text),
      bic: null, ultimateName: null,
    },
    endToEndId: null, mandateId: null, bankReference: textOrNull(text('FITID')) ?? textOrNull(text('REFNUM')), creditorReference: null, documents: [],
    remittance: tidyText(text('MEMO')), label: check === '' || label.includes(check) ? label : tidyText(`${label} ${check}`), transactionCode: textOrNull(kind),
    returned: null, reversal: corrected !== '', batch: null,
    raw: [...values].map(([name, value]) => `${name}=${value.text}`).join('\n').slice(0, MAX_RAW_CHARS),
  };
}

/** The account of BANKACCTTO or CCACCTTO: an IBAN alone, else its parts as written. */
function otherAccount(text: (name: string) => string): ReturnType<typeof accountOf> {
  const number = text('BANKACCTTO/ACCTID') === '' ? text('CCACCTTO/ACCTID') : text('BANKACCTTO/ACCTID');
  const alone = accountOf(number);
  return alone.iban === null ? { iban: null, account: textOrNull([text('BANKACCTTO/BANKID'), text('BANKACCTTO/BRANCHID'), number].join(' ')) } : alone;
}

function bookingDay({ line, pending, values }: OfxTransaction, problems: ProblemList): Day | null {
  const element = pending ? 'DTTRAN' : 'DTPOSTED';
  const found = values.get(element);
  if (found === undefined || found.text === '') {
    problems.add('ofxDayMissing', found?.line ?? line, { element });
    return null;
  }
  const day = readOfxDay(found.text);
  if (day === null) problems.add('ofxDay', found.line, { element, text: quoted(found.text) });
  return day;
}

/** DTAVAIL says when the money may be used: the value date. */
function valueDay({ values }: OfxTransaction, problems: ProblemList): Day | null {
  const found = values.get('DTAVAIL');
  if (found === undefined || found.text === '') return null;
  const day = readOfxDay(found.text);
  if (day === null) problems.add('ofxDayIgnored', found.line, { element: 'DTAVAIL', text: quoted(found.text) });
  return day;
}
