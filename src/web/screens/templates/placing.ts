/** A text with the place of the caret, or of what is selected. */
export type Caret = { readonly text: string; readonly start: number; readonly end: number };

/** Puts a field where the caret is; a table gets a line of its own, with an empty one between it and the words beside it. */
export function placed({ text, start, end }: Caret, { written, block }: { readonly written: string; readonly block: boolean }): Caret {
  const [before, after] = [text.slice(0, start), text.slice(end)];
  const lead = block && before.trim() !== '' ? `${before.replace(/\s+$/, '')}\n\n` : block ? '' : before;
  const tail = block && after.trim() !== '' ? `\n\n${after.replace(/^\s+/, '')}` : block ? '' : after;
  const at = lead.length + written.length;
  return { text: lead + written + tail, start: at, end: at };
}

/** Where a line of a text begins and ends; lines count from 1. */
export function lineAt(text: string, line: number): { start: number; end: number } {
  const lines = text.split('\n');
  const start = lines.slice(0, Math.max(line - 1, 0)).reduce((sum, one) => sum + one.length + 1, 0);
  return { start: Math.min(start, text.length), end: Math.min(start + (lines[line - 1]?.length ?? 0), text.length) };
}
