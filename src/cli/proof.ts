import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makePack, singleFile } from '#server/evidence/pack.ts';
import { findAction, readProof } from '#server/evidence/proof.ts';
import type { Proof } from '#server/evidence/proof.ts';
import { openLetterMaker } from '#server/letters/pdf.ts';
import { EXIT, Stop } from './context.ts';
import type { Command, Context } from './context.ts';

const unknown = (word: string): Stop => new Stop(EXIT.refused, {
  fr: `Aucun message « ${word} » : donnez le numéro de l’action, ou le Message-ID de l’e-mail.`,
  en: `No message "${word}": give the action's number, or the e-mail's Message-ID.`,
});

/** `acquit proof`: what was sent, when, to whom and on which facts, as files that verify without a database. */
export const proofCommand: Command = {
  about: {
    fr: 'la preuve d’un message : ce qui est parti, à qui, sur quels faits ; se vérifie sans base de données',
    en: 'the proof of a message: what left, to whom, on which facts; verifies without a database',
  },
  usage: 'proof MESSAGE [--out F.json|DIR]',
  options: { out: { type: 'string' } },
  words: [1, 1],
  run: async (context) => {
    const out = typeof context.options['out'] === 'string' ? context.options['out'] : `preuve-${(context.words[0] ?? '').replaceAll(/[^A-Za-z0-9._-]/g, '_')}`;
    const written = out.endsWith('.json') ? await writeSingle(context, out) : await writeFolder(context, out);
    const { proof, paths } = written;
    const open = proof.events.filter(({ head }) => head === null).length;
    context.print({ action: proof.action, state: proof.state, seal: proof.seal, events: proof.events.length, uncovered: open, files: paths },
      () => `action ${proof.action} : ${proof.state}\nsceau ${proof.seal}\n${paths.map((path) => `${path}\n`).join('')}${open === 0 ? '' : `${open} événements ne sont encore couverts par aucune empreinte (acquit heads).\n`}`);
    return EXIT.done;
  },
};

type Written = { readonly proof: Proof; readonly paths: readonly string[] };

async function writeSingle({ store, organisation, words: [word = ''] }: Context, path: string): Promise<Written> {
  const proven = await store.database.inTenant(organisation, async (t) => {
    const id = await findAction(t, word);
    return id === null ? null : readProof(t, id);
  }, { isolation: 'repeatable read', readOnly: true });
  if (proven === null) throw unknown(word);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, singleFile(proven));
  return { proof: proven.proof, paths: [path] };
}

async function writeFolder({ store, organisation, words: [word = ''] }: Context, folder: string): Promise<Written> {
  const letters = await openLetterMaker();
  if (!letters.ok) throw new Stop(EXIT.refused, letters.error.message);
  const pack = await store.database.inTenant(organisation, async (t) => {
    const id = await findAction(t, word);
    return id === null ? null : makePack(t, id, letters.value);
  }, { isolation: 'repeatable read', readOnly: true });
  if (pack === null) throw unknown(word);
  if (!pack.ok) throw new Stop(EXIT.refused, pack.error.message);
  await mkdir(folder, { recursive: true });
  const paths: string[] = [];
  for (const { name, bytes } of pack.value.files) {
    const path = join(folder, name);
    await writeFile(path, bytes);
    paths.push(path);
  }
  return { proof: pack.value.proof, paths };
}
