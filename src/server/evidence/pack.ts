import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { ActionId } from '#core/kernel/id.ts';
import type { Problem } from '#core/kernel/problem.ts';
import { ok } from '#core/kernel/result.ts';
import type { Result } from '#core/kernel/result.ts';
import type { LetterMaker } from '#server/letters/pdf.ts';
import type { Tenant } from '#server/plumbing/tenant.ts';
import { proofPage } from './page.ts';
import { proofFile, readProof } from './proof.ts';
import type { Proof, Proven } from './proof.ts';

const VERIFIER = fileURLToPath(new URL('../../../tools/verify-proof.mjs', import.meta.url));

/** One file of a pack. */
export type PackFile = { readonly name: string; readonly bytes: Buffer };

/** A proof with everything that is handed over: its files by name, in their order. */
export type Pack = { readonly proof: Proof; readonly files: readonly PackFile[] };

/**
 * The pack of one action's message: proof.json, the exact e-mail and pages, a page to be read, and the program that verifies it all. Null when there is
 * no such action; the problem says what the page cannot print.
 */
export async function makePack(t: Tenant, id: ActionId, letters: LetterMaker): Promise<Result<Pack, Problem> | null> {
  const proven = await readProof(t, id);
  if (proven === null) return null;
  const page = proofPage(proven.proof, letters);
  if (!page.ok) return page;
  return ok({
    proof: proven.proof,
    files: [
      { name: 'proof.json', bytes: proofFile(proven.proof) },
      ...messageFiles(proven),
      { name: 'preuve.pdf', bytes: page.value.bytes },
      { name: 'verify-proof.mjs', bytes: await readFile(VERIFIER) },
    ],
  });
}

const messageFiles = ({ mime, pdf }: Proven): PackFile[] => [
  ...(mime === null ? [] : [{ name: 'message.eml', bytes: mime }]),
  ...(pdf === null ? [] : [{ name: 'letter.pdf', bytes: pdf }]),
];

/** The same proof as a single file, the message's bytes in base64. */
export function singleFile(proven: Proven): Buffer {
  const files = Object.fromEntries(messageFiles(proven).map(({ name, bytes }) => [name, bytes.toString('base64')]));
  return Buffer.from(`${JSON.stringify({ ...proven.proof, files }, null, 1)}\n`, 'utf8');
}
