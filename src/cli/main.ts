import { describeSettings } from '#server/plumbing/settings.ts';
import { createLog, loggableError } from '#server/plumbing/log.ts';
import { COMMANDS } from './commands.ts';
import { EXIT, runCommand, Stop, usage } from './context.ts';
import { sentences } from './shapes.ts';

const wantsEnglish = process.argv.includes('--lang=en') || (process.argv.includes('--lang') && process.argv[process.argv.indexOf('--lang') + 1] === 'en');
const wantsJson = process.argv.includes('--json');

function help(): string {
  const width = Math.max(...Object.values(COMMANDS).map(({ usage }) => usage.length));
  const lines = Object.values(COMMANDS).map(({ usage, about }) => `  ${usage.padEnd(width)}  ${wantsEnglish ? about.en : about.fr}`);
  const common = '  --data DIR  --org CODE  --today YYYY-MM-DD  --json  --lang fr|en  --help';
  return `acquit\n\n${lines.join('\n')}\n\n${wantsEnglish ? 'Common options' : 'Options communes'}\n${common}\n\n${wantsEnglish ? 'Settings (environment)' : 'Réglages (environnement)'}\n${describeSettings()}\n`;
}

async function main(): Promise<number> {
  const [name, ...words] = process.argv.slice(2);
  if (name === undefined || name === '--help' || name === 'help' || name === '-h') {
    process.stdout.write(help());
    return name === undefined ? EXIT.usage : EXIT.done;
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) {
    throw usage(`Commande inconnue : ${name}. « acquit help » les donne toutes.`, `Unknown command: ${name}. "acquit help" lists them all.`);
  }
  return runCommand(command, words);
}

/** What was not foreseen, as a sentence; the log says where it happened. */
function unforeseen(error: unknown): Stop {
  createLog('error').error({ error: loggableError(error) }, 'unexpected failure');
  const detail = error instanceof Error ? error.message : String(error);
  return new Stop(EXIT.refused, { fr: `Échec inattendu : ${detail}`, en: `Unexpected failure: ${detail}` });
}

// A reader that stops early (`acquit items | head`) is no failure; the database must still be closed.
process.stdout.on('error', (error) => {
  if (Reflect.get(error, 'code') !== 'EPIPE') throw error;
});

try {
  process.exitCode = await main();
} catch (error) {
  const stop = error instanceof Stop ? error : unforeseen(error);
  if (wantsJson && !stop.printed) process.stdout.write(`${JSON.stringify({ status: stop.status === EXIT.usage ? 'usage' : 'refused', ...sentences(stop.said, wantsEnglish ? 'en' : 'fr') })}\n`);
  process.stderr.write(`${wantsEnglish ? stop.said.en : stop.said.fr}\n`);
  process.exitCode = stop.status;
}
