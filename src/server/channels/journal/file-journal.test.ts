import { spawn } from 'node:child_process';
import { appendFile, cp, mkdir, open, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { isElsewhere } from '#core/channels/compare-journal.ts';
import { aSend } from '#core/channels/given-journal.ts';
import { encodeLine } from '#core/channels/journal-lines.ts';
import type { JournalEnd, JournalStart } from '#core/channels/journal-lines.ts';
import type { JournalTail } from '#core/channels/send-journal.ts';
import { sendWritten } from '#core/dunning/send-facts.ts';
import { must } from '#core/kernel/result.ts';
import { scratchFolder } from '#server/testing/scratch.ts';
import { FileJournal } from './file-journal.ts';
import type { OpenFile } from './file-journal.ts';
import type { WritingOrder } from './writing-child.ts';

const CHILD = fileURLToPath(new URL('./writing-child.ts', import.meta.url));
const AT = aSend().at;
const HEAD = { epoch: 'e1', installation: 'i1', server: { system: '1', timeline: '1', database: '1' }, at: AT };
const opened: FileJournal[] = [];
afterEach(async () => {
  for (const journal of opened.splice(0)) await journal.close();
});

function journalOf(folder: string, openFile?: OpenFile): FileJournal {
  const journal = new FileJournal(folder, openFile);
  opened.push(journal);
  return journal;
}

const start = (action: number): JournalStart => ({ k: 'start', epoch: 'e1', send: aSend({ action: String(action) }) });
const end = (action: number): JournalEnd => ({ k: 'end', epoch: 'e1', organisation: 'duval', action: String(action), fence: 1, outcome: 'accepted', at: AT });
const tailOf = async (journal: FileJournal, since = { mark: null as string | null, news: false }): Promise<JournalTail> => must(await journal.tail(since));
const actions = ({ sends }: JournalTail): string[] => sends.map(({ action, end: outcome }) => `${action}${outcome === null ? '' : ` ${outcome}`}`);

async function begun(): Promise<{ folder: string; journal: FileJournal }> {
  const folder = join(await scratchFolder(), 'i1');
  const journal = journalOf(folder);
  must(await journal.begin(HEAD));
  return { folder, journal };
}

test('what one process writes another one reads; there is no journal before it begins', async () => {
  const folder = join(await scratchFolder(), 'i1');
  expect(await tailOf(journalOf(folder))).toMatchObject({ head: null, place: null, sends: [], torn: 0 });
  const journal = journalOf(folder);
  must(await journal.begin(HEAD));
  must(await journal.write({ starts: [start(1), start(2)], ends: [] }));
  must(await journal.write({ starts: [start(3)], ends: [end(1)] }));
  const tail = await tailOf(journalOf(folder));
  expect(actions(tail)).toEqual(['1 accepted', '2', '3']);
  expect(tail).toMatchObject({ head: { epoch: 'e1', installation: 'i1' }, torn: 0 });
  expect(isElsewhere(tail.head?.place ?? failed(), tail.place ?? failed())).toBe(false);
  expect([...tail.epochs]).toEqual(['e1']);
});

const TAKEN_OVER = { ok: false, error: { code: 'journal.overtaken' } };

test('another epoch begun: who still writes of the one before begins nothing any more, and leaves no line; ends it may write', async () => {
  const { folder, journal } = await begun();
  must(await journal.write({ starts: [start(1)], ends: [] }));
  const other = journalOf(folder);
  must(await other.begin({ ...HEAD, epoch: 'e2' }));
  expect(await journal.write({ starts: [start(2)], ends: [] })).toMatchObject(TAKEN_OVER);
  must(await journal.write({ starts: [], ends: [end(1)] }));
  expect(actions(await tailOf(other))).toEqual(['1 accepted']);
  must(await other.write({ starts: [{ ...start(3), epoch: 'e2' }], ends: [] }));
});

test('an epoch begun while a line is being written: the line is there for who took over, and nothing of it leaves', async () => {
  const { folder } = await begun();
  const other = journalOf(folder);
  const meanwhile: OpenFile = async (path, flags) => {
    const file = await open(path, flags, 0o600);
    return {
      write: async (bytes: Buffer) => {
        must(await other.begin({ ...HEAD, epoch: 'e2' }));
        return file.write(bytes);
      },
      datasync: () => file.datasync(), stat: () => file.stat(), close: () => file.close(),
    } as Awaited<ReturnType<OpenFile>>;
  };
  expect(await journalOf(folder, meanwhile).write({ starts: [start(1)], ends: [] })).toMatchObject(TAKEN_OVER);
  expect(actions(await tailOf(other))).toEqual(['1']);
});

const failed = (): never => {
  throw new Error('no place');
};

test('a line that was broken off is set aside, at the end or in the middle, and spoils no other', async () => {
  const { folder, journal } = await begun();
  const path = join(folder, '000001.jsonl');
  must(await journal.write({ starts: [start(1)], ends: [] }));
  await appendFile(path, `\n${encodeLine(start(2)).slice(0, 200)}`);
  expect(await tailOf(journalOf(folder))).toMatchObject({ torn: 1, sends: [{ action: '1' }] });
  must(await journal.write({ starts: [start(3)], ends: [] }));
  const tail = await tailOf(journalOf(folder));
  expect([actions(tail), tail.torn]).toEqual([['1', '3'], 1]);
});

test('planted: without the line break before each note a line broken off takes the next one with it', async () => {
  const folder = join(await scratchFolder(), 'i1');
  const careless: OpenFile = async (path, flags) => {
    const file = await open(path, flags);
    return {
      write: (async (bytes: Buffer) => file.write(bytes.subarray(1)).then((done) => ({ ...done, bytesWritten: done.bytesWritten + 1 }))) as unknown as typeof file.write,
      datasync: () => file.datasync(), stat: (() => file.stat()) as typeof file.stat, close: () => file.close(),
    };
  };
  const journal = journalOf(folder, careless);
  must(await journal.begin(HEAD));
  await appendFile(join(folder, '000001.jsonl'), encodeLine(start(2)).slice(0, 200));
  must(await journal.write({ starts: [start(3)], ends: [] }));
  expect(actions(await tailOf(journalOf(folder)))).toEqual([]);
});

test('news are what came since it was settled, with the last few before it; a mark of the database makes it begin there, in any process', async () => {
  const { folder, journal } = await begun();
  const other = journalOf(folder);
  must(await journal.write({ starts: Array.from({ length: 60 }, (_, index) => start(index + 1)), ends: [] }));
  journal.settle(await tailOf(journal, { mark: null, news: true }));
  must(await other.write({ starts: [start(61)], ends: [] }));
  const news = await tailOf(journal, { mark: null, news: true });
  expect(news.sends.length).toBe(41);
  expect(news.sends.at(-1)?.action).toBe('61');
  expect(news.lines).toBe(62);
  must(await journal.mark({ mark: 'm1', tail: news, head: HEAD }));
  must(await other.write({ starts: [start(62)], ends: [end(61)] }));
  expect(actions(await tailOf(journalOf(folder), { mark: 'm1', news: true }))).toEqual(['61 accepted', '62']);
  // A database that does not have the mark, because it was restored from before it, is compared with everything.
  expect((await tailOf(journalOf(folder), { mark: 'never', news: true })).sends.length).toBe(62);
  expect((await tailOf(journalOf(folder), { mark: null, news: true })).sends.length).toBe(62);
});

test('a large file is followed by another one at a mark; who still had the old one open writes to it, and then to the new one', { timeout: 60_000 }, async () => {
  const { folder, journal } = await begun();
  const other = journalOf(folder);
  must(await other.write({ starts: [start(1)], ends: [] }));
  for (let note = 0; note < 24; note += 1) must(await journal.write({ starts: Array.from({ length: 1000 }, (_, index) => start(2 + note * 1000 + index)), ends: [] }));
  const tail = await tailOf(journal);
  expect(tail.upTo['000001.jsonl']).toBeGreaterThan(16 * 1024 * 1024);
  must(await journal.mark({ mark: 'm1', tail, head: HEAD }));
  expect((await readdir(folder)).toSorted()).toEqual(['000001.jsonl', '000002.jsonl']);
  must(await other.write({ starts: [start(90_001)], ends: [] }));
  await tailOf(other);
  must(await other.write({ starts: [start(90_002)], ends: [] }));
  expect(await readFile(join(folder, '000002.jsonl'), 'latin1')).toContain('"90002"');
  expect(actions(await tailOf(journalOf(folder), { mark: 'm1', news: true }))).toEqual(['90001', '90002']);
});

test('a journal that was copied, moved to another disk or put back shows it', async () => {
  const { folder } = await begun();
  const copied = `${folder}-copy`;
  await cp(folder, copied, { recursive: true });
  const tail = await tailOf(journalOf(copied));
  expect(isElsewhere(tail.head?.place ?? failed(), tail.place ?? failed())).toBe(true);
  // Renamed it is the same file: a folder may be given another name.
  await rename(folder, `${folder}-renamed`);
  const moved = await tailOf(journalOf(`${folder}-renamed`));
  expect(isElsewhere(moved.head?.place ?? failed(), moved.place ?? failed())).toBe(false);
});

/** A real file, and a device that is always full in the place of the writes after the first ones. */
function fullAfter(writes: number): OpenFile {
  let left = writes;
  return async (path, flags) => {
    const [file, full] = [await open(path, flags), await open('/dev/full', 'w')];
    return {
      write: ((bytes: Buffer) => {
        left -= 1;
        return left < 0 ? full.write(bytes) : file.write(bytes);
      }) as unknown as typeof file.write,
      datasync: () => file.datasync(), stat: (() => file.stat()) as typeof file.stat,
      close: async () => {
        await full.close();
        await file.close();
      },
    };
  };
}

/** What each road to a next file leaves when it ends in the middle. */
const NOT_BEGUN: [string, (folder: string) => Promise<string[]>][] = [
  ['a disk that is full at its head', async (folder) => {
    const full = journalOf(folder, fullAfter(0));
    expect(await full.begin(HEAD)).toMatchObject({ ok: false, error: { code: 'journal.unwritable' } });
    return ['000001.jsonl'];
  }],
  ['a process killed before its head', async (folder) => {
    await writeFile(join(folder, '000002.jsonl'), '');
    return ['000001.jsonl', '000002.jsonl'];
  }],
  ['a power cut in the middle of its head', async (folder) => {
    await writeFile(join(folder, '000002.jsonl'), '\n{"k":"head","v":1,"epo');
    return ['000001.jsonl', '000002.jsonl'];
  }],
];

test.each(NOT_BEGUN)('%s: everything goes on in the file before, and the next one gets another number', async (_name, leave) => {
  const { folder, journal } = await begun();
  must(await journal.write({ starts: [start(1)], ends: [] }));
  const left = await leave(folder);
  expect((await readdir(folder)).toSorted()).toEqual(left);
  for (const [action, each] of [[2, journal], [3, journalOf(folder)]] as const) {
    await tailOf(each);
    must(await each.write({ starts: [start(action)], ends: [] }));
  }
  expect(await tailOf(journal)).toMatchObject({ head: { epoch: 'e1' } });
  must(await journal.begin(HEAD));
  must(await journal.write({ starts: [start(4)], ends: [] }));
  expect(actions(await tailOf(journalOf(folder)))).toEqual(['1', '2', '3', '4']);
  expect(await readFile(join(folder, '000001.jsonl'), 'latin1')).toContain('"3"');
  must(await journalOf(folder).begin({ ...HEAD, epoch: 'e2' }));
  expect(await journal.write({ starts: [start(5)], ends: [] })).toMatchObject(TAKEN_OVER);
});

const refusing = (code: string): OpenFile => () => Promise.reject(Object.assign(new Error(code), { code }));

test.each<[string, OpenFile, RegExp]>([
  ['a full disk', fullAfter(0), /disque est plein/],
  ['a quota', refusing('EDQUOT'), /quota/], ['no rights', refusing('EACCES'), /droits manquent/], ['a disk mounted read-only', refusing('EROFS'), /lecture seule/],
  ['anything else', refusing('EWEIRD'), /EWEIRD/],
])('%s is a sentence that names the place and says what to do', async (_name, openFile, said) => {
  const { folder } = await begun();
  const written = await journalOf(folder, openFile).write({ starts: [start(1)], ends: [] });
  expect(written.ok ? '' : written.error.message.fr).toMatch(said);
  expect(written.ok ? '' : written.error.message.fr).toContain(folder);
  expect(written.ok ? '' : written.error.message.en).toMatch(/^Nothing leaves: /);
});

test('a file in the place of the folder cannot be read as one; a folder taken away under the program is missed', async () => {
  const place = await scratchFolder();
  await writeFile(join(place, 'i1'), 'x');
  expect(await journalOf(join(place, 'i1')).tail({ mark: null, news: false })).toMatchObject({ ok: false, error: { code: 'journal.unreadable' } });
  const { folder, journal } = await begun();
  must(await journal.write({ starts: [start(1)], ends: [] }));
  await rm(folder, { recursive: true });
  expect(await tailOf(journal)).toMatchObject({ head: null, sends: [] });
  expect(await journal.write({ starts: [start(2)], ends: [] })).toMatchObject({ ok: false, error: { code: 'journal.gone' } });
  await mkdir(folder);
  expect(await journal.write({ starts: [start(2)], ends: [] })).toMatchObject({ ok: false, error: { code: 'journal.gone' } });
});

function writeBeside(order: WritingOrder): Promise<number | null> {
  const child = spawn(process.execPath, [CHILD, 'write'], { stdio: ['pipe', 'inherit', 'inherit'] });
  child.stdin.end(JSON.stringify(order));
  return new Promise((resolve) => child.once('exit', resolve));
}

test('two processes at once: ten thousand lines, none torn, none lost, none mixed', { timeout: 60_000 }, async () => {
  const { folder } = await begun();
  const order = { folder, send: sendWritten(aSend()), notes: 500, linesEach: 10 };
  expect(await Promise.all([writeBeside({ ...order, from: 0 }), writeBeside({ ...order, from: 5000 })])).toEqual([0, 0]);
  const tail = await tailOf(journalOf(folder));
  expect(tail.torn).toBe(0);
  expect(new Set(tail.sends.map(({ action }) => Number(action))).size).toBe(10_000);
  // Both wrote at the same time, or nothing is proved.
  const order10 = tail.sends.map(({ action }) => Number(action) > 5000);
  expect(order10.filter((late, index) => index > 0 && late !== order10[index - 1]).length).toBeGreaterThan(10);
});

test('the right folder put in the place of a wrong one is seen by a process that runs, when somebody looks', async () => {
  const folder = await scratchFolder();
  const running = new FileJournal(folder);
  const seen = async (): Promise<string | undefined> => must(await running.tail({ mark: null, news: false })).head?.epoch;
  const put = async (epoch: string): Promise<void> => {
    const writer = new FileJournal(folder);
    must(await writer.begin({ ...HEAD, epoch }));
    await writer.close();
  };
  await put('wrong');
  expect(await seen()).toBe('wrong');
  await rm(join(folder, '000001.jsonl'));
  await put('right');
  expect(await seen()).toBe('right');
  await running.close();
});
