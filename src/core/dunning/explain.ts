import type { Bilingual, Language } from '../kernel/text.ts';
import type { Decision, Reason } from './decision.ts';
import { explainScenario } from './explain-scenario.ts';
import { amountInWords, dayInWords } from './formats.ts';
import type { Channel } from './scenario.ts';

/** What a sentence needs of a decision: it can be written again years later from what was stored. */
export type Explained = Pick<Decision, 'document' | 'reason' | 'step' | 'until' | 'facts'>;

/** Facts of one decision, read for a sentence in one language. */
type Said = {
  /** "F-12 (1 234,50 €, échue le 1er mars 2026)". */
  readonly item: string;
  readonly step: number;
  readonly text: (name: string) => string;
  readonly number: (name: string) => number;
  readonly is: (name: string, value?: string) => boolean;
  readonly has: (name: string) => boolean;
  readonly amount: (name: string, currency?: string) => string;
  readonly day: (name: string) => string;
  /** The day the wait ends, or null. */
  readonly until: string | null;
};

/** Why an item is chased or not, in a sentence of the user's language with its amounts, days and steps. */
export function explainDecision(decision: Explained, language: Language): string {
  return `${SENTENCES[decision.reason][language](saying(decision, language))}${explainScenario(decision.facts, language)}`;
}

/** The same sentence in both languages. */
export const explanation = (decision: Explained): Bilingual => ({
  fr: explainDecision(decision, 'fr'),
  en: explainDecision(decision, 'en'),
});

function saying(decision: Explained, language: Language): Said {
  const { facts, until } = decision;
  const text = (name: string): string => String(facts[name] ?? '');
  const amount = (name: string, currency = text('currency')): string => amountInWords(text(name), currency, language);
  const day = (name: string): string => dayInWords(text(name), language);
  const late = Number(facts['daysLate'] ?? 0);
  const due = language === 'fr' ? `${late > 0 ? 'échue' : 'à échéance'} le ${day('dueOn')}` : `due on ${day('dueOn')}`;
  return {
    item: `${decision.document} (${amount('open')}, ${due})`,
    step: decision.step ?? 0,
    text,
    number: (name) => Number(facts[name] ?? 0),
    is: (name, value) => (value === undefined ? facts[name] === true : facts[name] === value),
    has: (name) => facts[name] !== undefined,
    amount,
    day,
    until: until === null ? null : dayInWords(until, language),
  };
}

/** Channels as sentences name them. */
export const CHANNEL_NAMES: { readonly [C in Channel]: Bilingual } = {
  email: { fr: 'e-mail', en: 'e-mail' },
  letter: { fr: 'lettre', en: 'letter' },
  registeredLetter: { fr: 'lettre recommandée', en: 'registered letter' },
  sms: { fr: 'SMS', en: 'text message' },
  call: { fr: 'téléphone', en: 'phone' },
  visit: { fr: 'visite', en: 'visit' },
  check: { fr: 'vérification interne', en: 'internal check' },
};

const isChannel = (text: string): text is Channel => Object.hasOwn(CHANNEL_NAMES, text);

const channel = (said: Said, language: Language): string => {
  const name = said.text('channel');
  return isChannel(name) ? CHANNEL_NAMES[name][language] : name;
};

const days = (count: number, language: Language): string => `${count} ${language === 'fr' ? 'jour' : 'day'}${count > 1 ? 's' : ''}`;

function contacts(count: number, language: Language): string {
  const many = count > 1 ? 's' : '';
  return language === 'fr' ? `${count} contact${many} fait${many} ou prévu${many}` : `${count} contact${many} made or planned`;
}

type Sentence = { readonly [L in Language]: (said: Said) => string };

const SENTENCES: { readonly [R in Reason]: Sentence } = {
  paid: {
    fr: ({ text }) => `${text('document')} est entièrement réglée : rien à relancer.`,
    en: ({ text }) => `${text('document')} is fully paid: nothing to chase.`,
  },
  notDue: {
    fr: (said) => `${said.item} n’est pas encore à relancer${graceFr(said)}${said.until === null ? '' : said.is('noticeToCome') ? ` : un rappel avant échéance est prévu le ${said.until}` : ` : elle sera en retard le ${said.until}`}.`,
    en: (said) => `${said.item} is not to be chased yet${graceEn(said)}${said.until === null ? '' : said.is('noticeToCome') ? `: a notice before the due date is planned on ${said.until}` : `: it will be late on ${said.until}`}.`,
  },
  insolvent: {
    fr: (said) => `${said.item} n’est pas relancée : le client est en procédure collective depuis le ${said.day('since')} ; la créance se déclare au mandataire.`,
    en: (said) => `${said.item} is not chased: the customer has been in insolvency proceedings since ${said.day('since')}; the claim is to be filed with the administrator.`,
  },
  legal: {
    fr: ({ item }) => `${item} n’est pas relancée : le client a un dossier contentieux ouvert, qui prend la suite.`,
    en: ({ item }) => `${item} is not chased: the customer has an open legal case, which takes over.`,
  },
  paused: {
    fr: (said) => `${said.item} n’est pas relancée : les relances ${said.is('scope', 'organisation') ? 'de toute l’organisation sont arrêtées' : said.is('scope', 'account') ? 'de ce client sont suspendues' : 'de cette pièce sont suspendues'}${lastDay(said, 'fr')}.`,
    en: (said) => `${said.item} is not chased: dunning of ${said.is('scope', 'organisation') ? 'the whole organisation is stopped' : said.is('scope', 'account') ? 'this customer is paused' : 'this document is paused'}${lastDay(said, 'en')}.`,
  },
  disputed: {
    fr: (said) => `${said.item} n’est pas relancée : elle est en litige depuis le ${said.day('since')}${said.is('creditNoteExpected') ? ', le litige est accepté et l’avoir est attendu' : ''}.`,
    en: (said) => `${said.item} is not chased: it has been disputed since ${said.day('since')}${said.is('creditNoteExpected') ? ', the dispute is accepted and the credit note is expected' : ''}.`,
  },
  planned: {
    fr: (said) => `${said.item} n’est pas relancée : un échéancier la couvre${promisedFor(said, 'fr')}.`,
    en: (said) => `${said.item} is not chased: a payment plan covers it${promisedFor(said, 'en')}.`,
  },
  promised: {
    fr: (said) => `${said.item} n’est pas relancée : le client a promis de payer${promisedFor(said, 'fr')}.`,
    en: (said) => `${said.item} is not chased: the customer promised to pay${promisedFor(said, 'en')}.`,
  },
  paymentPending: {
    fr: (said) => `${said.item} n’est pas relancée : ${PENDING_KINDS.fr(said)} de ${said.amount('pending', said.text('pendingCurrency'))} est en cours jusqu’au ${said.day('lastDay')}.`,
    en: (said) => `${said.item} is not chased: ${PENDING_KINDS.en(said)} of ${said.amount('pending', said.text('pendingCurrency'))} is under way until ${said.day('lastDay')}.`,
  },
  creditCovers: {
    fr: (said) => `${said.item} n’est pas relancée : le client a ${said.amount('credits')} de crédits non lettrés, qui couvrent les ${said.amount('overdueTotal')} à relancer. Lettrez-les d’abord.`,
    en: (said) => `${said.item} is not chased: the customer has ${said.amount('credits')} of unallocated credits, which cover the ${said.amount('overdueTotal')} to be chased. Allocate them first.`,
  },
  belowMinimum: {
    fr: (said) => `${said.item} n’est pas relancée : le client doit ${said.amount('overdueTotal')} en retard, moins que le minimum de ${said.amount('minimum')} du scénario.`,
    en: (said) => `${said.item} is not chased: the customer owes ${said.amount('overdueTotal')} overdue, below the scenario's minimum of ${said.amount('minimum')}.`,
  },
  stepDone: { fr: stepDoneFr, en: stepDoneEn },
  noContact: {
    fr: (said) => `${said.item} devait recevoir l’étape ${said.step}, mais aucun contact ayant le bon rôle ne peut être joint par ${channel(said, 'fr')}. Complétez les contacts du client.`,
    en: (said) => `${said.item} was to get step ${said.step}, but no contact with the right role can be reached by ${channel(said, 'en')}. Complete the customer's contacts.`,
  },
  channelRefused: {
    fr: (said) => `${said.item} devait recevoir l’étape ${said.step} par ${channel(said, 'fr')}, mais ${said.is('bounced') ? 'l’adresse ne fonctionne plus' : 'le contact a refusé ce canal'}. Corrigez le contact ou donnez à l’étape un canal de secours.`,
    en: (said) => `${said.item} was to get step ${said.step} by ${channel(said, 'en')}, but ${said.is('bounced') ? 'the address no longer works' : 'the contact refused this channel'}. Correct the contact or give the step a fallback channel.`,
  },
  capReached: {
    fr: (said) => `${said.item} attend${said.until === null ? '' : ` jusqu’au ${said.until}`} : ${said.is('sameDay') ? 'un message part déjà à ce client aujourd’hui' : `le client a déjà ${contacts(said.number('contacts'), 'fr')}, pour un maximum de ${said.number('contactsMax')} en ${days(said.number('windowDays'), 'fr')}`}.`,
    en: (said) => `${said.item} waits${said.until === null ? '' : ` until ${said.until}`}: ${said.is('sameDay') ? 'a message already goes to this customer today' : `the customer already has ${contacts(said.number('contacts'), 'en')}, for at most ${said.number('contactsMax')} in ${days(said.number('windowDays'), 'en')}`}.`,
  },
  closedDay: {
    fr: (said) => `${said.item} : l’étape ${said.step} attend le ${said.until ?? ''}, car c’est aujourd’hui ${CLOSED.fr[said.text('because')] ?? 'un jour fermé'}.`,
    en: (said) => `${said.item}: step ${said.step} waits for ${said.until ?? ''}, because today is ${CLOSED.en[said.text('because')] ?? 'a closed day'}.`,
  },
  ledgerStale: {
    fr: (said) => `Aucune relance ne part, ${said.item} comprise : ${said.is('source', 'bank') ? 'les relevés bancaires n’ont' : 'le grand livre client n’a'} pas été ${said.is('source', 'bank') ? 'importés' : 'importé'} ${said.has('ageDays') ? `depuis ${ouvres(said.number('ageDays'))}` : 'une seule fois'}, pour une limite de ${ouvres(said.number('limitDays'))}. Importez le fichier du jour.`,
    en: (said) => `Nothing goes out, ${said.item} included: the ${said.is('source', 'bank') ? 'bank statements were' : 'customer ledger was'} ${said.has('ageDays') ? `last imported ${said.number('ageDays')} working ${plural(said.number('ageDays'))} ago` : 'never imported'}, for a limit of ${said.number('limitDays')}. Import today's file.`,
  },
  awaitingApproval: {
    fr: (said) => `${said.item} : l’action ${said.text('actionId')} (étape ${said.number('pendingStep')}) ${STATES.fr[said.text('state')] ?? 'est en attente'} ; rien d’autre n’est proposé d’ici là.`,
    en: (said) => `${said.item}: action ${said.text('actionId')} (step ${said.number('pendingStep')}) ${STATES.en[said.text('state')] ?? 'is waiting'}; nothing else is proposed meanwhile.`,
  },
  stepDue: { fr: stepDueFr, en: stepDueEn },
  thankYou: {
    fr: (said) => `${said.text('document')} est entièrement réglée depuis le ${said.day('settledOn')} : remerciement par ${channel(said, 'fr')}.`,
    en: (said) => `${said.text('document')} was fully paid on ${said.day('settledOn')}: thanks by ${channel(said, 'en')}.`,
  },
};

const graceFr = (said: Said): string => (said.number('graceDays') > 0 && said.number('daysLate') > 0 ? ` (tolérance de ${days(said.number('graceDays'), 'fr')})` : '');
const graceEn = (said: Said): string => (said.number('graceDays') > 0 && said.number('daysLate') > 0 ? ` (grace of ${days(said.number('graceDays'), 'en')})` : '');

const lastDay = (said: Said, language: Language): string =>
  said.has('lastDay') ? (language === 'fr' ? ` jusqu’au ${said.day('lastDay')} inclus` : ` until ${said.day('lastDay')} included`) : '';

function promisedFor(said: Said, language: Language): string {
  if (!said.has('promisedFor')) return '';
  const grace = said.number('graceDays');
  const on = said.day('promisedFor');
  if (language === 'fr') return ` pour le ${on}${grace > 0 ? `, avec ${grace} jour${grace > 1 ? 's' : ''} ouvré${grace > 1 ? 's' : ''} de tolérance` : ''}`;
  return ` by ${on}${grace > 0 ? `, with ${grace} working day${grace > 1 ? 's' : ''} of grace` : ''}`;
}

const ouvres = (count: number): string => `${count} jour${count > 1 ? 's' : ''} ouvré${count > 1 ? 's' : ''}`;
const plural = (count: number): string => (count > 1 ? 'days' : 'day');

const PENDING_KINDS: Sentence = {
  fr: (said) => (said.is('kind', 'portal') ? 'un paiement en ligne' : said.is('kind', 'directDebit') ? 'un prélèvement' : 'un virement vu en banque'),
  en: (said) => (said.is('kind', 'portal') ? 'an online payment' : said.is('kind', 'directDebit') ? 'a direct debit' : 'a transfer seen at the bank'),
};

const CLOSED: { readonly [L in Language]: { readonly [because: string]: string } } = {
  fr: { weekend: 'le week-end', publicHoliday: 'férié chez le client', organisation: 'un jour de fermeture de la société' },
  en: { weekend: 'the weekend', publicHoliday: 'a public holiday where the customer is', organisation: 'a closing day of the company' },
};

const STATES: { readonly [L in Language]: { readonly [state: string]: string } } = {
  fr: {
    proposed: 'attend l’approbation d’une personne',
    approved: 'est approuvée et attend son envoi',
    claimed: 'est en cours d’envoi',
    unknown: 'a été remise sans réponse : une personne doit dire si elle est partie',
  },
  en: {
    proposed: 'awaits the approval of a person',
    approved: 'is approved and waits to be sent',
    claimed: 'is being sent',
    unknown: 'was handed over without an answer: a person must say whether it went out',
  },
};

function stepDoneFr(said: Said): string {
  const done = said.has('lastStep') ? `l’étape ${said.number('lastStep')} est faite depuis le ${said.day('lastStepOn')}` : 'aucune étape n’est encore faite';
  if (said.is('scenarioFinished')) return `${said.item} : ${done} et le scénario n’a plus d’étape. Décidez d’une suite (appel, dossier contentieux).`;
  const ofAnother = said.is('nextStepOf', said.text('document')) ? '' : ` de ${said.text('nextStepOf')}, avec laquelle elle est relancée,`;
  return `${said.item} attend : ${done} ; l’étape ${said.number('nextStep')}${ofAnother} vient le ${said.day('nextStepOn')}.`;
}

function stepDoneEn(said: Said): string {
  const done = said.has('lastStep') ? `step ${said.number('lastStep')} was done on ${said.day('lastStepOn')}` : 'no step was done yet';
  if (said.is('scenarioFinished')) return `${said.item}: ${done} and the scenario has no step left. Decide what comes next (a call, a legal case).`;
  const ofAnother = said.is('nextStepOf', said.text('document')) ? '' : ` of ${said.text('nextStepOf')}, with which it is chased,`;
  return `${said.item} waits: ${done}; step ${said.number('nextStep')}${ofAnother} comes on ${said.day('nextStepOn')}.`;
}

function stepDueFr(said: Said): string {
  const late = said.number('daysLate');
  const age = late > 0 ? `en retard de ${days(late, 'fr')}` : late === 0 ? 'due aujourd’hui' : `due dans ${days(-late, 'fr')}`;
  const what = said.is('formalNotice') ? 'mise en demeure' : `étape ${said.step}`;
  const broken = said.is('firmer') ? ', plus ferme car un engagement n’a pas été tenu' : '';
  const approval = said.is('needsApproval') ? ', à approuver avant envoi' : '';
  const list = said.number('listedItems');
  const total = list > 1 ? ` Le message cite ${list} pièces, ${said.amount('total')} en tout.` : '';
  return `${said.item} est ${age} : ${what} par ${channel(said, 'fr')}, ${said.amount('asked')} demandés${broken}${approval}.${total}`;
}

function stepDueEn(said: Said): string {
  const late = said.number('daysLate');
  const age = late > 0 ? `${days(late, 'en')} late` : late === 0 ? 'due today' : `due in ${days(-late, 'en')}`;
  const what = said.is('formalNotice') ? 'formal notice' : `step ${said.step}`;
  const broken = said.is('firmer') ? ', firmer because a promise was broken' : '';
  const approval = said.is('needsApproval') ? ', to be approved before it goes out' : '';
  const list = said.number('listedItems');
  const total = list > 1 ? ` The message lists ${list} documents, ${said.amount('total')} in all.` : '';
  return `${said.item} is ${age}: ${what} by ${channel(said, 'en')}, asking ${said.amount('asked')}${broken}${approval}.${total}`;
}
