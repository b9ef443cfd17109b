import { createCamtReader } from '#core/intake/bank/camt.ts';
import type { CamtFormat, CamtReader } from '#core/intake/bank/camt.ts';
import type { BankSink, BankSummary } from '#core/intake/bank/bank-line.ts';
import type { Problem } from '#core/kernel/problem.ts';
import type { Result } from '#core/kernel/result.ts';
import { readXmlBytes, readXmlFile } from './read-xml.ts';
import type { Progress } from './read-text.ts';

/** What a camt file held, and which message it is; null when it is none. */
export type CamtSummary = BankSummary & { readonly format: CamtFormat | null };

/** Reads a camt.052, .053 or .054 file entry by entry; the lines count only when the summary accepts. */
export async function readCamtFile(path: string, sink: BankSink & { readonly drain?: () => Promise<void> }, progress?: Progress): Promise<CamtSummary> {
  const reader = createCamtReader(sink);
  return summaryOf(reader, await readXmlFile(path, reader, {
    enough: () => reader.refused(), drain: async () => sink.drain?.(), ...(progress === undefined ? {} : { progress }),
  }));
}

/** The same for a document in memory: a part of an archive or of a message. */
export function readCamtBytes(bytes: Uint8Array, sink: BankSink): CamtSummary {
  const reader = createCamtReader(sink);
  return summaryOf(reader, readXmlBytes(bytes, reader));
}

function summaryOf(reader: CamtReader, read: Result<readonly Problem[], Problem>): CamtSummary {
  const summary = reader.end(read.ok ? null : read.error);
  return { ...summary, problems: [...(read.ok ? read.value : []), ...summary.problems], format: reader.format() };
}
