import type { Result } from '../kernel/result.ts';
import { err, ok } from '../kernel/result.ts';
import type { Bilingual } from '../kernel/text.ts';
import { first, headAndBody, readFields, readParts } from './report-parts.ts';
import type { Fields, Part } from './report-parts.ts';

/**
 * What a report says of one recipient: `hard` the address is dead; `blocked` refused for good, the address is not to blame (policy,
 * size, content); `soft` refused or late for now; `complaint` called spam by its reader; `delivered` it arrived.
 */
export type ReportKind = 'hard' | 'blocked' | 'soft' | 'complaint' | 'delivered';

/** One line of a report. */
export type Reported = {
  readonly kind: ReportKind;
  /** In lower case; '' when the report does not name it (complaints often hide it). */
  readonly address: string;
  /** Enhanced status code (RFC 3463), or null. */
  readonly status: string | null;
  readonly diagnostic: string;
};

/** A report on one of our messages. */
export type DeliveryReport = {
  /** Message-ID of the message it is about, with its angle brackets; null when the report brings none back. */
  readonly messageId: string | null;
  readonly recipients: readonly Reported[];
};

/** Recipients of one report; ours have one each. */
const RECIPIENTS_MAX = 50;
/** Characters of a server's words that are kept. */
const DIAGNOSTIC_MAX = 500;

const NOT_A_REPORT: Bilingual = {
  fr: 'Ce message n’est ni un avis de non-remise (RFC 3464) ni une plainte (RFC 5965) : rien n’en est noté. Donnez le message d’origine complet, en-têtes compris.',
  en: 'This message is neither a delivery report (RFC 3464) nor a complaint (RFC 5965): nothing of it was noted. Give the whole original message, headers included.',
};

/**
 * Reads a delivery status notification (RFC 3464) or a feedback report (RFC 5965) as it came, one character per byte. Nothing in it is
 * believed yet: only a report that brings back the Message-ID of a message we sent says anything of it.
 */
export function readDeliveryReport(message: string): Result<DeliveryReport, Bilingual> {
  const { fields, parts } = readParts(message);
  const messageId = originalId(parts) ?? answeredId(fields, parts);
  const status = parts.find(({ type }) => type === 'message/delivery-status' || type === 'message/global-delivery-status');
  const feedback = parts.find(({ type }) => type === 'message/feedback-report');
  if (status !== undefined) {
    const blocks = status.body.trim().split(/\n\s*\n/).slice(0, RECIPIENTS_MAX + 1).map(readFields);
    const recipients = blocks.filter((fields) => fields.has('final-recipient') || fields.has('original-recipient')).flatMap(reportedOf);
    return recipients.length === 0 ? err(NOT_A_REPORT) : ok({ messageId, recipients });
  }
  if (feedback === undefined) return err(NOT_A_REPORT);
  const complaint = complaintOf(readFields(feedback.body));
  return complaint === null ? err(NOT_A_REPORT) : ok({ messageId, recipients: [complaint] });
}

/** A Message-ID with its angle brackets. */
const MESSAGE_ID = /<[^<>\s]{3,248}>/;

/** The Message-ID of the message brought back: whole, or its header only. */
function originalId(parts: readonly Part[]): string | null {
  for (const { type, body } of parts) {
    if (type !== 'message/rfc822' && type !== 'text/rfc822-headers' && type !== 'message/global' && type !== 'message/global-headers') continue;
    const found = MESSAGE_ID.exec(first(readFields(headAndBody(body.replace(/^\n+/, '')).head), 'message-id'));
    if (found !== null) return found[0];
  }
  return null;
}

/** The same of a report that brings nothing back: what its status names (Gmail), or what the report itself answers (Exchange). */
function answeredId(report: Fields, parts: readonly Part[]): string | null {
  const status = parts.find(({ type }) => type === 'message/delivery-status' || type === 'message/global-delivery-status');
  const named = status === undefined ? '' : first(readFields(headAndBody(status.body.trimStart()).head), 'x-original-message-id');
  return (MESSAGE_ID.exec(named) ?? MESSAGE_ID.exec(first(report, 'in-reply-to')))?.[0] ?? null;
}

/** "rfc822; Compta@Alpha.example" as "compta@alpha.example". */
function addressOf(field: string): string {
  const text = field.slice(field.indexOf(';') + 1).trim().replaceAll(/^<|>$/g, '');
  return text.length <= 254 && text.includes('@') ? text.toLowerCase() : '';
}

function reportedOf(fields: Fields): Reported[] {
  const status = /\b[245]\.\d{1,3}\.\d{1,3}\b/.exec(first(fields, 'status'))?.[0] ?? null;
  const kind = kindOf(first(fields, 'action').toLowerCase(), status);
  const diagnostic = first(fields, 'diagnostic-code').slice(0, DIAGNOSTIC_MAX);
  if (kind === null) return [];
  // What we asked to send to is what we know; a forwarded copy fails elsewhere.
  return [{ kind, address: addressOf(first(fields, 'original-recipient')) || addressOf(first(fields, 'final-recipient')), status, diagnostic }];
}

/** Statuses that condemn the address: it does not exist, moved, is closed, or its domain takes no mail. 5.0.0 and 5.1.0 are what old servers say of it. */
const DEAD = /^5\.(?:0\.0|1\.(?:[0-46]|10)|2\.1|4\.4)$/;
/** Permanent by their first digit, passing by their meaning: a full mailbox, a time-out. */
const PASSING = /^5\.(?:2\.2|4\.7)$/;

function kindOf(action: string, status: string | null): ReportKind | null {
  switch (action) {
    case 'delivered': return 'delivered';
    case 'delayed': return 'soft';
    case 'failed':
      if (status === null || DEAD.test(status)) return status === null ? 'blocked' : 'hard';
      return status.startsWith('4') || PASSING.test(status) ? 'soft' : 'blocked';
    // Relayed and expanded promise nothing either way.
    default: return null;
  }
}

function complaintOf(fields: Fields): Reported | null {
  const type = first(fields, 'feedback-type').toLowerCase();
  if (type !== 'abuse' && type !== 'fraud') return null;
  return { kind: 'complaint', address: addressOf(first(fields, 'original-rcpt-to')), status: null, diagnostic: `feedback: ${type}` };
}
