import { parseCurrency } from '#core/kernel/currency.ts';
import type { Currency } from '#core/kernel/currency.ts';
import type { Day } from '#core/kernel/day.ts';
import { parseIban } from '#core/kernel/iban.ts';
import { quoted } from '../problems.ts';
import { TERMS } from './business-terms.ts';
import { checkInvoice } from './check-invoice.ts';
import { documentKind } from './document-kinds.ts';
import type { DocumentKind } from './document-kinds.ts';
import { MAX_DOCUMENT_NUMBER_CHARS, MAX_DUE_DATES, MAX_NOTES, MAX_PAYMENTS, MAX_PRECEDING, MAX_TAXES } from './einvoice-limits.ts';
import type { EInvoice, EInvoiceReading } from './einvoice.ts';
import { interpretParty } from './interpret-party.ts';
import { InvoiceValues } from './invoice-values.ts';
import { proposeDueDay } from './propose-due-day.ts';
import type { RawInvoice, RawPayment } from './raw-invoice.ts';

/** The values without which an invoice is no claim: BT-1, BT-2, BT-3, BT-5, BT-44 and BT-115. */
type Core = { readonly number: string; readonly issuedOn: Day; readonly typeCode: string; readonly kind: DocumentKind; readonly currency: Currency; readonly due: bigint; readonly buyerName: string };

/** Reads the values of an invoice whose elements were found, checks them against each other, and says what is wrong or doubtful. */
export function assembleInvoice(raw: RawInvoice): EInvoiceReading {
  const values = new InvoiceValues(raw.day);
  const core = readCore(raw, values);
  // Even an invoice without a number is read to its end, so that all its faults are told at once.
  const currency = core.currency;
  const invoice = currency === null ? null : withRest(raw, { ...core, currency }, values);
  const refused = (): EInvoiceReading => ({ invoice: null, contradictions: [], proposedDueOn: null, problems: values.problems.list() });
  if (invoice === null || values.problems.refused) return refused();
  checkInvoice(invoice, raw, values);
  // The checks read the amounts of the lines, which may be unreadable or in another currency.
  if (values.problems.refused) return refused();
  const proposedDueOn = proposeDueDay(invoice, values, raw.termsTexts[0]?.line ?? raw.root.line);
  return { invoice, contradictions: values.contradictions, proposedDueOn, problems: values.problems.list() };
}

type MaybeCore = { readonly [K in keyof Core]: Core[K] | null };

function readCore(raw: RawInvoice, values: InvoiceValues): MaybeCore {
  const { line } = raw.root;
  const number = values.needed(TERMS.number, raw.number, line);
  if (number !== null && number.text.length > MAX_DOCUMENT_NUMBER_CHARS) values.problems.add('einvoiceTooLong', number.line, { term: TERMS.number, limit: MAX_DOCUMENT_NUMBER_CHARS });
  const issued = values.needed(TERMS.issued, raw.issued, line);
  const code = typeCodeOf(raw, values);
  const currencyNode = values.needed(TERMS.currency, raw.currency, line);
  const currency = currencyNode === null ? null : parseCurrency(currencyNode.text);
  if (currencyNode !== null && currency === null) values.problems.add('einvoiceCurrencyUnknown', currencyNode.line, { text: quoted(currencyNode.text) });
  if (raw.buyer.name === null) values.problems.add('einvoiceMissing', raw.buyer.line, { term: TERMS.buyerName });
  if (raw.seller.name === null) values.problems.add('einvoiceSellerMissing', raw.seller.line, {});
  const due = values.needed(TERMS.dueAmount, raw.totals.due, line);
  return {
    number: number?.text ?? null, issuedOn: values.day(TERMS.issued, issued), typeCode: code.typeCode, kind: code.kind,
    currency, due: currency === null ? null : values.amount(TERMS.dueAmount, due, currency), buyerName: raw.buyer.name,
  };
}

/** The type code and what it means. A UBL credit note may leave it out: its root says what it is. */
function typeCodeOf(raw: RawInvoice, values: InvoiceValues): { typeCode: string | null; kind: DocumentKind | null } {
  const node = values.one(TERMS.typeCode, raw.typeCode);
  if (node === null && raw.rootSays === 'creditNote') return { typeCode: '381', kind: documentKind('381') };
  if (node === null) {
    values.problems.add('einvoiceMissing', raw.root.line, { term: TERMS.typeCode });
    return { typeCode: null, kind: null };
  }
  const kind = documentKind(node.text);
  if (kind === null) values.problems.add('einvoiceTypeUnknown', node.line, { term: TERMS.typeCode, text: quoted(node.text) });
  else if (!kind.claim) values.hold('einvoiceNotClaim', node.line, { text: node.text });
  if (kind !== null && raw.rootSays !== null && (kind.kind === 'creditNote') !== (raw.rootSays === 'creditNote')) {
    values.hold('einvoiceTypeAndRoot', node.line, { text: node.text });
  }
  return { typeCode: node.text, kind };
}

/** Everything else; null when a value of the core is missing or unreadable, after all faults were told. */
function withRest(raw: RawInvoice, core: MaybeCore & { readonly currency: Currency }, values: InvoiceValues): EInvoice | null {
  const { currency } = core;
  const line = raw.root.line;
  const totals = readTotals(raw, currency, values);
  const dueDates = readDueDates(raw, currency, values);
  const taxes = values.atMost(raw.taxes, { most: MAX_TAXES, line, what: { fr: 'taux de TVA', en: 'VAT rates' } }).flatMap(({ category, rate, base, tax }) => {
    const amounts = { base: values.amount(TERMS.taxBase, base, currency), tax: values.amount(TERMS.taxAmount, tax, currency) };
    return amounts.base === null && amounts.tax === null ? [] : [{ category: category ?? '', rate, base: amounts.base ?? 0n, tax: amounts.tax ?? 0n }];
  });
  const payeeTerms = { legalId: TERMS.payeeLegalId, vat: TERMS.payeeLegalId };
  const [payee] = raw.payees;
  const rest = {
    syntax: raw.syntax, profile: raw.profile, dueDates, currency, taxes, ...readTexts(raw, values),
    seller: interpretParty(raw.seller, { legalId: TERMS.sellerLegalId, vat: TERMS.sellerVat }, values),
    buyer: interpretParty(raw.buyer, { legalId: TERMS.buyerLegalId, vat: TERMS.buyerVat }, values),
    payee: payee === undefined ? null : interpretParty(payee, payeeTerms, values),
    payments: values.atMost(raw.payments, { most: MAX_PAYMENTS, line, what: { fr: 'moyens de paiement', en: 'means of payment' } }).map((payment) => readPayment(payment, values)),
    lines: raw.lines,
  };
  const { number, issuedOn, typeCode, kind, due } = core;
  if (number === null || issuedOn === null || typeCode === null || kind === null || due === null) return null;
  return { ...rest, number, issuedOn, typeCode, kind: kind.kind, totals: { ...totals, due } };
}

function readTotals(raw: RawInvoice, currency: Currency, values: InvoiceValues): Omit<EInvoice['totals'], 'due'> {
  const { totals } = raw;
  return {
    net: values.amount(TERMS.net, values.one(TERMS.net, totals.net), currency),
    tax: values.amount(TERMS.tax, values.one(TERMS.tax, totals.tax), currency),
    gross: values.amount(TERMS.gross, values.one(TERMS.gross, totals.gross), currency),
    prepaid: values.amount(TERMS.prepaid, values.one(TERMS.prepaid, totals.prepaid), currency),
    rounding: values.amount(TERMS.rounding, values.one(TERMS.rounding, totals.rounding), currency),
  };
}

/** Due dates in order; the same day twice without parts is one. */
function readDueDates(raw: RawInvoice, currency: Currency, values: InvoiceValues): EInvoice['dueDates'] {
  const listed = values.atMost(raw.dueDates, { most: MAX_DUE_DATES, line: raw.root.line, what: { fr: 'échéances', en: 'due dates' } });
  const read = listed.flatMap(({ date, amount }) => {
    const on = values.day(TERMS.due, date);
    return on === null ? [] : [{ on, minor: values.amount(TERMS.instalment, amount, currency) }];
  });
  const distinct = read.filter(({ on, minor }, index) => minor !== null || read.findIndex((other) => other.on === on && other.minor === null) === index);
  return distinct.toSorted((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : 0));
}

type Texts = Pick<EInvoice, 'termsText' | 'references' | 'notes'>;

function readTexts(raw: RawInvoice, values: InvoiceValues): Texts {
  const { line } = raw.root;
  const text = (written: string | null): string | null => (written === null ? null : values.text(written, line));
  const notes = values.atMost(raw.notes, { most: MAX_NOTES, line, what: { fr: 'notes', en: 'notes' } });
  const preceding = values.atMost(raw.preceding, { most: MAX_PRECEDING, line, what: { fr: 'factures antérieures', en: 'preceding invoices' } });
  const termsTexts = values.atMost(raw.termsTexts, { most: MAX_NOTES, line, what: { fr: 'conditions de paiement', en: 'payment terms' } });
  const { buyer, order, contract, project } = raw.references;
  return {
    termsText: termsTexts.length === 0 ? null : termsTexts.map((node) => values.note(node)).join('\n'),
    references: {
      buyer: text(buyer), order: text(order), contract: text(contract), project: text(project),
      preceding: preceding.map(({ number, issued }) => ({ number: values.text(number, issued?.line ?? line), issuedOn: values.day(TERMS.precedingIssued, issued) })),
    },
    notes: notes.map(({ code, node }) => ({ code, text: values.note(node) })),
  };
}

/** An IBAN begins so; other accounts of UBL stand in the same element. */
const LIKE_IBAN = /^[A-Za-z]{2}[0-9]{2}/;

function readPayment(raw: RawPayment, values: InvoiceValues): EInvoice['payments'][number] {
  const account = raw.iban ?? raw.account;
  const iban = account === null ? null : parseIban(account.text);
  const wrong = account !== null && iban?.ok === false && (raw.iban !== null || LIKE_IBAN.test(account.text));
  if (wrong) values.problems.add('einvoiceIbanWrong', account.line, { text: quoted(account.text) });
  const line = account?.line ?? 0;
  const text = (written: string | null): string | null => (written === null ? null : values.text(written, line));
  const other = iban?.ok === true ? (raw.account?.text ?? null) : (account?.text ?? null);
  return {
    meansCode: text(raw.meansCode),
    iban: iban?.ok === true ? iban.value : null,
    account: raw.iban === null && iban?.ok === true ? null : text(other),
    bic: text(raw.bic), reference: text(raw.reference), mandateId: text(raw.mandateId), creditorId: text(raw.creditorId),
  };
}
