import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { addDays, day } from '#core/kernel/day.ts';
import type { Day } from '#core/kernel/day.ts';
import { OWN_IBAN } from '#server/testing/bank-files.ts';
import { ublOf } from '#server/testing/invoice-files.ts';

const FIRST_DAY = day('2026-01-05');
/** Days over which the movements of a file lie. */
const DAYS = 300;
const OPENING = 1_000_00;

/** A movement of a made statement; every tenth is money out. */
type Movement = { readonly index: number; readonly on: Day; readonly cents: number };

function* movementsOf(count: number): Generator<Movement> {
  for (let index = 0; index < count; index += 1) {
    const cents = 1_00 + ((index * 7919) % 500_000);
    yield { index, on: addDays(FIRST_DAY, Math.floor((index * DAYS) / count)), cents: index % 10 === 9 ? -cents : cents };
  }
}

/** Writes pieces to a file one after another, so that no more than a piece is in memory. */
async function writePieces(path: string, pieces: Iterable<string>): Promise<void> {
  const out = createWriteStream(path);
  let block = '';
  for (const piece of pieces) {
    block += piece;
    if (block.length < 65_536) continue;
    if (!out.write(block)) await once(out, 'drain');
    block = '';
  }
  out.end(block);
  await once(out, 'finish');
}

const decimal = (cents: number): string => `${Math.floor(Math.abs(cents) / 100)}.${String(Math.abs(cents) % 100).padStart(2, '0')}`;
const camtAmount = (cents: number): string => `<Amt Ccy="EUR">${decimal(cents)}</Amt><CdtDbtInd>${cents < 0 ? 'DBIT' : 'CRDT'}</CdtDbtInd>`;

function* camtPieces(count: number): Generator<string> {
  const closing = [...movementsOf(count)].reduce((sum, { cents }) => sum + cents, OPENING);
  const balance = (code: string, cents: number, on: Day): string => `<Bal><Tp><CdOrPrtry><Cd>${code}</Cd></CdOrPrtry></Tp>${camtAmount(cents)}<Dt><Dt>${on}</Dt></Dt></Bal>\n`;
  yield '<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt><GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-11-01T00:00:00</CreDtTm></GrpHdr>\n'
    + `<Stmt><Id>S1</Id><ElctrncSeqNb>1</ElctrncSeqNb><Acct><Id><IBAN>${OWN_IBAN}</IBAN></Id><Ccy>EUR</Ccy></Acct>\n${balance('OPBD', OPENING, FIRST_DAY)}${balance('CLBD', closing, addDays(FIRST_DAY, DAYS))}`;
  for (const { index, on, cents } of movementsOf(count)) {
    const party = cents < 0 ? 'Cdtr' : 'Dbtr';
    yield `<Ntry><NtryRef>${index}</NtryRef>${camtAmount(cents)}<Sts>BOOK</Sts><BookgDt><Dt>${on}</Dt></BookgDt><ValDt><Dt>${on}</Dt></ValDt><AcctSvcrRef>REF${index}</AcctSvcrRef>`
      + '<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd>'
      + `<NtryDtls><TxDtls><Refs><EndToEndId>E2E-${index}</EndToEndId></Refs><AmtDtls><TxAmt><Amt Ccy="EUR">${decimal(cents)}</Amt></TxAmt></AmtDtls>`
      + `<RltdPties><${party}><Nm>Client numéro ${index % 2000}</Nm></${party}></RltdPties><RmtInf><Ustrd>Règlement facture FA-2026-${index}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>\n`;
  }
  yield '</Stmt></BkToCstmrStmt></Document>\n';
}

const overpunched = (cents: number): string => {
  const digits = String(Math.abs(cents)).padStart(14, '0');
  return digits.slice(0, 13) + (cents < 0 ? '}JKLMNOPQR' : '{ABCDEFGHI').charAt(Number(digits.charAt(13)));
};
const dayCode = (on: Day): string => `${on.slice(8, 10)}${on.slice(5, 7)}${on.slice(2, 4)}`;

function* cfonbPieces(count: number): Generator<string> {
  const head = (code: string, operation: string): string => `${code}20041${operation.padEnd(4)}01005EUR2 0500013M026`;
  const record = (text: string): string => `${text.padEnd(120)}\r\n`;
  let balance = OPENING;
  yield record(`${head('01', '')}  ${dayCode(FIRST_DAY)}${' '.repeat(50)}${overpunched(balance)}`);
  for (const { index, on, cents } of movementsOf(count)) {
    balance += cents;
    yield record(`${head('04', 'B001')}18${dayCode(on)}  ${dayCode(on)}${`VIR SEPA ${index}`.padEnd(31)}  0000000  ${overpunched(cents)}REF${index}`);
    yield record(`${head('05', 'B001')}18${dayCode(on)}     NPYCLIENT NUMERO ${index % 2000}`);
    yield record(`${head('05', 'B001')}18${dayCode(on)}     LCCREGLEMENT FACTURE FA-2026-${index}`);
  }
  yield record(`${head('07', '')}  ${dayCode(addDays(FIRST_DAY, DAYS))}${' '.repeat(50)}${overpunched(balance)}`);
}

function* mt940Pieces(count: number): Generator<string> {
  const amount = (cents: number): string => decimal(cents).replace('.', ',');
  const short = (on: Day): string => on.replaceAll('-', '').slice(2);
  const side = (cents: number): string => (cents < 0 ? 'D' : 'C');
  let balance = OPENING;
  yield `:20:STATEMENT\r\n:25:${OWN_IBAN}\r\n:28C:1/1\r\n:60F:${side(balance)}${short(FIRST_DAY)}EUR${amount(balance)}\r\n`;
  for (const { index, on, cents } of movementsOf(count)) {
    balance += cents;
    yield `:61:${short(on)}${short(on).slice(2)}${side(cents)}${amount(cents)}NTRFREF${index % 1_000_000}//BANK${index}\r\n:86:166?00VIREMENT?20EREF+E2E-${index}?21SVWZ+FACTURE FA-2026-${index}?32CLIENT NUMERO ${index % 2000}\r\n`;
  }
  yield `:62F:${side(balance)}${short(addDays(FIRST_DAY, DAYS))}EUR${amount(balance)}\r\n-\r\n`;
}

/** Formats of made statements. */
const WRITERS = { camt053: camtPieces, cfonb120: cfonbPieces, mt940: mt940Pieces };

/** Writes one balanced statement of so many movements. */
export const writeStatement = (path: string, format: keyof typeof WRITERS, count: number): Promise<void> => writePieces(path, WRITERS[format](count));

/** So many different invoices in one syntax, as files would hold them, with their names. */
export async function invoiceTexts(syntax: 'ubl' | 'cii', count: number): Promise<readonly { readonly name: string; readonly text: string }[]> {
  // Issued by the company of the benchmark: its SIREN and the VAT number that goes with it.
  const example = (await readFile(join(import.meta.dirname, '../../fixtures/cii/invoice_en16931.xml'), 'utf8'))
    .replace(/<ram:SellerTradeParty>[\s\S]*?<\/ram:SellerTradeParty>/u, (seller) => seller.replaceAll(/>FR\d{11}</gu, '>FR12000000000<').replaceAll(/>\d{9}</gu, '>000000000<').replaceAll(/>\d{14}</gu, '>00000000000000<'));
  const number = /<rsm:ExchangedDocument>[\s\S]*?<ram:ID>([^<]+)<\/ram:ID>/u.exec(example)?.[1];
  if (number === undefined) throw new Error('the example has no number');
  return Array.from({ length: count }, (_, index) => {
    const name = `FA-${String(index).padStart(6, '0')}`;
    const text = syntax === 'cii' ? example.replace(`<ram:ID>${number}</ram:ID>`, `<ram:ID>${name}</ram:ID>`)
      : ublOf({ number: name, on: '2026-03-02', due: '2026-04-02', cents: 10_000 + index, buyer: `Client ${index % 200}`, iban: OWN_IBAN });
    return { name: `${name}.xml`, text };
  });
}
