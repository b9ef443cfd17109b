import type { Day } from '../kernel/day.ts';
import type { Money } from '../kernel/money.ts';
import type { Bilingual, Language } from '../kernel/text.ts';
import { formatDay, formatDays, formatMoney } from './format.ts';
import { formatIban, parseIban } from '#core/kernel/iban.ts';
import type { MessageModel } from './message-model.ts';

/** The three tables a template may place; each stands alone on its line. */
export type BlockKind = 'items' | 'charges' | 'payment';

/** A word of the closed list: its French and English names, what it prints, and how it reads the message.
 * A value is text, or null when the message has none, and then the message does not leave. */
export type Placeholder = {
  readonly names: Bilingual;
  readonly about: Bilingual;
  readonly value: (model: MessageModel, language: Language) => string | null;
};

/** A word that prints a table. */
export type BlockPlaceholder = { readonly names: Bilingual; readonly about: Bilingual; readonly block: BlockKind };

/** Document numbers listed in a sentence before "and n others": five still read as a sentence. */
const DOCUMENTS_LISTED_MAX = 5;

const amount = (pick: (model: MessageModel) => Money | null): Placeholder['value'] => (model, language) => {
  const found = pick(model);
  return found === null ? null : formatMoney(found, language);
};

const dayText = (pick: (model: MessageModel) => Day | null): Placeholder['value'] => (model, language) => {
  const found = pick(model);
  return found === null ? null : formatDay(found, language);
};

/** An IBAN in groups of four when it is one; as typed otherwise. */
export function printedIban(text: string): string {
  const iban = parseIban(text);
  return iban.ok ? formatIban(iban.value) : text;
}

function documentsListed(model: MessageModel, language: Language): string {
  const documents = [...new Set(model.items.map((item) => item.document))];
  const shown = documents.slice(0, DOCUMENTS_LISTED_MAX);
  const rest = documents.length - shown.length;
  const and = language === 'fr' ? ' et ' : ' and ';
  if (rest > 0) {
    const others = language === 'fr' ? (rest > 1 ? 'autres' : 'autre') : rest > 1 ? 'others' : 'other';
    return `${shown.join(', ')}${and}${rest}\u00A0${others}`;
  }
  const last = shown.at(-1) ?? '';
  return shown.length > 1 ? `${shown.slice(0, -1).join(', ')}${and}${last}` : last;
}

const oldestDueOn = (model: MessageModel): Day | null =>
  model.items.reduce<Day | null>((oldest, item) => (oldest === null || item.dueOn < oldest ? item.dueOn : oldest), null);

const word = (fr: string, en: string, about: readonly [string, string]): Pick<Placeholder, 'names' | 'about'> => ({
  names: { fr, en },
  about: { fr: about[0], en: about[1] },
});

/** Every word a template may use in a sentence. Nothing outside this list has a value. */
export const PLACEHOLDERS: readonly Placeholder[] = [
  { ...word('client.nom', 'customer.name', ['Nom du client', 'Customer’s name']), value: (model) => model.debtor.name },
  { ...word('client.code', 'customer.code', ['Code du client', 'Customer’s code']), value: (model) => model.debtor.code },
  { ...word('contact.nom', 'contact.name', ['Nom de la personne à qui l’on écrit', 'Name of the person written to']), value: (model) => model.debtor.contactName },
  { ...word('societe.nom', 'company.name', ['Votre société', 'Your company']), value: (model) => model.creditor.name },
  { ...word('societe.telephone', 'company.phone', ['Téléphone de votre société', 'Your company’s telephone']), value: (model) => model.creditor.phone },
  { ...word('societe.email', 'company.email', ['E-mail de votre société', 'Your company’s e-mail']), value: (model) => model.creditor.email },
  { ...word('signataire.nom', 'signatory.name', ['Nom de la personne qui signe', 'Name of the person who signs']), value: (model) => model.creditor.signatory?.name ?? null },
  { ...word('signataire.fonction', 'signatory.role', ['Fonction de la personne qui signe', 'Role of the person who signs']), value: (model) => model.creditor.signatory?.role ?? null },
  { ...word('date.jour', 'date.today', ['Date du message', 'Date of the message']), value: dayText((model) => model.today) },
  { ...word('date.limite', 'date.deadline', ['Dernier jour pour payer', 'Last day to pay']), value: dayText((model) => model.deadline) },
  { ...word('montant.total', 'amount.total', ['Somme des restants dus cités', 'Sum of the open amounts cited']), value: amount((model) => model.total) },
  { ...word('montant.penalites', 'amount.interest', ['Pénalités de retard', 'Late-payment penalties']), value: amount((model) => model.charges?.interest ?? null) },
  { ...word('montant.indemnite', 'amount.indemnity', ['Indemnité de recouvrement', 'Recovery indemnity']), value: amount((model) => model.charges?.indemnity ?? null) },
  { ...word('montant.accessoires', 'amount.charges', ['Pénalités et indemnité', 'Penalties and indemnity']), value: amount((model) => model.charges?.total ?? null) },
  { ...word('montant.general', 'amount.grandTotal', ['Total à payer, pénalités et indemnité comprises', 'Total to pay, with penalties and indemnity']), value: amount((model) => model.grandTotal) },
  { ...word('montant.regle', 'amount.paid', ['Ce qui a été réglé des pièces citées', 'What was paid of the documents cited']), value: amount((model) => model.paid) },
  { ...word('postes.nombre', 'items.count', ['Nombre de postes cités', 'Number of items cited']), value: (model) => model.items.length.toString() },
  { ...word('postes.pieces', 'items.documents', ['Numéros des pièces (cinq au plus, puis « et n autres »)', 'Document numbers (five at most, then "and n others")']), value: documentsListed },
  { ...word('postes.echeance', 'items.oldestDueOn', ['Échéance la plus ancienne', 'Oldest due date']), value: dayText(oldestDueOn) },
  { ...word('postes.retard', 'items.daysLate', ['Plus long retard (« 12 jours »)', 'Longest lateness ("12 days")']), value: (model, language) => formatDays(Math.max(0, ...model.items.map((item) => item.daysLate)), language) },
  { ...word('paiement.reference', 'payment.reference', ['Référence à rappeler', 'Reference to quote']), value: (model) => model.reference },
  { ...word('paiement.iban', 'payment.iban', ['IBAN de votre société', 'Your company’s IBAN']), value: (model) => (model.creditor.iban === null ? null : printedIban(model.creditor.iban)) },
  { ...word('paiement.bic', 'payment.bic', ['BIC de votre société', 'Your company’s BIC']), value: (model) => model.creditor.bic },
];

/** Every table a template may place. */
export const BLOCK_PLACEHOLDERS: readonly BlockPlaceholder[] = [
  { ...word('postes.tableau', 'items.table', ['Tableau des pièces citées et leur total', 'Table of the documents cited and their total']), block: 'items' },
  { ...word('penalites.detail', 'charges.detail', ['Calcul des pénalités et de l’indemnité, total à payer', 'Computation of penalties and indemnity, total to pay']), block: 'charges' },
  { ...word('paiement.bloc', 'payment.block', ['Comment payer : montant, IBAN, BIC, référence', 'How to pay: amount, IBAN, BIC, reference']), block: 'payment' },
];

const byName = new Map<string, Placeholder | BlockPlaceholder>(
  [...PLACEHOLDERS, ...BLOCK_PLACEHOLDERS].flatMap((one) => [
    [one.names.fr, one] as const,
    [one.names.en, one] as const,
  ]),
);

/** The placeholder of a French or English name; null when the list has none. */
export const findPlaceholder = (name: string): Placeholder | BlockPlaceholder | null => byName.get(name) ?? null;

/** Names longer than this are no slip of the pen; no suggestion is looked for (bounds the work). */
const SUGGESTED_LENGTH_MAX = 40;
/** Letters that may differ in a suggestion: one slip or two, more would guess. */
const SUGGESTED_DISTANCE_MAX = 3;

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const swap = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(swap, (previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
    previous = row;
  }
  return previous[b.length] ?? 0;
}

/** The known name nearest to a mistyped one, or null when none is near. */
export function suggestedName(name: string): string | null {
  if (name.length > SUGGESTED_LENGTH_MAX) return null;
  let best: string | null = null;
  let bestDistance = SUGGESTED_DISTANCE_MAX + 1;
  for (const known of byName.keys()) {
    const distance = editDistance(name.toLowerCase(), known.toLowerCase());
    if (distance < bestDistance) {
      best = known;
      bestDistance = distance;
    }
  }
  return best;
}
