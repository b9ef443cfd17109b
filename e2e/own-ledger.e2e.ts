import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectAccessible } from './accessible.ts';
import { LEDGER, LEDGER_FIGURES } from './ledger.ts';
import { fileOf, picture, setStage, signInByLink } from './stage.ts';
import type { Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
});
afterAll(() => stage.strike());

test('first start: welcome, import of one’s own ledger, figures equal to it', async () => {
  const { page } = stage;
  await page.goto(stage.address);
  await page.getByRole('heading', { name: 'Se connecter' }).waitFor();
  await expectAccessible(page, 'sign-in');
  await picture(page, '01-sign-in');
  await signInByLink(stage);
  await page.getByRole('heading', { name: 'Bienvenue dans Acquit' }).waitFor();
  await expectAccessible(page, 'welcome');
  await picture(page, '02-welcome');
  await page.getByLabel('Nom de votre société').fill('Ateliers Duval');
  await page.getByRole('button', { name: 'Importer mon grand livre' }).click();
  await page.getByRole('heading', { name: 'Import', exact: true }).waitFor();
  await expectAccessible(page, 'import');
  await picture(page, '03-import');
  await page.locator('input[type=file]').setInputFiles(await fileOf('000000000FEC20261231.txt', LEDGER));
  await page.getByRole('heading', { name: 'Import réussi' }).waitFor();
  await expectAccessible(page, 'import done');
  await picture(page, '04-import-done');
  await page.getByRole('link', { name: 'Voir ma vue d’ensemble' }).click();
  await page.getByRole('heading', { name: 'Vue d’ensemble' }).waitFor();
  await page.locator('dl').first().waitFor();
  const figures = (await page.locator('dl').first().innerText()).replaceAll(/[\u00a0\u202f]/g, ' ');
  for (const figure of Object.values(LEDGER_FIGURES)) expect(figures).toContain(figure);
  await page.locator('.recharts-surface').first().waitFor();
  await expectAccessible(page, 'overview');
  await picture(page, '05-overview');
  expect(stage.errors).toEqual([]);
});
