import { addDays } from '../kernel/day.ts';
import { money } from '../kernel/money.ts';
import type { Language } from '../kernel/text.ts';
import { formatCreditorReference, parseCreditorReference } from '../kernel/creditor-reference.ts';
import { formatDay, formatDayShort, formatMoney, formatRate } from './format.ts';
import type { MessageItem, MessageModel } from './message-model.ts';
import { printedIban } from './placeholders.ts';
import { cleanValue } from './value.ts';

/** A column of a table: its heading, and whether its cells are figures set to the right. */
export type Column = { readonly label: string; readonly figures: boolean };

/** A table ready to be drawn in text, HTML or PDF; every cell is plain text. `sums` are its closing lines. */
export type Table = {
  readonly title: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly string[])[];
  readonly sums: readonly { readonly label: string; readonly value: string; readonly strong: boolean }[];
  /** A line in small letters under the table: how it was computed, on which law. */
  readonly note: string | null;
};

/** A line of the payment block: what, and its value. */
export type PaymentLine = { readonly label: string; readonly value: string };

const LABELS = {
  fr: {
    items: 'Pièces', document: 'Pièce', issuedOn: 'Date', dueOn: 'Échéance', daysLate: 'Retard (j)', amount: 'Montant', open: 'Restant dû',
    settled: 'Réglé', total: 'Total restant dû', totalPaid: 'Total réglé', charges: 'Pénalités de retard et indemnité', period: 'Période', days: 'Jours', rate: 'Taux annuel',
    principal: 'Base TTC', interest: 'Pénalités', interestTotal: 'Pénalités de retard', indemnity: 'Indemnité forfaitaire pour frais de recouvrement',
    grandTotal: 'Total à payer', toPay: 'Montant à régler', before: 'Au plus tard le', beneficiary: 'Bénéficiaire', account: 'Compte',
    invoiceAccount: 'le compte bancaire indiqué sur nos factures', reference: 'Référence à rappeler',
    invoice: '', deposit: 'Acompte', debitNote: 'Note de débit', other: '',
  },
  en: {
    items: 'Documents', document: 'Document', issuedOn: 'Date', dueOn: 'Due date', daysLate: 'Days late', amount: 'Amount', open: 'Amount due',
    settled: 'Paid', total: 'Total due', totalPaid: 'Total paid', charges: 'Late-payment penalties and indemnity', period: 'Period', days: 'Days', rate: 'Yearly rate',
    principal: 'Base incl. VAT', interest: 'Penalties', interestTotal: 'Late-payment penalties', indemnity: 'Fixed indemnity for recovery costs',
    grandTotal: 'Total to pay', toPay: 'Amount to pay', before: 'No later than', beneficiary: 'Payee', account: 'Account',
    invoiceAccount: 'the bank account shown on our invoices', reference: 'Reference to quote',
    invoice: '', deposit: 'Deposit', debitNote: 'Debit note', other: '',
  },
} as const;

/** The words printed for the kind of an item before its number; nothing for an invoice. */
const documentCell = (item: MessageItem, language: Language): string => `${LABELS[language][item.kind]} ${cleanValue(item.document)}`.trim();

/** The items cited: number, dates, lateness when there is any, amount when part was paid, open amount, and their sum. */
export function itemsTable(model: MessageModel, language: Language): Table {
  const words = LABELS[language];
  const settled = model.step === 'thankYou';
  const late = !settled && model.items.some((item) => item.daysLate > 0);
  const partly = !settled && model.items.some((item) => item.open.minor !== item.amount.minor);
  const columns: { label: string; figures: boolean; cell: (item: MessageItem) => string }[] = [
    { label: words.document, figures: false, cell: (item) => documentCell(item, language) },
    { label: words.issuedOn, figures: false, cell: (item) => formatDayShort(item.issuedOn, language) },
    { label: words.dueOn, figures: false, cell: (item) => formatDayShort(item.dueOn, language) },
  ];
  if (late) columns.push({ label: words.daysLate, figures: true, cell: (item) => item.daysLate.toString() });
  if (partly) columns.push({ label: words.amount, figures: true, cell: (item) => formatMoney(item.amount, language) });
  columns.push(
    settled
      ? { label: words.settled, figures: true, cell: (item) => formatMoney(money(item.amount.minor - item.open.minor, item.amount.currency), language) }
      : { label: words.open, figures: true, cell: (item) => formatMoney(item.open, language) },
  );
  return {
    title: words.items,
    columns: columns.map(({ label, figures }) => ({ label, figures })),
    rows: model.items.map((item) => columns.map((column) => column.cell(item))),
    sums: [{ label: settled ? words.totalPaid : words.total, value: formatMoney(settled ? model.paid : model.total, language), strong: true }],
    note: null,
  };
}

/** On what law the charges stand, and how they are computed (C. com. L441-10, D441-5; CCP R2192-31, D2192-35 for public buyers). */
function chargesNote(model: MessageModel, language: Language): string {
  const publicBuyer = model.debtor.kind === 'public';
  if (language === 'fr') {
    return publicBuyer
      ? 'Intérêts moratoires et indemnité : articles R. 2192-31 et D. 2192-35 du code de la commande publique. Calcul : base × taux annuel × jours ÷ 365, arrondi au centime par ligne.'
      : 'Pénalités et indemnité exigibles de plein droit, sans rappel : articles L. 441-10 et D. 441-5 du code de commerce. Calcul : base × taux annuel × jours ÷ 365, arrondi au centime par ligne.';
  }
  return publicBuyer
    ? 'Interest and indemnity: articles R. 2192-31 and D. 2192-35 of the French public procurement code. Computation: base × yearly rate × days ÷ 365, rounded to the cent on each line.'
    : 'Penalties and indemnity are due by law, without reminder: articles L. 441-10 and D. 441-5 of the French commercial code. Computation: base × yearly rate × days ÷ 365, rounded to the cent on each line.';
}

/** How the charges were computed, stretch by stretch, and the total to pay; null when the message claims none. */
export function chargesTable(model: MessageModel, language: Language): Table | null {
  const { charges } = model;
  if (charges === null) return null;
  const words = LABELS[language];
  const indemnity = charges.indemnity.minor > 0n ? [{ label: words.indemnity, value: formatMoney(charges.indemnity, language), strong: false }] : [];
  return {
    title: words.charges,
    columns: [
      { label: words.document, figures: false },
      { label: words.period, figures: false },
      { label: words.days, figures: true },
      { label: words.rate, figures: true },
      { label: words.principal, figures: true },
      { label: words.interest, figures: true },
    ],
    rows: charges.segments.map((part) => [
      cleanValue(part.document),
      // The first day that bears interest is printed: a debtor counts the days of the period and must find their number.
      `${formatDayShort(addDays(part.from, 1), language)} – ${formatDayShort(part.to, language)}`,
      part.days.toString(),
      formatRate(part.rate, language),
      formatMoney(part.principal, language),
      formatMoney(part.interest, language),
    ]),
    sums: [
      { label: words.total, value: formatMoney(model.total, language), strong: false },
      { label: words.interestTotal, value: formatMoney(charges.interest, language), strong: false },
      ...indemnity,
      { label: words.grandTotal, value: formatMoney(model.grandTotal, language), strong: true },
    ],
    note: chargesNote(model, language),
  };
}

/** How to pay. An entity whose bank account is not entered refers to the one that its invoices bear. */
export function paymentLines(model: MessageModel, language: Language): PaymentLine[] {
  const { creditor } = model;
  const words = LABELS[language];
  const reference = parseCreditorReference(model.reference);
  return [
    { label: words.toPay, value: formatMoney(model.grandTotal, language) },
    ...(model.deadline === null ? [] : [{ label: words.before, value: formatDay(model.deadline, language) }]),
    { label: words.beneficiary, value: cleanValue(creditor.name) },
    ...(creditor.iban === null
      ? [{ label: words.account, value: words.invoiceAccount }]
      : [{ label: 'IBAN', value: printedIban(cleanValue(creditor.iban)) }, ...(creditor.bic === null ? [] : [{ label: 'BIC', value: cleanValue(creditor.bic) }])]),
    { label: words.reference, value: reference.ok ? formatCreditorReference(reference.value) : cleanValue(model.reference) },
  ];
}
