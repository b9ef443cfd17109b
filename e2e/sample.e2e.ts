import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSample } from '../src/cli/sample.ts';
import { expectAccessible } from './accessible.ts';
import { picture, setStage, signInByLink } from './stage.ts';
import type { Stage } from './stage.ts';
import { goTo, readable } from './steps.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await setStage({ createSample });
});
afterAll(() => stage.strike());

/** A simulated company takes seconds on a quiet machine, more on a busy one. */
const SAMPLE_TIMEOUT_MS = 90_000;

test('first start: the sample company, ready to look at', async () => {
  const { page } = stage;
  await signInByLink(stage);
  await page.getByRole('button', { name: 'Essayer avec l’exemple' }).click();
  await page.getByRole('heading', { level: 1, name: 'Vue d’ensemble' }).waitFor({ timeout: SAMPLE_TIMEOUT_MS });
  await page.getByText('Exemple', { exact: true }).waitFor();
  await page.locator('.recharts-surface').first().waitFor();
  expect(readable(await page.locator('dl').first().innerText())).toMatch(/Encours\s+[\d ]+,\d\d €/);
  await expectAccessible(page, 'overview of the sample');
  await picture(page, '20-sample-overview');
});

test('its lists and a customer are full', async () => {
  const { page } = stage;
  await goTo(page, 'Clients');
  await page.locator('tbody tr').first().waitFor();
  await picture(page, '21-sample-customers');
  await page.getByRole('button', { name: 'Afficher la suite' }).click();
  await expect.poll(() => page.locator('tbody tr').count()).toBeGreaterThan(50);
  await page.getByText('Suspendus', { exact: true }).click();
  await page.locator('tbody a').first().click();
  await page.getByRole('heading', { name: 'Suspensions' }).waitFor();
  await expectAccessible(page, 'customer of the sample');
  await picture(page, '22-sample-customer');
});

test('a run finds reminders; they are read and approved by keys alone', async () => {
  const { page } = stage;
  await goTo(page, 'Actions du jour');
  await page.getByRole('button', { name: 'Essai à blanc' }).click();
  await page.getByText(/factures examinées/).waitFor();
  await expectAccessible(page, 'dry run');
  await picture(page, '23-dry-run');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Chercher les relances du jour' }).first().click();
  await page.locator('tbody tr').first().waitFor();
  await page.keyboard.press('?');
  await page.getByRole('heading', { name: 'Raccourcis clavier' }).waitFor();
  await expectAccessible(page, 'keys');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.keyboard.press('j');
  await page.keyboard.press(' ');
  await page.keyboard.press('j');
  await page.keyboard.press(' ');
  await page.keyboard.press('k');
  await page.getByText('2 sélectionnées').waitFor();
  await page.keyboard.press('p');
  await page.locator('section[aria-label="Aperçu"] dl, section[aria-label="Aperçu"] [role="alert"]').first().waitFor();
  await picture(page, '24-sample-actions');
  await page.keyboard.press('a');
  await page.getByText('2 relances approuvées.').waitFor();
  expect(stage.errors).toEqual([]);
});
