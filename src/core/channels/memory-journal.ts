import { ok } from '../kernel/result.ts';
import type { Result } from '../kernel/result.ts';
import { sendsOf } from './journal-lines.ts';
import type { JournalLine, JournalPlace } from './journal-lines.ts';
import type { JournalFailure, SendJournal } from './send-journal.ts';

/** Sends before the last `settle` that are looked at again each time: one is enough to see that a database lost its latest commits. */
export const LOOKED_AT_AGAIN = 20;

const NOWHERE: JournalPlace = { machine: null, boot: null, device: '0', inode: '0' };
const FILE = 'memory';
const OVERTAKEN: JournalFailure = { code: 'journal.overtaken', message: { fr: 'Une autre base a repris le journal.', en: 'Another database took over the journal.' } };

/** A journal whose lines can be seen, kept, and put back; it loses nothing because it keeps nothing. `fails` breaks its next writes. */
export type MemoryJournal = SendJournal & { readonly lines: JournalLine[]; fails: JournalFailure | null };

/** A journal in memory, for simulations and tests; over the lines of another one, it is what that left behind, or, in another place, a copy of it. */
export function memoryJournal(lines: JournalLine[] = [], place: JournalPlace = NOWHERE): MemoryJournal {
  let settled = 0;
  let marked = 0;
  let goesOnFrom: string | null = null;
  let readFrom: string | null = null;
  const add = (more: readonly JournalLine[]): Result<null, JournalFailure> => {
    if (journal.fails !== null) return { ok: false, error: journal.fails };
    lines.push(...more);
    return ok(null);
  };
  const journal: MemoryJournal = {
    where: FILE, lines, fails: null,
    write: async ({ starts, ends }) => {
      const last = lines.findLast((line) => line.k === 'head');
      const [first] = starts;
      if (first !== undefined && last !== undefined && last.epoch !== first.epoch) return { ok: false, error: OVERTAKEN };
      return add([...ends, ...starts]);
    },
    tail: async ({ mark, news }) => {
      const heads = lines.filter((line) => line.k === 'head');
      const at = lines.findLast((line) => line.k === 'mark' && line.mark === mark);
      // What is before the mark was decided on, whoever made it: a refusal that was only counted must not be found again.
      const floor = at?.k === 'mark' ? (at.upTo[FILE] ?? 0) : 0;
      const from = news && settled > 0 && goesOnFrom === mark ? Math.max(settled - 2 * LOOKED_AT_AGAIN, marked, floor) : floor;
      readFrom = mark;
      const read = lines.slice(from);
      return ok({
        head: heads.at(-1) ?? null, place: heads.length === 0 ? null : place, epochs: new Set(heads.map(({ epoch }) => epoch)), sends: sendsOf(read), torn: 0,
        upTo: { [FILE]: lines.length }, lines: read.length,
      });
    },
    settle: ({ upTo }) => {
      settled = upTo[FILE] ?? 0;
      goesOnFrom = readFrom;
    },
    begin: async (head) => add([{ k: 'head', v: 1, ...head, place }]),
    mark: async ({ mark, tail, head }) => {
      goesOnFrom = mark;
      marked = tail.upTo[FILE] ?? 0;
      settled = marked;
      return add([{ k: 'mark', epoch: head.epoch, mark, upTo: tail.upTo, at: head.at }]);
    },
    close: async () => undefined,
  };
  return journal;
}
