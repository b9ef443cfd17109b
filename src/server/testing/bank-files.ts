/** One movement of a statement made for a test; amounts are cents, negative for money out. */
export type Movement = {
  readonly on: string; readonly cents: number; readonly name?: string; readonly endToEnd?: string; readonly text?: string; readonly returned?: string; readonly pending?: boolean;
  /** Parts of a batched entry, in cents with the sign of the entry. */
  readonly parts?: readonly { readonly cents: number; readonly endToEnd: string; readonly name?: string; readonly returned?: string }[];
  /** The batch is announced with its count and without its parts. */
  readonly count?: number;
};

/** A statement made for a test. Without `closing` it balances. */
export type Statement = {
  readonly iban?: string; readonly id?: string; readonly sequence?: number; readonly from: string; readonly until: string; readonly opening: number; readonly closing?: number;
  readonly movements: readonly Movement[];
};

/** The account that `givenOrganisation` gives the company. */
export const OWN_IBAN = 'FR1420041010050500013M02606';

const euros = (cents: number): string => (Math.abs(cents) / 100).toFixed(2);
const sign = (cents: number): string => (cents < 0 ? 'DBIT' : 'CRDT');
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
const closingOf = (one: Statement): number => one.closing ?? one.movements.reduce((sum, movement) => sum + (movement.pending === true ? 0 : movement.cents), one.opening);

function details(part: { cents: number; name?: string | undefined; endToEnd?: string | undefined; text?: string | undefined; returned?: string | undefined }): string {
  const party = part.cents < 0 ? 'Cdtr' : 'Dbtr';
  return `<TxDtls><Refs><EndToEndId>${part.endToEnd ?? 'NOTPROVIDED'}</EndToEndId></Refs><AmtDtls><TxAmt><Amt Ccy="EUR">${euros(part.cents)}</Amt></TxAmt></AmtDtls>`
    + `<RltdPties><${party}><Nm>${escaped(part.name ?? 'Client')}</Nm></${party}></RltdPties>`
    + (part.text === undefined ? '' : `<RmtInf><Ustrd>${escaped(part.text)}</Ustrd></RmtInf>`)
    + (part.returned === undefined ? '' : `<RtrInf><Rsn><Cd>${part.returned}</Cd></Rsn></RtrInf>`) + '</TxDtls>';
}

function entry(movement: Movement): string {
  const { parts, count } = movement;
  const batch = count ?? parts?.length;
  const inner = parts === undefined ? (count === undefined ? details(movement) : '') : parts.map(details).join('');
  return `<Ntry><Amt Ccy="EUR">${euros(movement.cents)}</Amt><CdtDbtInd>${sign(movement.cents)}</CdtDbtInd><Sts>${movement.pending === true ? 'PDNG' : 'BOOK'}</Sts>`
    + `<BookgDt><Dt>${movement.on}</Dt></BookgDt><ValDt><Dt>${movement.on}</Dt></ValDt>`
    + `<NtryDtls>${batch === undefined ? '' : `<Btch><NbOfTxs>${batch}</NbOfTxs></Btch>`}${inner}</NtryDtls></Ntry>\n`;
}

const balance = (code: string, cents: number, on: string): string =>
  `<Bal><Tp><CdOrPrtry><Cd>${code}</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">${euros(cents)}</Amt><CdtDbtInd>${sign(cents)}</CdtDbtInd><Dt><Dt>${on}</Dt></Dt></Bal>\n`;

/** A camt.053.001.02 file of these statements. */
export function camt053Of(...statements: readonly Statement[]): string {
  const body = statements.map((one) => `<Stmt><Id>${one.id ?? 'REL'}</Id>${one.sequence === undefined ? '' : `<ElctrncSeqNb>${one.sequence}</ElctrncSeqNb>`}`
    + `<CreDtTm>${one.until}T20:00:00</CreDtTm><Acct><Id><IBAN>${one.iban ?? OWN_IBAN}</IBAN></Id><Ccy>EUR</Ccy></Acct>\n`
    + balance('OPBD', one.opening, one.from) + balance('CLBD', closingOf(one), one.until) + one.movements.map(entry).join('') + '</Stmt>');
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt><GrpHdr><MsgId>M</MsgId><CreDtTm>2026-01-01T00:00:00</CreDtTm></GrpHdr>\n${body.join('\n')}</BkToCstmrStmt></Document>\n`;
}

const overpunched = (cents: number): string => {
  const digits = String(Math.abs(cents)).padStart(14, '0');
  const last = Number(digits.at(-1));
  return digits.slice(0, -1) + (cents < 0 ? '}JKLMNOPQR' : '{ABCDEFGHI').charAt(last);
};
const dayCode = (on: string): string => `${on.slice(8, 10)}${on.slice(5, 7)}${on.slice(2, 4)}`;

/** The same statement as a bank writes it in CFONB 120, with other words: label, payer and reference as they fit. */
export function cfonb120Of(one: Statement): string {
  const iban = one.iban ?? OWN_IBAN;
  const [bank, branch, account] = [iban.slice(4, 9), iban.slice(9, 14), iban.slice(14, 25)];
  const head = (code: string): string => `${code}${bank}    ${branch}EUR2 ${account}  `;
  const lines = one.movements.flatMap((movement) => [
    `${head('04').slice(0, 7)}0000${branch}EUR2 ${account}21${dayCode(movement.on)}  ${dayCode(movement.on)}${(movement.text ?? 'VIREMENT').toUpperCase().slice(0, 31).padEnd(31)}  0000000  ${overpunched(movement.cents)}${''.padEnd(16)}`,
    `${head('05').slice(0, 7)}0000${branch}EUR2 ${account}21${dayCode(movement.on)}     NPY${(movement.name ?? 'CLIENT').toUpperCase().slice(0, 35).padEnd(70)}  `,
  ]);
  const end = (code: string, on: string, cents: number): string => `${head(code)}${dayCode(on)}${''.padEnd(50)}${overpunched(cents)}${''.padEnd(16)}`;
  return `${[end('01', one.from, one.opening), ...lines, end('07', one.until, closingOf(one))].map((line) => line.padEnd(120).slice(0, 120)).join('\r\n')}\r\n`;
}
