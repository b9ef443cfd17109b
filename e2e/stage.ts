import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { chromium } from 'playwright-core';
import type { BrowserContext, Page } from 'playwright-core';
import { build } from 'vite';
import { must } from '#core/kernel/result.ts';
import { joinWorkers } from '#server/channels/worker-presence.ts';
import type { SendGuard } from '#server/channels/journal/guard.ts';
import type { Carriers } from '#server/channels/send.ts';
import { openLetterMaker } from '#server/letters/pdf.ts';
import { clockAt } from '#server/testing/given.ts';
import { createLog } from '#server/plumbing/log.ts';
import { readSettings } from '#server/plumbing/settings.ts';
import { testDatabase } from '#server/testing/database.ts';
import type { TestDatabase } from '#server/testing/database.ts';
import { scratchFolder } from '#server/testing/scratch.ts';
import { testGuard } from '#server/testing/guard.ts';
import { createApp } from '#server/web/app.ts';
import type { CreateSample } from '#server/web/context.ts';
import { firstStart } from '#server/web/first-start.ts';
import { CHROMIUM_FLAGS, requireChromium } from '../tools/chromium.ts';

/** Business day of every journey: a Tuesday without holidays around it. */
export const TODAY = '2026-06-30';

/** What a person sees in a wide window and on a phone. */
export const WIDE = { width: 1280, height: 900 } as const;
export const NARROW = { width: 390, height: 844 } as const;

/** A step of a page that takes longer is a failure to look at; the machine may be busy with other tests. */
const STEP_TIMEOUT_MS = 15_000;

const BUILT = new URL('../dist/web/index.html', import.meta.url);

/** A real server on a database of its own, a real browser on it, and what was left to clean up. */
export type Stage = {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly test: TestDatabase;
  readonly address: string;
  /** Path and fragment of the first sign-in. */
  readonly firstLink: string;
  /** Errors that the browser's console showed; a journey ends with none. */
  readonly errors: string[];
  strike(): Promise<void>;
};

/** What a journey changes of the stage. */
export type Setting = { readonly carriers?: Carriers; readonly guard?: SendGuard; readonly createSample?: CreateSample; readonly from?: string; readonly environment?: Readonly<Record<string, string>> };

async function serve(test: TestDatabase, setting: Setting): Promise<{ address: string; close(): Promise<void> }> {
  const clock = clockAt(TODAY);
  const worker = await joinWorkers(test.database);
  const app = await createApp({
    database: test.database, settings: must(readSettings({ ACQUIT_PORT: '0', ...setting.environment })), clock, log: createLog(process.env['ACQUIT_E2E_LOG'] ?? 'silent'), letters: must(await openLetterMaker()),
    carriers: setting.carriers ?? { mail: null, letter: null }, sender: { from: setting.from ?? null, instance: 'journey' }, worker, guard: setting.guard ?? testGuard(test.database),
    ...(setting.createSample === undefined ? {} : { createSample: setting.createSample }),
  });
  const address = await app.listen({ host: '127.0.0.1', port: 0 });
  return {
    address,
    close: async () => {
      await app.close();
      await worker.leave();
    },
  };
}

/** Builds the web app when it is missing, starts a server and a browser, and opens an empty page in French. */
export async function setStage(setting: Setting = {}): Promise<Stage> {
  if (!existsSync(BUILT)) await build({ configFile: new URL('../vite.config.ts', import.meta.url).pathname, logLevel: 'warn' });
  const program = requireChromium();
  const test = await testDatabase();
  const server = await serve(test, setting);
  const token = await firstStart(test.database, clockAt(TODAY));
  const profile = await mkdtemp(join(tmpdir(), 'acquit-browser-'));
  const context = await chromium.launchPersistentContext(profile, { executablePath: program, args: [...CHROMIUM_FLAGS], viewport: WIDE, locale: 'fr-FR', reducedMotion: 'reduce', timezoneId: 'Europe/Paris', acceptDownloads: true });
  context.setDefaultTimeout(STEP_TIMEOUT_MS);
  const page = context.pages()[0] ?? (await context.newPage());
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error' && !/status of 4\d\d/.test(message.text())) errors.push(message.text());
  });
  return {
    page, context, test, address: server.address, firstLink: `/sign-in#${token ?? ''}`, errors,
    strike: async () => {
      await context.close();
      await server.close();
      await test.drop();
      await rm(profile, { recursive: true, force: true });
    },
  };
}

/** Opens the first link and signs in by it. */
export async function signInByLink(stage: Stage): Promise<void> {
  await stage.page.goto(stage.address + stage.firstLink);
  await stage.page.getByRole('button', { name: 'Ouvrir ma session' }).click();
}

/** Keeps a picture of the page, wide and on a phone, in ACQUIT_SCREENSHOTS or the cache folder; fails when a phone would have to scroll sideways. */
export async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env['ACQUIT_SCREENSHOTS'] ?? '.cache/screenshots';
  await mkdir(folder, { recursive: true });
  const tooWide: string[] = [];
  for (const [width, size] of [['wide', WIDE], ['narrow', NARROW]] as const) {
    await page.setViewportSize(size);
    await page.evaluate(() => scrollTo(0, 0));
    // Drawings and drawers settle after the window has changed.
    await page.waitForTimeout(350);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (overflow > 0) tooWide.push(`${name} is ${overflow} pixels wider than a window of ${size.width}`);
    await page.screenshot({ path: join(folder, `${name}-${width}.png`), fullPage: true });
  }
  await page.setViewportSize(WIDE);
  await page.waitForTimeout(200);
  if (tooWide.length > 0) throw new Error(tooWide.join('; '));
}

/** Writes a file that a person would drop, in a folder of its own. */
export async function fileOf(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(await scratchFolder(), name);
  await writeFile(path, content);
  return path;
}
