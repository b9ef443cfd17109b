import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { HoldPage } from '#core/api/holds.ts';
import { expectAccessible } from './accessible.ts';
import { LEDGER } from './ledger.ts';
import { NARROW, WIDE, picture, setStage } from './stage.ts';
import type { Stage } from './stage.ts';
import { goTo, readable, startWithFile } from './steps.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
  await startWithFile(stage, { name: '000000000FEC20261231.txt', content: LEDGER });
  await stage.page.getByRole('heading', { name: 'Import réussi' }).waitFor();
  const owner = await stage.test.owner();
  await owner.query(`update entity set country = 'FR', postal_code = '44000', address = '{3 quai des Essais}', city = 'Nantes'`);
  // MOREAU owes in a second currency too.
  await owner.query(`insert into item (organisation_id, customer_id, entity_id, side, kind, document, issued_on, first_seen_on, due_on, due_source, currency, amount, natural_key)
    select organisation_id, customer_id, entity_id, side, kind, 'GB-1', issued_on, first_seen_on, due_on, due_source, 'GBP', 120000, 'journey-gb-1' from item where document = 'FA-105'`);
  await owner.end();
});
afterAll(() => stage.strike());

const panel = (page: Page) => page.getByRole('dialog');

async function open(page: Page, name: string): Promise<void> {
  await goTo(page, 'Clients');
  await page.getByRole('link', { name }).click();
  await page.getByRole('heading', { level: 1, name }).waitFor();
}

/** Holds in force as the server has them. */
async function inForce(query = ''): Promise<HoldPage['rows']> {
  return stage.page.evaluate(async (words) => ((await (await fetch(`/api/holds?${words}`)).json()) as HoldPage).rows, query);
}

test('a promise in one gesture: "s", Enter; everything overdue, a week after the next working day; taken back at once', async () => {
  const { page } = stage;
  await open(page, 'Client LEFEVRE');
  await page.keyboard.press('s');
  await panel(page).getByText('Si l’argent n’est pas là le 10 juil. 2026').waitFor();
  expect(await panel(page).getByLabel('Montant promis (EUR)').inputValue()).toBe('5400,00');
  await expectAccessible(page, 'promise panel');
  await picture(page, '60-hold-promise');
  await page.keyboard.press('Enter');
  await page.getByText('Promesse de Client LEFEVRE enregistrée.').waitFor();
  expect((await inForce()).map(({ kind, amount, until, currency }) => [kind, amount, until, currency])).toEqual([['promise', '5400.00', '2026-07-08', 'EUR']]);
  await page.locator('tbody').getByText('Promesse', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Annuler', exact: true }).click();
  await page.getByText('La saisie est annulée.').waitFor();
  expect(await inForce()).toEqual([]);
});

test('more than what is open, a day that is over, nothing chosen: said beside the field, nothing is kept', async () => {
  const { page } = stage;
  await page.getByRole('button', { name: 'Suspendre' }).click();
  await panel(page).getByLabel('Montant promis (EUR)').fill('5 400,01');
  await panel(page).getByLabel('Payé au plus tard le').fill('2026-06-29');
  await panel(page).getByRole('button', { name: 'Enregistrer la promesse' }).click();
  await panel(page).getByText('C’est plus que ce qui est ouvert').waitFor();
  await panel(page).getByText('Ce jour est passé').waitFor();
  await panel(page).getByRole('button', { name: 'Choisir les pièces' }).click();
  await panel(page).getByLabel('Toutes les pièces ouvertes').uncheck();
  await panel(page).getByText('Choisissez au moins une pièce.').waitFor();
  await expectAccessible(page, 'promise panel with faults');
  await picture(page, '61-hold-faults');
  await page.keyboard.press('Escape');
  expect(await inForce()).toEqual([]);
});

test('a second currency: the panel says so, and the promise is in it', async () => {
  const { page } = stage;
  await open(page, 'Client MOREAU');
  await page.keyboard.press('s');
  await panel(page).getByLabel('Devise').click();
  await page.getByRole('option', { name: 'GBP' }).click();
  await panel(page).getByLabel('Montant promis (GBP)').waitFor();
  expect(await panel(page).getByLabel('Montant promis (GBP)').inputValue()).toBe('1200,00');
  await panel(page).getByLabel('Promis par').fill('Mme Roux');
  await panel(page).getByRole('button', { name: 'Enregistrer la promesse' }).click();
  await page.getByText('Promesse de Client MOREAU enregistrée.').waitFor();
  const [promise] = await inForce();
  expect(promise).toMatchObject({ currency: 'GBP', amount: '1200.00', promise: { by: 'Mme Roux', channel: 'phone' } });
  await page.getByText('1 200,00 GBP').first().waitFor();
});

test('a plan from a document’s menu: live preview to the cent, by hand with what is left, proposed, printed, agreed', async () => {
  const { page } = stage;
  await open(page, 'Client LEFEVRE');
  await page.getByRole('button', { name: 'Autres actions sur FA-103' }).click();
  await page.getByRole('menuitem', { name: 'Échéancier…' }).click();
  const plan = panel(page);
  await plan.getByText('Total : 5 400,00 € sur 5 400,00 €').waitFor();
  await plan.getByLabel('Échéances', { exact: true }).fill('7');
  await expect.poll(async () => (await plan.locator('tbody tr').allInnerTexts()).map(readable).at(-1)).toContain('771,48 €');
  await plan.getByText('À la main').click();
  await plan.getByLabel('Montant de l’échéance 7').fill('700');
  await plan.getByText('il reste 71,48 € à répartir').waitFor();
  expect(await plan.getByRole('button', { name: 'Proposer l’échéancier' }).isDisabled()).toBe(true);
  await plan.getByRole('button', { name: 'Ajouter une échéance' }).click();
  await plan.getByText('Total : 5 400,00 € sur 5 400,00 €').waitFor();
  await expectAccessible(page, 'plan panel');
  await picture(page, '62-hold-plan');
  await plan.getByRole('button', { name: 'Proposer l’échéancier' }).click();
  await page.getByText('Échéancier proposé à Client LEFEVRE').waitFor();
  await page.getByRole('button', { name: 'Échéancier (PDF)' }).click();
  await page.getByText('L’échéancier ne peut pas être imprimé').waitFor();
  const owner = await stage.test.owner();
  await owner.query(`update entity set iban = 'FR1420041010050500013M02606', siren = '000000000', legal_form = 'SAS', capital = '50 000 €', rcs_city = 'Nantes', email = 'compta@duval.test', signatory = 'Claire Duval'`);
  await owner.end();
  const saved = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Échéancier (PDF)' }).click();
  expect((await saved).suggestedFilename()).toMatch(/^echeancier-\d+\.pdf$/);
  await page.getByRole('button', { name: 'Noter l’accord' }).click();
  await panel(page).getByRole('button', { name: 'Noter l’accord' }).click();
  await panel(page).getByText('Dites qui a donné l’accord.').waitFor();
  await panel(page).getByLabel('Accord donné par').fill('M. Lefèvre');
  await panel(page).getByRole('button', { name: 'Noter l’accord' }).click();
  await page.getByText('Accord noté').waitFor();
  await page.locator('tbody').getByText('Échéancier', { exact: true }).waitFor();
  await expectAccessible(page, 'customer with holds');
  await picture(page, '63-customer-holds');
});

test('a pause asks why; insolvency says until when to file, with its source; an end is taken back', async () => {
  const { page } = stage;
  await open(page, 'Client MOREAU');
  await page.keyboard.press('s');
  await panel(page).waitFor();
  await page.keyboard.press('4');
  await panel(page).getByRole('button', { name: 'Mettre en pause' }).click();
  await panel(page).getByText('Dites pourquoi en quelques mots.').waitFor();
  await panel(page).getByLabel('Pourquoi ?').fill('Négociation du contrat');
  await picture(page, '64-hold-pause');
  await page.keyboard.press('Enter');
  await page.getByText('Relances en pause jusqu’au 8 juil. 2026.').waitFor();
  await page.getByRole('button', { name: 'Terminer : Pause' }).click();
  await panel(page).getByLabel('Pourquoi ?').fill('Accord trouvé');
  await page.keyboard.press('Enter');
  await page.getByText('Suspension terminée.').waitFor();
  await page.getByRole('button', { name: 'Annuler', exact: true }).click();
  await page.getByText('La suspension est de nouveau en cours.').waitFor();
  await page.locator('tbody').getByText('En pause').first().waitFor();
  await page.locator('#content').focus();
  await page.keyboard.press('s');
  await panel(page).waitFor();
  await page.keyboard.press('5');
  await panel(page).getByText('n’est pas connu').waitFor();
  await panel(page).getByLabel('Jour du jugement d’ouverture').fill('2026-06-12');
  await panel(page).getByLabel('Publié au BODACC le').fill('2026-06-10');
  await panel(page).getByLabel('Tribunal').fill('Tribunal de commerce de Nantes');
  await panel(page).getByRole('button', { name: 'Enregistrer la procédure' }).click();
  await panel(page).getByText('La publication ne peut pas précéder le jugement.').waitFor();
  await panel(page).getByLabel('Publié au BODACC le').fill('2026-06-20');
  await panel(page).getByText('Créance à déclarer au plus tard le 20 août 2026').waitFor();
  await panel(page).getByRole('link', { name: /R622-24/ }).waitFor();
  await expectAccessible(page, 'insolvency panel');
  await picture(page, '65-hold-insolvency');
  await panel(page).getByRole('button', { name: 'Enregistrer la procédure' }).click();
  await page.getByText('Procédure collective de Client MOREAU enregistrée').waitFor();
  expect((await inForce('kind=insolvency')).map(({ from, insolvency }) => [from, insolvency])).toEqual([['2026-06-12', { court: 'Tribunal de commerce de Nantes', publishedOn: '2026-06-20', claimFiledOn: null }]]);
  await page.locator('tbody').getByText('Procédure collective').first().waitFor();
});

test('promises and plans in one list: where each stands, what comes next, one of them whole; in English too', async () => {
  const { page } = stage;
  await goTo(page, 'Promesses');
  await page.getByText('1 200,00 GBP').first().waitFor();
  await expectAccessible(page, 'promises');
  await picture(page, '66-promises');
  await page.locator('#content').focus();
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await panel(page).getByRole('heading', { name: 'Échéances' }).waitFor();
  await panel(page).getByText('grâce jusqu’au').first().waitFor();
  await panel(page).getByLabel('Nouveau commentaire').fill('Échéancier signé reçu par courrier.');
  await panel(page).getByRole('button', { name: 'Ajouter', exact: true }).click();
  await panel(page).getByText('Échéancier signé reçu par courrier.').first().waitFor();
  await expectAccessible(page, 'a plan');
  await picture(page, '67-plan');
  await page.keyboard.press('Escape');
  expect((await inForce('kind=promise,plan&oldestFirst=true')).map(({ kind, state }) => [kind, state])).toEqual([['promise', 'open'], ['plan', 'current']]);
  await page.getByText('Non tenus').click();
  await page.getByText('Rien ne correspond.').waitFor();
  await page.getByRole('button', { name: 'Effacer les filtres' }).click();
  await page.getByRole('radiogroup', { name: 'Langue' }).getByText('EN').click();
  await page.getByRole('heading', { level: 1, name: 'Promises and plans' }).waitFor();
  await picture(page, '68-promises-en');
  await page.getByRole('radiogroup', { name: 'Language' }).getByText('FR').click();
  await page.getByRole('heading', { level: 1, name: 'Promesses et échéanciers' }).waitFor();
});

test('on a phone: the panel is the page, a promise is entered by touch', async () => {
  const { page } = stage;
  await page.setViewportSize(NARROW);
  await page.goto(`${stage.address}/customers`);
  await page.getByRole('link', { name: 'Client MARTIN' }).click();
  await page.getByRole('button', { name: 'Autres actions sur FA-101' }).click();
  await page.getByRole('menuitem', { name: 'Promesse de paiement…' }).click();
  await panel(page).getByRole('button', { name: 'Enregistrer la promesse' }).click();
  await page.getByText('Promesse de Client MARTIN enregistrée.').waitFor();
  await page.setViewportSize(WIDE);
  expect((await inForce('kind=promise')).map(({ amount, currency }) => `${amount ?? ''} ${currency ?? ''}`)).toEqual(['1234.56 EUR', '1200.00 GBP']);
  expect(stage.errors).toEqual([]);
  const checks = await page.evaluate(async () => (await fetch('/api/verify')).json() as Promise<{ ok: boolean; name: string }[]>);
  expect(checks.filter((check) => !check.ok)).toEqual([]);
});
