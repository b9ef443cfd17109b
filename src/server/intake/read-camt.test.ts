import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { keepingSink } from '#core/intake/bank/camt-example.ts';
import type { BankLine, BankStatement } from '#core/intake/bank/bank-line.ts';
import type { CamtSummary } from './read-camt.ts';
import { readCamtBytes, readCamtFile } from './read-camt.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const fixtures = `${root}fixtures/camt/`;
const samples = `${root}../shared/samples/`;

type Reading = { readonly summary: CamtSummary; readonly lines: readonly BankLine[]; readonly statements: readonly BankStatement[]; readonly problems: readonly string[] };

async function read(path: string): Promise<Reading> {
  const sink = keepingSink();
  const summary = await readCamtFile(path, sink);
  return { summary, lines: sink.lines, statements: sink.statements, problems: summary.problems.map(({ code, line }) => `${line} ${code.replace('intake.', '')}`) };
}

const NOBODY = { name: null, iban: null, account: null, bic: null, ultimateName: null };
const PLAIN = {
  statement: 0, status: 'booked', original: null, counterparty: NOBODY, endToEndId: null, mandateId: null, bankReference: null, creditorReference: null,
  documents: [], remittance: '', label: '', transactionCode: null, returned: null, reversal: false, batch: null,
};
const line = (values: object): object => ({ ...PLAIN, ...values, raw: expect.stringContaining('Amt=') });

test('camt.053 version 02: overdrawn, a transfer on behalf of another, a collection of two, a rejection and its fee', async () => {
  const { summary, lines, statements, problems } = await read(`${fixtures}camt053_v02_remise_et_rejets.xml`);
  expect(problems).toEqual([]);
  expect(summary).toMatchObject({ accepted: true, format: 'camt053', statements: 1, lines: 5, pending: 0, credit: 612_050n, debit: 73_680n, currency: 'EUR' });
  expect(statements).toEqual([{
    ordinal: 0, line: 5, identification: '00550-00012345678-245', sequence: '245', from: '2025-09-02', until: '2025-09-02',
    account: { iban: 'FR7630004005500001234567840', other: null, bic: 'BNPAFRPPXXX', name: 'Menuiserie Delaunay SARL', currency: 'EUR' },
    opening: { minor: -125_000n, on: '2025-09-01' }, closing: { minor: 413_370n, on: '2025-09-02' }, lines: 5, pending: 0, movement: 538_370n, balanced: true,
  }]);
  const booked = { bookedOn: '2025-09-02', currency: 'EUR' };
  const collection = { ...booked, valueOn: '2025-09-03', bankReference: '2524500002', label: 'REMISE PRLV SEPA', transactionCode: 'PMNT/IDDT/ESDD', batch: { entry: 1, count: 2 } };
  expect(lines).toEqual([
    line({
      ...booked, line: 28, valueOn: '2025-09-02', minor: 482_050n, bankReference: '2524500001', label: 'VIR SEPA RECU', transactionCode: 'PMNT/RCDT/ESCT',
      counterparty: { name: 'HOLDING DUBREUIL', iban: 'FR1420041010050500013M02606', account: null, bic: 'PSSTFRPPPAR', ultimateName: 'Hôtel de l\'Étoile' },
      remittance: 'FACTURE FA2025-0188 ET AVOIR AV2025-0012',
    }),
    line({
      ...collection, line: 66, minor: 90_000n, endToEndId: 'FA2025-0170', mandateId: 'RUM-0007', creditorReference: 'RF18539007547034', documents: ['FA2025-0170', 'FA2025-0171'],
      counterparty: { ...NOBODY, name: 'Librairie L’Été', iban: 'DE89370400440532013000' },
    }),
    line({ ...collection, line: 79, minor: 40_000n, endToEndId: 'FA2025-0172', mandateId: 'RUM-0011', remittance: 'FA2025-0172', counterparty: { ...NOBODY, name: 'Mairie de Saint-Prâ' } }),
    line({
      ...booked, line: 88, valueOn: '2025-08-29', minor: -72_000n, bankReference: '2524500003', label: 'REJET PRLV SEPA', transactionCode: 'PMNT/IDDT/UPDD', reversal: true,
      endToEndId: 'FA2025-0150', mandateId: 'RUM-0003', returned: { code: 'AM04', text: 'PROVISION INSUFFISANTE' },
      counterparty: { ...NOBODY, name: 'SCI Les Œillets', iban: 'NL91ABNA0417164300' },
    }),
    line({ ...booked, line: 110, valueOn: '2025-09-02', minor: -1_680n, label: 'FRAIS REJET PRLV', transactionCode: '62' }),
  ]);
});

test('camt.053 version 08 in ISO-8859-1 with CRLF and a prefix: instant transfer from dollars, wrong IBAN, batch without details', async () => {
  const { lines, statements, problems } = await read(`${fixtures}camt053_v08_iso88591.xml`);
  expect(problems).toEqual([]);
  expect(statements).toMatchObject([{
    identification: '0012', sequence: '0012', account: { iban: null, other: '30004 00550 00012345678 40', bic: 'BNPAFRPP', currency: 'EUR' },
    opening: { minor: 0n }, closing: { minor: 103_550n }, balanced: true,
  }]);
  expect(lines).toEqual([
    line({
      line: 13, bookedOn: '2025-10-06', valueOn: '2025-10-06', minor: 110_000n, currency: 'EUR', original: { minor: 120_000n, currency: 'USD' },
      counterparty: { name: 'Société Générale d\'Été ½', iban: null, account: 'FR1420041010050500013M02607', bic: 'SOGEFRPP', ultimateName: 'Filiale Évry' },
      endToEndId: '1e5', bankReference: 'INST/0001', documents: ['FA-77'], remittance: 'solde à 30 j', transactionCode: 'PMNT/RRCT/ESCT',
    }),
    line({ line: 27, bookedOn: '2025-10-06', valueOn: null, minor: -6_450n, currency: 'EUR', label: 'VIREMENTS ÉMIS', batch: { entry: 1, count: 3 } }),
  ]);
});

test('camt.054 in an envelope: a transfer of ours that came back, told by its code alone', async () => {
  const { summary, lines, statements, problems } = await read(`${fixtures}camt054_v08_enveloppe.xml`);
  expect(problems).toEqual([]);
  expect(summary.format).toBe('camt054');
  expect(statements).toMatchObject([{ identification: 'AVIS-1', opening: null, closing: null, balanced: null }]);
  expect(lines).toEqual([line({
    line: 10, bookedOn: '2025-11-04', valueOn: null, minor: 33_000n, currency: 'EUR', endToEndId: 'REMB-18', transactionCode: 'PMNT/RCDT/RRTN', returned: { code: null, text: null },
    counterparty: { ...NOBODY, name: 'La Banque Postale', bic: 'PSSTFRPPPAR' },
  })]);
});

test('camt.052: what is booked, on its way, for information, and without status', async () => {
  const { summary, lines, statements, problems } = await read(`${fixtures}camt052_v06_en_cours.xml`);
  expect(problems).toEqual(['13 camtStatusMissing']);
  expect(summary).toMatchObject({ accepted: true, format: 'camt052', lines: 1, pending: 3, credit: 1_000n, debit: 0n });
  expect(statements).toMatchObject([{ opening: null, closing: null, balanced: null, account: { currency: 'EUR' } }]);
  expect(lines.map(({ status, minor, bookedOn }) => [status, minor, bookedOn])).toEqual([
    ['booked', 1_000n, '2025-12-01'], ['pending', 2_000n, '2025-12-02'], ['info', -3_000n, '2025-12-01'], ['pending', 4_000n, '2025-12-01'],
  ]);
});

/** What each file of other people gives: lines without their raw values, statements in short, problems with their line. */
type Expected = { readonly lines: readonly object[]; readonly statement: object | null; readonly problems: readonly string[] };

const SWISS = { name: 'Company Name', iban: 'CH2801234000123456789', account: null, bic: null, ultimateName: null };
const CARD_OWNER = { name: 'NAME NAME', iban: 'NL56AGDH9619008421', account: null, bic: null, ultimateName: null };

const GENKGO: Readonly<Record<string, Expected>> = {
  'genkgo_camt052.v2.xml': {
    lines: [line({
      line: 58, bookedOn: '2007-10-18', valueOn: '2007-10-18', minor: -20_000_000n, currency: 'SEK', bankReference: 'AAAASESS-FP-ACCR-01', label: 'Credit',
      transactionCode: 'PAYM/0001/0003', batch: { entry: 0, count: 20 }, counterparty: { name: 'Company Name', iban: 'NL56AGDH9619008421', account: null, bic: 'BANKCHZHXXX', ultimateName: null },
    })],
    statement: { account: { iban: 'CH2801234000123456789', name: 'FINPETROL', currency: 'SEK' }, sequence: '12312', from: '2007-10-18', until: '2007-10-18', balanced: null }, problems: [],
  },
  'genkgo_camt052.v2.other-account.xml': {
    lines: [line({
      line: 58, bookedOn: '2007-10-18', valueOn: '2007-10-18', minor: -20_000_000n, currency: 'SEK', bankReference: 'AAAASESS-FP-ACCR-01', label: 'Credit',
      transactionCode: 'PAYM/0001/0003', batch: { entry: 0, count: 20 }, counterparty: { name: 'Company Name', iban: null, account: '0000000000', bic: 'BANKCHZHXXX', ultimateName: null },
    })],
    statement: { lines: 1, movement: -20_000_000n }, problems: [],
  },
  'genkgo_camt052.v2.with-account-name.xml': {
    lines: [line({ line: 17, bookedOn: '2007-10-18', valueOn: null, minor: -20_000_000n, currency: 'SEK', counterparty: SWISS })],
    statement: { account: { iban: 'CH2801234000123456789', name: 'Account Owner Name' } }, problems: ['17 camtDayTaken'],
  },
  'genkgo_camt052.v6.xml': {
    lines: [line({
      line: 70, status: 'pending', bookedOn: '2007-10-18', valueOn: '2007-10-18', minor: -20_000_000n, currency: 'SEK', original: { minor: -410n, currency: 'USD' },
      bankReference: 'ACSR160614165200001', endToEndId: 'UXC06140000015PI00001EE00001', remittance: 'Example Remittance - 6 - V1', label: 'Credit', transactionCode: 'PMNT/RCDT/DMCT',
      counterparty: { name: 'UNIFITS GmbH', iban: 'CH2801234000123456789', account: null, bic: 'BANKCHZHXXX', ultimateName: null },
    })],
    statement: { lines: 0, pending: 1, movement: 0n, opening: null, closing: null, account: { bic: 'UBSWCHZH80A', name: 'UNIFITS GmbH' } }, problems: [],
  },
  'genkgo_camt053.v2.five.decimals.xml': {
    lines: [line({ line: 61, bookedOn: '2014-12-31', valueOn: '2015-01-02', minor: 885n, currency: 'EUR', endToEndId: '000000001', remittance: 'Transaction Description', transactionCode: '544' })],
    statement: { opening: { minor: 1_815n, on: '2014-12-30' }, closing: { minor: 2_705n, on: '2014-12-31' }, balanced: false }, problems: ['25 statementUnbalanced'],
  },
  'genkgo_camt053.v2.with-party-ids.xml': {
    lines: [line({ line: 90, bookedOn: '2014-12-31', valueOn: '2015-01-02', minor: 885n, currency: 'EUR', creditorReference: '4654654654654654', transactionCode: '544', counterparty: CARD_OWNER })],
    statement: { opening: { minor: 1_815n }, closing: null, balanced: null }, problems: ['26 camtBalanceOtherCurrency'],
  },
  'genkgo_camt053.v2.wrong.xml': { lines: [], statement: null, problems: ['3 camtNoStatement'] },
  'genkgo_camt053.v3.xml': {
    lines: [line({
      line: 110, bookedOn: '2014-12-31', valueOn: '2015-01-02', minor: 885n, currency: 'EUR', bankReference: 'XXXXXXXXXXXXXXXXXXXXXXEUR', creditorReference: '4654654654654654',
      transactionCode: 'PMNT/RCDT/DMCT', counterparty: { ...CARD_OWNER, bic: 'KREDBEBB' },
    })],
    statement: { account: { iban: 'NL26VAYB8060476890', bic: 'KREDBEBB', name: 'COMPANY BVBA', currency: 'EUR' } }, problems: ['110 camtDetailsDiffer', '26 camtBalanceOtherCurrency'],
  },
  'genkgo_camt053.v8.xml': {
    lines: [line({
      line: 110, bookedOn: '2014-12-31', valueOn: '2015-01-02', minor: 885n, currency: 'EUR', bankReference: 'AAAASESS-FP-CN_98765/01', endToEndId: 'MUELL/FINP/RA12345',
      creditorReference: '4654654654654654', transactionCode: 'PMNT/RCDT/BOOK', counterparty: CARD_OWNER,
    })],
    statement: { account: { iban: 'NL26VAYB8060476890', name: 'FINPETROL', currency: 'EUR' } }, problems: ['30 camtBalanceOtherCurrency'],
  },
  'genkgo_camt53.only-Dt-with-DtTm.xml': {
    lines: [], statement: { account: { iban: 'GB33BUKB20201555555555', currency: 'RON' }, opening: { minor: 544_209n, on: '2025-07-23' }, closing: null }, problems: ['9 statementEmpty'],
  },
  'genkgo_camt054.v2.with-account-name.xml': {
    lines: [line({ line: 17, bookedOn: '2007-10-18', valueOn: null, minor: -20_000_000n, currency: 'SEK', transactionCode: 'PMNT/ICDT/DMCT' })],
    statement: { account: { name: 'Account Owner Name' } }, problems: ['17 camtDayTaken'],
  },
  'genkgo_camt054.v8-with-financial-institution.xml': {
    lines: [line({
      line: 16, bookedOn: '2007-10-18', valueOn: null, minor: -20_000_000n, currency: 'SEK', bankReference: 'ACSR160617103200001', counterparty: { ...NOBODY, name: 'Example Creditor 3 - V1' },
    })],
    statement: { account: { iban: 'CH2801234000123456789' } }, problems: ['16 camtDayTaken'],
  },
  'genkgo_camt054.v8.xml': {
    lines: [line({
      line: 63, bookedOn: '2007-10-18', valueOn: '2007-10-18', minor: -20_000_000n, currency: 'SEK', original: null, bankReference: 'ACSR160617103200001', label: 'Order', transactionCode: 'PMNT/ICDT/DMCT',
      batch: { entry: 0, count: 2 }, documents: ['Ref number V3 block 2'],
      remittance: ['Unstructured Remittance Information V1 Additional Remittance Information V1', 'Additional Remittance Information V2',
        'Unstructured Remittance Information V3 block 1 Unstructured Remittance Information V3 block 2', 'Additional Remittance Information V3 block 1 Additional Remittance Information V3 block 2'].join(' '),
    })],
    statement: { account: { bic: 'UBSWCHZH80A', name: 'UNIFITS GmbH', currency: 'SEK' } }, problems: ['63 camtDetailsOtherCurrency'],
  },
};

test('each has its expectation', () => {
  expect(readdirSync(fixtures).filter((name) => name.startsWith('genkgo_')).toSorted()).toEqual(Object.keys(GENKGO).toSorted());
});

test.each(Object.entries(GENKGO))('%s', async (name, expected) => {
  const { summary, lines, statements, problems } = await read(`${fixtures}${name}`);
  expect(problems).toEqual(expected.problems);
  expect(lines).toEqual(expected.lines);
  expect(statements).toMatchObject(expected.statement === null ? [] : [expected.statement]);
  expect(summary.accepted).toBe(expected.statement !== null);
});

test('the same from memory as from disk', async () => {
  for (const name of readdirSync(fixtures).filter((file) => file.endsWith('.xml'))) {
    const disk = await read(`${fixtures}${name}`);
    const sink = keepingSink();
    expect(readCamtBytes(readFileSync(`${fixtures}${name}`), sink)).toEqual(disk.summary);
    expect(sink.lines).toEqual(disk.lines);
  }
});

// The larger collection is read too wherever it stands beside the checkout.
const besides = (folder: string, pattern: string): readonly string[] =>
  existsSync(`${samples}${folder}`) ? readdirSync(`${samples}${folder}`).filter((name) => name.endsWith('.xml') && name.includes(pattern)).map((name) => `${folder}/${name}`) : [];

const RETURNED = { reversal: true, returned: { code: 'AC06', text: null }, batch: { entry: 1, count: 2 }, counterparty: { name: 'Test Customer', iban: null, account: 'NL46ABNA0499998748', bic: 'ABNANL2A' } };

const OCA: Readonly<Record<string, Expected>> = {
  'camt053/oca_test-camt053.xml': {
    lines: [
      { minor: -75_425n, endToEndId: '435005714488-ABNO33052620', mandateId: '1880000341866', returned: null, counterparty: { name: 'INSURANCE COMPANY TESTX' }, transactionCode: 'PMNT/RDDT/ESDD' },
      { ...RETURNED, minor: -56_405n, mandateId: 'NL22ZZZ524885430000-C0125.1' },
      { ...RETURNED, minor: -10_000n, mandateId: 'NL22ZZZ524885430000-C0125.2' },
      { minor: 140_531n, remittance: '', label: '#RD PARTY MEDIA CUSNO 90782 4210773', counterparty: { name: '3rd party Media', iban: 'NL69ABNA0522123643' }, reversal: false },
    ],
    statement: { opening: { minor: 1_556_827n }, closing: { minor: 1_512_112n }, movement: -1_299n, balanced: false }, problems: ['7 statementUnbalanced'],
  },
  'camt053/oca_test-camt053-txdtls.xml': {
    lines: [
      { line: 79, minor: 218_700n, creditorReference: '302388292000011111111111111', counterparty: { iban: null, account: 'CH2222000000123456789', bic: 'POFICHBEXXX' }, batch: { entry: 0, count: 2 } },
      { line: 144, minor: 129_600n, creditorReference: '302388292000022222222222222', counterparty: { account: 'CH3333000000123456789' }, bankReference: '123456CHCAFEBABE' },
    ],
    statement: { balanced: true, sequence: '58' }, problems: [],
  },
  'camt053/oca_test-camt053-no-ntry.xml': { lines: [], statement: { balanced: true, account: { currency: 'CHF' } }, problems: ['7 statementEmpty'] },
  'camt054/oca_test-camt054.xml': {
    lines: [{ minor: 500n, creditorReference: '000000000000000000000000003', bankReference: '15180015077602405', transactionCode: 'PMNT/RCDT/ATXN', batch: null }],
    statement: { identification: '20220120000000000000000' }, problems: [],
  },
};

test.each([...besides('camt053', 'oca_'), ...besides('camt054', 'oca_')])('sample %s', async (name) => {
  const { lines, statements, problems } = await read(`${samples}${name}`);
  expect(problems).toEqual(OCA[name]?.problems);
  expect(lines).toMatchObject(OCA[name]?.lines ?? []);
  expect(statements).toMatchObject([OCA[name]?.statement]);
});

test.each(['camt052', 'camt053', 'camt054'].flatMap((folder) => besides(folder, '')))('sample %s is read, or refused with a line', async (name) => {
  const { summary, problems } = await read(`${samples}${name}`);
  expect(summary.format).toBe(name.split('/')[0]);
  expect(summary.accepted ? [] : problems).toEqual(name.includes('wrong') ? ['3 camtNoStatement'] : []);
});

test.each(besides('synthetic_ar', 'camt053'))('sample %s and its CFONB 120 twin move the same amounts, between the balances expected', async (name) => {
  const expected = z.object({ openingBalance: z.string(), closingBalance: z.string() }).parse(JSON.parse(readFileSync(`${samples}synthetic_ar/expected.json`, 'utf8')));
  const { lines, statements, problems } = await read(`${samples}${name}`);
  const movements = readFileSync(`${samples}synthetic_ar/releve_cfonb120.txt`, 'latin1').split('\n').filter((record) => record.startsWith('04'));
  expect(problems).toEqual([]);
  expect(statements).toMatchObject([{ opening: { minor: BigInt(expected.openingBalance.replace('.', '')) }, closing: { minor: BigInt(expected.closingBalance.replace('.', '')) }, balanced: true }]);
  expect(lines).toHaveLength(28);
  expect(lines.map(({ minor }) => minor)).toEqual(movements.map((record) => overpunched(record.slice(90, 104))));
});

/** An amount whose last character says its last digit and its sign. */
function overpunched(text: string): bigint {
  const at = '{ABCDEFGHI}JKLMNOPQR'.indexOf(text.slice(-1));
  const amount = BigInt(text.slice(0, -1) + String(at % 10));
  return at < 10 ? amount : -amount;
}
