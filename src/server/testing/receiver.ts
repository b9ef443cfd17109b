import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { ServerOptions } from 'node:https';
import type { AddressInfo, Server } from 'node:net';

/** Name in the certificate of test receivers; no test looks it up. */
export const RECEIVER_NAME = 'receiver.example.com';

/** A certificate that nobody but a test trusts, and its key: both are public, and of no other use. */
export const RECEIVER_CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBtjCCAVygAwIBAgIUP7SfUWwvQ9EqTL1uf04m+9D3GoUwCgYIKoZIzj0EAwIw
HzEdMBsGA1UEAwwUcmVjZWl2ZXIuZXhhbXBsZS5jb20wIBcNMjYxMTIyMTk1ODUw
WhgPMjEyNjEwMjkxOTU4NTBaMB8xHTAbBgNVBAMMFHJlY2VpdmVyLmV4YW1wbGUu
Y29tMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEeWKnyfrNtFcW9geUrkCajdAL
xpBDpOmBTRWBObPesBVkUmxtCYevS9z+MNNJvc0q5ExN2HppcFGQ4+vXxDExJaN0
MHIwHQYDVR0OBBYEFEd6Ufaeqbtb9az3ockUZcv7ReDCMB8GA1UdIwQYMBaAFEd6
Ufaeqbtb9az3ockUZcv7ReDCMA8GA1UdEwEB/wQFMAMBAf8wHwYDVR0RBBgwFoIU
cmVjZWl2ZXIuZXhhbXBsZS5jb20wCgYIKoZIzj0EAwIDSAAwRQIhAL/DXKP1S2NU
vgrt3VpgrV7kRkroC5YBiHktRZwtVuJ6AiBAE5LF4rF7JGi+kJP9WfyZ6u8xTb11
O0gcXhQhN2PDFw==
-----END CERTIFICATE-----`;
const RECEIVER_KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgW4QslCEui8x7r9bT
dD+Ab23O+FgJQnoVYSLj/W8knHqhRANCAAR5YqfJ+s20Vxb2B5SuQJqN0AvGkEOk
6YFNFYE5s96wFWRSbG0Jh69L3P4w00m9zSrkTE3YemlwUZDj69fEMTEl
-----END PRIVATE KEY-----`;

/** A request as a receiver got it. */
export type Received = { readonly path: string; readonly headers: IncomingHttpHeaders; readonly body: string };

/** Software that is told: what arrived, in order, and how it answers. Like a good receiver it keeps the ids it knows and takes nothing twice. */
export type Receiver = {
  readonly url: string;
  /** Host and port, to be named in ACQUIT_WEBHOOK_PRIVATE_HOSTS. */
  readonly host: string;
  readonly requests: Received[];
  /** Bodies taken, each id once. */
  readonly taken: Map<string, string>;
  /** Calls whose signature by this secret is right; the others are in `requests` alone, answered with 401. */
  secret: string | null;
  answer: RequestListener;
  close(): Promise<void>;
};

const OK: RequestListener = (_request, response) => void response.writeHead(204).end();

/** Opens a receiver on this machine: of http, or of https with the test certificate. */
export async function openReceiver(tls?: ServerOptions): Promise<Receiver> {
  const requests: Received[] = [];
  const taken = new Map<string, string>();
  const receive = (request: IncomingMessage, response: ServerResponse): void => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const got: Received = { path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString('utf8') };
      requests.push(got);
      const { secret } = receiver;
      if (secret !== null && !isSigned(got, secret)) return void response.writeHead(401).end();
      const id = String(got.headers['webhook-id']);
      if (!taken.has(id)) taken.set(id, got.body);
      receiver.answer(request, response);
    });
  };
  const server: Server = tls === undefined ? createServer(receive) : createSecureServer({ cert: RECEIVER_CERTIFICATE, key: RECEIVER_KEY, ...tls }, receive);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  const host = tls === undefined ? `127.0.0.1:${port}` : `${RECEIVER_NAME}:${port}`;
  const receiver: Receiver = {
    url: `${tls === undefined ? 'http' : 'https'}://${host}/hook`, host, requests, taken, secret: null, answer: OK,
    close: () => new Promise((done) => {
      server.close(() => done());
      if ('closeAllConnections' in server && typeof server.closeAllConnections === 'function') server.closeAllConnections();
    }),
  };
  return receiver;
}

/** Whether a request is signed with a secret, as any receiver would check it. */
export function isSigned({ headers, body }: Received, secret: string): boolean {
  const wanted = createHmac('sha256', Buffer.from(secret.slice('whsec_'.length), 'base64')).update(`${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`).digest();
  return String(headers['webhook-signature']).split(' ').some((one) => {
    const digest = createHash('sha256').update(Buffer.from(one.replace('v1,', ''), 'base64')).digest();
    return timingSafeEqual(digest, createHash('sha256').update(wanted).digest());
  });
}
