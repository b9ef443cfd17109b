import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectAccessible } from './accessible.ts';
import { LEDGER } from './ledger.ts';
import { picture, setStage } from './stage.ts';
import type { Stage } from './stage.ts';
import { goTo, startWithFile } from './steps.ts';

const PASSWORD = 'cheval agrafe batterie correcte';

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
  await startWithFile(stage, { name: '000000000FEC20261231.txt', content: LEDGER });
  await stage.page.getByRole('heading', { name: 'Import réussi' }).waitFor();
});
afterAll(() => stage.strike());

test('a link opens one session only', async () => {
  const other = await stage.context.browser()?.newContext() ?? stage.context;
  const page = await other.newPage();
  await page.goto(stage.address + stage.firstLink);
  await page.getByRole('button', { name: 'Ouvrir ma session' }).click();
  await page.getByText('Ce lien a déjà servi ou a expiré').waitFor();
  expect(await page.evaluate(async () => (await fetch('/api/session')).status)).toBe(401);
  await page.close();
});

test('a password is set, its weakness told, and opens the next session; sign-out ends this one', async () => {
  const { page } = stage;
  await goTo(page, 'Réglages');
  await page.getByRole('tab', { name: 'Mon compte' }).click();
  await page.getByLabel('Nom', { exact: false }).first().fill('Claire Duval');
  await page.getByLabel('Adresse e-mail').fill('claire@duval.test');
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await page.getByText('Compte enregistré.').waitFor();
  await page.getByLabel('Nouveau mot de passe', { exact: false }).fill('azerty123456');
  await page.getByRole('button', { name: 'Définir le mot de passe' }).click();
  await page.getByText('se devine trop facilement').first().waitFor();
  await page.getByLabel('Nouveau mot de passe', { exact: false }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Définir le mot de passe' }).click();
  await page.getByText('Mot de passe enregistré').waitFor();
  await expectAccessible(page, 'account');
  await picture(page, '40-account');
  await page.getByRole('button', { name: 'Mon compte' }).click();
  await page.getByRole('menuitem', { name: 'Se déconnecter' }).click();
  await page.getByRole('heading', { name: 'Se connecter' }).waitFor();
  await page.goto(`${stage.address}/customers`);
  await page.getByRole('heading', { name: 'Se connecter' }).waitFor();
  await page.getByLabel('Adresse e-mail').fill('claire@duval.test');
  await page.getByLabel('Mot de passe').fill('pas le bon mot');
  await page.getByRole('button', { name: 'Se connecter' }).click();
  await page.getByText('n’est pas le bon').waitFor();
  await page.getByLabel('Mot de passe').fill(PASSWORD);
  await page.getByRole('button', { name: 'Se connecter' }).click();
  await page.getByRole('heading', { level: 1, name: 'Vue d’ensemble' }).waitFor();
  const [cookie] = await stage.context.cookies();
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Lax', expires: -1 });
});

test('English is one click away and stays', async () => {
  const { page } = stage;
  await page.getByText('EN', { exact: true }).click();
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
  await page.reload();
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
  expect(await page.locator('html').getAttribute('lang')).toBe('en');
  await page.getByText('€8,424.56').first().waitFor();
  await expectAccessible(page, 'overview in English');
  await picture(page, '41-english');
  await page.getByText('FR', { exact: true }).click();
  await page.getByRole('heading', { level: 1, name: 'Vue d’ensemble' }).waitFor();
});

test('the whole road by keyboard: skip link, menu, customer, reason', async () => {
  const { page } = stage;
  await page.reload();
  await page.getByRole('heading', { level: 1, name: 'Vue d’ensemble' }).waitFor();
  await page.keyboard.press('Tab');
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Aller au contenu');
  await page.keyboard.press('Enter');
  const reach = async (name: string, limit = 40): Promise<void> => {
    for (let count = 0; count < limit; count += 1) {
      const label = await page.evaluate(() => { const at = document.activeElement; return at === null ? '' : (at.getAttribute('aria-label') ?? at.textContent); });
      if (label.trim().startsWith(name)) return;
      await page.keyboard.press('Tab');
    }
    throw new Error(`${name} is not within ${limit} tabs`);
  };
  await reach('Client LEFEVRE');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Client LEFEVRE' }).waitFor();
  await reach('Pourquoi FA-103');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').getByText(/FA-103 \(/).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? '')).toContain('FA-103');
});

test('settings of reminders and the checks hold together', async () => {
  const { page } = stage;
  await goTo(page, 'Réglages');
  await page.getByRole('tab', { name: 'Relances' }).click();
  await page.getByRole('switch', { name: 'Je relis et approuve chaque relance avant son départ' }).click();
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await page.getByText('Réglages des relances enregistrés.').waitFor();
  await expectAccessible(page, 'settings, reminders');
  await picture(page, '42-settings-dunning');
  await goTo(page, 'Réglages');
  await page.getByRole('tab', { name: 'Contrôles' }).click();
  await page.getByRole('button', { name: 'Vérifier maintenant' }).click();
  await page.getByText('Tout est conforme.').waitFor();
  await expectAccessible(page, 'checks');
  await picture(page, '43-checks');
  await page.goto(`${stage.address}/nowhere`);
  await page.getByText('Page introuvable').waitFor();
  expect(stage.errors).toEqual([]);
});
