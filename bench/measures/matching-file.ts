import { createReadStream, createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Incoming, KnownCustomer, MatchingFacts, OpenCredit, OpenDebit } from '#core/matching/matching.ts';
import { NO_MEMORY } from '#core/matching/memory.ts';

/** Facts and lines that go from the process that simulates them to the one that matches. */
export type FiledFacts = { readonly facts: MatchingFacts; readonly lines: readonly Incoming[] };

type Row =
  | { readonly kind: 'debit'; readonly row: OpenDebit }
  | { readonly kind: 'credit'; readonly row: OpenCredit }
  | { readonly kind: 'customer'; readonly row: KnownCustomer }
  | { readonly kind: 'line'; readonly row: Incoming };

/** Amounts are written as "123n", which no other value of a row looks like. */
const AMOUNT_TEXT = /^\d+n$/;
const written = (row: Row): string => `${JSON.stringify(row, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value))}\n`;
const read = (line: string): Row => JSON.parse(line, (_, value: unknown) => (typeof value === 'string' && AMOUNT_TEXT.test(value) ? BigInt(value.slice(0, -1)) : value)) as Row;

function* rowsOf({ facts, lines }: FiledFacts): Generator<string, undefined> {
  for (const row of facts.customers) yield written({ kind: 'customer', row });
  for (const row of facts.debits) yield written({ kind: 'debit', row });
  for (const row of facts.credits) yield written({ kind: 'credit', row });
  for (const row of lines) yield written({ kind: 'line', row });
  return undefined;
}

/** Writes facts and lines, a JSON object a line. What is remembered of payers is not written. */
export const writeFacts = (file: string, filed: FiledFacts): Promise<void> => pipeline(Readable.from(rowsOf(filed)), createWriteStream(file));

/** Reads them again, with nothing remembered. */
export async function readFacts(file: string): Promise<FiledFacts> {
  const debits: OpenDebit[] = [];
  const credits: OpenCredit[] = [];
  const customers: KnownCustomer[] = [];
  const lines: Incoming[] = [];
  for await (const text of createInterface({ input: createReadStream(file) })) {
    const one = read(text);
    switch (one.kind) {
      case 'debit': debits.push(one.row); break;
      case 'credit': credits.push(one.row); break;
      case 'customer': customers.push(one.row); break;
      case 'line': lines.push(one.row); break;
    }
  }
  return { facts: { debits, credits, customers, memory: NO_MEMORY }, lines };
}
