import { afterAll, beforeAll, expect, test } from 'vitest';
import { addDays, day } from '#core/kernel/day.ts';
import { fecOf } from '#server/testing/given.ts';
import { expectAccessible } from './accessible.ts';
import { picture, setStage } from './stage.ts';
import type { Stage } from './stage.ts';
import { readable, startWithFile } from './steps.ts';

const CUSTOMERS = 60;
/** Invoices of each customer, one a month from August on. */
const INVOICES = 10;
/** Days after its invoice that a customer pays: some on time, some after a reminder, some hardly. */
const PAYS_AFTER = [28, 44, 52, 95] as const;

/** Sixty customers with an invoice a month since August, paid in their own ways. */
const LEDGER = fecOf(Array.from({ length: CUSTOMERS }, (_, customer) => Array.from({ length: INVOICES }, (_, month) => {
  const on = addDays(day('2025-08-04'), month * 30 + (customer % 20));
  const code = `C${String(customer + 1).padStart(3, '0')}`;
  const invoice = { code, piece: `FA-${customer}-${month}`, on, debit: `${200 + customer * 7},00` };
  const paidOn = addDays(on, (PAYS_AFTER[customer % PAYS_AFTER.length] ?? 40) + ((customer + month) % 5));
  const letter = `${String.fromCodePoint(65 + month)}${String.fromCodePoint(65 + (customer % 26))}${customer}`;
  return paidOn > '2026-06-25' ? [invoice] : [{ ...invoice, letter }, { code, piece: `RG-${customer}-${month}`, on: paidOn, credit: invoice.debit, letter }];
}).flat()).flat());

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
  await startWithFile(stage, { name: '000000000FEC20261231.txt', content: LEDGER });
  await stage.page.getByRole('heading', { name: 'Import réussi' }).waitFor();
  // All but three have a mailbox.
  const owner = await stage.test.owner();
  await owner.query(`insert into contact (organisation_id, customer_id, email) select organisation_id, customer_id, lower(code) || '@client.example' from customer where code <= 'C057'`);
  await owner.end();
});
afterAll(() => stage.strike());

test('a replay: what is missing, the start, the figures beside what was done, by keyboard, in both languages', async () => {
  const { page, address } = stage;
  await page.goto(`${address}/scenarios/standard?tab=replay`);
  await page.getByRole('tab', { name: 'Rejeu', selected: true }).waitFor();
  await page.getByText('Pas encore assez d’historique').waitFor();
  expect(readable(await page.locator('#content').innerText())).toContain('il en faut 60 pour rejouer ce qui était connu');
  await expectAccessible(page, 'replay, empty');
  await picture(page, 'replay-empty');
  const button = page.getByRole('button', { name: 'Rejouer', exact: true });
  await button.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: /^Du / }).waitFor();
  const text = readable(await page.locator('#content').innerText());
  expect(text).toMatch(/Clients relancés\s+57/);
  expect(text).toContain('3 clients n’ont pu être joints');
  expect(text).toContain('Rien n’a été envoyé par Acquit sur cette période');
  await expectAccessible(page, 'replay, result');
  await picture(page, 'replay-result');
  await page.getByText('Tableau', { exact: true }).click();
  await page.getByRole('table', { name: 'Messages par mois et canal' }).waitFor();
  await expectAccessible(page, 'replay, tables');
  await picture(page, 'replay-tables');
  await page.getByRole('radiogroup', { name: 'Charge par semaine' }).getByText(/semaines/).click();
  await page.getByText('EN', { exact: true }).click();
  await page.getByRole('tab', { name: 'Replay', selected: true }).waitFor();
  await picture(page, 'replay-english');
  await page.getByText('FR', { exact: true }).click();
  await page.reload();
  await page.getByRole('heading', { name: /^Du / }).waitFor();
  expect(stage.errors).toEqual([]);
});

/** Customers of a test whose invoices came due while they were in it: as months of it would leave the ledger. */
async function aged(): Promise<void> {
  const owner = await stage.test.owner();
  await owner.query(`update hold_out set started_on = '2025-08-01'`);
  await owner.query(`insert into hold_out_customer (organisation_id, hold_out_id, customer_id, arm, entered_on)
    select h.organisation_id, h.hold_out_id, c.customer_id, case when c.customer_id % 5 < 2 then 'former' else 'new' end, '2025-08-01' from hold_out h join customer c on c.organisation_id = h.organisation_id`);
  await owner.end();
}

test('a control group: started with its share, not measurable yet, measured with its interval, ended', async () => {
  const { page, address } = stage;
  await page.goto(`${address}/scenarios/standard?tab=holdOut`);
  await page.getByRole('heading', { name: 'Lancer une mesure' }).waitFor();
  const thumb = page.getByRole('slider', { name: 'Part des clients dans le groupe témoin' });
  await thumb.focus();
  for (let presses = 0; presses < 20; presses += 1) await page.keyboard.press('ArrowRight');
  expect(await thumb.getAttribute('aria-valuenow')).toBe('40');
  await expectAccessible(page, 'hold-out, start');
  await picture(page, 'holdout-start');
  await page.getByRole('button', { name: 'Lancer la mesure' }).press('Enter');
  await page.getByRole('heading', { name: /Mesure en cours/ }).waitFor();
  await page.getByText('Pas encore mesurable').waitFor();
  await expectAccessible(page, 'hold-out, not measurable');
  await picture(page, 'holdout-early');
  await aged();
  await page.reload();
  await page.getByText('Jours de retard gagnés').waitFor();
  await page.getByText('Comment c’est calculé').click();
  await expectAccessible(page, 'hold-out, measured');
  await picture(page, 'holdout-measured');
  await page.getByRole('button', { name: 'Terminer la mesure' }).click();
  await page.getByRole('dialog').getByText('Tous les clients recevront').waitFor();
  await expectAccessible(page, 'hold-out, ending');
  await page.getByRole('dialog').getByRole('button', { name: 'Terminer la mesure' }).click();
  await page.getByRole('heading', { name: /^Mesure du / }).waitFor();
  await picture(page, 'holdout-ended');
  expect(stage.errors).toEqual([]);
});

test('why, on another day: from what was known then', async () => {
  const { page, address } = stage;
  await page.goto(`${address}/customers`);
  await page.getByRole('link', { name: /Client C004/ }).first().click();
  await page.getByRole('button', { name: /Pourquoi/ }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Le', { exact: true }).fill('2026-06-10');
  await dialog.getByText('n’était pas encore dans le grand livre').waitFor();
  await dialog.getByLabel('Le', { exact: true }).fill('2026-06-30');
  await dialog.getByText('Aucun passage n’a eu lieu ce jour-là').waitFor();
  await expectAccessible(page, 'why then');
  await picture(page, 'why-then');
  expect(stage.errors).toEqual([]);
});
