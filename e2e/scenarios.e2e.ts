import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ScenarioWhole } from '#core/api/scenarios.ts';
import type { OrganisationId } from '#core/kernel/id.ts';
import { importText } from '#server/testing/given.ts';
import { expectAccessible } from './accessible.ts';
import { LEDGER } from './ledger.ts';
import { picture, setStage, TODAY } from './stage.ts';
import type { Stage } from './stage.ts';
import { goTo, readable, startWithFile } from './steps.ts';

const CONTACTS = 'Code client;Nom du client;E-mail\nMARTIN;Client MARTIN;compta@martin.test\nLEFEVRE;Client LEFEVRE;compta@lefevre.test\nMOREAU;Client MOREAU;compta@moreau.test\n';

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
  await startWithFile(stage, { name: '000000000FEC20261231.txt', content: LEDGER });
  await stage.page.getByRole('heading', { name: 'Import réussi' }).waitFor();
  const { rows: [one] } = await stage.test.database.pool.query<{ id: OrganisationId }>('select organisation_id as id from organisation');
  if (one === undefined) throw new Error('no organisation');
  await importText(stage.test.database, one.id, { today: TODAY, name: 'clients.csv', text: CONTACTS });
});
afterAll(() => stage.strike());

const card = (name: RegExp) => stage.page.getByRole('button', { name });
const saved = async (): Promise<void> => { await stage.page.locator('output').getByText('Enregistré', { exact: true }).waitFor(); };
const open = async (name: string): Promise<void> => {
  await goTo(stage.page, 'Scénarios');
  await stage.page.getByRole('link', { name, exact: true }).click();
  await stage.page.getByRole('heading', { level: 1, name }).waitFor();
};
const changes = async (): Promise<string[]> => (await stage.page.locator('section', { has: stage.page.getByRole('heading', { name: 'Ce que change le brouillon' }) }).locator('li').allInnerTexts()).map(readable);

test('the list says who has which scenario; a used one is not retired', async () => {
  const { page } = stage;
  await goTo(page, 'Scénarios');
  await page.getByRole('link', { name: 'Standard' }).waitFor();
  expect(await page.locator('tbody tr').first().innerText()).toContain('tous les autres clients');
  await expectAccessible(page, 'scenarios');
  await picture(page, '30-scenarios');
  await page.getByRole('button', { name: 'Actions sur le scénario Standard' }).click();
  await page.getByRole('menuitem', { name: 'Retirer' }).click();
  await page.getByText('Ce scénario sert encore : il est celui par défaut').waitFor();
});

test('the time line by keyboard alone: open, move, add, remove, take back', async () => {
  const { page } = stage;
  await open('Standard');
  await page.getByText('Version 1 en vigueur').waitFor();
  await expectAccessible(page, 'scenario, steps');
  await picture(page, '31-scenario-line');
  await card(/^Étape 2, J\+7, E-mail, Première relance/).focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await card(/^Étape 2, J\+9/).waitFor();
  await saved();
  expect(await changes()).toEqual(['Étape 2, jour : échéance + 7 j → échéance + 9 j.']);
  await page.keyboard.press('Shift+ArrowRight');
  await card(/^Étape 3, J\+16, E-mail, Première relance/).waitFor();
  expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toContain('Étape 3, J+16');
  await page.keyboard.press('Shift+ArrowLeft');
  await card(/^Étape 2, J\+9/).waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog', { name: 'Étape 2' }).waitFor();
  expect(await page.evaluate(() => (document.activeElement as HTMLInputElement | null)?.value)).toBe('9');
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('15');
  await page.getByText('elle doit venir après la précédente').first().waitFor();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('10');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await card(/^Étape 2, J\+10/).waitFor();
  await card(/^Étape 4, J\+30/).focus();
  await page.keyboard.press('Delete');
  await page.getByText('Étape 4 supprimée.').first().waitFor();
  expect(await page.locator('[data-step]').count()).toBe(4);
  await page.getByRole('button', { name: 'Annuler', exact: true }).last().click();
  await card(/^Étape 4, J\+30/).waitFor();
  await saved();
  expect(await changes()).toEqual(['Étape 2, jour : échéance + 7 j → échéance + 10 j.']);
});

test('a card is dragged to another day, and the form says what is wrong beside each field', async () => {
  const { page } = stage;
  const box = await card(/^Étape 3, J\+15/).boundingBox();
  if (box === null) throw new Error('no card');
  await page.mouse.move(box.x + 40, box.y + 20);
  await page.mouse.down();
  await page.mouse.move(box.x + 90, box.y + 20, { steps: 5 });
  await page.mouse.up();
  const moved = card(/^Étape 3, J\+(1[6-9]|2\d)/);
  await moved.waitFor();
  expect(await page.getByRole('dialog').count()).toBe(0);
  await moved.click();
  await page.getByRole('dialog', { name: 'Étape 3' }).waitFor();
  await page.getByLabel('Jour', { exact: true }).fill('20');
  await page.getByRole('combobox', { name: 'Destinataires' }).focus();
  for (let role = 0; role < 3; role += 1) await page.keyboard.press('Backspace');
  await page.keyboard.press('Tab');
  await page.getByText('indiquez au moins un rôle de contact').first().waitFor();
  await page.getByRole('button', { name: 'Ajouter un montant' }).click();
  await page.getByLabel('À partir de', { exact: true }).fill('deux cents');
  await page.getByText('Montant illisible en EUR').waitFor();
  await page.getByLabel('À partir de', { exact: true }).fill('250,50');
  await expectAccessible(page, 'scenario, step');
  await picture(page, '32-scenario-step');
  await page.getByRole('button', { name: 'Terminé' }).click();
  await page.getByText('À corriger avant de publier').waitFor();
  expect(await page.getByRole('button', { name: 'Publier', exact: true }).isDisabled()).toBe(true);
  await picture(page, '33-scenario-wrong');
  await card(/^Étape 3, J\+20/).click();
  await page.getByRole('combobox', { name: 'Destinataires' }).focus();
  await page.keyboard.press('ArrowDown');
  await page.getByRole('option', { name: 'Comptabilité fournisseurs' }).click();
  await page.keyboard.press('Tab');
  await page.getByRole('button', { name: 'Terminé' }).click();
  await saved();
  expect(await changes()).toEqual([
    'Étape 2, jour : échéance + 7 j → échéance + 10 j.', 'Étape 3, jour : échéance + 15 j → échéance + 20 j.', 'Étape 3, destinataires : comptabilité fournisseurs, direction, acheteur → comptabilité fournisseurs.',
    'Étape 3, conditions : aucun → au moins 250,50 EUR en retard.',
  ]);
});

test('settings of the scenario: a second currency, grace, entry, thanks', async () => {
  const { page } = stage;
  await page.getByRole('button', { name: 'Ajouter une devise' }).click();
  await page.getByLabel('Ne relancer qu’à partir de USD').fill('40');
  await page.getByLabel('Tolérance après l’échéance (jours)').fill('2');
  await page.getByRole('combobox', { name: 'Une pièce déjà en retard à son arrivée commence' }).click();
  await page.getByRole('option', { name: 'à l’étape 3 (J+20)' }).click();
  await page.getByRole('switch', { name: 'Remercier quand tout est payé' }).click();
  await page.getByRole('combobox', { name: 'Remercier par' }).waitFor();
  await saved();
  expect((await changes()).slice(0, 4)).toEqual([
    'Entrée des pièces déjà en retard : première étape → étape à échéance + 20 j.', 'Montants minimums : 0,00 EUR → 0,00 EUR, 40,00 USD.', 'Tolérance en jours : 0 → 2.',
    'Remerciement : aucun → remerciement, e-mail, comptabilité fournisseurs, après une relance.',
  ]);
  await expectAccessible(page, 'scenario, settings');
});

test('a save that fails is said and tried again; a draft written elsewhere is not written over unseen', async () => {
  const { page } = stage;
  await page.route('**/api/scenarios/standard/draft*', (route) => route.abort());
  await page.getByLabel('Tolérance après l’échéance (jours)').fill('3');
  await page.getByText('Non enregistré').first().waitFor();
  await page.getByText('Vos changements restent à l’écran').waitFor();
  await page.unroute('**/api/scenarios/standard/draft*');
  await page.getByRole('button', { name: 'Réessayer' }).click();
  await saved();
  // The browser tells of the request that was cut; nothing else went wrong.
  expect(new Set(stage.errors.splice(0))).toEqual(new Set(['Failed to load resource: net::ERR_FAILED']));
  await page.evaluate(async () => {
    const { definition } = await (await fetch('/api/scenarios/standard/draft')).json() as ScenarioWhole;
    await fetch('/api/scenarios/standard/draft', { method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ ...definition, graceDays: 9 }) });
  });
  await page.getByLabel('Tolérance après l’échéance (jours)').fill('4');
  await page.getByText('a modifié ce brouillon depuis que vous l’avez ouvert').waitFor();
  await picture(page, '34-scenario-conflict');
  await page.getByRole('button', { name: 'Reprendre sa version' }).click();
  await page.getByText('a modifié ce brouillon').waitFor({ state: 'detached' });
  expect(await page.getByLabel('Tolérance après l’échéance (jours)').inputValue()).toBe('9');
  await page.getByLabel('Tolérance après l’échéance (jours)').fill('0');
  await saved();
});

test('the draft tried on real customers: what would go out, why the rest waits, each message', async () => {
  const { page } = stage;
  await page.getByRole('tab', { name: 'Aperçu' }).click();
  await page.getByText('Choisissez un client').first().waitFor();
  await page.getByRole('button', { name: /MARTIN/ }).click();
  await page.getByRole('heading', { name: '30 prochains jours avec ce brouillon' }).waitFor();
  await page.getByText(/E-mail, étape \d/).first().waitFor();
  await page.getByText('Non échue').first().click();
  await page.getByText(/^FA-102 \(/).first().waitFor();
  await page.getByText('Étape 5', { exact: true }).click();
  await page.getByText(/^(Prévu le|Pas dans les 30 jours)/).waitFor();
  expect(await page.locator('iframe.mail-frame').getAttribute('srcdoc')).toContain('FA-101');
  await expectAccessible(page, 'scenario, preview');
  await picture(page, '35-scenario-preview');
  await page.getByRole('combobox', { name: 'Essayer sur un client' }).fill('Dubois');
  await page.getByRole('option', { name: /DUBOIS/ }).click();
  await page.getByText('Ce client ne doit rien').waitFor();
});

test('publishing says what changes for how many; the versions keep what was', async () => {
  const { page } = stage;
  await page.getByRole('button', { name: 'Publier', exact: true }).click();
  await page.getByText('4 clients suivent ce scénario, dont 3 avec des pièces ouvertes.').waitFor();
  await page.getByText(/Cela change quelque chose dès aujourd’hui pour \d client/).waitFor();
  await expectAccessible(page, 'scenario, publish');
  await picture(page, '36-scenario-publish');
  await page.getByRole('button', { name: 'Publier la version 2' }).click();
  await page.getByText('Version 2 publiée.').waitFor();
  await page.getByText('Version 2 en vigueur').waitFor();
  await page.getByRole('tab', { name: 'Versions' }).click();
  await page.getByRole('heading', { name: 'Comparer' }).waitFor();
  await page.getByRole('button', { name: 'Voir ses étapes (Version 1)' }).click();
  await page.getByText('J+7', { exact: true }).waitFor();
  await expectAccessible(page, 'scenario, versions');
  await picture(page, '37-scenario-versions');
  await page.getByRole('button', { name: 'Repartir de cette version' }).click();
  await page.getByText('La version 1 est reprise dans le brouillon.').waitFor();
  await saved();
  await page.getByRole('button', { name: 'Abandonner le brouillon' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Abandonner le brouillon' }).click();
  await page.getByText('Brouillon abandonné.').waitFor();
  await page.getByText('Version 2 en vigueur').waitFor();
  expect((await page.evaluate(async () => (await fetch('/api/scenarios/standard/draft')).status))).toBe(404);
});

test('a new scenario from nothing says what it lacks; a copy is published, then retired and restored', async () => {
  const { page } = stage;
  await goTo(page, 'Scénarios');
  await page.getByRole('button', { name: 'Nouveau scénario' }).click();
  await page.getByRole('button', { name: 'Créer le brouillon' }).click();
  await page.getByText('Donnez un nom au scénario.').waitFor();
  await page.getByLabel('Nom du scénario').fill('Grands comptes');
  await page.getByRole('button', { name: 'Créer le brouillon' }).click();
  await page.getByRole('heading', { level: 1, name: 'Grands comptes' }).waitFor();
  await page.getByRole('heading', { name: 'Aucune étape' }).waitFor();
  await page.getByText('Un scénario a de 1 à 20 étapes').first().waitFor();
  await picture(page, '38-scenario-empty');
  await page.getByRole('button', { name: 'Ajouter après l’échéance' }).click();
  await page.getByRole('dialog', { name: 'Étape 1' }).waitFor();
  await page.getByText('Tâche à faire').click();
  await page.getByRole('button', { name: 'Terminé' }).click();
  await card(/^Étape 1, J\+7, Appel, Sans texte/).waitFor();
  await saved();
  await page.getByRole('button', { name: 'Publier', exact: true }).click();
  await page.getByText('Aucun client ne suit encore ce scénario').waitFor();
  await page.getByRole('button', { name: 'Publier la version 1' }).click();
  await page.getByText('Version 1 publiée.').waitFor();
  await goTo(page, 'Scénarios');
  await page.getByRole('button', { name: 'Actions sur le scénario Grands comptes' }).click();
  await page.getByRole('menuitem', { name: 'Retirer' }).click();
  await page.getByText('« Grands comptes » est retiré.').waitFor();
  await page.getByRole('button', { name: 'Annuler', exact: true }).click();
  await page.getByText('de nouveau en service').waitFor();
  expect(readable(await page.getByRole('row', { name: /Grands comptes/ }).innerText())).toContain('Personne');
});

test('rules: what each takes today, their order by keyboard, and saved', async () => {
  const { page } = stage;
  await goTo(page, 'Scénarios');
  await page.getByRole('tab', { name: 'Attribution' }).click();
  await page.getByText('Aucune règle').waitFor();
  for (const [name, prefix] of [['Commence par M', 'M'], ['Moreau seul', 'MOREAU']] as const) {
    await page.getByRole('button', { name: 'Ajouter une règle' }).click();
    await page.getByLabel('Nom', { exact: false }).first().fill(name);
    await page.getByRole('combobox', { name: 'Scénario', exact: true }).click();
    await page.getByRole('option', { name: prefix === 'M' ? 'Grands comptes' : 'Standard' }).click();
    await page.getByRole('combobox', { name: 'Débuts de code client' }).fill(prefix);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Appliquer' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  }
  await page.getByText('2 clients, dont 2 avec une pièce ouverte').waitFor();
  await page.getByText('0 client, dont 0 avec une pièce ouverte').waitFor();
  await page.getByRole('button', { name: /Déplacer la règle Moreau seul/ }).focus();
  await page.keyboard.press('ArrowUp');
  await page.getByText('1. Moreau seul → Standard').waitFor();
  expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toContain('Moreau seul');
  await page.getByText('1 client, dont 1 avec une pièce ouverte').first().waitFor();
  await expectAccessible(page, 'scenarios, rules');
  await picture(page, '39-scenario-rules');
  await page.getByRole('button', { name: 'Enregistrer les règles' }).click();
  await page.getByText('Règles enregistrées (version 1).').waitFor();
});

test('payer profiles are computed; a threshold is changed; a dry run counts by action and reason', async () => {
  const { page } = stage;
  await page.getByRole('tab', { name: 'Profils payeurs' }).click();
  await page.getByRole('button', { name: 'Recalculer maintenant' }).click();
  await page.getByText('4 clients examinés').waitFor();
  await page.getByLabel('Mois de règlements examinés').fill('18');
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await page.getByText('Seuils enregistrés.').waitFor();
  await expectAccessible(page, 'scenarios, segments');
  await picture(page, '40-scenario-segments');
  await page.getByRole('tab', { name: 'À blanc' }).click();
  await page.getByLabel('À blanc le').fill('2026-07-15');
  await page.getByRole('button', { name: 'Lancer à blanc' }).click();
  await page.getByText('À blanc le mercredi 15 juillet 2026').waitFor();
  await page.getByRole('row', { name: /À relancer/ }).waitFor();
  expect(readable(await page.getByRole('row', { name: /Standard, étape 3/ }).innerText())).toContain('6 390,00 €');
  await expectAccessible(page, 'scenarios, dry run');
  await picture(page, '41-scenario-dry-run');
});

test('the customer page: the next 30 days, its scenario and who chose it, its profile, one document’s own scenario', async () => {
  const { page } = stage;
  await goTo(page, 'Clients');
  await page.getByRole('link', { name: 'Client MARTIN' }).click();
  await page.getByRole('heading', { name: '30 prochains jours' }).waitFor();
  await page.getByText('v1, choisi par la règle 2 « Commence par M »').waitFor();
  await page.getByRole('button', { name: 'Changer (Scénario)' }).click();
  await page.getByRole('combobox', { name: 'Scénario', exact: true }).click();
  await page.getByRole('option', { name: 'Standard' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Enregistrer' }).click();
  await page.getByText('v2, choisi par une personne pour ce client').waitFor();
  await page.getByRole('button', { name: 'Changer (Profil payeur)' }).click();
  await page.getByRole('combobox', { name: 'Profil payeur' }).click();
  await page.getByRole('option', { name: 'Stratégique' }).click();
  await page.getByLabel('Pourquoi', { exact: true }).fill('siège régional');
  await page.getByRole('dialog').getByRole('button', { name: 'Enregistrer' }).click();
  await page.getByText('Stratégique : choisi par une personne (siège régional).').first().waitFor();
  await page.getByRole('button', { name: /FA-101/ }).last().click();
  await page.getByRole('menuitem', { name: 'Scénario de cette pièce…' }).click();
  await page.getByRole('combobox', { name: 'Scénario', exact: true }).click();
  await page.getByRole('option', { name: /^Doux/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Enregistrer' }).click();
  await page.getByText('scénario Doux').waitFor();
  await page.getByText('E-mail, étape 2').first().waitFor();
  expect(readable(await page.locator('section', { has: page.getByRole('heading', { name: '30 prochains jours' }) }).innerText())).toContain('1 234,56 €');
  await expectAccessible(page, 'customer, scenario');
  await picture(page, '42-customer-scenario');
});

test('in English too, and without an error in the console', async () => {
  const { page } = stage;
  await goTo(page, 'Scénarios');
  await page.getByText('EN', { exact: true }).click();
  await page.getByRole('heading', { level: 1, name: 'Dunning scenarios' }).waitFor();
  await page.getByRole('link', { name: 'Standard' }).click();
  await page.getByRole('button', { name: /^Step 2, D\+10, E-mail, First reminder, friendly tone/ }).waitFor();
  await picture(page, '43-scenario-english');
  expect(stage.errors).toEqual([]);
});
