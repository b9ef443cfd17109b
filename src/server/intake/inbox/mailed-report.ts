import type { OrganisationId } from '#core/kernel/id.ts';
import { fieldsOf } from './sender.ts';

/**
 * What became of a delivery report that came to the mailbox. `left` stays where it is, unread, for a person: `notOurs` names no message
 * of the organisation or another address, `unreadable` says nothing that can be read, `failed` made its reading fail again and again.
 */
export type MailedReport =
  | { readonly kind: 'noted'; readonly bounces: number; readonly contacts: number; readonly halted: boolean }
  | { readonly kind: 'left'; readonly because: 'notOurs' | 'unreadable' | 'failed' };

/** Who reads the delivery reports of a mailbox: what is sent is not the business of what comes in. */
export type ReportReader = {
  /** Bytes of a report that are looked at; the rest is the message it brings back. */
  readonly bytesMax: number;
  /** Notes what a report says of a message of the organisation; the same one again notes nothing more. Throws when the database is away. */
  take(organisation: OrganisationId, source: Buffer): Promise<MailedReport>;
};

/** Reports noted and left, and what the noted ones told, since the worker began. */
export type ReportCount = { readonly noted: number; readonly bounces: number; readonly left: number };

/** What one report adds to the count. */
export const countOf = (report: MailedReport): ReportCount =>
  (report.kind === 'noted' ? { noted: 1, bounces: report.bounces, left: 0 } : { noted: 0, bounces: 0, left: 1 });

const REPORT = /^multipart\/report\s*(?:;|$)/i;
/** Proof that somebody opened a message: no word on whether it arrived where it should. */
const READ_RECEIPT = /report-type\s*=\s*"?disposition-notification/i;

/** Whether a header is that of a delivery report (RFC 3464) or a complaint (RFC 5965): programs answer so, people do not. */
export function isReportHeader(header: Buffer): boolean {
  const type = fieldsOf(header).find(({ name }) => name === 'content-type')?.value ?? '';
  return REPORT.test(type) && !READ_RECEIPT.test(type);
}
