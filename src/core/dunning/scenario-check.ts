import type { Problem } from '../kernel/problem.ts';
import { CHANNELS, CONTACT_ROLES, TONES } from './scenario.ts';
import type { ScenarioVersion, Step } from './scenario.ts';

/** More steps than this is harassment, and no screen shows them. */
export const STEPS_MAX = 20;
/** A notice a quarter before the due date reminds nobody of anything. */
export const NOTICE_DAYS_MAX = 90;
/** Five years: the limitation of commercial debts (C. com. L110-4); later steps could not be enforced. */
export const OFFSET_DAYS_MAX = 1825;
/** A gap or a grace longer than a year is a mistake of unit. */
export const GAP_DAYS_MAX = 366;
/** Names and codes must fit a column of a list. */
export const NAME_LENGTH_MAX = 80;

const CODE_TEXT = /^[a-z][a-z0-9-]{0,39}$/;

/** What is wrong or doubtful in a scenario; `line` is the step's place (1 is the first), 0 for the scenario. No error means it can be used. */
export function checkScenario(scenario: ScenarioVersion): Problem[] {
  const { steps } = scenario;
  const found = checkHead(scenario);
  steps.forEach((step, index) => {
    found.push(...checkStep(step, index + 1), ...checkOrder(step, { place: index + 1, before: steps[index - 1] }));
  });
  if (steps.length > 0 && steps.every(({ offsetDays }) => offsetDays <= 0)) {
    found.push(warning(0, 'nothingAfterDue', {
      fr: 'Ce scénario ne relance jamais après l’échéance : toutes ses étapes sont avant. Ajoutez une étape à J+7 par exemple.',
      en: 'This scenario never chases once an item is late: all its steps come before. Add one at day +7 for instance.',
    }));
  }
  return found;
}

type Sentence = Problem['message'];
const error = (line: number, name: string, message: Sentence): Problem => ({ line, severity: 'error', code: `dunning.${name}`, message });
const warning = (line: number, name: string, message: Sentence): Problem => ({ line, severity: 'warning', code: `dunning.${name}`, message });

function checkHead(scenario: ScenarioVersion): Problem[] {
  const found: Problem[] = [];
  if (!CODE_TEXT.test(scenario.code)) {
    found.push(error(0, 'code', {
      fr: `Le code « ${scenario.code} » n’est pas valable : une minuscule, puis des minuscules, chiffres ou tirets, 40 caractères au plus.`,
      en: `Code "${scenario.code}" is not valid: a lower-case letter, then lower-case letters, digits or dashes, 40 characters at most.`,
    }));
  }
  if (scenario.name.trim() === '' || scenario.name.length > NAME_LENGTH_MAX) {
    found.push(error(0, 'name', {
      fr: `Donnez au scénario un nom de 1 à ${NAME_LENGTH_MAX} caractères.`,
      en: `Give the scenario a name of 1 to ${NAME_LENGTH_MAX} characters.`,
    }));
  }
  if (!isWhole(scenario.version, 1, Number.MAX_SAFE_INTEGER)) {
    found.push(error(0, 'version', {
      fr: 'Le numéro de version doit être un nombre entier, 1 pour la première.',
      en: 'The version must be a whole number, 1 for the first.',
    }));
  }
  if (!isWhole(scenario.graceDays, 0, GAP_DAYS_MAX)) {
    found.push(error(0, 'grace', {
      fr: `La tolérance après l’échéance doit être un nombre entier de jours, de 0 à ${GAP_DAYS_MAX}.`,
      en: `The grace after the due date must be a whole number of days, from 0 to ${GAP_DAYS_MAX}.`,
    }));
  }
  return [...found, ...checkMinimums(scenario), ...checkStepCount(scenario)];
}

function checkMinimums(scenario: ScenarioVersion): Problem[] {
  const minimums = [scenario.minimumAmount, ...(scenario.otherMinimumAmounts ?? [])];
  const found: Problem[] = [];
  if (minimums.some(({ minor }) => minor < 0n)) {
    found.push(error(0, 'minimum', {
      fr: 'Le montant minimum ne peut pas être négatif ; mettez 0 pour relancer toute somme.',
      en: 'The minimum amount cannot be negative; use 0 to chase any amount.',
    }));
  }
  const currencies = minimums.map(({ currency }) => currency);
  const twice = currencies.find((currency, index) => currencies.indexOf(currency) !== index);
  if (twice !== undefined) {
    found.push(error(0, 'minimumTwice', {
      fr: `Deux montants minimums sont donnés en ${twice} : gardez-en un.`,
      en: `Two minimum amounts are given in ${twice}: keep one.`,
    }));
  }
  return found;
}

function checkStepCount(scenario: ScenarioVersion): Problem[] {
  const { length } = scenario.steps;
  if (length >= 1 && length <= STEPS_MAX) return [];
  return [error(0, 'stepCount', {
    fr: `Un scénario a de 1 à ${STEPS_MAX} étapes ; celui-ci en a ${length}.`,
    en: `A scenario has 1 to ${STEPS_MAX} steps; this one has ${length}.`,
  })];
}

const isWhole = (value: number, low: number, high: number): boolean => Number.isInteger(value) && value >= low && value <= high;

function checkStep(step: Step, place: number): Problem[] {
  const found: Problem[] = [];
  if (!isWhole(step.offsetDays, -NOTICE_DAYS_MAX, OFFSET_DAYS_MAX)) {
    found.push(error(place, 'offset', {
      fr: `Étape ${place} : le jour doit être un nombre entier entre J-${NOTICE_DAYS_MAX} et J+${OFFSET_DAYS_MAX}.`,
      en: `Step ${place}: the day must be a whole number from day -${NOTICE_DAYS_MAX} to day +${OFFSET_DAYS_MAX}.`,
    }));
  }
  if (!isWhole(step.minimumGapDays, 0, GAP_DAYS_MAX)) {
    found.push(error(place, 'gap', {
      fr: `Étape ${place} : le délai minimum après l’étape précédente doit être un nombre entier de jours, de 0 à ${GAP_DAYS_MAX}.`,
      en: `Step ${place}: the minimum gap after the step before must be a whole number of days, from 0 to ${GAP_DAYS_MAX}.`,
    }));
  }
  if (step.contactRoles.length === 0 && step.channel !== 'letter' && step.channel !== 'registeredLetter') {
    found.push(error(place, 'noRole', {
      fr: `Étape ${place} : indiquez au moins un rôle de contact à qui écrire, la comptabilité fournisseurs par exemple.`,
      en: `Step ${place}: name at least one contact role to write to, accounts payable for instance.`,
    }));
  }
  if (step.fallbackChannel === step.channel) {
    found.push(error(place, 'fallback', {
      fr: `Étape ${place} : le canal de secours est le même que le canal principal. Choisissez-en un autre, ou aucun.`,
      en: `Step ${place}: the fallback channel is the main one. Choose another, or none.`,
    }));
  }
  if (step.template.trim() === '') {
    found.push(error(place, 'template', { fr: `Étape ${place} : choisissez un modèle de texte.`, en: `Step ${place}: choose a text template.` }));
  }
  return [...found, ...checkWords(step, place), ...checkFormalNotice(step, place)];
}

/** Values that come from outside (a file, the API) may be none of those the types allow. */
function checkWords(step: Step, place: number): Problem[] {
  const known = (words: readonly string[], word: string): boolean => words.includes(word);
  const wrong = [
    known(CHANNELS, step.channel) ? null : step.channel,
    step.fallbackChannel === undefined || known(CHANNELS, step.fallbackChannel) ? null : step.fallbackChannel,
    known(TONES, step.tone) ? null : step.tone,
    ...step.contactRoles.map((role) => (known(CONTACT_ROLES, role) ? null : role)),
  ].filter((word) => word !== null);
  return wrong.map((word) => error(place, 'word', {
    fr: `Étape ${place} : « ${word} » n’est ni un canal, ni un ton, ni un rôle connu à cet endroit.`,
    en: `Step ${place}: "${word}" is not a channel, tone or role known here.`,
  }));
}

function checkFormalNotice(step: Step, place: number): Problem[] {
  if (!step.formalNotice) return [];
  const found: Problem[] = [];
  if (step.offsetDays <= 0) {
    found.push(error(place, 'formalNoticeEarly', {
      fr: `Étape ${place} : une mise en demeure ne peut pas partir avant l’échéance.`,
      en: `Step ${place}: a formal notice cannot go out before the due date.`,
    }));
  }
  if (step.channel === 'sms' || step.channel === 'call') {
    found.push(error(place, 'formalNoticeChannel', {
      fr: `Étape ${place} : une mise en demeure doit être écrite et se prouver ; choisissez la lettre recommandée, la lettre ou l’e-mail.`,
      en: `Step ${place}: a formal notice must be in writing and provable; choose registered letter, letter or e-mail.`,
    }));
  } else if (step.channel !== 'registeredLetter') {
    found.push(warning(place, 'formalNoticeProof', {
      fr: `Étape ${place} : sans lettre recommandée, la réception de la mise en demeure sera difficile à prouver (C. civ. 1344).`,
      en: `Step ${place}: without a registered letter, receipt of the formal notice will be hard to prove (French civil code, 1344).`,
    }));
  }
  return found;
}

function checkOrder(step: Step, where: { place: number; before: Step | undefined }): Problem[] {
  const { place, before } = where;
  const found: Problem[] = [];
  if (step.number !== place) {
    found.push(error(place, 'number', {
      fr: `L’étape à la place ${place} porte le numéro ${step.number} : les étapes se numérotent 1, 2, 3…`,
      en: `The step in place ${place} has number ${step.number}: steps are numbered 1, 2, 3…`,
    }));
  }
  if (before !== undefined && step.offsetDays <= before.offsetDays) {
    found.push(error(place, 'order', {
      fr: `Étape ${place} : elle doit venir après la précédente (J${signed(before.offsetDays)}), or elle est à J${signed(step.offsetDays)}.`,
      en: `Step ${place}: it must come after the one before (day ${signed(before.offsetDays)}), but it is at day ${signed(step.offsetDays)}.`,
    }));
  }
  return found;
}

const signed = (days: number): string => (days > 0 ? `+${days}` : days.toString());
