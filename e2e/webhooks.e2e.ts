import { afterAll, beforeAll, expect, test } from 'vitest';
import type { OrganisationId } from '#core/kernel/id.ts';
import { isSigned, openReceiver } from '#server/testing/receiver.ts';
import type { Receiver } from '#server/testing/receiver.ts';
import { promise, webhookWorker } from '#server/testing/webhooks.ts';
import type { WebhookWorker } from '#server/testing/webhooks.ts';
import { expectAccessible } from './accessible.ts';
import { LEDGER } from './ledger.ts';
import { picture, setStage } from './stage.ts';
import type { Stage } from './stage.ts';
import { goTo, startWithFile } from './steps.ts';

let stage: Stage;
let receiver: Receiver;
let worker: WebhookWorker;
let organisation: OrganisationId;
beforeAll(async () => {
  receiver = await openReceiver();
  stage = await setStage({ environment: { ACQUIT_WEBHOOK_PRIVATE_HOSTS: receiver.host } });
  await startWithFile(stage, { name: '000000000FEC20261231.txt', content: LEDGER });
  await stage.page.getByRole('heading', { name: 'Import réussi' }).waitFor();
  const row = await stage.test.database.pool.query<{ id: OrganisationId }>('select organisation_id as id from organisation');
  organisation = row.rows[0]?.id ?? ('0' as OrganisationId);
  worker = await webhookWorker(stage.test.database, [receiver]);
  worker.clock.set('2026-06-30T10:00:00.000Z');
});
afterAll(async () => {
  await worker.leave();
  await receiver.close();
  await stage.strike();
});

const turn = () => worker.turn({ organisation, webhook: '1', receiver });

async function openWebhooks(): Promise<void> {
  await goTo(stage.page, 'Réglages');
  await stage.page.getByRole('tab', { name: 'Webhooks' }).click();
  await stage.page.getByRole('heading', { level: 2, name: 'Prévenir vos autres logiciels' }).waitFor();
}

test('an empty page says what it is for; a webhook is added by keyboard, its secret shown once', async () => {
  const { page } = stage;
  await openWebhooks();
  await page.getByText('Aucun logiciel n’est prévenu').waitFor();
  await expectAccessible(page, 'no webhook');
  await picture(page, '140-webhooks-empty');
  await page.getByRole('button', { name: 'Ajouter un webhook' }).focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Adresse du destinataire').waitFor();
  await page.keyboard.type('https://10.0.0.1/crochet');
  await page.keyboard.press('Enter');
  await dialog.getByText('Cette adresse mène à cette machine ou à un réseau interne.').waitFor();
  await dialog.getByRole('button', { name: 'Tout décocher' }).click();
  await dialog.getByLabel('Adresse du destinataire').fill(receiver.url);
  await dialog.getByRole('button', { name: 'Ajouter' }).click();
  await dialog.getByText('Choisissez au moins un événement.').waitFor();
  await dialog.getByLabel('Promesse notée').check();
  await dialog.getByLabel('Litige ouvert').check();
  await expectAccessible(page, 'adding a webhook');
  await picture(page, '141-webhook-add');
  await dialog.getByRole('button', { name: 'Ajouter' }).click();
  await dialog.getByText('Il n’est montré que cette fois.').waitFor();
  receiver.secret = await dialog.getByLabel('Secret').inputValue();
  expect(receiver.secret).toMatch(/^whsec_/);
  await expectAccessible(page, 'secret');
  await picture(page, '142-webhook-secret');
  await page.keyboard.press('Escape');
  await dialog.getByRole('button', { name: 'Je l’ai copié' }).click();
  await page.getByText('2 événements').waitFor();
  expect(await page.getByText('whsec_').count()).toBe(0);
});

test('it is tried, told of a promise, fails, is switched off with a notice, and goes on where it stopped', async () => {
  const { page } = stage;
  await page.getByRole('button', { name: /^Essayer/ }).click();
  await page.getByText('Essai reçu (204)').waitFor();
  await promise(stage.test.database, organisation, [150_00]);
  expect(await turn()).toBe('idle');
  expect(receiver.taken.size).toBe(2);
  await page.getByText(/Dernier appel le .*\s:\sreçu \(204\)\./).waitFor();
  await picture(page, '143-webhook-on');

  receiver.answer = (_request, response) => void response.writeHead(500).end();
  await promise(stage.test.database, organisation, [250_00, 50_00]);
  expect(await turn()).toBe('later');
  await page.getByText('En échec').waitFor();
  await page.getByText(/2 appels attendent\. Nouvel essai le/).waitFor();
  await expectAccessible(page, 'failing webhook');
  await picture(page, '144-webhook-failing');

  receiver.answer = (_request, response) => void response.writeHead(410).end();
  worker.clock.set('2026-06-30T10:10:00.000Z');
  expect(await turn()).toBe('closed');
  await page.getByText('le destinataire a répondu qu’il n’en veut plus').waitFor();
  await expectAccessible(page, 'webhook off');
  await picture(page, '145-webhook-off');
  await goTo(page, 'Vue d’ensemble');
  await page.getByText('1 logiciel n’est plus prévenu').waitFor();
  await expectAccessible(page, 'notice');
  await picture(page, '146-webhook-notice');
  await page.getByRole('link', { name: 'Voir et reprendre' }).click();
  await page.getByRole('button', { name: 'Remettre en marche' }).click();
  await page.getByRole('dialog').getByLabel('Là où il s’est arrêté').waitFor();
  await expectAccessible(page, 'switching on');
  await picture(page, '147-webhook-switch-on');
  await page.getByRole('dialog').getByRole('button', { name: 'Remettre en marche' }).click();
  await page.getByText('Remis en marche.').waitFor();
  receiver.answer = (_request, response) => void response.writeHead(204).end();
  expect(await turn()).toBe('idle');
  await page.getByText(/Dernier appel le .*\s:\sreçu \(204\)\./).waitFor();
});

test('a new secret signs beside the former one; switched off by a click and back by another; removed for good', async () => {
  const { page } = stage;
  const former = receiver.secret ?? '';
  await page.getByRole('button', { name: 'Nouveau secret' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Nouveau secret' }).click();
  const next = await page.getByRole('dialog').getByLabel('Secret').inputValue();
  await page.getByRole('dialog').getByText('L’ancien secret signe aussi pendant 24 heures').waitFor();
  await picture(page, '148-webhook-rotated');
  await page.getByRole('button', { name: 'Je l’ai copié' }).click();
  await promise(stage.test.database, organisation, [70_00]);
  expect(await turn()).toBe('idle');
  const last = receiver.requests.at(-1);
  if (last === undefined) throw new Error('nothing arrived');
  expect([isSigned(last, former), isSigned(last, next)]).toEqual([true, true]);
  await page.getByText(/L’ancien secret signe aussi jusqu’au/).waitFor();
  await page.getByRole('button', { name: 'Arrêter', exact: true }).click();
  await page.getByText('Arrêté par une personne').waitFor();
  await page.getByRole('button', { name: 'Annuler' }).click();
  await page.getByText('En marche', { exact: true }).waitFor();
  await page.getByRole('button', { name: /^Retirer/ }).click();
  await page.getByRole('dialog').getByText('Cela ne se défait pas.').waitFor();
  await expectAccessible(page, 'removing');
  await picture(page, '149-webhook-remove');
  await page.getByRole('dialog').getByRole('button', { name: 'Retirer' }).click();
  await page.getByText('Aucun logiciel n’est prévenu').waitFor();
  expect(stage.errors).toEqual([]);
});
