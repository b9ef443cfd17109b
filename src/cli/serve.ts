import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { joinWorkers } from '#server/channels/worker-presence.ts';
import { firstStart } from '#server/web/first-start.ts';
import { openCarriers, openGuard, senderOf } from '#server/instance.ts';
import { openLetterMaker } from '#server/letters/pdf.ts';
import { createSample } from './sample.ts';
import { createApp } from '#server/web/app.ts';
import { startWorker } from '#server/worker.ts';
import type { Worker } from '#server/worker.ts';
import { EXIT, Stop, usage } from './context.ts';
import type { Command, Context } from './context.ts';

const BUILT = fileURLToPath(new URL('../../dist/web/index.html', import.meta.url));
/** A stop that takes longer than this is forced; a hand-off under way may need most of it. */
const STOP_LIMIT_MS = 20_000;

type Parts = {
  guard: Parameters<typeof startWorker>[0]['guard'];
  letters: Parameters<typeof startWorker>[0]['letters'];
  carriers: Parameters<typeof startWorker>[0]['carriers'];
  close(): Promise<void>;
};

async function openParts(context: Context): Promise<Parts> {
  const letters = await openLetterMaker();
  if (!letters.ok) throw new Stop(EXIT.refused, letters.error.message);
  const opened = openCarriers(context.settings, context.dataDir);
  if (!opened.ok) throw usage(opened.error.map((one) => one.message.fr).join('\n'), opened.error.map((one) => one.message.en).join('\n'));
  const { database } = context.store;
  const guard = await openGuard(database, context);
  // Said at once when nothing may leave; everything else is served.
  await guard.check(database, context.clock.now());
  return {
    guard, letters: letters.value, carriers: opened.value.carriers,
    close: async () => {
      await opened.value.close();
      await guard.journal.close();
    },
  };
}

/** Resolves at the first SIGINT or SIGTERM; a second one ends the process at once. */
function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    let asked = false;
    const stop = (): void => {
      if (asked) process.exit(EXIT.refused);
      asked = true;
      setTimeout(() => process.exit(EXIT.refused), STOP_LIMIT_MS).unref();
      resolve();
    };
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
  });
}

/** `acquit serve`: web app, API and worker in one process. */
export const serveCommand: Command = {
  about: { fr: 'le site, l\'API et le travail de fond', en: 'the web app, the API and the worker' },
  usage: 'serve [--port N] [--worker=false]',
  options: { port: { type: 'string' }, host: { type: 'string' }, worker: { type: 'string' } },
  words: [0, 0],
  anyOrganisation: true,
  run: async (context) => {
    const { port: portText, host: hostText } = context.options;
    const port = typeof portText === 'string' ? Number(portText) : context.settings.ACQUIT_PORT;
    if (!Number.isInteger(port) || port < 0 || port > 65_535) throw usage(`--port ${String(portText)} : de 0 à 65535.`, `--port ${String(portText)}: from 0 to 65535.`);
    if (!existsSync(BUILT)) throw new Stop(EXIT.refused, { fr: 'Le site n\'est pas construit : lancez « npm run build » (ou « npm start »).', en: 'The web app is not built: run "npm run build" (or "npm start").' });
    const stopped = untilStopped();
    const parts = await openParts(context);
    const { database } = context.store;
    const presence = await joinWorkers(database);
    const app = await createApp({
      database, settings: context.settings, clock: context.clock, log: context.log, letters: parts.letters, carriers: parts.carriers, guard: parts.guard,
      sender: await senderOf(database, context.settings), worker: presence, createSample,
    });
    let worker: Worker | null = null;
    try {
      const address = await listen(app, typeof hostText === 'string' ? hostText : context.settings.ACQUIT_HOST, port);
      worker = context.options['worker'] === 'false' ? null : await startWorker({ ...context, database, ...parts });
      await announce(context, address);
      await stopped;
    } finally {
      await app.close();
      await worker?.stop();
      await presence.leave();
      await parts.close();
    }
    return EXIT.done;
  },
};

async function listen(app: Awaited<ReturnType<typeof createApp>>, host: string, port: number): Promise<string> {
  try {
    return await app.listen({ host, port });
  } catch (error) {
    const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined;
    if (code !== 'EADDRINUSE' && code !== 'EACCES' && code !== 'EADDRNOTAVAIL') throw error;
    throw new Stop(EXIT.refused, {
      fr: `Le port ${port} de ${host} n'est pas disponible (${code}) : un autre programme l'utilise ? Essayez --port 0.`,
      en: `Port ${port} of ${host} cannot be had (${code}): does another program use it? Try --port 0.`,
    });
  }
}

async function announce(context: Context, address: string): Promise<void> {
  const base = context.settings.ACQUIT_BASE_URL ?? address;
  process.stdout.write(`Acquit : ${base}\n`);
  const token = await firstStart(context.store.database, context.clock);
  if (token !== null) process.stdout.write(`Première connexion (lien à usage unique, valable une heure) / first sign-in (one-time link, valid one hour):\n  ${base}/sign-in#${token}\n`);
}

/** `acquit worker`: only the worker. */
export const workerCommand: Command = {
  about: { fr: 'le travail de fond seul ; plusieurs peuvent tourner', en: 'only the worker; several may run' },
  usage: 'worker',
  words: [0, 0],
  anyOrganisation: true,
  run: async (context) => {
    const stopped = untilStopped();
    const parts = await openParts(context);
    const worker = await startWorker({ ...context, database: context.store.database, ...parts });
    process.stdout.write('worker\n');
    await stopped;
    await worker.stop();
    await parts.close();
    return EXIT.done;
  },
};
