import type { Problem } from '#core/kernel/problem.ts';
import { SUBJECT_LENGTH_MAX } from '#core/letters/render.ts';
import { parseRecipient } from '#core/kernel/email-address.ts';

/** Someone in a header: the address, and the name shown beside it if any. */
export type Mailbox = { readonly address: string; readonly name?: string };

/** A file joined to an e-mail. */
export type Attachment = { readonly fileName: string; readonly contentType: 'application/pdf'; readonly bytes: Uint8Array };

/** An e-mail to one person, complete: whoever asks for its bytes twice gives the same values twice. */
export type MimeMessage = {
  readonly from: Mailbox;
  /** One strict address; the envelope has the same. */
  readonly to: string;
  readonly replyTo?: Mailbox;
  readonly subject: string;
  /** "<left@domain>", fixed with the intent. */
  readonly messageId: string;
  /** The instant of the Date header, fixed with the intent: "2026-02-15T08:00:00.000Z". */
  readonly date: string;
  /** Message-ID of the message this one follows, to thread reminders. */
  readonly inReplyTo?: string;
  readonly text: string;
  readonly html: string;
  readonly attachments?: readonly Attachment[];
};

/** Characters of a name shown beside an address. */
export const DISPLAY_NAME_MAX = 200;
/** Characters of a Message-ID: one header line of 998 at most, and none needs more than this. */
export const MESSAGE_ID_MAX = 250;
/** Characters of a joined file's name: file systems stop at 255 octets, mail programs cut earlier. */
export const FILE_NAME_MAX = 120;
/** Characters of one body: a statement of 1000 items is 400 kB of HTML. */
export const BODY_LENGTH_MAX = 4 * 1024 * 1024;
/** Bytes of all files together: in base64 they make 10.3 MB, most servers take 10 to 25. */
export const ATTACHMENT_BYTES_MAX = 7 * 1024 * 1024;
/** Files of one message. */
export const ATTACHMENTS_MAX = 5;

const MESSAGE_ID = /^<[A-Za-z0-9!#$&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$&'*+/=?^_`{|}~-]+)*@[A-Za-z0-9.-]+>$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;
/** What can end a header line or hide in it. */
const CONTROLS = /[\p{Cc}\u2028\u2029]/u;
/** Path separators, wildcards and quotes of the usual systems, or a hidden file's dot. */
const FILE_NAME_MARKS = /[\\/:*?"<>|]|^\.|[. ]$/;

const refused = (code: string, fr: string, en: string): Problem => ({ line: 0, severity: 'error', code: `channels.${code}`, message: { fr, en } });

function headerProblem(header: string, text: string, max: number): Problem | null {
  if (CONTROLS.test(text) || !text.isWellFormed()) {
    return refused(
      'headerControl',
      `L’en-tête ${header} contient un saut de ligne ou un caractère de contrôle : corrigez la donnée d’origine. Rien n’est parti.`,
      `The ${header} header holds a line break or a control character: correct its source. Nothing was sent.`,
    );
  }
  if (text.length <= max) return null;
  return refused(
    'headerTooLong',
    `L’en-tête ${header} compte ${text.length} caractères, plus de ${max} : raccourcissez-le.`,
    `The ${header} header has ${text.length} characters, more than ${max}: shorten it.`,
  );
}

function mailboxProblems(header: string, mailbox: Mailbox): (Problem | null)[] {
  const address = parseRecipient(mailbox.address);
  return [address.ok ? null : address.error, headerProblem(header, mailbox.name ?? '', DISPLAY_NAME_MAX)];
}

function idProblem(header: string, id: string): Problem | null {
  const wrong = headerProblem(header, id, MESSAGE_ID_MAX);
  if (wrong !== null || MESSAGE_ID.test(id)) return wrong;
  return refused('messageId', `L’en-tête ${header} n’est pas un identifiant de message (<nom@domaine>).`, `The ${header} header is no message identifier (<name@domain>).`);
}

function attachmentProblems(attachments: readonly Attachment[]): (Problem | null)[] {
  const size = attachments.reduce((total, file) => total + file.bytes.length, 0);
  const found = attachments.flatMap((file) => [
    headerProblem('Content-Disposition', file.fileName, FILE_NAME_MAX),
    file.fileName === '' || FILE_NAME_MARKS.test(file.fileName)
      ? refused('fileName', 'Le nom d’une pièce jointe est vide ou contient un chemin ou un signe interdit : renommez-la.', 'The name of an attached file is empty or holds a path or a forbidden sign: rename it.')
      : null,
  ]);
  if (size > ATTACHMENT_BYTES_MAX || attachments.length > ATTACHMENTS_MAX) {
    found.push(refused('attachments', 'Les pièces jointes sont trop nombreuses ou dépassent 7 Mo : envoyez-en moins.', 'The attached files are too many or over 7 MB: send fewer.'));
  }
  return found;
}

function bodyProblem(name: string, body: string): Problem | null {
  if (body !== '' && body.length <= BODY_LENGTH_MAX && body.isWellFormed() && !body.includes('\0')) return null;
  return refused('body', `Le corps ${name} du message est vide, trop long ou mal codé.`, `The ${name} body of the message is empty, too long or badly encoded.`);
}

/** Everything that forbids an e-mail to leave: a header that could become two, a second recipient, a limit. */
export function mimeProblems(message: MimeMessage): Problem[] {
  const to = parseRecipient(message.to);
  const found: (Problem | null)[] = [
    ...mailboxProblems('From', message.from),
    to.ok ? null : to.error,
    ...(message.replyTo === undefined ? [] : mailboxProblems('Reply-To', message.replyTo)),
    headerProblem('Subject', message.subject, SUBJECT_LENGTH_MAX),
    message.subject.trim() === '' ? refused('subjectEmpty', 'L’objet est vide.', 'The subject is empty.') : null,
    idProblem('Message-ID', message.messageId),
    message.inReplyTo === undefined ? null : idProblem('In-Reply-To', message.inReplyTo),
    INSTANT.test(message.date) && !Number.isNaN(Date.parse(message.date)) ? null : refused('date', 'La date du message n’est pas un instant UTC.', 'The date of the message is no UTC instant.'),
    bodyProblem('text', message.text),
    bodyProblem('HTML', message.html),
    ...attachmentProblems(message.attachments ?? []),
  ];
  return found.filter((problem) => problem !== null);
}
