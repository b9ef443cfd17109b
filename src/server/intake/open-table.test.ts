import { join } from 'node:path';
import { expect, test } from 'vitest';
import writeXlsxFile from 'write-excel-file/node';
import { scratchFolder } from '#server/testing/scratch.ts';
import { openTable } from './open-table.ts';
import type { OpenedTable } from './open-table.ts';

async function opened(path: string): Promise<OpenedTable> {
  const table = await openTable({ path, format: path.endsWith('.xlsx') ? 'xlsx' : 'csv' });
  if (!table.ok) throw new Error(table.error.map((one) => one.message.en).join('\n'));
  return table.value;
}

const codes = (problems: readonly { code: string; line: number }[]): string[] => problems.map((one) => `${one.line} ${one.code.replace('intake.', '')}`);

/** A table as it is read with its guess: profile, items, then what is said. */
async function transcript(path: string): Promise<string[]> {
  const table = await opened(path);
  const items: string[] = [];
  const summary = await table.read(table.guess.mapping, {
    item: (row) => items.push([
      row.line, row.customerCode, row.customerName, row.document, row.kind, row.side, row.issuedOn ?? '-', row.dueOn ?? '-', row.amount, row.openAmount ?? '-', row.lettering,
    ].join('|')),
    party: () => items.push('party'),
  });
  return [table.guess.profile?.key ?? '-', ...items, ...codes(table.guess.uncertain), ...codes(summary.problems)];
}

const fixture = (name: string): string => join(import.meta.dirname, '../../../fixtures/accounting', name);

test.each<[string, string[]]>([
  ['sage100_interrogation.csv', ['sage100.accountQuery',
    '3|411DUPONT|Dupont SA|FA-101|invoice|debit|2026-09-05|2026-10-20|120000|-|',
    '4|411DUPONT|Dupont SA|FA-102|invoice|debit|2026-09-08|2026-10-23|30000|-|AA',
    '5|411DUPONT|Dupont SA||receipt|credit|2026-09-21|-|30000|-|AA',
    '6|411MARTIN|Martin SARL|FA-103|invoice|debit|2026-09-12|2026-10-27|8050|-|',
    '7|411MARTIN|Martin SARL|AV-9|creditNote|credit|2026-09-15|-|2050|-|',
    '8 tableTotalSkipped']],
  ['sage100_interrogation_groupes.csv', ['sage100.accountQuery',
    '3|411DUPONT|Dupont SA|FA-101|invoice|debit|2026-09-05|2026-10-20|120000|-|',
    '6|411MARTIN|Martin SARL|FA-103|invoice|debit|2026-09-12|2026-10-27|8050|-|',
    '4 tableTotalSkipped', '7 tableTotalSkipped', '8 tableTotalSkipped', '8 tableTotalDiffers']],
  ['sage100_echeancier.csv', ['sage100.dueList',
    '2|411DUPONT|Dupont SA|FA-101|invoice|debit|2026-09-05|2026-10-20|120000|70000|',
    '3|411MARTIN|Martin SARL|AV-9|creditNote|credit|2026-09-15|-|2050|2050|']],
  ['sage100_balance_agee.csv', ['sage100.agedBalance',
    '2|411DUPONT|Dupont SA|FA-101|invoice|debit|2026-09-05|2026-10-20|120000|120000|',
    '3|411DUPONT|Dupont SA|FA-102|invoice|debit|2026-11-08|2026-12-23|30000|30000|',
    '4|411MARTIN|Martin SARL|FA-3|invoice|debit|2026-01-12|2026-02-15|8050|8050|',
    '5 tableTotalSkipped']],
  ['ebp_echeancier.csv', ['ebp.dueList',
    '2|CL001|Dupont SA|FA00000101|invoice|debit|2026-09-05|2026-10-20|120000|70000|',
    '3|CL002|Martin SARL|FA00000103|invoice|debit|2026-09-12|2026-10-27|8050|8050|']],
  ['ebp_factures.csv', ['ebp.invoices',
    '2|CL001|Dupont SA|FA00000101|invoice|debit|2026-09-15|-|120000|70000|',
    '3|CL002|Martin SARL|AV00000009|creditNote|credit|2026-09-15|-|2050|2050|']],
  ['ebp_balance_agee.csv', ['ebp.agedBalance', '2|CL001|Dupont SA|FA00000101|invoice|debit|2026-09-15|2026-10-20|120000|120000|']],
  ['cegid_interrogation.csv', ['cegid.accountQuery',
    '2|0DUPONT|Dupont SA|FA-101|invoice|debit|2026-09-15|2026-10-20|120000|-|',
    '3|0DUPONT|Dupont SA|FA-102|invoice|debit|2026-09-18|2026-10-23|30000|-|AAA']],
  ['cegid_echeancier.csv', ['cegid.dueList', '2|0DUPONT|Dupont SA|FA-101|invoice|debit|2026-09-15|2026-10-20|120000|70000|']],
  ['cegid_balance_agee.csv', ['cegid.agedBalance', '2|0DUPONT|Dupont SA|FA-101|invoice|debit|2026-09-15|2026-10-20|70000|70000|']],
  ['quadra_consultation.csv', ['quadra.accountQuery',
    '2|9DUPON|Dupont SA|101|invoice|debit|2026-09-15|-|120000|-|',
    '3|9DUPON|Dupont SA||receipt|credit|2026-09-16|-|20000|-|']],
  ['pennylane_factures.csv', ['pennylane.invoices',
    '2|Dupont SA|Dupont SA|F-2026-101|invoice|debit|2026-09-15|2026-10-20|120000|70000|',
    '3|Martin SARL|Martin SARL|F-2026-102|invoice|debit|2026-09-16|2026-10-21|8050|0|',
    '4 tableRowLeftOut']],
  ['pennylane_api.csv', ['pennylane.api',
    '2|Dupont SA|Dupont SA|F-2026-101|invoice|debit|2026-09-15|2026-10-20|120000|70000|',
    '3|Martin SARL|Martin SARL|F-2026-102|creditNote|credit|2026-09-16|2026-10-21|2050|2050|',
    '4 tableRowLeftOut']],
  ['quickbooks_aging_detail.csv', ['quickbooks.aging',
    '7|Dupont SA|Dupont SA|1037|invoice|debit|2026-01-15|2026-02-14|120000|70000|',
    '10|Martin SARL|Martin SARL|1040|invoice|debit|2026-10-01|2026-10-31|8050|8050|',
    '11|Martin SARL|Martin SARL|1041|creditNote|credit|2026-10-05|2026-10-05|2050|2050|',
    '8 tableTotalSkipped', '12 tableTotalSkipped', '13 tableTotalSkipped']],
  ['quickbooks_factures_fr.csv', ['quickbooks.aging.fr',
    '2|Dupont SA|Dupont SA|1037|invoice|debit|2026-09-15|2026-10-20|120000|70000|',
    '3|Martin SARL|Martin SARL|1041|creditNote|credit|2026-09-16|2026-09-16|2050|2050|']],
  ['odoo_account_move.csv', ['odoo.moves',
    '2|Dupont SA|Dupont SA|INV/2026/00101|invoice|debit|2026-09-15|2026-10-20|120000|70000|',
    '3|Martin SARL|Martin SARL|RINV/2026/00009|creditNote|credit|2026-09-16|2026-09-16|2050|2050|',
    '4 tableRowLeftOut', '5 tableRowLeftOut']],
  ['odoo_factures.csv', ['odoo.invoices', '2|Dupont SA|Dupont SA|INV/2026/00101|invoice|debit|2026-09-15|2026-10-20|120000|70000|']],
  ['odoo_aged_receivable.csv', ['odoo.agedReceivable',
    '3|Dupont SA|Dupont SA|INV/2026/00101|invoice|debit|2026-09-15|2026-10-30|120000|120000|',
    '4|Dupont SA|Dupont SA|INV/2026/00102|invoice|debit|2026-11-08|2026-12-23|30000|30000|',
    '6|Martin SARL|Martin SARL|INV/2026/00003|invoice|debit|2026-01-12|2026-02-15|8050|8050|',
    '7 tableTotalSkipped']],
  ['odoo_partner_ledger.csv', ['odoo.partnerLedger',
    '4|Dupont SA|Dupont SA|INV/2026/00101|invoice|debit|2026-09-15|2026-10-30|120000|-|',
    '5|Dupont SA|Dupont SA|INV/2026/00102|invoice|debit|2026-09-18|2026-10-30|30000|-|A12',
    '6|Dupont SA|Dupont SA|BNK1/2026/00007|other|credit|2026-09-25|-|30000|-|A12',
    '3 tableOpeningLeftOut', '7 tableTotalSkipped']],
])('%s', async (name, expected) => {
  expect(await transcript(fixture(name))).toEqual(expected);
});

test('the total of an export that is not the sum of its rows is told with both figures', async () => {
  const table = await opened(fixture('sage100_interrogation_groupes.csv'));
  const summary = await table.read(table.guess.mapping, { item: () => undefined, party: () => undefined });
  expect(summary.accepted).toBe(true);
  expect(summary.problems.find((one) => one.code === 'intake.tableTotalDiffers')?.message).toEqual({
    fr: 'Ligne 8 : « Débit » : le total écrit est 1290,50 EUR, les lignes lues font 1280,50 EUR. Des lignes manquent ou sont en trop : vérifiez l\'export.',
    en: 'Line 8: "Débit": the total written is 1290.50 EUR, the rows read add up to 1280.50 EUR. Rows are missing or too many: check the export.',
  });
});

test('an aged balance of totals only is refused with what to export instead', async () => {
  const { guess } = await opened(fixture('balance_agee_totaux.csv'));
  expect(guess.profile?.name.fr).toBe('Sage 100, balance âgée');
  expect(guess.uncertain.map((one) => [one.severity, one.code])).toEqual([['error', 'intake.tableAgedTotalsOnly']]);
  expect(guess.uncertain[0]?.message.fr).toContain('échéancier');
});

test('an aged balance as a workbook, customers above their documents', async () => {
  const folder = await scratchFolder();
  const path = join(folder, 'aged.xlsx');
  const day = (text: string) => ({ value: new Date(`${text}T00:00:00Z`), format: 'yyyy-mm-dd' });
  const cells = (values: (string | number | ReturnType<typeof day> | null)[]) => values.map((value) => (value === null ? null : typeof value === 'object' ? value : { value }));
  await writeXlsxFile([
    cells([null, 'Date de facturation', 'Date d\'échéance', 'À la date', '1-30', '31-60', 'Plus ancien', 'Total']),
    cells(['Dupont SA', null, null, 300, 1200, null, null, 1500]),
    cells(['INV/2026/00101', day('2026-09-15'), day('2026-10-30'), null, 1200, null, null, 1200]),
    cells(['INV/2026/00102', day('2026-11-08'), day('2026-12-23'), 300, null, null, null, 300]),
    cells(['Total', null, null, 300, 1200, null, null, 1500]),
  ]).toFile(path);
  expect(await transcript(path)).toEqual([
    'odoo.agedReceivable', '3|Dupont SA|Dupont SA|INV/2026/00101|invoice|debit|2026-09-15|2026-10-30|120000|120000|',
    '4|Dupont SA|Dupont SA|INV/2026/00102|invoice|debit|2026-11-08|2026-12-23|30000|30000|', '5 tableTotalSkipped',
  ]);
});

test.each(['sage100_echeancier.csv', 'sage100_interrogation_groupes.csv', 'pennylane_factures.csv', 'quickbooks_factures_fr.csv', 'odoo_partner_ledger.csv'])('%s is no bank statement', async (name) => {
  expect((await opened(fixture(name))).guess.mapping.kind).toBeUndefined();
});
