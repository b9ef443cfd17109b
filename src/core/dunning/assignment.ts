import type { Currency } from '../kernel/currency.ts';
import type { Problem } from '../kernel/problem.ts';
import type { Bilingual, Language } from '../kernel/text.ts';
import type { Segment } from '../risk/segment.ts';
import type { CustomerKind } from './facts.ts';
import type { TotalBounds } from './scenario.ts';

/** What a rule asks of a customer: all that is given must hold; a rule that gives nothing is for everybody. */
export type RuleConditions = {
  readonly segments?: readonly Segment[];
  readonly kinds?: readonly CustomerKind[];
  readonly languages?: readonly Language[];
  /** ISO 3166-1 alpha-2. */
  readonly countries?: readonly string[];
  /** Beginnings of the customer's auxiliary account (its code). */
  readonly accountPrefixes?: readonly string[];
  /** Bounds of what is open of the account in a currency, due or not; an account that owes nothing in that currency has 0. */
  readonly openTotals?: readonly TotalBounds[];
};

/** One rule: the customers it is for, and their scenario. */
export type AssignmentRule = { readonly name: string; readonly when: RuleConditions; readonly scenario: string };

/** What rules are compared with. */
export type AssignmentSubject = {
  readonly segment: Segment | null;
  readonly kind: CustomerKind;
  readonly language: Language;
  readonly country: string;
  readonly account: string;
  /** Minor units open of the account's debits in a currency. */
  readonly openTotal: (currency: Currency) => bigint;
};

/** What chose a scenario: a person for this item or this customer, a rule by its place (1 is the first) and name, or nothing but the default. */
export type ScenarioChoice =
  | { readonly by: 'item' | 'customer' }
  | { readonly by: 'rule'; readonly rule: number; readonly name: string; readonly rulesVersion: number }
  | { readonly by: 'default' };

/** The rules in force, in order. */
export type Assignment = { readonly version: number; readonly rules: readonly AssignmentRule[] };

/** Rules nobody can keep in mind chase nobody as meant. */
export const RULES_MAX = 50;
/** A name that fits a line of a list. */
const RULE_NAME_MAX = 80;
/** Prefixes and countries of one rule. */
export const RULE_VALUES_MAX = 100;

/** The scenario of a customer: the one a person chose, else that of the first rule that holds, else the default. */
export function chooseScenario(assignment: Assignment, subject: AssignmentSubject, of: { chosen: string | null; standard: string }): { code: string; choice: ScenarioChoice } {
  if (of.chosen !== null) return { code: of.chosen, choice: { by: 'customer' } };
  for (const [index, rule] of assignment.rules.entries()) {
    if (!holds(rule.when, subject)) continue;
    return { code: rule.scenario, choice: { by: 'rule', rule: index + 1, name: rule.name, rulesVersion: assignment.version } };
  }
  return { code: of.standard, choice: { by: 'default' } };
}

const among = <Value>(values: readonly Value[] | undefined, value: Value | null): boolean => values === undefined || (value !== null && values.includes(value));

function holds(when: RuleConditions, subject: AssignmentSubject): boolean {
  if (!among(when.segments, subject.segment) || !among(when.kinds, subject.kind)) return false;
  if (!among(when.languages, subject.language) || !among(when.countries, subject.country)) return false;
  if (when.accountPrefixes !== undefined && !when.accountPrefixes.some((prefix) => subject.account.startsWith(prefix))) return false;
  return (when.openTotals ?? []).every((bounds) => within(bounds, subject));
}

function within({ from, below }: TotalBounds, { openTotal }: AssignmentSubject): boolean {
  if (from !== null && openTotal(from.currency) < from.minor) return false;
  return below === null || openTotal(below.currency) < below.minor;
}

/** What is wrong or doubtful in rules; `line` is the place of the rule, 1 the first. */
export function checkAssignment(rules: readonly AssignmentRule[], scenarios: ReadonlySet<string>): Problem[] {
  const found: Problem[] = [];
  const error = (line: number, code: string, message: Bilingual): void => void found.push({ line, severity: 'error', code: `dunning.${code}`, message });
  if (rules.length > RULES_MAX) {
    error(0, 'rulesMax', { fr: `Au plus ${RULES_MAX} règles : regroupez-les.`, en: `At most ${RULES_MAX} rules: merge some.` });
  }
  let everybody: number | null = null;
  for (const [index, { name, scenario, when }] of rules.entries()) {
    const place = index + 1;
    if (name.trim() === '' || name.length > RULE_NAME_MAX) {
      error(place, 'ruleName', { fr: `Règle ${place} : donnez-lui un nom de 1 à ${RULE_NAME_MAX} caractères.`, en: `Rule ${place}: give it a name of 1 to ${RULE_NAME_MAX} characters.` });
    }
    if (!scenarios.has(scenario)) {
      error(place, 'ruleScenario', { fr: `Règle ${place} : le scénario « ${scenario} » n’existe pas ou est retiré. Choisissez-en un de la liste.`, en: `Rule ${place}: scenario "${scenario}" does not exist or is retired. Choose one of the list.` });
    }
    if (Object.values(when).some((values) => values.length === 0)) {
      error(place, 'ruleEmpty', { fr: `Règle ${place} : un critère est vide et ne serait jamais rempli. Donnez-lui une valeur ou retirez-le.`, en: `Rule ${place}: a criterion is empty and could never hold. Give it a value or remove it.` });
    }
    for (const problem of boundsProblems(when.openTotals ?? [])) error(place, 'ruleBounds', { fr: `Règle ${place} : ${problem.fr}`, en: `Rule ${place}: ${problem.en}` });
    if (everybody !== null) {
      found.push({ line: place, severity: 'warning', code: 'dunning.ruleNever', message: { fr: `Règle ${place} : jamais atteinte, car la règle ${everybody} prend déjà tout le monde. Placez-la avant.`, en: `Rule ${place}: never reached, as rule ${everybody} already takes everybody. Put it before.` } });
    }
    if (Object.keys(when).length === 0) everybody ??= place;
  }
  return found;
}

/** Bounds that hold for no amount, or are in two currencies. */
export function boundsProblems(bounds: readonly TotalBounds[]): Bilingual[] {
  const found: Bilingual[] = [];
  for (const { from, below } of bounds) {
    if (from === null && below === null) {
      found.push({ fr: 'indiquez au moins une borne de montant.', en: 'give at least one bound of the amount.' });
    } else if (from !== null && below !== null && from.currency !== below.currency) {
      found.push({ fr: `les deux bornes doivent être dans la même devise (${from.currency} et ${below.currency}).`, en: `both bounds must be in one currency (${from.currency} and ${below.currency}).` });
    } else if ((from !== null && from.minor < 0n) || (below !== null && below.minor <= (from?.minor ?? 0n))) {
      found.push({ fr: 'les bornes de montant doivent être positives, la seconde supérieure à la première.', en: 'the bounds of an amount must be positive, the second above the first.' });
    }
  }
  return found;
}
