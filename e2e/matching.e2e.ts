import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { OpenAccount, OpenLineView } from '#core/api/matching.ts';
import { fecOf } from '#server/testing/given.ts';
import { expectAccessible } from './accessible.ts';
import { NARROW, WIDE, picture, setStage } from './stage.ts';
import type { Stage } from './stage.ts';
import { statementOf } from './statement.ts';
import { dropFile, goTo, readable, startWithFile } from './steps.ts';

const IBAN = 'FR1420041010050500013M02606';

/** One settled invoice shows that the books are lettered, so that nothing is estimated. */
const LEDGER = fecOf([
  { code: 'DUBOIS', piece: 'FA-99', on: '2026-03-01', debit: '300,00', letter: 'AA' },
  { code: 'DUBOIS', piece: 'VIR-9', on: '2026-04-04', credit: '300,00', letter: 'AA' },
  { code: 'MARTIN', piece: 'FA-101', on: '2026-05-10', debit: '1234,56' },
  { code: 'MARTIN', piece: 'FA-102', on: '2026-06-01', debit: '800,00' },
  { code: 'LEFEVRE', piece: 'FA-103', on: '2026-02-02', debit: '700,00' },
  { code: 'LEFEVRE', piece: 'FA-106', on: '2026-03-02', debit: '600,00' },
  { code: 'DUBOIS', piece: 'FA-104', on: '2026-04-01', debit: '1000,00' },
  { code: 'MOREAU', piece: 'FA-105', on: '2026-05-15', debit: '990,00' },
  { code: 'MOREAU', piece: 'AV-7', on: '2026-05-28', credit: '150,00' },
  { code: 'MOREAU', piece: 'FA-108', on: '2026-06-20', debit: '210,00' },
  { code: 'PETIT', piece: 'FA-107', on: '2026-05-16', debit: '450,00' },
]);

/** Oldest first, as the list shows them. The one that names its invoice goes by itself. */
const STATEMENT = statementOf(IBAN, [
  { on: '2026-06-10', amount: '1234.56', from: 'CLIENT MARTIN', text: 'Virement' },
  { on: '2026-06-11', amount: '1000.00', from: 'CLIENT LEFEVRE', text: 'Acompte sur nos dettes' },
  { on: '2026-06-12', amount: '995.00', from: 'CLIENT DUBOIS', text: 'Facture FA-104' },
  { on: '2026-06-13', amount: '5000.00', from: 'ATELIERS DUVAL', text: 'Virement interne depuis le livret' },
  { on: '2026-06-14', amount: '990.00', from: 'CLIENT MOREAU', text: 'Règlement' },
  { on: '2026-06-15', amount: '450.00', from: 'CLIENT PETIT', text: 'Premier envoi' },
  { on: '2026-06-16', amount: '450.00', from: 'CLIENT PETIT', text: 'Second envoi' },
  { on: '2026-06-17', amount: '800.00', from: 'CLIENT MARTIN', text: 'FA-102' },
]);

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
  const { page } = stage;
  await startWithFile(stage, { name: '000000000FEC20261231.txt', content: LEDGER });
  await page.getByRole('heading', { name: 'Import réussi' }).waitFor();
  const owner = await stage.test.owner();
  await owner.query('update entity set iban = $1', [IBAN]);
  await owner.end();
});
afterAll(() => stage.strike());

/** The line shown beside the list. */
const pane = (page: Page) => page.getByRole('region', { name: 'Règlement choisi' });

/** Waits until the line shown is a payer's. */
const shows = (page: Page, payer: string): Promise<void> => pane(page).getByRole('heading', { name: payer }).waitFor();

/** More presses than any dialog of ours needs. */
const TABS_MAX = 60;

/** Goes to a field with the tabulator alone. */
async function tabTo(page: Page, label: string): Promise<void> {
  for (let presses = 0; presses < TABS_MAX; presses += 1) {
    if (await page.evaluate((wanted) => document.activeElement?.getAttribute('aria-label') === wanted, label)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`the tabulator does not lead to "${label}"`);
}

/** Replaces what a field holds, by keys. */
async function retype(page: Page, text: string): Promise<void> {
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type(text);
}

/** Cents still open of documents, as the ledger has them. */
async function openOf(...documents: string[]): Promise<Record<string, number>> {
  const owner = await stage.test.owner();
  const { rows } = await owner.query<{ document: string; open: string }>(`select document, amount - allocated as open from item where document = any($1) and side = 'debit'`, [documents]);
  await owner.end();
  return Object.fromEntries(rows.map(({ document, open }) => [document, Number(open)]));
}

/** Sum of what waits, as the header says. */
const waiting = async (page: Page): Promise<string> => readable(await page.locator('#content section.card').first().innerText());

test('before any statement: what to do', async () => {
  const { page } = stage;
  await goTo(page, 'Lettrage');
  await page.getByText('Aucun relevé bancaire').waitFor();
  await page.locator('[data-row]', { hasText: 'Client MOREAU' }).waitFor();
  expect(await waiting(page)).toContain('Précision : pas encore mesurable');
  await expectAccessible(page, 'matching, no statement');
  await page.getByRole('link', { name: 'Importer un relevé' }).click();
});

test('a statement: what is certain went by itself, the rest is listed oldest first and told on the overview', async () => {
  const { page } = stage;
  await page.getByRole('button', { name: 'Importer un autre fichier' }).click();
  await dropFile(page, { name: 'juin.xml', content: STATEMENT });
  await page.getByRole('heading', { name: 'Import réussi' }).waitFor();
  await goTo(page, 'Vue d’ensemble');
  await page.getByText('7 règlements à lettrer').waitFor();
  await page.getByRole('navigation').getByRole('link', { name: 'Lettrage 7' }).waitFor();
  await page.getByRole('link', { name: 'Lettrer', exact: true }).click();
  await page.getByRole('heading', { level: 1, name: 'Lettrage' }).waitFor();
  await page.locator('[data-row]').first().waitFor();
  await expect.poll(async () => (await page.locator('[data-row]').allInnerTexts()).slice(0, 2)).toEqual(['CLIENT MARTIN', 'CLIENT LEFEVRE']);
  expect(await waiting(page)).toMatch(/7 lignes bancaires à placer[\s\S]*1 appliquée d’elle-même, dont 0 annulée \(100 %\)/);
  await page.getByRole('button', { name: 'Comment est-ce mesuré ?' }).click();
  await page.getByText('Mesuré sur votre propre grand livre').waitFor();
  await page.keyboard.press('Escape');
});

test('a proposal is placed by Enter; the next line is there at once', async () => {
  const { page } = stage;
  await page.locator('#content').focus();
  await page.keyboard.press('j');
  await shows(page, 'CLIENT MARTIN');
  expect(readable(await pane(page).innerText())).toMatch(/Virement[\s\S]*Pourquoi pas toute seule[\s\S]*FA-101[\s\S]*paie 1 234,56 €/);
  await expectAccessible(page, 'matching, a line');
  await picture(page, '50-matching');
  await page.keyboard.press('Enter');
  await shows(page, 'CLIENT LEFEVRE');
  await page.getByText('Lettré : CLIENT MARTIN, 1 234,56 €.').waitFor();
  expect(await page.evaluate(() => document.activeElement?.getAttribute('data-row')?.startsWith('line-'))).toBe(true);
});

test('a line is split over two documents, a wrong amount is said where it stands', async () => {
  const { page } = stage;
  // The amount alone points to somebody else first; the payer's name to the second proposal.
  await page.keyboard.press('2');
  await page.keyboard.press('s');
  const dialog = page.getByRole('dialog', { name: 'Répartir 1 000,00 €' });
  await dialog.getByText('Pièces ouvertes').waitFor();
  await tabTo(page, 'Montant pour FA-103');
  await retype(page, '700,01');
  await dialog.getByText('Plus que ce qui est ouvert.').waitFor();
  await retype(page, '400');
  await tabTo(page, 'Montant pour FA-106');
  await retype(page, '650');
  await dialog.getByText('Dépassement').waitFor();
  await expectAccessible(page, 'matching, split');
  await picture(page, '51-matching-split');
  await retype(page, '600,00');
  await dialog.getByText('Reste à placer : 0,00 €').waitFor();
  await page.keyboard.press('Enter');
  await dialog.waitFor({ state: 'detached' });
  await page.getByText('Lettré : CLIENT LEFEVRE').waitFor();
  expect(await openOf('FA-103', 'FA-106')).toEqual({ 'FA-103': 30_000, 'FA-106': 0 });
  await shows(page, 'CLIENT DUBOIS');
});

test('a gap is written off, and money of nobody is set aside', async () => {
  const { page } = stage;
  await page.keyboard.press('w');
  await page.getByRole('dialog', { name: 'Solder en abandonnant 5,00 €' }).waitFor();
  await page.keyboard.press('1');
  await expectAccessible(page, 'matching, write-off');
  await page.keyboard.press('Enter');
  await page.getByText('Lettré : CLIENT DUBOIS').waitFor();
  expect(await openOf('FA-104')).toEqual({ 'FA-104': 0 });
  await shows(page, 'ATELIERS DUVAL');
  await page.keyboard.press('x');
  await page.getByRole('dialog', { name: 'Ce n’est pas l’argent d’un client' }).waitFor();
  await expectAccessible(page, 'matching, not a customer');
  await picture(page, '52-matching-dismiss');
  await page.keyboard.press('1');
  await page.getByText('Écarté : ATELIERS DUVAL').waitFor();
  await shows(page, 'CLIENT MOREAU');
});

test('u takes the last one back; ? lists the keys', async () => {
  const { page } = stage;
  await page.keyboard.press('Enter');
  await page.getByText('Lettré : CLIENT MOREAU').waitFor();
  await page.keyboard.press('u');
  await page.getByText('Annulé : CLIENT MOREAU est de nouveau à placer.').waitFor();
  await shows(page, 'CLIENT MOREAU');
  expect(await openOf('FA-105')).toEqual({ 'FA-105': 99_000 });
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Raccourcis clavier' }).waitFor();
  await expectAccessible(page, 'matching, keys');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
});

test('somebody was faster: the sentence is shown, the line stays with fresh proposals', async () => {
  const { page } = stage;
  const found = await page.evaluate(async (): Promise<{ line: string; customer: string; item: string }> => {
    const { lines } = (await (await fetch('/api/matching/open')).json()) as { lines: OpenLineView[] };
    const line = lines.find((one) => one.text.includes('Second envoi'));
    const customer = line?.proposals[0]?.customer.id ?? '';
    const account = (await (await fetch(`/api/matching/accounts/${customer}?currency=EUR`)).json()) as OpenAccount;
    return { line: line?.key ?? '', customer, item: account.debits[0]?.item ?? '' };
  });
  await page.keyboard.press('j');
  await shows(page, 'CLIENT PETIT');
  await pane(page).getByText('Premier envoi').waitFor();
  await pane(page).getByText('paie 450,00 €').first().waitFor();
  const status = await page.evaluate(async ({ line, customer, item }) => (await fetch('/api/matching/place', {
    method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ line, uses: [{ customer, parts: [{ item, amount: '450.00' }], credits: [], writeOff: null }] }),
  })).status, found);
  expect(status).toBe(200);
  await page.keyboard.press('Enter');
  await page.getByText(/CLIENT PETIT, 450,00\s€\s: .*FA-107/).waitFor();
  await page.locator('tbody').getByText('À revoir').waitFor();
  await page.locator('tr', { hasText: 'Premier envoi' }).getByRole('button').click();
  await pane(page).getByText('Ce règlement n’a pas été placé').waitFor();
  await expect.poll(async () => (await pane(page).innerText()).includes('FA-107,')).toBe(false);
  await expectAccessible(page, 'matching, conflict');
  await picture(page, '53-matching-conflict');
  await page.keyboard.press('r');
  await page.getByText('Client PETIT ne sera plus proposé en premier pour ce payeur.').waitFor();
});

test('on a phone the line opens over the list; another customer is searched', async () => {
  const { page } = stage;
  await page.setViewportSize(NARROW);
  await page.getByRole('button', { name: /^CLIENT MOREAU, 990,00/ }).click();
  const drawer = page.getByRole('dialog', { name: 'Règlement choisi' });
  await drawer.getByRole('heading', { name: 'CLIENT MOREAU' }).waitFor();
  await expectAccessible(page, 'matching on a phone');
  await drawer.getByRole('button', { name: 'Autre client…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Répartir 990,00 €' });
  await dialog.getByLabel('Client', { exact: true }).fill('FA-105');
  await page.getByRole('option', { name: /Client MOREAU/ }).click();
  await dialog.getByLabel('Payer FA-105').check();
  expect(await dialog.getByLabel('Montant pour FA-105').inputValue()).toBe('990,00');
  await expectAccessible(page, 'matching, split on a phone');
  await dialog.getByRole('button', { name: 'Lettrer' }).click();
  await page.getByText('Lettré : CLIENT MOREAU').waitFor();
  await page.setViewportSize(WIDE);
});

test('placed: who, when, why, and the way back with a reason', async () => {
  const { page } = stage;
  await page.reload();
  await page.getByRole('tab', { name: /Placées/ }).click();
  const row = (text: string) => page.locator('tbody tr', { hasText: text });
  await row('FA-102').getByText('d’elle-même', { exact: true }).waitFor();
  await row('FA-102').getByRole('button', { name: /^Indices/ }).click();
  await page.getByText('Le libellé cite FA-102.').waitFor();
  await expectAccessible(page, 'matching, placed');
  await picture(page, '54-matching-placed');
  await row('FA-102').getByRole('button', { name: /^Annuler/ }).click();
  await page.getByRole('button', { name: 'Annuler le lettrage' }).click();
  await page.getByText('Dites pourquoi en quelques mots.').waitFor();
  await page.getByLabel('Pourquoi ?').fill('Payé pour une autre facture');
  await page.getByRole('button', { name: 'Annuler le lettrage' }).click();
  await page.getByText('Le lettrage est annulé.').waitFor();
  await row('FA-102').getByText(/Annulé .*:\sPayé pour une autre facture/).waitFor();
  await expect.poll(() => waiting(page)).toContain('1 appliquée d’elle-même, dont 1 annulée (0 %)');
  await page.getByLabel(/Chercher un payeur/).fill('LEFEVRE');
  await expect.poll(() => page.locator('tbody tr').count()).toBe(1);
  expect(readable(await page.locator('tbody').innerText())).toMatch(/FA-103, FA-106/);
  await page.getByLabel(/Chercher un payeur/).fill('personne de ce nom');
  await page.getByText('Aucun règlement ne correspond').waitFor();
});

test('set aside: it is taken back', async () => {
  const { page } = stage;
  await page.getByRole('tab', { name: /Pas un client/ }).click();
  await page.getByText('Virement entre nos comptes').waitFor();
  await expectAccessible(page, 'matching, set aside');
  await picture(page, '55-matching-dismissed');
  await page.getByRole('button', { name: /^Reprendre : ATELIERS DUVAL/ }).click();
  await page.getByRole('heading', { name: 'Aucun règlement écarté' }).waitFor();
  await page.getByRole('tab', { name: /À placer/ }).click();
  await expect.poll(() => page.locator('[data-row]').allInnerTexts()).toContain('ATELIERS DUVAL');
});

test('settings: a rule of one’s own, a wrong one is said; the certain ones are placed on demand', async () => {
  const { page } = stage;
  await goTo(page, 'Réglages');
  await page.getByRole('tab', { name: 'Lettrage' }).click();
  await page.getByLabel('Tolérance (%)').fill('7');
  await page.getByRole('button', { name: 'Ajouter une règle' }).click();
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await page.getByText('Écrivez un nombre de 0 à 5').waitFor();
  await page.getByText('Nommez la règle.').waitFor();
  await page.getByText('Donnez au moins un mot, un montant ou une devise').waitFor();
  await page.getByLabel('Tolérance (%)').fill('0,5');
  await page.getByLabel('Nom', { exact: false }).first().fill('Livret');
  await page.getByRole('combobox', { name: 'Contient tous ces mots' }).fill('livret');
  await page.keyboard.press('Enter');
  await page.getByRole('combobox', { name: 'Alors' }).click();
  await page.getByRole('option', { name: /Laisser de côté/ }).click();
  await expectAccessible(page, 'settings, matching');
  await picture(page, '56-settings-matching');
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await page.getByText('Réglages du lettrage enregistrés.').waitFor();
  await page.reload();
  expect(await page.getByLabel('Tolérance (%)').inputValue()).toBe('0,5');
  expect(await page.getByLabel('Nom', { exact: false }).first().inputValue()).toBe('Livret');
  await goTo(page, 'Lettrage');
  await page.getByRole('button', { name: 'Placer ce qui est certain' }).click();
  // What a person took back does not go by itself a second time.
  await page.getByText(/Rien n’est assez certain pour être placé sans vous\. 3 attendent votre décision\./).waitFor();
});

test('the customer: a payer group, a loose credit leads here, a document is written off', async () => {
  const { page } = stage;
  await goTo(page, 'Clients');
  await page.getByRole('link', { name: 'Client LEFEVRE' }).click();
  await page.getByRole('button', { name: 'Autres actions sur FA-103' }).click();
  await page.getByRole('menuitem', { name: 'Passer en perte, solder…' }).click();
  await page.getByLabel('Montant abandonné').fill('300,01');
  await page.getByRole('button', { name: 'Abandonner', exact: true }).click();
  await page.getByText('Plus que ce qui est ouvert.').waitFor();
  await page.getByLabel('Montant abandonné').fill('300');
  await expectAccessible(page, 'write-off of a document');
  await picture(page, '57-write-off');
  await page.getByRole('button', { name: 'Abandonner', exact: true }).click();
  await page.getByText('300,00 € abandonnés sur FA-103.').waitFor();
  await page.getByRole('button', { name: 'Modifier', exact: true }).click();
  await page.getByLabel('Groupe payeur').fill('Groupe Lefèvre');
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await page.getByText('Fiche enregistrée').waitFor();
  await page.locator('dd', { hasText: 'Groupe Lefèvre' }).waitFor();
  await goTo(page, 'Clients');
  await page.getByRole('link', { name: 'Client MOREAU' }).click();
  await page.getByRole('link', { name: 'Lettrer AV-7' }).click();
  await page.getByRole('heading', { level: 1, name: 'Lettrage' }).waitFor();
  expect(new URL(page.url()).searchParams.get('line')).toMatch(/^credit-\d+$/);
  await pane(page).getByText('Ce que dit le compte').waitFor();
  expect(readable(await pane(page).innerText())).toMatch(/150,00 €[\s\S]*Client MOREAU/);
  expect(await pane(page).getByRole('button', { name: /^Pas un client/ }).isDisabled()).toBe(true);
  await picture(page, '58-matching-credit');
  const checks = await page.evaluate(async () => (await fetch('/api/verify')).json() as Promise<{ ok: boolean }[]>);
  expect(checks.every((check) => check.ok)).toBe(true);
  expect(stage.errors).toEqual([]);
});
