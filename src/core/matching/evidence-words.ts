import type { Bilingual } from '../kernel/text.ts';
import { never } from '../kernel/result.ts';
import type { Evidence, EvidenceCode } from './evidence.ts';
import type { NotAutomatic } from './matching.ts';

type Said = { readonly text: (name: string) => string; readonly count: (name: string) => number; readonly amount: Bilingual };
type Sentence = (said: Said) => Bilingual;

/** One reason in a sentence, from what was stored of it. */
export function evidenceWords({ code, facts }: Evidence): Bilingual {
  const text = (name: string): string => String(facts[name] ?? '');
  const amount = { fr: `${text('amount').replace('.', ',')} ${text('currency')}`, en: `${text('amount')} ${text('currency')}` };
  return SENTENCES[code]({ text, count: (name) => Number(facts[name] ?? 0), amount });
}

const s = (count: number): string => (count > 1 ? 's' : '');

/** "avec 2 avoirs ou règlements" after a set of debts, or nothing. */
function withCredits(said: Said): Bilingual {
  const count = said.count('credits');
  return count === 0 ? { fr: '', en: '' } : { fr: `, moins ${count} crédit${s(count)}`, en: `, less ${count} credit${s(count)}` };
}

const SENTENCES: { readonly [C in EvidenceCode]: Sentence } = {
  creditorReference: ({ text }) => ({ fr: `La référence structurée ${text('found').toUpperCase()} désigne ${text('document')}.`, en: `The structured reference ${text('found').toUpperCase()} stands for ${text('document')}.` }),
  endToEndId: ({ text }) => ({ fr: `L'identifiant de bout en bout est celui de ${text('document')}.`, en: `The end-to-end id is that of ${text('document')}.` }),
  documentListed: ({ text }) => ({ fr: `L'avis de paiement cite ${text('document')}.`, en: `The remittance advice lists ${text('document')}.` }),
  documentInText: ({ text }) => ({ fr: `Le libellé cite ${text('document')}.`, en: `The text names ${text('document')}.` }),
  printedReference: ({ text }) => text('document') === ''
    ? { fr: `La référence imprimée ${text('found').toUpperCase()} désigne ces pièces.`, en: `The printed reference ${text('found').toUpperCase()} stands for these documents.` }
    : { fr: `La référence imprimée ${text('found').toUpperCase()} désigne ${text('document')}.`, en: `The printed reference ${text('found').toUpperCase()} stands for ${text('document')}.` },
  documentTail: ({ text }) => ({ fr: `Le libellé porte « ${text('found')} », une partie du numéro ${text('document')}.`, en: `The text has "${text('found')}", a part of the number ${text('document')}.` }),
  documentMistyped: ({ text }) => ({ fr: `Le libellé porte « ${text('found')} », à un caractère près ${text('document')}.`, en: `The text has "${text('found')}", one character away from ${text('document')}.` }),
  creditNoteNamed: ({ text }) => ({ fr: `L'avoir ${text('document')} est cité.`, en: `Credit note ${text('document')} is named.` }),
  accountReference: ({ text }) => ({ fr: `La référence ${text('reference').toUpperCase()} est celle de ce compte client.`, en: `The reference ${text('reference').toUpperCase()} is that of this customer account.` }),
  customerCode: ({ text }) => ({ fr: `Le libellé porte le code client ${text('reference').toUpperCase()}.`, en: `The text has the customer code ${text('reference').toUpperCase()}.` }),
  sirenInText: ({ text }) => ({ fr: `Le libellé porte le SIREN ${text('reference').slice(0, 9)}.`, en: `The text has the company number (SIREN) ${text('reference').slice(0, 9)}.` }),
  knownCustomer: ({ text }) => ({ fr: `Le client est connu : ${text('name')}.`, en: `The customer is known: ${text('name')}.` }),
  lineRule: ({ text }) => ({ fr: `Votre règle « ${text('rule')} » désigne ce client.`, en: `Your rule "${text('rule')}" names this customer.` }),
  iban: ({ text }) => ({ fr: `L'IBAN du payeur (…${text('iban')}) est celui de ce client.`, en: `The payer's IBAN (…${text('iban')}) is this customer's.` }),
  rememberedIban: ({ text, count }) => ({ fr: `Cet IBAN (…${text('iban')}) a déjà payé ${count('times')} fois pour ce client.`, en: `This IBAN (…${text('iban')}) has paid for this customer ${count('times')} time${s(count('times'))} before.` }),
  rememberedLabel: ({ text, count }) => ({ fr: `Ce payeur (« ${text('label')} ») a déjà payé ${count('times')} fois pour ce client.`, en: `This payer ("${text('label')}") has paid for this customer ${count('times')} time${s(count('times'))} before.` }),
  sharedIban: ({ text }) => ({ fr: `L'IBAN du payeur (…${text('iban')}) sert à plusieurs clients : il n'en désigne aucun avec certitude.`, en: `The payer's IBAN (…${text('iban')}) is used for several customers: it points to none for certain.` }),
  sharedLabel: ({ text }) => ({ fr: `Ce payeur (« ${text('label')} ») a payé pour plusieurs clients : il n'en désigne aucun avec certitude.`, en: `This payer ("${text('label')}") has paid for several customers: it points to none for certain.` }),
  payerName: ({ text }) => ({ fr: `Le nom du payeur est celui de ${text('name')}.`, en: `The payer's name is that of ${text('name')}.` }),
  nameInText: ({ text }) => ({ fr: `Le libellé contient le nom ${text('name')}.`, en: `The text contains the name ${text('name')}.` }),
  groupPays: ({ count }) => ({ fr: `Les ${count('customers')} clients de ce groupe paient les uns pour les autres.`, en: `The ${count('customers')} customers of this group pay for one another.` }),
  payerDiffers: ({ text }) => ({ fr: `Le payeur connu est un autre client : ${text('name')}.`, en: `The known payer is another customer: ${text('name')}.` }),
  refusedBefore: () => ({ fr: 'Ce rapprochement a été refusé pour ce payeur.', en: 'This customer was refused for this payer before.' }),
  severalCustomers: ({ count }) => ({ fr: `Les pièces citées sont de ${count('count')} clients différents.`, en: `The documents named belong to ${count('count')} different customers.` }),
  amountOfOne: ({ text }) => text('document') === ''
    ? { fr: 'Le montant correspond à un seul poste ouvert.', en: 'The amount corresponds to one open item.' }
    : { fr: `Le montant correspond à ${text('document')}.`, en: `The amount corresponds to ${text('document')}.` },
  amountOfNamed: ({ count, amount }) => count('count') > 1
    ? { fr: `Le montant, ${amount.fr}, est celui des ${count('count')} pièces citées.`, en: `The amount, ${amount.en}, is that of the ${count('count')} documents named.` }
    : { fr: `Le montant, ${amount.fr}, est celui de la pièce citée.`, en: `The amount, ${amount.en}, is that of the document named.` },
  allOpen: (said) => ({ fr: `Tout ce que le client doit (${said.count('count')} poste${s(said.count('count'))})${withCredits(said).fr}.`, en: `Everything the customer owes (${said.count('count')} item${s(said.count('count'))})${withCredits(said).en}.` }),
  allDue: (said) => ({ fr: `Tout ce qui est échu (${said.count('count')} postes)${withCredits(said).fr}.`, en: `Everything due (${said.count('count')} items)${withCredits(said).en}.` }),
  allDueExcept: (said) => ({ fr: `Tout ce qui est échu sauf ${said.text('without')} (${said.count('count')} postes)${withCredits(said).fr}.`, en: `Everything due but ${said.text('without')} (${said.count('count')} items)${withCredits(said).en}.` }),
  monthIssued: (said) => ({ fr: `Toutes les factures de ${said.text('month')} (${said.count('count')} postes)${withCredits(said).fr}.`, en: `All invoices of ${said.text('month')} (${said.count('count')} items)${withCredits(said).en}.` }),
  sameDueDay: (said) => ({ fr: `Tout ce qui échoit le ${said.text('dueOn')} (${said.count('count')} postes)${withCredits(said).fr}.`, en: `Everything due on ${said.text('dueOn')} (${said.count('count')} items)${withCredits(said).en}.` }),
  stretch: (said) => ({ fr: `${said.count('count')} postes qui se suivent, de ${said.text('from')} à ${said.text('to')}${withCredits(said).fr}.`, en: `${said.count('count')} items in a row, from ${said.text('from')} to ${said.text('to')}${withCredits(said).en}.` }),
  sumOfSome: (said) => ({ fr: `La somme de ${said.count('count')} postes sur ${said.count('of')}${withCredits(said).fr} fait le montant.`, en: `The sum of ${said.count('count')} items of ${said.count('of')}${withCredits(said).en} makes the amount.` }),
  namedAndOthers: ({ text, count, amount }) => count('count') > 1
    ? { fr: `Ce qui dépasse, ${amount.fr}, correspond à ${text('document')}, qui ne sont pas citées.`, en: `What is over, ${amount.en}, corresponds to ${text('document')}, which are not named.` }
    : { fr: `Ce qui dépasse, ${amount.fr}, correspond à ${text('document')}, qui n'est pas cité.`, en: `What is over, ${amount.en}, corresponds to ${text('document')}, which is not named.` },
  someOfNamed: ({ count }) => ({ fr: `Le montant est celui de ${count('count')} des ${count('named')} pièces citées, entières ou par échéance.`, en: `The amount is that of ${count('count')} of the ${count('named')} documents named, whole or by instalment.` }),
  creditsTakenIn: ({ count, amount }) => ({ fr: `${count('count')} crédit${s(count('count'))} déduit${s(count('count'))} : ${amount.fr}.`, en: `${count('count')} credit${s(count('count'))} deducted: ${amount.en}.` }),
  discountTaken: ({ text, amount }) => ({ fr: `Escompte de ${amount.fr} déduit, offert jusqu'au ${text('until')}.`, en: `Early-payment discount of ${amount.en} taken, offered until ${text('until')}.` }),
  shortBy: ({ text, amount }) => text('reason') === 'rounding'
    ? { fr: `Il manque ${amount.fr} : un arrondi.`, en: `${amount.en} is missing: a rounding.` }
    : { fr: `Il manque ${amount.fr} : des frais bancaires sans doute.`, en: `${amount.en} is missing: probably bank fees.` },
  excess: ({ amount }) => ({ fr: `${amount.fr} de trop : cela reste un crédit du client.`, en: `${amount.en} too much: it stays a credit of the customer.` }),
  partPayment: ({ amount }) => ({ fr: `Paiement partiel : ${amount.fr} étaient dus.`, en: `Part payment: ${amount.en} was owed.` }),
  oldestFirst: ({ count }) => ({ fr: `Rien n'explique le montant : les ${count('count')} postes les plus anciens d'abord.`, en: `Nothing explains the amount: the ${count('count')} oldest items first.` }),
  customerOnly: ({ amount }) => ({ fr: `Laisser ${amount.fr} en crédit du client, sans lettrage.`, en: `Leave ${amount.en} as a credit of the customer, not allocated.` }),
  amountAlone: ({ count }) => count('others') === 0
    ? { fr: 'Le montant est le seul indice, et il ne convient qu\'ici.', en: 'The amount is the only sign, and it fits nowhere else.' }
    : { fr: `Le montant est le seul indice, et il convient aussi ${count('others')} autre${s(count('others'))} fois.`, en: `The amount is the only sign, and it fits in ${count('others')} other place${s(count('others'))} too.` },
  ledgerReceipt: ({ text, count }) => ({ fr: `Le grand livre porte déjà cet encaissement${text('label') === '' ? '' : ` (« ${text('label')} »)`}, à ${count('days')} jour${s(count('days'))} près : il n'est compté qu'une fois.`, en: `The ledger has this receipt already${text('label') === '' ? '' : ` ("${text('label')}")`}, ${count('days')} day${s(count('days'))} apart: it is counted once.` }),
  severalWays: () => ({ fr: 'D\'autres postes conviendraient aussi bien.', en: 'Other items would fit as well.' }),
  otherCurrency: ({ text, amount }) => ({ fr: `${text('document') === '' ? 'Un poste' : text('document')} est en ${text('currency')} (${amount.fr}) : une autre devise n'est jamais rapprochée d'elle-même.`, en: `${text('document') === '' ? 'An item' : text('document')} is in ${text('currency')} (${amount.en}): another currency is never matched.` }),
};

/** Why an amount waits for a person, in a sentence. */
export function whyWords(why: NotAutomatic): Bilingual {
  switch (why) {
    case 'notReceived': return { fr: 'Ce n\'est pas de l\'argent reçu.', en: 'This is no money received.' };
    case 'ignoredByRule': return { fr: 'Une de vos règles laisse cette ligne de côté.', en: 'One of your rules leaves this line aside.' };
    case 'noCandidate': return { fr: 'Ni le payeur ni le montant ne correspondent à un client : choisissez-le.', en: 'Neither the payer nor the amount corresponds to a customer: choose one.' };
    case 'otherCurrency': return { fr: 'Les pièces qui correspondent sont dans une autre devise.', en: 'The documents that correspond are in another currency.' };
    case 'rulePropose': return { fr: 'Une de vos règles demande une confirmation pour cette ligne.', en: 'One of your rules asks for a confirmation of this line.' };
    case 'equalCandidates': return { fr: 'Deux rapprochements conviennent aussi bien l\'un que l\'autre : choisissez.', en: 'Two matches fit equally well: choose one.' };
    case 'noTextEvidence': return { fr: 'Le libellé ne cite aucune pièce : le montant et le payeur seuls ne suffisent pas.', en: 'The text names no document: the amount and the payer alone are not enough.' };
    case 'mistyped': return { fr: 'Le numéro cité n\'est pas tout à fait celui de la pièce : vérifiez.', en: 'The number given is not quite that of the document: check it.' };
    case 'payerDiffers': return { fr: 'Le payeur connu n\'est pas le client dont les pièces sont citées : vérifiez.', en: 'The known payer is not the customer whose documents are named: check it.' };
    case 'severalCustomers': return { fr: 'Les pièces citées sont de plusieurs clients : vérifiez.', en: 'The documents named belong to several customers: check them.' };
    case 'someOfNamed': return { fr: 'Le montant ne paie qu\'une partie des pièces citées : vérifiez lesquelles.', en: 'The amount pays only some of the documents named: check which.' };
    case 'notNamed': return { fr: 'Le montant s\'explique avec une pièce qui n\'est pas citée : vérifiez.', en: 'The amount is explained with a document that is not named: check it.' };
    case 'amountNotExplained': return { fr: 'Le montant ne correspond pas aux pièces citées : dites lesquelles sont payées.', en: 'The amount does not correspond to the documents named: say which are paid.' };
    case 'partPaymentRule': return { fr: 'Votre réglage demande une confirmation pour les paiements partiels.', en: 'Your setting asks for a confirmation of part payments.' };
    case 'writeOffRule': return { fr: 'Votre réglage demande une confirmation avant d\'abandonner un écart.', en: 'Your setting asks for a confirmation before a difference is written off.' };
    case 'belowThreshold': return { fr: 'La confiance est au-dessous du seuil que vous avez choisi.', en: 'The confidence is below the threshold you chose.' };
    default: return never(why);
  }
}
