import { find } from '../xml/xml-node.ts';
import type { XmlNode } from '../xml/xml-node.ts';
import { assembleInvoice } from './assemble-invoice.ts';
import type { EInvoiceReading } from './einvoice.ts';
import type { RawInvoice, RawPayment } from './raw-invoice.ts';
import { readUblParty } from './ubl-party.ts';
import { filledAt, firstFilled, firstText, isTrue, nodesAt } from './xml-paths.ts';
import { readXsdDate } from './xml-values.ts';

/** A credit note may refer to a project only as an additional document of this type (EN 16931-3-2, BT-11). */
const PROJECT_TYPE = '50';
/** The French and German practice of EN 16931 in UBL: the subject code (BT-21) opens the note between two "#". */
const CODED_NOTE = /^#([A-Z0-9]{3})#/;

/** Reads an invoice or credit note in UBL 2.1 as EN 16931, Peppol and XRechnung use it. */
export const readUbl = (root: XmlNode): EInvoiceReading => assembleInvoice(rawUbl(root));

function rawUbl(root: XmlNode): RawInvoice {
  const credit = root.name === 'CreditNote';
  const currency = filledAt(root, 'DocumentCurrencyCode');
  const taxTotals = nodesAt(root, 'TaxTotal');
  const inOwnCurrency = taxTotals.filter((total) => isIn(firstFilled(total, 'TaxAmount'), currency[0]?.text ?? ''));
  const lines = nodesAt(root, credit ? 'CreditNoteLine' : 'InvoiceLine');
  const supplier = find(root, 'AccountingSupplierParty');
  const customer = find(root, 'AccountingCustomerParty');
  return {
    syntax: 'ubl', root,
    profile: firstText(root, 'CustomizationID'),
    test: false,
    number: filledAt(root, 'ID'),
    typeCode: filledAt(root, credit ? 'CreditNoteTypeCode' : 'InvoiceTypeCode'),
    rootSays: credit ? 'creditNote' : 'invoice',
    issued: filledAt(root, 'IssueDate'),
    currency,
    ...readTerms(root),
    totals: readTotals(root, inOwnCurrency),
    taxes: inOwnCurrency.flatMap((total) => nodesAt(total, 'TaxSubtotal')).map((tax) => ({
      category: firstText(tax, 'TaxCategory', 'ID'), rate: firstText(tax, 'TaxCategory', 'Percent'),
      base: firstFilled(tax, 'TaxableAmount'), tax: firstFilled(tax, 'TaxAmount'),
    })),
    lines: lines.length,
    lineAmounts: lines.map((line) => firstFilled(line, 'LineExtensionAmount')),
    adjustments: nodesAt(root, 'AllowanceCharge').flatMap((each) => filledAt(each, 'Amount').map((node) => ({ node, charge: isTrue(firstText(each, 'ChargeIndicator')) }))),
    looseLines: false,
    seller: readUblParty(find(supplier, 'Party'), supplier ?? root),
    buyer: readUblParty(find(customer, 'Party'), customer ?? root),
    payees: nodesAt(root, 'PayeeParty').map((party) => readUblParty(party, party)),
    payments: readPayments(root),
    references: {
      buyer: firstText(root, 'BuyerReference'),
      order: firstText(root, 'OrderReference', 'ID'),
      contract: firstText(root, 'ContractDocumentReference', 'ID'),
      project: firstText(root, 'ProjectReference', 'ID') ?? projectOf(root),
    },
    preceding: nodesAt(root, 'BillingReference', 'InvoiceDocumentReference').flatMap((each) => {
      const number = firstText(each, 'ID');
      return number === null ? [] : [{ number, issued: firstFilled(each, 'IssueDate') }];
    }),
    notes: filledAt(root, 'Note').map(readNote),
    day: (node) => readXsdDate(node.text),
  };
}

/** Whether an amount is in a currency; one that names none is. */
const isIn = (amount: XmlNode | null, currency: string): boolean => (amount?.attributes.get('currencyID') ?? currency) === currency;

/** The due date stands at the root of an invoice and under the payment means of a credit note; instalments are terms of their own. */
function readTerms(root: XmlNode): Pick<RawInvoice, 'dueDates' | 'termsTexts'> {
  const instalments = nodesAt(root, 'PaymentTerms').flatMap((terms) => {
    const date = firstFilled(terms, 'InstallmentDueDate') ?? firstFilled(terms, 'PaymentDueDate');
    return date === null ? [] : [{ date, amount: firstFilled(terms, 'Amount') }];
  });
  const ofRoot = filledAt(root, 'DueDate');
  // A date in the terms without an amount may be the end of a discount: the due date of the root is the one that counts.
  const parted = instalments.some(({ amount }) => amount !== null);
  const single = (ofRoot.length > 0 ? ofRoot : filledAt(root, 'PaymentMeans', 'PaymentDueDate')).map((date) => ({ date, amount: null }));
  return { dueDates: parted || single.length === 0 ? instalments : single, termsTexts: filledAt(root, 'PaymentTerms', 'Note') };
}

function readTotals(root: XmlNode, taxTotals: readonly XmlNode[]): RawInvoice['totals'] {
  const of = (name: string): readonly XmlNode[] => filledAt(root, 'LegalMonetaryTotal', name);
  return {
    lines: of('LineExtensionAmount'), allowances: of('AllowanceTotalAmount'), charges: of('ChargeTotalAmount'),
    net: of('TaxExclusiveAmount'), tax: taxTotals.flatMap((total) => filledAt(total, 'TaxAmount')), gross: of('TaxInclusiveAmount'),
    prepaid: of('PrepaidAmount'), rounding: of('PayableRoundingAmount'), due: of('PayableAmount'), added: [],
  };
}

function projectOf(root: XmlNode): string | null {
  const found = nodesAt(root, 'AdditionalDocumentReference').find((each) => firstText(each, 'DocumentTypeCode') === PROJECT_TYPE);
  return firstText(found ?? null, 'ID');
}

function readNote(node: XmlNode): RawInvoice['notes'][number] {
  const match = CODED_NOTE.exec(node.text);
  return match === null ? { code: null, node } : { code: match[1] ?? null, node: { ...node, text: node.text.slice(match[0].length).trim() } };
}

/** The SEPA creditor identifier of the payee, else of the seller (BT-90). */
function creditorIdOf(root: XmlNode): string | null {
  const ids = [...nodesAt(root, 'PayeeParty', 'PartyIdentification', 'ID'), ...nodesAt(root, 'AccountingSupplierParty', 'Party', 'PartyIdentification', 'ID')];
  return ids.find((id) => id.attributes.get('schemeID') === 'SEPA' && id.text !== '')?.text ?? null;
}

function readPayments(root: XmlNode): readonly RawPayment[] {
  const creditorId = creditorIdOf(root);
  return nodesAt(root, 'PaymentMeans').flatMap((means): RawPayment[] => {
    const own: RawPayment = {
      meansCode: firstText(means, 'PaymentMeansCode'), iban: null, account: null, bic: null,
      reference: firstText(means, 'PaymentID'), mandateId: firstText(means, 'PaymentMandate', 'ID'), creditorId,
    };
    const accounts = nodesAt(means, 'PayeeFinancialAccount');
    if (accounts.length === 0) return [own];
    return accounts.map((account) => ({ ...own, account: firstFilled(account, 'ID'), bic: firstText(account, 'FinancialInstitutionBranch', 'ID') }));
  });
}
