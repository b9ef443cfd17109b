import type { BankSink, BankSummary } from '#core/intake/bank/bank-line.ts';
import { createBankTextReader } from '#core/intake/bank/bank-text-reading.ts';
import { createControlFilter } from '#core/intake/bank/control-characters.ts';
import type { BankTextFormat } from '#core/intake/bank/recognise.ts';
import { ProblemList } from '#core/intake/problem-list.ts';
import { readTextFile } from './read-text.ts';
import type { Progress } from './read-text.ts';

/** A bank file in plain text and where its lines go; `drain` of a sink that is slower than the file is awaited between pieces. */
export type BankTextFile = {
  readonly path: string;
  readonly format: BankTextFormat;
  readonly sink: BankSink & { readonly drain?: () => Promise<void> };
  readonly progress?: Progress;
};

/**
 * Reads a bank file in plain text in the encoding its bytes prove; lines and statements go to the sink as they come and count only when
 * the summary accepts. Control characters are read as spaces, each with a warning.
 */
export async function readBankTextFile(file: BankTextFile): Promise<BankSummary> {
  const reader = createBankTextReader(file.format, file.sink);
  const controls = new ProblemList();
  const filter = createControlFilter(controls);
  const found = await readTextFile(file.path, async (text, { controls: some }) => {
    const more = reader.push(some ? filter(text) : text);
    await file.sink.drain?.();
    return more;
  }, file.progress);
  const undecoded = found.filter(({ severity }) => severity === 'error');
  const summary = reader.end();
  // After an error in the bytes nothing was read: that the file is empty then says nothing.
  const problems = undecoded.length > 0 ? found : [...found, ...controls.list(), ...summary.problems];
  return { ...summary, accepted: summary.accepted && undecoded.length === 0, problems };
}
