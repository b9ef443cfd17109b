import { lookup, Resolver } from 'node:dns/promises';
import { request as requestHttp } from 'node:http';
import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP } from 'node:net';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { CallOutcome } from '#core/channels/webhook-retry.ts';
import { err, ok } from '#core/kernel/result.ts';
import type { Result } from '#core/kernel/result.ts';
import { readTarget, refusedAddress } from './target.ts';
import type { PrivateHosts, Target } from './target.ts';

/** All of a call, from the look-up of the name to the end of the answer. */
export const CALL_MS = 10_000;
/** Of an answer no more is read, nor for longer; nothing of it but its status is kept, since answers may hold our secret. */
const ANSWER_BYTES_MAX = 64 * 1024;
const ANSWER_MS = 1_000;
/** Of the addresses of a name so many are tried, each for so long unless it is the last one: all of it lies within the time of a call. */
const ADDRESSES_MAX = 4;
const CONNECT_MS = 2_000;
const TAKEN_FROM = 200;
const TAKEN_BELOW = 300;

/** One hand-off: where to, with which headers, which bytes. */
export type Posting = { readonly url: string; readonly headers: Readonly<Record<string, string>>; readonly body: Uint8Array };

/** What became of it; `status` of an answer. */
export type Posted = { readonly outcome: Exclude<CallOutcome, 'lost'>; readonly status: number | null };

/** Hands over one call. Never throws, never tries twice, follows no redirect. */
export type Post = (posting: Posting) => Promise<Posted>;

/** Every address of a name; a test puts answers of its own in its place. */
export type Resolve = (host: string) => Promise<readonly string[]>;

/** What a client works with; `ca` is for tests with a certificate of their own. */
export type PostParts = { readonly hosts: PrivateHosts; readonly resolve?: Resolve; readonly ca?: string; readonly callMs?: number };

/** Asked of DNS servers directly: a look-up of the system takes one of four threads for as long as it hangs, and the send journal needs them. */
const DNS = { timeout: 2_000, tries: 2 } as const;
/** DNS says of a name that it has no such address. */
const NO_ADDRESS: ReadonlySet<unknown> = new Set(['ENODATA', 'ENOTFOUND']);

async function publicResolve(host: string): Promise<readonly string[]> {
  const resolver = new Resolver(DNS);
  const none = (error: unknown): string[] => {
    if (error instanceof Error && 'code' in error && NO_ADDRESS.has(error.code)) return [];
    throw error;
  };
  const found = await Promise.allSettled([resolver.resolve4(host).catch(none), resolver.resolve6(host).catch(none)]);
  // Many servers fail at the one kind that a name does not have. What they do not say is not connected to.
  return found.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
}

/** Hosts that the operator named are often known to this machine alone (/etc/hosts). */
const systemResolve: Resolve = async (host) => (await lookup(host, { all: true, order: 'ipv4first' })).map(({ address }) => address);

const without = (outcome: Posted['outcome']): Posted => ({ outcome, status: null });

/** The client of outgoing calls. */
export function webhookClient({ hosts, resolve, ca, callMs = CALL_MS }: PostParts): Post {
  return async ({ url, headers, body }) => {
    const target = readTarget(url, hosts);
    if (!target.ok) return without('address');
    const over = AbortSignal.timeout(callMs);
    const addresses = await addressesOf(target.value, { resolve: resolve ?? (target.value.private ? systemResolve : publicResolve), over });
    if (!addresses.ok) return without(addresses.error);
    return handOver(target.value, { addresses: addresses.value, headers, body, over, ...(ca === undefined ? {} : { ca }) });
  };
}

/** Looks the name up once. One private answer among public ones refuses them all, as does a look-up that fails or takes too long. */
async function addressesOf({ host, private: named }: Target, { resolve, over }: { resolve: Resolve; over: AbortSignal }): Promise<Result<readonly string[], 'dns' | 'address'>> {
  if (isIP(host) !== 0) return refusedAddress(host, named) ? err('address') : ok([host]);
  const tooLate = new Promise<null>((done) => over.addEventListener('abort', () => done(null), { once: true }));
  const answers = await Promise.race([resolve(host).catch(() => null), tooLate]);
  if (answers === null || answers.length === 0) return err('dns');
  return answers.some((answer) => refusedAddress(answer, named)) ? err('address') : ok(answers.slice(0, ADDRESSES_MAX));
}

type HandOver = { readonly addresses: readonly string[]; readonly headers: Readonly<Record<string, string>>; readonly body: Uint8Array; readonly over: AbortSignal; readonly ca?: string };

/** How far the connection came: what fails before `open` cannot have arrived. */
type Reached = 'nothing' | 'tcp' | 'open';

function handOver(target: Target, { addresses, headers, body, over, ca }: HandOver): Promise<Posted> {
  const looked = addresses.map((address) => ({ address, family: isIP(address) }));
  const [first = { address: '', family: 0 }] = looked;
  const options: RequestOptions & { servername?: string; ca?: string; autoSelectFamily: boolean; autoSelectFamilyAttemptTimeout: number } = {
    host: target.host, port: target.port, path: target.path, method: 'POST', agent: false, signal: over,
    // The addresses that were looked at are the ones connected to, one after the other until one is there: nothing is looked up a second time.
    lookup: (_host, asked, done) => (asked.all === true ? done(null, looked) : done(null, first.address, first.family)), autoSelectFamily: true, autoSelectFamilyAttemptTimeout: CONNECT_MS,
    headers: { ...headers, 'content-type': 'application/json', 'content-length': body.byteLength, 'user-agent': 'Acquit', connection: 'close' },
    ...(target.secure && isIP(target.host) === 0 ? { servername: target.host } : {}), ...(ca === undefined ? {} : { ca }),
  };
  return new Promise((done) => {
    let reached: Reached = 'nothing';
    let answered: Posted | null = null;
    const request: ClientRequest = target.secure ? requestHttps(options) : requestHttp(options);
    request.on('socket', (socket: Socket) => {
      socket.on('connect', () => {
        reached = target.secure ? 'tcp' : 'open';
      });
      if (socket instanceof TLSSocket) {
        socket.on('secureConnect', () => {
          reached = 'open';
        });
      }
    });
    request.on('response', (answer) => {
      const status = answer.statusCode ?? 0;
      const posted: Posted = { outcome: status >= TAKEN_FROM && status < TAKEN_BELOW ? 'taken' : 'refused', status };
      answered = posted;
      readOff(answer, () => done(posted));
    });
    // Also when the time is over; once the status came, how its body ends changes nothing.
    request.on('error', () => done(answered ?? without(reached === 'open' ? (over.aborted ? 'timeout' : 'broken') : reached === 'tcp' ? 'tls' : 'connection')));
    request.on('upgrade', (answer, socket) => {
      done({ outcome: 'refused', status: answer.statusCode ?? null });
      socket.destroy();
    });
    request.end(body);
  });
}

/** Reads an answer off, so that its sender is not cut short, to its limits; what it says is not looked at. The next call waits for it: a receiver that never ends its answers holds one connection. */
function readOff(answer: IncomingMessage, ended: () => void): void {
  let read = 0;
  const enough = setTimeout(() => answer.destroy(), ANSWER_MS);
  answer.on('close', () => {
    clearTimeout(enough);
    ended();
  });
  answer.on('data', (chunk: Buffer) => {
    read += chunk.length;
    if (read > ANSWER_BYTES_MAX) answer.destroy();
  });
  // The status came: an answer that breaks off changes nothing.
  answer.on('error', () => answer.destroy());
}
