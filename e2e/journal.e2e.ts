import { afterAll, beforeAll, expect, test } from 'vitest';
import { aSend } from '#core/channels/given-journal.ts';
import { memoryJournal } from '#core/channels/memory-journal.ts';
import type { MemoryJournal } from '#core/channels/memory-journal.ts';
import { day } from '#core/kernel/day.ts';
import { SendGuard } from '#server/channels/journal/guard.ts';
import { createLog } from '#server/plumbing/log.ts';
import { postOffice } from '#server/testing/outbox.ts';
import { expectAccessible } from './accessible.ts';
import { LEDGER } from './ledger.ts';
import { picture, setStage } from './stage.ts';
import type { Stage } from './stage.ts';
import { giveMailboxes, goTo, signInAs, startWithFile } from './steps.ts';

let stage: Stage;
let journal: MemoryJournal;
const post = postOffice();
beforeAll(async () => {
  journal = memoryJournal();
  stage = await setStage({ carriers: { mail: post.carrier, letter: async ({ name }) => name }, from: 'relances@duval.test', guard: new SendGuard({ journal, log: createLog('silent') }) });
  await startWithFile(stage, { name: '000000000FEC20261231.txt', content: LEDGER });
  await stage.page.getByRole('heading', { name: 'Import réussi' }).waitFor();
  await giveMailboxes(stage);
});
afterAll(() => stage.strike());

async function openJournal(): Promise<void> {
  await goTo(stage.page, 'Réglages');
  await stage.page.getByRole('tab', { name: 'Journal' }).click();
  await stage.page.getByRole('heading', { level: 2, name: 'Journal d’envoi' }).waitFor();
}

/** What the journal holds of messages that left after the backup: one of a customer who is here, one of nobody yet, one whose end is not known, one refused. */
async function restoreAnOlderDatabase(): Promise<void> {
  const owner = await stage.test.owner();
  const rows = await owner.query<{ epoch: string; code: string; key: string; natural: string; lefevre: string }>(`
    select i.epoch, o.code, a.action_key as key, x.natural_key as natural, (select natural_key from item where document = 'FA-103') as lefevre
    from installation i, organisation o join action a on a.organisation_id = o.organisation_id join item x on x.item_id = a.anchor_item_id limit 1`);
  await owner.end();
  const [row] = rows.rows;
  if (row === undefined) throw new Error('nothing was sent');
  const start = (action: number, changed: Parameters<typeof aSend>[0]): void => {
    journal.lines.push({ k: 'start', epoch: row.epoch, send: aSend({ organisation: row.code, action: String(action), day: day('2026-06-29'), actionKey: `${row.key}/${action}`, sha256: String(action).padEnd(64, 'a'), ...changed }) });
  };
  const end = (action: number, outcome: 'accepted' | 'refused'): void => {
    journal.lines.push({ k: 'end', epoch: row.epoch, organisation: row.code, action: String(action), fence: 1, outcome, at: aSend().at });
  };
  const item = { naturalKey: row.lefevre, amount: 540_000n, dueOn: day('2026-03-04'), creditedStep: 2, creditedKey: null, creditedOffset: 10 };
  start(9001, { customer: 'LEFEVRE', total: 540_000n, anchor: row.lefevre, items: [item] });
  end(9001, 'accepted');
  start(9002, { customer: 'NOUVEAU', total: 4_250n, anchor: 'x', items: [{ ...item, naturalKey: 'x', amount: 4_250n }], currency: 'GBP', channel: 'letter' });
  end(9002, 'accepted');
  start(9003, { customer: 'MOREAU', total: 99_000n, anchor: 'y', items: [{ ...item, naturalKey: 'y', amount: 99_000n }], step: 3 });
  start(9004, { customer: 'MARTIN', total: 203_456n, anchor: 'z', items: [{ ...item, naturalKey: 'z', amount: 203_456n }] });
  end(9004, 'refused');
}

test('before anything left there is no journal; after it, they agree', async () => {
  const { page } = stage;
  await openJournal();
  await page.getByText('Rien n’est encore parti d’ici').waitFor();
  await page.getByText('Rien d’inconnu').waitFor();
  await expectAccessible(page, 'journal not begun');
  await picture(page, '120-journal-empty');
  await goTo(page, 'Actions du jour');
  await page.getByRole('button', { name: 'Chercher les relances du jour' }).first().click();
  await page.getByRole('button', { name: /^Tout approuver/ }).click();
  await page.getByRole('tab', { name: /Boîte d’envoi/ }).click();
  await page.getByRole('button', { name: 'Envoyer maintenant' }).click();
  await page.getByText(/^Envoyés\s:\s[1-9]/).waitFor();
  expect(post.taken.length).toBeGreaterThan(0);
  await openJournal();
  await page.getByText('Le journal et la base sont d’accord.').waitFor();
});

test('a restored database: the next sending freezes, the banner is on every page, the list tells what left, a reason is asked for', async () => {
  const { page } = stage;
  await restoreAnOlderDatabase();
  const before = post.taken.length;
  await openJournal();
  await page.getByText('Le prochain envoi gèlera tout pour cette raison.').waitFor();
  await goTo(page, 'Actions du jour');
  await page.evaluate(async () => fetch('/api/sendings', { method: 'POST' }));
  await page.waitForTimeout(500);
  await page.reload();
  await page.getByRole('alert').getByText('Les envois sont gelés').waitFor();
  expect(post.taken.length).toBe(before);
  await expectAccessible(page, 'frozen banner');
  await picture(page, '121-frozen-actions');
  await page.getByRole('link', { name: 'Voir et décider' }).click();
  await page.getByText('client pas encore importé').waitFor();
  const list = page.getByRole('list', { name: 'Partis, inconnus de la base' });
  expect(await list.getByRole('listitem').count()).toBe(4);
  await expectAccessible(page, 'frozen journal');
  await picture(page, '122-frozen-journal');
  await page.getByRole('button', { name: 'Inscrire et reprendre' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').getByText('En votre nom').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Inscrire et reprendre les envois' }).click();
  await page.getByText('Dites pourquoi, en 5 caractères au moins.').waitFor();
  await expectAccessible(page, 'reconciling');
  await picture(page, '123-reconciling');
  await page.getByLabel('Pourquoi ?').fill('Disque perdu, sauvegarde du matin restaurée');
  await page.getByRole('dialog').getByRole('button', { name: 'Inscrire et reprendre les envois' }).click();
  await page.getByText(/Les envois reprennent\. Repris\s: 1, incertains\s: 0, à placer\s: 2/).waitFor();
  await page.getByText('Les envois sont gelés').waitFor({ state: 'detached' });
  await page.getByText('2 envois déjà repris attendent leur client ou leurs factures').waitFor();
  await picture(page, '124-reconciled');
});

test('what was taken over stands among what was sent, and says that its bytes are not here', async () => {
  const { page } = stage;
  await goTo(page, 'Actions du jour');
  await page.getByRole('tab', { name: /^Envoyées/ }).click();
  await page.getByText('Client LEFEVRE').first().click();
  await page.getByText('Message parti, contenu absent de la base').waitFor();
  expect(await page.getByText(/SHA-256 9001a/).count()).toBe(1);
  await expectAccessible(page, 'bytes elsewhere');
  await picture(page, '125-bytes-elsewhere');
});

test('a person freezes, in a name and with words; a colleague reads them but does not decide; a reader sees no banner', async () => {
  const { page } = stage;
  await openJournal();
  await page.getByRole('button', { name: 'Geler tous les envois' }).click();
  await page.getByRole('dialog').getByLabel('Pourquoi ?').fill('Bascule du serveur ce soir');
  await page.getByRole('dialog').getByRole('button', { name: 'Geler maintenant' }).click();
  await page.getByText('Tous les envois sont gelés.').waitFor();
  await page.getByRole('alert').getByText(/«.Bascule du serveur ce soir.»/).first().waitFor();
  await picture(page, '126-frozen-by-person');
  const back = await signInAs(stage, { name: 'Léa Martin', role: 'collector' });
  await page.getByRole('alert').getByText(/«.Bascule du serveur ce soir.»/).first().waitFor();
  await page.getByText('Seul qui possède toutes les organisations').waitFor();
  await back();
  const reader = await signInAs(stage, { name: 'Zoé Lire', role: 'reader' });
  await page.getByRole('heading', { level: 2, name: 'Journal d’envoi' }).waitFor();
  expect(await page.getByText('Voir et décider').count()).toBe(0);
  await reader();
  await page.getByText('EN', { exact: true }).click();
  await page.getByRole('button', { name: 'Take the database over in my name' }).click();
  await page.getByRole('dialog').getByText('Everything approved is to be approved again').waitFor();
  await picture(page, '127-adopting');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Let sending go on' }).click();
  await page.getByRole('dialog').getByLabel('Why?').fill('The server took over');
  await page.getByRole('dialog').getByRole('button', { name: 'Let sending go on' }).click();
  await page.getByText('Sending goes on.').waitFor();
  expect(stage.errors).toEqual([]);
});
