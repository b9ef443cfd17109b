import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Settings } from '#server/plumbing/settings.ts';

/** The prefix makes browsers refuse the cookie unless it is Secure, host-only and for every path (RFC 6265bis, 4.1.3.2). */
const SECURE_NAME = '__Host-acquit';
/** Over plain HTTP to this very machine no browser takes the prefix; the attributes stay but for Secure. */
const LOOPBACK_NAME = 'acquit-session';

const overHttps = (settings: Settings): boolean => settings.ACQUIT_BASE_URL?.startsWith('https:') === true;

const nameOf = (settings: Settings): string => (overHttps(settings) ? SECURE_NAME : LOOPBACK_NAME);

const attributes = (settings: Settings): { path: '/'; httpOnly: true; sameSite: 'lax'; secure: boolean } => ({ path: '/', httpOnly: true, sameSite: 'lax', secure: overHttps(settings) });

/** Sends a session's token to the browser; it goes when the browser closes, and on the server long before. */
export function setSessionCookie(reply: FastifyReply, settings: Settings, token: string): void {
  void reply.setCookie(nameOf(settings), token, attributes(settings));
}

/** Takes the token back from the browser. */
export function clearSessionCookie(reply: FastifyReply, settings: Settings): void {
  void reply.clearCookie(nameOf(settings), attributes(settings));
}

/** The token a request carries, or null; anything that is no token of ours is none. */
export function sessionToken(request: FastifyRequest, settings: Settings): string | null {
  const value = request.cookies[nameOf(settings)];
  return value !== undefined && /^[A-Za-z0-9_-]{43}$/.test(value) ? value : null;
}
