import type { Bilingual } from '../kernel/text.ts';
import type { ScenarioVersion, Step } from './scenario.ts';
import { amountInWords, APPROVAL_NAMES, CHANNEL_NAMES, conditionsInWords, dayInWords, ROLE_NAMES, templateName, TONE_NAMES } from './scenario-words.ts';

/** What changed from one version of a scenario to another, a sentence each, in the order of the new one; empty when nothing did. */
export function scenarioDiff(before: ScenarioVersion, after: ScenarioVersion): Bilingual[] {
  const found: Bilingual[] = headDiff(before, after);
  for (const step of after.steps) {
    const old = before.steps.find(({ key }) => key === step.key);
    if (old === undefined) found.push({ fr: `Étape ${step.number} ajoutée (${dayInWords(step).fr}).`, en: `Step ${step.number} added (${dayInWords(step).en}).` });
    else found.push(...stepDiff(old, step));
  }
  for (const step of before.steps) {
    if (after.steps.some(({ key }) => key === step.key)) continue;
    found.push({ fr: `Ancienne étape ${step.number} retirée (${dayInWords(step).fr}).`, en: `Former step ${step.number} removed (${dayInWords(step).en}).` });
  }
  return found;
}

const NONE: Bilingual = { fr: 'aucun', en: 'none' };
const same = (text: string): Bilingual => (text === '' ? NONE : { fr: text, en: text });
const listed = (values: readonly Bilingual[], between = ', '): Bilingual =>
  (values.length === 0 ? NONE : { fr: values.map(({ fr }) => fr).join(between), en: values.map(({ en }) => en).join(between) });
const yes = (value: boolean): Bilingual => (value ? { fr: 'oui', en: 'yes' } : { fr: 'non', en: 'no' });

type Field<Of> = { readonly name: Bilingual; readonly value: (of: Of) => Bilingual };
const field = <Of>(fr: string, en: string, value: (of: Of) => Bilingual): Field<Of> => ({ name: { fr, en }, value });

const STEP_FIELDS: readonly Field<Step>[] = [
  field('rang', 'place', ({ number }) => same(String(number))),
  field('jour', 'day', dayInWords),
  field('délai minimum', 'minimum gap', ({ minimumGapDays }) => same(`${minimumGapDays}`)),
  field('canal', 'channel', ({ channel, fallbackChannel }) => channelsOf(channel, fallbackChannel)),
  field('modèle', 'template', ({ template }) => (template === '' ? NONE : templateName(template))),
  field('ton', 'tone', ({ tone }) => TONE_NAMES[tone]),
  field('destinataires', 'recipients', ({ contactRoles }) => listed(contactRoles.map((role) => ROLE_NAMES[role]))),
  field('copies', 'copies', ({ copyRoles }) => listed((copyRoles ?? []).map((role) => ROLE_NAMES[role]))),
  field('approbation', 'approval', ({ approval }) => APPROVAL_NAMES[approval]),
  field('mise en demeure', 'formal notice', ({ formalNotice }) => yes(formalNotice)),
  field('conditions', 'conditions', ({ conditions }) => listed(conditionsInWords(conditions), ' ; ')),
];

const HEAD_FIELDS: readonly Field<ScenarioVersion>[] = [
  field('nom', 'name', ({ name }) => same(name)),
  field('portée', 'scope', ({ scope }) => (scope === 'account' ? { fr: 'compte', en: 'account' } : { fr: 'pièce', en: 'document' })),
  field('entrée des pièces déjà en retard', 'entry of documents already late', entryInWords),
  field('montants minimums', 'minimum amounts', ({ minimumAmount, otherMinimumAmounts }) => listed([minimumAmount, ...(otherMinimumAmounts ?? [])].map(amountInWords))),
  field('tolérance en jours', 'grace in days', ({ graceDays }) => same(String(graceDays))),
  field('remerciement', 'thanks', thanksInWords),
];

function channelsOf(channel: Step['channel'], fallback: Step['channel'] | undefined): Bilingual {
  const [first, second] = [CHANNEL_NAMES[channel], fallback === undefined ? null : CHANNEL_NAMES[fallback]];
  return second === null ? first : { fr: `${first.fr}, sinon ${second.fr}`, en: `${first.en}, else ${second.en}` };
}

function entryInWords({ entry, steps }: ScenarioVersion): Bilingual {
  if (entry === 'first') return { fr: 'première étape', en: 'first step' };
  if (entry === 'byAge') return { fr: 'selon le retard', en: 'by lateness' };
  const step = steps.find(({ key }) => key === entry.step);
  return step === undefined ? same(entry.step) : { fr: `étape à ${dayInWords(step).fr}`, en: `step at ${dayInWords(step).en}` };
}

function thanksInWords({ thankYou }: ScenarioVersion): Bilingual {
  if (thankYou === undefined || thankYou === null) return NONE;
  const [what, how, who] = [templateName(thankYou.template), CHANNEL_NAMES[thankYou.channel], listed(thankYou.contactRoles.map((role) => ROLE_NAMES[role]))];
  const when: Bilingual = thankYou.onlyWhenReminded ? { fr: 'après une relance', en: 'after a reminder' } : { fr: 'toujours', en: 'always' };
  return { fr: `${what.fr}, ${how.fr}, ${who.fr}, ${when.fr}`, en: `${what.en}, ${how.en}, ${who.en}, ${when.en}` };
}

function headDiff(before: ScenarioVersion, after: ScenarioVersion): Bilingual[] {
  return changes(HEAD_FIELDS, before, after).map(({ name, from, to }) => ({
    fr: `${name.fr.charAt(0).toUpperCase()}${name.fr.slice(1)} : ${from.fr} → ${to.fr}.`, en: `${name.en.charAt(0).toUpperCase()}${name.en.slice(1)}: ${from.en} → ${to.en}.`,
  }));
}

function stepDiff(before: Step, after: Step): Bilingual[] {
  return changes(STEP_FIELDS, before, after).map(({ name, from, to }) => ({
    fr: `Étape ${after.number}, ${name.fr} : ${from.fr} → ${to.fr}.`, en: `Step ${after.number}, ${name.en}: ${from.en} → ${to.en}.`,
  }));
}

function changes<Of>(fields: readonly Field<Of>[], before: Of, after: Of): { name: Bilingual; from: Bilingual; to: Bilingual }[] {
  return fields.map(({ name, value }) => ({ name, from: value(before), to: value(after) })).filter(({ from, to }) => from.fr !== to.fr);
}
