import type { Day } from '#core/kernel/day.ts';
import type { Money } from '#core/kernel/money.ts';
import type { ProblemList } from '../problem-list.ts';
import { quoted } from '../problems.ts';
import { child, findAll, textAt } from '../xml/xml-node.ts';
import type { XmlNode } from '../xml/xml-node.ts';
import type { BankAccount, BankLine, BankReturn } from './bank-line.ts';
import { sharesOf } from './camt-batch.ts';
import type { CamtShare } from './camt-batch.ts';
import { counterpartyOf } from './camt-parties.ts';
import { joinRaw, rawValues } from './camt-raw.ts';
import { readAmounts, readCode } from './camt-transaction.ts';
import type { CamtAmounts, CamtCode, CamtTransaction } from './camt-transaction.ts';
import { CAMT_STATUSES, directionOf, isoDay, isTrue, optionalDay, readCamtAmount, writtenDay } from './camt-values.ts';

/** What an entry needs to know of the statement around it. */
export type CamtSurroundings = {
  readonly account: BankAccount;
  /** Status of an entry that has none. */
  readonly statusDefault: BankLine['status'];
  /** Day of the statement, for entries that have none; null when it has none either. */
  readonly statementDay: Day | null;
  /** Position of the entry in the file, from 0. */
  readonly position: number;
  readonly problems: ProblemList;
};

/** An entry's own values, those all its lines share. */
type Entry = {
  readonly node: XmlNode;
  readonly amount: Money;
  readonly direction: 1n | -1n;
  readonly status: BankLine['status'];
  readonly bookedOn: Day;
  readonly valueOn: Day | null;
  readonly reversal: boolean;
  readonly bankReference: string | null;
  readonly label: string | null;
  readonly code: CamtCode;
  readonly amounts: CamtAmounts;
  readonly raw: string;
};

/** A line without the statement it belongs to. */
export type CamtLine = Omit<BankLine, 'statement'>;

/** The lines of an entry one by one, from its own values and its transactions; none when it is refused, with the problem. */
export function* readEntry(node: XmlNode, transactions: readonly CamtTransaction[], around: CamtSurroundings): Generator<CamtLine, void, undefined> {
  const entry = readOwnValues(node, around);
  if (entry === null) return;
  const { problems, account } = around;
  if (entry.amount.currency !== account.currency) {
    problems.add('camtCurrencyDiffers', node.line, { currency: entry.amount.currency, account: account.currency });
  }
  const details = { amount: entry.amount, direction: entry.direction, line: node.line, announced: announcedCount(node) };
  const { shares, count } = sharesOf(details, transactions, problems);
  const batch = count > 1 ? { entry: around.position, count } : null;
  for (const share of shares) yield lineOf(entry, share, { batch, account, alone: shares.length === 1 });
}

function readOwnValues(node: XmlNode, around: CamtSurroundings): Entry | null {
  const { problems } = around;
  const amountAt = child(node, 'Amt');
  const amount = readCamtAmount(amountAt);
  if (!amount.ok) problems.add('camtAmountRefused', amountAt?.line ?? node.line, { element: 'Ntry/Amt', ...amount.error });
  const directionAt = child(node, 'CdtDbtInd');
  const direction = directionOf(directionAt?.text ?? null);
  if (direction === null) problems.add('camtDirectionMissing', directionAt?.line ?? node.line, { text: quoted(directionAt?.text ?? '') });
  const status = statusOf(node, around);
  const valueOn = optionalDay(child(node, 'ValDt'), 'ValDt', problems);
  const bookedOn = bookingDay(node, { valueOn, booked: status === 'booked' }, around);
  if (!amount.ok || direction === null || bookedOn === null) return null;
  return {
    node, amount: amount.value, direction, status, bookedOn, valueOn,
    reversal: isTrue(textAt(node, 'RvslInd')),
    bankReference: textAt(node, 'AcctSvcrRef'),
    label: textAt(node, 'AddtlNtryInf'),
    code: readCode(child(node, 'BkTxCd')),
    amounts: readAmounts(node, problems, null),
    raw: rawValues(node, ''),
  };
}

/** `Sts` is text up to version 03 or so, a choice of codes later. */
function statusOf(node: XmlNode, { statusDefault, problems }: CamtSurroundings): BankLine['status'] {
  const at = child(node, 'Sts');
  const text = at === null ? null : (textAt(at) ?? textAt(at, 'Cd') ?? textAt(at, 'Prtry'));
  if (text === null) {
    problems.add('camtStatusMissing', node.line, { taken: STATUS_WORDS[statusDefault] });
    return statusDefault;
  }
  const status = CAMT_STATUSES.get(text);
  if (status === undefined) problems.add('camtStatusUnknown', at?.line ?? node.line, { text: quoted(text) });
  return status ?? 'info';
}

const STATUS_WORDS = {
  booked: { fr: 'comptabilisé', en: 'booked' },
  pending: { fr: 'en attente', en: 'pending' },
  info: { fr: 'donné pour information', en: 'given for information' },
} as const;

type DayContext = { readonly valueOn: Day | null; readonly booked: boolean };

/** Booking day; without one the value day or the statement's, with a warning when the entry is booked. Unreadable: refused. */
function bookingDay(node: XmlNode, { valueOn, booked }: DayContext, { problems, statementDay }: CamtSurroundings): Day | null {
  const written = writtenDay(child(node, 'BookgDt'));
  if (written !== null) {
    const day = isoDay(written.text);
    if (day === null) problems.add('camtDayUnreadable', written.line, { element: 'BookgDt', text: quoted(written.text) });
    return day;
  }
  const day = valueOn ?? statementDay;
  if (day === null) problems.add('camtDayMissing', node.line, {});
  else if (booked) problems.add('camtDayTaken', node.line, { day });
  return day;
}

/** How many transactions the entry says it batches; 0 when it does not say. */
function announcedCount(node: XmlNode): number {
  let count = 0;
  for (const details of findAll(node, 'NtryDtls')) {
    const text = textAt(details, 'Btch', 'NbOfTxs');
    if (text !== null && MAX15_DIGITS.test(text)) count += Number(text);
  }
  return count;
}

/** Max15NumericText of ISO 20022. */
const MAX15_DIGITS = /^\d{1,15}$/u;

type LineContext = { readonly batch: BankLine['batch']; readonly account: BankAccount; readonly alone: boolean };

function lineOf(entry: Entry, share: CamtShare, { batch, account, alone }: LineContext): CamtLine {
  const { transaction, minor } = share;
  const { currency } = entry.amount;
  const returned: BankReturn | null = transaction.returned ?? (transaction.code.comesBack || entry.code.comesBack ? { code: null, text: null } : null);
  return {
    line: alone ? entry.node.line : transaction.line,
    status: entry.status, bookedOn: entry.bookedOn, valueOn: entry.valueOn, minor, currency,
    original: originalOf({ minor, currency }, [...transaction.amounts.before, ...entry.amounts.before]),
    counterparty: counterpartyOf(transaction.parties, { comesIn: minor >= 0n, comesBack: returned !== null || entry.reversal, own: account }),
    endToEndId: transaction.endToEndId,
    mandateId: transaction.mandateId,
    bankReference: transaction.bankReference ?? entry.bankReference,
    creditorReference: transaction.creditorReference,
    documents: transaction.documents,
    remittance: transaction.remittance,
    label: labelOf(transaction.label, entry.label, alone),
    transactionCode: transaction.code.standard ?? entry.code.standard ?? transaction.code.own ?? entry.code.own,
    returned, reversal: entry.reversal, batch,
    raw: joinRaw(entry.raw, transaction.raw),
  };
}

/** A transaction of a batch has its own words; the entry's speak of the batch. */
function labelOf(own: string | null, entry: string | null, alone: boolean): string {
  if (!alone || own === null || entry === null || own === entry) return own ?? entry ?? '';
  return `${entry} ${own}`;
}

/** The amount before conversion, in the direction of the line; zero is only a placeholder. */
function originalOf(line: Money, amounts: readonly Money[]): Money | null {
  const before = amounts.find(({ minor, currency }) => currency !== line.currency && minor !== 0n);
  if (before === undefined) return null;
  return line.minor < 0n ? { minor: -before.minor, currency: before.currency } : before;
}
