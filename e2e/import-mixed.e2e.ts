import { cp } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { scratchFolder } from '#server/testing/scratch.ts';
import { expectAccessible } from './accessible.ts';
import { photograph } from './photograph.ts';
import { NARROW, fileOf, setStage, signInByLink } from './stage.ts';
import type { Stage } from './stage.ts';
import { dropFile, goTo, readable } from './steps.ts';

const MIXED = new URL('../fixtures/mixed', import.meta.url).pathname;

/** Reading sixteen files on a busy machine. */
const READ_TIMEOUT_MS = 60_000;

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
  await signInByLink(stage);
  await stage.page.getByLabel('Nom de votre société').fill('Ateliers Duval');
  await stage.page.getByRole('button', { name: 'Importer mon grand livre' }).click();
  await stage.page.getByText('Déposez vos fichiers ici').waitFor();
  const owner = await stage.test.owner();
  await owner.query(`update entity set siren = '000900019', iban = 'FR1420041010050500013M02606'`);
  await owner.end();
});
afterAll(() => stage.strike());

const results = (): Locator => stage.page.getByRole('list', { name: /^(?:Résultats|Results)$/ });
const resultOf = (name: string): Locator => results().getByRole('listitem').filter({ hasText: name }).last();

test('a whole folder is dropped: every file has its line, and the end is one sentence', async () => {
  const { page } = stage;
  await expectAccessible(page, 'import, empty');
  await photograph(page, 'import-empty');
  const folder = join(await scratchFolder(), 'mois');
  await cp(MIXED, folder, { recursive: true, filter: (source) => basename(source) !== 'README.md' });
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Choisir un dossier' }).click();
  await (await chooser).setFiles(folder);
  await page.getByRole('heading', { name: '17 fichiers : 13 appliqués, 1 à confirmer, 3 refusés' }).waitFor({ timeout: READ_TIMEOUT_MS });
  expect(await results().locator('> li').count()).toBe(16);
  await page.getByText('Lettrage : 2 règlements placés d’eux-mêmes, 3 lignes à placer').waitFor();
  await expectAccessible(page, 'results');
  await photograph(page, 'import-mixed');
  await photograph(page, 'import-mixed-narrow', NARROW);
});

test('each result says what it is and what was understood', async () => {
  expect(readable(await resultOf('2026-02_camt053.xml').innerText())).toMatch(/Relevé bancaire camt\.053[\s\S]*Appliqué[\s\S]*2 nouvelles lignes bancaires · Entrées 400,50 € · sorties 120,00 €[\s\S]*FR14 2004 1010 0505 0001 3M02 606, du 1er févr\. 2026 au 28 févr\. 2026, solde final 1 730,50 €/);
  expect(readable(await resultOf('F2026-203.pdf').innerText())).toMatch(/Facture électronique Factur-X[\s\S]*Facture F2026-203 pour Brasserie du Port[\s\S]*144,00 € à payer, échéance le 17 juin 2026/);
  expect(readable(await resultOf('F2026-201_207.xml').innerText())).toMatch(/Statut de facture[\s\S]*F2026-201 : En litige le 15 mai 2026 · Hôtel du Phare SAS[\s\S]*1 facture n’est plus relancée/);
  expect(readable(await resultOf('000900019FEC20261231.txt').innerText())).toMatch(/Grand livre FEC[\s\S]*3 clients créés · 4 factures/);
  expect(readable(await results().getByRole('listitem').filter({ hasText: 'juin.zip' }).first().innerText())).toMatch(/Archive : 2 fichiers[\s\S]*F2026-205/);
});

test('only the refused ones; their reason and what to do; remarks are saved as a table', async () => {
  const { page } = stage;
  await page.getByText('Refusés (3)').click();
  expect(await results().getByRole('listitem').count()).toBe(3);
  expect(readable(await resultOf('note-interne.txt').innerText())).toMatch(/Fichier non reconnu[\s\S]*Refusé[\s\S]*Erreur[\s\S]*Sont lus/);
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Télécharger toutes les remarques' }).click();
  expect((await download).suggestedFilename()).toBe('remarques.csv');
  await page.getByText('Tous (17)').click();
});

test('refused files and results are still there after a reload', async () => {
  const { page } = stage;
  await page.reload();
  await page.getByRole('heading', { name: '17 fichiers : 13 appliqués, 1 à confirmer, 3 refusés' }).waitFor();
  expect(readable(await resultOf('2026-02_coupe.xml').innerText())).toMatch(/Refusé[\s\S]*Erreur/);
});

test('an account that is ours after all; columns are checked and imported', async () => {
  const { page } = stage;
  await page.getByRole('button', { name: 'C’est notre compte : autre-compte_camt053.xml' }).click();
  await page.getByRole('heading', { name: '17 fichiers : 14 appliqués, 1 à confirmer, 2 refusés' }).waitFor({ timeout: READ_TIMEOUT_MS });
  await page.getByRole('button', { name: 'Vérifier les colonnes : 2026-06.csv' }).click();
  await page.getByRole('heading', { name: 'Ce qui a été compris' }).waitFor();
  await expectAccessible(page, 'columns among results');
  await page.getByRole('button', { name: 'Importer avec ces colonnes' }).click();
  await page.getByRole('heading', { name: '17 fichiers : 15 appliqués, 2 refusés' }).waitFor({ timeout: READ_TIMEOUT_MS });
  expect(readable(await resultOf('2026-06.csv').innerText())).toMatch(/Relevé bancaire en tableau[\s\S]*3 nouvelles lignes bancaires/);
});

test('what was set aside is reviewed: one accepted, one discarded, nothing left', async () => {
  const { page } = stage;
  await page.getByRole('navigation').getByRole('link', { name: 'À vérifier 2' }).waitFor();
  await goTo(page, 'À vérifier');
  await page.getByRole('heading', { name: 'Facture électronique F2026-204' }).waitFor();
  expect(readable(await page.locator('#content').innerText())).toMatch(/Écart\s*686,70 €/);
  await expectAccessible(page, 'reviews');
  await photograph(page, 'review');
  await photograph(page, 'review-narrow', NARROW);
  await page.getByRole('button', { name: 'Accepter RELEVE-2026-05' }).click();
  await expectAccessible(page, 'review question');
  await page.getByRole('dialog').getByRole('button', { name: 'Accepter' }).click();
  await page.getByText('Accepté.', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Écarter F2026-204' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Écarter' }).click();
  await page.getByRole('heading', { name: 'Rien à vérifier' }).waitFor();
  await photograph(page, 'review-empty');
});

test('the customer shows the status of its e-invoice and hands its PDF over', async () => {
  const { page } = stage;
  await goTo(page, 'Clients');
  await page.getByRole('link', { name: 'Brasserie du Port' }).click();
  await page.getByRole('heading', { level: 1, name: 'Brasserie du Port' }).waitFor();
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'PDF de F2026-203' }).click();
  expect((await download).suggestedFilename()).toBe('F2026-203.pdf');
  await expectAccessible(page, 'customer with documents');
  await photograph(page, 'customer-documents');
  await goTo(page, 'Clients');
  await page.getByRole('link', { name: 'Hôtel du Phare SAS' }).click();
  await page.getByText('E-facture : En litige (15 mai 2026)').waitFor();
});

test('an import that others rest on says so; one is undone from its line, which shows it', async () => {
  const { page } = stage;
  await goTo(page, 'Import');
  await page.getByRole('button', { name: 'Annuler l’import de 2026-01_cfonb120.txt' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Annuler l’import' }).click();
  await page.getByText('Cet import ne peut pas être annulé').waitFor();
  expect(readable(await page.getByRole('dialog').innerText())).toContain('imports plus récents');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Annuler l’import de F2026-205.xml' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Annuler l’import' }).click();
  await page.getByText('L’import est annulé').first().waitFor();
  await resultOf('F2026-205.xml').getByText('Annulé', { exact: true }).waitFor();
});

test('the next files: in English, one that is known already says when and by whom', async () => {
  const { page } = stage;
  await page.getByRole('button', { name: 'Importer d’autres fichiers' }).click();
  await dropFile(page, { name: 'note.txt', content: 'rien de nous\n' });
  await page.getByRole('heading', { name: 'Fichier refusé' }).waitFor();
  await page.getByText('EN', { exact: true }).click();
  await page.getByRole('heading', { name: 'File refused' }).waitFor();
  await page.getByRole('button', { name: 'Import another file' }).click();
  await page.locator('input[type=file]').setInputFiles([join(MIXED, 'factures/F2026-202.xml'), await fileOf('vide.txt', ''), join(MIXED, 'banque/2026-03.sta')]);
  await page.getByRole('heading', { name: '3 files: 2 already known, 1 refused' }).waitFor({ timeout: READ_TIMEOUT_MS });
  expect(readable(await resultOf('F2026-202.xml').innerText())).toMatch(/E-invoice CII[\s\S]*Already known[\s\S]*Already imported on/);
  await expectAccessible(page, 'results in English');
  await photograph(page, 'import-mixed-english');
  expect(stage.errors).toEqual([]);
});
