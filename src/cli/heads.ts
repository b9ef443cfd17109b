import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Bilingual } from '#core/kernel/text.ts';
import { lineHash, parseHead } from '#server/audit/head-line.ts';
import { appendHeads, headFile, headLines, writeHead } from '#server/audit/heads.ts';
import { timestampRequest } from '#server/audit/timestamp-request.ts';
import { listOrganisations } from '#server/identity/organisations.ts';
import { EXIT, Stop } from './context.ts';
import type { Command, Context } from './context.ts';

const chainBroken = (problem: string): Stop => new Stop(EXIT.refused, {
  fr: 'Aucune empreinte n’est écrite : la chaîne des événements ne tient pas. « acquit verify » dit à quel événement ; comparez avec une sauvegarde d’avant.',
  en: `No head is written: the event chain does not hold (${problem}). "acquit verify" says more; compare with a backup from before.`,
});

const fileDiffers = (path: string, { fr, en }: Bilingual): Stop => new Stop(EXIT.refused, {
  fr: `${path} ne correspond pas à la base (${fr}) : rien n’y est ajouté. Base restaurée d’une sauvegarde ? Mettez ce fichier de côté sans l’effacer, il prouve ce qui a existé ; le suivant repart de la base.`,
  en: `${path} does not agree with the database (${en}): nothing is added to it. Was the database restored from a backup? Put that file aside without deleting it, it proves what there was; the next one starts from the database.`,
});

/** `acquit heads`: writes where the event chain stands, to the file of the data folder and to another folder; a request to have it timestamped. */
export const headsCommand: Command = {
  about: {
    fr: 'écrit l’empreinte de la chaîne des événements, à garder ailleurs (--out) ou à faire horodater (--timestamp-request)',
    en: 'writes where the event chain stands, to be kept elsewhere (--out) or timestamped (--timestamp-request)',
  },
  usage: 'heads [--out DIR] [--timestamp-request F]',
  options: { out: { type: 'string' }, 'timestamp-request': { type: 'string' } },
  words: [0, 0],
  run: async (context) => {
    const written = await writeHead(context.store.database, { organisation: context.organisation, now: context.clock.now(), day: context.today });
    if (written.status === 'broken') throw chainBroken(written.problem);
    const { lines, code } = await readAll(context);
    const last = lines.at(-1);
    const head = last === undefined ? null : parseHead(last);
    if (last === undefined || head === null) throw new Error('a chain that was just walked has no head');
    const paths = [headFile(context.dataDir, code), ...(typeof context.options['out'] === 'string' ? [join(context.options['out'], `${code}.jsonl`)] : [])];
    for (const path of paths) {
      const problem = await appendHeads(path, lines);
      if (problem !== null) throw fileDiffers(path, problem);
    }
    const request = context.options['timestamp-request'];
    if (typeof request === 'string') {
      await mkdir(dirname(request), { recursive: true });
      await writeFile(request, timestampRequest(Buffer.from(lineHash(last), 'hex')));
    }
    const sha256 = lineHash(last);
    context.print({ status: written.status, head, sha256, lines: lines.length, files: paths, ...(typeof request === 'string' ? { timestampRequest: request } : {}) },
      () => `${head.day}  ${head.events} événements  ${head.hash}\nsha256 de la ligne : ${sha256}\n${[...paths, ...(typeof request === 'string' ? [request] : [])].map((path) => `${path}\n`).join('')}`);
    return EXIT.done;
  },
};

async function readAll({ store, organisation }: Context): Promise<{ lines: string[]; code: string }> {
  const lines = await store.database.inTenant(organisation, headLines, { readOnly: true });
  const code = (await listOrganisations(store.database)).find((one) => one.id === organisation)?.code;
  if (code === undefined) throw new Error('the organisation is gone');
  return { lines, code };
}
