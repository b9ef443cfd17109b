import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { WIDE } from './stage.ts';

/** Drawings and drawers settle after the window has changed. */
const SETTLE_MS = 350;

/** Keeps a picture of the whole page under a name of its own; fails when it would have to scroll sideways. */
export async function photograph(page: Page, name: string, size: { readonly width: number; readonly height: number } = WIDE): Promise<void> {
  const folder = process.env['ACQUIT_SCREENSHOTS'] ?? '.cache/screenshots';
  await mkdir(folder, { recursive: true });
  await page.setViewportSize(size);
  await page.evaluate(() => scrollTo(0, 0));
  await page.waitForTimeout(SETTLE_MS);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
  await page.setViewportSize(WIDE);
}
