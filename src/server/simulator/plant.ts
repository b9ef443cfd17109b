import { registerHooks } from 'node:module';

// Loaded before everything else (`node --import`) in a process that is to run with a bug: the source of one file is read with one piece of text replaced. The
// files themselves are never touched, and nothing of this is reachable from the product.
type Piece = { file: string; from: string; to: string };
const bug = JSON.parse(process.env['PLANTED_BUG'] ?? 'null') as (Piece & { also?: Piece }) | null;

for (const piece of bug === null ? [] : [bug, ...(bug.also === undefined ? [] : [bug.also])]) {
  registerHooks({
    load: (url, context, nextLoad) => {
      const loaded = nextLoad(url, context);
      if (!url.endsWith(`/src/${piece.file}`)) return loaded;
      const text = typeof loaded.source === 'string' ? loaded.source : new TextDecoder().decode(loaded.source);
      if (!text.includes(piece.from)) throw new Error(`${piece.file} has no text "${piece.from}": nothing was planted`);
      return { ...loaded, source: text.replace(piece.from, () => piece.to) };
    },
  });
}
