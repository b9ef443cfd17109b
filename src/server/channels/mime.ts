import { createHash } from 'node:crypto';
import MailComposer from 'nodemailer/lib/mail-composer';
import type { Problem } from '#core/kernel/problem.ts';
import { err, ok } from '#core/kernel/result.ts';
import type { Result } from '#core/kernel/result.ts';
import { mimeProblems } from './mime-problems.ts';
import type { Mailbox, MimeMessage } from './mime-problems.ts';
import { parseRecipient } from '#core/kernel/email-address.ts';
import type { Recipient } from '#core/kernel/email-address.ts';
import { storedBytesProblem } from './stored-bytes.ts';

/** The exact bytes of one e-mail, with their SHA-256 and the two addresses of its envelope. Stored before the first attempt,
 * sent as they are by every attempt. */
export type StoredMail = { readonly from: Recipient; readonly to: Recipient; readonly bytes: Buffer; readonly sha256: string };

/** "=_" cannot stand in quoted-printable text ("=" is written "=3D") nor in base64: no body can hold a boundary. */
const BOUNDARY_PREFIX = '=_acquit';

const sha256 = (bytes: string | Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** The Message-ID of an intent, always the same: a digest of the intent's key at the sender's domain, so that the key stays private. */
export function messageIdOf(intent: string, domain: string): string {
  return `<${sha256(intent).slice(0, 32)}@${domain}>`;
}

const mailbox = (given: Mailbox): { address: string; name: string } => ({ address: given.address, name: given.name ?? '' });

/** The Date header (RFC 5322, 3.3): "Sun, 15 Feb 2026 08:00:00 +0000". */
const dateHeader = (instant: string): string => new Date(instant).toUTCString().replace('GMT', '+0000');

/** Line ends of a body as e-mail wants them; the text itself is untouched. */
const crlf = (body: string): string => body.replaceAll(/\r\n|\r|\n/g, '\r\n');

function compose(message: MimeMessage): Promise<Buffer> {
  const { inReplyTo, replyTo } = message;
  const composer = new MailComposer({
    disableFileAccess: true,
    disableUrlAccess: true,
    boundaryPrefix: BOUNDARY_PREFIX,
    baseBoundary: sha256(message.messageId).slice(0, 24),
    from: mailbox(message.from),
    to: { address: message.to, name: '' },
    ...(replyTo === undefined ? {} : { replyTo: mailbox(replyTo) }),
    subject: message.subject,
    messageId: message.messageId,
    date: dateHeader(message.date),
    ...(inReplyTo === undefined ? {} : { inReplyTo, references: inReplyTo }),
    text: { content: crlf(message.text), contentTransferEncoding: 'quoted-printable' },
    html: { content: crlf(message.html), contentTransferEncoding: 'quoted-printable' },
    attachments: (message.attachments ?? []).map((file) => ({
      filename: file.fileName,
      contentType: file.contentType,
      contentTransferEncoding: 'base64',
      contentDisposition: 'attachment',
      content: Buffer.from(file.bytes),
    })),
  });
  return composer.compile().build();
}

/** Builds an e-mail's bytes: From, To, Reply-To, Subject, Message-ID, Date, threading and the MIME headers, and no other.
 * The same message gives the same bytes whenever it is asked for. */
export async function buildMail(message: MimeMessage): Promise<Result<StoredMail, readonly Problem[]>> {
  const problems = mimeProblems(message);
  const from = parseRecipient(message.from.address);
  const to = parseRecipient(message.to);
  if (problems.length > 0 || !from.ok || !to.ok) return err(problems);
  const bytes = await compose(message);
  const wrong = storedBytesProblem(bytes);
  if (wrong !== null) return err([wrong]);
  return ok({ from: from.value, to: to.value, bytes, sha256: sha256(bytes) });
}
