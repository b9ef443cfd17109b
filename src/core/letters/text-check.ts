import type { Problem } from '../kernel/problem.ts';
import type { Bilingual, Language } from '../kernel/text.ts';
import type { Variant } from './families.ts';
import type { MessageStep } from './message-model.ts';
import type { BlockKind } from './placeholders.ts';
import { compileTemplate } from './template.ts';
import type { Template, TemplateSource } from './template.ts';

/** A text with the place it is for. */
export type TextFor = { readonly source: TemplateSource; readonly standsFor: MessageStep; readonly variant: Variant; readonly language: Language };

const CHARGES: ReadonlySet<string> = new Set(['amount.interest', 'amount.indemnity', 'amount.charges']);
const AMOUNTS: ReadonlySet<string> = new Set(['amount.total', 'amount.grandTotal']);

/** The words without which a letter is no formal notice (Code civil, art. 1344: the demand must be beyond doubt). */
const NOTICE_WORDS: Readonly<Record<Language, RegExp>> = { fr: /mise en demeure|(?:mettons|mets) en demeure/i, en: /formal notice|formal demand/i };

type Used = { readonly fields: ReadonlySet<string>; readonly blocks: ReadonlySet<BlockKind>; readonly words: string };

function usedIn({ subject, blocks }: Template): Used {
  const parts = [subject, ...blocks.flatMap((block) => (block.kind === 'paragraph' ? block.lines : []))].flat();
  return {
    fields: new Set(parts.flatMap((part) => (part.kind === 'value' ? [part.placeholder.names.en] : []))),
    blocks: new Set(blocks.flatMap((block) => (block.kind === 'paragraph' ? [] : [block.kind]))),
    words: parts.map((part) => (part.kind === 'text' ? part.text : ' ')).join(''),
  };
}

const found = (severity: Problem['severity'], code: string, message: Bilingual): Problem => ({ line: 0, severity, code: `letters.${code}`, message });

/**
 * What is wrong or doubtful in a text: what its syntax refuses; fields that would always be empty in its place, so that no message would ever
 * leave; what a formal notice must say. Errors keep a text from being saved, warnings do not.
 */
export function checkText(of: TextFor): Problem[] {
  const compiled = compileTemplate(of.source);
  if (!compiled.ok) return [...compiled.error];
  const used = usedIn(compiled.value);
  return [...outOfPlace(used, of), ...(of.standsFor === 'formalNotice' ? noticeProblems(used, of.language) : reminderProblems(used, of.standsFor))];
}

function outOfPlace(used: Used, { standsFor, variant }: TextFor): Problem[] {
  const problems: Problem[] = [];
  const charges = used.blocks.has('charges') || [...used.fields].some((field) => CHARGES.has(field));
  if (charges && (standsFor !== 'formalNotice' || variant !== 'standard')) {
    problems.push(found('error', 'chargesOutOfPlace', {
      fr: 'Pénalités et indemnité ne sont réclamées que dans la mise en demeure d’un professionnel : ici ces champs seraient toujours vides et rien ne partirait. Retirez-les.',
      en: 'Penalties and indemnity are claimed only in the formal notice to a business: here these fields would always be empty and nothing would leave. Remove them.',
    }));
  }
  if (used.fields.has('date.deadline') && standsFor !== 'formalNotice') {
    problems.push(found('error', 'deadlineOutOfPlace', {
      fr: 'Seule une mise en demeure a une date limite : {{date.limite}} serait toujours vide et rien ne partirait. Retirez ce champ.',
      en: 'Only a formal notice has a deadline: {{date.deadline}} would always be empty and nothing would leave. Remove this field.',
    }));
  }
  if (standsFor === 'thankYou' && used.blocks.has('payment')) {
    problems.push(found('error', 'paymentInThanks', { fr: 'Un remerciement ne demande pas de payer : retirez {{paiement.bloc}}.', en: 'Thanks ask for no payment: remove {{payment.block}}.' }));
  }
  return problems;
}

const citesDocuments = ({ fields, blocks }: Used): boolean => blocks.has('items') || fields.has('items.documents');
const saysAmount = ({ fields, blocks }: Used): boolean => blocks.has('items') || blocks.has('charges') || [...fields].some((field) => AMOUNTS.has(field));
const saysHowToPay = ({ fields, blocks }: Used): boolean => blocks.has('payment') || fields.has('payment.iban');

function noticeProblems(used: Used, language: Language): Problem[] {
  const problems: Problem[] = [];
  const missing = (code: string, message: Bilingual): void => {
    problems.push(found('error', code, message));
  };
  if (!NOTICE_WORDS[language].test(used.words)) {
    missing('noticeWords', { fr: 'Une mise en demeure doit le dire : écrivez « mise en demeure » ou « nous vous mettons en demeure ».', en: 'A formal notice must say that it is one: write "formal notice".' });
  }
  if (!citesDocuments(used)) missing('noticeDocuments', { fr: 'Une mise en demeure cite les pièces : ajoutez {{postes.tableau}}.', en: 'A formal notice cites the documents: add {{items.table}}.' });
  if (![...used.fields].some((field) => AMOUNTS.has(field))) {
    missing('noticeAmount', { fr: 'Une mise en demeure dit la somme due : ajoutez {{montant.general}} ou {{montant.total}}.', en: 'A formal notice says the sum due: add {{amount.grandTotal}} or {{amount.total}}.' });
  }
  if (!used.fields.has('date.deadline')) {
    missing('noticeDeadline', { fr: 'Une mise en demeure dit jusqu’à quand payer : ajoutez {{date.limite}}.', en: 'A formal notice says until when to pay: add {{date.deadline}}.' });
  }
  if (!saysHowToPay(used)) problems.push(howToPay());
  return problems;
}

function reminderProblems(used: Used, standsFor: MessageStep): Problem[] {
  const problems: Problem[] = [];
  if (!citesDocuments(used)) {
    problems.push(found('warning', 'noDocuments', { fr: 'Le texte ne cite aucune pièce : le client devra la demander. {{postes.tableau}} les montre toutes.', en: 'The text cites no document: the customer will have to ask. {{items.table}} shows them all.' }));
  }
  if (standsFor === 'thankYou') return problems;
  if (!saysAmount(used)) problems.push(found('warning', 'noAmount', { fr: 'Le texte ne dit pas combien : {{montant.total}} le dit.', en: 'The text does not say how much: {{amount.total}} does.' }));
  if (!saysHowToPay(used)) problems.push(howToPay());
  return problems;
}

const howToPay = (): Problem => found('warning', 'noPayment', { fr: 'Le texte ne dit pas comment payer : {{paiement.bloc}} donne IBAN et référence.', en: 'The text does not say how to pay: {{payment.block}} gives IBAN and reference.' });
