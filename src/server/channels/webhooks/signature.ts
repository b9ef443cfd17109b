import { createHash, createHmac } from 'node:crypto';
import type { Instant } from '#core/kernel/clock.ts';
import { newSalt } from '#server/plumbing/random.ts';

/** Bytes of a signing secret; the Standard Webhooks specification asks for 24 to 64. */
const SECRET_BYTES = 32;
/** Hexadecimal digits of an event's hash that its id keeps: 160 bits, which no two events share. */
const ID_DIGITS = 40;

/** A new signing secret. */
export const newWebhookSecret = (): Buffer => newSalt(SECRET_BYTES);

/** A secret as its receiver is given it: `whsec_` and base64. */
export const secretText = (secret: Uint8Array): string => `whsec_${Buffer.from(secret).toString('base64')}`;

/**
 * The id of a call: from the hash that the event has in its organisation's chain, and the part of it. The same at every try, on every webhook, and in a restored
 * database; places in the chain repeat after a restore, hashes of other events do not.
 */
export const callId = (hash: Uint8Array, part: number): string =>
  `evt_${createHash('sha256').update('acquit webhook ').update(hash).update(` ${part}`).digest('hex').slice(0, ID_DIGITS)}`;

/** What is signed, by which secrets: the current one, and for a day after a change the one before. */
export type ToSign = { readonly id: string; readonly at: Instant; readonly body: Uint8Array; readonly secrets: readonly Uint8Array[] };

const signatureOf = (signed: Buffer, secret: Uint8Array): string => `v1,${createHmac('sha256', secret).update(signed).digest('base64')}`;

/** The headers of a call by the Standard Webhooks specification 1.0: id, seconds since 1970, HMAC-SHA256 over `id.timestamp.body`, one signature for each secret. */
export function signedHeaders({ id, at, body, secrets }: ToSign): { 'webhook-id': string; 'webhook-timestamp': string; 'webhook-signature': string } {
  const timestamp = String(Math.floor(Date.parse(at) / 1000));
  const signed = Buffer.concat([Buffer.from(`${id}.${timestamp}.`, 'utf8'), body]);
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': secrets.map((secret) => signatureOf(signed, secret)).join(' ') };
}
