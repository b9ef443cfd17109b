import { currencyDigits, parseCurrency } from '#core/kernel/currency.ts';
import type { Day } from '#core/kernel/day.ts';
import type { Bilingual } from '#core/kernel/text.ts';
import { ProblemList } from '../problem-list.ts';
import { quoted } from '../problems.ts';
import { find } from '../xml/xml-node.ts';
import type { XmlNode } from '../xml/xml-node.ts';
import { MAX_DOCUMENT_NUMBER_CHARS, MAX_LIFECYCLE_DETAILS, MAX_LIFECYCLE_DOCUMENTS, MAX_NOTE_CHARS, MAX_PARTY_CHARS } from './einvoice-limits.ts';
import type { LifecycleAmount, LifecycleMessage, LifecycleReading, LifecycleReason } from './einvoice.ts';
import { sirenIn } from './identifiers.ts';
import { lifecycleReason } from './lifecycle-reasons.ts';
import { CASHED_STATUS, STATUSES_WITH_REASON, lifecycleStatus } from './lifecycle-status.ts';
import { filledAt, firstFilled, firstText, isTrue, nodesAt } from './xml-paths.ts';
import { exactMinor, readCefactMoment, readDecimal } from './xml-values.ts';
import type { StatedMoment } from './xml-values.ts';

type Named = { readonly mdt: string; readonly name: Bilingual };
const named = (mdt: string, fr: string, en: string): Named => ({ mdt, name: { fr, en } });

const MADE = named('MDT-8', 'date du message', 'date of the message');
const STATED = named('MDT-78', 'date du statut', 'date of the status');
const NUMBER = named('MDT-87', 'numéro de la facture', 'invoice number');
const ISSUED = named('MDT-100', 'date de la facture', 'date of the invoice');
const STATUS = named('MDT-105', 'code du statut', 'status code');
const AMOUNT = named('MDT-215', 'montant', 'amount');
const VALUE_DAY = named('MDT-219', 'date du montant', 'date of the amount');
const DOCUMENT = named('MDG-32', 'facture concernée', 'invoice concerned');

/** Guidelines about invoices: between platforms, and towards the public portal (BR-FR-CDV-02). */
const INVOICE_GUIDELINE = /:CDV:(?:invoice|einvoicing)/i;
const STATUS_CODE = /^[0-9]{3}$/;

const cut = (text: string | null, limit: number): string | null => (text === null ? null : text.slice(0, limit));

/** Reads a life-cycle message (CDAR D22B as XP Z12-012 uses it) with all documents it speaks of; none of it counts when there is an error. */
export function readCdar(root: XmlNode): LifecycleReading {
  const problems = new ProblemList();
  const message = readMessage(root, problems);
  return { message: problems.refused ? null : message, problems: problems.list() };
}

function readMessage(root: XmlNode, problems: ProblemList): LifecycleMessage | null {
  const context = find(root, 'ExchangedDocumentContext');
  const document = find(root, 'ExchangedDocument');
  const guideline = firstFilled(context, 'GuidelineSpecifiedDocumentContextParameter', 'ID');
  if (guideline !== null && !INVOICE_GUIDELINE.test(guideline.text)) problems.add('cdarNotInvoice', guideline.line, { text: quoted(guideline.text) });
  if (isTrue(firstText(context, 'TestIndicator', 'Indicator'))) problems.add('cdarTest', root.line, {});
  const made = momentAt(MADE, firstFilled(document, 'IssueDateTime', 'DateTimeString'), problems);
  if (firstFilled(document, 'IssueDateTime', 'DateTimeString') === null) problems.add('cdarMissing', (document ?? root).line, MADE);
  const acknowledgements = nodesAt(root, 'AcknowledgementDocument');
  const referenced = acknowledgements.flatMap((each) => nodesAt(each, 'ReferenceReferencedDocument').map((node) => ({ node, within: each })));
  if (referenced.length === 0) problems.add('cdarMissing', root.line, DOCUMENT);
  if (referenced.length > MAX_LIFECYCLE_DOCUMENTS) problems.add('cdarTooMany', root.line, { what: { fr: 'factures', en: 'invoices' }, limit: MAX_LIFECYCLE_DOCUMENTS });
  const documents = referenced.slice(0, MAX_LIFECYCLE_DOCUMENTS).flatMap(({ node, within }) => readDocument(node, { within, made, problems }) ?? []);
  if (made === null) return null;
  const phases = new Set(acknowledgements.map((each) => firstText(each, 'TypeCode')));
  const [phase = null] = phases;
  // A platform speaks for itself as sender; the party whose status it is stands as issuer.
  const from = find(document, 'IssuerTradeParty') ?? find(document, 'SenderTradeParty');
  return {
    identification: cut(firstText(document, 'ID'), MAX_PARTY_CHARS),
    phase: phases.size === 1 ? cut(phase, MAX_PARTY_CHARS) : null,
    issuedOn: made.on, issuedAt: instantText(made),
    from: { siren: sirenIn(filledAt(from, 'GlobalID')), name: cut(firstText(from, 'Name'), MAX_PARTY_CHARS), role: cut(firstText(from, 'RoleCode'), MAX_PARTY_CHARS) },
    documents,
  };
}

const instantText = ({ on, time }: StatedMoment): string | null => (time === null ? null : `${on}T${time}`);

function momentAt(what: Named, node: XmlNode | null, problems: ProblemList): StatedMoment | null {
  if (node === null) return null;
  const moment = readCefactMoment(node.text, node.attributes.get('format') ?? null);
  if (moment === null) problems.add('cdarValueUnreadable', node.line, { ...what, text: quoted(node.text) });
  return moment;
}

type Reading = { readonly within: XmlNode; readonly made: StatedMoment | null; readonly problems: ProblemList };

function readDocument(node: XmlNode, { within, made, problems }: Reading): LifecycleMessage['documents'][number] | null {
  const number = firstFilled(node, 'IssuerAssignedID');
  if (number === null) problems.add('cdarMissing', node.line, NUMBER);
  else if (number.text.length > MAX_DOCUMENT_NUMBER_CHARS) problems.add('cdarValueUnreadable', number.line, { ...NUMBER, text: quoted(number.text) });
  const status = firstFilled(node, 'ProcessConditionCode');
  if (status === null) problems.add('cdarMissing', node.line, STATUS);
  else if (!STATUS_CODE.test(status.text)) problems.add('cdarValueUnreadable', status.line, { ...STATUS, text: quoted(status.text) });
  const stated = momentAt(STATED, firstFilled(within, 'IssueDateTime', 'DateTimeString'), problems) ?? made;
  const issued = momentAt(ISSUED, firstFilled(node, 'FormattedIssueDateTime', 'DateTimeString'), problems);
  const details = nodesAt(node, 'SpecifiedDocumentStatus');
  if (details.length > MAX_LIFECYCLE_DETAILS) problems.add('cdarTooMany', node.line, { what: { fr: 'motifs', en: 'reasons' }, limit: MAX_LIFECYCLE_DETAILS });
  const reasons = details.slice(0, MAX_LIFECYCLE_DETAILS).map((each) => readReason(each, problems));
  if (number === null || status === null || stated === null) return null;
  const found = {
    number: number.text, issuedOn: issued?.on ?? null, issuerSiren: sirenIn(filledAt(node, 'IssuerTradeParty', 'GlobalID')),
    status: status.text, statedOn: stated.on, statedAt: instantText(stated), reasons, line: node.line,
  };
  doubtStatus(found, details, problems);
  return found;
}

/** What a status should carry and does not, or carries and nobody knows. */
function doubtStatus(found: LifecycleMessage['documents'][number], details: readonly XmlNode[], problems: ProblemList): void {
  const { line, status, reasons } = found;
  const number = quoted(found.number);
  if (lifecycleStatus(status) === null) problems.add('cdarStatusUnknown', line, { number, status: quoted(status) });
  if (STATUSES_WITH_REASON.has(status) && reasons.every(({ code }) => code === null)) problems.add('cdarReasonMissing', line, { number, status });
  for (const { code } of reasons) if (code !== null && lifecycleReason(code) === null) problems.add('cdarReasonUnknown', line, { number, text: quoted(code) });
  const cashed = reasons.flatMap(({ amounts }) => amounts.filter(({ type }) => type === 'MEN'));
  if (status === CASHED_STATUS && (cashed.length === 0 || cashed.some(({ percent }) => percent === null))) problems.add('cdarPaymentMissing', line, { number });
  const other = details.flatMap((each) => filledAt(each, 'ProcessConditionCode')).find((code) => code.text !== status);
  if (other !== undefined) problems.add('cdarStatusesDiffer', other.line, { number, first: quoted(status), second: quoted(other.text) });
}

function readReason(node: XmlNode, problems: ProblemList): LifecycleReason {
  const characteristics = nodesAt(node, 'SpecifiedDocumentCharacteristic').slice(0, MAX_LIFECYCLE_DETAILS);
  const texts = filledAt(node, 'IncludedNote', 'Content').slice(0, MAX_LIFECYCLE_DETAILS).map((note) => note.text);
  const reason = filledAt(node, 'Reason').map((each) => each.text).join('\n');
  return {
    code: cut(firstText(node, 'ReasonCode'), MAX_PARTY_CHARS),
    text: reason === '' ? null : reason.slice(0, MAX_NOTE_CHARS),
    action: cut(firstText(node, 'RequestedActionCode'), MAX_PARTY_CHARS),
    notes: [...texts, ...characteristics.flatMap((each) => valueText(each) ?? [])].map((note) => note.slice(0, MAX_NOTE_CHARS)),
    amounts: characteristics.flatMap((each) => readAmount(each, problems) ?? []),
  };
}

/** Data that a characteristic names, for a person: "DIV BT-84: FR76…". */
function valueText(node: XmlNode): string | null {
  const value = [...filledAt(node, 'Value'), ...filledAt(node, 'ValueCode'), ...filledAt(node, 'ValueQuantity'), ...filledAt(node, 'ValueNumeric')].map((each) => each.text).join(' ');
  const words = [firstText(node, 'TypeCode'), firstText(node, 'ID'), firstText(node, 'Name')].filter((word) => word !== null).join(' ');
  return value === '' ? null : `${words}: ${value}`;
}

function readAmount(node: XmlNode, problems: ProblemList): LifecycleAmount | null {
  const amount = firstFilled(node, 'ValueAmount');
  if (amount === null) return null;
  // The message has no currency of its own; the schema leaves the attribute out only by mistake, and the reform is in euros.
  const currency = parseCurrency(amount.attributes.get('currencyID') ?? 'EUR');
  const decimal = readDecimal(amount.text);
  const minor = currency === null || decimal === null ? null : exactMinor(decimal, currencyDigits(currency));
  if (currency === null || minor?.ok !== true) {
    problems.add('cdarValueUnreadable', amount.line, { ...AMOUNT, text: quoted(`${amount.text} ${amount.attributes.get('currencyID') ?? ''}`.trim()) });
    return null;
  }
  const on: Day | null = momentAt(VALUE_DAY, firstFilled(node, 'ValueDateTime', 'DateTimeString'), problems)?.on ?? null;
  return { type: cut(firstText(node, 'TypeCode'), MAX_PARTY_CHARS) ?? '', minor: minor.value, currency, on, percent: cut(firstText(node, 'ValuePercent'), MAX_PARTY_CHARS) };
}
