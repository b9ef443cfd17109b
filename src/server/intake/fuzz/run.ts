import { parseArgs } from 'node:util';
import { CASE_SECONDS_MAX, failureText, RUN_MIB_MAX, runFuzz } from './fuzz.ts';
import type { FuzzReport } from './fuzz.ts';
import { allSubjects } from './subjects.ts';
import type { Subject } from './subject.ts';

const SUBJECTS = allSubjects();
const USAGE = `node src/server/intake/fuzz/run.ts [--parser all|${SUBJECTS.map(({ name }) => name).join('|')}] [--count 20000] [--seed 1] [--from 0]
  Feeds changed files to the readers and judges every answer. Cases are numbered: a long run is taken up again with --from, a failure is
  seen again with the numbers it prints. Exit code 1 at the first failure of any reader.`;

/** A line of progress every so many cases. */
const PROGRESS_CASES = 10_000;

async function runOne(subject: Subject, order: { seed: number; from: number; count: number }): Promise<FuzzReport> {
  const progress = (done: number): void => {
    if (done % PROGRESS_CASES === 0) process.stderr.write(`${subject.name}: ${order.from + done} of ${order.from + order.count}\n`);
  };
  return runFuzz({ subject, ...order, progress });
}

function summary(name: string, report: FuzzReport): string {
  const pairs = report.pairs === 0 ? '' : `, ${report.pairsTold} of ${report.pairs} changed amounts told`;
  return `${name}: ${report.cases} cases, ${report.accepted} accepted, ${report.refused} refused, ${report.codes.size} kinds of problem${pairs}, slowest ${report.slowestSeconds.toFixed(2)} s, memory +${report.grownMiB} MiB`;
}

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { parser: { type: 'string' }, count: { type: 'string' }, seed: { type: 'string' }, from: { type: 'string' }, help: { type: 'boolean' } } });
  const names = values.parser === undefined || values.parser === 'all' ? SUBJECTS.map(({ name }) => name) : values.parser.split(',');
  const [count, seed, from] = [Number(values.count ?? 20_000), Number(values.seed ?? 1), Number(values.from ?? 0)];
  const chosen = SUBJECTS.filter(({ name }) => names.includes(name));
  if (values.help === true || chosen.length < names.length || ![count, seed, from].every((one) => Number.isInteger(one) && one >= 0)) {
    process.stdout.write(`${USAGE}\n`);
    return 2;
  }
  let failed = false;
  for (const subject of chosen) {
    const report = await runOne(subject, { seed, from, count });
    process.stdout.write(`${summary(subject.name, report)}\n`);
    if (report.failure !== null) process.stdout.write(`FAILED ${failureText(report.failure)}\n`);
    if (report.grownMiB > RUN_MIB_MAX) process.stdout.write(`FAILED ${subject.name}: memory grew by ${report.grownMiB} MiB, at most ${RUN_MIB_MAX}\n`);
    failed ||= report.failure !== null || report.grownMiB > RUN_MIB_MAX || report.slowestSeconds > CASE_SECONDS_MAX;
  }
  return failed ? 1 : 0;
}

process.exitCode = await main();
