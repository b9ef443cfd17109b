/** The parts of the mail reader that the mailbox uses (the package ships no types). */
declare module 'mailparser' {
  import type { Readable, Transform } from 'node:stream';
  /** An attachment as it is met; the reader goes on once its content was read and `release` called. */
  type StreamedAttachment = {
    readonly type: 'attachment';
    readonly filename?: string;
    readonly contentType: string;
    readonly contentDisposition?: string;
    readonly related?: boolean;
    readonly content: Readable;
    release(): void;
  };
  type ReaderOptions = {
    readonly ignoreEmbedded?: boolean; readonly skipHtmlToText?: boolean; readonly skipTextToHtml?: boolean; readonly skipImageLinks?: boolean; readonly skipTextLinks?: boolean;
  };
  /** Reads a message as it comes and emits its parts. */
  export const MailParser: { new (options: ReaderOptions): Transform };
}
