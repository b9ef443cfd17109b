/** One line of the example ledger: amounts in cents, one of the two zero. */
export type ExampleLine = {
  readonly journal: string;
  readonly journalLabel: string;
  readonly entry: string;
  readonly day: string;
  readonly account: string;
  readonly accountLabel: string;
  readonly auxiliary: string;
  readonly auxiliaryName: string;
  readonly piece: string;
  readonly label: string;
  readonly debit: number;
  readonly credit: number;
  readonly lettrage: string;
};

type Head = Pick<ExampleLine, 'journal' | 'journalLabel' | 'entry' | 'day' | 'piece' | 'label' | 'lettrage'>;

const line = (head: Head, account: readonly [string, string, string, string], cents: number): ExampleLine => ({
  ...head, account: account[0], accountLabel: account[1], auxiliary: account[2], auxiliaryName: account[3],
  debit: cents > 0 ? cents : 0, credit: cents < 0 ? -cents : 0, lettrage: account[0].startsWith('411') ? head.lettrage : '',
});

const FOREST = ['411000', 'Clients', 'C0001', 'Cabinet Œillet & Fils'] as const;
const ETE = ['411000', 'Clients', 'C0002', 'Librairie L’Été — 100 € offerts'] as const;
const EMBEDDED = ['411DUPONT', 'Dupont Frères', '', ''] as const;
const SALES = ['706000', 'Prestations', '', ''] as const;
const VAT = ['445710', 'TVA collectée', '', ''] as const;
const BANK = ['512000', 'Banque', '', ''] as const;
const OPENING = ['890000', 'Bilan d\'ouverture', '', ''] as const;

/** A small balanced ledger with an opening balance, invoices, a credit note, a settled invoice and a part payment. */
export const EXAMPLE_LEDGER: readonly ExampleLine[] = [
  ...entry({ journal: 'AN', journalLabel: 'À-nouveaux', entry: '1', day: '20250101', piece: 'AN', label: 'AN FA2024-0087 Œillet', lettrage: '' }, [[FOREST, 240_000], [OPENING, -240_000]]),
  ...entry({ journal: 'VT', journalLabel: 'Ventes', entry: '2', day: '20250115', piece: 'FA2025-0001', label: 'Facture FA2025-0001', lettrage: 'AA' }, [[ETE, 120_050], [SALES, -100_042], [VAT, -20_008]]),
  ...entry({ journal: 'VT', journalLabel: 'Ventes', entry: '3', day: '20250228', piece: 'FA2025-0002', label: 'Facture FA2025-0002', lettrage: '' }, [[EMBEDDED, 999_999], [SALES, -833_333], [VAT, -166_666]]),
  ...entry({ journal: 'BQ', journalLabel: 'Banque', entry: '4', day: '20250320', piece: 'VIR123', label: 'VIR RECU Librairie', lettrage: 'AA' }, [[BANK, 120_050], [ETE, -120_050]]),
  ...entry({ journal: 'VT', journalLabel: 'Ventes', entry: '5', day: '20250331', piece: 'AV2025-0001', label: 'Avoir sur FA2025-0002', lettrage: '' }, [[SALES, 10_000], [VAT, 2_000], [EMBEDDED, -12_000]]),
  ...entry({ journal: 'BQ', journalLabel: 'Banque', entry: '6', day: '20251231', piece: '-', label: 'ACPT facture n° FA2024-0087', lettrage: 'a' }, [[BANK, 100_000], [FOREST, -100_000]]),
];

function entry(head: Head, lines: readonly (readonly [readonly [string, string, string, string], number])[]): ExampleLine[] {
  return lines.map(([account, cents]) => line(head, account, cents));
}

/** How the example ledger is written. */
export type ExampleDialect = {
  readonly separator?: string;
  readonly lineEnd?: string;
  readonly quoted?: boolean;
  readonly byteOrderMark?: boolean;
  readonly lastLineEnd?: boolean;
  readonly amount?: (cents: number) => string;
  readonly day?: (compact: string) => string;
  readonly title?: (field: string) => string;
  /** 'side': Montant and Sens with these two texts for debit and credit. */
  readonly side?: readonly [string, string];
  readonly extra?: readonly string[];
  readonly reversedColumns?: boolean;
};

/** "1234,56". */
export const commaAmount = (cents: number): string => {
  const digits = Math.abs(cents).toString().padStart(3, '0');
  return `${cents < 0 ? '-' : ''}${digits.slice(0, -2)},${digits.slice(-2)}`;
};

/** Titles and cells of the example in a dialect, before they are joined. */
export function exampleRows(lines: readonly ExampleLine[], dialect: ExampleDialect = {}): string[][] {
  const amount = dialect.amount ?? commaAmount;
  const day = dialect.day ?? ((text: string): string => text);
  const amounts = (one: ExampleLine): string[] =>
    dialect.side === undefined
      ? [amount(one.debit), amount(one.credit)]
      : [amount(one.debit === 0 ? one.credit : one.debit), one.debit === 0 ? dialect.side[1] : dialect.side[0]];
  const titles = [
    'JournalCode', 'JournalLib', 'EcritureNum', 'EcritureDate', 'CompteNum', 'CompteLib', 'CompAuxNum', 'CompAuxLib', 'PieceRef', 'PieceDate', 'EcritureLib',
    ...(dialect.side === undefined ? ['Debit', 'Credit'] : ['Montant', 'Sens']), 'EcritureLet', 'DateLet', 'ValidDate', 'Montantdevise', 'Idevise', ...(dialect.extra ?? []),
  ].map(dialect.title ?? ((field) => field));
  const rows = lines.map((one) => [
    one.journal, one.journalLabel, one.entry, day(one.day), one.account, one.accountLabel, one.auxiliary, one.auxiliaryName, one.piece, day(one.day), one.label,
    ...amounts(one), one.lettrage, one.lettrage === '' ? '' : day('20250320'), day('20251231'), '', '', ...(dialect.extra ?? []).map(() => ''),
  ]);
  return [titles, ...rows].map((row) => (dialect.reversedColumns === true ? row.toReversed() : row));
}

/** The example ledger as the text of a FEC in a dialect. */
export function exampleFec(dialect: ExampleDialect = {}, lines: readonly ExampleLine[] = EXAMPLE_LEDGER): string {
  const cell = (text: string): string => (dialect.quoted === true ? `"${text.replaceAll('"', '""')}"` : text);
  const end = dialect.lineEnd ?? '\r\n';
  const text = exampleRows(lines, dialect).map((row) => row.map(cell).join(dialect.separator ?? '\t')).join(end);
  return (dialect.byteOrderMark === true ? '\ufeff' : '') + text + (dialect.lastLineEnd === false ? '' : end);
}
