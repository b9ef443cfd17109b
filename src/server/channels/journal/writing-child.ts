import process from 'node:process';
import { text } from 'node:stream/consumers';
import type { SendFacts, WrittenSend } from '#core/dunning/send-facts.ts';
import { sendRead } from '#core/dunning/send-facts.ts';
import { must } from '#core/kernel/result.ts';
import { FileJournal } from './file-journal.ts';

/** What a process that writes to a journal beside another one is told. */
export type WritingOrder = { readonly folder: string; readonly send: WrittenSend; readonly from: number; readonly notes: number; readonly linesEach: number };

async function writeAll({ folder, send, from, notes, linesEach }: WritingOrder): Promise<void> {
  const journal = new FileJournal(folder);
  let next = from;
  for (let note = 0; note < notes; note += 1) {
    const starts = Array.from({ length: linesEach }, (): SendFacts => {
      next += 1;
      return { ...sendRead(send), action: String(next) };
    });
    must(await journal.write({ starts: starts.map((one) => ({ k: 'start', epoch: 'e1', send: one })), ends: [] }));
  }
  await journal.close();
}

if (process.argv[2] === 'write') await writeAll(JSON.parse(await text(process.stdin)) as WritingOrder);
