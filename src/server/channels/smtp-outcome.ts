import { never } from '#core/kernel/result.ts';

/** What became of one hand-off.
 * - `accepted`: the server answered 2xx after the final dot.
 * - `refused`: it is certain that the server did not take the message. `permanent` speaks of this message (5xx on the sender, the
 *   recipient or the content); `stage: 'session'` is about the server or the account: the same message may go later.
 * - `unknown`: the final dot left, or may have, and no clear answer came. Only proof or a person may settle it. */
export type SmtpOutcome =
  | { readonly kind: 'accepted'; readonly response: string }
  | { readonly kind: 'refused'; readonly permanent: boolean; readonly stage: 'check' | 'session' | 'message'; readonly response: string }
  | { readonly kind: 'unknown'; readonly detail: string };

/**
 * Asked of a hand-off right before its first byte and right before its last, both of which may come long after the call: false when it must not go on,
 * because its claim is too old, or in other hands by now.
 */
export type StillOurs = (stage: 'begin' | 'end') => boolean;

/** What a hand-off that must not go on ends in: the final dot has not left, so nothing of it was taken. */
export const TOO_LATE: SmtpOutcome = { kind: 'refused', permanent: false, stage: 'check', response: 'too long between claim and hand-off' };

/** How far a hand-off went, as observed on our own side of the wire. */
export type HandOffProgress =
  /** Connecting, greeting, TLS, log-in: the message was not spoken of. */
  | 'session'
  /** MAIL, RCPT or DATA may have been sent; the server asked for no content yet. */
  | 'envelope'
  /** Content is leaving, its last byte has not: without the final dot nothing can be accepted. */
  | 'content'
  /** The last byte and the final dot were given to the connection. */
  | 'ended';

/** The fields of the mail library's errors that tell where it failed. */
export type SmtpFailure = { readonly message: string; readonly code?: unknown; readonly command?: unknown; readonly responseCode?: unknown; readonly response?: unknown };

/** Characters of a server's words kept. */
export const RESPONSE_LENGTH_MAX = 500;

/** A server's words on one line, without controls, cut. */
export function printedResponse(text: string): string {
  return text.replaceAll(/\p{Cc}+/gu, ' ').trim().slice(0, RESPONSE_LENGTH_MAX);
}

const responseOf = (failure: SmtpFailure): string => printedResponse(typeof failure.response === 'string' && failure.response !== '' ? failure.response : failure.message);

/** A reply code 400-599 of the server, or null: time-outs, cut connections and stray replies have none. */
function refusalCode(failure: SmtpFailure): number | null {
  const { responseCode } = failure;
  return typeof responseCode === 'number' && responseCode >= 400 && responseCode <= 599 ? responseCode : null;
}

/** 421 announces the end of the session and 503 a session gone wrong: neither condemns the message (RFC 5321, 4.2). */
const isPermanent = (code: number): boolean => code >= 500 && code !== 503;

/** Steps of the envelope, whose refusal is about this message. */
const ENVELOPE_COMMANDS: ReadonlySet<unknown> = new Set(['MAIL FROM', 'RCPT TO', 'DATA']);

/** Settles what a failure means from how far the hand-off went; anything doubtful is `unknown`.
 * Once the final dot has left, only one thing proves a refusal: a complete 4xx or 5xx reply to it (library code EMESSAGE on DATA). */
export function outcomeOfFailure(failure: SmtpFailure, progress: HandOffProgress): SmtpOutcome {
  const code = refusalCode(failure);
  const response = responseOf(failure);
  switch (progress) {
    case 'session':
      return { kind: 'refused', permanent: false, stage: 'session', response };
    case 'envelope': {
      const aboutMessage = ENVELOPE_COMMANDS.has(failure.command);
      // EMESSAGE here: the server announced a size limit below ours, before anything was sent.
      const permanent = aboutMessage && (code === null ? failure.code === 'EMESSAGE' : isPermanent(code));
      return { kind: 'refused', permanent, stage: aboutMessage ? 'message' : 'session', response };
    }
    case 'content':
      return { kind: 'refused', permanent: code !== null && failure.command === 'DATA' && isPermanent(code), stage: 'message', response };
    case 'ended':
      if (code !== null && failure.code === 'EMESSAGE' && failure.command === 'DATA') {
        return { kind: 'refused', permanent: isPermanent(code), stage: 'message', response };
      }
      return { kind: 'unknown', detail: response };
    default:
      return never(progress);
  }
}

/** What a success means: a 2xx that came before our final dot answers something else, and proves nothing. */
export function outcomeOfSuccess(response: string, progress: HandOffProgress): SmtpOutcome {
  if (progress === 'ended') return { kind: 'accepted', response: printedResponse(response) };
  return { kind: 'unknown', detail: `the server answered before the end of the message: ${printedResponse(response)}` };
}
