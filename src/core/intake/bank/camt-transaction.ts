import type { Money } from '#core/kernel/money.ts';
import type { ProblemList } from '../problem-list.ts';
import { child, find, findAll, textAt } from '../xml/xml-node.ts';
import type { XmlNode } from '../xml/xml-node.ts';
import type { BankReturn } from './bank-line.ts';
import { readParties } from './camt-parties.ts';
import type { CamtParties } from './camt-parties.ts';
import { rawValues } from './camt-raw.ts';
import { directionOf, readCamtAmount } from './camt-values.ts';

/** One `TxDtls` of an entry, before anything is decided about it. */
export type CamtTransaction = {
  readonly line: number;
  /** Its own direction; null when it has none and goes with its entry. */
  readonly direction: 1n | -1n | null;
  readonly amounts: CamtAmounts;
  readonly parties: CamtParties;
  readonly endToEndId: string | null;
  readonly mandateId: string | null;
  readonly bankReference: string | null;
  readonly creditorReference: string | null;
  readonly documents: readonly string[];
  readonly remittance: string;
  readonly label: string | null;
  readonly code: CamtCode;
  /** Why it came back, when it says so itself. */
  readonly returned: BankReturn | null;
  readonly raw: string;
};

/** Amounts of a transaction: those that may be its share of the entry, and all of them, to find the one before conversion. */
export type CamtAmounts = { readonly shares: readonly Money[]; readonly before: readonly Money[] };

/** A bank transaction code: that of ISO 20022 as one text, the bank's own, and whether it says by itself that a payment came back. */
export type CamtCode = { readonly standard: string | null; readonly own: string | null; readonly comesBack: boolean };

/** What a file writes where there is no end-to-end reference (EPC rulebooks). */
const NOT_PROVIDED = 'NOTPROVIDED';

/**
 * Sub-families of the ISO 20022 bank transaction codes that undo a payment: return (RRTN), unpaid direct debit (UPDD), direct debit or
 * transfer reversed or cancelled (PRDD, RCDD, RPCR), unpaid cheque (UPCQ), unpaid draft (UDFT).
 */
const COMING_BACK: ReadonlySet<string> = new Set(['RRTN', 'UPDD', 'PRDD', 'RCDD', 'RPCR', 'UPCQ', 'UDFT']);

/** Reads a `BkTxCd`: `PMNT/RCDT/ESCT`, or the bank's own code. */
export function readCode(code: XmlNode | null): CamtCode {
  const domain = child(code, 'Domn');
  const family = child(domain, 'Fmly');
  const sub = textAt(family, 'SubFmlyCd');
  const parts = [textAt(domain, 'Cd'), textAt(family, 'Cd'), sub].filter((part) => part !== null);
  return { standard: parts.length > 0 ? parts.join('/') : null, own: textAt(code, 'Prtry', 'Cd'), comesBack: sub !== null && COMING_BACK.has(sub) };
}

/** Reads the amounts of an entry's or a transaction's details; an unreadable one is left out with a warning. */
export function readAmounts(node: XmlNode, problems: ProblemList, direct: XmlNode | null): CamtAmounts {
  const details = child(node, 'AmtDtls');
  const read = (element: string, at: XmlNode | null): Money[] => {
    if (at === null) return [];
    const amount = readCamtAmount(at);
    if (amount.ok) return [amount.value];
    problems.add('camtDetailAmountIgnored', at.line, { element, ...amount.error });
    return [];
  };
  const own = read('Amt', direct);
  if (details === null) return { shares: own, before: own };
  const [transaction, countervalue, instructed] = ['TxAmt', 'CntrValAmt', 'InstdAmt'].map((element) => read(`${element}/Amt`, find(details, element, 'Amt')));
  return {
    shares: [...own, ...(transaction ?? []), ...(countervalue ?? []), ...(instructed ?? [])],
    before: [...(instructed ?? []), ...(transaction ?? []), ...(countervalue ?? []), ...own],
  };
}

/** Reads a `TxDtls`. */
export function readTransaction(node: XmlNode, problems: ProblemList): CamtTransaction {
  const references = child(node, 'Refs');
  const endToEndId = textAt(references, 'EndToEndId');
  return {
    line: node.line,
    direction: directionOf(textAt(node, 'CdtDbtInd')),
    amounts: readAmounts(node, problems, child(node, 'Amt')),
    parties: readParties(node),
    endToEndId: endToEndId?.toUpperCase() === NOT_PROVIDED ? null : endToEndId,
    mandateId: textAt(references, 'MndtId'),
    bankReference: textAt(references, 'AcctSvcrRef'),
    ...readRemittance(child(node, 'RmtInf')),
    label: textAt(node, 'AddtlTxInf'),
    code: readCode(child(node, 'BkTxCd')),
    returned: readReturn(child(node, 'RtrInf')),
    raw: rawValues(node, 'NtryDtls/TxDtls/'),
  };
}

function readReturn(node: XmlNode | null): BankReturn | null {
  if (node === null) return null;
  const words = texts(node, 'AddtlInf');
  return { code: textAt(node, 'Rsn', 'Cd') ?? textAt(node, 'Rsn', 'Prtry'), text: words.length > 0 ? words.join(' ') : null };
}

const texts = (node: XmlNode | null, name: string): string[] => findAll(node, name).flatMap((one) => (one.text === '' ? [] : [one.text]));

function readRemittance(node: XmlNode | null): Pick<CamtTransaction, 'remittance' | 'documents' | 'creditorReference'> {
  if (node === null) return NO_REMITTANCE;
  const words = texts(node, 'Ustrd');
  const structured = findAll(node, 'Strd');
  if (structured.length === 0) return { remittance: words.join(' '), documents: [], creditorReference: null };
  const documents = new Set<string>();
  const references = new Set<string>();
  for (const one of structured) {
    for (const document of findAll(one, 'RfrdDocInf')) {
      const number = textAt(document, 'Nb');
      if (number !== null) documents.add(number);
    }
    const reference = textAt(one, 'CdtrRefInf', 'Ref');
    if (reference !== null) references.add(reference);
    words.push(...texts(one, 'AddtlRmtInf'));
  }
  // A line has one creditor reference; any further one names a document all the same.
  const [creditorReference = null, ...others] = references;
  for (const other of others) documents.add(other);
  return { remittance: words.join(' '), documents: [...documents], creditorReference };
}

const NO_REMITTANCE = { remittance: '', documents: [], creditorReference: null } as const;
