import type { Problem } from '../kernel/problem.ts';
import type { Bilingual } from '../kernel/text.ts';
import { boundsProblems } from './assignment.ts';
import { ANCHORS, APPROVALS, CHANNELS, CONTACT_ROLES, isTask, STEP_KINDS, TONES } from './scenario.ts';
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
  found.push(...checkKeys(scenario), ...checkThanks(scenario));
  if (steps.length > 0 && steps.every(({ anchor, offsetDays }) => anchor === 'dueDate' && offsetDays <= 0)) {
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
  if (step.contactRoles.length === 0 && !REACHES_AN_ADDRESS.includes(step.channel)) {
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
  if (step.template.trim() === '' && !(isTask(step.channel) && (step.fallbackChannel === undefined || isTask(step.fallbackChannel)))) {
    found.push(error(place, 'template', { fr: `Étape ${place} : choisissez un modèle de texte.`, en: `Step ${place}: choose a text template.` }));
  }
  return [...found, ...checkWords(step, place), ...checkMeaning(step, place), ...checkConditions(step, place), ...checkFormalNotice(step, place)];
}

/** Values that come from outside (a file, the API) may be none of those the types allow. */
function checkWords(step: Step, place: number): Problem[] {
  const known = (words: readonly string[], word: string): boolean => words.includes(word);
  const wrong = [
    known(CHANNELS, step.channel) ? null : step.channel,
    step.fallbackChannel === undefined || known(CHANNELS, step.fallbackChannel) ? null : step.fallbackChannel,
    known(TONES, step.tone) ? null : step.tone,
    known(ANCHORS, step.anchor) ? null : step.anchor,
    known(STEP_KINDS, step.kind) ? null : step.kind,
    known(APPROVALS, step.approval) ? null : step.approval,
    ...(step.copyRoles ?? []).map((role) => (known(CONTACT_ROLES, role) ? null : role)),
    ...step.contactRoles.map((role) => (known(CONTACT_ROLES, role) ? null : role)),
  ].filter((word) => word !== null);
  return wrong.map((word) => error(place, 'word', {
    fr: `Étape ${place} : « ${word} » n’est pas un mot connu à cet endroit (canal, ton, rôle, repère, nature ou approbation).`,
    en: `Step ${place}: "${word}" is not a word known here (channel, tone, role, anchor, kind or approval).`,
  }));
}

/** A letter goes to the customer's own address, so does a visit; a check asks nobody. */
const REACHES_AN_ADDRESS: readonly string[] = ['letter', 'registeredLetter', 'visit', 'check'];
/** Copies of one message: more people than that do not answer for one account. */
const COPIES_MAX = 3;

/** What the fields of a step say together: kind and channel, anchor and offset, copies. */
function checkMeaning(step: Step, place: number): Problem[] {
  const found: Problem[] = [];
  if ((step.kind === 'task') !== isTask(step.channel)) {
    found.push(error(place, 'kind', {
      fr: `Étape ${place} : un appel, une visite ou une vérification est une tâche ; les autres canaux portent un message. Accordez la nature et le canal.`,
      en: `Step ${place}: a call, a visit or a check is a task; the other channels carry a message. Make kind and channel agree.`,
    }));
  }
  if (step.anchor === 'previousStep' && (place === 1 || step.offsetDays < 1)) {
    found.push(error(place, 'previousStep', {
      fr: `Étape ${place} : comptée depuis l’étape précédente, elle vient au moins un jour après elle et ne peut pas être la première.`,
      en: `Step ${place}: counted from the step before, it comes at least a day after it and cannot be the first.`,
    }));
  }
  if ((step.copyRoles ?? []).length > COPIES_MAX || (isTask(step.channel) && (step.copyRoles ?? []).length > 0)) {
    found.push(error(place, 'copies', {
      fr: `Étape ${place} : au plus ${COPIES_MAX} copies, et aucune pour une tâche.`,
      en: `Step ${place}: at most ${COPIES_MAX} copies, and none of a task.`,
    }));
  }
  return found;
}

function checkConditions(step: Step, place: number): Problem[] {
  const { conditions } = step;
  if (conditions === undefined) return [];
  const said: Bilingual[] = boundsProblems(conditions.overdueTotals ?? []);
  const { ageFrom, ageTo } = conditions;
  const whole = [ageFrom, ageTo].every((age) => age === undefined || isWhole(age, -NOTICE_DAYS_MAX, OFFSET_DAYS_MAX));
  if (!whole || (ageFrom !== undefined && ageTo !== undefined && ageTo < ageFrom)) {
    said.push({ fr: 'le retard de la condition doit être un intervalle de jours entiers, le second jour après le premier.', en: 'the lateness of the condition must be a range of whole days, the second after the first.' });
  }
  const empty = [conditions.segmentsIn, conditions.segmentsOut, conditions.languages, conditions.overdueTotals].some((values) => values?.length === 0);
  if (empty) said.push({ fr: 'une liste de condition est vide ; donnez-lui une valeur ou retirez-la.', en: 'a list of a condition is empty; give it a value or remove it.' });
  return said.map(({ fr, en }) => error(place, 'condition', { fr: `Étape ${place} : ${fr}`, en: `Step ${place}: ${en}` }));
}

function checkKeys({ steps, entry }: ScenarioVersion): Problem[] {
  const found: Problem[] = [];
  const keys = steps.map(({ key }) => key);
  steps.forEach(({ key }, index) => {
    if (CODE_TEXT.test(key) && keys.indexOf(key) === index) return;
    found.push(error(index + 1, 'key', {
      fr: `Étape ${index + 1} : sa clé « ${key} » doit être propre à l’étape (minuscules, chiffres, tirets). Ne reprenez pas celle d’une autre.`,
      en: `Step ${index + 1}: its key "${key}" must be the step's own (lower-case letters, digits, dashes). Do not reuse another's.`,
    }));
  });
  if (typeof entry === 'string') return found;
  const start = steps.find(({ key }) => key === entry.step);
  if (start === undefined || start.formalNotice || (start.anchor === 'dueDate' && start.offsetDays <= 0)) {
    found.push(error(0, 'entry', {
      fr: 'L’étape d’entrée doit être une étape du scénario après l’échéance, et pas la mise en demeure.',
      en: 'The entry step must be a step of the scenario after the due date, and not the formal notice.',
    }));
  }
  return found;
}

function checkThanks({ thankYou }: ScenarioVersion): Problem[] {
  if (thankYou === undefined || thankYou === null) return [];
  if (thankYou.template.trim() !== '' && thankYou.contactRoles.length > 0 && !isTask(thankYou.channel)) return [];
  return [error(0, 'thankYou', {
    fr: 'Le remerciement a besoin d’un modèle, d’un canal de message et d’au moins un rôle de contact.',
    en: 'Thanks need a template, a channel that carries messages and at least one contact role.',
  })];
}

function checkFormalNotice(step: Step, place: number): Problem[] {
  if (!step.formalNotice) return [];
  const found: Problem[] = [];
  if (step.anchor === 'dueDate' && step.offsetDays <= 0) {
    found.push(error(place, 'formalNoticeEarly', {
      fr: `Étape ${place} : une mise en demeure ne peut pas partir avant l’échéance.`,
      en: `Step ${place}: a formal notice cannot go out before the due date.`,
    }));
  }
  if (step.channel === 'sms' || isTask(step.channel)) {
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
  if (before !== undefined && step.anchor === before.anchor && step.anchor !== 'previousStep' && step.offsetDays <= before.offsetDays) {
    found.push(error(place, 'order', {
      fr: `Étape ${place} : elle doit venir après la précédente (J${signed(before.offsetDays)}), or elle est à J${signed(step.offsetDays)}.`,
      en: `Step ${place}: it must come after the one before (day ${signed(before.offsetDays)}), but it is at day ${signed(step.offsetDays)}.`,
    }));
  }
  return found;
}

const signed = (days: number): string => (days > 0 ? `+${days}` : days.toString());
