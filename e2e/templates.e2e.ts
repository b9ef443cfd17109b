import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fecOf } from '#server/testing/given.ts';
import { expectAccessible } from './accessible.ts';
import { photograph } from './photograph.ts';
import { NARROW, setStage } from './stage.ts';
import type { Stage } from './stage.ts';
import { readable, startWithFile } from './steps.ts';

const LEDGER = fecOf([
  { code: 'MARTIN', piece: 'FA-101', on: '2026-05-10', debit: '1234,56' }, { code: 'MARTIN', piece: 'FA-102', on: '2026-05-12', debit: '800,00' }, { code: 'DUBOIS', piece: 'FA-104', on: '2026-04-01', debit: '1000,00' },
]);

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
  await startWithFile(stage, { name: '000000000FEC20261231.txt', content: LEDGER });
  await stage.page.getByRole('heading', { name: 'Import réussi' }).waitFor();
});
afterAll(() => stage.strike());

const preview = (page: Page) => page.frameLocator('iframe.mail-frame').locator('body');
const body = (page: Page) => page.getByRole('textbox', { name: 'Texte', exact: true });

test('every template is in the list with its use and languages', async () => {
  const { page } = stage;
  await page.goto(`${stage.address}/scenarios?tab=templates`);
  await page.getByRole('link', { name: 'Mise en demeure' }).waitFor();
  expect(await page.getByRole('row').count()).toBe(7);
  await expectAccessible(page, 'templates');
  await photograph(page, 'templates');
  await photograph(page, 'templates-narrow', NARROW);
});

test('a template of one’s own: copied, written with a field from the list, its mistake said at its line, seen on a real customer, saved', async () => {
  const { page } = stage;
  await page.getByRole('button', { name: 'Nouveau modèle' }).click();
  await page.getByRole('textbox', { name: 'Nom du modèle' }).fill('Relance chantier');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Relance chantier' }).waitFor();
  await preview(page).getByText('Hôtel du Cœur de Ville').or(preview(page).getByText('F-2025-1187')).first().waitFor();
  await page.getByRole('textbox', { name: 'Objet' }).fill('Chantier : ');
  await page.getByRole('textbox', { name: 'Objet' }).press('End');
  await page.getByRole('button', { name: 'Insérer un champ' }).click();
  await page.getByRole('textbox', { name: 'Chercher un champ' }).fill('societe');
  await page.keyboard.press('Enter');
  expect(await page.getByRole('textbox', { name: 'Objet' }).inputValue()).toBe('Chantier : {{societe.nom}}');
  await body(page).fill('Bonjour,\n\n{{postes.tableau}}\n\nMerci de régler {{montant.totale}}.\n\n{{paiement.bloc}}');
  await page.getByText('Vouliez-vous « montant.total » ?').waitFor();
  await expectAccessible(page, 'template with a mistake');
  await photograph(page, 'template-mistake');
  await page.getByRole('button', { name: /^Ligne 5/ }).click();
  await page.waitForFunction(() => {
    const field = document.activeElement;
    return field instanceof HTMLTextAreaElement && field.value.slice(field.selectionStart, field.selectionEnd).startsWith('Merci de régler');
  });
  await body(page).fill('Bonjour,\n\n{{postes.tableau}}\n\nMerci de régler {{montant.total}}.\n\n{{paiement.bloc}}');
  await page.getByRole('combobox', { name: 'Aperçu sur' }).fill('MARTIN');
  await page.getByRole('option', { name: /MARTIN/ }).click();
  await preview(page).getByText('FA-101').waitFor();
  expect(readable(await preview(page).innerText())).toContain('Merci de régler 2 034,56 €.');
  await photograph(page, 'template');
  await photograph(page, 'template-narrow', NARROW);
  await body(page).press('Control+s');
  await page.getByText('Texte enregistré').waitFor();
  await page.getByText(/^Version 2, du/).waitFor();
});

test('a wording that is not written says what its readers get; what is typed survives a look at another one', async () => {
  const { page } = stage;
  await page.getByRole('combobox', { name: 'Variante' }).click();
  await page.getByRole('option', { name: 'Particulier –' }).click();
  await page.getByText('ses lecteurs reçoivent la variante courante').waitFor();
  await expectAccessible(page, 'unwritten wording');
  await page.getByRole('button', { name: 'Partir de la variante courante' }).click();
  await body(page).press('End');
  await body(page).fill('Chère cliente, cher client,\n\n{{postes.tableau}}\n\n{{montant.total}}\n\n{{paiement.bloc}}');
  await page.getByRole('combobox', { name: 'Variante' }).click();
  await page.getByRole('option', { name: 'Courante', exact: true }).click();
  expect(await body(page).inputValue()).toContain('Merci de régler');
  await page.getByRole('combobox', { name: 'Variante' }).click();
  await page.getByRole('option', { name: 'Particulier •' }).click();
  expect(await body(page).inputValue()).toContain('Chère cliente');
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await page.getByText('Texte enregistré').first().waitFor();
});

test('former versions are read and taken back; a penalty field in a reminder is refused in place', async () => {
  const { page } = stage;
  await page.getByRole('combobox', { name: 'Variante' }).click();
  await page.getByRole('option', { name: 'Courante', exact: true }).click();
  await body(page).fill('{{postes.tableau}}\n\n{{montant.penalites}}\n\n{{paiement.bloc}}');
  await page.getByText('Pénalités et indemnité ne sont réclamées que dans la mise en demeure').waitFor();
  await page.getByRole('button', { name: 'Versions' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText(/^Version 1/).waitFor();
  await expectAccessible(page, 'versions of a text');
  await dialog.getByRole('button', { name: 'Reprendre ce texte' }).last().click();
  await page.getByText('Non enregistré').waitFor();
  expect(await body(page).inputValue()).not.toContain('penalites');
  await page.getByRole('button', { name: 'Abandonner' }).click();
  expect(await body(page).inputValue()).toContain('Merci de régler');
});

test('a step is given the new template, which then cannot be retired', async () => {
  const { page } = stage;
  await page.goto(`${stage.address}/scenarios/standard`);
  await page.getByRole('button', { name: /^Étape 2,/ }).click();
  await page.getByRole('combobox', { name: 'Modèle de texte' }).click();
  await page.getByRole('option', { name: 'Relance chantier' }).click();
  await page.getByText('Enregistré', { exact: true }).waitFor();
  await page.goto(`${stage.address}/scenarios?tab=templates`);
  await page.getByRole('row', { name: /Relance chantier/ }).getByRole('cell', { name: 'Standard', exact: true }).waitFor();
  await page.getByRole('button', { name: 'Actions sur le modèle Relance chantier' }).click();
  await page.getByRole('menuitem', { name: 'Retirer' }).click();
  await page.getByText('Ce modèle sert encore dans : Standard').waitFor();
  // The refusal is the one answer of the journey that a browser notes as an error.
  expect(stage.errors.filter((error) => !error.includes('409'))).toEqual([]);
});
