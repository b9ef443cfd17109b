import type { BankLine, BankSink, BankStatement } from './bank-line.ts';

/** An entry of an example: what is left out is a booked transfer of 100.00 EUR received on 2025-09-08. */
export type CamtEntryExample = {
  readonly amount?: string;
  /** Attributes of `Amt`, as written. */
  readonly amountAttributes?: string;
  /** Text of `CdtDbtInd`; null leaves the element out. */
  readonly direction?: string | null;
  /** What stands in `Sts`; null leaves the element out. */
  readonly status?: string | null;
  /** What stands in `BookgDt`; null leaves the element out. */
  readonly bookedOn?: string | null;
  readonly reversal?: string;
  /** Other elements between the status and the details. */
  readonly more?: string;
  /** What stands in `NtryDtls`; nothing leaves the element out. */
  readonly details?: string;
};

const element = (name: string, content: string | null): string => (content === null ? '' : `<${name}>${content}</${name}>`);

/** Writes an `Ntry`. */
export function camtEntry(example: CamtEntryExample = {}): string {
  const { amount = '100.00', amountAttributes = ' Ccy="EUR"', direction = 'CRDT', status = 'BOOK', bookedOn = '<Dt>2025-09-08</Dt>', more = '' } = example;
  return element('Ntry', [
    `<Amt${amountAttributes}>${amount}</Amt>`, element('CdtDbtInd', direction), element('RvslInd', example.reversal ?? null), element('Sts', status),
    element('BookgDt', bookedOn), more, element('NtryDtls', example.details ?? null),
  ].join(''));
}

/** Writes a `TxDtls` with an amount of its own, or none. */
export function camtTransaction(amount: string | null, more = ''): string {
  return element('TxDtls', `${amount === null ? '' : `<AmtDtls><TxAmt><Amt Ccy="EUR">${amount}</Amt></TxAmt></AmtDtls>`}${more}`);
}

/** Writes a `Bal`; a negative amount is a debit balance. */
export function camtBalance(type: string, amount: string, on = '2025-09-08'): string {
  const direction = amount.startsWith('-') ? 'DBIT' : 'CRDT';
  return `<Bal><Tp><CdOrPrtry><Cd>${type}</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">${amount.replace('-', '')}</Amt><CdtDbtInd>${direction}</CdtDbtInd><Dt><Dt>${on}</Dt></Dt></Bal>`;
}

/** An account that belongs to nobody; its check digits are right. */
export const CAMT_ACCOUNT = '<Acct><Id><IBAN>FR7630004005500001234567840</IBAN></Id><Ccy>EUR</Ccy></Acct>';

/** Writes a whole camt.053 of one statement. */
export function camtDocument(content: string, options: { readonly namespace?: string; readonly account?: string; readonly head?: string } = {}): string {
  const { namespace = 'urn:iso:std:iso:20022:tech:xsd:camt.053.001.02', account = CAMT_ACCOUNT, head = '<Id>S1</Id>' } = options;
  const xmlns = namespace === '' ? '' : ` xmlns="${namespace}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Document${xmlns}><BkToCstmrStmt><GrpHdr><MsgId>M1</MsgId></GrpHdr><Stmt>${head}${account}${content}</Stmt></BkToCstmrStmt></Document>`;
}

/** A sink that keeps everything. */
export function keepingSink(): BankSink & { readonly lines: BankLine[]; readonly statements: BankStatement[] } {
  const lines: BankLine[] = [];
  const statements: BankStatement[] = [];
  return { lines, statements, line: (line) => lines.push(line), statement: (statement) => statements.push(statement) };
}
