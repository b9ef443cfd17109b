import { join } from 'node:path';
import { scratchFolder } from '#server/testing/scratch.ts';
import type { Manifest, SectionName } from '../archive-format.ts';
import { readArchive } from '../archive-reader.ts';
import { ArchiveWriter } from '../archive-writer.ts';

/** What another file says in place of a sound one; rows may be changed section by section, null leaves a section out. */
export type Rewriting = {
  readonly manifest?: (of: Manifest) => Manifest;
  readonly rows?: (section: SectionName, rows: string) => string | null;
};

/** Writes a file like another but for some of what it says, with hashes and counts that are right for it; gives its path. */
export async function rewritten(path: string, { manifest, rows }: Rewriting): Promise<string> {
  const made = join(await scratchFolder(), 'rewritten.acquit');
  const writer = await ArchiveWriter.create(made, { passphrase: null });
  let section: SectionName | null = null;
  let text = '';
  const flush = async (): Promise<void> => {
    const changed = section === null ? null : (rows?.(section, text) ?? (rows === undefined ? text : null));
    if (section === null || changed === null) return;
    await writer.begin(section);
    await writer.rows(Buffer.from(changed));
    await writer.end();
  };
  for await (const piece of readArchive(path, null)) {
    if (piece.kind === 'manifest') await writer.manifest(manifest?.(piece.manifest) ?? piece.manifest);
    if (piece.kind === 'section' || piece.kind === 'end') {
      await flush();
      section = piece.kind === 'section' ? piece.section : null;
      text = '';
    }
    if (piece.kind === 'rows') text += piece.bytes.toString('utf8');
  }
  await writer.finish();
  return made;
}
