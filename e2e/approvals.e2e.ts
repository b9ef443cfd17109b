import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectAccessible } from './accessible.ts';
import { LEDGER } from './ledger.ts';
import { picture, setStage } from './stage.ts';
import type { Stage } from './stage.ts';
import { giveMailboxes, goTo, readable, signInAs, startWithFile } from './steps.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
  const { page } = stage;
  await startWithFile(stage, { name: '000000000FEC20261231.txt', content: LEDGER });
  await page.getByRole('heading', { name: 'Import réussi' }).waitFor();
  await giveMailboxes(stage);
  await goTo(page, 'Actions du jour');
  await page.getByRole('button', { name: 'Chercher les relances du jour' }).first().click();
  await page.getByText('3 relances proposées.').waitFor();
  const owner = await stage.test.owner();
  // One of each kind that the queue knows: a formal notice for two persons, a call, a reminder.
  await owner.query(`update profile set sending = sending || '{"fourEyes": true}'`);
  await owner.query(`update action set formal_notice = true, approvals_needed = 2 where customer_id in (select customer_id from customer where code = 'LEFEVRE')`);
  await owner.query(`update action set channel = 'call', recipient = '+33 2 40 00 00 00' where customer_id in (select customer_id from customer where code = 'MOREAU')`);
  await owner.query(`update customer set segment = 'atRisk' where code = 'LEFEVRE'`);
  await owner.end();
  await page.reload();
});
afterAll(() => stage.strike());

const shown = async (): Promise<string[]> => (await stage.page.locator('[data-row]').allInnerTexts()).map(readable);

test('filters by segment, amount, channel and step; counts and sums follow', async () => {
  const { page } = stage;
  await page.locator('[data-row]').first().waitFor();
  await page.getByText('Deux approbations, de deux personnes.').waitFor();
  await page.getByText('À faire', { exact: true }).waitFor();
  await page.getByText(/3 sur 3 affichées/).waitFor();
  await page.getByRole('button', { name: 'Filtres' }).click();
  await page.getByRole('combobox', { name: 'Segment' }).click();
  await page.getByRole('option').first().click();
  await expect.poll(shown).toEqual(['Client LEFEVRE']);
  await page.getByText(/1 sur 3 affichées · 5\s400,00\s€/).waitFor();
  await page.getByRole('button', { name: 'Approuver celle affichée' }).waitFor();
  await page.getByRole('button', { name: 'Effacer les filtres' }).click();
  await page.getByRole('textbox', { name: 'Montant à partir de' }).fill('1 000');
  await expect.poll(async () => (await shown()).toSorted()).toEqual(['Client LEFEVRE', 'Client MARTIN']);
  await page.getByRole('button', { name: 'Effacer les filtres' }).click();
  await page.getByRole('combobox', { name: 'Canal' }).click();
  await page.getByRole('option', { name: 'Appel' }).click();
  await expect.poll(shown).toEqual(['Client MOREAU']);
  await page.getByRole('button', { name: 'Effacer les filtres' }).click();
  await expectAccessible(page, 'approval queue with filters');
  await picture(page, '90-approvals');
});

test('all at once: what leaves, what waits for a second person, what is left to whoever does it; taken back in one click', async () => {
  const { page } = stage;
  await page.getByRole('button', { name: 'Tout approuver (2)' }).click();
  await page.getByText('1 relance approuvée. 1 attend encore une seconde personne. 1 tâche laissée de côté : à qui la fait de la noter.').waitFor();
  await picture(page, '91-approved-all');
  await page.getByText('1re approbation par vous : une autre personne doit donner la seconde.').first().waitFor();
  await expect.poll(async () => (await shown()).toSorted()).toEqual(['Client LEFEVRE', 'Client MOREAU']);
  await page.getByRole('button', { name: 'Annuler', exact: true }).click();
  await page.getByText('2 relances à approuver de nouveau.').waitFor();
  await expect.poll(async () => (await shown()).length).toBe(3);
  await page.getByText('Deux approbations, de deux personnes.').waitFor();
});

test('from the keyboard: the row one stands on is approved; one’s own second approval is refused with a sentence; a colleague gives it', async () => {
  const { page } = stage;
  await page.getByRole('textbox', { name: 'Filtrer par client ou pièce' }).fill('LEFEVRE');
  await expect.poll(shown).toEqual(['Client LEFEVRE']);
  await page.locator('#content').focus();
  await page.keyboard.press('j');
  await page.keyboard.press('a');
  await page.getByText('1 attend encore une seconde personne.').waitFor();
  await page.getByText('1re approbation par vous').first().waitFor();
  await page.keyboard.press('a');
  await page.getByText('Vous avez déjà approuvé cette action : elle demande l’accord d’une seconde personne, et attend.').waitFor();
  await picture(page, '92-second-person');
  const back = await signInAs(stage, { name: 'Léa Martin', role: 'collector' });
  await page.getByText('1re approbation par Propriétaire, il en faut une seconde.').first().waitFor();
  await page.getByLabel('Sélectionner Client LEFEVRE').check();
  await page.getByRole('button', { name: 'Approuver', exact: true }).click();
  await page.getByText('1 relance approuvée.').waitFor();
  await back();
});

test('a call: its number, its documents; done with a note from the keyboard, and counted', async () => {
  const { page } = stage;
  await page.locator('[data-row]', { hasText: 'Client MOREAU' }).click();
  await page.getByText('À faire : Appel').waitFor();
  await page.getByRole('link', { name: '+33 2 40 00 00 00' }).waitFor();
  expect(await page.getByLabel('Sélectionner Client MOREAU').count()).toBe(0);
  await expectAccessible(page, 'a task');
  await picture(page, '93-task');
  await page.locator('[data-row]', { hasText: 'Client MOREAU' }).focus();
  await page.keyboard.press('d');
  await page.keyboard.type('Rappelle demain avec un virement');
  await page.keyboard.press('Control+Enter');
  await page.getByText('Noté comme fait : Client MOREAU. L’étape compte.').waitFor();
  await page.getByRole('tab', { name: /Envoyées/ }).click();
  await page.locator('[data-row]', { hasText: 'Client MOREAU' }).click();
  await page.getByText('Rappelle demain avec un virement').waitFor();
  const owner = await stage.test.owner();
  const { rows } = await owner.query<{ body: string }>(`select body from event where kind = 'task.done'`);
  await owner.end();
  expect(rows).toHaveLength(1);
  expect(rows[0]?.body).not.toContain('virement');
  expect(stage.errors).toEqual([]);
});
