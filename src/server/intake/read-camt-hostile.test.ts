import { expect, test } from 'vitest';
import { CAMT_ACCOUNT, camtBalance, camtDocument, camtEntry, camtTransaction, keepingSink } from '#core/intake/bank/camt-example.ts';
import type { CamtEntryExample } from '#core/intake/bank/camt-example.ts';
import type { BankLine, BankStatement } from '#core/intake/bank/bank-line.ts';
import { lineFacts } from '#core/intake/bank/line-facts.ts';
import type { CamtSummary } from './read-camt.ts';
import { readCamtBytes } from './read-camt.ts';

type Reading = { readonly summary: CamtSummary; readonly lines: readonly BankLine[]; readonly statements: readonly BankStatement[]; readonly codes: readonly string[] };

function read(document: string): Reading {
  const sink = keepingSink();
  const summary = readCamtBytes(new TextEncoder().encode(document), sink);
  return { summary, lines: sink.lines, statements: sink.statements, codes: summary.problems.map(({ code }) => code.replace('intake.', '')) };
}

const readEntries = (...entries: readonly CamtEntryExample[]): Reading => read(camtDocument(entries.map((entry) => camtEntry(entry)).join('\n')));
const details = (content: string): CamtEntryExample => ({ details: `<TxDtls>${content}</TxDtls>` });
const debtor = (name: string, account = ''): CamtEntryExample => details(`<RltdPties><Dbtr><Nm>${name}</Nm></Dbtr>${account === '' ? '' : `<DbtrAcct><Id>${account}</Id></DbtrAcct>`}</RltdPties>`);
const endToEnd = (id: string): CamtEntryExample => details(`<Refs><EndToEndId>${id}</EndToEndId></Refs>`);

/** Reads one entry that stands on line 2. */
const onSecondLine = (entry: CamtEntryExample): Reading => read(camtDocument(`\n${camtEntry(entry)}`).replace('?>\n', '?>'));

/** The entry of an amount written as "1.00 EUR". */
function priced(text: string): CamtEntryExample {
  const space = text.lastIndexOf(' ');
  const currency = text.slice(space + 1);
  return { amount: text.slice(0, space), amountAttributes: currency === '' ? '' : ` Ccy="${currency}"` };
}

/** The first problem of a reading and what was given in spite of it. */
const refusal = ({ summary, lines }: Reading): object => ({ accepted: summary.accepted, lines, ...summary.problems[0] });

/** A refused entry: nothing given, an error at its line that says the words. */
const refused = (code: string, words: string): object => ({
  accepted: false, lines: [], code: `intake.${code}`, severity: 'error', line: 2, message: { en: expect.stringContaining(words) },
});

const OTHER = 'urn:autre';
const CAMT = 'urn:iso:std:iso:20022:tech:xsd:camt.053.001.02';

test('S2-022: prefixes do not matter, the namespaces behind them do', () => {
  const prefixed = camtDocument(camtEntry()).replaceAll(/<(\/?)(\w)/gu, '<$1c:$2').replace('xmlns=', 'xmlns:c=');
  expect(read(prefixed)).toEqual(read(camtDocument(camtEntry())));
  const foreignMessage = read(`<c:Document xmlns:c="${CAMT}" xmlns:o="${OTHER}"><o:BkToCstmrStmt/></c:Document>`);
  expect(foreignMessage).toMatchObject({ lines: [], codes: ['camtNamespace'] });
  const foreignAmount = read(camtDocument(camtEntry().replace('<Amt Ccy="EUR">100.00</Amt>', `<o:Amt xmlns:o="${OTHER}" Ccy="EUR">100.00</o:Amt>`)));
  expect(refusal(foreignAmount)).toMatchObject(refused('camtAmountRefused', 'missing'));
  const foreignChildren = read(camtDocument(camtEntry({ more: `<o:Amt xmlns:o="${OTHER}" Ccy="EUR">999.00<o:x/></o:Amt>` })));
  expect(foreignChildren.lines).toMatchObject([{ minor: 10_000n }]);
});

test('S2-023: without a namespace the elements are trusted, with a warning', () => {
  const reading = read(camtDocument(camtEntry(), { namespace: '' }));
  expect(reading).toMatchObject({ summary: { accepted: true, format: 'camt053' }, lines: [{ minor: 10_000n }], codes: ['camtNamespaceMissing'] });
  expect(read(camtDocument('<Ntry xmlns=""><Amt Ccy="EUR">1</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2025-09-08</Dt></BookgDt></Ntry>')).lines).toMatchObject([{ minor: 100n }]);
});

test('S2-024: another root, another message, another namespace are refused by name', () => {
  expect(read('<?xml version="1.0"?>\n<Invoice xmlns="urn:oasis"/>').summary).toMatchObject({ accepted: false, format: null, problems: [{ code: 'intake.camtNotStatement', line: 2 }] });
  expect(read('<Document><CstmrCdtTrfInitn/></Document>').codes).toEqual(['camtNotStatement']);
  expect(read(camtDocument(camtEntry(), { namespace: 'urn:iso:std:iso:20022:tech:xsd:camt.054.001.02' })).codes).toEqual(['camtNamespace']);
  expect(read('<html><body><BkToCstmrStmt><Stmt/></BkToCstmrStmt></body></html>').codes).toEqual(['camtNotStatement']);
  const newer = read(camtDocument(camtEntry(), { namespace: 'urn:iso:std:iso:20022:tech:xsd:camt.053.001.14' }));
  expect(newer).toMatchObject({ summary: { accepted: true }, codes: ['camtVersionUnknown'] });
});

test('every version up to 13 is read without a word', () => {
  for (let version = 1; version <= 13; version += 1) {
    const namespace = `urn:iso:std:iso:20022:tech:xsd:camt.053.001.${String(version).padStart(2, '0')}`;
    expect(read(camtDocument(camtEntry(), { namespace }))).toMatchObject({ summary: { accepted: true }, lines: [{ minor: 10_000n }], codes: [] });
  }
});

test('S2-025, S2-026: what was read before the fault does not count', () => {
  const cut = read(camtDocument(`${camtEntry()}\n${camtEntry()}`).slice(0, -100));
  expect(cut).toMatchObject({ summary: { accepted: false, format: 'camt053' }, lines: [{ minor: 10_000n }], codes: ['xmlMalformed'] });
  expect(read(camtDocument(camtEntry()) + camtDocument(camtEntry()))).toMatchObject({ summary: { accepted: false }, codes: ['xmlMalformed'] });
});

test('two messages in one envelope are two statements; of two kinds, they are refused', () => {
  const body = (name: string): string => camtDocument(camtEntry(), { head: `<Id>${name}</Id>` }).replace(/^.*\n/u, '');
  expect(read(`<Envelope>${body('S1')}${body('S2')}</Envelope>`).statements.map(({ identification, lines }) => [identification, lines])).toEqual([['S1', 1], ['S2', 1]]);
  const advice = body('S3').replaceAll('camt.053', 'camt.054').replaceAll('BkToCstmrStmt', 'BkToCstmrDbtCdtNtfctn').replaceAll('Stmt>', 'Ntfctn>');
  expect(read(`<Envelope>${body('S1')}${advice}</Envelope>`)).toMatchObject({ summary: { accepted: false }, codes: ['camtMessagesMixed'] });
});

test.each([['S2-028', '0012'], ['S2-029', '1e5'], ['S2-030', '0x1F']])('%s: identification %s stays a text', (_id, text) => {
  const reading = read(camtDocument(camtEntry({ ...endToEnd(text), more: `<AcctSvcrRef>${text}</AcctSvcrRef>` }), { head: `<Id>${text}</Id><ElctrncSeqNb>${text}</ElctrncSeqNb>` }));
  expect(reading.statements).toMatchObject([{ identification: text, sequence: text }]);
  expect(reading.lines).toMatchObject([{ endToEndId: text, bankReference: text }]);
});

test.each([
  ['S2-031', '0.10 EUR', 10n], ['half a cent less', '0.1 EUR', 10n], ['no decimals', '7 EUR', 700n], ['no whole', '.5 EUR', 50n],
  ['S2-034 when they are zeros', '8.85000 EUR', 885n], ['yen', '1500 JPY', 1_500n], ['yen with zeros', '1500.00 JPY', 1_500n],
  ['dinar', '1.234 TND', 1_234n], ['beyond floats', '9007199254740.93 EUR', 900_719_925_474_093n], ['leading zeros', '000000000000000012.30 EUR', 1_230n],
])('%s: amount %s is exact', (_id, text, minor) => {
  const reading = readEntries(priced(text));
  expect(reading.summary.accepted).toBe(true);
  expect(reading.lines.map((line) => line.minor)).toEqual([minor]);
});

test.each([
  ['S2-032', '1234567890123456.78 EUR', 'exceeds the limit'],
  ['S2-033', '-1 EUR', 'never negative'],
  ['S2-034', '8.85001 EUR', 'more decimals'],
  ['decimals of a yen', '1500.5 JPY', 'more decimals'],
  ['S2-035', '1.00 XXX', 'not known'],
  ['currency of another object', '1.00 toString', 'not known'],
  ['S2-036', '1.00 ', '(Ccy) is missing'],
  ['empty', ' EUR', 'amount is missing'],
  ['exponent', '1e5 EUR', 'no decimal number'],
  ['comma', '12,50 EUR', 'no decimal number'],
  ['thousands', '1 000.00 EUR', 'no decimal number'],
  ['point alone', '. EUR', 'no decimal number'],
  ['a thousand digits', `${'9'.repeat(1_000)} EUR`, 'exceeds the limit'],
])('%s: amount %s is refused', (_id, text, words) => {
  expect(refusal(onSecondLine(priced(text)))).toMatchObject(refused('camtAmountRefused', words));
});

test.each([
  ['S2-037', '<DtTm>2025-09-08T00:30:00+14:00</DtTm>', '2025-09-08'],
  ['UTC', '<DtTm>2025-09-08T23:30:00Z</DtTm>', '2025-09-08'],
  ['day with offset', '<Dt>2025-09-08+02:00</Dt>', '2025-09-08'],
  ['time in Dt', '<Dt>2025-09-08T10:00:00.000000000</Dt>', '2025-09-08'],
  ['S2-038', '<DtTm>2025-12-31T24:00:00</DtTm>', '2026-01-01'],
  ['bare text', '2025-09-08', '2025-09-08'],
])('%s: booking day %s', (_id, bookedOn, day) => {
  expect(readEntries({ bookedOn })).toMatchObject({ summary: { accepted: true }, lines: [{ bookedOn: day }] });
});

test.each(['2025-02-30', '2025-12-31T24:00:01', '2025-12-31T25:00:00', '20250908', '08/09/2025', '0000-00-00', '9999-12-31', '1970-01-01', 'x'])('booking day %s is refused', (text) => {
  expect(refusal(onSecondLine({ bookedOn: `<Dt>${text}</Dt>` }))).toMatchObject(refused('camtDayUnreadable', text));
});

test.each([['S2-039', '1', true], ['true', 'true', true], ['0', '0', false], ['false', 'false', false]])('%s: RvslInd %s', (_id, reversal, expected) => {
  expect(readEntries({ reversal }).lines).toMatchObject([{ reversal: expected }]);
});

test.each([
  ['S2-040', 'FR14 2004 1010 0505 0001 3M02 606', 'FR1420041010050500013M02606'],
  ['small letters', 'fr1420041010050500013m02606', 'FR1420041010050500013M02606'],
  ['S2-041', 'FR1420041010050500013M02607', null],
  ['S2-064', 'FR14200410100505\u200d00013M02606', null],
  ['S2-064 at the end', 'FR1420041010050500013M02606\ufeff', null],
  ['dotless i', 'Fı1420041010050500013M02606', null],
])('%s: IBAN %s', (_id, text, iban) => {
  expect(readEntries(debtor('X', `<IBAN>${text}</IBAN>`)).lines).toMatchObject([{ counterparty: { name: 'X', iban, account: iban === null ? text : null } }]);
});

test('another account number is kept as written', () => {
  expect(readEntries(debtor('X', '<Othr><Id>0000 1111</Id></Othr>')).lines).toMatchObject([{ counterparty: { iban: null, account: '0000 1111' } }]);
});

test('S2-042: an EndToEndId of 35 emoji, and none', () => {
  expect(readEntries(endToEnd('💶'.repeat(35))).lines).toMatchObject([{ endToEndId: '💶'.repeat(35) }]);
  expect(readEntries(endToEnd('NOTPROVIDED'), endToEnd('NotProvided'), endToEnd('')).lines.map(({ endToEndId }) => endToEndId)).toEqual([null, null, null]);
});

test('S2-043: two entries of one NtryRef are two entries', () => {
  const reading = readEntries({ more: '<NtryRef>1</NtryRef>' }, { amount: '50.00', more: '<NtryRef>1</NtryRef>' });
  expect(reading.lines.map(({ minor, bankReference }) => [minor, bankReference])).toEqual([[10_000n, null], [5_000n, null]]);
  expect(new Set(reading.lines.map((line) => lineFacts(line))).size).toBe(2);
  expect(reading.lines[0]?.raw).toContain('NtryRef=1');
});

test('S2-044: the indicator decides the direction, whatever else the entry says', () => {
  const credit = '<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd>';
  const reading = readEntries({ direction: 'DBIT', more: credit, ...debtor('Client') });
  expect(reading.lines).toMatchObject([{ minor: -10_000n, transactionCode: 'PMNT/RCDT/ESCT' }]);
  expect(reading.summary).toMatchObject({ credit: 0n, debit: 10_000n });
  for (const direction of [null, 'CREDIT', 'crdt', '']) {
    expect(refusal(onSecondLine({ direction }))).toMatchObject(refused('camtDirectionMissing', direction ?? '""'));
  }
});

test('S2-045: a reversal goes the way its indicator says, and the roles are those of the reversed entry', () => {
  const parties = '<RltdPties><Dbtr><Nm>Client</Nm></Dbtr><Cdtr><Nm>Nous</Nm></Cdtr></RltdPties>';
  const reading = readEntries({ direction: 'DBIT', reversal: 'true', ...details(parties) }, { direction: 'CRDT', reversal: 'true', ...details(parties) }, { direction: 'DBIT', ...details(parties) });
  expect(reading.lines.map(({ minor, reversal, counterparty }) => [minor, reversal, counterparty.name])).toEqual([[-10_000n, true, 'Client'], [10_000n, true, 'Nous'], [-10_000n, false, 'Nous']]);
});

test('S2-046: a batch of 500 with one total is one line of that total', () => {
  const alone = readEntries({ details: '<Btch><NbOfTxs>500</NbOfTxs></Btch>' });
  expect(alone.lines).toMatchObject([{ minor: 10_000n, batch: { entry: 0, count: 500 } }]);
  const named = readEntries({}, { details: `<Btch><NbOfTxs>500</NbOfTxs></Btch>${camtTransaction(null, '<RmtInf><Ustrd>FA1</Ustrd></RmtInf>')}${camtTransaction(null, '<RmtInf><Ustrd>FA2</Ustrd></RmtInf>')}` });
  expect(named.codes).toEqual([]);
  expect(named.lines).toMatchObject([{ batch: null }, { minor: 10_000n, batch: { entry: 1, count: 500 }, remittance: 'FA1 FA2' }]);
  expect(readEntries({ details: camtTransaction(null) + camtTransaction(null) }).lines).toMatchObject([{ batch: { count: 2 } }]);
});

test.each([
  ['less', ['60.00', '39.99'], '99.99 EUR'], ['more', ['60.00', '40.01'], '100.01 EUR'], ['one alone', ['60.00'], '60.00 EUR'],
])('S2-047: details that give %s are not used', (_what, amounts, words) => {
  const reading = readEntries({ details: amounts.map((amount) => camtTransaction(amount)).join('') });
  expect(reading.lines.map(({ minor }) => minor)).toEqual([10_000n]);
  expect(reading.summary).toMatchObject({ accepted: true, credit: 10_000n, problems: [{ code: 'intake.camtDetailsDiffer', severity: 'warning', line: 2 }] });
  expect(reading.summary.problems[0]?.message.en).toContain(words);
});

test('a batch whose details sum up is split, each in its own direction', () => {
  const against = camtTransaction('20.00', '<CdtDbtInd>DBIT</CdtDbtInd>');
  const reading = readEntries({ details: camtTransaction('90.00') + camtTransaction('30.00') + against });
  expect(reading.lines.map(({ minor, batch }) => [minor, batch?.count])).toEqual([[9_000n, 3], [3_000n, 3], [-2_000n, 3]]);
  expect(reading.codes).toEqual([]);
  const debits = readEntries({ direction: 'DBIT', details: camtTransaction('90.00') + camtTransaction('10.00') });
  expect(debits.lines.map(({ minor }) => minor)).toEqual([-9_000n, -1_000n]);
});

test('details in another currency, or unreadable, leave one line', () => {
  const dollars = '<TxDtls><Amt Ccy="USD">60.00</Amt></TxDtls>';
  expect(readEntries({ details: dollars + dollars })).toMatchObject({ codes: ['camtDetailsOtherCurrency'], lines: [{ minor: 10_000n, original: null }] });
  const broken = '<TxDtls><Amt Ccy="EUR">-60.00</Amt></TxDtls>';
  expect(readEntries({ details: broken + camtTransaction('100.00') })).toMatchObject({ summary: { accepted: true }, codes: ['camtDetailAmountIgnored', 'camtDetailsOtherCurrency'], lines: [{ minor: 10_000n }] });
});

test('S2-048: a pending entry is pending, and moves no balance', () => {
  const reading = read(camtDocument(camtBalance('OPBD', '5.00') + camtBalance('CLBD', '105.00') + ['BOOK', 'PDNG', 'INFO', 'FUTR', '<Cd>PDNG</Cd>', 'XXXX'].map((status) => camtEntry({ status })).join('')));
  expect(reading.lines.map(({ status }) => status)).toEqual(['booked', 'pending', 'info', 'pending', 'pending', 'info']);
  expect(reading.statements).toMatchObject([{ lines: 1, pending: 5, movement: 10_000n, balanced: true }]);
  expect(reading.codes).toEqual(['camtStatusUnknown']);
  expect(readEntries({ status: null })).toMatchObject({ lines: [{ status: 'booked' }], codes: ['camtStatusMissing'] });
});

test('S2-049: the statement says whose account it is; without one it is refused', () => {
  expect(readEntries({}).statements).toMatchObject([{ account: { iban: 'FR7630004005500001234567840', other: null } }]);
  const wrong = read(camtDocument(camtEntry(), { account: '<Acct><Id><IBAN>FR7630004005500001234567841</IBAN></Id></Acct>' }));
  expect(wrong.statements).toMatchObject([{ account: { iban: null, other: 'FR7630004005500001234567841', currency: 'EUR' } }]);
  for (const account of ['', '<Acct><Ccy>EUR</Ccy></Acct>', '<Acct><Id><IBAN/></Id></Acct>']) {
    expect(refusal(read(camtDocument(camtEntry() + camtEntry(), { account })))).toMatchObject(refused('camtAccountMissing', 'Stmt'));
  }
  expect(refusal(read(camtDocument(camtEntry(), { account: '' }).replace('</Stmt>', `${CAMT_ACCOUNT}</Stmt>`)))).toMatchObject(refused('camtAccountMissing', 'before its entries'));
  expect(read(camtDocument(camtEntry(), { account: CAMT_ACCOUNT.replace('EUR', 'XXX') })).codes).toEqual(['camtCurrencyUnknown']);
});

test('S2-050: two files of one MsgId and one Id are told apart by their lines', () => {
  const [first, second] = [readEntries({}), readEntries({ amount: '100.01' })];
  expect(first.statements[0]?.identification).toBe(second.statements[0]?.identification);
  const facts = [...first.lines, ...second.lines].map((line) => lineFacts(line));
  expect(new Set(facts).size).toBe(2);
});

test('one statement twice in a file is refused, with balances or without', () => {
  const statement = (content: string): string => camtDocument(content).replace('</Stmt>', `</Stmt>\n<Stmt><Id>S1</Id>${CAMT_ACCOUNT}${content}</Stmt>`);
  expect(read(statement(camtEntry()))).toMatchObject({ summary: { accepted: false, problems: [{ code: 'intake.statementTwice', line: 3 }] } });
  expect(read(statement(camtBalance('OPBD', '0.00') + camtBalance('CLBD', '100.00') + camtEntry())).codes).toContain('statementTwice');
  const pages = camtDocument(camtEntry(), { head: '<Id>S1</Id><StmtPgntn><PgNb>1</PgNb></StmtPgntn>' });
  expect(read(pages.replace('</Stmt>', `</Stmt><Stmt><Id>S1</Id><StmtPgntn><PgNb>2</PgNb></StmtPgntn>${CAMT_ACCOUNT}${camtEntry()}</Stmt>`)).summary).toMatchObject({ accepted: true, statements: 2, lines: 2 });
});

test('S2-057: an entry in another currency than the account keeps it and moves no balance', () => {
  const reading = read(camtDocument(camtBalance('OPBD', '0.00') + camtBalance('CLBD', '100.00') + camtEntry() + camtEntry({ amountAttributes: ' Ccy="USD"' })));
  expect(reading.lines.map(({ currency, minor }) => [currency, minor])).toEqual([['EUR', 10_000n], ['USD', 10_000n]]);
  expect(reading).toMatchObject({ summary: { accepted: true, credit: 10_000n }, statements: [{ balanced: true }], codes: ['camtCurrencyDiffers'] });
});

test('what came back: a reason, a code that says so, the original roles', () => {
  const code = (family: string): string => `<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>${family.slice(0, 4)}</Cd><SubFmlyCd>${family.slice(5)}</SubFmlyCd></Fmly></Domn></BkTxCd>`;
  const own = '<DbtrAcct><Id><IBAN>FR7630004005500001234567840</IBAN></Id></DbtrAcct>';
  const reading = readEntries(
    { direction: 'DBIT', ...details('<RltdPties><Dbtr><Nm>Client</Nm></Dbtr><Cdtr><Nm>Nous</Nm></Cdtr></RltdPties><RtrInf><Rsn><Cd>MD06</Cd></Rsn><AddtlInf>Refus</AddtlInf><AddtlInf>du client</AddtlInf></RtrInf>') },
    { direction: 'DBIT', more: code('IDDT/UPDD'), ...details('<RltdPties><Cdtr><Nm>Client</Nm></Cdtr></RltdPties>') },
    { direction: 'CRDT', more: code('RCDT/RRTN'), ...details(`<RltdPties><Dbtr><Nm>Nous</Nm></Dbtr>${own}<Cdtr><Nm>Fournisseur</Nm></Cdtr></RltdPties>`) },
    { direction: 'DBIT', ...details(`<RltdPties><Dbtr><Nm>Nous</Nm></Dbtr>${own}<Cdtr><Nm>Client</Nm></Cdtr></RltdPties><RtrInf><Rsn><Prtry>X9</Prtry></Rsn></RtrInf>`) },
    { direction: 'DBIT', more: code('RDDT/ESDD'), ...details('<RltdPties><Cdtr><Nm>Fournisseur</Nm></Cdtr></RltdPties>') },
  );
  expect(reading.lines.map(({ counterparty, returned }) => [counterparty.name, returned])).toEqual([
    ['Client', { code: 'MD06', text: 'Refus du client' }], ['Client', { code: null, text: null }], ['Fournisseur', { code: null, text: null }],
    ['Client', { code: 'X9', text: null }], ['Fournisseur', null],
  ]);
});

test('balances may come after the entries, in several currencies and for pages', () => {
  const balances = camtBalance('CLAV', '999.00') + camtBalance('PRCD', '1.00') + camtBalance('OPBD', '-20.00') + camtBalance('OPBD', '7.00').replace('EUR', 'USD')
    + camtBalance('OPBD', '3.00').replace('</CdOrPrtry>', '</CdOrPrtry><SubTp><Cd>INTM</Cd></SubTp>') + camtBalance('CLBD', '80.00', '2025-09-09') + camtBalance('CLBD', '30.00', '2025-09-08');
  const reading = read(camtDocument(camtEntry() + balances));
  expect(reading.statements).toMatchObject([{ opening: { minor: -2_000n, on: '2025-09-08' }, closing: { minor: 8_000n, on: '2025-09-09' }, balanced: true }]);
  expect(reading.codes).toEqual([]);
  expect(read(camtDocument(camtBalance('PRCD', '1.00') + camtBalance('CLBD', '102.00') + camtEntry()))).toMatchObject({ summary: { accepted: true }, statements: [{ balanced: false }], codes: ['statementUnbalanced'] });
  expect(read(camtDocument(camtBalance('OPBD', 'x') + camtEntry())).summary.accepted).toBe(false);
});

test('an entry without booking day takes its value day or the statement\'s, and says so', () => {
  const head = '<Id>S1</Id><CreDtTm>2025-09-10T06:00:00</CreDtTm>';
  const reading = read(camtDocument(camtEntry({ bookedOn: null, more: '<ValDt><Dt>2025-09-09</Dt></ValDt>' }) + camtEntry({ bookedOn: null }) + camtEntry({ bookedOn: null, status: 'PDNG' }), { head }));
  expect(reading.lines.map(({ bookedOn }) => bookedOn)).toEqual(['2025-09-09', '2025-09-10', '2025-09-10']);
  expect(reading.codes).toEqual(['camtDayTaken', 'camtDayTaken']);
  expect(readEntries({ bookedOn: null })).toMatchObject({ lines: [], codes: ['camtDayMissing'] });
  expect(readEntries({ more: '<ValDt><Dt>2025-02-30</Dt></ValDt>' })).toMatchObject({ lines: [{ valueOn: null }], codes: ['camtDayIgnored'] });
});

test('an entry or a batch beyond any measure is refused with the limit', () => {
  const long = `<RmtInf>${`<Ustrd>${'x'.repeat(1_000)}</Ustrd>`.repeat(101)}</RmtInf>`;
  expect(readEntries(details(long))).toMatchObject({ summary: { accepted: false }, codes: ['camtEntryTooLarge'] });
  expect(readEntries({ more: `<x>${'<y>z</y>'.repeat(100_001)}</x>` })).toMatchObject({ summary: { accepted: false }, codes: ['camtEntryTooLarge'] });
  const crowd = readEntries({ details: '<TxDtls/>'.repeat(50_002) });
  expect(crowd).toMatchObject({ summary: { accepted: false }, codes: ['camtBatchTooLarge', 'camtBatchTooLarge'] });
});

test.each([
  ['S2-058', '&lt;script&gt;alert(1)&lt;/script&gt;', '<script>alert(1)</script>'], ['S2-059', 'a]]&gt;b', 'a]]>b'], ['S2-060', '{{7*7}}', '{{7*7}}'],
  ['S2-061', '${7*7}', '${7*7}'], ['S2-062', '${jndi:ldap://x}', '${jndi:ldap://x}'], ['S2-063', 'Dupont\u202Etnopud', 'Dupont\u202Etnopud'],
])('%s: a name is kept as written', (_id, written, name) => {
  expect(readEntries(debtor(written)).lines).toMatchObject([{ counterparty: { name } }]);
});

test('S2-065: a remittance that looks like a formula is kept as written', () => {
  expect(readEntries(details('<RmtInf><Ustrd>=1+1</Ustrd><Ustrd>@SUM(1)</Ustrd></RmtInf>')).lines).toMatchObject([{ remittance: '=1+1 @SUM(1)' }]);
});

test('the raw values are cut at their limit, not inside a character', () => {
  const [line] = readEntries(details(`<RmtInf><Ustrd>${'x'.repeat(3_800)}${'💶'.repeat(500)}</Ustrd></RmtInf>`)).lines;
  expect(line?.raw.length).toBeGreaterThan(3_990);
  expect(line?.raw.length).toBeLessThanOrEqual(4_000);
  expect(line?.raw.isWellFormed()).toBe(true);
  expect(readEntries(details('<RmtInf><Ustrd>a\nb</Ustrd></RmtInf>')).lines[0]?.raw.split('\n')).toEqual([
    'Amt=100.00', 'Amt@Ccy=EUR', 'CdtDbtInd=CRDT', 'Sts=BOOK', 'BookgDt/Dt=2025-09-08', 'NtryDtls/TxDtls/RmtInf/Ustrd=a b',
  ]);
});
