import type { RequestListener, ServerResponse } from 'node:http';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { performance } from 'node:perf_hooks';
import { afterAll, expect, test } from 'vitest';
import { openReceiver, RECEIVER_CERTIFICATE, RECEIVER_NAME } from '#server/testing/receiver.ts';
import type { Receiver } from '#server/testing/receiver.ts';
import { webhookClient } from './post.ts';
import type { Post, Posted, PostParts } from './post.ts';

const open: Receiver[] = [];
afterAll(async () => {
  for (const one of open) await one.close();
});
async function receiver(answer?: RequestListener, tls?: Parameters<typeof openReceiver>[0]): Promise<Receiver> {
  const one = await openReceiver(tls);
  if (answer !== undefined) one.answer = answer;
  open.push(one);
  return one;
}
const clientOf = (one: Receiver, given: Partial<PostParts> = {}): Post => webhookClient({ hosts: new Set([one.host]), resolve: async () => ['127.0.0.1'], ...given });
const body = Buffer.from('{"type":"webhook.test"}');
const call = (one: Receiver, given: Partial<PostParts> = {}): Promise<Posted> => clientOf(one, given)({ url: one.url, headers: { 'webhook-id': 'evt_1' }, body });

/** Short, so that the tests are; the product has ten seconds. */
const CALL_MS = 400;
const trickle = (response: ServerResponse): void => {
  const timer = setInterval(() => response.write('x'), 50);
  response.on('close', () => clearInterval(timer));
};

test.each<[string, RequestListener, Posted]>([
  ['never answers', () => undefined, { outcome: 'timeout', status: null }],
  ['answers its status at once and its body a byte at a time', (_q, r) => (r.writeHead(200), trickle(r)), { outcome: 'taken', status: 200 }],
  ['sends elsewhere', (_q, r) => void r.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(), { outcome: 'refused', status: 302 }],
  ['sends elsewhere with the body', (_q, r) => void r.writeHead(307, { location: '/other' }).end(), { outcome: 'refused', status: 307 }],
  ['is gone', (_q, r) => void r.writeHead(410).end(), { outcome: 'refused', status: 410 }],
  ['fails', (_q, r) => void r.writeHead(500).end('boom'), { outcome: 'refused', status: 500 }],
  ['answers too late', (_q, r) => void setTimeout(() => r.writeHead(200).end(), 2_000).unref(), { outcome: 'timeout', status: null }],
  ['sets cookies', (_q, r) => void r.writeHead(200, { 'set-cookie': 'a=b' }).end(), { outcome: 'taken', status: 200 }],
  ['answers with our secret', (_q, r) => void r.writeHead(400).end('whsec_AAAA'), { outcome: 'refused', status: 400 }],
  ['hangs up', (q) => void q.socket.destroy(), { outcome: 'broken', status: null }],
  ['switches protocols', (_q, r) => void r.socket?.end('HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'), { outcome: 'refused', status: 101 }],
])('a receiver that %s', async (_name, answer, wanted) => {
  const one = await receiver(answer);
  const began = performance.now();
  expect(await call(one, { callMs: CALL_MS })).toEqual(wanted);
  expect(performance.now() - began).toBeLessThan(CALL_MS + 1_500);
  // Once: nothing is tried again below the ledger, nothing is followed.
  expect(one.requests.map(({ path }) => path)).toEqual(['/hook']);
  expect(Object.keys(one.requests[0]?.headers ?? {}).toSorted()).toEqual(['connection', 'content-length', 'content-type', 'host', 'user-agent', 'webhook-id']);
  expect(await call(one, { callMs: CALL_MS })).toEqual(wanted);
  expect(one.requests.at(-1)?.headers['cookie']).toBeUndefined();
});

test('an answer without end is read to its limit and cut', async () => {
  const ended = { bytes: 0 };
  const one = await receiver((_q, r) => {
    r.writeHead(200);
    r.on('close', () => (ended.bytes = r.socket?.bytesWritten ?? 1));
    const more = (): void => {
      while (!r.destroyed && r.write(Buffer.alloc(16_384)));
      if (!r.destroyed) r.once('drain', more);
    };
    more();
  });
  expect(await call(one, { callMs: 5_000 })).toEqual({ outcome: 'taken', status: 200 });
  // What lies in the buffers between the two counts too: some megabytes of ten thousand.
  await expect.poll(() => ended.bytes > 0 && ended.bytes < 20_000_000).toBe(true);
});

test('https: the certificate must be right, for the name that was entered', async () => {
  const one = await receiver(undefined, {});
  expect(await call(one, { ca: RECEIVER_CERTIFICATE })).toEqual({ outcome: 'taken', status: 204 });
  expect(one.requests).toMatchObject([{ headers: { host: one.host }, body: body.toString() }]);
  expect(await call(one)).toEqual({ outcome: 'tls', status: null });
  const other = one.host.replace(RECEIVER_NAME, 'other.example.com');
  expect(await webhookClient({ hosts: new Set([other]), resolve: async () => ['127.0.0.1'], ca: RECEIVER_CERTIFICATE })({ url: `https://${other}/hook`, headers: {}, body })).toEqual({ outcome: 'tls', status: null });
  expect(one.requests).toHaveLength(1);
});

test('https of TLS 1.0 or 1.1 is no https', async () => {
  const one = await receiver(undefined, { maxVersion: 'TLSv1.1', minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' });
  expect(await call(one, { ca: RECEIVER_CERTIFICATE })).toEqual({ outcome: 'tls', status: null });
  expect(one.requests).toEqual([]);
});

test('the name is looked up once, and what was looked at is what is connected to: a name that changes meanwhile leads nowhere', async () => {
  const one = await receiver(undefined, {});
  const answers = [['127.0.0.1'], ['240.0.0.1']];
  // No other look-up knows this name: a client that asked a second time would not have arrived.
  expect(await call(one, { ca: RECEIVER_CERTIFICATE, resolve: async () => answers.shift() ?? [] })).toEqual({ outcome: 'taken', status: 204 });
  expect(answers).toEqual([['240.0.0.1']]);
});

test('nothing listens: it cannot have arrived, and is no unknown end', async () => {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  const host = `127.0.0.1:${port}`;
  expect(await webhookClient({ hosts: new Set([host]) })({ url: `http://${host}/`, headers: {}, body })).toEqual({ outcome: 'connection', status: null });
});

test('a name with several addresses: the one that does not answer is passed over, all of them were looked at', async () => {
  const one = await receiver();
  const port = one.host.split(':').at(-1) ?? '';
  const host = `erp.lan:${port}`;
  const callOf = (answers: readonly string[]): Promise<Posted> => webhookClient({ hosts: new Set([host]), resolve: async () => answers })({ url: `http://${host}/hook`, headers: {}, body });
  expect(await callOf(['127.0.0.2', '127.0.0.1'])).toEqual({ outcome: 'taken', status: 204 });
  expect(await callOf(['127.0.0.1', '169.254.169.254'])).toEqual({ outcome: 'address', status: null });
  expect(one.requests).toHaveLength(1);
});

test('a receiver that never ends its answers holds one connection, not one for each call', async () => {
  const seen = { open: 0, most: 0 };
  const one = await receiver((_q, r) => {
    seen.open += 1;
    seen.most = Math.max(seen.most, seen.open);
    r.on('close', () => (seen.open -= 1));
    r.writeHead(200, { 'content-length': '5' });
    r.flushHeaders();
  });
  for (let count = 0; count < 3; count += 1) expect(await call(one)).toEqual({ outcome: 'taken', status: 200 });
  expect(seen.most).toBe(1);
});
