import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test, vi } from 'vitest';
import type { Instant } from '#core/kernel/clock.ts';
import { scratchFolder } from '#server/testing/scratch.ts';
import { callId, newWebhookSecret, secretText, signedHeaders } from './signature.ts';

/** Computed with `openssl dgst -sha256 -mac HMAC -macopt hexkey:… -binary | base64` over the printed text, without this program. */
const VECTORS = [
  {
    secret: '000102030405060708090a0b0c0d0e0f1011121314151617', text: 'whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX', id: 'evt_00', at: '2023-11-14T22:13:20.000Z', timestamp: '1700000000',
    body: '{"type":"webhook.test"}', signature: 'v1,N/69z3KkACXrfnZQ/nMWDcQFwZEA5n2YEevxaTQfycQ=',
  },
  {
    secret: 'ff'.repeat(32), text: 'whsec_//////////////////////////////////////////8=', id: 'evt_1', at: '2026-03-02T08:00:00.999Z', timestamp: '1772438400',
    body: '{"type":"promise.given","data":{"customer":{"code":"CLÉ-€"}}}', signature: 'v1,1wUFvSrvqmzqOh08eOqV7dEUSJnpqnzfD1U77h+gU5I=',
  },
] as const;

test.each(VECTORS)('signs as the specification says: $id', ({ secret, text, id, at, timestamp, body, signature }) => {
  const key = Buffer.from(secret, 'hex');
  expect(secretText(key)).toBe(text);
  expect(signedHeaders({ id, at: at as Instant, body: Buffer.from(body), secrets: [key] })).toEqual({ 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature });
});

const at = '2026-03-02T08:00:00.000Z' as Instant;
const NOW = Date.parse(at) / 1000;
const [old, current, other] = [newWebhookSecret(), newWebhookSecret(), newWebhookSecret()];
const body = '{"type":"dispute.opened"}';
const headers: Readonly<Record<string, string>> = signedHeaders({ id: 'evt_2', at, body: Buffer.from(body), secrets: [current, old] });

type Verify = (secret: string, headers: Readonly<Record<string, string>>, body: Buffer) => boolean;

/** The ten lines that docs/operate/webhooks.md gives to whoever writes a receiver, as they stand there. */
async function readVerifier(): Promise<Verify> {
  const page = await readFile(join(import.meta.dirname, '..', '..', '..', '..', 'docs', 'operate', 'webhooks.md'), 'utf8');
  const lines = /^( {4}import [\s\S]*?^ {4}\}\n)/mu.exec(page)?.[1] ?? '';
  const path = join(await scratchFolder(), 'verifier.mjs');
  await writeFile(path, lines.replaceAll(/^ {4}/gmu, ''));
  return ((await import(/* @vite-ignore */ pathToFileURL(path).href)) as { isOurs: Verify }).isOurs;
}

/** What such a receiver says of a call, on its own clock. */
async function accepts(secret: string, { headers: given, body: got }: { headers: Readonly<Record<string, string>>; body: string }, nowSeconds = NOW): Promise<boolean> {
  const isOurs = await readVerifier();
  vi.useFakeTimers({ now: nowSeconds * 1000 });
  try {
    return isOurs(secret, given, Buffer.from(got));
  } finally {
    vi.useRealTimers();
  }
}

test.each<[string, boolean, () => Promise<boolean>]>([
  ['the current secret', true, () => accepts(secretText(current), { headers, body })],
  ['the one before, while both sign', true, () => accepts(secretText(old), { headers, body })],
  ['a body that was changed', false, () => accepts(secretText(current), { headers, body: body.replace('opened', 'closed') })],
  ['another secret', false, () => accepts(secretText(other), { headers, body })],
  ['an old call played again', false, () => accepts(secretText(current), { headers, body }, NOW + 301)],
  ['another id', false, () => accepts(secretText(current), { headers: { ...headers, 'webhook-id': 'evt_3' }, body })],
  ['no signature', false, () => accepts(secretText(current), { headers: { ...headers, 'webhook-signature': '' }, body })],
])('a receiver given %s: %s', async (_name, wanted, ask) => {
  expect(await ask()).toBe(wanted);
});

test('an id is of one event and part: other hashes and other parts have others, and none can be mistaken for a dot of what is signed', () => {
  const hash = Buffer.alloc(32, 7);
  const ids = [callId(hash, 1), callId(hash, 2), callId(Buffer.alloc(32, 8), 1)];
  expect(new Set(ids).size).toBe(3);
  expect(callId(Buffer.from(hash), 1)).toBe(ids[0]);
  expect(ids.every((id) => /^evt_[0-9a-f]{40}$/.test(id))).toBe(true);
  expect(newWebhookSecret()).toHaveLength(32);
});
