import type { Bilingual } from '#core/kernel/text.ts';

/** A request that is refused for a reason its sender can act on; thrown in a handler, answered as `{code, message}`. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  readonly text: Bilingual;
  constructor(status: number, code: string, text: Bilingual) {
    super(code);
    this.status = status;
    this.code = code;
    this.text = text;
  }
}

/** What does not exist, or belongs to somebody else: the same answer for both. */
export const notFound = (fr: string, en: string): Refusal => new Refusal(404, 'request.notFound', { fr, en });

/** A value that cannot be used; `code` ends with the field it is about. */
export const invalid = (code: string, fr: string, en: string): Refusal => new Refusal(422, code, { fr, en });
