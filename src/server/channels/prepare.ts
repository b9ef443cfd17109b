import { createHash } from 'node:crypto';
import { testMarked } from '#core/channels/test-mark.ts';
import type { Clock } from '#core/kernel/clock.ts';
import type { Day } from '#core/kernel/day.ts';
import type { ActionId } from '#core/kernel/id.ts';
import type { Problem } from '#core/kernel/problem.ts';
import { err, ok } from '#core/kernel/result.ts';
import type { Result } from '#core/kernel/result.ts';
import { newSalt } from '#server/plumbing/random.ts';
import { composeAction, composeActions, storeMessages } from '#server/letters/compose.ts';
import type { Composed, Composing, StoredMessage } from '#server/letters/compose.ts';
import type { ActionForMessage } from '#server/letters/message-facts.ts';
import type { LetterMaker } from '#server/letters/pdf.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { buildMail, messageIdOf } from './mime.ts';
import type { StoredMail } from './mime.ts';
import { parseRecipient } from '#core/kernel/email-address.ts';

/** Bytes of a salt, as the database checks them. */
const SALT_BYTES = 16;

/** Who messages come from. */
export type Sender = {
  /** Address of the From header; null: the e-mail of the company. */
  readonly from: string | null;
  /** What makes Message-IDs of this installation its own. */
  readonly instance: string;
};

/** What the event of a hand-off commits to; hashes as hexadecimal. */
export type Evidence = { readonly salt: Buffer; readonly recipient: string; readonly mimeSha256: string | null; readonly pdfSha256: string | null; readonly template: string | null };

/** The bytes of a message as stored, ready to hand over. */
export type Prepared = { readonly mail: StoredMail | null; readonly pdf: Buffer | null; readonly sha256: string; readonly headerId: string; readonly evidence: Evidence };

/** What preparing a message needs beside the action. */
export type Preparing = {
  readonly today: Day; readonly clock: Clock; readonly letters: LetterMaker; readonly sender: Sender; readonly formalNoticeDays: number;
  /** In test mode: the one address every e-mail goes to, its words and pages marked. */
  readonly testAddress?: string | null;
};

const problem = (code: string, fr: string, en: string): Result<never, readonly Problem[]> =>
  err([{ line: 0, severity: 'error', code: `channels.${code}`, message: { fr, en } }]);

type Stored = { action_id: ActionId; mime: string | null; pdf: Buffer | null; recipient: string; header_id: string; mime_sha256: string | null; pdf_sha256: string | null; salt: Buffer | null; template: string | null };

/**
 * The messages of actions: the bytes stored for them, or, the first time, composed from what is true now and stored. A later
 * attempt of the same action therefore carries the same bytes.
 */
export async function prepareMessages(t: Tenant, actions: readonly ActionForMessage[], preparing: Preparing): Promise<Map<ActionId, Result<Prepared, readonly Problem[]>>> {
  const found = new Map<ActionId, Result<Prepared, readonly Problem[]>>();
  if (actions.length === 0) return found;
  // A character an octet, exactly: the driver knows bytes as hexadecimal only, twice as long and slow to make and to read.
  const stored = await t.rows<Stored>(t.sql`
    select m.action_id, convert_from(m.mime, 'LATIN1') as mime, case when m.mime is null then m.pdf end as pdf, m.recipient, m.header_id,
      encode(m.mime_sha256, 'hex') as mime_sha256, encode(m.pdf_sha256, 'hex') as pdf_sha256, m.salt, m.template
    from ${t.from('message')} m where m.action_id = any(${actions.map((one) => one.actionId)}::bigint[])`);
  for (const row of stored) found.set(row.action_id, fromStored(row));
  const fresh = actions.filter((one) => !found.has(one.actionId));
  const messages: StoredMessage[] = [];
  for (const { action, composed } of await composeActions(t, fresh, marking(preparing))) {
    const draft = composed.ok ? await draftOf(t, action, { composed: composed.value, preparing }) : composed;
    const made = draft.ok ? messageOf(action, draft.value) : draft;
    found.set(action.actionId, made.ok ? ok(made.value.prepared) : made);
    if (made.ok) messages.push(made.value.message);
  }
  await storeMessages(t, messages, preparing.clock.now());
  return found;
}

/** The same, with the words marked in test mode. */
export function marking<Given extends Composing & { readonly testAddress?: string | null }>(preparing: Given): Given & Composing {
  if ((preparing.testAddress ?? null) === null) return preparing;
  return { ...preparing, mark: (rendered, { action, model }) => testMarked(rendered, { address: action.channel === 'email' ? action.recipient : null, name: model.debtor.name }) };
}

/** A draft as it is stored and as it is handed over; a letter must be able to arrive. */
function messageOf(action: ActionForMessage, { composed, mail, headerId }: Draft): Result<{ message: StoredMessage; prepared: Prepared }, readonly Problem[]> {
  const salt = newSalt(SALT_BYTES);
  const base = { actionId: action.actionId, channel: action.channel, headerId, composed, salt };
  const pdfSha256 = composed.pdf === null ? null : createHash('sha256').update(composed.pdf).digest('hex');
  const evidence = { salt, pdfSha256, template: composed.template };
  if (mail !== null) {
    const prepared = { mail, pdf: composed.pdf, sha256: mail.sha256, headerId, evidence: { ...evidence, recipient: mail.to, mimeSha256: mail.sha256 } };
    return ok({ message: { ...base, recipient: mail.to, mime: mail.bytes }, prepared });
  }
  const recipient = composed.model.debtor.addressLines.join(', ');
  if (recipient === '') return problem('noAddress', "Le client n'a pas d'adresse postale.", 'The customer has no postal address.');
  if (pdfSha256 === null) throw new Error(`nothing to hand over on channel ${action.channel}`);
  return ok({ message: { ...base, recipient, mime: null }, prepared: { mail: null, pdf: composed.pdf, sha256: pdfSha256, headerId, evidence: { ...evidence, recipient, mimeSha256: null } } });
}

/** A message as it would be now, nothing stored: its words, its pages, and the e-mail's bytes when its channel is e-mail. */
export type Draft = { readonly composed: Composed; readonly mail: StoredMail | null; readonly headerId: string };

/** Composes the message of an action without storing it. */
export async function draftMessage(t: Tenant, action: ActionForMessage, preparing: Preparing): Promise<Result<Draft, readonly Problem[]>> {
  const composed = await composeAction(t, action, marking(preparing));
  return composed.ok ? draftOf(t, action, { composed: composed.value, preparing }) : composed;
}

async function draftOf(t: Tenant, action: ActionForMessage, { composed, preparing }: { composed: Composed; preparing: Preparing }): Promise<Result<Draft, readonly Problem[]>> {
  const headerId = messageIdOf(`${preparing.sender.instance}:${t.organisation}:${action.actionId}`, domainOf(fromAddress(composed, preparing.sender)));
  if (action.channel !== 'email') return ok({ composed, mail: null, headerId });
  const mail = await mailOf(composed, { action, preparing, headerId, now: preparing.clock.now() });
  return mail.ok ? ok({ composed, mail: mail.value, headerId }) : mail;
}

const FROM_HEADER = /^From: .*?<?([^<>\s]+@[^<>\s]+?)>?\r$/m;

/** A stored e-mail's sender is the one in its bytes: the setting may have changed since. */
function fromStored(stored: Stored): Result<Prepared, readonly Problem[]> {
  if (stored.salt === null) return problem('erased', 'Ce message a été effacé avec son contact : rien ne peut repartir.', 'This message was erased with its contact: nothing can leave again.');
  const { salt, recipient, template, mime_sha256: mimeSha256, pdf_sha256: pdfSha256 } = stored;
  const base = { pdf: stored.pdf, sha256: mimeSha256 ?? pdfSha256 ?? '', headerId: stored.header_id, evidence: { salt, recipient, mimeSha256, pdfSha256, template } };
  if (stored.mime === null) return ok({ ...base, mail: null });
  const head = stored.mime.slice(0, stored.mime.indexOf('\r\n\r\n') + 2).replaceAll(/\r\n[ \t]+/g, ' ');
  const from = parseRecipient(FROM_HEADER.exec(head)?.[1] ?? '');
  const to = parseRecipient(stored.recipient);
  if (!from.ok) return err([from.error]);
  if (!to.ok) return err([to.error]);
  return ok({ ...base, mail: { from: from.value, to: to.value, bytes: Buffer.from(stored.mime, 'latin1'), sha256: base.sha256 } });
}

const fromAddress = (composed: Composed, sender: Sender): string => sender.from ?? composed.model.creditor.email ?? '';
const domainOf = (address: string): string => address.split('@')[1] ?? 'localhost.localdomain';

type Mailing = { action: ActionForMessage; preparing: Preparing; headerId: string; now: string };

async function mailOf(composed: Composed, of: Mailing): Promise<Result<StoredMail, readonly Problem[]>> {
  const address = fromAddress(composed, of.preparing.sender);
  if (address === '') {
    return problem('noSender', "La société n'a pas d'adresse e-mail d'expéditeur : renseignez-la dans ses coordonnées.",
      'The company has no sender e-mail address: enter it in its details.');
  }
  if (of.action.recipient === null) return problem('noRecipient', "L'action n'a pas de destinataire.", 'The action has no recipient.');
  const { creditor } = composed.model;
  return buildMail({
    from: { address, name: creditor.name },
    to: of.preparing.testAddress ?? of.action.recipient,
    ...(creditor.email !== null && creditor.email !== address ? { replyTo: { address: creditor.email, name: creditor.name } } : {}),
    subject: composed.rendered.subject, messageId: of.headerId, date: of.now, text: composed.rendered.text, html: composed.rendered.html,
    attachments: composed.pdf === null ? [] : [{ fileName: `${of.action.formalNotice ? 'mise-en-demeure' : 'courrier'}.pdf`, contentType: 'application/pdf', bytes: composed.pdf }],
  });
}
