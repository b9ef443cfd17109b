import { decimal } from '../kernel/money.ts';
import type { Money } from '../kernel/money.ts';
import type { Bilingual } from '../kernel/text.ts';
import type { ScenarioVersion, Step } from './scenario.ts';

/** What changed from one version of a scenario to another, a sentence each, in the order of the new one; empty when nothing did. */
export function scenarioDiff(before: ScenarioVersion, after: ScenarioVersion): Bilingual[] {
  const found: Bilingual[] = headDiff(before, after);
  for (const step of after.steps) {
    const old = before.steps.find(({ key }) => key === step.key);
    if (old === undefined) found.push({ fr: `Étape ${step.number} ajoutée (${dayOf(step).fr}).`, en: `Step ${step.number} added (${dayOf(step).en}).` });
    else found.push(...stepDiff(old, step));
  }
  for (const step of before.steps) {
    if (after.steps.some(({ key }) => key === step.key)) continue;
    found.push({ fr: `Ancienne étape ${step.number} retirée (${dayOf(step).fr}).`, en: `Former step ${step.number} removed (${dayOf(step).en}).` });
  }
  return found;
}

const ANCHOR_NAMES: { readonly [A in Step['anchor']]: Bilingual } = {
  dueDate: { fr: 'échéance', en: 'due date' }, issueDate: { fr: 'date de facture', en: 'invoice date' }, previousStep: { fr: 'étape précédente', en: 'step before' },
};

function dayOf({ anchor, offsetDays }: Step): Bilingual {
  const sign = offsetDays >= 0 ? '+' : '-';
  const { fr, en } = ANCHOR_NAMES[anchor];
  return { fr: `${fr} ${sign} ${Math.abs(offsetDays)} j`, en: `${en} ${sign} ${Math.abs(offsetDays)} d` };
}

const NONE: Bilingual = { fr: 'aucun', en: 'none' };
const same = (text: string): Bilingual => (text === '' ? NONE : { fr: text, en: text });
const listOf = (values: readonly string[] | undefined): Bilingual => same((values ?? []).join(', '));
const yes = (value: boolean): Bilingual => (value ? { fr: 'oui', en: 'yes' } : { fr: 'non', en: 'no' });

type Field<Of> = { readonly name: Bilingual; readonly value: (of: Of) => Bilingual };
const field = <Of>(fr: string, en: string, value: (of: Of) => Bilingual): Field<Of> => ({ name: { fr, en }, value });

const STEP_FIELDS: readonly Field<Step>[] = [
  field('rang', 'place', ({ number }) => same(String(number))),
  field('jour', 'day', dayOf),
  field('délai minimum', 'minimum gap', ({ minimumGapDays }) => same(`${minimumGapDays}`)),
  field('canal', 'channel', ({ channel, fallbackChannel }) => same(fallbackChannel === undefined ? channel : `${channel} / ${fallbackChannel}`)),
  field('modèle', 'template', ({ template }) => same(template)),
  field('ton', 'tone', ({ tone }) => same(tone)),
  field('destinataires', 'recipients', ({ contactRoles }) => listOf(contactRoles)),
  field('copies', 'copies', ({ copyRoles }) => listOf(copyRoles)),
  field('approbation', 'approval', ({ approval }) => same(approval)),
  field('mise en demeure', 'formal notice', ({ formalNotice }) => yes(formalNotice)),
  field('conditions', 'conditions', ({ conditions }) => same(conditions === undefined ? '' : asText(conditions))),
];

const HEAD_FIELDS: readonly Field<ScenarioVersion>[] = [
  field('nom', 'name', ({ name }) => same(name)),
  field('portée', 'scope', ({ scope }) => (scope === 'account' ? { fr: 'compte', en: 'account' } : { fr: 'pièce', en: 'document' })),
  field('entrée', 'entry', ({ entry }) => same(typeof entry === 'string' ? entry : entry.step)),
  field('montants minimums', 'minimum amounts', ({ minimumAmount, otherMinimumAmounts }) => same([minimumAmount, ...(otherMinimumAmounts ?? [])].map(amount).join(', '))),
  field('tolérance en jours', 'grace in days', ({ graceDays }) => same(String(graceDays))),
  field('remerciement', 'thanks', ({ thankYou }) => (thankYou === undefined || thankYou === null ? NONE : same(`${thankYou.template} / ${thankYou.channel}${thankYou.onlyWhenReminded ? ' *' : ''}`))),
];

const amount = (money: Money): string => `${decimal(money)} ${money.currency}`;

/** Conditions as one text; amounts with their currency. */
function asText(value: object): string {
  return Object.entries(value).map(([name, part]) => `${name} ${JSON.stringify(part, (_key, inner: unknown) => (typeof inner === 'bigint' ? inner.toString() : inner))}`).join(' ; ');
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
