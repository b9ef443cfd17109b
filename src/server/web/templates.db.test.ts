import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ScenarioDefinition, ScenarioWhole } from '#core/api/scenarios.ts';
import type { ActionPage, ActionPreview } from '#core/api/actions.ts';
import type { FieldView, TemplateLine, TemplateWhole, TextPreviewView, TextSavedView, TextVersionView } from '#core/api/templates.ts';
import type { OrganisationId } from '#core/kernel/id.ts';
import { day } from '#core/kernel/day.ts';
import { verify } from '#server/audit/verify.ts';
import { runDunning } from '#server/dunning/run.ts';
import { testDatabase } from '#server/testing/database.ts';
import type { TestDatabase } from '#server/testing/database.ts';
import { clockAt, fecOf, givenOrganisation, importText } from '#server/testing/given.ts';
import { testWeb } from '#server/testing/web.ts';
import type { TestWeb } from '#server/testing/web.ts';

let data: TestDatabase;
let web: TestWeb;
beforeAll(async () => {
  data = await testDatabase();
  web = await testWeb(data);
});
afterAll(async () => {
  await web.app.close();
  await data.drop();
});

const TODAY = '2026-06-30';
type Given = { organisation: OrganisationId; cookie: string };

/** Two customers with a late invoice each, one of them abroad and English. */
async function given(role: 'owner' | 'reader' = 'owner'): Promise<Given> {
  const organisation = await givenOrganisation(data.database);
  await importText(data.database, organisation, { today: TODAY, terms: '30d', text: fecOf([{ code: 'C1', piece: 'FA1', on: '2026-05-20', debit: '120,00' }, { code: 'C2', piece: 'FA2', on: '2026-05-18', debit: '80,00' }]) });
  await importText(data.database, organisation, { today: TODAY, name: 'clients.csv', text: 'Code client;Nom du client;E-mail\nC1;Alpha;compta@alpha.example\nC2;Bêta;compta@beta.example\n' });
  await data.database.inTenant(organisation, (t) => t.run(t.sql`${t.update('customer', 'c')} set language = 'en' where ${t.own('c')} and c.code = 'C2'`));
  return { organisation, cookie: await web.signedIn(organisation, role) };
}

type Answer<T> = { status: number; json: T };
const ask = async <T>(cookie: string, what: string, body?: object): Promise<Answer<T>> => {
  const [method = 'GET', url = ''] = what.split(' ');
  const answer = await web.ask(method === 'PUT' ? 'PUT' : method === 'POST' ? 'POST' : method === 'DELETE' ? 'DELETE' : 'GET', `/api/${url}`, { cookie, ...(body === undefined ? {} : { body }) });
  return { status: answer.statusCode, json: answer.json<T>() };
};
const idOf = async (organisation: OrganisationId, code: string): Promise<string> =>
  (await data.database.inTenant(organisation, (t) => t.one<{ id: string }>(t.sql`select c.customer_id as id from ${t.from('customer')} c where c.code = ${code}`)))?.id ?? '0';

const BODY = 'Bonjour,\n\n{{postes.tableau}}\n\nMerci de régler {{montant.total}}.\n\n{{paiement.bloc}}';

test('a family of one’s own: made, written in two languages, previewed on a real customer, named by a step, composed, retired once nobody names it', async () => {
  const { organisation, cookie } = await given();
  const { json: { code } } = await ask<{ code: string }>(cookie, 'POST templates', { name: 'Relance chaleureuse à l’été', standsFor: 'reminder1', from: null });
  expect(code).toBe('relance-chaleureuse-a-l-ete');
  expect((await ask<{ code: string }>(cookie, 'POST templates', { name: 'Relance chaleureuse à l’été', standsFor: 'reminder1', from: null })).json.code).toBe('relance-chaleureuse-a-l-ete-2');
  const text = `templates/${code}/texts/fr/standard`;
  expect((await ask<TextSavedView>(cookie, `PUT ${text}`, { subject: 'Un oubli ?', body: BODY.replace('{{montant.total}}', '{{montant.totale}}'), basedOn: 0 })).json)
    .toMatchObject({ version: null, problems: [{ severity: 'error', code: 'letters.unknownField', line: 5 }] });
  expect((await ask<TextSavedView>(cookie, `PUT ${text}`, { subject: 'Un oubli ?', body: BODY, basedOn: 0 })).json).toEqual({ version: 1, problems: [] });
  expect((await ask<TextSavedView>(cookie, `PUT ${text}`, { subject: 'Un oubli ?', body: BODY, basedOn: 1 })).json).toEqual({ version: 1, problems: [] });
  expect((await ask<TextSavedView>(cookie, `PUT ${text}`, { subject: 'Autre', body: BODY, basedOn: 0 })).json).toMatchObject({ version: null, problems: [{ code: 'letters.textChanged' }] });
  const preview = { subject: 'Un oubli de {{client.nom}} ?', body: BODY, standsFor: 'reminder1', variant: 'standard', language: 'fr', customer: await idOf(organisation, 'C1') };
  const seen = (await ask<TextPreviewView>(cookie, 'POST templates/preview', preview)).json;
  expect([seen.subject, seen.customer, seen.problems]).toEqual(['Un oubli de Client C1 ?', 'Client C1', []]);
  expect(seen.text.replaceAll(/\s/g, ' ')).toContain('Merci de régler 120,00 €.');
  expect(seen.html).toContain('FA1');
  const { json: { definition } } = await ask<ScenarioWhole>(cookie, 'GET scenarios/standard/versions/1');
  const steps = definition.steps.map((step) => (step.template === 'reminder1' ? { ...step, template: code } : step));
  const written: ScenarioDefinition = { ...definition, steps };
  expect((await ask<{ problems: unknown[] }>(cookie, 'PUT scenarios/standard/draft', written)).json.problems).toEqual([]);
  expect((await ask<TextSavedView>(cookie, 'POST scenarios/standard/publish')).json.version).toBe(2);
  const run = await runDunning(data.database, { clock: clockAt(TODAY), actor: 'test', organisation, today: day(TODAY) });
  expect(run.actions).toBe(2);
  const { json: { rows } } = await ask<ActionPage>(cookie, 'GET actions?state=proposed');
  const of = async (name: string): Promise<ActionPreview> => (await ask<ActionPreview>(cookie, `GET actions/${rows.find(({ customerName }) => customerName === name)?.id ?? '0'}/preview`)).json;
  expect(await of('Client C1')).toMatchObject({ subject: 'Un oubli ?', problems: [] });
  expect((await of('Client C2')).problems).toMatchObject([{ code: 'letters.templateMissing' }]);
  await ask(cookie, `PUT templates/${code}/texts/en/standard`, { subject: 'Forgotten?', body: '{{items.table}}\n{{amount.total}}\n{{payment.block}}', basedOn: 0 });
  expect(await of('Client C2')).toMatchObject({ subject: 'Forgotten?', problems: [] });
  expect((await ask<{ message: unknown }>(cookie, `POST templates/${code}/retire`)).status).toBe(409);
  await ask(cookie, 'PUT scenarios/standard/draft', definition);
  await ask(cookie, 'POST scenarios/standard/publish');
  expect((await ask(cookie, `POST templates/${code}/retire`)).status).toBe(200);
  expect(await of('Client C1')).toMatchObject({ subject: 'Un oubli ?' });
  expect((await ask<{ problems: unknown[] }>(cookie, 'PUT scenarios/standard/draft', written)).json.problems).toMatchObject([{ code: 'dunning.templateUnknown', severity: 'error' }]);
  expect((await ask(cookie, `POST templates/${code}/restore`)).status).toBe(200);
  expect((await data.database.inTenant(organisation, (t) => verify(t))).filter(({ ok }) => !ok)).toEqual([]);
});

test('a step takes only a text of its use: no reminder stands for a formal notice, nor the other way', async () => {
  const { cookie } = await given();
  const { json: { definition } } = await ask<ScenarioWhole>(cookie, 'GET scenarios/standard/versions/1');
  const swapped = definition.steps.map((step) => ({ ...step, template: step.formalNotice ? 'reminder3' : step.template === 'reminder2' ? 'formalNotice' : step.template }));
  const { json: { problems } } = await ask<{ problems: { code: string; line: number }[] }>(cookie, 'POST scenarios/standard/check', { ...definition, steps: swapped });
  expect(problems.filter(({ code }) => code === 'dunning.templateUse')).toHaveLength(2);
});

test('a ready text is changed, seen as changed, and gone back from; its wordings stay; a copy starts with the texts of what it copies', async () => {
  const { cookie } = await given();
  const { json: before } = await ask<TemplateWhole>(cookie, 'GET templates/reminder2');
  expect([before.completeIn, before.wholeTexts.length, before.usedBy.length > 0]).toEqual([['fr', 'en'], 6, true]);
  const firm = before.wholeTexts.find(({ variant, language }) => variant === 'firm' && language === 'fr');
  if (firm === undefined) throw new Error('no firm text');
  const save = (body: string, basedOn: number): Promise<Answer<TextSavedView>> => ask(cookie, 'PUT templates/reminder2/texts/fr/firm', { subject: firm.subject, body, basedOn });
  expect((await save(`${firm.body}\nVite.`, 1)).json.version).toBe(2);
  const changed = async (): Promise<boolean | undefined> => (await ask<TemplateLine[]>(cookie, 'GET templates')).json.find(({ code }) => code === 'reminder2')?.texts.find(({ variant, language }) => variant === 'firm' && language === 'fr')?.changed;
  expect(await changed()).toBe(true);
  expect((await save(firm.original?.body ?? '', 2)).json.version).toBe(3);
  expect(await changed()).toBe(false);
  expect((await ask<TextVersionView[]>(cookie, 'GET templates/reminder2/texts/fr/firm/versions')).json.map(({ version, by }) => [version, by === null])).toEqual([[3, false], [2, false], [1, true]]);
  expect((await ask<TextSavedView>(cookie, 'DELETE templates/reminder2/texts/fr/firm')).json.problems).toMatchObject([{ code: 'letters.readyText' }]);
  const { json: { code } } = await ask<{ code: string }>(cookie, 'POST templates', { name: 'Deuxième bis', standsFor: 'reminder2', from: 'reminder2' });
  expect((await ask<TemplateWhole>(cookie, `GET templates/${code}`)).json.wholeTexts.map(({ body }) => body).sort()).toEqual(before.wholeTexts.map(({ body }) => body).sort());
  expect((await ask<TextSavedView>(cookie, `DELETE templates/${code}/texts/fr/standard`)).json.problems).toMatchObject([{ code: 'letters.standardNeeded' }]);
  expect((await ask<TextSavedView>(cookie, `DELETE templates/${code}/texts/fr/firm`)).json.version).toBe(2);
  expect((await ask<TemplateWhole>(cookie, `GET templates/${code}`)).json.wholeTexts).toHaveLength(before.wholeTexts.length - 1);
  expect((await ask(cookie, `POST templates/${code}/name`, { name: 'Deuxième ter' })).status).toBe(200);
  expect((await ask(cookie, 'POST templates/reminder2/retire')).status).toBe(409);
});

test('a formal notice of one’s own claims charges only from businesses; without a wording for consumers nothing is composed for one', async () => {
  const { organisation, cookie } = await given();
  const notice = { subject: 'Mise en demeure', body: '{{postes.tableau}}\n\n{{penalites.detail}}\n\nNous vous mettons en demeure de payer {{montant.general}} avant le {{date.limite}}.\n\n{{paiement.bloc}}' };
  const preview = { ...notice, standsFor: 'formalNotice', variant: 'standard', language: 'fr', customer: null };
  expect((await ask<TextPreviewView>(cookie, 'POST templates/preview', preview)).json).toMatchObject({ problems: [], subject: 'Mise en demeure' });
  expect((await ask<TextPreviewView>(cookie, 'POST templates/preview', { ...preview, customer: await idOf(organisation, 'C1') })).json.text).toContain('Indemnité');
  expect((await ask<TextPreviewView>(cookie, 'POST templates/preview', { ...preview, variant: 'consumer' })).json.problems).toMatchObject([{ code: 'letters.chargesOutOfPlace' }]);
  expect((await ask<TextPreviewView>(cookie, 'POST templates/preview', { ...preview, standsFor: 'thankYou', body: 'Merci {{client.nom}}', customer: await idOf(organisation, 'C1') })).json.problems)
    .toMatchObject([{ code: 'letters.noDocuments' }, { code: 'letters.nothingToCite' }]);
});

test('every field has an example; readers look and do not write; nobody sees another organisation’s texts', async () => {
  const { cookie } = await given('reader');
  const { json: fields } = await ask<FieldView[]>(cookie, 'GET templates/fields');
  expect(fields.filter(({ block, example }) => !block && (example.fr === '' || example.en === '')).map(({ names }) => names.fr)).toEqual([]);
  expect((await ask(cookie, 'POST templates', { name: 'X', standsFor: 'reminder1', from: null })).status).toBe(403);
  const other = await given();
  const { json: { code } } = await ask<{ code: string }>(other.cookie, 'POST templates', { name: 'Secret', standsFor: 'reminder1', from: null });
  expect((await ask(cookie, `GET templates/${code}`)).status).toBe(404);
  expect((await ask(cookie, 'GET templates/reminder9')).status).toBe(404);
});
