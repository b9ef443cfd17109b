import type { FieldView, TemplateLine, TemplateWhole, TextPreviewView } from '#core/api/templates.ts';
import type { Language } from '#core/kernel/text.ts';
import { EXAMPLE_FACTS } from '#core/letters/example.ts';
import { completeIn, textCode, variantsOf } from '#core/letters/families.ts';
import type { Family } from '#core/letters/families.ts';
import { composeMessage } from '#core/letters/message-model.ts';
import { BLOCK_PLACEHOLDERS, PLACEHOLDERS } from '#core/letters/placeholders.ts';
import { readyTemplates } from '#core/letters/ready-templates.ts';
import { checkText } from '#core/letters/text-check.ts';
import { readPolicy } from '#server/dunning/policy.ts';
import {
  createFamily, readFamilies, readTexts, removeText, renameFamily, saveText, setRetired, textVersions, usersOfTexts,
} from '#server/letters/families-store.ts';
import type { Editor, TextInForce } from '#server/letters/families-store.ts';
import { previewText } from '#server/letters/text-preview.ts';
import { memberNames } from '#server/identity/users.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { actorOf, sessionOf } from './access.ts';
import { todayOf } from './context.ts';
import type { WebContext } from './context.ts';
import {
  familyMadeSchema, familyParams, fieldsSchema, newFamilyBody, previewTextBody, renameBody, saveTextBody, templateLinesSchema, templateWholeSchema, textParams, textPreviewSchema,
  textSavedSchema, textVersionsSchema,
} from './contracts/template-shapes.ts';
import { doneSchema } from './contracts/shapes.ts';
import { familyCode } from './family-code.ts';
import { Refusal, notFound } from './refusal.ts';
import type { WebApp } from './web-app.ts';

const reader = { access: { signedIn: 'reader' } } as const;
const owner = { access: { signedIn: 'owner' } } as const;
const snapshot = { isolation: 'repeatable read', readOnly: true } as const;
const unknown = (): Refusal => notFound('Ce modèle, ou cette variante, n’existe pas.', 'This template, or this wording, does not exist.');
const by = (web: WebContext, session: ReturnType<typeof sessionOf>): Editor => ({ actor: actorOf(session), now: web.clock.now() });

const ORIGINALS = new Map(readyTemplates().map(({ code, language, subject, body }) => [`${code} ${language}`, { subject, body }]));
const originalOf = (text: { family: string; variant: TextInForce['variant']; language: Language }): { subject: string; body: string } | null =>
  ORIGINALS.get(`${textCode(text.family, text.variant)} ${text.language}`) ?? null;

function lineOf(family: Family, texts: readonly TextInForce[], usedBy: readonly string[]): TemplateLine {
  return {
    ...family, usedBy, completeIn: completeIn(family.standsFor, texts),
    texts: texts.map((text) => {
      const original = originalOf(text);
      return { variant: text.variant, language: text.language, changed: original !== null && (original.subject !== text.subject || original.body !== text.body) };
    }),
  };
}

async function wholeOf(t: Tenant, code: string, nameOf: NameOf): Promise<TemplateWhole> {
  const families = await readFamilies(t);
  const family = families.get(code);
  if (family === undefined) throw unknown();
  const texts = (await readTexts(t, families.values())).get(code) ?? [];
  return {
    ...lineOf(family, texts, (await usersOfTexts(t)).get(code) ?? []), variants: variantsOf(family.standsFor),
    wholeTexts: texts.map((text) => ({
      variant: text.variant, language: text.language, version: text.version, subject: text.subject, body: text.body, changedAt: text.changedAt, changedBy: nameOf(text.changedBy), original: originalOf(text),
    })),
  };
}

/** Who a member is called; null: the program. */
type NameOf = (by: string | null) => string | null;

async function namesIn(web: WebContext, organisation: ReturnType<typeof sessionOf>['organisation']): Promise<NameOf> {
  const names = await memberNames(web.database, organisation);
  return (by) => (by === null ? null : (names.get(by) ?? by));
}

/** What each field prints for the made-up customer: shown beside it in the picker. */
function fields(): FieldView[] {
  const model = composeMessage({ ...EXAMPLE_FACTS, step: 'formalNotice', charges: { segments: [], indemnity: { ...EXAMPLE_FACTS.items[0]?.open ?? { minor: 0n, currency: 'EUR' }, minor: 8000n } } });
  if (!model.ok) throw new Error('the example cannot be composed');
  const printed = (value: (typeof PLACEHOLDERS)[number]['value'], language: Language): string => value(model.value, language) ?? '';
  return [
    ...PLACEHOLDERS.map(({ names, about, value }) => ({ names, about, block: false, example: { fr: printed(value, 'fr'), en: printed(value, 'en') } })),
    ...BLOCK_PLACEHOLDERS.map(({ names, about }) => ({ names, about, block: true, example: { fr: '', en: '' } })),
  ];
}

function readRoutes(app: WebApp, web: WebContext): void {
  app.route({
    method: 'GET', url: '/api/templates', config: reader, schema: { response: { 200: templateLinesSchema } },
    handler: (request) => web.database.inTenant(sessionOf(request).organisation, async (t) => {
      const families = await readFamilies(t);
      const [texts, users] = [await readTexts(t, families.values()), await usersOfTexts(t)];
      return [...families.values()].map((family) => lineOf(family, texts.get(family.code) ?? [], users.get(family.code) ?? []));
    }, snapshot),
  });
  app.route({
    method: 'GET', url: '/api/templates/fields', config: reader, schema: { response: { 200: fieldsSchema } },
    handler: () => Promise.resolve(fields()),
  });
  app.route({
    method: 'GET', url: '/api/templates/:code', config: reader, schema: { params: familyParams, response: { 200: templateWholeSchema } },
    handler: async (request) => {
      const { organisation } = sessionOf(request);
      const nameOf = await namesIn(web, organisation);
      return web.database.inTenant(organisation, (t) => wholeOf(t, request.params.code, nameOf), snapshot);
    },
  });
  app.route({
    method: 'GET', url: '/api/templates/:code/texts/:language/:variant/versions', config: reader, schema: { params: textParams, response: { 200: textVersionsSchema } },
    handler: async (request) => {
      const { organisation } = sessionOf(request);
      const nameOf = await namesIn(web, organisation);
      const versions = await web.database.inTenant(organisation, (t) => textVersions(t, { ...request.params, family: request.params.code }), snapshot);
      return versions.map((version) => ({ ...version, by: nameOf(version.by) }));
    },
  });
  app.route({
    method: 'POST', url: '/api/templates/preview', config: reader, schema: { body: previewTextBody, response: { 200: textPreviewSchema } },
    handler: (request) => web.database.inTenant(sessionOf(request).organisation, (t) => previewView(t, web, request.body), snapshot),
  });
}

type Asked = ReturnType<typeof previewTextBody.parse>;

async function previewView(t: Tenant, web: WebContext, asked: Asked): Promise<TextPreviewView> {
  const { subject, body, ...place } = asked;
  const of = { ...place, source: { subject, body } };
  const problems = checkText(of);
  const nothing: TextPreviewView = { subject: '', text: '', html: null, customer: null, problems };
  if (problems.some(({ severity }) => severity === 'error')) return nothing;
  const today = await todayOf(t, web.clock);
  const made = await previewText(t, { ...of, today, formalNoticeDays: (await readPolicy(t, today)).settings.formalNoticeDays });
  if (!made.ok) return { ...nothing, problems: [...problems, ...made.error] };
  const { rendered, model } = made.value;
  return { subject: rendered.subject, text: rendered.text, html: rendered.html, customer: model.debtor.name, problems };
}

function textRoutes(app: WebApp, web: WebContext): void {
  app.route({
    method: 'PUT', url: '/api/templates/:code/texts/:language/:variant', config: owner, schema: { params: textParams, body: saveTextBody, response: { 200: textSavedSchema } },
    handler: async (request) => {
      const session = sessionOf(request);
      const { code: family, ...place } = request.params;
      const { basedOn, ...source } = request.body;
      const saved = await web.database.inTenant(session.organisation, (t) => saveText(t, { family, ...place, source, basedOn }, by(web, session)));
      if (saved === null) throw unknown();
      return saved;
    },
  });
  app.route({
    method: 'DELETE', url: '/api/templates/:code/texts/:language/:variant', config: owner, schema: { params: textParams, response: { 200: textSavedSchema } },
    handler: async (request) => {
      const session = sessionOf(request);
      const { code: family, ...place } = request.params;
      const removed = await web.database.inTenant(session.organisation, (t) => removeText(t, { family, ...place }, by(web, session)));
      if (removed === null) throw unknown();
      return removed;
    },
  });
}

/** Texts of messages: families, their wordings and versions, preview, retirement. */
export function templateRoutes(app: WebApp, web: WebContext): void {
  readRoutes(app, web);
  textRoutes(app, web);
  app.route({
    method: 'POST', url: '/api/templates', config: owner, schema: { body: newFamilyBody, response: { 200: familyMadeSchema } },
    handler: async (request) => {
      const session = sessionOf(request);
      return web.database.inTenant(session.organisation, async (t) => {
        const code = familyCode(request.body.name, new Set((await readFamilies(t)).keys()));
        const against = await createFamily(t, { ...request.body, code }, by(web, session));
        if (against !== null) throw new Refusal(409, 'template.refused', against);
        return { code };
      });
    },
  });
  app.route({
    method: 'POST', url: '/api/templates/:code/name', config: owner, schema: { params: familyParams, body: renameBody, response: { 200: doneSchema } },
    handler: async (request) => {
      const session = sessionOf(request);
      if (!(await web.database.inTenant(session.organisation, (t) => renameFamily(t, { ...request.params, ...request.body }, by(web, session))))) throw unknown();
      return { done: true } as const;
    },
  });
  for (const [word, retired] of [['retire', true], ['restore', false]] as const) {
    app.route({
      method: 'POST', url: `/api/templates/:code/${word}`, config: owner, schema: { params: familyParams, response: { 200: doneSchema } },
      handler: async (request) => {
        const session = sessionOf(request);
        await web.database.inTenant(session.organisation, async (t) => {
          const against = await setRetired(t, { code: request.params.code, retired }, by(web, session));
          if (against === undefined) throw unknown();
          if (against !== null) throw new Refusal(409, 'template.used', against);
        });
        return { done: true } as const;
      },
    });
  }
}
