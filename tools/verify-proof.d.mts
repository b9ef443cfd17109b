/** What a proof file says; the verifier reads it without trusting its shape. */
type Pack = { readonly proof: unknown; readonly files: Readonly<Record<string, Uint8Array | null>>; readonly kept?: readonly string[] | null };

/** What does not hold, with its place. */
export type Finding = { readonly place: string; readonly fr: string; readonly en: string };

/** Every check by its name. */
export declare const CHECKS: Readonly<Record<string, unknown>>;

/** Runs every check but the one named; gives what does not hold. */
export declare function verifyProof(pack: Pack, without?: string): Finding[];

/** Reads a proof's text and its files; throws when it is not written as it was made. */
export declare function parsePack(text: string, file: (name: string) => Uint8Array | null): { readonly proof: unknown; readonly files: Readonly<Record<string, Uint8Array | null>> };
