import { playSeed } from './simulate.ts';

// Plays seeds until the promise is seen broken; one line of JSON on stdout. Run with a bug planted (plant.ts), by planted-run.ts.
const [promise = '', until = '0'] = process.argv.slice(2);
let found: { seed: number; what: string } | null = null;
const others = new Set<string>();
let seed = 1;
for (; seed <= Number(until) && found === null; seed += 1) {
  const { violations } = await playSeed(seed, { everyViolation: true });
  const one = violations.find((violation) => violation.promise === promise);
  if (one !== undefined) found = { seed, what: `${one.at} ${one.what}` };
  for (const violation of violations) others.add(violation.promise);
}
process.stdout.write(`${JSON.stringify({ found, others: [...others].toSorted(), played: seed - 1 })}\n`);
