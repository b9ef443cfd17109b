import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectAccessible } from './accessible.ts';
import { LEDGER } from './ledger.ts';
import { photograph } from './photograph.ts';
import { NARROW, fileOf, setStage, signInByLink } from './stage.ts';
import type { Stage } from './stage.ts';
import { readable } from './steps.ts';

/** Sending is tried again for five seconds before it stops. */
const STOPPED_TIMEOUT_MS = 20_000;

/** Five hundred files are sent and read in some ten seconds on a quiet machine. */
const MANY_TIMEOUT_MS = 60_000;

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
  await signInByLink(stage);
  await stage.page.getByLabel('Nom de votre société').fill('Ateliers Duval');
  await stage.page.getByRole('button', { name: 'Importer mon grand livre' }).click();
  await stage.page.getByText('Déposez vos fichiers ici').waitFor();
});
afterAll(() => stage.strike());

const input = () => stage.page.locator('input[type=file]');
const severalFiles = async (count: number): Promise<string[]> => Promise.all(Array.from({ length: count }, (_, index) => fileOf(`note-${index + 1}.txt`, `rien de nous, n° ${index + 1}\n`)));

test('while files are on their way each has its line, and nothing jumps', async () => {
  const { page } = stage;
  let free: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => { free = resolve; });
  await page.route('**/api/imports', async (route) => {
    if (route.request().method() === 'POST') await gate;
    await route.fallback();
  });
  await input().setInputFiles([...(await severalFiles(14)), await fileOf('000000000FEC20261231.txt', LEDGER)]);
  await page.getByText('Envoi : 0 sur 15 fichiers').waitFor();
  await page.getByText('Gardez cet onglet ouvert').waitFor();
  await expectAccessible(page, 'sending');
  await photograph(page, 'import-progress');
  await photograph(page, 'import-progress-narrow', NARROW);
  const list = page.getByRole('list', { name: 'Fichiers' });
  const before = await list.boundingBox();
  free();
  await page.getByRole('heading', { name: '15 fichiers : 1 appliqué, 14 refusés' }).waitFor();
  expect(before?.height).toBeGreaterThan(300);
  await page.unroute('**/api/imports');
  await page.getByRole('button', { name: 'Importer d’autres fichiers' }).click();
});

test('the connection is lost: sending stops, says how far it is, and goes on where it was', async () => {
  const { page } = stage;
  await page.route('**/api/imports', async (route) => (route.request().method() === 'POST' ? route.abort('connectionrefused') : route.fallback()));
  await input().setInputFiles(await severalFiles(3));
  await page.getByText('L’envoi est arrêté').waitFor({ timeout: STOPPED_TIMEOUT_MS });
  await page.getByText('Le serveur ne répond pas. Vérifiez votre connexion').waitFor();
  await page.getByText('0 fichier sur 3 est arrivé').waitFor();
  await expectAccessible(page, 'sending stopped');
  await photograph(page, 'import-paused');
  await page.unroute('**/api/imports');
  await page.getByRole('button', { name: 'Reprendre l’envoi' }).click();
  await page.getByRole('heading', { name: '3 fichiers : 3 refusés' }).waitFor();
  expect(await page.getByText('L’envoi est arrêté').count()).toBe(0);
  await page.getByRole('button', { name: 'Importer d’autres fichiers' }).click();
});

test('the page was closed in the middle: what arrived can be imported or given up', async () => {
  const { page } = stage;
  await page.evaluate(async () => {
    const opened = await fetch('/api/drops', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ files: 4, terms: null }) });
    const { drop } = await opened.json() as { drop: string };
    const form = new FormData();
    form.append('drop', drop);
    form.append('file', new File(['rien'], 'arrivee.txt'));
    await fetch('/api/imports', { method: 'POST', body: form });
  });
  await page.reload();
  await page.getByText('L’envoi a été interrompu').waitFor();
  expect(readable(await page.getByRole('alert').innerText())).toContain('1 fichier sur 4 est arrivé');
  await expectAccessible(page, 'interrupted');
  await page.getByRole('button', { name: 'Importer le fichier arrivé' }).click();
  await page.getByRole('heading', { name: 'Fichier refusé' }).waitFor();
  await page.getByRole('button', { name: 'Importer un autre fichier' }).click();
  await page.getByText('Déposez vos fichiers ici').waitFor();
});

test('the server restarted: the page says of each file what the history knows', async () => {
  const { page } = stage;
  await input().setInputFiles([await fileOf('second.txt', LEDGER.replaceAll('FA-', 'FB-')), await fileOf('perdu.txt', 'rien de nous\n')]);
  await page.getByRole('heading', { name: '2 fichiers : 1 appliqué, 1 refusé' }).waitFor();
  await page.route('**/api/drops/current*', (route) => route.fulfill({ json: { drop: null } }));
  // The clock of the test server stands still: the browser's own would be ahead of what it wrote.
  await page.evaluate(() => {
    const kept = JSON.parse(sessionStorage.getItem('acquit.drop') ?? '{}') as object;
    sessionStorage.setItem('acquit.drop', JSON.stringify({ ...kept, at: '2026-06-30T00:00:00.000Z' }));
  });
  await page.reload();
  await page.getByText('Cet envoi n’est plus suivi').waitFor();
  expect(readable(await page.getByRole('alert').innerText())).toMatch(/second\.txt : appliqué[\s\S]*perdu\.txt : à déposer de nouveau/);
  await expectAccessible(page, 'lost');
  await photograph(page, 'import-lost');
  await page.getByRole('button', { name: 'J’ai compris' }).click();
  await page.getByText('Cet envoi n’est plus suivi').waitFor({ state: 'detached' });
  await page.unroute('**/api/drops/current*');
});

test('too many at once: said before anything is sent', async () => {
  const { page } = stage;
  await page.reload();
  await page.getByRole('button', { name: 'Importer d’autres fichiers' }).click();
  await page.evaluate(() => {
    const chosen = document.querySelector<HTMLInputElement>('input[type=file]');
    const transfer = new DataTransfer();
    for (let index = 0; index < 501; index += 1) transfer.items.add(new File(['x'], `f${index}.txt`));
    if (chosen !== null) chosen.files = transfer.files;
    chosen?.dispatchEvent(new Event('change', { bubbles: true }));
  });
  await page.getByText('500 fichiers au plus à la fois : vous en avez déposé 501').waitFor();
  await expectAccessible(page, 'too many');
  expect(await page.getByText('Déposez vos fichiers ici').count()).toBe(1);
});

test('as many as may be at once: all of them end, the first fifty are shown', async () => {
  const { page } = stage;
  await input().setInputFiles(await severalFiles(500));
  await page.getByRole('heading', { name: '500 fichiers : 500 refusés' }).waitFor({ timeout: MANY_TIMEOUT_MS });
  await page.getByRole('button', { name: 'Afficher les fichiers suivants' }).click();
  expect(await page.getByRole('list', { name: 'Résultats' }).locator('> li').count()).toBe(100);
  await page.getByRole('button', { name: 'Importer d’autres fichiers' }).click();
});

test('the session ended: the page asks to sign in', async () => {
  const { page, context } = stage;
  await context.clearCookies();
  await input().setInputFiles(await severalFiles(1));
  await page.getByRole('heading', { name: 'Se connecter' }).waitFor();
  // The browser itself reports the connections that these journeys cut.
  expect(stage.errors.filter((error) => !error.includes('ERR_CONNECTION_REFUSED'))).toEqual([]);
});
