import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

/** Faults that keep people out; the milder ones are advice. */
const GRAVE: ReadonlySet<string> = new Set(['serious', 'critical']);

/** Asserts that axe finds no serious or critical fault on the page as it stands. The message's own frame has no scripts to ask. */
export async function expectAccessible(page: Page, where: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).exclude('iframe.mail-frame').analyze();
  const grave = violations
    .filter((violation) => GRAVE.has(violation.impact ?? ''))
    .map((violation) => `${where}: ${violation.id} (${violation.help}): ${violation.nodes.slice(0, 3).map((node) => `${node.target.join(' ')} ${node.failureSummary ?? ''}`).join(' | ')}`);
  expect(grave).toEqual([]);
}
