import helmet from '@fastify/helmet';
import type { Settings } from '#server/plumbing/settings.ts';
import type { WebApp } from './web-app.ts';

/** A year: what browsers ask of a host that is served by HTTPS alone. */
const HSTS_SECONDS = 31_536_000;

/**
 * Headers of every answer. Scripts come from this server alone; styles may stand in the page because the component
 * library writes its colours there, and cannot run code.
 */
export async function addSecurityHeaders(app: WebApp, settings: Settings): Promise<void> {
  const https = settings.ACQUIT_BASE_URL?.startsWith('https:') === true;
  await app.register(helmet, {
    global: true,
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"], scriptSrc: ["'self'"], scriptSrcAttr: ["'none'"], styleSrc: ["'self'", "'unsafe-inline'"], imgSrc: ["'self'", 'data:'],
        fontSrc: ["'self'"], connectSrc: ["'self'"], frameSrc: ["'self'"], manifestSrc: ["'self'"], formAction: ["'self'"], baseUri: ["'none'"],
        frameAncestors: ["'none'"], objectSrc: ["'none'"], ...(https ? { upgradeInsecureRequests: [] } : {}),
      },
    },
    crossOriginOpenerPolicy: { policy: 'same-origin' },
    crossOriginResourcePolicy: { policy: 'same-origin' },
    referrerPolicy: { policy: 'no-referrer' },
    xFrameOptions: { action: 'deny' },
    strictTransportSecurity: https ? { maxAge: HSTS_SECONDS, includeSubDomains: false } : false,
  });
  app.addHook('onSend', async (request, reply) => {
    void reply.header('permissions-policy', 'camera=(), microphone=(), geolocation=(), payment=()');
    if (request.url.startsWith('/api/')) void reply.header('cache-control', 'no-store');
  });
}
