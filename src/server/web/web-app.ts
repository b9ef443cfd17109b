import type { FastifyBaseLogger, FastifyInstance, RawReplyDefaultExpression, RawRequestDefaultExpression, RawServerDefault } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Session } from '#server/identity/sessions.ts';
import type { Role } from '#server/identity/users.ts';

/** Who may call a route: anybody, or a signed-in person of at least this role. */
export type Access = 'public' | { readonly signedIn: Role };

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Every route says it; one that does not is refused when it is registered. */
    access?: Access;
    /** A route that takes files of up to a limit of its own. */
    upload?: boolean;
  }
  interface FastifyRequest {
    /** The session of the request's cookie; null on a public route without one. */
    session: Session | null;
  }
}

/** The server with routes typed by their zod schemas. */
export type WebApp = FastifyInstance<RawServerDefault, RawRequestDefaultExpression, RawReplyDefaultExpression, FastifyBaseLogger, ZodTypeProvider>;
