import type { Instant } from '#core/kernel/clock.ts';
import type { Day } from '#core/kernel/day.ts';
import type { Problem } from '#core/kernel/problem.ts';
import { err, ok } from '#core/kernel/result.ts';
import type { Result } from '#core/kernel/result.ts';
import { composeMessage } from '#core/letters/message-model.ts';
import type { MessageModel } from '#core/letters/message-model.ts';
import { readyKey } from '#core/letters/ready-templates.ts';
import { renderMessage } from '#core/letters/render.ts';
import type { RenderedMessage } from '#core/letters/render.ts';
import { compileTemplate } from '#core/letters/template.ts';
import type { Template } from '#core/letters/template.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { readMessageFacts } from './message-facts.ts';
import type { ActionForMessage, SharedCreditor } from './message-facts.ts';
import type { LetterMaker } from './pdf.ts';

/** A message as words and, for a letter, as pages; not yet the bytes of a channel. */
export type Composed = { readonly model: MessageModel; readonly rendered: RenderedMessage; readonly pdf: Buffer | null };

/** When and with what a message is composed. */
export type Composing = {
  readonly today: Day;
  readonly formalNoticeDays: number;
  readonly letters: LetterMaker;
  /** What messages of one transaction share, kept between them. */
  readonly shared?: SharedReads;
};

/** The creditor and the texts, read once for the messages of one transaction. */
export type SharedReads = SharedCreditor & { readonly templates: Map<string, Template> };

/** Nothing read yet. */
export const sharedReads = (): SharedReads => ({ creditor: null, templates: new Map() });

/** Composes an action's message from what is true now, with the organisation's latest template for its step, tone and language. */
export async function composeAction(t: Tenant, action: ActionForMessage, composing: Composing): Promise<Result<Composed, readonly Problem[]>> {
  const facts = await readMessageFacts(t, action, composing);
  if (!facts.ok) return facts;
  const model = composeMessage(facts.value);
  if (!model.ok) return model;
  const template = await readTemplate(t, model.value, composing.shared);
  if (!template.ok) return template;
  const rendered = renderMessage(template.value, model.value);
  if (!rendered.ok) return rendered;
  const printed = action.channel === 'letter' || action.channel === 'registeredLetter' || action.formalNotice;
  if (!printed) return ok({ model: model.value, rendered: rendered.value, pdf: null });
  const letter = composing.letters.make(model.value, rendered.value);
  return letter.ok ? ok({ model: model.value, rendered: rendered.value, pdf: letter.value.bytes }) : err([letter.error]);
}

async function readTemplate(t: Tenant, model: MessageModel, shared: SharedReads | undefined): Promise<Result<Template, readonly Problem[]>> {
  const code = readyKey({ step: model.step, tone: model.tone, kind: model.debtor.kind, withCharges: model.charges !== null });
  const { language } = model.debtor;
  const known = shared?.templates.get(`${code} ${language}`);
  if (known !== undefined) return ok(known);
  const row = await t.one<{ subject: string; body: string }>(t.sql`
    select m.subject, m.body from ${t.from('template')} m where m.code = ${code} and m.language = ${language} order by m.version desc limit 1`);
  if (row !== null) {
    const compiled = compileTemplate(row);
    if (compiled.ok) shared?.templates.set(`${code} ${language}`, compiled.value);
    return compiled;
  }
  return err([{
    line: 0, severity: 'error', code: 'letters.templateMissing',
    message: {
      fr: `Le modèle « ${code} » n'existe pas en ${language === 'fr' ? 'français' : 'anglais'} : créez-le ou changez la langue du client.`,
      en: `Template "${code}" does not exist in ${language === 'fr' ? 'French' : 'English'}: create it or change the customer's language.`,
    },
  }]);
}

/** Stores the exact bytes of a message before anything is handed over; they never change afterwards. */
export async function storeMessage(t: Tenant, message: StoredMessage): Promise<void> {
  const { composed } = message;
  await t.run(t.sql`
    ${t.into('message', 'action_id, channel, recipient, header_id, subject, body, mime, mime_sha256, pdf, pdf_sha256, model, composed_at')}
    values (${t.org}, ${message.actionId}::bigint, ${message.channel}, ${message.recipient}, ${message.headerId}, ${composed.rendered.subject},
      ${composed.rendered.text}, ${message.mime}, sha256(${message.mime}::bytea), ${composed.pdf}, sha256(${composed.pdf}::bytea),
      ${modelJson(composed.model)}::jsonb, ${message.now}::timestamptz)`);
}

/** A message as it is stored: its bytes for the channel, its words and its view model. */
export type StoredMessage = {
  readonly actionId: string;
  readonly channel: string;
  readonly recipient: string;
  readonly headerId: string;
  readonly composed: Composed;
  readonly mime: Buffer | null;
  readonly now: Instant;
};

/** The view model as evidence: whole numbers as texts. */
function modelJson(model: MessageModel): string {
  return JSON.stringify(model, (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));
}
