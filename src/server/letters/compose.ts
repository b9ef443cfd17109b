import type { Instant } from '#core/kernel/clock.ts';
import type { Day } from '#core/kernel/day.ts';
import type { ActionId } from '#core/kernel/id.ts';
import type { Problem } from '#core/kernel/problem.ts';
import { err, ok } from '#core/kernel/result.ts';
import type { Result } from '#core/kernel/result.ts';
import { composeMessage } from '#core/letters/message-model.ts';
import type { MessageModel } from '#core/letters/message-model.ts';
import { textCode, wordings } from '#core/letters/families.ts';
import { renderMessage } from '#core/letters/render.ts';
import type { RenderedMessage } from '#core/letters/render.ts';
import { compileTemplate } from '#core/letters/template.ts';
import type { Template } from '#core/letters/template.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { readMessageFacts } from './message-facts.ts';
import type { ActionForMessage } from './message-facts.ts';
import type { LetterMaker } from './pdf.ts';

/** A message as words and, for a letter, as pages; not yet the bytes of a channel. */
export type Composed = {
  readonly model: MessageModel; readonly rendered: RenderedMessage; readonly pdf: Buffer | null;
  /** The wording it was made from: code, language, version. */
  readonly template: string;
};

/** When and with what a message is composed. */
export type Composing = {
  readonly today: Day;
  readonly formalNoticeDays: number;
  /** Null: words only, no pages are drawn. */
  readonly letters: LetterMaker | null;
  /** Changes the words of a message before anything is drawn from them: test mode marks them. */
  readonly mark?: ((rendered: RenderedMessage, of: { action: ActionForMessage; model: MessageModel }) => RenderedMessage) | undefined;
};

/** Texts already read and understood in this transaction, by code and language. */
type Templates = Map<string, Wording>;

/** A text as understood, and which one it is. */
type Wording = { readonly template: Template; readonly named: string };

/** Composes an action's message from what is true now, with the organisation's latest template for its step, tone and language. */
export async function composeAction(t: Tenant, action: ActionForMessage, composing: Composing): Promise<Result<Composed, readonly Problem[]>> {
  const [first] = await composeActions(t, [action], composing);
  if (first === undefined) throw new Error('an action was not composed');
  return first.composed;
}

/** An action and its message, or what is missing for one. */
export type ComposedAction = { readonly action: ActionForMessage; readonly composed: Result<Composed, readonly Problem[]> };

/** Composes the messages of actions, in their order; what they are made from is read for all of them at once. */
export async function composeActions(t: Tenant, actions: readonly ActionForMessage[], composing: Composing): Promise<ComposedAction[]> {
  const facts = await readMessageFacts(t, actions, composing);
  const templates: Templates = new Map();
  const all: ComposedAction[] = [];
  for (const action of actions) {
    const read = facts.get(action.actionId);
    const model = read?.ok === true ? composeMessage(read.value) : read;
    if (model === undefined) throw new Error('an action has no facts');
    all.push({ action, composed: model.ok ? await write(t, action, { model: model.value, templates, composing }) : model });
  }
  return all;
}

type Writing = { readonly model: MessageModel; readonly templates: Templates; readonly composing: Composing };

async function write(t: Tenant, action: ActionForMessage, { model, templates, composing }: Writing): Promise<Result<Composed, readonly Problem[]>> {
  const wording = await readTemplate(t, { family: action.templateCode, model }, templates);
  if (!wording.ok) return wording;
  const { named } = wording.value;
  const filled = renderMessage(wording.value.template, model);
  if (!filled.ok) return filled;
  const rendered = composing.mark?.(filled.value, { action, model }) ?? filled.value;
  const printed = action.channel === 'letter' || action.channel === 'registeredLetter' || action.formalNotice;
  if (!printed || composing.letters === null) return ok({ model, rendered, pdf: null, template: named });
  const letter = composing.letters.make(model, rendered);
  return letter.ok ? ok({ model, rendered, pdf: letter.value.bytes, template: named }) : err([letter.error]);
}

async function readTemplate(t: Tenant, { family, model }: { family: string; model: MessageModel }, templates: Templates): Promise<Result<Wording, readonly Problem[]>> {
  const { language, kind } = model.debtor;
  const codes = wordings(model.step, { tone: model.tone, kind, withCharges: model.charges !== null }).map((variant) => textCode(family, variant));
  const key = `${codes.join(' ')} ${language}`;
  const known = templates.get(key);
  if (known !== undefined) return ok(known);
  const rows = await t.rows<{ code: string; version: number; subject: string; body: string; removed: boolean }>(t.sql`
    select distinct on (m.code) m.code, m.version, m.subject, m.body, m.removed from ${t.from('template')} m
    where m.code = any(${codes}::text[]) and m.language = ${language} order by m.code, m.version desc`);
  const source = codes.map((code) => rows.find((row) => row.code === code && !row.removed)).find((row) => row !== undefined);
  if (source !== undefined) {
    const compiled = compileTemplate(source);
    if (!compiled.ok) return compiled;
    const wording = { template: compiled.value, named: `${source.code} ${language} ${source.version}` };
    templates.set(key, wording);
    return ok(wording);
  }
  return err([{
    line: 0, severity: 'error', code: 'letters.templateMissing',
    message: {
      fr: `Le modèle « ${codes.at(-1) ?? family} » n'existe pas en ${language === 'fr' ? 'français' : 'anglais'} : créez-le ou changez la langue du client.`,
      en: `Template "${codes.at(-1) ?? family}" does not exist in ${language === 'fr' ? 'French' : 'English'}: create it or change the customer's language.`,
    },
  }]);
}

/** A message as it is stored: its bytes for the channel, its words and its view model. */
export type StoredMessage = {
  readonly actionId: ActionId;
  readonly channel: string;
  readonly recipient: string;
  readonly headerId: string;
  readonly composed: Composed;
  readonly mime: Buffer | null;
  /** Under which events commit to it. */
  readonly salt: Buffer;
};

/** Bytes of messages that one statement carries, about a third of what it takes in memory while it is sent. */
const INSERT_BYTES_MAX = 8 * 1024 * 1024;

/** Stores the exact bytes of messages before anything is handed over; they never change afterwards. */
export async function storeMessages(t: Tenant, messages: readonly StoredMessage[], now: Instant): Promise<void> {
  let part: StoredMessage[] = [];
  let size = 0;
  for (const message of messages) {
    const bytes = (message.mime?.length ?? 0) + (message.composed.pdf?.length ?? 0);
    if (part.length > 0 && size + bytes > INSERT_BYTES_MAX) {
      await insertMessages(t, part, now);
      part = [];
      size = 0;
    }
    part.push(message);
    size += bytes;
  }
  if (part.length > 0) await insertMessages(t, part, now);
}

async function insertMessages(t: Tenant, messages: readonly StoredMessage[], now: Instant): Promise<void> {
  await t.run(t.sql`
    ${t.into('message', 'action_id, channel, recipient, header_id, subject, body, mime, mime_sha256, pdf, pdf_sha256, model, composed_at, salt, template')}
    select ${t.org}, n.action_id, n.channel, n.recipient, n.header_id, n.subject, n.body, b.mime, sha256(b.mime), b.pdf, sha256(b.pdf), n.model::jsonb, ${now}::timestamptz, decode(n.salt, 'hex'), n.template
    from unnest(${messages.map((one) => one.actionId)}::bigint[], ${messages.map((one) => one.channel)}::text[], ${messages.map((one) => one.recipient)}::text[],
      ${messages.map((one) => one.headerId)}::text[], ${messages.map(({ composed }) => composed.rendered.subject)}::text[],
      ${messages.map(({ composed }) => composed.rendered.text)}::text[], ${messages.map((one) => one.mime?.toString('base64') ?? null)}::text[],
      ${messages.map(({ composed }) => composed.pdf?.toString('base64') ?? null)}::text[], ${messages.map(({ composed }) => modelJson(composed.model))}::text[],
      ${messages.map((one) => one.salt.toString('hex'))}::text[], ${messages.map(({ composed }) => composed.template)}::text[]
    ) as n(action_id, channel, recipient, header_id, subject, body, mime, pdf, model, salt, template),
      lateral (select decode(n.mime, 'base64') as mime, decode(n.pdf, 'base64') as pdf offset 0) as b`);
}

/** The view model as evidence: whole numbers as texts. */
function modelJson(model: MessageModel): string {
  return JSON.stringify(model, (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));
}
