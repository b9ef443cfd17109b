import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { STANDARD_RULES } from '#core/matching/rules.ts';
import { growth, jsonLine, table } from './figure.ts';
import type { Figure } from './figure.ts';
import { measureSeed } from './measures/matching-quality.ts';
import type { Example } from './measures/matching-quality.ts';
import { PLANTED } from './measures/matching-planted.ts';
import { missed, qualityReport } from './measures/matching-report.ts';
import type { Floors } from './measures/matching-speed.ts';
import type { SpeedOrder } from './measures/matching-work.ts';
import { openPlace } from './place.ts';

const USAGE = `node bench/matching.ts [--only quality|speed] [--seeds 20] [--from 1] [--lines 5000] [--sizes 10000,100000] [--show 20] [--planted 2]
  quality: simulated bank statements of which the truth is known, with the standard rules: what is applied by itself, what is proposed first, by kind of mess.
  speed: lines against items beside one SQL join on the exact reference in the same run; a customer with 5,000 open documents.
  After the real matcher some that make known mistakes are judged on so many of the seeds (--planted; 0: none): each of them must miss a goal.
  The exit code is 1 when a goal is missed, or when a planted mistake misses none.
  --show prints so many lines of each seed that were applied wrongly, then those whose first proposal was not right.`;
const WORK = fileURLToPath(new URL('measures/matching-work.ts', import.meta.url));
const READ_ON = `The goal of speed is read on all the mess, which is what banks send; lines that say a whole number and nothing else are the work that SQL can do too, and are shown beside it.`;
const DEFAULTS = { seeds: '20', from: '1', lines: '5000', sizes: '10000,100000', show: '0', planted: '2' };

type Asked = { readonly only: string | undefined; readonly seeds: number; readonly from: number; readonly lines: number; readonly sizes: readonly number[]; readonly show: number; readonly planted: number };

function readArguments(): Asked | null {
  const string = { type: 'string' } as const;
  const { values } = parseArgs({ options: { only: string, seeds: string, from: string, lines: string, sizes: string, show: string, planted: string, help: { type: 'boolean' } } });
  const number = (name: keyof typeof DEFAULTS): number => Number(values[name] ?? DEFAULTS[name]);
  const asked = { only: values.only, seeds: number('seeds'), from: number('from'), lines: number('lines'), show: number('show'), planted: number('planted'), sizes: (values.sizes ?? DEFAULTS.sizes).split(',').map(Number) };
  const isWrong = [asked.seeds, asked.from, asked.lines, ...asked.sizes].some((one) => !Number.isInteger(one) || one < 1) || [asked.show, asked.planted].some((one) => !Number.isInteger(one) || one < 0);
  return values.help === true || isWrong || (asked.only !== undefined && asked.only !== 'quality' && asked.only !== 'speed') ? null : asked;
}

/** What was printed, and whether every goal was met. */
type Measured = { readonly text: string; readonly met: boolean };

function measureQuality({ seeds, from, lines, show }: Asked): Measured {
  const results = Array.from({ length: seeds }, (_, at) => {
    const seed = from + at;
    const examples: Example[] = [];
    const result = measureSeed({ seed, lines, rules: STANDARD_RULES, planted: null, example: (one) => examples.push(one) });
    process.stderr.write(`seed ${seed} of ${lines} lines: ${result.seconds.toFixed(1)} s, ${result.tally.count({ outcome: ['wrong'] })} wrong\n`);
    const worstFirst = examples.toSorted((a, b) => Number(b.judged.outcome === 'wrong') - Number(a.judged.outcome === 'wrong'));
    for (const one of worstFirst.slice(0, show)) process.stdout.write(`${one.text}\n`);
    return result;
  });
  return { text: qualityReport(results), met: missed(results).length === 0 };
}

/** Worse matchers on the same lines: the goals must tell them from the real one. */
function measurePlanted({ seeds, from, lines, planted }: Asked): Measured {
  const count = Math.min(planted, seeds);
  const rows = Object.entries(PLANTED).map(([name, worse]) => {
    const results = Array.from({ length: count }, (_, at) => measureSeed({ seed: from + at, lines, rules: STANDARD_RULES, planted: worse, example: () => {} }));
    const below = missed(results);
    process.stderr.write(`planted: ${name}\n`);
    return { caught: below.length > 0, text: `${below.length > 0 ? 'caught' : 'NOT CAUGHT'}  ${name}: ${below.join('; ')}` };
  });
  return { text: count === 0 ? '' : `Planted mistakes, ${count} seeds:\n${rows.map((row) => row.text).join('\n')}\n\n`, met: count === 0 || rows.every((row) => row.caught) };
}

async function measureSpeed({ sizes }: Asked): Promise<Measured> {
  const opened = await openPlace();
  const folder = await mkdtemp(join(tmpdir(), 'acquit-bench-matching-'));
  const figures: Figure[] = [];
  try {
    for (const kind of ['plain', 'mess'] as const) {
      for (const size of sizes) {
        process.stderr.write(`${size} lines against ${size} items, ${kind} …\n`);
        const file = join(folder, `${kind}-${size}.jsonl`);
        const floors = await inProcess<Floors>({ step: 'prepare', kind, place: opened.place, size, file });
        figures.push(...(await inProcess<Figure[]>({ step: 'match', kind, floors, file })));
      }
    }
    figures.push(...(await inProcess<Figure[]>({ step: 'largeCustomer' })));
  } finally {
    await opened.close();
    await rm(folder, { recursive: true, force: true });
  }
  const text = `${READ_ON}\n\n${table(figures)}\n\n${growth(figures).join('\n')}\n\n${figures.map(jsonLine).join('\n')}`;
  return { text, met: figures.every((figure) => (JSON.parse(jsonLine(figure)) as { met: boolean | null }).met !== false && figure.note?.includes('MISSED') !== true) };
}

async function inProcess<Answer>(order: SpeedOrder): Promise<Answer> {
  const child = spawn(process.execPath, [...process.execArgv, WORK], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(JSON.stringify(order));
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  const said = await text(child.stdout);
  if ((await ended) !== 0) throw new Error(`${order.step} failed`);
  return JSON.parse(said) as Answer;
}

async function main(): Promise<number> {
  const asked = readArguments();
  if (asked === null) {
    process.stdout.write(`${USAGE}\n`);
    return 2;
  }
  let isAllMet = true;
  const say = ({ text, met }: Measured): void => {
    process.stdout.write(`${text}\n\n`);
    isAllMet &&= met;
  };
  if (asked.only !== 'speed') {
    say(measureQuality(asked));
    say(measurePlanted(asked));
  }
  if (asked.only !== 'quality') say(await measureSpeed(asked));
  return isAllMet ? 0 : 1;
}

process.exitCode = await main();
