import { monitorEventLoopDelay } from 'node:perf_hooks';
import { afterEach, expect, test } from 'vitest';
import { ReadingWorker } from './reading-worker.ts';

const LIMITS = { millis: 1_000, heapMegabytes: 32, bufferMegabytes: 64 };

/** A thread with readings that misbehave, each in its own way. */
const THREAD = `
  import { parentPort, threadId } from 'node:worker_threads';
  const kept = [];
  const readings = {
    length: (bytes) => bytes.length,
    thread: () => threadId,
    spin: () => { for (;;); },
    hoard: () => { for (;;) kept.push({ text: 'x'.repeat(10) + kept.length }); },
    unpack: async () => { for (;;) { kept.push(new Uint8Array(1048576).fill(1)); } },
    end: () => process.exit(0),
    rise: () => { setTimeout(() => { throw new Error('later'); }, 1); return new Promise(() => {}); },
    fail: () => { throw new Error('damaged'); },
    network: () => typeof process.env.PATH,
    print: () => { console.log('a'.repeat(100000)); console.error('b'); return 'printed'; },
  };
  parentPort.on('message', async ({ name, bytes }) => {
    try { parentPort.postMessage({ value: await readings[name](bytes) }); } catch (error) { parentPort.postMessage({ failed: error.message }); }
  });`;

const entry = new URL(`data:text/javascript,${encodeURIComponent(THREAD)}`);
const opened: ReadingWorker[] = [];

function newWorker(limits = LIMITS): ReadingWorker {
  const worker = new ReadingWorker({ entry, limits });
  opened.push(worker);
  return worker;
}

afterEach(async () => {
  for (const worker of opened.splice(0)) await worker.close();
});

const bytes = (): Uint8Array => new Uint8Array([1, 2, 3]);
const codeOf = async (worker: ReadingWorker, name: string): Promise<string> => {
  const result = await worker.run(name, bytes());
  return result.ok ? JSON.stringify(result.value) : result.error.code;
};

test('gives what the reading gives, and hands the bytes over', async () => {
  const given = bytes();
  expect(await newWorker().run('length', given)).toEqual({ ok: true, value: 3 });
  expect(given.length).toBe(0);
});

test('bytes that are part of a larger buffer are copied: their neighbours stay', async () => {
  const whole = new Uint8Array([1, 2, 3, 4, 5]);
  expect(await newWorker().run('length', whole.subarray(1, 3))).toEqual({ ok: true, value: 2 });
  expect(whole.length).toBe(5);
});

test.each([
  ['spin', 'intake.readingTime'],
  ['hoard', 'intake.readingMemory'],
  ['unpack', 'intake.readingMemory'],
  ['end', 'intake.readingFailed'],
  ['rise', 'intake.readingFailed'],
  ['fail', 'intake.readingFailed'],
  ['nothing', 'intake.readingFailed'],
])('a reading that does "%s" is refused by name, and the next one is read', async (name, code) => {
  const worker = newWorker({ ...LIMITS, millis: name === 'spin' ? 500 : 20_000 });
  expect(await codeOf(worker, name)).toBe(code);
  expect(await codeOf(worker, 'length')).toBe('3');
});

test('the sentence names the limit in both languages', async () => {
  const result = await newWorker({ ...LIMITS, millis: 500 }).run('spin', bytes());
  expect(result.ok ? null : result.error.message).toMatchObject({ fr: expect.stringContaining('0.5 secondes'), en: expect.stringContaining('0.5 seconds') });
});

test('readings wait for each other and each gets its own answer', async () => {
  const worker = newWorker();
  const results = await Promise.all(Array.from({ length: 50 }, (_, index) => worker.run('length', new Uint8Array(index + 1))));
  expect(results.map((result) => (result.ok ? result.value : null))).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
});

test('a thread that dies takes only its own reading with it, not those that wait', async () => {
  const worker = newWorker();
  const [dead, alive] = await Promise.all([codeOf(worker, 'end'), codeOf(worker, 'length')]);
  expect([dead, alive]).toEqual(['intake.readingFailed', '3']);
});

test('too many files at once are refused instead of piling up', async () => {
  const worker = newWorker();
  const all = await Promise.all(Array.from({ length: 250 }, () => codeOf(worker, 'length')));
  expect(all.filter((code) => code === 'intake.readingBusy').length).toBeGreaterThan(0);
  expect(all.filter((code) => code === '3').length).toBeGreaterThanOrEqual(200);
  expect(await codeOf(worker, 'length')).toBe('3');
});

test('a thread is reused, and replaced after a hundred files', async () => {
  const worker = newWorker();
  const threads: string[] = [];
  for (let index = 0; index < 101; index += 1) threads.push(await codeOf(worker, 'thread'));
  expect(new Set(threads.slice(0, 100)).size).toBe(1);
  expect(threads[100]).not.toBe(threads[0]);
});

test('the thread knows nothing of the environment and prints nowhere', async () => {
  const worker = newWorker();
  expect(await codeOf(worker, 'network')).toBe('"undefined"');
  expect(await codeOf(worker, 'print')).toBe('"printed"');
});

test('after close the next reading starts a thread again', async () => {
  const worker = newWorker();
  expect(await codeOf(worker, 'length')).toBe('3');
  await worker.close();
  expect(await codeOf(worker, 'length')).toBe('3');
});

test('the event loop of the caller stays free while a thread spins', async () => {
  const delay = monitorEventLoopDelay({ resolution: 5 });
  const worker = newWorker();
  await codeOf(worker, 'length');
  const lags: number[] = [];
  // A loaded machine delays everybody; one calm attempt shows that the reading itself does not.
  for (let attempt = 0; attempt < 3 && (lags.length === 0 || Math.min(...lags) >= 50); attempt += 1) {
    delay.reset();
    delay.enable();
    expect(await codeOf(worker, 'spin')).toBe('intake.readingTime');
    delay.disable();
    lags.push(delay.percentile(99) / 1e6);
  }
  expect(Math.min(...lags)).toBeLessThan(50);
});
