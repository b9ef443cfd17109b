import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import type { Fault } from '#core/api/faults.ts';
import { loggableError } from '#server/plumbing/log.ts';
import type { WebContext } from './context.ts';
import { Refusal } from './refusal.ts';
import type { WebApp } from './web-app.ts';

const UNKNOWN_ROUTE: Fault = { code: 'request.unknown', message: { fr: 'Cette adresse n’existe pas.', en: 'This address does not exist.' } };

/** Faults of the HTTP layer itself, by the code of fastify's error. */
const KNOWN: Readonly<Record<string, Fault>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: { code: 'request.mediaType', message: { fr: 'Ce type de contenu n’est pas accepté ici.', en: 'This content type is not accepted here.' } },
  FST_ERR_CTP_BODY_TOO_LARGE: { code: 'request.tooLarge', message: { fr: 'La demande est trop volumineuse.', en: 'The request is too large.' } },
  FST_ERR_CTP_INVALID_JSON_BODY: { code: 'request.malformed', message: { fr: 'La demande n’est pas du JSON lisible.', en: 'The request is not readable JSON.' } },
  FST_ERR_CTP_EMPTY_JSON_BODY: { code: 'request.malformed', message: { fr: 'La demande est vide.', en: 'The request is empty.' } },
  FST_REQ_FILE_TOO_LARGE: { code: 'request.tooLarge', message: { fr: 'Le fichier est trop volumineux.', en: 'The file is too large.' } },
  FST_INVALID_MULTIPART_CONTENT_TYPE: { code: 'request.mediaType', message: { fr: 'Un fichier est attendu.', en: 'A file is expected.' } },
};

function faultOf(error: FastifyError): { status: number; fault: Fault } | null {
  if (error instanceof Refusal) return { status: error.status, fault: { code: error.code, message: error.text } };
  if (hasZodFastifySchemaValidationErrors(error)) {
    const first = error.validation[0];
    const field = first === undefined ? '' : first.instancePath.slice(1).replaceAll('/', '.');
    const said = first?.message ?? '';
    return { status: 400, fault: { code: 'request.invalid', message: { fr: `La demande est mal formée${field === '' ? '' : ` (champ « ${field} »)`} : ${said}.`, en: `The request is malformed${field === '' ? '' : ` (field "${field}")`}: ${said}.` } } };
  }
  if (error.statusCode === 429) {
    return { status: 429, fault: { code: 'request.tooMany', message: { fr: 'Trop d’essais : attendez quelques minutes avant de recommencer.', en: 'Too many tries: wait a few minutes before trying again.' } } };
  }
  const known = KNOWN[error.code];
  if (known !== undefined) return { status: error.statusCode ?? 400, fault: known };
  const client = error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500;
  return client ? { status: error.statusCode ?? 400, fault: { code: 'request.malformed', message: { fr: 'La demande est mal formée.', en: 'The request is malformed.' } } } : null;
}

const FAILED: Fault = {
  code: 'server.failed',
  message: {
    fr: 'Le serveur n’a pas pu traiter la demande et n’en a rien gardé. Réessayez ; si cela persiste, voyez son journal.',
    en: 'The server could not handle the request and kept nothing of it. Try again; if it persists, look at its log.',
  },
};

/** Answers every error as `{code, message}` in both languages; what is not expected is logged without its text. */
export function answerFaults(app: WebApp, web: WebContext): void {
  app.setErrorHandler((error: FastifyError, request: FastifyRequest, reply: FastifyReply) => {
    const expected = faultOf(error);
    if (expected === null) {
      web.log.error({ part: 'web', route: request.routeOptions.url ?? null, method: request.method, error: loggableError(error) }, 'request failed');
      return reply.code(500).send(FAILED);
    }
    return reply.code(expected.status).send(expected.fault);
  });
}

/** The answer to an address that does not exist. */
export const unknownRoute = (reply: FastifyReply): FastifyReply => reply.code(404).send(UNKNOWN_ROUTE);
