import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectAccessible } from './accessible.ts';
import { LEDGER } from './ledger.ts';
import { fileOf, picture, setStage } from './stage.ts';
import type { Stage } from './stage.ts';
import { goTo, readable, startWithFile } from './steps.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
  await startWithFile(stage, { name: '000000000FEC20261231.txt', content: LEDGER });
  await stage.page.getByRole('heading', { name: 'Import réussi' }).waitFor();
});
afterAll(() => stage.strike());

const dialog = (page: Page) => page.getByRole('dialog');

/** Opens a dispute from the menu of a document. */
async function dispute(page: Page, of: { customer: string; document: string; fill: (form: ReturnType<typeof dialog>) => Promise<void> }): Promise<void> {
  await goTo(page, 'Clients');
  await page.getByRole('link', { name: of.customer }).click();
  await page.getByRole('button', { name: `Autres actions sur ${of.document}` }).click();
  await page.getByRole('menuitem', { name: 'Litige…' }).click();
  await of.fill(dialog(page));
  await dialog(page).getByRole('button', { name: 'Ouvrir le litige' }).click();
  await page.getByText(`Litige ouvert sur ${of.document}.`).waitFor();
}

test('before any dispute: where one is opened', async () => {
  const { page } = stage;
  await goTo(page, 'Litiges');
  await page.getByText('Aucun litige en cours').waitFor();
  await page.getByText('Rien à compter pour l’instant.').waitFor();
  await expectAccessible(page, 'no dispute');
  expect(await page.getByRole('link', { name: 'Voir les clients' }).count()).toBe(1);
});

test('a dispute of a part, with an owner outside finance and the deadline of its reason; a wrong part is refused in place', async () => {
  const { page } = stage;
  await dispute(page, { customer: 'Client LEFEVRE', document: 'FA-103', fill: async (form) => {
    await form.getByLabel('Objet du litige').click();
    await page.getByRole('option', { name: 'Livraison', exact: true }).click();
    expect([await form.getByLabel('Montant contesté (EUR)').inputValue(), await form.getByLabel('À régler avant le').inputValue()]).toEqual(['5400,00', '2026-07-15']);
    await form.getByLabel('Montant contesté (EUR)').fill('5400,01');
    await form.getByLabel('Son e-mail').fill('pas une adresse');
    await form.getByRole('button', { name: 'Ouvrir le litige' }).click();
    await form.getByText('C’est plus que ce qui est ouvert').waitFor();
    await form.getByText('n’est pas une adresse e-mail').waitFor();
    await expectAccessible(page, 'dispute panel');
    await picture(page, '70-dispute-panel');
    await form.getByLabel('Montant contesté (EUR)').fill('1 400');
    await form.getByLabel('Responsable').fill('Sam Leroy');
    await form.getByLabel('Son e-mail').fill('sam@duval.test');
  } });
  await dispute(page, { customer: 'Client MARTIN', document: 'FA-101', fill: async (form) => {
    await form.getByLabel('Responsable').fill('Propriétaire');
    await form.getByLabel('À régler avant le').fill('2026-06-20');
  } });
  await dispute(page, { customer: 'Client MOREAU', document: 'FA-105', fill: async () => undefined });
});

test('the list: oldest first, amounts, deadlines; mine, late, nobody’s, by reason, by owner', async () => {
  const { page } = stage;
  await goTo(page, 'Litiges');
  const list = page.getByRole('table', { name: 'Litiges' });
  await list.getByText('en retard depuis le 20/06/2026').last().waitFor();
  const shown = async (): Promise<string[]> => (await list.locator('[data-row]').allInnerTexts()).map(readable);
  expect(await shown()).toEqual(['Client LEFEVRE', 'Client MARTIN', 'Client MOREAU']);
  expect(readable(await page.locator('#content section.card').first().innerText())).toMatch(/3 624,56 €\s*3 dossiers/);
  await expectAccessible(page, 'disputes');
  await picture(page, '71-disputes');
  await page.getByText('À moi', { exact: true }).click();
  await expect.poll(shown).toEqual(['Client MARTIN']);
  await page.getByText('Sans responsable', { exact: true }).first().click();
  await expect.poll(shown).toEqual(['Client MOREAU']);
  await page.getByText('En cours', { exact: true }).first().click();
  await page.getByRole('combobox', { name: 'Tous les responsables' }).fill('leroy');
  await expect.poll(shown).toEqual(['Client LEFEVRE']);
  await page.getByRole('combobox', { name: 'Tous les responsables' }).fill('personne de ce nom');
  await page.getByText('Aucun litige ne correspond.').waitFor();
  await page.getByRole('button', { name: 'Effacer les filtres' }).click();
  await page.getByRole('combobox', { name: 'Regrouper' }).click();
  await page.getByRole('option', { name: 'Par responsable' }).click();
  await expect.poll(shown).toEqual(['Client MOREAU', 'Client MARTIN', 'Client LEFEVRE']);
  await page.getByRole('button', { name: 'Afficher les litiges : Livraison' }).click();
  await expect.poll(shown).toEqual(['Client LEFEVRE']);
  await page.locator('#content').focus();
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await dialog(page).getByText('Plan d’action').waitFor();
});

test('one dispute: plan ticked off, a comment, a file joined, refused and saved', async () => {
  const { page } = stage;
  const pane = dialog(page);
  expect(readable(await pane.innerText())).toContain('1 400,00 € sur 5 400,00 € restant dus');
  await pane.getByLabel(/Retrouver le bon de livraison/).check();
  await pane.getByText(/fait par Propriétaire/).waitFor();
  await pane.getByText('1 sur 6').waitFor();
  await pane.getByLabel(/Retrouver le bon de livraison/).uncheck();
  await pane.getByText('0 sur 6').waitFor();
  await pane.getByLabel(/Accuser réception/).check();
  await pane.getByText('1 sur 6').waitFor();
  await pane.getByLabel('Nouveau commentaire').fill('Le transporteur confirme deux colis sur trois. <b>À creuser</b>');
  await pane.getByRole('button', { name: 'Ajouter', exact: true }).click();
  await pane.locator('li', { hasText: 'deux colis sur trois. <b>À creuser</b>' }).waitFor();
  await pane.locator('input[type=file]').setInputFiles(await fileOf('bon de livraison.pdf', '%PDF-1.7\n%%EOF\n'));
  await page.getByText('bon de livraison.pdf est joint.').waitFor();
  await pane.locator('input[type=file]').setInputFiles(await fileOf('page.pdf', '<html><script>1</script>'));
  await pane.getByText('n’est pas d’un type accepté').waitFor();
  const saved = page.waitForEvent('download');
  await pane.getByRole('link', { name: 'bon de livraison.pdf' }).click();
  expect((await saved).suggestedFilename()).toBe('bon de livraison.pdf');
  await expectAccessible(page, 'a dispute');
  await picture(page, '72-dispute');
});

test('a decision: what will follow is said before, then is what follows; upheld by mistake, it is open again', async () => {
  const { page } = stage;
  const pane = dialog(page);
  await pane.getByText(/1\s400,00\s€ restent hors relance jusqu’à l’avoir/).waitFor();
  await pane.getByLabel('La facture est maintenue').check();
  await pane.getByText(/les 5\s400,00\s€ restant dus sont relancés de nouveau/).waitFor();
  await pane.getByRole('button', { name: 'Maintenir la facture' }).click();
  await page.getByText('Facture maintenue : la relance reprend.').waitFor();
  await page.getByRole('button', { name: 'Annuler', exact: true }).click();
  await page.getByText('La suspension est de nouveau en cours.').waitFor();
  await pane.getByLabel('Le client a raison en partie').check();
  await pane.getByRole('button', { name: 'Accepter en partie' }).click();
  await pane.getByText('Écrivez un montant positif en EUR.').waitFor();
  await pane.getByLabel('Montant accordé (EUR)').fill('400');
  await pane.getByText(/400,00\s€ restent hors relance[\s\S]*Le reste, 5\s000,00\s€, est relancé/).waitFor();
  await pane.getByLabel(/Pourquoi/).fill('Un colis manquait');
  await expectAccessible(page, 'a decision');
  await picture(page, '73-decision');
  await pane.getByRole('button', { name: 'Accepter en partie' }).click();
  await page.getByText('Litige accepté en partie').waitFor();
  await pane.getByText('accepté, avoir attendu').first().waitFor();
  await pane.getByText('Un colis manquait').waitFor();
  await page.keyboard.press('Escape');
  await expect.poll(() => dialog(page).count()).toBe(0);
});

test('owner and deadline are changed; a dispute is withdrawn with its reason; the causes are counted, in both languages', async () => {
  const { page } = stage;
  await goTo(page, 'Vue d’ensemble');
  await goTo(page, 'Litiges');
  await page.locator('[data-row]', { hasText: 'Client MOREAU' }).click();
  await dialog(page).getByRole('button', { name: 'Modifier' }).click();
  await dialog(page).last().getByLabel('Responsable').fill('Ada');
  await dialog(page).last().getByRole('button', { name: 'Enregistrer' }).click();
  await page.getByText('Litige modifié.').waitFor();
  await dialog(page).getByRole('button', { name: 'Retirer le litige…' }).click();
  await dialog(page).last().getByLabel('Pourquoi ?').fill('Ouvert sur la mauvaise facture');
  await dialog(page).last().getByRole('button', { name: 'Terminer' }).click();
  await page.getByText('Suspension terminée.').waitFor();
  await expect.poll(() => dialog(page).count()).toBe(1);
  await page.keyboard.press('Escape');
  await expect.poll(() => dialog(page).count()).toBe(0);
  const causes = page.getByRole('table', { name: 'Causes des litiges' });
  await page.getByRole('radiogroup', { name: 'Compter' }).getByText('Par responsable').click();
  await causes.getByText('Ada').waitFor();
  expect((await causes.locator('tbody tr').allInnerTexts()).map((text) => readable(text).split(/[\t\n]/)[0] ?? '').toSorted()).toEqual(['Ada', 'Propriétaire', 'Sam Leroy']);
  await page.getByRole('radiogroup', { name: 'Langue' }).getByText('EN').click();
  await page.getByRole('heading', { level: 1, name: 'Disputes' }).waitFor();
  await expectAccessible(page, 'disputes in English');
  await picture(page, '74-disputes-en');
  await page.getByRole('radiogroup', { name: 'Language' }).getByText('FR').click();
  expect(stage.errors).toEqual([]);
});
