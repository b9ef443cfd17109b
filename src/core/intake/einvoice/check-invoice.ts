import { currencyDigits } from '#core/kernel/currency.ts';
import { quoted } from '../problems.ts';
import type { XmlNode } from '../xml/xml-node.ts';
import { TERMS } from './business-terms.ts';
import type { BusinessTerm } from './business-terms.ts';
import type { EInvoice } from './einvoice.ts';
import { amountIn } from './invoice-values.ts';
import type { InvoiceValues } from './invoice-values.ts';
import type { RawInvoice } from './raw-invoice.ts';
import { sumToMinor } from './xml-values.ts';
import type { Decimal } from './xml-values.ts';

/** Factur-X MINIMUM has neither BT-113 nor BT-114, whatever was paid. */
const MINIMUM_PROFILE = /:minimum$/i;
/** Factur-X EXTENDED and the French EXTENDED-CTC-FR. */
const EXTENDED_PROFILE = /extended/i;

/** Checks an invoice against itself. What does not fit is held for review; nothing is corrected. */
export function checkInvoice(invoice: EInvoice, raw: RawInvoice, values: InvoiceValues): void {
  if (raw.test) values.hold('einvoiceTest', raw.root.line, {});
  checkTotals(invoice, raw, values);
  checkLines(invoice, raw, values);
  checkDueDates(invoice, raw, values);
  checkSign(invoice, raw, values);
  checkPayees(invoice, raw, values);
}

/** BR-CO-14, BR-CO-15 and BR-CO-16, to the cent: EN 16931 gives its rounding a term of its own (BT-114). */
function checkTotals(invoice: EInvoice, raw: RawInvoice, values: InvoiceValues): void {
  const { totals: { net, tax, gross, prepaid, rounding, due }, taxes, currency } = invoice;
  const write = (expected: bigint, found: bigint): { expected: ReturnType<typeof amountIn>; found: ReturnType<typeof amountIn> } => ({
    expected: amountIn(expected, currency), found: amountIn(found, currency),
  });
  const lineOf = (nodes: RawInvoice['totals'][keyof RawInvoice['totals']]): number => nodes[0]?.line ?? raw.root.line;
  const untold = prepaid === null && MINIMUM_PROFILE.test(raw.profile ?? '');
  const added = raw.totals.added.reduce((sum, node) => sum + (values.amount(TERMS.adjustment, node, currency) ?? 0n), 0n);
  if (gross !== null && !untold) {
    const expected = gross - (prepaid ?? 0n) + (rounding ?? 0n) + added;
    if (expected !== due) values.hold('einvoiceDueDiffers', lineOf(raw.totals.due), write(expected, due));
  }
  if (net !== null && gross !== null && net + (tax ?? 0n) !== gross) values.hold('einvoiceGrossDiffers', lineOf(raw.totals.gross), write(net + (tax ?? 0n), gross));
  const byRate = taxes.reduce((sum, each) => sum + each.tax, 0n);
  if (taxes.length > 0 && byRate !== (tax ?? 0n)) values.hold('einvoiceTaxDiffers', lineOf(raw.totals.tax), write(byRate, tax ?? 0n));
}

/**
 * BR-CO-13: from the lines, allowances and charges themselves, or from their totals where the profile has no lines. Amounts of lines may
 * be finer than the cent in practice (BR-DEC-23 forbids it): the exact sum is rounded once. Only the extended profile allows a
 * difference, of one cent for each line, allowance and charge (BR-FXEXT-CO-13).
 */
function checkLines(invoice: EInvoice, raw: RawInvoice, values: InvoiceValues): void {
  const { currency, totals: { net } } = invoice;
  const amounts = raw.lineAmounts.map((node) => values.decimal(TERMS.lineAmount, node, currency));
  const without = raw.lineAmounts.filter((node) => node === null).length;
  if (without > 0 && !raw.looseLines) values.hold('einvoiceLineWithoutAmount', raw.root.line, { count: without });
  const adjustments = raw.adjustments.map(({ node, charge }) => signed(values.decimal(charge ? TERMS.charge : TERMS.allowance, node, currency), charge));
  const parts = amounts.length > 0 ? [...amounts, ...adjustments] : partsOfTotals(invoice, raw, values);
  const known = parts.filter((each) => each !== null);
  if (net === null || known.length === 0 || known.length < parts.length) return;
  const expected = sumToMinor(known, currencyDigits(currency));
  const difference = expected > net ? expected - net : net - expected;
  const allowed = EXTENDED_PROFILE.test(raw.profile ?? '') ? BigInt(known.length) : 0n;
  if (difference > allowed) {
    values.hold('einvoiceNetDiffers', raw.totals.net[0]?.line ?? raw.root.line, { expected: amountIn(expected, currency), found: amountIn(net, currency) });
  }
}

/** BT-106 with BT-107 and BT-108; nothing where BT-106 is left out (MINIMUM). */
function partsOfTotals(invoice: EInvoice, { totals }: RawInvoice, values: InvoiceValues): readonly (Decimal | null)[] {
  const lines = values.one(TERMS.lineTotal, totals.lines);
  if (lines === null) return [];
  const read = (term: BusinessTerm, nodes: readonly XmlNode[]): readonly (Decimal | null)[] => {
    const node = values.one(term, nodes);
    return node === null ? [] : [values.decimal(term, node, invoice.currency)];
  };
  const allowances = read(TERMS.allowanceTotal, totals.allowances).map((amount) => signed(amount, false));
  return [...read(TERMS.lineTotal, totals.lines), ...read(TERMS.chargeTotal, totals.charges), ...allowances];
}

const signed = (amount: Decimal | null, charge: boolean): Decimal | null => (amount === null || charge ? amount : { ...amount, units: -amount.units });

function checkDueDates(invoice: EInvoice, raw: RawInvoice, values: InvoiceValues): void {
  const { dueDates, issuedOn, currency, totals: { due } } = invoice;
  const line = raw.dueDates[0]?.date.line ?? raw.root.line;
  const early = dueDates.find(({ on }) => on < issuedOn);
  if (early !== undefined) values.hold('einvoiceDueBeforeIssue', line, { due: early.on, issued: issuedOn });
  const parts = dueDates.flatMap(({ minor }) => minor ?? []);
  if (dueDates.length > 1 && parts.length < dueDates.length) values.hold('einvoiceDueDatesUnclear', line, { count: dueDates.length });
  const sum = parts.reduce((total, minor) => total + minor, 0n);
  if (parts.length > 0 && parts.length === dueDates.length && sum !== due) {
    values.hold('einvoiceInstalmentsDiffer', line, { expected: amountIn(due, currency), found: amountIn(sum, currency) });
  }
}

/** A credit note is written positive (a negative one credits or debits, who knows); a negative invoice is money the seller owes. */
function checkSign(invoice: EInvoice, raw: RawInvoice, values: InvoiceValues): void {
  const { kind, currency, totals: { gross, due } } = invoice;
  const negative = due < 0n ? due : gross !== null && gross < 0n ? gross : null;
  if (negative === null) return;
  values.hold(kind === 'creditNote' ? 'einvoiceCreditNegative' : 'einvoiceNegative', raw.totals.due[0]?.line ?? raw.root.line, { amount: amountIn(negative, currency) });
}

function checkPayees(invoice: EInvoice, raw: RawInvoice, values: InvoiceValues): void {
  const [first, second] = raw.payees;
  if (first !== undefined && second !== undefined) values.hold('einvoiceTwoPayees', second.line, { first: quoted(first.name ?? ''), second: quoted(second.name ?? '') });
  const count = new Set(invoice.payments.flatMap(({ iban }) => iban ?? [])).size;
  if (count < 2) return;
  const line = raw.payments[0]?.iban?.line ?? raw.payments[0]?.account?.line ?? raw.root.line;
  // A seller with two banks may name both; money that belongs to a factor must go to one known account.
  if (invoice.payee === null) values.problems.add('einvoiceSeveralAccounts', line, { count });
  else values.hold('einvoicePayeeAccounts', line, { payee: quoted(invoice.payee.name), count });
}
