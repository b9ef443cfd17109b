import { find } from '../xml/xml-node.ts';
import type { XmlNode } from '../xml/xml-node.ts';
import { assembleInvoice } from './assemble-invoice.ts';
import { readCiiParty } from './cii-party.ts';
import type { EInvoiceReading } from './einvoice.ts';
import type { RawAdjustment, RawInvoice, RawPayment } from './raw-invoice.ts';
import { isZugferd1 } from './recognise-invoice.ts';
import { filledAt, firstFilled, firstText, isTrue, nodesAt } from './xml-paths.ts';
import { readCefactMoment } from './xml-values.ts';

/** Names that changed between ZUGFeRD 1.0 (CrossIndustryDocument) and the Cross Industry Invoice of EN 16931. */
type Names = {
  readonly context: string;
  readonly document: string;
  readonly transaction: string;
  readonly agreement: string;
  readonly settlement: string;
  readonly summation: string;
  readonly lineSettlement: string;
  readonly lineSummation: string;
  readonly percent: string;
  readonly referenceId: string;
};

const CII: Names = {
  context: 'ExchangedDocumentContext', document: 'ExchangedDocument', transaction: 'SupplyChainTradeTransaction',
  agreement: 'ApplicableHeaderTradeAgreement', settlement: 'ApplicableHeaderTradeSettlement',
  summation: 'SpecifiedTradeSettlementHeaderMonetarySummation', lineSettlement: 'SpecifiedLineTradeSettlement',
  lineSummation: 'SpecifiedTradeSettlementLineMonetarySummation', percent: 'RateApplicablePercent', referenceId: 'IssuerAssignedID',
};

const ZUGFERD_1: Names = {
  context: 'SpecifiedExchangedDocumentContext', document: 'HeaderExchangedDocument', transaction: 'SpecifiedSupplyChainTradeTransaction',
  agreement: 'ApplicableSupplyChainTradeAgreement', settlement: 'ApplicableSupplyChainTradeSettlement',
  summation: 'SpecifiedTradeSettlementMonetarySummation', lineSettlement: 'SpecifiedSupplyChainTradeSettlement',
  lineSummation: 'SpecifiedTradeSettlementMonetarySummation', percent: 'ApplicablePercent', referenceId: 'ID',
};

/** Reads an invoice in UN/CEFACT CII (EN 16931, Factur-X, XRechnung) or in ZUGFeRD 1.0, its predecessor of the same shape. */
export const readCii = (root: XmlNode): EInvoiceReading => assembleInvoice(rawCii(root));

function rawCii(root: XmlNode): RawInvoice {
  const names = isZugferd1(root) ? ZUGFERD_1 : CII;
  const context = find(root, names.context);
  const document = find(root, names.document);
  const transaction = find(root, names.transaction);
  const agreement = find(transaction, names.agreement);
  const settlement = find(transaction, names.settlement);
  const currency = filledAt(settlement, 'InvoiceCurrencyCode');
  const lines = nodesAt(transaction, 'IncludedSupplyChainTradeLineItem');
  return {
    syntax: 'cii', root,
    profile: firstText(context, 'GuidelineSpecifiedDocumentContextParameter', 'ID'),
    test: isTrue(firstText(context, 'TestIndicator', 'Indicator')),
    number: filledAt(document, 'ID'),
    typeCode: filledAt(document, 'TypeCode'),
    rootSays: null,
    issued: filledAt(document, 'IssueDateTime', 'DateTimeString'),
    currency,
    ...readTerms(settlement),
    totals: readTotals(nodesAt(settlement, names.summation), settlement, currency[0]?.text ?? ''),
    taxes: nodesAt(settlement, 'ApplicableTradeTax').map((tax) => ({
      category: firstText(tax, 'CategoryCode'), rate: firstText(tax, names.percent),
      base: firstFilled(tax, 'BasisAmount'), tax: firstFilled(tax, 'CalculatedAmount'),
    })),
    ...readLines(lines, names),
    adjustments: readAdjustments(settlement),
    looseLines: names === ZUGFERD_1,
    seller: readCiiParty(find(agreement, 'SellerTradeParty'), agreement ?? root),
    buyer: readCiiParty(find(agreement, 'BuyerTradeParty'), agreement ?? root),
    payees: nodesAt(settlement, 'PayeeTradeParty').map((party) => readCiiParty(party, party)),
    payments: readPayments(settlement),
    references: {
      buyer: firstText(agreement, 'BuyerReference'),
      order: firstText(agreement, 'BuyerOrderReferencedDocument', names.referenceId),
      contract: firstText(agreement, 'ContractReferencedDocument', names.referenceId),
      project: firstText(agreement, 'SpecifiedProcuringProject', 'ID'),
    },
    preceding: nodesAt(settlement, 'InvoiceReferencedDocument').flatMap((each) => {
      const number = firstText(each, names.referenceId);
      return number === null ? [] : [{ number, issued: firstFilled(each, 'FormattedIssueDateTime', 'DateTimeString') }];
    }),
    notes: nodesAt(document, 'IncludedNote').flatMap((note) => filledAt(note, 'Content').map((node) => ({ code: firstText(note, 'SubjectCode'), node }))),
    day: (node) => readCefactMoment(node.text, node.attributes.get('format') ?? null)?.on ?? null,
  };
}

/** Terms with an own discount end at the discount's day; they only say the due date when no other terms do. */
function readTerms(settlement: XmlNode | null): Pick<RawInvoice, 'dueDates' | 'termsTexts'> {
  const terms = nodesAt(settlement, 'SpecifiedTradePaymentTerms');
  const dated = terms.flatMap((each) => {
    const date = firstFilled(each, 'DueDateDateTime', 'DateTimeString');
    const discount = find(each, 'ApplicableTradePaymentDiscountTerms') !== null;
    return date === null ? [] : [{ date, amount: firstFilled(each, 'PartialPaymentAmount'), discount }];
  });
  const plain = dated.filter(({ discount }) => !discount);
  return { dueDates: plain.length > 0 ? plain : dated, termsTexts: nodesAt(settlement, 'SpecifiedTradePaymentTerms').flatMap((each) => filledAt(each, 'Description')) };
}

function readTotals(sums: readonly XmlNode[], settlement: XmlNode | null, currency: string): RawInvoice['totals'] {
  const of = (name: string): readonly XmlNode[] => sums.flatMap((sum) => filledAt(sum, name));
  const taxes = of('TaxTotalAmount');
  // BT-111, the VAT in the seller's accounting currency, stands beside BT-110 under the same name.
  const own = taxes.filter((tax) => (tax.attributes.get('currencyID') ?? currency) === currency);
  return {
    lines: of('LineTotalAmount'), allowances: of('AllowanceTotalAmount'), charges: of('ChargeTotalAmount'),
    net: of('TaxBasisTotalAmount'), tax: own, gross: of('GrandTotalAmount'), prepaid: of('TotalPrepaidAmount'), rounding: of('RoundingAmount'),
    due: of('DuePayableAmount'), added: filledAt(settlement, 'SpecifiedFinancialAdjustment', 'ActualAmount'),
  };
}

/** Lines that only group or explain others (BT-X-8 GROUP, INFORMATION) are not summed: Factur-X EXTENDED, BR-FXEXT-CO-10. */
function readLines(lines: readonly XmlNode[], names: Names): Pick<RawInvoice, 'lineAmounts' | 'lines'> {
  const counted = lines.filter((line) => {
    const reason = firstText(line, 'AssociatedDocumentLineDocument', 'LineStatusReasonCode');
    return reason === null || reason === 'DETAIL';
  });
  return { lines: lines.length, lineAmounts: counted.map((line) => firstFilled(line, names.lineSettlement, names.lineSummation, 'LineTotalAmount')) };
}

function readAdjustments(settlement: XmlNode | null): readonly RawAdjustment[] {
  const listed = nodesAt(settlement, 'SpecifiedTradeAllowanceCharge').flatMap((each) => {
    const charge = isTrue(firstText(each, 'ChargeIndicator', 'Indicator'));
    return filledAt(each, 'ActualAmount').map((node) => ({ node, charge }));
  });
  // Freight and packing of the extended profile count in BT-108 (BR-FXEXT-CO-12).
  const freight = filledAt(settlement, 'SpecifiedLogisticsServiceCharge', 'AppliedAmount').map((node) => ({ node, charge: true }));
  return [...listed, ...freight];
}

function readPayments(settlement: XmlNode | null): readonly RawPayment[] {
  const shared = {
    reference: firstText(settlement, 'PaymentReference'),
    mandateId: firstText(settlement, 'SpecifiedTradePaymentTerms', 'DirectDebitMandateID'),
    creditorId: firstText(settlement, 'CreditorReferenceID'),
  };
  const nothing: RawPayment = { meansCode: null, iban: null, account: null, bic: null, ...shared };
  const payments = nodesAt(settlement, 'SpecifiedTradeSettlementPaymentMeans').flatMap((means): RawPayment[] => {
    const own = { ...nothing, meansCode: firstText(means, 'TypeCode'), bic: firstText(means, 'PayeeSpecifiedCreditorFinancialInstitution', 'BICID') };
    const accounts = nodesAt(means, 'PayeePartyCreditorFinancialAccount');
    if (accounts.length === 0) return [own];
    return accounts.map((account) => ({ ...own, iban: firstFilled(account, 'IBANID'), account: firstFilled(account, 'ProprietaryID') }));
  });
  const named = shared.reference !== null || shared.mandateId !== null;
  return payments.length === 0 && named ? [nothing] : payments;
}
