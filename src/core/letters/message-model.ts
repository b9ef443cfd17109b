import type { Currency } from '../kernel/currency.ts';
import { addDays, daysBetween } from '../kernel/day.ts';
import type { Day } from '../kernel/day.ts';
import { money } from '../kernel/money.ts';
import type { Money } from '../kernel/money.ts';
import type { Problem } from '../kernel/problem.ts';
import type { Rate } from '../kernel/rate.ts';
import { err, ok } from '../kernel/result.ts';
import type { Result } from '../kernel/result.ts';
import type { Bilingual, Language } from '../kernel/text.ts';

/** How warm or how stern the words are; the facts cited are the same. */
export type Tone = 'gentle' | 'standard' | 'firm';

/** Where in a scenario the message stands. */
export type MessageStep = 'preDue' | 'reminder1' | 'reminder2' | 'reminder3' | 'formalNotice' | 'thankYou';

/** Which law applies to the debtor: a consumer owes no indemnity and no statutory penalty. */
export type DebtorKind = 'business' | 'consumer' | 'public';

/** The entity that issued the invoices, with what French law asks of a letterhead (C. com. R123-237, R123-238). */
export type Creditor = {
  readonly name: string;
  /** "SAS", "SARL", "EI"… printed before the capital; null when unknown. */
  readonly legalForm: string | null;
  /** The share capital as it is to be printed, "50 000 €". */
  readonly capital: string | null;
  readonly siren: string | null;
  /** City of the register ("Nantes"), null for an entity that is not registered. */
  readonly rcsCity: string | null;
  readonly vatNumber: string | null;
  /** A mention the law asks for, "en liquidation" for example; null when there is none. */
  readonly legalMention: string | null;
  readonly addressLines: readonly string[];
  readonly iban: string | null;
  readonly bic: string | null;
  readonly phone: string | null;
  readonly email: string | null;
  readonly signatory: { readonly name: string; readonly role: string | null } | null;
};

/** Who owes: one customer, and nothing of another one. */
export type Debtor = {
  readonly name: string;
  readonly code: string;
  readonly kind: DebtorKind;
  readonly addressLines: readonly string[];
  readonly contactName: string | null;
  readonly language: Language;
};

/** One open item cited by the message; `open` is its open amount on the day of the message. */
export type CitedItem = {
  readonly document: string;
  readonly kind: 'invoice' | 'deposit' | 'debitNote' | 'other';
  readonly issuedOn: Day;
  readonly dueOn: Day;
  readonly amount: Money;
  readonly open: Money;
};

/** A cited item with its lateness on the day of the message: 0 when it is not late. */
export type MessageItem = CitedItem & { readonly daysLate: number };

/** Penalties of one document over one stretch at one rate and one principal: from excluded, to included, days / 365. */
export type ChargeSegment = {
  readonly document: string;
  readonly from: Day;
  readonly to: Day;
  readonly days: number;
  readonly rate: Rate;
  readonly principal: Money;
  readonly interest: Money;
};

/** The charges as computed by the caller, in the currency of the items. */
export type CitedCharges = { readonly segments: readonly ChargeSegment[]; readonly indemnity: Money };

/** Charges with their sums: `interest` is the sum of the segments, `total` adds the indemnity. */
export type MessageCharges = CitedCharges & { readonly interest: Money; readonly total: Money };

/** What a caller knows when it asks for a message; every sum is computed here and never taken from elsewhere. */
export type MessageFacts = {
  readonly creditor: Creditor;
  readonly debtor: Debtor;
  readonly items: readonly CitedItem[];
  readonly charges: CitedCharges | null;
  readonly today: Day;
  /** Last day to pay. Null: `FORMAL_NOTICE_DAYS` after today for a formal notice, none for other steps. */
  readonly deadline: Day | null;
  /** The payment reference printed, an ISO 11649 reference or free text of 140 characters at most. */
  readonly reference: string;
  readonly tone: Tone;
  readonly step: MessageStep;
};

/** One message to one debtor, in one currency, complete: what templates, letters and QR codes are made from. */
export type MessageModel = Omit<MessageFacts, 'items' | 'charges'> & {
  readonly items: readonly MessageItem[];
  readonly currency: Currency;
  readonly charges: MessageCharges | null;
  /** Sum of the cited open amounts. */
  readonly total: Money;
  /** What was settled of the cited items: amounts less open amounts. */
  readonly paid: Money;
  /** `total` and the charges. */
  readonly grandTotal: Money;
};

/** Days to pay in a formal notice when the caller gives no deadline: courts look for 8 to 15 days. */
export const FORMAL_NOTICE_DAYS = 8;
/** Items in one message: a statement of 1000 lines is 25 pages, more than anyone reads; a file serves better. */
export const ITEMS_MAX = 1000;
/** Characters of one name, number or address line: longer ones are import accidents and break the page. */
export const FIELD_LENGTH_MAX = 200;
/** Address lines: seven is the window of an envelope (six after NF Z 10-011, one more for the country). */
export const ADDRESS_LINES_MAX = 7;

const problem = (code: string, fr: string, en: string): Problem => ({ line: 0, severity: 'error', code: `letters.${code}`, message: { fr, en } });

const sum = (amounts: readonly Money[], currency: Currency): Money =>
  money(amounts.reduce((total, amount) => total + amount.minor, 0n), currency);

function currencyProblems(facts: MessageFacts, currency: Currency): Problem[] {
  const amounts = [
    ...facts.items.flatMap((item) => [item.amount, item.open]),
    ...(facts.charges === null ? [] : [facts.charges.indemnity, ...facts.charges.segments.flatMap((part) => [part.principal, part.interest])]),
  ];
  const other = amounts.find((amount) => amount.currency !== currency);
  if (other === undefined) return [];
  return [
    problem(
      'mixedCurrency',
      `Le message mêle ${currency} et ${other.currency} : envoyez un message par devise.`,
      `The message mixes ${currency} and ${other.currency}: send one message per currency.`,
    ),
  ];
}

function openProblem(facts: MessageFacts, item: CitedItem): Problem | null {
  const { minor } = item.open;
  if (facts.step === 'thankYou') {
    if (minor === 0n) return null;
    return problem(
      'notSettled',
      `La pièce ${item.document} n’est pas soldée : un remerciement ne cite que des pièces soldées.`,
      `Document ${item.document} is not settled: a thank-you cites settled documents only.`,
    );
  }
  if (minor > 0n && minor <= item.amount.minor) return null;
  return problem(
    'openAmount',
    `Le restant dû de la pièce ${item.document} doit être positif et au plus égal à son montant : recalculez le compte avant d’écrire.`,
    `The open amount of document ${item.document} must be positive and at most its amount: recompute the account before writing.`,
  );
}

function itemProblems(facts: MessageFacts): Problem[] {
  const found: Problem[] = [];
  if (facts.items.length === 0) {
    found.push(problem('noItems', 'Le message ne cite aucune pièce : il n’y a rien à écrire.', 'The message cites no document: there is nothing to write.'));
  }
  if (facts.items.length > ITEMS_MAX) {
    found.push(
      problem(
        'tooManyItems',
        `Le message cite ${facts.items.length} pièces, plus de ${ITEMS_MAX} : envoyez plutôt un relevé en fichier.`,
        `The message cites ${facts.items.length} documents, more than ${ITEMS_MAX}: send a statement as a file instead.`,
      ),
    );
  }
  for (const item of facts.items) {
    const wrong = openProblem(facts, item);
    if (wrong !== null) found.push(wrong);
    if (facts.step === 'preDue' || facts.step === 'thankYou' || item.dueOn < facts.today) continue;
    found.push(
      problem(
        'notOverdue',
        `La pièce ${item.document} n’est pas échue (${item.dueOn}) : une relance ne cite que des pièces échues.`,
        `Document ${item.document} is not overdue (${item.dueOn}): a reminder cites overdue documents only.`,
      ),
    );
  }
  return found;
}

function chargeProblems(facts: MessageFacts): Problem[] {
  const { charges } = facts;
  if (charges === null) return [];
  const found: Problem[] = [];
  if (facts.debtor.kind === 'consumer') {
    found.push(
      problem(
        'consumerCharges',
        'Ni pénalités ni indemnité de 40 € ne se réclament à un consommateur : retirez-les.',
        'Neither penalties nor the 40 € indemnity can be claimed from a consumer: remove them.',
      ),
    );
  }
  const cited = new Set(facts.items.map((item) => item.document));
  for (const part of charges.segments) {
    if (cited.has(part.document) && part.interest.minor >= 0n && daysBetween(part.from, part.to) === part.days && part.to <= facts.today) continue;
    found.push(
      problem(
        'chargeSegment',
        `Les pénalités de la pièce ${part.document} (du ${part.from} au ${part.to}) ne correspondent pas à une pièce citée ou à leur nombre de jours : recalculez-les.`,
        `The penalties of document ${part.document} (${part.from} to ${part.to}) do not match a cited document or their number of days: compute them again.`,
      ),
    );
  }
  if (charges.indemnity.minor < 0n) {
    found.push(problem('indemnity', 'L’indemnité de recouvrement est négative : recalculez-la.', 'The recovery indemnity is negative: compute it again.'));
  }
  return found;
}

function lengthProblems(facts: MessageFacts): Problem[] {
  const { creditor, debtor } = facts;
  const fields: [Bilingual, string][] = [
    [{ fr: 'nom de la société', en: 'company name' }, creditor.name],
    [{ fr: 'nom du client', en: 'customer name' }, debtor.name],
    [{ fr: 'code du client', en: 'customer code' }, debtor.code],
    [{ fr: 'nom du contact', en: 'contact name' }, debtor.contactName ?? ''],
    ...[...creditor.addressLines, ...debtor.addressLines].map((line): [Bilingual, string] => [{ fr: 'ligne d’adresse', en: 'address line' }, line]),
    ...facts.items.map((item): [Bilingual, string] => [{ fr: 'numéro de pièce', en: 'document number' }, item.document]),
  ];
  const found = fields
    .filter(([, text]) => text.length > FIELD_LENGTH_MAX)
    .map(([what, text]) =>
      problem(
        'fieldTooLong',
        `Le champ « ${what.fr} » compte ${text.length} caractères, plus de ${FIELD_LENGTH_MAX} : corrigez la fiche (« ${text.slice(0, 40)}… »).`,
        `The field "${what.en}" has ${text.length} characters, more than ${FIELD_LENGTH_MAX}: correct the record ("${text.slice(0, 40)}…").`,
      ),
    );
  if (Math.max(creditor.addressLines.length, debtor.addressLines.length) <= ADDRESS_LINES_MAX) return found;
  return [
    ...found,
    problem(
      'addressTooLong',
      `Une adresse compte plus de ${ADDRESS_LINES_MAX} lignes : elle ne tient pas dans la fenêtre de l’enveloppe, réduisez-la.`,
      `An address has more than ${ADDRESS_LINES_MAX} lines: it does not fit the envelope window, shorten it.`,
    ),
  ];
}

function deadlineOf(facts: MessageFacts): Day | null {
  if (facts.deadline !== null) return facts.deadline;
  return facts.step === 'formalNotice' ? addDays(facts.today, FORMAL_NOTICE_DAYS) : null;
}

function deadlineProblems(facts: MessageFacts): Problem[] {
  if (facts.deadline === null || facts.deadline > facts.today) return [];
  return [
    problem(
      'deadline',
      `La date limite de paiement (${facts.deadline}) n’est pas après la date du message (${facts.today}) : laissez un délai.`,
      `The deadline to pay (${facts.deadline}) is not after the date of the message (${facts.today}): leave some time.`,
    ),
  ];
}

/** Every reason why these facts make no message that may leave; empty when they do. */
export function factProblems(facts: MessageFacts): Problem[] {
  const currency = facts.items[0]?.amount.currency ?? 'EUR';
  return [
    ...itemProblems(facts),
    ...currencyProblems(facts, currency),
    ...chargeProblems(facts),
    ...lengthProblems(facts),
    ...deadlineProblems(facts),
  ];
}

/** Builds the message from its facts: lateness, sums and deadline are computed from the items cited and from nothing else. */
export function composeMessage(facts: MessageFacts): Result<MessageModel, readonly Problem[]> {
  const problems = factProblems(facts);
  const [first] = facts.items;
  if (first === undefined || problems.length > 0) return err(problems);
  const { currency } = first.amount;
  const total = sum(facts.items.map((item) => item.open), currency);
  const interest = sum((facts.charges?.segments ?? []).map((part) => part.interest), currency);
  const charges =
    facts.charges === null ? null : { ...facts.charges, interest, total: money(interest.minor + facts.charges.indemnity.minor, currency) };
  return ok({
    ...facts,
    items: facts.items.map((item) => ({ ...item, daysLate: Math.max(0, daysBetween(item.dueOn, facts.today)) })),
    currency,
    charges,
    deadline: deadlineOf(facts),
    total,
    paid: money(sum(facts.items.map((item) => item.amount), currency).minor - total.minor, currency),
    grandTotal: money(total.minor + (charges?.total.minor ?? 0n), currency),
  });
}
