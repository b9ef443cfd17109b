/** One amount received, short: what differs between the lines of a journey. */
export type ShortReceipt = { readonly on: string; readonly amount: string; readonly from: string; readonly text: string; readonly iban?: string };

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

function entryOf(line: ShortReceipt, index: number): string {
  const account = line.iban === undefined ? '' : `<DbtrAcct><Id><IBAN>${line.iban}</IBAN></Id></DbtrAcct>`;
  return `<Ntry><Amt Ccy="EUR">${line.amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>${line.on}</Dt></BookgDt><ValDt><Dt>${line.on}</Dt></ValDt><AcctSvcrRef>J${index + 1}</AcctSvcrRef>`
    + '<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd><NtryDtls><TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs>'
    + `<RltdPties><Dbtr><Nm>${escaped(line.from)}</Nm></Dbtr>${account}</RltdPties><RmtInf><Ustrd>${escaped(line.text)}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>`;
}

const cents = (amount: string): number => Math.round(Number(amount) * 100);

/** A camt.053 statement of June 2026 on the company's account, with amounts received only. */
export function statementOf(iban: string, lines: readonly ShortReceipt[]): string {
  const balance = (code: string, amount: number, on: string): string =>
    `<Bal><Tp><CdOrPrtry><Cd>${code}</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">${(amount / 100).toFixed(2)}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>${on}</Dt></Dt></Bal>`;
  const total = lines.reduce((sum, line) => sum + cents(line.amount), 0);
  return '<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt>'
    + '<GrpHdr><MsgId>JUIN-2026</MsgId><CreDtTm>2026-06-29T20:00:00</CreDtTm></GrpHdr><Stmt><Id>JUIN-2026</Id><CreDtTm>2026-06-29T20:00:00</CreDtTm>'
    + '<FrToDt><FrDtTm>2026-06-01T00:00:00</FrDtTm><ToDtTm>2026-06-29T23:59:59</ToDtTm></FrToDt>'
    + `<Acct><Id><IBAN>${iban}</IBAN></Id><Ccy>EUR</Ccy><Ownr><Nm>Ateliers Duval</Nm></Ownr></Acct>${balance('OPBD', 100_000, '2026-06-01')}${balance('CLBD', 100_000 + total, '2026-06-29')}`
    + `${lines.map(entryOf).join('')}</Stmt></BkToCstmrStmt></Document>`;
}
