import type { Problem } from './problem.ts';
import { err, ok } from './result.ts';
import type { Result } from './result.ts';

declare const brand: unique symbol;

/** One e-mail address that can be nothing else: an ASCII dot-atom, @, a domain of A-labels with at least one dot. */
export type Recipient = string & { readonly [brand]: 'recipient' };

/** Octets of a local part (RFC 5321, 4.5.3.1.1). */
export const LOCAL_PART_MAX = 64;
/** Characters of a domain that still fits 255 octets on the wire (RFC 1035, 2.3.4). */
export const DOMAIN_MAX = 253;
/** Characters of an address in a path of 256 octets with its angle brackets (RFC 5321, 4.5.3.1.3). */
export const ADDRESS_MAX = 254;

/** RFC 5322 dot-atom, less "%" and "!": old relays read a second route in them. */
const LOCAL_PART = /^[A-Za-z0-9#$&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9#$&'*+/=?^_`{|}~-]+)*$/;
/** Letters, digits, hyphens inside; no hyphens in third and fourth place but for "xn--" (RFC 5890, 2.3.1). */
const LABEL = /^(?!(?!xn--)..--)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i;
/** A top-level domain is no number: "127.0.0.1" is an address of another kind. */
const NUMBER = /^[0-9]+$/;

/** Characters of a refused address quoted back: enough to recognise it. */
const QUOTED_MAX = 60;

function isRecipient(text: string): text is Recipient {
  if (text.length > ADDRESS_MAX) return false;
  const at = text.indexOf('@');
  const local = text.slice(0, at);
  const domain = text.slice(at + 1);
  if (at < 1 || local.length > LOCAL_PART_MAX || !LOCAL_PART.test(local) || local.includes('=?')) return false;
  const labels = domain.split('.');
  const top = labels.at(-1) ?? '';
  return domain.length <= DOMAIN_MAX && labels.length >= 2 && labels.every((label) => LABEL.test(label)) && !NUMBER.test(top);
}

/** A refused text, made safe to show: controls and everything beyond ASCII as their code. */
const shown = (text: string): string =>
  Array.from(text.slice(0, QUOTED_MAX), (character) =>
    /[\x20-\x7e]/.test(character) ? character : `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  ).join('');

/** Reads an address as it stands: nothing is trimmed, decoded or lower-cased, so that what is checked is what is sent to.
 * Lists, display names, comments, quotes, routes, literals and non-ASCII domains are refused (write the A-label, "xn--…"). */
export function parseRecipient(text: string): Result<Recipient, Problem> {
  if (isRecipient(text)) return ok(text);
  return err({
    line: 0,
    severity: 'error',
    code: 'channels.recipient',
    message: {
      fr: `« ${shown(text)} » n’est pas une adresse e-mail unique et simple (nom@domaine.fr) : corrigez la fiche du contact.`,
      en: `"${shown(text)}" is not one plain e-mail address (name@domain.com): correct the contact’s record.`,
    },
  });
}
