import type { NamedTemplate, ScenarioVersion } from '#core/dunning/scenario.ts';
import type { Instant } from '#core/kernel/clock.ts';
import type { Problem } from '#core/kernel/problem.ts';
import type { Bilingual, Language } from '#core/kernel/text.ts';
import { READY_FAMILIES, VARIANTS, textCode, variantsOf } from '#core/letters/families.ts';
import type { Family, Variant } from '#core/letters/families.ts';
import type { MessageStep } from '#core/letters/message-model.ts';
import type { TemplateSource } from '#core/letters/template.ts';
import { checkText } from '#core/letters/text-check.ts';
import { record } from '#server/audit/record.ts';
import { CHOICES_LOCK } from '#server/dunning/assignment-store.ts';
import { readDraft } from '#server/dunning/scenario-drafts.ts';
import { latestScenarios } from '#server/dunning/scenario-store.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';

/** Families of one organisation's own; a list of more is no longer read. */
export const FAMILIES_MAX = 100;

/** Who changes a text, and when. */
export type Editor = { readonly actor: string; readonly now: Instant };

/** Which text of a family. */
export type TextPlace = { readonly family: string; readonly variant: Variant; readonly language: Language };

/** A text in force. */
export type TextInForce = TextPlace & TemplateSource & { readonly version: number; readonly changedAt: Instant; readonly changedBy: string | null };

/** Every family: the ready ones, then the organisation's own by their names. */
export async function readFamilies(t: Tenant): Promise<Map<string, Family>> {
  const own = await t.rows<{ code: string; name: string; stands_for: MessageStep; retired: boolean }>(t.sql`
    select f.code, f.name, f.stands_for, f.retired_at is not null as retired from ${t.from('template_family')} f order by f.name, f.code`);
  const families = [...READY_FAMILIES, ...own.map((row): Family => ({ code: row.code, name: { fr: row.name, en: row.name }, standsFor: row.stands_for, ready: false, retired: row.retired }))];
  return new Map(families.map((family) => [family.code, family]));
}

/** Every text in force, by family. One query: a family has a dozen at most. */
export async function readTexts(t: Tenant, families: Iterable<Family>): Promise<Map<string, TextInForce[]>> {
  const places = new Map([...families].flatMap(({ code }) => VARIANTS.map((variant) => [textCode(code, variant), { family: code, variant }] as const)));
  const rows = await t.rows<{ code: string; language: Language; version: number; subject: string; body: string; created_at: Instant; created_by: string | null; removed: boolean }>(t.sql`
    select distinct on (m.code, m.language) m.code, m.language, m.version, m.subject, m.body, m.created_at, m.created_by, m.removed
    from ${t.from('template')} m order by m.code, m.language, m.version desc`);
  const texts = rows.flatMap((row): TextInForce[] => {
    const place = places.get(row.code);
    if (place === undefined || row.removed) return [];
    return [{ ...place, language: row.language, version: row.version, subject: row.subject, body: row.body, changedAt: row.created_at, changedBy: row.created_by }];
  });
  return Map.groupBy(texts, ({ family }) => family);
}

/** A version of one text as its history tells it. */
export type TextVersion = TemplateSource & { readonly version: number; readonly at: Instant; readonly by: string | null; readonly removed: boolean };

/** The versions of one text, the latest first. */
export async function textVersions(t: Tenant, { family, variant, language }: TextPlace): Promise<TextVersion[]> {
  const rows = await t.rows<{ version: number; subject: string; body: string; created_at: Instant; created_by: string | null; removed: boolean }>(t.sql`
    select m.version, m.subject, m.body, m.created_at, m.created_by, m.removed from ${t.from('template')} m
    where m.code = ${textCode(family, variant)} and m.language = ${language} order by m.version desc`);
  return rows.map((row) => ({ version: row.version, subject: row.subject, body: row.body, at: row.created_at, by: row.created_by, removed: row.removed }));
}

/** Which scenarios, in force or in draft, name each text, by their names. */
export async function usersOfTexts(t: Tenant): Promise<Map<string, string[]>> {
  const stored = await latestScenarios(t);
  const drafts = await t.rows<{ code: string }>(t.sql`select d.code from ${t.from('scenario_draft')} d`);
  const users = new Map<string, string[]>();
  const note = ({ name, steps, thankYou }: ScenarioVersion): void => {
    for (const text of new Set([...steps.map(({ template }) => template), thankYou?.template ?? ''])) {
      if (text !== '' && users.get(text)?.includes(name) !== true) users.set(text, [...(users.get(text) ?? []), name]);
    }
  };
  for (const { scenario, retired } of stored.values()) if (!retired) note(scenario);
  for (const { code } of drafts) {
    const draft = await readDraft(t, code);
    if (draft !== null) note(draft.scenario);
  }
  return users;
}

/** The texts that steps may name, for the check of a scenario. */
export async function namedTemplates(t: Tenant): Promise<ReadonlyMap<string, NamedTemplate>> {
  return new Map([...(await readFamilies(t)).values()].map(({ code, name, standsFor, retired }) => [
    code, { code, name, retired, use: standsFor === 'formalNotice' || standsFor === 'thankYou' ? standsFor : 'reminder' },
  ]));
}

/** What became of a save: the version, or what stands against it. */
export type SavedText = { readonly version: number | null; readonly problems: readonly Problem[] };

const refused = (code: string, message: Bilingual): SavedText => ({ version: null, problems: [{ line: 0, severity: 'error', code: `letters.${code}`, message }] });

/** Texts are written by one at a time, and none is retired while a scenario that names it is published. */
const lockTexts = (t: Tenant): Promise<number> => t.run(t.sql`select pg_advisory_xact_lock(${CHOICES_LOCK}, hashtext(${t.organisation}))`);

/**
 * Saves a text as the next version; messages composed before keep their words. `basedOn` is the version the person saw (0: none): one
 * written meanwhile by somebody else is not overwritten.
 */
export async function saveText(t: Tenant, of: TextPlace & { readonly source: TemplateSource; readonly basedOn: number }, by: Editor): Promise<SavedText | null> {
  await lockTexts(t);
  const family = (await readFamilies(t)).get(of.family);
  if (family === undefined || !variantsOf(family.standsFor).includes(of.variant)) return null;
  const source = { subject: of.source.subject.trim(), body: of.source.body.replaceAll(/\r\n?/g, '\n').trim() };
  const problems = checkText({ source, standsFor: family.standsFor, variant: of.variant, language: of.language });
  if (problems.some(({ severity }) => severity === 'error')) return { version: null, problems };
  const [latest] = await textVersions(t, of);
  if ((latest?.version ?? 0) !== of.basedOn) return refused('textChanged', movedOn(latest));
  if (latest !== undefined && !latest.removed && latest.subject === source.subject && latest.body === source.body) return { version: latest.version, problems };
  const version = await addVersion(t, of, { source, removed: false, after: latest?.version ?? 0, by });
  return { version, problems };
}

const movedOn = (latest: TextVersion | undefined): Bilingual => ({
  fr: `Ce texte a changé depuis que vous l’avez ouvert (version ${latest?.version ?? 0}) : gardez votre texte de côté, rechargez, puis reprenez.`,
  en: `This text changed since you opened it (version ${latest?.version ?? 0}): keep yours aside, reload, then go on.`,
});

/** Takes a wording out: its readers get the standard one. The standard wording of a language stays as long as other wordings of it are there. */
export async function removeText(t: Tenant, of: TextPlace, by: Editor): Promise<SavedText | null> {
  await lockTexts(t);
  const families = await readFamilies(t);
  const texts = (await readTexts(t, families.values())).get(of.family) ?? [];
  const text = texts.find(({ variant, language }) => variant === of.variant && language === of.language);
  if (text === undefined) return null;
  if (families.get(of.family)?.ready === true) {
    return refused('readyText', { fr: 'Un modèle fourni garde ses variantes : modifiez ce texte, ou revenez au texte d’origine.', en: 'A ready template keeps its wordings: change this text, or go back to the original.' });
  }
  if (of.variant === 'standard' && texts.some(({ variant, language }) => variant !== 'standard' && language === of.language)) {
    return refused('standardNeeded', { fr: 'Retirez d’abord les autres variantes de cette langue : elles s’appuient sur la variante courante.', en: 'Remove the other wordings of this language first: they rest on the standard one.' });
  }
  return { version: await addVersion(t, of, { source: text, removed: true, after: text.version, by }), problems: [] };
}

type NewVersion = { readonly source: TemplateSource; readonly removed: boolean; readonly after: number; readonly by: Editor };

async function addVersion(t: Tenant, { family, variant, language }: TextPlace, { source, removed, after, by }: NewVersion): Promise<number> {
  const version = after + 1;
  await t.run(t.sql`
    ${t.into('template', 'code, language, version, subject, body, created_at, created_by, removed')}
    values (${t.org}, ${textCode(family, variant)}, ${language}, ${version}, ${source.subject}, ${source.body}, ${by.now}::timestamptz, ${by.actor}, ${removed})`);
  await record(t, { at: by.now, actor: by.actor, kind: removed ? 'template.removed' : 'template.saved', subject: `template:${family}`, facts: { family, variant, language, version } });
  return version;
}

/** A family to be made, from nothing or with the texts of another one. */
export type NewFamily = { readonly code: string; readonly name: string; readonly standsFor: MessageStep; readonly from: string | null };

/** Makes a family; with `from`, a copy of its texts in force. Gives what stands against it, null when it is done. */
export async function createFamily(t: Tenant, given: NewFamily, by: Editor): Promise<Bilingual | null> {
  await lockTexts(t);
  const families = await readFamilies(t);
  if (families.has(given.code)) return { fr: `Le code « ${given.code} » est déjà pris : choisissez un autre nom.`, en: `The code "${given.code}" is taken: choose another name.` };
  if (families.size - READY_FAMILIES.length >= FAMILIES_MAX) return { fr: `Au plus ${FAMILIES_MAX} modèles à vous : modifiez-en un.`, en: `At most ${FAMILIES_MAX} templates of your own: change one.` };
  const model = given.from === null ? null : families.get(given.from);
  if (model === undefined) return { fr: 'Le modèle à copier n’existe pas.', en: 'The template to copy does not exist.' };
  if (model !== null && model.standsFor !== given.standsFor) return { fr: 'Une copie garde l’usage de son modèle.', en: 'A copy keeps the use of what it copies.' };
  await t.run(t.sql`
    ${t.into('template_family', 'code, name, stands_for, created_at, created_by')} values (${t.org}, ${given.code}, ${given.name}, ${given.standsFor}, ${by.now}::timestamptz, ${by.actor})`);
  await record(t, { at: by.now, actor: by.actor, kind: 'template.created', subject: `template:${given.code}`, facts: { family: given.code, standsFor: given.standsFor, ...(given.from === null ? {} : { from: given.from }) } });
  const copied = model === null ? [] : ((await readTexts(t, families.values())).get(model.code) ?? []);
  for (const text of copied) await addVersion(t, { ...text, family: given.code }, { source: text, removed: false, after: 0, by });
  return null;
}

/** Renames a family of the organisation's own; false when there is none. */
export async function renameFamily(t: Tenant, of: { code: string; name: string }, by: Editor): Promise<boolean> {
  const changed = await t.run(t.sql`${t.update('template_family', 'f')} set name = ${of.name} where ${t.own('f')} and f.code = ${of.code}`);
  if (changed === 0) return false;
  await record(t, { at: by.now, actor: by.actor, kind: 'template.renamed', subject: `template:${of.code}`, facts: { family: of.code } });
  return true;
}

/** Retires a family that no scenario in force or draft names, or takes it back; gives what stands against it, null when it is done, undefined when there is none. */
export async function setRetired(t: Tenant, of: { code: string; retired: boolean }, by: Editor): Promise<Bilingual | null | undefined> {
  await lockTexts(t);
  const family = (await readFamilies(t)).get(of.code);
  if (family === undefined) return undefined;
  if (family.ready) return { fr: 'Un modèle fourni ne se retire pas.', en: 'A ready template cannot be retired.' };
  const users = of.retired ? ((await usersOfTexts(t)).get(of.code) ?? []) : [];
  if (users.length > 0) {
    return { fr: `Ce modèle sert encore dans : ${users.join(', ')}. Choisissez-y un autre modèle d’abord.`, en: `This template is still used in: ${users.join(', ')}. Choose another one there first.` };
  }
  await t.run(t.sql`
    ${t.update('template_family', 'f')} set retired_at = ${of.retired ? by.now : null}::timestamptz, retired_by = ${of.retired ? by.actor : null} where ${t.own('f')} and f.code = ${of.code}`);
  await record(t, { at: by.now, actor: by.actor, kind: of.retired ? 'template.retired' : 'template.restored', subject: `template:${of.code}`, facts: { family: of.code } });
  return null;
}
