import { isIP } from 'node:net';
import type { FastifyRequest } from 'fastify';
import type { Settings } from '#server/plumbing/settings.ts';
import { Refusal } from './refusal.ts';

/** Methods that change nothing. */
const READING: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

function hostOf(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null;
}

/**
 * Whether a Host header may be this server: the public address, this machine, or an IP address. A name that is none of
 * them was pointed at us by somebody else (DNS rebinding).
 */
export function isOwnHost(host: string, settings: Settings): boolean {
  const url = hostOf(`http://${host}`);
  if (url === null) return false;
  const name = url.hostname.replaceAll(/[[\]]/g, '');
  const base = settings.ACQUIT_BASE_URL === undefined ? null : hostOf(settings.ACQUIT_BASE_URL);
  return name === 'localhost' || isIP(name) !== 0 || name === settings.ACQUIT_HOST || name === base?.hostname;
}

/** Refuses requests for another host, and changes that another site asked the browser for (ASVS 5.0, 3.5.1). */
export function checkOrigin(request: FastifyRequest, settings: Settings): void {
  const { host = '', origin } = request.headers;
  if (!isOwnHost(host, settings)) {
    throw new Refusal(421, 'request.host', { fr: `Ce serveur ne répond pas au nom « ${host.slice(0, 80)} » : ouvrez son adresse habituelle, ou réglez ACQUIT_BASE_URL.`, en: `This server does not answer to the name "${host.slice(0, 80)}": open its usual address, or set ACQUIT_BASE_URL.` });
  }
  if (READING.has(request.method)) return;
  const site = request.headers['sec-fetch-site'];
  const sameSite = site === undefined || site === 'same-origin';
  const own = origin === undefined ? site === 'same-origin' : sameOrigin(origin, host, settings);
  if (sameSite && own) return;
  throw new Refusal(403, 'request.origin', { fr: 'Cette demande vient d’une autre page que celle d’Acquit : rechargez la page et recommencez.', en: 'This request comes from another page than Acquit’s: reload the page and try again.' });
}

/** The origin's host is the one asked for, or the public address (behind a proxy the Host header may be another). */
function sameOrigin(origin: string, host: string, settings: Settings): boolean {
  const url = hostOf(origin);
  if (url === null) return false;
  const base = settings.ACQUIT_BASE_URL === undefined ? null : hostOf(settings.ACQUIT_BASE_URL);
  return url.host === hostOf(`http://${host}`)?.host || (base !== null && url.origin === base.origin);
}
