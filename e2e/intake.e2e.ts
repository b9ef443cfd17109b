import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectAccessible } from './accessible.ts';
import { BROKEN_LEDGER, INVOICES_CSV, LEDGER } from './ledger.ts';
import { picture, setStage } from './stage.ts';
import type { Stage } from './stage.ts';
import { dropFile, goTo, readable, startWithFile } from './steps.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
});
afterAll(() => stage.strike());

test('a refused file names the line and the reason, and nothing of it is kept', async () => {
  const { page } = stage;
  await startWithFile(stage, { name: '000000000FEC20261231.txt', content: BROKEN_LEDGER });
  await page.getByRole('heading', { name: 'Fichier refusé' }).waitFor();
  const table = page.getByRole('table', { name: 'Remarques' });
  expect(readable(await table.innerText())).toMatch(/6[\s\S]*Erreur[\s\S]*cinq mille/);
  await expectAccessible(page, 'refused');
  await picture(page, '30-refused');
  await page.getByText('Aucun import pour l’instant.').waitFor();
  await page.getByRole('button', { name: 'Importer un autre fichier' }).click();
});

test('a list of invoices: columns are shown, corrected, then imported with a second currency', async () => {
  const { page } = stage;
  await dropFile(page, { name: 'factures.csv', content: INVOICES_CSV });
  await page.getByRole('heading', { name: 'Vérifiez les colonnes' }).waitFor();
  await page.getByRole('heading', { name: 'Ce qui a été compris' }).waitFor();
  await expectAccessible(page, 'columns');
  await picture(page, '31-columns');
  await page.getByRole('button', { name: 'Importer avec ces colonnes' }).click();
  await page.getByRole('heading', { name: 'Import réussi' }).waitFor();
  await page.getByRole('link', { name: 'Voir ma vue d’ensemble' }).click();
  await page.locator('dl').first().waitFor();
  expect(readable(await page.locator('dl').first().innerText())).toContain('760,50 €');
  await page.getByRole('combobox', { name: 'Devise' }).click();
  await page.getByRole('option', { name: 'GBP' }).click();
  await page.getByText(/1\s200,00\sGBP/).first().waitFor();
  await page.getByText('Tableau', { exact: true }).click();
  await page.getByRole('table', { name: 'Balance âgée' }).waitFor();
  await expectAccessible(page, 'aged table');
});

test('the same file again changes nothing; undo puts the ledger back', async () => {
  const { page } = stage;
  await goTo(page, 'Import');
  await page.getByRole('button', { name: 'Importer un autre fichier' }).click();
  await dropFile(page, { name: '000000000FEC20261231.txt', content: LEDGER });
  await page.getByRole('heading', { name: 'Import réussi' }).waitFor();
  await page.getByRole('button', { name: 'Importer un autre fichier' }).click();
  await dropFile(page, { name: 'copie.txt', content: LEDGER });
  await page.getByRole('heading', { name: 'Ce fichier est déjà importé' }).waitFor();
  await page.getByRole('button', { name: 'Annuler cet import : 000000000FEC20261231.txt' }).click();
  await expectAccessible(page, 'undo');
  await picture(page, '32-undo');
  await page.getByRole('dialog').getByRole('button', { name: 'Annuler l’import' }).click();
  await page.getByText('L’import est annulé').waitFor();
  await page.locator('tbody').getByText('Annulé').waitFor();
  await goTo(page, 'Clients');
  await page.getByText('3 clients', { exact: true }).waitFor();
  expect(await page.locator('tbody').innerText()).not.toContain('LEFEVRE');
});

test('without a mail server messages wait in the outbox, and an import they rest on cannot be undone', async () => {
  const { page } = stage;
  await goTo(page, 'Actions du jour');
  await page.getByRole('button', { name: 'Chercher les relances du jour' }).first().click();
  await page.getByRole('button', { name: 'Boulangerie Petit' }).waitFor();
  await page.getByRole('button', { name: /Tout approuver/ }).click();
  await page.getByText(/relances? approuvées?\./).waitFor();
  await page.getByRole('tab', { name: /Boîte d’envoi/ }).click();
  await page.getByText('Les e-mails attendent').waitFor();
  await page.getByRole('button', { name: 'Boulangerie Petit' }).waitFor();
  await expectAccessible(page, 'outbox without mail server');
  await picture(page, '33-outbox');
  await goTo(page, 'Import');
  await page.getByRole('button', { name: 'Annuler cet import : factures.csv' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Annuler l’import' }).click();
  await page.getByText('Cet import ne peut pas être annulé').waitFor();
  await page.getByText(/Des relances citent des pièces/).waitFor();
  await page.keyboard.press('Escape');
  expect(stage.errors).toEqual([]);
});
