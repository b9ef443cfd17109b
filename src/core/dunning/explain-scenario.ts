import { SEGMENT_NAMES, SEGMENTS } from '../risk/segment.ts';
import type { Bilingual, Language } from '../kernel/text.ts';
import type { ScenarioChoice } from './assignment.ts';
import type { DecisionFacts } from './decision.ts';

const UNMET: { readonly [because: string]: Bilingual } = {
  overdueTotal: { fr: 'le total en retard du compte est hors de ses bornes', en: 'the overdue total of the account is outside its bounds' },
  age: { fr: 'le retard de la pièce est hors de ses bornes', en: 'the lateness of the document is outside its bounds' },
  segment: { fr: 'le profil payeur du client n’est pas le sien', en: 'it is not for this payer profile' },
  language: { fr: 'elle est pour une autre langue', en: 'it is for another language' },
  remindersFirst: { fr: 'une mise en demeure cite des relances, et aucune n’est partie', en: 'a formal notice cites reminders, and none went out' },
};

const ANCHORS: { readonly [anchor: string]: Bilingual } = {
  issueDate: { fr: 'compté depuis la date de facture', en: 'counted from the invoice date' },
  previousStep: { fr: 'compté depuis l’étape précédente', en: 'counted from the step before' },
};

/** Sentences on how the step came to be: steps passed over, what its days are counted from, what chose the scenario. Empty when the facts say nothing of it. */
export function explainScenario(facts: DecisionFacts, language: Language): string {
  const parts = [passed(facts, language), anchor(facts, language), thanksNot(facts, language), chosen(facts, language), tested(facts, language)];
  return parts.filter((part) => part !== '').map((part) => ` ${part}`).join('');
}

function passed(facts: DecisionFacts, language: Language): string {
  const text = facts['passedOver'];
  if (typeof text !== 'string') return '';
  return text.split(', ').map((one) => {
    const [step = '', because = ''] = one.split(' ');
    const why = UNMET[because]?.[language] ?? because;
    return language === 'fr' ? `L’étape ${step} est passée : ${why}.` : `Step ${step} is passed over: ${why}.`;
  }).join(' ');
}

function anchor(facts: DecisionFacts, language: Language): string {
  const known = ANCHORS[String(facts['anchor'] ?? '')];
  if (known === undefined) return '';
  return language === 'fr' ? `Le jour de l’étape est ${known.fr}.` : `The day of the step is ${known.en}.`;
}

function thanksNot(facts: DecisionFacts, language: Language): string {
  const overdue = facts['thanksNot'] === 'overdue';
  if (!overdue && facts['thanksNot'] !== 'dispute') return '';
  if (language === 'fr') return `Pas de remerciement : ${overdue ? 'une autre pièce du client est en retard' : 'un litige est ouvert chez ce client'}.`;
  return `No thanks: ${overdue ? 'another document of the customer is late' : 'the customer has an open dispute'}.`;
}

function chosen(facts: DecisionFacts, language: Language): string {
  const { scenario, scenarioVersion, chosenBy, rule, ruleName } = facts;
  if (chosenBy === undefined) return '';
  const why: Bilingual = chosenBy === 'item' ? { fr: 'choisi par une personne pour cette pièce', en: 'chosen by a person for this document' }
    : chosenBy === 'customer' ? { fr: 'choisi par une personne pour ce client', en: 'chosen by a person for this customer' }
      : chosenBy === 'rule' ? { fr: `choisi par la règle ${rule} « ${ruleName} »${segment(facts, 'fr')}`, en: `chosen by rule ${rule} "${ruleName}"${segment(facts, 'en')}` }
        : { fr: 'celui de la société par défaut', en: 'the default of the company' };
  return language === 'fr' ? `Scénario « ${scenario} » (version ${scenarioVersion}), ${why.fr}.` : `Scenario "${scenario}" (version ${scenarioVersion}), ${why.en}.`;
}

function tested({ arm }: DecisionFacts, language: Language): string {
  if (arm === 'former') return language === 'fr' ? 'Ce client est dans le groupe témoin : il garde le scénario d’avant jusqu’à la fin de la mesure.' : 'This customer is in the control group: it keeps the scenario of before until the test ends.';
  return arm === 'new' ? (language === 'fr' ? 'Ce client reçoit la nouvelle version, comparée à un groupe témoin.' : 'This customer gets the new version, compared with a control group.') : '';
}

function segment(facts: DecisionFacts, language: Language): string {
  const known = SEGMENTS.find((one) => one === facts['segment']);
  if (known === undefined) return '';
  return language === 'fr' ? ` (profil : ${SEGMENT_NAMES[known].fr})` : ` (profile: ${SEGMENT_NAMES[known].en})`;
}

/** What chose a scenario, as a clause: "choisi par la règle 1 « Alpha »". */
export function choiceInWords(choice: ScenarioChoice): Bilingual {
  switch (choice.by) {
    case 'item': return { fr: 'choisi par une personne pour cette pièce', en: 'chosen by a person for this document' };
    case 'customer': return { fr: 'choisi par une personne pour ce client', en: 'chosen by a person for this customer' };
    case 'rule': return { fr: `choisi par la règle ${choice.rule} « ${choice.name} »`, en: `chosen by rule ${choice.rule} "${choice.name}"` };
    case 'default': return { fr: 'celui de la société par défaut', en: 'the default of the company' };
  }
}
