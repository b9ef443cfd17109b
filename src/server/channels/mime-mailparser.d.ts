/** The parts of the mail reader that tests use (the package ships no types). */
declare module 'mailparser' {
  type Address = { readonly address?: string; readonly name: string };
  type AddressList = { readonly value: readonly Address[] };
  type ReadMail = {
    readonly subject?: string;
    readonly from?: AddressList;
    readonly to?: AddressList;
    readonly messageId?: string;
    readonly inReplyTo?: string;
    readonly date?: Date;
    readonly text?: string;
    readonly html: string | false;
    readonly attachments: readonly { readonly filename?: string; readonly content: Uint8Array }[];
  };
  /** Reads a whole message. */
  export function simpleParser(bytes: Uint8Array): Promise<ReadMail>;
}
