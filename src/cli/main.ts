import { describeSettings } from '#server/plumbing/settings.ts';
import { createLog, loggableError } from '#server/plumbing/log.ts';
import { COMMANDS } from './commands.ts';
import { EXIT, runCommand, Stop } from './context.ts';

const wantsEnglish = process.argv.includes('en') && process.argv.includes('--lang');

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
  const command = COMMANDS[name];
  if (command === undefined) {
    process.stderr.write(`acquit: ${wantsEnglish ? 'unknown command' : 'commande inconnue'} ${name}\n\n${help()}`);
    return EXIT.usage;
  }
  return runCommand(command, words);
}

try {
  process.exitCode = await main();
} catch (error) {
  if (error instanceof Stop) {
    if (process.argv.includes('--json')) process.stdout.write(`${JSON.stringify({ status: 'refused', message: error.said })}\n`);
    process.stderr.write(`${wantsEnglish ? error.said.en : error.said.fr}\n`);
    process.exitCode = error.status;
  } else {
    createLog('error').error({ error: loggableError(error) }, 'unexpected failure');
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = EXIT.refused;
  }
}
