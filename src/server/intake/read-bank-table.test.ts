import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { BankStatement } from '#core/intake/bank/bank-line.ts';
import type { TableMapping } from '#core/intake/table/mapping.ts';
import { scratchFolder } from '#server/testing/scratch.ts';
import { openTable } from './open-table.ts';
import { readBankTable } from './read-bank-table.ts';

const accountOf = ({ account }: BankStatement): string => `${account.iban ?? account.other ?? '?'} ${account.currency}`;

/** A bank table as it is read with its guess, changed by a person where `said` is given. */
async function transcript(path: string, said: Partial<TableMapping> = {}): Promise<string[]> {
  const table = await openTable({ path, format: path.endsWith('.xlsx') ? 'xlsx' : 'csv' });
  if (!table.ok) throw new Error(table.error.map((one) => one.message.en).join('\n'));
  const { guess } = table.value;
  const out: string[] = [`${guess.profile?.key ?? '-'} ${guess.mapping.kind ?? 'items'}`];
  const summary = await readBankTable(table.value, { ...guess.mapping, ...said }, {
    line: (one) => out.push([
      one.line, one.bookedOn, one.valueOn ?? '-', `${one.minor} ${one.currency}`, one.label, one.remittance, one.counterparty.name ?? '', one.counterparty.account ?? one.counterparty.iban ?? '',
      one.bankReference ?? '', one.returned === null ? '' : 'returned',
    ].join('|')),
    statement: (one) => out.push(`= ${accountOf(one)} ${one.opening?.minor ?? '?'} > ${one.closing?.minor ?? '?'} ${one.from ?? ''}..${one.until ?? ''} balanced ${one.balanced}`),
  });
  const found = [...Object.keys(said).length === 0 ? guess.uncertain : [], ...summary.problems];
  return [...out, ...found.map((one) => `${one.severity} ${one.line} ${one.code.replace('intake.', '')}`)];
}

const fixture = (name: string): string => join(import.meta.dirname, '../../../fixtures/bank-csv', name);

test.each<[string, string[]]>([
  ['credit_agricole.csv', ['creditAgricole bank',
    '15|2026-10-02|-|144000 EUR|VIREMENT EN VOTRE FAVEUR HOTEL DU LAC FA-112|||||',
    '13|2026-10-05|-|-1250 EUR|FRAIS REJET PRLV|||||',
    '10|2026-10-12|-|-54000 EUR|REJET PRLV GARAGE MERCIER FA-87|||||returned',
    '= 30001234567 EUR ? > 215430 2026-10-02..2026-10-12 balanced null']],
  ['credit_mutuel.csv', ['creditMutuel bank',
    '2|2026-10-02|2026-10-03|144000 EUR|VIR HOTEL DU LAC FA-112|||||',
    '3|2026-10-05|2026-10-05|-12000 EUR|PRLV ASSURANCE|||||',
    '4|2026-10-06|2026-10-06|8050 EUR|REMISE CHEQUE|||||',
    '= creditMutuel EUR 100000 > 240050 2026-10-02..2026-10-06 balanced true', 'warning 0 bankTableAccountUnknown']],
  ['boursobank.csv', ['boursobank bank',
    '3|2026-10-01|2026-10-01|-12000 EUR|PRLV ASSURANCE|annuel||||',
    '2|2026-10-02|2026-10-03|144000 EUR|VIR SEPA HOTEL DU LAC FA-112|||||',
    '= 00040123456 EUR ? > ? 2026-10-01..2026-10-02 balanced null']],
  ['banque_postale.csv', ['banquePostale bank',
    '10|2026-10-02|-|44000 EUR|VIREMENT DE HOTEL DU LAC FA-112|||||',
    '9|2026-10-12|-|-30000 EUR|CHEQUE IMPAYE ROUX FA-90|||||returned',
    '= 1234567X020 EUR ? > 15422 2026-10-02..2026-10-13 balanced null']],
  ['societe_generale.csv', ['societeGenerale bank',
    '4|2026-10-05|-|-1490 EUR|CARTE X1234 04/10 PAPETERIE|||||',
    '3|2026-10-12|-|144000 EUR|VIR RECU 8811 DE: HOTEL DU LAC MOTIF: FA-112|||||',
    '= 0300100020003000 EUR ? > ? 2026-10-05..2026-10-12 balanced null']],
  ['bnp_paribas.csv', ['bnpParibas bank',
    '3|2026-10-05|-|-1490 EUR|FACTURE CARTE PAPETERIE|||||',
    '2|2026-10-12|-|144000 EUR|VIR SEPA RECU HOTEL DU LAC FA-112|||||',
    '= ****4321 EUR ? > 132510 2026-10-05..2026-10-13 balanced null']],
  ['lcl.csv', ['lcl bank',
    '1|2026-10-02|-|144000 EUR|VIR HOTEL DU LAC FA-112|Virement||||',
    '2|2026-10-05|-|-12000 EUR|PRLV ASSURANCE|Prélèvement||||',
    '= 04321 123456A EUR ? > 132000 2026-10-02..2026-10-13 balanced null']],
  ['qonto.csv', ['qonto bank',
    '3|2026-10-14|2026-10-13|-1490 EUR|||PAPETERIE||atelier-1-transaction-6|',
    '2|2026-10-15|2026-10-15|144000 EUR|FA-112||HOTEL DU LAC||atelier-1-transaction-7|',
    '= FR7630006000011234567890189 EUR ? > ? 2026-10-14..2026-10-15 balanced null', 'warning 4 bankTableRowLeftOut']],
  ['qonto_fr.csv', ['qonto bank',
    '2|2026-10-15|2026-10-15|144000 EUR|FA-112||HOTEL DU LAC||atelier-1-transaction-7|',
    '= FR7630006000011234567890189 EUR ? > ? 2026-10-15..2026-10-15 balanced null']],
  ['revolut.csv', ['revolut bank',
    '3|2026-10-02|-|144000 EUR|Payment from Hotel du Lac|||||',
    '2|2026-10-03|-|-1490 EUR|Papeterie|||||',
    '4|2026-10-04|-|-12120 EUR|To Assurances|||||',
    '= revolut EUR 1000 > 131390 2026-10-02..2026-10-04 balanced true',
    '7|2026-10-06|-|5000 USD|To USD|||||',
    '= revolut USD 0 > 5000 2026-10-06..2026-10-06 balanced true',
    'warning 5 bankTableRowLeftOut', 'warning 6 bankTableRowLeftOut', 'warning 0 bankTableAccountUnknown']],
  ['separate_columns.csv', ['- bank',
    '6|2026-04-14|-|-5000 EUR|LABEL 1|DETAILS 1|||OP 1|',
    '7|2026-04-15|-|-8068 EUR|LABEL 2|CLIENTS X|||OP 2|',
    '8|2026-04-15|-|130000 EUR|LABEL 3|DETAILS 3|||OP 3|',
    '= 08088804068 EUR 0 > 116932 2026-04-14..2026-04-15 balanced true', 'warning 5 tableFieldUncertain']],
])('%s', async (name, expected) => {
  expect(await transcript(fixture(name))).toEqual(expected);
});

test.each(['credit_agricole.csv', 'banque_postale.csv', 'lcl.csv', 'bnp_paribas.csv'])('%s in UTF-8, with LF, is the same', async (name) => {
  const folder = await scratchFolder();
  const text = new TextDecoder('windows-1252').decode(await readFile(fixture(name)));
  for (const [index, other] of [text, `\ufeff${text}`, text.replaceAll('\r\n', '\n')].entries()) {
    const path = join(folder, `${index}.csv`);
    await writeFile(path, other);
    expect(await transcript(path)).toEqual(await transcript(fixture(name)));
  }
});

test('amounts of a credit card keep the sign they are written with until a person says that it is inverted', async () => {
  const lines = async (said?: Partial<TableMapping>): Promise<string[]> => (await transcript(fixture('generic_card.csv'), said)).slice(1, 3);
  expect(await lines()).toEqual(['2|2026-10-02|-|1490 EUR|Papeterie|||||', '3|2026-10-05|-|-490 EUR|Avoir papeterie|||||']);
  expect(await lines({ inverseSign: true })).toEqual(['2|2026-10-02|-|-1490 EUR|Papeterie|||||', '3|2026-10-05|-|490 EUR|Avoir papeterie|||||']);
});

test('a table without titles of no known bank is asked about, and read once mapped', async () => {
  expect(await transcript(fixture('no_titles.csv'))).toContain('error 0 tableHeaderMissing');
  const said: Partial<TableMapping> = { kind: 'bank', columns: { bookedOn: 0, label: 1, currency: 2, amount: 3, counterparty: 4, reference: 5 }, decimalStyle: 'point', dayOrder: 'mdy' };
  expect((await transcript(fixture('no_titles.csv'), said)).slice(1, 3)).toEqual([
    '1|2026-12-15|-|152500 EUR|Payment||Lac SA||INV-1|', '2|2026-12-16|-|-300 EUR|Fee|||||',
  ]);
});

const samples = join(import.meta.dirname, '../../../../shared/samples/bank_csv');

const sample = (name: string): string => join(samples, name);
/** Rows of a table of tests on public samples, which are not part of the repository. */
const present = <Row>(rows: readonly Row[]): readonly Row[] => (existsSync(samples) ? rows : []);
const unknown = 'warning 0 bankTableAccountUnknown';
const five = (lines: readonly number[], valued: boolean): string[] => [
  ['2026-10-02', '144000', 'VIR SEPA RECU /DE ETS LEFEVRE ET FILS /MOTIF FA2026-0112 /REF 8812', ''],
  ['2026-10-05', '-312000', 'PRLV SEPA DGFIP TVA', ''],
  ['2026-10-06', '223680', 'VIREMENT EN VOTRE FAVEUR HOTEL DE L ETOILE 0098 ET 0101', ''],
  ['2026-10-09', '81240', 'REMISE CHEQUES BORDEREAU 0000417', ''],
  ['2026-10-12', '-54000', 'REJET PRLV SEPA GARAGE MULLER FA2026-0087 PROVISION INSUFFISANTE', 'returned'],
].map(([on = '', minor = '', label = '', returned = ''], index) => `${lines[index]}|${on}|${valued ? on : '-'}|${minor} EUR|${label}|||||${returned}`);

test.each<[string, string[]]>(present<[string, string[]]>([
  ['oca_balance.csv', ['- bank', '2|2018-12-15|-|-3350 EUR|Your best supplier||John Doe|123456789||', '3|2018-12-15|-|153350 EUR|Your payment||Azure Interior|||',
    '= compte sans numéro EUR 1000 > 151000 2018-12-15..2018-12-15 balanced true', unknown]],
  ['oca_multi_currency.csv', ['- bank', '2|2018-12-15|-|-3350 USD|Your best supplier||John Doe|123456789||', '= compte sans numéro USD ? > ? 2018-12-15..2018-12-15 balanced null',
    '3|2018-12-15|-|152500 EUR|Your payment||Azure Interior|||', '= compte sans numéro EUR ? > ? 2018-12-15..2018-12-15 balanced null', unknown]],
  ['oca_sample_statement_credit_card_inverse_sign_en.csv', ['- bank', '2|2018-12-15|-|3350 USD|LABEL 1||John Doe|123456789||', '= compte sans numéro USD ? > ? 2018-12-15..2018-12-15 balanced null',
    '3|2018-12-15|-|-152500 EUR|LABEL 2||Azure Interior|||', '= compte sans numéro EUR ? > ? 2018-12-15..2018-12-15 balanced null', unknown]],
  ['oca_sample_statement_en_empty_values.xlsx', ['- bank', '2|2024-03-07|-|-57968 USD|TRANS 3333349666||||84 376358|', '3|2024-03-07|-|-54400 USD|TRANS 3333349808||||84 378280|',
    '4|2024-03-07|-|-108400 USD|TRANS 3333349891||||84 381667|', '= compte sans numéro USD 970575 > 749807 2024-03-07..2024-03-07 balanced true', 'warning 5 tableTotalSkipped', unknown]],
  ['oca_empty_statement_en.xlsx', ['- bank', 'error 0 tableNoRows', 'error 0 bankFileEmpty']],
  ['synth_boursorama.csv', ['boursobank bank', ...five([2, 3, 4, 5, 6], true), '= 00012345678 EUR ? > ? 2026-10-02..2026-10-12 balanced null']],
  ['synth_credit_mutuel_cic.csv', ['creditMutuel bank', ...five([2, 3, 4, 5, 6], true), '= creditMutuel EUR ? > ? 2026-10-02..2026-10-12 balanced null', unknown]],
  // The labels of this one are cut into pieces in the middle of words; pieces are joined by a space.
  ['synth_credit_agricole.csv', ['creditAgricole bank', ...five([10, 13, 16, 19, 22], false).map((line) => line.replace('/DE ETS', '/DE ET S').replace('FAVEUR', 'FA VEUR').replace('BORDEREAU', 'BORDE REAU').replace('GARAGE', 'GARA GE')),
    '= 00012345678 EUR ? > 1234567 2026-10-02..2026-10-12 balanced null']],
]))('sample %s', async (name, expected) => {
  expect(await transcript(sample(name))).toEqual(expected);
});

test.each<[string, Partial<TableMapping>, string[]]>(present<[string, Partial<TableMapping>, string[]]>([
  ['oca_sample_statement_credit_card_inverse_sign_en.csv', { inverseSign: true }, ['2|2018-12-15|-|-3350 USD|LABEL 1||John Doe|123456789||', '3|2018-12-15|-|152500 EUR|LABEL 2||Azure Interior|||']],
  ['oca_original_currency_no_header.csv',
    { kind: 'bank', columns: { bookedOn: 0, label: 1, currency: 2, amount: 3, counterparty: 5, reference: 7 }, decimalStyle: 'point', dayOrder: 'mdy' },
    ['1|2018-12-15|-|152500 EUR|Your payment||Azure Interior||INV0001|']],
]))('sample %s as a person says it is', async (name, said, expected) => {
  expect((await transcript(sample(name), said)).filter((line) => /^\d/u.test(line))).toEqual(expected);
});

test.each(present(['oca_original_currency_no_header.csv']))('sample %s has no titles and is asked about', async (name) => {
  expect(await transcript(sample(name))).toContain('error 0 tableHeaderMissing');
});

test.each(present(['oca_meta_data_separated_credit_debit.csv', 'oca_meta_data_separated_credit_debit.xlsx']))('%s: the order of dates is asked; its closing balance is 0.02 off and that is said', async (name) => {
  expect((await transcript(sample(name))).slice(0, 2)).toEqual(['- bank', 'error 6 tableDayOrderUnproven']);
  expect(await transcript(sample(name), { dayOrder: 'dmy' })).toEqual([
    '- bank', '6|2020-04-01|-|-5000 EUR|LABEL 1|DETAILS 1|||UNIQUE OP 1|', '7|2020-04-01|-|-10000 EUR|LABEL 2|CLIENTS X|||UNIQUE OP 2|',
    '8|2020-04-02|-|-8068 EUR|LABEL 3|DETAILS 2|||UNIQUE OP 3|', '9|2020-04-02|-|130000 EUR|LABEL 4|DETAILS 3|||UNIQUE OP 4|',
    '= 08088804068 EUR 3000077 > 3107011 2020-04-01..2020-04-02 balanced false', 'warning 6 statementUnbalanced',
  ]);
});
