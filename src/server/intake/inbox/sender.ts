import { simpleParser } from 'mailparser';
import type { Problem } from '#core/kernel/problem.ts';
import { inboxProblem } from './inbox-problems.ts';

/** What the header of a message says of who sent it: one of the listed, somebody else, or one whom nothing may be taken from. */
export type SenderVerdict =
  | { readonly kind: 'listed'; readonly address: string }
  | { readonly kind: 'other' }
  | { readonly kind: 'refused'; readonly address: string; readonly found: Problem };

/** Header lines, unfolded, with their names in lower case, in their order. */
export function fieldsOf(header: Buffer): { name: string; value: string }[] {
  const lines = header.toString('utf8').replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/);
  return lines.flatMap((line) => {
    const colon = line.indexOf(':');
    return colon < 1 ? [] : [{ name: line.slice(0, colon).trim().toLowerCase(), value: line.slice(colon + 1).trim() }];
  });
}

type Address = { readonly address?: string; readonly group?: readonly Address[] };

const flat = (all: readonly Address[]): string[] => all.flatMap((one) => [...(one.address === undefined || one.address === '' ? [] : [one.address.toLowerCase()]), ...flat(one.group ?? [])]);

/** Addresses of one From line, those of groups too. */
async function addressesOf(value: string): Promise<string[]> {
  const parsed = await simpleParser(Buffer.from(`From: ${value}\r\n\r\n`));
  return flat(parsed.from?.value ?? []);
}

/** Whether an address is one of the listed ones or of a listed domain; sub-domains are other domains. */
function isListed(address: string, senders: readonly string[]): boolean {
  return senders.includes(address) || senders.includes(address.slice(address.lastIndexOf('@')));
}

/** Results a server adds when it cannot say who sent a message ("dmarc=fail", RFC 8601), comments taken out for they may hold anything. */
const FAILED = /(?:^|[\s;])(dmarc|spf|dkim)\s*=\s*(?:fail|hardfail)\b/gi;
const PASSED_DMARC = /(?:^|[\s;])dmarc\s*=\s*pass\b/i;

/**
 * The check that failed, or null. A failed DMARC counts wherever it stands; a failed SPF or DKIM alone (lists and forwarding break
 * them) does not when the topmost result, that of the receiving server, has DMARC pass. A pass further down may be the sender's own.
 */
export function failedCheck(results: readonly string[]): string | null {
  const said = results.map((one) => one.replace(/\([^()]*\)/g, ' '));
  const failed = said.flatMap((one) => [...one.matchAll(FAILED)].map(([, check = '']) => check.toLowerCase()));
  if (failed.includes('dmarc')) return 'dmarc=fail';
  const [first] = failed;
  return first === undefined || PASSED_DMARC.test(said[0] ?? '') ? null : `${first}=fail`;
}

/** Subject and date of a message as its report names it. */
export async function describeMessage(header: Buffer): Promise<{ subject: string; date: string }> {
  const parsed = await simpleParser(Buffer.concat([header, Buffer.from('\r\n\r\n')]));
  return { subject: parsed.subject?.trim() ?? '', date: parsed.date?.toISOString() ?? '?' };
}

/** Judges the sender by the From and Authentication-Results lines of a message. */
export async function judgeSender(header: Buffer, senders: readonly string[]): Promise<SenderVerdict> {
  const fields = fieldsOf(header);
  const from = fields.filter((field) => field.name === 'from');
  const addresses = (await Promise.all(from.map((field) => addressesOf(field.value)))).flat();
  const listed = addresses.find((address) => isListed(address, senders));
  if (listed === undefined) return { kind: 'other' };
  if (from.length > 1 || addresses.length > 1) return { kind: 'refused', address: listed, found: inboxProblem('senderUnclear', {}) };
  const check = failedCheck(fields.filter((field) => field.name === 'authentication-results').map((field) => field.value));
  return check === null ? { kind: 'listed', address: listed } : { kind: 'refused', address: listed, found: inboxProblem('senderForged', { check }) };
}
