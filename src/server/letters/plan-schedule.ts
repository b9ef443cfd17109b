import type { Currency } from '#core/kernel/currency.ts';
import { creditorReference } from '#core/kernel/creditor-reference.ts';
import type { Day } from '#core/kernel/day.ts';
import type { HoldId } from '#core/kernel/id.ts';
import { money } from '#core/kernel/money.ts';
import type { Problem } from '#core/kernel/problem.ts';
import { err, ok } from '#core/kernel/result.ts';
import type { Result } from '#core/kernel/result.ts';
import type { Bilingual, Language } from '#core/kernel/text.ts';
import { holdProblem } from '#core/holds/hold-problems.ts';
import type { PlanInstalment } from '#core/holds/plan.ts';
import { formatDay, formatDayShort, formatMoney } from '#core/letters/format.ts';
import { legalLine, signatureLines } from '#core/letters/identity.ts';
import { composeMessage } from '#core/letters/message-model.ts';
import type { CitedItem, Creditor, Debtor, MessageModel } from '#core/letters/message-model.ts';
import { printedIban } from '#core/letters/placeholders.ts';
import { htmlDocument } from '#core/letters/render-html.ts';
import { plainText } from '#core/letters/render-text.ts';
import type { RenderedBlock, RenderedMessage } from '#core/letters/render.ts';
import { itemsTable } from '#core/letters/tables.ts';
import type { Table } from '#core/letters/tables.ts';
import { coveredItems } from '#server/holds/hold-list.ts';
import { readInstalments } from '#server/holds/plans.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { addressLines, readCreditor } from './message-facts.ts';
import type { LetterMaker, LetterPdf } from './pdf.ts';

/** A plan as its letter prints it, before any drawing. */
export type PlanSchedule = { readonly model: MessageModel; readonly rendered: RenderedMessage };

/** What a plan's letter is made from. */
type PlanFacts = {
  readonly creditor: Creditor; readonly debtor: Debtor; readonly items: readonly CitedItem[]; readonly instalments: readonly PlanInstalment[]; readonly total: bigint; readonly currency: Currency;
  readonly graceDays: number; readonly today: Day; readonly language: Language; readonly acceptedBy: string | null;
};

/** The schedule of a plan as a PDF to be signed, in a language; refused with what is missing from the company's record. */
export async function planPdf(t: Tenant, holdId: HoldId, of: { today: Day; language: Language | null; letters: LetterMaker }): Promise<Result<LetterPdf, readonly Problem[]>> {
  const facts = await readPlan(t, holdId, of);
  if (!facts.ok) return facts;
  const schedule = planSchedule(facts.value);
  if (!schedule.ok) return schedule;
  const letter = of.letters.make(schedule.value.model, schedule.value.rendered);
  return letter.ok ? letter : err([letter.error]);
}

type PlanRow = {
  kind: string; currency: Currency | null; grace_days: number; accepted_by: string | null; code: string; name: string; customer_kind: Debtor['kind']; language: Language; address: string[];
  postal_code: string | null; city: string | null; country: string;
};

const KINDS: Readonly<Record<string, CitedItem['kind']>> = { invoice: 'invoice', deposit: 'deposit', debitNote: 'debitNote' };

async function readPlan(t: Tenant, holdId: HoldId, of: { today: Day; language: Language | null }): Promise<Result<PlanFacts, readonly Problem[]>> {
  const row = await t.one<PlanRow>(t.sql`
    select h.kind, h.currency, h.grace_days, h.accepted_by, c.code, c.name, c.kind as customer_kind, c.language, c.address, c.postal_code, c.city, c.country
    from ${t.from('hold')} h join ${t.from('customer')} c on c.customer_id = h.customer_id where h.hold_id = ${holdId}::bigint`);
  const { instalments, total } = await readInstalments(t, holdId);
  if (row === null || row.kind !== 'plan' || row.currency === null || instalments.length === 0) return err([holdProblem('planUnknown', {})]);
  const { creditor, country } = await readCreditor(t);
  const { currency } = row;
  const items = (await coveredItems(t, holdId)).map((item): CitedItem => ({
    document: item.document, kind: KINDS[item.kind] ?? 'other', issuedOn: item.issuedOn, dueOn: item.dueOn, amount: money(item.amount, currency), open: money(item.openThen, currency),
  }));
  const language = of.language ?? row.language;
  return ok({
    creditor, items, instalments, total, currency, graceDays: row.grace_days, today: of.today, language, acceptedBy: row.accepted_by,
    debtor: { name: row.name, code: row.code, kind: row.customer_kind, addressLines: addressLines(row, country), contactName: null, language },
  });
}

const MISSING: readonly { readonly what: Bilingual; readonly absent: (creditor: Creditor) => boolean }[] = [
  { what: { fr: 'le nom', en: 'its name' }, absent: (creditor) => creditor.name.trim() === '' },
  { what: { fr: 'l’adresse', en: 'its address' }, absent: (creditor) => creditor.addressLines.length === 0 },
  { what: { fr: 'le SIREN', en: 'its SIREN' }, absent: (creditor) => creditor.siren === null },
  { what: { fr: 'l’IBAN sur lequel payer', en: 'the IBAN to pay to' }, absent: (creditor) => creditor.iban === null },
];

const WORDS = {
  fr: {
    subject: 'Échéancier de paiement', instalments: 'Échéances', number: 'N°', day: 'Au plus tard le', amount: 'Montant', total: 'Total', iban: 'IBAN', beneficiary: 'Bénéficiaire', reference: 'Référence à rappeler',
    first: 'Première échéance', agreed: 'Pour le client', sign: 'Nom, qualité, date et signature, précédés de la mention « Bon pour accord » :',
  },
  en: {
    subject: 'Payment plan', instalments: 'Instalments', number: 'No.', day: 'No later than', amount: 'Amount', total: 'Total', iban: 'IBAN', beneficiary: 'Payee', reference: 'Reference to quote',
    first: 'First instalment', agreed: 'For the customer', sign: 'Name, position, date and signature, after the words “Agreed”:',
  },
} as const;

/** The words of a plan's letter: the debt acknowledged, its items, the instalments, how to pay, what ends it, and where to sign. */
function planSchedule(facts: PlanFacts): Result<PlanSchedule, readonly Problem[]> {
  const { creditor, language, today } = facts;
  const missing = MISSING.filter(({ absent }) => absent(creditor)).map(({ what }) => what);
  if (missing.length > 0) return err([holdProblem('planEntity', { missing: { fr: missing.map(({ fr }) => fr).join(', '), en: missing.map(({ en }) => en).join(', ') } })]);
  const reference = creditorReference(facts.debtor.code);
  const composed = composeMessage({
    creditor, debtor: facts.debtor, items: facts.items, charges: null, today, deadline: null, reference: reference.ok ? reference.value : facts.debtor.code, tone: 'standard', step: 'preDue',
  });
  if (!composed.ok) return composed;
  const [first] = facts.instalments;
  // The QR code of the letter prepares the first transfer, not all of them at once.
  const model: MessageModel = { ...composed.value, grandTotal: money(first?.minor ?? facts.total, facts.currency) };
  const content = {
    language, subject: `${WORDS[language].subject} – ${facts.debtor.name}`, blocks: blocksOf(facts, model), signature: signatureLines(creditor), legal: legalLine(creditor, language),
  };
  return ok({ model, rendered: { ...content, text: plainText(content), html: htmlDocument(content) } });
}

function blocksOf(facts: PlanFacts, model: MessageModel): RenderedBlock[] {
  const { language, debtor, creditor } = facts;
  const words = WORDS[language];
  const total = formatMoney(money(facts.total, facts.currency), language);
  const count = facts.instalments.length;
  const sentences = language === 'fr' ? {
    owed: `${debtor.name} reconnaît devoir à ${creditor.name} la somme de ${total}, restant due au titre des pièces ci-dessous.`,
    spread: count === 1 ? `Cette somme est réglée en une échéance :` : `Cette somme est réglée en ${count} échéances :`,
    end: `Tant que les échéances sont respectées, les pièces ci-dessus ne sont pas relancées. Une échéance qui n’est pas réglée ${facts.graceDays} jour${facts.graceDays > 1 ? 's' : ''} ouvré${facts.graceDays > 1 ? 's' : ''} après sa date met fin à l’échéancier : le recouvrement du restant dû reprend.`,
  } : {
    owed: `${debtor.name} acknowledges owing ${creditor.name} the sum of ${total}, outstanding on the documents below.`,
    spread: count === 1 ? 'This sum is paid in one instalment:' : `This sum is paid in ${count} instalments:`,
    end: `As long as the instalments are paid on time, the documents above are not chased. An instalment not paid ${facts.graceDays} working day${facts.graceDays > 1 ? 's' : ''} after its day ends the plan: collection of what is outstanding resumes.`,
  };
  const agreed = facts.acceptedBy === null ? words.agreed : `${words.agreed} – ${facts.acceptedBy}`;
  return [
    { kind: 'paragraph', lines: [sentences.owed] },
    { kind: 'items', table: itemsTable(model, language) },
    { kind: 'paragraph', lines: [sentences.spread] },
    { kind: 'items', table: instalmentsTable(facts) },
    { kind: 'payment', lines: [
      { label: words.first, value: `${formatMoney(model.grandTotal, language)}, ${formatDay(facts.instalments[0]?.dueOn ?? facts.today, language)}` },
      { label: words.beneficiary, value: creditor.name }, { label: words.iban, value: printedIban(creditor.iban ?? '') }, { label: words.reference, value: model.reference },
    ] },
    { kind: 'paragraph', lines: [sentences.end] },
    { kind: 'paragraph', lines: [agreed, words.sign, ...SIGN_ROOM] },
  ];
}

/** Lines left empty for a signature: about two centimetres. */
const SIGN_ROOM = ['', '', '', ''];

function instalmentsTable(facts: PlanFacts): Table {
  const { language, currency } = facts;
  const words = WORDS[language];
  return {
    title: words.instalments,
    columns: [{ label: words.number, figures: false }, { label: words.day, figures: false }, { label: words.amount, figures: true }],
    rows: facts.instalments.map(({ dueOn, minor }, index) => [String(index + 1), formatDayShort(dueOn, language), formatMoney(money(minor, currency), language)]),
    sums: [{ label: words.total, value: formatMoney(money(facts.total, currency), language), strong: true }],
    note: null,
  };
}
